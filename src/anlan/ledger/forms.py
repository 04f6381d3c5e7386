"""Forms of the ledger's pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.foundation.org import queries as org
from anlan.foundation.org.models import Unit
from anlan.foundation.vault.types import SHEETS
from anlan.ledger.actions import Facts
from anlan.ledger.closing import WATCHES
from anlan.ledger.linkage.kinds import kinds
from anlan.ledger.models import Evidence, Origin, Outcome, Problem, Term


def _lang() -> str:
    from anlan.foundation.screens.texts import language

    return language()


def kind_choices() -> list[tuple[str, str]]:
    """Kinds of problems as a form offers them."""
    return [(code, kind.name.speak(_lang())) for code, kind in kinds().items()]


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    # A browser fills the field only from a day in this form, whatever the language.
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=required, widget=widget)


def _units() -> Any:
    return org.in_force_units(timezone.localdate()).order_by("short_name")


class _WithUnits(forms.Form):
    """Form whose unit fields offer the units in force today."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = _units()


class IntakeForm(forms.Form):
    """Ledger to take in."""

    file = forms.FileField(
        label=_("台账文件"),
        help_text=_("Excel、WPS 表格或 CSV。收到的原件照存，先看结果再收入。"),
        widget=forms.ClearableFileInput(
            attrs={"accept": ",".join(suffix for one in SHEETS for suffix in one.suffixes)}
        ),
    )
    ledger = forms.CharField(
        label=_("台账名称"),
        required=False,
        max_length=200,
        help_text=_("同一份台账每次用同一名称，系统才能比出变动；不填则用文件名。"),
    )
    origin = forms.ChoiceField(label=_("来源类别"), choices=Origin.choices, initial=Origin.OTHER)


