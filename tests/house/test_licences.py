"""Licences of everything that is installed, read from its metadata: permissive, or a weak copyleft left unmodified."""

from __future__ import annotations

import importlib.metadata
import re

import pytest
from packaging.markers import Marker
from tests.house.test_packaging import locked

# Weak copyleft is used as published, never copied into this repository or changed.
ALLOWED = re.compile(
    r"\b(?:MIT(?:-0)?|BSD|Apache|ISC|PSF(?:-2\.0)?|Python Software Foundation|Zlib|0BSD|Unlicense"
    r"|MPL|Mozilla Public License|LGPL|Lesser General Public)\b",
    re.IGNORECASE,
)
FORBIDDEN = re.compile(r"(?<!L)A?GPL|Affero|(?<!Lesser )General Public|SSPL|BUSL|Commons Clause", re.IGNORECASE)
# Metadata that says too little: read by a person, with what was found.
REVIEWED: dict[str, str] = {}


def licence(name: str) -> str:
    """What the metadata of an installed distribution says about its licence, in one line."""
    metadata = importlib.metadata.metadata(name)
    expressions = metadata.get_all("License-Expression") or []
    # Some put the whole text of the licence into the field: its first line names it.
    first_lines = [text.strip().split("\n")[0] for text in metadata.get_all("License") or []]
    classifiers = [line for line in metadata.get_all("Classifier") or [] if line.startswith("License ::")]
    return "; ".join([*expressions, *first_lines, *classifiers])


def verdict(said: str) -> str:
    if FORBIDDEN.search(said):
        return "forbidden"
    return "allowed" if ALLOWED.search(said) else "unclear"


def test_everything_in_the_lock_has_a_licence_that_the_house_allows() -> None:
    verdicts = {}
    for name, entry in locked().items():
        try:
            said = licence(name)
        except importlib.metadata.PackageNotFoundError:
            marker = re.match(r"\S+ ; (.+?) \\", entry)
            assert marker, f"{name} is in the lock but not installed"
            assert not Marker(marker[1]).evaluate(), f"{name} is in the lock but not installed"
            continue
        if name not in REVIEWED and verdict(said) != "allowed":
            verdicts[name] = said
    assert verdicts == {}


def test_every_reviewed_distribution_is_still_in_the_lock() -> None:
    assert REVIEWED.keys() - locked().keys() == set()


@pytest.mark.parametrize(
    "said, expected",
    [
        ("GPL-3.0-or-later", "forbidden"),
        ("AGPL-3.0", "forbidden"),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", "forbidden"),
        ("License :: OSI Approved :: GNU Affero General Public License v3", "forbidden"),
        ("MIT AND GPL-2.0-only", "forbidden"),
        ("LGPL-2.1-only", "allowed"),
        ("License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)", "allowed"),
        ("License :: OSI Approved :: GNU Library or Lesser General Public License (LGPL)", "allowed"),
        ("MPL-2.0", "allowed"),
        ("BSD-3-Clause, Apache-2.0", "allowed"),
        ("proprietary", "unclear"),
        ("", "unclear"),
    ],
)
def test_a_licence_is_judged_by_its_name(said: str, expected: str) -> None:
    assert verdict(said) == expected
