"""Reading of grids: what is a record, what is none, what a person should look at."""

from __future__ import annotations

import datetime as dt

import pytest

from anlan.foundation.sheets.reading import Cell, Grid
from anlan.ledger.reading import Field, Reading, Why, read, read_grids
from anlan.ledger.reading.headings import heading
from anlan.settings import InputError

TITLES: list[Cell] = ["序号", "地点", "问题描述", "责任单位", "整改时限"]


def grid(*rows: list[Cell], name: str = "表", merged: list[tuple[int, int, int, int]] | None = None) -> Grid:
    """A sheet of these rows."""
    return Grid(name, [(number, row) for number, row in enumerate(rows, 1) if row], merged=merged or [])


def reading(*rows: list[Cell], **more: object) -> Reading:
    """What is read from a sheet with the titles above and these rows."""
    return read_grids([grid(TITLES, *rows)], "表.xlsx", **more)  # type: ignore[arg-type]


def test_a_row_keeps_where_it_came_from_and_what_it_said() -> None:
    (record,) = reading([1, "柳溪镇上河村", "堆垃圾１０方", "镇政府\n区水务局", dt.date(2022, 5, 6)]).records
    assert (record.sheet, record.excel_row, record.rows, record.part, record.number) == ("表", 2, (2, 2), 1, "1")
    assert record.description == "堆垃圾10方"
    assert record.unit_text == "镇政府、区水务局"
    assert record.original["问题描述"] == "堆垃圾１０方"


@pytest.mark.parametrize(
    "row, why",
    [
        (["合  计", None, "3个"], Why.TOTAL),
        (["小计"], Why.TOTAL),
        (["柳溪镇小计", None, "2个"], Why.TOTAL),
        (["以上共计5个问题"], Why.TOTAL),
        (["注：时限以文件为准"], Why.NOTE),
        (["填表人：张某"], Why.NOTE),
        (["例", "××镇××村", "河边堆垃圾", "××局", "2022-05"], Why.EXAMPLE),
        (["示例1", "甲镇乙村", "河边堆垃圾", "丙局", "2022-05"], Why.EXAMPLE),
        ([1, "甲镇乙村", "（例）河边堆垃圾", "丙局", "2022-05"], Why.EXAMPLE),
        ([7], Why.EMPTY),
        (TITLES, Why.HEADER),
    ],
)
def test_totals_notes_examples_and_spare_rows_are_no_records(row: list[Cell], why: Why) -> None:
    found = reading([1, "甲镇乙村", "塘水发黑", "丙局", "2022-05"], row)
    assert [record.excel_row for record in found.records] == [2]
    assert [(one.row, one.why) for one in found.left_out if one.row > 1] == [(3, why)]


def test_a_row_without_a_problem_and_a_date_that_is_none_are_told_at_once() -> None:
    found = reading(
        [1, "甲镇乙村", None, "丙局", "2022-05"],
        [2, "甲镇乙村", "塘水发黑", "丙局", "2022年13月"],
        [3, "甲镇丁村", "桥下垃圾", "丙局", "2022-02-30"],
    )
    assert [(one.row, one.field) for one in found.doubts] == [
        (2, Field.DESCRIPTION),
        (3, Field.DEADLINE),
        (4, Field.DEADLINE),
    ]
    assert [record.deadline for record in found.records] == [None, None]


def test_a_later_heading_of_a_kind_takes_the_place_of_the_one_before() -> None:
    found = reading(
        ["一、甲镇"],
        ["（一）乙村"],
        [1, None, "塘水发黑", "丙局", None],
        ["（二）丁村"],
        [2, None, "桥下垃圾", "丙局", None],
        ["二、戊乡"],
        [3, None, "堤坝塌方", "丙局", None],
    )
    assert [record.place for record in found.records] == ["甲镇乙村", "甲镇丁村", "戊乡"]


def test_what_the_text_says_is_nearer_than_a_heading_far_above() -> None:
    found = reading(["鱼山镇"], [1, None, "丽阳镇彭家村塘水发黑", "丙局", None], [2, None, "桥下垃圾", "丙局", None])
    assert [record.place for record in found.records] == ["丽阳镇彭家村", "鱼山镇"]


def test_one_text_merged_over_several_numbers_is_a_record_for_each() -> None:
    rows: list[list[Cell]] = [
        [1, "甲镇乙村", "未建隔油池", "丙局", "2022-05"],
        [2, "甲镇丁村", None, "丙局", "2022-06"],
    ]
    found = read_grids([grid(TITLES, *rows, merged=[(2, 2, 3, 2)])], "x")
    assert [(one.excel_row, one.place, one.description, one.deadline) for one in found.records] == [
        (2, "甲镇乙村", "未建隔油池", "2022-05-31"),
        (3, "甲镇丁村", "未建隔油池", "2022-06-30"),
    ]


def test_a_number_that_merging_covers_too_is_one_record_of_two_rows() -> None:
    rows: list[list[Cell]] = [
        [1, "甲镇乙村", "未建隔油池", "丙局", "2022-05"],
        [None, None, None, "丁局", None],
    ]
    found = read_grids([grid(TITLES, *rows, merged=[(2, at, 3, at) for at in (0, 1, 2, 4)])], "x")
    assert [(one.rows, one.unit_text) for one in found.records] == [((2, 3), "丙局、丁局")]


def test_a_list_of_measures_is_no_list_of_problems() -> None:
    found = reading([1, "甲镇乙村", "某公司：1.未建池；2.直排。", "丙局", None])
    assert len(found.records) == 1
    found = reading([1, "甲镇", "①乙村塘水发黑②丁村桥下垃圾", "丙局", None])
    assert [(one.part, one.place) for one in found.records] == [(1, "甲镇乙村"), (2, "甲镇丁村")]


