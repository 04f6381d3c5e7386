"""Arrows between rooms run one way, and every room is under the contract."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.house.files import ROOT

PACKAGE = ROOT / "src/anlan"
# Modules at the top that every room may read: they import no room.
COMMON = {"settings"}


def lint(folder: Path, source: Path) -> subprocess.CompletedProcess[str]:
    script = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    code = f"import sys; sys.path.insert(0, {str(source)!r}); {script}"
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)


def test_the_contracts_of_the_house_are_kept() -> None:
    run = lint(ROOT, ROOT / "src")
    assert run.returncode == 0, run.stdout + run.stderr


def test_an_arrow_in_the_wrong_direction_is_found(tmp_path: Path) -> None:
    for room, text in {"low": "import wronghouse.high\n", "high": ""}.items():
        (tmp_path / "wronghouse" / room).mkdir(parents=True)
        (tmp_path / "wronghouse" / room / "__init__.py").write_text(text, encoding="utf-8")
    (tmp_path / "wronghouse/__init__.py").touch()
    (tmp_path / "pyproject.toml").write_text(
        '[tool.importlinter]\nroot_package = "wronghouse"\n[[tool.importlinter.contracts]]\n'
        'name = "down"\ntype = "layers"\nlayers = ["wronghouse.high", "wronghouse.low"]\n',
        encoding="utf-8",
    )
    run = lint(tmp_path, tmp_path)
    assert run.returncode == 1
    assert "wronghouse.low -> wronghouse.high" in run.stdout


def test_every_room_stands_in_the_contract_of_layers() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = [layer for contract in config["contracts"] if contract["type"] == "layers" for layer in contract["layers"]]
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    modules = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    # Siblings stand in one layer, parted by "|".
    named = {name.strip().split(".")[1] for layer in layers for name in layer.split("|")}
    assert named >= rooms
    assert modules <= COMMON | named


def test_common_modules_import_no_room() -> None:
    for name in COMMON:
        text = (PACKAGE / f"{name}.py").read_text(encoding="utf-8")
        assert "import anlan" not in text
        assert "from anlan" not in text
