"""Putting objects into the index and finding them: FTS5 on SQLite, a tsvector on PostgreSQL, the same tokens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may, visible
from anlan.foundation.search.models import Hit
from anlan.foundation.search.registry import Source, sources
from anlan.foundation.search.tokens import tokens, wanted

# Of one kind: how many are looked at, and how many are shown.
_LOOKED_AT, SHOWN = 300, 20


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind; `more` says whether there is more than is shown."""

    heading: str
    hits: list[Hit]
    more: bool


def put(kind: str, objects: Iterable[Any]) -> int:
    """Puts objects of a kind into the index, or takes them out where they are not to be found; gives their number."""
    source = sources()[kind]
    rows, gone, count = [], [], 0
    for obj in objects:
        found = source.found(obj)
        count += 1
        gone.append(obj.pk)
        if found:
            rows.append(
                Hit(
                    kind=kind,
                    object_id=obj.pk,
                    title=found.title[:300],
                    detail=found.detail[:300],
                    url=found.url,
                    tokens=" ".join(tokens(f"{found.title} {found.detail} {found.text}")),
                )
            )
    with transaction.atomic():
        remove(kind, gone)
        _index(Hit.objects.bulk_create(rows, batch_size=500))
    return count


def put_where(kind: str, **condition: Any) -> int:
    """Puts those objects of a kind into the index that meet a condition (fields as in `filter`)."""
    return put(kind, sources()[kind].rows().filter(**condition))


def remove(kind: str, keys: Iterable[int]) -> None:
    """Takes objects of a kind out of the index."""
    wanted_keys = list(keys)
    for begin in range(0, len(wanted_keys), 500):
        rows = Hit.objects.filter(kind=kind, object_id__in=wanted_keys[begin : begin + 500])
        if connection.vendor == "sqlite":
            numbers = list(rows.values_list("pk", flat=True))
            with connection.cursor() as cursor:
                cursor.executemany("DELETE FROM search_words WHERE rowid = %s", [(number,) for number in numbers])
        rows.delete()


def rebuild() -> int:
    """Builds the whole index anew from the rooms; gives the number of objects. Safe to run at any time, and again."""
    count = 0
    for kind, source in sources().items():
        kept = set(Hit.objects.filter(kind=kind).values_list("object_id", flat=True))
        batch: list[Any] = []
        for obj in source.rows().iterator(chunk_size=500):
            kept.discard(obj.pk)
            batch.append(obj)
            if len(batch) == 500:
                count += put(kind, batch)
                batch = []
        count += put(kind, batch)
        remove(kind, kept)
    return count


def search(actor: Actor, words: str) -> list[Group]:
    """What the actor may see of what the words find, by kind. All words must be there; nothing for no words."""
    terms = wanted(words)
    if not terms:
        return []
    groups = []
    for kind, source in sources().items():
        if not may(actor, source.permission):
            continue
        hits = _matching(kind, terms)
        allowed = _allowed(actor, source, hits)
        shown = [hit for hit in hits if hit.object_id in allowed]
        if shown:
            groups.append(Group(str(source.heading), shown[:SHOWN], len(shown) > SHOWN))
    return groups


def _allowed(actor: Actor, source: Source, hits: list[Hit]) -> set[int]:
    rows: models.QuerySet[Any] = source.rows().filter(pk__in=[hit.object_id for hit in hits])
    return set(visible(actor, source.permission, rows).order_by().values_list("pk", flat=True))


def _index(hits: list[Hit]) -> None:
    # PostgreSQL indexes the column itself.
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_words(rowid, tokens) VALUES (%s, %s)", [(hit.pk, hit.tokens) for hit in hits]
            )


def _matching(kind: str, terms: list[tuple[str, bool]]) -> list[Hit]:
    """Hits of a kind that have all the terms, the newest first. Terms hold letters and digits only: quoting is safe."""
    if connection.vendor == "sqlite":
        query = " ".join(f'"{term}"*' if beginning else f'"{term}"' for term, beginning in terms)
        statement = "id IN (SELECT rowid FROM search_words WHERE search_words MATCH %s)"
    else:
        query = " & ".join(f"'{term}':*" if beginning else f"'{term}'" for term, beginning in terms)
        statement = "to_tsvector('simple', tokens) @@ to_tsquery('simple', %s)"
    rows = Hit.objects.filter(kind=kind).extra(where=[statement], params=[query])
    return list(rows.order_by("-object_id").defer("tokens")[:_LOOKED_AT])
