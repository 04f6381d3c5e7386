"""A report from the draft to the acceptance: who takes which step, what is refused, what counts in the end."""

from __future__ import annotations

import datetime as dt

import pytest
from tests import people
from tests.plan.progress import district as small
from tests.plan.progress.district import DUE, JULY, District

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import actor_of
from anlan.foundation.access.roles import Role
from anlan.foundation.flow.queries import events, replayed
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.notices.models import Notice
from anlan.plan.models import Owes, TaskDuty
from anlan.plan.progress import actions, counting
from anlan.plan.progress.actions import CollisionError
from anlan.plan.progress.flow import REPORT
from anlan.plan.progress.models import Figure, Owed, Report, ReportState
from anlan.plan.progress.values import Values
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def district() -> District:
    made = small.build()
    small.called(made)
    return made


def submitted(district: District, values: Values | None = None, number: str = "1") -> Report:
    report = actions.save_draft(district.actor("handler"), district.owed(number), values or small.told(), None)
    actions.submit(district.actor("handler"), report, today=DUE)
    return report


def accepted(district: District, values: Values | None = None) -> Report:
    report = submitted(district, values)
    actions.approve(district.actor("leader"), report, today=DUE)
    actions.accept(district.actor("clerk"), report)
    return report


def test_a_report_goes_from_the_handler_over_his_leader_to_the_office_and_then_counts(district: District) -> None:
    owed = district.owed("1")
    report = accepted(district, small.told(60, figures={district.target("1").pk: "72个"}))
    owed.refresh_from_db()
    owed.part.refresh_from_db()
    assert (report.state, owed.accepted, owed.current, owed.sent_on) == ("accepted", report, report, DUE)
    assert (owed.part.percent, owed.part.done_on) == (60, None)
    figure = Figure.objects.get(report=report)
    assert (figure.value, figure.scale) == (72, 0)
    assert [one.transition for one in events(REPORT, report)] == ["submit", "approve", "accept"]
    assert replayed(REPORT, report) == report.state


def test_every_step_is_refused_to_everybody_else(district: District) -> None:
    owed = district.owed("1")
    outsiders = ["elsewhere", "boss", "system", "security", "audit", "verifier"]

    def refused(who: list[str], step: object) -> None:
        for name in who:
            with pytest.raises(Refused):
                step(district.actor(name))  # type: ignore[operator]

    refused([*outsiders, "leader", "clerk"], lambda actor: actions.save_draft(actor, owed, small.told(), None))
    report = actions.save_draft(district.actor("handler"), owed, small.told(), None)
    refused([*outsiders, "leader", "clerk"], lambda actor: actions.submit(actor, report))
    actions.submit(district.actor("handler"), report)
    refused([*outsiders, "handler", "clerk"], lambda actor: actions.approve(actor, report))
    refused([*outsiders, "leader", "clerk"], lambda actor: actions.withdraw(actor, report))
    refused([*outsiders, "handler", "clerk"], lambda actor: actions.send_back(actor, report, "数据不实"))
    actions.approve(district.actor("leader"), report)
    refused([*outsiders, "handler", "leader"], lambda actor: actions.accept(actor, report))
    refused([*outsiders, "handler", "leader"], lambda actor: actions.send_back(actor, report, "数据不实"))
    actions.accept(district.actor("clerk"), report)
    refused([*outsiders, "handler", "leader"], lambda actor: actions.undo(actor, report, "采纳有误"))
    refused([*outsiders, "leader", "clerk"], lambda actor: actions.correct(actor, owed))
    refused([*outsiders, "handler", "leader"], lambda actor: actions.enter(actor, owed, small.told(), "电话"))
    assert Entry.objects.filter(outcome=Outcome.REFUSED, action="report.approve").count() == len(outsiders) + 2


