"""The TCP server on the loopback, with a store that the test lets write or not: answers, limits, bad senders."""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.monitor.frames_of_the_field import MN, upload

from anlan.monitor.gateway.entry import Entry
from anlan.monitor.gateway.known import Known, Register
from anlan.monitor.gateway.server import Limits, Server
from anlan.monitor.hj212 import dialog
from anlan.monitor.hj212.encode import enclose
from anlan.web.install import tls

PATIENCE_S = 10.0


class Box:
    """Server with a store in the test's hands: `write` lets what waits reach the disk."""

    def __init__(self, limits: Limits | None = None) -> None:
        register = Register()
        register.devices = {MN: Known("", "in_service", 0)}
        self.waiting: list[Entry] = []
        self.all: list[Entry] = []
        self.at_once = True
        self.number = 0
        self.server = Server(register, self._take, limits)
        self.port = 0

    def _take(self, entries: list[Entry]) -> None:
        self.waiting += entries
        self.all += entries
        if self.at_once:
            self.write()

    def write(self) -> None:
        """What waits stands on the disk."""
        written, self.waiting = self.waiting, []
        for entry in written:
            self.number = entry.id = self.number + 1
        self.server.stored(written)

    async def until(self, happened: Callable[[], object]) -> None:
        """Waits until something is so."""
        end = time.monotonic() + PATIENCE_S
        while not happened():
            assert time.monotonic() < end, "it never happened"
            await asyncio.sleep(0.01)


Wire = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Story = Callable[[Box], Awaitable[None]]


def play(story: Story, limits: Limits | None = None) -> None:
    """Runs a story with a server of its own."""

    async def run() -> None:
        box = Box(limits)
        box.port = await box.server.start("127.0.0.1", 0)
        try:
            await asyncio.wait_for(story(box), 30)
        finally:
            await box.server.stop()
            await asyncio.sleep(0)

    asyncio.run(run())


@contextlib.asynccontextmanager
async def wire(box: Box) -> AsyncIterator[Wire]:
    """Connection of a device."""
    reader, writer = await asyncio.open_connection("127.0.0.1", box.port)
    try:
        yield reader, writer
    finally:
        writer.close()


def test_it_may_speak_tls(tmp_path: Path) -> None:
    certificate, key = tls.self_signed(("localhost",), tmp_path)
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.load_cert_chain(certificate, key)
    theirs = ssl.create_default_context(cafile=str(certificate))

    async def story() -> None:
        box = Box()
        box.port = await box.server.start("127.0.0.1", 0, ours)
        reader, writer = await asyncio.open_connection("127.0.0.1", box.port, ssl=theirs, server_hostname="localhost")
        writer.write(upload())
        assert b"CN=9014" in await line(reader)
        writer.close()
        await writer.wait_closed()
        await box.until(lambda: not box.server.links)
        await box.server.stop()

    asyncio.run(asyncio.wait_for(story(), 30))


async def line(reader: asyncio.StreamReader) -> bytes:
    """Next answer."""
    return await asyncio.wait_for(reader.readline(), PATIENCE_S)


async def silence(reader: asyncio.StreamReader) -> bool:
    """Whether nothing comes for a moment."""
    try:
        return await asyncio.wait_for(reader.read(1), 0.2) == b"never"
    except TimeoutError:
        return True


def test_nothing_is_answered_before_it_is_stored() -> None:
    async def story(box: Box) -> None:
        box.at_once = False
        async with wire(box) as (reader, writer):
            data = upload(qn="20260801080000123")
            writer.write(data)
            await box.until(lambda: box.waiting)
            assert await silence(reader)
            box.write()
            answer = await line(reader)
        assert b"QN=20260801080000123;ST=91;CN=9014;" in answer
        assert b"MN=" + MN.encode() in answer

    play(story)


def test_frames_of_one_read_are_answered_each_with_its_own_qn_in_order() -> None:
    async def story(box: Box) -> None:
        async with wire(box) as (reader, writer):
            qns = [f"20260801080000{n:03d}" for n in range(20)]
            writer.write(b"".join(upload(qn=qn) for qn in qns))
            got = [re.search(rb"QN=(\d+)", await line(reader)) for _ in qns]
        assert [found and found[1].decode() for found in got] == qns

    play(story)


