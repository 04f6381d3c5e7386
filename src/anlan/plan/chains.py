"""Chains of responsibility of tasks (责任清单): for each lead unit from the leader in charge down to the township."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from anlan.foundation.org.chain import PLACES, Chains, Link
from anlan.foundation.org.models import Unit, UnitKind
from anlan.foundation.sheets import writing
from anlan.plan.models import DutyRole, Task
from anlan.settings import Words

_OWNERS = (DutyRole.LEAD, DutyRole.RESPONSIBLE)
TITLE = Words("责任清单", "Chain of responsibility")


@dataclass(frozen=True, slots=True)
class UnitChain:
    """One unit's chain for a task: its role, the links in order; `gaps` are those that are missing."""

    unit: Unit
    role: str
    links: tuple[Link, ...]

    @property
    def cells(self) -> tuple[Link | None, ...]:
        """Links in the columns of a table: leader, party head, head, and office or township; None for none."""
        by_place = {link.place: link for link in self.links}
        last = by_place.get("office") or by_place.get("township")
        return by_place.get("leader"), by_place.get("party"), by_place.get("government"), last

    @property
    def gaps(self) -> tuple[Words, ...]:
        """What is missing."""
        return tuple(link.gap for link in self.links if link.gap is not None)


def of_task(task: Task, chains: Chains) -> list[UnitChain]:
    """Chains of the units that answer for a task, in order, then of townships that take part. No query of its own.

    `task.duties` with their units are fetched before. A group's members each have their own chain.
    """
    found = []
    for part in task.duties.all():
        if part.role in _OWNERS:
            found.append(UnitChain(part.unit, part.role, tuple(chains.of(part.unit))))
        elif part.unit.kind == UnitKind.TOWNSHIP:
            found.append(UnitChain(part.unit, part.role, (chains.township(part.unit),)))
    return found


def sheet(tasks: Iterable[Task], day: dt.date, lang: str) -> bytes:
    """Excel file with a row for each task and unit: posts with names, what is missing in the last column."""
    chains = Chains(day)
    heads = [
        *(
            one.speak(lang)
            for one in (Words("序号", "No."), Words("任务", "Task"), Words("时限", "Due"), Words("单位", "Unit"))
        ),
        Words("职责", "Role").speak(lang),
        *(PLACES[place].speak(lang) for place in PLACES),
        Words("缺口", "Missing").speak(lang),
    ]
    rows = []
    for task in tasks:
        due = task.due.isoformat() if task.due else ""
        for one in of_task(task, chains):
            held = {link.place: link.told.speak(lang) for link in one.links if link.gap is None}
            role = Words(*_ROLES[DutyRole(one.role)]).speak(lang)
            gaps = "；".join(gap.speak(lang) for gap in one.gaps)
            rows.append(
                [task.number, task.title, due, str(one.unit), role, *(held.get(key, "") for key in PLACES), gaps]
            )
    return writing.plain(f"{TITLE.speak(lang)} {day}", heads, rows)


_ROLES = {
    DutyRole.LEAD: ("牵头", "lead"),
    DutyRole.RESPONSIBLE: ("责任", "responsible"),
    DutyRole.COOPERATING: ("配合", "cooperating"),
}
