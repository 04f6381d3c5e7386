"""The CRC of HJ 212 (2017, annex A): like MODBUS, but each byte is laid over the high byte of the register.

The low byte of the register is thrown away at every step, so only 8 of the 16 bits go from byte to byte: one
random error in 256 stays unseen, and the same step done eight times changes nothing, so that two blocks of
eight bytes that change places are never seen. Length and fields have to be checked as well.
"""

from __future__ import annotations

import functools
import struct
from array import array

_POLYNOMIAL = 0xA001


def _shifted(register: int) -> int:
    for _ in range(8):
        register = (register >> 1) ^ (_POLYNOMIAL if register & 1 else 0)
    return register


_TABLE = tuple(_shifted(byte) for byte in range(256))


@functools.cache
def _folds(blocks_bits: int) -> tuple[tuple[int, int], ...]:
    """Widths in bits, with their masks, at which 2**blocks_bits blocks of eight bytes fold down to one."""
    return tuple((64 << power, (1 << (64 << power)) - 1) for power in reversed(range(blocks_bits)))


def crc(segment: bytes) -> int:
    """CRC of a data segment, 0 to 65535. Worked check: 123456789 gives 2F80; the example of annex A gives 1C80.

    Eight steps bring the register back to where it was, so bytes that stand a multiple of eight apart add up by
    exclusive or: the segment is folded down to eight bytes as one big number, and only these go through the table.
    """
    if not segment:
        return 0xFFFF
    last = len(segment) - 1
    # The register begins with FF in its high byte, which is the same as FF laid over the first byte.
    word = int.from_bytes(segment, "big") ^ (0xFF << 8 * last)
    for width, mask in _folds((last >> 3).bit_length()):
        word = (word >> width) ^ (word & mask)
    register = 0
    for byte in word.to_bytes(8, "big"):
        register = _TABLE[(register >> 8) ^ byte]
    return register


@functools.cache
def _two_bytes() -> array[int]:
    """What two steps of MODBUS make of a register into which two bytes were laid."""
    once = [(register >> 8) ^ _TABLE[register & 0xFF] for register in range(1 << 16)]
    return array("H", (once[register] for register in once))


def may_be_modbus(segment: bytes, checksum: bytes) -> bool:
    """Whether a checksum may be the CRC16/MODBUS of a segment: a quick look that half of all others do not pass.

    The polynomial has the factor x + 1, so that segment and CRC together have an even number of ones.
    """
    try:
        sent = int(checksum, 16)
    except ValueError:
        return False
    return (int.from_bytes(segment, "big").bit_count() + sent.bit_count()) % 2 == 0


def modbus_crc(segment: bytes) -> int:
    """CRC16/MODBUS, which some senders compute by mistake. Worked check: 123456789 gives 4B37."""
    register, table = 0xFFFF, _two_bytes()
    even = len(segment) & ~1
    for (word,) in struct.iter_unpack("<H", segment[:even]):
        register = table[register ^ word]
    for byte in segment[even:]:
        register = (register >> 8) ^ _TABLE[(register ^ byte) & 0xFF]
    return register
