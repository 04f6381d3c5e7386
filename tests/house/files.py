"""The files of the repository, as git knows them: what is tracked and what would be added."""

from __future__ import annotations

import functools
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def git(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Result of a git command in the checkout. A checkout of another owner is read all the same."""
    command = ["git", "-c", "safe.directory=*", "-c", "core.quotePath=false", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@functools.cache
def repository_files() -> tuple[Path, ...]:
    """Files that are tracked or would be, in order of their names. Skips where there is no git checkout."""
    listing = git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if listing.returncode != 0:
        pytest.skip("this is no git checkout: which files belong to the repository is not known")
    paths = (ROOT / name for name in sorted(set(listing.stdout.split("\0"))) if name)
    return tuple(path for path in paths if path.is_file())


def text_of(path: Path) -> str | None:
    """Text of a file, None if it is no UTF-8 text (a Word file of the tests, say)."""
    data = path.read_bytes()
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None
