"""Files that come back: what is written is read as the same rows, and no cell is a formula."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.foundation.sheets.files import SITES

from anlan.foundation.sheets.checking import check
from anlan.foundation.sheets.reading import _spreadsheet, read
from anlan.foundation.sheets.spec import Value
from anlan.foundation.sheets.writing import book, plain

ROW: dict[str, Value] = {
    "code": "0012",
    "name": "=cmd|'/c calc'!A0",
    "count": 7,
    "due": "2022-05-06",
    "kind": "lake",
    "open": True,
    "tags": ["甲", "+乙"],
    "unit": "区水利局",
}


def back(data: bytes) -> list[dict[str, Value]]:
    found = check(SITES, read(data, "a.xlsx"))
    assert found.faults == []
    assert [fault.speak("zh") for line in found.lines for fault in line.faults] == []
    return [line.values for line in found.lines]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_written_is_read_back_as_the_same_rows(lang: str) -> None:
    empty = SITES.blank() | {"code": "b1", "name": "乙", "due": "1850-01-01"}
    assert back(book(SITES, [ROW, empty], lang)) == [ROW, empty]


def test_no_cell_is_written_as_a_formula() -> None:
    with zipfile.ZipFile(io.BytesIO(book(SITES, [ROW]))) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
    assert not any("<f>" in sheet for sheet in sheets)
    with zipfile.ZipFile(io.BytesIO(plain("码", ["名"], [["=1+1"]]))) as archive:
        assert "<f>" not in archive.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_template_has_the_columns_and_no_rows(lang: str) -> None:
    found = check(SITES, read(book(SITES, (), lang), "a.xlsx"))
    assert [fault.speak("zh") for fault in found.faults] == ["表头下面没有数据行"]


def test_the_template_offers_choices_and_says_how_to_fill_in() -> None:
    with zipfile.ZipFile(io.BytesIO(book(SITES))) as archive:
        text = archive.read("xl/sharedStrings.xml").decode()
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert any("comments" in name for name in archive.namelist())
    assert "河流" in text
    # Kind, yes or no, unit.
    assert sheet.count("<dataValidation ") == 3


@given(name=st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Cf")), min_size=1, max_size=20))
def test_any_text_comes_back(name: str) -> None:
    if name.strip() and name not in ("合计", "总计"):
        data = book(SITES, [{"code": "a1", "name": name}])
        rows = check(SITES, _spreadsheet(data, "a.xlsx")).lines
        assert rows[0].values["name"] == name
