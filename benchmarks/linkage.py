"""The linkage beside splink and a plain likeness of texts: `python -m benchmarks.linkage --peers PYTHON`.

PYTHON is an interpreter that has splink and pandas; without one, splink is left out and said so. Each peer gets the
threshold that suits it best on the very ledger it is measured on; ours is the one of the package. `--rows` asks for a
large ledger of our own making too, `--file` takes the shared one. Seconds are wall clock, memory the peak of a process
of its own.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from anlan.ledger.linkage import Index, Row
from anlan.ledger.linkage.comparing import likeness
from anlan.ledger.linkage.facts import Reader
from benchmarks.linkage_learning import CORPUS, Labelled, corpus, own, pairs_of, truth_of

Scored = tuple[str, str, float]
_HEADER = ("record_id", "问题来源", "披露时间", "地点", "问题描述", "责任单位", "整改时限")
_STEPS = [step / 25 for step in range(4, 25)] + [1 - 10**-power for power in range(2, 9)]


def rated(found: set[tuple[str, str]], true: set[tuple[str, str]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of pairs."""
    right = len(found & true)
    return right / max(len(found), 1), right / max(len(true), 1), 2 * right / max(len(found) + len(true), 1)


def joined(pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Pairs closed under chaining, as connected components give them."""
    at: dict[str, str] = {}

    def root(one: str) -> str:
        while at.setdefault(one, one) != one:
            at[one] = at[at[one]]
            one = at[one]
        return one

    for a, b in pairs:
        at[root(a)] = root(b)
    gathered: dict[str, list[str]] = defaultdict(list)
    for one in list(at):
        gathered[root(one)].append(one)
    return pairs_of(gathered.values())


def best(pairs: Sequence[Scored], true: set[tuple[str, str]]) -> tuple[float, tuple[float, float, float]]:
    """Threshold that gives the best F1, and what it gives."""
    tried = [(step, rated(joined((a, b) for a, b, p in pairs if p >= step), true)) for step in _STEPS]
    return max(tried, key=lambda one: one[1][2])


def by_text(ledger: Labelled) -> list[Scored]:
    """Likeness of place and description in two-character pieces, among rows whose places end alike."""
    blocks: dict[str, list[Row]] = defaultdict(list)
    for row, _ in ledger:
        blocks[row.place[-3:-1]].append(row)
    found = []
    for rows in blocks.values():
        for at, one in enumerate(rows):
            for other in rows[at + 1 :]:
                like = likeness(one.place + one.description, other.place + other.description)
                if like >= _STEPS[0]:
                    found.append((one.id, other.id, like))
    return found


def fields_of(ledger: Labelled, fields: str) -> list[dict[str, Any]]:
    """Columns for splink: the cells, or what our reader understood of them."""
    reader = Reader(row for row, _ in ledger)
    found = []
    for row, _ in ledger:
        facts = reader.read(row)
        amount = next((f"{float(a.value):g} {a.dimension}" for a in facts.amounts if not a.aside), None)
        raw = next((a.written for a in facts.amounts), None)
        month = str(facts.disclosed.month) if facts.disclosed else None
        if fields == "raw":
            found.append(
                {"id": row.id, "place": row.place, "description": row.description, "source": row.source, "month": month}
                | {"deadline": row.deadline, "amount": raw}
            )
            continue
        found.append(
            {
                "id": row.id,
                "tail": facts.place.tail or None,
                "county": facts.place.county or None,
                "kind": min(facts.kinds, default=None),
                "amount": amount,
                "company": next((c.core for c in facts.companies), None),
                "water": min(facts.waters, default=None),
                "month": month,
                "deadline": str(facts.deadline.month) if facts.deadline else None,
                "description": facts.text,
            }
        )
    return found


def by_splink(ledger: Labelled, fields: str, python: str) -> dict[str, Any]:
    """What splink found, in a process of its own."""
    asked = json.dumps({"rows": fields_of(ledger, fields), "fields": fields})
    done = subprocess.run(
        [python, str(Path(__file__).with_name("linkage_splink.py"))], input=asked, capture_output=True, text=True
    )
    if done.returncode:
        return {"missing": done.stderr.strip().splitlines()[-1]}
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


_MEASURED = """
import resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run([sys.executable, "-m", "anlan", "ledger", "merge", sys.argv[1], "--format", "json"],
               stdout=open(sys.argv[2], "w"), check=True)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


def by_ourselves(path: Path, folder: Path) -> tuple[float, float, set[tuple[str, str]]]:
    """Seconds, megabytes and pairs of the command as a whole process, from the file to the JSON."""
    out = folder / "merged.json"
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(path), str(out)], capture_output=True, text=True, check=True
    )
    seconds, megabytes = map(float, done.stdout.split())
    return seconds, megabytes, pairs_of(json.loads(out.read_text(encoding="utf-8"))["clusters"])


