"""Learns the weights of the linkage from labelled ledgers: `python -m benchmarks.linkage_learning [--write]`.

Logistic regression by Newton's method on the pairs that blocking proposes. The weights set by hand are where it starts
from and what it is drawn back to, so that a level the ledgers hardly show keeps a person's judgement. Signs are kept:
an agreement never counts against, a contradiction never in favour.

Before it writes anything it says how much a model loses on ledgers of another make than it was taught with.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tests.ledger.linkage import made

from anlan.ledger.linkage import Row, blocking, merge, row
from anlan.ledger.linkage.comparing import Frequencies, compare, worthwhile
from anlan.ledger.linkage.facts import Reader
from anlan.ledger.linkage.model import Model, hand, of

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "ledgers"
LEARNED = Path(__file__).parents[1] / "src/anlan/ledger/linkage/data/learned.toml"
# How far a weight may be drawn from the one set by hand, in natural log odds (standard deviation of the prior).
_LOOSE = 1.0
# Pairs that a set counts as, however many it has: pairs of one ledger repeat each other.
_COUNTS = 2000
_START = ("start", "odds")
Key = tuple[str, str]
Labelled = list[tuple[Row, str]]


def corpus() -> Labelled:
    """The shared ledger with its truth; empty where the corpus is missing."""
    if not (CORPUS / "ledger_a_5000.csv").exists():
        return []
    with (CORPUS / "ledger_a_5000.truth.csv").open(encoding="utf-8-sig", newline="") as lines:
        truth = {one["record_id"]: one["entity_id"] for one in csv.DictReader(lines)}
    with (CORPUS / "ledger_a_5000.csv").open(encoding="utf-8-sig", newline="") as lines:
        return [(row(one, ""), truth[one["record_id"]]) for one in csv.DictReader(lines)]


def own(count: int, seed: int, style: str) -> Labelled:
    """A ledger made by ourselves."""
    return [(one.row, str(one.entity)) for one in made.ledger(count, seed, style)]


def halves(ledger: Labelled) -> tuple[Labelled, Labelled]:
    """Two halves that share no problem and no village, so that near-twins stay together too."""
    parts: tuple[Labelled, Labelled] = ([], [])
    facts = Reader(one for one, _ in ledger)
    part_of: dict[str, int] = {}
    for one, entity in ledger:
        tail = facts.read(one).place.tail
        part_of.setdefault(entity, sum(map(ord, tail)) % 2)
    for one, entity in ledger:
        parts[part_of[entity]].append((one, entity))
    return parts


def examples(ledger: Labelled, model: Model) -> list[tuple[dict[Key, float], bool]]:
    """Strengths of the levels of each proposed pair, and whether it is the same problem."""
    reader = Reader(one for one, _ in ledger)
    facts = [reader.read(one) for one, _ in ledger]
    often = Frequencies()
    for one in facts:
        often.add(one)
    found = []
    for a, b in sorted(blocking.pairs(facts)):
        if not worthwhile(facts[a], facts[b]):
            continue
        strengths = {_START: 1.0}
        for term in compare(facts[a], facts[b], often, model):
            strengths[term.field, term.level] = term.strength
        found.append((strengths, ledger[a][1] == ledger[b][1]))
    return found


def learn(sets: Sequence[list[tuple[dict[Key, float], bool]]], rounds: int = 12) -> dict[Key, float]:
    """Weights from several sets of examples, each set counting as much as the next."""
    weights_by_hand = of(hand()).weights
    keys = sorted(key for key, weight in weights_by_hand.items() if weight)
    place = {key: at for at, key in enumerate(keys)}
    prior = [weights_by_hand[key] for key in keys]
    weights = list(prior)
    rows = [
        (
            [(place[key], strength) for key, strength in strengths.items() if key in place],
            same,
            _COUNTS / len(examples_),
        )
        for examples_ in sets
        for strengths, same in examples_
    ]
    for _ in range(rounds):
        slope = [(weight - start) / _LOOSE**2 for weight, start in zip(weights, prior, strict=True)]
        curve = [[(a == b) / _LOOSE**2 for b in range(len(keys))] for a in range(len(keys))]
        for strengths_at, same, counts in rows:
            odds = sum(weights[at] * strength for at, strength in strengths_at)
            chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
            wrong, bend = (chance - same) * counts, chance * (1 - chance) * counts
            for at, strength in strengths_at:
                slope[at] += wrong * strength
                if bend > 1e-9:
                    for other, strong in strengths_at:
                        curve[at][other] += bend * strength * strong
        step = _solved(curve, slope)
        weights = [_signed(weight - by, start) for weight, by, start in zip(weights, step, prior, strict=True)]
    return dict(zip(keys, weights, strict=True))


def _signed(weight: float, start: float) -> float:
    """A weight that a person set to nothing stays so, and none changes sides."""
    return max(weight, 0.0) if start > 0 else min(weight, 0.0)


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Solution of a symmetric positive system, by Cholesky."""
    size = len(right)
    lower = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            total = matrix[i][j] - sum(lower[i][k] * lower[j][k] for k in range(j))
            lower[i][j] = math.sqrt(total) if i == j else total / lower[j][j]
    forward: list[float] = []
    for i in range(size):
        forward.append((right[i] - sum(lower[i][k] * forward[k] for k in range(i))) / lower[i][i])
    found = [0.0] * size
    for i in reversed(range(size)):
        found[i] = (forward[i] - sum(lower[k][i] * found[k] for k in range(i + 1, size))) / lower[i][i]
    return found


