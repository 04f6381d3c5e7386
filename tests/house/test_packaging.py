"""What is installed and what is shipped: a lock without hosts, and a wheel that carries the packs and the data."""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from tests.house.files import ROOT, git

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# SHA-256 of the text of the Apache License 2.0 as its authors publish it.
APACHE = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"


def plain(name: str) -> str:
    return re.sub("[-_.]+", "-", name).lower()


def locked() -> dict[str, str]:
    """Entry of every distribution in the lock, by its name."""
    entries = re.split(r"\n(?=[A-Za-z0-9])", "\n" + LOCK)[1:]
    return {distribution(entry): entry for entry in entries}


def distribution(requirement: str) -> str:
    """Name in a requirement, its extras and versions aside."""
    return plain(re.split(r"[\[=<>! ;@]", requirement)[0])


def extra_is_locked(requirement: str) -> bool:
    """Whether everything that the extras of a requirement bring on this machine stands in the lock."""
    extras = Requirement(requirement).extras
    needs = map(Requirement, importlib.metadata.requires(distribution(requirement)) or [])
    brought = [need for need in needs if need.marker and any(need.marker.evaluate({"extra": e}) for e in extras)]
    return {plain(need.name) for need in brought} <= locked().keys()


def test_the_lock_names_no_index_and_no_address() -> None:
    assert re.findall(r"(?m)://|^\s*--(?:extra-)?(?:index|find-links|trusted).*|\.(?:org|com|net|io|cn)\b", LOCK) == []


def test_every_distribution_in_the_lock_has_one_version_and_its_hashes() -> None:
    assert len(locked()) > 20
    for name, entry in locked().items():
        assert re.match(r"[\w.\[\]-]+==[\w.!+]+ ", entry), name
        assert re.search("--hash=sha256:[0-9a-f]{64}", entry), name


def test_the_lock_covers_what_the_project_and_its_developers_ask_for() -> None:
    extras = [line for lines in PROJECT["project"]["optional-dependencies"].values() for line in lines]
    wanted = [*PROJECT["project"]["dependencies"], *extras, *PROJECT["dependency-groups"]["dev"]]
    assert {distribution(line) for line in wanted} - locked().keys() == set()
    # An extra of a distribution brings distributions of its own: the lock must have been made for it.
    assert {line for line in wanted if "[" in line and not extra_is_locked(line)} == set()
    assert not extra_is_locked("psycopg[docs]")


def test_the_lock_of_uv_is_ignored_because_it_names_hosts() -> None:
    answer = git("check-ignore", "uv.lock")
    if answer.returncode == 128:
        pytest.skip("this is no git checkout: what is ignored is not known")
    assert answer.stdout.strip() == "uv.lock"


def test_the_licence_is_the_apache_licence_unchanged() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE
    assert PROJECT["project"]["license"] == "Apache-2.0"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_carries_the_packs_and_every_data_file_of_the_source(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    source = {p.relative_to(ROOT / "src").as_posix() for p in (ROOT / "src").rglob("*") if p.is_file()}
    packs = {f"anlan/{p.relative_to(ROOT).as_posix()}" for p in (ROOT / "packs").rglob("*") if p.is_file()}
    assert "anlan/packs/changjiang/plan.txt" in packs
    assert {path for path in source | packs if "__pycache__" not in path and "egg-info" not in path} - inside == set()
    assert any(path.endswith("licenses/LICENSE") for path in inside)


def test_an_installed_wheel_finds_its_packs_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from anlan.plan import pack; "
    code += "print(pack.load('changjiang').folder)"
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert Path(run.stdout.strip()) == tmp_path.resolve() / "anlan/packs/changjiang"
