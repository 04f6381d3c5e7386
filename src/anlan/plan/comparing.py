"""Two versions of a plan's document as the matching sees them, and what it found as rows and for the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from anlan.plan import queries, stated
from anlan.plan.compiler.model import Plan as Compiled
from anlan.plan.document import chapters, lead_phrase
from anlan.plan.matching import pairing
from anlan.plan.matching.clauses import Clause
from anlan.plan.matching.marks import Run, marks
from anlan.plan.matching.pairing import Edge, Kind, Relation
from anlan.plan.models import Document, Match, Measure, Plan, Standpoint


class Texts:
    """Texts of a document's clauses without their numbers."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        # Where the compiler saw the number of a clause end, by where the clause begins.
        self._ends = {
            span["start"]: span["end"]
            for measure in document.compiled.get("measures", ())
            for span in measure.get("spans", ())
            if span["field"] == "number"
        }

    def of(self, start: int, end: int) -> str:
        """Words of a clause from `start` to `end`."""
        whole = self._text[start:end]
        known = self._ends.get(start)
        return self._text[known:end].lstrip("、.．) ）") if known is not None else stated.without_number(whole)


def clauses(document: Document, measures: Iterable[Measure]) -> list[Clause]:
    """Measures as clauses; their keys are those of the measures."""
    texts = Texts(document)
    return [Clause(one.pk, one.number, tuple(one.chapter), one.title, texts.of(one.start, one.end)) for one in measures]


def of_compiled(plan: Compiled) -> list[Clause]:
    """Measures of a compiled plan as clauses; their keys count from 0."""
    return [
        Clause(
            key,
            one.number,
            path,
            lead_phrase(plan, one),
            plan.text[one.number_span.end : one.span.end].lstrip("、.．) ）"),
        )
        for key, (one, path) in enumerate(zip(plan.measures, chapters(plan), strict=True))
    ]


def compare(old: Document, new: Document) -> list[Match]:
    """Matches between what stands in two versions, not saved."""
    edges = pairing.match(clauses(old, old.measures.all()), clauses(new, new.measures.all()))
    return [
        Match(document=new, old_id=edge.old, new_id=edge.new, score=_thousandths(edge.score), doubtful=edge.doubtful)
        for edge in edges
    ]


def rematch(plan: Plan) -> None:
    """Compares anew after a correction changed which measures there are; what a person confirmed stays where it can."""
    document = plan.documents.filter(state=Standpoint.PROPOSED).first()
    if document is None:
        return
    old = queries.document(plan)
    standing = set(Measure.objects.filter(document=old).values_list("pk", flat=True))
    kept = [
        one
        for one in document.matches.filter(confirmed_at__isnull=False)
        if one.old_id is None or one.old_id in standing
    ]
    settled_old, settled_new = {one.old_id for one in kept}, {one.new_id for one in kept}
    document.matches.exclude(pk__in=[one.pk for one in kept]).delete()
    fresh = [
        one
        for one in compare(old, document)
        if (one.old_id is None or one.old_id not in settled_old)
        and (one.new_id is None or one.new_id not in settled_new)
    ]
    covered_old = settled_old | {one.old_id for one in fresh}
    covered_new = settled_new | {one.new_id for one in fresh}
    fresh += [Match(document=document, old_id=key, score=0) for key in standing - covered_old]
    for key in Measure.objects.filter(document=document).values_list("pk", flat=True):
        if key not in covered_new:
            fresh.append(Match(document=document, new_id=key, score=0))
    Match.objects.bulk_create(fresh)


def _thousandths(score: float) -> int:
    return max(0, min(1000, round(score * 1000)))


