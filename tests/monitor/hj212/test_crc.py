"""The CRC of HJ 212 against the steps of the standard, and the two weaknesses that make other checks needed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitor.hj212.crc import crc, modbus_crc

ANNEX_A = b"QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&"


def by_the_book(segment: bytes) -> int:
    """HJ 212-2017, annex A: shift the register by a byte, lay the next byte over it, eight times shift and subtract."""
    register = 0xFFFF
    for byte in segment:
        register = (register >> 8) ^ byte
        for _ in range(8):
            carry = register & 1
            register >>= 1
            if carry:
                register ^= 0xA001
    return register


@pytest.mark.parametrize("segment, value", [(b"123456789", 0x2F80), (ANNEX_A, 0x1C80), (b"", 0xFFFF)])
def test_known_values(segment: bytes, value: int) -> None:
    assert crc(segment) == by_the_book(segment) == value


def test_modbus_is_another_crc() -> None:
    assert modbus_crc(b"123456789") == 0x4B37


@given(st.binary(max_size=300))
def test_folding_gives_what_the_steps_of_the_standard_give(segment: bytes) -> None:
    assert crc(segment) == by_the_book(segment)


@pytest.mark.parametrize("size", [1, 7, 8, 9, 16, 17, 64, 65, 1024, 1025, 9999, 20001])
def test_every_length_is_folded_right(size: int) -> None:
    segment = random.Random(size).randbytes(size)
    assert crc(segment) == by_the_book(segment)


def test_every_error_in_one_byte_is_seen() -> None:
    right = crc(ANNEX_A)
    for place, other in ((place, other) for place in (0, 1, 50, len(ANNEX_A) - 1) for other in range(256)):
        changed = ANNEX_A[:place] + bytes([other]) + ANNEX_A[place + 1 :]
        assert (crc(changed) == right) is (other == ANNEX_A[place])


def test_blocks_of_eight_bytes_that_change_places_are_not_seen() -> None:
    # Why length and fields are checked as well: the register comes back after eight steps.
    assert crc(b"AAAAAAAABBBBBBBB") == crc(b"BBBBBBBBAAAAAAAA") != crc(b"AAAAAAABABBBBBBB")
