"""Lab results: what a cell or a program says becomes an exact value in the factor's unit; written once, never over.

A second, different result for the same site, factor and moment is a row of its own; the readings then show both, the
second in conflict.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from django.utils import timezone

from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import Actor
from anlan.monitor.hj212 import tables
from anlan.monitor.hj212.times import BEIJING
from anlan.monitor.lake import hot, rows
from anlan.monitor.models import Result, Site
from anlan.settings import InputError, Words

# 0.05, <0.05, 0.05L (below the detection limit 0.05, as labs write it), 1.2E3.
_VALUE = re.compile(r"(<)?\s*([0-9]{1,15}(?:\.[0-9]{1,15})?(?:[eE][+-]?[0-9]{1,2})?)\s*(L)?", re.ASCII)
_UNITS = {"mg/L": 0, "µg/L": 3, "ng/L": 6}
_MOST_DECIMALS = 18
_MOMENTS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d")


@dataclass(frozen=True, slots=True)
class Found:
    """Result as it will be kept, in the factor's unit."""

    site: Site
    factor: str
    sampled_at: dt.datetime
    digits: int
    scale: int
    below: bool
    unit: str
    lab: str = ""
    note: str = ""

    @property
    def key(self) -> tuple[int, str, dt.datetime, str]:
        """What tells it from another: site, factor, moment and value."""
        return (self.site.pk, self.factor, self.sampled_at, shown(self.digits, self.scale, self.below))


@cache
def factor_names() -> dict[str, str]:
    """Factors by everything they are called: name, current code, code of 2005, common short forms."""
    found: dict[str, str] = {}
    for code, factor in tables.factors().items():
        names = (factor.name.zh, factor.name.en, code, factor.code_2005, *_ALSO.get(code, ()))
        found |= {name: code for name in names if name}
    return found


_ALSO = {
    "w01001": ("pH", "ph"),
    "w01009": ("DO", "do"),
    "w01018": ("COD", "CODcr", "cod"),
    "w01019": ("CODMn", "高锰酸盐指数", "codmn"),
    "w01017": ("BOD5", "五日生化需氧量", "bod5"),
    "w21003": ("NH3-N", "氨氮", "nh3n"),
    "w21011": ("TP", "总磷", "tp"),
    "w21001": ("TN", "总氮", "tn"),
    "w01012": ("SS", "悬浮物"),
}


def value_of(text: str) -> tuple[int, int, bool]:
    """Whole number, decimals and whether it is below the detection limit. Raises InputError for anything else.

    >>> value_of("0.050"), value_of("<0.01"), value_of("0.01L")
    ((50, 3, False), (1, 2, True), (1, 2, True))
    """
    match = _VALUE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None or (match[1] and match[3]):
        raise InputError(
            Words(
                f"“{text[:40]}”不是化验结果：应为数，如 0.05；低于检出限的写 <0.01 或 0.01L",
                f"“{text[:40]}” is no result: give a number such as 0.05, or <0.01 or 0.01L below the detection limit",
            )
        )
    digits, scale = rows.exact(match[2])
    assert digits is not None
    return digits, scale, bool(match[1] or match[3])


def converted(factor: str, digits: int, scale: int, unit: str) -> tuple[int, int, str]:
    """Value in the factor's unit, exact. Raises InputError for a unit that cannot be converted into it."""
    own = tables.factors()[factor].unit
    given = unit.strip().replace("μ", "µ").replace("ug/", "µg/").replace("／", "/") or own
    if given.casefold() == own.casefold():
        return digits, scale, own
    units = {name.casefold(): shift for name, shift in _UNITS.items()}
    if given.casefold() not in units or own.casefold() not in units:
        raise InputError(
            Words(
                f"单位“{unit}”不能换算成 {own or '无量纲'}：请按 {own or '无量纲'} 填写",
                f"the unit “{unit}” cannot be converted into {own or 'no unit'}: give the value in that",
            )
        )
    # From mg/L to µg/L is three places to the right: three decimals fewer.
    moved = scale + units[given.casefold()] - units[own.casefold()]
    if moved < 0:
        return digits * 10**-moved, 0, own
    return digits, min(moved, _MOST_DECIMALS), own


def moment_of(text: str) -> dt.datetime:
    """Moment of sampling, Beijing time. Raises InputError for a text that is none, or one to come."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("/", "-").replace(".", "-")
    for form in _MOMENTS:
        try:
            when = dt.datetime.strptime(plain, form).replace(tzinfo=BEIJING)
        except ValueError:
            continue
        if when > timezone.now() + dt.timedelta(days=1):
            raise InputError(Words(f"采样时间“{text}”还没有到", f"the time of sampling “{text}” is still to come"))
        return when
    raise InputError(
        Words(
            f"“{text[:40]}”不是时间：请写成 2026-08-01 08:30",
            f"“{text[:40]}” is no time: write it as 2026-08-01 08:30",
        )
    )


def shown(digits: int, scale: int, below: bool) -> str:
    """Result as people write it, without zeros at the end: 0.05, <0.01."""
    text = hot.text(digits, scale)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"<{text}" if below else text


def write(actor: Actor, found: Sequence[Found], way: str) -> int:
    """Writes those that are not there yet, in the transaction that is open; gives how many are new."""
    there = existing(found)
    new = {one.key: one for one in found if one.key not in there}
    Result.objects.bulk_create(
        [
            Result(
                site=one.site,
                factor=one.factor,
                sampled_at=one.sampled_at,
                digits=one.digits,
                scale=one.scale,
                below=one.below,
                unit=one.unit,
                lab=one.lab[:100],
                note=one.note[:300],
                way=way,
                by_name=actor.name[:120],
            )
            for one in new.values()
        ],
        batch_size=500,
    )
    return len(new)


def existing(found: Iterable[Found]) -> set[tuple[int, str, dt.datetime, str]]:
    """Keys of those that are there already."""
    rows_of = list(found)
    wanted = Result.objects.filter(
        site__in={one.site.pk for one in rows_of}, sampled_at__in={one.sampled_at for one in rows_of}
    )
    return {
        (one.site_id, one.factor, one.sampled_at, shown(one.digits, one.scale, one.below)) for one in wanted.iterator()
    }


def bring(actor: Actor, found: Sequence[Found]) -> int:
    """Results from a program. Doing it again changes nothing."""
    with acting(actor, "monitor.results") as act:
        new = write(actor, found, "api")
        act.after = {"count": len(found), "new": new, "way": "api"}
        return new
