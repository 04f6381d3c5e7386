"""Signs in measured values: above the limit when called done, rising afterwards, too even, stopped for a visit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby, pairwise

from anlan.ledger.integrity.cases import Case, Reading, day, is_after, moment
from anlan.ledger.integrity.signs import Sign, Table, Unchecked
from anlan.settings import Words

_QUARTER = dt.timedelta(days=92)
# A visit is looked at with so many days before, round and after it.
_BEFORE, _ROUND = 30, 7
_LEAST_DAYS = 10
_STEADY = 3
_TOGETHER = 14


def look(case: Case, table: Table) -> Iterator[Sign | Unchecked]:
    """All signs in the readings of a case."""
    series = _series(case.readings)
    if not series:
        yield Unchecked(("K01", "K09", "D01"), Words("没有监测数据", "there are no readings"))
    for (site, item), readings in series.items():
        name = f"{site} {item}".strip()
        yield from _at_the_check(case, name, readings, table)
        yield from _afterwards(case, name, readings, table)
        yield from _too_even(name, readings, table)
    yield from _against_power(case, table)
    yield from _visits(case, table)


def _series(readings: Sequence[Reading]) -> dict[tuple[str, str], list[Reading]]:
    found: dict[tuple[str, str], list[Reading]] = {}
    for one in sorted(readings, key=lambda one: moment(one.at)):
        found.setdefault((one.site, one.item), []).append(one)
    return found


def _is_bad(one: Reading) -> bool:
    if one.limit is None:
        return False
    return one.value > one.limit if one.good == "below" else one.value < one.limit


def _shown(one: Reading) -> Words:
    mark = "≤" if one.good == "below" else "≥"
    return Words(
        f"{day(one.at)} 为 {one.value:f}（应{mark}{one.limit:f}）"
        if one.limit is not None
        else f"{day(one.at)} 为 {one.value:f}",
        f"{one.value:f} on {day(one.at)}" + (f" (to be {mark} {one.limit:f})" if one.limit is not None else ""),
    )


def _at_the_check(case: Case, name: str, readings: list[Reading], table: Table) -> Iterator[Sign]:
    done = case.when("self_done")
    before = [one for one in readings if done and not is_after(one.at, done)]
    if before and _is_bad(before[-1]):
        said = _shown(before[-1])
        yield table.sign("D01", [Words(f"{name} {said.zh}", f"{name}: {said.en}")], [name])


def _afterwards(case: Case, name: str, readings: list[Reading], table: Table) -> Iterator[Sign]:
    closed = case.when("closed")
    if closed is None:
        return
    after = [one for one in readings if is_after(one.at, closed)]
    before = [one for one in readings if not is_after(one.at, closed) and moment(closed) - moment(one.at) <= _QUARTER]
    seen = []
    for one, other in pairwise(after):
        if _is_bad(one) and _is_bad(other):
            a, b = _shown(one), _shown(other)
            seen.append(Words(f"{name} 连续超标：{a.zh}，{b.zh}", f"{name} twice in a row: {a.en}, {b.en}"))
            break
    if before and after:
        was, now = _mean(before), _mean(after)
        worse = now - was if after[-1].good == "below" else was - now
        # Few readings scatter: worse on average, worse than the worst before, and each of three worse than the mean.
        sign = 1 if after[-1].good == "below" else -1
        worst = max(sign * one.value for one in before)
        steady = min(len(before), len(after)) >= _STEADY and all(sign * one.value > sign * was for one in after)
        if was > 0 and worse > table.bounds["worse_share"] * was and sign * now > worst and steady:
            seen.append(
                Words(
                    f"{name} 均值由 {was:.3g} 变为 {now:.3g}（差 {worse / was:.0%}）",
                    f"{name}: mean from {was:.3g} to {now:.3g}, worse by {worse / was:.0%}",
                )
            )
    if seen:
        yield table.sign("K09", seen, [name])


def _mean(readings: Sequence[Reading]) -> Decimal:
    return sum((one.value for one in readings), Decimal(0)) / len(readings)


def _too_even(name: str, readings: list[Reading], table: Table) -> Iterator[Sign]:
    seen = []
    for value, group in groupby(readings, key=lambda one: one.value):
        run = list(group)
        long = moment(run[-1].at) - moment(run[0].at)
        if len(run) >= table.number("flat_readings") and long >= dt.timedelta(days=table.number("flat_days")):
            seen.append(
                Words(
                    f"{name} 自 {day(run[0].at)} 至 {day(run[-1].at)} 连续 {len(run)} 个读数都是 {value:f}",
                    f"{name}: {len(run)} readings of {value:f} in a row, {day(run[0].at)} to {day(run[-1].at)}",
                )
            )
    half = len(readings) // 2
    if half >= table.number("flat_readings"):
        early, late = (_whole(part) for part in (readings[:half], readings[half:]))
        if late >= table.bounds["round_share"] and early < Decimal("0.5"):
            seen.append(
                Words(
                    f"{name} 后半段 {late:.0%} 为整数，前半段为 {early:.0%}",
                    f"{name}: {late:.0%} whole numbers in the later half, {early:.0%} in the earlier",
                )
            )
    days = sorted({day(one.at) for one in readings})
    if len(days) >= _TOGETHER:
        span = (days[-1] - days[0]).days + 1
        gaps = [(one, other) for one, other in pairwise(days) if (other - one).days > 1]
        # Weekly or monthly samples leave gaps by their nature: only a daily series has missing days.
        daily = sum((other - one).days == 1 for one, other in pairwise(days)) * 2 > len(days)
        missing = Decimal(span - len(days)) / span
        if daily and missing > table.bounds["missing_share"]:
            longest = max(gaps, key=lambda pair: pair[1] - pair[0])
            seen.append(
                Words(
                    f"{name} 在 {span} 天里缺 {span - len(days)} 天，最长一段 {longest[0]} 至 {longest[1]}",
                    f"{name}: {span - len(days)} of {span} days are missing, "
                    f"the longest gap {longest[0]} to {longest[1]}",
                )
            )
    if seen:
        yield table.sign("K01", seen, [name])


def _against_power(case: Case, table: Table) -> Iterator[Sign]:
    """Discharge that falls while power rises, or the other way: the rank correlation of the days both stand for."""
    both = sorted(case.power_kwh.keys() & case.discharge.keys())
    if len(both) < 2 * _TOGETHER:
        return
    power, discharge = ([float(values[one]) for one in both] for values in (case.power_kwh, case.discharge))
    rank = _correlation(_ranks(power), _ranks(discharge))
    # Below −0.5 over four weeks chance is below one in a hundred.
    if rank is not None and rank < -0.5:
        yield table.sign(
            "K01",
            [
                Words(
                    f"{both[0]} 至 {both[-1]} 共 {len(both)} 天，排放量与用电量反向变化（秩相关 {rank:.2f}）",
                    f"{len(both)} days from {both[0]} to {both[-1]}: discharge runs against power "
                    f"(rank correlation {rank:.2f})",
                )
            ],
            ["power"],
        )


def _ranks(values: list[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    for _, group in groupby(enumerate(order), key=lambda item: values[item[1]]):
        same = list(group)
        middle = sum(place for place, _ in same) / len(same)
        for _, one in same:
            ranks[one] = middle
    return ranks


def _correlation(a: list[float], b: list[float]) -> float | None:
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    both = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True))
    spread = (sum((x - mean_a) ** 2 for x in a) * sum((y - mean_b) ** 2 for y in b)) ** 0.5
    return both / spread if spread > 0 else None


def _whole(readings: Sequence[Reading]) -> Decimal:
    return Decimal(sum(one.value == one.value.to_integral_value() for one in readings)) / len(readings)


def _visits(case: Case, table: Table) -> Iterator[Sign | Unchecked]:
    values = (("用电量", "power", case.power_kwh), ("排放量", "discharge", case.discharge))
    if not case.inspections or not any(series for _, _, series in values):
        yield Unchecked(
            ("K02",),
            Words("没有检查日期，或没有逐日用电量、排放量", "no days of visits, or no power or discharge by day"),
        )
        return
    for visit in case.inspections:
        for zh, en, series in values:
            before = _days(series, visit - dt.timedelta(days=_ROUND + _BEFORE), visit - dt.timedelta(days=_ROUND + 1))
            during = _days(series, visit - dt.timedelta(days=_ROUND), visit + dt.timedelta(days=_ROUND))
            after = _days(series, visit + dt.timedelta(days=_ROUND + 1), visit + dt.timedelta(days=2 * _ROUND + 7))
            if len(before) < _LEAST_DAYS or len(during) < _ROUND or len(after) < _ROUND:
                continue
            was, then, later = (sum(part, Decimal(0)) / len(part) for part in (before, during, after))
            if (
                was > 0
                and then < table.bounds["drop_share"] * was
                and later > 2 * then
                and later > was * Decimal("0.7")
            ):
                yield table.sign(
                    "K02",
                    [
                        Words(
                            f"{visit} 检查前后日均{zh} {then:.0f}，此前 {was:.0f}，之后 {later:.0f}",
                            f"round the visit of {visit} the mean daily {en} was {then:.0f}, "
                            f"{was:.0f} before and {later:.0f} after",
                        )
                    ],
                    [f"{visit} {en}"],
                )


def _days(series: Mapping[dt.date, Decimal], first: dt.date, last: dt.date) -> list[Decimal]:
    return [value for at, value in series.items() if first <= at <= last]
