"""Documentation is held to what is there: links lead somewhere, and the commands it shows exist."""

from __future__ import annotations

import functools
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.house.files import ROOT

from anlan.settings import SETTINGS

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
READMES = [page for page in PAGES if page.name.startswith("README")]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as the usual renderers make them."""
    headings = re.findall(r"^#+ (.+?)\s*$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", heading.lower())) for heading in headings}


def broken_links(page: Path) -> list[str]:
    """Links of a page that lead to no file of the repository or to no heading."""
    broken = []
    for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if ":" in link or not target.exists() or (anchor and anchor.lower() not in anchors(target)):
            broken.append(link)
    return broken


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][\w-]*):(?!=)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@functools.cache
def is_verb(verb: str) -> bool:
    """Whether the installed command has this verb."""
    command = [str(Path(sys.executable).with_name("anlan")), verb, "--help"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_verb_that_does_not_exist_is_found() -> None:
    assert is_verb("compile")
    assert not is_verb("compose")


def shown(command: str, text: str) -> set[str]:
    """Words that follow a command in the code of a page: make up, anlan compile."""
    code = " \n".join([*FENCE.findall(text), *re.findall("`([^`\n]+)`", FENCE.sub("", text))])
    return set(re.findall(rf"(?<![\w/.-]){command} ([a-z][\w-]*)", code))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text("# A b\n[1](#a-b) [2](#c) [3](a.md#a-b) [4](b.md)\n```\n[5](no.md)\n```\n", encoding="utf-8")
    assert broken_links(page) == ["#c", "b.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_that_a_page_shows_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert shown("make", text) - make_targets() == set()
    assert [verb for verb in shown("anlan", text) if not is_verb(verb)] == []


def test_commands_in_code_are_told_from_words_in_prose() -> None:
    text = "make haste\n`make up`, `anlan compile FILE`\n```\n$ anlan lint FILE\n```\n"
    assert shown("make", text) == {"up"}
    assert shown("anlan", text) == {"compile", "lint"}


def test_the_readme_is_there_in_both_languages_and_shows_the_two_commands() -> None:
    assert {page.name for page in READMES} == {"README.md", "README.zh-CN.md"}
    for page in READMES:
        assert shown("make", page.read_text(encoding="utf-8")) >= {"up", "test"}, page.name


def test_every_setting_is_described_in_the_docs() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [setting.name for setting in SETTINGS if f"`{setting.name}`" not in text] == []


def test_the_plan_of_the_house_tells_rooms_that_stand_from_rooms_that_are_planned() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    standing = text[text.index("## What stands today") : text.index("## What is planned")]
    packages = {path.parent.relative_to(ROOT / "src/anlan") for path in (ROOT / "src/anlan").rglob("*/__init__.py")}
    # The migrations of a room belong to it, as its templates do.
    names = {path.as_posix() + "/" for path in packages if path.as_posix() != "." and path.name != "migrations"}
    assert sorted(name for name in names if f"`{name}`" not in standing) == []
    assert (
        sorted(name for name in re.findall("`([a-z0-9_/]+/)`", standing) if not (ROOT / "src/anlan" / name).is_dir())
        == []
    )
