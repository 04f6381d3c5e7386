"""Reads of accounts: grants in force, why a permission is given or not, and the latest sign-ins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from anlan.foundation.access.actor import actor_with
from anlan.foundation.access.models import Account, Grant, ResetCode
from anlan.foundation.access.rules import PERMISSIONS, Permission, everywhere, may
from anlan.foundation.journal.models import Entry

# 访问控制 of the MLPS table: an account that long unused is looked at, and closed.
IDLE_DAYS = 90
_SIGN_INS = ("access.sign_in", "access.sign_in_failed", "access.locked")


def in_force(day: dt.date) -> Q:
    """Condition on grants: in force on `day`, the first and the last one included."""
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))


def grants_in_force(account: Account) -> list[Grant]:
    """Grants of an account today, with unit and division; none of a closed account. One query at most."""
    if not account.is_active:
        return []
    return list(account.grants.filter(in_force(timezone.localdate())).select_related("unit", "division"))


def code_to_confirm(account: Account) -> ResetCode | None:
    """One-time code of an administrator's account that waits for its confirmation, with who issued it."""
    codes = account.reset_codes.filter(used_at__isnull=True, expires_at__gt=timezone.now())
    return next((code for code in codes.select_related("account", "issued_by__person") if not code.opens), None)


def idle() -> Q:
    """Condition on accounts: open, and nobody has signed in for 90 days, nor since they were opened."""
    before = timezone.now() - dt.timedelta(days=IDLE_DAYS)
    return Q(is_active=True) & (Q(last_login__lt=before) | Q(last_login__isnull=True, created_at__lt=before))


def is_idle(account: Account) -> bool:
    """Whether an account is open and nobody has signed in for 90 days, nor since it was opened."""
    before = timezone.now() - dt.timedelta(days=IDLE_DAYS)
    return account.is_active and (account.last_login or account.created_at) < before


@dataclass(frozen=True, slots=True)
class Explained:
    """Permission as one account has it: whether at all, whether with every object, and by which of its grants."""

    permission: Permission
    allowed: bool
    everywhere: bool
    by: tuple[Grant, ...]

    @property
    def who(self) -> str:
        """Who may, in the language in force."""
        return self.permission.rule.describe()


def explained(account: Account) -> list[Explained]:
    """Every permission by its code, as the account has it today. One query."""
    return explained_by(account, grants_in_force(account))


def explained_by(account: Account, grants: Sequence[Grant]) -> list[Explained]:
    """Every permission by its code, as the account has it by these grants."""
    asked = actor_with(account, grants)
    told = []
    for code, one in sorted(PERMISSIONS.items()):
        # Being signed in is enough for some, and a closed account is not.
        allowed = account.is_active and may(asked, code)
        by = tuple(grant for grant in grants if grant.role in one.rule.roles()) if allowed else ()
        told.append(Explained(one, allowed, allowed and everywhere(asked, code), by))
    return told


def sign_ins(account: Account, most: int = 10) -> list[Entry]:
    """Latest sign-ins, failures and locks of an account as the journal has them, the newest first. One query."""
    rows = Entry.objects.filter(kind=account._meta.label_lower, object_id=str(account.pk), action__in=_SIGN_INS)
    return list(rows.order_by("-pk")[:most])
