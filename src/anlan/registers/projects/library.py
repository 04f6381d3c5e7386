"""The project library as it stands on a day: what its registers say of each project, with the rules it breaks.

Money is exact, in 10^4 yuan (万元). A handful of queries, however many projects.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F, Max, OuterRef, QuerySet, Subquery

from anlan.foundation.access.actor import Actor
from anlan.registers import queries
from anlan.registers.book import Installed, book
from anlan.registers.projects import calls, rules
from anlan.registers.projects.calls import Paper, Ready
from anlan.registers.projects.rules import Stand, Warned
from anlan.settings import Words

PROJECT, YEAR, MONTH = "project", "project_year", "project_month"
MILESTONE, DOCUMENT = "project_milestone", "project_document"
# Sources by kind, as the library and the plan of the year name them.
SOURCES = (
    "central_budget",
    "central_special",
    "special_bond",
    "general_bond",
    "province",
    "city",
    "district",
    "bank",
    "self_raised",
    "other_source",
)
# The five kinds people ask for, each with its fields of the library and of the plan of the year.
KINDS: Mapping[str, tuple[Words, tuple[str, ...], str]] = {
    "central": (Words("中央预算内及专项", "Central"), ("central_budget", "central_special"), "plan_central"),
    "bond": (Words("专项债", "Special bonds"), ("special_bond",), "plan_bond"),
    "local": (
        Words("省市区及一般债", "Province, city, district"),
        ("general_bond", "province", "city", "district"),
        "plan_local",
    ),
    "bank": (Words("银行贷款", "Banks"), ("bank",), "plan_bank"),
    "own": (Words("自筹及其他", "Own and other"), ("self_raised", "other_source"), "plan_self"),
}
ENDED = "ended"
# What was allotted of a call's money so far, as the months tell it.
_ALLOTTED = {"bond": "bond_allotted", "central": "central_allotted"}
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Milestone:
    """Milestone of a project. `reached` is None while it is not."""

    key: int
    name: str
    planned: dt.date
    reached: dt.date | None
    weight: Decimal | None
    reason: str

    def is_late(self, day: dt.date) -> bool:
        """Whether it is past its day and not reached."""
        return self.reached is None and self.planned < day


@dataclass(slots=True)
class Project:
    """Project with all that its registers say of it; `values` are the fields of the library, by id."""

    key: int
    values: dict[str, Any]
    unit_id: int | None
    place: str
    state: str
    sample: bool
    year: dict[str, Any] = field(default_factory=dict)
    month: dict[str, Any] = field(default_factory=dict)
    milestones: list[Milestone] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    warned: list[Warned] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.values["name"])

    @property
    def total(self) -> Decimal:
        """Total investment."""
        return self.values["total"] or _ZERO

    @property
    def gap(self) -> Decimal:
        """Total less what is secured."""
        return self.total - (self.values["secured"] or _ZERO)

    @property
    def image(self) -> Decimal | None:
        """Progress of the works last reported, in percent."""
        return self.month.get("image")

    @property
    def done_rate(self) -> Decimal | None:
        """Share of the total that is invested."""
        return rules.share(self.month.get("done_total"), self.total)

    @property
    def year_rate(self) -> Decimal | None:
        """Share of the year's plan that is invested."""
        return rules.share(self.month.get("done_year"), self.year.get("plan"))

    def source(self, kind: str) -> Decimal:
        """Money of one kind of source."""
        return sum((self.values[id] or _ZERO for id in KINDS[kind][1]), _ZERO)

    def stand(self, day: dt.date) -> Stand:
        """What the rules look at."""
        values, month = self.values, self.month
        return Stand(
            self.state,
            self.total,
            values["secured"],
            values["planned_start"],
            values["planned_finish"],
            values["started_on"],
            values["finished_on"],
            self.year.get("plan"),
            month.get("done_year"),
            month.get("done_total"),
            month.get("in_place"),
            month.get("paid"),
            month.get("image"),
            month.get("period", ""),
            tuple((one.name, one.planned) for one in self.milestones if one.is_late(day)),
        )

    def ready(self, call: str, day: dt.date) -> Ready:
        """How ready it is for a call."""
        return calls.readiness(call, self.papers, day)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which projects: of a unit (key), a category, an item of the plan, a stage; those with a warning; by words."""

    unit: str = ""
    category: str = ""
    item: str = ""
    state: str = ""
    warned: bool = False
    words: str = ""


def installed() -> Installed | None:
    """The register of projects, None where the district has none."""
    return book().get(PROJECT)


def projects(actor: Actor, day: dt.date, asked: Asked | None = None, key: int | None = None) -> list[Project]:
    """Projects that the actor may read, in the order of their numbers, as known on a day. Nine queries at most."""
    library = installed()
    if library is None:
        return []
    wanted = asked or Asked()
    rows = queries.rows(actor, library)
    if key is not None:
        rows = rows.filter(row_id=key)
    if wanted.unit.isdecimal():
        rows = rows.filter(unit_id=int(wanted.unit[:18]))
    if wanted.category:
        rows = rows.filter(f_category=wanted.category)
    if wanted.item.isdecimal():
        rows = rows.filter(f_item=int(wanted.item[:9]))
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.words:
        rows = queries.holding(rows, wanted.words)
    hidden = queries.private(actor, library)
    found = {
        row.row_id: Project(row.row_id, _values(library, row, hidden), row.unit_id, row.place, row.state, row.sample)
        for row in rows.order_by("f_number", "row_id")
    }
    _put_years(found, day)
    _put_months(found, day)
    _put_milestones(found)
    _put_papers(found)
    for one in found.values():
        one.warned = rules.warnings(one.stand(day), day)
    return [one for one in found.values() if one.warned or not wanted.warned]


def _values(register: Installed, row: Any, hidden: frozenset[str] = frozenset()) -> dict[str, Any]:
    return {
        one.id: None if one.id in hidden else queries.cell(one, row)
        for one in register.spec.fields
        if one.type.value not in ("geometry", "file", "photo")
    }


def _below(code: str, found: Mapping[int, Project]) -> tuple[Installed, QuerySet[Any]] | None:
    """Rows of a register that belong to these projects. Many keys are asked for as "all" and sorted out here."""
    register = book().get(code)
    if register is None or not found:
        return None
    rows = register.rows
    return register, rows.filter(f_project__in=list(found)) if len(found) <= 500 else rows


def _put_years(found: Mapping[int, Project], day: dt.date) -> None:
    if (below := _below(YEAR, found)) is None:
        return
    register, rows = below
    for row in rows.filter(period=str(day.year)):
        if (project := found.get(row.f_project)) is not None:
            project.year = _values(register, row) | {"period": row.period, "row": row.row_id}


def _put_months(found: Mapping[int, Project], day: dt.date) -> None:
    """The latest month that is not after the day."""
    if (below := _below(MONTH, found)) is None:
        return
    register, rows = below
    until = f"{day:%Y-%m}"
    last = register.rows.filter(f_project=OuterRef("f_project"), period__lte=until).order_by("-period")
    rows = rows.annotate(last=Subquery(last.values("period")[:1])).filter(period=F("last"))
    for row in rows:
        if (project := found.get(row.f_project)) is not None:
            project.month = _values(register, row) | {"period": row.period, "row": row.row_id}
            if row.period[:4] != str(day.year):
                # The sum since January of another year says nothing of this one.
                project.month["done_year"] = None


def latest(actor: Actor) -> str:
    """Latest month that is reported of any project, "" for none."""
    register = book().get(MONTH)
    if register is None:
        return ""
    last: str = queries.rows(actor, register).aggregate(last=Max("period"))["last"] or ""
    return last


def months(project: Project, day: dt.date) -> list[dict[str, Any]]:
    """Months of a project up to a day, the earliest first."""
    if (below := _below(MONTH, {project.key: project})) is None:
        return []
    register, rows = below
    rows = rows.filter(period__lte=f"{day:%Y-%m}").order_by("period")
    return [_values(register, row) | {"period": row.period, "row": row.row_id} for row in rows]


def _put_milestones(found: Mapping[int, Project]) -> None:
    if (below := _below(MILESTONE, found)) is None:
        return
    for row in below[1].order_by("f_planned", "row_id"):
        if (project := found.get(row.f_project)) is not None:
            weight = queries.cell(below[0].spec.field("weight"), row)
            project.milestones.append(
                Milestone(row.row_id, row.f_name, row.f_planned, row.f_reached, weight, row.f_late_reason or "")
            )


def _put_papers(found: Mapping[int, Project]) -> None:
    if (below := _below(DOCUMENT, found)) is None:
        return
    for row in below[1].order_by("row_id"):
        if (project := found.get(row.f_project)) is not None:
            project.papers.append(
                Paper(row.f_kind, row.state, row.f_needed_for or "", row.f_valid_until, row.f_stuck or "")
            )


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over projects that have not ended."""

    count: int
    total: Decimal
    secured: Decimal
    gap: Decimal
    year_plan: Decimal
    done_year: Decimal
    done_total: Decimal
    in_place: Decimal
    paid: Decimal
    warned: int

    @property
    def year_rate(self) -> Decimal | None:
        """Share of the year's plan that is invested."""
        return rules.share(self.done_year, self.year_plan)

    @property
    def pay_rate(self) -> Decimal | None:
        """Share of what arrived that is paid."""
        return rules.share(self.paid, self.in_place)

    @property
    def secured_rate(self) -> Decimal | None:
        """Share of the total that is secured."""
        return rules.share(self.secured, self.total)


