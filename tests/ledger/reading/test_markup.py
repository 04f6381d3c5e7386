"""Tables that are no spreadsheets."""

from __future__ import annotations

from random import Random

from anlan.ledger.reading import read
from anlan.ledger.reading.markup import grids_of, unstroked

HTML = (
    '<html><meta charset="gbk"><body><table><tr><td colspan="3">问题台账</td></tr>'
    "<tr><th>地点</th><th>问题</th><th>整改时限</th></tr>"
    '<tr><td rowspan="2">甲镇乙村</td><td>塘水<br>发黑</td><td>2022年5月</td></tr>'
    "<tr><td>桥下&nbsp;垃圾</td><td>立行立改</td></tr></table></body></html>"
)


def test_cells_over_rows_and_columns_are_merged_cells() -> None:
    grids = grids_of(HTML.encode("gbk"))
    assert grids is not None
    assert grids[0].merged == [(1, 0, 1, 2), (3, 0, 4, 0)]
    assert grids[0].rows[3] == (4, [None, "桥下 垃圾", "立行立改"])


def test_an_export_is_read_as_a_ledger_without_a_sheet() -> None:
    found = read(HTML.encode("gbk"), "导出.xls")
    assert [(one.sheet, one.excel_row, one.place, one.description, one.deadline) for one in found.records] == [
        (None, 3, "甲镇乙村", "塘水\n发黑", "2022-05-31"),
        (None, 4, "甲镇乙村", "桥下 垃圾", None),
    ]


def test_several_tables_are_sheets_and_tables_for_layout_are_none() -> None:
    inner = "<table><tr><td>甲</td><td>乙</td></tr></table>"
    grids = grids_of(f"<html><table><tr><td>{inner}</td><td>{inner}</td></tr></table>".encode())
    assert grids is not None
    assert [grid.name for grid in grids] == ["表1", "表2"]


def test_text_with_a_lesser_sign_is_no_html() -> None:
    assert grids_of("地点,问题\n甲镇,<table>".encode()) is None
    assert grids_of(b"<html><body>nothing</body></html>") is None


def test_strokes_become_tabs_and_their_rows_stay() -> None:
    text = "| 地点 | 问题 |\n|:--|---|\n| 甲镇 | 塘水发黑 |\n"
    assert unstroked(text.encode()).decode().split("\n") == ["地点\t问题", "", "甲镇\t塘水发黑", ""]
    assert unstroked(b"|") == b""
    assert unstroked("地点|问题".encode()) == "地点|问题".encode()


def test_broken_html_is_read_or_is_none() -> None:
    random = Random(2)
    for _ in range(300):
        spoilt = bytearray(HTML.encode("gbk"))
        for _ in range(random.choice((1, 5, 40))):
            spoilt[random.randrange(len(spoilt))] = random.randrange(256)
        grids_of(bytes(spoilt))
