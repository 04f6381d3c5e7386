"""Past imports: what is kept of a file, who sees it, and the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests import people
from tests.foundation.sheets import files

from anlan.foundation.access import rules
from anlan.foundation.access.actor import Actor, actor_of, machine
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import AtUnit, Holds, Permission, may, visible
from anlan.foundation.sheets import registry as kinds
from anlan.foundation.sheets import staging
from anlan.foundation.sheets.models import Import, ImportRun, RunState
from anlan.foundation.sheets.registry import Applied, Importable
from anlan.foundation.sheets.spec import Column, Kind, Line, Record, SheetSpec
from anlan.foundation.vault.models import File
from anlan.settings import InputError, Words

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])
THERE: dict[str, dict[str, object]] = {}


def current() -> Iterable[Record]:
    return list(THERE.values())  # type: ignore[arg-type]


def apply(actor: Actor, lines: Sequence[Line]) -> Applied:
    THERE.update({str(line.values["code"]): dict(line.values) for line in lines})
    return Applied()


WELLS = Importable(
    spec=SheetSpec(
        code="wells",
        title=Words("水井", "Wells"),
        columns=(
            Column("code", Words("编号", "Code"), required=True),
            Column("name", Words("名称", "Name")),
            Column("depth", Words("深度", "Depth"), kind=Kind.INT),
        ),
        key=("code",),
    ),
    action="test.wells",
    back="units",
    current=current,
    apply=apply,
    label=lambda row: str(row["name"]),
)


@pytest.fixture(autouse=True)
def wells(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet that the office and the handlers of units import."""
    monkeypatch.setitem(kinds._KNOWN, "wells", WELLS)
    rule = Holds(Role.CLERK) | AtUnit("unit", Role.HANDLER)
    monkeypatch.setitem(rules.PERMISSIONS, "test.wells", Permission("test.wells", Words("导入", "import"), rule))
    THERE.clear()


def sheet(*rows: Sequence[object]) -> bytes:
    return files.xlsx([["编号", "名称", "深度"], *rows])


def handed_in(account: Account, *rows: Sequence[object], name: str = "井.xlsx") -> Import:
    run = staging.stage(actor_of(account), WELLS, sheet(*rows), name)
    return Import.objects.get(run=run.pk)


def page(account: Account, address: str) -> str:
    answer = people.client(account).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_file_that_was_examined_is_kept_with_its_report() -> None:
    office = people.account(Role.CLERK)
    THERE["a"] = {"code": "a", "name": "甲", "depth": 3}
    data = sheet(["a", "甲", 4], ["b", "乙", 5], ["c", "丙", "深"])
    run = staging.stage(actor_of(office), WELLS, data, "井.xlsx")
    kept = Import.objects.get()
    assert (kept.kind, kept.name, kept.account, kept.state) == ("wells", "井.xlsx", office, RunState.STAGED)
    assert (kept.new, kept.changed, kept.unchanged, kept.errors) == (1, 1, 0, 1)
    # Wrong rows come first: row 4, then 2 and 3.
    assert [row[1] for row in kept.report] == [4, 2, 3]
    assert kept.receipt is not None
    assert kept.receipt.file.sha256 == run.sha256
    # The file as it came, byte by byte.
    answer = people.client(office).get(reverse("file", args=[kept.receipt_id]))
    assert b"".join(answer.streaming_content) == data  # type: ignore[attr-defined]


def test_publishing_is_recorded_with_its_reason() -> None:
    office = people.account(Role.CLERK)
    actor = actor_of(office)
    run = staging.stage(actor, WELLS, sheet(["a", "甲", 4]), "井.xlsx")
    staging.publish(actor, WELLS, run, reason="年初核对")
    kept = Import.objects.get()
    assert (kept.state, kept.reason) == (RunState.PUBLISHED, "年初核对")
    assert kept.published_at is not None
    html = page(office, reverse("sheet", args=[kept.pk]))
    assert "年初核对" in html
    assert "甲" in html


def test_a_comparison_made_anew_is_the_one_that_is_kept() -> None:
    actor = people.actor(Role.CLERK)
    run = staging.stage(actor, WELLS, sheet(["a", "甲", 4]), "井.xlsx")
    THERE["a"] = {"code": "a", "name": "甲", "depth": 9}
    with pytest.raises(InputError):
        staging.publish(actor, WELLS, run, reason="")
    kept = Import.objects.get()
    assert (kept.new, kept.changed, kept.state) == (0, 1, RunState.STAGED)


def test_the_record_outlives_the_dry_run() -> None:
    office = people.account(Role.CLERK)
    kept = handed_in(office, ["a", "甲", "深"])
    address = reverse("sheet", args=[kept.pk])
    assert reverse("import-run", args=["wells", kept.run]) in page(office, address)
    ImportRun.objects.all().delete()
    html = page(office, address)
    assert "import/" in html
    assert reverse("import-run", args=["wells", kept.run]) not in html
    assert "深" in html


