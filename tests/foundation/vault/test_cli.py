"""`anlan vault verify` on a vault of its own."""

from __future__ import annotations

import argparse
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from anlan.cli import vault as verb
from anlan.foundation.access.actor import machine
from anlan.foundation.vault import actions, storing

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> Path:  # type: ignore[no-untyped-def]
    settings.ANLAN = replace(django_settings.ANLAN, home=tmp_path)
    (tmp_path / "vault").mkdir()
    return tmp_path


def verify(*options: str, lang: str = "zh") -> int:
    parser = argparse.ArgumentParser()
    verb.add(parser.add_subparsers())
    args = parser.parse_args(["vault", "verify", *options])
    args.lang = lang
    return verb.run(args)


def test_a_sound_vault_gives_status_0(capsys: pytest.CaptureFixture[str]) -> None:
    actions.receive(machine("test"), io.BytesIO(b"abc"), "a.txt", purpose="test")
    assert verify() == 0
    assert "共 1 个文件、3 字节：0 个缺失，0 个被改动" in capsys.readouterr().out


def test_an_orphan_is_listed_and_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    storing.put(io.BytesIO(b"abc"), "a.txt")
    assert verify("--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sound"] is True
    assert told["orphaned"] == ["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"]


def test_a_changed_file_gives_status_1_and_its_names(capsys: pytest.CaptureFixture[str]) -> None:
    receipt = actions.receive(machine("test"), io.BytesIO(b"abc"), "a.txt", purpose="test")
    path = storing.path_of(receipt.file.sha256)
    path.chmod(0o600)
    path.write_bytes(b"abd")
    assert verify(lang="en") == 1
    said = capsys.readouterr()
    assert f"{receipt.file.sha256}  changed  a.txt" in said.out
    assert "backup" in said.err
    assert verify("--format", "json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["missing"] == []
    assert [one["sha256"] for one in told["changed"]] == [receipt.file.sha256]
    assert told["changed"][0]["found_sha256"] == storing.sums(io.BytesIO(b"abd")).sha256


def test_a_missing_file_gives_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    receipt = actions.receive(machine("test"), io.BytesIO(b"abc"), "a.txt", purpose="test")
    storing.path_of(receipt.file.sha256).unlink()
    assert verify() == 1
    assert f"{receipt.file.sha256}  缺失  a.txt" in capsys.readouterr().out
