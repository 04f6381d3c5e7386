"""Telling accounts, marking as read, and closing what is done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.models import Account
from anlan.foundation.notices import catalogue, outbox
from anlan.foundation.notices.models import MailAddress, Notice
from anlan.settings import InputError, Words


def notify(
    accounts: Iterable[Account],
    code: str,
    *,
    key: str,
    args: dict[str, Any] | None = None,
    obj: models.Model | None = None,
    url: str = "",
) -> None:
    """Tells each account once: the same code and key again changes nothing.

    A consequence of an action, called inside it, so it has no permission and no journal entry of its own. `args` has a
    value for each name in the code's words (see `catalogue`); `url` is the page that opens, an address of our own.
    """
    given = args or {}
    if missing := catalogue.fields(code) - set(given):
        raise ValueError(f"notice {code} lacks {', '.join(sorted(missing))}")
    if url and (not url.startswith("/") or not url_has_allowed_host_and_scheme(url, allowed_hosts=None)):
        raise ValueError(f"notice {code} leads out of the house: {url}")
    accounts = list(accounts)
    ways = outbox.ways()
    told = outbox.told(accounts, code, key) if ways else set()
    Notice.objects.bulk_create(
        (
            Notice(
                account=account,
                code=code,
                key=key,
                args=catalogue.stored(given),
                kind=obj._meta.label_lower if obj is not None else "",
                object_id=str(obj.pk) if obj is not None else "",
                url=url,
            )
            for account in accounts
        ),
        ignore_conflicts=True,
    )
    if ways:
        outbox.put([one for one in accounts if one.pk not in told], code, key, ways)


def close(obj: models.Model, *codes: str) -> int:
    """What these notices about the object ask for is done; gives how many asked. Called inside the action that did it.

    Without codes all notices about the object are closed.
    """
    rows = Notice.objects.filter(kind=obj._meta.label_lower, object_id=str(obj.pk), closed_at__isnull=True)
    if codes:
        rows = rows.filter(code__in=codes)
    return rows.update(closed_at=timezone.now())


def read(actor: Actor, notice: Notice) -> None:
    """Marks a notice as read; once more changes nothing."""
    with acting(actor, "notices.read", notice) as act:
        changed = Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=timezone.now())
        act.after = {"read": changed}


def read_all(actor: Actor) -> int:
    """Marks all notices of the account as read; gives their number."""
    if actor.account_id is None:
        raise InputError(Words("没有登录的账户", "no account is signed in"))
    with acting(actor, "notices.read_all") as act:
        changed = Notice.objects.filter(account_id=actor.account_id, read_at__isnull=True).update(
            read_at=timezone.now()
        )
        act.after = {"read": changed}
    return changed


def set_mail(actor: Actor, address: str, *, agreed: bool) -> None:
    """Takes the e-mail address of the own account, with its consent; an empty one is a consent taken back.

    The journal keeps that it was changed, not the address. InputError for something that is no address, or no consent.
    """
    if actor.account_id is None:
        raise InputError(Words("没有登录的账户", "no account is signed in"))
    address = address.strip()
    problems = []
    if address:
        try:
            validate_email(address)
        except ValidationError:
            problems.append(
                Words(
                    f"“{address}”不是电子邮件地址，应形如 name@office.example",
                    f"{address} is no e-mail address: write it like name@office.example",
                )
            )
        if len(address) > 254:
            problems.append(Words("地址超过 254 个字符", "the address has more than 254 characters"))
        if not agreed:
            problems.append(Words("请勾选同意，或清空地址", "tick that you agree, or empty the address"))
    if problems:
        raise InputError(*problems)
    with acting(actor, "notices.mail") as act:
        if address:
            MailAddress.objects.update_or_create(
                account_id=actor.account_id, defaults={"address": address, "agreed_at": timezone.now()}
            )
        else:
            MailAddress.objects.filter(account_id=actor.account_id).delete()
        act.after = {"changed": 1}