def test_a_leader_who_is_handler_too_does_not_approve_his_own(district: District) -> None:
    both = people.account(Role.HANDLER, Role.UNIT_LEADER, at=district.units["区生态环境局"], name="both")
    report = actions.save_draft(actor_of(both), district.owed("1"), small.told(), None)
    actions.submit(actor_of(both), report)
    with pytest.raises(Refused):
        actions.approve(actor_of(both), report)
    # Another leader of the unit may.
    assert not report.direct
    actions.approve(district.actor("leader"), report)


def test_where_nobody_can_approve_the_office_is_told_and_takes_it_with_a_remark(district: District) -> None:
    owed = district.owed("3", "区住建局")
    report = actions.save_draft(district.actor("elsewhere"), owed, small.told(30, "管网2公里。"), None)
    actions.submit(district.actor("elsewhere"), report, today=DUE)
    owed.refresh_from_db()
    assert report.direct
    assert owed.sent_on == DUE
    assert Notice.objects.filter(code="report.no_leader", account=district.accounts["clerk"]).count() == 1
    with pytest.raises(InputError, match="reason"):
        actions.accept(district.actor("clerk"), report)
    actions.accept(district.actor("clerk"), report, remark="单位暂无负责人账户，已电话核实")
    assert (report.state, report.remark) == ("accepted", "单位暂无负责人账户，已电话核实")


def test_a_report_returned_by_the_leader_or_the_office_says_why_and_comes_again(district: District) -> None:
    report = submitted(district)
    with pytest.raises(InputError, match="reason"):
        actions.send_back(district.actor("leader"), report, " ")
    actions.send_back(district.actor("leader"), report, "请补充数字")
    assert (report.state, report.returned) == ("draft", "请补充数字")
    told = Notice.objects.filter(code="report.returned", closed_at__isnull=True)
    assert {notice.account.name for notice in told} == {"handler", "colleague"}
    again = actions.save_draft(district.actor("handler"), district.owed("1"), small.told(50), report.lock)
    actions.submit(district.actor("handler"), again, today=DUE)
    assert again.returned == ""
    assert not told.all().exists()
    actions.approve(district.actor("leader"), again, today=DUE)
    actions.send_back(district.actor("clerk"), again, "请附验收单")
    # It had reached the office in time: the return does not make it late.
    assert district.owed("1").sent_on == DUE


def test_a_report_taken_back_before_anybody_saw_it_was_not_sent(district: District) -> None:
    owed = district.owed("3", "区住建局")
    report = actions.save_draft(district.actor("elsewhere"), owed, small.told(), None)
    actions.submit(district.actor("elsewhere"), report, today=DUE)
    actions.withdraw(district.actor("elsewhere"), report)
    owed.refresh_from_db()
    assert (report.state, owed.sent_on) == ("draft", None)


def test_everything_wrong_with_a_report_is_said_at_once(district: District) -> None:
    values = Values(figures={district.target("1").pk: "大约一百个"})
    report = actions.save_draft(district.actor("handler"), district.owed("1"), values, None)
    with pytest.raises(InputError) as wrong:
        actions.submit(district.actor("handler"), report, today=DUE)
    said = [problem.zh for problem in wrong.value.problems]
    assert len(said) == 3
    assert said[0] == "“进展情况”没有填写"
    assert "0 到 100" in said[1]
    assert "大约一百个" in said[2]
    # What was typed is kept all the same.
    assert report.figures.get().text == "大约一百个"


def test_the_second_of_two_who_edit_one_draft_sees_what_changed_and_loses_nothing(district: District) -> None:
    owed = district.owed("1")
    first = actions.save_draft(district.actor("handler"), owed, small.told(10, "第一稿"), None)
    opened = first.lock
    actions.save_draft(district.actor("colleague"), owed, small.told(20, "同事写的"), opened)
    with pytest.raises(CollisionError) as collision:
        actions.save_draft(district.actor("handler"), owed, small.told(10, "我写的"), opened)
    theirs = collision.value
    assert (theirs.theirs.percent, theirs.theirs.narrative) == (20, "同事写的")
    assert theirs.report.changed_by_name.startswith("测试colleague")
    # He takes over, knowing: what the colleague had typed stays in the journal.
    actions.save_draft(district.actor("handler"), owed, small.told(10, "我写的"), theirs.report.lock)
    entry = Entry.objects.filter(action="report.write").latest("pk")
    assert "同事写的" in entry.details


