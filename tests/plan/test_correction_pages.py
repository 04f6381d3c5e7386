"""The page of a measure: corrected by typing and by selecting, overtaken without loss, split, merged, taken back."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import people
from tests.plan import small

from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.org.models import Unit
from anlan.plan import actions, queries
from anlan.plan.correction_pages import sentences, state
from anlan.plan.models import Correction, Duty, Measure, Plan, Task

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def units() -> dict[str, Unit]:
    return small.district()


@pytest.fixture
def clerk() -> Account:
    return people.account(Role.CLERK)


@pytest.fixture
def browser(clerk: Account) -> Client:
    return people.client(clerk)


@pytest.fixture
def plan(units: dict[str, Unit]) -> Plan:
    return actions.receive(people.actor(Role.CLERK), small.TEXT.encode(), "要点.txt")


def measure(plan: Plan, number: str) -> Measure:
    return Measure.objects.select_related("document__plan").get(document__plan=plan, number=number)


def page(plan: Plan, number: str) -> str:
    return reverse("plan-measure", args=[plan.pk, measure(plan, number).pk])


def form(browser: Client, address: str) -> dict[str, Any]:
    """Fields of the page's form as a browser sends them back unchanged."""
    text = browser.get(address).content.decode()
    text = text[text.index('id="correct"') : text.index('class="form-buttons"')]
    found = {
        name: html.unescape(value)
        for name, value in re.findall(r'<input[^>]* name="([^"]+)"[^>]*? value="([^"]*)"', text)
        if not name.startswith("strike-")
    }
    found |= {
        name: html.unescape(value) for name, value in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)<', text)
    }
    for name, options in re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        found[name] = chosen.group(1) if chosen else ""
    return found


def test_a_form_that_is_sent_back_as_it_came_changes_nothing(plan: Plan, browser: Client) -> None:
    for number in "123456":
        answer = browser.post(page(plan, number), form(browser, page(plan, number)))
        assert answer.status_code == 422
        assert "没有改动" in answer.content.decode()
    assert not Correction.objects.exists()


def test_typing_corrects_and_the_compilers_value_is_shown_beside_it(
    plan: Plan, browser: Client, units: dict[str, Unit]
) -> None:
    one = measure(plan, "1")
    duty, limit = one.duties.get(name="区工信局"), one.deadlines.get()
    sent = form(browser, page(plan, "1")) | {
        "title": "排查排污口",
        "chapter": "一、工业污染防治\n（一）排污口",
        f"role-d{duty.pk}": "responsible",
        f"strike-d{one.duties.get(name='各乡镇').pk}": "1",
        f"text-l{limit.pk}": "2024年7月底前",
        f"date-l{limit.pk}": "",
        "body-dnew": f"u{units['区住建局'].pk}",
        "role-dnew": "cooperating",
        "text-tnew": "建立档案120份",
    }
    answer = browser.post(page(plan, "1"), sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, page(plan, "1"))
    one.refresh_from_db()
    assert (one.title, one.chapter) == ("排查排污口", ["一、工业污染防治", "（一）排污口"])
    assert {(d.role, d.name) for d in one.duties.all()} == {
        ("lead", "区生态环境局"),
        ("responsible", "区工信局"),
        ("cooperating", "区住建局"),
    }
    assert one.deadlines.get().date == dt.date(2024, 7, 31)
    assert one.targets.get(made_by__isnull=False).low == 120
    text = browser.get(page(plan, "1")).content.decode()
    assert "配合单位：区工信局" in text
    assert "责任单位：区工信局" in text
    listed = browser.get(reverse("plan-corrections", args=[plan.pk])).content.decode()
    assert "排查入河排污口" in listed
    assert "排查排污口" in listed
    room = browser.get(reverse("plan", args=[plan.pk])).content.decode()
    # Title, chapter, role, unit struck, unit added, deadline, target.
    assert "7 处更正" in room


