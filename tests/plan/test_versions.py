"""A new version of the document: compared, confirmed, adopted; corrections, settlements and tasks stay with the clause."""

from __future__ import annotations

import datetime as dt
from unittest import mock

import pytest
from tests import people
from tests.plan import small

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Entry
from anlan.foundation.notices.models import Notice
from anlan.foundation.org.models import Unit
from anlan.plan import actions, comparing, queries, restructuring, versions
from anlan.plan.corrections import NewDeadline, NewDuty, NewTarget, Wanted, correct
from anlan.plan.matching.pairing import Kind
from anlan.plan.models import (
    Correction,
    Document,
    Duty,
    DutyRole,
    Measure,
    Plan,
    Question,
    QuestionKind,
    Standpoint,
    Target,
    Task,
    TaskDuty,
)
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

HEAD = "青溪区2024年水环境整治工作要点\n\n一、重点任务\n"
CLAUSES = {
    "outfalls": "排查入河排污口120个以上，逐口建立一口一档。6月底前完成。（牵头单位：区生态环境局；配合单位：区工信局）",
    "chemical": "推进化工企业分类整治，完成清洁生产审核15家。9月底前完成。（责任单位：区工信局、区应急局）",
    "pipes": "新建污水管网6.5公里，同步完善接户支管和检查井，改造雨污混接点30处。12月底前完成。（责任单位：区住建局）",
    "litter": "清理河面漂浮物，保持水面清洁。9月底前清理完毕。（责任单位：区城管队）",
    "publicity": "加强宣传引导，组织志愿者巡河。",
    "farming": "完成规模养殖场粪污设施改造，配套率达到97%。10月底前完成。（责任单位：区住建局）",
}


def text(*clauses: str, head: str = HEAD) -> str:
    """Document of these clauses, by name or as written, numbered from 1."""
    return head + "".join(f"{n}.{CLAUSES.get(one, one)}\n" for n, one in enumerate(clauses, start=1))


@pytest.fixture
def units() -> dict[str, Unit]:
    return small.district()


@pytest.fixture
def clerk() -> Actor:
    return people.actor(Role.CLERK)


@pytest.fixture
def plan(units: dict[str, Unit], clerk: Actor) -> Plan:
    return actions.receive(clerk, text(*CLAUSES).encode(), "要点.txt")


def settle(plan: Plan, clerk: Actor, units: dict[str, Unit]) -> None:
    """Everything settled in its own way: name, lead, owner, deadline."""
    rows = queries.questions(plan).filter(closed_at=None)
    actions.settle_unit(clerk, rows.get(kind=QuestionKind.UNIT), units["区城管局"])
    lead = rows.get(kind=QuestionKind.LEAD)
    actions.settle_lead(clerk, lead, lead.measure.duties.get(name="区应急局"))
    actions.settle_owner(clerk, rows.get(kind=QuestionKind.OWNER), DutyRole.LEAD, [units["区住建局"]])
    actions.settle_deadline(clerk, plan, rows.filter(kind=QuestionKind.DEADLINE), dt.date(2024, 12, 31))
    assert not rows.all().exists()


@pytest.fixture
def issued(plan: Plan, clerk: Actor, units: dict[str, Unit]) -> Plan:
    settle(plan, clerk, units)
    actions.issue(clerk, plan, on=dt.date(2024, 3, 1))
    return plan


def measure(plan: Plan, words: str) -> Measure:
    """Clause in force whose text holds these words."""
    found = [one for one in queries.document(plan).measures.select_related("document__plan") if words in one.text]
    (only,) = found
    return only


def kinds(document: Document) -> list[tuple[Kind, list[str], list[str]]]:
    """Relations with the numbers of their clauses."""
    found = comparing.compared(queries.document(document.plan), document)
    return [(one.kind, [m.number for m, _ in one.old], [m.number for m, _ in one.new]) for one in found]


def propose(clerk: Actor, plan: Plan, *clauses: str) -> Document:
    return versions.propose(clerk, plan, text(*clauses).encode(), "要点（第二版）.txt")


def sure(clerk: Actor, document: Document) -> None:
    versions.confirm(clerk, document, document.matches.all())


