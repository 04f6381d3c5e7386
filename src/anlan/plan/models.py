"""Plans, their compiled documents, measures with duties, targets and deadlines; tasks made of them when issued.

A document is kept as it came (vault), as it reads (`text`, in which all positions count code points) and as it was
compiled. What a person settles stands beside what the compiler found, never over it.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from anlan.foundation.screens.marks import Mark


class PlanState(models.TextChoices):
    """Draft: being read and settled. Issued: its tasks stand. Withdrawn: taken back with a reason, tasks void."""

    DRAFT = "draft", _("待下达")
    ISSUED = "issued", _("已下达")
    WITHDRAWN = "withdrawn", _("已撤回")


class Plan(models.Model):
    """Work plan of a year. `sample` marks invented or retold data."""

    title = models.CharField(max_length=300)
    year = models.IntegerField(null=True)
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT, db_index=True)
    sample = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    issued_at = models.DateTimeField(null=True)
    issued_on = models.DateField(null=True)
    lock = models.IntegerField(default=0)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def state_mark(self) -> Mark:
        """State as pages show it."""
        tones = {PlanState.DRAFT: "yellow", PlanState.ISSUED: "green", PlanState.WITHDRAWN: "neutral"}
        return Mark(str(PlanState(self.state).label), tones[PlanState(self.state)])


class Document(models.Model):
    """Version of a plan's document; `compiled` is the compiler's whole output, as the JSON of `anlan compile`."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="documents")
    number = models.IntegerField()
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    receipt = models.ForeignKey("vault.Receipt", null=True, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=20)
    text = models.TextField()
    compiled = models.JSONField()
    compiler = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["plan_id", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="document_numbered_once")]

    def __str__(self) -> str:
        return self.name


class Measure(models.Model):
    """Smallest numbered unit of work that carries its own duty; `chapter` is its headings, outermost first."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="measures")
    order = models.IntegerField()
    number = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=500)
    chapter = models.JSONField(default=list)
    start = models.IntegerField()
    end = models.IntegerField()

    class Meta:
        ordering = ["document_id", "order"]
        constraints = [models.UniqueConstraint(fields=["document", "order"], name="measure_ordered_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def text(self) -> str:
        """Characters of the measure as they stand in the document."""
        return self.document.text[self.start : self.end]


class DutyRole(models.TextChoices):
    """Part a unit plays: 牵头, 责任 (the text does not say who leads), 配合."""

    LEAD = "lead", _("牵头单位")
    RESPONSIBLE = "responsible", _("责任单位")
    COOPERATING = "cooperating", _("配合单位")


class Duty(models.Model):
    """Unit or group named for a measure. `name` as printed; `unit` or `group` once it is known who that is.

    A duty without a place in the text (`start` is None) was added by the settlement of `added_by`; one that a
    settlement replaced is `struck`, never deleted.
    """

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="duties")
    role = models.CharField(max_length=12, choices=DutyRole.choices)
    name = models.CharField(max_length=200)
    start = models.IntegerField(null=True)
    end = models.IntegerField(null=True)
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="duties")
    group = models.ForeignKey("org.Group", null=True, on_delete=models.PROTECT, related_name="duties")
    struck = models.BooleanField(default=False)
    added_by = models.ForeignKey("Question", null=True, on_delete=models.CASCADE, related_name="added_duties")

    class Meta:
        ordering = ["measure_id", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(unit__isnull=True) | Q(group__isnull=True), name="duty_of_one_body")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def body_name(self) -> str:
        """Name of the unit or group that is meant; "" while nobody knows."""
        return str(self.unit or self.group or "")


class Deadline(models.Model):
    """Time limit of a measure. `date` is the last day; `precision` how finely the text names it.

    One without a place in the text was added by the settlement of `added_by`.
    """

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="deadlines")
    text = models.CharField(max_length=200)
    date = models.DateField(null=True)
    kind = models.CharField(max_length=10)
    precision = models.CharField(max_length=10)
    start = models.IntegerField(null=True)
    end = models.IntegerField(null=True)
    added_by = models.ForeignKey("Question", null=True, on_delete=models.CASCADE, related_name="added_deadlines")

    class Meta:
        ordering = ["measure_id", "id"]

    def __str__(self) -> str:
        return self.text


class Target(models.Model):
    """Quantity a measure commits to. Exact: `low` and `high` are integers of 10**-scale units; equal unless a range.

    Both are None for a figure that no 64-bit integer holds; the text stands.
    """

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="targets")
    text = models.CharField(max_length=500)
    indicator = models.CharField(max_length=300)
    comparator = models.CharField(max_length=5)
    low = models.BigIntegerField(null=True)
    high = models.BigIntegerField(null=True)
    scale = models.IntegerField(default=0)
    unit = models.CharField(max_length=40, blank=True)
    start = models.IntegerField()
    end = models.IntegerField()

    class Meta:
        ordering = ["measure_id", "id"]

    def __str__(self) -> str:
        return self.text


class Finding(models.Model):
    """Diagnostic of the compiler at its place in the document."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="findings")
    measure = models.ForeignKey(Measure, null=True, on_delete=models.CASCADE, related_name="findings")
    code = models.CharField(max_length=8)
    severity = models.CharField(max_length=8)
    arguments = models.JSONField(default=dict)
    start = models.IntegerField()
    end = models.IntegerField()

    class Meta:
        ordering = ["document_id", "start", "id"]

    def __str__(self) -> str:
        return self.code