@dataclass(frozen=True, slots=True)
class Compared:
    """Relation between two versions as the page shows it: clauses with their texts marked, and whether a person has to
    look. `matches` are its rows; `old` and `new` each have a measure with its runs."""

    kind: Kind
    old: tuple[tuple[Measure, list[Run]], ...]
    new: tuple[tuple[Measure, list[Run]], ...]
    matches: tuple[Match, ...]
    percent: int
    keeps: Match
    renumbered: bool = False
    waiting: bool = field(default=False)

    @property
    def is_doubtful(self) -> bool:
        """Whether the program was not sure."""
        return any(one.doubtful for one in self.matches)

    @property
    def is_confirmed(self) -> bool:
        """Whether a person looked at it."""
        return all(one.confirmed_at is not None for one in self.matches)


def relations(matches: Sequence[Match], old: Sequence[Clause], new: Sequence[Clause]) -> list[Relation]:
    """Relations of matches, in the order of the new version."""
    edges = [Edge(one.old_id, one.new_id, one.score / 1000, one.doubtful) for one in matches]
    return pairing.relations(edges, old, new)


def compared(old: Document, new: Document) -> list[Compared]:
    """All of two versions side by side, in the order of the new one. A number of queries that does not grow."""
    olds = {one.pk: one for one in Measure.every.filter(document=old)}
    news = {one.pk: one for one in Measure.every.filter(document=new)}
    matches = [
        one
        for one in new.matches.all()
        if (one.old_id is None or one.old_id in olds) and (one.new_id is None or one.new_id in news)
    ]
    left = clauses(old, [olds[key] for key in _order(olds, (one.old_id for one in matches))])
    right = clauses(new, [news[key] for key in _order(news, (one.new_id for one in matches))])
    texts = {clause.key: clause for clause in (*left, *right)}
    by_edge = {(one.old_id, one.new_id): one for one in matches}
    found = []
    for relation in relations(matches, left, right):
        rows = tuple(by_edge[edge.old, edge.new] for edge in relation.edges)
        old_keys = list(dict.fromkeys(edge.old for edge in relation.edges if edge.old is not None))
        new_keys = list(dict.fromkeys(edge.new for edge in relation.edges if edge.new is not None))
        left_runs, right_runs = _runs([texts[key] for key in old_keys], [texts[key] for key in new_keys])
        keeps = by_edge[relation.keeps.old, relation.keeps.new]
        renumbered = (
            relation.keeps.old is not None
            and relation.keeps.new is not None
            and olds[relation.keeps.old].number != news[relation.keeps.new].number
        )
        found.append(
            Compared(
                relation.kind,
                tuple((olds[key], runs) for key, runs in zip(old_keys, left_runs, strict=True)),
                tuple((news[key], runs) for key, runs in zip(new_keys, right_runs, strict=True)),
                rows,
                round(keeps.score / 10),
                keeps,
                renumbered,
                any(one.doubtful and one.confirmed_at is None for one in rows),
            )
        )
    return found


def _order(rows: dict[int, Measure], keys: Iterable[int | None]) -> list[int]:
    wanted = {key for key in keys if key is not None}
    return sorted(wanted, key=lambda key: rows[key].order)


def _runs(old: Sequence[Clause], new: Sequence[Clause]) -> tuple[list[list[Run]], list[list[Run]]]:
    """Marked texts of both sides; several clauses are compared as one text and cut apart again."""
    if not old:
        return [], [[Run(clause.text, False)] for clause in new]
    if not new:
        return [[Run(clause.text, False)] for clause in old], []
    left, right = marks("\n".join(one.text for one in old), "\n".join(one.text for one in new))
    return _apart(left, [len(one.text) for one in old]), _apart(right, [len(one.text) for one in new])


def _apart(runs: list[Run], lengths: list[int]) -> list[list[Run]]:
    """Runs of texts joined by one character each, by text."""
    flat = [(character, run.changed) for run in runs for character in run.text]
    parts, place = [], 0
    for length in lengths:
        part: list[Run] = []
        for character, changed in flat[place : place + length]:
            if part and part[-1].changed == changed:
                part[-1] = Run(part[-1].text + character, changed)
            else:
                part.append(Run(character, changed))
        parts.append(part)
        place += length + 1
    return parts
