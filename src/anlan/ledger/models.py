"""Problems with all their sources, and what their rectification leaves behind: steps, evidence, visits, objections.

Texts of sources are kept as received. The state of a problem is a cache of its events (ledger.flow).
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.foundation.access.models import MinuteCount
from anlan.ledger.flow import PROBLEM, TO_RECTIFY


class Origin(models.TextChoices):
    """Where a list of problems comes from."""

    CENTRAL = "zydc", _("中央生态环境保护督察反馈")
    PETITION_HANDED = "zydc_xf", _("督察交办信访件")
    FILM_NATIONAL = "jsp_gj", _("长江经济带生态环境警示片（国家）")
    FILM_PROVINCIAL = "jsp_sj", _("省生态环境警示片")
    PROVINCIAL = "sjdc", _("省级生态环境保护督察")
    AUDIT = "sj", _("审计指出问题")
    SELF = "zc", _("自查排查")
    PETITION = "xf", _("信访、热线、媒体")
    PROCURATORATE = "jcjy", _("检察建议")
    SENSOR = "sensor", _("监测数据")
    OTHER = "other", _("其他")


class Term(models.TextChoices):
    """How long the rectification of a problem may take."""

    IMMEDIATE = "immediate", _("立行立改")
    LIMITED = "limited", _("限期整改")
    LONG = "long_term", _("长期坚持")


class Outcome(models.TextChoices):
    """What the rectification came to; a field apart from whether the problem is open."""

    NONE = "", _("未定")
    RECTIFIED = "rectified", _("完成整改")
    PARTLY = "partly", _("部分完成")
    UNTRUE = "untrue", _("经查不属实")
    TRANSFERRED = "transferred", _("移交其他部门")


class Standing(models.TextChoices):
    """How a row of an imported ledger stands to what is known."""

    NEW = "new", _("新增")
    SAME = "same", _("未变")
    CHANGED = "changed", _("有变动")


class Problem(models.Model):
    """One problem, whatever lists it stands in. Coordinates are WGS84 in millionths of a degree.

    `deadline` is the strictest of its sources or what was extended, `first_deadline` the first one, which stays. A
    problem that was merged into another keeps its number and names it in `joined_into`.
    """

    number = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=300)
    text = models.TextField()
    place = models.CharField(max_length=300, blank=True)
    division = models.ForeignKey("org.Division", null=True, on_delete=models.PROTECT, related_name="+")
    river = models.CharField(max_length=100, blank=True)
    company = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=40, blank=True, db_index=True)
    lon_e6 = models.IntegerField(null=True)
    lat_e6 = models.IntegerField(null=True)
    found = models.CharField(max_length=10, blank=True)
    term = models.CharField(max_length=10, choices=Term.choices, default=Term.LIMITED)
    goal = models.TextField(blank=True)
    measures = models.TextField(blank=True)
    deadline = models.DateField(null=True, db_index=True)
    first_deadline = models.DateField(null=True)
    lead = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="led_problems")
    responsible = models.ManyToManyField("org.Unit", related_name="problems")
    supervisor = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="supervised_problems")
    state = models.CharField(max_length=20, default=PROBLEM.first, db_index=True)
    since = models.DateField(default=timezone.localdate)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.NONE, blank=True)
    registered_on = models.DateField(default=timezone.localdate)
    notice_from = models.DateField(null=True)
    notice_until = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    watch_until = models.DateField(null=True)
    joined_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="joined")
    lock = models.IntegerField(default=0)
    sample = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            # The districts of China lie well within.
            models.CheckConstraint(
                condition=Q(lon_e6__isnull=True, lat_e6__isnull=True)
                | Q(lon_e6__range=(-180_000_000, 180_000_000), lat_e6__range=(-90_000_000, 90_000_000)),
                name="problem_lies_on_earth",
            ),
            models.CheckConstraint(condition=~Q(pk=F("joined_into")), name="problem_not_joined_into_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def is_late(self, today: dt.date) -> bool:
        """Whether its deadline has passed and it still is to be rectified."""
        return self.deadline is not None and self.deadline < today and self.state in TO_RECTIFY


class Intake(models.Model):
    """Ledger that was taken in: the file as received, what its columns were taken for, what came of it.

    `mapping` holds the columns that a person decided (key of the column to field, "" for none); `ledger` names the
    list that the file is an edition of. `counts` and `report` are what the dry run said.
    """

    class State(models.TextChoices):
        """How far it got."""

        READING = "reading", _("读取中")
        READ = "read", _("待确认")
        TAKING = "taking", _("收入中")
        TAKEN = "taken", _("已收入")
        FAILED = "failed", _("未能读取")

    ledger = models.CharField(max_length=200)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.OTHER)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    receipt = models.BigIntegerField(null=True)
    mapping = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    sample = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.ledger}（{self.file_name}）"


class IntakeLine(models.Model):
    """Row of a ledger that was read and not taken in yet; disposable, since the file can be read again."""

    store = "scratch"

    intake = models.BigIntegerField(db_index=True)
    order = models.IntegerField()
    data = models.JSONField()
    standing = models.CharField(max_length=8, choices=Standing.choices)
    entry = models.BigIntegerField(null=True)
    changes = models.JSONField(default=dict)

    class Meta:
        ordering = ["intake", "order"]
        constraints = [models.UniqueConstraint(fields=["intake", "order"], name="intake_line_once")]


class Entry(models.Model):
    """What one ledger says of a problem: its row as received. A changed row is an entry of its own, after the old one.

    `data` are the fields as read, `original` the cells under their column titles.
    """

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="entries")
    intake = models.ForeignKey(Intake, null=True, on_delete=models.PROTECT, related_name="entries")
    ledger = models.CharField(max_length=200)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.OTHER)
    sheet = models.CharField(max_length=100, blank=True)
    row = models.IntegerField(default=0)
    part = models.IntegerField(default=1)
    key = models.CharField(max_length=100, blank=True)
    fingerprint = models.CharField(max_length=32)
    source = models.CharField(max_length=300, blank=True)
    description = models.TextField()
    place = models.CharField(max_length=300, blank=True)
    disclosed = models.CharField(max_length=10, blank=True)
    deadline = models.DateField(null=True)
    data = models.JSONField(default=dict)
    original = models.JSONField(default=dict)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    in_force = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["ledger", "in_force", "fingerprint"])]

    def __str__(self) -> str:
        return f"{self.ledger} {self.sheet} {self.row}".strip()


class Candidate(models.Model):
    """Two problems that may be one: how likely, why, and what a person decided."""

    class Decision(models.TextChoices):
        """What was decided."""

        OPEN = "", _("待判断")
        SAME = "same", _("同一问题")
        DIFFERENT = "different", _("不同问题")

    a = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="+")
    b = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="+")
    # Millionths.
    probability = models.IntegerField()
    why = models.JSONField(default=list)
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-probability", "id"]
        constraints = [models.UniqueConstraint(fields=["a", "b"], name="candidate_once")]

    def __str__(self) -> str:
        return f"{self.a.number} / {self.b.number}"


class Joining(models.Model):
    """That a problem was merged into another; taken apart again by `undone_at`, and kept for ever.

    `entries` are the keys of the entries that moved, so that exactly these go back.
    """

    kept = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="joinings")
    absorbed = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="+")
    entries = models.JSONField(default=list)
    deadline_before = models.DateField(null=True)
    by_rule = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_why = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.absorbed.number} → {self.kept.number}"


class Measure(models.Model):
    """Step of the rectification plan. `cost_cents` is money in 分; `done_on` the day it was done."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="steps")
    order = models.IntegerField()
    text = models.CharField(max_length=500)
    due = models.DateField(null=True)
    cost_cents = models.BigIntegerField(null=True)
    done_on = models.DateField(null=True)

    class Meta:
        ordering = ["problem_id", "order"]
        constraints = [models.UniqueConstraint(fields=["problem", "order"], name="rectification_step_once")]

    def __str__(self) -> str:
        return self.text

    @property
    def wan(self) -> str:
        """Money in 万元, exact; "" where none is said."""
        if self.cost_cents is None:
            return ""
        return f"{self.cost_cents // 1_000_000}.{self.cost_cents % 1_000_000:06d}".rstrip("0").rstrip(".")