def test_a_version_is_compared_clause_by_clause_and_changes_nothing_yet(plan: Plan, clerk: Actor) -> None:
    changed = CLAUSES["pipes"].replace("6.5公里", "8公里")
    document = propose(
        clerk,
        plan,
        "推进节水型社会建设，创建节水单位8家。6月底前完成。（责任单位：区住建局）",
        "farming",
        "outfalls",
        changed,
        "litter",
        "publicity",
    )
    assert kinds(document) == [
        (Kind.ADDED, [], ["1"]),
        (Kind.RENUMBERED, ["6"], ["2"]),
        (Kind.RENUMBERED, ["1"], ["3"]),
        (Kind.DROPPED, ["2"], []),
        (Kind.CHANGED, ["3"], ["4"]),
        (Kind.RENUMBERED, ["4"], ["5"]),
        (Kind.RENUMBERED, ["5"], ["6"]),
    ]
    (one,) = [row for row in comparing.compared(queries.document(plan), document) if row.kind is Kind.CHANGED]
    assert [run.text for run in one.old[0][1] if run.changed] == ["6.5"]
    assert [run.text for run in one.new[0][1] if run.changed] == ["8"]
    assert queries.document(plan).number == 1
    assert document.state == Standpoint.PROPOSED


def test_one_version_waits_at_a_time_and_the_same_file_is_none(plan: Plan, clerk: Actor) -> None:
    with pytest.raises(InputError, match="nothing differs"):
        propose(clerk, plan, *CLAUSES)
    first = propose(clerk, plan, "outfalls", "pipes")
    with pytest.raises(InputError, match="still waits"):
        propose(clerk, plan, "outfalls")
    with pytest.raises(InputError, match="say why"):
        versions.put_aside(clerk, first, " ")
    versions.put_aside(clerk, first, "发错了文件")
    with pytest.raises(InputError, match="decided already"):
        versions.adopt(clerk, first)
    again = propose(clerk, plan, "outfalls", "pipes")
    assert (first.number, again.number, first.state) == (2, 3, Standpoint.ASIDE)


def test_a_file_without_measures_is_no_version(plan: Plan, clerk: Actor) -> None:
    with pytest.raises(InputError, match="no measure was found"):
        versions.propose(clerk, plan, "会议通知。".encode(), "通知.txt")
    assert plan.documents.count() == 1


def test_corrections_and_settlements_go_on_whatever_the_number(
    plan: Plan, clerk: Actor, units: dict[str, Unit]
) -> None:
    settle(plan, clerk, units)
    one = measure(plan, "入河排污口")
    key = f"d{one.duties.get(name='区工信局').pk}"
    start = one.document.text.index("区住建局")
    correct(
        clerk,
        one,
        Wanted(
            title="排查排污口",
            rows=(
                (key, NewDuty(DutyRole.COOPERATING, units["区住建局"], start, start + 4)),
                ("", NewDeadline("5月底前")),
            ),
        ),
        lock=0,
    )
    before = {str(row.after): row for row in Correction.objects.all()}
    document = propose(clerk, plan, *reversed(CLAUSES))
    outcome = versions.adopt(clerk, document)
    assert outcome["kinds"] == {"renumbered": 6}
    assert (outcome["corrections"], outcome["lost"]) == (3, [])
    now = measure(plan, "入河排污口")
    assert (now.document_id, now.number, now.title, now.continues_id) == (document.pk, "6", "排查排污口", one.pk)
    assert {d.body_name for d in now.duties.all()} == {"区生态环境局", "区住建局"}
    assert {d.date for d in now.deadlines.all()} == {dt.date(2024, 5, 31), dt.date(2024, 6, 30)}
    for made in now.corrections.all():
        first = before[str(made.after)]
        assert (made.carried_from, made.by_id, made.at, made.compiled) == (first, first.by_id, first.at, first.compiled)
    assert not queries.questions(plan).filter(closed_at=None).exists()
    chemical = measure(plan, "化工")
    assert chemical.duties.get(role=DutyRole.LEAD).name == "区应急局"
    assert measure(plan, "漂浮物").duties.get().unit == units["区城管局"]
    assert measure(plan, "志愿者").duties.get().unit == units["区住建局"]
    # The version before is as it was.
    old = Document.objects.get(number=1)
    assert (old.state, document.state) == (Standpoint.REPLACED, Standpoint.IN_FORCE)
    assert old.measures.get(number="1").title == "排查排污口"
    assert {d.body_name for d in old.measures.get(number="1").duties.all()} == {"区生态环境局", "区住建局"}
    # And what went on can be taken back.
    restructuring.take_back(clerk, now.corrections.get(kind="title"))
    now.refresh_from_db()
    assert now.title.startswith("排查入河排污口120个以上")


