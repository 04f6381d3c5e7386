"""Whatever the text, diagnosing it raises nothing and points into the text; it is quick and always says the same."""

from __future__ import annotations

import time
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from anlan.plan import pack
from anlan.plan.compiler.compile import compile_text, parse_text
from anlan.plan.compiler.diagnostics import diagnose
from anlan.plan.compiler.diagnostics.messages import CATALOGUE, message
from anlan.plan.compiler.model import Plan

ORGANS = pack.load("changjiang").organs
PIECES = st.sampled_from(
    [
        *"一二三、。，（）()《》：；0123456789%\n\t -",
        *(
            "1.",
            "（一）",
            "一、",
            "2月30日",
            "2025年",
            "DN300mm",
            "区水利局",
            "各有关单位",
            "负责",
            "牵头",
            "率达到8000",
        ),
        *(
            "“4+1”工程",
            "五大行动",
            "征求意见",
            "意见征求稿",
            "发布时间：2025-13-45",
            "【已结束】",
            "暂无征集结果",
            "等等",
        ),
        *("6月底前", "增长5%", "14550米", "m3", "立方米", "第三章", "⑤", "\u200b", "𠮷", "責任單位：", "办公室"),
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join))


def faults(plan: Plan) -> list[str]:
    found = []
    for one in plan.diagnostics:
        if not 0 <= one.span.start <= one.span.end <= len(plan.text):
            found.append(f"{one.code} {one.span} is outside the text")
        if one.span.start == one.span.end and plan.text:
            found.append(f"{one.code} {one.span} is empty")
        if one.measure is not None:
            span = plan.measures[one.measure].span
            if not span.start <= one.span.start < span.end:
                found.append(f"{one.code} {one.span} is not in its measure {span}")
        if one.severity is not CATALOGUE[one.code].severity:
            found.append(f"{one.code} is not as severe as the catalogue says")
        if not message(one, "zh") or not message(one, "en"):
            found.append(f"{one.code} says nothing")
    places = [(d.span, d.code) for d in plan.diagnostics]
    if places != sorted(set(places)):
        found.append("not by place, or one twice")
    return found


@given(TEXTS)
@example("")
@example("\u200b")
@example("1.（")
@example("一、一、一、")
def test_any_text_is_diagnosed(text: str) -> None:
    assert faults(compile_text(text, register=ORGANS)) == []


@given(TEXTS, st.integers(0, 300), st.integers(0, 300))
def test_any_cut_out_of_a_plan_is_diagnosed(inset: str, start: int, length: int) -> None:
    whole = (pack.load("changjiang").plan.path).read_text(encoding="utf-8")[900:1500]
    text = whole[:start] + inset + whole[start + length :]
    assert faults(compile_text(text)) == []


def test_diagnosing_twice_says_the_same(root: Path) -> None:
    plan = parse_text((root / "packs" / "changjiang" / "plan.txt").read_text(encoding="utf-8"))
    assert diagnose(plan, ORGANS) == diagnose(plan, ORGANS)


def seconds(plan: Plan) -> float:
    """Processor time of the quickest of three runs: what others do on the machine counts little."""
    runs = []
    for _ in range(3):
        begin = time.process_time()
        diagnose(plan)
        runs.append(time.process_time() - begin)
    return min(runs)


def test_time_grows_with_the_length_and_not_faster(root: Path) -> None:
    text = (root / "packs" / "changjiang" / "plan.txt").read_text(encoding="utf-8")
    short, long = parse_text(text * 4), parse_text(text * 16)
    # Four times the text in four times the time; twice that is left for the machine.
    assert seconds(long) < 8 * seconds(short)


def test_many_different_names_meet_only_in_their_buckets() -> None:
    def plan(count: int) -> Plan:
        names = (
            "市" + chr(0x4E00 + i % 97) + chr(0x4E80 + i % 89) + chr(0x4F00 + i % 83) + "管理局" for i in range(count)
        )
        return parse_text(
            "2025年工作要点\n一、任务\n" + "\n".join(f"{i}.清淤。（{n}负责）" for i, n in enumerate(names, 1))
        )

    assert seconds(plan(2400)) < 8 * seconds(plan(600))
