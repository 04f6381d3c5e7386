"""A year of three units, small: reports, one returned, one approved on the phone, one late, two people at one draft."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect
from tests.walkthrough.browser import PHONE, WIDE, Visitor
from tests.walkthrough.conftest import Open
from tests.walkthrough.installation import Installation
from tests.walkthrough.people import Accounts

# A plan of this year for three units, with a handler and a leader at two of them; the first round is over.
_MAKE = """
import datetime as dt, json
from django.utils import timezone
from anlan.foundation.access.actor import actor_of, machine
from anlan.foundation.access.models import Account, Grant
from anlan.foundation.access.roles import Role
from anlan.foundation.org.models import Person, Unit
from anlan.plan import actions as plans
from anlan.plan.models import Question
from anlan.plan.progress import calling
robot = machine("walk")
today = timezone.localdate()
names = ("甲水利站", "乙林业站", "丙城建站")
units = [Unit.objects.get_or_create(short_name=name, defaults={"code": f"walk{n}"})[0] for n, name in enumerate(names)]
def person(name, role, unit):
    account = Account(name=name, sample=True, person=Person.objects.create(name="走查" + name, sample=True))
    account.set_password(PASSWORD)
    account.save()
    Grant.objects.create(account=account, role=role, unit=unit, since=dt.date(2020, 1, 1))
person("walk-handler", Role.HANDLER, units[0])
person("walk-colleague", Role.HANDLER, units[0])
person("walk-leader", Role.UNIT_LEADER, units[0])
person("walk-forest", Role.HANDLER, units[1])
text = f'''丁河区{today.year}年河道整治工作要点

一、整治任务
1.清淤河道。12月底前清淤河道12公里以上。（责任单位：甲水利站）
2.营造护岸林。12月底前营造护岸林6.05万亩。（责任单位：乙林业站）
3.修缮堤防。12月底前修缮堤防3公里。（责任单位：丙城建站）
'''
plan = plans.receive(robot, text.encode(), "丁河区要点.txt", sample=True)
rest = list(Question.objects.filter(measure__document__plan=plan, closed_at__isnull=True))
if rest:
    plans.waive(robot, plan, rest, "按原文执行")
