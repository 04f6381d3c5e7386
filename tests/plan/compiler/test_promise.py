"""The promise of the compiler: any text compiles, every field points into it, and the work grows with its length."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.fuzz import adversaries, mutations, run
from tests.plan.compiler.invariants import broken

from anlan.plan.compiler.compile import compile_text

PLANS = run.documents()

# Characters that mean something to some rule; the rest of Unicode comes from st.characters().
ALPHABET = (
    "一二三十百万亿第章条年月日前底内旬季周工作由会同和及与等局委办镇乡街道区市县责任单位牵头配合负时限期完成建设达到以上不低于个项公里亩元"
    "0123456789（）()〔〕《》“”、，,。.；;：:-—~%％/|·①② \t\n\u3000\u200b責單標"
)
anything = st.text(st.one_of(st.sampled_from(ALPHABET), st.characters()), max_size=300)
pieces = st.lists(st.one_of(st.sampled_from(mutations.PIECES), st.sampled_from(ALPHABET)), max_size=60).map("".join)

unit = st.sampled_from(["区水利局", "市住建局", "县发改委", "各乡镇（街道）", "区直有关单位", "区市场监管局", "某公司"])
units = st.lists(unit, min_size=1, max_size=4).flatmap(
    lambda names: st.sampled_from(["、", "和", "，", " ", "\n", "、\n"]).map(lambda mark: mark.join(names))
)
duty = st.one_of(
    units.map("（牵头单位：{}）".format),
    st.tuples(units, units).map("（{0[0]}牵头，{0[1]}按职责分工负责）".format),
    units.map("\n责任单位：{}".format),
    units.map("由{}负责。".format),
    st.just(""),
)
when = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "2025年", "二○二五年", "今年", "到2027年", "每"]),
    st.sampled_from(["", "2月", "12月", "十二月", "13月", "1-3月", "上半年", "四季度"]),
    st.sampled_from(["", "30日", "31日", "底", "上旬"]),
    st.sampled_from(["", "前", "前完成", "内", "起"]),
)
figure = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["新建污水管网", "接管率达到", "不低于", "压减至", "培训", "至少建设"]),
    st.sampled_from(["3", "1.5", "2-3", "三百", "10余", "99999999999", "五分之一", "1,000"]),
    st.sampled_from(["公里", "%", "万元", "个", "", "万亩", "次/月"]),
    st.sampled_from(["", "以上", "左右", "以内"]),
)
number = st.builds(
    lambda form, n: form.format(n),
    st.sampled_from(["{}.", "（{}）", "{}、", "第{}条 ", "{}）", "1.{} ", "任务{}：", "{}\t", ""]),
    st.one_of(st.integers(0, 120), st.sampled_from("一二三四五六七八九十")),
)
item = st.builds(
    "{}{}{}{}，{}。{}\n".format,
    number,
    st.sampled_from(["加强管理。", "指导思想", "整治：", "一段没有标题的工作", "推进（2025年6月底前）\n"]),
    when,
    st.sampled_from(["做好工作", "会同区财政局落实", ""]),
    figure,
    duty,
)
heading = st.builds("{}{}\n".format, number, st.sampled_from(["重点任务", "总体要求", "保障措施", "附件1", "目录"]))
document = st.builds(
    lambda title, parts, end: title + "".join(parts) + end,
    st.sampled_from(["", "某区2025年水环境治理工作要点\n", "某市人民政府关于印发《某方案》的通知\n某方案\n"]),
    st.lists(st.one_of(item, item, heading, st.sampled_from(mutations.PIECES)), max_size=12),
    st.sampled_from(["", "\n某市人民政府办公室\n2025年1月1日\n", "（此件公开发布）", "征求意见结果：无"]),
)


@given(anything)
@example("")
@example("\n")
@example("\ufeff")
@example("2）\n\t任务\t责任单位\n\t务\t位\n①")
@example("任务\n责任\n单位\n1\n局\n單位\n2\n5.")
@example("任务\t责任单位\n-\t水")
def test_any_text_compiles(text: str) -> None:
    assert broken(text) == []


@given(pieces)
def test_any_heap_of_pieces_compiles(text: str) -> None:
    assert broken(text) == []


@given(document)
def test_any_document_built_of_headings_and_items_compiles(text: str) -> None:
    assert broken(text) == []


@given(st.sampled_from(PLANS), st.randoms(use_true_random=False))
def test_any_damaged_plan_compiles(plan: str, random: Any) -> None:
    assert broken(mutations.mutate(plan, random)[:6000]) == []


@pytest.mark.parametrize("plan", PLANS, ids=range(len(PLANS)))
def test_every_whole_plan_keeps_the_promise(plan: str) -> None:
    assert compile_text(plan).measures
    assert broken(plan) == []


@pytest.mark.parametrize("place", ["", *adversaries.PLACES])
def test_every_adversary_keeps_the_promise(place: str) -> None:
    texts = {name: adversaries.text(name, 400) for name in adversaries.names(place)}
    assert len(texts) > 100
    assert {name: found for name, text in texts.items() if (found := broken(text))} == {}


def steps(work: Callable[[], object]) -> int:
    """Lines of Python run and functions called by `work`: a clock that no busy machine can slow down."""
    count = 0

    def on_line(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        count += 1
        return on_line

    def on_call(frame: FrameType, event: str, _: object) -> None:
        nonlocal count
        count += 1

    before = sys.gettrace(), sys.getprofile()
    sys.settrace(on_line)
    sys.setprofile(on_call)
    try:
        work()
    finally:
        sys.settrace(before[0])
        sys.setprofile(before[1])
    return count


# The rules look 900 characters ahead at most: texts longer than that show how the work grows. Four times the text
# takes four times the steps, and a fifth more for the edges; work that grows with the square takes up to sixteen times.
# What happens inside a regular expression is no step: the fuzz run watches it by the clock.
SHORT, LONG, MOST = 2_000, 8_000, 4.8


@pytest.mark.parametrize("name", adversaries.names())
def test_the_work_grows_no_faster_than_the_text(name: str) -> None:
    short, long = adversaries.text(name, SHORT), adversaries.text(name, LONG)
    # Once uncounted: tables that load and patterns that compile at their first use are no work on the text.
    compile_text(long)
    assert steps(lambda: compile_text(long)) <= MOST * steps(lambda: compile_text(short))


def test_work_that_grows_with_the_square_would_be_seen() -> None:
    def every_pair(n: int) -> int:
        seen = 0
        for i in range(n):
            for _ in range(i):
                seen += 1
        return seen

    assert steps(lambda: every_pair(400)) > MOST * steps(lambda: every_pair(100))


def test_the_last_of_three_thousand_items_is_read_like_the_first() -> None:
    """No window or cap of the rules makes the compiler lose what stands far back in a long document."""
    lines = "".join(f"{n % 99 + 1}.推进第{n}项工作。12月底前完成。（责任单位：区水利局）\n" for n in range(3000))
    measures = compile_text(f"某区2025年工作要点\n一、重点任务\n{lines}").measures
    assert len(measures) == 3000
    assert {(len(m.duties), len(m.deadlines)) for m in measures} == {(1, 1)}
