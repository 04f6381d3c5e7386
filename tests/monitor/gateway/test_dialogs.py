"""Commands to a device: answered, refused, silent, away; one at a time."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Awaitable, Callable

from tests.monitor.frames_of_the_field import MN, upload

from anlan.monitor.gateway.dialogs import Command, Dialogs, Patience, Target
from anlan.monitor.gateway.entry import Entry
from anlan.monitor.hj212 import dialog
from anlan.monitor.hj212.decode import decode
from anlan.monitor.hj212.frame import Frame

NOW = dt.datetime(2026, 8, 1, 0, 0, 0, tzinfo=dt.UTC)


class Device:
    """Device in the test's hands: what was sent to it, and what it says."""

    def __init__(self, answer: Callable[[Frame], list[bytes]] = lambda frame: []) -> None:
        self.got: list[Frame] = []
        self.steps: list[tuple[int, str]] = []
        self.is_here = True
        self.answer = answer
        self.dialogs = Dialogs(self._target, self._note, lambda: NOW, Patience(answer_s=0.1, resends=3, result_s=0.3))
        self.commands: dict[int, Command] = {}

    def _target(self, mn: str) -> Target | None:
        return Target("32", "123456", 2017, self._send) if self.is_here else None

    def _send(self, data: bytes) -> bool:
        (frame,) = decode(data)
        assert frame.ok
        self.got.append(frame)
        for said in self.answer(frame):
            self.say(said)
        return True

    def say(self, data: bytes) -> None:
        """Says something."""
        for frame in decode(data):
            entry = Entry(frame, 0, "taken", "", MN, "")
            asyncio.get_running_loop().call_soon(self.dialogs.heard, entry)

    def _note(self, command: Command) -> None:
        self.steps.append((command.id, command.state))

    def ask(self, cn: str, number: int = 1, **fields: str) -> Command:
        """Gives a command."""
        command = Command(number, MN, cn, fields, "clerk", None, int(NOW.timestamp() * 1e6))
        self.dialogs.ask(command)
        return command

    async def ended(self, command: Command) -> str:
        """State once it has ended."""
        end = time.monotonic() + 10
        while command.ended is None:
            assert time.monotonic() < end
            await asyncio.sleep(0.01)
        return command.state


def play(story: Awaitable[None]) -> None:
    async def run() -> None:
        await asyncio.wait_for(story, 20)

    asyncio.run(run())


def accepted(frame: Frame) -> list[bytes]:
    answer = dialog.answer(frame)
    assert answer is not None
    return [answer, dialog.result(frame)]


def test_a_request_is_accepted_and_done() -> None:
    async def story() -> None:
        device = Device(accepted)
        command = device.ask("1012")
        assert await device.ended(command) == "done"
        assert (command.qn_rtn, command.exe_rtn, command.tries) == (1, 1, 1)
        # 08:00 in Beijing.
        assert device.got[0].fields["SystemTime"] == "20260801080000"
        # Answer and result came together; each step is kept as it is reached.
        assert [state for _, state in device.steps] == ["waiting", "sent", "done"]

    play(story())


def test_without_an_answer_it_is_sent_three_times_more_with_the_same_qn() -> None:
    async def story() -> None:
        device = Device()
        command = device.ask("1012")
        assert await device.ended(command) == "unanswered"
        assert command.tries == len(device.got) == 4
        assert len({frame.qn for frame in device.got}) == 1

    play(story())


def test_a_device_may_refuse() -> None:
    async def story() -> None:
        device = Device(lambda frame: [answer] if (answer := dialog.answer(frame, 3)) else [])
        command = device.ask("1012")
        assert await device.ended(command) == "refused"
        assert command.qn_rtn == 3

    play(story())


def test_a_device_may_fail() -> None:
    async def story() -> None:
        device = Device(lambda frame: [dialog.answer(frame) or b"", dialog.result(frame, 100)])
        command = device.ask("2061", BeginTime="20260801000000", EndTime="20260801010000")
        assert await device.ended(command) == "failed"
        assert command.exe_rtn == 100

    play(story())


def test_an_answer_without_a_result_ends_too() -> None:
    async def story() -> None:
        device = Device(lambda frame: [dialog.answer(frame) or b""])
        assert await device.ended(device.ask("1012")) == "no_result"

    play(story())


def test_data_that_come_for_a_request_are_counted_and_prolong_the_patience() -> None:
    async def story() -> None:
        device = Device(lambda frame: [dialog.answer(frame) or b""])
        command = device.ask("2061", BeginTime="20260801000000", EndTime="20260801030000")
        for _ in range(4):
            await asyncio.sleep(0.2)
            device.say(upload("2061"))
        device.say(dialog.result(device.got[0]))
        assert await device.ended(command) == "done"
        assert command.frames == 4

    play(story())


def test_a_notice_is_done_when_it_is_answered() -> None:
    async def story() -> None:
        device = Device(lambda frame: [dialog.answer(frame) or b""])
        assert await device.ended(device.ask("2012")) == "done"

    play(story())


def test_an_answer_to_something_else_counts_for_nothing() -> None:
    async def story() -> None:
        device = Device()
        command = device.ask("1012")
        await asyncio.sleep(0.05)
        (other,) = decode(dialog.command("1012", "20200101000000000", "32", MN, "123456", {"SystemTime": "1"}))
        device.say(dialog.answer(other) or b"")
        assert await device.ended(command) == "unanswered"

    play(story())


def test_commands_wait_for_their_device_and_go_one_at_a_time() -> None:
    async def story() -> None:
        device = Device(accepted)
        device.is_here = False
        one, other = device.ask("1012", 1), device.ask("1011", 2)
        await asyncio.sleep(0.1)
        assert device.got == []
        device.is_here = True
        device.dialogs.linked(MN, True)
        assert await device.ended(one) == await device.ended(other) == "done"
        assert [frame.cn for frame in device.got] == ["1012", "1011"]
        assert len({frame.qn for frame in device.got}) == 2

    play(story())


def test_a_command_for_a_device_that_stays_away_is_given_up() -> None:
    async def story() -> None:
        device = Device()
        device.is_here = False
        command = device.ask("1012")
        device.dialogs.expire(NOW + dt.timedelta(minutes=59))
        assert command.ended is None
        device.dialogs.expire(NOW + dt.timedelta(minutes=61))
        assert command.state == "lost"

    play(story())


def test_only_so_many_commands_wait() -> None:
    async def story() -> None:
        device = Device()
        device.is_here = False
        commands = [device.ask("1012", number) for number in range(40)]
        assert [command.state for command in commands].count("lost") == 8

    play(story())


def test_a_command_the_edition_does_not_have_is_refused() -> None:
    async def story() -> None:
        device = Device()
        assert await device.ended(device.ask("1021")) == "refused"
        assert device.got == []

    play(story())
