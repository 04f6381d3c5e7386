"""What bad senders and bad lines do to a frame, each with what a receiver should make of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from anlan.monitor.hj212.crc import modbus_crc
from anlan.monitor.hj212.encode import enclose


@dataclass(frozen=True, slots=True)
class Damage:
    """Way to spoil the bytes of a good frame. `fault` is the code it should get, "" where it should be taken."""

    name: str
    fault: str
    spoil: Callable[[bytes, random.Random], bytes]


def _segment(frame: bytes) -> bytes:
    return frame[6:-6]


def _wrong_crc(frame: bytes, rng: random.Random) -> bytes:
    return b"%b%04X\r\n" % (frame[:-6], int(frame[-6:-2], 16) ^ rng.randrange(1, 0x10000))


def _modbus_crc(frame: bytes, rng: random.Random) -> bytes:
    return b"%b%04X\r\n" % (frame[:-6], modbus_crc(_segment(frame)))


def _flipped_byte(frame: bytes, rng: random.Random) -> bytes:
    # A change of the lowest bit stays within the digits; the CRC sees every change of a single byte.
    digits = [place for place in range(12, len(frame) - 6) if chr(frame[place]).isdigit()]
    place = rng.choice(digits)
    return frame[:place] + bytes([frame[place] ^ 1]) + frame[place + 1 :]


def _false_length(frame: bytes, rng: random.Random) -> bytes:
    return b"##9999" + frame[6:]


def _cut(frame: bytes, rng: random.Random) -> bytes:
    return frame[: rng.randrange(20, len(frame) - 8)]


def _noise_before(frame: bytes, rng: random.Random) -> bytes:
    return bytes(rng.choice(b"\x00\xff~UU") for _ in range(rng.randrange(1, 20))) + frame


def _line_feed_only(frame: bytes, rng: random.Random) -> bytes:
    return frame[:-2] + b"\n"


def _lower_crc(frame: bytes, rng: random.Random) -> bytes:
    return frame[:-6] + frame[-6:].lower()


def _empty_password(frame: bytes, rng: random.Random) -> bytes:
    return enclose(_segment(frame).replace(b";PW=123456;", b";PW=;"))


def _gbk_text(frame: bytes, rng: random.Random) -> bytes:
    return enclose(_segment(frame)[:-2] + ";i11001-Info=//更换试剂//".encode("gbk") + b"&&")


def _month_13(frame: bytes, rng: random.Random) -> bytes:
    segment = _segment(frame)
    place = segment.index(b"DataTime=") + 13
    return enclose(segment[:place] + b"13" + segment[place + 2 :])


def _added(item: bytes) -> Callable[[bytes, random.Random], bytes]:
    return lambda frame, _: enclose(_segment(frame)[:-2] + b";" + item + b"&&")


DAMAGES = (
    Damage("wrong_crc", "crc", _wrong_crc),
    Damage("modbus_crc", "crc", _modbus_crc),
    Damage("flipped_byte", "crc", _flipped_byte),
    Damage("false_length", "length", _false_length),
    Damage("cut", "length", _cut),
    Damage("noise_before", "", _noise_before),
    Damage("line_feed_only", "", _line_feed_only),
    Damage("lower_crc", "", _lower_crc),
    Damage("empty_password", "", _empty_password),
    Damage("gbk_text", "", _gbk_text),
    Damage("month_13", "format", _month_13),
    Damage("not_a_number", "format", _added(b"w02003-Rtd=NaN,w02003-Flag=N")),
    Damage("infinite", "format", _added(b"w02003-Rtd=1e309,w02003-Flag=N")),
    Damage("placeholder", "", _added(b"w02003-Rtd=-99.0,w02003-Flag=D")),
    Damage("item_split", "", _added(b"w02003-Rtd=9;w02003-Flag=N")),
)
