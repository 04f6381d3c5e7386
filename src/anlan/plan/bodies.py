"""The district's units and groups as the compiler sees them, and back: which body a printed name means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from anlan.foundation.org.models import Division, Group, Membership, Unit, in_force
from anlan.plan.compiler.diagnostics.register import Register
from anlan.plan.document import OrganRegister
from anlan.plan.pack import Organ
from anlan.settings import Words


@dataclass(frozen=True, slots=True)
class Bodies:
    """Units and groups by the names they go by. `unit` and `group` give None for a name nobody goes by."""

    organs: tuple[Organ, ...]
    units: dict[str, Unit]
    groups: dict[str, Group]
    names: Register

    def find(self, name: str) -> tuple[Unit | None, Group | None]:
        """Unit or group that a printed name means, known misprints included."""
        short = self.names.owner(name) or self.names.misprint(name)
        return (self.units.get(short), self.groups.get(short)) if short else (None, None)

    def near(self, name: str) -> list[Unit | Group]:
        """Bodies whose names come near an unknown one, the nearest first."""
        found = (self.find(near) for near in self.names.nearest(name))
        return [body for unit, group in found if (body := unit or group)]


def bodies() -> Bodies:
    """All units and groups, those no longer in force as well: an old plan names them. Four queries."""
    units = {unit.short_name: unit for unit in Unit.objects.prefetch_related("aliases")}
    groups = {group.name: group for group in Group.objects.prefetch_related("aliases")}
    organs = tuple(
        [_organ(unit.code, unit.short_name, unit.official_name, unit.aliases.all()) for unit in units.values()]
        + [_organ(group.code, group.name, "", group.aliases.all(), group=True) for group in groups.values()]
    )
    return Bodies(organs, units, groups, Register(organs))


def filled_groups(day: dt.date | None = None) -> frozenset[int]:
    """Ids of the groups that have a member on the day (today by default)."""
    rows = Membership.objects.filter(in_force(day or timezone.localdate()))
    return frozenset(rows.values_list("group_id", flat=True))


def register(known: Bodies) -> OrganRegister:
    """Register for the compiler: in force if the document names the district and a third of its names is known."""
    district = Division.objects.filter(kind="district").first()
    place = district.name if district else ""
    return OrganRegister(Words(place or "本区单位表", place or "the district's units"), known.organs, place)


def _organ(code: str, short: str, full: str, aliases: Iterable[object], *, group: bool = False) -> Organ:
    names = tuple(str(alias) for alias in aliases)
    wrong = tuple(str(alias) for alias in aliases if getattr(alias, "misprint", False))
    return Organ(code, short, full, "", names, group, wrong)
