"""What can be imported: each room registers its sheets in `importable.py`, and this room serves them all.

    register(Importable(spec=UNITS, action="org.import", back="units", current=…, apply=…))

A sheet of code `units` then has /units/import/ (dry run, preview, publish), its template and its export.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.module_loading import autodiscover_modules

from anlan.foundation.access.actor import Actor
from anlan.foundation.sheets.spec import Line, Record, SheetSpec, Value
from anlan.settings import Words


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is told once and kept nowhere, such as one-time codes: heads and rows of a table."""

    title: Words
    heads: tuple[Words, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """What publishing did beyond the rows: secrets to hand over, and facts for the journal."""

    secrets: Secrets | None = None
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Importable:
    """Sheet that can be imported and exported.

    `action` is permission and journal code; `back` the name of the page with the list. `current` gives the rows that
    are there now. `identify` makes the function that gives a row its natural key, where the key columns alone do not
    say it (made once a run, so that it may read a table first). `review` adds to the lines what is wrong between them,
    or with what is there. `apply` writes new and changed lines, in the transaction that is open; it writes no entries
    of its own to the journal unless its actions do. `label` names a row in the preview. `see` is the permission of the
    export, that of the import by default.

    `back_args` are arguments of the page `back`. `narrow` gives the sheet as one actor may use it, or refuses. `at`
    gives the rows of some natural keys, where there are too many to read all. `prepare` does what takes long before the
    transaction opens and gives the function that writes, in place of `apply`; it is told the reason. `tells_rows` says
    whether the journal's entry lists the rows: not where revisions tell them. `has_secrets` says that publishing may
    give secrets, which stand in the answer to it and nowhere else: such a sheet is never published in the background.

    With `partial`, rows that are wrong do not keep the others from being published; they are told and left out. Such a
    sheet goes out to many and comes back in pieces, so `untouched` says of a row that it is as it went out and asks for
    nothing: it is left alone, also where what is there has moved on since, or where it stands twice. `book` makes the
    file that goes out in a language, where it is more than one sheet of rows; there is no empty template then.
    `outcome` says beside the button what publishing leads to, and `reason` is the reason that the form begins with.
    """

    spec: SheetSpec
    action: str
    back: str
    current: Callable[[], Iterable[Record]]
    apply: Callable[[Actor, Sequence[Line]], Applied]
    label: Callable[[Record], str]
    identify: Callable[[], Callable[[Record], str]] | None = None
    review: Callable[[Sequence[Line]], None] | None = None
    see: str = ""
    back_args: tuple[str, ...] = ()
    narrow: Callable[[Actor], Importable] | None = None
    at: Callable[[Sequence[str]], Mapping[str, Record]] | None = None
    prepare: Callable[[Actor, Sequence[Line], str], Callable[[], Applied]] | None = None
    tells_rows: bool = True
    has_secrets: bool = False
    partial: bool = False
    untouched: Callable[[Line], bool] | None = None
    book: Callable[[str], bytes] | None = None
    outcome: Words | None = None
    reason: Words | None = None

    @property
    def code(self) -> str:
        """Code of the sheet, which stands in its addresses."""
        return self.spec.code

    @property
    def has_book(self) -> bool:
        """Whether what goes out is a file of its own making. A template would call `book` itself."""
        return self.book is not None

    def identified(self) -> Callable[[Record], str]:
        """Function that gives a row its natural key."""
        return self.identify() if self.identify else self.spec.natural_key

    @property
    def address(self) -> str:
        """Address of the page with the list."""
        return reverse(self.back, args=self.back_args)

    def seen_by(self, actor: Actor) -> Importable:
        """Sheet as this actor may use it."""
        return self if self.narrow is None else self.narrow(actor)

    def rows_now(self, keys: Sequence[str] = ()) -> dict[str, dict[str, Value]]:
        """Rows that are there, by natural key; those of `keys` at least."""
        if self.at is not None:
            return {key: dict(row) for key, row in self.at(keys).items()}
        key = self.identified()
        return {key(row): dict(row) for row in self.current()}


_KNOWN: dict[str, Importable] = {}
_MAKERS: list[Callable[[str], Importable | None]] = []
# Permissions of the sheets that makers make.
_MADE_FOR: set[str] = set()


def register(importable: Importable) -> None:
    """Registers a sheet; each code once."""
    if _KNOWN.setdefault(importable.code, importable) is not importable:
        raise ValueError(f"sheet {importable.code} is registered twice")


def register_maker(maker: Callable[[str], Importable | None], *permissions: str) -> None:
    """Registers a function that makes sheets of codes of its own, and gives None for any other.

    `permissions` are those that its sheets are imported with.
    """
    if maker not in _MAKERS:
        _MAKERS.append(maker)
    _MADE_FOR.update(permissions)


def permissions() -> frozenset[str]:
    """Permissions that sheets of this version are imported with. No query."""
    autodiscover_modules("importable")
    return frozenset({one.action for one in _KNOWN.values()} | _MADE_FOR)


def importable(code: str) -> Importable:
    """Sheet by its code; KeyError if no room has it."""
    if code not in _KNOWN:
        autodiscover_modules("importable")
    made = (found for maker in _MAKERS if (found := maker(code)) is not None)
    return _KNOWN[code] if code in _KNOWN else next(made, None) or _KNOWN[code]