class QuestionKind(models.TextChoices):
    """What must be settled or waived before a plan is issued."""

    OWNER = "owner", _("没有责任单位")
    LEAD = "lead", _("没有写明牵头单位")
    UNIT = "unit", _("单位名称对不上")
    GROUP = "group", _("集合还没有成员")
    DEADLINE = "deadline", _("没有完成时限")


class Question(models.Model):
    """Something the text leaves open in a measure. Answered by a settlement (`answer`) or waived with `reason`."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="questions")
    duty = models.ForeignKey(Duty, null=True, on_delete=models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=10, choices=QuestionKind.choices)
    answer = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    waived = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["measure__order", "id"]
        constraints = [
            # Over an expression, because SQLite takes two empty values for different ones.
            models.UniqueConstraint("measure", Coalesce("duty_id", 0), "kind", name="question_asked_once"),
            models.CheckConstraint(condition=Q(waived=False) | ~Q(reason=""), name="waiver_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.measure}：{QuestionKind(self.kind).label}"


class Task(models.Model):
    """Measure as work that has been handed out. `due` is the deadline that counts, None for standing work.

    A measure has one task; where the office splits it, the parts are tasks below it (`parent`).
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="tasks")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="tasks")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    number = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=500)
    order = models.IntegerField()
    chapter = models.CharField(max_length=500, blank=True)
    start = models.DateField()
    due = models.DateField(null=True, db_index=True)
    due_text = models.CharField(max_length=200, blank=True)
    void = models.BooleanField(default=False)

    class Meta:
        ordering = ["plan_id", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["measure"], condition=Q(parent__isnull=True), name="one_task_for_a_measure")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


class Owes(models.TextChoices):
    """What a unit owes to a task: the report, with which it carries the light, or a contribution line."""

    REPORT = "report", _("报告进展")
    CONTRIBUTION = "contribution", _("配合情况")


class TaskDuty(models.Model):
    """Unit's part in a task; `via` is the group through which it came. Percent and sentence are what it last said."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="duties")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="task_duties")
    role = models.CharField(max_length=12, choices=DutyRole.choices)
    owes = models.CharField(max_length=12, choices=Owes.choices)
    via = models.ForeignKey("org.Group", null=True, on_delete=models.PROTECT, related_name="+")
    percent = models.IntegerField(default=0)
    done_on = models.DateField(null=True)

    class Meta:
        ordering = ["task_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "unit"], name="task_duty_once"),
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="percent_within_100"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.unit}"