def test_a_column_is_known_by_what_it_holds_where_its_title_tells_nothing() -> None:
    rows: list[list[Cell]] = [
        ["甲", "乙", "责任单位", "整改时限", "整改措施"],
        ["甲镇乙村", "池塘发黑发臭，蚊蝇成群，群众反映强烈", "丙局", "2022-05", "清淤"],
        ["甲镇丁村", "桥下堆积生活垃圾约二十方无人清运", "丙局", "2022-06", "清运"],
    ]
    found = read_grids([grid(*rows)], "x")
    assert [record.place for record in found.records] == ["甲镇乙村", "甲镇丁村"]
    assert {one.column: one.field for one in found.proposals}["B"] is Field.DESCRIPTION
    assert {one.column: one.confidence for one in found.proposals}["B"] < 0.6


def test_what_a_person_says_of_a_column_goes_before_its_title() -> None:
    found = read_grids(
        [grid(["地点", "问题描述", "时限", "责任单位"], ["甲镇", "塘水发黑", "2022-05", "丙局"])],
        "x",
        columns={"表!C": Field.DISCLOSED},
    )
    (record,) = found.records
    assert (record.disclosed, record.deadline) == ("2022-05", None)
    assert found.proposals[2].why.en == "said by a person"


def test_a_sheet_that_explains_or_sums_up_holds_no_records() -> None:
    found = read_grids(
        [
            grid(TITLES, [1, "甲镇乙村", "塘水发黑", "丙局", "2022-05"], name="填报示例"),
            grid(["乡镇", "问题数", "已完成"], ["甲镇", 3, 2], name="汇总"),
        ],
        "x",
    )
    assert found.records == []
    assert [one.row for one in found.doubts] == [0]


def test_reading_has_no_memory() -> None:
    rows: list[Cell] = [1, "甲镇乙村", "塘水发黑", "丙局", "2022-05"]
    assert reading(rows).plain() == reading(rows).plain()


def test_headings_say_what_they_are_about() -> None:
    assert heading("（三）2022年底前完成的问题").values == {Field.DEADLINE: "2022年底前完成的问题"}
    assert heading("鱼山镇人民政府").values == {Field.UNITS: "鱼山镇人民政府", Field.TOWN: "鱼山镇"}
    assert heading("一、省级督察反馈问题（5个）").values == {Field.SOURCE: "省级督察反馈问题"}
    assert heading("二、水环境问题").kind == "kind"


def test_what_is_no_sheet_is_refused() -> None:
    with pytest.raises(InputError):
        read(b"", "a.xlsx")
    with pytest.raises(InputError):
        read(b"\x89PNG\r\n\x1a\n\x00\x00", "a.png")


def test_a_village_that_is_only_harmed_is_not_where_the_problem_is() -> None:
    found = reading(
        [1, "鱼山镇工业园", "化工厂异味影响周边上湾村居民", "丙局", None],
        [2, "鱼山镇", "化工厂异味影响周边上湾村居民", "丙局", None],
        [3, "鱼山镇", "上湾村沟渠淤塞", "丙局", None],
        [4, None, "鱼山镇上湾村污水直排，流入丽阳镇彭家村", "丙局", None],
    )
    assert [record.place for record in found.records] == ["鱼山镇工业园", "鱼山镇", "鱼山镇上湾村", "鱼山镇上湾村"]


def test_leading_and_supporting_units_are_responsible_together_and_known_apart() -> None:
    rows: list[list[Cell]] = [
        ["问题描述", "牵头单位", "配合单位", "督导单位", "整改时限"],
        ["塘水发黑", "区水利局", "甲镇政府", "区纪委", "2022-05"],
    ]
    (record,) = read_grids([grid(*rows)], "x").records
    assert record.unit_text == "区水利局、甲镇政府"
    assert (record.lead, record.coop, record.supervise) == ("区水利局", "甲镇政府", "区纪委")


def test_a_form_that_was_filled_in_is_read_where_nothing_else_holds_problems() -> None:
    row: list[Cell] = [1, "甲镇乙村", "塘水发黑", "丙局", "2022-05"]
    assert len(read_grids([grid(TITLES, row, name="台账模板")], "x").records) == 1
    both = [grid(TITLES, row, name="台账模板"), grid(TITLES, row, name="台账")]
    assert [one.sheet for one in read_grids(both, "x").records] == ["台账"]


def test_numbers_that_are_none_and_years_beyond_the_calendar_give_no_date() -> None:
    for odd in (float("nan"), float("inf"), -1.0, 1e308, "明年3月", "9999年底"):
        (record,) = reading([1, "甲镇乙村", "塘水发黑", "丙局", odd]).records
        assert record.deadline in (None, "9999-12-31")


def test_a_merged_text_that_is_empty_makes_no_record_of_the_numbers_beside_it() -> None:
    rows: list[list[Cell]] = [
        [1, "甲镇乙村", "塘水发黑", "丙局", "2022-05"],
        [2, "甲镇丁村", None, "丙局", "2022-06"],
        [3, "甲镇戊村", None, "丙局", "2022-06"],
    ]
    found = read_grids([grid(TITLES, *rows, merged=[(3, 2, 4, 2)])], "x")
    assert [record.excel_row for record in found.records] == [2]
    assert [doubt.row for doubt in found.doubts] == [3, 4]


def test_an_endless_merged_area_costs_nothing() -> None:
    row: list[Cell] = [1, "甲镇乙村", "塘水发黑", "丙局", "2022-05"]
    found = read_grids([grid(TITLES, row, merged=[(2, 4, 1_048_576, 16_383)])], "x")
    assert [record.deadline for record in found.records] == ["2022-05-31"]
