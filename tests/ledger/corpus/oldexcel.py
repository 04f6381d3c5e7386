"""Writes the old .xls (BIFF8 in a compound file), as much of it as a clerk's table needs: texts, numbers, dates, areas."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Mapping, Sequence
from typing import Any

_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
# Cell formats: plain, a day, a month.
_FORMATS = ((164, "yyyy-mm-dd"), (165, 'yyyy"年"m"月"'))
MONTHLY = "month"


def _record(code: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", code, len(data)) + data


def _text(text: str, size: str) -> bytes:
    return struct.pack(size, len(text)) + b"\x01" + text.encode("utf-16-le")


def _globals(names: Sequence[str], offsets: Sequence[int], since_1904: bool) -> bytes:
    out = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    out += _record(0x0042, struct.pack("<H", 1200)) + _record(0x0022, struct.pack("<H", since_1904))
    font = struct.pack("<HHHHHBBBx", 200, 0, 0x7FFF, 400, 0, 0, 0, 0) + _text("Arial", "<B")
    out += _record(0x0031, font) * 4
    for key, code in _FORMATS:
        out += _record(0x041E, struct.pack("<H", key) + _text(code, "<H"))
    for number in range(17):
        key = {15: 164, 16: 165}.get(number, 0)
        out += _record(0x00E0, struct.pack("<HHHBBBBIIH", 0, key, 1, 0x20, 0, 0, 0, 0, 0, 0x20C0))
    for name, offset in zip(names, offsets, strict=True):
        out += _record(0x0085, struct.pack("<IBB", offset, 0, 0) + _text(name, "<B"))
    return out + _record(0x000A)


def _sheet(cells: Mapping[tuple[int, int], Any], areas: Sequence[tuple[int, int, int, int]], since_1904: bool) -> bytes:
    out = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    rows = max((row for row, _ in cells), default=0)
    columns = 1 + max((column for _, column in cells), default=0)
    out += _record(0x0200, struct.pack("<IIHHH", 0, rows, 0, columns, 0))
    zero = dt.date(1904, 1, 1) if since_1904 else dt.date(1899, 12, 30)
    for (row, column), value in sorted(cells.items()):
        style = 0
        if isinstance(value, tuple):
            value, style = value[0], 16
        if isinstance(value, dt.date):
            value, style = (value - zero).days, style or 15
        where = struct.pack("<HHH", row - 1, column, style)
        if isinstance(value, str):
            out += _record(0x0204, where + _text(value, "<H"))
        else:
            out += _record(0x0203, where + struct.pack("<d", value))
    if areas:
        body = b"".join(struct.pack("<HHHH", top - 1, bottom - 1, left, right) for top, left, bottom, right in areas)
        out += _record(0x00E5, struct.pack("<H", len(areas)) + body)
    return out + _record(0x000A)


def _compound(stream: bytes) -> bytes:
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    sectors = len(stream) // _SECTOR
    # Sector 0 is the allocation table, 1 the directory, the stream follows.
    table = [_FAT, _END, *(number + 3 for number in range(sectors - 1)), _END]
    table += [_FREE] * (128 - len(table))
    assert len(table) == 128

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = (name + "\0").encode("utf-16-le") if name else b""
        return (
            raw.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(raw), kind, 1, _FREE, _FREE, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    directory = entry("Root Entry", 5, 1, _END, 0) + entry("Workbook", 2, _FREE, 2, len(stream))
    directory += (entry("", 0, _FREE, 0, 0)) * 2
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    return head + struct.pack("<128I", *table) + directory + stream


def workbook(
    sheets: Mapping[str, tuple[Mapping[tuple[int, int], Any], Sequence[tuple[int, int, int, int]]]],
    since_1904: bool = False,
) -> bytes:
    """File of sheets: cells by row (from 1) and column (from 0), and merged areas (top, left, bottom, right).

    A day is written as a date; `(day, MONTHLY)` as one that shows its month only. Up to about 60 kB.
    """
    bodies = [_sheet(cells, areas, since_1904) for cells, areas in sheets.values()]
    start = len(_globals(list(sheets), [0] * len(sheets), since_1904))
    offsets = []
    for body in bodies:
        offsets.append(start)
        start += len(body)
    return _compound(_globals(list(sheets), offsets, since_1904) + b"".join(bodies))
