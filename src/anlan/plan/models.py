"""Plans, their compiled documents, measures with duties, targets and deadlines; tasks made of them when issued.

A document is kept as it came (vault), as it reads (`text`, in which all positions count code points) and as it was
compiled. What a person settles or corrects stands beside what the compiler found, never over it: a row that was
replaced is `struck`. The managers named `objects` give what stands; `every` gives what was struck as well.
"""

from __future__ import annotations

from typing import TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from anlan.foundation.screens.marks import Mark

_Row = TypeVar("_Row", bound=models.Model)


class Standing(models.Manager[_Row]):
    """Rows that stand: neither a settlement, nor a correction, nor a new version struck them."""

    def get_queryset(self) -> models.QuerySet[_Row]:
        """Rows that are not struck."""
        return super().get_queryset().filter(struck=False)


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


class Standpoint(models.TextChoices):
    """Where a version of the document stands: compared with the one in force, in force, replaced, or put aside."""

    PROPOSED = "proposed", _("待比对")
    IN_FORCE = "in_force", _("现行")
    REPLACED = "replaced", _("已被替换")
    ASIDE = "aside", _("未采用")


class Document(models.Model):
    """Version of a plan's document; `compiled` is the compiler's whole output, as the JSON of `anlan compile`.

    All versions are kept. One is in force; at most one more is compared with it. `outcome` is what its adoption did:
    numbers, and the corrections that could not go on.
    """

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
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=Standpoint.choices, default=Standpoint.IN_FORCE)
    outcome = models.JSONField(default=dict)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["plan_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="document_numbered_once"),
            models.UniqueConstraint(fields=["plan"], condition=Q(state="in_force"), name="one_document_in_force"),
            models.UniqueConstraint(fields=["plan"], condition=Q(state="proposed"), name="one_document_proposed"),
        ]

    def __str__(self) -> str:
        return self.name


class Measure(models.Model):
    """Smallest numbered unit of work that carries its own duty; `chapter` is its headings, outermost first.

    `lock` counts its corrections. `made_by` is the correction that made it (split off, added), `struck_by` the one that
    took it out (merged into another, no measure at all). `continues` is the same clause in the version before.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="measures")
    order = models.IntegerField()
    number = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=500)
    chapter = models.JSONField(default=list)
    start = models.IntegerField()
    end = models.IntegerField()
    lock = models.IntegerField(default=0)
    struck = models.BooleanField(default=False)
    made_by = models.ForeignKey("Correction", null=True, on_delete=models.SET_NULL, related_name="made_measures")
    struck_by = models.ForeignKey("Correction", null=True, on_delete=models.SET_NULL, related_name="struck_measures")
    continues = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="continued_by")

    objects = Standing["Measure"]()
    every = models.Manager["Measure"]()

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

    A duty without a place in the text (`start` is None) was added by a person: by the settlement of `added_by` or the
    correction `made_by`; one that a person replaced is `struck`, never deleted.
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
    struck_by = models.ForeignKey("Correction", null=True, on_delete=models.SET_NULL, related_name="struck_duties")
    made_by = models.ForeignKey("Correction", null=True, on_delete=models.SET_NULL, related_name="made_duties")

    objects = Standing["Duty"]()
    every = models.Manager["Duty"]()

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

    One without a place in the text was added by a person: the settlement of `added_by` or the correction `made_by`.
    """

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="deadlines")
    text = models.CharField(max_length=200)
    date = models.DateField(null=True)
    kind = models.CharField(max_length=10)
    precision = models.CharField(max_length=10)
    start = models.IntegerField(null=True)
    end = models.IntegerField(null=True)
    added_by = models.ForeignKey("Question", null=True, on_delete=models.CASCADE, related_name="added_deadlines")
    struck = models.BooleanField(default=False)
    struck_by = models.ForeignKey("Correction", null=True, on_delete=models.SET_NULL, related_name="struck_deadlines")
    made_by = models.ForeignKey("Correction", null=True, on_delete=models.SET_NULL, related_name="made_deadlines")

    objects = Standing["Deadline"]()
    every = models.Manager["Deadline"]()

    class Meta:
        ordering = ["measure_id", "id"]

    def __str__(self) -> str:
        return self.text


