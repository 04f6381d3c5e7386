"""The register of units as the compiler sees it: which names are known, and which come near an unknown one.

Names are compared folded (see `view.py`), so that half- and full-width brackets make no difference.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Protocol

from anlan.plan.compiler.view import fold, solid

_NOTE = re.compile("（[^（）]*）$")
_CANDIDATES = 40
_NEAREST = 3
_ALIKE = 0.6


class Organ(Protocol):
    """Entry of a register of units: what the compiler needs of it."""

    @property
    def short(self) -> str:
        """Name that plans print."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it goes by, misprints included."""

    @property
    def misprints(self) -> tuple[str, ...]:
        """Names known to be printed wrong."""


class Register:
    """Units by name. Building it takes time in proportion to the names; a look-up none worth naming."""

    def __init__(self, organs: Iterable[Organ]) -> None:
        self._right: dict[str, str] = {}
        self._misprints: dict[str, str] = {}
        self._printed: dict[str, str] = {}
        self._by_character: dict[str, list[str]] = defaultdict(list)
        for organ in organs:
            wrong = {_key(name) for name in organ.misprints}
            self._misprints.update(dict.fromkeys(wrong, organ.short))
            for name in organ.names:
                key = _key(name)
                if key in wrong or key in self._right:
                    continue
                self._right[key] = organ.short
                self._printed[key] = name
                for character in set(key):
                    self._by_character[character].append(key)

    def owner(self, name: str) -> str | None:
        """Short name of the unit that goes by this name, misprints aside; a note in brackets behind it is ignored."""
        key = _key(name)
        return self._right.get(key) or self._right.get(_NOTE.sub("", key))

    def misprint(self, name: str) -> str | None:
        """Short name of the unit whose known misprint this name is."""
        return self._misprints.get(_key(name))

    def nearest(self, name: str) -> list[str]:
        """Up to three names that come near an unknown one, the nearest first."""
        key = _key(name)
        shared: Counter[str] = Counter()
        for character in set(key):
            near = self._by_character.get(character, ())
            # A character that half the register shares (区, 局) tells nothing apart.
            if len(near) <= 200 or len(near) * 3 < len(self._right):
                shared.update(near[:2000])
        pool = [candidate for candidate, _ in shared.most_common(_CANDIDATES)]
        close = difflib.get_close_matches(key, pool, _NEAREST * 2, _ALIKE)
        owners: dict[str, str] = {}
        for candidate in close:
            owners.setdefault(self._right[candidate], self._printed[candidate])
        return list(owners.values())[:_NEAREST]


def _key(name: str) -> str:
    return solid(fold(name))
