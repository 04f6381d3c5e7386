"""Rounds of reports on a plan, what each unit owes in them, reports with their figures, targets split into shares.

A report is corrected by a new revision; the newest accepted one counts and the earlier ones stay. What `TaskDuty` and
`Owed` keep of it is a cache that `counting` can make anew at any time.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.foundation.screens.marks import Mark
from anlan.plan.models import Owes


class Rhythm(models.TextChoices):
    """How often a plan is reported on."""

    MONTH = "month", _("每月")
    QUARTER = "quarter", _("每季度")


class Schedule(models.Model):
    """When the rounds of a plan open and end.

    A round opens on `opens_day` of the last month of its period (the month's last day where it is shorter), and its
    reports are due `due_workdays` working days later. `automatic` lets the machine open it on that day.
    """

    plan = models.OneToOneField("plan.Plan", on_delete=models.CASCADE, related_name="schedule")
    rhythm = models.CharField(max_length=10, choices=Rhythm.choices, default=Rhythm.MONTH)
    opens_day = models.IntegerField(default=25)
    due_workdays = models.IntegerField(default=5)
    automatic = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(opens_day__gte=1, opens_day__lte=31), name="schedule_opens_in_a_month"),
            models.CheckConstraint(
                condition=Q(due_workdays__gte=1, due_workdays__lte=30), name="schedule_leaves_some_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {Rhythm(self.rhythm).label}"


class Round(models.Model):
    """One call for reports (调度): the period they tell of, `first` to `last`, and the day they are due.

    `reckoned_on` is the day the calendar gave (None if it gave none), `due_on` the one in force. A round called
    by mistake is `void`; its rows stay. `name` is only for a round off the rhythm.
    """

    plan = models.ForeignKey("plan.Plan", on_delete=models.PROTECT, related_name="rounds")
    name = models.CharField(max_length=100, blank=True)
    first = models.DateField()
    last = models.DateField()
    due_on = models.DateField(db_index=True)
    reckoned_on = models.DateField(null=True)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by_name = models.CharField(max_length=120)
    void = models.BooleanField(default=False)
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["-last", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "first", "last"], condition=Q(void=False), name="round_once_a_period"
            ),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="round_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(due_on__gte=F("first")), name="round_due_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.name or period_name(self.first, self.last)

    @property
    def whole_name(self) -> str:
        """Name with the plan."""
        return gettext("《%(plan)s》%(round)s") % {"plan": self.plan, "round": self}


def period_name(first: dt.date, last: dt.date) -> str:
    """Period as people say it: 2022年9月, 2022年第三季度, or its two days."""
    after = last + dt.timedelta(days=1)
    if first.day == 1 and after.day == 1:
        months = (after.year - first.year) * 12 + after.month - first.month
        if months == 1:
            return gettext("%(year)d年%(month)d月") % {"year": first.year, "month": first.month}
        if months == 3 and first.month % 3 == 1:
            quarters = (gettext("第一季度"), gettext("第二季度"), gettext("第三季度"), gettext("第四季度"))
            return gettext("%(year)d年%(quarter)s") % {"year": first.year, "quarter": quarters[first.month // 3]}
    return gettext("%(first)s 至 %(last)s") % {"first": first, "last": last}


class ReportState(models.TextChoices):
    """Where a report is: at the unit (draft, submitted to its leader), at the office (approved), or accepted."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待单位审核")
    APPROVED = "approved", _("待长江办采纳")
    ACCEPTED = "accepted", _("已采纳")