def test_all_that_is_wrong_is_said_and_what_was_typed_stays(plan: Plan, browser: Client) -> None:
    sent = form(browser, page(plan, "1")) | {"title": "新标题", "text-lnew": "尽快", "text-tnew": "大幅提高"}
    answer = browser.post(page(plan, "1"), sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "“尽快”里没有时限" in text
    assert "“大幅提高”里没有数量" in text
    assert "新标题" in text
    assert measure(plan, "1").title == "排查入河排污口"


def test_who_comes_second_sees_what_changed_and_loses_nothing(plan: Plan, browser: Client) -> None:
    address = page(plan, "1")
    mine = form(browser, address)
    other = people.client(people.account(Role.CLERK))
    one = measure(plan, "1")
    gone = one.duties.get(name="区工信局")
    other.post(address, form(other, address) | {"title": "别人的标题", f"strike-d{gone.pk}": "1"})
    answer = browser.post(address, mine | {"number": "1.1", f"role-d{gone.pk}": "responsible"})
    text = answer.content.decode()
    assert answer.status_code == 409
    table = text[text.index("overtaken") : text.index('id="correct"')]
    assert "排查入河排污口" in table
    assert "别人的标题" in table
    assert "责任单位" in table
    # Her number is still filled in, the other's title is there, and her role of the row that is gone is a new row.
    again = form(browser, address)
    assert again["number"] == "1"
    fields = text[text.index('id="correct"') :]
    assert 'name="number" value="1.1"' in fields
    assert "别人的标题</textarea>" in fields
    assert re.search(r'name="role-dnew">.*?value="responsible" selected', fields, re.DOTALL)
    lock = re.search(r'name="lock" value="(\d+)"', fields)
    seen = re.search(r'name="seen" value="([^"]*)"', fields)
    assert lock
    assert seen
    saved = browser.post(
        address, again | {"number": "1.1", "lock": lock.group(1), "seen": html.unescape(seen.group(1))}
    )
    assert saved.status_code == 302
    one.refresh_from_db()
    assert (one.number, one.title) == ("1.1", "别人的标题")


def test_selected_characters_correct_a_draft_at_once(plan: Plan, browser: Client) -> None:
    one = measure(plan, "1")
    start = small.TEXT.index("区住建局")
    sent = {"as": "cooperating", "start": start, "end": start + 4, "measure": one.pk, "lock": 0}
    answer = browser.post(reverse("plan-select", args=[plan.pk]), sent)
    assert answer.headers["Location"].endswith(f"#measure-{one.pk}")
    made = one.duties.get(name="区住建局")
    assert (made.start, made.end, made.role) == (start, start + 4, "cooperating")
    assert Correction.objects.get().start == start


def test_selected_words_that_nobody_goes_by_open_the_page(plan: Plan, browser: Client) -> None:
    one = measure(plan, "4")
    start = small.TEXT.index("区城管队")
    sent = {"as": "lead", "start": start, "end": start + 4, "measure": one.pk, "lock": 0}
    answer = browser.post(reverse("plan-select", args=[plan.pk]), sent)
    assert answer.headers["Location"].startswith(page(plan, "4") + "?as=lead")
    text = browser.get(answer.headers["Location"]).content.decode()
    assert f'name="start-dnew" value="{start}"' in text
    assert "原文“区城管队”" in text


@pytest.mark.parametrize(
    "what, words", [("title", "入河排污口"), ("deadline", "2024年6月底前"), ("target", "入河排污口120个以上")]
)
def test_other_fields_are_selected_too(plan: Plan, browser: Client, what: str, words: str) -> None:
    two = measure(plan, "2")
    start = small.TEXT.rindex(words) if what == "title" else small.TEXT.index(words)
    sent = {"as": what, "start": start, "end": start + len(words), "measure": two.pk, "lock": 0}
    browser.post(reverse("plan-select", args=[plan.pk]), sent)
    assert Correction.objects.get(measure=two).kind == what


def test_selected_characters_outside_of_all_measures_become_one(browser: Client, units: dict[str, Unit]) -> None:
    tail = "区水利局6月底前建成水位站3座。"
    text = small.TEXT + "附则\n" + tail
    plan = actions.receive(people.actor(Role.CLERK), text.encode(), "要点.txt")
    document = queries.document(plan)
    ends = max(one.end for one in document.measures.all())
    start = max(text.index(tail), ends)
    answer = browser.post(reverse("plan-select", args=[plan.pk]), {"as": "add", "start": start, "end": len(text)})
    made = Measure.objects.filter(document=document).latest("pk")
    if start < len(text):
        assert answer.headers["Location"] == reverse("plan-measure", args=[plan.pk, made.pk])


def test_nothing_selected_is_said(plan: Plan, browser: Client) -> None:
    answer = browser.post(reverse("plan-select", args=[plan.pk]), {"as": "title", "start": "x"}, follow=True)
    assert "请先在原文里选中文字" in answer.content.decode()


def test_an_issued_plan_asks_for_a_reason_and_its_task_follows(plan: Plan, browser: Client) -> None:
    actor = people.actor(Role.CLERK)
    actions.waive(actor, plan, list(queries.questions(plan).filter(closed_at=None)), "按原文执行")
    actions.issue(actor, plan, on=dt.date(2024, 3, 1))
    one = measure(plan, "1")
    start = small.TEXT.index("区住建局")
    sent = {"as": "cooperating", "start": start, "end": start + 4, "measure": one.pk, "lock": 0}
    answer = browser.post(reverse("plan-select", args=[plan.pk]), sent)
    # Nothing is changed yet: the page opens with the unit filled in, for the reason.
    assert answer.headers["Location"].startswith(page(plan, "1"))
    filled = form(browser, answer.headers["Location"])
    refused = browser.post(page(plan, "1"), filled)
    assert refused.status_code == 422
    assert browser.post(page(plan, "1"), filled | {"reason": "区政府会议纪要"}).status_code == 302
    assert Task.objects.get(measure=one).duties.filter(unit__short_name="区住建局").exists()
    assert Duty.objects.get(measure=one, name="区住建局").start == start


def test_a_measure_is_split_merged_moved_and_taken_out_on_its_page(plan: Plan, browser: Client) -> None:
    def do(number: str, **sent: object) -> str:
        one = measure(plan, number)
        address = reverse("plan-measure-restructure", args=[plan.pk, one.pk])
        answer = browser.post(address, {"lock": one.lock, **sent}, follow=True)
        return answer.content.decode()

    def numbers() -> list[str]:
        return [one.number for one in queries.document(plan).measures.all()]

    places = [place for place, _ in sentences(measure(plan, "1"))]
    assert "已拆分" in do("1", do="split", place=places[1:2])
    assert numbers() == ["1", "1-2", "2", "3", "4", "5", "6"]
    assert "已合并" in do("2", do="merge", other=[measure(plan, "1-2").pk])
    assert numbers() == ["1", "2", "3", "4", "5", "6"]
    assert "已移动" in do("6", do="move", after="")
    assert numbers() == ["6", "1", "2", "3", "4", "5"]
    assert "已不作为任务" in do("5", do="strike", reason="只是号召")
    assert numbers() == ["6", "1", "2", "3", "4"]
    assert "没有“x”这种处理" in do("4", do="x")
    assert "请写明为什么" in do("4", do="strike")
    for one in Correction.objects.order_by("-pk"):
        browser.post(reverse("plan-corrections", args=[plan.pk]), {"correction": one.pk})
    assert numbers() == ["1", "2", "3", "4", "5", "6"]


@pytest.mark.parametrize("role", [Role.HANDLER, Role.UNIT_LEADER, Role.LEADER, Role.VERIFIER])
def test_nobody_else_opens_the_pages(plan: Plan, role: Role) -> None:
    actor = people.actor(Role.CLERK)
    actions.waive(actor, plan, list(queries.questions(plan).filter(closed_at=None)), "按原文执行")
    actions.issue(actor, plan, on=dt.date(2024, 3, 1))
    other = people.client(people.account(role))
    for address in (page(plan, "1"), reverse("plan-corrections", args=[plan.pk])):
        assert other.get(address).status_code == 403
    assert other.post(reverse("plan-select", args=[plan.pk])).status_code == 403
    assert other.post(reverse("plan-measure-restructure", args=[plan.pk, measure(plan, "1").pk])).status_code == 403
    assert "correct-link" not in other.get(reverse("plan", args=[plan.pk])).content.decode()


def test_the_state_of_a_form_is_what_stands(plan: Plan) -> None:
    one = measure(plan, "3")
    target, duty, limit = one.targets.get(), one.duties.get(), one.deadlines.get()
    assert json.loads(json.dumps(state(one))) == {
        "number": "3",
        "title": "新建污水管网",
        "chapter": "二、生活污水治理",
        f"role-d{duty.pk}": "responsible",
        f"body-d{duty.pk}": f"u{duty.unit_id}",
        f"strike-d{duty.pk}": "",
        f"text-l{limit.pk}": "12月底前",
        f"date-l{limit.pk}": "2024-12-31",
        f"strike-l{limit.pk}": "",
        f"text-t{target.pk}": target.text,
        f"strike-t{target.pk}": "",
    }
