"""What selected or typed words say, read as the compiler reads them: a time limit, a quantity, the first words."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from anlan.foundation import quantities
from anlan.plan.compiler import deadlines, targets
from anlan.plan.compiler.model import DeadlineKind, Precision
from anlan.plan.compiler.view import fold, solid
from anlan.plan.document import one_line
from anlan.plan.models import Deadline, Target
from anlan.settings import InputError, Words

_LARGEST = 2**63 - 1
_NUMBER = re.compile(r"[（(]?(?P<number>[0-9]{1,3}(?:\.[0-9]{1,3})*|[一二三四五六七八九十]{1,4})(?:[）)]|[、.．])")
_SENTENCE = re.compile("[。；\n]")


class Limit(NamedTuple):
    """Time limit as words say it; `date` is the last day, None where the words name none."""

    text: str
    date: dt.date | None
    kind: str
    precision: str


def limit(text: str, year: int | None, date: dt.date | None = None) -> Limit:
    """Time limit that the words state; `date` is what a person says the last day is. InputError for neither."""
    text = one_line(text)
    typed = _iso(text)
    if typed or (not text and date):
        day = date or typed
        assert day is not None
        return Limit(day.isoformat(), day, DeadlineKind.BY.value, Precision.DAY.value)
    folded = solid(fold(text))
    found = deadlines.find(folded, year, (), [(0, len(folded))])
    last = max(found, key=lambda one: (one.date or dt.date.min, -one.start), default=None)
    if last is None and date is None:
        raise InputError(
            Words(
                f"“{text}”里没有时限：请填写日期，例如 2024-12-31",
                f"{text!r} names no time limit: give a date, such as 2024-12-31",
            )
        )
    if last is None:
        return Limit(text[:200], date, DeadlineKind.BY.value, Precision.DAY.value)
    return Limit(text[:200], date or last.date, last.kind.value, last.precision.value)


def deadline(said: Limit) -> Deadline:
    """Row of a time limit, not saved, without measure and place."""
    return Deadline(text=said.text, date=said.date, kind=said.kind, precision=said.precision)


def target(text: str, year: int | None) -> Target:
    """Row of the quantity that the words commit to, not saved, without measure and place. InputError for none."""
    text = one_line(text)
    folded = solid(fold(text))
    found = targets.find(folded, year=year)
    if found:
        one = found[0]
        low, high = one.value if isinstance(one.value, tuple) else (one.value, one.value)
        indicator, comparator, unit = one.indicator, one.comparator.value, one.unit
    else:
        # A person says that it is a target: any figure with what stands before it will do.
        figures = list(quantities.find(folded))
        if not figures:
            raise InputError(
                Words(
                    f"“{text}”里没有数量：请连同数字和单位填写，例如“污水管网6.5公里”",
                    f"{text!r} holds no figure: give it with number and unit, such as “污水管网6.5公里”",
                )
            )
        figure = figures[0]
        low, high = figure.value if isinstance(figure.value, tuple) else (figure.value, figure.value)
        indicator, comparator, unit = folded[: figure.start], figure.comparator.value, figure.unit
    scale = max(0, *(-int(value.as_tuple().exponent) for value in (low, high)))
    whole = [int(value.scaleb(scale)) for value in (low, high)]
    fits = all(abs(value) <= _LARGEST for value in whole)
    return Target(
        text=text[:500],
        indicator=indicator[:300],
        comparator=comparator,
        low=whole[0] if fits else None,
        high=whole[1] if fits else None,
        scale=scale if fits else 0,
        unit=unit[:40],
    )


def number_and_title(text: str) -> tuple[str, str]:
    """Number that a clause begins with ("" for none) and its first words as a title.

    >>> number_and_title("（2）改造雨污混接点30处。12月底前完成。")
    ('2', '改造雨污混接点30处')
    """
    begun = text.strip()
    number = _NUMBER.match(begun)
    rest = begun[number.end() :] if number else begun
    first = next((part for part in _SENTENCE.split(rest) if part.strip()), rest)
    return (number.group("number") if number else ""), one_line(first)[:500]


def without_number(text: str) -> str:
    """Text of a clause without the number that it begins with.

    >>> without_number("12．推进治理。")
    '推进治理。'
    """
    begun = text.strip()
    number = _NUMBER.match(begun)
    return begun[number.end() :] if number else begun


def _iso(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
