"""Counts of the monitoring room for the home page; each opens the rows it counts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.foundation.screens.counts import register


def offer() -> None:
    """Registers the counts."""
    from anlan.monitor import queries

    register(
        "monitor.waiting",
        _("待接入的设备"),
        url=lambda: reverse("waiting-devices"),
        permission="monitor.admit",
        count=lambda actor: queries.waiting_senders().count(),
        group=_("监测"),
        icon="activity",
        tone="yellow",
        order=60,
    )
