"""JSON arrays read row by row: a million rows pass in constant memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Protocol

_CHUNK = 1 << 16
# A row longer than this is a missing quotation mark, not a row.
_LONGEST_ROW = 1 << 24
# Cut off inside a token, the decoder complains at most this far before the end ("-Infinity", a \uXXXX escape).
_TOKEN = 16
_SPACE = " \t\n\r"


class Source(Protocol):
    """Text to read from: a file, a pipe."""

    def read(self, size: int, /) -> str:
        """At most `size` characters, all that are left for -1; "" at the end."""
        ...


class MalformedJsonError(ValueError):
    """Text that is not JSON. `row` counts the rows read before it in an array, None outside of one."""

    def __init__(self, reason: str, row: int | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.row = row


def _whole(digits: str) -> int | Decimal:
    # Python refuses to make an int of more than 4,300 digits; the range check of the input does the refusing here.
    return int(digits) if len(digits) <= 100 else Decimal(digits)


# Exact decimals: 0.15 in a file is fifteen hundredths, not the float next to it.
_DECODER = json.JSONDecoder(parse_float=Decimal, parse_int=_whole)


class JsonSource:
    """JSON text with either one value or an array of rows at its top.

    `is_array` says which; `value()` gives the one value, `rows()` the rows as they come. Both raise MalformedJsonError.
    Numbers come as int and exact Decimal.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._text = ""
        self._at = 0
        self._ended = False
        self.is_array = self._peek() == "["

    def value(self) -> object:
        """The one value, nothing but white space after it."""
        while not self._ended:
            self._more(-1)
        value = self._decode(None)
        self._at_end(None)
        return value

    def rows(self) -> Iterator[object]:
        """Each row of the array in turn."""
        self._at += 1
        row = 0
        if self._peek() == "]":
            self._at += 1
        else:
            while True:
                value = self._decode(row)
                row += 1
                mark = self._peek()
                self._at += 1
                # A row counts once the mark after it is seen: a number may go on in the next chunk.
                if mark not in (",", "]"):
                    raise MalformedJsonError(f"expected ',' or ']' after row {row}", row)
                yield value
                if mark == "]":
                    break
        self._at_end(row)

    def _decode(self, row: int | None) -> object:
        self._peek()
        wanted = _CHUNK
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                # Torn at the end of what was read so far, or wrong?
                torn = error.msg.startswith("Unterminated string") or error.pos >= len(self._text) - _TOKEN
                if self._ended or not torn:
                    raise MalformedJsonError(error.msg, row) from None
            except RecursionError:
                raise MalformedJsonError("nested too deeply", row) from None
            else:
                if self._ended or end < len(self._text):
                    self._at = end
                    return value
            if len(self._text) - self._at > _LONGEST_ROW:
                raise MalformedJsonError("a row is longer than 16 MiB", row)
            # Doubling: a row of many chunks is not decoded anew for each of them.
            self._more(wanted)
            wanted *= 2

    def _peek(self) -> str:
        """Next character that is not white space, "" at the end; `_at` stands on it."""
        while True:
            while self._at < len(self._text):
                if (mark := self._text[self._at]) not in _SPACE:
                    return mark
                self._at += 1
            if self._ended:
                return ""
            self._more()

    def _more(self, size: int = _CHUNK) -> None:
        chunk = self._source.read(size)
        self._ended = not chunk
        self._text = self._text[self._at :] + chunk
        self._at = 0

    def _at_end(self, row: int | None) -> None:
        if self._peek():
            raise MalformedJsonError("text after the end", row)
