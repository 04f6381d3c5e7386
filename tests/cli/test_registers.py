"""`anlan registers` as an office runs it: a spec dropped into a pack, installed, filled, read back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.house.files import ROOT
from tests.registers import sheets
from tests.registers.spec.specs import SIGNS

TOWN, OFFICE = "鲇鱼山镇", "区生态环境局"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    shutil.copytree(ROOT / "packs" / "changjiang", folder)
    (folder / "registers").mkdir(exist_ok=True)
    (folder / "registers" / "river_sign.toml").write_text(SIGNS, encoding="utf-8")
    return folder


def anlan(pack: Path, *arguments: str, status: int = 0) -> str:
    environ = {**os.environ, "ANLAN_PACK": f"{pack}/", "ANLAN_HOME": str(pack.parent / "home")}
    run = subprocess.run(
        [sys.executable, "-m", "anlan", *arguments],
        env=environ,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert run.returncode == status, run.stdout + run.stderr
    return run.stdout + run.stderr


def test_registers_are_listed_as_json_with_what_is_kept_elsewhere(pack: Path) -> None:
    told = json.loads(anlan(pack, "registers", "list", "--format", "json"))
    assert set(told) == {"registers", "elsewhere"}
    sign = next(one for one in told["registers"] if one["id"] == "river_sign")
    assert sign["title"] == {"zh": "河长公示牌", "en": "River chief signs"}
    height = next(one for one in sign["fields"] if one["id"] == "height")
    assert (height["type"], height["unit"]) == ("quantity", "m")
    assert all(isinstance(room, str) for room in told["elsewhere"].values())
    assert "river_sign" in anlan(pack, "registers", "list")
    assert "per_metre" in anlan(pack, "registers", "show", "river_sign")
    assert json.loads(anlan(pack, "registers", "show", "river_sign", "--format", "json"))["checks"][0]["id"]
    assert "没有台账 nothing" in anlan(pack, "registers", "show", "nothing", status=2)


def test_check_tells_everything_that_is_wrong(pack: Path, tmp_path: Path) -> None:
    assert "0 处错误" in anlan(pack, "registers", "check")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(SIGNS.replace('"river_sign"', '"other"').replace("reach / height", "reach / heigth"), "utf-8")
    told = anlan(pack, "registers", "check", str(wrong), status=2)
    assert "wrong.toml" in told
    assert "heigth" in told
    found = json.loads(anlan(pack, "registers", "check", str(wrong), "--format", "json", status=2))
    assert len(found["problems"]) >= 1


def test_a_register_is_installed_filled_twice_and_written_out(pack: Path, tmp_path: Path) -> None:
    anlan(pack, "init", "--system", "a=甲", "--security", "b=乙", "--audit", "c=丙")
    assert "没有变化" in anlan(pack, "registers", "install")
    rows = [sheets.row(f"CJ-{number}", 所在乡镇=TOWN, 责任单位=OFFICE) for number in range(3)]
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.xlsx"
    good.write_bytes(sheets.book(rows))
    bad.write_bytes(sheets.book([*rows, sheets.row("CJ-9", 所在乡镇="小渡镇", 责任单位=OFFICE, 高度="3km")]))
    told = anlan(pack, "registers", "import", "river_sign", str(bad), status=2)
    assert "第 5 行" in told
    assert "小渡镇" in told
    assert "单位是“km”" in told
    assert "没有写入：新增 3" in anlan(pack, "registers", "import", "river_sign", str(good), "--dry-run")
    assert "已写入：新增 3" in anlan(pack, "registers", "import", "river_sign", str(good), "--reason", "排查")
    assert "无变化 3" in anlan(pack, "registers", "import", "river_sign", str(good))
    out, layer, plain = (tmp_path / f"out.{form}" for form in ("xlsx", "geojson", "json"))
    for path in (out, layer, plain):
        anlan(pack, "registers", "export", "river_sign", str(path))
    assert "无变化 3" in anlan(pack, "registers", "import", "river_sign", str(out))
    assert len(json.loads(layer.read_text("utf-8"))["features"]) == 3
    assert json.loads(plain.read_text("utf-8"))[0]["values"]["height"] == "2.50"
    assert "3 条" in anlan(pack, "registers", "rebuild", "river_sign")
    changed = SIGNS.replace("version = 1", "version = 2").replace("max = 6", "max = 2")
    (pack / "registers" / "river_sign.toml").write_text(changed, "utf-8")
    assert "3 处旧记录不再适用" in anlan(pack, "registers", "install")