def test_one_frame_in_many_pieces_is_one_frame() -> None:
    async def story(box: Box) -> None:
        async with wire(box) as (reader, writer):
            for byte in upload():
                writer.write(bytes([byte]))
                await writer.drain()
            assert b"CN=9014" in await line(reader)
        assert len(box.all) == 1

    play(story)


def test_an_unknown_device_is_acknowledged_too_and_held_back() -> None:
    async def story(box: Box) -> None:
        async with wire(box) as (reader, writer):
            writer.write(upload(mn="CD00000000000000000000F2"))
            assert b"CN=9014" in await line(reader)
        assert [(entry.state, entry.why) for entry in box.all] == [("quarantine", "unknown")]

    play(story)


def test_a_device_that_gives_orders_is_stored_and_refused() -> None:
    async def story(box: Box) -> None:
        async with wire(box) as (reader, writer):
            writer.write(dialog.command("1062", "20260801080000123", "32", MN, "123456", {"RtdInterval": "30"}))
            answer = await line(reader)
        assert b"CN=9011" in answer
        assert b"QnRtn=2" in answer
        assert len(box.all) == 1

    play(story)


def test_a_damaged_frame_gets_no_answer_and_the_next_one_does() -> None:
    async def story(box: Box) -> None:
        async with wire(box) as (reader, writer):
            good = upload(qn="20260801080000777")
            writer.write(good[:-6] + b"0000\r\n" + good)
            assert b"QN=20260801080000777" in await line(reader)
            assert await silence(reader)
        assert [entry.state for entry in box.all] == ["bad", "taken"]

    play(story)


@pytest.mark.parametrize("value", ["NaN", "1e309", "--"])
def test_a_value_that_cannot_be_is_answered_once_it_is_stored_so_that_it_is_not_sent_for_ever(value: str) -> None:
    async def story(box: Box) -> None:
        box.at_once = False
        async with wire(box) as (reader, writer):
            writer.write(upload(value=value, qn="20260801080000321"))
            await box.until(lambda: box.waiting)
            assert await silence(reader)
            box.write()
            assert b"QN=20260801080000321;ST=91;CN=9014;" in await line(reader)
        assert [(entry.state, entry.why, entry.mn) for entry in box.all] == [("quarantine", "format", MN)]

    play(story)


def test_a_device_that_says_nothing_but_what_cannot_be_is_not_cut_off() -> None:
    async def story(box: Box) -> None:
        async with wire(box) as (reader, writer):
            for _ in range(30):
                writer.write(upload(value="NaN"))
                assert b"CN=9014" in await line(reader)

    play(story, Limits(damage=10))


def test_a_head_too_long_to_be_repeated_is_stored_and_not_answered() -> None:
    async def story(box: Box) -> None:
        async with wire(box) as (reader, writer):
            rest = b";ST=32;CN=2011;PW=123456;MN=" + MN.encode() + b";Flag=5;CP=&&&&"
            # The longest there can be; its answer would have QnRtn=2 in addition.
            writer.write(enclose(b"QN=" + b"1" * (9996 - len(rest)) + rest))
            writer.write(upload(qn="20260801080000555"))
            assert b"QN=20260801080000555" in await line(reader)
        assert [entry.state for entry in box.all] == ["taken", "taken"]

    play(story)


def _spoilt(data: bytes, mn: str = "") -> bytes:
    """Frame with a wrong CRC; `mn` stands in it in place of its own."""
    return data[:-6].replace(MN.encode(), (mn or MN).encode()) + b"0000\r\n"


def test_damage_before_the_first_good_frame_is_laid_to_whoever_says_it() -> None:
    async def story(box: Box) -> None:
        named: list[tuple[list[int], str]] = []
        box.server.on_named = lambda numbers, mn: named.append((numbers, mn))
        async with wire(box) as (reader, writer):
            # In the first two frames even the name is damaged, in two ways.
            writer.write(_spoilt(upload(), "AB00000000000000000000Z1") + _spoilt(upload(), "AB00000000000000000000Z2"))
            await box.until(lambda: len(box.all) == 2)
            assert [entry.mn for entry in box.all] == ["", ""]
            assert named == []
            writer.write(upload())
            await line(reader)
            writer.write(upload())
            await line(reader)
        assert named == [([1, 2], MN)]

    play(story)


