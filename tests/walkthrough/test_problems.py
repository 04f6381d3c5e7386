"""The problem ledger in a browser: the sample ledger twice, a pair judged, a problem led by six people to its notice."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from tests.house.files import ROOT
from tests.ledger.people import workbook
from tests.walkthrough.browser import PHONE, WIDE, Visitor
from tests.walkthrough.conftest import Open
from tests.walkthrough.installation import Installation
from tests.walkthrough.people import Accounts

_MAKE = """
import datetime as dt, json
from anlan.foundation.access.models import Account, Grant
from anlan.foundation.access.roles import Role
from anlan.foundation.org.models import Person, Unit
units = [Unit.objects.get_or_create(short_name=name, defaults={"code": code})[0]
         for name, code in (("走查整改站", "walk-fix"), ("走查督导站", "walk-look"), ("走查核查队", "walk-team"))]
def person(name, role, unit):
    account = Account(name=name, sample=True, person=Person.objects.create(name="走查" + name, sample=True))
    account.set_password(PASSWORD)
    account.save()
    Grant.objects.create(account=account, role=role, unit=unit, since=dt.date(2020, 1, 1))
person("walk-fixer", Role.HANDLER, units[0])
person("walk-head", Role.UNIT_LEADER, units[0])
person("walk-overseer", Role.HANDLER, units[1])
person("walk-verifier", Role.VERIFIER, units[2])
print(json.dumps([unit.pk for unit in units]))
"""
# Whatever the day, the deadlines are still to come.
_YEAR = dt.datetime.now(dt.UTC).year
_ROWS = (
    ("1", "走查村排口旱天有污水流出", "鲇鱼山镇", "走查整改站", f"{_YEAR + 1}年12月底前"),
    ("2", "走查村河段堆放垃圾约30立方米", "鲇鱼山镇", "走查整改站", f"{_YEAR + 1}年6月底前"),
)


@pytest.fixture(scope="module")
def units(site: Installation, accounts: Accounts) -> list[int]:
    found: list[int] = site.run(f"PASSWORD = {json.dumps(accounts.password)}\n{_MAKE}")
    return found


def _sign_in(visitor: Visitor, accounts: Accounts, name: str) -> Visitor:
    visitor.go("/login/")
    visitor.page.locator("input[name=username]").fill(name)
    visitor.page.locator("input[type=password]").fill(accounts.password)
    visitor.page.locator("main form button[type=submit]").click()
    visitor.page.wait_for_url(lambda url: "/login/" not in url)
    return visitor


def _upload(visitor: Visitor, file: Path) -> None:
    visitor.go("/ledger/intakes/")
    visitor.page.locator("input[name=file]").set_input_files(file)
    visitor.page.locator("main form.form-page button[type=submit]").click()
    visitor.page.wait_for_url(re.compile(r"/ledger/intakes/\d+/$"))


def _do(visitor: Visitor, code: str, **fields: str) -> None:
    """Sends the form of a step on the page of a problem."""
    form = visitor.page.locator(f"form[action$='/do/{code}/']")
    form.evaluate("one => { one.closest('details').open = true; }")
    for name, value in fields.items():
        field = form.locator(f"[name$='{name}']")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("button[type=submit]").click()
    visitor.page.wait_for_load_state()
    assert visitor.page.locator(".alert-danger").count() == 0, visitor.page.locator(".alert-danger").first.inner_text()


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_the_pages_of_problems_look_right(open_window: Open, site: Installation, size: tuple[int, int]) -> None:
    clerk = open_window("clerk", size)
    number = site.rows("SELECT min(id) FROM ledger_problem")[0][0]
    for address, name in (
        ("/ledger/", "problems"),
        ("/ledger/review/", "ledger-review"),
        ("/ledger/balance/", "ledger-balance"),
        ("/ledger/intakes/", "intakes"),
        ("/ledger/new/", "problem-new"),
        (f"/ledger/{number}/", "problem"),
        (f"/ledger/{number}/edit/", "problem-edit"),
    ):
        clerk.go(address)
        clerk.look(name)
    stranger = open_window(size=size)
    stranger.go("/public/closures/")
    stranger.look("closures")


def test_the_packs_ledger_a_second_time_changes_nothing(open_window: Open, site: Installation) -> None:
    clerk = open_window("clerk")
    before = site.rows("SELECT count(*) FROM ledger_problem")
    _upload(clerk, ROOT / "packs" / "changjiang" / "ledgers" / "示例·省级督察反馈问题清单.csv")
    assert "与上一版完全一致" in clerk.page.locator("main").inner_text()
    clerk.look("intake-same")
    assert site.rows("SELECT count(*) FROM ledger_problem") == before


def test_a_pair_is_judged_merged_and_taken_apart(open_window: Open, site: Installation) -> None:
    clerk = open_window("clerk")
    clerk.go("/ledger/review/")
    clerk.page.locator("button[value=same]").first.click()
    clerk.page.wait_for_load_state()
    ((kept,),) = site.rows("SELECT kept_id FROM ledger_joining WHERE NOT by_rule")
    clerk.go(f"/ledger/{kept}/")
    form = clerk.page.locator("form[action*='/separate/']").last
    form.locator("[name=reason]").fill("两处不是一处")
    form.locator("button").click()
    clerk.page.wait_for_load_state()
    assert site.rows("SELECT count(*) FROM ledger_joining WHERE NOT by_rule AND undone_at IS NULL") == [(0,)]


def test_six_people_lead_a_problem_to_its_public_notice(
    open_window: Open, site: Installation, accounts: Accounts, units: list[int], tmp_path: Path
) -> None:
    file = tmp_path / "走查台账.xlsx"
    file.write_bytes(workbook(*_ROWS))
    clerk = open_window("clerk")
    _upload(clerk, file)
    clerk.look("intake")
    clerk.page.locator("form[action$='/take/'] button").click()
    clerk.page.wait_for_load_state()
    ((key,),) = site.rows("SELECT id FROM ledger_problem WHERE text = ?", _ROWS[0][1])
    clerk.go(f"/ledger/{key}/edit/")
    clerk.page.locator("select[name=supervisor]").select_option(str(units[1]))
    clerk.page.locator("main form.form-page button[type=submit]").click()
    clerk.page.wait_for_url(re.compile(rf"/ledger/{key}/$"))

    fixer = _sign_in(open_window(size=PHONE), accounts, "walk-fixer")
    fixer.go(f"/ledger/{key}/plan/")
    fixer.look("problem-plan")
    fixer.page.locator("[name=goal]").fill("旱天无污水流出")
    fixer.page.locator("[name=measures]").fill("截污，改造管网")
    fixer.page.locator("[name=step-text]").first.fill("改造管网")
    fixer.page.locator("main form.form-page button[type=submit]").click()
    fixer.page.wait_for_url(re.compile(rf"/ledger/{key}/$"))
    _do(fixer, "submit")

    clerk.go(f"/ledger/{key}/")
    _do(clerk, "approve")

    fixer.go(f"/ledger/{key}/")
    _do(fixer, "report", text="已改造管网300米。", percent="100")
    note = tmp_path / "完成说明.txt"
    note.write_text("整改完成情况说明\n", encoding="utf-8")
    form = fixer.page.locator("form[action$='/evidence/']")
    form.evaluate("one => { one.closest('details').open = true; }")
    form.locator("input[type=file]").set_input_files(note)
    form.locator("select[name=kind]").select_option("other")
    form.locator("button[type=submit]").click()
    fixer.page.wait_for_load_state()

    head = _sign_in(open_window(), accounts, "walk-head")
    head.go(f"/ledger/{key}/")
    _do(head, "finish")

    overseer = _sign_in(open_window(), accounts, "walk-overseer")
    overseer.go(f"/ledger/{key}/")
    overseer.look("problem-check")
    _do(overseer, "check", persons="甲、乙", findings="排口已封堵")

    # The unit that rectifies is shown no form to verify.
    fixer.go(f"/ledger/{key}/")
    assert fixer.page.locator("form[action$='/do/accept/']").count() == 0
    verifier = _sign_in(open_window(size=PHONE), accounts, "walk-verifier")
    verifier.go(f"/ledger/{key}/")
    verifier.look("problem-accept")
    _do(verifier, "accept", unit=str(units[2]), persons="丙、丁", findings="旱天无水", measured="无水流出")

    clerk.go(f"/ledger/{key}/")
    _do(clerk, "publish")
    assert site.rows("SELECT state FROM ledger_problem WHERE id = ?", key) == [("public_notice",)]

    stranger = open_window(size=PHONE)
    stranger.go(f"/public/closures/{key}/")
    stranger.look("closure")
    stranger.page.locator("[name=text]").fill("雨天仍有污水")
    stranger.page.locator("main form.form-page button[type=submit]").click()
    stranger.page.wait_for_load_state()
    assert site.rows("SELECT count(*) FROM ledger_objection WHERE problem_id = ?", key) == [(1,)]
    leader = open_window("leader")
    leader.go(f"/ledger/{key}/")
    # Neither is the notice over nor the objection answered: both are said, and nothing is closed.
    form = leader.page.locator("form[action$='/do/close/']")
    form.evaluate("one => { one.closest('details').open = true; }")
    form.locator("button[type=submit]").click()
    leader.page.wait_for_load_state()
    assert leader.page.locator(".alert-danger").count() == 2
    assert site.rows("SELECT state FROM ledger_problem WHERE id = ?", key) == [("public_notice",)]
