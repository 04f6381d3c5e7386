"""`anlan journal` verifies the chain and exports it; its exit status says whether the journal is whole."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.foundation.journal.test_sealing import entries, tamper
from tests.house.files import ROOT

from anlan.cli import main
from anlan.foundation.access.actor import machine
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.journal.sealing import head, seal
from anlan.foundation.journal.writing import write

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


def test_a_sound_journal_is_0_and_the_anchor_holds(capsys: pytest.CaptureFixture[str]) -> None:
    entries(3)
    seal()
    last = head()
    assert main(["journal", "head"]) == 0
    assert capsys.readouterr().out.strip() == f"{last.number}:{last.hash}"
    assert main(["journal", "verify", "--anchor", f"{last.number}:{last.hash}"]) == 0
    told = capsys.readouterr().out
    assert "完好：已核对 1 块、3 条；尚未封存 0 条" in told
    assert "锚点仍在链上" in told


def test_a_broken_journal_is_1_and_names_block_and_entry(capsys: pytest.CaptureFixture[str]) -> None:
    entry = entries(3)[1]
    seal()
    stored = head().hash
    tamper("UPDATE journal_entry SET reason = 'another' WHERE id = %s", entry.pk)
    assert main(["--lang", "en", "journal", "verify"]) == 1
    told = capsys.readouterr().out
    assert f"what block 0 holds was changed: stored {stored}" in told
    assert f"entries {entry.pk}" in told
    assert main(["journal", "verify", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["sound"] is False
    assert report["faults"][0]["entries"] == [entry.pk]


def test_an_anchor_that_is_not_in_the_chain_is_1(capsys: pytest.CaptureFixture[str]) -> None:
    entries(1)
    seal()
    assert main(["journal", "verify", "--anchor", f"0:{'f' * 64}"]) == 1
    assert "锚点不在链上" in capsys.readouterr().out


def test_what_is_no_anchor_is_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", "verify", "--anchor", "乱写"]) == 2
    assert "“乱写”不是锚点" in capsys.readouterr().err


def test_the_export_is_a_file_of_lines_that_begins_with_the_head(tmp_path: Path) -> None:
    entries(2)
    file = tmp_path / "审计.jsonl"
    assert main(["journal", "export", str(file)]) == 0
    first, *rest = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    # The two, and the entry of the export itself.
    assert [line["entry"]["action"] for line in rest] == ["test.done", "test.done", "journal.export"]
    assert first == {"head": {"number": head().number, "hash": head().hash}}
    assert all(line["block"] == 0 for line in rest)
    assert Entry.objects.get(action="journal.export").actor_name == "anlan journal"
    assert [path.name for path in tmp_path.iterdir()] == ["审计.jsonl"]


def test_an_export_that_cannot_be_written_is_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", "export", str(tmp_path / "no" / "file.jsonl")]) == 2
    assert "无法写入" in capsys.readouterr().err


def test_an_auditor_checks_an_export_with_the_program_of_the_documentation(tmp_path: Path) -> None:
    write(machine("test"), "test.done", Outcome.DONE, reason='分行\n、\u2028、"引号"}、,"entry":')
    seal()
    entries(2)
    seal()
    file, program = tmp_path / "journal.jsonl", tmp_path / "check.py"
    assert main(["journal", "export", str(file)]) == 0
    (code,) = re.findall("```python\n(.*?)```", (ROOT / "docs/journal.md").read_text(encoding="utf-8"), re.DOTALL)
    program.write_text(code, encoding="utf-8")

    def verdict() -> str:
        command = [sys.executable, str(program), str(file)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    assert verdict() == "sound"
    file.write_text(file.read_text(encoding="utf-8").replace('\\"n\\":1', '\\"n\\":7'), encoding="utf-8")
    assert verdict() == "broken"
