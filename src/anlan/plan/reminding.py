"""Reminding the units of some tasks: a notice in the product, and words to paste into a chat group."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import visible
from anlan.foundation.notices.actions import notify
from anlan.foundation.org.models import Unit
from anlan.plan.issuing import listeners
from anlan.plan.models import Owes, Task, TaskDuty
from anlan.settings import InputError, Words

MOST = 500


@dataclass(slots=True)
class Waiting:
    """What one unit still owes among the tasks: its parts, and whether anybody of it can be told in the product."""

    unit: Unit
    parts: list[TaskDuty] = field(default_factory=list)
    accounts: int = 0


def waiting(actor: Actor, keys: Sequence[int]) -> list[Waiting]:
    """Units that owe the report on these tasks and have not finished, with what they owe, in the order of the units.

    Raises InputError if none of the tasks may be seen, or more than 500 are named.
    """
    if len(keys) > MOST:
        raise InputError(
            Words(f"一次最多催办 {MOST} 条，选了 {len(keys)} 条", f"at most {MOST} tasks at once, not {len(keys)}")
        )
    parts = _owed(visible(actor, "task.see", Task.objects.filter(void=False, pk__in=keys)))
    rows: dict[int, Waiting] = {}
    for part in parts:
        rows.setdefault(part.unit_id, Waiting(part.unit)).parts.append(part)
    for grant in listeners(rows):
        rows[grant.unit_id or 0].accounts += 1
    return list(rows.values())


def _owed(tasks: QuerySet[Task]) -> QuerySet[TaskDuty]:
    return (
        TaskDuty.objects.filter(task__in=tasks, owes=Owes.REPORT, done_on__isnull=True)
        .select_related("unit", "task")
        .order_by("unit__kind", "unit__code", "task__due", "pk")
    )


def remind(actor: Actor, keys: Sequence[int]) -> int:
    """Tells handlers and leaders of every unit that owes a report on these tasks; gives how many units were told.

    Once a day for the same tasks. Raises InputError if nobody owes anything, or no unit has an account.
    """
    today = timezone.localdate()
    with acting(actor, "task.remind") as act:
        rows = waiting(actor, keys)
        if not rows:
            raise InputError(
                Words(
                    "选中的任务都已完成，或没有报告单位，不用催办",
                    "the chosen tasks are done or nobody reports on them",
                )
            )
        told = [row for row in rows if row.accounts]
        if not told:
            names = "、".join(str(row.unit) for row in rows)
            raise InputError(
                Words(
                    f"{names}还没有可登录的账户，收不到站内提醒；请复制催办文字发送",
                    f"{names}: nobody has an account; copy the text and send it yourself",
                )
            )
        _tell(told, today)
        act.after = {"units": [str(row.unit) for row in told], "tasks": len(set(keys))}
    return len(told)


def _tell(rows: Iterable[Waiting], today: dt.date) -> None:
    by_unit = {row.unit.pk: row for row in rows}
    accounts = defaultdict(list)
    for grant in listeners(by_unit):
        accounts[grant.unit_id or 0].append(grant.account)
    for key, row in by_unit.items():
        days = [part.task.due for part in row.parts if part.task.due]
        # The same tasks on the same day are one reminder.
        stamp = hashlib.sha256(",".join(str(part.task_id) for part in row.parts).encode()).hexdigest()[:16]
        notify(
            accounts[key],
            "task.reminded",
            key=f"{today}-{key}-{stamp}",
            args={"n": len(row.parts), "first": str(row.parts[0].task), "due": min(days).isoformat() if days else "—"},
            url=reverse("task", args=[row.parts[0].task_id])
            if len(row.parts) == 1
            else f"{reverse('tasks')}?unit={key}",
        )


def text(row: Waiting, address: str, today: dt.date) -> str:
    """Words for a chat group: what the unit owes, since when, and where to sign in. No login is in the address."""
    lines = [_("%(unit)s：请尽快办理并报送以下任务。") % {"unit": row.unit}]
    for number, part in enumerate(row.parts, start=1):
        due = part.task.due
        if due is None:
            when = _("没有时限")
        elif due < today:
            when = _("时限 %(day)s，已逾期 %(n)d 天") % {"day": due, "n": (today - due).days}
        else:
            when = _("时限 %(day)s，还有 %(n)d 天") % {"day": due, "n": (due - today).days}
        lines.append(_("%(number)d. %(task)s（%(when)s）") % {"number": number, "task": part.task, "when": when})
    lines.append(_("登录后办理：%(address)s") % {"address": address})
    return "\n".join(lines)