def model_of(weights: Mapping[Key, float]) -> Model:
    """Model with learned weights."""
    return of(hand(), _nested(weights))


def _nested(weights: Mapping[Key, float]) -> dict[str, dict[str, float]]:
    nested: dict[str, dict[str, float]] = {}
    for (field, level), weight in weights.items():
        nested.setdefault(field, {})[level] = round(weight, 2)
    return nested


def pairs_of(clusters: Iterable[Iterable[str]]) -> set[tuple[str, str]]:
    """Pairs of ids that share a cluster."""
    return {
        (a, b) for cluster in clusters for ids in [sorted(cluster)] for at, a in enumerate(ids) for b in ids[at + 1 :]
    }


def truth_of(ledger: Labelled) -> set[tuple[str, str]]:
    """Pairs that are the same problem."""
    gathered: dict[str, list[str]] = defaultdict(list)
    for one, entity in ledger:
        gathered[entity].append(one.id)
    return pairs_of(gathered.values())


def scored(ledger: Labelled, model: Model | None = None) -> tuple[float, float, float]:
    """Precision, recall and F1 of pairs."""
    found, true = pairs_of(merge((one for one, _ in ledger), model).clusters), truth_of(ledger)
    right = len(found & true)
    precision, recall = right / max(len(found), 1), right / max(len(true), 1)
    return precision, recall, 2 * right / max(len(found) + len(true), 1)


def main() -> None:
    """Prints what is lost between makes, then learns from all training parts together."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the learned weights to the data of the package")
    args = parser.parse_args()
    by_hand = of(hand())
    taught: dict[str, Labelled] = {style: own(3000, 1, style) for style in made.STYLES}
    held: dict[str, Labelled] = {style: own(3000, 99, style) for style in made.STYLES}
    if shared := corpus():
        taught["shared"], held["shared"] = halves(shared)
    sets = {name: examples(ledger, by_hand) for name, ledger in taught.items()}
    print("pairs to learn from:", {name: (len(s), sum(same for _, same in s)) for name, s in sets.items()})
    models: dict[str, Model] = {"hand": by_hand}
    if shared:
        models["shared only"] = model_of(learn([sets["shared"]]))
        models["made only"] = model_of(learn([sets[style] for style in made.STYLES]))
    weights = learn(list(sets.values()))
    models["all"] = model_of(weights)
    for name, model in models.items():
        for other, ledger in held.items():
            print(f"taught {name:12} held out {other:8} P %.4f  R %.4f  F1 %.4f" % scored(ledger, model))
    for key, weight in sorted(weights.items()):
        print(f"{key[0]:10}{key[1]:10}{by_hand.weights[key]:7.2f} ->{weight:7.2f}")
    if args.write:
        lines = ["# Learned by benchmarks/linkage_learning.py; made anew by it, not edited. Natural log odds.\n"]
        for field, levels in _nested(weights).items():
            lines.append(f"\n[{field}]\n" + "".join(f"{level} = {weight}\n" for level, weight in levels.items()))
        LEARNED.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
