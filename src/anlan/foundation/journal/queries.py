"""Reads of the journal."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from anlan.foundation.journal import names
from anlan.foundation.journal.models import Entry, Outcome
from anlan.settings import Words

# Entries among which an account must be to be offered as a filter.
_LATELY = 2000


@dataclass(frozen=True, slots=True)
class Told:
    """Entry in words: what was done (`words`), and what stood before and after as pairs of name and text."""

    entry: Entry
    words: Words
    changes: tuple[tuple[str, str, str], ...]

    @property
    def is_refused(self) -> bool:
        """Whether the action was refused."""
        return self.entry.outcome == Outcome.REFUSED


def words(action: str) -> Words:
    """What an action is called; its code where no room of this version declares it."""
    return names.action(action)


def told(entry: Entry, text: Callable[[Any], str] | None = None) -> Told:
    """Entry in words. `text` writes what stood before and after; without it the room that asks gets it as it is."""
    text = text or _text
    details = json.loads(entry.details)
    before, after = details.get("before", {}), details.get("after", {})
    keys = dict.fromkeys([*before, *after])
    return Told(
        entry,
        words(entry.action),
        tuple((name, text(before.get(name)), text(after.get(name))) for name in keys),
    )


def history(obj: models.Model, most: int = 50) -> list[Told]:
    """Latest actions on an object, the newest first; for the page of whoever may see the object. One query.

    The page shows them by {% include "journal/history.html" %} with `history` in its context.
    """
    rows = Entry.objects.filter(kind=obj._meta.label_lower, object_id=str(obj.pk)).order_by("-pk")[:most]
    return [told(entry) for entry in rows]


def codes(field: str) -> list[str]:
    """Values that a field (action, kind) has in the journal. Steps from one to the next in the field's index."""
    column = connection.ops.quote_name(field)
    table = connection.ops.quote_name(Entry._meta.db_table)
    # DISTINCT would read every entry; there are a few dozen values among millions.
    statement = f"""
        WITH RECURSIVE step(value) AS (
            SELECT min({column}) FROM {table}
            UNION ALL
            SELECT (SELECT min({column}) FROM {table} WHERE {column} > step.value)
            FROM step WHERE step.value IS NOT NULL
        )
        SELECT value FROM step WHERE value IS NOT NULL"""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [str(value) for (value,) in cursor.fetchall()]


def actors(also: str = "") -> list[tuple[str, str]]:
    """Accounts that did something lately, by id as text, with the name they had; and that of the id `also`."""
    rows = Entry.objects.filter(actor__isnull=False).order_by("-pk").values_list("actor", "actor_name")
    found = dict(reversed([(str(account), name) for account, name in rows[:_LATELY]]))
    if also.isdecimal() and len(also) < 19 and also not in found:
        found.update((str(account), name) for account, name in rows.filter(actor=int(also))[:1])
    return sorted(found.items(), key=lambda pair: pair[1])


def label(kind: str, object_id: str) -> str:
    """What an object was last called, "" if the journal does not know it."""
    rows = Entry.objects.filter(kind=kind, object_id=object_id).order_by("-pk").values_list("label", flat=True)
    return next((name or object_id for name in rows[:1]), "")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(_text(one) for one in value)
    return str(value)
