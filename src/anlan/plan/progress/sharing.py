"""Targets split over units and periods: shares that add up, or the reason why they do not; progress against them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import Actor
from anlan.foundation.org.models import Unit
from anlan.plan.models import Target
from anlan.plan.progress import figures
from anlan.plan.progress.figures import Exact
from anlan.plan.progress.models import Split, TargetShare
from anlan.settings import InputError, Words


@dataclass(frozen=True, slots=True)
class ShareLine:
    """Share as typed: unit, last day of its period (None for the whole), amount with or without its unit."""

    unit: Unit
    until: dt.date | None
    text: str


@dataclass(frozen=True, slots=True)
class Sum:
    """Shares against their target. `difference` is shares less target, None where nothing is to add up."""

    total: Decimal
    target: Decimal | None
    unit: str
    adds_up: bool

    @property
    def difference(self) -> Decimal | None:
        """Shares less target: negative while something is not given out."""
        return self.total - self.target if self.adds_up and self.target is not None else None

    @property
    def is_even(self) -> bool:
        """Whether the shares meet the target exactly, or need not."""
        return not self.difference

    def __str__(self) -> str:
        return f"{figures.written(self.total)}{self.unit}"


def amount(target: Target) -> Exact | None:
    """What the shares of a target must add up to: its least, or its most where it is an upper limit."""
    low, high = figures.goal(target)
    return low or high


def summed(target: Target, shares: Iterable[TargetShare]) -> Sum:
    """Shares of a target added up, exactly."""
    whole = amount(target)
    total = sum((Exact(one.value, one.scale).number for one in shares), Decimal(0))
    return Sum(total, whole.number if whole else None, target.unit, figures.adds_up(target.unit))


def share(actor: Actor, target: Target, lines: Sequence[ShareLine], lock: int) -> Split:
    """Replaces the shares of a target; what was confirmed must be confirmed anew.

    Raises InputError with every line that is wrong, or if somebody changed the split meanwhile (`lock`).
    """
    with acting(actor, "target.split", target) as act:
        split, _ = Split.objects.get_or_create(target=target)
        split = Split.objects.select_for_update().get(pk=split.pk)
        if split.lock != lock:
            raise InputError(
                Words("有人在你打开之后改了这项分解，请刷新后再改", "somebody changed this split: reload it first")
            )
        problems: list[Words] = []
        rows = _rows(split, target, lines, problems)
        if problems:
            raise InputError(*problems)
        act.before = {"shares": [str(one) for one in split.shares.select_related("unit")]}
        split.shares.all().delete()
        TargetShare.objects.bulk_create(rows)
        Split.objects.filter(pk=split.pk).update(lock=lock + 1, confirmed_at=None, confirmed_by_name="", reason="")
        act.after = {"shares": [str(one) for one in rows], "difference": str(summed(target, rows).difference)}
    split.refresh_from_db()
    return split


def _rows(split: Split, target: Target, lines: Sequence[ShareLine], problems: list[Words]) -> list[TargetShare]:
    rows = []
    taken: set[tuple[int, dt.date | None]] = set()
    for line in lines:
        when = f"（{line.until}）" if line.until else ""
        if (line.unit.pk, line.until) in taken:
            problems.append(Words(f"{line.unit}{when}写了两次", f"{line.unit} {line.until or ''} stands twice"))
        taken.add((line.unit.pk, line.until))
        try:
            found = figures.read(line.text, target.unit)
        except InputError as error:
            problems += [
                Words(f"{line.unit}{when}：{one.zh}", f"{line.unit} {line.until or ''}: {one.en}")
                for one in error.problems
            ]
            continue
        rows.append(
            TargetShare(
                split=split,
                unit=line.unit,
                until=line.until,
                text=line.text.strip()[:100],
                value=found.value,
                scale=found.scale,
            )
        )
    for unit_id in {row.unit_id for row in rows}:
        untils = [row.until for row in rows if row.unit_id == unit_id]
        if None in untils and len(untils) > 1:
            unit = next(row.unit for row in rows if row.unit_id == unit_id)
            problems.append(
                Words(
                    f"{unit}既写了全期份额又写了分期份额：请只留一种",
                    f"{unit} has a share of the whole and shares of periods: leave one kind",
                )
            )
    return rows


def confirm(actor: Actor, split: Split, reason: str = "") -> None:
    """The office confirms a split. Refused, with the difference, until it adds up or a reason says why it need not."""
    with acting(actor, "target.split", split.target, reason=reason) as act:
        with transaction.atomic():
            row = Split.objects.select_for_update(of=("self",)).select_related("target").filter(pk=split.pk).first()
            shares = list(row.shares.all()) if row else []
            if row is None or not shares:
                raise InputError(Words("还没有份额，先填写再确认", "there are no shares yet: give some first"))
            found = summed(row.target, shares)
            difference = found.difference
            if difference and len(reason.strip()) < 2:
                raise InputError(_uneven(row.target, found, difference))
            Split.objects.filter(pk=row.pk).update(
                confirmed_at=timezone.now(),
                confirmed_by_name=actor.name[:120],
                reason=reason.strip()[:500] if difference else "",
            )
        act.after = {"total": str(found), "difference": str(difference)}
    split.refresh_from_db()


def _uneven(target: Target, found: Sum, difference: Decimal) -> Words:
    whole = figures.written(found.target or Decimal(0))
    gap = figures.written(abs(difference))
    return Words(
        f"各单位份额合计 {found}，目标 {whole}{target.unit}，{'多' if difference > 0 else '少'} {gap}{target.unit}："
        "请改到相等，或写明理由",
        f"the shares add up to {found}, the target is {whole}{target.unit}: {gap}{target.unit} too "
        f"{'much' if difference > 0 else 'little'}. Even it out, or give a reason",
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a figure is against what it is to reach: `reached` and `goal` in the unit, percent rounded down."""

    reached: Exact
    goal: Exact
    unit: str

    @property
    def percent(self) -> int:
        """Whole percent of the goal, rounded down, at most 100: a target is not reached at 99.6 %."""
        if not self.goal.number:
            return 100
        return min(100, int(self.reached.number * 100 // self.goal.number))


def due_by(shares: Iterable[TargetShare], day: dt.date) -> Exact | None:
    """What the shares of one unit ask for by a day: those of periods that ended by then, added up; None for none."""
    ended = [one for one in shares if one.until is None or one.until <= day]
    if not ended:
        return None
    return figures.exact(sum((Exact(one.value, one.scale).number for one in ended), Decimal(0)))


def shares_of(unit_id: int, target_ids: Iterable[int]) -> dict[int, list[TargetShare]]:
    """Confirmed shares of a unit by target. One query."""
    found: dict[int, list[TargetShare]] = {}
    rows = TargetShare.objects.filter(
        unit_id=unit_id, split__target__in=list(target_ids), split__confirmed_at__isnull=False
    ).select_related("split__target")
    for row in rows.order_by("until"):
        found.setdefault(row.split.target_id, []).append(row)
    return found


def told(target: Target, shares: Sequence[TargetShare]) -> str:
    """Shares of one unit in a line: 2.5万亩（2022-06-30 前 1万亩）."""
    if not shares:
        return ""
    total = sum((Exact(one.value, one.scale).number for one in shares), Decimal(0))
    parts = [f"{one.until} {Exact(one.value, one.scale)}{target.unit}" for one in shares if one.until]
    whole = f"{figures.written(total)}{target.unit}"
    return f"{whole}（{'，'.join(parts)}）" if len(parts) > 1 else whole
