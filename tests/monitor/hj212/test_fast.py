"""The fast lane gives what the long way gives, whatever the bytes: the same frames, faults, oddities and rests."""

from __future__ import annotations

import random
from dataclasses import astuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.monitor.hj212.frames import HEAD

from anlan.monitor.hj212 import fast
from anlan.monitor.hj212.decode import Decoder
from anlan.monitor.hj212.encode import enclose
from anlan.monitor.hj212.field.loggers import Field
from anlan.monitor.hj212.frame import Frame

# Heads and items of several kinds; each becomes known by being seen often enough.
HEADS = (
    HEAD,
    HEAD[21:],
    HEAD.replace("2011", "2061"),
    HEAD.replace("Flag=5", "Flag=9"),
    HEAD.replace("Flag=5", "Flag=7;PNUM=2;PNO=1"),
    "ST=91;CN=9014;PW=1;MN=1;Flag=4;",
)
ITEMS = (
    "DataTime=20260801080000;w01018-Rtd=28.4,w01018-Flag=N;w21003-Rtd=1.62,w21003-Flag=D",
    "DataTime=20260801080000;w01018-Min=1,w01018-Avg=2.5,w01018-Max=3,w01018-Flag=N;SB1-RS=1",
    "DataTime=20260801080000;011-Rtd=3;011-Flag=N;w01018-SampleTime=20260801075900",
    "DataTime=20260801080000,w00000-Avg=66.09,w00000-Avg=19.00;i11001-Info=x",
    "QN=20260801080000000;QnRtn=1",
)
# What may stand in the place of a piece of a frame.
BITS = (
    "",
    "0",
    "-",
    "NaN",
    "1e309",
    "-99",
    "//",
    ";",
    ",",
    "=",
    "&&",
    "##",
    "\n",
    "\r",
    "\r\n",
    "n",
    "９",
    "é",
    "13",
    "24",
)


def long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast, "plain", lambda raw, offset: None)


def told(data: bytes, size: int = 1 << 16) -> tuple[list[tuple[object, ...]], int, int, int]:
    decoder = Decoder()
    frames: list[Frame] = []
    for place in range(0, len(data), size):
        frames += decoder.feed(data[place : place + size])
    frames += decoder.finish()
    return [astuple(frame) for frame in frames], decoder.frames, decoder.bad, decoder.stray_bytes


def both(data: bytes, size: int = 1 << 16) -> None:
    """Fails where the two ways differ."""
    quick = told(data, size)
    with pytest.MonkeyPatch.context() as patch:
        long_way(patch)
        slow = told(data, size)
    assert quick == slow


FRAMES = [enclose(f"{head}CP=&&{items}&&".encode()) for head in HEADS for items in ITEMS]


@pytest.fixture(scope="module", autouse=True)
def _known() -> None:
    """All kinds of frames were seen so often that they are known."""
    for one in FRAMES:
        Decoder().feed(one * 40)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[Frame]:
    """Frames that took the fast lane."""
    found: list[Frame] = []
    own = fast.plain

    def counted(raw: bytes, offset: int) -> Frame | None:
        frame = own(raw, offset)
        if frame is not None:
            found.append(frame)
        return frame

    monkeypatch.setattr(fast, "plain", counted)
    return found


def test_nearly_all_frames_of_a_field_take_the_fast_lane(quick: list[Frame]) -> None:
    sent = list(Field(14, 7.0, seed=5).sendings(600))
    data = b"".join(one.data for one in sent)
    told(data)
    quick.clear()
    frames, *_ = told(data)
    assert len(quick) > 0.95 * len(frames)


@pytest.mark.parametrize("bad", [0.0, 0.2, 1.0])
@pytest.mark.parametrize("size", [100, 1 << 16])
def test_a_field_decodes_the_same_either_way(bad: float, size: int) -> None:
    data = b"".join(one.data for one in Field(14, 7.0, seed=8, bad=bad).sendings(300))
    both(data, size)
    # Once more, now that its kinds are known.
    both(data, size)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.integers(7, 4000))
def test_what_is_made_of_known_frames_decodes_the_same_either_way(seed: int, size: int) -> None:
    rng = random.Random(seed)
    stream = []
    for _ in range(12):
        frame = rng.choice(FRAMES)
        kind = rng.randrange(4)
        if kind == 1:
            # Another piece in its segment, well enclosed.
            segment = frame[6:-6].decode()
            place, cut = rng.randrange(len(segment)), rng.randrange(4)
            frame = enclose((segment[:place] + rng.choice(BITS) + segment[place + cut :]).encode())
        elif kind == 2:
            # Another byte anywhere.
            place = rng.randrange(len(frame))
            frame = frame[:place] + rng.choice(BITS).encode() + frame[place + rng.randrange(3) :]
        elif kind == 3:
            # Other digits in a value or a time.
            place = rng.randrange(8, len(frame) - 6)
            if chr(frame[place]).isdigit():
                frame = enclose(frame[6:place] + b"%d" % rng.randrange(10) + frame[place + 1 : -6])
        stream.append(frame)
    both(b"".join(stream), size)


def test_the_same_head_with_and_without_a_qn_is_kept_apart() -> None:
    data = "DataTime=20260801080000;w01018-Rtd=28.4,w01018-Flag=N"
    without, with_qn = (enclose(f"{head}CP=&&{data}&&".encode()) for head in (HEAD[21:], HEAD))
    both(without * 40 + with_qn * 40 + without)
    assert "no_qn" in [oddity.code for oddity in Decoder().feed(without)[0].oddities]


def test_what_is_remembered_is_bounded() -> None:
    for number in range(fast._MOST_KINDS + 50):
        Decoder().feed(enclose(f"{HEAD.replace('5A5A', f'{number:04X}')}CP=&&{ITEMS[0]}&&".encode()))
    assert len(fast._kinds) <= fast._MOST_KINDS
    for number in range(fast._MOST_KINDS + 50):
        Decoder().feed(enclose(f"{HEAD}CP=&&SB{number}-RS=1&&".encode()))
    assert len(fast._seen) <= fast._MOST_KINDS
