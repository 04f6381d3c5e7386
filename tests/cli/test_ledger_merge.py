"""`anlan ledger merge`: files in, clusters and explained pairs out."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from anlan.cli import main

_TITLES = ("问题来源", "披露时间", "地点", "问题描述", "责任单位", "整改时限")
_POND = (
    "省级警示片",
    "2022年8月29日",
    "秭归县上桥乡下冲村",
    "下冲村540亩精养鱼塘尾水直排沮漳河",
    "秭归县农业农村局",
    "2023-03",
)
_SAME = (
    "群众信访",
    "2022年8月",
    "上桥乡下冲村",
    "沮漳河旁下冲村五百四十亩鱼塘尾水未处理直排",
    "农业局",
    "2023年3月底前",
)
_TWIN = (
    "省级警示片",
    "2022年8月29日",
    "秭归县上桥乡下冲村",
    "下冲村1420亩精养鱼塘尾水直排沮漳河",
    "秭归县农业农村局",
    "2023-03",
)
_VAGUE = ("省督察", "2022年8月", "秭归县上桥乡下冲村", "下冲村鱼塘尾水直排沮漳河", "农业局", "2023-03")


def a_csv(path: Path, rows: Sequence[Sequence[str]], ids: Sequence[str] = (), encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("record_id", *_TITLES) if ids else _TITLES)
        for number, row in enumerate(rows):
            writer.writerow((ids[number], *row) if ids else row)
    return path


def a_workbook(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("台账")
        sheet.merge_range(0, 0, 0, 5, "突出生态环境问题整改台账")
        for number, row in enumerate((_TITLES, *rows), 1):
            sheet.write_row(number, 0, row)
    return path


def merged(capsys: pytest.CaptureFixture[str], *args: str | Path) -> dict[str, Any]:
    assert main(["ledger", "merge", *map(str, args), "--format", "json"]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_rows_with_an_id_keep_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = merged(capsys, a_csv(tmp_path / "one.csv", [_POND, _SAME, _TWIN], ["P1", "P2", "P3"]))
    assert answer["clusters"] == [["P1", "P2"], ["P3"]]


def test_a_pair_says_why_field_by_field_in_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = merged(capsys, a_csv(tmp_path / "one.csv", [_POND, _SAME], ["P1", "P2"]))
    (pair,) = answer["pairs"]
    assert (pair["a"], pair["b"]) == ("P1", "P2")
    assert 0.9 < pair["probability"] <= 1
    amount = next(one for one in pair["why"] if one["field"] == "amount")
    assert amount["weight"] > 0
    assert amount["zh"] == "数量：数量相等（540亩｜五百四十亩）"
    assert amount["en"] == "quantity: equal (540亩 | 五百四十亩)"
    assert {"place", "kind", "disclosed"} <= {one["field"] for one in pair["why"]}


def test_rows_without_an_id_are_named_by_file_sheet_and_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = a_workbook(tmp_path / "book.xlsx", [_POND, _TWIN])
    plain = a_csv(tmp_path / "plain.csv", [_SAME], encoding="gb18030")
    answer = merged(capsys, book, plain)
    assert answer["clusters"] == [["book.xlsx:台账:3", "plain.csv::2"], ["book.xlsx:台账:4"]]


def test_the_order_of_files_and_rows_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows, ids = [_POND, _SAME, _TWIN, _VAGUE], ["P1", "P2", "P3", "P4"]
    expected = merged(capsys, a_csv(tmp_path / "a.csv", rows, ids))
    mixed = random.Random(1).sample(range(4), 4)
    first = a_csv(tmp_path / "b.csv", [rows[at] for at in mixed[:2]], [ids[at] for at in mixed[:2]])
    second = a_csv(tmp_path / "c.csv", [rows[at] for at in mixed[2:]], [ids[at] for at in mixed[2:]])
    assert merged(capsys, second, first) == expected


def test_a_file_named_twice_gives_its_rows_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = a_csv(tmp_path / "one.csv", [_POND, _TWIN])
    assert merged(capsys, one, one)["clusters"] == merged(capsys, one)["clusters"]
    named = a_csv(tmp_path / "named.csv", [_POND, _TWIN], ["P1", "P2"])
    assert merged(capsys, named, named)["clusters"] == [["P1"], ["P2"]]


def test_an_id_of_two_rows_gives_way_to_their_places_and_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = a_csv(tmp_path / "one.csv", [_POND, _TWIN], ["7", "7"])
    assert main(["ledger", "merge", str(one), "--format", "json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["clusters"] == [["one.csv::2"], ["one.csv::3"]]
    assert "编号重复" in told.err


def test_two_files_of_one_name_are_told_apart_by_their_paths(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder, row in (("x", _POND), ("y", _TWIN)):
        (tmp_path / folder).mkdir()
        a_csv(tmp_path / folder / "one.csv", [row])
    answer = merged(capsys, tmp_path / "x" / "one.csv", tmp_path / "y" / "one.csv")
    assert sorted(one for cluster in answer["clusters"] for one in cluster) == [
        f"{tmp_path}/x/one.csv::2",
        f"{tmp_path}/y/one.csv::2",
    ]


def test_the_least_probability_leaves_out_pairs_below_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = a_csv(tmp_path / "one.csv", [_POND, _SAME, _TWIN, _VAGUE], ["P1", "P2", "P3", "P4"])
    everything = merged(capsys, one)["pairs"]
    certain = merged(capsys, one, "--least", "0.9")["pairs"]
    assert len(certain) < len(everything)
    assert all(pair["probability"] >= 0.9 for pair in certain)
    assert main(["ledger", "merge", str(one), "--least", "2"]) == 2


def test_as_text_it_lists_what_is_the_same_and_what_a_person_should_judge(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = a_csv(tmp_path / "one.csv", [_POND, _SAME, _TWIN, _VAGUE], ["P1", "P2", "P3", "P4"])
    assert main(["ledger", "merge", str(one)]) == 0
    zh = capsys.readouterr().out
    assert "同一问题 1：" in zh
    assert "共 4 行" in zh
    assert main(["--lang", "en", "ledger", "merge", str(one)]) == 0
    en = capsys.readouterr().out
    assert "The same problem 1:" in en
    assert "4 rows" in en


def test_what_is_no_table_is_refused_with_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    assert main(["ledger", "merge", str(empty)]) == 2
    assert "empty.csv" in capsys.readouterr().err
    assert main(["ledger", "merge", str(tmp_path / "none.csv")]) == 2
    assert "none.csv" in capsys.readouterr().err


def test_the_shared_ledger_is_merged_by_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from benchmarks.linkage_learning import CORPUS, corpus, pairs_of, truth_of

    if not (CORPUS / "ledger_a_5000.csv").exists():
        pytest.skip("the shared corpus is missing")
    found = pairs_of(merged(capsys, CORPUS / "ledger_a_5000.csv")["clusters"])
    true = truth_of(corpus())
    right = len(found & true)
    assert right / len(found) >= 0.98
    assert 2 * right / (len(found) + len(true)) >= 0.97


@pytest.mark.parametrize("name", ["clerk_a1", "clerk_a2", "clerk_a3"])
def test_workbooks_of_clerks_are_merged_without_a_row_lost(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    from benchmarks.linkage_learning import CORPUS

    book = CORPUS / f"{name}.xlsx"
    if not book.exists():
        pytest.skip("the shared corpus is missing")
    records = json.loads((CORPUS / f"{name}.truth.json").read_text(encoding="utf-8"))
    records = records["records"] if isinstance(records, dict) else records
    told = [one for cluster in merged(capsys, book)["clusters"] for one in cluster]
    assert len(told) == len(set(told))
    assert abs(len(told) - len(records)) <= 0.05 * len(records)
