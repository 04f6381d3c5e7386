"""Names that the expressions of a register may use, with their kinds. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from anlan.registers.spec.expression import Kind
from anlan.registers.spec.model import GATHERED, KIND_OF, STATE, Spec, Type

_PERIOD_KINDS = {"period.year": Kind.NUMBER, "period.number": Kind.NUMBER, "period.days": Kind.NUMBER}


def kinds(spec: Spec, others: Mapping[str, Spec] | None = None) -> dict[str, Kind]:
    """Names that expressions of the register may use; those of its references where `others` has their specs."""
    own = own_kinds(spec)
    found = dict(own)
    if spec.period is not None:
        found |= {f"previous.{id}": kind for id, kind in own.items()}
        found |= {f"last_year.{id}": kind for id, kind in own.items()}
        found |= _PERIOD_KINDS
    found |= {f"{GATHERED}.{one.id}": Kind.NUMBER for one in spec.gathers}
    for reference in spec.of_type(Type.REFERENCE):
        if others and reference.register in others:
            there = own_kinds(others[reference.register])
            found |= {f"{reference.id}.{id}": kind for id, kind in there.items()}
    return found


def own_kinds(spec: Spec) -> dict[str, Kind]:
    """Fields of a row, its state included, with their kinds."""
    own = {one.id: KIND_OF[one.type] for one in spec.fields}
    return own | ({STATE: Kind.TEXT} if spec.states else {})


def own_choices(spec: Spec) -> dict[str, frozenset[str]]:
    """Ids of the choices of a row's fields and of its states."""
    found = {one.id: frozenset(choice.id for choice in one.choices) for one in spec.fields if one.choices}
    return found | ({STATE: frozenset(one.id for one in spec.states)} if spec.states else {})


def choices(spec: Spec, others: Mapping[str, Spec] | None = None) -> dict[str, frozenset[str]]:
    """Ids of choices by dotted name, as `kinds` has the names."""
    found = dict(own_choices(spec))
    for front in ("previous", "last_year") if spec.period else ():
        found |= {f"{front}.{id}": ids for id, ids in own_choices(spec).items()}
    for reference in spec.of_type(Type.REFERENCE):
        if others and reference.register in others:
            found |= {f"{reference.id}.{id}": ids for id, ids in own_choices(others[reference.register]).items()}
    return found


def references(spec: Spec) -> tuple[str, ...]:
    """Ids of the fields whose register may not be known yet."""
    return tuple(one.id for one in spec.of_type(Type.REFERENCE))
