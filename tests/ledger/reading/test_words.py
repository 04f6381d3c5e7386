"""Titles of columns."""

from __future__ import annotations

import pytest

from anlan.ledger.reading.model import FIELD_WORDS, Field
from anlan.ledger.reading.words import classify


@pytest.mark.parametrize(
    "title, fields",
    [
        ("问题来源", ["source"]),
        ("披露时间", ["disclosed"]),
        ("问题描述(含地点、数量)", ["description"]),
        ("存在的主要问题", ["description"]),
        ("序 号", ["number"]),
        ("record_id", ["record_id"]),
        ("责任\n单位", ["unit_text"]),
        ("牵头/责任单位", ["unit_text"]),
        ("配合单位", ["coop"]),
        ("督导单位", ["supervise"]),
        ("整改责任人", ["person"]),
        ("整改举措", ["measures"]),
        ("整改目标", ["goal"]),
        ("整改完成时限", ["deadline"]),
        ("要求完成时间", ["deadline"]),
        ("整改完成情况", ["progress"]),
        ("是否完成", ["done"]),
        ("完成比例(%)", ["percent"]),
        ("销号时间", ["closed"]),
        ("县（市、区）", ["county"]),
        ("乡镇（街道）", ["town"]),
        ("行政村", ["village"]),
        ("所在河流", ["river"]),
        ("经度", ["lon"]),
        ("问题来源及发现时间", ["source", "disclosed"]),
        ("发现年份", ["year"]),
        ("问题类型", ["kind"]),
        ("备注", ["remark"]),
        # Counts are no problems, values are no titles.
        ("问题数", []),
        ("河口县梅岭镇栗树村", []),
        ("完成70%", []),
        ("", []),
    ],
)
def test_the_head_of_a_title_says_what_it_is(title: str, fields: list[str]) -> None:
    assert [field.value for field, _ in classify(title)] == fields


def test_a_vague_title_means_what_stands_above_it() -> None:
    assert classify("单位", "涉及数量")[0][0] is Field.UNIT
    assert classify("单位", "整改责任")[0][0] is Field.UNITS
    assert classify("时间", "整改完成")[0][0] is Field.DEADLINE
    assert classify("时间", "问题发现")[0][0] is Field.DISCLOSED
    assert classify("属地", "责任单位")[0][0] is Field.UNITS


def test_every_field_has_a_name_in_both_languages() -> None:
    assert set(FIELD_WORDS) == set(Field)
    assert all(words.zh and words.en for words in FIELD_WORDS.values())