def test_a_sender_of_nothing_but_wrong_crcs_is_named_by_two_frames_that_agree() -> None:
    async def story(box: Box) -> None:
        named: list[tuple[list[int], str]] = []
        box.server.on_named = lambda numbers, mn: named.append((numbers, mn))
        stranger = "CD00000000000000000000F2"
        async with wire(box) as (_reader, writer):
            writer.write(_spoilt(upload(), stranger))
            writer.write(_spoilt(upload(), "CD00000000000000000000Q9"))
            await box.until(lambda: len(box.all) == 2)
            writer.write(_spoilt(upload(), stranger))
            await box.until(lambda: named)
            writer.write(_spoilt(upload(), stranger))
            await box.until(lambda: len(box.all) == 4)
        assert named == [([1, 3], stranger)]
        assert box.all[3].mn == stranger

    play(story)


def test_a_frame_without_line_end_is_taken_after_a_moment() -> None:
    async def story(box: Box) -> None:
        async with wire(box) as (reader, writer):
            writer.write(upload()[:-2])
            assert b"CN=9014" in await line(reader)

    play(story, Limits(line_end_s=0.2))


def test_half_a_frame_is_given_up_after_its_time_and_kept_as_damage() -> None:
    async def story(box: Box) -> None:
        async with wire(box) as (reader, writer):
            writer.write(upload()[:80])
            await box.until(lambda: box.all)
            assert (box.all[0].state, box.all[0].why) == ("bad", "length")
            # The connection lives on: the next frame is taken.
            writer.write(upload())
            assert b"CN=9014" in await line(reader)

    play(story, Limits(frame_s=0.5))


def test_bytes_that_trickle_in_do_not_hold_a_connection_for_ever() -> None:
    async def story(box: Box) -> None:
        async with wire(box) as (_reader, writer):
            begun = time.monotonic()
            while not box.all:
                # Never silent, never whole.
                writer.write(b"##9999QN=2" if not begun else b"x")
                await asyncio.sleep(0.05)
                if time.monotonic() - begun < 0.1:
                    writer.write(b"##0500QN=")
                assert time.monotonic() - begun < PATIENCE_S
        assert box.all[0].state == "bad"

    play(story, Limits(frame_s=0.5))


def test_a_stranger_that_says_no_frame_is_closed() -> None:
    async def story(box: Box) -> None:
        async with wire(box) as (reader, _writer):
            assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
        await box.until(lambda: not box.server.links)

    play(story, Limits(first_frame_s=0.3))


def test_a_connection_that_fell_silent_is_closed() -> None:
    async def story(box: Box) -> None:
        async with wire(box) as (reader, writer):
            writer.write(upload())
            await line(reader)
            assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""

    play(story, Limits(silence_s=0.5))


def test_a_flood_of_bytes_that_are_no_frames_is_closed_and_nothing_is_kept_of_it() -> None:
    async def story(box: Box) -> None:
        async with wire(box) as (reader, writer):
            with contextlib.suppress(OSError):
                for _ in range(100):
                    writer.write(b"x" * 10_000)
                    await writer.drain()
            with contextlib.suppress(OSError):
                assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
        assert box.all == []

    play(story)


def test_a_sender_of_nothing_but_damage_is_closed() -> None:
    async def story(box: Box) -> None:
        async with wire(box) as (reader, writer):
            bad = upload()[:-6] + b"0000\r\n"
            writer.write(bad * 12)
            with contextlib.suppress(OSError):
                assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
        # Those that came before it was closed are kept: they show what is wrong.
        assert len(box.all) >= 11

    play(story, Limits(damage=10))


def test_a_fast_sender_is_slowed_down_and_loses_nothing() -> None:
    async def story(box: Box) -> None:
        async with wire(box) as (reader, writer):
            begun = time.monotonic()
            writer.write(b"".join(upload() for _ in range(60)))
            for _ in range(60):
                assert b"CN=9014" in await line(reader)
            writer.write(upload())
            assert b"CN=9014" in await line(reader)
            # 60 frames at 30 a second, of which 30 were allowed at once: the next one waits about a second.
            assert time.monotonic() - begun > 0.5
        assert len(box.all) == 61

    play(story, Limits(frames_per_s=30))


def test_a_connection_is_not_read_while_too_much_of_it_waits_for_the_disk() -> None:
    async def story(box: Box) -> None:
        box.at_once = False
        async with wire(box) as (reader, writer):
            for _ in range(6):
                writer.write(b"".join(upload() for _ in range(5)))
                await writer.drain()
                await asyncio.sleep(0.05)
            held = len(box.all)
            assert held < 30
            box.at_once = True
            box.write()
            for _ in range(30):
                assert b"CN=9014" in await line(reader)
        assert len(box.all) == 30

    play(story, Limits(waiting=8))


