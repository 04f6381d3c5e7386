"""Counts of registers for the home page; each opens the rows it counts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.screens.counts import register
from anlan.registers.queries import owed


def offer() -> None:
    """Registers the counts."""
    register(
        "registers.late",
        _("逾期未报的台账"),
        url=lambda: reverse("registers-missing"),
        permission="registers.see",
        count=_late,
        group=_("台账"),
        icon="clock-exclamation",
        tone="red",
        order=40,
    )


def _late(actor: Actor) -> int | None:
    if not actor.has(Role.CLERK, Role.HANDLER, Role.UNIT_LEADER):
        return None
    return sum(one.late for _installed, one in owed(actor))
