"""From a stream of bytes to frames, whole and damaged, the same ones however the stream is split.

A frame is ## LLLL segment CCCC CR LF. Its end is where its length says, if `&&` and four hex digits stand there;
else the first `&&` with a line end soon after it, or the `##LLLL` of the next frame, or nothing within the longest
frame there can be. So a false length is noticed at the line end and never waited for longer than one frame.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

# ## LLLL, 9999 bytes of segment, CCCC, CR LF: nothing longer can be a frame.
LONGEST_FRAME = 2 + 4 + 9999 + 4 + 2
_CLOSING = re.compile(rb"(?<!CP=)&&([^&#\r\n]{0,8})\r?\n")
_OPENING = re.compile(rb"##[0-9]{4}")
_HEX = frozenset(b"0123456789ABCDEFabcdef")
# What makes bytes after ## a frame though they do not begin with a length.
_HEAD_NAMES = (b"QN=", b"ST=", b"CN=", b"MN=")


class End(Enum):
    """How the end of a frame was found."""

    CLOSED = "closed"  # by && and a checksum, or what stands in its place
    CUT = "cut"  # the next frame begins, or the stream ends
    ENDLESS = "endless"  # no end within the longest frame


class Cut(NamedTuple):
    """Piece of the stream from ## up to its line end.

    `offset` counts bytes of the whole stream. `claimed` is the length it says, None where no four digits stand.
    `checksum` is what stands after the segment. `skipped` bytes before it belong to no frame; line ends do not count.
    """

    offset: int
    raw: bytes
    claimed: int | None
    segment: bytes
    checksum: bytes
    line_end: bytes
    end: End
    skipped: int


class Framer:
    """Cuts one connection's bytes into frames. Holds at most one frame's bytes between two calls."""

    def __init__(self) -> None:
        self._rest = b""
        self._offset = 0
        self._skipped = 0

    @property
    def held(self) -> int:
        """Bytes that wait for more: at most one frame and its line end."""
        return len(self._rest)

    @property
    def is_whole(self) -> bool:
        """Whether what waits is a frame that lacks its line end only."""
        digits = self._rest[2:6]
        if self._rest[:2] != b"##" or len(digits) != 4 or not digits.isdigit():
            return False
        target = 6 + int(digits)
        return len(self._rest) >= target + 4 and _is_end(self._rest, target)

    @property
    def offset(self) -> int:
        """Offset in the stream of the first byte that waits."""
        return self._offset

    @property
    def skipped(self) -> int:
        """Bytes since the last frame that belong to none."""
        return self._skipped

    def feed(self, data: bytes, last: bool = False) -> Iterator[Cut]:
        """Frames that these bytes complete. `last` says that no more bytes will come, or none for a while.

        After a silence, `feed(b"", last=True)` gives what waits: a frame without line end, or the torso of one.
        The iterator has to be run to its end before the next call.
        """
        buffer, place = self.begin(data), 0
        while True:
            cut, place = self.next(buffer, place, last)
            if cut is None:
                break
            yield cut
        self.keep(buffer, place)

    def begin(self, data: bytes) -> bytes:
        """What waits and these bytes: to be cut with `next` until that gives None, and then given to `keep`."""
        return self._rest + data if self._rest else data

    def keep(self, buffer: bytes, place: int) -> None:
        """Holds what stands behind a place until more comes."""
        self._rest = buffer[place:]
        self._offset += place

    def next(self, buffer: bytes, place: int, last: bool) -> tuple[Cut | None, int]:
        """Next frame of a buffer from a place on, and the place behind it; None if more bytes have to come first."""
        size = len(buffer)
        while True:
            start = buffer.find(b"##", place)
            if start < 0:
                keep = 1 if buffer.endswith(b"#", place) and not last else 0
                self._skip(buffer[place : size - keep])
                return None, size - keep
            if start > place:
                self._skip(buffer[place:start])
                place = start
            found = self._cut(buffer, start, size, last)
            if found is None:
                return None, place
            cut, place = found
            if cut is not None:
                self._skipped = 0
                return cut, place
            self._skip(buffer[start:place])

    def _skip(self, junk: bytes) -> None:
        self._skipped += len(junk) - junk.count(b"\r") - junk.count(b"\n")

    def _cut(self, buffer: bytes, start: int, size: int, last: bool) -> tuple[Cut | None, int] | None:
        """Frame at `start` and the place after it, None for the frame if it is none; None if more bytes decide it."""
        digits = buffer[start + 2 : start + 6]
        claimed = int(digits) if digits.isdigit() and len(digits) == 4 else None
        window = opening_window = min(size, start + LONGEST_FRAME)
        head, target = start + 2, 0
        if claimed is not None:
            head, target = start + 6, start + 6 + claimed
            if target + 4 <= size and _is_end(buffer, target):
                # Without a line end or ## inside, no other end can come before this one.
                if buffer.find(b"\n", head, target) < 0 and buffer.find(b"##", head, target) < 0:
                    return self._closed(buffer, start, claimed, target, size, last)
                # Digits of an opening may be taken for the checksum: it came first all the same.
                window, opening_window = target, target + 4
        closing = _CLOSING.search(buffer, head, window)
        opening = _OPENING.search(buffer, head if claimed is not None else start + 1, opening_window)
        if closing and not (opening and opening.start() < closing.start()):
            segment = buffer[head : closing.start() + 2]
            raw = buffer[start : closing.end(1)]
            line_end = buffer[closing.end(1) : closing.end()]
            return self._made(start, raw, claimed, segment, closing[1], line_end, End.CLOSED), closing.end()
        if opening:
            raw = buffer[start : opening.start()]
            return self._made(start, raw, claimed, raw[head - start :], b"", b"", End.CUT), opening.start()
        if claimed is not None and window == target:
            return self._closed(buffer, start, claimed, target, size, last)
        if size - start >= LONGEST_FRAME:
            # The last five bytes may be the first of an opening.
            place = start + LONGEST_FRAME - 5
            raw = buffer[start:place]
            return self._made(start, raw, claimed, raw[head - start :], b"", b"", End.ENDLESS), place
        if last:
            raw = buffer[start:size]
            return self._made(start, raw, claimed, raw[head - start :], b"", b"", End.CUT), size
        return None

    def _closed(
        self, buffer: bytes, start: int, claimed: int, target: int, size: int, last: bool
    ) -> tuple[Cut, int] | None:
        """Frame that ends where its length says. Waits for the line end, which tells CR LF from LF."""
        end = target + 4
        line_end = buffer[end : end + 2]
        if line_end != b"\r\n":
            if size - end < 2 and line_end in (b"", b"\r") and not last:
                return None
            line_end = line_end[:1] if line_end[:1] in (b"\r", b"\n") else b""
        raw, segment, checksum = buffer[start:end], buffer[start + 6 : target], buffer[target:end]
        skipped, offset = self._skipped, self._offset + start
        cut = Cut(offset, raw, claimed, segment, checksum, line_end, End.CLOSED, skipped)
        return cut, end + len(line_end)

    def _made(
        self, start: int, raw: bytes, claimed: int | None, segment: bytes, checksum: bytes, line_end: bytes, end: End
    ) -> Cut | None:
        """Damaged frame, or None for bytes after a lone ## that name nothing of a frame."""
        if claimed is None:
            if not any(name in raw for name in _HEAD_NAMES):
                return None
            # The length, or what is left of it, does not belong to the segment.
            first = min(place for name in _HEAD_NAMES if (place := segment.find(name)) >= 0)
            segment = segment[first if first <= 6 else 0 :]
        return Cut(self._offset + start, raw, claimed, segment, checksum, line_end, end, self._skipped)


def _is_end(buffer: bytes, target: int) -> bool:
    """Whether a segment may end at `target`: a checksum stands there, and && before it or a line end after it."""
    checksum = buffer[target : target + 4]
    if not _HEX.issuperset(checksum):
        return False
    return buffer[target - 2 : target] == b"&&" or buffer[target + 4 : target + 5] in (b"\r", b"\n")