def test_a_correction_of_words_that_changed_does_not_go_on_and_it_is_said(plan: Plan, clerk: Actor) -> None:
    three = measure(plan, "污水管网")
    target = three.targets.get(unit="公里")
    correct(clerk, three, Wanted(rows=((f"t{target.pk}", NewTarget("新建污水管网7公里")),)), lock=0)
    changed = CLAUSES["pipes"].replace("新建污水管网6.5公里", "新建污水管网8公里")
    document = propose(clerk, plan, "outfalls", "chemical", changed, "litter", "publicity", "farming")
    outcome = versions.adopt(clerk, document)
    assert outcome["corrections"] == 0
    assert len(outcome["lost"]) == 1
    assert outcome["lost"][0] == {
        "measure": "3 " + three.title,
        "kind": "target",
        "after": "新建污水管网7公里",
        "why": "text",
    }
    assert measure(plan, "污水管网").targets.get(unit="公里").low == 8


def test_tasks_stay_with_their_clauses(issued: Plan, clerk: Actor, units: dict[str, Unit]) -> None:
    """Renumbered, edited, dropped and added at once; progress stays."""
    tasks = {
        words: Task.objects.get(measure=measure(issued, words))
        for words in ("入河排污口", "化工", "污水管网", "漂浮物", "志愿者", "粪污")
    }
    target = Target.objects.get(measure=tasks["污水管网"].measure, unit="公里")
    TaskDuty.objects.filter(task=tasks["污水管网"]).update(percent=60)
    TaskDuty.objects.filter(task=tasks["入河排污口"]).update(percent=20)
    listeners = {name: people.account(Role.HANDLER, at=units[name]) for name in units}
    changed = (
        CLAUSES["pipes"]
        .replace("6.5公里", "8公里")
        .replace("12月底前", "11月底前")
        .replace("区住建局", "区住建局、区工信局")
    )
    new = "推进节水型社会建设，创建节水单位8家。（责任单位：区应急局）"
    document = propose(clerk, issued, new, changed, "outfalls", "farming", "litter", "publicity")
    with pytest.raises(InputError, match="give a reason"):
        versions.adopt(clerk, document)
    outcome = versions.adopt(clerk, document, reason="区政府常务会议审定")
    assert outcome["kinds"] == {"added": 1, "changed": 1, "renumbered": 4, "dropped": 1}
    for task in tasks.values():
        task.refresh_from_db()
    pipes = tasks["污水管网"]
    assert (pipes.number, pipes.due, pipes.measure.document_id) == ("2", dt.date(2024, 11, 30), document.pk)
    assert {part.unit.short_name: part.percent for part in pipes.duties.all()} == {"区住建局": 60, "区工信局": 0}
    # What is reported of the length is reported of 8 公里 now, in the same row.
    target.refresh_from_db()
    assert (target.measure_id, target.low, target.scale) == (pipes.measure_id, 8, 0)
    assert tasks["入河排污口"].number == "3"
    assert {part.percent for part in tasks["入河排污口"].duties.all()} == {20}
    assert (tasks["化工"].void, tasks["化工"].void_reason) == (True, "新版本已删除")
    assert tasks["化工"].measure.document.number == 1
    # The new clause has no deadline: its task waits until that is settled.
    added = measure(issued, "节水型")
    assert not Task.objects.filter(measure=added).exists()
    row = Question.objects.get(measure=added, closed_at=None)
    assert row.kind == QuestionKind.DEADLINE
    actions.settle_deadline(clerk, issued, [row], dt.date(2024, 12, 31))
    assert Task.objects.get(measure=added).due == dt.date(2024, 12, 31)
    told = {
        name: [notice.args for notice in Notice.objects.filter(code="plan.changed", account=who).order_by("pk")]
        for name, who in listeners.items()
    }
    # 区工信局 gains a part in the pipes and loses the chemical plants; 区应急局 loses those and gains the new one later.
    assert [(one["added"], one["changed"], one["gone"]) for one in told["区工信局"]] == [(1, 0, 1)]
    assert [(one["added"], one["changed"], one["gone"]) for one in told["区应急局"]] == [(0, 0, 1), (1, 0, 0)]
    assert [(one["added"], one["changed"], one["gone"]) for one in told["区住建局"]] == [(0, 1, 0)]
    # A new number alone is no news.
    assert told["区生态环境局"] == []
    assert Entry.objects.filter(action="plan.adopt").latest("pk").reason == "区政府常务会议审定"


