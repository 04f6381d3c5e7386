"""Every change of accounts, roles and passwords."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from axes.utils import reset
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from anlan.foundation.access import passwords
from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.models import Account, FormerPassword, Grant, ResetCode
from anlan.foundation.access.roles import ADMINISTRATORS, AT_A_UNIT, Role
from anlan.foundation.notices import actions as notices
from anlan.settings import InputError, Words

CODE_HOURS = 24
# Without 0 O 1 I L: it is read aloud and typed by hand.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_FORMER = 5
# Of these, one active account must be left: nobody else could open accounts or grant roles.
KEPT = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})
_NAME_LENGTH = 60
# Kinds of administrators that confirm what the system administrator issues.
CONFIRMING = (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


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
        with _still_free(login):
            account.save()
        code = None if password is not None else _new_code(actor, account)
        act.obj = account
        act.after = {"name": login, "person": str(person)}
    return account, code


def rename(actor: Actor, account: Account, *, name: str) -> None:
    """Gives an account another login name, from now on; the journal keeps the one that each entry was made under.

    Raises InputError for a name that is empty, too long, not plain, taken, or the one it has.
    """
    with acting(actor, "access.rename", account) as act:
        login = name.strip().lower()
        locked = Account.objects.select_for_update().get(pk=account.pk)
        if login == locked.name:
            raise InputError(Words(f"登录名已经是“{login}”", f"the login name is {login} already"))
        _check_name(login)
        act.before, act.after = {"name": locked.name}, {"name": login}
        with _still_free(login):
            Account.objects.filter(pk=account.pk).update(name=login)
        account.name = login


def close(actor: Actor, account: Account, *, reason: str) -> None:
    """Closes an account: it signs in no more, and what it did stays under its name."""
    with acting(actor, "access.close", account, reason=reason):
        if not reason.strip():
            raise InputError(Words("请写明停用的理由", "give the reason for closing it"))
        if _is_own(actor, account):
            raise InputError(Words("不能停用自己的账户", "you cannot close your own account"))
        locked = _lock(account, KEPT)
        if not locked.is_active:
            raise InputError(Words(f"{locked} 已经停用", f"{locked} is closed already"))
        for role in sorted(KEPT):
            _keep_one(role, without=locked)
        Account.objects.filter(pk=account.pk).update(is_active=False)
        account.is_active = False


def reopen(actor: Actor, account: Account) -> None:
    """Opens a closed account again."""
    with acting(actor, "access.reopen", account):
        if Account.objects.select_for_update().get(pk=account.pk).is_active:
            raise InputError(Words(f"{account} 没有停用，不用恢复", f"{account} is not closed"))
        Account.objects.filter(pk=account.pk).update(is_active=True)
        account.is_active = True


def issue_reset_code(actor: Actor, account: Account) -> str:
    """One-time code for somebody who cannot sign in, to be handed over in person; older ones end.

    It lasts 24 hours and opens only the page on which the password is changed. Only its hash is kept. The account is
    unlocked, for who has forgotten the password has mostly tried too often. Its owner is told. Of an account with an
    administrator's role it does not open anything before an administrator of another kind has confirmed it, unless it
    comes from the server's console. Raises InputError for a closed account, and where nobody could confirm.
    """
    with acting(actor, "access.issue_reset_code", account) as act:
        if not Account.objects.select_for_update().get(pk=account.pk).is_active:
            raise InputError(Words(f"{account} 已停用：请先恢复账户", f"{account} is closed: reopen it first"))
        to_confirm = actor.account_id is not None and account.is_administrator
        others = confirmers(account, actor.account_id) if to_confirm else []
        if to_confirm and not others:
            raise InputError(
                Words(
                    f"{account} 是管理员，一次性口令须经另一类管理员确认，现在却没有别的安全管理员或"
                    f"审计管理员：请在服务器上运行 anlan init --code {account.name}",
                    f"{account} is an administrator, whose one-time code another kind of administrator has to confirm, "
                    "and there is no other security or audit administrator who could: run "
                    f"anlan init --code {account.name} on the server",
                )
            )
        ResetCode.objects.filter(account=account, used_at__isnull=True).delete()
        code = _new_code(actor, account)
        row = ResetCode.objects.get(account=account, used_at__isnull=True)
        act.after = {"to_confirm": to_confirm}
        notices.close(account, "access.code_to_confirm")
        notices.notify([account], "access.code_issued", key=str(row.pk), args={"by": actor.name}, url="/me/")
        notices.notify(
            others,
            "access.code_to_confirm",
            key=str(row.pk),
            args={"by": actor.name, "account": str(account)},
            obj=account,
            url=f"/accounts/{account.pk}/",
        )
    # Failures are counted in the other store, which no transaction spans.
    reset(username=account.name)
    return code


def confirm_reset_code(actor: Actor, code: ResetCode) -> None:
    """Confirms the one-time code of an administrator's account: from now on it opens that account.

    Raises InputError for one's own account, a code that one has issued oneself (under whatever account), one that was
    used or is over, and one that needs no confirmation or has it.
    """
    account = code.account
    with acting(actor, "access.confirm_reset_code", account) as act:
        locked = ResetCode.objects.select_for_update(of=("self",)).filter(pk=code.pk).first()
        if locked is None or locked.used_at is not None or locked.expires_at <= timezone.now():
            raise InputError(
                Words("这个一次性口令已经用过、到期或作废", "this one-time code was used, is over, or was replaced")
            )
        if _is_own(actor, account):
            raise InputError(Words("不能确认自己的一次性口令", "you cannot confirm your own one-time code"))
        if locked.issued_by is not None and _is_own(actor, locked.issued_by):
            raise InputError(Words("不能确认自己发放的一次性口令", "you cannot confirm a code that you have issued"))
        if locked.opens:
            raise InputError(Words("这个一次性口令不用再确认", "this one-time code needs no confirmation any more"))
        ResetCode.objects.filter(pk=locked.pk).update(confirmed_by=actor.account_id)
        act.after = {"issued_by": str(locked.issued_by or "")}
        notices.close(account, "access.code_to_confirm")
        notices.notify([account], "access.code_confirmed", key=str(locked.pk), args={"by": actor.name}, url="/me/")


def confirmers(account: Account, issuer: int | None) -> list[Account]:
    """Who could confirm a code that account `issuer` issues for this one: neither of the two persons."""
    today = timezone.localdate()
    holders = Grant.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today), since__lte=today, role__in=[role.value for role in CONFIRMING]
    )
    apart = [one.pk for one in _of_the_person(account)]
    for one in Account.objects.filter(pk=issuer or 0):
        apart += [other.pk for other in _of_the_person(one)]
    return list(Account.objects.filter(is_active=True, pk__in=holders.values("account")).exclude(pk__in=apart))


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

    Raises InputError with everything that stands against it: the own account, a role that excludes the ones held by
    the account or by another of the same person (an administrator does nothing else), a missing unit, days that do
    not fit, the same grant twice.
    """
    with acting(actor, "access.grant", account) as act:
        first = since or timezone.localdate()
        # The rows are locked, so that two administrators cannot grant what excludes each other at the same time.
        mine = [one.pk for one in _of_the_person(account).select_for_update()]
        problems = []
        if _is_own(actor, account):
            problems.append(Words("不能给自己授权", "you cannot grant yourself a role"))
        if role in AT_A_UNIT and unit is None:
            problems.append(Words(f"“{role.label}”要写明在哪个单位", f"{role.value} needs its unit"))
        if until and until < first:
            problems.append(Words(f"到期日 {until} 早于起始日 {first}", f"the end, {until}, is before {first}"))
        held = Grant.objects.filter(account__in=mine).filter(Q(until__isnull=True) | Q(until__gte=first))
        if until:
            held = held.filter(since__lte=until)
        for other in sorted({Role(one.role) for one in held}):
            if other != role and (role in ADMINISTRATORS or other in ADMINISTRATORS):
                problems.append(
                    Words(
                        f"“{role.label}”与已有的“{other.label}”不能由同一人担任：先收回，再授予",
                        f"{role.value} excludes {other.value}, which the same person holds: revoke that one first",
                    )
                )
        wanted = (role, unit.pk if unit else None, division.pk if division else None)
        if any((one.role, one.unit_id, one.division_id) == wanted for one in held if one.account_id == account.pk):
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
    """Ends a grant at once: yesterday was its last day. One that began today, or has not begun yet, is taken away.

    Raises InputError without a reason, for a role of one's own, for the last administrator of a kind, and for a grant
    that has ended already.
    """
    with acting(actor, "access.revoke", held.account, reason=reason) as act:
        if not reason.strip():
            raise InputError(Words("请写明收回的理由", "give the reason for revoking it"))
        if _is_own(actor, held.account):
            raise InputError(Words("不能收回自己的角色", "you cannot revoke a role of your own"))
        locked = _lock(held.account, KEPT)
        yesterday = timezone.localdate() - dt.timedelta(days=1)
        now = Grant.objects.filter(pk=held.pk).filter(Q(until__isnull=True) | Q(until__gt=yesterday)).first()
        if now is None:
            # Its last day would move to yesterday: a longer grant than there ever was.
            raise InputError(Words("这项授权已经到期或收回", "this grant has ended already"))
        held = now
        if held.role in KEPT:
            _keep_one(Role(held.role), without=locked, grant=held)
        act.before = {
            "role": held.role,
            "unit": str(held.unit or ""),
            "division": str(held.division or ""),
            "since": str(held.since),
            "until": str(held.until or ""),
        }
        if held.since > yesterday:
            Grant.objects.filter(pk=held.pk).delete()
        else:
            Grant.objects.filter(pk=held.pk).update(until=yesterday)


