"""Making tokens and taking them back."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable

from django.utils import timezone

from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import Actor
from anlan.foundation.interface.models import Token
from anlan.foundation.interface.scopes import known
from anlan.settings import InputError, Words

LONGEST_DAYS = 366
MOST = 20
_PREFIX = "anlan_"


def digest_of(secret: str) -> str:
    """Hash under which a token is kept. It is long and random, so that one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def create(
    actor: Actor, name: str, scopes: Iterable[str], expires_on: dt.date, *, account_id: int | None = None
) -> tuple[Token, str]:
    """New token of the acting account, with the token itself, which is told only now.

    `account_id` is for the server's console, which has no account of its own; anybody else makes only his own.

    Raises InputError with everything that is wrong: no name, no or unknown scopes, a day that is past or more than a
    year away, more than 20 tokens that work.
    """
    wanted = list(dict.fromkeys(scopes))
    today = timezone.localdate()
    problems = []
    if not name.strip():
        problems.append(Words("请写明令牌给哪个程序用", "say which program the token is for"))
    if not wanted:
        problems.append(Words("请至少选一项令牌可以做的事", "choose at least one thing the token may do"))
    for one in wanted:
        if one not in known():
            problems.append(Words(f"没有“{one[:60]}”这项范围", f"there is no scope {one[:60]}"))
    if not today <= expires_on <= today + dt.timedelta(days=LONGEST_DAYS):
        last = today + dt.timedelta(days=LONGEST_DAYS)
        problems.append(
            Words(
                f"到期日 {expires_on} 不行：请填 {today} 到 {last} 之间的一天",
                f"{expires_on} cannot be the last day: choose one from {today} to {last}",
            )
        )
    owner = account_id if actor.machine else actor.account_id
    with acting(actor, "token.create") as act:
        if owner is None:
            problems.append(Words("没有登录的账户", "no account is signed in"))
        working = Token.objects.filter(account_id=owner or 0, revoked_at__isnull=True, expires_on__gte=today)
        if working.count() >= MOST:
            problems.append(
                Words(f"有效的令牌已有 {MOST} 个，请先收回不用的", f"{MOST} tokens work already: take one back first")
            )
        if problems or owner is None:
            raise InputError(*problems)
        secret = _PREFIX + secrets.token_urlsafe(32)
        token = Token.objects.create(
            account_id=owner,
            name=name.strip()[:60],
            digest=digest_of(secret),
            hint=secret[: len(_PREFIX) + 4],
            scopes=wanted,
            expires_on=expires_on,
        )
        act.obj = token
        act.after = {"scopes": wanted, "expires_on": expires_on.isoformat()}
    return token, secret


def revoke(actor: Actor, token: Token, *, reason: str = "") -> None:
    """Takes a token back at once and for good. Somebody else's only with a reason."""
    with acting(actor, "token.revoke", token, reason=reason) as act:
        if token.account_id != actor.account_id and not reason.strip():
            raise InputError(Words("请写明收回的理由", "give a reason for taking it back"))
        if not Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
            raise InputError(Words(f"令牌“{token}”已经收回", f"the token {token} was taken back already"))
        act.after = {"revoked": True}
