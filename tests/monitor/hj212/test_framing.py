"""Frames are found in any stream, however it is split and damaged, in bounded memory and with the next frame kept."""

from __future__ import annotations

import random
from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.monitor.hj212.frames import GOOD, OTHER, names

from anlan.monitor.hj212.decode import Decoder, decode
from anlan.monitor.hj212.encode import enclose
from anlan.monitor.hj212.framing import LONGEST_FRAME

BODY = GOOD[6:-6]


def in_pieces(data: bytes, sizes: list[int]) -> list[tuple[object, ...]]:
    """Frames as values, of a stream that comes in pieces of these sizes, the last size over and over."""
    decoder, frames, place = Decoder(), [], 0
    while place < len(data):
        size = sizes.pop(0) if len(sizes) > 1 else sizes[0]
        frames += decoder.feed(data[place : place + size])
        assert decoder.held <= LONGEST_FRAME
        place += size
    return [astuple(one) for one in frames + decoder.finish()]


def test_two_frames_in_one_read_and_one_frame_over_several() -> None:
    decoder = Decoder()
    first, second = decoder.feed(GOOD + OTHER)
    assert (first.offset, second.offset) == (0, len(GOOD))
    assert decoder.feed(GOOD[:50]) == []
    assert decoder.feed(GOOD[50:-1]) == []
    (third,) = decoder.feed(GOOD[-1:])
    assert (third.offset, third.ok) == (len(GOOD) + len(OTHER), True)
    assert (decoder.frames, decoder.bad, decoder.held) == (3, 0, 0)


@pytest.mark.parametrize(
    "damaged, code, reason",
    [
        (GOOD[:-6] + b"0000\r\n", "crc", "CRC should be"),
        (GOOD[:-6] + b"XYZ!\r\n", "crc", "CRC should be"),
        (GOOD[:-6] + b"\r\n", "crc", "the CRC is missing"),
        (b"##9999" + GOOD[6:], "length", f"length says 9999, the data segment has {len(BODY)} bytes"),
        (b"##0020" + GOOD[6:], "length", f"length says 20, the data segment has {len(BODY)} bytes"),
        (b"##0000" + GOOD[6:], "length", f"length says 0, the data segment has {len(BODY)} bytes"),
        (b"##01x7" + GOOD[6:], "length", "the length is not four digits"),
        (b"##" + GOOD[6:], "length", "the length is not four digits"),
        (GOOD[:70], "length", "cut short"),
        (GOOD[:8], "length", "cut short"),
    ],
)
def test_damage_is_named_and_the_next_frame_is_kept(damaged: bytes, code: str, reason: str) -> None:
    bad, good = decode(damaged + GOOD)
    assert bad.fault is not None
    assert (bad.fault.code, bad.offset) == (code, 0)
    assert reason in bad.fault.reason().en
    assert (good.ok, good.offset) == (True, len(damaged))


def test_a_false_length_is_noticed_at_the_line_end_and_not_waited_for() -> None:
    (bad,) = Decoder().feed(b"##9999" + GOOD[6:])
    assert bad.fault is not None
    assert bad.fault.code == "length"


def test_wrong_length_and_wrong_crc_are_both_told() -> None:
    (bad,) = decode(b"##0100" + GOOD[6:-6] + b"0001\r\n")
    assert bad.fault is not None
    assert [reason.en.split()[1] for reason in bad.fault.reasons] == ["length", "CRC"]


def test_without_any_end_a_frame_is_given_up_after_the_longest_there_can_be() -> None:
    decoder = Decoder()
    (bad,) = decoder.feed(b"##9999QN=" + b"x" * 30_000)
    assert bad.fault is not None
    assert "no end" in bad.fault.reason().en
    assert decoder.held <= LONGEST_FRAME
    (good,) = decoder.feed(GOOD)
    assert (good.ok, names(good)) == (True, ["skipped_bytes"])


def test_the_longest_frame_is_taken() -> None:
    text = b"QN=20260801085857223;ST=32;CN=3020;PW=123456;MN=A1;Flag=5;CP=&&DataTime=20260801085857;i11001-Info=//"
    (one,) = decode(enclose(text + b"a" * (9999 - len(text) - 4) + b"//&&"))
    assert (one.ok, len(one.raw)) == (True, 10009)


