"""How source files are: short, with a docstring, and no drawer for what found no place."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from tests.house.files import ROOT, repository_files

MODULES = sorted(path for top in ("src", "tests", "benchmarks") for path in (ROOT / top).rglob("*.py"))
LONGEST_FILE = 500
# Warnings of other people's code that are no fault of ours, each named by its words and class, with its reason.
WARNINGS_LET_PASS = {
    "ignore:No directory at:UserWarning": "WhiteNoise serves from where the files lie; nothing is collected",
}
DRAWERS = {"utils", "util", "helpers", "helper", "misc", "common"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_there_are_modules_to_look_at() -> None:
    assert "src/anlan/plan/pack.py" in map(name, MODULES)


def test_no_source_file_is_longer_than_five_hundred_lines() -> None:
    lines = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES if "src" in path.parts}
    assert {path: n for path, n in lines.items() if n > LONGEST_FILE} == {}


def test_every_module_says_what_it_is() -> None:
    silent = [name(p) for p in MODULES if p.stat().st_size and not ast.get_docstring(ast.parse(p.read_bytes()))]
    assert silent == []


def test_there_is_no_drawer_of_odds_and_ends() -> None:
    assert [name(path) for path in MODULES if DRAWERS & {path.stem, path.parent.name}] == []


def skips_without_reason(source: str) -> list[int]:
    """Lines of skips and expected failures that say no reason."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call | ast.Attribute):
            continue
        called = ast.unparse(node.func if isinstance(node, ast.Call) else node)
        if called == "pytest.skip" and isinstance(node, ast.Call):
            bare = not node.args and not any(k.arg == "reason" for k in node.keywords)
        elif called in {"pytest.importorskip", "pytest.mark.skipif", "pytest.mark.xfail"}:
            bare = isinstance(node, ast.Call) and not any(k.arg == "reason" for k in node.keywords)
        elif called == "pytest.mark.skip":
            bare = isinstance(node, ast.Call) and not (node.args or node.keywords)
        else:
            continue
        if bare:
            lines.append(node.lineno)
    return lines


def test_every_skip_is_visible_and_says_why() -> None:
    bare = {name(p): found for p in MODULES if (found := skips_without_reason(p.read_text(encoding="utf-8")))}
    assert bare == {}


def test_a_skip_without_reason_would_be_found() -> None:
    assert skips_without_reason("import pytest\npytest.skip()\npytest.skip('no shared folder')\n") == [2]
    assert skips_without_reason("@pytest.mark.skipif(True)\ndef test_a(): ...\n") == [1]
    assert skips_without_reason("@pytest.mark.xfail(reason='a known fault')\ndef test_a(): ...\n") == []


def test_pytest_shows_skips_and_takes_every_warning_for_an_error(pytestconfig: pytest.Config) -> None:
    assert "-ra" in pytestconfig.getini("addopts")
    first, *others = pytestconfig.getini("filterwarnings")
    assert first == "error"
    assert set(others) == WARNINGS_LET_PASS.keys()
    # Both the words and the class: a whole class of warnings is never let pass.
    assert all(re.fullmatch(r"ignore:[^:]+:\w+", line) for line in others)
    assert pytestconfig.getini("xfail_strict") is True


def test_files_that_tools_write_are_not_part_of_the_repository() -> None:
    inside = {part for path in repository_files() for part in path.relative_to(ROOT).parts}
    assert inside & {"__pycache__", ".venv", "uv.lock", ".mypy_cache", ".ruff_cache", "dist", "build"} == set()
