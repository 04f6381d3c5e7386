"""`anlan ledger read` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.shell import Shell, command
from tests.ledger.corpus import first
from tests.ledger.corpus.making import Book

TABLE = "地点\t问题\t责任单位\t整改时限\t备考\n柳溪镇上河村\t河边堆垃圾\t柳溪镇政府\t2022年5月\t2022年6月\n"


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Shell:
    monkeypatch.delenv("ANLAN_LANG", raising=False)
    return Shell(monkeypatch, capsysbinary)


def test_json_has_the_records_with_where_each_came_from(shell: Shell, tmp_path: Path) -> None:
    made = first.villages_under_towns()
    path = tmp_path / made.name
    path.write_bytes(made.data)
    status, out, err = shell("ledger", "read", path, "--format", "json")
    answer = json.loads(out)
    assert (status, err) == (0, "")
    record = answer["records"][0]
    keys = ("sheet", "excel_row", "source", "place", "description", "unit_text", "measures", "progress", "disclosed")
    assert tuple(record)[:9] == keys
    assert record["deadline"] == "2022-05-31"
    assert record["original"]["完成时限"] == "2022年5月底前"
    assert {one["why"] for one in answer["left_out"]} >= {"title", "section", "total", "note"}
    assert {"C": "description", "F": "deadline"}.items() <= {
        one["column"]: one["field"] for one in answer["columns"]
    }.items()


def test_a_pasted_table_comes_by_standard_input_and_has_no_sheet(shell: Shell) -> None:
    status, out, _ = shell("ledger", "read", "-", "--format", "json", given=TABLE.encode())
    (record,) = json.loads(out)["records"]
    assert status == 0
    assert (record["sheet"], record["excel_row"], record["deadline"]) == (None, 2, "2022-05-31")


def test_a_person_says_what_a_column_holds(shell: Shell) -> None:
    status, out, _ = shell(
        "ledger", "read", "-", "--format", "json", "--column", "D=none", "--column", "E=deadline", given=TABLE.encode()
    )
    assert status == 0
    assert json.loads(out)["records"][0]["deadline"] == "2022-06-30"


def test_the_table_shows_columns_rows_and_doubts(shell: Shell, tmp_path: Path) -> None:
    book = Book("a.xlsx")
    page = book.page("表")
    page.row("地点", "问题描述", "责任单位", "整改时限")
    page.row("柳溪镇上河村", "河边堆垃圾", "柳溪镇政府", "2022年2月30日")
    page.row("柳溪镇石桥村", None, "柳溪镇政府", "2022-03-01")
    path = tmp_path / "a.xlsx"
    path.write_bytes(book.made().data)
    status, out, _ = shell("ledger", "read", path)
    assert status == 0
    assert "共 1 个问题，1 行不是问题，2 处请人工核对" in out
    assert "2022年2月30日" in out
    status, out, _ = shell("--lang", "en", "ledger", "read", path)
    assert "1 problems, 1 rows that are none, 2 doubts" in out
    assert "no problem is described in this row" in out
    assert shell("ledger", "read", path, "--lang", "en")[1] == out


def test_what_is_no_sheet_and_what_is_no_field_are_refused(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing")
    status, out, err = shell("--lang", "en", "ledger", "read", path)
    assert (status, out) == (2, "")
    assert "no complete Excel file" in err
    status, _, err = shell("ledger", "read", tmp_path / "none.xlsx")
    assert status == 2
    assert "没有这个文件" in err
    status, _, err = shell("ledger", "read", path, "--column", "A=colour")
    assert status == 2
    assert "deadline" in err


def test_a_file_without_problems_says_so(shell: Shell) -> None:
    status, out, _ = shell("--lang", "en", "ledger", "read", "-", given="甲\t乙\n1\t2\n".encode())
    assert status == 0
    assert "no problems were found" in out


def test_the_installed_command_reads_gb18030() -> None:
    ran = command("ledger", "read", "-", "--format", "json", given=TABLE.replace("\t", ";").encode("gb18030"))
    assert ran.returncode == 0
    assert json.loads(ran.stdout)["records"][0]["place"] == "柳溪镇上河村"
