"""How well clerks' ledgers are read: each field of the open workbooks and of those in tests/ledger/corpus.

    python -m benchmarks.ledger_reading [--faults] [--speed]

Of the open workbooks only what stands in them is compared: their truth also knows what no cell says.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from pathlib import Path
from typing import Any

from tests.ledger.corpus import fifth, first, fourth, second, seventh, sixth, third  # noqa: F401 (they put their workbooks on the list)
from tests.ledger.corpus.making import MAKERS
from tests.ledger.corpus.scoring import FIELDS, Score, squeezed

from anlan.ledger.reading import Record, read
from anlan.ledger.reading.places import stem

SHARED = Path(__file__).resolve().parents[1].parent / "shared/corpus/ledgers"
# Columns of each open workbook, as their truth files name them.
IN_FILE = {
    "clerk_a1": ("source", "place", "description", "unit_text", "progress", "disclosed", "deadline"),
    "clerk_a2": ("place", "description", "unit_text", "measures", "progress", "disclosed", "deadline"),
    "clerk_a3": ("source", "place", "description", "unit_text", "measures", "disclosed", "deadline", "done", "percent"),
}


class Open(Score):
    """The open workbooks: their places are told by county, town and village, as far as the row tells them."""

    def same(self, field: str, true: dict[str, Any], found: Record) -> bool:
        """Whether one field was read right."""
        if field != "place":
            return super().same(field, true, found)
        place = squeezed(found.place)
        town = stem(true["town"])
        # What the row does not say nobody can read; that it lacks a town is no fault then.
        told = squeezed(" ".join(found.original.values()))
        return town in place if town in told else True


def main() -> None:
    """Prints the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", action="store_true", help="tell each fault")
    parser.add_argument("--speed", action="store_true", help="also read the ledger of 5,000 rows")
    asked = parser.parse_args()
    total = Open()
    for name, fields in IN_FILE.items():
        path = SHARED / f"{name}.xlsx"
        if path.exists():
            truth = json.loads((SHARED / f"{name}.truth.json").read_text(encoding="utf-8"))
            one = Open()
            for part in (one, total):
                part.add(name, read(path.read_bytes(), path.name), truth["records"], fields)
            _tell(name, one)
    _tell("open workbooks", total)
    own = Score()
    halves = {name: Score() for name in ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")}
    for make in MAKERS:
        made = make()
        half = halves[make.__module__.rpartition(".")[2]]
        for score in (own, half):
            score.add(made.name, read(made.data, made.name), made.records)
    for half_name, score in halves.items():
        _tell(f"own, {half_name} set", score)
    if asked.faults:
        print(*total.faults, *own.faults, sep="\n")
    if asked.speed:
        _speed()


def _tell(name: str, score: Score) -> None:
    shares = " ".join(
        f"{field} {score.right[field]}/{score.all[field]}" for field in (*FIELDS, "done", "percent") if score.all[field]
    )
    lost = f"{score.missing} missing, {score.surplus} surplus"
    print(f"{name}: {score.accuracy:.4f} of fields; {score.records} records, {lost}")
    print(f"  {shares}")


def _speed() -> None:
    path = SHARED / "ledger_a_5000.csv"
    if path.exists():
        started = time.perf_counter()
        found = read(path.read_bytes(), path.name)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{path.name}: {len(found.records)} records in {time.perf_counter() - started:.2f} s, peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
