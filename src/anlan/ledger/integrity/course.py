"""Signs in the course of a rectification: who verified, how progress went, what was put off, what came again."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

from anlan.ledger.integrity.cases import Case, Petition, day, is_after, moment
from anlan.ledger.integrity.photographs import apart_m
from anlan.ledger.integrity.signs import Sign, Table, Unchecked
from anlan.settings import Words

# Receipts by kind and number: the problems and papers where they stand.
Receipts = dict[tuple[str, str], list[tuple[str, str]]]
_WASTE_PAPERS = ("weighing", "transfer", "report")


def receipts(cases: tuple[Case, ...]) -> Receipts:
    """Receipts with a number, by kind and number."""
    found: Receipts = {}
    for case in cases:
        for one in case.receipts:
            if number := one.number.strip().upper():
                found.setdefault((one.kind, number), []).append((case.id, one.id))
    return found


def look(
    case: Case, all_receipts: Receipts, petitions: tuple[Petition, ...], table: Table
) -> Iterator[Sign | Unchecked]:
    """All signs in the course of a case. `petitions` are those of the whole collection."""
    yield from _progress(case, table)
    yield from _speed(case, table)
    yield from _verified(case, table)
    yield from _extended(case, table)
    yield from _papers(case, all_receipts, table)
    yield from _evidence(case, table)
    yield from _waste(case, table)
    yield from _again(case, petitions, table)


def _progress(case: Case, table: Table) -> Iterator[Sign | Unchecked]:
    told = sorted((one for one in case.reports if one.percent is not None), key=lambda one: moment(one.at))
    if len(told) < 2:
        yield Unchecked(("K11", "T01"), Words("少于两期带完成比例的报告", "fewer than two reports with a percentage"))
        return
    for before, after in itertools.pairwise(told):
        assert before.percent is not None
        assert after.percent is not None
        said = f"{before.percent:f}% → {after.percent:f}%"
        if after.percent < before.percent:
            yield table.sign(
                "T01",
                [Words(f"{day(before.at)} 至 {day(after.at)}：{said}", f"{day(before.at)} to {day(after.at)}: {said}")],
                [before.id, after.id],
            )
        elif case.deadline and before.percent < table.bounds["jump_from"] and after.percent == 100:
            left = (case.deadline - day(after.at)).days
            if left >= 0 and (case.deadline - day(before.at)).days <= table.number("jump_days"):
                yield table.sign(
                    "K11",
                    [
                        Words(
                            f"{day(before.at)} 至 {day(after.at)}：{said}，距截止 {case.deadline} 还有 {left} 天",
                            f"{day(before.at)} to {day(after.at)}: {said}, {left} days before {case.deadline}",
                        )
                    ],
                    [before.id, after.id],
                )
    if case.deadline is None:
        yield Unchecked(("K11",), Words("没有整改时限", "there is no deadline"))


def _speed(case: Case, table: Table) -> Iterator[Sign | Unchecked]:
    begun, done = case.first("planned"), case.when("self_done")
    if begun is None or done is None:
        yield Unchecked(("T02",), Words("缺方案审定或自验时间", "the day of approval or of the own check is missing"))
        return
    text = "\n".join((*case.measures, case.goal_approved))
    for words, days, title in table.fastest:
        word = next((one for one in words if one in text), None)
        if word:
            took = (day(done) - day(begun)).days
            if took < days:
                yield table.sign(
                    "T02",
                    [
                        Words(
                            f"{day(begun)} 审定，{day(done)} 自验，{took} 天；{title.zh}（“{word}”）通常至少 {days} 天",
                            f"approved {day(begun)}, called done {day(done)}: {took} days; "
                            f"{title.en} (“{word}”) takes {days} at least",
                        )
                    ],
                    ["planned", "self_done"],
                )
            return


def _verified(case: Case, table: Table) -> Iterator[Sign | Unchecked]:
    seen = []
    if not case.responsible or not case.verifier:
        yield Unchecked(("K12",), Words("缺责任单位或验收单位", "who rectified or who verified is missing"))
    for one in case.responsible:
        for other in case.verifier:
            if one == other:
                seen.append(Words(f"责任单位和验收单位都是 {one}", f"{one} rectified and verified"))
            elif case.above.get(one) == other:
                seen.append(
                    Words(f"验收单位 {other} 是责任单位 {one} 的主管单位", f"{other} verified and stands above {one}")
                )
            elif case.above.get(other) == one:
                seen.append(
                    Words(f"责任单位 {one} 是验收单位 {other} 的主管单位", f"{one} rectified and stands above {other}")
                )
            elif (head := case.above.get(one)) and head == case.above.get(other):
                seen.append(
                    Words(
                        f"责任单位 {one} 和验收单位 {other} 同属 {head}", f"{one} and {other} both stand under {head}"
                    )
                )
    did = {event.person for event in case.events if event.kind == "self_done" and event.person}
    checked = {event.person for event in case.events if event.kind in ("checked", "accepted") and event.person}
    seen += [
        Words(f"自验和验收都由 {one} 办理", f"{one} did the own check and the verification")
        for one in sorted(did & checked)
    ]
    if seen:
        yield table.sign("K12", seen, [*case.responsible, *case.verifier])


def _extended(case: Case, table: Table) -> Iterator[Sign]:
    steps = sorted((event for event in case.events if event.kind == "extended"), key=lambda one: moment(one.at))
    days, last = 0, case.deadline
    for event in steps:
        if event.until and last:
            days += max(0, (event.until - last).days)
        last = event.until or last
    if len(steps) >= table.number("extensions") or days > table.number("extended_days"):
        yield table.sign(
            "K15",
            [Words(f"延期 {len(steps)} 次，累计 {days} 天", f"{len(steps)} extensions, {days} days in sum")],
            [event.at.isoformat() for event in steps],
        )


def _papers(case: Case, all_receipts: Receipts, table: Table) -> Iterator[Sign | Unchecked]:
    if not case.receipts:
        yield Unchecked(("T03", "T04"), Words("没有登记票据", "there are no receipts"))
        return
    begun, done = case.first("planned"), case.when("self_done")
    for one in case.receipts:
        shown = one.number or one.id
        if one.on and begun and one.on < day(begun):
            yield table.sign(
                "T03",
                [
                    Words(
                        f"票据 {shown} 日期 {one.on}，方案 {day(begun)} 审定",
                        f"receipt {shown} is of {one.on}, the plan was approved {day(begun)}",
                    )
                ],
                [one.id],
            )
        if one.on and done and one.on > day(done) and one.kind in _WASTE_PAPERS:
            yield table.sign(
                "K03",
                [
                    Words(
                        f"单据 {shown} 日期 {one.on}，晚于自验 {day(done)}",
                        f"paper {shown} is of {one.on}, after the own check of {day(done)}",
                    )
                ],
                [one.id],
            )
        others = [name for name in all_receipts.get((one.kind, one.number.strip().upper()), ()) if name[0] != case.id]
        if one.number and others:
            listed = "、".join(f"{problem}/{name}" for problem, name in others[:10])
            yield table.sign(
                "T04",
                [
                    Words(
                        f"票据 {shown} 还用于 {listed}", f"receipt {shown} also stands in {listed.replace('、', ', ')}"
                    )
                ],
                [one.id, *(f"{a}/{b}" for a, b in others)],
            )


def _evidence(case: Case, table: Table) -> Iterator[Sign]:
    done = case.when("self_done")
    for one in case.evidence:
        # A verification is later by its nature.
        if done and one.at and is_after(one.at, done) and "验收" not in one.kind and "核查" not in one.kind:
            yield table.sign(
                "K03",
                [
                    Words(
                        f"证据 {one.id}（{one.kind}）形成于 {day(one.at)}，晚于自验 {day(done)}",
                        f"evidence {one.id} ({one.kind}) is of {day(one.at)}, after the own check of {day(done)}",
                    )
                ],
                [one.id],
            )


def _waste(case: Case, table: Table) -> Iterator[Sign | Unchecked]:
    words = table.words
    found = next((word for word in words["waste"] if word in case.text), None)
    if found is None or case.when("self_done") is None:
        return
    proven = any(one.kind in _WASTE_PAPERS for one in case.receipts) or any(
        word in one.kind for one in case.evidence for word in words["proof_of_waste"]
    )
    if not proven:
        yield table.sign(
            "K07",
            [
                Words(
                    f"问题涉及“{found}”，没有鉴别报告、转移联单或过磅单",
                    f"the problem is of “{found}”, and there is no report on its nature, "
                    "transfer form or weighing note",
                )
            ],
            ["evidence"],
        )


def _months_on(at: dt.date, months: int) -> dt.date:
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    # The 28th exists everywhere; three days more do not matter for a bound of a year.
    return dt.date(year, month + 1, min(at.day, 28))


def _again(case: Case, petitions: tuple[Petition, ...], table: Table) -> Iterator[Sign | Unchecked]:
    closed, done = case.when("closed"), case.when("closed", "self_done")
    if done:
        for number, one in enumerate(case.disclosures, 1):
            if is_after(one.at, done):
                yield table.sign(
                    "K14",
                    [Words(f"{day(one.at)} 又见于 {one.source}", f"named again on {day(one.at)} by {one.source}")],
                    [f"disclosure {number}"],
                )
    if closed is None:
        yield Unchecked(("K08", "K09"), Words("尚未销号", "it is not closed yet"))
        return
    last = _months_on(day(closed), table.number("petition_months"))
    seen, objects = [], []
    own = {one.id for one in case.petitions}
    for petition in {one.id: one for one in (*petitions, *case.petitions)}.values():
        if not is_after(petition.at, closed) or day(petition.at) > last:
            continue
        about = petition.id in own or petition.about == case.id
        # What was filed under another problem counts here only if it speaks of the same things.
        if not about and not _same_things(petition.text, case.text, table):
            continue
        near = apart_m(petition.place, case.place) if case.place and petition.place else None
        if near is not None and near <= table.number("petition_m"):
            seen.append(
                Words(
                    f"{day(petition.at)} 信访 {petition.id}，距点位 {near:.0f} 米",
                    f"petition {petition.id} of {day(petition.at)}, {near:.0f} m from the place",
                )
            )
        elif about:
            seen.append(
                Words(
                    f"{day(petition.at)} 信访 {petition.id}，反映本问题",
                    f"petition {petition.id} of {day(petition.at)} about this problem",
                )
            )
        else:
            continue
        objects.append(petition.id)
    if seen:
        yield table.sign("K08", seen, objects)


def _same_things(text: str, other: str, table: Table) -> bool:
    """Whether two texts name an object in common; a petition without words speaks of anything."""
    if not text:
        return True
    return any(
        any(word in text for word in group) and any(word in other for word in group) for group in table.words["objects"]
    )
