"""Who calls the interface: a program with a token, within its scopes, or a person with the browser's session."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer, SessionAuth

from anlan.foundation.access.actor import actor_of
from anlan.foundation.access.middleware import POSTS_PER_MINUTE, must_change
from anlan.foundation.access.models import PostCount
from anlan.foundation.interface.actions import digest_of
from anlan.foundation.interface.answers import Fault
from anlan.foundation.interface.models import Token, TokenUse
from anlan.foundation.interface.scopes import SCOPES
from anlan.settings import Words

_NOTED_EVERY = dt.timedelta(minutes=10)


class TokenAuth(HttpBearer):
    """Token in the header Authorization: Bearer …, which must have the scope of the operation.

    The actor is the token's account with its roles of today: a token never may more than its account.
    """

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Token:
        """Token that was sent; Fault with what is wrong with it."""
        found = Token.objects.filter(digest=digest_of(token.strip())).select_related("account__person").first()
        if found is None or found.revoked_at is not None or not found.account.is_active:
            # One answer for all three: a stranger does not learn which tokens there were.
            raise Fault(
                401,
                "token_unknown",
                Words(
                    "令牌无效，或者已收回：请在“我的账户”里重新生成",
                    "the token is unknown or was taken back: make a new one",
                ),
            )
        if not found.works_on(timezone.localdate()):
            raise Fault(
                401,
                "token_expired",
                Words(f"令牌“{found}”已于 {found.expires_on} 到期", f"the token {found} ended on {found.expires_on}"),
            )
        if must_change(found.account):
            raise Fault(
                403,
                "password_due",
                Words("账户的口令该换了：请先登录修改口令", "the account's password must be changed first: sign in"),
            )
        if self.scope not in found.scopes:
            words = SCOPES[self.scope]
            raise Fault(
                403,
                "scope_missing",
                Words(
                    f"令牌“{found}”没有“{words.zh}”（{self.scope}）的范围",
                    f"the token {found} has no scope {self.scope} ({words.en})",
                ),
            )
        self._slow(request, found)
        _note(request, found)
        actor = actor_of(found.account, address=request.META.get("REMOTE_ADDR", ""), request=getattr(request, "id", ""))
        # The journal shows that a program acted, and which.
        request.actor = dataclasses.replace(actor, name=f"{actor.name} · {found.name}"[:120])  # type: ignore[attr-defined]
        return found

    def _slow(self, request: HttpRequest, token: Token) -> None:
        if request.method in ("GET", "HEAD"):
            return
        if PostCount.add(account=token.account_id) > POSTS_PER_MINUTE:
            wait_seconds = 60 - timezone.now().second
            raise Fault(
                429,
                "http_429",
                Words(
                    f"一分钟内提交的次数太多，这一次没有收下，请 {wait_seconds} 秒后再试",
                    f"too much was sent within a minute; this was not taken. Try again in {wait_seconds} seconds",
                ),
                wait_seconds=wait_seconds,
            )


def _note(request: HttpRequest, token: Token) -> None:
    now = timezone.now()
    address = str(request.META.get("REMOTE_ADDR", ""))[:45]
    known = TokenUse.objects.filter(token=token.pk).first()
    if known is None:
        TokenUse.objects.update_or_create(token=token.pk, defaults={"at": now, "address": address})
    elif now - known.at > _NOTED_EVERY:
        TokenUse.objects.filter(token=token.pk).update(at=now, address=address)


def allow(scope: str) -> list[Callable[[HttpRequest], Any]]:
    """Ways in to an operation of this scope, for its `auth`. KeyError for a scope that nobody declared."""
    SCOPES[scope]  # a misspelt scope would refuse every token
    # The token first: a program that sends one is not asked for the browser's CSRF token.
    return [TokenAuth(scope), SessionAuth()]
