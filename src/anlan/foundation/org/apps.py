"""What the room of units and people offers the others: counts for home."""

from __future__ import annotations

from django.apps import AppConfig


class OrgConfig(AppConfig):
    """The room of units, groups, people and posts."""

    name = "anlan.foundation.org"

    def ready(self) -> None:
        """Registers the count of units without anybody in charge."""
        from django.urls import reverse
        from django.utils import timezone
        from django.utils.translation import gettext_lazy as _

        from anlan.foundation.org import queries
        from anlan.foundation.screens import counts

        counts.register(
            "org.missing_heads",
            _("缺负责人的单位"),
            url=lambda: reverse("missing-heads"),
            permission="org.edit",
            count=lambda actor: len(queries.missing_heads(timezone.localdate())),
            group=_("系统"),
            icon="user-check",
            order=900,
        )