def test_without_the_guard_the_second_save_would_swallow_the_first(district: District) -> None:
    # The negative control: the same two saves, the condition on the lock left out.
    owed = district.owed("1")
    first = actions.save_draft(district.actor("handler"), owed, small.told(10, "第一稿"), None)
    for words in ("同事写的", "我写的"):
        stale = Report.objects.get(pk=first.pk)
        stale.narrative = words
        stale.save()
    assert Report.objects.get(pk=first.pk).narrative == "我写的"
    # And with it: of two who hold the same lock only one finds the row.
    rows = Report.objects.filter(pk=first.pk, lock=first.lock)
    assert [rows.update(narrative=words, lock=first.lock + 1) for words in ("同事写的", "我写的")] == [1, 0]


def test_two_who_begin_the_same_report_at_once_make_one(district: District) -> None:
    owed = district.owed("1")
    actions.save_draft(district.actor("handler"), owed, small.told(10, "先到"), None)
    with pytest.raises(CollisionError):
        actions.save_draft(district.actor("colleague"), owed, small.told(20, "后到"), None)
    assert Report.objects.get(owed=owed).narrative == "先到"


def test_drafts_that_save_themselves_leave_one_entry_a_sitting(district: District) -> None:
    owed = district.owed("1")
    lock = None
    for n in range(5):
        lock = actions.save_draft(district.actor("handler"), owed, small.told(n, f"第{n}次"), lock).lock
    assert Entry.objects.filter(action="report.write", outcome=Outcome.DONE).count() == 1


def test_a_correction_is_a_new_revision_and_the_accepted_one_counts_until_it_is_accepted(district: District) -> None:
    report = accepted(district, small.told(60))
    owed = district.owed("1")
    second = actions.correct(district.actor("handler"), owed)
    assert (second.revision, second.percent, second.state) == (2, 60, "draft")
    with pytest.raises(InputError):
        actions.correct(district.actor("handler"), owed)
    second = actions.save_draft(district.actor("handler"), owed, small.told(55, "更正：66个。"), second.lock)
    part = TaskDuty.objects.get(pk=owed.part_id)
    assert part.percent == 60
    actions.submit(district.actor("handler"), second, today=DUE)
    actions.approve(district.actor("leader"), second, today=DUE)
    actions.accept(district.actor("clerk"), second)
    part.refresh_from_db()
    assert part.percent == 55
    report.refresh_from_db()
    assert (report.state, report.narrative) == ("accepted", "已排查72个排污口。")
    # Undone with a reason, the first counts again.
    actions.undo(district.actor("clerk"), second, "与核查不符")
    part.refresh_from_db()
    assert (part.percent, second.state) == (60, "approved")


def test_the_latest_round_counts_whatever_is_accepted_last(district: District) -> None:
    june = submitted(district, small.told(30))
    actions.approve(district.actor("leader"), june, today=DUE)
    small.called(district, JULY, dt.date(2024, 7, 25))
    july = submitted(district, small.told(50))
    actions.approve(district.actor("leader"), july)
    actions.accept(district.actor("clerk"), july)
    actions.accept(district.actor("clerk"), june)
    assert TaskDuty.objects.get(pk=july.owed.part_id).percent == 50


