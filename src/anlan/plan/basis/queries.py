"""Reads of the library: what plans refer to, what measures rest on, what is mapped and what is not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import visible
from anlan.plan import comparing
from anlan.plan import queries as plans
from anlan.plan.basis.models import Basis, BasisClause
from anlan.plan.basis.models import Mapping as Mapped
from anlan.plan.compiler import references as printed
from anlan.plan.compiler.view import fold, solid
from anlan.plan.matching.clauses import Profiles, shared, words
from anlan.plan.models import Measure, Plan, Standpoint

# Weighed share of a clause's words that a measure must hold to be offered, and how many are offered.
OFFERED_FROM = 0.12
OFFERED = 3


def library(actor: Actor) -> QuerySet[Basis]:
    """Documents, each with its clauses, those that are mapped and those that need nothing counted."""
    standing = Q(clauses__mappings__measure__document__state=Standpoint.IN_FORCE)
    return visible(actor, "basis.see", Basis.objects.all()).annotate(
        clause_count=Count("clauses", distinct=True),
        mapped=Count("clauses", filter=standing, distinct=True),
        exempted=Count("clauses", filter=~Q(clauses__exempt=""), distinct=True),
    )


@dataclass(frozen=True, slots=True)
class Referred:
    """Document that a text names: as printed, how often, and the library's entry, None where there is none."""

    title: str
    number: str
    times: int
    basis: Basis | None


class Shelf:
    """The library by title and by number, read once."""

    def __init__(self) -> None:
        self._by_title: dict[str, list[Basis]] = defaultdict(list)
        self._by_number: dict[str, Basis] = {}
        for one in Basis.objects.select_related("replaced_by"):
            self._by_title[_key(one.title)].append(one)
            if one.number:
                self._by_number[_key(one.number)] = one

    def find(self, title: str, number: str) -> Basis | None:
        """Document by its number, else by its title; with several of one title the one without another number."""
        if number and (found := self._by_number.get(_key(number))):
            return found
        rows = self._by_title.get(_key(title), []) if title else []
        fitting = [row for row in rows if not number or not row.number]
        return fitting[0] if fitting else rows[0] if rows and not number else None


def _key(text: str) -> str:
    return solid(fold(text)).strip("《》")


def references(plan: Plan) -> list[Referred]:
    """Documents that the version in force names, the most named first; its own title is none."""
    document = plans.document(plan)
    shelf = Shelf()
    counts: Counter[tuple[str, str]] = Counter()
    own = _key(plan.title)
    for one in document.compiled.get("references", ()):
        title, number = one.get("title") or "", one.get("number") or ""
        # The plan names itself, as a draft for comments too.
        if number or not _key(title).startswith(own):
            counts[title, number] += 1
    return [
        Referred(title, number, times, shelf.find(title, number)) for (title, number), times in counts.most_common()
    ]


def of_measure(measure: Measure) -> tuple[list[Referred], list[Mapped]]:
    """What a measure rests on: documents that its text names, and clauses of higher plans that it carries out."""
    found = printed.find(solid(fold(measure.text)))
    mapped = list(Mapped.objects.filter(measure=measure).select_related("clause__basis__replaced_by"))
    if not found:
        return [], mapped
    shelf = Shelf()
    counts = Counter((one.title or "", one.number or "") for one in found)
    return [
        Referred(title, number, times, shelf.find(title, number)) for (title, number), times in counts.items()
    ], mapped


def in_force(plan: Plan | None = None) -> QuerySet[Measure]:
    """Measures of all plans in force, or of one."""
    rows = Measure.objects.filter(document__state=Standpoint.IN_FORCE).exclude(document__plan__state="withdrawn")
    return rows.filter(document__plan=plan) if plan else rows


@dataclass(frozen=True, slots=True)
class Row:
    """Clause with the measures that carry it out and those that might; `is_open` where nothing is said of it."""

    clause: BasisClause
    mapped: tuple[Mapped, ...]
    offered: tuple[tuple[Measure, int], ...]

    @property
    def is_open(self) -> bool:
        """Whether it is neither mapped nor exempt."""
        return not self.mapped and not self.clause.exempt


def rows(basis: Basis, plan: Plan | None) -> list[Row]:
    """Clauses of a document with their mappings into what is in force, and with offers out of one plan."""
    mapped: dict[int, list[Mapped]] = defaultdict(list)
    standing = Mapped.objects.filter(
        clause__basis=basis, measure__document__state=Standpoint.IN_FORCE, measure__struck=False
    )
    for one in standing.select_related("measure__document__plan", "by__person").defer(
        "measure__document__text", "measure__document__compiled"
    ):
        mapped[one.clause_id].append(one)
    clauses = list(basis.clauses.all())
    offers = _offers(clauses, plan) if plan else {}
    return [
        Row(
            clause,
            tuple(mapped[clause.pk]),
            tuple(
                (measure, share)
                for measure, share in offers.get(clause.pk, ())
                if measure.pk not in {one.measure_id for one in mapped[clause.pk]}
            ),
        )
        for clause in clauses
    ]


def _offers(clauses: Iterable[BasisClause], plan: Plan) -> dict[int, list[tuple[Measure, int]]]:
    """Measures of a plan that share most with each clause, in per cent, weighed as the matching weighs."""
    document = plans.document(plan)
    measures = {one.pk: one for one in document.measures.all()}
    texts = {one.key: words(one.text) for one in comparing.clauses(document, measures.values())}
    asked = {clause.pk: words(clause.text) for clause in clauses}
    profiles = Profiles(texts.values(), asked.values())
    index: dict[str, list[int]] = defaultdict(list)
    for key, text in texts.items():
        for pair in profiles.pairs(text):
            index[pair].append(key)
    # What stands in every third clause, such as the bracket with the units, says nothing of what a clause asks.
    common = max(1, max(len(texts), len(asked)) // 3)
    found = {}
    for clause, text in asked.items():
        own = Counter({pair: n for pair, n in profiles.pairs(text).items() if profiles.held[pair] <= common})
        votes: Counter[int] = Counter()
        for pair in own:
            votes.update(index.get(pair, ()))
        whole = profiles.weight(own) or 1.0
        shares = [
            (profiles.weight(shared(own, profiles.pairs(texts[key]))) / whole, key)
            for key, _ in votes.most_common(OFFERED * 4)
        ]
        best = sorted((row for row in shares if row[0] >= OFFERED_FROM), reverse=True)[:OFFERED]
        found[clause] = [(measures[key], round(share * 100)) for share, key in best]
    return found
