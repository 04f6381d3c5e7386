"""The registers that are installed, with their specs and projections: read anew when a version changes.

Specs are parsed once a process; one small query says whether what is in memory is still in force.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.db import models

from anlan.foundation.org.models import Unit
from anlan.registers import tables
from anlan.registers.models import Register, SpecVersion
from anlan.registers.spec.lint import bound
from anlan.registers.spec.model import Spec, Type
from anlan.registers.spec.parse import parse

_T = TypeVar("_T")


@dataclass(frozen=True)
class Installed:
    """Register in force: its row, its spec, the model of its projection, and who refers to it."""

    register: Register
    spec: Spec
    model: type[models.Model]

    @property
    def code(self) -> str:
        """Id of the register."""
        return self.spec.id

    @property
    def rows(self) -> models.QuerySet[Any]:
        """Live rows, as projected."""
        return self.model._default_manager.all()


@dataclass(frozen=True)
class Book(Mapping[str, Installed]):
    """All registers by code, in the order of their groups."""

    installed: dict[str, Installed]

    def __getitem__(self, code: str) -> Installed:
        return self.installed[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self.installed)

    def __len__(self) -> int:
        return len(self.installed)

    @cached_property
    def referring(self) -> dict[str, list[tuple[str, str]]]:
        """By register: the (register, field) that refer to it."""
        found: dict[str, list[tuple[str, str]]] = {}
        for code, one in self.installed.items():
            for field in one.spec.of_type(Type.REFERENCE):
                found.setdefault(field.register, []).append((code, field.id))
        return found

    def by_key(self, register: int) -> Installed:
        """Register by the key of its row; KeyError if there is none."""
        return next(one for one in self.installed.values() if one.register.pk == register)


_LOCK = threading.Lock()
_parsed: dict[tuple[str, int], tuple[str, Spec]] = {}
_book: tuple[object, Book] | None = None


class _Asked(threading.local):
    """What the request at work has been told already; nothing outside of a request."""

    inside = False
    book: Book | None = None
    kept: dict[object, Any] | None = None


_asked = _Asked()


def request_begins(**signal: object) -> None:
    """A request asks once which specs are in force."""
    _asked.inside, _asked.book, _asked.kept = True, None, {}


def request_ends(**signal: object) -> None:
    """The next one asks anew."""
    _asked.inside, _asked.book, _asked.kept = False, None, None


def once(key: object, work: Callable[[], _T]) -> _T:
    """What `work` gives, worked out once a request and each time outside of one."""
    if _asked.kept is None:
        return work()
    if key not in _asked.kept:
        _asked.kept[key] = work()
    found: _T = _asked.kept[key]
    return found


def names_of(units: frozenset[int]) -> tuple[tuple[int, str, str], ...]:
    """Units by key with short name and kind, once a request.

    Every register asks this of every reader: with sixty of them a page would ask sixty times.
    """
    rows = Unit.objects.filter(pk__in=units).values_list("pk", "short_name", "kind")
    return once(("units", units), lambda: tuple(rows))


def book() -> Book:
    """Registers in force. One query, none if the request has asked before; more only after a spec was installed."""
    if _asked.book is not None:
        return _asked.book
    found = _in_force()
    if _asked.inside:
        _asked.book = found
    return found


def _in_force() -> Book:
    global _book
    # Plain values, no objects: every permission of a page asks this.
    mark = tuple(Register.objects.values_list("pk", "code", "version", "digest", "table", "retired"))
    current = _book
    if current is not None and current[0] == mark:
        return current[1]
    with _LOCK:
        made = _load(list(Register.objects.all()))
        _book = (mark, made)
        return made


def get(code: str) -> Installed:
    """Register by its id; KeyError if it is not installed."""
    return book()[code]


def _load(registers: list[Register]) -> Book:
    versions = {
        (one.register_id, one.number): one
        for one in SpecVersion.objects.filter(register__in=registers).only("register_id", "number", "digest")
    }
    specs: dict[str, Spec] = {}
    for register in registers:
        version = versions[register.pk, register.version]
        specs[register.code] = spec_of(version.pk, version.digest)
    # A register whose reference was never installed cannot be asked for it; its expressions then stay open.
    ready = {
        code: bound(spec, specs) if all(f.register in specs for f in spec.of_type(Type.REFERENCE)) else spec
        for code, spec in specs.items()
    }
    return Book(
        {
            register.code: Installed(register, ready[register.code], tables.model(ready[register.code], register.table))
            for register in registers
        }
    )


def spec_of(version: int, digest: str) -> Spec:
    """Spec of a version, by the key of its row and its digest; parsed once."""
    known = _parsed.get((digest, version))
    if known is None:
        text = SpecVersion.objects.values_list("text", flat=True).get(pk=version)
        known = _parsed[digest, version] = (digest, parse(text))
    return known[1]
