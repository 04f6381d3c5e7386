"""Frames for tests of the gateway, worked out by the encoder."""

from __future__ import annotations

import itertools
import time

from anlan.monitor.gateway.entry import Entry, answer_of, key_of
from anlan.monitor.gateway.known import Known, Register
from anlan.monitor.hj212.decode import decode
from anlan.monitor.hj212.encode import Message

MN = "AB00000000000000000000F1"
_seconds = itertools.count(1)


def upload(
    cn: str = "2011",
    data_time: str = "20260801080000",
    value: str = "23.5",
    mn: str = MN,
    qn: str | None = "",
    pw: str = "123456",
    item: str = "",
    flag: str = "N",
) -> bytes:
    """Frame with one value of COD; each has a QN of its own unless one is given."""
    if qn == "":
        number = next(_seconds)
        qn = f"20260801{number // 3600 % 24:02d}{number // 60 % 60:02d}{number % 60:02d}{number // 86400 % 1000:03d}"
    item = item or ("Rtd" if cn == "2011" else "Avg")
    message = Message(
        "32",
        cn,
        mn,
        pw,
        qn=qn,
        flag=5,
        fields={"DataTime": data_time},
        values={"w01018": {item: value, "Flag": flag}},
    )
    return message.encoded()


def entries(
    *data: bytes, known: bool = True, received: int = 0, password: str = "", state: str = "in_service"
) -> list[Entry]:
    """Entries of these bytes as the server makes them, of a device that is known or not."""
    register = Register()
    if known:
        register.devices = {MN: Known(password, state, 0)}
    made = []
    for frame in decode(b"".join(data)):
        judged, why, mn = register.judge(frame, "")
        entry = Entry(frame, received or time.time_ns() // 1000, judged, why, mn, "127.0.0.1:1", key=key_of(frame))
        entry.answer = answer_of(frame)
        made.append(entry)
    return made
