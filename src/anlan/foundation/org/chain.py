"""Who answers for the work of a unit on a day, link by link: leader in charge, heads, office, township.

By posts: after a handover the chain of an earlier day still names who held the post then. What is missing is a link
too, and says what is missing.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from anlan.foundation.org.models import Charge, ChargePlace, Post, PostKind, Unit, UnitKind, in_force
from anlan.settings import Words

PLACES = {
    "leader": Words("分管区领导", "leader in charge"),
    "party": Words("党委（党组）负责人", "party head"),
    "government": Words("行政负责人", "head of the unit"),
    "office": Words("责任科室", "office"),
    "township": Words("乡镇责任人", "township"),
}
_HEADS = {"party": PostKind.PARTY_HEAD, "government": PostKind.GOVERNMENT_HEAD}


@dataclass(frozen=True, slots=True)
class Link:
    """One link: `place` (a key of PLACES), for which unit, the post and who holds it; `gap` says what is missing."""

    place: str
    unit: Unit
    post: str = ""
    person: str = ""
    gap: Words | None = None

    @property
    def words(self) -> Words:
        """What the link is called."""
        return PLACES[self.place]

    @property
    def short(self) -> Words:
        """Post and holder, or what is missing, where row and column say of whom and of what."""
        if self.gap is None:
            return self.told
        return Words(f"{self.post}空缺", f"{self.post}: vacant") if self.post else Words("缺", "none")

    @property
    def told(self) -> Words:
        """Post and holder, or what is missing."""
        if self.gap is not None:
            return self.gap
        return Words(f"{self.post} {self.person}", f"{self.post} {self.person}")


class Chains:
    """Posts and charges of one day, read once: two queries."""

    def __init__(self, day: dt.date) -> None:
        self.day = day
        self._heads: dict[tuple[int, str], list[Post]] = defaultdict(list)
        self._held: dict[tuple[int, str], list[Post]] = defaultdict(list)
        for post in Post.objects.filter(in_force(day)).select_related("person", "unit").order_by("since", "pk"):
            self._heads[post.unit_id, post.kind].append(post)
            self._held[post.unit_id, post.title].append(post)
        rows = Charge.objects.filter(in_force(day)).select_related("at", "unit")
        self._charges = {(one.unit_id, one.place): one for one in rows}

    def of(self, unit: Unit) -> list[Link]:
        """Chain of a unit that answers for a task: leader in charge, both heads (党政同责), office."""
        return [
            self._charged(unit, ChargePlace.LEADER),
            self._head(unit, "party"),
            self._head(unit, "government"),
            self.township(unit) if unit.kind == UnitKind.TOWNSHIP else self._charged(unit, ChargePlace.OFFICE),
        ]

    def township(self, unit: Unit) -> Link:
        """Last link in a township: the post that is set, else its head."""
        if (unit.pk, ChargePlace.TOWNSHIP) in self._charges:
            return self._charged(unit, ChargePlace.TOWNSHIP)
        head = self._head(unit, "government")
        return Link("township", unit, head.post, head.person, head.gap)

    def _charged(self, unit: Unit, place: ChargePlace) -> Link:
        name = PLACES[place.value]
        charge = self._charges.get((unit.pk, place))
        if charge is None:
            gap = Words(f"“{unit}”没有指定{name.zh}", f"{unit}: no {name.en} is set")
            return Link(place.value, unit, gap=gap)
        post = charge.title if charge.at_id == unit.pk else f"{charge.at} {charge.title}"
        held = self._held.get((charge.at_id, charge.title), ())
        if not held:
            return Link(place.value, unit, post, gap=Words(f"{post}空缺", f"{post}: vacant"))
        return Link(place.value, unit, post, "、".join(one.person.name for one in held))

    def _head(self, unit: Unit, place: str) -> Link:
        held = self._heads.get((unit.pk, _HEADS[place].value), ())
        if not held:
            name = PLACES[place]
            return Link(place, unit, gap=Words(f"“{unit}”缺{name.zh}", f"{unit}: no {name.en}"))
        return Link(place, unit, held[0].title, "、".join(one.person.name for one in held))
