"""Signing in and out: by password or one-time code, with every attempt in the journal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from anlan.foundation.access.actor import Actor, actor_of
from anlan.foundation.access.models import Account, ResetCode, SignInCount
from anlan.foundation.journal.models import Outcome
from anlan.foundation.journal.writing import write

# Sign-ins from one address in a minute: an office of thirty behind one address stays below, a guessing program not.
PER_MINUTE = 30


class AccountBackend(BaseBackend):
    """Accounts by name and password, or by a one-time code in its place."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Account | None:
        """Account, or None. A wrong name takes as long as a wrong password: two hashes."""
        if not username or not password:
            return None
        account = Account.objects.filter(name=username.strip().lower()).first()
        if account is None or not account.is_active:
            make_password(password)
            make_password(password)
            return None
        if account.check_password(password):
            return account
        return account if _spend_code(account, password, request) else None

    def get_user(self, user_id: int) -> Account | None:
        """Account of a session, unless it was closed meanwhile."""
        return Account.objects.filter(pk=user_id, is_active=True).select_related("person").first()


def _spend_code(account: Account, code: str, request: HttpRequest | None) -> bool:
    """Whether this is the account's one-time code; it is used up by it, and the password must be changed.

    One that must be confirmed first opens nothing and stays; the request is marked, so that the page can say so to
    whoever has it.
    """
    with transaction.atomic():
        rows = ResetCode.objects.select_for_update().filter(
            account=account, used_at__isnull=True, expires_at__gt=timezone.now()
        )
        if not rows:
            # As long as with a code, so that nobody can time who has one.
            make_password(code)
        for row in rows:
            if check_password(code.strip().upper(), row.code):
                if not row.opens:
                    if request is not None:
                        request.code_to_confirm = True  # type: ignore[attr-defined]
                    return False
                ResetCode.objects.filter(pk=row.pk).update(used_at=timezone.now())
                Account.objects.filter(pk=account.pk).update(must_change=True)
                account.must_change = True
                return True
    return False


def too_often(request: HttpRequest) -> bool:
    """Counts this attempt; whether its address has tried more than 30 times in this minute."""
    return SignInCount.add(address=str(request.META.get("REMOTE_ADDR", ""))[:45]) > PER_MINUTE


def locked_until(name: str) -> dt.datetime | None:
    """When the lock of this login name ends; None where it is not locked. Trying meanwhile does not move the end."""
    lasts = dt.timedelta(minutes=settings.ANLAN.lock_minutes)
    rows = list(
        AccessAttempt.objects.filter(username=name.strip().lower(), attempt_time__gt=timezone.now() - lasts).order_by(
            "attempt_time"
        )
    )
    failures = sum(row.failures_since_start for row in rows)
    end = None
    # Failures are kept by browser, and those of one browser lapse together after its last one.
    for row in rows:
        if failures < settings.ANLAN.lock_failures:
            break
        failures -= row.failures_since_start
        end = row.attempt_time + lasts
    return end


def locked_out(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """Page of a locked account, with when that ends."""
    until = locked_until(request.POST.get("username", ""))
    context = {
        "until": until and timezone.localtime(until),
        "minutes": settings.ANLAN.lock_minutes,
        "failures": settings.ANLAN.lock_failures,
    }
    answer = render(request, "access/locked.html", context, status=429)
    if until:
        answer["Retry-After"] = str(max(1, int((until - timezone.now()).total_seconds())))
    return answer


def _stranger(request: HttpRequest | None, name: str) -> Actor:
    address = request.META.get("REMOTE_ADDR", "") if request else ""
    return Actor(None, name[:60] or "?", address=address, request=getattr(request, "id", ""))


@receiver(user_logged_in)
def _signed_in(sender: object, request: HttpRequest, user: Account, **kwargs: object) -> None:
    address = request.META.get("REMOTE_ADDR", "") if request else ""
    actor = actor_of(user, address=address, request=getattr(request, "id", ""))
    write(actor, "access.sign_in", Outcome.DONE, user)


@receiver(user_logged_out)
def _signed_out(sender: object, request: HttpRequest, user: Account | None, **kwargs: object) -> None:
    if user is not None:
        address = request.META.get("REMOTE_ADDR", "") if request else ""
        write(actor_of(user, address=address), "access.sign_out", Outcome.DONE, user)


@receiver(user_login_failed)
def _failed(sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: object) -> None:
    # What was typed as the name may be a password typed in the wrong field: only names of accounts are kept.
    typed = str(credentials.get("username") or "").strip().lower()
    account = Account.objects.filter(name=typed).first()
    write(_stranger(request, typed if account else "?"), "access.sign_in_failed", Outcome.REFUSED, account)


@receiver(user_locked_out)
def _locked(sender: object, request: HttpRequest | None, username: str | None, **kwargs: object) -> None:
    account = Account.objects.filter(name=str(username or "").strip().lower()).first()
    write(_stranger(request, account.name if account else "?"), "access.locked", Outcome.REFUSED, account)
