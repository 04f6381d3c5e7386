"""From frames to rows of readings, and kinds by name."""

from __future__ import annotations

import pytest
from tests.monitor.frames_of_the_field import upload

from anlan.monitor.hj212.decode import decode
from anlan.monitor.lake import hot, kinds, rows


def test_a_value_becomes_a_row_in_its_event_time() -> None:
    (frame,) = decode(upload("2061", "20260801080000", "23.50"))
    # 2026-08-01 08:00 +08:00 is 00:00 UTC; 20,666 days after 1970.
    assert rows.of(frame, 7, 99) == [(20666 * 86_400_000, 7, "w01018", 66, 2350, 2, "N", rows.OK, 99)]


def test_milliseconds_of_a_data_time_are_kept() -> None:
    assert rows.milliseconds("20260801080000250") == 20666 * 86_400_000 + 250


@pytest.mark.parametrize(
    "text, digits, scale",
    [
        ("0", 0, 0),
        ("7.030", 7030, 3),
        ("-0.041", -41, 3),
        ("+5", 5, 0),
        (".5", 5, 1),
        ("5.", 5, 0),
        ("2.5e1", 25, 0),
        ("1e-3", 1, 3),
        # Eighteen digits are kept; of 1.2345678901234567895 the last is rounded away, half to even.
        ("1.23456789012345678", 123456789012345678, 17),
        ("1.234567890123456785", 123456789012345678, 17),
        ("999999999999999.1", 9999999999999991, 1),
    ],
)
def test_numbers_are_kept_exactly(text: str, digits: int, scale: int) -> None:
    assert rows.exact(text) == (digits, scale)


@pytest.mark.parametrize("text", ["", "-99", "-999.0", "-9999"])
def test_a_placeholder_is_no_value(text: str) -> None:
    assert rows.exact(text) == (None, 0)
    (frame,) = decode(upload(value=text))
    assert rows.of(frame, 1, 1)[0][7] == rows.NO_VALUE


@pytest.mark.parametrize("cn", ["2021", "9021", "3020"])
def test_messages_of_other_commands_are_no_readings(cn: str) -> None:
    (frame,) = decode(upload(cn))
    assert rows.of(frame, 1, 1) == []


def test_kinds_have_names_and_words() -> None:
    names = [kinds.name(kind) for cn in ("2011", "2051", "2061", "2031") for kind in kinds.of_upload(cn).values()]
    assert len(set(names)) == 36
    assert names[:2] == ["Rtd", "Min"]
    assert {"minute-Avg", "hour-Cou", "day-Max"} <= set(names)
    assert kinds.words(66).zh == "小时均值"
    assert kinds.words(kinds.LAB).en == "lab"


def test_values_are_equal_whatever_their_decimals() -> None:
    assert hot.same(70, 1, 700, 2)
    assert not hot.same(70, 1, 701, 2)
    assert hot.same(None, 0, None, 0)
    assert not hot.same(None, 0, 0, 0)
