"""Signs at problems of the installation: seen on what is known, answered once, looked at beside the other problems."""

from __future__ import annotations

import pytest
from tests.ledger.people import Six, six
from tests.people import account, actor, client, unit

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.roles import Role
from anlan.ledger import actions, questions
from anlan.ledger.models import Problem
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])
# More than thirty characters, below which reports are alike by chance.
SAID = "已完成管网排查和错接点改造，清理沟渠，组织周边农户清运垃圾，安排专人每日巡查并做好记录。"


@pytest.fixture
def people() -> Six:
    return six()


def _jumped(people: Six) -> Problem:
    one = people.planned()
    for text, percent in (("正在排查。", 5), ("全部完成。", 100)):
        actions.report(people.handler, one, unit=people.rectifying, text=text, percent=percent)
    return one


def test_a_report_copied_from_another_problem_is_a_sign_at_the_later_one(people: Six) -> None:
    first, second = people.planned(), people.planned()
    for one in (first, second):
        actions.report(people.handler, one, unit=people.rectifying, text=SAID, percent=40)
    found = {one.case.id: {sign.rule.id for sign in one.signs} for one in questions.findings()}
    # K05 is the text copied.
    assert "K05" in found[second.number]


def test_a_jump_of_progress_is_answered_once_and_stays_with_its_answer(people: Six) -> None:
    one = _jumped(people)
    key = questions.findings([one.number])[0].signs[0].key
    with pytest.raises(InputError, match="say what explains it"):
        questions.answer(people.handler, one, key, " ")
    questions.answer(people.handler, one, key, "前期已进场，月底集中完工")
    with pytest.raises(InputError, match="answered already"):
        questions.answer(people.clerk, one, key, "再说一次")
    again = next(sign for sign in questions.findings([one.number])[0].signs if sign.key == key)
    assert again.answer is not None
    assert again.answer.text == "前期已进场，月底集中完工"


def test_a_sign_that_there_is_not_and_a_stranger_are_refused(people: Six) -> None:
    one = people.planned()
    with pytest.raises(InputError, match="no such sign"):
        questions.answer(people.clerk, one, "K99-000000000000", "说明")
    with pytest.raises(Refused):
        questions.answer(actor(Role.HANDLER, at=unit("无关局")), one, "K99-000000000000", "说明")


def test_the_page_shows_signs_and_takes_an_answer(people: Six) -> None:
    one = _jumped(people)
    browser = client(account(Role.CLERK))
    sign = questions.findings([one.number])[0].signs[0]
    assert sign.key in browser.get(f"/ledger/{one.pk}/signs/").content.decode()
    assert browser.post(f"/ledger/{one.pk}/signs/", {"sign": sign.key, "text": "集中完工"}).status_code == 302
    assert "集中完工" in browser.get(f"/ledger/{one.pk}/signs/").content.decode()


def test_a_problem_without_a_plan_has_nothing_to_look_at(people: Six) -> None:
    assert questions.findings([people.problem().number]) == []
