"""Messages in parts, and messages sent twice: what several frames say together, in bounded memory."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from enum import Enum

from anlan.monitor.hj212.frame import Frame, Values


@dataclass(frozen=True, slots=True)
class Key:
    """What the parts of one message have in common."""

    mn: str
    st: str
    cn: str
    data_time: str
    pnum: int


def key_of(frame: Frame) -> Key:
    """Message that a part belongs to."""
    return Key(frame.mn or "", frame.st or "", frame.cn or "", frame.fields.get("DataTime", ""), frame.pnum or 1)


@dataclass(slots=True)
class Message:
    """Message of which some parts are there; `parts` by PNO, the last one sent of each."""

    key: Key
    parts: dict[int, Frame] = field(default_factory=dict)

    @property
    def missing(self) -> int:
        """Number of parts that have not come."""
        return self.key.pnum - len(self.parts)

    def numbers_missing(self) -> list[int]:
        """PNO of each part that has not come."""
        return [number for number in range(1, self.key.pnum + 1) if number not in self.parts]

    def merged(self) -> Frame:
        """One frame with the items of all parts there, in order of PNO; the head is that of the first part."""
        ordered = [self.parts[number] for number in sorted(self.parts)]
        fields: dict[str, str] = {}
        values: Values = {}
        for part in ordered:
            fields |= part.fields
            for code, items in part.values.items():
                values[code] = values.get(code, {}) | items
        oddities = dict.fromkeys(oddity for part in ordered for oddity in part.oddities)
        raw = b"\r\n".join(part.raw for part in ordered)
        return replace(ordered[0], raw=raw, fields=fields, values=values, oddities=tuple(oddities), pnum=None, pno=None)


class Parts:
    """Merges parts in whatever order they come; the same PNO again replaces the earlier one.

    Holds at most `messages` unfinished messages and `bytes_held` of their frames; beyond that the one that has
    waited longest is given up, and `given_up` keeps it until it is asked for (at most as many as `messages`).
    """

    def __init__(self, messages: int = 64, bytes_held: int = 4_000_000) -> None:
        self._most = messages
        self._most_bytes = bytes_held
        self._bytes = 0
        self._waiting: OrderedDict[Key, Message] = OrderedDict()
        self._given_up: list[Message] = []

    def add(self, frame: Frame) -> Frame | None:
        """Whole message that this frame completes: the frame itself where it is no part, None while parts are missing.

        A damaged frame completes nothing.
        """
        if not frame.ok:
            return None
        if frame.pnum is None or frame.pno is None or frame.pnum == 1:
            return frame
        key = key_of(frame)
        message = self._waiting.setdefault(key, Message(key))
        self._waiting.move_to_end(key)
        before = message.parts.get(frame.pno)
        self._bytes += len(frame.raw) - (len(before.raw) if before else 0)
        message.parts[frame.pno] = frame
        if not message.missing:
            self._drop(key)
            return message.merged()
        while self._waiting and (len(self._waiting) > self._most or self._bytes > self._most_bytes):
            self._given_up.append(self._drop(next(iter(self._waiting))))
            del self._given_up[: -self._most]
        return None

    def waiting(self) -> list[Message]:
        """Unfinished messages, the one that has waited longest first."""
        return list(self._waiting.values())

    def given_up(self) -> list[Message]:
        """Messages that were given up since this was asked last."""
        gone, self._given_up = self._given_up, []
        return gone

    def _drop(self, key: Key) -> Message:
        message = self._waiting.pop(key)
        self._bytes -= sum(len(part.raw) for part in message.parts.values())
        return message


class Sending(Enum):
    """Whether a frame was sent before."""

    NEW = "new"
    AGAIN = "again"  # the same bytes: a resend
    CONFLICT = "conflict"  # the same QN with other content


class Repeats:
    """Tells resends from new frames by MN, CN, QN and PNO, among the last `remembered` frames."""

    def __init__(self, remembered: int = 4096) -> None:
        self._most = remembered
        self._seen: OrderedDict[tuple[str | None, ...], int] = OrderedDict()

    def add(self, frame: Frame) -> Sending:
        """Whether this frame was seen before. One without QN is taken by its content: the same bytes are a resend."""
        content = hash(frame.raw)
        qn = frame.qn if frame.qn is not None else str(content)
        key = (frame.mn, frame.cn, qn, None if frame.pno is None else str(frame.pno))
        before = self._seen.get(key)
        self._seen[key] = content if before is None else before
        self._seen.move_to_end(key)
        if len(self._seen) > self._most:
            self._seen.popitem(last=False)
        if before is None:
            return Sending.NEW
        return Sending.AGAIN if before == content else Sending.CONFLICT