def sums(found: Iterable[Project]) -> Sums:
    """Sums over the projects that have not ended."""
    live = [one for one in found if one.state != ENDED]

    def over(values: Iterable[Decimal | None]) -> Decimal:
        return sum((value or _ZERO for value in values), _ZERO)

    return Sums(
        len(live),
        over(one.total for one in live),
        over(one.values["secured"] for one in live),
        over(one.gap for one in live),
        over(one.year.get("plan") for one in live),
        over(one.month.get("done_year") for one in live),
        over(one.month.get("done_total") for one in live),
        over(one.month.get("in_place") for one in live),
        over(one.month.get("paid") for one in live),
        sum(bool(one.warned) for one in live),
    )


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Money of one kind: in all, in the plan of the year, and of how many projects."""

    kind: str
    title: Words
    total: Decimal
    year_plan: Decimal
    projects: int


def by_source(found: Iterable[Project]) -> list[SourceLine]:
    """Money by kind of source, of the projects that have not ended."""
    live = [one for one in found if one.state != ENDED]
    return [
        SourceLine(
            kind,
            title,
            sum((one.source(kind) for one in live), _ZERO),
            sum((one.year.get(year_field) or _ZERO for one in live), _ZERO),
            sum(one.source(kind) > 0 for one in live),
        )
        for kind, (title, _fields, year_field) in KINDS.items()
    ]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Project that could ask for money of a call: how much of that source is not allotted yet, how ready it is."""

    project: Project
    wanted: Decimal
    ready: Ready


def candidates(found: Iterable[Project], call: str, day: dt.date) -> list[Candidate]:
    """Projects for the next call, the readiest first: those that plan with its money and whose money is not secured.

    KeyError for a call that is none of CALLS.
    """
    source, _kinds = calls.CALLS[call]
    chosen = []
    for one in found:
        # What was allotted already is not asked for again.
        wanted = (one.values[source] or _ZERO) - (one.month.get(_ALLOTTED[call]) or _ZERO)
        if one.state in calls.ASKING and wanted > 0 and one.gap > 0:
            chosen.append(Candidate(one, wanted, one.ready(call, day)))
    return sorted(chosen, key=lambda one: (-one.ready.percent, -one.project.gap, one.project.key))
