"""Putting objects into the index and finding them: FTS5 on SQLite, a tsvector on PostgreSQL, the same tokens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may, visible
from anlan.foundation.search.models import Hit
from anlan.foundation.search.registry import sources
from anlan.foundation.search.tokens import Term, tokens, wanted

# Of one kind: how many are shown.
SHOWN = 20


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
        # In the query and not afterwards: of a thousand hits a unit may see the last one.
        rows = visible(actor, source.permission, source.rows()).order_by().values("pk")
        hits = list(_matching(kind, terms).filter(object_id__in=rows).defer("tokens")[: SHOWN + 1])
        if hits:
            groups.append(Group(str(source.heading), hits[:SHOWN], len(hits) > SHOWN))
    return groups


def _index(hits: list[Hit]) -> None:
    # PostgreSQL indexes the column itself.
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_words(rowid, tokens) VALUES (%s, %s)", [(hit.pk, hit.tokens) for hit in hits]
            )


def _matching(kind: str, terms: list[Term]) -> models.QuerySet[Hit]:
    """Hits of a kind that have all the terms, the newest first."""
    statement = _STATEMENTS[connection.vendor]
    where, params = statement, [_query(terms)]
    if characters := [term.tokens[0] for term in terms if term.is_character]:
        # The index knows the words that begin with a character; titles are looked through for the rest.
        loose = ["search_hit.title LIKE %s"] * len(characters)
        params += [f"%{character}%" for character in characters]
        if others := [term for term in terms if not term.is_character]:
            loose.append(statement)
            params.append(_query(others))
        where = f"({where} OR ({' AND '.join(loose)}))"
    return Hit.objects.filter(kind=kind).extra(where=[where], params=params).order_by("-object_id")


_STATEMENTS = {
    "sqlite": "search_hit.id IN (SELECT rowid FROM search_words WHERE search_words MATCH %s)",
    "postgresql": "to_tsvector('simple', search_hit.tokens) @@ to_tsquery('simple', %s)",
}


def _query(terms: list[Term]) -> str:
    """The terms in the store's language. Tokens hold letters and digits only: putting them in quotes is safe."""
    if connection.vendor == "sqlite":
        return " ".join(f'"{" ".join(term.tokens)}"{"*" if term.beginning else ""}' for term in terms)
    parts = [" <-> ".join(f"'{token}'" for token in term.tokens) + (":*" if term.beginning else "") for term in terms]
    return " & ".join(f"({part})" for part in parts)
