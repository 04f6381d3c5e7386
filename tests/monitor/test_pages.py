"""Pages of sites, devices and frames: what a clerk sees and does, what others do not."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests import people
from tests.monitor.frames_of_the_field import MN, entries, upload

from anlan.foundation.access.roles import Role
from anlan.monitor import field
from anlan.monitor.gateway import taking
from anlan.monitor.gateway.log import StoreLog
from anlan.monitor.hj212.encode import Message
from anlan.monitor.models import Device, DeviceState, Frame, Order, Run, Sender, Site

pytestmark = pytest.mark.django_db(databases=["default", "scratch", "readings"])


@pytest.fixture
def clerk() -> Client:
    return people.client(people.account(Role.CLERK))


@pytest.fixture
def device() -> Device:
    return Device.objects.create(mn=MN, name="青溪数采仪", site=Site.objects.create(code="S1", name="青溪断面"))


def receive(*data: bytes, known: bool = True) -> None:
    log = StoreLog()
    made = entries(*data, known=known)
    log.append(made)
    taking.take(made)


def text(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_vendor_sees_his_frames_and_their_faults_before_anybody_admits_him(clerk: Client) -> None:
    good = upload()
    receive(good, known=False)
    # With a wrong CRC, and with a value that cannot be.
    log = StoreLog()
    bad = entries(good[:-6] + b"0000\r\n", upload(value="NaN"), known=False)
    for one in bad:
        one.mn = MN
    log.append(bad)
    taking.take(bad)
    assert "待接入 1 台" in text(clerk, "devices")
    assert MN in text(clerk, "waiting-devices")
    page = text(clerk, "sender", Sender.objects.get().pk)
    assert "设备未接入" in page
    assert "CRC 应为" in page
    assert "w01018-Rtd=NaN 不是数" in page


def test_admission_from_the_page_takes_name_site_and_password(clerk: Client) -> None:
    site = Site.objects.create(code="S1", name="青溪断面")
    receive(upload(), known=False)
    number = Sender.objects.get().pk
    form = {"name": "青溪数采仪", "site": "青溪断面", "password": "123456", "minutes": "10", "note": ""}
    answer = clerk.post(reverse("sender-admit", args=[number]), form)
    device = Device.objects.get()
    assert answer.headers["Location"] == reverse("device", args=[device.pk])
    assert (device.mn, device.site, device.password, device.minutes) == (MN, site, "123456", 10)
    # Who has been admitted has a page of his own.
    assert clerk.get(reverse("sender", args=[number])).status_code == 302
    assert "待接入 0 台" in text(clerk, "devices")


def test_a_site_that_is_not_there_is_told_beside_its_field(clerk: Client) -> None:
    receive(upload(), known=False)
    answer = clerk.post(reverse("sender-admit", args=[Sender.objects.get().pk]), {"name": "a", "site": "没有的断面"})
    assert answer.status_code == 422
    assert "没有“没有的断面”这个点位" in answer.content.decode()


def test_the_page_of_a_device_shows_frames_values_conflicts_and_counts(clerk: Client, device: Device) -> None:
    receive(upload(value="23.5"), upload(value="24.75"), upload()[:-6] + b"0000\r\n")
    taking_senders()
    page = text(clerk, "device", device.pk)
    for expected in ("青溪断面", "化学需氧量", "数值冲突", "24.75", "CRC 错 1（33.3%）", "已采用", "坏帧"):
        assert expected in page


def taking_senders() -> None:
    """What the writer notes once a second."""
    from anlan.monitor.gateway.heard import Senders

    senders = Senders()
    made = entries(upload(value="23.5"))
    made[0].sender = Sender.objects.get().pk
    senders.note(made[0])
    senders.write()


def test_a_frame_is_shown_decoded_with_its_answer_and_the_password_only_to_those_who_admit(
    clerk: Client, device: Device
) -> None:
    receive(upload(qn="20260801080000001", pw="secret"))
    number = Frame.objects.get().id
    page = text(clerk, "frame", number)
    assert "PW=secret" in page
    assert "QN=20260801080000001;ST=91;CN=9014" in page
    assert "上传污染物实时数据" in page
    other = text(people.client(people.account(Role.LEADER)), "frame", number)
    assert "secret" not in other
    assert "PW=******" in other


def test_bytes_in_a_frame_are_shown_and_never_run(clerk: Client, device: Device) -> None:
    receive(upload(value="<script>alert(1)</script>"))
    page = text(clerk, "frame", Frame.objects.get().id)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_frames_are_found_by_mn_state_and_reason(clerk: Client, device: Device) -> None:
    receive(upload(), upload(mn="CD00000000000000000000F2"))
    assert "CD00000000000000000000F2" in text(clerk, "frames")
    only = clerk.get(reverse("frames"), {"state": "taken"}).content.decode()
    assert "CD00000000000000000000F2" not in only
    assert MN in only
    assert MN not in clerk.get(reverse("frames"), {"why": "unknown"}).content.decode()
    assert MN not in clerk.get(reverse("frames"), {"q": "CD0000"}).content.decode()


def test_a_command_is_given_on_the_page_and_its_answer_is_shown(clerk: Client, device: Device) -> None:
    answer = clerk.post(
        reverse("device", args=[device.pk]), {"cn": "2061", "begin": "2026-08-01T08:00", "end": "2026-08-01T10:00"}
    )
    assert answer.status_code == 302
    assert Order.objects.get().fields == {"BeginTime": "20260801080000", "EndTime": "20260801100000"}
    Run.objects.create(
        id=1,
        order=Order.objects.get().pk,
        mn=MN,
        cn="2061",
        fields=Order.objects.get().fields,
        by="测试",
        created=1,
        state="refused",
        qn_rtn=3,
        tries=1,
    )
    page = text(clerk, "device", device.pk)
    for expected in ("补取小时数据", "2026-08-01 08:00 — 2026-08-01 10:00", "设备拒绝", "PW错误"):
        assert expected in page


def test_a_command_without_its_range_is_told(clerk: Client, device: Device) -> None:
    answer = clerk.post(reverse("device", args=[device.pk]), {"cn": "2061"})
    assert answer.status_code == 422
    assert "请填写起止时间" in answer.content.decode()
    assert Order.objects.count() == 0


def test_a_leader_sees_and_gives_no_commands(device: Device) -> None:
    leader = people.client(people.account(Role.LEADER))
    assert 'name="cn"' not in text(leader, "device", device.pk)
    assert leader.post(reverse("device", args=[device.pk]), {"cn": "1012"}).status_code == 403
    assert Order.objects.count() == 0


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_administrators_see_no_monitoring(role: Role, device: Device) -> None:
    client = people.client(people.account(role))
    for name in ("devices", "sites", "frames"):
        assert client.get(reverse(name)).status_code == 403


def test_a_device_is_suspended_with_a_reason(clerk: Client, device: Device) -> None:
    address = reverse("device-switch", args=[device.pk])
    assert clerk.post(address, {"reason": ""}).status_code == 422
    assert clerk.post(address, {"reason": "检修一周"}).status_code == 302
    device.refresh_from_db()
    assert device.state == DeviceState.SUSPENDED
    assert "恢复" in text(clerk, "device", device.pk)


def test_every_page_of_a_simulated_field_says_so(clerk: Client) -> None:
    field.bring()
    device = Device.objects.order_by("pk")[0]
    assert device.site
    receive(upload(mn=device.mn))
    for name, args in (
        ("devices", ()),
        ("sites", ()),
        ("frames", ()),
        ("device", (device.pk,)),
        ("site", (device.site.pk,)),
        ("frame", (Frame.objects.get().id,)),
    ):
        assert "不是真实监测" in text(clerk, name, *args), name


def test_a_real_site_is_not_marked(clerk: Client, device: Device) -> None:
    assert device.site
    assert "不是真实监测" not in text(clerk, "device", device.pk) + text(clerk, "site", device.site.pk)


def test_sites_are_added_and_corrected(clerk: Client) -> None:
    form = {"name": "新断面", "kind": "section", "code": "", "unit": "", "division": "", "note": ""}
    assert clerk.post(reverse("site-new"), form).status_code == 302
    site = Site.objects.get()
    assert clerk.post(reverse("site-edit", args=[site.pk]), form | {"name": "改名断面"}).status_code == 302
    assert "改名断面" in text(clerk, "sites")


def test_home_counts_devices_that_wait(clerk: Client) -> None:
    receive(upload(), known=False)
    assert "待接入的设备" in clerk.get("/").content.decode()


def part(number: int, of: int = 7, minute: int = 0) -> bytes:
    """Part of a message of minute data."""
    when = f"20260801080{minute}00"
    message = Message(
        "32",
        "2051",
        MN,
        "123456",
        qn=f"202608010810{minute}{number}000",
        flag=7,
        pnum=of,
        pno=number,
        fields={"DataTime": when},
        values={"w01018": {"Avg": f"{number}.5", "Flag": "N"}},
    )
    return message.encoded()


def test_parts_of_a_message_that_are_missing_are_named(clerk: Client, device: Device) -> None:
    receive(*(part(number) for number in (1, 3, 4, 6, 7)))
    receive(*(part(number, of=2, minute=5) for number in (1, 2)))
    page = text(clerk, "device", device.pk)
    assert "缺第 2、5 包，共 7 包" in page
    # The one that is whole is not listed.
    assert page.count("包，共 ") == 1
    first = Frame.objects.order_by("id").first()
    assert first
    assert "缺第 2、5 包，共 7 包" in text(clerk, "frame", first.id)
    receive(part(5), part(2))
    assert "缺第" not in text(clerk, "device", device.pk)
    assert "都已收到" in text(clerk, "frame", first.id)


def test_a_device_without_a_password_is_marked_and_a_clerk_sets_one(clerk: Client, device: Device) -> None:
    Sender.objects.create(mn=MN, first_at=1, last_at=1, password="123456")
    assert "未设密码" in text(clerk, "devices")
    assert "报文的 PW 不核对，都采用。" in text(clerk, "device", device.pk)
    # The list can be cut down to such devices.
    assert "青溪数采仪" in clerk.get(reverse("devices"), {"password": "none"}).content.decode()
    assert "青溪数采仪</a>" not in clerk.get(reverse("devices"), {"password": "set"}).content.decode()
    assert "设备最近用的是 123456" in text(clerk, "device-edit", device.pk)
    clerk.post(reverse("device-edit", args=[device.pk]), {"name": "青溪数采仪", "site": "", "password": "123456"})
    device.refresh_from_db()
    assert device.password == "123456"
    assert "未设密码" not in text(clerk, "device", device.pk)


def test_admission_without_a_password_says_what_that_means(clerk: Client) -> None:
    receive(upload(), known=False)
    sender = Sender.objects.get()
    data = {"name": "新来的", "site": "", "password": ""}
    page = clerk.post(reverse("sender-admit", args=[sender.pk]), data, follow=True).content.decode()
    assert "“新来的”未设密码：谁冒用它的 MN 发来报文都会采用。" in page
    assert "未设密码" in page


def test_a_device_that_never_sent_says_why_there_are_no_data(clerk: Client, device: Device) -> None:
    page = text(clerk, "device", device.pk)
    assert "没有数据：设备还没有连上来过。" in page
    assert "没有发现缺失" not in page
    receive(upload("2061", "20260801080000", "1e309"))
    assert "没有数据：收到的报文都有错" in text(clerk, "device", device.pk)


def test_a_frame_that_cannot_be_shows_its_fault_and_the_answer_it_got(clerk: Client, device: Device) -> None:
    receive(upload(value="NaN"))
    page = text(clerk, "frame", Frame.objects.get().id)
    assert "w01018-Rtd=NaN 不是数" in page
    assert "CN=9014" in page


@pytest.mark.parametrize(
    "run, said",
    [
        ({"state": "done", "qn_rtn": 1, "exe_rtn": 1, "frames": 3}, []),
        (
            {"state": "done", "qn_rtn": 1, "exe_rtn": 1, "cn": "2061"},
            ["没有数据：设备说已执行，但没有发来这段时间的数据。"],
        ),
        ({"state": "failed", "qn_rtn": 1, "exe_rtn": 2}, ["结果：执行失败，但不知道原因"]),
        ({"state": "refused", "qn_rtn": 3}, ["应答：PW错误"]),
        ({"state": "failed", "qn_rtn": 1, "exe_rtn": 77}, ["结果：ExeRtn=77"]),
    ],
)
def test_what_a_device_answered_is_told_once_and_in_words(
    clerk: Client, device: Device, run: dict[str, object], said: list[str]
) -> None:
    receive(upload())
    Run.objects.create(**({"id": 1, "mn": MN, "cn": "1012", "by": "gateway", "created": 1} | run))
    page = text(clerk, "device", device.pk)
    assert all(line in page for line in said)
    assert "准备执行请求" not in page
    assert page.count("执行成功") == (run["state"] == "done")
