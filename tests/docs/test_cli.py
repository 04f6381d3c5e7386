"""The guides are held to the command: every verb, option and key is described, and what is marked as runnable runs."""

from __future__ import annotations

import argparse
import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.house.files import ROOT

from anlan.cli import VERBS
from anlan.plan.document import compile_document
from anlan.plan.report import report

CLI = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
COMPILER = (ROOT / "docs/compiler.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
RUNNABLE = re.compile(r"^```(sh|python) run\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [
    pytest.param(language, code, id=f"{page.relative_to(ROOT).as_posix()}-{number}")
    for page in PAGES
    for number, (language, code) in enumerate(RUNNABLE.findall(page.read_text(encoding="utf-8")))
]


def section(text: str, heading: str) -> str:
    """Text below a heading, up to the next one of its level or above."""
    level = heading.split(" ")[0]
    start = text.index(heading + "\n") + len(heading)
    following = re.search(rf"^#{{1,{len(level)}}} ", text[start:], re.MULTILINE)
    return text[start : start + following.start()] if following else text[start:]


def options(verb: str) -> set[str]:
    """Options of a verb and of its actions as its help prints them, those of every verb aside."""
    subparsers = argparse.ArgumentParser(prog="anlan").add_subparsers()
    importlib.import_module(f"anlan.cli.{verb}").add(subparsers)
    usage = ""
    parsers = [subparsers.choices[verb]]
    while parsers:
        parser = parsers.pop()
        usage += parser.format_usage()
        actions = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
        parsers += [inside for action in actions for inside in action.choices.values()]
    return set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", usage)) - {"-h", "--lang"}


def described(text: str) -> set[str]:
    """Options in the first column of a section's tables."""
    rows = re.findall(r"^\| (`-.*?) \|", text, re.MULTILINE)
    return {option for row in rows for option in re.findall(r"`(--?[a-z][a-z-]*)", row)}


@pytest.mark.parametrize("verb", VERBS)
def test_the_options_of_a_verb_are_those_its_section_describes(verb: str) -> None:
    said = described(section(CLI, f"## `anlan {verb}`"))
    # The usage prints the short name of an option where it has one; the long one is described beside it.
    assert options(verb) <= said
    assert said - options(verb) <= {"--output"}


def test_every_form_of_output_is_described() -> None:
    for verb, forms in {"compile": ("table", "json", "xlsx"), "lint": ("text", "json")}.items():
        assert [form for form in forms if f"`--format {form}`" not in section(CLI, f"## `anlan {verb}`")] == []


def test_an_option_nobody_described_would_be_found() -> None:
    assert described("| `--year Y` | a |\n| `--output FILE`, `-o FILE` | `--lang` |\n") == {"--year", "--output", "-o"}
    assert {"--units", "--text-out"} <= options("compile")


def keys(value: object) -> Iterator[str]:
    """All keys of nested plain data."""
    if isinstance(value, dict):
        for key, inside in value.items():
            yield key
            yield from keys(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from keys(inside)


def test_every_key_of_the_json_is_described() -> None:
    path = ROOT / "packs/changjiang/plan.txt"
    # Named as what it is not, so that there is a remark.
    answer = report(compile_document(path.read_bytes(), "plan.pdf"), "en")
    assert answer["remarks"]
    found = set(keys(answer))
    assert {"measures", "precision", "severity", "due", "names_known"} <= found
    text = section(COMPILER, "## What it gives")
    assert sorted(key for key in found if f"`{key}`" not in text) == []
    for part, heading in (
        (answer, "Document"),
        (answer["measures"][0], "Measures"),
        (answer["diagnostics"][0], "Diagnostics"),
    ):
        rows = "".join(re.findall(r"^\| (.*?) \|", section(COMPILER, f"### {heading}"), re.MULTILINE))
        assert set(re.findall("`(.*?)`", rows)) == set(part), heading


def test_there_are_blocks_to_run() -> None:
    assert len(BLOCKS) >= 5
    assert {"README.md", "README.zh-CN.md", "docs/cli.md", "docs/compiler.md"} <= {
        str(block.id).rsplit("-", 1)[0] for block in BLOCKS
    }


@pytest.mark.parametrize("language, code", BLOCKS)
def test_what_is_marked_as_runnable_runs(language: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "packs").symlink_to(ROOT / "packs")
    known = {key: value for key, value in os.environ.items() if not key.startswith("ANLAN_")}
    known["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{known['PATH']}"
    interpreter = [sys.executable, "-"] if language == "python" else ["sh", "-eu"]
    ran = subprocess.run(interpreter, input=code.encode(), cwd=tmp_path, env=known, capture_output=True, check=False)
    assert (ran.returncode, ran.stderr.decode()) == (0, "")
    assert ran.stdout


def test_a_block_that_fails_would_be_found() -> None:
    assert RUNNABLE.findall("```sh run\nfalse\n```\n```sh\nmake up\n```\n") == [("sh", "false\n")]
    assert subprocess.run(["sh", "-eu"], input=b"false\ntrue\n", check=False).returncode != 0
