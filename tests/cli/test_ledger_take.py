"""`anlan ledger take`: a look first, written with --write, nothing the second time; a wrong file keeps no other out."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest
from tests.ledger.people import workbook

from anlan.cli import ledger_take
from anlan.ledger.models import Problem

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])
ROW = ("1", "桥头村生活污水直排入河", "桥头村", "整改局", "2026年12月底前")


def run(*files: str, write: bool = False, form: str = "text", origin: str = "") -> int:
    return ledger_take.run(argparse.Namespace(files=files, name="", origin=origin, write=write, format=form, lang="zh"))


def test_a_ledger_is_looked_at_then_taken_in_and_the_second_time_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "省督察.xlsx"
    file.write_bytes(workbook(ROW))
    assert run(str(file)) == 0
    assert "新增 1" in (said := capsys.readouterr().out)
    assert "加 --write 才收入" in said
    assert not Problem.objects.exists()
    assert run(str(file), write=True) == 0
    assert "已收入" in capsys.readouterr().out
    assert run(str(file), write=True) == 0
    assert "与上一版一致" in capsys.readouterr().out
    assert Problem.objects.count() == 1


def test_a_wrong_file_is_said_and_the_others_are_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong, right = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n")
    right.write_bytes(workbook(ROW))
    assert run(str(wrong), str(tmp_path / "none.csv"), str(right), form="json") == 2
    told = capsys.readouterr()
    assert [one["new"] for one in json.loads(told.out)["files"]] == [1]
    assert "a.xlsx" in told.err
    assert "none.csv" in told.err


def test_a_source_that_there_is_not_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook(ROW))
    assert run(str(file), origin="nowhere") == 2
    assert "没有“nowhere”这类来源" in capsys.readouterr().err
