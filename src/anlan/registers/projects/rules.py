"""Where money, time and works of a project disagree, each rule with its figures. Pure; money in 10^4 yuan.

That payment stays below what arrived, investment below the total, and works within 25 points of the investment and
investment within 30 % of what is paid is checked row by row in the registers. The bounds on time are defaults of this
software: nobody has published any.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from anlan.settings import Words

# Points between progress of the works and share invested.
WORKS_AND_MONEY = 25
# Of the total, between what is invested and what is paid.
INVESTED_AND_PAID = 30
# Points that works may be behind the time that is over.
BEHIND_TIME = 20
# Points that the investment of the year may be behind the year.
BEHIND_YEAR = 25
# Days after the planned start at which a project that has not begun is late.
START_LATE = 30
# Day of the month by which the month before is reported (国家重大建设项目库月调度).
DUE_DAY = 10
# What arrived and is not paid: of what arrived, from half of the works on.
IDLE = 50
_OVER = ("finished", "accepted", "running", "ended")
_UNDER_WAY = ("started", "building")
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Stand:
    """What is known of a project on a day. None for what nobody has reported."""

    state: str
    total: Decimal
    secured: Decimal | None = None
    planned_start: dt.date | None = None
    planned_finish: dt.date | None = None
    started_on: dt.date | None = None
    finished_on: dt.date | None = None
    year_plan: Decimal | None = None
    done_year: Decimal | None = None
    done_total: Decimal | None = None
    in_place: Decimal | None = None
    paid: Decimal | None = None
    image: Decimal | None = None
    reported: str = ""
    late_milestones: tuple[tuple[str, dt.date], ...] = ()

    @property
    def done_rate(self) -> Decimal | None:
        """Share of the total that is invested, in percent."""
        return share(self.done_total, self.total)


@dataclass(frozen=True, slots=True)
class Warned:
    """Rule that a project breaks, with its figures. `kind`: money, time or works, whichever is behind."""

    rule: str
    kind: str
    words: Words


def share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Percent to one place, half up; None where either is missing or the whole is 0.

    >>> str(share(Decimal(1), Decimal(3))), share(Decimal(1), Decimal(0))
    ('33.3', None)
    """
    if part is None or not whole:
        return None
    return (part * _HUNDRED / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def elapsed(first: dt.date, last: dt.date, day: dt.date) -> Decimal:
    """Percent of the days from `first` to `last` (both counted) that are over at the end of `day`, 0 to 100.

    >>> str(elapsed(dt.date(2022, 1, 1), dt.date(2022, 1, 10), dt.date(2022, 1, 5)))
    '50.0'
    """
    days = (last - first).days + 1
    over = min(max((day - first).days + 1, 0), days)
    return share(Decimal(over), Decimal(max(days, 1))) or Decimal("0.0")


def told_until(one: Stand, day: dt.date) -> dt.date:
    """Last day that the latest report speaks of: the end of its month, or `day` where that comes first.

    >>> told_until(Stand("building", Decimal(1), reported="2022-06"), dt.date(2022, 9, 30))
    datetime.date(2022, 6, 30)
    """
    if not one.reported:
        return day
    year, month = int(one.reported[:4]), int(one.reported[5:7])
    return min(day, dt.date(year, month, calendar.monthrange(year, month)[1]))


def owed_month(day: dt.date) -> str:
    """Latest month whose report is due by the end of a day: reports are due on the 10th of the month after.

    >>> owed_month(dt.date(2022, 9, 30)), owed_month(dt.date(2022, 9, 9)), owed_month(dt.date(2022, 1, 5))
    ('2022-08', '2022-07', '2021-11')
    """
    back = 1 if day.day >= DUE_DAY else 2
    months = day.year * 12 + day.month - 1 - back
    return f"{months // 12}-{months % 12 + 1:02}"


def warnings(one: Stand, day: dt.date) -> list[Warned]:
    """Rules that a project breaks on a day, money first."""
    return [*_money(one), *_time(one, day), *_year(one, day)]


def _money(one: Stand) -> list[Warned]:
    found = []
    done, paid, rate, image = one.done_total, one.paid, one.done_rate, one.image
    if done is not None and one.total and done > one.total:
        found.append(
            Warned(
                "over_total",
                "money",
                Words(
                    f"完成投资 {done} 万元超过总投资 {one.total} 万元",
                    f"{done} invested is more than the total of {one.total}",
                ),
            )
        )
    if paid is not None and one.in_place is not None and paid > one.in_place:
        found.append(
            Warned(
                "paid_over",
                "money",
                Words(
                    f"支付 {paid} 万元大于到位 {one.in_place} 万元",
                    f"{paid} paid is more than the {one.in_place} received",
                ),
            )
        )
    if rate is not None and image is not None and abs(image - rate) > WORKS_AND_MONEY:
        apart, ahead = abs(image - rate), image > rate
        found.append(
            Warned(
                "works_money",
                "works" if not ahead else "money",
                Words(
                    f"形象进度 {image}% 与投资完成率 {rate}% 相差 {apart} 个百分点（超过 {WORKS_AND_MONEY}）："
                    f"{'工程快于投资，投资是否漏报' if ahead else '投资快于工程，投资是否多报'}",
                    f"the works stand at {image} %, the investment at {rate} %: {apart} points apart, more than "
                    f"{WORKS_AND_MONEY}; {'is investment left out' if ahead else 'is too much investment claimed'}?",
                ),
            )
        )
    unpaid = share(done - paid, one.total) if done is not None and paid is not None else None
    if unpaid is not None and unpaid > INVESTED_AND_PAID:
        found.append(
            Warned(
                "unpaid",
                "money",
                Words(
                    f"完成投资 {done} 万元，支付 {paid} 万元，差额占总投资 {unpaid}%"
                    f"（超过 {INVESTED_AND_PAID}%）：核对是否拖欠",
                    f"{done} invested, {paid} paid: the difference is {unpaid} % of the total, more than "
                    f"{INVESTED_AND_PAID} %; are works unpaid?",
                ),
            )
        )
    idle = share(one.in_place - paid, one.in_place) if one.in_place is not None and paid is not None else None
    if idle is not None and idle > IDLE and image is not None and image >= IDLE:
        found.append(
            Warned(
                "idle",
                "money",
                Words(
                    f"到位 {one.in_place} 万元，支付 {paid} 万元，{idle}% 没有用出去（超过 {IDLE}%），"
                    f"工程已到 {image}%",
                    f"{one.in_place} received, {paid} paid: {idle} % is idle while the works stand at {image} %",
                ),
            )
        )
    if one.secured is not None and one.state in _UNDER_WAY and one.secured < one.total:
        gap = one.total - one.secured
        found.append(
            Warned(
                "gap",
                "money",
                Words(
                    f"已在建设，资金还差 {gap} 万元没有落实（总投资 {one.total} 万元）",
                    f"under construction, and {gap} of {one.total} is not secured",
                ),
            )
        )
    return found


def _time(one: Stand, day: dt.date) -> list[Warned]:
    found = []
    if one.state in _OVER:
        return []
    start, finish = one.planned_start, one.planned_finish
    if start is not None and one.started_on is None and one.state not in _UNDER_WAY:
        late = (day - start).days
        if late > START_LATE:
            found.append(
                Warned(
                    "not_started",
                    "time",
                    Words(f"计划 {start} 开工，已过 {late} 天没有开工", f"to start on {start}, {late} days ago"),
                )
            )
    if finish is not None and day > finish and one.finished_on is None:
        late = (day - finish).days
        found.append(
            Warned(
                "overdue",
                "time",
                Words(f"计划 {finish} 完工，已逾期 {late} 天", f"to be finished on {finish}, {late} days overdue"),
            )
        )
    elif start is not None and finish is not None and one.image is not None and one.state in _UNDER_WAY:
        # A report of June is held against the end of June.
        gone = elapsed(start, finish, told_until(one, day))
        if gone - one.image > BEHIND_TIME:
            found.append(
                Warned(
                    "behind",
                    "works",
                    Words(
                        f"工期已过 {gone}%，形象进度 {one.image}%，落后 {gone - one.image} 个百分点"
                        f"（超过 {BEHIND_TIME}）",
                        f"{gone} % of the time is over and {one.image} % of the works done: {gone - one.image} points "
                        f"behind, more than {BEHIND_TIME}",
                    ),
                )
            )
    owed = owed_month(day)
    if one.state in _UNDER_WAY and one.reported < owed:
        last = one.reported
        found.append(
            Warned(
                "silent",
                "time",
                Words(
                    f"{owed} 的月进度还没有填报（{f'最近一期是 {last}' if last else '从来没有填报过'}）",
                    f"{owed} is not reported ({f'the latest is {last}' if last else 'nothing ever was'})",
                ),
            )
        )
    for name, planned in one.late_milestones:
        late = (day - planned).days
        found.append(
            Warned(
                "milestone",
                "time",
                Words(
                    f"节点“{name}”计划 {planned}，已逾期 {late} 天", f"milestone {name} of {planned}: {late} days late"
                ),
            )
        )
    return found


def _year(one: Stand, day: dt.date) -> list[Warned]:
    rate = share(one.done_year, one.year_plan)
    if rate is None or one.state not in _UNDER_WAY or not one.reported.startswith(str(day.year)):
        return []
    gone = elapsed(dt.date(day.year, 1, 1), dt.date(day.year, 12, 31), told_until(one, day))
    if gone - rate <= BEHIND_YEAR:
        return []
    return [
        Warned(
            "year",
            "money",
            Words(
                f"年度计划 {one.year_plan} 万元，完成 {one.done_year} 万元（{rate}%），全年已过 {gone}%，"
                f"落后 {gone - rate} 个百分点（超过 {BEHIND_YEAR}）",
                f"{one.done_year} of the year's {one.year_plan} invested ({rate} %), {gone} % of the year is over: "
                f"{gone - rate} points behind, more than {BEHIND_YEAR}",
            ),
        )
    ]
