"""The life of a problem: six people, each step by its own, and what each step needs."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import pytest
from django.utils import timezone
from tests.ledger.people import DUE, NOTE, Six, six
from tests.people import actor, unit

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import Actor, machine
from anlan.foundation.access.roles import Role
from anlan.foundation.flow.models import Event
from anlan.foundation.flow.queries import replayed
from anlan.ledger import actions, closing, extending, queries
from anlan.ledger.actions import Facts, PlannedStep, Seen
from anlan.ledger.flow import PROBLEM
from anlan.ledger.models import Extension, Problem
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def people() -> Six:
    return six()


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.date], None]:
    """Sets the day on which everything happens."""

    def set_day(day: dt.date) -> None:
        moment = dt.datetime.combine(day, dt.time(4), dt.UTC)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        # The default of a column was bound before.
        monkeypatch.setitem(Event._meta.get_field("at").__dict__, "_get_default", lambda: moment)

    return set_day


def test_six_people_lead_a_problem_to_its_closure_and_it_comes_back(
    people: Six, today: Callable[[dt.date], None]
) -> None:
    # The example of rectification.toml: 21 May to 4 June 2025 are 10 working days, 端午节 taken out.
    today(dt.date(2025, 5, 21))
    found = people.accepted(dt.date(2025, 5, 20))
    closing.publish(people.clerk, found, start=dt.date(2025, 5, 21), outcome="rectified")
    assert found.notice_until == dt.date(2025, 6, 4)
    with pytest.raises(InputError, match="lasts until 2025-06-04"):
        closing.close(people.leader, found)
    today(dt.date(2025, 6, 4))
    with pytest.raises(InputError, match="lasts until"):
        closing.close(people.leader, found)
    today(dt.date(2025, 6, 5))
    closing.close(people.leader, found, months=3)
    assert (found.state, found.closed_on, found.watch_until) == (
        "closed",
        dt.date(2025, 6, 5),
        dt.date(2025, 9, 5),
    )
    assert closing.begin_watches(machine("ledger.watch")) == 1
    found.refresh_from_db()
    assert found.state == "watched"
    evidence = actions.attach(people.verifier, found, io.BytesIO(NOTE), "反弹.txt", kind="visit")
    actions.take_step(people.verifier, found, "reopen", reason="雨后又有污水", evidence=[evidence.pk])
    assert found.state == "reopened"
    # The old closure is kept.
    assert found.closed_on == dt.date(2025, 6, 5)
    assert replayed(PROBLEM, found) == found.state
    assert list(Event.objects.values_list("transition", flat=True)) == [
        "submit",
        "approve",
        "finish",
        "check",
        "accept",
        "publish",
        "close",
        "watch",
        "reopen",
    ]


@pytest.mark.parametrize(
    ("who", "act"),
    [
        ("clerk", lambda p, who: actions.take_step(who, p.problem(), "submit")),
        ("handler", lambda p, who: actions.take_step(who, p.problem(), "approve")),
        ("handler", lambda p, who: actions.take_step(who, p.planned(), "finish")),
        ("handler", lambda p, who: _look(p, who, p.finished(), actions.check)),
        ("verifier", lambda p, who: _look(p, who, p.finished(), actions.check)),
        ("supervisor", lambda p, who: _look(p, who, p.accepted(dt.date(2025, 5, 20)), actions.verify)),
        ("head", lambda p, who: closing.publish(who, p.problem(), start=dt.date(2025, 5, 21), outcome="rectified")),
        ("clerk", lambda p, who: closing.close(who, p.problem())),
        ("leader", lambda p, who: actions.take_step(who, p.problem(), "dismiss", reason="无")),
        ("verifier", lambda p, who: actions.register(who, Facts("问题", "问题"))),
        ("leader", lambda p, who: extending.extend(who, p.planned(), new=dt.date(2027, 1, 31), reason="雨季")),
        ("clerk", lambda p, who: extending.grant(who, _asked(p), granted=True, document="长办〔2026〕1号")),
    ],
)
def test_nobody_takes_the_step_of_another(people: Six, who: str, act: Callable[[Six, Actor], object]) -> None:
    with pytest.raises(Refused):
        act(people, getattr(people, who))


def _look(people: Six, who: Actor, problem: Problem, look: Callable[..., object]) -> object:
    return look(who, problem, Seen(people.verifying, "甲、乙", dt.date(2025, 5, 20), "看过"), passed=True)


def _asked(people: Six) -> Extension:
    return extending.extend(people.handler, people.planned(), new=dt.date(2027, 1, 31), reason="雨季")


def test_another_unit_sees_and_reports_nothing(people: Six) -> None:
    stranger = actor(Role.HANDLER, at=unit("无关局"))
    found = people.planned()
    assert not queries.problems(stranger).exists()
    assert queries.problems(people.handler).get() == found
    with pytest.raises(Refused):
        actions.report(stranger, found, unit=people.rectifying, text="完成")


def test_a_verifier_whose_own_unit_rectifies_is_refused(people: Six) -> None:
    found = people.finished()
    seen = Seen(people.supervising, "甲、乙", dt.date(2025, 5, 20), "排口已封堵")
    actions.check(people.supervisor, found, seen, passed=True)
    insider = actor(Role.VERIFIER, Role.HANDLER, at=people.rectifying)
    with pytest.raises(Refused):
        actions.verify(insider, found, seen, passed=True)
    # And nobody verifies in the name of the unit that rectifies.
    with pytest.raises(InputError, match="整改局 rectifies the problem itself"):
        actions.verify(
            people.verifier, found, Seen(people.rectifying, "甲、乙", dt.date(2025, 5, 20), "看过", "无水"), passed=True
        )


def test_a_visit_says_everything_that_is_missing_at_once(people: Six) -> None:
    found = people.finished()
    actions.check(
        people.supervisor, found, Seen(people.supervising, "甲、乙", DUE.replace(year=2025), "好"), passed=True
    )
    with pytest.raises(InputError) as error:
        actions.verify(people.verifier, found, Seen(people.rectifying, "甲", dt.date(2999, 1, 1), " "), passed=True)
    assert len(error.value.problems) == 5


def test_a_plan_needs_goal_measures_and_units_and_no_step_is_later_than_the_deadline(people: Six) -> None:
    found = people.problem(supervisor=None)
    with pytest.raises(InputError) as error:
        actions.plan(
            people.handler,
            found,
            goal="",
            measures="",
            steps=[PlannedStep("清淤", dt.date(2027, 1, 1)), PlannedStep(" ")],
            lock=found.lock,
        )
    assert len(error.value.problems) == 2
    with pytest.raises(InputError) as error:
        actions.take_step(people.handler, found, "submit")
    assert {"整改目标", "整改措施", "督导（验收）单位"} <= {one.zh.split("“")[-1][:-1] for one in error.value.problems}


def test_of_two_who_write_the_plan_the_second_is_told(people: Six) -> None:
    found = people.problem()
    lock = found.lock
    actions.plan(people.handler, found, goal="甲", measures="甲", steps=[], lock=lock)
    with pytest.raises(InputError, match="somebody changed"):
        actions.plan(people.handler, found, goal="乙", measures="乙", steps=[], lock=lock)
    found.refresh_from_db()
    assert found.goal == "甲"


def test_done_needs_a_file_that_does_not_show_the_state_before(people: Six) -> None:
    found = people.planned()
    actions.attach(people.handler, found, io.BytesIO(NOTE), "前.txt", kind="before")
    with pytest.raises(InputError, match="attach evidence"):
        actions.take_step(people.head, found, "finish")


def test_an_extension_keeps_the_first_deadline(people: Six) -> None:
    asked = _asked(people)
    with pytest.raises(InputError, match="number of the document"):
        extending.grant(people.leader, asked, granted=True)
    extending.grant(people.leader, asked, granted=True, document="长办〔2026〕1号")
    problem = Problem.objects.get()
    assert (problem.first_deadline, problem.deadline) == (DUE, dt.date(2027, 1, 31))
    with pytest.raises(InputError, match="answered already"):
        extending.grant(people.leader, asked, granted=False, answer="不")


def test_an_extension_says_everything_that_is_wrong(people: Six) -> None:
    found = people.problem()
    with pytest.raises(InputError) as error:
        extending.extend(people.handler, found, new=DUE, reason="")
    assert len(error.value.problems) == 3


def test_an_open_objection_stops_a_closure_and_one_that_is_true_sends_it_back(
    people: Six, today: Callable[[dt.date], None]
) -> None:
    today(dt.date(2025, 5, 21))
    found = people.accepted(dt.date(2025, 5, 20))
    closing.publish(people.clerk, found, start=dt.date(2025, 5, 21), outcome="rectified")
    objection = closing.object_to(machine("public"), found, text="雨天仍有污水")
    today(dt.date(2025, 6, 5))
    with pytest.raises(InputError, match="1 objections are open"):
        closing.close(people.leader, found)
    closing.answer(people.clerk, objection, upheld=True, text="经查属实")
    with pytest.raises(InputError, match="proved true"):
        closing.close(people.leader, found)
    actions.take_step(people.clerk, found, "uphold", reason="异议属实")
    assert found.state == "planned"


def test_nobody_objects_after_the_notice(people: Six, today: Callable[[dt.date], None]) -> None:
    today(dt.date(2025, 5, 21))
    found = people.accepted(dt.date(2025, 5, 20))
    with pytest.raises(InputError, match="is not on public notice"):
        closing.object_to(machine("public"), found, text="有异议")


def test_a_notice_in_a_year_without_published_holidays_has_no_end(
    people: Six, today: Callable[[dt.date], None]
) -> None:
    today(dt.date(2025, 5, 21))
    found = people.accepted(dt.date(2025, 5, 20))
    with pytest.raises(InputError, match="holidays of 2050 are not published"):
        closing.publish(people.clerk, found, start=dt.date(2050, 1, 4), outcome="rectified")


def test_the_balance_holds_for_every_period(people: Six, today: Callable[[dt.date], None]) -> None:
    today(dt.date(2025, 5, 21))
    found = people.accepted(dt.date(2025, 5, 20))
    other = people.problem(title="另一个问题")
    closing.publish(people.clerk, found, start=dt.date(2025, 5, 21), outcome="rectified")
    today(dt.date(2025, 6, 5))
    closing.close(people.leader, found)
    today(dt.date(2025, 7, 1))
    evidence = actions.attach(people.verifier, found, io.BytesIO(NOTE), "反弹.txt", kind="visit")
    actions.take_step(people.verifier, found, "reopen", reason="反弹", evidence=[evidence.pk])
    actions.take_step(people.clerk, other, "dismiss", reason="不属实")
    days = [dt.date(2025, 1, 1), dt.date(2025, 5, 21), dt.date(2025, 6, 4), dt.date(2025, 6, 5), dt.date(2025, 7, 1)]
    for first in days:
        for last in days:
            if first <= last:
                assert queries.balance(first, last).holds
    # May: two registered. June: one closed. July: it comes back, and the other is dismissed.
    may = queries.balance(dt.date(2025, 5, 1), dt.date(2025, 5, 31))
    assert (may.opening, may.new, may.reopened, may.left, may.ending) == (0, 2, 0, 0, 2)
    june = queries.balance(dt.date(2025, 6, 1), dt.date(2025, 6, 30))
    assert (june.opening, june.new, june.reopened, june.left, june.ending) == (2, 0, 0, 1, 1)
    july = queries.balance(dt.date(2025, 7, 1), dt.date(2025, 7, 31))
    assert (july.opening, july.new, july.reopened, july.left, july.ending) == (1, 0, 1, 1, 1)


def test_wrong_facts_are_named_all_at_once(people: Six) -> None:
    with pytest.raises(InputError) as error:
        actions.register(people.clerk, Facts(" ", "", lead=people.rectifying, supervisor=people.rectifying))
    assert len(error.value.problems) == 3


def test_after_approval_the_deadline_is_no_correction(people: Six) -> None:
    found = people.planned()
    facts = Facts(found.title, found.text, deadline=dt.date(2027, 6, 1), lead=people.rectifying)
    with pytest.raises(InputError, match="only by an extension"):
        actions.correct(people.clerk, found, facts, lock=found.lock)


def test_the_limit_of_a_file_is_that_of_the_vault(people: Six) -> None:
    found = people.planned()
    with pytest.raises(InputError):
        actions.attach(people.handler, found, io.BytesIO(b"MZ\x90\x00"), "a.exe", kind="other")
    with pytest.raises(InputError, match="no evidence of kind selfie"):
        actions.attach(people.handler, found, io.BytesIO(NOTE), "a.txt", kind="selfie")


@pytest.mark.parametrize("state", list(PROBLEM.states))
def test_the_mark_of_a_problem_and_the_list_of_late_ones_say_the_same(people: Six, state: str) -> None:
    found = people.problem()
    Problem.objects.filter(pk=found.pk).update(state=state)
    found.refresh_from_db()
    after = DUE + dt.timedelta(days=1)
    assert found.is_late(after) == Problem.objects.filter(queries.late(after)).exists()
    assert not found.is_late(DUE)
