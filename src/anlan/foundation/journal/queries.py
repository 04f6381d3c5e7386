"""Reads of the journal."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from anlan.foundation.journal import names
from anlan.foundation.journal.models import Block, Entry, Outcome
from anlan.foundation.journal.sealing import GENESIS, Head
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


def ends() -> tuple[Head, dt.datetime | None]:
    """Head of the chain, and the time of the first entry if any block is sealed. One query."""
    first = Entry.objects.order_by("pk").values("at")[:1]
    last = Block.objects.order_by("-number").values_list("number", "hash", models.Subquery(first)).first()
    return (Head(last[0], last[1]), last[2]) if last else (Head(-1, GENESIS), None)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a journal can be filtered by: codes of actions, labels of kinds, accounts by id as text and name."""

    actions: list[str]
    kinds: list[str]
    actors: list[tuple[str, str]]


def choices() -> Choices:
    """Actions and kinds that are in the journal, and accounts that did something lately. One query."""
    table = connection.ops.quote_name(Entry._meta.db_table)
    # DISTINCT would read every entry; there are a few dozen values among millions. This steps from each to the next
    # in the field's index.
    steps = ", ".join(
        f"""{field}s(value) AS (
            SELECT min({field}) FROM {table}
            UNION ALL
            SELECT (SELECT min({field}) FROM {table} WHERE {field} > {field}s.value)
            FROM {field}s WHERE {field}s.value IS NOT NULL
        )"""
        for field in ("action", "kind")
    )
    statement = f"""
        WITH RECURSIVE {steps}
        SELECT 'action', value, '' FROM actions WHERE value IS NOT NULL
        UNION ALL SELECT 'kind', value, '' FROM kinds WHERE value <> ''
        UNION ALL SELECT 'actor', CAST(actor AS TEXT), max(actor_name)
            FROM (SELECT actor, actor_name FROM {table} ORDER BY id DESC LIMIT %s) AS lately
            WHERE actor IS NOT NULL GROUP BY actor"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [_LATELY])
        rows = cursor.fetchall()
    return Choices(
        [value for what, value, _ in rows if what == "action"],
        [value for what, value, _ in rows if what == "kind"],
        sorted(((value, name) for what, value, name in rows if what == "actor"), key=lambda pair: pair[1]),
    )


def actor_name(key: str) -> str:
    """Name that an account had last, by its id as text; "" if the journal does not know it."""
    if not key.isascii() or not key.isdecimal() or len(key) > 18:
        return ""
    return Entry.objects.filter(actor=int(key)).order_by("-pk").values_list("actor_name", flat=True).first() or ""


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
