"""The library of basis documents: kept, collected, imported; clauses mapped to measures and going on with them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests import people
from tests.plan import small

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.search.index import search
from anlan.foundation.sheets.spec import Line
from anlan.plan import actions as plans
from anlan.plan import queries as plan_queries
from anlan.plan import versions
from anlan.plan.basis import actions, queries
from anlan.plan.basis.actions import Facts
from anlan.plan.basis.importable import BASES, apply
from anlan.plan.basis.models import Basis, BasisClause, Mapping, Validity
from anlan.plan.models import Measure, Plan
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

TEXT = """青溪区2024年水环境整治工作要点

1.按照《青江流域保护条例》，排查入河排污口120个以上。6月底前完成。（责任单位：区住建局）
2.落实《污水处理提质增效行动方案》（青政发〔2021〕8号），新建污水管网6.5公里。12月底前完成。（责任单位：区住建局）
3.清理河面漂浮物。依据《青江流域保护条例》。9月底前完成。（责任单位：区住建局）
"""
HIGHER = """青江市水环境整治实施方案

1.全面排查入河排污口，建立一口一档。（责任单位：各区）
2.加快补齐污水管网短板，新建改造污水管网。（责任单位：各区）
3.推进船舶码头岸电使用。（责任单位：各区）
"""
TODAY = dt.date(2024, 5, 1)


@pytest.fixture
def clerk() -> Actor:
    return people.actor(Role.CLERK)


@pytest.fixture
def plan(clerk: Actor) -> Plan:
    small.district()
    return plans.receive(clerk, TEXT.encode(), "要点.txt")


@pytest.fixture
def higher(clerk: Actor) -> Basis:
    made = actions.add(clerk, Facts("青江市水环境整治实施方案", "青市发〔2023〕1号", validity=Validity.IN_FORCE.value))
    assert actions.take_clauses(clerk, made, HIGHER.encode(), "方案.txt") == 3
    return made


def measure(plan: Plan, number: str) -> Measure:
    return plan_queries.document(plan).measures.select_related("document").get(number=number)


def clause(basis: Basis, number: str) -> BasisClause:
    return basis.clauses.get(number=number)


@pytest.fixture
def browser() -> Client:
    return people.client(people.account(Role.CLERK))


def test_a_document_says_whether_it_binds_on_a_day(clerk: Actor) -> None:
    trial = actions.add(
        clerk,
        Facts("《试行办法》", validity=Validity.TRIAL.value, since=dt.date(2022, 1, 1), until=dt.date(2024, 4, 30)),
    )
    assert trial.title == "试行办法"
    # The trial ended the day before.
    assert (str(trial.standing(dt.date(2024, 4, 30))), str(trial.standing(TODAY))) == ("试行", "试行期已满")
    gone = actions.add(clerk, Facts("旧条例", validity=Validity.REPEALED.value))
    assert (str(gone.standing(TODAY)), gone.standing(TODAY).tone) == ("已废止", "red")


def test_all_that_is_wrong_with_a_document_is_said_at_once(clerk: Actor) -> None:
    made = actions.add(clerk, Facts("条例"))
    with pytest.raises(InputError) as raised:
        actions.correct(
            clerk,
            made,
            Facts("", since=dt.date(2024, 1, 1), until=dt.date(2023, 1, 1), replaced_by=made),
            lock=0,
        )
    assert len(raised.value.problems) == 3
    with pytest.raises(InputError, match="in the library already"):
        actions.add(clerk, Facts("《条例》"))


def test_who_comes_second_overwrites_nothing(clerk: Actor) -> None:
    made = actions.add(clerk, Facts("条例"))
    actions.correct(clerk, made, Facts("条例", issuer="市人大"), lock=0)
    with pytest.raises(InputError, match="somebody changed"):
        actions.correct(clerk, made, Facts("条例", issuer="市政府"), lock=0)
    made.refresh_from_db()
    assert (made.issuer, made.lock) == ("市人大", 1)


def test_what_a_plan_refers_to_is_found_and_collected(plan: Plan, clerk: Actor) -> None:
    known = actions.add(clerk, Facts("青江流域保护条例", validity=Validity.REPEALED.value))
    rows = queries.references(plan)
    assert [(row.title, row.number, row.times, row.basis) for row in rows] == [
        ("青江流域保护条例", "", 2, known),
        ("污水处理提质增效行动方案", "青政发〔2021〕8号", 1, None),
    ]
    assert actions.collect(clerk, plan) == 1
    made = Basis.objects.get(number="青政发〔2021〕8号")
    assert made.validity == Validity.UNKNOWN
    assert actions.collect(clerk, plan) == 0
    assert [
        hit.title for group in search(clerk, "提质增效行动") for hit in group.hits if group.heading == "依据文件"
    ] == ["污水处理提质增效行动方案"]


def test_a_measure_shows_what_it_rests_on(plan: Plan, clerk: Actor, higher: Basis, browser: Client) -> None:
    actions.add(clerk, Facts("青江流域保护条例", validity=Validity.REPEALED.value))
    actions.map_clauses(clerk, higher, [(clause(higher, "1"), measure(plan, "1"))])
    referred, mapped = queries.of_measure(measure(plan, "1"))
    assert [row.title for row in referred] == ["青江流域保护条例"]
    assert [one.clause.number for one in mapped] == ["1"]
    page = browser.get(reverse("plan-measure", args=[plan.pk, measure(plan, "1").pk])).content.decode()
    assert "青江市水环境整治实施方案" in page
    assert "已废止" in page


def test_clauses_are_offered_the_measures_that_are_like_them(plan: Plan, higher: Basis) -> None:
    offered = {row.clause.number: [one.number for one, _ in row.offered] for row in queries.rows(higher, plan)}
    assert offered["1"][0] == "1"
    assert offered["2"][0] == "2"
    assert offered["3"] == []


def test_unmapped_clauses_are_listed_until_something_is_said_of_them(plan: Plan, clerk: Actor, higher: Basis) -> None:
    def open_() -> list[str]:
        return [row.clause.number for row in queries.rows(higher, None) if row.is_open]

    assert open_() == ["1", "2", "3"]
    actions.map_clauses(clerk, higher, [(clause(higher, "1"), measure(plan, "1"))])
    actions.exempt(clerk, clause(higher, "3"), "本区没有码头")
    assert open_() == ["2"]
    with pytest.raises(InputError, match="take these mappings back"):
        actions.exempt(clerk, clause(higher, "1"), "不需要")
    actions.unmap(clerk, Mapping.objects.get())
    actions.exempt(clerk, clause(higher, "3"), "")
    assert open_() == ["1", "2", "3"]


def test_clauses_taken_in_again_keep_their_mappings(plan: Plan, clerk: Actor, higher: Basis) -> None:
    actions.map_clauses(clerk, higher, [(clause(higher, "2"), measure(plan, "2"))])
    again = (
        HIGHER.replace("1.全面排查入河排污口，建立一口一档。（责任单位：各区）\n", "")
        .replace("2.加快", "1.加快")
        .replace("3.推进", "2.推进")
    )
    assert actions.take_clauses(clerk, higher, again.encode(), "修订.txt") == 2
    # Clause 2 is clause 1 now: it is known by its words, and keeps its measure.
    assert [one.measure.number for one in Mapping.objects.filter(clause=clause(higher, "1"))] == ["2"]
    with pytest.raises(InputError, match="no numbered clause"):
        actions.take_clauses(clerk, higher, "通知。".encode(), "通知.txt")


def test_mappings_go_on_with_the_clause_in_a_new_version(plan: Plan, clerk: Actor, higher: Basis) -> None:
    actions.map_clauses(clerk, higher, [(clause(higher, "1"), measure(plan, "1"))])
    lines = TEXT.splitlines()
    second = "\n".join([*lines[:2], lines[3].replace("2.", "1.", 1), lines[2].replace("1.", "2.", 1)]) + "\n"
    versions.adopt(clerk, versions.propose(clerk, plan, second.encode(), "二稿.txt"))
    (row,) = [row for row in queries.rows(higher, None) if row.mapped]
    assert [(one.measure.number, one.measure.document.number) for one in row.mapped] == [("2", 2)]


def test_a_measure_of_an_earlier_version_is_not_mapped(plan: Plan, clerk: Actor, higher: Basis) -> None:
    old = measure(plan, "1")
    versions.adopt(clerk, versions.propose(clerk, plan, TEXT.replace("120", "150").encode(), "二稿.txt"))
    old = Measure.objects.select_related("document").get(pk=old.pk)
    with pytest.raises(InputError, match="of no version in force"):
        actions.map_clauses(clerk, higher, [(clause(higher, "1"), old)])
    with pytest.raises(InputError, match="nothing is selected"):
        actions.map_clauses(clerk, higher, [])


def test_a_sheet_fills_the_library_and_again_changes_nothing(clerk: Actor) -> None:
    values = BASES.blank() | {"title": "条例", "level": "city", "validity": "trial", "until": "2025-12-31"}
    for _ in range(2):
        apply(clerk, [Line(2, dict(values))])
    made = Basis.objects.get()
    assert (made.level, made.validity, made.until) == ("city", "trial", dt.date(2025, 12, 31))


def test_the_pages_do_all_of_it(plan: Plan, browser: Client) -> None:
    plan_page = reverse("plan-basis", args=[plan.pk])
    assert "依据库里没有" in browser.get(plan_page).content.decode()
    assert "2 份文件收入依据库" in browser.post(plan_page, follow=True).content.decode()
    answer = browser.post(
        reverse("basis-new"), {"title": "青江市水环境整治实施方案", "level": "city", "validity": "in_force"}
    )
    made = Basis.objects.get(title="青江市水环境整治实施方案")
    assert answer.headers["Location"] == reverse("basis", args=[made.pk])
    assert browser.post(reverse("basis-new"), {"title": ""}).status_code == 422
    file = SimpleUploadedFile("方案.txt", HIGHER.encode())
    assert (
        "已收入 3 条条款"
        in browser.post(reverse("basis-clauses", args=[made.pk]), {"file": file}, follow=True).content.decode()
    )
    assert "两者取其一" in browser.post(reverse("basis-clauses", args=[made.pk]), follow=True).content.decode()
    one = clause(made, "1")
    send = reverse("basis-map", args=[made.pk])
    pair = f"{one.pk}-{measure(plan, '1').pk}"
    assert "已对应" in browser.post(send, {"do": "map", "pair": [pair, "x"]}, follow=True).content.decode()
    page = browser.get(reverse("basis", args=[made.pk]) + "?open=1").content.decode()
    assert page.count('<article class="compare-row') == 2
    third = clause(made, "3")
    browser.post(send, {"do": "exempt", "clause": third.pk, "reason": "本区没有码头"})
    assert "本区没有码头" in browser.get(reverse("basis", args=[made.pk])).content.decode()
    assert (
        "已取消对应"
        in browser.post(send, {"do": "unmap", "mapping": Mapping.objects.get().pk}, follow=True).content.decode()
    )
    assert "没有“x”这种处理" in browser.post(send, {"do": "x"}, follow=True).content.decode()
    edit = reverse("basis-edit", args=[made.pk])
    assert browser.get(edit).status_code == 200
    browser.post(
        edit, {"title": made.title, "number": "青市发〔2023〕1号", "level": "city", "validity": "repealed", "lock": 0}
    )
    listed = browser.get(reverse("bases") + "?validity=repealed").content.decode()
    assert "青市发〔2023〕1号" in listed


@pytest.mark.parametrize("role", [Role.HANDLER, Role.LEADER, Role.VERIFIER])
def test_others_read_the_library_and_change_nothing(plan: Plan, higher: Basis, role: Role) -> None:
    other = people.account(role)
    browser, actor = people.client(other), people.actor(role)
    assert browser.get(reverse("basis", args=[higher.pk])).status_code == 200
    for address in (reverse("basis-new"), reverse("basis-edit", args=[higher.pk])):
        assert browser.get(address).status_code == 403
    for act in (
        lambda: actions.add(actor, Facts("条例")),
        lambda: actions.correct(actor, higher, Facts("条例"), lock=0),
        lambda: actions.collect(actor, plan),
        lambda: actions.take_clauses(actor, higher, HIGHER.encode(), "方案.txt"),
        lambda: actions.map_clauses(actor, higher, [(clause(higher, "1"), measure(plan, "1"))]),
        lambda: actions.exempt(actor, clause(higher, "1"), "不需要"),
    ):
        with pytest.raises(Refused):
            act()
    assert not Mapping.objects.exists()
    assert people.client(people.account(Role.SYSTEM_ADMIN)).get(reverse("bases")).status_code == 403
