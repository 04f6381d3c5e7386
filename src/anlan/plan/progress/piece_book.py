"""The workbook of a round: a sheet for each unit, to be sent round, filled in, and taken in again in pieces.

Drop-downs take their entries from a hidden sheet: a list written into a cell's rule ends at 255 characters. What the
system fills in is locked, without a password: it keeps from slips, and the import trusts none of it anyway.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from django.utils import translation
from xlsxwriter.utility import xl_col_to_name

from anlan.foundation import quantities
from anlan.foundation.sheets.spec import Column, SheetSpec
from anlan.plan.models import Target
from anlan.plan.progress import piece_sheet
from anlan.plan.progress.models import Round
from anlan.plan.progress.piece_rows import PieceRow
from anlan.settings import Words

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_LISTS = Words("选项", "Choices")
_REPORT, _LINE = Words("报告", "report"), Words("一句话", "one line")
# What offices count in, where a target does: a figure may be given in any of them.
_UNITS = {
    "area": ("亩", "万亩", "公顷", "平方米", "平方公里"),
    "length": ("米", "公里"),
    "volume": ("立方米", "万立方米"),
    "mass": ("公斤", "吨", "万吨"),
    "money": ("元", "万元", "亿元"),
}
# Rows above the rows of tasks: the note and the header.
_NOTE, _HEAD, _FIRST = 0, 1, 2
_LONGEST_CELL = 32_000
_EXACT_DIGITS = 15


@dataclass(slots=True)
class _Lists:
    """The hidden sheet of drop-downs: a column for each list of entries."""

    sheet: Any
    name: str
    known: dict[tuple[object, ...], str] = field(default_factory=dict)

    def range(self, entries: Sequence[object]) -> str:
        """Range that holds these entries, written once."""
        key = tuple(entries)
        if key not in self.known:
            at = len(self.known)
            for line, entry in enumerate(entries):
                if isinstance(entry, int):
                    self.sheet.write_number(line, at, entry)
                else:
                    self.sheet.write_string(line, at, str(entry))
            letter = xl_col_to_name(at)
            self.known[key] = f"='{self.name}'!${letter}$1:${letter}${len(entries)}"
        return self.known[key]


def book(rows: Iterable[PieceRow], round_: Round, spec: SheetSpec, lang: str) -> bytes:
    """The workbook of these rows, which come unit by unit. What is excused does not go out."""
    out = io.BytesIO()
    work = xlsxwriter.Workbook(out, _OPTIONS)
    by_unit: dict[str, list[PieceRow]] = {}
    for row in rows:
        if not row.owed.excused:
            by_unit.setdefault(row.owed.unit.short_name, []).append(row)
    taken = {_LISTS.speak(lang).casefold()}
    sheets = [(work.add_worksheet(_name(unit, taken)), unit, some) for unit, some in by_unit.items()]
    if not sheets:
        # A workbook without a sheet opens nowhere.
        work.add_worksheet(_name(str(round_), taken)).write_string(
            0, 0, Words("这一期没有应报的事项。", "Nothing is owed in this round.").speak(lang)
        )
    hidden = work.add_worksheet(_LISTS.speak(lang))
    hidden.hide()
    writer = _Writer(work, _Lists(hidden, _LISTS.speak(lang)), spec, lang)
    for sheet, unit, some in sheets:
        writer.write(sheet, unit, round_, some)
    work.set_properties({"title": str(round_), "subject": str(round_.plan)})
    work.close()
    return out.getvalue()


def _name(text: str, taken: set[str]) -> str:
    """Name of a sheet: what Excel allows, and no other has."""
    base = re.sub(r"[\[\]:*?/\\']", " ", text).strip()[:31] or "-"
    name, n = base, 2
    while name.casefold() in taken:
        name, n = f"{base[:26]} ({n})", n + 1
    taken.add(name.casefold())
    return name


class _Writer:
    """Writes the sheets of one workbook, with its formats."""

    def __init__(self, work: Any, lists: _Lists, spec: SheetSpec, lang: str) -> None:
        self.lists, self.spec, self.lang = lists, spec, lang
        base = {"valign": "top", "border": 1, "border_color": "#C9D4D8", "font_size": 10}
        grey = {**base, "bg_color": "#EEF1F3", "font_color": "#3C4A50"}
        own = {**base, "locked": False}
        self.note = work.add_format({"text_wrap": True, "valign": "top", "font_size": 10, "font_color": "#3C4A50"})
        head = {**base, "bold": True, "text_wrap": True, "valign": "vcenter"}
        self.head_locked = work.add_format({**head, "bg_color": "#D5DEE2"})
        self.head_open = work.add_format({**head, "bg_color": "#CFE8E4"})
        self.locked = work.add_format({**grey, "text_wrap": True})
        self.code = work.add_format({**grey, "font_size": 8, "font_color": "#7A878D", "text_wrap": True})
        self.text = work.add_format({**own, "num_format": "@", "text_wrap": True})
        self.number = work.add_format({**own, "num_format": "0"})
        self.figure = work.add_format({**own})
        self.day = work.add_format({**own, "num_format": "yyyy-mm-dd", "align": "left"})

    def write(self, sheet: Any, unit: str, round_: Round, rows: Sequence[PieceRow]) -> None:
        """Sheet of one unit."""
        most = max(len(row.targets) for row in rows)
        columns = [
            *(one for one in self.spec.columns if not piece_sheet.place(one)),
            *(one for n in range(1, most + 1) for one in piece_sheet.figure_columns(n)),
        ]
        last = len(columns) - 1
        sheet.merge_range(_NOTE, 0, _NOTE, last, self._told(unit, round_), self.note)
        sheet.set_row(_NOTE, 15 * (2 + len(piece_sheet.NOTES)))
        sheet.set_row(_HEAD, 32)
        for at, column in enumerate(columns):
            is_open = piece_sheet.is_open(column)
            sheet.set_column(at, at, column.width)
            sheet.write_string(
                _HEAD, at, column.title.speak(self.lang), self.head_open if is_open else self.head_locked
            )
            if column.help:
                sheet.write_comment(_HEAD, at, column.help.speak(self.lang))
        for line, row in enumerate(rows, _FIRST):
            self._row(sheet, line, columns, row)
        end = _FIRST + len(rows) - 1
        at = next(n for n, one in enumerate(columns) if one.key == "percent")
        self._rule(sheet, (_FIRST, at, end, at), list(range(101)), stop=True)
        at = next(n for n, one in enumerate(columns) if one.key == "done_on")
        sheet.data_validation(
            _FIRST,
            at,
            end,
            at,
            {
                "validate": "date",
                "criteria": "between",
                "minimum": dt.date(2000, 1, 1),
                "maximum": dt.date(2099, 12, 31),
                "error_type": "warning",
                "error_title": Words("不是日期", "No date").speak(self.lang),
                "error_message": Words("请写成 2022-09-30 的样子。", "Write it like 2022-09-30.").speak(self.lang),
            },
        )
        sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
        sheet.freeze_panes(_FIRST, 2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEAD)

    def _told(self, unit: str, round_: Round) -> str:
        day = round_.due_on
        with translation.override("en" if self.lang == "en" else "zh-hans"):
            named = str(round_)
        lines = [
            Words(f"《{round_.plan}》{named}进展：{unit}", f"“{round_.plan}”, {named}: {unit}"),
            Words(
                f"请于 {day} 前填好，发回长江办，或登录安澜在本期页面导入。",
                f"Please fill it in by {day} and send it back to the office, or import it on the page of the round.",
            ),
            *piece_sheet.NOTES,
        ]
        return "\n".join(one.speak(self.lang) for one in lines)

    def _row(self, sheet: Any, line: int, columns: Sequence[Column], row: PieceRow) -> None:
        record, owed, last = row.record, row.owed, row.last
        told: dict[str, object] = {
            "code": str(row.code),
            "title": str(owed.task),
            "owes": (_LINE if owed.is_contribution else _REPORT).speak(self.lang),
            "due": owed.task.due.isoformat() if owed.task.due else owed.task.due_text,
            "before": last.percent if last else None,
            "said": last.narrative if last else "",
        }
        for n, target in enumerate(row.targets, 1):
            told[f"indicator{n}"] = row.target_told(target).speak(self.lang)
            told[f"unit{n}"] = target.unit
        for at, column in enumerate(columns):
            value = told.get(column.key, record.get(column.key))
            n = piece_sheet.place(column)
            shut = owed.is_contribution and column.key in ("percent", "done_on", "obstacles", "next_step")
            if shut or n > len(row.targets):
                sheet.write_blank(line, at, None, self.locked)
                continue
            self._cell(sheet, line, at, column, value)
            if column.key.startswith("unit") and len(units := _units(row.targets[n - 1])) > 1:
                self._rule(sheet, (line, at, line, at), units, stop=False)

    def _cell(self, sheet: Any, line: int, at: int, column: Column, value: object) -> None:
        form = self._format(column)
        if value is None or value == "":
            sheet.write_blank(line, at, None, form)
        elif column.key == "done_on":
            day = dt.date.fromisoformat(str(value))
            sheet.write_datetime(line, at, dt.datetime(day.year, day.month, day.day), form)  # noqa: DTZ001
        elif isinstance(value, int):
            sheet.write_number(line, at, value, form)
        elif column.key.startswith("figure") and _is_plain(str(value)):
            sheet.write_number(line, at, float(str(value)), form)
        else:
            sheet.write_string(line, at, _fit(str(value)), form)

    def _format(self, column: Column) -> Any:
        if column.key == "code":
            return self.code
        if not piece_sheet.is_open(column):
            return self.locked
        if column.key.startswith("figure"):
            return self.figure
        return {"percent": self.number, "done_on": self.day}.get(column.key, self.text)

    def _rule(self, sheet: Any, area: tuple[int, int, int, int], entries: Sequence[object], *, stop: bool) -> None:
        rule = {"validate": "list", "source": self.lists.range(entries), "error_type": "stop" if stop else "warning"}
        if stop:
            rule["error_title"] = Words("进度", "Percent").speak(self.lang)
            rule["error_message"] = Words("请填 0 到 100 的整数。", "A whole number from 0 to 100.").speak(self.lang)
        sheet.data_validation(*area, rule)


def _units(target: Target) -> list[str]:
    """Units in which a figure of a target may be given, its own first."""
    found = [target.unit] if target.unit else []
    for unit in _UNITS.get(quantities.kind(target.unit), ()):
        try:
            quantities.convert(1, unit, target.unit)
        except ValueError:
            continue
        if unit not in found:
            found.append(unit)
    return found or [""]


def _is_plain(text: str) -> bool:
    """Number that Excel keeps without loss."""
    digits = text.replace(".", "", 1)
    return digits.isascii() and digits.isdecimal() and len(digits) <= _EXACT_DIGITS


def _fit(text: str) -> str:
    """Text that a cell can hold: no control characters, and not longer than Excel allows."""
    shown = "".join(one for one in text.replace("\r\n", "\n") if one == "\n" or one.isprintable() or one == "\t")
    return shown if len(shown) <= _LONGEST_CELL else shown[:_LONGEST_CELL] + "…"
