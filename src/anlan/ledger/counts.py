"""Counts of the ledger for the home page; each opens the rows it counts."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.foundation.screens.counts import register
from anlan.ledger import queries


def offer() -> None:
    """Registers the counts."""
    register(
        "ledger.mine",
        _("待我办理的问题"),
        url=lambda: f"{reverse('problems')}?whose=mine",
        permission="ledger.see",
        count=lambda actor: queries.problems(actor).filter(queries.mine(actor)).distinct().count(),
        group=_("问题"),
        icon="alert-triangle",
        order=60,
    )
    register(
        "ledger.late",
        _("超期未改的问题"),
        url=lambda: f"{reverse('problems')}?light=late",
        permission="ledger.see",
        count=lambda actor: queries.problems(actor).filter(queries.late(timezone.localdate())).count(),
        group=_("问题"),
        icon="clock-exclamation",
        tone="red",
        order=61,
    )
    register(
        "ledger.review",
        _("待判断的相同问题"),
        url=lambda: reverse("ledger-review"),
        permission="ledger.join",
        count=lambda actor: queries.review(actor).count(),
        group=_("问题"),
        icon="stack-2",
        order=62,
    )