def written(ledger: Labelled, path: Path) -> Path:
    """Ledger as a CSV file."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER)
        for row, _ in ledger:
            writer.writerow((row.id, row.source, row.disclosed, row.place, row.description, row.unit, row.deadline))
    return path


def compared(name: str, ledger: Labelled, path: Path, folder: Path, python: str | None) -> None:
    """One table: ours, splink twice, texts."""
    true = truth_of(ledger)
    seconds, megabytes, pairs = by_ourselves(path, folder)
    print(f"\n{name}: {len(ledger):,} rows, {len(true):,} true pairs")
    print("| | precision | recall | F1 | seconds | MB |\n|---|---:|---:|---:|---:|---:|")

    def line(told: str, scores: tuple[float, float, float], took: float, peak: float | None) -> None:
        memory = "—" if peak is None else f"{peak:.0f} (×{peak / megabytes:.1f})"
        numbers = " | ".join(f"{score:.4f}" for score in scores)
        print(f"| {told} | {numbers} | {took:.1f} (×{took / seconds:.1f}) | {memory} |")

    line("anlan ledger merge, file to JSON", rated(pairs, true), seconds, megabytes)
    for fields in ("read", "raw") if python else ():
        answer = by_splink(ledger, fields, str(python))
        if "missing" in answer:
            print(f"| splink, {fields}: {answer['missing']} | | | | | |")
            continue
        scored = [(*sorted((a, b)), p) for a, b, p in answer["pairs"]]
        step, scores = best([(a, b, p) for a, b, p in scored], true)
        told = "fields read by us" if fields == "read" else "cells as they are"
        line(f"splink, {told}, best threshold {step:.8g}", scores, answer["seconds"], answer["megabytes"])
    start = time.perf_counter()
    likely = by_text(ledger)
    took = time.perf_counter() - start
    step, scores = best(likely, true)
    line(f"likeness of the text, best threshold {step:g}", scores, took, None)


def looked_up(ledger: Labelled) -> None:
    """Time to make an index of all rows and to look one row up."""
    rows = [row for row, _ in ledger]
    start = time.perf_counter()
    index = Index(rows[:-200])
    made = time.perf_counter() - start
    times = []
    for row in rows[-200:]:
        start = time.perf_counter()
        index.match(row)
        times.append(time.perf_counter() - start)
    times.sort()
    print(
        f"\nindex of {len(index):,} rows made in {made:.1f} s; one row looked up in {times[100] * 1000:.1f} ms "
        f"(median), {times[-1] * 1000:.1f} ms (slowest of 200)"
    )


def main() -> None:
    """Measures and prints tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", metavar="PYTHON", help="interpreter that has splink and pandas")
    parser.add_argument("--rows", type=int, default=0, help="also a made ledger of so many rows, without peers")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if shared := corpus():
            compared("shared", shared, CORPUS / "ledger_a_5000.csv", folder, args.peers)
        else:
            print("the shared corpus is missing")
        for style in ("mixed", "county"):
            ledger = own(5000, 77, style)
            compared(f"made, {style}", ledger, written(ledger, folder / f"{style}.csv"), folder, args.peers)
        if args.rows:
            ledger = own(args.rows, 78, "mixed")[: args.rows]
            seconds, megabytes, pairs = by_ourselves(written(ledger, folder / "large.csv"), folder)
            precision, recall, f1 = rated(pairs, truth_of(ledger))
            print(
                f"\nmade, mixed, {len(ledger):,} rows: precision {precision:.4f}, recall {recall:.4f}, F1 {f1:.4f}; "
                f"{seconds:.1f} s, {megabytes:.0f} MB"
            )
            looked_up(ledger)


if __name__ == "__main__":
    main()
