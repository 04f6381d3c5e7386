"""Changes of state in the monitoring room: sites, admission of devices, commands, lab results."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import Actor
from anlan.foundation.org.models import Division, Unit
from anlan.foundation.search.index import put
from anlan.monitor.hj212 import times
from anlan.monitor.models import Device, DeviceState, Order, Site, SiteKind
from anlan.settings import InputError, Words

_CODE = re.compile(r"[0-9A-Za-z._-]{1,40}", re.ASCII)
_PASSWORD = re.compile(r"[\x21-\x7e]{0,32}")
# Commands that people give from the page, with what they ask for.
COMMANDS = {
    "1012": Words("对时", "set the time"),
    "1011": Words("查询设备时间", "ask the time"),
    "2011": Words("开始实时数据", "real-time data on"),
    "2012": Words("停止实时数据", "real-time data off"),
    "2051": Words("补取分钟数据", "fetch minute data"),
    "2061": Words("补取小时数据", "fetch hourly data"),
    "2031": Words("补取日数据", "fetch daily data"),
}
HISTORY = frozenset({"2051", "2061", "2031"})
_LONGEST_RANGE = {"2051": dt.timedelta(days=7), "2061": dt.timedelta(days=92), "2031": dt.timedelta(days=366)}
# So many devices at the most admit themselves, whatever comes.
_MOST_BY_ITSELF = 10_000


@dataclass(frozen=True, slots=True)
class SiteData:
    """What a site is to be."""

    code: str
    name: str
    kind: str = SiteKind.SECTION
    unit: Unit | None = None
    division: Division | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class DeviceData:
    """What a device is to be; its MN never changes."""

    name: str
    site: Site | None = None
    password: str = ""
    minutes: int = 0
    note: str = ""


def save_site(actor: Actor, site: Site | None, data: SiteData) -> Site:
    """Adds a site, or corrects one. Raises InputError with everything that is wrong."""
    with acting(actor, "monitor.site", site) as act:
        made = site or Site()
        act.before = _of_site(made) if site else {}
        problems = []
        code, name = data.code.strip() or made.code or _new_code(), data.name.strip()
        if not _CODE.fullmatch(code):
            problems.append(
                Words(
                    f"编码“{code}”不能用：只能用字母、数字和 . _ -，最长 40 个",
                    f"the code “{code}” cannot be used: letters, digits and . _ - only, 40 at most",
                )
            )
        if not name:
            problems.append(Words("请填写点位名称", "name the site"))
        others = Site.objects.exclude(pk=made.pk)
        if others.filter(code=code).exists():
            problems.append(
                Words(f"编码“{code}”已有点位在用：请换一个", f"another site has the code “{code}”: take another")
            )
        if others.filter(name=name).exists():
            problems.append(
                Words(f"已有点位叫“{name}”：请换一个名称", f"another site is named “{name}”: take another name")
            )
        if problems:
            raise InputError(*problems)
        made.code, made.name, made.kind = code, name, data.kind
        made.unit, made.division, made.note = data.unit, data.division, data.note
        made.save()
        act.obj, act.after = made, _of_site(made)
        put("site", Site.objects.filter(pk=made.pk))
        return made


def _new_code() -> str:
    """Code that no site has: S and the next number."""
    numbers = [
        int(code[1:]) for code in Site.objects.values_list("code", flat=True) if re.fullmatch("S[0-9]{1,9}", code)
    ]
    return f"S{max(numbers, default=0) + 1:03d}"


def _of_site(site: Site) -> dict[str, object]:
    return {"code": site.code, "name": site.name, "kind": site.kind, "unit": site.unit_id, "division": site.division_id}


def admit(actor: Actor, mn: str, data: DeviceData) -> Device:
    """Admits a device; the gateway then takes what it has sent so far. Raises InputError if it was admitted before."""
    with acting(actor, "monitor.admit") as act:
        device = Device.objects.filter(mn=mn).first()
        if device is not None and device.state != DeviceState.REFUSED:
            raise InputError(Words(f"{mn} 已接入，名称是“{device}”", f"{mn} has been admitted as “{device}”"))
        device = device or Device(mn=mn)
        device.state = DeviceState.IN_SERVICE
        _fill(device, data)
        act.obj, act.after = device, _of_device(device)
        put("device", Device.objects.filter(pk=device.pk))
        return device


def refuse(actor: Actor, mn: str, *, reason: str) -> Device:
    """Refuses a device that sends: it no longer waits, its frames stay in quarantine."""
    with acting(actor, "monitor.refuse", reason=reason) as act:
        if Device.objects.filter(mn=mn).exists():
            raise InputError(Words(f"{mn} 已登记，请到设备页停用", f"{mn} is registered: suspend it on its page"))
        device = Device.objects.create(mn=mn, name=mn, state=DeviceState.REFUSED, note=reason[:300])
        act.obj, act.after = device, {"mn": mn}
        return device


def edit(actor: Actor, device: Device, data: DeviceData) -> None:
    """Corrects a device."""
    with acting(actor, "monitor.edit", device) as act:
        act.before = _of_device(device)
        _fill(device, data)
        act.after = _of_device(device)
        put("device", Device.objects.filter(pk=device.pk))


def suspend(actor: Actor, device: Device, *, reason: str) -> None:
    """Takes a device out of service: its frames are acknowledged and held back."""
    _switch(actor, "monitor.suspend", device, DeviceState.IN_SERVICE, DeviceState.SUSPENDED, reason)


def resume(actor: Actor, device: Device, *, reason: str) -> None:
    """Takes a device into service again; what was held back meanwhile is taken."""
    _switch(actor, "monitor.resume", device, DeviceState.SUSPENDED, DeviceState.IN_SERVICE, reason)


def _switch(actor: Actor, code: str, device: Device, old: DeviceState, new: DeviceState, reason: str) -> None:
    with acting(actor, code, device, reason=reason) as act:
        now = timezone.now()
        if not Device.objects.filter(pk=device.pk, state=old).update(state=new, changed_at=now):
            raise InputError(
                Words(
                    f"“{device}”现在不是“{old.label}”，请刷新页面",
                    f"“{device}” is not {old.value} now: reload the page",
                )
            )
        device.state = new
        act.before, act.after = {"state": old.value}, {"state": new.value}


def _fill(device: Device, data: DeviceData) -> None:
    problems = []
    name = data.name.strip()
    if not name:
        problems.append(Words("请填写设备名称", "name the device"))
    if not _PASSWORD.fullmatch(data.password):
        problems.append(
            Words(
                "访问密码只能是 32 个以内的字母、数字和符号，不能有空格和汉字",
                "a password has at most 32 letters, digits and signs, and no spaces",
            )
        )
    if not 0 <= data.minutes <= 60:
        problems.append(
            Words(
                f"分钟数据间隔“{data.minutes}”应为 0 到 60",
                f"the interval of minute data must be 0 to 60, not {data.minutes}",
            )
        )
    if problems:
        raise InputError(*problems)
    device.name, device.site, device.password = name, data.site, data.password
    device.minutes, device.note = data.minutes, data.note
    device.save()


def _of_device(device: Device) -> dict[str, object]:
    # That there is a password is told, not which.
    return {
        "mn": device.mn,
        "name": device.name,
        "site": device.site_id,
        "password": bool(device.password),
        "minutes": device.minutes,
        "note": device.note,
    }


def admit_unknown(actor: Actor, mns: Iterable[str]) -> int:
    """Admits devices by themselves, where the gateway was started to do so; gives how many are new.

    They have no password until a clerk sets one: what they send is taken whatever its PW, and the pages mark them so.
    The password of a first frame is not taken for theirs, since anybody may have sent it.
    """
    wanted = sorted(set(mns) - set(Device.objects.filter(mn__in=list(mns)).values_list("mn", flat=True)))
    wanted = wanted[: max(0, _MOST_BY_ITSELF - Device.objects.count())]
    if not wanted:
        return 0
    with acting(actor, "monitor.admit_unknown") as act:
        Device.objects.bulk_create([Device(mn=mn, name=mn) for mn in wanted])
        act.after = {"count": len(wanted), "mn": wanted[:50], "password": False}
        put("device", Device.objects.filter(mn__in=wanted))
    return len(wanted)


def command(
    actor: Actor, device: Device, cn: str, begin: dt.datetime | None = None, end: dt.datetime | None = None
) -> Order:
    """Gives a command to a device; the gateway sends it as soon as the device is connected.

    History (2051, 2061, 2031) is asked for a range. Raises InputError for a range that cannot be.
    """
    with acting(actor, "monitor.command", device) as act:
        if cn not in COMMANDS:
            raise InputError(Words(f"没有指令 {cn}", f"there is no command {cn}"))
        if device.state != DeviceState.IN_SERVICE:
            raise InputError(
                Words(f"“{device}”已停用：请先恢复", f"“{device}” is suspended: take it back into service first")
            )
        fields = _range(cn, begin, end) if cn in HISTORY else {}
        order = Order.objects.create(
            device=device, cn=cn, fields=fields, by_id=actor.account_id, by_name=actor.name[:120]
        )
        act.after = {"cn": cn, "fields": fields}
        return order


def _range(cn: str, begin: dt.datetime | None, end: dt.datetime | None) -> Mapping[str, str]:
    if begin is None or end is None:
        raise InputError(Words("请填写起止时间", "give the beginning and the end"))
    if end < begin:
        raise InputError(
            Words(
                f"结束时间 {times.digits(end)} 早于开始时间 {times.digits(begin)}：请改正",
                f"the end {times.digits(end)} is before the beginning {times.digits(begin)}: correct one of them",
            )
        )
    longest = _LONGEST_RANGE[cn]
    if end - begin > longest:
        raise InputError(
            Words(f"一次最多取 {longest.days} 天，请分段", f"at most {longest.days} days at a time: ask in parts")
        )
    return {"BeginTime": times.digits(begin), "EndTime": times.digits(end)}


@dataclass(frozen=True, slots=True)
class SimulatedSite:
    """Site of the simulated field with its device."""

    code: str
    name: str
    kind: str
    mn: str


def bring_field(sites: Sequence[SimulatedSite]) -> int:
    """Sites and devices of the simulated field, in the transaction that is open; those that are there stay."""
    new = 0
    for one in sites:
        site, made = Site.objects.get_or_create(
            code=one.code, defaults={"name": one.name, "kind": one.kind, "simulated": True}
        )
        Device.objects.get_or_create(
            mn=one.mn,
            defaults={"name": f"{one.name}数采仪", "site": site, "simulated": True, "minutes": 10},
        )
        new += made
    codes = [one.code for one in sites]
    put("site", Site.objects.filter(code__in=codes))
    put("device", Device.objects.filter(site__code__in=codes))
    return new
