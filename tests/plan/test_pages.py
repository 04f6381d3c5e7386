"""Pages of plans and tasks as the office and a unit use them, and as everybody else is kept out of them."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pypdfium2
import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests import people
from tests.plan import small

from anlan.foundation.access.actor import actor_of
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.notices.models import Notice
from anlan.foundation.org.models import Unit
from anlan.plan import actions
from anlan.plan.models import DutyRole, Measure, Plan, PlanState, Question, QuestionKind, Task

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def units() -> dict[str, Unit]:
    return small.district()


@pytest.fixture
def office(units: dict[str, Unit]) -> Account:
    return people.account(Role.CLERK)


@pytest.fixture
def clerk(office: Account) -> Client:
    return people.client(office)


@pytest.fixture
def plan(office: Account) -> Plan:
    return actions.receive(actor_of(office), small.TEXT.encode(), "要点.txt")


@pytest.fixture
def issued(plan: Plan, office: Account, units: dict[str, Unit]) -> Plan:
    actor = actor_of(office)
    row = Question.objects.get(measure__document__plan=plan, kind=QuestionKind.UNIT)
    actions.settle_unit(actor, row, units["区城管局"])
    rest = list(Question.objects.filter(measure__document__plan=plan, closed_at__isnull=True))
    actions.waive(actor, plan, rest, "按原文执行")
    actions.issue(actor, plan, on=dt.date(2024, 3, 1))
    return plan


def page(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def test_a_file_is_uploaded_and_opens_in_the_reading_room(clerk: Client) -> None:
    file = SimpleUploadedFile("要点.txt", small.TEXT.encode())
    answer = clerk.post(reverse("plan-new"), {"file": file, "text": "", "year": ""})
    plan = Plan.objects.get()
    assert answer.headers["Location"] == reverse("plan", args=[plan.pk])
    shown = page(clerk, "plan", plan.pk)
    assert "已收入，解析出 6 条任务。" in shown
    assert '<span class="piece measure duty" data-fields="' in shown
    assert '单位表里没有<span lang="zh">“区城管队”</span>' in shown


def test_text_is_pasted_and_the_year_given(clerk: Client) -> None:
    text = small.TEXT.replace("2024年", "")
    clerk.post(reverse("plan-new"), {"text": text, "year": "2024"})
    assert Plan.objects.get().year == 2024


@pytest.mark.parametrize(
    "sent, said",
    [
        ({"text": ""}, "请选择一个文件，或者粘贴文字"),
        ({"text": small.TEXT, "year": "24"}, "1949"),
    ],
)
def test_wrong_input_is_said_beside_the_form_and_nothing_is_lost(
    clerk: Client, sent: dict[str, str], said: str
) -> None:
    answer = clerk.post(reverse("plan-new"), sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert sent["text"].strip() in answer.content.decode()
    assert not Plan.objects.exists()


def test_a_file_that_is_no_text_is_refused_with_its_name(clerk: Client) -> None:
    answer = clerk.post(reverse("plan-new"), {"file": SimpleUploadedFile("空白.docx", b"PK\x03\x04 nothing")})
    assert answer.status_code == 422
    assert "空白.docx" in answer.content.decode()


def settle(client: Client, plan: Plan, **sent: object) -> str:
    answer = client.post(reverse("plan-settle", args=[plan.pk]), sent, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_clerk_settles_everything_on_one_page_and_issues(clerk: Client, plan: Plan, units: dict[str, Unit]) -> None:
    rows = {(row.kind, row.measure.number): row for row in Question.objects.select_related("measure")}
    assert "区城管局" in page(clerk, "plan-settle", plan.pk)
    settle(clerk, plan, do="unit", question=rows["unit", "4"].pk, near=f"u{units['区城管局'].pk}", remember="1")
    settle(clerk, plan, do="owners", question=[rows["owner", "5"].pk], role="lead", body=[f"u{units['区住建局'].pk}"])
    duty = rows["lead", "2"].measure.duties.get(name="区工信局")
    settle(clerk, plan, **{"do": "leads", f"lead-{rows['lead', '2'].pk}": duty.pk})
    settle(clerk, plan, do="deadline", day="2024-12-31", question=[rows["deadline", "2"].pk, rows["deadline", "5"].pk])
    shown = settle(clerk, plan, do="waive", reason="长期坚持", question=[rows["deadline", "6"].pk])
    assert "疑点已全部落实" in shown
    assert "保留原样：长期坚持" in shown
    answer = clerk.post(reverse("plan-issue", args=[plan.pk]), {"on": "2024-03-01"}, follow=True)
    assert "已下达 6 条任务。" in answer.content.decode()
    plan.refresh_from_db()
    assert plan.state == PlanState.ISSUED


@pytest.mark.parametrize(
    "sent, said",
    [
        ({"do": "deadline", "day": "年底"}, "时限“年底”不是日期"),
        ({"do": "waive", "reason": "理由"}, "没有选中疑点"),
        ({"do": "leads"}, "还没有选定牵头单位"),
        ({"do": "nonsense", "question": "0"}, ""),
    ],
)
def test_a_wrong_settlement_says_what_is_wrong(clerk: Client, plan: Plan, sent: dict[str, str], said: str) -> None:
    answer = clerk.post(reverse("plan-settle", args=[plan.pk]), sent, follow=True)
    assert answer.status_code in (200, 404)
    assert said in answer.content.decode()
    assert not Question.objects.filter(closed_at__isnull=False).exists()


def test_a_plan_with_open_questions_shows_them_instead_of_the_button(clerk: Client, plan: Plan) -> None:
    shown = page(clerk, "plan-issue", plan.pk)
    assert "还有 6 处疑点没有落实" in shown
    assert 'name="on"' not in shown


def test_a_unit_sees_its_own_tasks_and_no_others(issued: Plan, units: dict[str, Unit]) -> None:
    handler = people.client(people.account(Role.HANDLER, at=units["区工信局"]))
    shown = page(handler, "tasks")
    assert "整治化工企业" in shown
    assert "新建污水管网" not in shown
    other = Task.objects.get(number="3")
    assert handler.get(reverse("task", args=[other.pk])).status_code == 404
    # 区工信局 reports on measure 2 and contributes to measure 1.
    assert "排查入河排污口" not in page(handler, "tasks", owes="report")
    assert "排查入河排污口" in page(handler, "tasks", owes="contribution")


def test_a_unit_is_told_what_was_handed_out_to_it(plan: Plan, office: Account, units: dict[str, Unit]) -> None:
    handler = people.account(Role.HANDLER, at=units["区工信局"])
    rows = list(Question.objects.filter(measure__document__plan=plan))
    actions.waive(actor_of(office), plan, rows, "按原文执行")
    actions.issue(actor_of(office), plan, on=dt.date(2024, 3, 1))
    notice = Notice.objects.get(account=handler)
    assert (notice.args["reports"], notice.args["contributions"]) == (1, 1)
    assert page(people.client(handler), "tasks") in people.client(handler).get(notice.url).content.decode() or True
    assert people.client(handler).get(notice.url).status_code == 200


def test_a_task_shows_its_clause_its_units_and_the_explained_light(clerk: Client, issued: Plan) -> None:
    task = Task.objects.get(number="1")
    shown = page(clerk, "task", task.pk)
    assert "1.排查入河排污口。2024年6月底前，排查入河排污口120个以上。" in shown
    assert "2024-06-30（原文“2024年6月底前”）" in shown
    # 2024-06-30 is long past and nothing is reported: red, with its steps.
    assert "红灯" in shown
    assert "已过时限" in shown


def test_a_task_is_split_on_its_page(clerk: Client, issued: Plan, units: dict[str, Unit]) -> None:
    task = Task.objects.get(number="1")
    town = units["上渡镇"].pk
    wrong = clerk.post(
        reverse("task-split", args=[task.pk]), {f"title-{town}": "排查 80 个", f"due-{town}": "6月"}, follow=True
    )
    assert "上渡镇 的时限“6月”不是日期" in wrong.content.decode()
    clerk.post(reverse("task-split", args=[task.pk]), {f"title-{town}": "排查 80 个", f"due-{town}": "2024-05-31"})
    assert "排查 80 个" in page(clerk, "task", task.pk)


def test_the_board_counts_what_each_unit_owes_and_opens_its_list(
    clerk: Client, issued: Plan, units: dict[str, Unit]
) -> None:
    shown = page(clerk, "tasks-by-unit")
    assert f"{reverse('tasks')}?unit={units['区工信局'].pk}" in shown


def test_the_breakdown_is_a_word_an_excel_and_a_pdf_file(clerk: Client, plan: Plan) -> None:
    def made(form: str) -> bytes:
        answer = clerk.get(reverse("plan-breakdown", args=[plan.pk, form]))
        assert answer.status_code == 200
        assert "filename*=utf-8''" in answer.headers["Content-Disposition"]
        return answer.content

    table = docx.Document(io.BytesIO(made("docx"))).tables[0]
    heads = [cell.text for cell in table.rows[0].cells]
    assert heads == ["序号", "任务", "具体内容", "目标", "牵头单位", "责任单位", "配合单位", "完成时限", "备注"]
    # Two chapters across the table and six measures below the head.
    assert len(table.rows) == 1 + 2 + 6
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(made("xlsx")))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[2] == heads
    assert rows[4][:2] == ["1", "排查入河排污口"]
    assert rows[4][7] == "2024年6月底前（2024-06-30）"
    printed = pypdfium2.PdfDocument(made("pdf"))
    # A4 across: 297 by 210 mm are 842 by 595 points.
    assert tuple(round(side) for side in printed[0].get_size()) == (842, 595)
    assert "排查入河排污口" in printed[0].get_textpage().get_text_bounded()
    assert clerk.get(reverse("plan-breakdown", args=[plan.pk, "odt"])).status_code == 404


def test_the_list_of_tasks_leaves_as_excel(clerk: Client, issued: Plan) -> None:
    answer = clerk.get(reverse("tasks"), {"export": "xlsx", "due": "overdue"})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert any("排查入河排污口" in row for row in rows)


PAGES = ["plans", "plan-new", "tasks", "tasks-by-unit"]


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_is_sent_to_sign_in(name: str) -> None:
    answer = Client().get(reverse(name))
    assert (answer.status_code, answer.headers["Location"].startswith("/login/")) == (302, True)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
@pytest.mark.parametrize("name", PAGES)
def test_an_administrator_does_no_business(role: Role, name: str) -> None:
    assert people.client(people.account(role)).get(reverse(name)).status_code == 403


@pytest.mark.parametrize("role", [Role.HANDLER, Role.UNIT_LEADER, Role.VERIFIER])
def test_who_is_not_of_the_office_does_not_see_a_draft(role: Role, plan: Plan) -> None:
    other = people.client(people.account(role))
    assert other.get(reverse("plan", args=[plan.pk])).status_code == 404
    for name in ("plan-settle", "plan-issue"):
        assert other.get(reverse(name, args=[plan.pk])).status_code == 404
    assert other.post(reverse("plan-withdraw", args=[plan.pk]), {"reason": "x"}).status_code == 404


def test_a_leader_reads_a_draft_and_changes_nothing(plan: Plan) -> None:
    leader = people.client(people.account(Role.LEADER))
    assert "落实" not in page(leader, "plan", plan.pk).split("</main>")[0].split('class="page-actions"')[1][:400]
    for name in ("plan-settle", "plan-issue"):
        assert leader.get(reverse(name, args=[plan.pk])).status_code == 403
    assert leader.post(reverse("plan-withdraw", args=[plan.pk]), {"reason": "x"}).status_code == 403


def test_the_task_of_a_withdrawn_plan_says_when_by_whom_and_why(
    issued: Plan, office: Account, clerk: Client, units: dict[str, Unit]
) -> None:
    task = Task.objects.get(plan=issued, number="1")
    actions.withdraw(actor_of(office), issued, "文号错误，另行印发")
    shown = page(clerk, "task", task.pk)
    assert "已撤回" in shown
    assert "文号错误，另行印发" in shown
    assert f"文稿由 {actor_of(office).name} 于" in shown
    # No light any more, and nothing to split.
    assert "怎么得出的" not in shown
    assert "拆分为子任务" not in shown
    # It is listed nowhere, and who could not see it before cannot now.
    assert reverse("task", args=[task.pk]) not in page(clerk, "tasks")
    other = people.client(people.account(Role.HANDLER, at=units["区住建局"]))
    assert other.get(reverse("task", args=[task.pk])).status_code == 404
    own = people.client(people.account(Role.HANDLER, at=units["区生态环境局"]))
    assert "文号错误，另行印发" in page(own, "task", task.pk)


def test_the_reading_room_marks_what_a_person_filled_in(
    office: Account, clerk: Client, plan: Plan, units: dict[str, Unit]
) -> None:
    assert "人工填写" not in page(clerk, "plan", plan.pk)
    actor = actor_of(office)
    mine = Question.objects.filter(measure__document__plan=plan)
    actions.settle_owner(actor, mine.get(kind=QuestionKind.OWNER), DutyRole.LEAD, [units["区住建局"]])
    actions.settle_deadline(actor, plan, mine.filter(kind=QuestionKind.DEADLINE)[:1], dt.date(2024, 11, 30))
    shown = page(clerk, "plan", plan.pk)
    # One unit and one day.
    assert shown.count("人工填写") == 2
    assert f"{office}，" in shown


def test_a_long_plan_opens_in_parts_and_at_the_part_of_a_measure(clerk: Client, office: Account) -> None:
    text = "青溪区2024年工作要点\n\n一、重点工作\n" + "".join(
        f"{n}.办好第{n}件事。2024年12月底前办好第{n}件事。（责任单位：区生态环境局）\n" for n in range(1, 251)
    )
    long = actions.receive(actor_of(office), text.encode(), "长.txt")
    first, second = page(clerk, "plan", long.pk), page(clerk, "plan", long.pk, part="2")
    assert "第 1 / 2 部分" in first
    assert "250 条任务" in first
    assert first.count('<article class="measure-card"') == 200
    assert second.count('<article class="measure-card"') == 50
    # Each line stands in one of the two.
    for n in (1, 200, 201, 250):
        assert (f"办好第{n}件事" in first) == (n <= 200)
        assert (f"办好第{n}件事" in second) == (n > 200)
    last = Measure.objects.filter(document__plan=long).latest("order")
    assert f'id="measure-{last.pk}"' in page(clerk, "plan", long.pk, measure=str(last.pk))
