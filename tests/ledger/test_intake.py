"""Ledgers taken in: twice, amended, merged by rule and by a person, cut off in the middle."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from tests.ledger.people import Six, six, workbook
from tests.people import account, actor

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.roles import Role
from anlan.foundation.jobs.models import RunState
from anlan.foundation.jobs.worker import work_off
from anlan.ledger import intake, joining
from anlan.ledger import jobs as ledger_jobs
from anlan.ledger.models import Candidate, Entry, Intake, IntakeLine, Joining, Problem
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

A = ("1", "桥头村生活污水直排入河，管网破损约280米", "丽阳镇桥头村", "整改局", "2026年12月底前")
B = ("2", "古田村养殖场粪污未经处理外排", "丽阳镇古田村", "整改局", "2026.6.30")
C = ("3", "矿山复绿面积不足，裸露边坡12亩", "鱼山镇鱼山村", "督导局", "长期坚持")


@pytest.fixture
def people() -> Six:
    return six()


def taken(people: Six, *rows: tuple[str, ...], name: str = "省督察.xlsx", ledger: str = "") -> Intake:
    made = intake.receive(people.clerk, io.BytesIO(workbook(*rows)), name, ledger=ledger, origin="sjdc")
    intake.look(made)
    if made.counts["new"] or made.counts["changed"]:
        intake.take(people.clerk, made)
    made.refresh_from_db()
    return made


def test_rows_become_problems_with_units_deadlines_and_where_they_come_from(people: Six) -> None:
    made = taken(people, A, B, C)
    assert (made.state, made.counts["new"], made.ledger) == ("taken", 3, "省督察")
    first = Problem.objects.get(text__startswith="桥头村")
    assert (first.lead, first.deadline) == (people.rectifying, dt.date(2026, 12, 31))
    entry = first.entries.get()
    # Title in row 1, heads in row 2.
    assert (entry.sheet, entry.row, entry.original["整改时限"]) == ("问题清单", 3, "2026年12月底前")
    lasting = Problem.objects.get(text__startswith="矿山")
    assert (lasting.deadline, lasting.term) == (None, "long_term")


def test_the_same_file_twice_changes_nothing(people: Six) -> None:
    taken(people, A, B, C)
    before = list(Entry.objects.values_list("pk", "problem_id", "in_force"))
    again = taken(people, A, B, C)
    assert (again.state, again.counts["same"], again.counts["new"], again.counts["changed"]) == ("read", 3, 0, 0)
    assert list(Entry.objects.values_list("pk", "problem_id", "in_force")) == before


def test_an_amended_file_shows_what_changed_and_a_row_that_is_gone_closes_nothing(people: Six) -> None:
    taken(people, A, B, C)
    amended = (A[0], A[1], A[2], A[3], "2026年10月底前")
    made = intake.receive(people.clerk, io.BytesIO(workbook(amended, C)), "省督察.xlsx")
    intake.look(made)
    assert (made.counts["changed"], made.counts["same"], made.counts["gone"]) == (1, 1, 1)
    line = IntakeLine.objects.get(standing="changed")
    assert line.changes["deadline"] == ["2026-12-31", "2026-10-31"]
    intake.take(people.clerk, made)
    problem = Problem.objects.get(text__startswith="桥头村")
    # The strictest counts, the first one stays as the earliest that was ever said.
    assert problem.deadline == dt.date(2026, 10, 31)
    assert [entry.in_force for entry in problem.entries.all()] == [False, True]
    assert Problem.objects.get(text__startswith="古田村").state == "draft"


def test_the_same_problem_of_two_lists_is_merged_by_rule_and_can_be_taken_apart(people: Six) -> None:
    taken(people, A, B)
    # 0.28 km is 280 m; the other list says it shorter and wants it done earlier.
    taken(
        people,
        ("1", "桥头村生活污水直排入河，管网破损约0.28公里", "丽阳镇桥头村", "整改局", "2026年9月底前"),
        name="警示片.xlsx",
    )
    one = Joining.objects.get()
    assert one.by_rule
    kept = one.kept
    assert {entry.ledger for entry in kept.entries.all()} == {"省督察", "警示片"}
    kept.refresh_from_db()
    assert kept.deadline == dt.date(2026, 9, 30)
    with pytest.raises(InputError, match="say why"):
        joining.separate(people.clerk, one, reason=" ")
    joining.separate(people.clerk, one, reason="不是同一条管网")
    kept.refresh_from_db()
    assert {entry.ledger for entry in kept.entries.all()} == {"省督察"}
    assert kept.deadline == dt.date(2026, 12, 31)
    assert Candidate.objects.get().decision == "different"
    with pytest.raises(InputError, match="taken apart already"):
        joining.separate(people.clerk, one, reason="再拆")
    # What a person took apart, the rule does not merge again.
    taken(
        people,
        ("1", "桥头村生活污水直排入河，管网破损约0.28公里", "丽阳镇桥头村", "整改局", "2026年8月底前"),
        name="警示片.xlsx",
    )
    assert Joining.objects.filter(undone_at=None).count() == 0


def test_near_twins_in_one_village_stay_two(people: Six) -> None:
    taken(
        people,
        ("1", "桥头村东侧排口污水直排，涉及农户12户", "丽阳镇桥头村", "整改局", "2026年9月底前"),
        ("2", "桥头村西侧养殖场粪污外溢，存栏300头", "丽阳镇桥头村", "整改局", "2026年9月底前"),
    )
    assert Problem.objects.filter(joined_into=None).count() == 2


def test_a_person_merges_and_only_what_nobody_works_on(people: Six) -> None:
    first, second = people.planned(), people.problem(title="同一件事")
    with pytest.raises(InputError, match="is being worked on"):
        joining.join(people.clerk, second, first)
    with pytest.raises(InputError, match="into itself"):
        joining.join(people.clerk, first, first)
    joining.join(people.clerk, first, second, reason="同一排口")
    second.refresh_from_db()
    assert second.joined_into == first
    with pytest.raises(InputError, match="was merged into"):
        joining.join(people.clerk, first, second)


def test_nobody_but_the_office_takes_in_or_merges(people: Six) -> None:
    for who in (people.handler, people.leader, people.verifier, actor(Role.SYSTEM_ADMIN)):
        with pytest.raises(Refused):
            intake.receive(who, io.BytesIO(workbook(A)), "a.xlsx")
    made = taken(people, A, B)
    with pytest.raises(Refused):
        intake.take(people.handler, made)
    a, b = Problem.objects.all()
    with pytest.raises(Refused):
        joining.join(people.handler, a, b)


def test_what_is_no_table_is_refused_or_kept_with_its_fault(people: Six) -> None:
    with pytest.raises(InputError):
        intake.receive(people.clerk, io.BytesIO(b"\x89PNG\r\n\x1a\n"), "a.xlsx")
    made = intake.receive(people.clerk, io.BytesIO("只有一句话\n".encode()), "a.csv")
    intake.look(made)
    assert made.counts["records"] == 0
    assert made.counts["doubts"] == 1


def test_columns_that_a_person_corrected_are_remembered_by_their_titles(people: Six) -> None:
    made = intake.receive(people.clerk, io.BytesIO(workbook(A, B)), "省督察.xlsx")
    intake.look(made)
    # 地点 is no place here, says the clerk.
    intake.set_columns(people.clerk, made, {"问题清单!C": "remark"})
    intake.look(made)
    intake.take(people.clerk, made)
    again = intake.receive(people.clerk, io.BytesIO(workbook(A, B, C)), "省督察.xlsx")
    intake.look(again)
    assert again.mapping["问题清单!C"] == "remark"
    assert (again.counts["same"], again.counts["new"]) == (2, 1)
    with pytest.raises(InputError, match="there is no field"):
        intake.set_columns(people.clerk, again, {"问题清单!C": "colour"})


def test_a_large_ledger_is_read_and_taken_in_by_the_worker(people: Six) -> None:
    clerk = account(Role.CLERK)
    from anlan.foundation.access.actor import actor_of
    from anlan.foundation.jobs.actions import enqueue

    who = actor_of(clerk)
    made = intake.receive(who, io.BytesIO(workbook(A, B, C)), "大台账.xlsx")
    enqueue(who, ledger_jobs.look, intake=made.pk)
    work_off()
    made.refresh_from_db()
    assert made.state == "read"
    run = enqueue(who, ledger_jobs.take, intake=made.pk)
    work_off()
    run.refresh_from_db()
    made.refresh_from_db()
    assert (run.state, made.state, Problem.objects.count()) == (RunState.DONE, "taken", 3)


def test_what_was_cut_off_in_the_middle_is_taken_in_once(people: Six, monkeypatch: pytest.MonkeyPatch) -> None:
    made = intake.receive(people.clerk, io.BytesIO(workbook(A, B, C)), "省督察.xlsx")
    intake.look(made)

    def cut(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("anlan.ledger.linking.write", cut)
        with pytest.raises(KeyboardInterrupt):
            intake.take(people.clerk, made)
    assert not Problem.objects.exists()
    made.refresh_from_db()
    assert made.state == "read"
    intake.take(people.clerk, made)
    assert Problem.objects.count() == 3
    with pytest.raises(InputError, match="does not wait"):
        intake.take(people.clerk, made)
