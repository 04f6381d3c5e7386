"""A register comes in from a sheet and goes out as one: a dry run first, everything wrong told at once, twice is once."""

from __future__ import annotations

import pytest
from tests.registers import sheets
from tests.registers import signs as small

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import machine
from anlan.foundation.journal.models import Entry
from anlan.foundation.sheets import staging, writing
from anlan.foundation.sheets.models import RunState
from anlan.foundation.sheets.registry import importable
from anlan.foundation.sheets.staging import examine
from anlan.registers import actions
from anlan.registers.book import get
from anlan.registers.models import Revision, Row
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])
CODE = "register-river_sign"


def test_a_sheet_is_taken_in_and_taking_it_in_again_changes_nothing() -> None:
    there = small.district()
    small.signs()
    data = sheets.book([sheets.row("CJ-01"), sheets.row("CJ-02", 高度=3, 状况="损坏")])
    run = staging.stage(there.clerk, importable(CODE), data, "公示牌.xlsx")
    assert (run.new, run.errors, run.faults) == (2, 0, [])
    assert not Row.objects.exists()
    staging.publish(there.clerk, importable(CODE), run, reason="首次导入")
    assert run.state == RunState.PUBLISHED
    rows = get("river_sign").rows.order_by("label")
    assert list(rows.values_list("label", "f_height", "f_per_metre", "f_condition")) == [
        ("CJ-01 昌江", 250, 5000, "good"),
        # 12.5 / 3 = 4.1666…
        ("CJ-02 昌江", 300, 4167, "damaged"),
    ]
    assert Revision.objects.get(row__key="cj-01").source == "sheet"
    entries = Entry.objects.filter(action="registers.import").count()
    again = staging.stage(there.clerk, importable(CODE), data, "公示牌.xlsx")
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    assert Entry.objects.filter(action="registers.import").count() == entries


def test_everything_wrong_in_a_sheet_is_told_at_once_in_its_own_words() -> None:
    there = small.district()
    small.signs()
    rows = [
        sheets.row("CJ-01", 高度="250 cm"),
        sheets.row("CJ-02", 高度=60),
        sheets.row("CJ-03", 所在乡镇="小渡镇"),
        sheets.row("CJ-04"),
        sheets.row("CJ-04"),
        sheets.row("CJ-06", 最近检查="1899-12-31"),
        sheets.row("CJ-07", 责任河段长="=A1+1"),
        sheets.row("CJ-08"),
        sheets.row("CJ-09"),
        sheets.row("CJ-10", 状况="还行", 责任单位="没有的局"),
        sheets.row("", 河流="南河"),
        # 300 > 2.5 * 100
        sheets.row("CJ-12", 责任河段长=300),
    ]
    data = sheets.book(rows, merge=(8, 1, 9, 1))
    run = staging.stage(there.clerk, importable(CODE), data, "公示牌.xlsx")
    told = [zh for row in run.rows.all() for zh, _en in row.faults]
    for part in (
        "第 2 行“高度（m）”写的是“250 cm”，单位是“cm”，这里要用“m”，换算后是 2.5",
        "第 3 行“高度（m）”写的是“60”，超出范围；应在 0.5 到 6 m 之间",
        "第 4 行“所在乡镇”写的是“小渡镇”，系统里没有",
        "第 6 行：与第 5 行是同一条",
        "第 7 行“最近检查”写的是“1899-12-31”，超出范围",
        "第 8 行“责任河段长（km）”写的是",
        "第 10 行“河流”",
        "第 11 行“状况”写的是“还行”，不在可选项中",
        "第 11 行“责任单位”写的是“没有的局”",
        "第 12 行“编号”：不能为空",
        "第 13 行：河段 300.0 km 太长",
    ):
        assert any(one.startswith(part) for one in told), (part, told)
    assert any("公式" in one for one in told)
    assert any("合并单元格" in one for one in told)
    assert not run.is_publishable
    with pytest.raises(InputError):
        staging.publish(there.clerk, importable(CODE), run, reason="硬来")
    assert not Row.objects.exists()


def test_a_handler_imports_rows_of_his_unit_only() -> None:
    there = small.district()
    small.signs()
    data = sheets.book([sheets.row("CJ-01"), sheets.row("CJ-02", 责任单位="下渡镇")])
    run = staging.stage(there.handler, importable(CODE), data, "a.xlsx")
    assert [zh for row in run.rows.all() for zh, _en in row.faults] == [
        "第 3 行：不在你可以填报的单位或区域；请删去这一行"
    ]
    with pytest.raises(Refused):
        staging.stage(there.leader, importable(CODE), data, "a.xlsx")


def test_an_import_corrects_rows_by_revisions_and_leaves_what_the_sheet_does_not_have() -> None:
    there = small.district()
    small.signs()
    row = small.sign(there.clerk)
    data = sheets.book(
        [["CJ-01", "昌江", "上渡镇", "上渡镇", 3.25]], head=["编号", "河流", "所在乡镇", "责任单位", "高度"]
    )
    _dry, _applied = staging.take(machine("test"), importable(CODE), data, "a.xlsx", reason="复测")
    row.refresh_from_db()
    assert row.revision == 2
    latest = row.revisions.latest("number")
    assert (latest.values["height"], latest.values["reach"], latest.reason) == ("3.25", "12.5", "复测")


def test_what_goes_out_comes_back_without_a_change() -> None:
    there = small.district()
    small.visits()
    small.sign(there.clerk, "CJ-01", height="2.55")
    small.sign(there.clerk, "CJ-02", height=None, condition=None, position=None, checked_on=None)
    actions.add(
        there.clerk, get("sign_visit"), {"sign": "CJ-01", "owner": "上渡镇", "period": "2022-01", "litter": "3.5"}
    )
    for code in (CODE, "register-sign_visit"):
        for lang in ("zh", "en"):
            sheet = importable(code).seen_by(there.clerk)
            data = writing.book(sheet.spec, sheet.current(), lang)
            dry = examine(importable(code).seen_by(there.clerk), data, "a.xlsx")
            assert dry.faults == [], code
            assert not dry.work, (code, [line.changed(sheet.spec) for line in dry.work])


def test_a_row_that_was_deleted_is_not_brought_back_by_a_sheet() -> None:
    there = small.district()
    small.signs()
    row = small.sign(there.clerk)
    actions.delete(there.clerk, row, reason="登记错了")
    run = staging.stage(there.clerk, importable(CODE), sheets.book([sheets.row("CJ-01")]), "a.xlsx")
    assert run.errors == 1


def test_who_was_quicker_between_comparison_and_publishing_is_not_written_over() -> None:
    there = small.district()
    small.signs()
    row = small.sign(there.clerk)
    run = staging.stage(there.clerk, importable(CODE), sheets.book([sheets.row("CJ-01", 高度=3)]), "a.xlsx")
    actions.correct(there.clerk, row, {"height": "4"}, reason="抢先更正")
    with pytest.raises(InputError, match="changed since the preview"):
        staging.publish(there.clerk, importable(CODE), run, reason="导入")
    row.refresh_from_db()
    assert row.revision == 2
