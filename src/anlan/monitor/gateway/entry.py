"""A frame on its way through the gateway: what it says, who sent it, what becomes of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from anlan.monitor.hj212 import dialog
from anlan.monitor.hj212.encode import TooLongError
from anlan.monitor.hj212.frame import Frame

_REFUSED = 2
TAKEN, QUARANTINE, BAD = "taken", "quarantine", "bad"


@dataclass(slots=True, eq=False)
class Entry:
    """Frame with its moment of receipt (microseconds since 1970) and what is decided about it.

    `owner` is the connection that waits for the answer, `answer` its bytes, sent once the entry is stored. The log sets
    `id` and `sender`, and `repeat` for a frame that was there already.
    """

    frame: Frame
    received: int
    state: str
    why: str
    mn: str
    address: str
    owner: Any = None
    answer: bytes | None = None
    id: int = 0
    sender: int | None = None
    repeat: bool = False
    key: bytes = field(default=b"")


def key_of(frame: Frame) -> bytes:
    """What tells a repeat: the moment of the QN as a number, so that new keys lie side by side, and the bytes' hash."""
    qn = frame.qn or ""
    when = int(qn) if len(qn) == 17 and qn.isascii() and qn.isdigit() else 0
    return when.to_bytes(8, "big") + hashlib.blake2b(frame.raw, digest_size=12).digest()


def answer_of(frame: Frame) -> bytes | None:
    """Bytes that a frame wants as an answer, None if it wants none.

    A device that asks the host to do something is refused (QnRtn 2): its frame is stored, but nobody will do it. A
    frame with a value that cannot be is answered too: an answer promises that the frame is stored, and it is. Without
    one its sender would send it for ever, for it will never say anything else.
    """
    if not frame.answer_wanted or (frame.fault is not None and frame.fault.code != "format"):
        return None
    try:
        return dialog.answer(frame, _REFUSED, put_aside=True)
    except TooLongError:
        # A head of thousands of characters, which would have to be repeated.
        return None
