"""Sites, admission, commands: who may, what is written, what is refused."""

from __future__ import annotations

import datetime as dt

import pytest
from tests import people

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import Actor, machine
from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Entry
from anlan.monitor import actions, field
from anlan.monitor.actions import DeviceData, SiteData
from anlan.monitor.hj212.times import BEIJING
from anlan.monitor.models import Device, DeviceState, Order, Site
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])
MN = "AB00000000000000000000F1"
OTHERS = [role for role in Role if role != Role.CLERK]


@pytest.fixture
def clerk() -> Actor:
    return people.actor(Role.CLERK)


@pytest.fixture
def device(clerk: Actor) -> Device:
    return actions.admit(clerk, MN, DeviceData("青溪数采仪", password="654321"))


@pytest.mark.parametrize("role", OTHERS)
def test_only_the_clerk_keeps_sites_and_devices(role: Role, clerk: Actor, device: Device) -> None:
    other = people.actor(role)
    site = actions.save_site(clerk, None, SiteData("S1", "青溪断面"))
    for do in (
        lambda: actions.save_site(other, None, SiteData("S2", "另一断面")),
        lambda: actions.save_site(other, site, SiteData("S1", "改名断面")),
        lambda: actions.admit(other, "AB00000000000000000000F2", DeviceData("另一台")),
        lambda: actions.refuse(other, "AB00000000000000000000F2", reason="不是本区的"),
        lambda: actions.edit(other, device, DeviceData("改名")),
        lambda: actions.suspend(other, device, reason="检修"),
        lambda: actions.command(other, device, "1012"),
    ):
        with pytest.raises(Refused):
            do()
    assert Site.objects.get().name == "青溪断面"
    assert Device.objects.get().name == "青溪数采仪"


def test_nobody_signed_in_admits_in_bulk_or_makes_a_simulated_field(clerk: Actor) -> None:
    with pytest.raises(Refused):
        actions.admit_unknown(clerk, ["AB00000000000000000000F2"])
    assert Device.objects.count() == 0


def test_a_site_gets_a_code_if_none_is_given(clerk: Actor) -> None:
    assert actions.save_site(clerk, None, SiteData("", "甲断面")).code == "S001"
    assert actions.save_site(clerk, None, SiteData("", "乙断面")).code == "S002"


def test_everything_that_is_wrong_with_a_site_is_told_at_once(clerk: Actor) -> None:
    actions.save_site(clerk, None, SiteData("S1", "青溪断面"))
    with pytest.raises(InputError) as caught:
        actions.save_site(clerk, None, SiteData("S1", "青溪断面"))
    assert len(caught.value.problems) == 2
    with pytest.raises(InputError):
        actions.save_site(clerk, None, SiteData("有空格 ", ""))
    assert Site.objects.count() == 1


def test_admission_is_journalled_without_the_password(clerk: Actor, device: Device) -> None:
    entry = Entry.objects.get(action="monitor.admit")
    assert "654321" not in entry.details
    assert MN in entry.details


def test_a_device_is_admitted_once(clerk: Actor, device: Device) -> None:
    with pytest.raises(InputError) as caught:
        actions.admit(clerk, MN, DeviceData("又一台"))
    assert "青溪数采仪" in caught.value.problems[0].zh


def test_a_refused_device_may_be_admitted_later(clerk: Actor) -> None:
    actions.refuse(clerk, "AB00000000000000000000F2", reason="不是本区的")
    assert Device.objects.get().state == DeviceState.REFUSED
    actions.admit(clerk, "AB00000000000000000000F2", DeviceData("移交过来的"))
    assert Device.objects.get().state == DeviceState.IN_SERVICE


@pytest.mark.parametrize("data", [DeviceData(" "), DeviceData("a", password="有汉字"), DeviceData("a", minutes=61)])
def test_a_device_that_cannot_be_is_refused(data: DeviceData, clerk: Actor) -> None:
    with pytest.raises(InputError):
        actions.admit(clerk, MN, data)
    assert Device.objects.count() == 0


def test_a_device_goes_out_of_service_and_comes_back_once(clerk: Actor, device: Device) -> None:
    before = device.changed_at
    actions.suspend(clerk, device, reason="检修")
    again = Device.objects.get()
    # The gateway looks for what changed since.
    assert (again.state, again.changed_at > before) == (DeviceState.SUSPENDED, True)
    with pytest.raises(InputError):
        actions.suspend(clerk, device, reason="检修")
    with pytest.raises(InputError):
        actions.command(clerk, again, "1012")
    actions.resume(clerk, again, reason="修好了")
    assert Device.objects.get().state == DeviceState.IN_SERVICE


def test_a_command_is_an_order_in_beijing_time(clerk: Actor, device: Device) -> None:
    begin = dt.datetime(2026, 8, 1, 0, 0, tzinfo=dt.UTC)
    actions.command(clerk, device, "2061", begin, begin + dt.timedelta(hours=5))
    order = Order.objects.get()
    assert order.fields == {"BeginTime": "20260801080000", "EndTime": "20260801130000"}
    assert (order.cn, order.by_id, order.by_name) == ("2061", clerk.account_id, clerk.name)
    actions.command(clerk, device, "1012")
    assert Order.objects.filter(cn="1012").get().fields == {}


@pytest.mark.parametrize("hours", [-1, 24 * 93])
def test_a_range_that_cannot_be_is_refused(hours: int, clerk: Actor, device: Device) -> None:
    begin = dt.datetime(2026, 8, 1, tzinfo=BEIJING)
    with pytest.raises(InputError):
        actions.command(clerk, device, "2061", begin, begin + dt.timedelta(hours=hours))
    with pytest.raises(InputError):
        actions.command(clerk, device, "2061")
    with pytest.raises(InputError):
        actions.command(clerk, device, "9999")
    assert Order.objects.count() == 0


def test_unknown_devices_are_admitted_once_in_one_entry() -> None:
    names = [f"CD{number:022d}" for number in range(5)]
    assert actions.admit_unknown(machine("gateway"), names) == 5
    assert actions.admit_unknown(machine("gateway"), [*names, "CE0000000000000000000001"]) == 1
    assert actions.admit_unknown(machine("gateway"), names) == 0
    assert Device.objects.count() == 6
    assert Entry.objects.filter(action="monitor.admit_unknown").count() == 2


def test_the_simulated_field_has_twelve_sites_marked_so_and_comes_once() -> None:
    assert field.bring() == 12
    assert field.bring() == 0
    assert Site.objects.filter(simulated=True).count() == Device.objects.filter(simulated=True).count() == 12
    assert all(site.name.startswith("模拟") for site in Site.objects.all())
    assert all(device.mn.startswith("5A5A") for device in Device.objects.all())
