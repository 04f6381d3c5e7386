"""Forms of units, groups, people and posts. What the actions find wrong stands beside its field as well."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.foundation.org import queries
from anlan.foundation.org.checks import PostData, UnitData
from anlan.foundation.org.models import Division, Person, Post, PostKind, Unit, UnitKind
from anlan.foundation.org.names import clean
from anlan.foundation.screens.forms import ReasonForm
from anlan.foundation.screens.texts import language
from anlan.settings import InputError

# Brackets, spaces and 、 may stand in the name of a unit.
_PARTED = re.compile(r"[;；\n]+")


class DayInput(forms.DateInput):
    """Date by the browser's own picker."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class UnitField(forms.CharField):
    """Unit by one of its names; the page offers those in force in a list named "units"."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"list": "units", "autocomplete": "off"}))
        super().__init__(max_length=200, **kwargs)

    def clean(self, value: Any) -> Any:
        """Unit that the name means."""
        text = super().clean(value)
        return unit_named(text) if text else None


class UnitsField(forms.CharField):
    """Several units, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, **kwargs)

    def clean(self, value: Any) -> Any:
        """Units that the names mean, each once."""
        text = super().clean(value)
        found = [unit_named(name) for name in map(clean, _PARTED.split(text)) if name]
        return list({unit.pk: unit for unit in found}.values())


def unit_named(name: str) -> Unit:
    """Unit of this name; ValidationError with the nearest names if there is none."""
    unit = queries.unit_by_name(name)
    if unit is None:
        near = queries.near_names(name)
        if near:
            raise forms.ValidationError(
                gettext("没有“%(name)s”这个单位，是不是“%(near)s”？") % {"name": name, "near": "”“".join(near)}
            )
        raise forms.ValidationError(gettext("没有“%(name)s”这个单位，请先在单位表中新增。") % {"name": name})
    return unit


class DivisionField(forms.CharField):
    """Division by name or code; the page offers them in a list named "divisions"."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"list": "divisions", "autocomplete": "off"}))
        super().__init__(max_length=60, **kwargs)

    def clean(self, value: Any) -> Any:
        """Division that the text means."""
        text = clean(super().clean(value))
        if not text:
            return None
        found = list(Division.objects.filter(code=text)) or list(Division.objects.filter(name=text))
        if len(found) != 1:
            raise forms.ValidationError(
                gettext("有 %(n)d 个区划叫“%(name)s”，请填代码。") % {"n": len(found), "name": text}
                if found
                else gettext("没有“%(name)s”这个区划，请填区划的名称或代码。") % {"name": text}
            )
        return found[0]


class PersonField(forms.CharField):
    """Person by name, with the number behind it where several have the name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"list": "people", "autocomplete": "off"}))
        super().__init__(max_length=120, **kwargs)

    def clean(self, value: Any) -> Any:
        """Person that the text means."""
        text = clean(super().clean(value))
        if not text:
            return None
        numbered = re.fullmatch(r"(.+?) #([0-9]{1,18})", text)
        if numbered:
            rows = list(Person.objects.filter(pk=int(numbered[2]), name=numbered[1]))
        else:
            rows = list(Person.objects.filter(name=text)[:9])
        if len(rows) == 1:
            return rows[0]
        if not rows:
            raise forms.ValidationError(gettext("没有叫“%(name)s”的人员；新来的人请填在下面。") % {"name": text})
        raise forms.ValidationError(
            gettext("有 %(n)d 人叫“%(name)s”，请从列表中选：%(all)s")
            % {"n": len(rows), "name": text, "all": "、".join(f"{one.name} #{one.pk}" for one in rows)}
        )


