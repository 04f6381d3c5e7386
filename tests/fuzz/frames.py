"""Fuzz run of HJ 212: whatever bytes come, in whatever pieces, there is no exception, no endless wait and no growth.

    python -m tests.fuzz.frames --seconds 60 [--seed N] [--case K]

A case is a stream of a simulated field, cut, spliced, flipped and mixed with what breaks parsers. It is decoded twice, whole
and in random pieces: the frames must be the same, no more than one frame may be held, and everything that is done with a
frame (answer, JSON, merging of parts, rows of readings) must work. The same seed gives the same cases. Status 1 on failure.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from random import Random

from anlan.monitor.gateway.known import Register
from anlan.monitor.hj212 import dialog, output
from anlan.monitor.hj212.decode import Decoder
from anlan.monitor.hj212.encode import enclose
from anlan.monitor.hj212.field.loggers import Field
from anlan.monitor.hj212.frame import Frame
from anlan.monitor.hj212.framing import LONGEST_FRAME
from anlan.monitor.hj212.parts import Parts, Repeats
from anlan.monitor.lake import rows

# Pieces that have broken parsers, here or elsewhere.
_POISON = (
    b"##",
    b"##9999",
    b"##0000",
    b"####0101",
    b"&&",
    b"CP=&&",
    b"&&\r\n",
    b"&&FFFF\r\n",
    b"\x00",
    b"\xff\xfe",
    b"//;//",
    b"PNUM=9999;PNO=9999;",
    b"Flag=255;",
    b"Flag=-1;",
    b"QN=99999999999999999;",
    b"DataTime=20261332256199;",
    b"w01018-Rtd=1e309,",
    b"w01018-Rtd=NaN,",
    b"w01018-Rtd=" + b"9" * 400 + b",",
    b"MN=" + b"A" * 300 + b";",
    "更换试剂".encode("gbk"),
    "江".encode()[:2],
    b"=;,=;,",
)
# CPU seconds of one case; an ordinary one takes a few milliseconds.
_HANG_S = 5.0


def case(seed: int, number: int) -> bytes:
    """Bytes of a case, by seed and number alone."""
    rng = Random(f"{seed}/{number}")
    field = Field(rng.randrange(1, 8), 5.0, seed=rng.randrange(10_000), bad=rng.choice((0.0, 0.3, 1.0)))
    data = bytearray(b"".join(one.data for one in field.sendings(rng.uniform(0.5, 5))))
    for _ in range(rng.randrange(0, 12)):
        if not data:
            break
        place = rng.randrange(len(data))
        match rng.randrange(6):
            case 0:
                data[place] ^= 1 << rng.randrange(8)
            case 1:
                del data[place : place + rng.randrange(1, 200)]
            case 2:
                data[place:place] = rng.choice(_POISON)
            case 3:
                other = rng.randrange(len(data))
                data[place:place] = data[other : other + rng.randrange(1, 300)]
            case 4:
                data[place:place] = rng.randbytes(rng.randrange(1, 60))
            case _:
                # A frame whose length and checksum are right, whatever stands in it.
                inside = bytes(data[place : place + rng.randrange(1, 400)])
                data[place:place] = enclose(inside + rng.choice(_POISON))
    return bytes(data)


def _decoded(data: bytes, rng: Random | None) -> list[Frame]:
    decoder = Decoder()
    found: list[Frame] = []
    place = 0
    while place < len(data):
        size = rng.choice((1, 2, 3, 7, 40, 350, 5000)) if rng else len(data)
        found += decoder.feed(data[place : place + size])
        place += size
        # One frame, its line end, and what has not been looked at of the last piece.
        assert decoder.held <= LONGEST_FRAME + 2, f"{decoder.held} bytes are held"
        _ = decoder.is_whole
    return found + decoder.finish()


def _same(one: Frame, other: Frame) -> bool:
    names = ("offset", "raw", "qn", "st", "cn", "mn", "flag", "pnum", "pno", "fields", "values", "fault", "oddities")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def check(seed: int, number: int) -> None:
    """Raises AssertionError, or whatever else goes wrong."""
    data = case(seed, number)
    before = time.process_time()
    whole = _decoded(data, None)
    pieces = _decoded(data, Random(f"pieces {seed}/{number}"))
    assert len(whole) == len(pieces), f"{len(whole)} frames whole, {len(pieces)} in pieces"
    assert all(_same(*both) for both in zip(whole, pieces, strict=True)), "other frames in pieces"
    parts, repeats, register = Parts(), Repeats(), Register()
    last = -1
    for frame in whole:
        assert frame.offset > last, "frames overlap"
        last = frame.offset
        json.dumps(output.to_dict(frame) | output.more(frame))
        answer = dialog.answer(frame)
        assert answer is None or frame.ok
        if answer is not None:
            (echoed,) = Decoder().feed(answer)
            assert echoed.ok, f"an answer that is none: {answer!r}"
            assert dialog.answered_qn(echoed) == frame.qn
        state, _why, mn = register.judge(frame, "")
        assert state != "taken"
        assert len(mn) <= 40
        parts.add(frame)
        repeats.add(frame)
        if frame.ok:
            for row in rows.of(frame, 1, 1):
                assert row[4] is None or abs(row[4]) < 10**18, row
    taken = time.process_time() - before
    assert taken < _HANG_S, f"{taken:.1f} s of CPU"


def main(arguments: list[str] | None = None) -> int:
    """Runs until time is up or a case fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--case", type=int, help="run only the case of this number")
    asked = parser.parse_args(arguments)
    started = time.monotonic()
    number = asked.case or 0
    while asked.case is not None or time.monotonic() - started < asked.seconds:
        try:
            check(asked.seed, number)
        except Exception:  # noqa: BLE001 (whatever it is, it is the finding)
            traceback.print_exc()
            print(f"FAILED seed {asked.seed} case {number}: {case(asked.seed, number)!r}")
            return 1
        number += 1
        if asked.case is not None:
            break
    print(f"fuzz of frames: seed {asked.seed}, {number} cases, {time.monotonic() - started:.0f} s, no fault")
    return 0


if __name__ == "__main__":
    sys.exit(main())
