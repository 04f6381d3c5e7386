"""What calamine does not tell of the old .xls: what numbers show, and from when days count.

An .xls is a compound file (a small file system) that holds one stream of records, each with a code and a length. Only
the records about formats and cells are looked at. Whatever is broken gives nothing: these are hints, not values.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Final

_END: Final = 0xFFFFFFFA
_HEAD: Final = 512
_BOUNDSHEET, _DATEMODE, _FORMAT, _XF, _EOF, _BOF = 0x85, 0x22, 0x41E, 0xE0, 0x0A, 0x809
# Cells with one number: FORMULA, NUMBER, RK; MULRK holds a row of them.
_CELLS: Final = frozenset({0x06, 0x203, 0x27E})
_MULRK: Final = 0xBD
_WORKBOOK: Final = "Workbook"

Shapes = dict[str, dict[tuple[int, int], str]]


def shapes(data: bytes, shape_of: Callable[[str, str], str]) -> tuple[Shapes, bool]:
    """Shapes by sheet and cell (row from 1, column from 0), and whether days count from 1904.

    `shape_of` gives the shape of a number format by its number and code.
    """
    try:
        return _read(_stream(data), shape_of)
    except (struct.error, IndexError, ValueError, UnicodeDecodeError):
        return {}, False


def _stream(data: bytes) -> bytes:
    """The stream of records in a compound file."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    small = 1 << struct.unpack_from("<H", data, 32)[0]
    if not 64 <= small <= size <= 4096:
        raise ValueError(size)
    directory, limit, small_table = (struct.unpack_from("<I", data, at)[0] for at in (48, 56, 60))

    def sector(number: int) -> bytes:
        return data[_HEAD + number * size : _HEAD + (number + 1) * size]

    tables = [number for number in struct.unpack_from("<109I", data, 76) if number < _END]
    more = struct.unpack_from("<I", data, 68)[0]
    for _ in range(len(data) // size + 1):
        if more >= _END:
            break
        numbers = struct.unpack(f"<{size // 4}I", sector(more))
        tables += [number for number in numbers[:-1] if number < _END]
        more = numbers[-1]
    table = [number for at in tables for number in struct.unpack(f"<{size // 4}I", sector(at))]

    def chain(start: int, links: list[int]) -> Iterator[int]:
        seen = 0
        while start < _END and seen <= len(links):
            yield start
            start = links[start]
            seen += 1

    entries = b"".join(sector(number) for number in chain(directory, table))
    root: tuple[int, int] | None = None
    for at in range(0, len(entries) - 127, 128):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + max(0, min(64, length) - 2)].decode("utf-16-le")
        start, total = struct.unpack_from("<II", entries, at + 116)
        if at == 0:
            root = (start, total)
        if name == _WORKBOOK:
            if total >= limit or root is None:
                return b"".join(sector(number) for number in chain(start, table))[:total]
            mini = b"".join(sector(number) for number in chain(root[0], table))
            links = [one for at_ in chain(small_table, table) for one in struct.unpack(f"<{size // 4}I", sector(at_))]
            return b"".join(mini[one * small : (one + 1) * small] for one in chain(start, links))[:total]
    raise ValueError(_WORKBOOK)


def _records(stream: bytes, at: int = 0) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        code, length = struct.unpack_from("<HH", stream, at)
        yield code, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _read(stream: bytes, shape_of: Callable[[str, str], str]) -> tuple[Shapes, bool]:
    codes: dict[int, str] = {}
    styles: list[int] = []
    sheets: list[tuple[int, str]] = []
    since_1904 = False
    for code, body in _records(stream):
        if code == _EOF:
            break
        if code == _DATEMODE:
            since_1904 = struct.unpack_from("<H", body)[0] == 1
        elif code == _FORMAT:
            codes[struct.unpack_from("<H", body)[0]] = _text(body[2:], "<H")
        elif code == _XF:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif code == _BOUNDSHEET:
            sheets.append((struct.unpack_from("<I", body)[0], _text(body[6:], "<B")))
    shown = [shape_of(str(key), codes.get(key, "")) for key in styles]
    found: Shapes = {}
    for offset, name in sheets:
        cells: dict[tuple[int, int], str] = {}
        for row, column, style in _styled(stream, offset):
            if style < len(shown) and shown[style]:
                cells[(row + 1, column)] = shown[style]
        found[name] = cells
    return found, since_1904


def _styled(stream: bytes, offset: int) -> Iterator[tuple[int, int, int]]:
    depth = 0
    for code, body in _records(stream, offset):
        # Charts nest streams of their own.
        depth += (code == _BOF) - (code == _EOF)
        if depth <= 0:
            return
        if depth > 1:
            continue
        if code in _CELLS:
            yield struct.unpack_from("<HHH", body)
        elif code == _MULRK:
            row, first = struct.unpack_from("<HH", body)
            for number in range((len(body) - 6) // 6):
                yield row, first + number, struct.unpack_from("<H", body, 4 + 6 * number)[0]


def _text(body: bytes, size: str) -> str:
    length = struct.unpack_from(size, body)[0]
    at = struct.calcsize(size)
    wide = body[at] & 1
    raw = body[at + 1 : at + 1 + length * (2 if wide else 1)]
    return raw.decode("utf-16-le" if wide else "latin-1")
