"""Counts of bindings for the home page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.foundation.access.actor import Actor
from anlan.foundation.screens.counts import register
from anlan.plan.binding import queries


def offer() -> None:
    """Registers the counts."""
    register(
        "target.look",
        _("待复核的指标绑定"),
        url=lambda: f"{reverse('targets')}?show=look",
        permission="target.bind",
        count=_look,
        group=_("工作要点"),
        icon="link",
        tone="yellow",
        order=45,
    )


def _look(actor: Actor) -> int | None:
    return queries.to_look_at()
