"""Forms of sites, devices and commands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.foundation.org.forms import DivisionField, UnitField
from anlan.foundation.screens.texts import language
from anlan.monitor.actions import COMMANDS, DeviceData, SiteData
from anlan.monitor.models import Device, Site, SiteKind


class _Plain(forms.Form):
    """Form whose labels stand on a line of their own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class SiteField(forms.CharField):
    """Site by name or code; the page offers them in a list named "sites"."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"list": "sites", "autocomplete": "off"}))
        super().__init__(max_length=100, **kwargs)

    def clean(self, value: Any) -> Any:
        """Site that the text means."""
        text = str(super().clean(value)).strip()
        if not text:
            return None
        found = Site.objects.filter(name=text).first() or Site.objects.filter(code=text).first()
        if found is None:
            raise forms.ValidationError(gettext("没有“%(name)s”这个点位，请先在点位表中新增。") % {"name": text})
        return found


class SiteForm(_Plain):
    """Facts of a site."""

    name = forms.CharField(label=_("点位名称"), max_length=100)
    kind = forms.ChoiceField(label=_("类别"), choices=SiteKind.choices)
    code = forms.CharField(
        label=_("编码"), max_length=40, required=False, help_text=_("字母、数字和 . _ -；不填由系统编。")
    )
    unit = UnitField(label=_("责任单位"), required=False, help_text=_("负责这个点位的单位。"))
    division = DivisionField(label=_("所在区划"), required=False, help_text=_("区划的名称或代码。"))
    note = forms.CharField(label=_("备注"), max_length=300, required=False)

    def data_of(self) -> SiteData:
        """Facts as entered."""
        return SiteData(**self.cleaned_data)


def initial_site(site: Site) -> dict[str, object]:
    """What the form of a site begins with."""
    return {
        "name": site.name,
        "kind": site.kind,
        "code": site.code,
        "unit": site.unit.short_name if site.unit else "",
        "division": site.division.code if site.division else "",
        "note": site.note,
    }


class DeviceForm(_Plain):
    """Facts of a device."""

    name = forms.CharField(label=_("设备名称"), max_length=100, help_text=_("如“城西污水处理厂出口数采仪”。"))
    site = SiteField(label=_("所在点位"), required=False)
    password = forms.CharField(
        label=_("访问密码（PW）"),
        max_length=32,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("报文中的 PW 与它不同的，一律隔离。不填则不核对，设备标“未设密码”。"),
    )
    minutes = forms.IntegerField(
        label=_("分钟数据间隔（分钟）"),
        min_value=0,
        max_value=60,
        required=False,
        help_text=_("不填由系统按收到的数据判断。"),
    )
    note = forms.CharField(label=_("备注"), max_length=300, required=False)

    def data_of(self) -> DeviceData:
        """Facts as entered."""
        got = self.cleaned_data
        return DeviceData(got["name"], got["site"], got["password"], got["minutes"] or 0, got["note"])


def initial_device(device: Device) -> dict[str, object]:
    """What the form of a device begins with."""
    return {
        "name": device.name,
        "site": device.site.name if device.site else "",
        "password": device.password,
        "minutes": device.minutes or None,
        "note": device.note,
    }


class MomentInput(forms.DateTimeInput):
    """Moment by the browser's own picker."""

    input_type = "datetime-local"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


class CommandForm(_Plain):
    """Command to a device; history is asked for a range."""

    cn = forms.ChoiceField(label=_("指令"))
    begin = forms.DateTimeField(
        label=_("开始时间"), required=False, widget=MomentInput(), help_text=_("补取历史数据时填写。")
    )
    end = forms.DateTimeField(label=_("结束时间"), required=False, widget=MomentInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = language()
        self.fields["cn"].choices = [  # type: ignore[attr-defined]
            (cn, f"{words.speak(lang)}{'（' if lang == 'zh' else ' ('}{cn}{'）' if lang == 'zh' else ')'}")
            for cn, words in COMMANDS.items()
        ]
