"""Counts of registers for the home page; each opens the rows it counts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.screens.counts import register
from anlan.registers.book import once
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
    register(
        "registers.due",
        _("待报的台账"),
        url=lambda: reverse("registers-missing"),
        permission="registers.see",
        count=_due,
        group=_("台账"),
        icon="clock",
        tone="yellow",
        order=41,
    )


def _owed(actor: Actor) -> list[bool] | None:
    """For each row that is owed and not there, whether it is late; both counts ask this."""
    if not actor.has(Role.CLERK, Role.HANDLER, Role.UNIT_LEADER):
        return None
    return once(("owed", actor.account_id), lambda: [one.late for _installed, one in owed(actor)])


def _late(actor: Actor) -> int | None:
    found = _owed(actor)
    return None if found is None else sum(found)


def _due(actor: Actor) -> int | None:
    found = _owed(actor)
    return None if found is None else len(found) - sum(found)
