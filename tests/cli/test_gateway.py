"""`anlan gateway` as anybody starts it: an empty folder, real sockets, real kills; what it prints afterwards."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from benchmarks.gateway import Gateway, kills
from tests.monitor.frames_of_the_field import upload

from anlan.monitor.hj212 import dialog
from anlan.monitor.hj212.decode import Decoder, decode
from anlan.monitor.hj212.frame import Frame
from anlan.monitor.hj212.times import BEIJING, digits

ANLAN = str(Path(sys.executable).with_name("anlan"))
PATIENCE_S = 60.0


def until(happened: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.1)


class Device:
    """Data logger on a real connection."""

    def __init__(self, port: int) -> None:
        self._wire = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        self._decoder = Decoder()
        self._frames: list[Frame] = []

    def send(self, data: bytes) -> None:
        """Sends bytes."""
        self._wire.sendall(data)

    def next(self) -> Frame:
        """Next frame from the host."""
        while not self._frames:
            data = self._wire.recv(65536)
            assert data, "the gateway closed the connection"
            self._frames += self._decoder.feed(data)
        return self._frames.pop(0)

    def ask(self, data: bytes) -> Frame:
        """Sends a frame, gives the answer."""
        self.send(data)
        return self.next()

    def wait_for(self, cn: str) -> Frame:
        """Next frame of this command; on a busy machine an order may have been sent again meanwhile."""
        while (frame := self.next()).cn != cn:
            pass
        return frame

    def close(self) -> None:
        """Goes away."""
        self._wire.close()


def frames(gateway: Gateway) -> list[dict[str, str]]:
    return [json.loads(line) for line in gateway.anlan("gateway", "frames", "--format", "jsonl")]


def readings(gateway: Gateway) -> list[dict[str, str]]:
    return list(csv.DictReader(gateway.anlan("readings", "export")))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder that a gateway has prepared from nothing."""
    folder = tmp_path_factory.mktemp("gateway") / "home"
    gateway = Gateway(folder, admit_unknown=False)
    gateway.start()
    gateway.stop()
    return folder


@pytest.fixture(scope="module")
def gateway(home: Path) -> Iterator[Gateway]:
    """Running gateway that admits nobody by itself; each test has devices of its own."""
    shutil.copytree(home, home.with_name("running"))
    made = Gateway(home.with_name("running"), admit_unknown=False)
    made.start()
    try:
        yield made
    finally:
        made.stop()


def admit(gateway: Gateway, mn: str, password: str = "") -> None:
    """Admits a device from beside, as the pages do."""
    code = f"""
import django; django.setup()
from anlan.foundation.access.actor import machine
from anlan.monitor.actions import DeviceData, admit
admit(machine("test"), {mn!r}, DeviceData("测试", password={password!r}))
"""
    environ = gateway.environ | {"DJANGO_SETTINGS_MODULE": "anlan.web.config"}
    subprocess.run([sys.executable, "-c", code], env=environ, check=True)


def test_an_unknown_device_is_acknowledged_held_back_and_taken_once_admitted(gateway: Gateway) -> None:
    mn = "C100000000000000000000A1"
    device = Device(gateway.port)
    answer = device.ask(upload("2061", mn=mn, qn="20260801080000001"))
    assert (answer.cn, answer.qn, answer.mn, answer.st) == ("9014", "20260801080000001", mn, "91")
    mine = [row for row in frames(gateway) if row["mn"] == mn]
    assert [set(row) for row in mine] == [{"received", "mn", "qn", "state", "frame"}]
    assert (mine[0]["state"], mine[0]["qn"]) == ("quarantine", "20260801080000001")
    assert decode(mine[0]["frame"].encode())[0].ok
    assert [row for row in readings(gateway) if row["device"] == mn] == []
    admit(gateway, mn)
    until(lambda: [row for row in readings(gateway) if row["device"] == mn])
    (row,) = [row for row in readings(gateway) if row["device"] == mn]
    assert row == {
        "time": "2026-08-01T08:00:00+08:00",
        "device": mn,
        "factor": "w01018",
        "kind": "hour-Avg",
        "value": "23.5",
        "flag": "N",
        "state": "ok",
    }
    assert [row["state"] for row in frames(gateway) if row["mn"] == mn] == ["taken"]
    device.close()