def test_a_clause_that_is_split_keeps_its_task_on_the_larger_part(issued: Plan, clerk: Actor) -> None:
    task = Task.objects.get(measure=measure(issued, "污水管网"))
    TaskDuty.objects.filter(task=task).update(percent=60)
    parts = (
        "新建污水管网6.5公里，同步完善接户支管和检查井。12月底前完成。（责任单位：区住建局）",
        "改造雨污混接点30处。12月底前完成。（责任单位：区住建局）",
    )
    document = propose(clerk, issued, "outfalls", "chemical", *parts, "litter", "publicity", "farming")
    assert (Kind.SPLIT, ["3"], ["3", "4"]) in kinds(document)
    sure(clerk, document)
    versions.adopt(clerk, document, reason="调整")
    task.refresh_from_db()
    assert "6.5公里" in task.measure.text
    assert task.duties.get().percent == 60
    other = Task.objects.get(measure=measure(issued, "混接点"))
    assert (other.number, other.duties.get().percent) == ("4", 0)


def test_clauses_that_are_merged_keep_the_task_of_the_larger_one(issued: Plan, clerk: Actor) -> None:
    litter = Task.objects.get(measure=measure(issued, "漂浮物"))
    publicity = Task.objects.get(measure=measure(issued, "志愿者"))
    whole = "清理河面漂浮物，保持水面清洁，加强宣传引导，组织志愿者巡河。9月底前清理完毕。（责任单位：区城管队）"
    document = propose(clerk, issued, "outfalls", "chemical", "pipes", whole, "farming")
    assert (Kind.MERGED, ["4", "5"], ["4"]) in kinds(document)
    sure(clerk, document)
    versions.adopt(clerk, document, reason="调整")
    litter.refresh_from_db()
    publicity.refresh_from_db()
    assert (litter.void, litter.number) == (False, "4")
    assert publicity.void
    assert publicity.void_reason.startswith("新版本已并入“4 ")
    # The unknown name was settled in the version before, for the whole plan.
    assert {part.unit.short_name for part in litter.duties.all()} == {"区城管局"}


def test_what_was_split_by_hand_is_split_again(issued: Plan, clerk: Actor) -> None:
    three = measure(issued, "污水管网")
    place = three.document.text.index("改造雨污")
    restructuring.split(clerk, three, [place], lock=0, reason="分开考核")
    second = Task.objects.get(measure=measure(issued, "混接点"))
    TaskDuty.objects.filter(task=second).update(percent=50)
    document = propose(clerk, issued, "pipes", "outfalls", "chemical", "litter", "publicity", "farming")
    outcome = versions.adopt(clerk, document, reason="调整")
    assert outcome["lost"] == []
    second.refresh_from_db()
    assert (second.void, second.measure.document_id, second.duties.get().percent) == (False, document.pk, 50)
    assert second.measure.text.startswith("改造雨污混接点")
    assert [one.number for one in document.measures.all()] == ["1", "1-2", "2", "3", "4", "5", "6"]