def test_all_wait_while_too_much_of_all_waits_for_the_disk() -> None:
    async def story(box: Box) -> None:
        box.at_once = False
        async with wire(box) as (_one, one), wire(box) as (reader, other):
            one.write(b"".join(upload() for _ in range(12)))
            await box.until(lambda: len(box.all) == 12)
            other.write(upload())
            await asyncio.sleep(0.2)
            assert len(box.all) == 12
            box.at_once = True
            box.write()
            assert b"CN=9014" in await line(reader)

    play(story, Limits(waiting_of_all=10))


def test_a_stranger_without_a_word_makes_way_when_all_places_are_taken() -> None:
    async def story(box: Box) -> None:
        async with wire(box) as (reader, writer), wire(box) as (idle, _):
            writer.write(upload())
            await line(reader)
            await box.until(lambda: len(box.server.links) == 2)
            async with wire(box) as (third, to_third):
                to_third.write(upload())
                assert b"CN=9014" in await line(third)
                with contextlib.suppress(ConnectionError):
                    assert await asyncio.wait_for(idle.read(), PATIENCE_S) == b""
                # Now all have spoken: the next one finds no place.
                async with wire(box) as (fourth, _):
                    with contextlib.suppress(ConnectionError):
                        assert await asyncio.wait_for(fourth.read(), PATIENCE_S) == b""

    play(story, Limits(connections=2))


def test_who_says_no_more_still_gets_the_answers_that_are_owed() -> None:
    async def story(box: Box) -> None:
        box.at_once = False
        async with wire(box) as (reader, writer):
            writer.write(upload())
            writer.write_eof()
            await box.until(lambda: box.waiting)
            await asyncio.sleep(0.1)
            box.write()
            assert b"CN=9014" in await line(reader)
            assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""

    play(story)


def test_what_came_before_a_connection_broke_is_stored() -> None:
    async def story(box: Box) -> None:
        async with wire(box) as (_reader, writer):
            writer.write(upload() + upload()[:40])
            await writer.drain()
            await box.until(lambda: box.all)
            writer.transport.abort()
        await box.until(lambda: len(box.all) == 2)
        assert [entry.state for entry in box.all] == ["taken", "bad"]

    play(story)


def test_the_newest_connection_of_a_device_gets_its_commands() -> None:
    async def story(box: Box) -> None:
        seen: list[tuple[str, bool]] = []
        box.server.on_link = lambda mn, connected: seen.append((mn, connected))
        async with wire(box) as (reader, writer):
            writer.write(upload())
            await line(reader)
            async with wire(box) as (second, to_second):
                to_second.write(upload())
                await line(second)
                assert box.server.by_mn[MN].send(b"hello\n")
                assert await line(second) == b"hello\n"
        await box.until(lambda: not box.server.links)
        assert seen == [(MN, True), (MN, False)]

    play(story)


def test_a_concentrator_speaks_for_several_devices() -> None:
    async def story(box: Box) -> None:
        other = "CD00000000000000000000F2"
        seen: list[tuple[str, bool]] = []
        box.server.on_link = lambda mn, connected: seen.append((mn, connected))
        async with wire(box) as (reader, writer):
            for mn in (MN, other, MN):
                writer.write(upload(mn=mn))
                assert b"MN=" + mn.encode() in await line(reader)
            assert set(box.server.by_mn) == {MN, other}
        await box.until(lambda: not box.server.links)
        assert box.server.by_mn == {}
        assert sorted(seen) == sorted([(MN, True), (other, True), (MN, False), (other, False)])

    play(story)


def test_an_older_connection_takes_over_when_the_newest_is_gone() -> None:
    async def story(box: Box) -> None:
        async with wire(box) as (reader, writer):
            writer.write(upload())
            await line(reader)
            async with wire(box) as (second, to_second):
                to_second.write(upload())
                await line(second)
            await box.until(lambda: MN not in box.server.by_mn)
            writer.write(upload())
            await line(reader)
            assert box.server.by_mn[MN].send(b"hello\n")
            assert await line(reader) == b"hello\n"

    play(story)


@pytest.mark.parametrize("name", ["connections", "waiting", "frames_per_s"])
def test_limits_are_there_by_default(name: str) -> None:
    assert getattr(Limits(), name) > 0
    assert replace(Limits(), damage=1).damage == 1
