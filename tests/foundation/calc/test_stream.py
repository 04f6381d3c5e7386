"""Rows of a JSON array as they come, whatever the chunks, in constant memory."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.foundation.calc import stream
from anlan.foundation.calc.stream import JsonSource, MalformedJsonError


class Drip:
    """Gives at most `size` characters at a time, and counts what it gave."""

    def __init__(self, text: str, size: int) -> None:
        self._text = io.StringIO(text)
        self._size = size
        self.given = 0

    def read(self, size: int, /) -> str:
        chunk = self._text.read(self._size if size < 0 else min(size, self._size))
        self.given += len(chunk)
        return chunk


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@given(st.lists(json_values, max_size=5), st.integers(1, 9), st.sampled_from([None, 2]), st.booleans())
def test_rows_are_the_same_however_the_text_is_cut(
    rows: list[Any], size: int, indent: int | None, ascii_only: bool
) -> None:
    source = JsonSource(Drip(json.dumps(rows, indent=indent, ensure_ascii=ascii_only), size))
    assert source.is_array
    assert list(source.rows()) == rows


@given(json_values.filter(lambda value: not isinstance(value, list)), st.integers(1, 9))
def test_one_value_is_the_same_however_the_text_is_cut(value: Any, size: int) -> None:
    source = JsonSource(Drip(" " + json.dumps(value) + "\n", size))
    assert not source.is_array
    assert source.value() == value


def test_numbers_are_exact() -> None:
    assert list(JsonSource(io.StringIO("[0.15, 1e2, 12]")).rows()) == [Decimal("0.15"), Decimal(100), 12]


@pytest.mark.parametrize(
    "text, answered",
    [
        ("[1, 2", 1),
        ("[1 2]", 0),
        ("[1,]", 1),
        ("[1] x", 1),
        ("[", 0),
        ('[{"a": 1}, {"a" 1}]', 1),
        ('["open]', 0),
        ("[1}", 0),
        ("[" * 100_000, 0),
    ],
)
@pytest.mark.parametrize("size", [1 << 16, 1000])
def test_a_broken_array_gives_the_rows_before_the_break(text: str, answered: int, size: int) -> None:
    rows = JsonSource(Drip(text, size)).rows()
    for _ in range(answered):
        next(rows)
    with pytest.raises(MalformedJsonError) as caught:
        next(rows)
    assert caught.value.row is not None


@pytest.mark.parametrize("text", ["", "  ", "{", '{"a": 1} {', "nul", '{"a": 1,}'])
def test_a_broken_value_is_told(text: str) -> None:
    source = JsonSource(io.StringIO(text))
    with pytest.raises(MalformedJsonError) as caught:
        source.value()
    assert caught.value.row is None


def test_a_huge_integer_is_read_without_a_traceback() -> None:
    assert list(JsonSource(io.StringIO("[" + "9" * 5000 + "]")).rows()) == [Decimal("9" * 5000)]


def test_no_more_is_read_than_the_row_at_hand_needs() -> None:
    source = Drip("[" + ",".join(['{"n": 1}'] * 100_000) + "]", 1 << 20)
    rows = JsonSource(source).rows()
    for _ in range(10):
        next(rows)
    assert source.given == 1 << 16


def test_a_row_that_is_wrong_early_does_not_swallow_the_rest() -> None:
    source = Drip('[{"a" 1}' + ", 1" * 1_000_000 + "]", 1 << 20)
    with pytest.raises(MalformedJsonError):
        next(iter(JsonSource(source).rows()))
    assert source.given == 1 << 16


def test_a_row_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_LONGEST_ROW", 1 << 17)
    source = Drip('["' + "x" * (1 << 20), 1 << 20)
    with pytest.raises(MalformedJsonError, match="longer"):
        next(iter(JsonSource(source).rows()))
    assert source.given < 1 << 19