year = dt.date(today.year, 1, 1)
before = year - dt.timedelta(days=1)
plans.issue(robot, plan, on=before)
plan.refresh_from_db()
old = calling.open_round(robot, plan, before, before, due_on=today - dt.timedelta(days=3), name="上年末专项调度")
print(json.dumps({"plan": plan.pk, "old": old.pk, "units": [unit.pk for unit in units]}))
"""


@pytest.fixture(scope="module")
def made(site: Installation, accounts: Accounts) -> dict[str, object]:
    """The plan, its first round, the units."""
    found: dict[str, object] = site.run(f"PASSWORD = {json.dumps(accounts.password)}\n{_MAKE}")
    return found


def _sign_in(visitor: Visitor, accounts: Accounts, name: str) -> Visitor:
    visitor.go("/login/")
    visitor.page.locator("input[name=username]").fill(name)
    visitor.page.locator("input[type=password]").fill(accounts.password)
    visitor.page.locator("main form button[type=submit]").click()
    visitor.page.wait_for_url(lambda url: "/login/" not in url)
    return visitor


def _other_language(visitor: Visitor) -> None:
    visitor.page.locator("form[action='/language/'] button").first.click()
    visitor.page.wait_for_load_state()


def test_three_units_report_through_a_year(
    open_window: Open, site: Installation, accounts: Accounts, made: dict[str, object]
) -> None:
    clerk = open_window("clerk")
    # The office calls for this month; the address of the page is the next step.
    clerk.go(f"/progress/rounds/new/?plan={made['plan']}")
    clerk.look("progress-round-new")
    clerk.page.locator("main form.form-page button[type=submit]").click()
    clerk.page.wait_for_url(re.compile(r"/progress/rounds/\d+/$"))
    clerk.look("progress-round")
    round_ = clerk.page.url.removeprefix(site.address)

    handler = _sign_in(open_window(), accounts, "walk-handler")
    handler.go("/progress/")
    handler.look("progress-todo")
    handler.page.locator(".todo-open").first.click()
    handler.look("progress-write")
    page = handler.page
    page.locator("input[name=percent]").fill("40")
    page.locator("textarea[name=narrative]").fill("已清淤5公里，弃土运至指定场地。")
    # The draft saves itself while the handler thinks.
    expect(page.locator("[data-status]")).to_contain_text("自动保存", timeout=15_000)
    page.locator("input[name^=figure-]").first.fill("5000米")
    page.locator("input[type=file]").set_input_files(
        {"name": "现场.txt", "mimeType": "text/plain", "buffer": "现场记录".encode()}
    )
    page.locator("button[value=submit]").click()
    page.wait_for_url(re.compile("/progress/$"))
    expect(page.locator("main")).to_contain_text("等本单位负责人审核")

    # The leader returns it on the phone, the handler mends it, the leader approves.
    leader = _sign_in(open_window(size=PHONE), accounts, "walk-leader")
    leader.go("/progress/approve/")
    leader.look("progress-approve")
    card = leader.page.locator(".approve").first
    card.locator("summary").click()
    card.locator("textarea[name=reason]").fill("请写明剩余河段的安排")
    card.locator("button[value=return]").click()
    leader.page.wait_for_load_state()
    handler.go("/progress/")
    expect(page.locator("main")).to_contain_text("请写明剩余河段的安排")
    page.locator(".todo-open", has_text="已退回").first.click()
    handler.look("progress-returned")
    page.locator("textarea[name=next_step]").fill("剩余7公里10月底前完成。")
    page.locator("button[value=submit]").click()
    page.wait_for_url(re.compile("/progress/$"))
    leader.go("/progress/approve/")
    leader.page.locator(".approve button[value=approve]").first.click()
    leader.page.wait_for_load_state()

    # The second unit has no leader and is late with the old round; the third telephones.
    forest = _sign_in(open_window(size=PHONE), accounts, "walk-forest")
    forest.go("/progress/")
    forest.look("progress-todo")
    forest.page.locator(".earlier > summary").click()
    forest.page.locator(".earlier .todo-open").first.click()
    forest.page.locator("input[name=percent]").fill("10")
    forest.page.locator("textarea[name=narrative]").fill("完成作业设计。")
    forest.page.locator("input[name^=figure-]").first.fill("60500 亩")
    forest.look("progress-write")
    forest.page.locator("button[value=submit]").click()
    forest.page.wait_for_url(re.compile("/progress/$"))

    clerk.go("/progress/accept/")
    clerk.look("progress-accept")
    mine = clerk.page.locator("tr", has_text=re.compile("甲水利站|乙林业站"))
    for n in range(mine.count()):
        mine.nth(n).locator("input[name=report]").check()
    clerk.page.locator("input[name=remark]").fill("单位暂无负责人账户，已电话核实")
    clerk.page.locator("main form button.btn-primary").click()
    clerk.page.wait_for_load_state()
    expect(clerk.page.locator("main")).to_contain_text("已采纳 2 项")
    clerk.go(f"/progress/rounds/{made['old']}/")
    late = clerk.page.locator("tbody tr", has_text="乙林业站").locator("a[href*='stage=late']")
    expect(late).to_have_text("1")
    late.click()
    clerk.look("progress-rows")
    expect(clerk.page.locator("tbody")).to_contain_text("营造护岸林")

    # What was accepted stands on the task, and in the numbers of the round, each of which opens its rows.
    clerk.go("/tasks/?q=清淤河道")
    clerk.page.locator("tbody a").first.click()
    clerk.look("progress-task")
    expect(clerk.page.locator("main")).to_contain_text("已清淤5公里")
    # 5 of 12 km, rounded down
    expect(clerk.page.locator("main")).to_contain_text("41%")
    clerk.go(round_)
    clerk.page.emulate_media(media="print")
    clerk.look("progress-round-printed")
    clerk.page.emulate_media(media="screen")
    accepted = site.rows(
        "SELECT d.percent FROM plan_taskduty d JOIN org_unit u ON u.id = d.unit_id WHERE u.short_name = '甲水利站'"
    )
    assert accepted == [(40,)]


def test_two_at_one_draft_see_each_other_and_lose_nothing(
    open_window: Open, accounts: Accounts, made: dict[str, object]
) -> None:
    one = _sign_in(open_window(), accounts, "walk-handler")
    two = _sign_in(open_window(), accounts, "walk-colleague")
    one.go("/progress/")
    row = one.page.locator(".todo-open, .earlier .todo-open")
    one.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    address = row.last.get_attribute("href")
    assert address
    one.go(address)
    two.go(address)
    one.page.locator("textarea[name=narrative]").fill("甲先写的")
    expect(one.page.locator("[data-status]")).to_contain_text("自动保存", timeout=15_000)
    two.page.locator("textarea[name=narrative]").fill("乙后写的")
    two.page.locator("textarea[name=obstacles]").fill("乙写的问题")
    theirs = two.page.locator(".theirs")
    expect(theirs).to_contain_text("甲先写的", timeout=15_000)
    # The refusal is what the page is made for.
    two.faults[:] = [fault for fault in two.faults if not fault.startswith("409")]
    two.look("progress-collision")
    # Nothing is saved over the other's words until one of the two is chosen.
    one.page.reload()
    expect(one.page.locator("textarea[name=narrative]")).to_have_value("甲先写的")
    theirs.locator("button").first.click()
    expect(two.page.locator("textarea[name=narrative]")).to_have_value("甲先写的")
    expect(two.page.locator("[data-status]")).to_contain_text("自动保存", timeout=15_000)
    one.page.reload()
    expect(one.page.locator("textarea[name=obstacles]")).to_have_value("乙写的问题")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_pages_of_the_sample_in_both_languages(
    open_window: Open, site: Installation, size: tuple[int, int]
) -> None:
    ((round_,),) = site.rows("SELECT max(id) FROM progress_round WHERE sample AND name = ''")
    ((report,),) = site.rows("SELECT max(accepted_id) FROM progress_owed WHERE owes = 'report'")
    ((target,),) = site.rows("SELECT min(target_id) FROM progress_split")
    ((part,),) = site.rows("SELECT part_id FROM progress_owed WHERE accepted_id = ?", report)
    clerk = open_window("clerk", size)
    pages = {
        "rounds": "/progress/rounds/",
        "home": "/progress/",
        "round": f"/progress/rounds/{round_}/",
        "rows": f"/progress/rounds/{round_}/rows/",
        "day": f"/progress/rounds/{round_}/day/",
        "report": f"/progress/reports/{report}/",
        "part": f"/progress/parts/{part}/",
        "target": f"/progress/targets/{target}/",
        "schedule": "/plans/1/schedule/",
        "accept": "/progress/accept/",
    }
    for name, path in pages.items():
        clerk.go(path)
        clerk.look(f"progress-{name}-zh")
    clerk.go("/progress/")
    _other_language(clerk)
    for name, path in pages.items():
        clerk.go(path)
        clerk.look(f"progress-{name}-en")
    # The account keeps its language; the next one who looks reads Chinese.
    _other_language(clerk)


def test_a_report_is_written_and_handed_in_by_the_keyboard_alone(open_window: Open) -> None:
    handler = open_window("handler")
    handler.go("/progress/")
    handler.page.locator("body").press("Tab")
    title = handler.page.locator(".todo-title").first.inner_text()
    handler.tab_to(title)
    handler.page.keyboard.press("Enter")
    handler.page.wait_for_url(re.compile(r"/progress/owed/\d+/$"))
    handler.page.locator("input[name=percent]").focus()
    handler.page.keyboard.type("90")
    handler.page.locator("textarea[name=narrative]").focus()
    handler.page.keyboard.type("done by keyboard")
    handler.tab_to("提交")
    handler.page.keyboard.press("Enter")
    handler.page.wait_for_url(re.compile("/progress/$"))
    expect(handler.page.locator("main")).to_contain_text("已提交")