class Report(models.Model):
    """Periodic report of a unit on the rectification; `percent` is its own claim of 0 to 100."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="reports")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    percent = models.IntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__range=(0, 100)), name="claim_is_a_share"
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Evidence(models.Model):
    """File that shows something of a problem: receipt of the vault, what it shows, when it was taken."""

    class Kind(models.TextChoices):
        """What the file shows."""

        BEFORE = "before", _("整改前照片")
        AFTER = "after", _("整改后照片")
        MONITORING = "monitoring", _("监测报告")
        RECEIPT = "receipt", _("票据合同")
        VISIT = "visit", _("现场核查")
        OTHER = "other", _("其他材料")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="evidence")
    receipt = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.OTHER)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Visit(models.Model):
    """Check on site: by which unit, by whom (two persons at least), what was seen and measured, and the verdict."""

    class Stage(models.TextChoices):
        """Which check it is."""

        PRELIMINARY = "preliminary", _("初验")
        ACCEPTANCE = "acceptance", _("验收")
        WATCH = "watch", _("回头看")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="visits")
    stage = models.CharField(max_length=12, choices=Stage.choices)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    persons = models.CharField(max_length=200)
    on = models.DateField()
    findings = models.TextField()
    measured = models.CharField(max_length=500, blank=True)
    passed = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.on}"


class Extension(models.Model):
    """Longer deadline that a unit asked for, and the answer. The deadline it replaces stays here."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="extensions")
    old = models.DateField()
    new = models.DateField()
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    granted = models.BooleanField(null=True)
    document = models.CharField(max_length=100, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(new__gt=F("old")), name="extension_is_later")]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class Objection(models.Model):
    """What somebody holds against a closure under public notice, and what became of it."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="objections")
    text = models.TextField()
    contact = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(default=timezone.now)
    upheld = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:40]


class ObjectionCount(MinuteCount):
    """Objections from one address in one minute."""

    address = models.CharField(max_length=45)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "minute"], name="objection_count_once")]


class SignAnswer(models.Model):
    """What a person answered to a sign against a claimed rectification; `key` is that of the sign. It stays."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="answers")
    key = models.CharField(max_length=40)
    text = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["problem", "key"], name="sign_answered_once")]

    def __str__(self) -> str:
        return self.text
