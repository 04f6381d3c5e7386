"""Who acts: an account with the roles it holds today, or the machine itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from anlan.foundation.access.models import Account, Grant
from anlan.foundation.access.roles import Role


@dataclass(frozen=True, slots=True)
class Held:
    """One role in force, with the unit or the territory (division code) it is tied to, if any."""

    role: Role
    unit_id: int | None = None
    territory: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Account at work. `machine` marks commands at the server's console and background jobs, which may do anything.

    `address` and `request` tell where the request came from; the journal keeps them.
    """

    account_id: int | None
    name: str
    held: tuple[Held, ...] = ()
    unit_id: int | None = None
    unit_name: str = ""
    address: str = ""
    request: str = ""
    machine: bool = False
    sample: bool = field(default=False, compare=False)

    def has(self, *roles: Role) -> bool:
        """Whether the account holds one of these roles, wherever."""
        return any(held.role in roles for held in self.held)

    def units(self, *roles: Role) -> frozenset[int]:
        """Ids of the units at which one of these roles is held; of any role if none is named."""
        return frozenset(h.unit_id for h in self.held if h.unit_id is not None and (not roles or h.role in roles))

    def territories(self, *roles: Role) -> tuple[str, ...]:
        """Codes of the divisions over which one of these roles is held."""
        return tuple(sorted({h.territory for h in self.held if h.territory and (not roles or h.role in roles)}))


NOBODY = Actor(None, "")


def machine(name: str) -> Actor:
    """The server itself under the name of what it does: a command at its console, a job."""
    return Actor(None, name, machine=True)


def actor_of(account: Account, *, day: dt.date | None = None, address: str = "", request: str = "") -> Actor:
    """Account with the grants in force on `day` (today in the district's time zone by default). Two queries."""
    day = day or timezone.localdate()
    grants = (
        Grant.objects.filter(account=account, since__lte=day)
        .filter(Q(until__isnull=True) | Q(until__gte=day))
        .select_related("unit", "division")
    )
    return actor_with(account, grants if account.is_active else (), address=address, request=request)


def actor_with(account: Account, grants: Iterable[Grant], *, address: str = "", request: str = "") -> Actor:
    """Account with these grants, units and divisions read with them. No query."""
    held = []
    unit_id, unit_name = None, ""
    for grant in grants:
        held.append(
            Held(Role(grant.role), grant.unit_id, grant.division.code if grant.division else None),
        )
        if grant.unit and unit_id is None:
            unit_id, unit_name = grant.unit_id, grant.unit.short_name
    return Actor(
        account.pk,
        str(account),
        tuple(held),
        unit_id,
        unit_name,
        address,
        request,
        machine=False,
        sample=account.sample,
    )
