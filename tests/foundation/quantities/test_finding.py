"""Figures found in running text: value, unit, comparator and place."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.foundation.quantities import Quantity, find, finding, units


def _shown(q: Quantity) -> str:
    value = "-".join(map(str, q.value)) if isinstance(q.value, tuple) else str(q.value)
    return f"{q.comparator} {value} {q.unit}{' ~' if q.approximate else ''}"


@pytest.mark.parametrize(
    "text, expected",
    [
        ("98%以上", "ge 98 %"),
        ("不低于98%", "ge 98 %"),
        ("不少于30座", "ge 30 座"),
        ("不得少于3次", "ge 3 次"),
        ("达85%", "ge 85 %"),
        ("达到98%以上", "ge 98 %"),
        ("≥85%", "ge 85 %"),
        (">=85％", "ge 85 ％"),
        ("提高到45%", "eq 45 %"),
        ("5个及以上", "ge 5 个"),
        ("5000万元（含）以上", "ge 5000 万元"),
        ("控制在8毫克/升以内", "le 8 毫克/升"),
        ("不超过5%", "le 5 %"),
        ("压减到10个以内", "le 10 个"),
        ("降至3%", "eq 3 %"),
        ("30人以下", "le 30 人"),
        ("≤50mg/L", "le 50 mg/L"),
        ("超过1亿元", "gt 1 亿元"),
        ("突破20万元", "gt 20 万元"),
        ("超过98%以上", "gt 98 %"),
        ("低于5%", "lt 5 %"),
        ("不足10户", "lt 10 户"),
        ("3家左右", "eq 3 家 ~"),
        ("约1.26万吨", "eq 1.26 万吨 ~"),
        ("近20家", "eq 20 家 ~"),
        ("附近20家", "eq 20 家"),
        ("节约20吨", "eq 20 吨"),
        ("下达3个", "eq 3 个"),
        ("控制在5%左右", "eq 5 % ~"),
        ("2000余家", "eq 2000 家 ~"),
        ("10多万元", "eq 10 万元 ~"),
        ("2万余户", "eq 2 万户 ~"),
        ("2-3个", "range 2-3 个"),
        ("2～3个", "range 2-3 个"),
        ("2至3个", "range 2-3 个"),
        ("2——3个", "range 2-3 个"),
        ("30%-40%", "range 30-40 %"),
        ("5万至6万亩", "range 5-6 万亩"),
        ("5000亩至1万亩", "range 0.5-1 万亩"),
        ("三到五个", "range 3-5 个"),
        ("两三家", "range 2-3 家"),
        ("力争达到60%", "ge 60 %"),
        ("翻一番", "eq 2 倍"),
        ("翻两番", "eq 4 倍"),
        ("零增长", "le 0 %"),
        ("负增长", "lt 0 %"),
        ("下降5%以上", "ge 5 %"),
        ("增长3%", "eq 3 %"),
        ("提高0.5个百分点", "eq 0.5 个百分点"),
        ("百分之九十以上", "ge 90 %"),
        ("三万亩", "eq 3 万亩"),
        ("三万五千亩", "eq 35000 亩"),
        ("三千米", "eq 3000 米"),
        ("10台（套）", "eq 10 台（套）"),
        ("720吨/天", "eq 720 吨/天"),
        ("3.5万吨/年", "eq 3.5 万吨/年"),
        ("COD50mg/L", "eq 50 mg/L"),
        ("１，２００件", "eq 1200 件"),
        ("压缩至0.5个工作日以内", "le 0.5 个工作日"),
        ("3个月", "eq 3 个月"),
        ("不超过24小时", "le 24 小时"),
        ("缩短到3天", "eq 3 天"),
        ("容积率不低于1.2", "ge 1.2 "),
        ("PUE值控制在1.3以内，", "le 1.3 "),
        ("12个工业园", "eq 12 个"),
        ("5.2万亩次", "eq 5.2 万亩次"),
        ("高于160毫米汞柱", "gt 160 毫米汞柱"),
        ("2—3部", "range 2-3 部"),
        ("50兆瓦时", "eq 50 兆瓦时"),
        ("800P，", "eq 800 P"),
        ("260路以上", "ge 260 路"),
        ("下降15个基点", "eq 15 个基点"),
        ("扩大至50项", "eq 50 项"),
        ("扩大至50项以上", "ge 50 项"),
        ("用水量不突破9.6万亩", "le 9.6 万亩"),
        ("降到12年以下", "le 12 年"),
        ("延长到11.3年", "eq 11.3 年"),
        ("时延不超过5毫秒", "le 5 毫秒"),
        ("3.6万单以上", "ge 3.6 万单"),
        ("12/10万以下", "le 12 /10万"),
    ],
)
def test_a_figure_is_read_as_printed(text: str, expected: str) -> None:
    assert [_shown(q) for q in find(text)] == [expected]


@pytest.mark.parametrize(
    "text",
    ["第3批", "第3部", "达到2.6的比", "3个季度", "2024年", "6月30日", "16周岁", "达到2025年", "延长至2027年", "12年", "10年代", "3年级",
     "DN300", "IPv6", "5G", "110千伏", "GB3838-2002", "10条例", "国三升级",
     "1.2.3", "12345678901234567890个", "3-2座", "一体化", "三农", "万亩良田", "千方百计", ""],
)  # fmt: skip
def test_codes_dates_and_ordinals_are_no_quantities(text: str) -> None:
    assert find(text) == []


def test_places_point_at_number_unit_and_comparator() -> None:
    text = "接管率稳定达到95.5%以上。"
    (q,) = find(text)
    assert text[q.start : q.end] == "达到95.5%以上"
    assert text[slice(*q.number_place)] == "95.5"
    assert text[slice(*q.unit_place)] == "%"
    assert q.comparator_place
    assert text[slice(*q.comparator_place)] == "以上"


def test_a_movement_to_a_figure_is_exact_not_approximate() -> None:
    (moved,) = find("提高到45%")
    (about,) = find("约45%")
    assert (moved.approximate, about.approximate) == (False, True)


def test_a_range_has_both_ends_in_the_unit_printed_last() -> None:
    (q,) = find("完成5000亩至1万亩")
    # 5000 亩 are 0.5 of 万亩.
    assert (q.value, q.unit) == ((Decimal("0.5"), Decimal(1)), "万亩")


@given(
    st.text(
        alphabet="0123456789.,，-至万亿千百十一二三两零分之翻番增长个亩%第余多、。约达到不低于以上吨/天（）",
        max_size=200,
    )
)
def test_any_text_is_answered_with_figures_in_order_and_apart(text: str) -> None:
    found = find(text)
    assert all(0 <= q.start <= q.number_place.start <= q.end <= len(text) for q in found)
    assert all(a.number_place.end <= b.number_place.start for a, b in pairwise(found))
    assert all(a.unit_place.end <= b.number_place.start for a, b in pairwise(found))
    assert all(q.unit in text for q in found if q.unit and q.unit_place.start < q.unit_place.end)


class _Counted:
    """Pattern that adds up the characters it went over, and how often it was asked."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern, self.work = pattern, 0

    def search(self, text: str, place: int) -> re.Match[str] | None:
        match = self.pattern.search(text, place)
        self.work += (match.end() if match else len(text)) - place + 1
        return match

    def match(self, text: str, place: int) -> re.Match[str] | None:
        match = self.pattern.match(text, place)
        self.work += (match.end() - place if match else 0) + 1
        return match


@pytest.mark.parametrize(
    "unit",
    ["1", "万", "一", "、", "1-", "1个", "1，000", "1.1", "百分之", "三分之", "不低于", "1万", "1至", "一至", "3万5千",
     "翻一", "1余", "第1"],
)  # fmt: skip
def test_work_grows_in_step_with_the_text(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    work = []
    for times in (2000, 8000):
        counted = _Counted(finding._TOKEN)
        reads = [0]

        def read(text: str, place: int, reads: list[int] = reads, original=units.read) -> int:  # type: ignore[no-untyped-def]
            reads[0] += 1
            return int(original(text, place))

        with monkeypatch.context() as patched:
            patched.setattr(finding, "_TOKEN", counted)
            patched.setattr(units, "read", read)
            find(unit * times)
        work.append(counted.work + reads[0])
    # Four times the text may cost four times the work; one part in ten is left for the ends.
    assert work[1] <= 4.4 * work[0] + 50


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet="1万、个-一十亿.,，余分之至", min_size=1, max_size=6))
def test_long_repetitions_of_anything_come_back(piece: str) -> None:
    found = find(piece * (20_000 // len(piece)))
    assert all(q.unit or q.spelled for q in found)
