"""Writing an entry: always inside the transaction of the action it tells of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from anlan.foundation.journal.models import Entry, Outcome

if TYPE_CHECKING:
    from anlan.foundation.access.actor import Actor


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def canonical(value: Mapping[str, Any]) -> str:
    """JSON text that is the same for the same value: sorted keys, no white space, Unicode as it is.

    >>> canonical({"b": 1, "a": "江"})
    '{"a":"江","b":1}'
    """
    return _ENCODER.encode(value)


def write(
    actor: Actor,
    action: str,
    outcome: Outcome,
    obj: models.Model | None = None,
    *,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> Entry:
    """Entry of an action by `actor` on `obj`, inserted in the transaction that is open."""
    return Entry.objects.create(
        at=timezone.now(),
        action=action,
        outcome=outcome,
        actor=actor.account_id,
        actor_name=_storable(actor.name)[:120],
        unit=actor.unit_id,
        unit_name=_storable(actor.unit_name)[:200],
        address=actor.address[:45],
        request=actor.request,
        kind=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None and obj.pk is not None else "",
        label=_storable(str(obj))[:300] if obj is not None else "",
        reason=_storable(reason),
        details=_storable(canonical(details or {})),
    )


def _storable(text: str) -> str:
    """Text that both stores take: PostgreSQL knows no NUL, and neither knows half a character."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
