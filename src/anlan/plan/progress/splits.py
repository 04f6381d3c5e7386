"""Splits of targets in a new version of the document: the shares stay with their target, the confirmation does not
outlive what it confirmed."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import F

from anlan.plan.models import Target
from anlan.plan.progress.models import Split
from anlan.plan.progress.sharing import summed


def go_on(pairs: Mapping[int, int]) -> None:
    """Opens confirmed splits that no longer fit the words of their target; called inside the adoption.

    The row of a target goes on with its clause, and its shares with it. A split that was confirmed with a reason though
    it did not add up stays confirmed only while its target says what it said. `pairs` lead from old measures to new.
    """
    before = {new: old for old, new in pairs.items()}
    splits = list(
        Split.objects.filter(target__measure__in=list(before), confirmed_at__isnull=False)
        .select_related("target")
        .prefetch_related("shares")
    )
    # What the targets said is left behind at the clause of the version before.
    said: dict[int, set[tuple[object, ...]]] = {}
    for target in Target.every.filter(measure__in=[before[one.target.measure_id] for one in splits]):
        said.setdefault(target.measure_id, set()).add(_amount(target))
    opened = [
        one.pk
        for one in splits
        if not summed(one.target, one.shares.all()).is_even
        and not (one.reason and _amount(one.target) in said.get(before[one.target.measure_id], ()))
    ]
    Split.objects.filter(pk__in=opened).update(confirmed_at=None, confirmed_by_name="", lock=F("lock") + 1)


def _amount(target: Target) -> tuple[object, ...]:
    return target.indicator, target.unit, target.comparator, target.low, target.high, target.scale
