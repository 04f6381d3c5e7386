"""The pages of targets: the list, the page of a task, binding and refusing by form."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.html import strip_tags
from tests import people
from tests.plan.binding import bound as small
from tests.plan.progress import district as progress
from tests.plan.progress.district import District
from tests.plan.progress.test_sharing import reported

from anlan.plan.binding import actions, queries
from anlan.plan.binding.models import Binding, Reading
from anlan.plan.models import Target, Task
from anlan.plan.progress import summary

pytestmark = pytest.mark.django_db(databases=["default", "scratch", "readings"])
CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-hans"}


@pytest.fixture
def district() -> District:
    found = small.build()
    small.sewer("A-1", 3000)
    small.sewer("A-2", 1200)
    return found


@pytest.fixture
def target(district: District) -> Target:
    return district.target("3")


def browser(district: District, who: str) -> Client:
    made = people.client(district.accounts[who])
    made.defaults.update(CHINESE)
    return made


def test_the_form_proposes_tries_out_and_binds(district: District, target: Target) -> None:
    clerk, address = browser(district, "clerk"), f"/targets/{target.pk}/bind/"
    page = clerk.get(address).content.decode()
    assert "污水管网 · 新建污水管网长度" in page
    assert "都由这些单位填报：" in page
    page = clerk.get(address, {"indicator": "sewer.laid", "by-kind": "main"}).content.decode()
    assert "4.2公里" in page
    answer = clerk.post(address, {"indicator": "sewer.laid", "by-kind": "main", "reason": "验收数"}, follow=True)
    assert "已绑定" in answer.content.decode()
    assert Binding.objects.get().narrowed == [["kind", "main"]]


def test_wrong_units_keep_the_form_and_say_why(district: District, target: Target) -> None:
    answer = browser(district, "clerk").post(f"/targets/{target.pk}/bind/", {"indicator": "sewer.stretches"})
    assert answer.status_code == 422
    assert "两者不能换算" in answer.content.decode()


def test_a_proposal_is_refused_and_taken_back_by_form(district: District, target: Target) -> None:
    clerk = browser(district, "clerk")
    sent = {"indicator": "sewer.laid", "reason": "含旧管网"}
    page = clerk.post(f"/targets/{target.pk}/refuse/", sent, follow=True).content.decode()
    assert "已排除的" in page
    (refusal,) = queries.refusals(target)
    page = clerk.post(f"/targets/{target.pk}/readmit/{refusal.pk}/", follow=True).content.decode()
    assert "已排除的" not in page


def test_a_binding_is_taken_off_by_form(district: District, target: Target) -> None:
    actions.bind(district.actor("clerk"), target, "sewer", "laid")
    clerk = browser(district, "clerk")
    assert "say why" not in clerk.post(f"/targets/{target.pk}/unbind/", {"reason": ""}, follow=True).content.decode()
    assert Binding.objects.get().state == "bound"
    page = clerk.post(f"/targets/{target.pk}/unbind/", {"reason": "重复"}, follow=True).content.decode()
    assert "以前绑定的" in page


def test_nobody_else_gets_at_the_forms(district: District, target: Target) -> None:
    for who in ("handler", "leader", "boss", "verifier", "system", "security", "audit"):
        client = browser(district, who)
        assert client.get(f"/targets/{target.pk}/bind/").status_code == 403, who
        for step in ("bind", "unbind", "refuse"):
            answer = client.post(f"/targets/{target.pk}/{step}/", {"indicator": "sewer.laid", "reason": "不是"})
            assert answer.status_code == 403, (who, step)
    assert not Binding.objects.exists()


def test_the_list_shows_report_rows_and_gap_and_narrows_to_gaps(district: District, target: Target) -> None:
    actions.bind(district.actor("clerk"), target, "sewer", "laid")
    progress.called(district)
    reported(district, "elsewhere", "区住建局", "5.2", target)
    page = browser(district, "boss").get("/targets/").content.decode()
    # 5.2 were reported, 4.2 stand in the register
    assert "报告多 1公里" in strip_tags(page)
    assert "未绑定" in page
    page = browser(district, "boss").get("/targets/", {"show": "gap"}).content.decode()
    assert "污水管网6.5公里" in page
    assert "120个" not in page.partition("<table")[2]
    sheet = browser(district, "boss").get("/targets/", {"export": "xlsx"})
    people.finish(sheet)
    assert sheet.status_code == 200


def test_the_page_of_a_task_shows_the_rows_to_whoever_sees_the_task(district: District, target: Target) -> None:
    actions.bind(district.actor("clerk"), target, "sewer", "laid")
    task = Task.objects.get(number="3")
    page = browser(district, "elsewhere").get(f"/tasks/{task.pk}/").content.decode()
    assert "4.2公里" in page
    assert "绑定情况" not in page
    # Who may not read the register gets the figure, and no address of its rows.
    page = browser(district, "verifier").get(f"/tasks/{task.pk}/").content.decode()
    assert "4.2公里" in page
    assert 'href="/registers/sewer/' not in page
    assert browser(district, "handler").get(f"/tasks/{task.pk}/").status_code == 404
    assert "绑定情况" in browser(district, "clerk").get(f"/tasks/{task.pk}/").content.decode()


def test_a_changed_indicator_is_told_on_the_page_and_at_home(district: District, target: Target) -> None:
    actions.bind(district.actor("clerk"), target, "sewer", "laid")
    small.register(where="", version=2)
    clerk = browser(district, "clerk")
    page = clerk.get(f"/targets/{target.pk}/bind/").content.decode()
    assert "口径与绑定时不同" in page
    assert "待复核的指标绑定" in clerk.get("/").content.decode()
    assert "口径已变" in clerk.get("/targets/", {"show": "look"}).content.decode()


def test_the_number_of_queries_does_not_grow_with_bound_targets(district: District, target: Target) -> None:
    clerk = district.actor("clerk")
    for number in range(8):
        one = Target.objects.create(
            measure=target.measure,
            text=f"管网{number}",
            indicator=f"管网{number}",
            comparator="ge",
            low=1,
            high=1,
            unit="公里",
        )
        actions.bind(clerk, one, "sewer", "laid")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        queries.lines(clerk, district.plan)
    assert len(few) < 22


def test_the_summary_of_a_month_tells_what_stood_then(district: District, target: Target) -> None:
    clerk = district.actor("clerk")
    actions.bind(clerk, target, "sewer", "laid")
    progress.called(district)
    reported(district, "elsewhere", "区住建局", "5.2", target)
    Reading.objects.update(day=dt.date(2024, 6, 20))
    with translation.override("zh-hans"):
        paper = summary.paper(clerk, district.plan, dt.date(2024, 6, 30))
        section = next(one for one in paper.sections if "目标完成情况" in one.heading)
        assert section.table is not None
        row = next(row for row in section.table.rows if row[0] == "3")
        # 5.2 km were reported for June; the rows said 4.2 km on the 20th
        assert row[2:5] == ("5.2公里", "4.2公里", "报告多 1公里")
        # Of May, before anything was kept, nothing is told of rows.
        paper = summary.paper(clerk, district.plan, dt.date(2024, 5, 31))
        assert not any("目标完成情况" in one.heading for one in paper.sections)
        today = summary.paper(clerk, district.plan, timezone.localdate())
        assert any("目标完成情况" in one.heading for one in today.sections)
