"""Every change of accounts, roles and passwords."""

from __future__ import annotations

import datetime as dt
import secrets

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.models import Account, FormerPassword, Grant, ResetCode
from anlan.foundation.access.roles import ADMINISTRATORS, AT_A_UNIT, Role
from anlan.settings import InputError, Words

CODE_HOURS = 24
# Without 0 O 1 I L: it is read aloud and typed by hand.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_KEPT = 5
_NAME_LENGTH = 60


def create_account(
    actor: Actor, *, name: str, person: models.Model, password: str | None = None
) -> tuple[Account, str | None]:
    """New account of a person (org.Person). Without a password it gets a one-time code, which is given back.

    Raises InputError for a login name that is empty, too long, not plain, or taken.
    """
    with acting(actor, "access.create_account") as act:
        login = name.strip().lower()
        _check_name(login)
        account = Account(name=login, person_id=person.pk, must_change=True)
        if password is None:
            account.set_unusable_password()
        else:
            _check_password(password, account)
            account.set_password(password)
        account.save()
        code = None if password is not None else _new_code(account)
        act.obj = account
        act.after = {"name": login, "person": str(person)}
    return account, code


def close(actor: Actor, account: Account, *, reason: str) -> None:
    """Closes an account: it signs in no more, and what it did stays under its name."""
    with acting(actor, "access.close", account, reason=reason):
        if not reason.strip():
            raise InputError(Words("请写明停用的理由", "give the reason for closing it"))
        if account.pk == actor.account_id:
            raise InputError(Words("不能停用自己的账户", "you cannot close your own account"))
        locked = Account.objects.select_for_update().get(pk=account.pk)
        for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
            _keep_one(role, without=locked)
        Account.objects.filter(pk=account.pk).update(is_active=False)
        account.is_active = False


def reopen(actor: Actor, account: Account) -> None:
    """Opens a closed account again."""
    with acting(actor, "access.reopen", account):
        Account.objects.filter(pk=account.pk).update(is_active=True)
        account.is_active = True


def issue_reset_code(actor: Actor, account: Account) -> str:
    """One-time code for somebody who cannot sign in, to be handed over in person; older ones end.

    It lasts 24 hours and opens only the page on which the password is changed. Only its hash is kept.
    """
    with acting(actor, "access.issue_reset_code", account):
        ResetCode.objects.filter(account=account, used_at__isnull=True).delete()
        return _new_code(account)


