"""`anlan vault images` on files and on a vault of its own."""

from __future__ import annotations

import argparse
import io
import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.scenes import CHANGES, jpeg, scene
from django.conf import settings as django_settings

from anlan.cli import vault as verb
from anlan.foundation.access.actor import machine
from anlan.foundation.vault import actions

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])
PICTURE = scene(1).resize((640, 480))
COPY = CHANGES["mirror"](PICTURE, random.Random(1))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "照片"
    made.mkdir()
    (made / "a.jpg").write_bytes(jpeg(PICTURE))
    (made / "b.jpg").write_bytes(jpeg(COPY, 70))
    (made / "c.jpg").write_bytes(jpeg(scene(2).resize((640, 480))))
    return made


@pytest.fixture
def home(tmp_path: Path, settings) -> Path:  # type: ignore[no-untyped-def]
    settings.ANLAN = replace(django_settings.ANLAN, home=tmp_path)
    (tmp_path / "vault").mkdir()
    return tmp_path


def images(*options: str, lang: str = "zh") -> int:
    parser = argparse.ArgumentParser()
    verb.add(parser.add_subparsers())
    args = parser.parse_args(["vault", "images", *options])
    args.lang = lang
    return verb.run(args)


def test_look_gives_what_a_case_needs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert images("look", str(folder), "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)["pictures"]
    assert [Path(one["file"]).name for one in found] == ["a.jpg", "b.jpg", "c.jpg"]
    assert set(found[0]) == {"file", "format", "width", "height", "exif", "features"}
    assert images("look", str(folder / "a.jpg"), lang="en") == 0
    assert "taken: not recorded" in capsys.readouterr().out


def test_compare_finds_the_mirrored_copy(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert images("compare", str(folder), "--format", "json") == 1
    [pair] = json.loads(capsys.readouterr().out)["pairs"]
    assert (Path(pair["a"]).name, Path(pair["b"]).name, pair["changes"]) == ("b.jpg", "a.jpg", ["mirror"])
    assert images("compare", str(folder / "a.jpg"), str(folder / "c.jpg")) == 0


def test_what_cannot_be_read_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "d.jpg").write_bytes(jpeg(PICTURE)[:3000])
    assert images("look", str(folder / "d.jpg"), str(folder / "e.jpg")) == 1
    told = capsys.readouterr().err
    assert "图片已损坏或不完整" in told
    assert "没有这个文件" in told


def test_scan_reads_the_vault_and_find_looks_in_it(
    home: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    actions.receive(machine("test"), io.BytesIO((folder / "a.jpg").read_bytes()), "现场.jpg", purpose="test")
    assert images("scan") == 0
    assert "读取 1 张，其中 0 张读不出画面" in capsys.readouterr().out
    assert images("scan", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == {"read": 0, "faults": 0, "filed": 0}
    assert images("find", str(folder / "b.jpg"), "--format", "json") == 1
    [found] = json.loads(capsys.readouterr().out)["found"]
    assert (found["names"], found["copy"], found["changes"]) == (["现场.jpg"], True, ["mirror"])
    assert images("find", str(folder / "c.jpg")) == 0
    assert images("find", str(folder / "z.jpg")) == 2
