"""Sheets of a round: given out, filled in with Excel, taken in again with a mistake, mended, and once too often."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.plan.progress import workbook
from tests.walkthrough.browser import PHONE, WIDE, Visitor
from tests.walkthrough.conftest import Open
from tests.walkthrough.installation import Installation
from tests.walkthrough.people import Accounts

PERCENT, SAID, TOTAL, UNIT = "完成进度（%）", "进展情况", "累计完成1", "单位1"

# A plan of this year for three units and a round that asks all of them; two of them have a handler.
_MAKE = """
import datetime as dt, json
from django.utils import timezone
from anlan.foundation.access.actor import machine
from anlan.foundation.access.models import Account, Grant
from anlan.foundation.access.roles import Role
from anlan.foundation.org.models import Person, Unit
from anlan.plan import actions as plans
from anlan.plan.models import Question
from anlan.plan.progress import calling
robot = machine("walk")
today = timezone.localdate()
names = ("丁渔政站", "戊苗圃", "己排灌站")
units = [Unit.objects.get_or_create(short_name=name, defaults={"code": f"piece{n}"})[0] for n, name in enumerate(names)]
for name, unit in (("piece-fish", units[0]), ("piece-trees", units[1])):
    account = Account(name=name, sample=True, person=Person.objects.create(name="填表" + name, sample=True))
    account.set_password(PASSWORD)
    account.save()
    Grant.objects.create(account=account, role=Role.HANDLER, unit=unit, since=dt.date(2020, 1, 1))
text = f'''丁河区{today.year}年渔政苗圃工作要点

一、任务
1.增殖放流。12月底前增殖放流鱼苗200万尾以上。（责任单位：丁渔政站）
2.培育苗木。12月底前培育苗木1.2万亩。（责任单位：戊苗圃）
3.疏浚沟渠。12月底前疏浚沟渠30公里。（责任单位：己排灌站）
'''
plan = plans.receive(robot, text.encode(), "渔政苗圃要点.txt", sample=True)
rest = list(Question.objects.filter(measure__document__plan=plan, closed_at__isnull=True))
if rest:
    plans.waive(robot, plan, rest, "按原文执行")
