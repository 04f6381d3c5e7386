"""Rounds, what is owed, and reports as programs read, save and move them."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, get_args

import pytest
from django.test import Client
from django.utils import timezone
from tests import people
from tests.plan.progress import district as small
from tests.plan.progress.district import JULY, District

from anlan.foundation.access.roles import Role
from anlan.foundation.interface import actions as tokens
from anlan.foundation.journal.models import Entry
from anlan.plan.progress import actions, queries
from anlan.plan.progress.api import Stage
from anlan.plan.progress.models import Owed, Report
from anlan.plan.progress.values import Values

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])
SHAPE = {"error", "errors"}


@pytest.fixture
def district() -> District:
    made = small.build()
    small.called(made)
    return made


def sent(client: Client, method: str, address: str, **body: object) -> tuple[int, dict[str, Any]]:
    answer = client.generic(method, address, json.dumps(body), content_type="application/json")
    told = answer.json()
    if answer.status_code >= 400:
        assert set(told) == SHAPE
        assert told["error"] == told["errors"][0]
    return answer.status_code, told


def client(district: District, who: str) -> Client:
    return people.client(district.accounts[who])


def draft(district: District, **body: object) -> tuple[int, dict[str, Any]]:
    address = f"/api/owed/{district.owed('1').pk}/draft"
    return sent(client(district, "handler"), "PUT", address, **body)


def submitted(district: District) -> Report:
    report = actions.save_draft(district.actor("handler"), district.owed("1"), small.told(), None)
    actions.submit(district.actor("handler"), report)
    return report


def test_stages_are_those_of_the_pages() -> None:
    assert set(get_args(Stage)) == set(queries.STAGES)


def test_a_report_goes_through_all_its_steps(district: District) -> None:
    target = district.target("1").pk
    status, made = draft(
        district, percent=60, narrative="已排查72个排污口。", figures=[{"target": target, "text": "72个"}]
    )
    assert status == 200
    assert (made["state"], made["revision"], made["percent"], made["unit"]) == ("draft", 1, 60, "区生态环境局")
    assert made["figures"] == [
        {"target": target, "indicator": district.target("1").indicator, "unit": "个", "text": "72个", "value": "72"}
    ]
    address = f"/api/reports/{made['id']}"
    assert sent(client(district, "handler"), "POST", f"{address}/submit")[1]["state"] == "submitted"
    assert sent(client(district, "leader"), "POST", f"{address}/approve")[1]["state"] == "approved"
    assert sent(client(district, "clerk"), "POST", f"{address}/accept")[1]["state"] == "accepted"
    shown = client(district, "clerk").get(address).json()
    assert (shown["state"], shown["counts"], shown["direct"]) == ("accepted", True, False)
    assert shown["accepted_at"]
    # 60 % counts from now on.
    assert district.owed("1").part.percent == 60


def test_a_draft_is_saved_with_the_lock_that_was_read(district: District) -> None:
    _, first = draft(district, narrative="一稿")
    status, second = draft(district, lock=first["lock"], percent=10, narrative="二稿", obstacles="缺人")
    assert (status, second["id"], second["lock"]) == (200, first["id"], first["lock"] + 1)
    # Sent whole: what is left out is empty.
    third = draft(district, lock=second["lock"], narrative="三稿")[1]
    assert (third["percent"], third["narrative"], third["obstacles"]) == (None, "三稿", "")


@pytest.mark.parametrize("lock", [None, 1])
def test_the_second_of_two_savers_is_told_what_the_first_wrote(district: District, lock: int | None) -> None:
    made = draft(district, percent=10, narrative="一稿")[1]
    assert made["lock"] == 1
    theirs = Values(percent=40, narrative="同事写的")
    actions.save_draft(district.actor("colleague"), district.owed("1"), theirs, 1)
    status, told = draft(district, lock=lock, percent=10, narrative="我写的")
    assert status == 409
    assert {one["code"] for one in told["errors"]} == {"collision"}
    # The colleague's save is the second, so the lock is 2.
    assert [(one["field"], one["theirs"]) for one in told["errors"]] == [
        ("lock", 2),
        ("percent", "40"),
        ("narrative", "同事写的"),
    ]
    assert Report.objects.get().narrative == "同事写的"
    status, again = draft(district, lock=told["error"]["theirs"], percent=40, narrative="同事写的，我写的")
    assert (status, again["narrative"]) == (200, "同事写的，我写的")


def test_everything_wrong_in_a_draft_is_told_at_once_and_nothing_is_saved(district: District) -> None:
    target, other = district.target("1").pk, district.target("3").pk
    status, told = draft(
        district,
        percent=40,
        done_on="2024-06-28",
        narrative="已完成",
        figures=[
            {"target": target, "text": "很多"},
            {"target": target, "text": "72到75个"},
            {"target": other, "text": "5"},
        ],
    )
    assert status == 422
    assert {one["field"] for one in told["errors"]} == {"done_on", f"figures.{target}", f"figures.{other}"}
    # Twice the same target, and its text that is no figure.
    assert [one["field"] for one in told["errors"]].count(f"figures.{target}") == 2
    assert not Report.objects.exists()
    assert draft(district, percent=101)[1]["error"]["code"] == "wrong_call"
    assert draft(district, percent=True)[0] == 422
    assert not Report.objects.exists()


def test_a_contribution_has_one_line_and_no_percentage(district: District) -> None:
    # 区工信局 cooperates on the first measure.
    row = district.owed("1", "区工信局")
    handler = people.client(people.account(Role.HANDLER, at=district.units["区工信局"]))
    status, told = sent(handler, "PUT", f"/api/owed/{row.pk}/draft", percent=40, narrative="派了两个人")
    assert (status, told["error"]["field"]) == (422, "percent")
    status, made = sent(handler, "PUT", f"/api/owed/{row.pk}/draft", narrative="派了两个人")
    assert (status, made["percent"], made["owes"]) == (200, None, "contribution")


def test_what_is_missing_keeps_a_draft_from_being_submitted(district: District) -> None:
    key = draft(district)[1]["id"]
    status, told = sent(client(district, "handler"), "POST", f"/api/reports/{key}/submit")
    # Neither the narrative nor the percentage is there.
    assert (status, len(told["errors"])) == (422, 2)
    assert Report.objects.get().state == "draft"


def test_a_report_handed_in_cannot_be_saved_over(district: District) -> None:
    report = submitted(district)
    assert draft(district, lock=report.lock, narrative="改")[0] == 422


def test_a_report_is_returned_with_a_reason_only(district: District) -> None:
    report = submitted(district)
    leader = client(district, "leader")
    assert sent(leader, "POST", f"/api/reports/{report.pk}/return", reason=" ")[0] == 422
    assert sent(leader, "POST", f"/api/reports/{report.pk}/return")[0] == 422
    status, told = sent(leader, "POST", f"/api/reports/{report.pk}/return", reason="数据不实")
    assert (status, told["state"]) == (200, "draft")
    again = client(district, "handler").get(f"/api/reports/{report.pk}").json()
    assert (again["returned"], again["lock"]) == ("数据不实", told["lock"])


def test_the_office_returns_what_it_then_no_longer_reads(district: District) -> None:
    report = submitted(district)
    actions.approve(district.actor("leader"), report)
    clerk = client(district, "clerk")
    assert sent(clerk, "POST", f"/api/reports/{report.pk}/return", reason="缺附件")[1]["state"] == "draft"
    # A draft is its unit's own.
    assert clerk.get(f"/api/reports/{report.pk}").status_code == 404


def test_what_nobody_could_approve_is_accepted_with_a_reason(district: District) -> None:
    owed = district.owed("3", "区住建局")
    report = actions.save_draft(district.actor("elsewhere"), owed, small.told(), None)
    actions.submit(district.actor("elsewhere"), report)
    clerk, address = client(district, "clerk"), f"/api/reports/{report.pk}/accept"
    assert sent(clerk, "POST", address, reason="由" * 301)[1]["error"]["code"] == "wrong_call"
    assert sent(clerk, "POST", address)[0] == 422
    assert sent(clerk, "POST", address, reason="单位没有负责人账户")[1]["state"] == "accepted"


def test_an_acceptance_needs_no_body(district: District) -> None:
    report = submitted(district)
    actions.approve(district.actor("leader"), report)
    answer = client(district, "clerk").generic("POST", f"/api/reports/{report.pk}/accept")
    assert (answer.status_code, answer.json()["state"]) == (200, "accepted")


def test_nobody_else_takes_a_step(district: District) -> None:
    report = submitted(district)
    outsiders = ("elsewhere", "boss", "system", "security", "audit", "verifier")
    for step in ("submit", "approve", "accept", "return"):
        for who in outsiders:
            status, _ = sent(client(district, who), "POST", f"/api/reports/{report.pk}/{step}", reason="试")
            assert status in (403, 404), (step, who)
    # Nobody approves what he submitted, and the office does not approve for the unit.
    assert sent(client(district, "handler"), "POST", f"/api/reports/{report.pk}/approve")[0] == 403
    assert sent(client(district, "leader"), "POST", f"/api/reports/{report.pk}/accept")[0] == 403
    for who in (*outsiders, "leader", "clerk"):
        address = f"/api/owed/{district.owed('1').pk}/draft"
        assert sent(client(district, who), "PUT", address, narrative="别人写的")[0] in (403, 404), who
    report.refresh_from_db()
    assert (report.state, report.narrative) == ("submitted", small.told().narrative)
    assert Client().get("/api/reports").status_code == 401


def test_reports_are_narrowed_by_plan_round_unit_and_state(district: District) -> None:
    report = submitted(district)
    handler = client(district, "handler")

    def found(query: str) -> list[int]:
        return [one["id"] for one in handler.get(f"/api/reports?{query}").json()["items"]]

    round_ = report.owed.round_id
    assert found("") == found(f"plan={district.plan.pk}&round={round_}") == [report.pk]
    assert found("state=submitted&unit=区生态环境局") == [report.pk]
    assert found("state=accepted") == found("unit=区住建局") == found(f"round={2**62}") == []
    # The office reads what reached it.
    assert client(district, "clerk").get("/api/reports").json()["count"] == 0
    assert client(district, "elsewhere").get(f"/api/reports/{report.pk}").status_code == 404


def test_what_is_owed_is_told_with_what_is_missing(district: District) -> None:
    report = submitted(district)
    actions.approve(district.actor("leader"), report)
    clerk = client(district, "clerk")

    def found(query: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = clerk.get(f"/api/owed?limit=500&{query}").json()["items"]
        return items

    every = found("")
    assert len(every) == Owed.objects.filter(excused=False).count() == clerk.get("/api/owed").json()["count"]
    assert {one["id"] for one in found("stage=missing")} == {one["id"] for one in every} - {report.owed_id}
    # The reports of June 2024 were due on 2 July 2024, long ago.
    assert found("overdue=true") == found("stage=missing&overdue=true")
    assert all(one["overdue"] and one["due_on"] == "2024-07-02" for one in found("overdue=true"))
    (mine,) = found("stage=sent")
    assert (mine["report"], mine["state"], mine["late"], mine["overdue"]) == (report.pk, "approved", True, False)
    assert {one["unit"] for one in found("unit=区住建局")} == {"区住建局"}
    assert found(f"plan={2**62}") == []
    assert {one["unit"] for one in client(district, "elsewhere").get("/api/owed").json()["items"]} == {"区住建局"}


def test_rounds_are_told_with_their_counts(district: District) -> None:
    small.called(district, JULY, dt.date(2024, 7, 25))
    submitted(district)
    july, june = client(district, "handler").get(f"/api/rounds?plan={district.plan.pk}").json()["items"]
    assert (july["name"], june["name"], june["first"], june["due_on"]) == (
        "2024年7月",
        "2024年6月",
        "2024-06-01",
        "2024-07-02",
    )
    mine = Owed.objects.filter(round=june["id"], unit=district.units["区生态环境局"], excused=False).count()
    # Nothing has reached the office yet: it is all missing.
    assert (june["owing"], june["sent"], june["missing"]) == (mine, 0, mine)
    assert client(district, "clerk").get(f"/api/rounds?plan={2**62}").json()["count"] == 0
    assert client(district, "system").get("/api/rounds").status_code == 403


def test_a_token_writes_within_its_scopes_and_the_journal_names_it(district: District) -> None:
    def bearer(*codes: str) -> dict[str, str]:
        _, secret = tokens.create(district.actor("handler"), "填报程序", codes, timezone.localdate())
        return {"Authorization": f"Bearer {secret}"}

    program, address = Client(), f"/api/owed/{district.owed('1').pk}/draft"
    body = {"data": json.dumps({"narrative": "程序写的"}), "content_type": "application/json"}
    refused = program.put(address, headers=bearer("reports.read"), **body)  # type: ignore[arg-type]
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "scope_missing")
    assert program.put(address, headers=bearer("reports.write"), **body).status_code == 200  # type: ignore[arg-type]
    assert Entry.objects.filter(action="report.write").latest("pk").actor_name.endswith("· 填报程序")


def test_a_body_that_is_no_json_is_told_so(district: District) -> None:
    report = submitted(district)
    # A browser, whose form is read for its token before the operation asks for JSON.
    strict = Client(enforce_csrf_checks=True)
    strict.cookies.update(client(district, "leader").cookies)
    token = strict.get("/").cookies["csrftoken"].value
    for sent_as in ("application/json", "multipart/form-data; boundary=x"):
        answer = strict.generic(
            "POST", f"/api/reports/{report.pk}/return", b"{", content_type=sent_as, headers={"X-CSRFToken": token}
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "not_json"), sent_as


def test_a_body_that_is_too_large_is_told_so(district: District) -> None:
    address = f"/api/owed/{district.owed('1').pk}/draft"
    body = json.dumps({"narrative": "x" * 3_000_000})
    answer = client(district, "handler").put(address, body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
