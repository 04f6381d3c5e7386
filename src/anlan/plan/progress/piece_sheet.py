"""The sheet of one unit in a round's workbook: its columns, as they are written and as they are read again."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from anlan.foundation.sheets.cells import Unfit, text_of
from anlan.foundation.sheets.spec import Column, Kind, SheetSpec, Value
from anlan.plan.progress.piece_code import parse
from anlan.plan.progress.piece_rows import MOST_FIGURES
from anlan.settings import Words

_LONGEST = 20_000
CODE = Words("编号", "Number")
NOTES = (
    Words(
        "灰色的列是系统填的，请不要改；白色的格由单位填写。一行是一项任务，不报的行空着即可。",
        "The grey columns are filled in by the system: leave them alone. White cells are yours. One row is one task; "
        "leave empty what you do not report.",
    ),
    Words(
        "要排序、移动或另加列，先撤销工作表保护（没有密码）；工作表可以改名，只发回一张也可以。不要新增任务行，要增加任务请联系长江办。",
        "To sort, or to move or add columns, unprotect the sheet (there is no password); sheets may be renamed, and "
        "sent back singly. Add no rows: ask the office for further tasks.",
    ),
    Words(
        "“完成进度”填 0 到 100 的整数；全部完成的填“完成日期”。“累计完成”填到目前为止的累计数，单位可在下拉框里选。",
        "Percent is a whole number from 0 to 100; give the day of completion once all is done. Totals are those "
        "reached so far; their unit can be chosen from the list.",
    ),
    Words(
        "主责单位填各栏；配合单位只填“进展情况”，一两句话即可。",
        "Whoever reports fills in every column; whoever contributes writes a line or two under Progress only.",
    ),
)


def _code(cell: object) -> Value:
    text = text_of(cell)  # type: ignore[arg-type]
    code = parse(text)
    if code is None:
        raise Unfit(
            Words(
                "不是下载时的编号；请从原表把这一格复制回来",
                "is not the number that the sheet was given out with; copy the cell back from the original",
            ),
            text,
        )
    return str(code)


def _percent(cell: object) -> Value:
    shown = text_of(cell)  # type: ignore[arg-type]
    text = "".join(unicodedata.normalize("NFKC", shown).split()).removesuffix("%")
    number = Decimal(text) if text.replace(".", "", 1).isdecimal() and text.isascii() else None
    if number is None or number != int(number) or not 0 <= number <= 100:
        raise Unfit(
            Words("不是 0 到 100 的整数；请只填数字，如 40", "is no whole number from 0 to 100; write one, like 40"),
            shown,
        )
    return int(number)


def _figure(cell: object) -> Value:
    """What was typed, as a text: a number without the noise of binary fractions. Whether it is one is seen later."""
    if isinstance(cell, float):
        text_of(cell)
        return format(Decimal(f"{cell:.15g}"), "f")
    text = text_of(cell)  # type: ignore[arg-type]
    if len(text) > 100:
        raise Unfit(Words(f"有 {len(text)} 个字；请只填数", f"has {len(text)} characters; write a number only"), text)
    return text


def figure_columns(n: int) -> tuple[Column, Column, Column]:
    """The n-th figure of a row, counted from 1: what is counted, its unit, the total reached."""
    return (
        Column(f"indicator{n}", Words(f"指标{n}", f"Indicator {n}"), stored=False, width=26),
        Column(f"unit{n}", Words(f"单位{n}", f"Unit {n}"), stored=False, longest=40, width=9),
        Column(
            f"figure{n}",
            Words(f"累计完成{n}", f"Total {n}"),
            reader=_figure,
            percents=True,
            width=12,
            help=Words("到目前为止的累计数", "the total reached so far"),
        ),
    )


def spec(code: str, title: Words) -> SheetSpec:
    """Every column that a sheet may have. What is only shown is never read."""
    columns = (
        Column(
            "code",
            CODE,
            required=True,
            stored=False,
            reader=_code,
            width=10,
            empty=Words(
                "是空的，这一行没有读；新增的行请删去，移动过的行请从原表把编号复制回来",
                "is empty, so the row was not read; delete rows that were added, or copy the number back from the "
                "original",
            ),
        ),
        Column("title", Words("任务", "Task"), required=True, stored=False, width=34, longest=_LONGEST),
        Column("owes", Words("应报", "Owed"), shown=True, stored=False, width=9),
        Column("due", Words("完成时限", "Due"), shown=True, stored=False, width=12),
        Column("before", Words("上次进度（%）", "Last percent"), shown=True, stored=False, width=9),
        Column("said", Words("上次进展", "Last progress"), shown=True, stored=False, width=26),
        Column(
            "percent",
            Words("完成进度（%）", "Percent done"),
            Kind.INT,
            reader=_percent,
            needed=True,
            percents=True,
            synonyms=("完成进度", "进度（%）", "进度"),
            help=Words("0 到 100 的整数", "a whole number from 0 to 100"),
            width=10,
        ),
        Column(
            "done_on",
            Words("完成日期", "Completed on"),
            Kind.DATE,
            needed=True,
            help=Words("全部完成才填", "only once all is done"),
            width=12,
        ),
        Column(
            "narrative",
            Words("进展情况", "Progress"),
            needed=True,
            synonyms=("配合情况",),
            longest=_LONGEST,
            help=Words("做了什么、做到哪一步，写数字和地点", "what was done and where, with figures"),
            width=44,
        ),
        Column("obstacles", Words("存在问题", "Obstacles"), needed=True, longest=_LONGEST, width=24),
        Column(
            "next_step",
            Words("下一步打算", "Next step"),
            needed=True,
            synonyms=("下一步安排", "下一步计划"),
            longest=_LONGEST,
            width=24,
        ),
        *(column for n in range(1, MOST_FIGURES + 1) for column in figure_columns(n)),
    )
    return SheetSpec(code, title, columns, ("code",), notes=NOTES, several=True)


# Columns that units fill in; the others are locked.
OPEN = frozenset({"percent", "done_on", "narrative", "obstacles", "next_step"})


def is_open(column: Column) -> bool:
    """Whether units fill the column in."""
    return column.key in OPEN or column.key.startswith(("unit", "figure"))


def place(column: Column) -> int:
    """Which figure of the row a column belongs to, counted from 1; 0 for none."""
    found = re.search(r"\d+$", column.key)
    return int(found[0]) if found else 0
