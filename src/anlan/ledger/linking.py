"""New rows of a ledger against all problems there are: what is certainly the same is merged, what is likely waits.

Merging moves the entries of the younger problem to the older one, writes down which, and can be taken back. A person's
decision is never overruled by the rule.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Min

from anlan.foundation.access.actor import Actor
from anlan.ledger.as_row import row_of
from anlan.ledger.linkage import Index, merge
from anlan.ledger.linkage.kinds import kinds_of
from anlan.ledger.models import Candidate, Entry, Joining, Problem, Term
from anlan.ledger.reading import Record

# From here on two rows are one problem without a person's look (precision .999 and more on the labelled sets).
CERTAIN = 0.98
# A few rows against many are looked up one by one; else all are merged at once.
_FEW, _MANY = 50, 2000
_BATCH = 500
_LASTING = re.compile("长期|持续|常态|日常")
_AT_ONCE = re.compile("立行立改|立即|即知即改|马上|已整改")
_BETWEEN = re.compile(r"[、，,；;/\s]+")
_ROLE = re.compile(r"^(?:牵头|责任|配合|督导|主办|协办|整改)单位[:：]?")


@dataclass(frozen=True, slots=True)
class Likely:
    """Two rows that may be one problem: ids as `n` and the order of a new row, or `e` and the key of an entry."""

    a: str
    b: str
    probability: float
    why: list[dict[str, Any]]
    together: bool


def kind_of(text: str, cell: str) -> str:
    """Kind of a problem by its words, "" where they tell none or several."""
    found = kinds_of(cell) or kinds_of(text)
    return next(iter(found)) if len(found) == 1 else ""


def term_of(text: str, deadline: dt.date | None) -> str:
    """How long the rectification may take, by the cell of the deadline.

    >>> term_of("长期坚持", None), term_of("立行立改", None)
    ('long_term', 'immediate')
    """
    if _AT_ONCE.search(text):
        return Term.IMMEDIATE.value
    if deadline is None and _LASTING.search(text):
        return Term.LONG.value
    return Term.LIMITED.value


def parts(text: str) -> list[str]:
    """Names of units in a cell.

    >>> parts("牵头单位：区水利局、区城管局 丽阳镇")
    ['区水利局', '区城管局', '丽阳镇']
    """
    return [part for part in _BETWEEN.split(_ROLE.sub("", text.strip())) if part]


def find(ledger: str, new: Sequence[tuple[int, Record]]) -> list[Likely]:
    """Pairs of rows that may be one problem, one of each new at least. Reads the store and changes nothing."""
    if not new:
        return []
    rows = [row_of(record, f"n{order}") for order, record in new]
    known = [
        row_of(Record(**{**data, "rows": tuple(data["rows"])}), f"e{pk}")
        for pk, data in Entry.objects.filter(in_force=True).values_list("pk", "data")
    ]
    if len(rows) <= _FEW and len(known) >= _MANY:
        index = Index(known)
        found = []
        for row in rows:
            found += [
                Likely(row.id, one.id, one.probability, _told(one.why), one.probability >= CERTAIN)
                for one in index.match(row)
            ]
            index.add(row)
        return found
    merged = merge([*rows, *known])
    home = {one: at for at, cluster in enumerate(merged.clusters) for one in cluster}
    return [
        Likely(pair.a, pair.b, pair.probability, _told(pair.why), home[pair.a] == home[pair.b])
        for pair in merged.pairs
        if pair.a[0] == "n" or pair.b[0] == "n"
    ]


def _told(why: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {
            "field": one.field,
            "weight": one.weight,
            "zh": one.words.zh,
            "en": one.words.en,
            "a": one.left,
            "b": one.right,
        }
        for one in why
        if one.field != "start"
    ]


def write(actor: Actor, made: Mapping[int, Problem], pairs: Iterable[Likely]) -> tuple[int, int]:
    """Merges what is certain and puts the rest into the queue; how many of each. Inside of an open transaction."""
    pairs = list(pairs)
    entries = [int(one[1:]) for pair in pairs for one in (pair.a, pair.b) if one[0] == "e"]
    owners = _owners(entries)
    young = {problem.pk for problem in made.values()}

    def problem(one: str) -> int | None:
        if one[0] == "e":
            return owners.get(int(one[1:]))
        return made[int(one[1:])].pk if int(one[1:]) in made else None

    told = [
        (pair, a, b)
        for pair in sorted(pairs, key=lambda one: -one.probability)
        if (a := problem(pair.a)) is not None and (b := problem(pair.b)) is not None and a != b
    ]
    apart = {
        frozenset(pair)
        for pair in Candidate.objects.filter(decision=Candidate.Decision.DIFFERENT).values_list("a_id", "b_id")
    }
    head: dict[int, int] = {}

    def root(one: int) -> int:
        while one in head:
            one = head[one]
        return one

    waiting: dict[tuple[int, int], Likely] = {}
    for pair, a, b in told:
        old, new = sorted((root(a), root(b)))
        if old == new or frozenset((a, b)) in apart:
            continue
        # The younger one has just come into being: nobody has worked on it.
        if pair.together and pair.probability >= CERTAIN and new in young:
            head[new] = old
        else:
            waiting.setdefault((old, new), pair)
    _join(actor, {new: root(new) for new in head}, made)
    queue: dict[tuple[int, int], Likely] = {}
    for (a, b), pair in waiting.items():
        old, new = sorted((root(a), root(b)))
        if old != new:
            queue.setdefault((old, new), pair)
    Candidate.objects.bulk_create(
        [
            Candidate(a_id=a, b_id=b, probability=round(pair.probability * 1_000_000), why=pair.why)
            for (a, b), pair in queue.items()
        ],
        ignore_conflicts=True,
        batch_size=_BATCH,
    )
    return len(head), len(queue)


def _owners(entries: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    keys = sorted(set(entries))
    for at in range(0, len(keys), _BATCH):
        rows = Entry.objects.filter(pk__in=keys[at : at + _BATCH])
        found.update(rows.values_list("pk", "problem_id"))
    return found


def _join(actor: Actor, heads: Mapping[int, int], made: Mapping[int, Problem]) -> None:
    """Merges problems that have just been made into others, all in a few statements."""
    if not heads:
        return
    moved: dict[int, list[Entry]] = defaultdict(list)
    keys = sorted(heads)
    for at in range(0, len(keys), _BATCH):
        for entry in Entry.objects.filter(problem__in=keys[at : at + _BATCH]).only("pk", "problem_id"):
            moved[entry.problem_id].append(entry)
    Joining.objects.bulk_create(
        [
            Joining(
                kept_id=kept,
                absorbed_id=absorbed,
                entries=[entry.pk for entry in moved[absorbed]],
                by_rule=True,
                by_id=actor.account_id,
            )
            for absorbed, kept in heads.items()
        ],
        batch_size=_BATCH,
    )
    for absorbed, kept in heads.items():
        for entry in moved[absorbed]:
            entry.problem_id = kept
    Entry.objects.bulk_update([entry for pile in moved.values() for entry in pile], ["problem"], batch_size=_BATCH)
    gone = [problem for problem in made.values() if problem.pk in heads]
    for problem in gone:
        problem.joined_into_id = heads[problem.pk]
    Problem.objects.bulk_update(gone, ["joined_into"], batch_size=_BATCH)
    add_units(heads)
    strictest(set(heads.values()))


def add_units(heads: Mapping[int, int]) -> None:
    """Lets the units of merged problems answer for the kept ones as well."""
    through = Problem.responsible.through
    keys = sorted(heads)
    for at in range(0, len(keys), _BATCH):
        rows = through.objects.filter(problem_id__in=keys[at : at + _BATCH]).values_list("problem_id", "unit_id")
        through.objects.bulk_create(
            [through(problem_id=heads[problem], unit_id=unit) for problem, unit in rows], ignore_conflicts=True
        )


def strictest(problems: set[int]) -> None:
    """Sets the strictest deadline of all sources; one that was extended stays as it was granted."""
    keys = sorted(problems)
    for at in range(0, len(keys), _BATCH):
        part = keys[at : at + _BATCH]
        first = dict(
            Entry.objects.filter(problem__in=part, in_force=True)
            .order_by()
            .values_list("problem")
            .annotate(least=Min("deadline"))
        )
        changed = []
        for problem in Problem.objects.filter(pk__in=part).exclude(extensions__granted=True):
            if problem.pk in first and problem.deadline != first[problem.pk]:
                problem.deadline = first[problem.pk]
                problem.first_deadline = min(
                    (day for day in (problem.first_deadline, problem.deadline) if day), default=None
                )
                changed.append(problem)
        Problem.objects.bulk_update(changed, ["deadline", "first_deadline"])
