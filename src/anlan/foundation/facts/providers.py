"""Kinds of facts and who provides them. A kind is declared once, with the names its questions may use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class UnknownFactError(LookupError):
    """Nobody declared this kind of fact, or a question uses a name the kind does not know."""


@dataclass(frozen=True)
class Kind(Generic[T]):
    """Kind of fact: its name, the type of one fact, and the names that a question may use."""

    name: str
    fact: type[T]
    questions: frozenset[str]


Provider = Callable[..., Iterable[Any]]


class Facts:
    """Kinds with their providers. One for the product; tests make their own."""

    def __init__(self) -> None:
        self._kinds: dict[str, Kind[Any]] = {}
        self._providers: dict[str, dict[str, Provider]] = {}

    def declare(self, kind: Kind[Any]) -> None:
        """Declares a kind of fact; ValueError if it stands already and differs."""
        if self._kinds.setdefault(kind.name, kind) != kind:
            raise ValueError(f"facts of kind {kind.name} are declared twice")
        self._providers.setdefault(kind.name, {})

    def offer(self, kind: str, room: str, provider: Provider) -> None:
        """Names the function by which a room provides facts of a kind; a room has one for each kind."""
        self._providers[self._kind(kind).name][room] = provider

    def ask(self, kind: str, **question: Any) -> Iterator[Any]:
        """All facts of a kind that answer a question, room by room in the order of their names; none is an answer too.

        Raises UnknownFactError for a kind or a name of the question that nobody declared, TypeError for a fact that
        is not of the kind's type: a room that lies about its facts is found out here, not on somebody's page.
        """
        declared = self._kind(kind)
        if strange := question.keys() - declared.questions:
            known = ", ".join(sorted(declared.questions)) or "none"
            raise UnknownFactError(f"{kind} is not asked by {', '.join(sorted(strange))}; it knows {known}")
        for room in sorted(self._providers[kind]):
            for fact in self._providers[kind][room](**question):
                if not isinstance(fact, declared.fact):
                    raise TypeError(f"{room} offers {type(fact).__name__} as {kind}, not {declared.fact.__name__}")
                yield fact

    def rooms(self, kind: str) -> list[str]:
        """Rooms that provide facts of a kind."""
        return sorted(self._providers[self._kind(kind).name])

    def _kind(self, name: str) -> Kind[Any]:
        if name not in self._kinds:
            known = ", ".join(sorted(self._kinds)) or "none"
            raise UnknownFactError(f"there are no facts of kind {name}; declared are {known}")
        return self._kinds[name]


FACTS = Facts()
