"""The workbook of a round goes out, is edited, and comes back in pieces."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import people
from tests.plan.progress import district as small
from tests.plan.progress import workbook
from tests.plan.progress.district import JULY, District
from tests.plan.progress.workbook import Table

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import Actor, actor_of, machine
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Entry
from anlan.foundation.sheets import staging
from anlan.foundation.sheets.models import ImportRun, RowState, RunState
from anlan.foundation.sheets.registry import Importable, importable
from anlan.foundation.sheets.staging import Dry
from anlan.plan.progress import actions
from anlan.plan.progress.models import Figure, Owed, Report, ReportState, Round
from anlan.plan.progress.piece_code import Stand
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

# The round of July is called when July is almost over.
IN_JULY = dt.date(2024, 7, 25)
HOME, OTHER = "区生态环境局", "区住建局"
PERCENT, SAID, TOTAL, UNIT, DAY = "完成进度（%）", "进展情况", "累计完成1", "单位1", "完成日期"


@pytest.fixture
def district() -> District:
    return small.in_order(small.build())


@pytest.fixture
def round_(district: District) -> Round:
    return small.called(district)


def sheet_of(round_: Round) -> Importable:
    return importable(f"round-{round_.pk}")


def given_out(actor: Actor, round_: Round, lang: str = "zh") -> bytes:
    book = sheet_of(round_).seen_by(actor).book
    assert book is not None
    return book(lang)


def filled(data: bytes, *rows: tuple[str, str, dict[str, Any]]) -> bytes:
    """Copy in which rows (sheet, task, values by title of column) are filled in, in place."""
    tables = workbook.tables(data)
    changes: dict[str, dict[str, Any]] = {}
    for sheet, task, values in rows:
        for title, value in values.items():
            changes.setdefault(sheet, {})[workbook.place(tables[sheet], title, task)] = value
    return workbook.edited(data, changes)


def looked(actor: Actor, round_: Round, data: bytes) -> Dry:
    return staging.examine(sheet_of(round_).seen_by(actor), data, "填报表.xlsx")


def taken(actor: Actor, round_: Round, data: bytes) -> Dry:
    return staging.take(actor, sheet_of(round_), data, "填报表.xlsx", reason="六月填报表")[0]


def said(dry: Dry, lang: str = "zh") -> list[str]:
    return [fault.speak(lang) for fault in dry.faults]


def counts(dry: Dry) -> tuple[int, int, int]:
    """Rows that change something, that change nothing, that are wrong."""
    changed = dry.count(RowState.CHANGED) + dry.count(RowState.NEW)
    return changed, dry.count(RowState.UNCHANGED), dry.count(RowState.ERROR)


def told(percent: int = 40, words: str = "已排查72个排污口。") -> dict[str, Any]:
    return {PERCENT: percent, SAID: words}


# What goes out


def test_one_sheet_a_unit_goes_out_with_locked_keys_and_drop_downs_from_a_hidden_sheet(
    district: District, round_: Round
) -> None:
    data = given_out(district.actor("clerk"), round_)
    tables = workbook.tables(data)
    assert list(tables) == [HOME, "区工信局", "区应急局", OTHER, "区城管局", "上渡镇", "下渡镇"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = archive.read("xl/workbook.xml").decode()
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'name="选项"' in book
    assert 'state="hidden"' in book
    assert "<sheetProtection" in sheet
    # Percent from a range of 0 to 100: typed out it had 394 characters, and 255 is the most.
    assert len(",".join(map(str, range(101)))) > 255
    assert re.search(r"<formula1>'选项'!\$([A-Z])\$1:\$\1\$101</formula1>", sheet)
    assert '"0,1,' not in sheet
    assert "灰色的列是系统填的" in str(tables[HOME][0][0])


def test_the_last_values_and_the_units_of_targets_go_out(district: District, round_: Round) -> None:
    target = district.target("3")
    values = small.told(30, "已建2公里。", figures={target.pk: "2公里"})
    report = actions.enter(district.actor("clerk"), district.owed("3", OTHER), values, "电话")
    actions.accept(district.actor("clerk"), report)
    july = small.called(district, JULY, IN_JULY)
    table = workbook.tables(given_out(district.actor("clerk"), july))[OTHER]
    row = dict(zip(map(str, table[1]), table[2], strict=False))
    assert (row["上次进度（%）"], row["上次进展"], row[UNIT]) == (30, "已建2公里。", "公里")
    # The round before shows what was reported in it.
    table = workbook.tables(given_out(district.actor("clerk"), round_))[OTHER]
    row = dict(zip(map(str, table[1]), table[2], strict=False))
    assert (row[PERCENT], row[SAID], row[TOTAL]) == (30, "已建2公里。", 2)


def test_the_english_workbook_says_nothing_chinese_but_what_the_plan_says(district: District, round_: Round) -> None:
    table = workbook.tables(given_out(district.actor("clerk"), round_, "en"))[OTHER]
    assert table[1][:3] == ["Number", "Task", "Owed"]
    row = dict(zip(map(str, table[1]), table[2], strict=False))
    assert row["Owed"] == "report"
    assert row["Indicator 1"] == "污水管网; target: 污水管网6.5公里"
    data = workbook.edited(
        given_out(district.actor("clerk"), round_, "en"),
        {OTHER: {workbook.place(table, "Percent done", "管网"): 120, workbook.place(table, "Progress", "管网"): "好"}},
    )
    assert said(looked(district.actor("clerk"), round_, data), "en") == [
        f"sheet “{OTHER}”, row 3, “Percent done” says “120”: is no whole number from 0 to 100; write one, like 40"
    ]


def test_what_goes_out_and_comes_back_untouched_changes_nothing(district: District, round_: Round) -> None:
    values = small.told(30, "第一段。\n第二段；  三个空格。", figures={district.target("3").pk: "2500 米"})
    actions.enter(district.actor("clerk"), district.owed("3", OTHER), values, "电话")
    dry = taken(district.actor("clerk"), round_, given_out(district.actor("clerk"), round_))
    assert counts(dry) == (0, 10, 0)
    assert not Entry.objects.filter(action="report.take").exists()


# Taken in


def test_the_office_takes_a_piece_as_reports_of_the_units_which_wait_to_be_accepted(
    district: District, round_: Round
) -> None:
    clerk = district.actor("clerk")
    data = filled(
        given_out(clerk, round_),
        (HOME, "排查", {**told(), TOTAL: 72, "存在问题": "人手不足"}),
        (OTHER, "管网", {**told(20, "已建1公里。"), TOTAL: 1300, UNIT: "米"}),
        ("区工信局", "排查", {SAID: "提供企业名单。"}),
    )
    dry = taken(clerk, round_, data)
    assert counts(dry) == (3, 7, 0)
    report = Report.objects.get(owed=district.owed("1"))
    assert (report.state, report.by_office, report.percent, report.obstacles) == ("approved", True, 40, "人手不足")
    assert report.remark == f"填报表.xlsx，工作表“{HOME}”第 3 行"
    figure = Figure.objects.get(report__owed=district.owed("3", OTHER))
    # 1300 m of a target in km: 1.3
    assert (figure.text, figure.value, figure.scale) == ("1300米", 13, 1)
    # It counts only once it is accepted, as everything that waits.
    assert district.owed("1").accepted is None
    actions.accept(clerk, report)
    owed = Owed.objects.select_related("part").get(pk=report.owed_id)
    assert (owed.accepted_id, owed.part.percent) == (report.pk, 40)


def test_the_same_file_twice_changes_nothing_and_writes_nothing(district: District, round_: Round) -> None:
    clerk = district.actor("clerk")
    data = filled(given_out(clerk, round_), (HOME, "排查", {**told(), TOTAL: 72}))
    assert counts(taken(clerk, round_, data)) == (1, 9, 0)
    entries = Entry.objects.count()
    assert counts(taken(clerk, round_, data)) == (0, 10, 0)
    assert Entry.objects.count() == entries
    # Also after it was accepted.
    actions.accept(clerk, Report.objects.get(owed=district.owed("1")))
    assert counts(taken(clerk, round_, data)) == (0, 10, 0)
    assert Report.objects.filter(owed=district.owed("1")).count() == 1


def test_the_journal_tells_file_rows_and_what_was_left_out(district: District, round_: Round) -> None:
    clerk = district.actor("clerk")
    data = filled(given_out(clerk, round_), (HOME, "排查", told()), (OTHER, "管网", told(120)))
    taken(clerk, round_, data)
    after: dict[str, Any] = json.loads(Entry.objects.get(action="report.take").details)["after"]
    assert (after["file"], after["changed"], after["left_out"], after["entered"]) == ("填报表.xlsx", 1, 1, 1)
    row = after["rows"][0]
    assert (row["sheet"], row["row"], row["before"]["percent"], row["after"]["percent"]) == (HOME, 3, None, 40)


def test_rows_that_are_wrong_are_told_in_the_words_of_the_sheet_and_lose_no_good_one(
    district: District, round_: Round
) -> None:
    clerk = district.actor("clerk")
    given = given_out(clerk, round_)
    data = filled(
        given,
        (HOME, "排查", told()),
        (OTHER, "管网", {**told(120), DAY: "尽快", TOTAL: "约6公里"}),
        ("区工信局", "化工", {PERCENT: 30}),
        ("区工信局", "排查", {PERCENT: 10, SAID: "提供名单"}),
    )
    dry = taken(clerk, round_, data)
    assert counts(dry) == (1, 6, 3)
    assert said(dry) == [
        "工作表“区工信局”第 3 行“完成进度（%）”写的是“10”，配合单位只填“进展情况”；请清空这一格",
        "工作表“区工信局”第 4 行“进展情况”：“进展情况”没有填写",
        f"工作表“{OTHER}”第 3 行“完成进度（%）”写的是“120”，不是 0 到 100 的整数；请只填数字，如 40",
        f"工作表“{OTHER}”第 3 行“完成日期”写的是“尽快”，不是日期；请写成 2022-05-06",
    ]
    assert Report.objects.get().owed == district.owed("1")
    # Mended and taken in once more, only what was left out is written.
    data = filled(
        data,
        (OTHER, "管网", {PERCENT: 20, DAY: None}),
        ("区工信局", "化工", {SAID: "已整治3家。"}),
        ("区工信局", "排查", {PERCENT: None}),
    )
    dry = taken(clerk, round_, data)
    assert counts(dry) == (2, 7, 1)
    assert said(dry) == [
        f"工作表“{OTHER}”第 3 行“累计完成1”写的是“约6公里”，“约6公里”不是确数：请填实际完成的数，不带“约”“以上”“至”等字"
    ]
    assert Report.objects.count() == 3


# Copies that are old


def test_an_older_copy_does_not_replace_a_newer_report_and_says_who_changed_it_and_what(
    district: District, round_: Round
) -> None:
    clerk = district.actor("clerk")
    old = filled(given_out(clerk, round_), (OTHER, "管网", {**told(50, "旧表上写的。")}))
    report = actions.enter(district.actor("clerk"), district.owed("3", OTHER), small.told(60, "电话里说的。"), "电话")
    dry = taken(clerk, round_, old)
    assert counts(dry) == (0, 9, 1)
    first, *rest = said(dry)
    assert first.startswith(f"工作表“{OTHER}”第 3 行：这是旧表，测试clerk（clerk）在 ")
    assert first.endswith("改过这份报告，没有覆盖它；请下载新表，把还要改的填进去")
    assert rest == [
        f"工作表“{OTHER}”第 3 行“完成进度（%）”写的是“50”，系统里现在是“60”",
        f"工作表“{OTHER}”第 3 行“进展情况”写的是“旧表上写的。”，系统里现在是“电话里说的。”",
    ]
    report.refresh_from_db()
    assert (report.percent, report.narrative) == (60, "电话里说的。")


def test_a_copy_made_before_a_newer_revision_is_old_though_both_were_saved_as_often(
    district: District, round_: Round
) -> None:
    clerk, owed = district.actor("clerk"), district.owed("3", OTHER)
    actions.accept(clerk, actions.enter(clerk, owed, small.told(30), "电话"))
    old = filled(given_out(clerk, round_), (OTHER, "管网", told(50)))
    second = actions.enter(clerk, owed, small.told(35), "更正")
    actions.accept(clerk, second)
    assert [one.lock for one in Report.objects.filter(owed=owed)] == [1, 1]
    assert counts(taken(clerk, round_, old)) == (0, 9, 1)
    # On a new copy it is taken, as the third revision.
    new = filled(given_out(clerk, round_), (OTHER, "管网", told(50)))
    assert counts(taken(clerk, round_, new)) == (1, 9, 0)
    assert Report.objects.filter(owed=owed).latest("revision").revision == 3


def test_an_old_copy_that_says_what_the_report_says_asks_for_nothing(district: District, round_: Round) -> None:
    clerk = district.actor("clerk")
    target = district.target("3")
    old = filled(given_out(clerk, round_), (OTHER, "管网", {**told(50, "已建 2 公里。"), TOTAL: 2000, UNIT: "米"}))
    values = small.told(50, "已建2公里。", figures={target.pk: "2公里"})
    actions.enter(clerk, district.owed("3", OTHER), values, "电话")
    assert counts(taken(clerk, round_, old)) == (0, 10, 0)


def test_rows_nobody_filled_in_are_left_alone_also_in_an_old_copy(district: District, round_: Round) -> None:
    clerk = district.actor("clerk")
    old = given_out(clerk, round_)
    actions.enter(clerk, district.owed("3", OTHER), small.told(60), "电话")
    # The copy is from before that report, and its row of 区住建局 is as it went out.
    dry = taken(clerk, round_, filled(old, (HOME, "排查", told())))
    assert counts(dry) == (1, 9, 0)
    assert Report.objects.get(owed=district.owed("3", OTHER)).percent == 60


def test_a_unit_s_draft_is_not_replaced_unseen_and_not_shown(district: District, round_: Round) -> None:
    clerk = district.actor("clerk")
    old = filled(given_out(clerk, round_), (HOME, "排查", told()))
    actions.save_draft(district.actor("handler"), district.owed("1"), small.told(77, "还没报的草稿"), None)
    dry = taken(clerk, round_, old)
    assert counts(dry) == (0, 9, 1)
    assert len(said(dry)) == 1
    assert "还没有报到长江办，内容不显示" in said(dry)[0]
    assert "还没报的草稿" not in "".join(said(dry))
    # A workbook made since holds nothing of the draft either; filled in, it replaces the draft knowingly.
    new = given_out(clerk, round_)
    assert "还没报的草稿" not in str(workbook.tables(new))
    assert counts(taken(clerk, round_, filled(new, (HOME, "排查", told())))) == (1, 9, 0)
    assert "还没报的草稿" not in str(workbook.tables(given_out(machine("console"), round_)))


def test_what_the_office_entered_is_replaced_until_it_is_accepted_and_what_a_unit_handed_in_is_not(
    district: District, round_: Round
) -> None:
    clerk = district.actor("clerk")
    taken(clerk, round_, filled(given_out(clerk, round_), (OTHER, "管网", told(20))))
    dry = taken(clerk, round_, filled(given_out(clerk, round_), (OTHER, "管网", told(25))))
    assert counts(dry) == (1, 9, 0)
    report = Report.objects.get(owed=district.owed("3", OTHER))
    assert (report.percent, report.state, report.revision) == (25, "approved", 1)
    mine = actions.save_draft(district.actor("handler"), district.owed("1"), small.told(), None)
    actions.submit(district.actor("handler"), mine)
    actions.approve(district.actor("leader"), mine)
    dry = taken(clerk, round_, filled(given_out(clerk, round_), (HOME, "排查", told(45))))
    assert said(dry) == [
        f"工作表“{HOME}”第 3 行：单位已报送，等长江办采纳；要改请先退回这份报告，再导入",
    ]


def test_entering_compares_where_the_report_stands_inside_the_transaction(district: District, round_: Round) -> None:
    clerk, owed = district.actor("clerk"), district.owed("3", OTHER)
    first = actions.enter(clerk, owed, small.told(30), "电话")
    actions.accept(clerk, first)
    stand = Stand(1, first.lock)
    actions.accept(clerk, actions.enter(clerk, owed, small.told(35), "来函"))
    with pytest.raises(actions.CollisionError):
        actions.enter(clerk, owed, small.told(99), "旧表", stand=stand)
    assert Report.objects.filter(owed=owed).latest("revision").percent == 35
    # Without the guard the old copy would have become a third revision.
    assert actions.enter(clerk, owed, small.told(99), "旧表").revision == 3


# As it comes back from WPS


def _rows(table: Table) -> Table:
    return [row + [None] * (len(table[1]) - len(row)) for row in table[2:]]


def test_a_file_as_wps_writes_it_anew_is_read(district: District, round_: Round) -> None:
    clerk = district.actor("clerk")
    tables = workbook.tables(given_out(clerk, round_))
    table = [list(row) for row in tables["区工信局"]]
    head, rows = table[1], _rows(table)
    for row in rows:
        row[workbook.column(table, SAID)] = "已办。"
    rows[1][workbook.column(table, PERCENT)] = "３０％"
    # Sorted the other way round, the first two columns moved to the end, one of their own in front, a row inserted.
    rows = [[*row[2:], *row[:2]] for row in reversed(rows)]
    head = [*head[2:], "编 号\n", " 任务 *"]
    mine = [["本局序号", *head], ["1", *rows[0]], [None] * 3 + [""], ["2", *rows[1]]]
    data = workbook.rewritten({"工信局（改）": [["说明"], [None], *mine], "草稿纸": [["随手记"]]})
    dry = taken(clerk, round_, data)
    assert said(dry) == []
    assert counts(dry) == (2, 0, 0)
    assert [words.zh for words in dry.checked.notices] == [
        "这些工作表没有找到表头，没有读：草稿纸",
        "工作表“工信局（改）”：这些列不认识，不导入：本局序号",
    ]
    assert Report.objects.get(owed=district.owed("2", "区工信局")).percent == 30
    assert Report.objects.get(owed=district.owed("1", "区工信局")).narrative == "已办。"


def test_a_percentage_is_read_as_it_shows(district: District, round_: Round) -> None:
    clerk = district.actor("clerk")
    data = filled(given_out(clerk, round_), (HOME, "排查", {PERCENT: 0.4, SAID: "好。"}))
    assert "写的是“0.4”" in said(looked(clerk, round_, data))[0]
    # Typed as 40% into a cell, Excel keeps 0.4 and formats the cell as 0%.
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as archive:
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/styles.xml":
                text = text.replace(b'numFmtId="1"', b'numFmtId="9"')
            archive.writestr(name, text)
    assert counts(taken(clerk, round_, out.getvalue())) == (1, 9, 0)
    assert Report.objects.get().percent == 40


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({PERCENT: "=20+20", SAID: "好。"}, "“完成进度（%）”写的是“1”，是公式；请复制后“选择性粘贴—数值”，再导入"),
        ({PERCENT: 100, SAID: "好。", DAY: "1899-12-30"}, "“完成日期”：完成日期 1899-12-30 早于任务下达日期 2024-03-01"),
        ({PERCENT: 100, SAID: "好。", DAY: 0}, "“完成日期”写的是“00:00:00”，不是日期；请写成 2022-05-06"),
        ({PERCENT: 50, SAID: "好。", DAY: "2024-06-20"}, "“完成日期”写的是“2024-06-20”，填了完成日期，进度应为 100；没有完成的请不要填完成日期"),
        ({PERCENT: 50, SAID: "好。", "编号": "R1-0-0-AAAA"}, "“编号”写的是“R1-0-0-AAAA”，不是下载时的编号；请从原表把这一格复制回来"),
        ({PERCENT: 50, SAID: "好。", "编号": None}, "“编号”：是空的，这一行没有读；新增的行请删去，移动过的行请从原表把编号复制回来"),
        ({PERCENT: 50, SAID: "好。", "任务": "3 新建污水管网"}, "“任务”写的是“3 新建污水管网”，与编号不是同一项任务，系统里是“1 排查入河排污口”；可能只排序了部分列，请从原表重新填"),
        ({PERCENT: 50, SAID: "好。", "指标1": "别的", TOTAL: 5}, "“指标1”写的是“别的”，不是这项任务的第 1 个指标，系统里是“排查入河排污口；目标：排查入河排污口120个以上”；请下载新表，照原来的指标填"),
        ({PERCENT: 50, SAID: "好。", TOTAL: "5公里"}, "“累计完成1”写的是“5公里”，“5公里”的单位“公里”换算不成“个”：请按“个”填写"),
    ],
)  # fmt: skip
def test_what_no_cell_should_hold_is_told_with_its_cell(
    district: District, round_: Round, values: dict[str, Any], wrong: str
) -> None:
    clerk = district.actor("clerk")
    data = filled(given_out(clerk, round_), (HOME, "排查", values), (OTHER, "管网", told(10)))
    dry = taken(clerk, round_, data)
    assert said(dry) == [f"工作表“{HOME}”第 3 行{wrong}"]
    # The row below is taken all the same.
    assert [one.owed for one in Report.objects.all()] == [district.owed("3", OTHER)]


def test_merged_cells_are_told_and_a_sheet_without_its_columns_takes_nothing_from_the_others(
    district: District, round_: Round
) -> None:
    clerk = district.actor("clerk")
    tables = workbook.tables(given_out(clerk, round_))
    towns = [*tables["上渡镇"][:2], *_rows(tables["上渡镇"])]
    at = workbook.column(towns, SAID)
    for row in towns[2:]:
        row[at] = "每周巡河。"
    towns[3][workbook.column(towns, PERCENT)] = 50
    broken = [row[: workbook.column(tables[HOME], PERCENT)] for row in tables[HOME]]
    letter = workbook.place(towns, SAID, "管护")[0]
    data = workbook.rewritten({"上渡镇": towns, HOME: broken}, {"上渡镇": [f"{letter}3:{letter}4"]})
    dry = taken(clerk, round_, data)
    assert counts(dry) == (1, 0, 1)
    assert said(dry) == [
        f"工作表“{HOME}”：缺少必需的列：完成进度（%）、完成日期、进展情况、存在问题、下一步打算。请补上，或下载模板填写",
        "工作表“上渡镇”第 4 行“进展情况”写的是“每周巡河。”，是合并单元格的一部分；请取消合并，逐行填写",
    ]


def test_a_sheet_copied_for_safety_does_no_harm_and_two_answers_to_one_task_are_both_refused(
    district: District, round_: Round
) -> None:
    clerk = district.actor("clerk")
    data = filled(given_out(clerk, round_), (HOME, "排查", told()))
    mine = workbook.tables(data)[HOME]
    untouched = workbook.tables(given_out(clerk, round_))[HOME]
    dry = looked(clerk, round_, workbook.rewritten({HOME: mine, "备份": untouched, "又一份": mine}))
    assert counts(dry) == (1, 2, 0)
    other = workbook.copied({"x": mine})["x"]
    other[2][workbook.column(other, PERCENT)] = 41
    dry = looked(clerk, round_, workbook.rewritten({HOME: mine, "又一份": other}))
    assert counts(dry) == (0, 0, 2)
    assert said(dry) == [
        f"工作表“{HOME}”第 3 行：与工作表“又一份”第 3 行是同一条；请只留一行",
        f"工作表“又一份”第 3 行：与工作表“{HOME}”第 3 行是同一条；请只留一行",
    ]


def test_a_row_of_another_round_is_told_where_it_belongs(district: District, round_: Round) -> None:
    clerk = district.actor("clerk")
    june = filled(given_out(clerk, round_), (HOME, "排查", told()))
    july = small.called(district, JULY, IN_JULY)
    dry = taken(clerk, july, june)
    # Rows nobody filled in say nothing, whatever round they are of.
    assert counts(dry) == (0, 9, 1)
    assert said(dry) == [f"工作表“{HOME}”第 3 行：属于另一期（2024年6月）；请在那一期的页面导入"]


# Units with their own piece, and people of other units


def test_a_unit_downloads_and_hands_in_its_own_sheet_only(district: District, round_: Round) -> None:
    handler = district.actor("handler")
    given = given_out(handler, round_)
    assert list(workbook.tables(given)) == [HOME]
    dry = taken(handler, round_, filled(given, (HOME, "排查", {**told(), TOTAL: 72})))
    assert counts(dry) == (1, 0, 0)
    report = Report.objects.get()
    assert (report.state, report.by_office, report.submitted_by_id) == ("submitted", False, handler.account_id)
    # The remark is the office's: where the file came from, the journal says.
    assert report.remark == ""
    actions.approve(district.actor("leader"), report)
    assert counts(taken(handler, round_, filled(given, (HOME, "排查", {**told(), TOTAL: 72})))) == (0, 1, 0)
    dry = taken(handler, round_, filled(given_out(handler, round_), (HOME, "排查", told(50))))
    assert said(dry) == [f"工作表“{HOME}”第 3 行：已报到长江办；要改请联系长江办退回，再导入"]


def test_a_unit_s_own_draft_goes_out_and_a_correction_becomes_a_new_revision(district: District, round_: Round) -> None:
    handler = district.actor("handler")
    actions.save_draft(handler, district.owed("1"), small.told(10, "草稿。"), None)
    given = given_out(handler, round_)
    row = workbook.tables(given)[HOME][2]
    assert "草稿。" in row
    assert counts(taken(handler, round_, filled(given, (HOME, "排查", told(15))))) == (1, 0, 0)
    report = Report.objects.get()
    actions.approve(district.actor("leader"), report)
    actions.accept(district.actor("clerk"), report)
    given = given_out(handler, round_)
    assert counts(taken(handler, round_, filled(given, (HOME, "排查", told(20))))) == (1, 0, 0)
    assert [(one.revision, one.percent, one.state) for one in Report.objects.order_by("revision")] == [
        (1, 15, "accepted"),
        (2, 20, "submitted"),
    ]


def test_a_sheet_from_before_a_report_was_returned_is_no_old_copy(district: District, round_: Round) -> None:
    handler = district.actor("handler")
    taken(handler, round_, filled(given_out(handler, round_), (HOME, "排查", told(15))))
    copy = given_out(handler, round_)
    report = Report.objects.get()
    actions.send_back(district.actor("leader"), report, "请写明剩余的安排")
    # Returning it counted as a save, but the report says what it said when the copy was made.
    assert Report.objects.get().lock == report.lock == 2
    assert counts(taken(handler, round_, filled(copy, (HOME, "排查", {"下一步打算": "九月完成。"})))) == (1, 0, 0)
    assert Report.objects.get().next_step == "九月完成。"


def test_somebody_of_another_unit_changes_nothing_of_ours(district: District, round_: Round) -> None:
    elsewhere = district.actor("elsewhere")
    data = filled(given_out(district.actor("clerk"), round_), (HOME, "排查", told()), (OTHER, "管网", told(10)))
    dry = taken(elsewhere, round_, data)
    # The row of the own unit is handed in, that of the other one refused; the rows nobody filled in say nothing.
    assert counts(dry) == (1, 8, 1)
    assert said(dry) == [
        f"工作表“{HOME}”第 3 行：不是你可以填报的行：只能导入本单位、本期的任务；请删去这一行，或交给该单位导入"
    ]
    assert [one.owed.unit.short_name for one in Report.objects.all()] == [OTHER]


@pytest.mark.parametrize("who", ["leader", "boss", "system", "security", "audit", "verifier", "stranger"])
def test_whoever_does_not_fill_in_reports_neither_takes_pieces_in_nor_gets_the_workbook(
    district: District, round_: Round, who: str
) -> None:
    actor = (
        actor_of(people.account(Role.HANDLER, at=people.unit("别的局"))) if who == "stranger" else district.actor(who)
    )
    data = filled(given_out(district.actor("clerk"), round_), (HOME, "排查", told()))
    attempts: Sequence[Callable[[], object]] = (
        lambda: taken(actor, round_, data),
        lambda: staging.stage(actor, sheet_of(round_), data, "x.xlsx"),
        lambda: given_out(actor, round_),
    )
    for attempt in attempts:
        with pytest.raises(Refused):
            attempt()
    assert not Report.objects.exists()


def test_a_cancelled_round_takes_nothing(district: District, round_: Round) -> None:
    from anlan.plan.progress import calling

    calling.cancel(district.actor("clerk"), round_, "启动错了")
    with pytest.raises(KeyError):
        sheet_of(round_)


# The dry run, kept and published


def test_what_moved_between_looking_and_writing_is_looked_at_again(district: District, round_: Round) -> None:
    clerk = district.actor("clerk")
    data = filled(
        given_out(clerk, round_), (HOME, "排查", told()), (OTHER, "管网", told(10)), ("区工信局", "化工", told(200))
    )
    sheet = sheet_of(round_)
    run = staging.stage(clerk, sheet, data, "填报表.xlsx")
    assert (run.changed, run.errors, run.is_publishable) == (2, 1, True)
    actions.save_draft(district.actor("handler"), district.owed("1"), small.told(), None)
    with pytest.raises(InputError, match="the data have changed since the preview"):
        staging.publish(clerk, sheet, run, reason="六月填报表")
    assert not Report.objects.filter(by_office=True).exists()
    run = ImportRun.objects.get(pk=run.pk)
    # The row that was wrong is still told, at its place, beside the one that is old by now.
    assert (run.changed, run.errors, run.is_publishable) == (1, 2, True)
    assert [(row.sheet, row.state) for row in run.rows.exclude(state=RowState.UNCHANGED)] == [
        (HOME, "error"),
        ("区工信局", "error"),
        (OTHER, "changed"),
    ]
    staging.publish(clerk, sheet, run, reason="六月填报表")
    assert run.state == RunState.PUBLISHED
    assert [one.owed.unit.short_name for one in Report.objects.filter(by_office=True)] == [OTHER]


# Merging in any order

_TASKS = [
    (HOME, "排查"),
    ("区工信局", "排查"),
    ("区工信局", "化工"),
    ("区应急局", "化工"),
    (OTHER, "管网"),
    ("区城管局", "清理"),
    ("上渡镇", "管护"),
    ("下渡镇", "管护"),
]
_LINES = {("区工信局", "排查")}


def _values(task: tuple[str, str], piece: int) -> dict[str, Any]:
    found: dict[str, Any] = {SAID: f"第{piece}份写的。"}
    return found if task in _LINES else {**found, PERCENT: 10 + piece}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    owners=st.lists(st.integers(-1, 3), min_size=len(_TASKS), max_size=len(_TASKS)),
    order=st.permutations(range(4)),
    whole=st.lists(st.booleans(), min_size=4, max_size=4),
    again=st.integers(0, 3),
)
def test_pieces_give_the_same_reports_in_whatever_order_and_however_often_they_come(
    district: District, round_: Round, owners: list[int], order: list[int], whole: list[bool], again: int
) -> None:
    """Each task is filled in in one of four pieces, or in none (-1). A piece is the whole workbook or its sheets only."""
    from django.db import transaction

    clerk = district.actor("clerk")
    with transaction.atomic():
        data = given_out(clerk, round_)
        pieces = []
        for n in range(4):
            mine = [task for task, owner in zip(_TASKS, owners, strict=True) if owner == n]
            piece = filled(data, *((*task, _values(task, n)) for task in mine))
            if not whole[n]:
                tables = workbook.tables(piece)
                piece = workbook.rewritten({name: tables[name] for name in {task[0] for task in mine} or {HOME}})
            pieces.append(piece)
        for n in [*order, order[again]]:
            dry = taken(clerk, round_, pieces[n])
            assert said(dry) == []
        found = {
            (one.owed.unit.short_name, one.owed.task.number): one.narrative
            for one in Report.objects.select_related("owed__task", "owed__unit")
        }
        wanted = {}
        for (unit, words), owner in zip(_TASKS, owners, strict=True):
            if owner >= 0:
                number = Owed.objects.get(round=round_, unit__short_name=unit, task__title__contains=words).task.number
                wanted[unit, number] = f"第{owner}份写的。"
        assert found == wanted
        assert not Report.objects.exclude(revision=1, lock=1).exists()
        transaction.set_rollback(True)


def test_of_two_pieces_that_differ_about_one_task_the_first_stays_and_the_second_is_told(
    district: District, round_: Round
) -> None:
    clerk = district.actor("clerk")
    given = given_out(clerk, round_)
    one = filled(given, (HOME, "排查", told(40)), (OTHER, "管网", told(10)))
    two = filled(given, (HOME, "排查", told(45)), ("区应急局", "化工", told(5)))
    taken(clerk, round_, one)
    dry = taken(clerk, round_, two)
    assert counts(dry) == (1, 8, 1)
    assert Report.objects.get(owed=district.owed("1")).percent == 40
    assert ReportState.APPROVED in {one.state for one in Report.objects.filter(owed__unit__short_name="区应急局")}


def test_a_workbook_of_three_hundred_rows_is_read_with_as_many_queries_as_one_of_ten(
    district: District, round_: Round, django_assert_max_num_queries: Any
) -> None:
    clerk = district.actor("clerk")
    data = given_out(clerk, round_)
    sheet = sheet_of(round_).seen_by(clerk)
    with django_assert_max_num_queries(10):
        staging.examine(sheet, data, "x.xlsx")
    with django_assert_max_num_queries(10):
        given_out(clerk, round_)


def test_the_account_that_takes_pieces_in_may_be_the_console(district: District, round_: Round) -> None:
    robot = machine("anlan progress take")
    data = filled(given_out(robot, round_), (HOME, "排查", told()))
    assert counts(taken(robot, round_, data)) == (1, 9, 0)
    assert Report.objects.get().changed_by_id is None
    assert Account.objects.filter(name="anlan progress take").count() == 0
