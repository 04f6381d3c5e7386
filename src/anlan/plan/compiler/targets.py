"""Targets of a measure: the quantities it commits to, told from all the other figures in its text.

A figure with a unit is a target unless its surroundings say that it is something else: a threshold
(200亩以上的示范园), a subsidy (最高补助100万元), a specification (3.8米直径), a fact of the past (已建成12座),
a mere rhythm (每月1次), a count of headings (3个方面). Count words (个, 项, 次) that measure nothing by
themselves need a commitment as well. Every rule looks at a bounded stretch, so the work is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from anlan.foundation import quantities
from anlan.foundation.quantities import Comparator, Place, Quantity
from anlan.plan.compiler import targets_words as words
from anlan.plan.compiler.targets_rules import REJECT, Site, counted, spelled_out, survey

# Stands for what is not to be read; no digit, no mark, no word.
_MASK = "□"
_NUMBERING = re.compile(r"[0-9](?<![^。；：][0-9])[0-9]?[.．、](?=[0-9])")
_STOP = re.compile("[。；]")
_BREAK = re.compile("[，：。；！？（）、]")
_GLUE = re.compile("[、和及与或]|以及")
# Units as printed that are more often parts of words or classes: 3级, 三方, 5度; with a scale (5万方) they measure.
_NEVER = frozenset({"类", "队", "包", "发", "里"})
# These measure from ten upwards: 清运5000方, 节电2000度; below, and in numerals, they are parts of words.
_LARGE = frozenset({"方", "度", "对", "节", "门", "本", "路", "站"})


class Found(NamedTuple):
    """Target in the text given. `start` to `end` takes in the indicator, the unit and the comparator words.

    `value` is in `unit` as printed there (folded), a pair (low, high) for a range. `unit_place` lets the caller
    cut the unit from the raw text.
    """

    start: int
    end: int
    indicator: str
    comparator: Comparator
    value: Decimal | tuple[Decimal, Decimal]
    unit: str
    unit_place: Place


def find(text: str, skip: Sequence[tuple[int, int]] = (), *, year: int | None = None) -> list[Found]:
    """Targets of one measure in order of the text, which is folded and without white space.

    `skip` are stretches that are not read: duty brackets, dates, 问题描述. `year` is the plan's year, if known:
    figures dated to an earlier one are facts. Impossible figures (8000%) are targets all the same.

    >>> found = find("新建污水管网4.6公里，接管率达到95%以上。")
    >>> [(t.indicator, t.comparator.value, str(t.value), t.unit) for t in found]
    [('污水管网', 'eq', '4.6', '公里'), ('接管率', 'ge', '95', '%')]
    >>> find("对年产值2000万元以上的企业，给予最高100万元奖励；公示10个工作日。")
    []
    """
    masked = _masked(text, skip)
    figures = [_loose(masked, q) for q in quantities.find(masked) if _measures(masked, q)]
    figures = _share_comparators(masked, figures)
    scored = bool(words.SCORES.search(text))
    sites = [survey(masked, text, q, year, scored=scored) for q in figures]
    kept: list[Found] = []
    for i, site in enumerate(sites):
        following = figures[i + 1] if i + 1 < len(figures) else None
        if _qualifies(masked, site, following) or any(rule(site) for rule in REJECT):
            continue
        floor = kept[-1].end if kept else 0
        listed = bool(kept) and not _STOP.search(masked, floor, min(floor + 80, site.quantity.start))
        if not listed and words.COMPARED_ALONE.search(site.lead):
            continue
        if site.quantity.spelled and not spelled_out(site):
            continue
        if site.counts and not counted(site, listed):
            continue
        found = _found(text, masked, site, floor, following.start if following else len(masked))
        # 氨氮分别削减500吨、30吨: the members of a list share what they count.
        kept.append(found if found.indicator or not kept else found._replace(indicator=kept[-1].indicator))
    return kept


def _masked(text: str, skip: Sequence[tuple[int, int]]) -> str:
    """Text with the skipped stretches, names in quotes and item numbers blanked, character for character."""
    pieces: list[str] = []
    place = 0
    for start, end in sorted(skip):
        start, end = max(start, place), min(end, len(text))
        if end > start:
            pieces += [text[place:start], _MASK * (end - start)]
            place = end
    masked = "".join([*pieces, text[place:]])
    masked = words.QUOTED.sub(lambda m: _MASK * len(m[0]), masked)
    return _NUMBERING.sub(lambda m: "：" * len(m[0]), masked)


def _measures(masked: str, quantity: Quantity) -> bool:
    """False for figures that are words or limits of time, of which no other figure must take notice."""
    unit = quantity.unit
    if quantities.kind(unit) == "time" and quantity.start == quantity.number_place.start:
        lead = masked[max(0, quantity.start - 16) : quantity.start]
        if unit == "年":
            return False
        if words.STOCK_AFTER.match(masked, quantity.end) or words.TAKEN.search(lead):
            return True
        return "天数" in lead[-8:] or bool(words.SHORTENED.search(lead))
    if unit == "年":
        return bool(words.AGES.search(masked, max(0, quantity.start - 16), quantity.start))
    if unit in _LARGE:
        bound = quantity.start < quantity.number_place.start
        return not quantity.spelled and not isinstance(quantity.value, tuple) and (bound or quantity.value >= 10)
    return unit not in _NEVER and not unit.endswith("级")


def _loose(masked: str, quantity: Quantity) -> Quantity:
    """Takes in a comparator that the verb parts from its number: 至少建设3个."""
    if quantity.comparator is not Comparator.EQ or quantity.comparator_place:
        return quantity
    if stock := words.STOCK_UPWARDS.match(masked, quantity.end):
        return replace(quantity, comparator=Comparator.GE, comparator_place=Place(stock.end() - 2, stock.end()))
    lead = masked[max(0, quantity.start - 16) : quantity.start]
    shared = quantities.kind(quantity.unit) in ("ratio", "times")
    for pattern, comparator in words.PARTED_SHARES if shared else words.PARTED:
        if match := pattern.search(lead):
            place = quantity.start - len(lead) + match.start()
            return replace(quantity, comparator=comparator, comparator_place=Place(place, place + 2))
    return quantity


def _share_comparators(masked: str, figures: list[Quantity]) -> list[Quantity]:
    """Gives the members of a list the comparator printed once: 分别达到85%、90%以上."""
    shared = list(figures)
    first = 0
    while first < len(figures):
        last = first
        while last + 1 < len(figures) and _adjoin(masked, figures[last], figures[last + 1]):
            last += 1
        run = figures[first : last + 1]
        suffix = run[-1].comparator if run[-1].end > run[-1].unit_place.end else None
        prefix = run[0].comparator if run[0].comparator_place else None
        for i, q in enumerate(run):
            own = q.comparator_place is not None and (i > 0 or q.end > q.unit_place.end)
            comparator = suffix or prefix
            if len(run) > 1 and comparator and not own and q.comparator is not Comparator.RANGE:
                shared[first + i] = replace(q, comparator=comparator)
        first = last + 1
    return shared


def _adjoin(masked: str, one: Quantity, other: Quantity) -> bool:
    return one.unit == other.unit and bool(_GLUE.fullmatch(masked, one.end, other.start))


def _qualifies(masked: str, site: Site, following: Quantity | None) -> bool:
    """True where the figure only says of whom the next one speaks: 3个村污水接管率不低于95%, 在5个乡镇建设8个点."""
    q = site.quantity
    if following is None or following.start - q.end > 40:
        return False
    between = masked[q.end : following.start]
    if _BREAK.search(between):
        return False
    if between.endswith("各") and not site.stated:
        return True
    if site.counts and (words.TAKE_PLACE.search(site.lead) or between.endswith(("各", "每"))):
        return True
    if _describes(site, between, following):
        return True
    ratio = quantities.kind(following.unit) in ("ratio", "points") or following.start < following.number_place.start
    return site.counts and ratio and bool(words.QUALIFIED.search(between))


def _describes(site: Site, between: str, following: Quantity) -> bool:
    """True for the size of a counted thing: 新建36班初中1所, 购置12米公交车20辆."""
    return (
        quantities.kind(following.unit) in ("thing", "count", "body")
        and following.start == following.number_place.start
        and not site.stated
        and site.committed
        and 0 < len(between) <= 14
        and not re.search("[和及与并各]", between)
        and not words.LONG_VERB.search(between)
    )


def _found(text: str, masked: str, site: Site, floor: int, ceiling: int) -> Found:
    """Target with its extent: noun and figure (污水管网1.8公里), or figure and noun (2-3个品种)."""
    q = site.quantity
    lead = masked[max(floor, q.start - len(site.lead)) : q.start]
    lead = lead[max(map(lead.rfind, "，：。；！？（）、")) + 1 :]
    reach = min(len(masked), q.end + 40, ceiling)
    stop = _BREAK.search(masked, q.end, reach)
    end = stop.start() if stop else reach
    opening = words.LEADING.match(lead)
    noun = len(lead) - (opening.end() if opening else 0)
    closing = words.TRAILING.search(lead, max(0, len(lead) - words.NEAR))
    last = q.start - (len(lead) - closing.start() if closing else 0)
    if q.end < end and (not noun or (not words.PREDICATE.match(masked, q.end) and words.HEAD_AHEAD.search(lead))):
        span, indicator = Place(q.start, end), text[q.end : end].removeprefix("的")
    else:
        first = q.start - (noun or len(lead.strip(_MASK)))
        span, indicator = Place(first, q.end), text[first:last] or text[first : q.start] or text[q.end : end]
    return Found(span.start, span.end, indicator, q.comparator, q.value, q.unit, q.unit_place)