class ProblemForm(_WithUnits):
    """What the office says of a problem."""

    title = forms.CharField(label=_("问题名称"), max_length=300)
    text = forms.CharField(label=_("问题描述"), widget=forms.Textarea(attrs={"rows": 4}))
    place = forms.CharField(label=_("地点"), required=False, max_length=300)
    river = forms.CharField(label=_("河流"), required=False, max_length=100)
    company = forms.CharField(label=_("企业"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("问题类型"), required=False)
    lon = forms.DecimalField(label=_("经度（WGS84）"), required=False, max_digits=9, decimal_places=6)
    lat = forms.DecimalField(label=_("纬度（WGS84）"), required=False, max_digits=8, decimal_places=6)
    term = forms.ChoiceField(label=_("整改类型"), choices=Term.choices)
    deadline = _day(_("整改时限"))
    lead = forms.ModelChoiceField(label=_("牵头单位"), queryset=Unit.objects.none(), required=False)
    responsible = forms.ModelMultipleChoiceField(
        label=_("责任单位"),
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    supervisor = forms.ModelChoiceField(label=_("督导（验收）单位"), queryset=Unit.objects.none(), required=False)
    lock = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("未定")), *kind_choices()]  # type: ignore[attr-defined]

    @staticmethod
    def of(problem: Problem) -> dict[str, Any]:
        """What the form shows of a problem."""
        return {
            "title": problem.title,
            "text": problem.text,
            "place": problem.place,
            "river": problem.river,
            "company": problem.company,
            "kind": problem.kind,
            "lon": None if problem.lon_e6 is None else Decimal(problem.lon_e6).scaleb(-6),
            "lat": None if problem.lat_e6 is None else Decimal(problem.lat_e6).scaleb(-6),
            "term": problem.term,
            "deadline": problem.deadline,
            "lead": problem.lead_id,
            "supervisor": problem.supervisor_id,
            "responsible": list(problem.responsible.values_list("pk", flat=True)),
            "lock": problem.lock,
        }

    def facts(self, before: Problem | None = None) -> Facts:
        """The form as facts. When a problem was found stays as its sources say."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "lock"}
        said["responsible"] = tuple(said["responsible"])
        return Facts(**said, found=before.found if before else "")


class PlanForm(forms.Form):
    """Rectification plan; steps come as rows of their own."""

    goal = forms.CharField(
        label=_("整改目标"), widget=forms.Textarea(attrs={"rows": 2}), help_text=_("写能核对的目标：数量、时间、标准。")
    )
    measures = forms.CharField(label=_("整改措施"), widget=forms.Textarea(attrs={"rows": 4}))
    lock = forms.IntegerField(widget=forms.HiddenInput)


class VisitForm(_WithUnits):
    """Check on site."""

    unit = forms.ModelChoiceField(label=_("核查单位"), queryset=Unit.objects.none())
    persons = forms.CharField(label=_("核查人员"), max_length=200, help_text=_("两人以上，用顿号分开。"))
    on = _day(_("核查日期"), required=True)
    findings = forms.CharField(label=_("现场情况"), widget=forms.Textarea(attrs={"rows": 3}))
    measured = forms.CharField(
        label=_("实测数据"), required=False, max_length=500, help_text=_("例如：COD 32 mg/L，排口无水流出。")
    )
    passed = forms.TypedChoiceField(
        label=_("结论"), choices=(("1", _("通过")), ("0", _("不通过"))), coerce=lambda value: value == "1"
    )


class ReportForm(_WithUnits):
    """Progress as the unit tells it."""

    unit = forms.ModelChoiceField(label=_("报告单位"), queryset=Unit.objects.none())
    text = forms.CharField(label=_("整改进展"), widget=forms.Textarea(attrs={"rows": 3}))
    percent = forms.IntegerField(label=_("完成比例（%）"), required=False, min_value=0, max_value=100)


class EvidenceForm(forms.Form):
    """File that shows something."""

    file = forms.FileField(label=_("材料"))
    kind = forms.ChoiceField(label=_("类别"), choices=Evidence.Kind.choices)
    note = forms.CharField(label=_("说明"), required=False, max_length=300)


class PublishForm(forms.Form):
    """Public notice of a closure."""

    start = _day(_("公示起日"), required=True)
    workdays = forms.IntegerField(
        label=_("公示工作日数"), initial=10, min_value=1, max_value=60, help_text=_("首日计入，节假日不算。")
    )
    outcome = forms.ChoiceField(label=_("整改结果"), choices=[one for one in Outcome.choices if one[0]])


class CloseForm(forms.Form):
    """Closure."""

    months = forms.TypedChoiceField(
        label=_("巩固期"), choices=[(one, _("%(n)s 个月") % {"n": one}) for one in WATCHES], coerce=int, initial=6
    )


class ReasonForm(forms.Form):
    """Reason for a step."""

    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000)


class ExtensionForm(forms.Form):
    """Request for a longer deadline."""

    new = _day(_("延期到"), required=True)
    reason = forms.CharField(label=_("延期理由"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500)


class GrantForm(forms.Form):
    """Answer to such a request."""

    granted = forms.TypedChoiceField(
        label=_("批复"), choices=(("1", _("准予延期")), ("0", _("不予延期"))), coerce=lambda value: value == "1"
    )
    document = forms.CharField(label=_("批准文号"), required=False, max_length=100)
    answer = forms.CharField(label=_("说明"), required=False, max_length=500)


class ObjectionForm(forms.Form):
    """Objection of the public to a closure."""

    text = forms.CharField(label=_("异议内容"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5000)
    contact = forms.CharField(
        label=_("联系方式"), required=False, max_length=100, help_text=_("可以不填。只有办理人看得到，不公开。")
    )


class AnswerForm(forms.Form):
    """Answer to an objection."""

    upheld = forms.TypedChoiceField(
        label=_("核实结论"), choices=(("1", _("属实")), ("0", _("不属实"))), coerce=lambda value: value == "1"
    )
    text = forms.CharField(label=_("核实情况和答复"), widget=forms.Textarea(attrs={"rows": 2}))
