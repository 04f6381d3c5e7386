"""Setting which post answers for the work of a unit. What was so before stays, with its last day."""

from __future__ import annotations

import datetime as dt

from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import Actor
from anlan.foundation.org.models import Charge, ChargePlace, Unit, UnitKind, in_force
from anlan.foundation.org.names import clean
from anlan.settings import InputError, Words


def set_charge(
    actor: Actor, unit: Unit, place: str, *, at: Unit | None, title: str, since: dt.date, reason: str = ""
) -> Charge | None:
    """Post of this title at `at` (the unit itself without one) answers for the unit's work from `since` on.

    An empty title ends what is set, the day before `since`. InputError if a link is set that this sort of unit has not,
    or one is set later already.
    """
    title, at = clean(title), at or unit
    if problems := charge_problems(unit, place, title, at, since):
        raise InputError(*problems)
    with acting(actor, "org.charge", unit, reason=reason) as act:
        before, made = put_charge(unit, place, at, title, since)
        act.before = {"charge": before}
        act.after = {"charge": str(made) if made else "", "since": since}
    return made


def charge_problems(unit: Unit, place: str, title: str, at: Unit, since: dt.date) -> list[Words]:
    """What is wrong with a link of the chain."""
    problems = []
    if place == ChargePlace.TOWNSHIP and unit.kind != UnitKind.TOWNSHIP:
        problems.append(
            Words(
                f"“{unit}”不是乡镇街道，没有乡镇责任人；请改为责任科室",
                f"{unit} is no township and has no township post; choose the office",
            )
        )
    if place in (ChargePlace.OFFICE, ChargePlace.TOWNSHIP) and at.pk != unit.pk:
        problems.append(
            Words(f"这一环节的职务应在“{unit}”本单位，不在“{at}”", f"the post must be at {unit} itself, not at {at}")
        )
    later = Charge.objects.filter(unit=unit, place=place, since__gt=since).order_by("since").first()
    if later is not None:
        problems.append(
            Words(
                f"“{unit}”从 {later.since} 起已另有安排（{later.title}）；起始日期应不早于这一天",
                f"{later.title} is set for {unit} from {later.since} on; begin no earlier than that",
            )
        )
    if len(title) > 100:
        problems.append(Words("职务超过 100 个字", "the post has more than 100 characters"))
    return problems


def put_charge(unit: Unit, place: str, at: Unit, title: str, since: dt.date) -> tuple[str, Charge | None]:
    """Writes it, inside an action; gives what stood before in words, and what stands now."""
    standing = Charge.objects.filter(in_force(since), unit=unit, place=place).select_related("unit", "at").first()
    before = str(standing) if standing else ""
    if standing is not None and title and (standing.at_id, standing.title) == (at.pk, title):
        return before, standing
    if standing is not None and standing.since == since:
        # Set on the same day: a correction.
        if not title:
            standing.delete()
            return before, None
        standing.at, standing.title = at, title
        standing.save(update_fields=["at", "title"])
        return before, standing
    if standing is not None:
        standing.until = since - dt.timedelta(days=1)
        standing.save(update_fields=["until"])
    if not title:
        return before, None
    return before, Charge.objects.create(unit=unit, place=place, at=at, title=title, since=since)