def test_a_repeat_is_answered_again_and_stored_once(gateway: Gateway) -> None:
    mn = "C100000000000000000000A2"
    device = Device(gateway.port)
    data = upload(mn=mn)
    assert device.ask(data).qn == device.ask(data).qn
    device.close()
    other = Device(gateway.port)
    other.ask(data)
    other.close()
    assert len([row for row in frames(gateway) if row["mn"] == mn]) == 1


def test_a_wrong_password_is_held_back(gateway: Gateway) -> None:
    mn = "C100000000000000000000A3"
    admit(gateway, mn, password="654321")
    device = Device(gateway.port)
    until(lambda: device.ask(upload(mn=mn, pw="654321")).cn == "9014" and "taken" in states(gateway, mn))
    device.ask(upload(mn=mn, pw="123456"))
    # What was read may have been an order of the gateway's own (a gap it wants filled) and not yet the answer.
    until(lambda: states(gateway, mn)[-1] == "quarantine")
    device.close()


def states(gateway: Gateway, mn: str) -> list[str]:
    return [row["state"] for row in frames(gateway) if row["mn"] == mn]


def test_an_order_reaches_the_device_and_its_answers_are_kept(gateway: Gateway) -> None:
    mn = "C100000000000000000000A4"
    admit(gateway, mn)
    device = Device(gateway.port)
    until(lambda: device.ask(upload(mn=mn)).cn == "9014" and "taken" in states(gateway, mn))
    code = f"""
import django; django.setup()
from anlan.foundation.access.actor import machine
from anlan.monitor.actions import command
from anlan.monitor.models import Device
command(machine("test"), Device.objects.get(mn={mn!r}), "1012")
"""
    environ = gateway.environ | {"DJANGO_SETTINGS_MODULE": "anlan.web.config"}
    subprocess.run([sys.executable, "-c", code], env=environ, check=True)
    order = device.next()
    assert (order.cn, order.mn, order.pw) == ("1012", mn, "123456")
    assert len(order.fields["SystemTime"]) == 14
    device.send(dialog.answer(order) or b"")
    device.send(dialog.result(order))
    until(lambda: rows(gateway, "SELECT state FROM monitor_run WHERE mn = ?", mn) == [("done",)])
    assert rows(gateway, "SELECT cn, qn_rtn, exe_rtn FROM monitor_run WHERE mn = ?", mn) == [("1012", 1, 1)]
    # A device that asks for the time gets it.
    notice = upload(mn=mn).replace(b"CN=2011", b"CN=1013")
    from anlan.monitor.hj212.encode import enclose

    device.send(enclose(notice[6:-6]))
    assert device.wait_for("9013").mn == mn
    assert device.wait_for("1012").qn != order.qn
    device.close()