class Target(models.Model):
    """Quantity a measure commits to. Exact: `low` and `high` are integers of 10**-scale units; equal unless a range.

    Both are None for a figure that no 64-bit integer holds; the text stands. One that a correction added by typing has
    no place in the text. A row stays with its clause from version to version, so that what was reported stays with it.
    """

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="targets")
    text = models.CharField(max_length=500)
    indicator = models.CharField(max_length=300)
    comparator = models.CharField(max_length=5)
    low = models.BigIntegerField(null=True)
    high = models.BigIntegerField(null=True)
    scale = models.IntegerField(default=0)
    unit = models.CharField(max_length=40, blank=True)
    start = models.IntegerField(null=True)
    end = models.IntegerField(null=True)
    struck = models.BooleanField(default=False)
    struck_by = models.ForeignKey("Correction", null=True, on_delete=models.SET_NULL, related_name="struck_targets")
    made_by = models.ForeignKey("Correction", null=True, on_delete=models.SET_NULL, related_name="made_targets")

    objects = Standing["Target"]()
    every = models.Manager["Target"]()

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


class CorrectionKind(models.TextChoices):
    """What of a measure a person corrected."""

    NUMBER = "number", _("序号")
    TITLE = "title", _("标题")
    CHAPTER = "chapter", _("章节")
    DUTY = "duty", _("承担单位")
    DEADLINE = "deadline", _("完成时限")
    TARGET = "target", _("目标")
    MOVE = "move", _("顺序")
    SPLIT = "split", _("拆分")
    MERGE = "merge", _("合并")
    ADD = "add", _("新增任务")
    STRIKE = "strike", _("不作为任务")


class Correction(models.Model):
    """Correction of a measure by a person: what the compiler found, what stood before, what stands since.

    `compiled`, `before` and `after` are texts, lists of them, or what a row says by name; None for nothing. Rows point
    back at it with `made_by` and `struck_by`; `kept` is what else is needed to take it back. `start` and `end` are the
    characters that were selected, if any. `carried_from` is the same correction in the version before.
    """

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(max_length=10, choices=CorrectionKind.choices)
    compiled = models.JSONField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    kept = models.JSONField(default=dict)
    start = models.IntegerField(null=True)
    end = models.IntegerField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    back_at = models.DateTimeField(null=True)
    back_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    carried_from = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="carried_to")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.measure}：{CorrectionKind(self.kind).label}"


class Match(models.Model):
    """Clause of the version in force (`old`) taken for a clause of the proposed `document` (`new`).

    Without `new` the clause is dropped, without `old` it is added. Several with one `old` split it, several with one
    `new` merge. `score` is how alike the texts are, in thousandths. A doubtful one waits for a person.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="matches")
    old = models.ForeignKey(Measure, null=True, on_delete=models.CASCADE, related_name="+")
    new = models.ForeignKey(Measure, null=True, on_delete=models.CASCADE, related_name="+")
    score = models.IntegerField()
    doubtful = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["document_id", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(old__isnull=False) | Q(new__isnull=False), name="match_of_a_clause"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1000), name="match_score_in_thousandths"),
        ]

    def __str__(self) -> str:
        return f"{self.old or '—'} → {self.new or '—'}"


class Task(models.Model):
    """Measure as work that has been handed out. `due` is the deadline that counts, None for standing work.

    A measure has one task; where the office splits it, the parts are tasks below it (`parent`). The part of a unit that
    has none any more is kept, with what it reported, in a void task below.
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
    void_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["plan_id", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["measure"], condition=Q(parent__isnull=True), name="one_task_for_a_measure")
        ]
        # The list of tasks begins in this order.
        indexes = [models.Index(fields=["order", "id"], name="task_in_order")]

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
    # From which day on its light is yellow, and red, if nothing is reported; kept by `lights.keep`, so that a list can
    # ask the store for the red ones.
    yellow_on = models.DateField(null=True)
    red_on = models.DateField(null=True, db_index=True)

    class Meta:
        ordering = ["task_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "unit"], name="task_duty_once"),
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="percent_within_100"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.unit}"
