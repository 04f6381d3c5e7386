"""Where specs come from: those that come with the product, and those of the district's pack over them."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from anlan.registers.spec.lint import Problem, bound, lint
from anlan.registers.spec.model import Field, Spec
from anlan.registers.spec.parse import parse
from anlan.settings import InputError, Words

CATALOG = Path(__file__).parent / "catalog"
_ELSEWHERE, _GROUPS = "elsewhere.toml", "groups.toml"
PACK_FOLDER = "registers"


@dataclass(frozen=True, slots=True)
class Source:
    """Spec with the text it was read from; `origin` is "catalog" or "pack"."""

    spec: Spec
    text: str
    origin: str
    path: Path


@dataclass(slots=True)
class Gathered:
    """Specs in force by id, and what is wrong: of files that cannot be read, and of specs against each other."""

    sources: dict[str, Source] = field(default_factory=dict)
    unreadable: list[Words] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def grave(self) -> list[Words]:
        """What keeps a spec from being installed."""
        return [*self.unreadable, *(one.words for one in self.problems if one.grave)]

    @property
    def usable(self) -> dict[str, Source]:
        """Specs with nothing grave, those that refer to a bad one left out too; expressions fully read."""
        bad = {one.register for one in self.problems if one.grave}
        while True:
            hit = {
                id
                for id, one in self.sources.items()
                if id not in bad and any(f.register in bad or f.register not in self.sources for f in _references(one))
            }
            if not hit:
                break
            bad |= hit
        specs = {id: one.spec for id, one in self.sources.items() if id not in bad}
        return {
            id: Source(bound(one.spec, specs), one.text, one.origin, one.path)
            for id, one in self.sources.items()
            if id not in bad
        }


def gather(pack: Path | None = None, extra: Iterable[Path] = ()) -> Gathered:
    """All specs: the product's, over them those of a pack's folder, over them `extra` files. Never raises."""
    found = Gathered()
    for origin, paths in (
        ("catalog", files(CATALOG)),
        ("pack", files(pack / PACK_FOLDER) if pack is not None else []),
        ("pack", list(extra)),
    ):
        seen: dict[str, Path] = {}
        for path in paths:
            try:
                source = read(path, origin)
            except InputError as error:
                found.unreadable += error.problems
                continue
            id = source.spec.id
            if id in seen:
                found.unreadable.append(
                    Words(
                        f"{path.name}：台账 {id} 在 {seen[id].name} 里已有一份",
                        f"{path.name}: the register {id} stands in {seen[id].name} already",
                    )
                )
                continue
            seen[id] = path
            found.sources[id] = source
    found.problems = lint(one.spec for one in found.sources.values())
    return found


def files(folder: Path) -> list[Path]:
    """Spec files of a folder, in the order of their names."""
    return [path for path in sorted(folder.glob("*.toml")) if path.name not in (_ELSEWHERE, _GROUPS)]


def read(path: Path, origin: str = "pack") -> Source:
    """Spec of a file. Raises InputError with everything that is wrong with it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(
            Words(f"{path.name}：打不开（{error.strerror}）", f"{path.name}: cannot be opened ({error.strerror})")
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(Words(f"{path.name}：不是 UTF-8 编码的文字", f"{path.name}: is no text in UTF-8")) from error
    return Source(parse(text, path.name), text, origin, path)


def elsewhere() -> dict[str, str]:
    """Rows of the seed that another room serves, with the name of the room."""
    table = tomllib.loads((CATALOG / _ELSEWHERE).read_text(encoding="utf-8"))
    return {str(row): str(room) for row, room in table["rows"].items()}


def unbuilt() -> frozenset[str]:
    """Rooms of `elsewhere` that keep nothing yet."""
    table = tomllib.loads((CATALOG / _ELSEWHERE).read_text(encoding="utf-8"))
    return frozenset(table.get("unbuilt", []))


@functools.cache
def groups() -> dict[str, Words]:
    """Headings of groups by their code."""
    table = tomllib.loads((CATALOG / _GROUPS).read_text(encoding="utf-8"))
    return {str(code): Words(words["zh"], words["en"]) for code, words in table.items()}


def _references(source: Source) -> list[Field]:
    return [one for one in source.spec.fields if one.register]


def in_order(specs: dict[str, Spec]) -> list[str]:
    """Codes, each after those it refers to."""
    done: dict[str, None] = {}

    def visit(code: str, path: tuple[str, ...]) -> None:
        if code in specs and code not in done and code not in path:
            for field in specs[code].fields:
                if field.register:
                    visit(field.register, (*path, code))
            done[code] = None

    for code in specs:
        visit(code, ())
    return list(done)
