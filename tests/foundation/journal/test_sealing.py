"""The journal is a chain: nothing in it can be changed or removed, and whoever manages to is found out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest
from django.db import DatabaseError, OperationalError, connection, connections, transaction
from tests import people
from tests.foundation.journal import contend
from tests.house.files import ROOT

from anlan.foundation.access.actor import machine
from anlan.foundation.access.roles import Role
from anlan.foundation.journal import sealing
from anlan.foundation.journal.models import Block, Entry, Outcome
from anlan.foundation.journal.sealing import (
    GENESIS,
    Breach,
    Head,
    anchor,
    export,
    head,
    run_sealer,
    seal,
    seal_all,
    verify,
)
from anlan.foundation.journal.writing import write
from anlan.settings import InputError

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


# The constraint that binds an entry to its block, whatever it is called.
_UNBIND = """DO $$ DECLARE name text; BEGIN
    SELECT conname INTO name FROM pg_constraint WHERE conrelid = 'journal_entry'::regclass AND contype = 'f';
    EXECUTE 'ALTER TABLE journal_entry DROP CONSTRAINT ' || quote_ident(name); END $$"""


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


def test_a_changed_entry_breaks_its_block_and_is_named() -> None:
    entries(1)
    seal()
    entry = entries(3)[1]
    seal()
    entries(1)
    seal()
    good = Block.objects.get(number=1).hash
    tamper("UPDATE journal_entry SET label = 'another' WHERE id = %s", entry.pk)
    (fault,) = verify().faults
    assert (fault.kind, fault.block, fault.stored, fault.entries) == ("hash", 1, good, (entry.pk,))
    assert fault.computed != good


def test_a_removed_entry_is_missed_by_its_block_and_named() -> None:
    entry = entries(2)[0]
    seal()
    tamper("DELETE FROM journal_entry WHERE id = %s", entry.pk)
    assert verify().faults == [Breach("count", 0, "2", "1", (entry.pk,))]


def test_an_entry_that_was_slipped_in_is_named() -> None:
    entries(2)
    seal()
    late = entries(1)[0]
    tamper("UPDATE journal_entry SET block_id = 0 WHERE id = %s", late.pk)
    assert verify().faults == [Breach("count", 0, "2", "3", (late.pk,))]


def test_leaves_that_were_changed_as_well_are_not_believed() -> None:
    entry = entries(2)[0]
    seal()
    tamper("UPDATE journal_entry SET label = 'another' WHERE id = %s", entry.pk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_block SET leaves = NULL")
    (fault,) = verify().faults
    assert (fault.kind, fault.entries) == ("hash", ())


def test_a_rewritten_block_does_not_fit_the_next() -> None:
    entries(1)
    seal()
    entries(1)
    seal()
    good = Block.objects.get(number=1).previous
    tamper("DELETE FROM journal_block WHERE number > %s", 10)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_block SET previous = %s WHERE number = 1", ["a" * 64])
    # The link is wrong, and with it what the hash of block 1 was computed from.
    assert [(fault.kind, fault.block) for fault in verify().faults] == [("link", 1), ("hash", 1)]
    assert (verify().faults[0].stored, verify().faults[0].computed) == ("a" * 64, good)


def test_entries_whose_blocks_were_cut_off_at_the_end_betray_them() -> None:
    for _ in range(4):
        entries(1)
        seal()
    with connection.cursor() as cursor:
        tamper("SELECT %s", 1)
        cursor.execute("PRAGMA defer_foreign_keys = ON" if connection.vendor == "sqlite" else "SELECT 1")
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(_UNBIND)
        cursor.execute("DELETE FROM journal_block WHERE number >= 2")
    assert verify().faults == [Breach("missing", 2, "2–3")]
    # The store would complain of the loose ends at the end of the test.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_entry")


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


def test_what_a_store_cannot_hold_is_marked_and_does_not_lose_the_entry() -> None:
    entry = write(machine("a\0b"), "test.done", Outcome.DONE, reason="half \ud800", details={"after": {"x": "\0"}})
    entry.refresh_from_db()
    assert (entry.actor_name, entry.reason) == ("a\ufffdb", "half ?")
    assert seal() == 1
    assert verify().is_sound


def test_a_block_holds_no_more_than_its_share() -> None:
    entries(5)
    with mock.patch.object(sealing, "LARGEST", 2):
        assert seal_all() == 5
    assert list(Block.objects.values_list("count", flat=True)) == [2, 2, 1]
    assert verify().is_sound


def test_checking_tells_how_far_it_is_and_stops_after_enough_faults() -> None:
    for _ in range(3):
        entries(2)
        seal()
    told: list[tuple[int, int]] = []
    with mock.patch.object(sealing, "_BLOCKS", 1):
        assert verify(told=lambda done, total: told.append((done, total))).is_sound
        assert told == [(2, 6), (4, 6), (6, 6)]
        tamper("UPDATE journal_entry SET label = 'another' WHERE id > %s", 0)
        assert len(verify(most=2).faults) == 2


@pytest.mark.parametrize("text", ["", "3", "3:abc", f"x:{'0' * 64}", f"3:{'g' * 64}", f"³:{'0' * 64}"])
def test_what_is_no_anchor_is_refused_with_what_was_written(text: str) -> None:
    with pytest.raises(InputError, match="is no anchor"):
        anchor(text)
    assert anchor(f" 3:{'A' * 64} ") == Head(3, "a" * 64)


def test_two_sealers_and_four_writers_leave_one_sound_chain(tmp_path: Path) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("on PostgreSQL it is done in the database of the tests, below")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ANLAN_")}
    environ |= {"ANLAN_HOME": str(tmp_path / "home"), "DATABASE_URL": "embedded"}
    command = [sys.executable, "-m", contend.__name__]
    ended = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, ended.stderr
    is_sound, count, unsealed, blocks = json.loads(ended.stdout)
    assert (is_sound, count, unsealed) == (True, contend.WRITERS * contend.TRANSACTIONS * contend.EACH, 0)
    assert blocks > 1


class TestWithRealTransactions:
    """Several connections, as worker and web server have them."""

    pytestmark = pytest.mark.django_db(databases=["default", "scratch"], transaction=True)

    def test_two_sealers_and_four_writers_leave_one_sound_chain_here_too(self) -> None:
        if connection.vendor == "sqlite":
            pytest.skip("connections to a database in memory lock each other out; done in a file, above")
        contend.run()
        report = verify()
        expected = contend.WRITERS * contend.TRANSACTIONS * contend.EACH
        assert (report.is_sound, report.entries, report.unsealed) == (True, expected, 0)
        assert report.blocks > 1

    def test_an_entry_that_commits_late_goes_into_a_later_block(self) -> None:
        if connection.vendor == "sqlite":
            pytest.skip("SQLite has one writer: a lower key never commits after a higher one")
        begun, finish = threading.Event(), threading.Event()
        keys: list[int] = []

        def slow() -> None:
            try:
                with transaction.atomic():
                    keys.append(entries(1)[0].pk)
                    begun.set()
                    finish.wait(30)
            finally:
                connections.close_all()

        thread = threading.Thread(target=slow)
        thread.start()
        begun.wait(30)
        later = entries(1)[0].pk
        assert keys[0] < later
        assert seal() == 1
        finish.set()
        thread.join(30)
        assert seal() == 1
        assert [Entry.objects.get(pk=key).block_id for key in (later, keys[0])] == [0, 1]
        assert verify().is_sound

    def test_only_one_seals_at_a_time(self) -> None:
        if connection.vendor == "sqlite":
            pytest.skip("on SQLite the write lock says so")
        entries(1)
        other = connections.create_connection("default")
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [sealing._LOCK])
                assert seal() == 0
                # By hand: the server gives back what a closed connection held only when it notices.
                cursor.execute("SELECT pg_advisory_unlock(%s)", [sealing._LOCK])
        finally:
            other.close()
        assert seal() == 1

    def test_a_locked_database_is_tried_again_and_logged_once(self, caplog: pytest.LogCaptureFixture) -> None:
        entries(1)
        stop, calls = threading.Event(), 0
        sealed = sealing.seal

        def locked() -> int:
            nonlocal calls
            calls += 1
            if calls <= 3:
                raise OperationalError("database is locked")
            return sealed()

        def sealer() -> None:
            try:
                run_sealer(stop)
            finally:
                connections.close_all()

        with mock.patch.object(sealing, "seal", locked), mock.patch.object(sealing, "_EVERY_SECONDS", 0.01):
            thread = threading.Thread(target=sealer)
            thread.start()
            end = time.monotonic() + 30
            while Entry.objects.filter(block__isnull=True).exists() and time.monotonic() < end:
                time.sleep(0.01)
            stop.set()
            thread.join(30)
        assert verify().unsealed == 0
        assert sum("could not be sealed" in record.message for record in caplog.records) == 1

    def test_the_table_is_not_emptied_at_a_stroke(self) -> None:
        if connection.vendor == "sqlite":
            pytest.skip("SQLite has no TRUNCATE")
        entries(1)
        for table in ("journal_entry", "journal_block"):
            with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {table} CASCADE")
