"""Counts of the plan room for the home page; each opens the rows it counts."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import visible
from anlan.foundation.screens.counts import register
from anlan.plan import queries
from anlan.plan.models import Owes, Plan, PlanState, Task

_UNIT_ROLES = (Role.HANDLER, Role.UNIT_LEADER)


def offer() -> None:
    """Registers the counts."""
    register(
        "plan.draft",
        _("待下达的文稿"),
        url=lambda: f"{reverse('plans')}?state={PlanState.DRAFT}",
        permission="plan.receive",
        count=lambda actor: visible(actor, "plan.see", Plan.objects.filter(state=PlanState.DRAFT)).count(),
        group=_("工作要点"),
        icon="file-text",
        order=10,
    )
    for order, (when, title, tone) in enumerate(
        (
            ("overdue", _("已逾期的任务"), "red"),
            ("soon", _("30 天内到期的任务"), "yellow"),
            ("later", _("其余任务"), ""),
        )
    ):
        register(
            f"task.{when}",
            title,
            url=_to(when),
            permission="task.see",
            count=_due(when),
            group=_("工作要点"),
            icon="checklist",
            tone=tone,
            order=20 + order,
        )
    register(
        "task.mine",
        _("本单位要报告的任务"),
        url=lambda: f"{reverse('tasks')}?owes={Owes.REPORT}",
        permission="task.see",
        count=_owed(Owes.REPORT),
        group=_("本单位"),
        icon="building",
        order=1,
    )
    register(
        "task.contributing",
        _("本单位配合的任务"),
        url=lambda: f"{reverse('tasks')}?owes={Owes.CONTRIBUTION}",
        permission="task.see",
        count=_owed(Owes.CONTRIBUTION),
        group=_("本单位"),
        icon="heart-handshake",
        order=2,
    )


def _tasks(actor: Actor) -> QuerySet[Task]:
    return visible(actor, "task.see", Task.objects.filter(void=False))


def _to(when: str) -> Callable[[], str]:
    return lambda: f"{reverse('tasks')}?due={when}"


def _due(when: str) -> Callable[[Actor], int]:
    return lambda actor: queries.by_due(_tasks(actor), when, timezone.localdate()).count()


def _owed(owes: Owes) -> Callable[[Actor], int | None]:
    def count(actor: Actor) -> int | None:
        units = actor.units(*_UNIT_ROLES)
        return queries.owed_by(_tasks(actor), units, owes).count() if units else None

    return count
