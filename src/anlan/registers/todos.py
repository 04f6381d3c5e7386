"""To-dos of registers that come by period: told when rows are due and when they are late, closed when they are in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from anlan.foundation.access.models import Grant
from anlan.foundation.access.roles import Role
from anlan.foundation.notices.actions import notify
from anlan.foundation.notices.models import Notice
from anlan.foundation.org.models import in_force
from anlan.registers.book import Installed
from anlan.registers.missing import Missing, missing

CODES = ("registers.due", "registers.late")
# What was due longer ago when the product was set up is seen on its list; nobody is told of it now.
_LONG_AGO = 60


def tell(installed: Installed, today: dt.date) -> int:
    """Tells the people of each unit, once for each period and each of due and late; gives how many were to be told."""
    gaps = _by_unit(one for one in missing(installed, today=today) if (today - one.due).days <= _LONG_AGO)
    listeners: dict[int, list[Grant]] = {}
    grants = Grant.objects.filter(
        in_force(today),
        unit_id__in=[unit for unit, _period in gaps],
        role__in=[Role.HANDLER, Role.UNIT_LEADER],
        account__is_active=True,
    ).select_related("account")
    for grant in grants:
        listeners.setdefault(grant.unit_id or 0, []).append(grant)
    told = 0
    for (unit, period), found in gaps.items():
        accounts = list({grant.account_id: grant.account for grant in listeners.get(unit, ())}.values())
        notify(
            accounts,
            "registers.late" if found[0].late else "registers.due",
            key=_key(installed, period, unit),
            args={
                "register": installed.spec.title,
                "period": period,
                "n": len(found),
                "due": found[0].due.isoformat(),
            },
            obj=installed.register,
            url=reverse("register-missing", args=[installed.code]),
        )
        told += len(accounts)
    settle(installed, today=today)
    return told


def settle(installed: Installed, units: Iterable[int | None] | None = None, *, today: dt.date | None = None) -> int:
    """Closes to-dos whose rows are there by now, of some units or of all; gives how many. Within an action."""
    open_ = Notice.objects.filter(
        kind=installed.register._meta.label_lower,
        object_id=str(installed.register.pk),
        code__in=CODES,
        closed_at__isnull=True,
    )
    keys = set(open_.values_list("key", flat=True))
    if not keys:
        return 0
    day = today or timezone.localdate()
    wanted = None if units is None else [unit for unit in units if unit is not None]
    gaps = _by_unit(missing(installed, today=day, units=wanted))
    left = {_key(installed, period, unit) for unit, period in gaps}
    if wanted is not None:
        ends = tuple(f"-{unit}" for unit in wanted)
        keys = {key for key in keys if ends and key.endswith(ends)}
    return open_.filter(key__in=keys - left).update(closed_at=timezone.now())


def _by_unit(found: Iterable[Missing]) -> dict[tuple[int, str], list[Missing]]:
    gaps: dict[tuple[int, str], list[Missing]] = {}
    for one in found:
        if one.unit_id is not None:
            gaps.setdefault((one.unit_id, one.period), []).append(one)
    return gaps


def _key(installed: Installed, period: str, unit: int) -> str:
    return f"{installed.code}-{period}-{unit}"
