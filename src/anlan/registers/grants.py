"""Who may what with the rows of a register, as its spec says: for one row, and as a condition on many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.registers.book import names_of
from anlan.registers.spec.model import Grant, Spec


@dataclass(frozen=True, slots=True)
class Reach:
    """Rows that some grants reach for an actor: all, those of some units, those of some territories (codes)."""

    all: bool = False
    units: frozenset[int] = frozenset()
    places: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.all or bool(self.units) or bool(self.places)

    def has(self, unit: int | None, place: str) -> bool:
        """Whether a row of this unit and place is reached."""
        return self.all or unit in self.units or bool(self.places and place and place.startswith(self.places))

    def query(self) -> Q | None:
        """Condition on rows with `unit_id` and `place`; None for no row at all."""
        if self.all:
            return Q()
        found: Q | None = Q(unit_id__in=self.units) if self.units else None
        for code in self.places:
            found = Q(place__startswith=code) if found is None else found | Q(place__startswith=code)
        return found


def reach(actor: Actor, grants: Iterable[Grant]) -> Reach:
    """Rows that these grants reach; everything for the machine."""
    if actor.machine:
        return Reach(all=True)
    units: set[int] = set()
    places: set[str] = set()
    for grant in grants:
        roles = [Role(role) for role in grant.roles]
        if grant.at == "place":
            places |= set(actor.territories(*roles))
        elif grant.at == "unit":
            units |= _named(actor.units(*roles), grant.units)
        elif actor.has(*roles) and (not grant.units or _named(actor.units(*roles), grant.units)):
            return Reach(all=True)
    return Reach(units=frozenset(units), places=tuple(sorted(places)))


def _named(units: frozenset[int], names: tuple[str, ...]) -> set[int]:
    """Those of the units that have one of these names or are of one of these kinds."""
    if not names or not units:
        return set(units)
    return {key for key, name, kind in names_of(units) if name in names or kind in names}


def reads(actor: Actor, spec: Spec) -> Reach:
    """Rows that the actor may read; whoever may fill a row may read it."""
    return reach(actor, (*spec.read, *spec.fill))


def fills(actor: Actor, spec: Spec) -> Reach:
    """Rows that the actor may fill in and correct."""
    return reach(actor, spec.fill)


def moves(actor: Actor, spec: Spec, code: str = "") -> Reach:
    """Rows that the actor may take one step with (any step where none is named)."""
    return reach(actor, (grant for move in spec.moves if code in ("", move.id) for grant in move.by))
