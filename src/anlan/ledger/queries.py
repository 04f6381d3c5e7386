"""Reads of the ledger: lists, what is due next, one story of a problem, and the balance that must hold."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import visible
from anlan.foundation.calendars.calendar import national
from anlan.foundation.calendars.periods import Reckoning
from anlan.foundation.flow.models import Event
from anlan.foundation.flow.queries import events
from anlan.ledger.flow import OPEN, PROBLEM, TO_RECTIFY
from anlan.ledger.models import Candidate, Entry, Problem

_KIND = "ledger.problem"


def problems(actor: Actor) -> QuerySet[Problem]:
    """Problems that the actor may see, without those merged into others."""
    rows = Problem.objects.filter(joined_into=None).select_related("lead", "supervisor", "division")
    return visible(actor, "ledger.see", rows)


def mine(actor: Actor) -> Q:
    """Condition: the next step is the actor's own units' or roles'."""
    from anlan.foundation.access.roles import Role

    condition = Q(pk__in=())
    if units := actor.units(Role.HANDLER, Role.UNIT_LEADER):
        own = Q(lead__in=units) | Q(responsible__in=units)
        condition |= own & Q(state__in=("draft", "planned", "reopened"))
        condition |= Q(supervisor__in=units, state="self_done")
    if actor.has(Role.CLERK):
        condition |= Q(state__in=("submitted", "accepted", "public_notice"))
    if actor.has(Role.VERIFIER):
        condition |= Q(state="checked")
    if actor.has(Role.LEADER):
        condition |= Q(state="public_notice", notice_until__lt=timezone.localdate()) | Q(
            extensions__granted=None, extensions__isnull=False
        )
    return condition


def late(today: dt.date) -> Q:
    """Condition: the deadline has passed and the unit has not said that it is done."""
    return Q(deadline__lt=today, state__in=TO_RECTIFY)


def review(actor: Actor) -> QuerySet[Candidate]:
    """Pairs that wait for a person, both problems still on their own."""
    if not visible(actor, "ledger.join", Problem.objects.all()).exists():
        return Candidate.objects.none()
    return (
        Candidate.objects.filter(decision="", a__joined_into=None, b__joined_into=None)
        .select_related("a", "b")
        .prefetch_related(*(Prefetch(f"{side}__entries", Entry.objects.filter(in_force=True)) for side in ("a", "b")))
    )


@dataclass(frozen=True, slots=True)
class Next:
    """What is due next with a problem: step, last day for it and how that comes about; None where it has no limit."""

    code: str
    words: Any
    until: Reckoning | None


def due_next(problem: Problem) -> list[Next]:
    """Steps out of the state it is in, with their limits."""
    calendar = national()
    return [
        Next(step.code, step.words, step.until(problem.since, calendar))
        for step in PROBLEM.leaving(problem.state)
        if step.limit is not None
    ]


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened: when, what kind (icon), what, by whom."""

    at: dt.datetime
    kind: str
    title: str
    text: str = ""
    who: str = ""
    obj: Any = None


def story(problem: Problem, lang: str) -> list[Moment]:
    """Everything that happened with a problem, the latest first."""
    found = [
        Moment(
            event.at,
            "step",
            PROBLEM.step(event.transition).words.speak(lang),
            event.reason,
            event.actor_name,
        )
        for event in events(PROBLEM, problem)
    ]
    found += [
        Moment(one.at, "report", str(one.unit), one.text, str(one.by or ""), one)
        for one in problem.reports.select_related("unit", "by__person")
    ]
    found += [
        Moment(one.at, "visit", str(one.get_stage_display()), one.findings, one.persons, one)
        for one in problem.visits.select_related("unit")
    ]
    found += [
        Moment(one.at, "file", str(one.get_kind_display()), one.note or one.name, str(one.by or ""), one)
        for one in problem.evidence.select_related("by__person")
    ]
    found += [
        Moment(one.asked_at, "extension", str(one), one.reason, str(one.asked_by or ""), one)
        for one in problem.extensions.select_related("asked_by__person")
    ]
    found += [Moment(one.at, "objection", "", one.text, "", one) for one in problem.objections.all()]
    return sorted(found, key=lambda one: one.at, reverse=True)


@dataclass(frozen=True, slots=True)
class Balance:
    """Movement of a period: opening + new + reopened − left = ending. `left` are those closed, dismissed or merged.

    `counted` is what stands open at the end when the rows themselves are counted; it must equal `ending`.
    """

    opening: int
    new: int
    reopened: int
    left: int
    counted: int

    def __add__(self, other: Balance) -> Balance:
        return Balance(
            self.opening + other.opening,
            self.new + other.new,
            self.reopened + other.reopened,
            self.left + other.left,
            self.counted + other.counted,
        )

    @property
    def ending(self) -> int:
        """Open at the end, by the movement."""
        return self.opening + self.new + self.reopened - self.left

    @property
    def holds(self) -> bool:
        """Whether movement and rows agree."""
        return self.ending == self.counted


def balance(first: dt.date, last: dt.date, rows: QuerySet[Problem] | None = None) -> Balance:
    """Balance of a period (both days inclusive) for these problems, all by default. From events, never from states.

    A problem that was merged is the kept one's; it counts nowhere.
    """
    return sum(by_lead(first, last, rows).values(), Balance(0, 0, 0, 0, 0))


def by_lead(first: dt.date, last: dt.date, rows: QuerySet[Problem] | None = None) -> dict[int | None, Balance]:
    """Balance of a period by the key of the leading unit, None for problems without one."""
    chosen = (Problem.objects.all() if rows is None else rows).filter(joined_into=None)
    known = {key: (lead, day) for key, lead, day in chosen.order_by().values_list("pk", "lead_id", "registered_on")}
    moves: dict[int, list[tuple[dt.date, str, str]]] = {}
    events_of = Event.objects.filter(flow=PROBLEM.code, kind=_KIND).order_by("pk")
    for key, at, source, target in events_of.values_list("object_id", "at", "source", "target").iterator():
        if key in known:
            moves.setdefault(key, []).append((timezone.localtime(at).date(), source, target))
    counts: dict[int | None, Counter[str]] = {}
    for key, (lead, day) in known.items():
        if day <= last:
            _follow(counts.setdefault(lead, Counter()), day, moves.get(key, []), first, last)
    return {
        lead: Balance(one["opening"], one["new"], one["reopened"], one["left"], one["counted"])
        for lead, one in counts.items()
    }


def _follow(
    count: Counter[str], day: dt.date, moves: list[tuple[dt.date, str, str]], first: dt.date, last: dt.date
) -> None:
    """Adds what one problem, registered on `day`, does to the balance."""
    is_open = True
    count["opening" if day < first else "new"] += 1
    for when, source, target in moves:
        if when > last:
            break
        if source in OPEN and target not in OPEN:
            is_open = False
            count["opening" if when < first else "left"] += -1 if when < first else 1
        elif source not in OPEN and target in OPEN:
            is_open = True
            count["opening" if when < first else "reopened"] += 1
    count["counted"] += is_open


def on_notice(today: dt.date) -> QuerySet[Problem]:
    """Closures under public notice today, for everybody."""
    return Problem.objects.filter(
        state="public_notice", notice_from__lte=today, notice_until__gte=today, joined_into=None
    ).select_related("lead")


def states(rows: QuerySet[Problem]) -> Counter[str]:
    """How many problems stand in each state."""
    return Counter(rows.order_by().values_list("state", flat=True))