def test_what_the_console_takes_in_is_recorded_too() -> None:
    staging.take(machine("console"), WELLS, sheet(["a", "甲", 4]), "井.xlsx", reason="首次")
    kept = Import.objects.get()
    assert (kept.state, kept.new, kept.account, kept.reason) == (RunState.PUBLISHED, 1, None, "首次")


def test_a_file_that_is_no_sheet_by_its_name_is_examined_and_not_kept() -> None:
    actor = people.actor(Role.CLERK)
    run = staging.stage(actor, WELLS, sheet(["a", "甲", 4]), "井.dat")
    assert run.new == 1
    assert Import.objects.get().receipt is None


def test_the_same_file_twice_is_one_file_with_two_records() -> None:
    office = people.account(Role.CLERK)
    data = sheet(["a", "甲", 4])
    for _ in range(2):
        staging.stage(actor_of(office), WELLS, data, "井.xlsx")
    assert (Import.objects.count(), File.objects.count()) == (2, 1)


def test_a_unit_sees_its_own_and_the_office_all() -> None:
    here, there = people.unit("区水利局"), people.unit("区林业局")
    one, mate = people.account(Role.HANDLER, at=here), people.account(Role.HANDLER, at=here)
    other, office = people.account(Role.HANDLER, at=there), people.account(Role.CLERK)
    mine, theirs = handed_in(one, ["a", "甲", 1]), handed_in(other, ["b", "乙", 1])

    def seen(account: Account) -> set[int]:
        return set(visible(actor_of(account), "sheets.see", Import.objects.all()).values_list("pk", flat=True))

    assert seen(one) == seen(mate) == {mine.pk}
    assert seen(other) == {theirs.pk}
    assert seen(office) == {mine.pk, theirs.pk}
    assert may(actor_of(mate), "sheets.see", mine)
    assert not may(actor_of(mate), "sheets.see", theirs)
    browser = people.client(mate)
    assert browser.get(reverse("sheet", args=[theirs.pk])).status_code == 404
    assert browser.get(reverse("file", args=[theirs.receipt_id])).status_code == 403


def test_sheets_of_the_administrators_stay_with_them() -> None:
    admin, office = people.account(Role.SYSTEM_ADMIN), people.account(Role.CLERK)
    accounts = Import.objects.create(
        kind="accounts", action="org.accounts", actor_name="系统", name="账户.xlsx", size=1
    )
    wells = handed_in(office, ["a", "甲", 1])
    assert list(visible(actor_of(admin), "sheets.see", Import.objects.all())) == [accounts]
    assert list(visible(actor_of(office), "sheets.see", Import.objects.all())) == [wells]
    # Of a sheet that this version no longer has nobody sees what was imported.
    Import.objects.update(action="gone.import")
    assert not visible(actor_of(admin), "sheets.see", Import.objects.all()).exists()


@pytest.mark.parametrize("role", [Role.LEADER, Role.VERIFIER, Role.AUDIT_ADMIN])
def test_others_are_refused(role: Role) -> None:
    assert people.client(people.account(role)).get(reverse("sheets")).status_code == 403


def test_the_list_is_filtered_and_searched() -> None:
    office = people.account(Role.CLERK)
    handed_in(office, ["a", "甲", 1], name="一月.xlsx")
    wrong = handed_in(office, ["b", "乙", "深"], name="二月.xlsx")
    Import.objects.filter(pk=wrong.pk).update(at=timezone.now() - dt.timedelta(days=8))
    browser, address = people.client(office), reverse("sheets")

    def names(browser: Client, query: str) -> list[bool]:
        html = browser.get(address + query).content.decode()
        return ["一月.xlsx" in html, "二月.xlsx" in html]

    assert names(browser, "") == [True, True]
    assert names(browser, "?state=wrong") == [False, True]
    assert names(browser, "?days=7") == [True, False]
    assert names(browser, "?kind=wells") == [True, True]
    assert names(browser, "?q=二月") == [False, True]


def test_an_empty_list_says_what_would_be_here() -> None:
    assert "还没有导入过文件" in page(people.account(Role.CLERK), reverse("sheets"))


def test_of_a_long_report_the_first_rows_are_kept() -> None:
    office = people.account(Role.CLERK)
    kept = handed_in(office, *([f"k{number}", "井", number] for number in range(510)), ["bad", "井", "深"])
    assert kept.cut
    # The wrong one, though last in the file, and 499 others.
    assert (len(kept.report), kept.report[0][2]) == (500, "error")
    assert "前 500 行" in page(office, reverse("sheet", args=[kept.pk]))
