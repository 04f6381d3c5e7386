"""Commands to devices: sent, sent again while nobody answers, followed to their result.

A request is answered with 9011 (accepted or refused) and, when done, 9012; a notice with 9013. Times are those of the
standard: 10 seconds for the answer, three resends with the same QN; a result has to come within a minute of the last
data that the device sent for it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from anlan.monitor.gateway.entry import Entry
from anlan.monitor.hj212 import dialog, tables, times
from anlan.monitor.hj212.dialog import UnknownCommandError

# A command that was asked for while the device was away is given up after this.
_WAITS_S = 3600.0
_RESULT_S = 60.0
_MOST_WAITING = 32
_ANSWERS = (dialog.REQUEST_ANSWER, dialog.RESULT, dialog.NOTICE_ANSWER, dialog.DATA_ANSWER)


@dataclass(slots=True)
class Command:
    """Command under way, as it is noted in the store after every step. Moments in microseconds."""

    id: int
    mn: str
    cn: str
    fields: Mapping[str, str]
    by: str
    order: int | None
    created: int
    qn: str = ""
    state: str = "waiting"
    tries: int = 0
    qn_rtn: int | None = None
    exe_rtn: int | None = None
    frames: int = 0
    sent: int | None = None
    ended: int | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class Target:
    """How to speak to a device: its system, password and edition, and how to send it bytes."""

    st: str
    password: str
    version: int
    send: Callable[[bytes], bool]


@dataclass(frozen=True, slots=True)
class Patience:
    """Times in seconds and resends."""

    answer_s: float = float(tables.limits()["timeout_s"])
    resends: int = int(tables.limits()["resends"])
    result_s: float = _RESULT_S


class Dialogs:
    """Commands of all devices: one at a time for each. `target` finds a device, `note` keeps a step."""

    def __init__(
        self,
        target: Callable[[str], Target | None],
        note: Callable[[Command], None],
        clock: Callable[[], dt.datetime],
        patience: Patience | None = None,
    ) -> None:
        self._target = target
        self._note = note
        self._clock = clock
        self._patience = patience or Patience()
        self._waiting: dict[str, deque[Command]] = {}
        self._running: dict[str, tuple[Command, asyncio.Task[None]]] = {}
        self._last_qn = 0

    def ask(self, command: Command) -> bool:
        """Takes up a command; False if too many wait for this device already."""
        queue = self._waiting.setdefault(command.mn, deque())
        if len(queue) >= _MOST_WAITING:
            self._end(command, "lost")
            return False
        queue.append(command)
        self._note(command)
        self._next(command.mn)
        return True

    def is_busy(self, mn: str) -> bool:
        """Whether a command for this device waits or runs."""
        return mn in self._running or bool(self._waiting.get(mn))

    def linked(self, mn: str, connected: bool) -> None:
        """A device came or went."""
        if connected:
            self._next(mn)

    def heard(self, entry: Entry) -> None:
        """Takes up a frame of a device: an answer to its command, or data sent for it."""
        running = self._running.get(entry.mn)
        frame = entry.frame
        if running is None or frame.fault is not None:
            return
        command, _ = running
        if frame.cn == command.cn and dialog.kind(frame) == "upload":
            command.frames += 1
            command.changed.set()
        elif frame.cn in _ANSWERS and dialog.answered_qn(frame) == command.qn:
            if frame.cn == dialog.REQUEST_ANSWER:
                command.qn_rtn = _number(frame.fields.get("QnRtn"))
            elif frame.cn == dialog.RESULT:
                command.exe_rtn = _number(frame.fields.get("ExeRtn"))
            else:
                command.qn_rtn = 1
            command.changed.set()

    def expire(self, now: dt.datetime) -> None:
        """Gives up commands whose device stays away."""
        limit = _microseconds(now) - int(_WAITS_S * 1e6)
        for queue in self._waiting.values():
            while queue and queue[0].created < limit:
                self._end(queue.popleft(), "lost")

    def _next(self, mn: str) -> None:
        queue = self._waiting.get(mn)
        if mn in self._running or not queue or self._target(mn) is None:
            return
        command = queue.popleft()
        task = asyncio.get_running_loop().create_task(self._carry_out(command))
        self._running[mn] = (command, task)

    async def _carry_out(self, command: Command) -> None:
        try:
            self._end(command, await self._outcome(command))
        finally:
            self._running.pop(command.mn, None)
            self._next(command.mn)

    async def _outcome(self, command: Command) -> str:
        target = self._target(command.mn)
        if target is None:
            return "lost"
        command.qn = self._qn()
        fields = dict(command.fields)
        if command.cn == "1012" and "SystemTime" not in fields:
            fields["SystemTime"] = times.digits(self._clock())
            command.fields = fields
        try:
            data = dialog.command(
                command.cn, command.qn, target.st, command.mn, target.password, fields, target.version
            )
        except UnknownCommandError:
            return "refused"
        is_notice = any(one.kind == "notice" for one in tables.commands().get(command.cn, ()))
        for _ in range(1 + self._patience.resends):
            if not target.send(data):
                return "lost"
            command.tries += 1
            command.sent = command.sent or _microseconds(self._clock())
            command.state = "sent"
            self._note(command)
            if await self._until(command, lambda: command.qn_rtn is not None or command.exe_rtn is not None):
                break
        else:
            return "unanswered"
        if command.exe_rtn is None:
            if command.qn_rtn != 1:
                return "refused"
            if is_notice:
                return "done"
            command.state = "accepted"
            self._note(command)
            if not await self._until(command, lambda: command.exe_rtn is not None, self._patience.result_s):
                return "no_result"
        return "done" if command.exe_rtn == 1 else "failed"

    async def _until(self, command: Command, happened: Callable[[], bool], seconds: float | None = None) -> bool:
        """Waits until something is true, as long as the device goes on saying what belongs to the command."""
        while not happened():
            command.changed.clear()
            try:
                await asyncio.wait_for(command.changed.wait(), seconds or self._patience.answer_s)
            except TimeoutError:
                return happened()
        return True

    def _end(self, command: Command, state: str) -> None:
        command.state = state
        command.ended = _microseconds(self._clock())
        self._note(command)

    def _qn(self) -> str:
        """QN of this moment, later than every one before."""
        self._last_qn = max(int(times.digits(self._clock(), milliseconds=True)), self._last_qn + 1)
        text = str(self._last_qn)
        # A thousand commands in one second would run into a second that is none.
        return text if times.is_moment(text) else times.digits(self._clock(), milliseconds=True)


def _microseconds(when: dt.datetime) -> int:
    return int(when.timestamp() * 1_000_000)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 4 else 100
