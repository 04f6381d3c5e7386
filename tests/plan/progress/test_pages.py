"""The pages of progress as people use them: the draft that saves itself, approval, acceptance, the matrix, a target."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests import people
from tests.plan.progress import district as small
from tests.plan.progress.district import DUE, District

from anlan.foundation.access.roles import Role
from anlan.foundation.search import index
from anlan.foundation.vault.models import Receipt
from anlan.plan.progress import actions, calling, sample
from anlan.plan.progress.models import Attachment, Owed, Report, Round, Split
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def district() -> District:
    made = small.build()
    small.called(made)
    return made


def browser(district: District, who: str) -> Client:
    return people.client(district.accounts[who])


def waiting(district: District) -> Report:
    report = actions.save_draft(district.actor("handler"), district.owed("1"), small.told(), None)
    actions.submit(district.actor("handler"), report, today=DUE)
    return report


def test_a_handler_sees_what_to_report_first(district: District) -> None:
    text = browser(district, "handler").get("/progress/").content.decode()
    assert text.index("排查入河排污口") < text.index("各期调度")
    # 25 June to 2 July 2024 is long ago.
    assert "已逾期" in text


def test_a_draft_saves_itself_and_says_what_it_could_not_keep(district: District) -> None:
    owed, client = district.owed("1"), browser(district, "handler")
    figure = f"figure-{district.target('1').pk}"
    answer = client.post(
        f"/progress/owed/{owed.pk}/save/",
        {"lock": "", "percent": "140", "narrative": "已排查", figure: "很多"},
    )
    assert answer.status_code == 200
    told = json.loads(answer.content)
    assert set(told["errors"]) == {"percent", figure}
    report = Report.objects.get()
    assert (report.percent, report.narrative, report.figures.get().text) == (None, "已排查", "很多")
    again = client.post(
        f"/progress/owed/{owed.pk}/save/", {"lock": told["lock"], "percent": "40", "narrative": "已排查", figure: "72"}
    )
    assert json.loads(again.content)["errors"] == {}
    assert Report.objects.get().percent == 40


def test_the_second_of_two_gets_what_the_first_wrote_field_by_field(district: District) -> None:
    owed = district.owed("1")
    one, two = browser(district, "handler"), browser(district, "colleague")
    first = json.loads(one.post(f"/progress/owed/{owed.pk}/save/", {"lock": "", "narrative": "甲"}).content)
    two.post(f"/progress/owed/{owed.pk}/save/", {"lock": first["lock"], "narrative": "乙", "percent": "30"})
    collided = one.post(f"/progress/owed/{owed.pk}/save/", {"lock": first["lock"], "narrative": "甲改"})
    assert collided.status_code == 409
    told = json.loads(collided.content)
    assert {field["name"]: field["theirs"] for field in told["fields"]} == {"narrative": "乙", "percent": "30"}
    assert "colleague" in told["who"]
    # Without script the page shows the same, and keeps what was typed.
    page = one.post(f"/progress/owed/{owed.pk}/", {"lock": first["lock"], "narrative": "甲改", "do": "save"})
    assert page.status_code == 409
    text = page.content.decode()
    assert "甲改" in text
    assert "乙" in text
    # The next save knows of it and goes through.
    saved = one.post(f"/progress/owed/{owed.pk}/", {"lock": told["lock"], "narrative": "甲改", "do": "save"})
    assert saved.status_code == 302
    assert Report.objects.get().narrative == "甲改"


def test_a_report_is_handed_in_with_files_that_only_its_readers_open(district: District) -> None:
    owed, client = district.owed("1"), browser(district, "handler")
    photo = SimpleUploadedFile("现场.txt", "现场记录".encode(), content_type="text/plain")
    sent = {"lock": "", "percent": "40", "narrative": "已排查72个。", "files": photo, "do": "submit"}
    answer = client.post(f"/progress/owed/{owed.pk}/", sent, follow=True)
    assert "已提交" in answer.content.decode()
    receipt = Receipt.objects.get(purpose="progress")
    for who, status in (("handler", 200), ("leader", 200), ("clerk", 403), ("elsewhere", 403), ("system", 403)):
        reply = browser(district, who).get(f"/files/{receipt.pk}/")
        people.finish(reply)
        assert reply.status_code == status, who
    report = Report.objects.get()
    actions.approve(district.actor("leader"), report)
    reply = browser(district, "clerk").get(f"/files/{receipt.pk}/")
    people.finish(reply)
    assert reply.status_code == 200


def test_a_file_taken_off_a_draft_stays_in_the_vault(district: District) -> None:
    owed, client = district.owed("1"), browser(district, "handler")
    photo = SimpleUploadedFile("现场.txt", b"notes", content_type="text/plain")
    client.post(f"/progress/owed/{owed.pk}/", {"lock": "", "narrative": "x", "files": photo, "do": "save"})
    attachment = Attachment.objects.get()
    client.post(f"/progress/owed/{owed.pk}/", {"do": f"detach-{attachment.pk}"})
    assert not Attachment.objects.exists()
    assert Receipt.objects.filter(purpose="progress").count() == 1


def test_what_is_missing_is_listed_at_once_and_the_form_keeps_what_was_typed(district: District) -> None:
    owed = district.owed("1")
    sent = {"lock": "", "done_on": "2024-06-20", "percent": "60", "narrative": "", "do": "submit"}
    answer = browser(district, "handler").post(f"/progress/owed/{owed.pk}/", sent)
    assert answer.status_code == 422
    assert "进度应为 100%" in answer.content.decode()
    sent = {"lock": "1", "percent": "", "narrative": "", "do": "submit"}
    answer = browser(district, "handler").post(f"/progress/owed/{owed.pk}/", sent)
    text = answer.content.decode()
    assert "“进展情况”没有填写" in text
    assert "“完成进度”没有填写" in text


def test_the_leader_approves_or_returns_from_one_page(district: District) -> None:
    report = waiting(district)
    client = browser(district, "leader")
    assert "已排查72个排污口。" in client.get("/progress/approve/").content.decode()
    client.post(
        f"/progress/reports/{report.pk}/step/", {"do": "return", "reason": "请补数字", "back": "progress-approve"}
    )
    report.refresh_from_db()
    assert (report.state, report.returned) == ("draft", "请补数字")
    assert "请补数字" in browser(district, "handler").get("/progress/").content.decode()
    actions.submit(district.actor("handler"), report, today=DUE)
    client.post("/progress/approve/", {"report": [str(report.pk)]})
    report.refresh_from_db()
    assert report.state == "approved"


def test_the_office_accepts_many_at_once_and_is_told_which_need_a_remark(district: District) -> None:
    ready = waiting(district)
    actions.approve(district.actor("leader"), ready)
    direct = actions.save_draft(district.actor("elsewhere"), district.owed("3", "区住建局"), small.told(), None)
    actions.submit(district.actor("elsewhere"), direct)
    client = browser(district, "clerk")
    keys = [str(ready.pk), str(direct.pk)]
    text = client.post("/progress/accept/", {"report": keys}, follow=True).content.decode()
    assert "已采纳 1 项" in text
    assert "须写明理由" in text
    client.post("/progress/accept/", {"report": keys, "remark": "电话核实"})
    assert set(Report.objects.values_list("state", flat=True)) == {"accepted"}
    # The remark is about the one that nobody approved.
    assert set(Report.objects.values_list("remark", flat=True)) == {"", "电话核实"}
    found = [hit.title for group in index.search(district.actor("clerk"), "72个排污口") for hit in group.hits]
    assert any("区生态环境局" in title for title in found)
    assert not [group for group in index.search(people.actor(Role.HANDLER), "72个排污口") if "报告" in group.heading]


def test_a_draft_is_read_by_its_unit_alone(district: District) -> None:
    report = actions.save_draft(district.actor("handler"), district.owed("1"), small.told(), None)
    for who, status in (("handler", 200), ("leader", 200), ("clerk", 404), ("boss", 404), ("elsewhere", 404)):
        assert browser(district, who).get(f"/progress/reports/{report.pk}/").status_code == status, who
    page = browser(district, "clerk").get(f"/progress/owed/{report.owed_id}/").content.decode()
    assert "已排查72个排污口" not in page
    assert "单位还在填写或审核" in page


def test_the_matrix_opens_its_rows_and_offers_words_without_a_login_in_them(district: District) -> None:
    round_ = Round.objects.get()
    client = browser(district, "clerk")
    text = client.get(f"/progress/rounds/{round_.pk}/").content.decode()
    assert "【催报】" in text
    assert "://testserver/progress/" in text
    assert "token" not in text.split("【催报】")[1].split("</textarea>")[0]
    unit = district.units["区住建局"]
    rows = client.get(f"/progress/rounds/{round_.pk}/rows/?unit={unit.pk}&stage=missing").content.decode()
    assert "新建污水管网" in rows
    answer = client.post(f"/progress/rounds/{round_.pk}/remind/", {"unit": [str(unit.pk)]}, follow=True)
    assert "已提醒 1 人" in answer.content.decode()
    listed = client.get(f"/progress/rounds/{round_.pk}/rows/?export=xlsx")
    people.finish(listed)
    assert listed.status_code == 200


def test_a_round_is_opened_by_the_page_of_the_months_or_of_days_of_ones_own(district: District) -> None:
    client = browser(district, "clerk")
    today = timezone.localdate()
    first = today.replace(day=1)
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    sent = {"plan": district.plan.pk, "period": f"{first}.{last}", "due_on": today.isoformat()}
    answer = client.post("/progress/rounds/new/", sent)
    assert answer.status_code == 302
    assert Round.objects.latest("pk").first == first
    wrong = client.post("/progress/rounds/new/", {"plan": district.plan.pk, "period": "other"})
    assert wrong.status_code == 422
    assert "须有名称" in wrong.content.decode()
    own = {
        "plan": district.plan.pk,
        "period": "other",
        "name": "汛前专项调度",
        "first": "2024-05-01",
        "last": "2024-05-20",
        "due_on": "2024-05-25",
    }
    assert client.post("/progress/rounds/new/", own).status_code == 302
    assert str(Round.objects.latest("pk")) == "汛前专项调度"


def test_the_schedule_and_the_day_are_set_by_their_pages(district: District) -> None:
    client, round_ = browser(district, "clerk"), Round.objects.get()
    answer = client.post(
        f"/plans/{district.plan.pk}/schedule/", {"rhythm": "quarter", "opens_day": 20, "due_workdays": 7}
    )
    assert answer.status_code == 302
    schedule = calling.schedule_of(district.plan)
    assert (schedule.rhythm, schedule.opens_day, schedule.due_workdays) == ("quarter", 20, 7)
    client.post(f"/progress/rounds/{round_.pk}/day/", {"due_on": "2024-07-08", "reason": "汛期顺延"})
    round_.refresh_from_db()
    assert round_.due_on == dt.date(2024, 7, 8)


def test_a_target_is_split_on_its_page_with_the_difference_shown(district: District) -> None:
    client, target = browser(district, "clerk"), district.target("1")
    town, other = district.units["上渡镇"], district.units["下渡镇"]
    page = client.get(f"/progress/targets/{target.pk}/").content.decode()
    assert "上渡镇" in page
    sent = {"do": "share", "lock": "0", f"share-{town.pk}-": "70", f"share-{other.pk}-": "40"}
    text = client.post(f"/progress/targets/{target.pk}/", sent, follow=True).content.decode()
    # 70 + 40 = 110 of 120
    assert "少 10个" in text
    text = client.post(f"/progress/targets/{target.pk}/", {"do": "confirm"}, follow=True).content.decode()
    assert "请改到相等，或写明理由" in text
    client.post(f"/progress/targets/{target.pk}/", {"do": "confirm", "reason": "余数由区里组织"})
    assert Split.objects.get().confirmed_at is not None
    assert browser(district, "elsewhere").get(f"/progress/targets/{target.pk}/").status_code == 404


def test_a_wrong_share_keeps_what_was_typed(district: District) -> None:
    client, target = browser(district, "clerk"), district.target("1")
    town, other = district.units["上渡镇"], district.units["下渡镇"]
    sent = {"do": "share", "lock": "0", f"share-{town.pk}-": "大约70", f"share-{other.pk}-": "50"}
    answer = client.post(f"/progress/targets/{target.pk}/", sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="大约70"' in text
    assert 'value="50"' in text


def test_the_history_of_a_part_shows_every_round_and_revision(district: District) -> None:
    report = waiting(district)
    actions.approve(district.actor("leader"), report)
    actions.accept(district.actor("clerk"), report)
    actions.correct(district.actor("handler"), district.owed("1"))
    text = browser(district, "handler").get(f"/progress/parts/{report.owed.part_id}/").content.decode()
    assert "2024年6月" in text
    assert "第 2 稿" in text
    # Of the correction, a draft, the office sees nothing.
    office = browser(district, "clerk").get(f"/progress/parts/{report.owed.part_id}/").content.decode()
    assert "第 1 稿" in office
    assert "第 2 稿" not in office
    assert browser(district, "elsewhere").get(f"/progress/parts/{report.owed.part_id}/").status_code == 403


def test_the_task_shows_targets_and_the_latest_reports(district: District) -> None:
    report = waiting(district)
    actions.approve(district.actor("leader"), report)
    actions.accept(district.actor("clerk"), report)
    text = browser(district, "clerk").get(f"/tasks/{report.owed.task_id}/").content.decode()
    assert "目标进度" in text
    assert "已排查72个排污口。" in text


def test_sample_reports_are_marked_and_as_the_steps_would_have_left_them() -> None:
    from tests.plan import small as plans_small

    from anlan.foundation.access.actor import machine
    from anlan.foundation.flow.queries import replayed
    from anlan.plan import actions as plans
    from anlan.plan.models import TaskDuty
    from anlan.plan.progress import counting
    from anlan.plan.progress.flow import REPORT

    units = plans_small.district()
    people.account(Role.HANDLER, at=units["区生态环境局"])
    robot = machine("sample")
    plan = plans.receive(robot, plans_small.TEXT.encode(), "要点.txt", sample=True)
    plans.issue_sample(robot, plan, on=dt.date(2024, 3, 1))
    plan.refresh_from_db()
    # Quarters of 2024 that end after the issue: four.
    assert sample.bring(plan, dt.date(2025, 2, 1)) == 4
    assert sample.bring(plan, dt.date(2025, 2, 1)) == 0
    assert all(Report.objects.values_list("sample", flat=True))
    assert all(replayed(REPORT, report) == report.state for report in Report.objects.all())

    def kept() -> list[object]:
        return [
            *TaskDuty.objects.order_by("pk").values_list("pk", "percent", "done_on", "red_on"),
            *Owed.objects.order_by("pk").values_list("pk", "accepted", "excused"),
        ]

    before = kept()
    counting.recount_all()
    assert kept() == before


def test_administrators_find_nothing_of_progress(district: District) -> None:
    for who in ("system", "security", "audit"):
        client = browser(district, who)
        assert client.get("/progress/").status_code == 403
        assert client.get(f"/progress/rounds/{Round.objects.get().pk}/").status_code == 404
    with pytest.raises(InputError):
        actions.correct(district.actor("handler"), district.owed("1"))
