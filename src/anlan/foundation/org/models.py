"""Units with aliases and validity, groups, people, posts, territories."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _


def in_force(day: dt.date, prefix: str = "") -> Q:
    """Condition: valid on `day`, by the fields `since` and `until` (both inclusive, open where empty)."""
    since, until = f"{prefix}since", f"{prefix}until"
    return (Q(**{f"{since}__isnull": True}) | Q(**{f"{since}__lte": day})) & (
        Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gte": day})
    )


class Division(models.Model):
    """Administrative division; the code of what contains it is the beginning of its own (GB/T 2260, 10114)."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class UnitKind(models.TextChoices):
    """What sort of body a unit is."""

    DEPARTMENT = "department", _("区直部门")
    FIELD_OFFICE = "field_office", _("上级派出机构")
    TOWNSHIP = "township", _("乡镇街道")
    PARTY = "party", _("党委部门")
    JUDICIAL = "judicial", _("司法机关")
    INSTITUTION = "institution", _("事业单位")
    MASS = "mass", _("群团组织")
    COORDINATION = "coordination", _("协调机构")
    COMPANY = "company", _("企业")
    OTHER = "other", _("其他")


class Unit(models.Model):
    """Body that can own a duty. A unit is ended by a date and its successors, never deleted.

    `short_name` is the name plans print, `official_name` the full one ("" where nobody has confirmed it).
    """

    code = models.CharField(max_length=40, unique=True)
    short_name = models.CharField(max_length=100, unique=True)
    official_name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20, choices=UnitKind.choices, default=UnitKind.DEPARTMENT)
    division = models.ForeignKey(Division, null=True, blank=True, on_delete=models.PROTECT, related_name="units")
    is_office = models.BooleanField(default=False)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    successors = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="predecessors")
    note = models.CharField(max_length=300, blank=True)
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["kind", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=models.F("since")),
                name="unit_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.short_name


class UnitAlias(models.Model):
    """Further name of a unit or a group; `misprint` marks one known to be printed wrong. A name means one body."""

    name = models.CharField(max_length=200, unique=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.CASCADE, related_name="aliases")
    group = models.ForeignKey("Group", null=True, blank=True, on_delete=models.CASCADE, related_name="aliases")
    misprint = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, group__isnull=True) | Q(unit__isnull=True, group__isnull=False),
                name="alias_means_one_body",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """Name that stands for several units ("every township"); a clerk says which, with days."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100, unique=True)
    note = models.CharField(max_length=300, blank=True)
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """Unit in a group, from one day to another."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["group_id", "unit_id"]
        constraints = [
            # Over an expression, because SQLite takes two empty values for different ones.
            models.UniqueConstraint(
                "group",
                "unit",
                Coalesce("since", models.Value(dt.date(1, 1, 1), models.DateField())),
                name="membership_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.unit}"


class Person(models.Model):
    """Someone who works in the district. No more is kept than the work needs."""

    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=30, blank=True)
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PostKind(models.TextChoices):
    """Place of a post in the chain of responsibility (党政同责)."""

    PARTY_HEAD = "party_head", _("党委（党组）负责人")
    GOVERNMENT_HEAD = "government_head", _("行政负责人")
    DEPUTY = "deputy", _("分管负责人")
    STAFF = "staff", _("工作人员")


class Post(models.Model):
    """Post held by a person at a unit. Handing over ends one and begins another; `predecessor` links them."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=PostKind.choices, default=PostKind.STAFF)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    predecessor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="successors")

    class Meta:
        ordering = ["unit_id", "kind", "person_id"]

    def __str__(self) -> str:
        return f"{self.unit} {self.title} {self.person}"


class ChargePlace(models.TextChoices):
    """Links of the chain of responsibility that are set for a unit; its heads are known from the posts themselves."""

    LEADER = "leader", _("分管区领导")
    OFFICE = "office", _("责任科室")
    TOWNSHIP = "township", _("乡镇责任人")


class Charge(models.Model):
    """Post that answers for the work of `unit`, from one day to another: the post of this title at `at`.

    By the post and not by the person, so that a handover changes nothing here; who holds it on a day the posts say.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="charges")
    place = models.CharField(max_length=10, choices=ChargePlace.choices)
    at = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=100)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["unit_id", "place", "since", "id"]
        constraints = [
            # Over an expression, because SQLite takes two empty values for different ones.
            models.UniqueConstraint(
                "unit",
                "place",
                Coalesce("since", models.Value(dt.date(1, 1, 1), models.DateField())),
                name="charge_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=models.F("since")),
                name="charge_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {ChargePlace(self.place).label}：{self.at} {self.title}"
