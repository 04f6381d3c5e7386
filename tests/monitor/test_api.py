"""The interface: devices, readings of a site, lab results in."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from tests import people
from tests.monitor.frames_of_the_field import MN, entries, upload

from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Entry
from anlan.monitor.gateway import taking
from anlan.monitor.gateway.desk import take_results
from anlan.monitor.gateway.log import StoreLog
from anlan.monitor.models import Conflict, Device, Reading, Result, Sender, Site

pytestmark = pytest.mark.django_db(databases=["default", "scratch", "readings"])
ROW = {"site": "S1", "factor": "COD", "sampled_at": "2026-08-01 08:30", "value": "23.5"}


@pytest.fixture
def site() -> Site:
    made = Site.objects.create(code="S1", name="青溪断面")
    Device.objects.create(mn=MN, name="青溪数采仪", site=made, password="654321")
    return made


def ask(role: Role, path: str) -> Any:
    answer = people.client(people.account(role)).get(path)
    return answer.status_code, answer.json()


def send(role: Role, rows: Any) -> Any:
    body = rows if isinstance(rows, str) else json.dumps(rows)
    return people.client(people.account(role)).post("/api/monitor/results", body, content_type="application/json")


def test_devices_are_listed_with_what_was_heard_of_them_and_without_their_password(site: Site) -> None:
    log = StoreLog()
    made = entries(upload())
    log.append(made)
    taking.take(made)
    status, told = ask(Role.LEADER, "/api/monitor/devices")
    assert (status, told["count"]) == (200, 1)
    (row,) = told["items"]
    assert (row["mn"], row["site"], row["state"], row["connected"]) == (MN, "S1", "in_service", False)
    assert row["last_at"]
    assert "password" not in row
    assert "654321" not in json.dumps(told)


def test_the_delay_of_a_device_is_told_by_our_clock_and_never_negative(site: Site) -> None:
    # A clock that is 15 minutes fast: data of 08:15:00 (its time) came at 08:00:05.
    Sender.objects.create(mn=MN, first_at=1, last_at=1, offset_ms=900_000, delay_ms=-895_000)
    _, told = ask(Role.LEADER, "/api/monitor/devices")
    assert (told["items"][0]["clock_offset_s"], told["items"][0]["delay_s"]) == (900.0, 5.0)
    # Measured a moment after the offset was: the rest is the way here, not time that runs backwards.
    Sender.objects.update(delay_ms=-901_000)
    _, told = ask(Role.LEADER, "/api/monitor/devices")
    assert told["items"][0]["delay_s"] == 0.0


def test_a_device_without_a_password_says_so(site: Site) -> None:
    Device.objects.create(mn="CD01", name="未设密码的数采仪")
    _, told = ask(Role.LEADER, "/api/monitor/devices")
    assert {row["mn"]: row["has_password"] for row in told["items"]} == {MN: True, "CD01": False}


def test_readings_of_a_site_come_in_order_as_exact_texts(site: Site) -> None:
    log = StoreLog()
    made = entries(upload("2061", "20260801090000", "24.10"), upload("2061", "20260801080000", "23.5"))
    log.append(made)
    taking.take(made)
    status, told = ask(Role.CLERK, "/api/monitor/readings?site=S1&since=2026-08-01T00:00:00&until=2026-08-02T00:00:00")
    assert status == 200
    assert told["items"] == [
        {
            "time": f"2026-08-01T0{hour}:00:00+08:00",
            "device": MN,
            "factor": "w01018",
            "kind": "hour-Avg",
            "value": value,
            "flag": "N",
            "state": "ok",
        }
        for hour, value in ((8, "23.5"), (9, "24.10"))
    ]


def test_a_range_that_cannot_be_is_refused(site: Site) -> None:
    for until in ("2026-07-01T00:00:00", "2027-08-01T00:00:00"):
        status, _ = ask(Role.CLERK, f"/api/monitor/readings?site=S1&since=2026-08-01T00:00:00&until={until}")
        assert status == 422
    status, _ = ask(Role.CLERK, "/api/monitor/readings?site=none&since=2026-08-01T00:00:00&until=2026-08-02T00:00:00")
    assert status == 404


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_administrators_read_no_monitoring(role: Role, site: Site) -> None:
    assert ask(role, "/api/monitor/devices")[0] == 403
    assert ask(role, "/api/monitor/readings?site=S1&since=2026-08-01T00:00:00&until=2026-08-02T00:00:00")[0] == 403


def test_results_are_written_once_and_journalled(site: Site) -> None:
    rows = [ROW, ROW | {"factor": "氨氮", "value": "<0.025", "unit": "mg/L"}]
    answer = send(Role.CLERK, rows)
    assert (answer.status_code, json.loads(answer.content)) == (201, {"received": 2, "new": 2})
    assert json.loads(send(Role.CLERK, rows).content) == {"received": 2, "new": 0}
    kept = {(one.factor, str(one.value), one.below, one.unit, one.way) for one in Result.objects.all()}
    assert kept == {("w01018", "23.5", False, "mg/L", "api"), ("w21003", "0.025", True, "mg/L", "api")}
    assert Result.objects.filter(sampled_at=dt.datetime(2026, 8, 1, 0, 30, tzinfo=dt.UTC)).count() == 2
    assert Entry.objects.filter(action="monitor.results").count() == 2


def test_all_results_or_none_and_everything_wrong_is_told(site: Site) -> None:
    answer = send(Role.CLERK, [ROW, ROW | {"site": "S9", "factor": "?"}, ROW | {"value": "good"}, ROW | {"unit": "度"}])
    assert answer.status_code == 422
    told = [one["message"] for one in json.loads(answer.content)["errors"]]
    assert len(told) == 4
    assert told[0].startswith("第 2 条")
    assert "S9" in told[0]
    assert Result.objects.count() == 0


@pytest.mark.parametrize("role", [Role.HANDLER, Role.LEADER, Role.VERIFIER, Role.SYSTEM_ADMIN])
def test_nobody_else_sends_results(role: Role, site: Site) -> None:
    assert send(role, [ROW]).status_code == 403
    assert Result.objects.count() == 0


def test_what_is_no_json_is_told(site: Site) -> None:
    assert send(Role.CLERK, "[{").status_code == 400
    assert send(Role.CLERK, {"site": "S1"}).status_code == 422
    assert send(Role.CLERK, [{"site": "S1"}]).status_code == 422


def test_a_result_becomes_a_reading_and_a_second_one_a_conflict(site: Site) -> None:
    send(Role.CLERK, [ROW])
    send(Role.CLERK, [ROW | {"value": "25"}])
    take_results(list(Result.objects.select_related("site").order_by("pk")), 2)
    # Again, as after a sudden end: nothing changes.
    take_results(list(Result.objects.select_related("site").order_by("pk")), 2)
    assert [(one.digits, one.scale, one.factor) for one in Reading.objects.all()] == [(235, 1, "w01018")]
    assert [one.digits for one in Conflict.objects.all()] == [25]
    _status, told = ask(Role.CLERK, "/api/monitor/readings?site=S1&since=2026-08-01T00:00:00&until=2026-08-02T00:00:00")
    assert [(row["device"], row["kind"], row["value"]) for row in told["items"]] == [("LAB-S1", "lab", "23.5")]
