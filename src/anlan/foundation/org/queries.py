"""Reads of units, groups, people and posts: whose a name is, who is a member on a day, who is in charge, who is not."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Q, QuerySet, Value, When

from anlan.foundation.org.models import Group, Membership, Post, PostKind, Unit, UnitAlias, UnitKind, in_force
from anlan.foundation.org.names import NameBook

# Bodies whose duties are not borne by a party and a government head.
_WITHOUT_HEADS = (UnitKind.COMPANY,)
HEADS = (PostKind.PARTY_HEAD, PostKind.GOVERNMENT_HEAD)


def unit_by_name(name: str) -> Unit | None:
    """Unit that goes by this name: short, official, alias or known misprint, whatever the width of its brackets."""
    name = name.strip()
    exact = Unit.objects.filter(
        Q(short_name=name) | Q(official_name=name) | Q(pk__in=UnitAlias.objects.filter(name=name).values("unit"))
    ).first()
    if exact is not None or not name:
        return exact if name else None
    owner = NameBook.load().owner(name)
    if owner is None or owner[0][0] != "unit":
        return None
    return Unit.objects.filter(pk=owner[0][1]).first()


def near_names(name: str) -> list[str]:
    """Short names of units that come near a name nobody goes by, the nearest first."""
    shorts = list(Unit.objects.values_list("short_name", flat=True))
    return difflib.get_close_matches(name.strip(), shorts, n=3, cutoff=0.5)


def in_force_units(day: dt.date) -> QuerySet[Unit]:
    """Units that exist on a day."""
    return Unit.objects.filter(in_force(day))


def memberships(day: dt.date) -> QuerySet[Membership]:
    """Memberships in force on a day."""
    return Membership.objects.filter(in_force(day))


def members(group: Group, day: dt.date) -> QuerySet[Unit]:
    """Units that the group stands for on a day; one that has ended by then is none."""
    inside = memberships(day).filter(group=group).values("unit")
    return Unit.objects.filter(in_force(day), pk__in=inside)


def in_territory(code: str, day: dt.date | None = None) -> QuerySet[Unit]:
    """Units of a division and of all divisions in it, by its code; those in force on `day` if one is given."""
    rows = Unit.objects.filter(division__code__startswith=code)
    return rows if day is None else rows.filter(in_force(day))


def is_in_force(unit: Unit, day: dt.date) -> bool:
    """Whether the unit exists on a day."""
    return (unit.since is None or unit.since <= day) and (unit.until is None or unit.until >= day)


def followed(unit: Unit, day: dt.date) -> list[Unit]:
    """Units in force on a day that carry on what this one did: itself, or its successors and theirs.

    Empty where a unit was closed without a successor. A cycle, which no action makes, ends the search.
    """
    found: dict[int, Unit] = {}
    seen: set[int] = set()
    todo = [unit]
    while todo:
        one = todo.pop(0)
        if one.pk in seen:
            continue
        seen.add(one.pk)
        if is_in_force(one, day):
            found[one.pk] = one
        else:
            todo += one.successors.all()
    return list(found.values())


def posts_at(unit: Unit, day: dt.date) -> QuerySet[Post]:
    """Posts in force at a unit on a day, those in charge first."""
    return _in_order(Post.objects.filter(in_force(day), unit=unit))


def posts_on(day: dt.date) -> QuerySet[Post]:
    """Posts in force on a day."""
    return Post.objects.filter(in_force(day)).select_related("person", "unit")


def _in_order(rows: QuerySet[Post]) -> QuerySet[Post]:
    place = Case(*[When(kind=kind, then=Value(at)) for at, kind in enumerate(PostKind.values)], default=Value(99))
    return rows.select_related("person", "unit").order_by(place, "since", "pk")


@dataclass(frozen=True, slots=True)
class Missing:
    """Unit in which nobody holds these places (党政同责: a party head and a government head bear each duty)."""

    unit: Unit
    kinds: tuple[PostKind, ...]

    @property
    def is_bare(self) -> bool:
        """Whether nobody at all is in charge."""
        return len(self.kinds) == len(HEADS)


def missing_heads(day: dt.date, units: Iterable[Unit] | None = None) -> list[Missing]:
    """Units without party head or government head on a day, those without either first. Two queries."""
    if units is None:
        units = Unit.objects.filter(in_force(day)).exclude(kind__in=_WITHOUT_HEADS)
    held = set(Post.objects.filter(in_force(day), kind__in=HEADS).values_list("unit_id", "kind"))
    found = [
        Missing(unit, kinds)
        for unit in units
        if (kinds := tuple(kind for kind in HEADS if (unit.pk, kind.value) not in held))
    ]
    return sorted(found, key=lambda one: (-len(one.kinds), one.unit.kind, one.unit.code))
