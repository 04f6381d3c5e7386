"""Counts of progress for the home page; each opens the rows it counts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.screens.counts import register
from anlan.plan.progress import queries
from anlan.plan.progress.models import Round


def offer() -> None:
    """Registers the counts."""
    register(
        "progress.to_write",
        _("待报事项"),
        url=lambda: reverse("progress"),
        permission="report.write",
        count=lambda actor: queries.to_write(actor).count(),
        group=_("本单位"),
        icon="pencil",
        tone="yellow",
        order=-20,
    )
    register(
        "progress.to_approve",
        _("待审核的报告"),
        url=lambda: reverse("progress-approve"),
        permission="report.approve",
        count=lambda actor: queries.to_approve(actor).count(),
        group=_("本单位"),
        icon="checks",
        tone="yellow",
        order=-19,
    )
    register(
        "progress.to_accept",
        _("待采纳的报告"),
        url=lambda: reverse("progress-accept"),
        permission="report.accept",
        count=lambda actor: queries.to_accept(actor).count(),
        group=_("进展"),
        icon="clipboard-check",
        tone="yellow",
        order=15,
    )
    register(
        "progress.missing",
        _("最近一期未报送"),
        url=_latest,
        permission="round.open",
        count=_missing,
        group=_("进展"),
        icon="clock-exclamation",
        tone="red",
        order=16,
    )


def _newest() -> Round | None:
    return Round.objects.filter(void=False).order_by("-last", "-pk").first()


def _latest() -> str:
    found = _newest()
    return f"{reverse('round-rows', args=[found.pk])}?stage=missing" if found else reverse("rounds")


def _missing(actor: Actor) -> int | None:
    found = _newest()
    if found is None or not actor.has(Role.CLERK):
        return None
    return queries.owed(actor).filter(queries.STAGES["missing"][1], round=found).count()