def test_whoever_is_done_is_asked_no_more(district: District) -> None:
    july = small.called(district, JULY, dt.date(2024, 7, 25))
    values = small.told(100, done_on=dt.date(2024, 6, 28))
    report = actions.save_draft(
        district.actor("handler"),
        Owed.objects.get(part=district.owed("1").part, round__first=small.JUNE[0]),
        values,
        None,
    )
    actions.submit(district.actor("handler"), report, today=DUE)
    actions.approve(district.actor("leader"), report)
    actions.accept(district.actor("clerk"), report)
    assert district.owed("1", round_=july).excused
    august = small.called(district, (dt.date(2024, 8, 1), dt.date(2024, 8, 31)), dt.date(2024, 8, 26))
    assert not Owed.objects.filter(round=august, task=report.owed.task).exists()
    actions.undo(district.actor("clerk"), report, "未完工")
    assert not district.owed("1", round_=july).excused


def test_what_the_parts_keep_can_be_made_anew_from_the_reports(district: District) -> None:
    accepted(district, small.told(100, done_on=dt.date(2024, 6, 28)))
    other = actions.save_draft(district.actor("elsewhere"), district.owed("3", "区住建局"), small.told(30), None)
    actions.submit(district.actor("elsewhere"), other)
    actions.accept(district.actor("clerk"), other, remark="电话核实")

    def kept() -> list[object]:
        parts = TaskDuty.objects.order_by("pk").values_list("pk", "percent", "done_on")
        return [*parts, *Owed.objects.order_by("pk").values_list("pk", "accepted", "excused")]

    before = kept()
    TaskDuty.objects.update(percent=7, done_on=None)
    Owed.objects.update(accepted=None)
    counting.recount_all()
    # Parts without any report had 0 before and are not counted anew.
    TaskDuty.objects.filter(percent=7).update(percent=0)
    assert kept() == before


def test_the_state_of_every_report_is_what_its_events_tell(district: District) -> None:
    accepted(district)
    actions.correct(district.actor("handler"), district.owed("1"))
    assert Report.objects.count() == 2
    for report in Report.objects.all():
        assert replayed(REPORT, report) == report.state


def test_a_contribution_is_one_line_and_has_no_percent(district: District) -> None:
    handler = people.account(Role.HANDLER, at=district.units["区工信局"])
    owed = district.owed("1", "区工信局")
    assert owed.owes == Owes.CONTRIBUTION
    report = actions.save_draft(actor_of(handler), owed, Values(percent=50, narrative="提供企业名单。"), None)
    assert report.percent is None
    actions.submit(actor_of(handler), report)
    actions.accept(district.actor("clerk"), report, remark="无负责人账户")
    assert TaskDuty.objects.get(pk=owed.part_id).percent == 0


def test_the_office_enters_what_a_unit_tells_on_the_telephone(district: District) -> None:
    owed = district.owed("3", "区住建局")
    report = actions.enter(district.actor("clerk"), owed, small.told(30), "7月1日电话", today=DUE)
    assert (report.state, report.by_office, report.remark) == (ReportState.APPROVED, True, "7月1日电话")
    actions.accept(district.actor("clerk"), report)
    second = actions.enter(district.actor("clerk"), owed, small.told(35), "更正", today=DUE)
    assert second.revision == 2
    # A draft of the unit is not written over by who has not seen it.
    mine = actions.save_draft(district.actor("handler"), district.owed("1"), small.told(), None)
    with pytest.raises(CollisionError):
        actions.enter(district.actor("clerk"), district.owed("1"), small.told(), "电话")
    actions.enter(district.actor("clerk"), district.owed("1"), small.told(), "电话", stand=actions.stand_of(mine))


def test_many_are_accepted_at_once_each_by_itself(district: District) -> None:
    ready = submitted(district)
    actions.approve(district.actor("leader"), ready)
    early = actions.save_draft(district.actor("elsewhere"), district.owed("3", "区住建局"), small.told(), None)
    actions.submit(district.actor("elsewhere"), early)
    done, problems = actions.accept_all(district.actor("clerk"), [ready, early])
    assert done == 1
    assert len(problems) == 1