plans.issue(robot, plan, on=dt.date(today.year, 1, 1) - dt.timedelta(days=1))
plan.refresh_from_db()
made = calling.open_round(robot, plan, today.replace(day=1), today, due_on=today + dt.timedelta(days=3), name="填报表专项调度")
print(json.dumps({"round": made.pk}))
"""


@pytest.fixture(scope="module")
def round_(site: Installation, accounts: Accounts) -> int:
    """The round whose sheets go out."""
    found: dict[str, int] = site.run(f"PASSWORD = {json.dumps(accounts.password)}\n{_MAKE}")
    return found["round"]


def _sign_in(visitor: Visitor, accounts: Accounts, name: str) -> Visitor:
    visitor.go("/login/")
    visitor.page.locator("input[name=username]").fill(name)
    visitor.page.locator("input[type=password]").fill(accounts.password)
    visitor.page.locator("main form button[type=submit]").click()
    visitor.page.wait_for_url(lambda url: "/login/" not in url)
    return visitor


def _download(page: Page, path: Path) -> bytes:
    with page.expect_download() as found:
        page.get_by_role("link", name="下载填报表").click()
    found.value.save_as(path)
    return path.read_bytes()


def _fill(data: bytes, sheet: str, task: str, values: dict[str, object]) -> bytes:
    table = workbook.tables(data)[sheet]
    return workbook.edited(data, {sheet: {workbook.place(table, key, task): value for key, value in values.items()}})


def _send(page: Page, path: Path, data: bytes) -> None:
    path.write_bytes(data)
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="检查文件").click()
    page.wait_for_url(re.compile(r"/import/\d+/$"))


def _write(page: Page, name: str) -> None:
    page.locator("main form textarea[name=reason]").fill("单位报来的填报表")
    page.get_by_role("button", name=name).click()
    page.wait_for_load_state()


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_a_piece_is_looked_at_mended_written_and_changes_nothing_the_second_time(
    open_window: Open, round_: int, tmp_path: Path, size: tuple[int, int]
) -> None:
    clerk = open_window("clerk", size=size)
    page, phone = clerk.page, size == PHONE
    clerk.go(f"/progress/rounds/{round_}/")
    clerk.look("pieces-round")
    data = _download(page, tmp_path / "填报表.xlsx")
    assert {"丁渔政站", "戊苗圃", "己排灌站"} <= set(workbook.tables(data))
    page.get_by_role("link", name="导入填报表").click()
    page.wait_for_url(re.compile(r"/import/$"))
    clerk.look("pieces-upload")

    # The phone comes second: it reports a little more than the wide window did.
    more = 5 if phone else 0
    good = _fill(data, "丁渔政站", "放流", {PERCENT: 40 + more, SAID: f"已放流{80 + more}万尾。", TOTAL: 80 + more})
    bad = _fill(good, "己排灌站", "疏浚", {PERCENT: 140, SAID: f"已疏浚{10 + more}公里。", TOTAL: "约10公里"})
    _send(page, tmp_path / "收回.xlsx", bad)
    expect(page.locator("main")).to_contain_text("工作表“己排灌站”第 3 行“完成进度（%）”写的是“140”")
    expect(page.locator("main")).to_contain_text("写入不等于采纳")
    clerk.look("pieces-dry-run")
    _write(page, "写入 1 行")
    # The good row is in; the other one is told until it is mended.
    expect(page.locator("main")).to_contain_text("有误的行没有写入")
    clerk.look("pieces-written")
    page.get_by_role("link", name="换一个文件").click()
    mended = _fill(bad, "己排灌站", "疏浚", {PERCENT: 30 + more, TOTAL: 10000 + more, UNIT: "米"})
    _send(page, tmp_path / "更正.xlsx", mended)
    _write(page, "写入 1 行")
    page.wait_for_url(re.compile(rf"/progress/rounds/{round_}/$"))
    expect(page.locator("main")).to_contain_text("已写入 1 行")
    clerk.go(f"/round-{round_}/import/")
    _send(page, tmp_path / "更正.xlsx", mended)
    expect(page.locator("main")).to_contain_text("没有要写入的")
    expect(page.get_by_role("button", name=re.compile("^写入"))).to_have_count(0)
    clerk.look("pieces-again")

    # The copy given out first is old by now, and says by whom and what.
    clerk.go(f"/round-{round_}/import/")
    _send(page, tmp_path / "旧表.xlsx", _fill(data, "丁渔政站", "放流", {PERCENT: 12, SAID: "旧表上写的。"}))
    expect(page.locator("main")).to_contain_text("是旧表")
    expect(page.locator("main")).to_contain_text(f"系统里现在是“{40 + more}”")
    clerk.look("pieces-old")
    page.locator("form[action='/language/'] button").first.click()
    page.wait_for_load_state()
    clerk.look("pieces-old-english")
    clerk.go(f"/round-{round_}/import/")
    clerk.look("pieces-upload-english")
    # The language is the account's: it is left as it was found.
    page.locator("form[action='/language/'] button").first.click()
    page.wait_for_load_state()


def test_a_unit_takes_in_its_own_sheet_and_nobody_else_s(
    open_window: Open, accounts: Accounts, round_: int, tmp_path: Path
) -> None:
    trees = _sign_in(open_window(size=PHONE), accounts, "piece-trees")
    page = trees.page
    trees.go("/progress/")
    trees.look("pieces-todo")
    page.get_by_role("link", name=re.compile("填报表专项调度：下载填报表")).click()
    page.wait_for_url(re.compile(r"/import/$"))
    trees.look("pieces-upload-unit")
    data = _download(page, tmp_path / "苗圃.xlsx")
    assert list(workbook.tables(data)) == ["戊苗圃"]
    _send(
        page,
        tmp_path / "苗圃填好.xlsx",
        _fill(data, "戊苗圃", "苗木", {PERCENT: 50, SAID: "已育6000亩。", TOTAL: "6000亩"}),
    )
    expect(page.locator("main")).to_contain_text("写入后即提交")
    trees.look("pieces-dry-run-unit")
    _write(page, "写入 1 行")
    page.wait_for_url(re.compile(rf"/progress/rounds/{round_}/$"))

    # With a sheet of somebody else's he gets no further than the dry run.
    clerk = open_window("clerk")
    clerk.go(f"/progress/rounds/{round_}/")
    whole = _download(clerk.page, tmp_path / "全部.xlsx")
    trees.go(f"/round-{round_}/import/")
    _send(page, tmp_path / "别人的.xlsx", _fill(whole, "丁渔政站", "放流", {PERCENT: 99, SAID: "替别人填的。"}))
    expect(page.locator("main")).to_contain_text("不是你可以填报的行")
    expect(page.get_by_role("button", name=re.compile("^写入"))).to_have_count(0)
    trees.look("pieces-refused")