def change_password(actor: Actor, account: Account, old: str, new: str) -> None:
    """Sets the account's own new password; the old one is remembered, so that it is not taken again.

    Whoever must change it (a one-time code, a password that somebody else set) has no old one to give: `old` is not
    looked at then. Raises InputError if it is wrong, and with every rule that the new one breaks.
    """
    with acting(actor, "access.change_password", account):
        if account.pk != actor.account_id:
            raise InputError(Words("只能修改自己的口令", "you can change only your own password"))
        if not account.must_change and not account.check_password(old):
            raise InputError(Words("现在的口令不对，请重新输入", "the current password is wrong: type it again"))
        _check_password(new, account)
        if account.has_usable_password():
            FormerPassword.objects.create(account=account, password=account.password)
        stale = FormerPassword.objects.filter(account=account).values_list("pk", flat=True)[_FORMER:]
        FormerPassword.objects.filter(pk__in=list(stale)).delete()
        account.set_password(new)
        account.must_change = False
        account.password_at = timezone.now()
        account.save(update_fields=["password", "must_change", "password_at"])
        ResetCode.objects.filter(account=account, used_at__isnull=True).delete()


def _new_code(actor: Actor, account: Account) -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    code = "-".join(letters[place : place + 4] for place in range(0, 12, 4))
    ResetCode.objects.create(
        account=account,
        code=make_password(code),
        expires_at=timezone.now() + dt.timedelta(hours=CODE_HOURS),
        issued_by_id=actor.account_id,
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
        problems.append(_taken(name))
    if problems:
        raise InputError(*problems)


@contextmanager
def _still_free(name: str) -> Iterator[None]:
    """Savepoint for the row with this name: somebody may have taken it after it was looked up."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise InputError(_taken(name)) from error


def _taken(name: str) -> Words:
    return Words(f"登录名“{name}”已有人用，请换一个", f"the login name {name} is taken: choose another")


def _check_password(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise InputError(*passwords.problems(error)) from error


def _of_the_person(account: Account) -> models.QuerySet[Account]:
    """The account with all others of the same person, in the order in which they are locked."""
    same = Q(pk=account.pk) | Q(person_id=account.person_id) if account.person_id else Q(pk=account.pk)
    return Account.objects.filter(same).order_by("pk")


def _is_own(actor: Actor, account: Account) -> bool:
    return actor.account_id is not None and _of_the_person(account).filter(pk=actor.account_id).exists()


def _lock(account: Account, roles: frozenset[Role]) -> Account:
    """Locks the account with all that hold one of the roles.

    Two administrators who close each other at the same time would else both find the other one still there.
    """
    holders = Grant.objects.filter(role__in=roles).values("account")
    rows = Account.objects.filter(Q(pk=account.pk) | Q(pk__in=holders)).order_by("pk").select_for_update()
    return {row.pk: row for row in rows}[account.pk]


def _keep_one(role: Role, *, without: Account, grant: Grant | None = None) -> None:
    """InputError if the account, or that grant of it, is the last by which this administrator's role is held."""
    today = timezone.localdate()
    current = Grant.objects.filter(role=role, since__lte=today, account__is_active=True).filter(
        Q(until__isnull=True) | Q(until__gte=today)
    )
    ending = current.filter(pk=grant.pk) if grant else current.filter(account=without)
    if ending.exists() and not current.exclude(pk__in=ending.values("pk")).exists():
        raise InputError(
            Words(
                f"{without} 是最后一个{role.label}：先给另一个账户授予这个角色",
                f"{without} is the last {role.value}: grant the role to another account first",
            )
        )
