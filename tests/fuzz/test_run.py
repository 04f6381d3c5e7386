"""The fuzz run itself: it repeats itself for a seed, sees faults and hangs, and makes a failing case small."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.fuzz import run
from tests.plan.compiler import invariants

PLANS = run.documents()


def test_a_case_depends_on_its_seed_and_number_alone() -> None:
    assert [run.case(7, n, PLANS) for n in range(80)] == [run.case(7, n, PLANS) for n in range(80)]
    assert run.case(7, 0, PLANS) != run.case(8, 0, PLANS)


def test_no_case_is_longer_than_a_hundred_kilobytes() -> None:
    # 33,000 characters, and the head of the place where an adversary is put.
    assert max(len(run.case(0, n, PLANS)) for n in range(400)) < 33_100


def test_a_case_is_made_small_without_losing_its_fault() -> None:
    text = "某" * 300 + "（" + "某" * 500 + "）" + "某" * 100
    assert run.smaller(text, lambda shorter: 0 <= shorter.find("（") < shorter.find("）")) == "（）"


def test_a_pattern_that_blows_up_is_stopped() -> None:
    with pytest.raises(run.HangError), run.watched(0.2):
        re.fullmatch("(?:局|局局)+某", "局" * 60)


def test_faults_are_reported_once_a_kind_with_a_case_to_run_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def faulty(text: str) -> Sequence[str]:
        if "区" in text:
            raise ValueError(f"{len(text)} characters")
        return []

    monkeypatch.setattr(invariants, "broken", faulty)
    monkeypatch.setattr(tempfile, "mkdtemp", lambda prefix: str(tmp_path))
    number = next(n for n in range(100) if "区" in run.case(3, n, PLANS))
    assert run.main(["--seed", "3", "--case", str(number)]) == 1
    printed = capsys.readouterr().out
    assert f"FAILED seed 3 case {number}: 1 characters" in printed
    assert "ValueError" in printed
    assert (tmp_path / f"seed-3-case-{number}.txt").read_text(encoding="utf-8") == "区"
    assert run.kind("ValueError in a.py:b: 12 characters") == run.kind("ValueError in a.py:b: 7 characters")


def test_a_run_without_faults_ends_well_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["--seed", "3", "--case", "0"]) == 0
    assert capsys.readouterr().out.count("\n") == 1
