"""Reads: an account's notices, and how many wait."""

from __future__ import annotations

from django.db import models

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import visible
from anlan.foundation.notices.models import Notice


def of(actor: Actor) -> models.QuerySet[Notice]:
    """Notices of the account, the latest first."""
    if actor.account_id is None:
        return Notice.objects.none()
    return visible(actor, "notices.see", Notice.objects.filter(account_id=actor.account_id))


def waiting(rows: models.QuerySet[Notice]) -> models.QuerySet[Notice]:
    """Those that were not read and still ask for something."""
    return rows.filter(read_at__isnull=True, closed_at__isnull=True)


def unread(actor: Actor) -> int:
    """Number in the top bar. One query, none for nobody."""
    return 0 if actor.account_id is None else waiting(of(actor)).count()