def grant(
    actor: Actor,
    account: Account,
    role: Role,
    *,
    unit: models.Model | None = None,
    division: models.Model | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Grant:
    """Grants a role, at a unit (org.Unit) or over a territory (org.Division), from today unless said otherwise.

    Raises InputError with everything that stands against it: the own account, a role that excludes the ones held
    (an administrator does nothing else), a missing unit, days that do not fit, the same grant twice.
    """
    with acting(actor, "access.grant", account) as act:
        first = since or timezone.localdate()
        # The row is locked, so that two administrators cannot grant what excludes each other at the same time.
        Account.objects.select_for_update().get(pk=account.pk)
        problems = []
        if account.pk == actor.account_id:
            problems.append(Words("不能给自己授权", "you cannot grant yourself a role"))
        if role in AT_A_UNIT and unit is None:
            problems.append(Words(f"“{role.label}”要写明在哪个单位", f"{role.value} needs its unit"))
        if until and until < first:
            problems.append(Words(f"到期日 {until} 早于起始日 {first}", f"the end, {until}, is before {first}"))
        held = Grant.objects.filter(account=account).filter(Q(until__isnull=True) | Q(until__gte=first))
        if until:
            held = held.filter(since__lte=until)
        for other in {Role(one.role) for one in held}:
            if other != role and (role in ADMINISTRATORS or other in ADMINISTRATORS):
                problems.append(
                    Words(
                        f"“{role.label}”与已有的“{other.label}”不能由同一人担任：先收回，再授予",
                        f"{role.value} excludes {other.value}, which the account holds: revoke that one first",
                    )
                )
        wanted = (role, unit.pk if unit else None, division.pk if division else None)
        if any((one.role, one.unit_id, one.division_id) == wanted for one in held):
            problems.append(
                Words(f"已经有这项“{role.label}”授权", f"the account holds this grant of {role.value} already")
            )
        if problems:
            raise InputError(*problems)
        made = Grant.objects.create(
            account=account,
            role=role,
            unit_id=unit.pk if unit else None,
            division_id=division.pk if division else None,
            since=first,
            until=until,
        )
        act.after = {
            "role": role.value,
            "unit": str(unit or ""),
            "division": str(division or ""),
            "since": str(first),
            "until": str(until or ""),
        }
    return made


def revoke(actor: Actor, held: Grant, *, reason: str) -> None:
    """Ends a grant today; one that has not begun yet is taken away."""
    with acting(actor, "access.revoke", held.account, reason=reason) as act:
        if not reason.strip():
            raise InputError(Words("请写明收回的理由", "give the reason for revoking it"))
        if held.account_id == actor.account_id:
            raise InputError(Words("不能收回自己的角色", "you cannot revoke a role of your own"))
        locked = Account.objects.select_for_update().get(pk=held.account_id)
        if held.role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
            _keep_one(Role(held.role), without=locked)
        act.before = {"role": held.role, "unit": str(held.unit or ""), "since": str(held.since)}
        yesterday = timezone.localdate() - dt.timedelta(days=1)
        if held.since > yesterday:
            Grant.objects.filter(pk=held.pk).delete()
        else:
            Grant.objects.filter(pk=held.pk).update(until=yesterday)


def change_password(actor: Actor, account: Account, new: str) -> None:
    """Sets the account's own new password; the old one is remembered, so that it is not taken again.

    Raises InputError with every rule that the new one breaks.
    """
    with acting(actor, "access.change_password", account):
        if account.pk != actor.account_id:
            raise InputError(Words("只能修改自己的口令", "you can change only your own password"))
        _check_password(new, account)
        if account.has_usable_password():
            FormerPassword.objects.create(account=account, password=account.password)
        stale = FormerPassword.objects.filter(account=account).values_list("pk", flat=True)[_KEPT:]
        FormerPassword.objects.filter(pk__in=list(stale)).delete()
        account.set_password(new)
        account.must_change = False
        account.password_at = timezone.now()
        account.save(update_fields=["password", "must_change", "password_at"])
        ResetCode.objects.filter(account=account, used_at__isnull=True).delete()


def _new_code(account: Account) -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    code = "-".join(letters[place : place + 4] for place in range(0, 12, 4))
    ResetCode.objects.create(
        account=account, code=make_password(code), expires_at=timezone.now() + dt.timedelta(hours=CODE_HOURS)
    )
    return code


def _check_name(name: str) -> None:
    problems = []
    if not name or len(name) > _NAME_LENGTH or not all(part.isalnum() or part in "-_." for part in name):
        problems.append(
            Words(
                f"登录名“{name[:80]}”应为 1 到 {_NAME_LENGTH} 个字母、数字、汉字或 - _ .",
                f"the login name {name[:80]!r} must be 1 to {_NAME_LENGTH} letters, digits, - _ .",
            )
        )
    elif Account.objects.filter(name=name).exists():
        problems.append(Words(f"登录名“{name}”已有人用，请换一个", f"the login name {name} is taken: choose another"))
    if problems:
        raise InputError(*problems)


def _check_password(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise InputError(*(Words(text, text) for text in error.messages)) from error


def _keep_one(role: Role, *, without: Account) -> None:
    """InputError if the account is the last that holds this administrator's role."""
    today = timezone.localdate()
    current = Grant.objects.filter(role=role, since__lte=today, account__is_active=True).filter(
        Q(until__isnull=True) | Q(until__gte=today)
    )
    if current.filter(account=without).exists() and not current.exclude(account=without).exists():
        raise InputError(
            Words(
                f"{without} 是最后一个{role.label}：先给另一个账户授予这个角色",
                f"{without} is the last {role.value}: grant the role to another account first",
            )
        )
