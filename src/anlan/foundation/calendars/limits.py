"""Time limits as data: for each matter how long, in what unit, from when, in which sense."""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from types import MappingProxyType

from anlan.foundation.calc.explain import Bilingual
from anlan.foundation.calendars.periods import Convention, Period, Unit

_UNITS = {
    "自然日": (Unit.NATURAL_DAYS, 1),
    "工作日": (Unit.WORKDAYS, 1),
    "月": (Unit.MONTHS, 1),
    "年": (Unit.MONTHS, 12),
    "小时": (Unit.HOURS, 1),
    "每月日": (Unit.DAY_OF_NEXT_MONTH, 1),
}
SENSES = {
    "不少于": Bilingual("不少于（末日为最早的截止日）", "at least: the last day is the earliest permitted"),
    "不超过": Bilingual("不超过（末日为最迟日）", "at most: the last day is the latest permitted"),
    "等于": Bilingual("等于", "exactly"),
    "提前": Bilingual("提前（自起点倒数）", "in advance: counted backward from the start"),
    "建议值": Bilingual("建议值（非法定）", "suggested, not law"),
    "按批次要求": Bilingual("按批次要求", "as each batch demands"),
}


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """One row of the table. `period` is None where the law fixes no length (as each batch demands).

    `confidence`: H read in the law, M one secondary source, L recollection, design chosen by this software.
    """

    id: str
    matter: Bilingual
    period: Period | None
    start: str
    sense: str
    confidence: str
    note: str


def read_limits(text: str) -> dict[str, TimeLimit]:
    """Limits by id of a CSV with the columns of the table carried here. ValueError names the row that is wrong."""
    limits: dict[str, TimeLimit] = {}
    for row in csv.DictReader(text.splitlines()):
        if row["direction"] not in SENSES or row["extend_if_holiday"] not in ("yes", "no") or row["id"] in limits:
            raise ValueError(f"time limit {row['id']}: direction, extend_if_holiday or a doubled id")
        period = None
        if row["unit"]:
            if row["unit"] not in _UNITS:
                raise ValueError(f"time limit {row['id']}: unit {row['unit']!r}")
            unit, factor = _UNITS[row["unit"]]
            period = Period(
                amount=Decimal(row["amount"]) * factor,
                unit=unit,
                # 计入: the first day counts.
                convention=Convention.INCLUDE_FIRST if "计入" in row["start"] else Convention.EXCLUDE_FIRST,
                extend_if_holiday=row["extend_if_holiday"] == "yes",
                backward=row["direction"] == "提前",
            )
        limits[row["id"]] = TimeLimit(
            id=row["id"],
            matter=Bilingual(row["matter"], row["matter_en"]),
            period=period,
            start=row["start"],
            sense=row["direction"],
            confidence=row["confidence"],
            note=row["note"],
        )
    return limits


@functools.cache
def carried() -> Mapping[str, TimeLimit]:
    """Limits carried in this package."""
    data = resources.files("anlan.foundation.calendars") / "data" / "time-limits.csv"
    return MappingProxyType(read_limits(data.read_text(encoding="utf-8")))
