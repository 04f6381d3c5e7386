"""Documents that a text refers to."""

from __future__ import annotations

import pytest

from anlan.plan.compiler import references
from anlan.plan.compiler.view import fold, solid

# Text, then title, number and year of each reference.
CASES: list[tuple[str, list[tuple[str | None, str | None, int | None]]]] = [
    ("落实《河道管理条例》要求。", [("河道管理条例", None, None)]),
    ("落实《水污染防治行动计划（2021—2025年）》。", [("水污染防治行动计划（2021-2025年）", None, 2021)]),
    (
        "根据《关于加强河湖管理的意见》（临政办发〔2023〕12号）精神。",
        [("关于加强河湖管理的意见", "临政办发〔2023〕12号", 2023)],
    ),
    (
        "根据《关于加强河湖管理的意见》(临政办发[2023]12号)精神。",
        [("关于加强河湖管理的意见", "临政办发〔2023〕12号", 2023)],
    ),
    (
        "根据《关于印发〈河湖长制考核办法〉的通知》（临河办〔2022〕第3号）。",
        [("关于印发〈河湖长制考核办法〉的通知", "临河办〔2022〕第3号", 2022)],
    ),
    (
        "临政发〔2024〕5号、临水发〔2024〕第8号",
        [(None, "临政发〔2024〕5号", 2024), (None, "临水发〔2024〕第8号", 2024)],
    ),
    ("《水法》《防洪法》等法律。", [("水法", None, None), ("防洪法", None, None)]),
    ("落实《“十四五”水安全保障规划》。", [("“十四五”水安全保障规划", None, None)]),
    ("落實《河道管理條例》要求。", [("河道管理条例", None, None)]),
    ("区水利局负责河道管理。", []),
    ("（2024）年度计划，完成5号泵站改造。", []),
    ("《》空的书名号。", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_titles_and_numbers_of_documents_are_found(
    text: str, expected: list[tuple[str | None, str | None, int | None]]
) -> None:
    assert [(f.title, f.number, f.year) for f in references.find(solid(fold(text)))] == expected


def test_a_reference_covers_its_title_and_its_number() -> None:
    text = "根据《管理意见》（临政办发〔2023〕12号）精神"
    (found,) = references.find(text)
    assert text[found.start : found.end] == "《管理意见》（临政办发〔2023〕12号）"


def test_a_title_inside_a_title_is_no_reference_of_its_own() -> None:
    assert [f.title for f in references.find("《关于印发《考核办法》的通知》")] == ["关于印发《考核办法》的通知"]


def test_a_number_behind_its_title_is_not_counted_twice() -> None:
    found = references.find("《甲办法》（临水发〔2021〕1号）和临水发〔2022〕2号")
    assert [(f.title, f.year) for f in found] == [("甲办法", 2021), (None, 2022)]
