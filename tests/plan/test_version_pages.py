"""The pages of versions: uploaded, side by side with marks, confirmed, adopted, put aside, read again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests import people
from tests.plan import small
from tests.plan.test_versions import CLAUSES, text

from anlan.foundation.access.roles import Role
from anlan.foundation.org.models import Unit
from anlan.plan import actions, queries
from anlan.plan.models import Document, Match, Plan, Standpoint, Task

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def units() -> dict[str, Unit]:
    return small.district()


@pytest.fixture
def browser() -> Client:
    return people.client(people.account(Role.CLERK))


@pytest.fixture
def plan(units: dict[str, Unit]) -> Plan:
    return actions.receive(people.actor(Role.CLERK), text(*CLAUSES).encode(), "要点.txt")


def upload(browser: Client, plan: Plan, *clauses: str) -> Document:
    file = SimpleUploadedFile("第二版.txt", text(*clauses).encode())
    answer = browser.post(reverse("plan-versions", args=[plan.pk]), {"file": file})
    made = plan.documents.latest("number")
    assert answer.headers["Location"] == reverse("plan-compare", args=[plan.pk, made.number])
    return made


def opened(browser: Client, plan: Plan, name: str, number: int, query: str = "") -> str:
    answer = browser.get(reverse(name, args=[plan.pk, number]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def decide(browser: Client, document: Document, **sent: object) -> str:
    address = reverse("plan-version-decide", args=[document.plan_id, document.number])
    return browser.post(address, sent, follow=True).content.decode()


def test_two_versions_stand_side_by_side_with_marks(plan: Plan, browser: Client) -> None:
    changed = CLAUSES["pipes"].replace("6.5公里", "8公里")
    document = upload(browser, plan, "farming", "outfalls", changed, "litter", "publicity")
    page = opened(browser, plan, "plan-compare", document.number)
    assert "<del>6.5</del>" in page
    assert "<ins>8</ins>" in page
    # What only has another number is not shown until it is asked for.
    assert page.count('<article class="compare-row') == 2
    assert opened(browser, plan, "plan-compare", 2, "?kind=renumbered").count('<article class="compare-row') == 2
    assert opened(browser, plan, "plan-compare", 2, "?kind=all").count('<article class="compare-row') == 6
    assert opened(browser, plan, "plan-compare", 2, "?kind=dropped").count("推进化工企业") > 0
    assert "没有这一类变化" in opened(browser, plan, "plan-compare", 2, "?kind=split")


def test_a_version_is_adopted_and_the_one_before_is_read_again(plan: Plan, browser: Client) -> None:
    document = upload(browser, plan, *reversed(CLAUSES))
    assert "已成为现行版本" in decide(browser, document, do="adopt")
    assert queries.document(plan) == document
    listed = browser.get(reverse("plan-versions", args=[plan.pk])).content.decode()
    assert "只改了序号或章节 6 条" in listed
    older = opened(browser, plan, "plan-version", 1)
    assert "已被替换" in older
    assert "correct-link" not in older
    assert browser.get(reverse("plan-version", args=[plan.pk, 2])).headers["Location"] == reverse(
        "plan", args=[plan.pk]
    )
    assert 'value="adopt"' not in opened(browser, plan, "plan-compare", 2)
    assert browser.get(reverse("plan-compare", args=[plan.pk, 1])).status_code == 302


def test_a_doubtful_match_is_confirmed_on_the_page(plan: Plan, browser: Client) -> None:
    document = upload(
        browser, plan, *CLAUSES.keys() - {"farming"}, "完成畜禽养殖场设施改造。10月底前完成。（责任单位：区住建局）"
    )
    Match.objects.filter(document=document, new__number="6").update(doubtful=True)
    assert "还没有确认" in decide(browser, document, do="adopt")
    page = opened(browser, plan, "plan-compare", document.number, "?kind=waiting")
    assert page.count("是这样") >= 1
    keys = list(Match.objects.filter(document=document, doubtful=True).values_list("pk", flat=True))
    assert f"已确认 {len(keys)} 处" in decide(browser, document, do="confirm", match=keys)
    assert "已成为现行版本" in decide(browser, document, do="adopt")


def test_a_clause_is_linked_by_hand(plan: Plan, browser: Client) -> None:
    document = upload(
        browser,
        plan,
        *[name for name in CLAUSES if name != "publicity"],
        "开展世界水日主题活动。6月底前完成。（责任单位：区住建局）",
    )
    new = document.measures.get(number="6")
    old = next(one for one in queries.document(plan).measures.all() if "志愿者" in one.text)
    assert "已改对应关系" in decide(browser, document, do="link", new=new.pk, old=[old.pk])
    assert Match.objects.get(document=document, new=new).old == old
    assert "没有“x”这种处理" in decide(browser, document, do="x")


def test_a_version_is_put_aside_with_a_reason(plan: Plan, browser: Client) -> None:
    document = upload(browser, plan, "outfalls", "pipes")
    assert "请写明不采用的理由" in decide(browser, document, do="aside")
    assert "已留存" in decide(browser, document, do="aside", reason="发错了文件")
    document.refresh_from_db()
    assert document.state == Standpoint.ASIDE
    assert "发错了文件" in browser.get(reverse("plan-versions", args=[plan.pk])).content.decode()


def test_what_is_wrong_with_a_file_stands_beside_the_field(plan: Plan, browser: Client) -> None:
    answer = browser.post(reverse("plan-versions", args=[plan.pk]), {"text": text(*CLAUSES)})
    assert answer.status_code == 422
    assert "现行版本" in answer.content.decode()


@pytest.mark.parametrize("role, status", [(Role.LEADER, 200), (Role.HANDLER, 200), (Role.SYSTEM_ADMIN, 404)])
def test_others_read_versions_at_most(plan: Plan, browser: Client, role: Role, status: int) -> None:
    actor = people.actor(Role.CLERK)
    actions.waive(actor, plan, list(queries.questions(plan).filter(closed_at=None)), "按原文执行")
    actions.issue(actor, plan, on=dt.date(2024, 3, 1))
    document = upload(browser, plan, "outfalls", "pipes")
    other = people.client(people.account(role))
    addresses = [
        reverse("plan-versions", args=[plan.pk]),
        reverse("plan-version", args=[plan.pk, document.number]),
        reverse("plan-compare", args=[plan.pk, document.number]),
    ]
    assert [other.get(address).status_code for address in addresses] == [status] * 3
    refused = 403 if status == 200 else 404
    assert other.post(addresses[0], {"text": text("outfalls")}).status_code == refused
    decision = reverse("plan-version-decide", args=[plan.pk, document.number])
    assert other.post(decision, {"do": "adopt", "reason": "调整"}).status_code == refused
    document.refresh_from_db()
    assert document.state == Standpoint.PROPOSED


def test_the_task_of_a_dropped_clause_says_why_it_is_void(plan: Plan, browser: Client) -> None:
    actor = people.actor(Role.CLERK)
    actions.waive(actor, plan, list(queries.questions(plan).filter(closed_at=None)), "按原文执行")
    actions.issue(actor, plan, on=dt.date(2024, 3, 1))
    task = Task.objects.get(plan=plan, number="2")
    document = upload(browser, plan, *[name for name in CLAUSES if name != "chemical"])
    assert "已成为现行版本" in decide(browser, document, do="adopt", reason="调整")
    page = browser.get(reverse("task", args=[task.pk])).content.decode()
    assert "已作废" in page
    assert "新版本已删除" in page
    assert "已撤回" not in page
