"""Every row of the work plan's reference is served: by a register, or by the room that is named for it."""

from __future__ import annotations

from anlan import packs
from anlan.registers import sources

# Rows by item: number of the item (F consultation, P preamble, G headings) and its parts.
PARTS = {
    "1": "abcdef", "2": "abc", "3": "ab", "4": "abcd", "5": "abcdef", "6": "abcdef", "7": "abcde", "8": "ab",
    "9": "abcd", "10": "a", "11": "a", "12": "abc", "13": "ab", "14": "abc", "15": "abc", "16": "abc", "17": "abc",
    "18": "ab", "19": "a", "20": "abc", "21": "ab", "22": "ab", "23": "ab", "24": "a", "25": "a", "26": "abc",
    "27": "abcd", "28": "abcdef", "29": "abc", "30": "abc", "F": "123456789", "P": "012", "G": "123456",
}  # fmt: skip
ROWS = {item + part for item, parts in PARTS.items() for part in parts}
# Folders of rooms that keep rows themselves.
ROOMS = {"consult", "ecology", "justice", "ledger", "monitor", "plan", "space", "supervise"}


def test_every_row_is_served_by_a_register_or_by_a_room_and_none_is_made_up() -> None:
    assert len(ROWS) == 108
    served = {row for one in sources.gather(packs.find("changjiang")).sources.values() for row in one.spec.seed_rows}
    elsewhere = sources.elsewhere()
    assert ROWS - served - elsewhere.keys() == set()
    assert (served | elsewhere.keys()) - ROWS == set()
    assert set(elsewhere.values()) <= ROOMS
