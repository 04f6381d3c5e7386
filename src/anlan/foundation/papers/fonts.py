"""The font of PDF papers, and which characters it lacks."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path

from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

from anlan.settings import InputError, Words

FAMILY = "Noto Serif SC"
_REGULAR = "parts/fonts/NotoSerifSC-Regular.ttf"


def folder() -> Path:
    """Folder of the font files. Raises InputError if they were never fetched."""
    found = finders.find(_REGULAR)
    if not isinstance(found, str):
        raise InputError(
            Words(
                "没有 PDF 字体：请运行 make up，或 python -m anlan.web.parts",
                "the font for PDF is missing: run make up, or python -m anlan.web.parts",
            )
        )
    return Path(found).parent


@functools.cache
def _covered() -> frozenset[int]:
    with TTFont(folder() / Path(_REGULAR).name, lazy=True) as font:
        return frozenset(font.getBestCmap())


def missing(texts: Iterable[str]) -> list[str]:
    """Characters of the texts that the font does not have, each once, in order. White space is not asked for."""
    found: dict[str, None] = {}
    covered = _covered()
    for text in texts:
        for character in text:
            if ord(character) not in covered and not character.isspace() and character.isprintable():
                found[character] = None
    return list(found)
