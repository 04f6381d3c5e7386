"""Signs in texts: copied reports, goals made smaller, measures that do not answer, papers in place of work."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np

from anlan.foundation.quantities import Comparator, Quantity, convert, find, kind
from anlan.ledger.integrity.cases import Case, Report, moment
from anlan.ledger.integrity.signs import Sign, Table, Unchecked
from anlan.settings import Words

# A report by problem and name.
Name = tuple[str, str]
_SHINGLE = 3
# Sketch of a text: the least of its runs under 40 orders, in ten bands of four. Texts nine tenths alike share a band in
# 997 of 1,000 cases, those four tenths alike in 4 of 100.
_BANDS, _ROWS = 10, 4
# Of the same text handed in by everybody so many are looked at.
_MOST = 2000
_ORDERS = np.random.default_rng(20221).integers(1, 2**63, (2, _BANDS * _ROWS), dtype=np.uint64)
_NO_WORD = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_CLASS = re.compile("劣[ⅤVv5五]|[ⅠⅡⅢⅣⅤ]|(?<![A-Za-z])I{1,3}V?(?=类)|[一二三四五](?=类)")
_CLASSES = {
    **dict(zip("ⅠⅡⅢⅣⅤ", range(1, 6), strict=True)),
    **dict(zip("一二三四五", range(1, 6), strict=True)),
    "I": 1,
    "II": 2,
    "III": 3,
    "IV": 4,
}


class Texts:
    """Reports of a collection, found again by what they say."""

    def __init__(self, cases: tuple[Case, ...], shortest: int) -> None:
        self._shingles: dict[Name, frozenset[str]] = {}
        self._by_key: dict[int, list[Name]] = {}
        self._reports: dict[Name, Report] = {}
        for case in cases:
            for report in case.reports:
                folded = fold(report.text)
                if len(folded) < shortest:
                    continue
                name = (case.id, report.id)
                self._reports[name] = report
                self._shingles[name] = shingles(folded)
                for key in _sketch(self._shingles[name]):
                    self._by_key.setdefault(key, []).append(name)

    def alike(self, name: Name, least: Decimal) -> list[tuple[Name, Report, float]]:
        """Other reports that say nearly the same, the most alike first."""
        own = self._shingles.get(name)
        if own is None:
            return []
        near = dict.fromkeys(other for key in _sketch(own) for other in self._by_key[key][:_MOST] if other != name)
        found = [
            (other, self._reports[other], share)
            for other in near
            if (share := likeness(own, self._shingles[other])) >= least
        ]
        return sorted(found, key=lambda item: (-item[2], item[0]))


def fold(text: str) -> str:
    """Text without blanks and marks, every figure as one sign: a copied report often has new figures only."""
    return _NO_WORD.sub("", _DIGITS.sub("0", text))


def shingles(text: str) -> frozenset[str]:
    """All runs of three characters."""
    return frozenset(text[i : i + _SHINGLE] for i in range(max(1, len(text) - _SHINGLE + 1)))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of common runs (Dice), 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def _sketch(runs: frozenset[str]) -> list[int]:
    """Keys of the bands: texts that are nearly the same share at least one."""
    digests = [int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest()) for run in runs]
    # Multiplied by odd numbers in arithmetic that wraps round: another order of the same runs each time.
    mixed = np.array(digests, np.uint64)[:, None] * (_ORDERS[0] | np.uint64(1)) + _ORDERS[1]
    least = mixed.min(axis=0).reshape(_BANDS, _ROWS)
    return [hash((band, *row)) for band, row in enumerate(least.tolist())]


def look(case: Case, texts: Texts, table: Table) -> Iterator[Sign | Unchecked]:
    """All signs in the texts of a case."""
    if case.reports:
        yield from _copied(case, texts, table)
    else:
        yield Unchecked(("K05",), Words("没有进展报告", "there are no reports"))
    yield from _goal(case, table)
    yield from _measures(case, table)


def _copied(case: Case, texts: Texts, table: Table) -> Iterator[Sign]:
    order = {report.id: number for number, report in enumerate(sorted(case.reports, key=lambda one: moment(one.at)))}
    for report in case.reports:
        seen, objects = [], [report.id]
        for (problem, other_id), other, share in texts.alike((case.id, report.id), table.bounds["same_text"]):
            if problem == case.id:
                # Each pair once, at the later report. A last report that says again what stood is no news either way.
                if order[other_id] >= order[report.id]:
                    continue
                seen.append(
                    Words(
                        f"报告 {report.id} 与本问题报告 {other_id} 相似度 {share:.0%}",
                        f"report {report.id} is {share:.0%} like report {other_id} of this problem",
                    )
                )
                objects.append(other_id)
            elif moment(other.at) <= moment(report.at):
                seen.append(
                    Words(
                        f"报告 {report.id} 与问题 {problem} 的报告 {other_id} 相似度 {share:.0%}",
                        f"report {report.id} is {share:.0%} like report {other_id} of problem {problem}",
                    )
                )
                objects.append(f"{problem}/{other_id}")
        if seen:
            yield table.sign("K05", seen[:20], objects[:21])


def _goal(case: Case, table: Table) -> Iterator[Sign | Unchecked]:
    if not case.goal_approved or not case.goal_claimed:
        yield Unchecked(("K10",), Words("缺审定目标或销号所报目标", "the approved or the claimed goal is missing"))
        return
    seen = []
    approved, claimed = _figures(case.goal_approved), _figures(case.goal_claimed)
    for unit_kind, wanted in approved.items():
        got = claimed.get(unit_kind)
        shown = "、".join(f"{text}" for _, text, _ in wanted)
        if got is None:
            seen.append(
                Words(
                    f"审定目标有“{shown}”，销号所报目标没有同类指标",
                    f"“{shown}” was approved and nothing of its kind is claimed",
                )
            )
            continue
        # Largest of a kind against largest: the sum of parts may be written either way.
        value, text, upper = max(wanted, key=lambda one: one[0])
        other, other_text, _ = max(got, key=lambda one: one[0])
        if other > value if upper else other < value:
            seen.append(
                Words(f"审定“{text}”，销号所报“{other_text}”", f"“{text}” was approved, “{other_text}” is claimed")
            )
    before, after = _classes(case.goal_approved), _classes(case.goal_claimed)
    if before and after and max(after) > max(before):
        seen.append(
            Words(
                f"审定水质 {_roman(max(before))} 类，销号所报 {_roman(max(after))} 类",
                f"class {_roman(max(before))} was approved, class {_roman(max(after))} is claimed",
            )
        )
    if seen:
        yield table.sign("K10", seen, ["goal"])


def _roman(grade: int) -> str:
    return "劣Ⅴ" if grade == 6 else "ⅠⅡⅢⅣⅤ"[grade - 1]


def _classes(text: str) -> list[int]:
    return [6 if one.startswith("劣") else _CLASSES.get(one, 0) for one in _CLASS.findall(text)]


def _figures(text: str) -> dict[str, list[tuple[Decimal, str, bool]]]:
    """Figures by kind of unit, in its base unit: value, words as printed, whether less is better."""
    found: dict[str, list[tuple[Decimal, str, bool]]] = {}
    for quantity in find(text):
        # Classes of water are read by themselves: a lower one is the better.
        if quantity.unit in ("", "类"):
            continue
        try:
            name, value = _based(quantity)
        except (ValueError, KeyError, ArithmeticError):
            name, value = quantity.unit, _low(quantity)
        upper = quantity.comparator in (Comparator.LE, Comparator.LT)
        found.setdefault(f"{name}{'≤' if upper else ''}", []).append(
            (value, text[quantity.start : quantity.end], upper)
        )
    return found


_BASES = {"length": "米", "area": "平方米", "volume": "立方米", "mass": "吨"}


def _based(quantity: Quantity) -> tuple[str, Decimal]:
    name = kind(quantity.unit)
    base = _BASES.get(name)
    return (name, convert(_low(quantity), quantity.unit, base)) if base else (quantity.unit, _low(quantity))


def _low(quantity: Quantity) -> Decimal:
    return quantity.value[0] if isinstance(quantity.value, tuple) else quantity.value


def _measures(case: Case, table: Table) -> Iterator[Sign | Unchecked]:
    if not case.measures:
        yield Unchecked(("K06", "K13", "K16"), Words("没有整改措施", "there are no measures"))
        return
    text = "\n".join(case.measures)
    words = table.words
    yield from _answering(case, text, table)
    if any(word in text for word in words["stop"]) and not any(word in text for word in words["after_stop"]):
        found = "、".join(word for word in words["stop"] if word in text)
        yield table.sign(
            "K16", [Words(f"措施只有“{found}”", f"the measures are “{found}” and nothing after")], ["measures"]
        )
    yield from _papers(case, table)


def _answering(case: Case, text: str, table: Table) -> Iterator[Sign | Unchecked]:
    elements: list[tuple[str, bool]] = []
    for group in table.words["objects"]:
        named = next((word for word in group if word in case.text), None)
        if named:
            elements.append((named, any(word in text for word in group)))
    amounts: dict[str, Any] = _figures(text)
    for name, values in _figures(case.text).items():
        if name in ("length", "area", "volume", "mass"):
            same = {value for value, _, _ in amounts.get(name, ())}
            elements += [(shown, value in same) for value, shown, _ in values]
    if case.place_name:
        elements.append((case.place_name, case.place_name in text))
    if len(elements) < 2:
        yield Unchecked(
            ("K13",),
            Words("问题描述里认不出对象、数量和地点", "no objects, amounts or places were found in the problem"),
        )
        return
    named = sum(there for _, there in elements)
    if Decimal(named) < table.bounds["covered"] * len(elements):
        left = "、".join(word for word, there in elements if not there)
        yield table.sign(
            "K13",
            [
                Words(
                    f"问题有 {len(elements)} 项要素，措施只提到 {named} 项；未提到：{left}",
                    f"of {len(elements)} elements of the problem the measures name {named}; not named: {left}",
                )
            ],
            ["measures"],
        )


def _papers(case: Case, table: Table) -> Iterator[Sign | Unchecked]:
    goal = case.goal_approved or case.goal_claimed
    if not any(word in goal for word in table.words["physical"]) and not any(q.unit for q in find(goal)):
        return
    seen = []
    for number in sorted({one.measure for one in case.evidence if one.measure}):
        kinds = [one.kind for one in case.evidence if one.measure == number]
        if all(_is_paper(one, table) for one in kinds):
            listed = "、".join(dict.fromkeys(kinds))
            seen.append(
                (
                    number,
                    Words(
                        f"第 {number} 条措施的证据只有 {listed}", f"the evidence of measure {number} is {listed} only"
                    ),
                )
            )
    if not case.evidence:
        yield Unchecked(("K06",), Words("没有按措施登记的证据", "no evidence is filed by measure"))
    elif _nothing_else(case) and all(_is_paper(one.kind, table) for one in case.evidence):
        listed = "、".join(dict.fromkeys(one.kind for one in case.evidence))
        yield table.sign(
            "K06", [Words(f"全部证据只有 {listed}", f"all evidence is {listed}")], [one.id for one in case.evidence]
        )
    if seen:
        yield table.sign("K06", [words for _, words in seen], [f"measure {number}" for number, _ in seen])


def _nothing_else(case: Case) -> bool:
    """Whether evidence is filed by no measure, and there are neither photographs nor readings."""
    return not any(one.measure for one in case.evidence) and not case.photos and not case.readings


def _is_paper(kind_words: str, table: Table) -> bool:
    word = kind_words.strip().lower()
    return word in table.words["paper"]
