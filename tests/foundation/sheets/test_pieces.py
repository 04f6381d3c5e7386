"""Workbooks of several sheets, rows judged one by one, and what goes out and comes back untouched."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Sequence
from typing import Any

import pytest
import xlsxwriter
from tests import people
from tests.foundation.sheets.files import HEADER, SITES

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.sheets import staging
from anlan.foundation.sheets.checking import check
from anlan.foundation.sheets.models import ImportRun, RowState
from anlan.foundation.sheets.reading import read
from anlan.foundation.sheets.registry import Applied, Importable
from anlan.foundation.sheets.spec import Line, Value
from anlan.settings import InputError, Words

SEVERAL = dataclasses.replace(SITES, several=True)
PERCENTS = dataclasses.replace(
    SITES, columns=tuple(dataclasses.replace(c, percents=c.key == "name") for c in SITES.columns)
)


def book(sheets: dict[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = ()) -> bytes:
    out = io.BytesIO()
    work = xlsxwriter.Workbook(out, {"in_memory": True})
    percent = work.add_format({"num_format": "0%"})
    for name, rows in sheets.items():
        sheet = work.add_worksheet(name)
        if name in hidden:
            sheet.hide()
        for line, row in enumerate(rows):
            for at, value in enumerate(row):
                sheet.write(line, at, value, percent if isinstance(value, float) else None)
    work.close()
    return out.getvalue()


def row(code: str, name: str = "名", count: object = 1) -> list[Any]:
    return [code, name, count]


HEAD = HEADER[:3]


def test_every_sheet_that_fits_is_read_and_the_others_are_named() -> None:
    data = book(
        {"东": [HEAD, row("a")], "说明": [["怎样填写"]], "西": [["标题"], HEAD, row("b", count="多")], "旧": [HEAD]},
        hidden=["旧"],
    )
    found = check(SEVERAL, read(data, "x.xlsx"))
    assert [(line.sheet, line.number, line.values["code"]) for line in found.lines] == [("东", 2, "a"), ("西", 3, "b")]
    assert [one.zh for one in found.notices] == [
        "隐藏的工作表没有读：旧；要导入请先取消隐藏",
        "这些工作表没有找到表头，没有读：说明",
    ]
    assert [one.speak("zh") for line in found.lines for one in line.faults] == [
        "工作表“西”第 3 行“数量”写的是“多”，不是整数；请只填数字，不带单位"
    ]


def test_without_several_the_first_sheet_is_read_and_messages_name_none() -> None:
    data = book({"东": [HEAD, row("a", count="多")], "西": [HEAD, row("b")]})
    found = check(SITES, read(data, "x.xlsx"))
    assert [one.zh for one in found.notices] == ["只读了工作表“东”；同样的表还有：西，请分别导入"]
    assert found.lines[0].faults[0].speak("en") == (
        "row 2, “Count” says “多”: is no whole number; write digits only, without a unit"
    )


def test_a_sheet_with_a_column_twice_or_without_one_is_left_out_alone() -> None:
    data = book({"东": [[*HEAD, "点位编码"], row("a")], "西": [HEAD[1:], ["名", 1]], "北": [HEAD, row("c")]})
    found = check(SEVERAL, read(data, "x.xlsx"))
    assert [line.values["code"] for line in found.lines] == ["c"]
    assert [one.speak("zh") for one in found.faults] == [
        "工作表“东”：“编码”有两列（“点位编码”是第二列）；请只留一列",
        "工作表“西”：缺少必需的列：编码。请补上，或下载模板填写",
    ]


def test_a_cell_formatted_as_a_percentage_is_read_as_it_shows_where_the_column_says_so() -> None:
    data = book({"东": [HEAD, ["a", 0.07, 1], ["b", 0.125, 1], ["c", 1.0, 1]]})
    assert [line.values["name"] for line in check(PERCENTS, read(data, "x.xlsx")).lines] == ["7%", "12.5%", "100%"]
    assert [line.values["name"] for line in check(SITES, read(data, "x.xlsx")).lines] == ["0.07", "0.125", "1"]


class Store:
    """Rows in memory, imported row by row."""

    def __init__(self, **rows: str) -> None:
        self.rows: dict[str, dict[str, Value]] = {code: {"code": code, "name": name} for code, name in rows.items()}
        self.sheet = Importable(
            spec=SEVERAL,
            action="org.import",
            back="units",
            current=lambda: [dict(one) for one in self.rows.values()],
            apply=self.apply,
            label=lambda record: str(record.get("code")),
            partial=True,
            untouched=lambda line: line.values.get("name") == "原样",
            review=self.review,
        )

    def apply(self, _actor: Actor, lines: Sequence[Line]) -> Applied:
        for line in lines:
            self.rows[line.key] = line.full(SEVERAL)
        return Applied()

    def review(self, lines: Sequence[Line]) -> None:
        for line in lines:
            if line.values.get("name") == "不行":
                line.wrong(SEVERAL.column("name"), Words("请改正", "correct it"), "不行")


@pytest.fixture
def clerk() -> Actor:
    return people.actor(Role.CLERK)


def names(store: Store) -> dict[str, Value]:
    return {code: one["name"] for code, one in store.rows.items()}


def record(rows: Sequence[Sequence[Any]], **more: Sequence[Sequence[Any]]) -> bytes:
    return book({"东": [HEAD, *rows], **{name: [HEAD, *some] for name, some in more.items()}})


@pytest.mark.django_db(databases=["default", "scratch"])
def test_rows_that_are_wrong_do_not_hold_up_the_others_and_are_kept_told(clerk: Actor) -> None:
    store = Store(a="旧", b="旧")
    data = record([row("a", "新", None), row("b", "不行", None), row("c", "新", None)])
    run = staging.stage(clerk, store.sheet, data, "x.xlsx")
    assert (run.new, run.changed, run.errors, run.is_publishable) == (1, 1, 1, True)
    # Something moves meanwhile: the comparison is made anew, with what was wrong still at its place.
    store.rows["c"] = {"code": "c", "name": "别人加的"}
    with pytest.raises(InputError, match="the data have changed since the preview"):
        staging.publish(clerk, store.sheet, run, reason="试")
    run = ImportRun.objects.get(pk=run.pk)
    assert [(one.number, one.state) for one in run.rows.all()] == [(2, "changed"), (3, "error"), (4, "changed")]
    assert run.rows.get(number=3).faults[0][0] == "工作表“东”第 3 行“名称”写的是“不行”，请改正"
    staging.publish(clerk, store.sheet, run, reason="试")
    assert names(store) == {"a": "新", "b": "旧", "c": "新"}


@pytest.mark.django_db(databases=["default", "scratch"])
def test_a_row_that_is_untouched_is_left_alone_whatever_stands_there_now(clerk: Actor) -> None:
    store = Store(a="后来改的", b="旧")
    data = record([row("a", "原样", None), row("b", "新", None)], 备份=[row("a", "原样", None), row("b", "原样", None)])
    dry, _ = staging.take(clerk, store.sheet, data, "x.xlsx", reason="试")
    assert [dry.count(state) for state in (RowState.CHANGED, RowState.UNCHANGED, RowState.ERROR)] == [1, 3, 0]
    assert names(store) == {"a": "后来改的", "b": "新"}
    # An untouched row that names nothing we have is no new record either.
    dry, _ = staging.take(clerk, store.sheet, record([row("z", "原样", None)]), "x.xlsx", reason="试")
    assert "z" not in store.rows
    assert not dry.work


@pytest.mark.django_db(databases=["default", "scratch"])
def test_two_rows_of_one_key_are_both_refused_unless_they_say_the_same(clerk: Actor) -> None:
    store = Store(a="旧")
    dry, _ = staging.take(clerk, store.sheet, record([row("a", "甲"), row("a", "乙")]), "x.xlsx", reason="试")
    assert [one.speak("en") for one in dry.faults] == [
        "sheet “东”, row 2: is the same as row 3; keep one of them",
        "sheet “东”, row 3: is the same as row 2; keep one of them",
    ]
    dry, _ = staging.take(clerk, store.sheet, record([row("a", "甲")], 西=[row("a", "甲")]), "x.xlsx", reason="试")
    assert not dry.faults
    assert names(store) == {"a": "甲"}