def test_what_was_merged_taken_out_or_added_by_hand_is_so_again(plan: Plan, clerk: Actor) -> None:
    restructuring.merge(clerk, measure(plan, "漂浮物"), [measure(plan, "志愿者")], lock=0)
    restructuring.strike(clerk, measure(plan, "粪污"), lock=0, reason="不是本区任务")
    document = propose(clerk, plan, "chemical", "litter", "publicity", "outfalls", "farming", "pipes")
    outcome = versions.adopt(clerk, document)
    assert outcome["lost"] == []
    texts = [one.text[:6] for one in document.measures.all()]
    assert texts == ["1.推进化工", "2.清理河面", "4.排查入河", "6.新建污水"]
    assert "志愿者" in measure(plan, "漂浮物").text


def test_a_clause_added_by_hand_is_found_again(units: dict[str, Unit], clerk: Actor) -> None:
    tail = "各单位每季度报送进展，区水利局6月底前建成水位站3座。\n"
    plan = actions.receive(clerk, (text("outfalls", "pipes") + tail).encode(), "要点.txt")
    start = queries.document(plan).text.index("区水利局6月")
    made = restructuring.add(clerk, plan, start, start + 19)
    correct(clerk, made, Wanted(title="建水位站"), lock=0)
    document = versions.propose(clerk, plan, (text("pipes", "outfalls") + tail).encode(), "第二版.txt")
    outcome = versions.adopt(clerk, document)
    assert outcome["lost"] == []
    again = measure(plan, "水位站")
    assert (again.title, again.document_id, again.made_by is not None) == ("建水位站", document.pk, True)


def test_the_order_of_a_person_goes_on(plan: Plan, clerk: Actor) -> None:
    restructuring.move(clerk, measure(plan, "粪污"), measure(plan, "入河排污口"), lock=0)
    document = propose(clerk, plan, *[name for name in CLAUSES if name != "litter"])
    versions.adopt(clerk, document)
    assert [one.number for one in document.measures.all()] == ["1", "5", "2", "3", "4"]


def test_what_is_doubtful_waits_for_a_person(issued: Plan, clerk: Actor) -> None:
    other = "推进畜禽粪污资源化利用，规模养殖场设施配套率达到98%，散养户粪污由乡镇组织集中收集处理并建立台账。10月底前完成。（责任单位：区住建局）"
    document = propose(clerk, issued, "outfalls", "chemical", "pipes", "litter", "publicity", other)
    (match,) = document.matches.filter(doubtful=True)
    with pytest.raises(InputError, match="not confirmed"):
        versions.adopt(clerk, document, reason="调整")
    assert versions.confirm(clerk, document, [match]) == 1
    versions.adopt(clerk, document, reason="调整")
    assert Task.objects.get(measure=measure(issued, "粪污")).number == "6"


def test_a_person_says_that_a_clause_is_another_one(issued: Plan, clerk: Actor) -> None:
    task = Task.objects.get(measure=measure(issued, "志愿者"))
    document = propose(
        clerk,
        issued,
        "outfalls",
        "chemical",
        "pipes",
        "litter",
        "开展世界水日主题活动。6月底前完成。（责任单位：区住建局）",
        "farming",
    )
    assert (Kind.ADDED, [], ["5"]) in kinds(document)
    new = document.measures.get(number="5")
    versions.link(clerk, document, new, [measure(issued, "志愿者")])
    assert (Kind.CHANGED, ["5"], ["5"]) in kinds(document)
    versions.link(clerk, document, new, [])
    assert (Kind.ADDED, [], ["5"]) in kinds(document)
    assert any(kind is Kind.DROPPED and old == ["5"] for kind, old, _ in kinds(document))
    with pytest.raises(InputError, match="split and merged"):
        versions.link(clerk, document, new, [measure(issued, "志愿者"), measure(issued, "漂浮物")])
    versions.link(clerk, document, new, [measure(issued, "志愿者")])
    versions.adopt(clerk, document, reason="调整")
    task.refresh_from_db()
    assert (task.void, task.number, task.measure_id) == (False, "5", new.pk)


