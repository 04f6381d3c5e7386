"""What a round owes, row by row, as it goes out in a workbook and as a piece of it is compared when it comes back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import may
from anlan.foundation.sheets.spec import Value
from anlan.plan.models import Owes, Target, TaskDuty
from anlan.plan.progress import figures, sharing
from anlan.plan.progress.actions import stand_of
from anlan.plan.progress.counting import counting
from anlan.plan.progress.models import Figure, Owed, Report, ReportState, Round, TargetShare
from anlan.plan.progress.piece_code import Code, Stand, checked, digest
from anlan.plan.progress.values import TEXTS, Values, values_of
from anlan.settings import Words

# Figures of one row that a sheet has columns for; a clause of a plan rarely has more than four.
MOST_FIGURES = 12
FIELDS = ("percent", "done_on", *TEXTS)


@dataclass(frozen=True, slots=True)
class PieceRow:
    """What one unit owes on one task. `shown` is the report whose values go out, None if there is none to be seen;
    `last` the one that counted before, `targets` those it may give a figure of, `shares` what it is to reach of each.
    """

    owed: Owed
    targets: Sequence[Target]
    shares: dict[int, str]
    shown: Report | None
    last: Report | None
    own: bool

    @property
    def stand(self) -> Stand:
        """Where the report stands, the unit's draft included, which the office does not see."""
        return stand_of(self.owed.current)

    @property
    def values(self) -> Values:
        """What goes out."""
        return Values() if self.shown is None else values_of(self.shown)

    @property
    def record(self) -> dict[str, Value]:
        """Values as the columns of a sheet keep them: figure1 is that of the first target, in the target's unit."""
        values = self.values
        found: dict[str, Value] = {name: getattr(values, name) for name in ("percent", *TEXTS)}
        found["done_on"] = values.done_on.isoformat() if values.done_on else None
        typed = {one.target_id: one for one in self.shown.figures.all()} if self.shown else {}
        for n, target in enumerate(self.targets, 1):
            found[f"figure{n}"] = _figure(typed.get(target.pk))
        return found

    @property
    def salt(self) -> str:
        """What belongs to this row of this installation and to no other: the instant at which its round was opened."""
        one = self.owed
        return f"{one.round_id}|{one.round.opened_at.timestamp():.6f}|{one.part_id}|{one.unit_id}"

    @property
    def code(self) -> Code:
        """Number of the row."""
        record = self.record
        pairs = [(record[f"figure{n}"], one.unit) for n, one in enumerate(self.targets, 1)]
        said = digest(said_by([record[name] for name in FIELDS], pairs))
        return Code(self.owed.pk, self.stand, checked(self.owed.pk, self.stand, self.salt), said)

    def checks(self, code: Code) -> bool:
        """Whether a number, as it once went out, belongs to this row."""
        return code.owed == self.owed.pk and code.check == checked(code.owed, code.stand, self.salt)

    def target_told(self, target: Target) -> Words:
        """Target as the sheet shows it: what is counted, what is to be reached, and the unit's own share."""
        share = self.shares.get(target.pk)
        parts_zh = [target.indicator, f"目标：{target.text}", *([f"本单位份额：{share}"] if share else [])]
        parts_en = [target.indicator, f"target: {target.text}", *([f"your share: {share}"] if share else [])]
        return Words("；".join(parts_zh), "; ".join(parts_en))


def said_by(fields: Iterable[object], pairs: Iterable[tuple[object, object]]) -> list[object]:
    """All that a row says, to be digested. A unit beside no figure says nothing."""
    found: list[object] = list(fields)
    for figure, unit in pairs:
        if figure not in (None, ""):
            found += [figure, unit]
    return found


def _figure(row: Figure | None) -> str:
    if row is None:
        return ""
    exact = figures.of(row)
    return row.text if exact is None else str(exact)


def units_of(actor: Actor) -> frozenset[int] | None:
    """Units whose sheets an actor may fill in; None for the office, which may fill in all."""
    if actor.machine or actor.has(Role.CLERK):
        return None
    return actor.units(Role.HANDLER)


def as_office(actor: Actor, owed: Owed) -> bool:
    """Whether what the actor takes in is entered for the unit, and not handed in by it."""
    return actor.machine or may(actor, "report.enter", owed)


def _is_seen(actor: Actor, report: Report) -> bool:
    if not actor.machine:
        return may(actor, "report.see", report)
    # The console acts for the office: a unit's draft is its own.
    return report.state in (ReportState.APPROVED, ReportState.ACCEPTED) or (
        report.state == ReportState.SUBMITTED and report.direct
    )


def rows(actor: Actor, round_: Round, keys: Iterable[int] | None = None) -> list[PieceRow]:
    """Rows of a round that the actor may fill in, unit by unit in the order of the plan; if given, of `keys` alone.

    Seven queries, however many rows.
    """
    units = units_of(actor)
    mine = Q() if units is None else Q(unit__in=units)
    if keys is not None:
        mine &= Q(pk__in=list(keys))
    found = list(
        Owed.objects.filter(mine, round=round_, task__void=False, part__task__void=False)
        .select_related("task", "unit", "part", "current", "accepted")
        .prefetch_related("current__figures", "accepted__figures")
        .order_by("unit__kind", "unit__code", "owes", "task__order", "pk")
    )
    targets: dict[int, list[Target]] = {}
    for target in Target.objects.filter(measure__in={one.task.measure_id for one in found}).order_by("pk"):
        targets.setdefault(target.measure_id, []).append(target)
    shares = _shares({one.unit_id for one in found}, [one.pk for some in targets.values() for one in some])
    reporters: dict[int, int] = {}
    duties = TaskDuty.objects.filter(task__in={one.task_id for one in found}, owes=Owes.REPORT)
    for task in duties.values_list("task_id", flat=True):
        reporters[task] = reporters.get(task, 0) + 1
    last = counting(one.part_id for one in found)
    made = []
    for one in found:
        one.round = round_
        all_ = targets.get(one.task.measure_id, [])
        told = {t.pk: sharing.told(t, shares.get((one.unit_id, t.pk), [])) for t in all_}
        # Whoever contributes gives a figure where a share was given to it, and nowhere else.
        given = ([t for t in all_ if told[t.pk]] if one.is_contribution else all_)[:MOST_FIGURES]
        own = one.is_contribution or reporters.get(one.task_id, 0) > 1
        made.append(PieceRow(one, given, told, _shown(actor, one), _before(last.get(one.part_id), one), own))
    return made


def _shown(actor: Actor, one: Owed) -> Report | None:
    for report in (one.current, one.accepted):
        if report is not None:
            report.owed = one
            if _is_seen(actor, report):
                return report
    return None


def _before(report: Report | None, one: Owed) -> Report | None:
    """The report that counts of earlier rounds; one of this round or a later one is no last value."""
    return report if report is not None and report.owed.round.last < one.round.last else None


def _shares(units: Iterable[int], targets: Iterable[int]) -> dict[tuple[int, int], list[TargetShare]]:
    found: dict[tuple[int, int], list[TargetShare]] = {}
    shares = TargetShare.objects.filter(
        unit__in=list(units), split__target__in=list(targets), split__confirmed_at__isnull=False
    ).select_related("split")
    for row in shares.order_by("until"):
        found.setdefault((row.unit_id, row.split.target_id), []).append(row)
    return found