class Owed(models.Model):
    """What a unit's part in a task owes in a round: a report, or one line of contribution. Written when it opens.

    `sent_on` is the day the report first reached the office; on it hangs whether it was late. `excused` rows are asked
    for no more: the task was done before, or the office said so (`excuse`). `current` is the newest revision,
    `accepted` the one that counts.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="owed")
    part = models.ForeignKey("plan.TaskDuty", on_delete=models.PROTECT, related_name="owed")
    task = models.ForeignKey("plan.Task", on_delete=models.PROTECT, related_name="owed")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="owed")
    owes = models.CharField(max_length=12, choices=Owes.choices)
    sent_on = models.DateField(null=True)
    excused = models.BooleanField(default=False)
    excuse = models.CharField(max_length=300, blank=True)
    current = models.ForeignKey("Report", null=True, on_delete=models.SET_NULL, related_name="+")
    accepted = models.ForeignKey("Report", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["round_id", "unit__kind", "unit__code", "task__order", "id"]
        constraints = [models.UniqueConstraint(fields=["round", "part"], name="owed_once_a_round")]
        indexes = [models.Index(fields=["unit", "sent_on"])]

    def __str__(self) -> str:
        return f"{self.task}：{self.unit}，{self.round}"

    @property
    def is_contribution(self) -> bool:
        """Whether one line is enough."""
        return self.owes == Owes.CONTRIBUTION

    def mark(self, today: dt.date) -> Mark:
        """Where it stands on `today`, as lists show it."""
        if self.excused:
            return Mark(gettext("免报"))
        report = self.current
        if self.accepted_id and (report is None or report.pk == self.accepted_id):
            return Mark(gettext("已采纳"), "done")
        if report is not None and report.state != ReportState.DRAFT:
            return report.state_mark
        if report is not None and report.returned:
            return Mark(gettext("已退回，待修改"), "red")
        if self.sent_on is None and today > self.due_on:
            late = (today - self.due_on).days
            return Mark(gettext("未报送，已逾期 %(n)d 天") % {"n": late}, "red")
        return Mark(gettext("草稿"), "yellow") if report is not None else Mark(gettext("未报送"), "yellow")

    @property
    def due_on(self) -> dt.date:
        """Day it is due."""
        return self.round.due_on

    @property
    def is_late(self) -> bool:
        """Whether it reached the office after its day."""
        return self.sent_on is not None and self.sent_on > self.due_on


class Report(models.Model):
    """Revision of what a unit reports. Percent 0 to 100, None while nobody filled it in, and for contributions.

    `lock` counts saves: a save that was made on an older one is refused. `returned` is why it came back last, "" once
    it is handed in again. `direct` marks one that no leader of the unit could approve. `by_office` was entered by the
    office for the unit, `remark` says from what.
    """

    owed = models.ForeignKey(Owed, on_delete=models.PROTECT, related_name="reports")
    revision = models.IntegerField(default=1)
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.DRAFT, db_index=True)
    percent = models.IntegerField(null=True)
    done_on = models.DateField(null=True)
    narrative = models.TextField(blank=True)
    obstacles = models.TextField(blank=True)
    next_step = models.TextField(blank=True)
    lock = models.IntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    changed_by_name = models.CharField(max_length=120)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    returned = models.TextField(blank=True)
    direct = models.BooleanField(default=False)
    by_office = models.BooleanField(default=False)
    remark = models.CharField(max_length=300, blank=True)
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["owed_id", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["owed", "revision"], name="report_revision_once"),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__gte=0, percent__lte=100),
                name="report_percent_within_100",
            ),
            models.CheckConstraint(condition=Q(done_on__isnull=True) | Q(percent=100), name="report_done_is_whole"),
            # One draft or waiting revision at a time, whoever presses first.
            models.UniqueConstraint(fields=["owed"], condition=~Q(state="accepted"), name="report_one_open_revision"),
        ]
        indexes = [models.Index(fields=["owed", "state", "revision"])]

    def __str__(self) -> str:
        if self.revision > 1:
            return gettext("%(owed)s（第 %(n)d 稿）") % {"owed": self.owed, "n": self.revision}
        return str(self.owed)

    @property
    def state_mark(self) -> Mark:
        """State as lists show it."""
        tones = {
            ReportState.DRAFT: "yellow",
            ReportState.SUBMITTED: "info",
            ReportState.APPROVED: "info",
            ReportState.ACCEPTED: "done",
        }
        if self.state == ReportState.SUBMITTED and self.direct:
            return Mark(gettext("待长江办采纳"), "info")
        return Mark(str(ReportState(self.state).label), tones[ReportState(self.state)])


class Figure(models.Model):
    """What a report says of a target: `text` as typed, and the exact value in the target's unit, 10**-scale each.

    `value` is None for a text that gives no figure: a draft keeps it all the same.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="figures")
    target = models.ForeignKey("plan.Target", on_delete=models.PROTECT, related_name="figures")
    text = models.CharField(max_length=100)
    value = models.BigIntegerField(null=True)
    scale = models.IntegerField(default=0)

    class Meta:
        ordering = ["report_id", "target_id"]
        constraints = [models.UniqueConstraint(fields=["report", "target"], name="figure_once")]

    def __str__(self) -> str:
        return self.text


class Attachment(models.Model):
    """File that belongs to a report. Taken off a draft, its row goes; the file stays in the vault as received."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="attachments")
    receipt = models.ForeignKey("vault.Receipt", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["report_id", "id"]
        constraints = [models.UniqueConstraint(fields=["report", "receipt"], name="attachment_once")]

    def __str__(self) -> str:
        return str(self.receipt)


class Reminder(models.Model):
    """That a unit was reminded of a round."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="reminders")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by_name = models.CharField(max_length=120)
    told = models.IntegerField(default=0)

    class Meta:
        ordering = ["round_id", "-at"]

    def __str__(self) -> str:
        return f"{self.round} {self.unit}"


class Split(models.Model):
    """How a target is split over units and periods. Confirmed when it adds up, or with the reason why it does not."""

    target = models.OneToOneField("plan.Target", on_delete=models.PROTECT, related_name="split")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_name = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    lock = models.IntegerField(default=0)

    class Meta:
        ordering = ["target_id"]

    def __str__(self) -> str:
        return str(self.target)


class TargetShare(models.Model):
    """Share of a unit in a target, for a period that ends on `until` (None: the whole). In the target's unit and exact:
    `value` is an integer of 10**-scale. Shares of several periods are amounts of each, not sums up to it.
    """

    split = models.ForeignKey(Split, on_delete=models.CASCADE, related_name="shares")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="target_shares")
    until = models.DateField(null=True)
    text = models.CharField(max_length=100)
    value = models.BigIntegerField()
    scale = models.IntegerField(default=0)

    class Meta:
        ordering = ["split_id", "unit__kind", "unit__code", "until"]
        constraints = [
            models.UniqueConstraint(fields=["split", "unit", "until"], name="share_once"),
            models.UniqueConstraint(
                fields=["split", "unit"], condition=Q(until__isnull=True), name="share_of_the_whole_once"
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="share_is_no_debt"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.text}"