def rows(gateway: Gateway, query: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{gateway.home / 'readings.db'}?mode=ro", uri=True)) as store:
        return store.execute(query, values).fetchall()


def test_a_gap_is_found_asked_for_and_filled(gateway: Gateway) -> None:
    mn = "C100000000000000000000A7"
    admit(gateway, mn)
    device = Device(gateway.port)
    hour = dt.datetime.now(BEIJING).replace(minute=0, second=0, microsecond=0)
    for back in (5, 4, 2):
        device.ask(upload("2061", digits(hour - dt.timedelta(hours=back)), mn=mn))
    order = device.next()
    # The hour of three hours ago is missing.
    missing = digits(hour - dt.timedelta(hours=3))
    assert (order.cn, order.fields) == ("2061", {"BeginTime": missing, "EndTime": missing})
    device.send(dialog.answer(order) or b"")
    device.ask(upload("2061", missing, mn=mn))
    device.send(dialog.result(order))
    done = "SELECT state, frames, by FROM monitor_run WHERE mn = ?"
    until(lambda: rows(gateway, done, mn) == [("done", 1, "gateway")])
    device.close()


def test_the_state_of_a_device_is_kept(gateway: Gateway) -> None:
    mn = "C100000000000000000000A5"
    admit(gateway, mn)
    device = Device(gateway.port)
    until(lambda: device.ask(upload(mn=mn)).cn == "9014" and "taken" in states(gateway, mn))
    good = upload(mn=mn)
    device.send(good[:-6] + b"0000\r\n")
    device.ask(upload(mn=mn))
    connected = "SELECT connected FROM monitor_sender WHERE mn = ?"
    until(lambda: rows(gateway, connected, mn) == [(1,)])
    crc = "SELECT sum(d.crc) FROM monitor_day d JOIN monitor_sender s ON s.id = d.sender WHERE s.mn = ?"
    until(lambda: rows(gateway, crc, mn) == [(1,)])
    device.close()
    until(lambda: rows(gateway, connected, mn) == [(0,)])


def test_two_gateways_do_not_share_a_folder(gateway: Gateway) -> None:
    other = subprocess.run(
        [ANLAN, "gateway", "--port", "0"], env=gateway.environ, capture_output=True, text=True, check=False
    )
    assert other.returncode == 2
    assert "正在使用中" in other.stderr


def test_a_port_that_is_taken_is_told(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = subprocess.run(
            [ANLAN, "gateway", "--port", str(port), "--lang", "en"],
            env=Gateway(home).environ,
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 1
    assert "--port" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_certificate_without_its_key_is_refused(home: Path) -> None:
    run = subprocess.run(
        [ANLAN, "gateway", "--cert", "x"], env=Gateway(home).environ, capture_output=True, text=True, check=False
    )
    assert (run.returncode, "--key" in run.stderr) == (2, True)


def test_export_is_cut_to_a_device_and_a_time(gateway: Gateway, tmp_path: Path) -> None:
    mn = "C100000000000000000000A6"
    admit(gateway, mn)
    device = Device(gateway.port)
    until(lambda: device.ask(upload("2061", "20260801080000", mn=mn)).cn == "9014" and "taken" in states(gateway, mn))
    device.ask(upload("2061", "20260802080000", mn=mn))
    device.close()
    until(lambda: len([row for row in readings(gateway) if row["device"] == mn]) == 2)
    file = tmp_path / "out.csv"
    words = ["readings", "export", "--device", mn, "--since", "2026-08-02", "-o", str(file)]
    assert list(gateway.anlan(*words)) == []
    assert [line.split(",")[0] for line in file.read_text("utf-8-sig").splitlines()] == [
        "time",
        "2026-08-02T08:00:00+08:00",
    ]


def test_ten_kills_under_load_lose_nothing_that_was_acknowledged(tmp_path: Path, home: Path) -> None:
    gateway = Gateway(home)
    try:
        assert kills(gateway, 10, 20) == 0
        # Every frame became readings, once: eight values each, none twice.
        gateway.start()
        gateway.stop()
        twice = "SELECT count(*) FROM monitor_conflict c JOIN monitor_sender s ON s.id = c.sender WHERE s.mn LIKE 'BE%'"
        assert rows(gateway, twice) == [(0,)]
        held = "SELECT count(*) FROM monitor_frame WHERE mn LIKE 'BE%' AND state <> 'taken'"
        if rows(gateway, held) != [(0,)]:
            # Killed before they were admitted: the next life admits and takes them.
            gateway.start()
            until(lambda: rows(gateway, held) == [(0,)])
            gateway.stop()
        frames_there = rows(gateway, "SELECT count(*) * 8 FROM monitor_frame WHERE mn LIKE 'BE%'")
        there = "SELECT count(*) FROM monitor_reading r JOIN monitor_sender s ON s.id = r.sender WHERE s.mn LIKE 'BE%'"
        assert rows(gateway, there) == frames_there
        assert rows(gateway, "PRAGMA integrity_check") == [("ok",)]
    finally:
        gateway.stop(signal.SIGKILL)


def test_a_stranger_of_a_life_that_ended_is_admitted_by_the_next_though_it_sends_no_more(home: Path) -> None:
    mn = "5A5A0000000000000000AD17"
    gateway = Gateway(home, admit_unknown=False)
    try:
        # Stored while nobody is admitted, as in the second before the desk has looked.
        gateway.start()
        device = Device(gateway.port)
        assert device.ask(upload("2011", "20260801080000", mn=mn)).cn == "9014"
        device.close()
        gateway.stop(signal.SIGKILL)
        gateway.admit_unknown = True
        gateway.start()
        until(lambda: set(states(gateway, mn)) == {"taken"})
    finally:
        gateway.stop(signal.SIGKILL)


def test_what_it_writes_is_for_nobody_else(home: Path) -> None:
    assert os.stat(home / "readings.db").st_mode & 0o077 == 0
