"""Documents that plans rest on, their clauses, and which measure of ours carries a clause out."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.foundation.screens.marks import Mark


class Level(models.TextChoices):
    """Whose document it is."""

    NATIONAL = "national", _("国家")
    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    DISTRICT = "district", _("县区级")
    STANDARD = "standard", _("标准规范")
    OTHER = "other", _("其他")


class Validity(models.TextChoices):
    """Whether it binds. `unknown` is what nobody has looked up yet."""

    IN_FORCE = "in_force", _("现行有效")
    TRIAL = "trial", _("试行")
    REPEALED = "repealed", _("已废止")
    UNKNOWN = "unknown", _("待核实")


class Basis(models.Model):
    """Document of a higher authority that plans refer to. `since` and `until` are its first and last day in force."""

    title = models.CharField(max_length=300)
    number = models.CharField(max_length=100, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.OTHER)
    validity = models.CharField(max_length=10, choices=Validity.choices, default=Validity.UNKNOWN, db_index=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="replaces")
    note = models.CharField(max_length=500, blank=True)
    lock = models.IntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["level", "title", "id"]
        constraints = [
            models.UniqueConstraint(fields=["title", "number"], name="basis_once"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=models.F("since")),
                name="basis_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"《{self.title}》" + (f"（{self.number}）" if self.number else "")

    def standing(self, today: dt.date) -> Mark:
        """Whether it binds on a day, as pages show it: a last day that has passed counts, whatever the entry says."""
        if self.validity == Validity.REPEALED:
            return Mark(str(Validity.REPEALED.label), "red")
        if self.until and self.until < today:
            return Mark(gettext("试行期已满") if self.validity == Validity.TRIAL else gettext("已失效"), "red")
        tones = {Validity.IN_FORCE: "green", Validity.TRIAL: "info", Validity.UNKNOWN: "yellow"}
        return Mark(str(Validity(self.validity).label), tones[Validity(self.validity)])


class BasisClause(models.Model):
    """Clause of such a document that asks for something. `exempt` says why the district has nothing to do for it."""

    basis = models.ForeignKey(Basis, on_delete=models.CASCADE, related_name="clauses")
    order = models.IntegerField()
    number = models.CharField(max_length=40, blank=True)
    chapter = models.JSONField(default=list)
    text = models.TextField()
    exempt = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["basis_id", "order"]
        constraints = [models.UniqueConstraint(fields=["basis", "order"], name="basis_clause_ordered_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.text[:40]}".strip()


class Mapping(models.Model):
    """That a measure carries a clause out, as a person confirmed."""

    clause = models.ForeignKey(BasisClause, on_delete=models.CASCADE, related_name="mappings")
    measure = models.ForeignKey("plan.Measure", on_delete=models.CASCADE, related_name="bases")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["clause_id", "id"]
        constraints = [models.UniqueConstraint(fields=["clause", "measure"], name="mapping_once")]

    def __str__(self) -> str:
        return f"{self.clause} → {self.measure}"