class Plain(forms.Form):
    """Form without Django's colon after labels, that takes what an action finds wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


def tell(form: forms.Form, error: InputError) -> None:
    """Puts what an action found wrong beside its fields."""
    for problem in error.problems:
        field = getattr(problem, "field", "")
        form.add_error(field if field in form.fields else None, problem.speak(language()))


class UnitForm(Plain):
    """Facts of a unit."""

    short_name = forms.CharField(label=_("简称"), max_length=100, help_text=_("文件里印的名称，如“区水利局”。"))
    official_name = forms.CharField(label=_("全称"), max_length=200, required=False, help_text=_("没有核实的不填。"))
    kind = forms.ChoiceField(label=_("类别"), choices=UnitKind.choices)
    division = DivisionField(label=_("所在区划"), required=False, help_text=_("区划的名称或代码。"))
    is_office = forms.BooleanField(label=_("是牵头办公室（长江办所在单位）"), required=False)
    since = forms.DateField(label=_("启用日期"), required=False, widget=DayInput(), help_text=_("一直都有的不填。"))
    code = forms.CharField(label=_("编码"), max_length=40, required=False, help_text=_("不填由系统编。"))
    note = forms.CharField(label=_("备注"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def data_of(self, until: dt.date | None = None) -> UnitData:
        """Facts as entered."""
        got = self.cleaned_data
        return UnitData(
            short_name=got["short_name"],
            code=got["code"],
            official_name=got["official_name"],
            kind=got["kind"],
            division=got["division"],
            is_office=got["is_office"],
            since=got["since"],
            until=got.get("until", until),
            note=got["note"],
        )


class NewUnitForm(UnitForm):
    """New unit with its further names."""

    aliases = forms.CharField(
        label=_("别名"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("一行一个。"),
    )
    misprints = forms.CharField(
        label=_("误写"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("文件里出现过的错误写法，一行一个。"),
    )
    field_order = ["short_name", "official_name", "kind", "division", "aliases", "misprints"]


class EditUnitForm(UnitForm, ReasonForm):
    """Correction of a unit; `until` is here to take back or to correct an ending."""

    until = forms.DateField(
        label=_("停用日期"), required=False, widget=DayInput(), help_text=_("停用请用“停用单位”；这里只作更正。")
    )
    field_order = [
        "short_name",
        "official_name",
        "kind",
        "division",
        "is_office",
        "since",
        "until",
        "code",
        "note",
        "reason",
    ]


class EndUnitForm(ReasonForm):
    """Ending of a unit."""

    day = forms.DateField(label=_("最后一天"), widget=DayInput(), help_text=_("次日起不再派发任务。"))
    how = forms.ChoiceField(
        label=_("方式"),
        choices=[
            ("merge", _("并入另一单位")),
            ("rename", _("更名")),
            ("split", _("拆分")),
            ("close", _("撤销，无承接单位")),
        ],
    )
    successors = UnitsField(
        label=_("承接单位"), required=False, help_text=_("单位名称，一行一个；更名的先新增新单位。")
    )
    hand_on_groups = forms.BooleanField(label=_("承接单位进入它所在的集合"), required=False, initial=True)
    field_order = ["day", "how", "successors", "hand_on_groups", "reason"]


class AliasForm(Plain):
    """Further name."""

    name = forms.CharField(label=_("名称"), max_length=200)
    misprint = forms.BooleanField(label=_("是误写"), required=False)


class GroupForm(Plain):
    """Facts of a group."""

    name = forms.CharField(label=_("名称"), max_length=100, help_text=_("文件里印的名称，如“各乡(镇)街道”。"))
    code = forms.CharField(label=_("编码"), max_length=40, required=False, help_text=_("不填由系统编。"))
    note = forms.CharField(label=_("备注"), max_length=300, required=False)


class NewGroupForm(GroupForm):
    """New group with its further names."""

    aliases = forms.CharField(
        label=_("别名"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("一行一个。"),
    )


class EditGroupForm(GroupForm, ReasonForm):
    """Correction of a group."""

    field_order = ["name", "code", "note", "reason"]


class MembersForm(ReasonForm):
    """From which day a group stands for which units; the units are ticked on the page."""

    day = forms.DateField(label=_("从哪天起"), widget=DayInput(), help_text=_("之前的成员情况保留不变。"))
    units = forms.ModelMultipleChoiceField(
        label=_("成员单位"), queryset=Unit.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ["units", "day", "reason"]

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = offered  # type: ignore[attr-defined]


class PersonForm(ReasonForm):
    """Correction of a person."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(label=_("电话"), max_length=30, required=False)
    field_order = ["name", "phone", "reason"]


class PostForm(Plain):
    """Facts of a post."""

    unit = UnitField(label=_("单位"))
    title = forms.CharField(label=_("职务"), max_length=100, help_text=_("如“局长”“办公室主任”。"))
    kind = forms.ChoiceField(label=_("职务类别"), choices=PostKind.choices, initial=PostKind.STAFF)
    since = forms.DateField(label=_("任职日期"), required=False, widget=DayInput())

    def data_of(self) -> PostData:
        """Facts as entered."""
        got = self.cleaned_data
        return PostData(got["unit"], got["title"], got["kind"], got["since"], got.get("until"))


class NewPersonForm(PostForm):
    """New person with the first post."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(label=_("电话"), max_length=30, required=False)
    field_order = ["name", "phone", "unit", "title", "kind", "since"]


class EditPostForm(PostForm, ReasonForm):
    """Correction of a post."""

    until = forms.DateField(label=_("离任日期"), required=False, widget=DayInput())
    field_order = ["unit", "title", "kind", "since", "until", "reason"]


class HandOverForm(ReasonForm):
    """Who takes a post over, and from which day on: somebody known, or somebody new."""

    to = PersonField(label=_("接任人"), required=False, help_text=_("已在人员表中的，填姓名。"))
    name = forms.CharField(
        label=_("新来的人"), max_length=60, required=False, help_text=_("不在人员表中的，填在这里。")
    )
    phone = forms.CharField(label=_("新来的人的电话"), max_length=30, required=False)
    day = forms.DateField(label=_("接任日期"), widget=DayInput(), help_text=_("现任的最后一天是它的前一天。"))
    field_order = ["to", "name", "phone", "day", "reason"]

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two."""
        got = super().clean() or {}
        if "to" in got and bool(got.get("to")) == bool((got.get("name") or "").strip()):
            raise forms.ValidationError(gettext("请填接任人，或者填新来的人，两者取其一。"))
        return got


class EndPostForm(ReasonForm):
    """Ending of a post without a successor."""

    day = forms.DateField(label=_("最后一天"), widget=DayInput())
    field_order = ["day", "reason"]


def names_in(text: str) -> list[str]:
    """Names in a field of many lines."""
    return [name for name in map(clean, _PARTED.split(text)) if name]


def day_in(text: str | None) -> dt.date | None:
    """Date in an address, None for anything else."""
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return None


def initial_unit(unit: Unit) -> dict[str, Any]:
    """Facts of a unit as a form shows them."""
    return {
        "short_name": unit.short_name,
        "official_name": unit.official_name,
        "kind": unit.kind,
        "division": unit.division.name if unit.division else "",
        "is_office": unit.is_office,
        "since": unit.since,
        "until": unit.until,
        "code": unit.code,
        "note": unit.note,
    }


def initial_post(post: Post) -> dict[str, Any]:
    """Facts of a post as a form shows them."""
    return {
        "unit": post.unit.short_name,
        "title": post.title,
        "kind": post.kind,
        "since": post.since,
        "until": post.until,
    }


def offered_units() -> Iterable[str]:
    """Short names of the units in force, for the list below a field."""
    return queries.in_force_units(timezone.localdate()).values_list("short_name", flat=True)
