"""A vendor's first minutes: a logger is pointed at the port, its frames and faults are seen, it is admitted, its data flow."""

from __future__ import annotations

import re
import socket
import time

from playwright.sync_api import expect
from tests.monitor.frames_of_the_field import upload
from tests.walkthrough.browser import PHONE
from tests.walkthrough.conftest import Open
from tests.walkthrough.installation import Installation

MN = "AB00000000000000000000C7"
PATIENCE_S = 60.0


def _port(site: Installation) -> int:
    """Port of the gateway, as `anlan up` prints it."""
    end = time.monotonic() + PATIENCE_S
    while True:
        found = re.search(r"数采仪（HJ 212）请发往 127\.0\.0\.1:(\d+)", site.log.read_text(errors="replace"))
        if found:
            return int(found.group(1))
        assert time.monotonic() < end, "it never said where the gateway listens"
        time.sleep(0.1)


def _ask(wire: socket.socket, data: bytes) -> bytes:
    """Answer to a frame."""
    wire.sendall(data)
    got = b""
    while not got.endswith(b"\r\n"):
        got += wire.recv(4096)
    return got


def _wait(site: Installation, query: str, *values: object) -> None:
    end = time.monotonic() + PATIENCE_S
    while site.rows(query, *values, store="readings.db") != [(1,)]:
        assert time.monotonic() < end, query
        time.sleep(0.1)


def test_a_vendor_sees_his_frames_and_faults_within_a_minute_and_is_admitted(
    open_window: Open, site: Installation
) -> None:
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", _port(site)), timeout=PATIENCE_S) as wire:
        # The very first frame is damaged: it is counted for the logger all the same, once that has said who it is.
        wire.sendall(upload(mn=MN, data_time="20261101075900")[:-6] + b"0000\r\n")
        assert b"CN=9014" in _ask(wire, upload(mn=MN, data_time="20261101080000"))
        good = upload(mn=MN, data_time="20261101080100")
        # A sender with the wrong kind of CRC, and a value that cannot be.
        wire.sendall(good[:-6] + b"0000\r\n")
        assert b"CN=9014" in _ask(wire, good)
        assert b"CN=9014" in _ask(wire, upload(mn=MN, value="1e309"))
        _wait(site, "SELECT count(*) = 5 FROM monitor_frame WHERE mn = ? AND sender IS NOT NULL", MN)
        clerk = open_window("clerk")
        clerk.go("/monitor/devices/")
        clerk.page.get_by_role("link", name="待接入 1 台").click()
        clerk.page.get_by_role("link", name=MN).click()
        page = clerk.page.locator("main")
        expect(page).to_contain_text("设备未接入")
        expect(page).to_contain_text("CRC 应为")
        expect(page).to_contain_text("CRC 错 2")
        expect(page).to_contain_text("w01018-Rtd=1e309 不可能")
        assert time.monotonic() - begun < 60
        clerk.look("sender")
        clerk.page.get_by_role("link", name="接入", exact=True).click()
        clerk.page.locator("input[name=name]").fill("新来的数采仪")
        clerk.page.locator("input[name=site]").fill("模拟断面一号")
        clerk.look("sender-admit")
        clerk.page.get_by_role("button", name="接入").click()
        expect(clerk.page.locator("h1")).to_have_text("新来的数采仪")
        # What was held back is taken within a moment.
        _wait(site, "SELECT count(*) = 2 FROM monitor_frame WHERE mn = ? AND state = 'taken'", MN)
        assert b"CN=9014" in _ask(wire, upload(mn=MN, data_time="20261101080200", value="31.4"))
        _wait(
            site,
            "SELECT count(*) = 3 FROM monitor_reading WHERE factor = 'w01018' AND digits IN (235, 314) AND at > 1793404800000 AND sender = (SELECT id FROM monitor_sender WHERE mn = ?)",
            MN,
        )
        clerk.page.reload()
        expect(clerk.page.locator("main")).to_contain_text("在线")
        clerk.look("device")
        # The clock is set from the page, the device answers, and the page says so.
        clerk.page.get_by_role("button", name="下达").click()
        order = b""
        while b"CN=1012" not in order or not order.endswith(b"\r\n"):
            order += wire.recv(4096)
        found = re.search(rb"QN=(\d{17})", order)
        assert found
        from anlan.monitor.hj212 import dialog
        from anlan.monitor.hj212.decode import decode

        (frame,) = [one for one in decode(order) if one.cn == "1012"]
        wire.sendall((dialog.answer(frame) or b"") + dialog.result(frame))
        _wait(site, "SELECT count(*) FROM monitor_run WHERE mn = ? AND state = 'done'", MN)
        clerk.page.reload()
        expect(clerk.page.locator("#commands")).to_contain_text("执行成功")


def test_the_simulated_field_runs_and_is_marked(open_window: Open, site: Installation) -> None:
    _wait(site, "SELECT count(*) >= 12 FROM monitor_sender WHERE mn LIKE '5A5A%' AND connected")
    leader = open_window("leader", PHONE)
    for path in ("/monitor/devices/", "/monitor/sites/", "/monitor/frames/", "/monitor/devices/1/"):
        leader.go(path)
        expect(leader.page.locator("main")).to_contain_text("不是真实监测")
        leader.look(f"monitor{path.replace('/', '-')}")
