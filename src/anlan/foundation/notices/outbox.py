"""What leaves the house: rows written with the notice, in its transaction; a job sends them afterwards."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.conf import settings

from anlan.foundation.access.models import Account
from anlan.foundation.notices.models import Delivery, MailAddress, Notice, Way
from anlan.settings import OFF


def ways() -> list[Way]:
    """Ways that the settings open, none by default."""
    given = settings.ANLAN
    return [way for way, on in ((Way.MAIL, given.mail_host), (Way.WEBHOOK, given.webhook_url)) if on != OFF]


def told(accounts: Collection[Account], code: str, key: str) -> set[int]:
    """Accounts that were told this before: they are not told again, on whatever way."""
    return set(Notice.objects.filter(account__in=accounts, code=code, key=key).values_list("account_id", flat=True))


def put(accounts: Collection[Account], code: str, key: str, open_ways: Iterable[Way]) -> None:
    """Puts the notices just told to these accounts on the open ways; mail only for those who agreed to it."""
    notices = list(Notice.objects.filter(account__in=accounts, code=code, key=key))
    agreed = set(MailAddress.objects.filter(account__in=accounts).values_list("account_id", flat=True))
    Delivery.objects.bulk_create(
        (
            Delivery(notice=notice, way=way)
            for way in open_ways
            for notice in notices
            if way != Way.MAIL or notice.account_id in agreed
        ),
        ignore_conflicts=True,
    )