def test_a_correction_during_the_comparison_is_part_of_it(plan: Plan, clerk: Actor) -> None:
    document = propose(clerk, plan, *reversed(CLAUSES))
    restructuring.strike(clerk, measure(plan, "粪污"), lock=0, reason="不是本区任务")
    # Nothing of the old version answers to the clause any more: it comes in as a new one.
    assert [kind for kind, _, new in kinds(document) if new == ["1"]] == [Kind.ADDED]
    assert versions.adopt(clerk, document)["kinds"] == {"added": 1, "renumbered": 5}


def test_of_two_who_adopt_at_once_one_is_told(plan: Plan, clerk: Actor) -> None:
    document = propose(clerk, plan, *reversed(CLAUSES))
    stale = Document.objects.get(pk=document.pk)
    versions.adopt(clerk, document)
    with pytest.raises(InputError, match="decided already"):
        versions.adopt(people.actor(Role.CLERK), stale)
    assert plan.documents.filter(state=Standpoint.IN_FORCE).count() == 1


def test_an_earlier_version_is_corrected_no_more(plan: Plan, clerk: Actor) -> None:
    one = measure(plan, "化工")
    versions.adopt(clerk, propose(clerk, plan, *reversed(CLAUSES)))
    one = Measure.objects.select_related("document__plan").get(pk=one.pk)
    with pytest.raises(InputError, match="not in force"):
        correct(clerk, one, Wanted(title="甲"), lock=0)


def test_a_third_version_builds_on_the_second(issued: Plan, clerk: Actor) -> None:
    task = Task.objects.get(measure=measure(issued, "粪污"))
    versions.adopt(clerk, propose(clerk, issued, *reversed(CLAUSES)), reason="二审")
    correct(clerk, measure(issued, "粪污"), Wanted(title="粪污设施"), lock=0, reason="简称")
    document = versions.propose(clerk, issued, text("farming", "outfalls", "pipes").encode(), "三审.txt")
    versions.adopt(clerk, document, reason="三审")
    task.refresh_from_db()
    assert (task.title, task.number, task.void, task.measure.document_id) == ("粪污设施", "1", False, document.pk)
    assert [(one.number, one.state) for one in issued.documents.all()] == [
        (1, "replaced"),
        (2, "replaced"),
        (3, "in_force"),
    ]
    assert Task.objects.filter(plan=issued, void=False).count() == 3


@pytest.mark.parametrize("role", [Role.HANDLER, Role.UNIT_LEADER, Role.LEADER, Role.VERIFIER, Role.AUDIT_ADMIN])
def test_only_the_office_takes_in_and_adopts_versions(plan: Plan, clerk: Actor, role: Role) -> None:
    other = people.actor(role)
    with pytest.raises(Refused):
        propose(other, plan, "outfalls")
    document = propose(clerk, plan, "outfalls", "pipes")
    for act in (
        lambda: versions.confirm(other, document, document.matches.all()),
        lambda: versions.link(other, document, document.measures.all()[0], []),
        lambda: versions.put_aside(other, document, "不用"),
        lambda: versions.adopt(other, document),
    ):
        with pytest.raises(Refused):
            act()
    document.refresh_from_db()
    assert document.state == Standpoint.PROPOSED
    assert Duty.objects.filter(measure__document=document).exists()


def test_an_adoption_that_breaks_off_leaves_everything_as_it_was(issued: Plan, clerk: Actor) -> None:
    document = propose(clerk, issued, *reversed(CLAUSES))
    tasks = list(Task.objects.filter(plan=issued).values())
    targets = list(Target.every.order_by("pk").values())
    entries = Entry.objects.count()
    # Everything is done but the last step, as when the power goes.
    with (
        mock.patch("anlan.plan.versions.following.follow", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        versions.adopt(clerk, document, reason="调整")
    document.refresh_from_db()
    assert (document.state, queries.document(issued).number) == (Standpoint.PROPOSED, 1)
    assert list(Task.objects.filter(plan=issued).values()) == tasks
    assert list(Target.every.order_by("pk").values()) == targets
    assert Entry.objects.count() == entries
    versions.adopt(clerk, document, reason="调整")
    assert queries.document(issued).number == 2
