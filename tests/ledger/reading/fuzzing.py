"""Damaged ledgers: whatever a file holds is read or refused, never a traceback, never a hang.

    python -m tests.ledger.reading.fuzzing --seconds 60 [--seed N] [--case K]

The same seed gives the same cases in the same order.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
import traceback
from random import Random

from tests.fuzz.run import watched
from tests.ledger.corpus import fifth, first, fourth, second, seventh, sixth, third  # noqa: F401 (they put their workbooks on the list)
from tests.ledger.corpus.making import MAKERS

from anlan.foundation.sheets.reading import Cell, Grid, read
from anlan.ledger.reading import Reading, read_grids

_ODD: tuple[Cell, ...] = (
    None, "", " ", "　", "合计", "例：", "①甲②乙", "1.甲\n2.乙", "一、", "（一）", "注：", "同上", "√", "问题描述", "整改时限",
    "责任单位", "鱼山镇", "下湾村", "镇", "村", "乡镇", "2022年13月45日", "9999-99-99", "2022年", "0000", "|", "：", "::",
    "牵头单位：", "整改措施：甲\n整改时限：", "\u0000", "\ud800", "a" * 3000, "镇" * 200, "①" * 50, "（" * 300, "2022年" * 300,
    0, -1, 1e308, float("inf"), float("nan"), 44885, 10**15, True, False, dt.date(1, 1, 1), dt.date(9999, 12, 31),
    dt.datetime(2022, 5, 6, 1, 2), "=SUM(A1)", '="001"',  # noqa: DTZ001
)  # fmt: skip


def sources() -> list[list[Grid]]:
    """Sheets to damage, in a fixed order."""
    return [read(made.data, made.name) for made in (make() for make in MAKERS)]


def case(seed: int, number: int, books: list[list[Grid]]) -> list[Grid]:
    """Sheets of a case, by seed and number alone."""
    random = Random(f"{seed}/{number}")
    damaged = []
    for grid in random.choice(books):
        rows = [(row, list(cells)) for row, cells in grid.rows]
        for _ in range(random.choice((1, 3, 10, 40))):
            _spoil(rows, random)
        merged = [area for area in grid.merged if random.random() < 0.9]
        if random.random() < 0.5:
            top, left = random.randint(1, 12), random.randint(0, 6)
            merged.append((top, left, top + random.choice((0, 1, 3, 10**6)), left + random.choice((0, 1, 4, 16_000))))
        rows = sorted(dict(rows).items())
        damaged.append(Grid(random.choice((grid.name, "CSV", "示例", "鱼山镇", "")), rows, merged=merged))
    return damaged


def _spoil(rows: list[tuple[int, list[Cell]]], random: Random) -> None:
    if not rows:
        rows.append((1, [random.choice(_ODD)]))
        return
    at = random.randrange(len(rows))
    number, cells = rows[at]
    match random.randrange(7):
        case 0 | 1 if cells:
            cells[random.randrange(len(cells))] = random.choice(_ODD)
        case 2:
            cells.insert(random.randint(0, len(cells)), random.choice(_ODD))
        case 3:
            del rows[at]
        case 4:
            rows.append((number + random.choice((1, 1000, 1_048_576)), list(cells)))
        case 5 if cells:
            other = random.choice(rows)[1]
            cells[random.randrange(len(cells))] = random.choice(other) if other else None
        case _:
            random.shuffle(cells)


def broken(found: Reading) -> str | None:
    """What a reading promises and does not keep."""
    for record in found.records:
        if not record.description:
            return "a record without a text"
        if record.deadline is not None:
            dt.date.fromisoformat(record.deadline)
        if record.disclosed is not None and len(record.disclosed) not in (4, 7, 10):
            return f"disclosed {record.disclosed}"
        if not record.rows[0] <= record.excel_row <= record.rows[1]:
            return f"row {record.excel_row} of {record.rows}"
    found.plain()
    return None


def fault(grids: list[Grid]) -> str | None:
    """What goes wrong with sheets, None where nothing does."""
    try:
        with watched():
            return broken(read_grids(grids, "x"))
    except Exception:  # noqa: BLE001 (whatever it is, it is the finding)
        return traceback.format_exc()


def main(arguments: list[str] | None = None) -> int:
    """Runs until time is up or something is found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long to run")
    parser.add_argument("--seed", type=int, default=0, help="which cases to run")
    parser.add_argument("--case", type=int, help="run only the case of this number")
    asked = parser.parse_args(arguments)
    books = sources()
    end = time.monotonic() + asked.seconds
    number = asked.case or 0
    while time.monotonic() < end:
        if said := fault(case(asked.seed, number, books)):
            print(f"FAILED seed {asked.seed} case {number}\n{said}")
            return 1
        if asked.case is not None:
            break
        number += 1
    print(f"{number} cases")
    return 0


if __name__ == "__main__":
    sys.exit(main())