def test_bytes_outside_frames_are_counted() -> None:
    decoder = Decoder()
    (one,) = decoder.feed(b"\x00\xffnoise#\r\n" + GOOD)
    assert (one.ok, one.offset, names(one), decoder.stray_bytes) == (True, 10, ["skipped_bytes"], 8)


def test_marks_before_the_head_of_a_frame_are_no_frame() -> None:
    (one,) = decode(b"#####" + GOOD[2:])
    assert (one.ok, one.offset) == (True, 3)


def test_text_with_a_line_end_in_it_does_not_end_the_frame() -> None:
    data = enclose(BODY[:-2] + ";i11001-Info=//第一行\r\n第二行;a=b,c//&&".encode())
    one, other = decode(data + GOOD)
    assert (one.ok, other.ok) == (True, True)
    assert one.fields["i11001-Info"] == "//第一行\r\n第二行;a=b,c//"


def test_a_frame_without_line_end_is_given_after_a_silence() -> None:
    decoder = Decoder()
    assert decoder.feed(GOOD[:-2]) == []
    (one,) = decoder.finish()
    assert (one.ok, names(one)) == (True, ["line_end"])
    one, two = decode(GOOD[:-2] + OTHER)
    assert (names(one), names(two)) == (["line_end"], [])


pieces = st.sampled_from(
    [
        GOOD,
        OTHER,
        GOOD[:-2],
        GOOD[:-1],
        GOOD[:-2] + b"\n",
        b"##9999" + GOOD[6:],
        b"##0101",
        b"##01",
        b"#",
        b"##QN=1;",
        b"&&1C80\r\n",
        b"&&AB1C80\r\n",
        b"&&\n",
        b"\r\n",
        b"CP=&&",
        b"x" * 40,
        b"##0006AAAAAA1C80\r\n",
        b"##0008A\nAA##01011\r\n",
        b"\x00\xff",
        GOOD[:100],
        GOOD[60:],
    ]
)


@given(st.lists(pieces, max_size=12), st.lists(st.integers(1, 40), min_size=1, max_size=20))
def test_the_frames_are_the_same_however_the_stream_is_split(stream: list[bytes], sizes: list[int]) -> None:
    data = b"".join(stream)
    assert in_pieces(data, sizes) == in_pieces(data, [len(data) or 1])


@pytest.mark.parametrize("tail", [b"&&ZZZZ\r\n", b"&&1C80\r\n", b"AA1C80\r\n", b"##0101QN=", b"x" * 40])
def test_the_longest_frame_ends_the_same_however_it_is_split(tail: bytes) -> None:
    for missing in range(8):
        data = b"##9999QN=" + b"x" * (9999 - 5 - missing) + tail + GOOD
        assert in_pieces(data, [9990, 1]) == in_pieces(data, [len(data)]) == in_pieces(data, [700])


@given(st.binary(max_size=2000))
def test_any_bytes_decode_without_an_exception(data: bytes) -> None:
    for one in decode(data):
        assert one.raw == data[one.offset : one.offset + len(one.raw)]


@given(st.text(st.sampled_from("##0123&&=;,-QNSTCPFlagRtdw01018NaN\r\n/é中"), max_size=400))
def test_any_text_of_the_protocol_s_own_marks_decodes(text: str) -> None:
    segment = text.encode()
    decode(segment)
    decode(enclose(segment) + GOOD)
    decode(enclose(BODY[: BODY.index(b"&&") + 2] + segment + b"&&"))


def test_mutations_of_good_frames_lose_at_most_their_neighbours() -> None:
    # 3,000 streams of five frames with one mutation in the third: the first and the last are always whole.
    rng = random.Random(212)
    seen: set[str] = set()
    for _ in range(3000):
        place = rng.randrange(len(GOOD))
        kind = rng.randrange(4)
        cut = rng.randrange(1, 20)
        mutated = {
            0: GOOD[:place] + bytes([rng.randrange(256)]) + GOOD[place + 1 :],
            1: GOOD[:place] + GOOD[place + cut :],
            2: GOOD[:place] + rng.randbytes(cut) + GOOD[place:],
            3: GOOD[:place] + GOOD[:cut] + GOOD[place:],
        }[kind]
        frames = decode(GOOD + GOOD + mutated + OTHER + OTHER)
        good = [one.qn for one in frames if one.ok]
        assert good[:1] == ["20260801085857223"]
        assert good[-1:] == ["20260801085857224"]
        seen.update(one.fault.code for one in frames if one.fault)
    assert seen >= {"crc", "length"}
