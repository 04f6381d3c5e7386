"""`anlan ledger integrity` on files: signs, rules, schema, and the two steps of a draw."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from anlan.cli import main

CASES = [
    {"id": "Q1", "responsible": ["住建局"], "verifier": ["住建局"], "events": [{"kind": "closed", "at": "2025-08-01"}]},
    {"id": "Q2", "events": [{"kind": "closed", "at": "2025-08-01"}]},
    {"id": "Q3"},
]


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(CASES), encoding="utf-8")
    return str(path)


def run(*args: str) -> int:
    return main(["ledger", "integrity", *args])


def test_signs_are_listed_with_rule_question_and_what_was_not_checked(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(file, "--format", "json") == 0
    first, second, third = json.loads(capsys.readouterr().out)["problems"]
    [sign] = first["signs"]
    assert (sign["id"], sign["weight"], sign["seen"][0]["zh"]) == ("K12", 3, "责任单位和验收单位都是 住建局")
    assert second["signs"] == third["signs"] == []
    assert any("K04" in one["signs"] for one in second["not_checked"])


def test_text_is_told_in_both_languages(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(file, "--problem", "Q1") == 0
    told = capsys.readouterr().out
    assert "K12 自己验收自己（权重 3）" in told
    assert "疑点只是向人提出的问题，不是结论。" in told
    assert run(file, "--problem", "Q1", "--lang", "en") == 0
    assert "question: let another unit verify anew" in capsys.readouterr().out


def test_a_problem_that_is_not_there_and_a_broken_file_are_refused(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(file, "--problem", "Q9") == 2
    assert "没有问题“Q9”" in capsys.readouterr().err
    (tmp_path / "x.json").write_text("{", encoding="utf-8")
    assert run(str(tmp_path / "x.json")) == 2
    assert run() == 2
    assert "--all" in capsys.readouterr().err
    assert run(file, "--all") == 2


def test_schema_and_rules_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--schema") == 0
    assert "Case" in json.loads(capsys.readouterr().out)["$defs"]
    assert run("--rules", "--format", "json") == 0
    assert {"K01", "K16", "P01"} <= {one["id"] for one in json.loads(capsys.readouterr().out)}


def test_a_draw_first_seals_the_list_and_then_needs_the_same_list(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(file, "--draw", "1", "--format", "json") == 0
    sealed = json.loads(capsys.readouterr().out)
    # Closed are Q1 with a sign of weight 3, and Q2 without any.
    assert sealed["list"] == [["Q1", 4], ["Q2", 1]]
    assert run(file, "--draw", "1", "--sealed", sealed["list_sha256"], "--seed", "371", "--format", "json") == 0
    drawn = json.loads(capsys.readouterr().out)
    assert drawn["size"] == 2
    assert len(drawn["drawn"]) == 1
    other = tmp_path / "other.json"
    other.write_text(json.dumps(CASES[:1]), encoding="utf-8")
    assert run(str(other), "--draw", "1", "--sealed", sealed["list_sha256"], "--seed", "371") == 2
    assert "名单与登记的不同" in capsys.readouterr().err
