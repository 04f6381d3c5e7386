"""Forms of progress: the report, a new round, its day, the schedule."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.foundation.screens.forms import ReasonForm
from anlan.foundation.screens.texts import language
from anlan.plan.models import Owes, Plan, Target, TaskDuty
from anlan.plan.progress import figures, periods, sharing
from anlan.plan.progress.counting import counting
from anlan.plan.progress.models import Figure, Owed, Report, Rhythm, Schedule, period_name
from anlan.plan.progress.values import Values
from anlan.settings import InputError

_LONGEST = 20_000


class DayInput(forms.DateInput):
    """Day as browsers ask for it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Percent(forms.IntegerField):
    """Number that a draft may lack; the label says that it is asked for."""

    def validate(self, value: Any) -> None:
        """Anything: what is missing is said when the report is handed in."""


class Narrative(forms.CharField):
    """Text that a draft may lack; the label says that it is asked for."""

    def validate(self, value: Any) -> None:
        """Anything: what is missing is said when the report is handed in."""


class ReportForm(forms.Form):
    """What a unit reports. Nothing is required of a draft; what is there must be readable.

    `last` is the report that counts so far, shown beside the fields.
    """

    percent = Percent(
        label=_("完成进度（%）"),
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": _("进度应为 0 到 100 的整数。")},
    )
    done_on = forms.DateField(
        label=_("完成日期"),
        required=False,
        widget=DayInput(),
        help_text=_("任务全部完成时填写，进度即为 100%；没有完成的不填。"),
        error_messages={"invalid": _("不是日期，请按 2022-09-30 的样子填写。")},
    )
    narrative = Narrative(
        label=_("进展情况"),
        max_length=_LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("做了什么、做到哪一步，写数字和地点。"),
    )
    obstacles = forms.CharField(
        label=_("存在问题"), required=False, max_length=_LONGEST, strip=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    next_step = forms.CharField(
        label=_("下一步打算"),
        required=False,
        max_length=_LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        owed: Owed,
        targets: list[Target],
        last: Report | None,
        *args: Any,
        shares: dict[int, str],
        reporters: int = 1,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        # Whoever contributes gives a figure where a share was given to it, and nowhere else.
        self.targets = [one for one in targets if shares.get(one.pk)] if owed.is_contribution else targets
        self.own = owed.is_contribution or reporters > 1
        if owed.is_contribution:
            for name in ("percent", "done_on", "obstacles", "next_step"):
                del self.fields[name]
            self.fields["narrative"].label = gettext("配合情况")
            self.fields["narrative"].help_text = gettext("一两句话：配合做了什么。")
            self.fields["narrative"].widget.attrs["rows"] = 3
        said = list(last.figures.select_related("target")) if last else []
        before = {one.target_id: one for one in said}
        # After a new version of the document the target is another row; the same indicator goes on.
        by_name = {(one.target.indicator, one.target.unit): one for one in said}
        if last and last.percent is not None and "percent" in self.fields:
            self.fields["percent"].help_text = gettext("上次采纳：%(percent)d%%") % {"percent": last.percent}
            self.fields["percent"].widget.attrs["data-last"] = str(last.percent)
        order = ["percent", "done_on"]
        for target in self.targets:
            name = f"figure-{target.pk}"
            self.fields[name] = self._figure(
                target,
                before.get(target.pk) or by_name.get((target.indicator, target.unit)),
                shares.get(target.pk, ""),
            )
            order.append(name)
        self.order_fields(order)

    def _figure(self, target: Target, before: Figure | None, share: str) -> forms.CharField:
        help_text = [gettext("目标：%(text)s") % {"text": target.text}]
        if share:
            help_text.append(gettext("本单位份额：%(share)s") % {"share": share})
        if before:
            help_text.append(gettext("上次采纳：%(text)s") % {"text": before.text})
        unit = target.unit or gettext("数")
        made = forms.CharField(
            label=(
                gettext("%(indicator)s（%(unit)s，本单位累计）")
                if self.own
                else gettext("%(indicator)s（%(unit)s，累计）")
            )
            % {"indicator": target.indicator, "unit": unit},
            required=False,
            max_length=100,
            help_text=gettext("；").join(help_text),
        )
        if before:
            made.widget.attrs["data-last"] = before.text
        return made

    def clean(self) -> dict[str, Any]:
        """A day of completion means 100 %; figures must be figures."""
        data = super().clean() or {}
        if data.get("done_on"):
            if data.get("percent") is None and "percent" not in self.errors:
                data["percent"] = 100
            elif data.get("percent") != 100:
                self.add_error("done_on", gettext("填了完成日期，进度应为 100%；没有完成的请不要填完成日期。"))
        for target in self.targets:
            text = str(data.get(f"figure-{target.pk}") or "").strip()
            if text:
                try:
                    figures.read(text, target.unit)
                except InputError as error:
                    self.add_error(f"figure-{target.pk}", error.problems[0].speak(language()))
        return data

    def values(self, kept: Values) -> Values:
        """What was typed, wrong or not; what no draft can hold is left as it was (`kept`)."""
        self.is_valid()

        def read(name: str, fallback: Any) -> Any:
            if name not in self.fields:
                return None
            return fallback if name in self.errors else self.cleaned_data.get(name)

        percent, done_on = read("percent", kept.percent), read("done_on", kept.done_on)
        texts = {
            name: (self.data.get(name) or "").replace("\0", "")[:_LONGEST]
            for name in ("narrative", "obstacles", "next_step")
        }
        typed = {one.pk: self.data.get(f"figure-{one.pk}", "").replace("\0", "") for one in self.targets}
        return Values(percent, done_on if percent == 100 else None, figures=typed, **texts)


def form_of(row: Owed, *data: Any, **more: Any) -> ReportForm:
    """Form for what a unit owes, with its targets, shares and what counted last. Four queries."""
    targets = list(Target.objects.filter(measure=row.task.measure_id))
    shares = sharing.shares_of(row.unit_id, [one.pk for one in targets]) if targets else {}
    told = {one.pk: sharing.told(one, shares.get(one.pk, [])) for one in targets}
    last = counting([row.part_id]).get(row.part_id)
    reporters = TaskDuty.objects.filter(task=row.task_id, owes=Owes.REPORT).count()
    return ReportForm(row, targets, last, *data, shares=told, reporters=reporters, **more)


def initial(values: Values) -> dict[str, Any]:
    """Values as a form begins with them."""
    return values.fields


class RoundForm(forms.Form):
    """Calls for reports: of which plan, on which period, due when."""

    plan = forms.ModelChoiceField(label=_("文稿"), queryset=Plan.objects.none())
    period = forms.CharField(
        label=_("哪一期"), widget=forms.Select, help_text=_("专项调度请选“其他”，再填起止日期和名称。")
    )
    name = forms.CharField(label=_("调度名称"), required=False, max_length=100)
    first = forms.DateField(label=_("起"), required=False, widget=DayInput())
    last = forms.DateField(label=_("止"), required=False, widget=DayInput())
    due_on = forms.DateField(label=_("报送截止日"), required=False, widget=DayInput())

    def __init__(self, *args: Any, plan: Plan | None = None, schedule: Schedule, today: dt.date, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        field = self.fields["plan"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Plan.objects.filter(state="issued")
        widget = self.fields["period"].widget
        assert isinstance(widget, forms.Select)
        widget.choices = [*_spans(schedule.rhythm, today), ("other", gettext("其他（专项调度）"))]
        day = periods_due(today, schedule.due_workdays)
        self.fields["due_on"].help_text = (
            gettext("不填则为 %(day)s（今天起 %(n)d 个工作日，已扣除节假日、计入调休上班日）。")
            % {"day": day, "n": schedule.due_workdays}
            if day
            else gettext("下一年的放假安排还没有公布，算不出工作日，请填写。")
        )

    def clean(self) -> dict[str, Any]:
        """A period of the rhythm, or two days of one's own."""
        data = super().clean() or {}
        period = str(data.get("period") or "")
        if period == "other":
            for name in ("first", "last"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, gettext("专项调度须填起止日期。"))
            if not data.get("name"):
                self.add_error("name", gettext("专项调度须有名称，如“汛前专项调度”。"))
        elif period:
            try:
                first, last = (dt.date.fromisoformat(part) for part in period.split(".", 1))
            except ValueError:
                self.add_error("period", gettext("没有“%(period)s”这一期。") % {"period": period[:60]})
            else:
                data |= {"first": first, "last": last, "name": ""}
        return data


def periods_due(today: dt.date, workdays: int) -> dt.date | None:
    """Day reports would be due if called today."""
    from anlan.plan.progress.calling import reckoned

    return reckoned(today, workdays)


def _spans(rhythm: str, today: dt.date) -> list[tuple[str, str]]:
    """The period of today and the eleven before it, the current one first."""
    months = periods.MONTHS[rhythm]
    span = periods.holding(today, rhythm)
    found = []
    for _n in range(12 // months):
        found.append((f"{span.first}.{span.last}", period_name(span.first, span.last)))
        span = periods.holding(span.first - dt.timedelta(days=1), rhythm)
    return found


class DueForm(ReasonForm):
    """Another day for the reports of a round."""

    due_on = forms.DateField(label=_("新的截止日"), widget=DayInput())
    field_order = ("due_on", "reason")


class ScheduleForm(forms.Form):
    """How often a plan is reported on."""

    rhythm = forms.ChoiceField(label=_("报送周期"), choices=Rhythm.choices)
    opens_day = forms.IntegerField(
        label=_("每期启动日"), min_value=1, max_value=31, help_text=_("期末那个月的几号；当月没有这一天的，为月末。")
    )
    due_workdays = forms.IntegerField(
        label=_("报送期限（工作日）"),
        min_value=1,
        max_value=30,
        help_text=_("启动后几个工作日内报送，按国务院放假安排扣除节假日、计入调休上班日。"),
    )
    automatic = forms.BooleanField(label=_("到启动日自动启动调度"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


def today() -> dt.date:
    """Day of the district."""
    return timezone.localdate()
