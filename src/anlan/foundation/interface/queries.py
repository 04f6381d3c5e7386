"""Reads: tokens with the instant they were last used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import models

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import visible
from anlan.foundation.interface.models import Token, TokenUse


def tokens(actor: Actor) -> models.QuerySet[Token]:
    """Tokens the actor may see, the newest first."""
    return visible(actor, "token.see", Token.objects.select_related("account__person"))


def last_used(rows: Iterable[Token]) -> dict[int, dt.datetime]:
    """When each of the tokens was last used, to ten minutes. One query, of the scratch store."""
    return dict(TokenUse.objects.filter(token__in=[row.pk for row in rows]).values_list("token", "at"))
