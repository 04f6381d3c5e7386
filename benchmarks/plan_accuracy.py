"""Accuracy of the plan compiler against gold annotations: precision, recall and F1 per field.

    python -m benchmarks.plan_accuracy [DIR ...] [--errors]

A measure counts as found where number and first character agree; it is exact where the last character
agrees too. Titles and duties compare without white space; a duty is unit and role; a deadline is date and
kind; a target is value, unit and comparator. Fields are compared inside matched measures; those of a measure
that was missed count as missed, those of a false measure as false.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from anlan.plan.compiler.compile import compile_text
from anlan.plan.compiler.model import squeeze
from anlan.plan.compiler.output import to_dict

FIELDS = ("measures", "ends", "paths", "titles", "duties", "deadlines", "targets")
DIRECTORIES = (
    Path(__file__).resolve().parents[2] / "shared/corpus/plans",
    *(Path(__file__).resolve().parents[1] / "tests/plans" / part for part in "abcdefg"),
)


class Score(Counter[str]):
    """Counts of right, missed and false findings for one field."""

    @property
    def precision(self) -> float:
        """Share of findings that are right; 1 where nothing was found."""
        return self["right"] / (self["right"] + self["false"]) if self["right"] + self["false"] else 1.0

    @property
    def recall(self) -> float:
        """Share of the gold that was found; 1 where there is none."""
        return self["right"] / (self["right"] + self["missed"]) if self["right"] + self["missed"] else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return (
            2 * self.precision * self.recall / (self.precision + self.recall)
            if self["right"]
            else float(not self["missed"] and not self["false"])
        )


def _value(printed: Any) -> tuple[Decimal, ...]:
    return tuple(Decimal(str(x)) for x in (printed if isinstance(printed, list) else [printed]))


def facts(measure: dict[str, Any]) -> dict[str, list[Any]]:
    """What is compared, per field."""
    return {
        "ends": [measure["end"]],
        "paths": [tuple(squeeze(p) for p in measure["path"])],
        "titles": [squeeze(measure["title"])] if measure["title"] else [],
        "duties": [(role, squeeze(unit)) for role, units in measure["duties"].items() for unit in units],
        "deadlines": [(d["date"], d["kind"]) for d in measure["deadlines"]],
        "targets": [(_value(t["value"]), squeeze(t["unit"]), t["comparator"]) for t in measure["targets"]],
    }


def compare(gold: dict[str, Any], ours: dict[str, Any], say: Iterable[str] = ()) -> tuple[dict[str, Score], list[str]]:
    """Scores of one document, and a line for every error of the fields in `say`."""
    scores = {name: Score() for name in FIELDS}
    lines: list[str] = []
    mine = {(m["number"], m["start"]): m for m in ours["measures"]}
    theirs = {(m["number"], m["start"]): m for m in gold["measures"]}
    for key in theirs.keys() | mine.keys():
        a, b = theirs.get(key), mine.get(key)
        scores["measures"]["right" if a and b else "missed" if a else "false"] += 1
        if not (a and b) and "measures" in say:
            lines.append(f"  {'-' if a else '+'} measure {key} {(a or b or {}).get('title')}")
        empty: dict[str, list[Any]] = {name: [] for name in FIELDS}
        wanted, found = facts(a) if a else empty, facts(b) if b else empty
        for name in FIELDS[1:]:
            if name in ("ends", "paths") and not (a and b):
                continue
            left, right = Counter(wanted[name]), Counter(found[name])
            scores[name]["right"] += (left & right).total()
            scores[name]["missed"] += (left - right).total()
            scores[name]["false"] += (right - left).total()
            if name in say and left != right:
                missed, false = list((left - right).elements()), list((right - left).elements())
                lines.append(f"  {key[0]} {name}: -{missed} +{false}")
    return scores, lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directories", nargs="*", type=Path)
    parser.add_argument("--errors", nargs="?", const=",".join(FIELDS), default="", help="list errors of these fields")
    parser.add_argument("--only", default="", help="only files whose name holds this")
    arguments = parser.parse_args()
    for directory in arguments.directories or DIRECTORIES:
        files = sorted(p for p in directory.glob("*.gold.json") if arguments.only in p.name)
        if not files:
            print(f"{directory.name}: no gold here, left out")
            continue
        total = {name: Score() for name in FIELDS}
        heads = Counter[str]()
        print(f"\n{directory.parent.name}/{directory.name}")
        print(f"{'document':34}" + "".join(f"{name:>11}" for name in FIELDS))
        for path in files:
            gold = json.loads(path.read_text(encoding="utf-8"))
            text = path.with_name(path.name.replace(".gold.json", ".txt")).read_text(encoding="utf-8")
            ours = to_dict(compile_text(text))
            scores, lines = compare(gold, ours, arguments.errors.split(",") if arguments.errors else ())
            print(f"{path.name.removesuffix('.gold.json'):34}" + "".join(f"{scores[name].f1:11.3f}" for name in FIELDS))
            for line in lines:
                print(line)
            for name in FIELDS:
                total[name].update(scores[name])
            for name in ("title", "issuer", "year", "kind"):
                same = squeeze(str(gold[name])) == squeeze(str(ours[name]))
                heads[name] += same
                if not same and arguments.errors:
                    print(f"  {name}: gold {gold[name]!r}, ours {ours[name]!r}")
        for measure in ("precision", "recall", "f1"):
            print(f"{measure:34}" + "".join(f"{getattr(total[name], measure):11.3f}" for name in FIELDS))
        print("gold findings".ljust(34) + "".join(f"{total[n]['right'] + total[n]['missed']:11d}" for n in FIELDS))
        print("heads right: " + ", ".join(f"{name} {heads[name]}/{len(files)}" for name in heads))
    return 0


if __name__ == "__main__":
    sys.exit(main())
