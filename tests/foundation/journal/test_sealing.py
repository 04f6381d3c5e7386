"""The journal is a chain: nothing in it can be changed or removed, and whoever manages to is found out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from tests import people

from anlan.foundation.access.actor import machine
from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Block, Entry, Outcome
from anlan.foundation.journal.sealing import GENESIS, Fault, Head, export, head, seal, verify
from anlan.foundation.journal.writing import write

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


def entries(count: int) -> list[Entry]:
    return [write(machine("test"), "test.done", Outcome.DONE, details={"n": n}) for n in range(count)]


def tamper(statement: str, *values: int) -> None:
    """Changes a table as somebody with the database in his hands would: the triggers taken away first."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'journal_%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("DROP FUNCTION journal_refuse, journal_only_seal CASCADE")
        cursor.execute(statement, values)


def test_an_empty_journal_is_sound() -> None:
    report = verify()
    assert (report.is_sound, report.blocks, report.head) == (True, 0, Head(-1, GENESIS))


def test_sealing_takes_every_entry_once_and_links_the_blocks() -> None:
    entries(3)
    assert [seal(), seal()] == [3, 0]
    entries(2)
    assert seal() == 2
    first, second = Block.objects.all()
    assert (first.number, first.previous, second.number, second.previous) == (0, GENESIS, 1, first.hash)
    report = verify()
    assert (report.is_sound, report.blocks, report.entries, report.unsealed) == (True, 2, 5, 0)
    assert report.head == head() == Head(1, second.hash)


def test_the_unsealed_tail_is_counted_and_is_no_fault() -> None:
    entries(2)
    report = verify()
    assert (report.is_sound, report.unsealed) == (True, 2)


@pytest.mark.parametrize("sealed", [False, True])
def test_the_store_itself_refuses_to_change_or_delete_an_entry(sealed: bool) -> None:
    entry = entries(1)[0]
    if sealed:
        seal()
    attempts: list[Callable[[], object]] = [
        lambda: Entry.objects.filter(pk=entry.pk).update(reason="later"),
        lambda: Entry.objects.filter(pk=entry.pk).update(block=None),
        lambda: Entry.objects.filter(pk=entry.pk)._raw_delete("default"),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attempt()


def test_the_store_itself_refuses_to_change_or_delete_a_block() -> None:
    entries(1)
    seal()
    attempts: list[Callable[[], object]] = [
        lambda: Block.objects.update(count=5),
        lambda: Block.objects.all()._raw_delete("default"),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_sealing_does_not_let_the_content_change_along() -> None:
    entry = entries(1)[0]
    block = Block.objects.create(number=0, previous=GENESIS, hash="f" * 64, count=1, sealed_at=entry.at)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(block=block, label="another")


def test_a_changed_entry_breaks_its_block() -> None:
    entry = entries(2)[0]
    seal()
    good = head().hash
    tamper("UPDATE journal_entry SET label = 'another' WHERE id = %s", entry.pk)
    (fault,) = verify().faults
    assert (fault.kind, fault.block, fault.stored) == ("hash", 0, good)
    assert fault.computed != good


def test_a_removed_entry_is_missed_by_its_block() -> None:
    entry = entries(2)[0]
    seal()
    tamper("DELETE FROM journal_entry WHERE id = %s", entry.pk)
    assert verify().faults == [Fault("count", 0, "2", "1")]


def test_a_removed_block_is_named() -> None:
    for _ in range(3):
        entries(1)
        seal()
    tamper("DELETE FROM journal_entry WHERE block_id = %s", 1)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_block WHERE number = 1")
    assert [(fault.kind, fault.block) for fault in verify().faults] == [("missing", 1)]


def test_a_rewritten_chain_is_sound_by_itself_and_betrayed_by_the_anchor() -> None:
    entries(2)
    seal()
    kept = head()
    tamper("UPDATE journal_entry SET block_id = NULL, label = 'another'")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_block")
    seal()
    assert verify().is_sound
    report = verify(kept)
    assert (report.is_sound, report.anchor_holds) == (False, False)
    assert verify(head()).is_sound


def test_an_anchor_stays_in_the_chain_as_it_grows() -> None:
    entries(1)
    seal()
    kept = head()
    entries(1)
    seal()
    assert verify(kept).anchor_holds is True


def test_the_export_begins_with_the_head_and_has_every_entry() -> None:
    entries(2)
    seal()
    lines = list(export())
    assert head().hash in lines[0]
    assert len(lines) == 3


def test_names_stand_as_they_were_when_it_happened() -> None:
    actor = people.actor(Role.CLERK)
    entry = write(actor, "test.done", Outcome.DONE)
    assert (entry.actor, entry.actor_name) == (actor.account_id, actor.name)
