"""Names of bodies: how they are compared, and the book that says whose a name is. A name means one body."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from anlan.foundation.org.models import Group, Unit, UnitAlias
from anlan.settings import Words

_SPACE = re.compile(r"\s+")


class At(Words):
    """Words about one field of a form."""

    field: str


def at(field: str, zh: str, en: str) -> At:
    """Words about the field of this name."""
    words = At(zh, en)
    words.field = field
    return words


def fold(name: str) -> str:
    """Name as it is compared: brackets and letters of one width, no white space, no case.

    >>> fold("各乡（镇） 街道") == fold("各乡(镇)街道")
    True
    """
    return _SPACE.sub("", unicodedata.normalize("NFKC", name)).casefold()


def clean(name: str) -> str:
    """Name as it is kept: without white space around it."""
    return name.strip().strip("\u200b\ufeff").strip()


Body = tuple[str, int | str]
"""Kind ("unit" or "group") with the key of the row, or any mark for a body that is still to be made."""


@dataclass(slots=True)
class NameBook:
    """Every name in use, with the body it means and how that is called."""

    owners: dict[str, tuple[Body, str]] = field(default_factory=dict)

    @classmethod
    def load(cls) -> NameBook:
        """Book of the names that are there. Three queries."""
        book = cls()
        for pk, short, official in Unit.objects.values_list("pk", "short_name", "official_name"):
            for name in (short, official):
                book.enter(name, ("unit", pk), short)
        for pk, name in Group.objects.values_list("pk", "name"):
            book.enter(name, ("group", pk), name)
        aliases = UnitAlias.objects.values_list("name", "unit_id", "unit__short_name", "group_id", "group__name")
        for name, unit, unit_name, group, group_name in aliases:
            if unit is not None:
                book.enter(name, ("unit", unit), str(unit_name))
            elif group is not None:
                book.enter(name, ("group", group), str(group_name))
        return book

    def enter(self, name: str, body: Body, called: str) -> None:
        """Notes that the name means this body, unless it means one already."""
        if name:
            self.owners.setdefault(fold(name), (body, called))

    def forget(self, bodies: Collection[Body]) -> None:
        """Takes out every name of these bodies: they are about to get others."""
        self.owners = {name: owner for name, owner in self.owners.items() if owner[0] not in bodies}

    def owner(self, name: str) -> tuple[Body, str] | None:
        """Body that the name means, and how that is called."""
        return self.owners.get(fold(name))

    def taken(self, names: Iterable[tuple[str, str]], body: Body | None) -> list[At]:
        """Words for each (field, name) that means another body than this one."""
        problems = []
        for where, name in names:
            owner = self.owner(name) if name else None
            if owner is not None and owner[0] != body:
                problems.append(
                    at(
                        where,
                        f"“{name}”已是“{owner[1]}”的名称，一个名称只能指一个单位或集合；请换一个，或先从那里去掉",
                        f"“{name}” is a name of “{owner[1]}” already, and a name means one body; "
                        "choose another, or take it away there first",
                    )
                )
        return problems
