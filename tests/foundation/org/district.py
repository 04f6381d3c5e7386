"""A small district: two units, two townships with their group, people who hold the posts."""

from __future__ import annotations

import datetime as dt

from tests import people

from anlan.foundation.org.models import Division, Group, Membership, Person, Post, PostKind, Unit, UnitKind

LONG_AGO = dt.date(2020, 1, 1)


def district() -> dict[str, Unit]:
    """Units by short name; 各乡镇 has the two townships since 2020."""
    Division.objects.create(code="990101", name="青溪区", kind="district")
    Division.objects.create(code="990101101", name="上渡镇", kind="town")
    units = {name: people.unit(name) for name in ("区水利局", "区工信局")}
    group = Group.objects.create(code="xz", name="各乡(镇)街道")
    for name in ("上渡镇", "下渡镇"):
        units[name] = people.unit(name, UnitKind.TOWNSHIP)
        Membership.objects.create(group=group, unit=units[name], since=LONG_AGO)
    return units


def holder(unit: Unit, kind: PostKind = PostKind.GOVERNMENT_HEAD, name: str = "甲", title: str = "局长") -> Post:
    """Post that somebody has held at a unit since 2020."""
    return Post.objects.create(
        person=Person.objects.create(name=name), unit=unit, title=title, kind=kind, since=LONG_AGO
    )
