"""Units by sheet: dry run, publishing, a second time, what is wrong, a pack's file, the console."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import people
from tests.foundation.org.district import district

from anlan.cli import units as verb
from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import machine
from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.org import actions, queries, unit_writing
from anlan.foundation.org.importable import UNITS
from anlan.foundation.org.models import Group, Membership, Unit, UnitAlias
from anlan.foundation.search.models import Hit
from anlan.foundation.sheets import staging, writing
from anlan.foundation.sheets.models import ImportRow, ImportRun, RowState
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


def sheet(*rows: Sequence[str], head: str = "编码,简称,全称,类别,别名,误写,所属集合") -> bytes:
    return "\n".join([head, *(",".join(row) for row in rows)]).encode()


def run(data: bytes, role: Role = Role.CLERK) -> ImportRun:
    return staging.stage(people.actor(role), UNITS, data, "单位.csv")


def told(data: bytes) -> list[str]:
    found = run(data)
    return [text for zh, _ in found.faults for text in [zh]] + [
        zh for row in found.rows.order_by("number") for zh, _ in row.faults
    ]


def test_a_dry_run_says_what_would_change_and_writes_nothing() -> None:
    district()
    unit = Unit.objects.get(short_name="区水利局")
    found = run(
        sheet(
            (unit.code, "区水利局", "青溪区水利局", "区直", "", "", ""),
            ("lyj", "区林业局", "", "区直", "", "", ""),
        )
    )
    assert (found.new, found.changed, found.unchanged, found.errors) == (1, 1, 0, 0)
    changed = found.rows.get(state=RowState.CHANGED)
    assert changed.changes == [["全称", "Official name", "", "", "青溪区水利局", "青溪区水利局"]]
    assert Unit.objects.filter(short_name="区林业局").count() == 0
    assert not Entry.objects.filter(action="org.import").exists()


def test_publishing_writes_all_of_it_with_one_entry_in_the_journal() -> None:
    district()
    clerk = people.actor(Role.CLERK)
    data = sheet(
        ("lyj", "区林业局", "青溪区林业局", "区直", "青溪林业局", "区林业业局", ""),
        ("zdz", "中渡镇", "", "乡镇", "", "", "各乡（镇）街道"),
    )
    found = staging.stage(clerk, UNITS, data, "单位.csv")
    staging.publish(clerk, UNITS, found, reason="机构改革")
    assert queries.unit_by_name("区林业业局") == Unit.objects.get(code="lyj")
    assert Unit.objects.get(code="zdz") in queries.members(Group.objects.get(), dt.date(2021, 1, 1))
    entry = Entry.objects.get(action="org.import")
    after = json.loads(entry.details)["after"]
    assert (after["new"], after["changed"], after["sha256"]) == (2, 0, found.sha256)
    assert entry.reason == "机构改革"
    with pytest.raises(InputError, match="published already"):
        staging.publish(clerk, UNITS, found, reason="再来")


def test_running_it_twice_changes_nothing_and_journals_nothing() -> None:
    data = sheet(
        ("lyj", "区林业局", "", "区直", "甲林;乙林", "", ""), ("qz", "区直有关单位", "", "集合", "有关部门", "", "")
    )
    staging.take(machine("试"), UNITS, data, "a.csv")
    entries = Entry.objects.count()
    dry, _ = staging.take(machine("试"), UNITS, data, "a.csv")
    assert dry.count(RowState.UNCHANGED) == 2
    assert Entry.objects.count() == entries
    again = run(sheet(("", "区林业局", "", "区直", "乙林；甲林", "", "")))
    # Without code, known by its short name; the order of names does not matter.
    assert (again.unchanged, again.is_publishable) == (1, False)


def test_absence_from_the_file_closes_nothing() -> None:
    district()
    staging.take(machine("试"), UNITS, sheet(("lyj", "区林业局", "", "区直", "", "", "")), "a.csv")
    assert Unit.objects.filter(until__isnull=True).count() == 5
    assert Membership.objects.filter(until__isnull=True).count() == 2


def test_a_column_that_is_not_in_the_file_is_left_as_it_is() -> None:
    district()
    unit = Unit.objects.get(short_name="上渡镇")
    UnitAlias.objects.create(name="上渡", unit=unit)
    staging.take(machine("试"), UNITS, sheet((unit.code, "上渡镇", "乡镇", "改"), head="编码,简称,类别,备注"), "a.csv")
    unit.refresh_from_db()
    assert unit.note == "改"
    assert [alias.name for alias in unit.aliases.all()] == ["上渡"]
    assert unit.memberships.count() == 1


def test_all_errors_are_told_at_once_with_row_column_and_value() -> None:
    district()
    there = Unit.objects.get(short_name="区水利局")
    found = told(
        sheet(
            ("lyj", "区林业局", "", "部委", "", "", ""),
            ("lyj", "区林场", "", "区直", "", "", ""),
            ("x1", "区水利局", "", "区直", "", "", ""),
            ("x2", "区文旅局", "", "区直", "区水利局", "", "各村"),
            ("x3", "区旅游局", "区文旅局", "区直", "", "", ""),
            ("编号", "有关部门", "全称", "集合", "", "", ""),
        )
    )
    assert found == [
        "第 2 行“类别”写的是“部委”，不在可选项中；可填：区直部门、上级派出机构、乡镇街道、党委部门、司法机关、事业单位、群团组织、协调机构、企业、其他、集合",
        "第 3 行：与第 2 行是同一条；请只留一行",
        f"第 4 行“编码”写的是“x1”，“区水利局”的编码是 {there.code}；请改成它",
        "第 4 行“简称”：“区水利局”已是“区水利局”的名称，一个名称只能指一个单位或集合；请换一个，或先从那里去掉",
        "第 5 行“所属集合”写的是“各村”，没有这个集合；请先建集合，或改正名称",
        "第 5 行“别名”：“区水利局”已是“区水利局”的名称，一个名称只能指一个单位或集合；请换一个，或先从那里去掉",
        "第 6 行“全称”：“区文旅局”已是“区文旅局”的名称，一个名称只能指一个单位或集合；请换一个，或先从那里去掉",
        "第 7 行“编码”写的是“编号”，只能用字母、数字和 . _ -",
        "第 7 行“全称”写的是“全称”，集合没有这一项；请清空",
    ]


def test_a_name_may_move_from_one_unit_to_another_in_one_file() -> None:
    one, other = people.unit("区水利局"), people.unit("区工信局")
    UnitAlias.objects.create(name="河道处", unit=one)
    data = sheet((one.code, "区水利局", "", "区直", "", "", ""), (other.code, "区工信局", "", "区直", "河道处", "", ""))
    staging.take(machine("试"), UNITS, data, "a.csv")
    assert queries.unit_by_name("河道处") == other


def test_two_units_may_change_names_with_each_other_in_one_file() -> None:
    people.unit("区水利局")
    people.unit("区工信局")
    one, other = Unit.objects.get(short_name="区水利局"), Unit.objects.get(short_name="区工信局")
    staging.take(
        machine("试"),
        UNITS,
        sheet((one.code, "区工信局", "区直"), (other.code, "区水利局", "区直"), head="编码,简称,类别"),
        "a.csv",
    )
    assert [str(Unit.objects.get(pk=key)) for key in (one.pk, other.pk)] == ["区工信局", "区水利局"]


def _many(count: int, note: str) -> bytes:
    """So many units with an alias and a misprint each, every second in the group, and every tenth without a code."""
    rows = [
        ("" if n % 10 == 0 else f"m{n}", f"第{n}号单位", f"青溪区第{n}号单位", "乡镇", f"{n}号", f"弟{n}号",
         "各乡(镇)街道" if n % 2 else "", note)
        for n in range(count)
    ]  # fmt: skip
    return sheet(*rows, head="编码,简称,全称,类别,别名,误写,所属集合,备注")


def _statements(data: bytes) -> tuple[int, int]:
    """Number of statements of the publishing, and of those inside its transaction."""
    found = staging.stage(people.actor(Role.CLERK), UNITS, data, "单位.csv")
    clerk = people.actor(Role.CLERK)
    with CaptureQueriesContext(connection) as captured:
        staging.publish(clerk, UNITS, found, reason="机构改革")
    asked = [one["sql"] for one in captured]
    begun = next(n for n, sql in enumerate(asked) if sql.startswith("SAVEPOINT"))
    return len(asked), len(asked) - begun


def test_publishing_takes_as_many_statements_for_a_thousand_units_as_for_six_hundred() -> None:
    district()
    # More than go into the search index inside the transaction, 500.
    # Units, names, memberships and the entry of the journal; a savepoint and its end; what is looked at once more.
    # On PostgreSQL the lock of the tables comes on top.
    # After it, the record of the import says that it was published.
    inside = 4 + 2 + 3 + 1 + (connection.vendor == "postgresql")
    assert _statements(_many(600, "一"))[1] == inside
    # A thousand new ones, and nothing of the six hundred.
    everything, the_same = _statements(_many(1600, "一"))
    assert the_same == inside
    assert Unit.objects.filter(short_name__endswith="号单位").count() == 1600
    assert Unit.objects.filter(code__startswith="u").count() >= 160
    assert queries.unit_by_name("弟1599号") == Unit.objects.get(short_name="第1599号单位")
    assert queries.members(Group.objects.get(name="各乡(镇)街道"), dt.date(2021, 1, 1)).count() == 800 + 2
    # All of them corrected: one statement that writes rows, for whom there is nothing else to do.
    again, corrected = _statements(_many(1600, "二"))
    assert corrected == inside - 3
    # What is asked before the transaction is a matter of parts of a file, not of its rows.
    assert max(everything, again) < 60
    assert Unit.objects.filter(note="二").count() == 1600
    assert UnitAlias.objects.filter(unit__code__startswith="m").count() == 2 * 1440


def test_whoever_changes_a_unit_while_the_file_is_worked_out_keeps_it_from_being_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    district()
    clerk, unit = people.actor(Role.CLERK), Unit.objects.get(short_name="区水利局")
    work = unit_writing._Worker.run

    def meanwhile(worker: unit_writing._Worker) -> None:
        work(worker)
        actions.add_alias(clerk, unit, "水务局")

    monkeypatch.setattr(unit_writing._Worker, "run", meanwhile)
    with pytest.raises(InputError, match="changed units or groups since"):
        staging.take(clerk, UNITS, sheet(("x1", "区文旅局", "", "区直", "水务局", "", "")), "a.csv")
    assert not Unit.objects.filter(code="x1").exists()
    assert UnitAlias.objects.get(name="水务局").unit == unit


def test_many_units_are_found_once_they_are_in(django_capture_on_commit_callbacks: Any) -> None:
    district()
    with django_capture_on_commit_callbacks(execute=True):
        staging.take(machine("试"), UNITS, _many(501, "一"), "a.csv")
        assert not Hit.objects.filter(kind="unit").exists()  # others may write before these are in
    assert Hit.objects.filter(kind="unit").count() == 501
    assert "弟500号" in Hit.objects.get(kind="unit", title="第500号单位").tokens.replace(" ", "")


def test_nothing_is_written_where_one_row_is_wrong() -> None:
    data = sheet(("lyj", "区林业局", "", "区直", "", "", ""), ("x", "", "", "区直", "", "", ""))
    with pytest.raises(InputError):
        staging.take(machine("试"), UNITS, data, "a.csv")
    clerk = people.actor(Role.CLERK)
    found = staging.stage(clerk, UNITS, data, "a.csv")
    with pytest.raises(InputError, match="1 errors are left"):
        staging.publish(clerk, UNITS, found, reason="试")
    assert not Unit.objects.exists()


def test_what_changed_since_the_preview_is_compared_anew_before_anything_is_written() -> None:
    clerk = people.actor(Role.CLERK)
    found = staging.stage(clerk, UNITS, sheet(("lyj", "区林业局", "", "区直", "", "", "")), "a.csv")
    # Meanwhile somebody else makes the same unit, with another full name.
    Unit.objects.create(code="lyj", short_name="区林业局", official_name="青溪区林业局")
    with pytest.raises(InputError, match="changed since the preview"):
        staging.publish(clerk, UNITS, found, reason="试")
    assert Unit.objects.get().official_name == "青溪区林业局"
    found.refresh_from_db()
    assert (found.new, found.changed) == (0, 1)
    staging.publish(clerk, UNITS, found, reason="试")
    assert Unit.objects.get().official_name == ""


def test_groups_are_changed_by_the_clerk_only() -> None:
    district()
    admin = people.actor(Role.SYSTEM_ADMIN)
    found = staging.stage(admin, UNITS, sheet(("zdz", "中渡镇", "", "乡镇", "", "", "各乡(镇)街道")), "a.csv")
    with pytest.raises(InputError, match="row 2 changes groups"):
        staging.publish(admin, UNITS, found, reason="试")
    assert not Unit.objects.filter(code="zdz").exists()


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.HANDLER, Role.UNIT_LEADER, Role.LEADER])
def test_others_may_not_import_and_the_refusal_is_journalled(role: Role) -> None:
    with pytest.raises(Refused):
        run(sheet(("lyj", "区林业局", "", "区直", "", "", "")), role)
    assert Entry.objects.filter(action="org.import", outcome=Outcome.REFUSED).count() == 1
    assert not ImportRow.objects.exists()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_exported_comes_back_unchanged(lang: str) -> None:
    units = district()
    UnitAlias.objects.create(name="=上渡", unit=units["上渡镇"])
    UnitAlias.objects.create(name="上度镇", unit=units["上渡镇"], misprint=True)
    units["区水利局"].until = dt.date(2022, 12, 31)
    units["区水利局"].is_office = True
    units["区水利局"].save()
    found = staging.examine(UNITS, writing.book(UNITS.spec, UNITS.current(), lang), "a.xlsx")
    assert [fault.speak("zh") for fault in found.faults] == []
    assert found.count(RowState.UNCHANGED) == 5


def test_the_packs_register_is_such_a_sheet(root: Path) -> None:
    data = (root / "packs/changjiang/organs.csv").read_bytes()
    dry, _ = staging.take(machine("试"), UNITS, data, "organs.csv")
    # 29 rows, two of them groups.
    assert (Unit.objects.count(), Group.objects.count(), len(dry.lines)) == (27, 2, 29)
    assert queries.unit_by_name("区长江办领导小组办公室") == Unit.objects.get(code="cjb")
    assert Unit.objects.get(code="sthj").kind == "field_office"
    again, _ = staging.take(machine("试"), UNITS, data, "organs.csv")
    assert again.count(RowState.UNCHANGED) == 29


def console(*arguments: str, lang: str = "zh") -> int:
    parser = argparse.ArgumentParser()
    verb.add(parser.add_subparsers())
    args = parser.parse_args(["units", *arguments])
    args.lang = lang
    return verb.run(args)


def test_the_console_imports_exports_and_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "a.csv", tmp_path / "b.xlsx"
    source.write_bytes(sheet(("lyj", "区林业局", "", "区直", "", "", ""), ("qz", "有关部门", "", "集合", "", "", "")))
    assert console("import", str(source), "--dry-run") == 0
    assert "将新增 2，变更 0" in capsys.readouterr().out
    assert not Unit.objects.exists()
    assert console("import", str(source), "--sample", lang="en") == 0
    assert "2 added, 0 changed" in capsys.readouterr().out
    assert Unit.objects.get().sample
    assert Group.objects.get().sample
    assert Entry.objects.get(action="org.import").actor_name == "anlan units import"
    assert console("export", str(target)) == 0
    capsys.readouterr()
    assert console("import", str(target)) == 0
    assert "新增 0，变更 0；2 行无变化" in capsys.readouterr().out
    assert console("list") == 0
    assert "lyj\t区林业局\t区直部门\t" in capsys.readouterr().out
    assert console("list", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)[0]["short"] == "区林业局"


def test_the_console_tells_what_is_wrong_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "a.csv"
    source.write_bytes(sheet(("lyj", "", "", "区直", "", "", "")))
    assert console("import", str(source)) == 2
    assert "第 2 行“简称”：不能为空" in capsys.readouterr().err
    assert console("import", str(source), "--dry-run") == 2
    assert console("import", str(tmp_path / "none.csv")) == 2
    assert console("export", str(tmp_path / "a.csv")) == 2
