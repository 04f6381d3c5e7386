"""Files as clerks make them: headers under titles, totals, dates in every form, and what strangers send."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from tests.foundation.sheets.files import HEADER, SITES, csv, raw, xlsx

from anlan.foundation.sheets import reading
from anlan.foundation.sheets.checking import Checked, check
from anlan.foundation.sheets.reading import read
from anlan.settings import InputError


def checked(data: bytes) -> Checked:
    return check(SITES, read(data, "a.xlsx"))


def faults(data: bytes) -> list[str]:
    found = checked(data)
    return [fault.speak("zh") for fault in (*found.faults, *(f for line in found.lines for f in line.faults))]


def one(column: int, value: object) -> object:
    """Value that a cell of this column is read as."""
    row: list[object] = ["a1", "甲", *[None] * 6]
    row[column] = value
    found = checked(xlsx([HEADER, row]))
    assert [fault.speak("zh") for fault in found.lines[0].faults] == []
    return found.lines[0].values[SITES.columns[column].key]


def test_a_row_is_read_by_the_titles_of_its_columns_in_any_order_and_language() -> None:
    rows: list[list[object]] = [["Name", "点位编码", "Due"], ["甲", "a1", dt.date(2022, 5, 6)]]
    assert checked(xlsx(rows)).lines[0].values == {"code": "a1", "name": "甲", "due": "2022-05-06"}


def test_titles_above_the_header_blank_rows_totals_and_remarks_are_left_out() -> None:
    rows: list[list[object] | tuple[str, ...]] = [
        ["青溪区点位表", None],
        [None, None],
        ["填报单位：区水利局", "2022年5月"],
        HEADER[:2],
        ["a1", "甲"],
        [None],
        ["a2", "乙"],
        ["合　计", 2],
        ["注：以上为初步统计"],
    ]
    found = checked(xlsx(rows, merged=[(0, 0, 0, 7, "青溪区点位表")]))
    # The numbers are those that Excel shows: the header stands in row 4.
    assert [(line.number, line.values["code"]) for line in found.lines] == [(5, "a1"), (7, "a2")]
    assert found.notices[0].zh == "跳过合计、说明等行：第 8（合　计）、9（注：以上为初步统计） 行"
    assert found.faults == []


def test_a_header_marked_as_required_is_known_all_the_same() -> None:
    assert checked(xlsx([["编码 *", "名称（必填）"], ["a1", "甲"]])).lines[0].values["name"] == "甲"


@pytest.mark.parametrize(
    "text",
    [
        "2022-05-06",
        "2022.5.6",
        "2022/5/6",
        "2022年5月6日",
        "2022年05月06号",
        "20220506",
        "２０２２．５．６",
        " 2022-5-6 ",
    ],
)
def test_a_date_is_read_in_every_form_that_offices_write(text: str) -> None:
    assert one(3, text) == "2022-05-06"


def test_a_date_is_read_from_excels_own_number_of_the_day() -> None:
    # 1 January 1900 is day 1, and Excel takes 1900 for a leap year: 6 May 2022 is day 44687.
    assert (dt.date(2022, 5, 6) - dt.date(1899, 12, 30)).days == 44687
    assert one(3, 44687) == "2022-05-06"
    assert one(3, dt.date(2022, 5, 6)) == "2022-05-06"


@pytest.mark.parametrize(
    ("column", "value", "read_as"),
    [
        (0, 360202.0, "360202"),
        (0, "Ａ－１", "A-1"),
        (1, "　甲 \u200b", "甲"),
        (1, "甲（１）", "甲（１）"),
        (2, "１，２".replace("，", ""), 12),
        (2, 7.0, 7),
        (4, "江河", "river"),
        (4, "Lake", "lake"),
        (5, "√", True),
        (5, "否", False),
        (5, True, True),
        (6, "甲；乙、甲，丙", ["甲", "乙", "丙"]),
        (7, "水利局", "区水利局"),
    ],
)
def test_a_cell_is_read_as_its_column_says(column: int, value: object, read_as: object) -> None:
    assert one(column, value) == read_as


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        (3, "尽快", "第 2 行“整改时限”写的是“尽快”，不是日期；请写成 2022-05-06"),
        (3, "2022-02-30", "第 2 行“整改时限”写的是“2022-02-30”，没有这一天；请核对月和日"),
        (3, "2022年5月", "第 2 行“整改时限”写的是“2022年5月”，缺“日”；请写到日，如 2022-05-06"),
        (3, 12, "第 2 行“整改时限”写的是“12”，不是日期；请写成 2022-05-06"),
        (2, "三个", "第 2 行“数量”写的是“三个”，不是整数；请只填数字，不带单位"),
        (2, 1.5, "第 2 行“数量”写的是“1.5”，不是整数；请只填数字，不带单位"),
        (2, 101, "第 2 行“数量”写的是“101”，超出范围；应在 0 到 100 之间"),
        (4, "沟渠", "第 2 行“类别”写的是“沟渠”，不在可选项中；可填：河流、湖泊"),
        (5, "也许", "第 2 行“是否公开”写的是“也许”，应为“是”或“否”"),
        (7, "区水力局", "第 2 行“单位”写的是“区水力局”，系统里没有；是不是“区水利局”？请改正，或先录入"),
        (6, "一二三四五六七八九十甲", "第 2 行“标签”写的是“一二三四五六七八九十甲”，有 11 个字，最多 10 个；请缩短"),
        (
            # 16 digits are written, and the float nearest to them is read.
            0,
            360202199001011234,
            "第 2 行“编码”写的是“360202199001011328”，是按数字存放的长号码，Excel 已丢掉后几位；请把该列设为文本格式，重新输入",
        ),
        (1, "=1+1", "第 2 行“名称”写的是“0”，是公式；请复制后“选择性粘贴—数值”，再导入"),
    ],
)
def test_what_cannot_be_read_says_row_column_value_and_the_way_out(column: int, value: object, told: str) -> None:
    row: list[object] = ["a1", "甲", *[None] * 6]
    row[column] = value
    assert faults(xlsx([HEADER, row])) == [told]


def test_all_errors_of_a_file_are_told_at_once() -> None:
    rows = [HEADER, ["a1", None, "x"], [None, "乙", None, "尽快"]]
    assert faults(xlsx(rows)) == [
        "第 2 行“名称”：不能为空；请填写",
        "第 2 行“数量”写的是“x”，不是整数；请只填数字，不带单位",
        "第 3 行“编码”：不能为空；请填写",
        "第 3 行“整改时限”写的是“尽快”，不是日期；请写成 2022-05-06",
    ]


def test_a_merged_cell_is_an_error_in_each_row_that_it_leaves_empty() -> None:
    rows = [HEADER[:3], ["a1", None, 1], ["a2", None, 2]]
    assert faults(xlsx(rows, merged=[(1, 1, 2, 1, "甲")])) == [
        "第 3 行“名称”：是合并单元格的一部分；请取消合并，逐行填写"
    ]


def test_a_file_without_header_or_required_column_says_what_is_wanted() -> None:
    assert faults(xlsx([["一", "二"], ["a1", "甲"]]))[0].startswith("没有找到表头；表头一行里要有：编码、名称")
    assert faults(xlsx([["名称", "数量"], ["甲", 1]])) == ["缺少必需的列：编码。请补上，或下载模板填写"]
    assert faults(xlsx([["编码", "名称", "Name"], ["a1", "甲", "乙"]]))[0].startswith("“名称”有两列")
    assert faults(xlsx([HEADER])) == ["表头下面没有数据行"]


def test_more_rows_than_the_sheet_takes_are_told() -> None:
    rows = [HEADER[:2], *[[f"a{n}", "甲"] for n in range(51)]]
    # Fifty rows below the header, the first in row 2: row 52 is the first too many.
    assert faults(xlsx(rows)) == ["超过 50 行，从第 52 行起没有读；请拆成几个文件"]


def test_unknown_columns_are_named_and_left_out() -> None:
    found = checked(xlsx([["编码", "名称", "联系人"], ["a1", "甲", "某"]]))
    assert found.notices[0].zh == "这些列不认识，不导入：联系人"
    assert found.faults == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_every_encoding_that_office_programs_write(encoding: str) -> None:
    found = checked(csv([["编码", "名称", "整改时限"], ["a1", "甲", "2022.5.6"]], encoding))
    assert found.lines[0].values == {"code": "a1", "name": "甲", "due": "2022-05-06"}


def test_a_csv_counts_rows_as_excel_does() -> None:
    data = '编码,名称\r\n\r\na1,"甲\n乙"\r\na2,=1+1\r\n'.encode()
    found = checked(data)
    assert [line.number for line in found.lines] == [3, 4]
    assert faults(data) == ["第 4 行“名称”写的是“=1+1”，是公式；请复制后“选择性粘贴—数值”，再导入"]


def test_a_csv_may_be_parted_by_tabs_or_semicolons() -> None:
    for mark in "\t;":
        assert checked(f"编码{mark}名称\na1{mark}甲\n".encode()).lines[0].values["name"] == "甲"


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01\x02", b"\xff\xff\xff\x80", b"PK\x03\x04 cut", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut"]
)
def test_what_is_no_sheet_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read(data, "a.xlsx")
    assert caught.value.problems[0].zh.startswith("a.xlsx：")


def test_a_file_larger_than_the_limit_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 10_000_000)
    with pytest.raises(InputError, match="at most 10 MB"):
        read(b"a" * 10_000_001, "a.csv")


def test_a_cell_at_the_far_corner_of_the_sheet_floods_nothing() -> None:
    # 1 048 576 rows of 16 384 columns would be 17 milliards of cells.
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    with pytest.raises(InputError, match="too large once unpacked"):
        read(raw(far), "a.xlsx")


def test_a_bomb_is_refused() -> None:
    # 300 MB of spaces pack to 0.3 MB; with the sheet itself they pass the limit of 400 MB unpacked.
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(5):
            archive.writestr(f"xl/{number}.xml", b" " * 100_000_000)
    with pytest.raises(InputError, match="too large once unpacked"):
        read(out.getvalue(), "a.xlsx")


def test_entities_of_a_sheet_are_not_expanded_nor_fetched() -> None:
    data = raw('<row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row>')
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as archive:
        for name in source.namelist():
            text = source.read(name).decode()
            if name.endswith("sheet1.xml"):
                text = f'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>{text}'
            archive.writestr(name, text)
    try:
        grids = read(out.getvalue(), "a.xlsx")
    except InputError:
        return
    assert "root" not in str(grids)


def test_macros_are_never_run_and_do_not_matter() -> None:
    out = io.BytesIO(xlsx([HEADER[:2], ["a1", "甲"]]))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\x00macro")
    assert checked(out.getvalue()).lines[0].values["name"] == "甲"


def test_formulas_without_row_and_cell_addresses_are_found_as_well() -> None:
    rows = (
        '<row><c t="inlineStr"><is><t>编码</t></is></c><c t="inlineStr"><is><t>名称</t></is></c></row>'
        '<row><c t="inlineStr"><is><t>a1</t></is></c><c t="str"><f>HYPERLINK("x")</f><v>甲</v></c></row>'
    )
    assert faults(raw(rows)) == ["第 2 行“名称”写的是“甲”，是公式；请复制后“选择性粘贴—数值”，再导入"]


def test_messages_are_there_in_english_too() -> None:
    found = checked(xlsx([HEADER, ["a1", "甲", None, "soon"]]))
    assert found.lines[0].faults[0].speak("en") == "row 2, “Due” says “soon”: is no date; write it like 2022-05-06"
