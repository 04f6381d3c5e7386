"""Excel files that can come back: the template, and the rows that are there, in the form the import reads.

Every text is written as text, so nothing in a cell is ever a formula, and codes keep their zeros.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from anlan.foundation.sheets.spec import NO, YES, Column, Kind, Record, SheetSpec
from anlan.settings import Words

# Rows of the template that carry formats and drop-downs.
_READY_ROWS = 1000
_LISTS = Words("选项", "Choices")
_NOTES = Words("填表说明", "How to fill in")
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def book(spec: SheetSpec, records: Iterable[Record] = (), lang: str = "zh") -> bytes:
    """Excel file of these rows; without any it is the template."""
    out = io.BytesIO()
    work = xlsxwriter.Workbook(out, _OPTIONS)
    sheet = work.add_worksheet(_name(spec.title.speak(lang)))
    notes = work.add_worksheet(_name(_NOTES.speak(lang)))
    lists = work.add_worksheet(_name(_LISTS.speak(lang)))
    lists.hide()
    head = work.add_format({"bold": True, "bg_color": "#E6F2F2", "border": 1, "text_wrap": True, "valign": "vcenter"})
    text = work.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
    number = work.add_format({"num_format": "0", "valign": "top"})
    day = work.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
    general = work.add_format({"valign": "top"})
    formats = {Kind.INT: number, Kind.DATE: day}
    for at, column in enumerate(spec.columns):
        sheet.set_column(at, at, column.width, general if column.number else formats.get(column.kind, text))
        sheet.write_string(0, at, column.title.speak(lang) + (" *" if column.required else ""), head)
        if told := _help(column, lang):
            sheet.write_comment(0, at, told, {"x_scale": 2, "y_scale": 1.5})
    last = 0
    for last, record in enumerate(records, 1):
        for at, column in enumerate(spec.columns):
            _write(sheet, last, at, column, record, lang, general if column.number else formats.get(column.kind, text))
    _drop_downs(spec, sheet, lists, max(last, _READY_ROWS), lang)
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 30)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    _explain(spec, notes, lang, head, text)
    work.close()
    return out.getvalue()


def plain(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Excel file of texts, for lists that do not come back."""
    out = io.BytesIO()
    work = xlsxwriter.Workbook(out, _OPTIONS)
    sheet = work.add_worksheet(_name(title))
    bold, text = work.add_format({"bold": True, "bottom": 1}), work.add_format({"num_format": "@"})
    for line, row in enumerate((heads, *rows)):
        for at, value in enumerate(row):
            sheet.write_string(line, at, value, text if line else bold)
    sheet.set_column(0, len(heads) - 1, 24)
    sheet.freeze_panes(1, 0)
    work.close()
    return out.getvalue()


def _write(sheet: Any, row: int, at: int, column: Column, record: Record, lang: str, form: Any) -> None:
    value = record.get(column.key, column.blank)
    if value is None or value == "" or value == []:
        return
    if column.kind is Kind.DATE and isinstance(value, str):
        day = dt.date.fromisoformat(value)
        if day.year < 1901:
            # Excel's calendar begins in 1900, and its first two months are wrong.
            sheet.write_string(row, at, value, form)
        else:
            sheet.write_datetime(row, at, dt.datetime(day.year, day.month, day.day), form)  # noqa: DTZ001
    elif column.kind is Kind.INT and isinstance(value, int) and abs(value) < 10**15:
        sheet.write_number(row, at, value, form)
    elif column.number and isinstance(value, str) and len(value) <= 15:
        sheet.write_number(row, at, float(value), form)
    else:
        sheet.write_string(row, at, column.show(value, lang), form)


def _drop_downs(spec: SheetSpec, sheet: Any, lists: Any, rows: int, lang: str) -> None:
    for at, column in enumerate(spec.columns):
        if column.kind is Kind.CHOICE:
            entries = [one.words.speak(lang) for one in column.choices]
        elif column.kind is Kind.BOOL:
            entries = [YES.speak(lang), NO.speak(lang)]
        elif column.reference is not None and column.kind is Kind.TEXT:
            entries = list(dict.fromkeys(column.reference().values()))
        else:
            continue
        if not entries:
            continue
        # Through a sheet of their own: a list written into the cell's rule may have 255 characters only.
        for line, entry in enumerate(entries):
            lists.write_string(line, at, entry)
        letter = xlsxwriter.utility.xl_col_to_name(at)
        sheet.data_validation(
            1,
            at,
            rows,
            at,
            {
                "validate": "list",
                "source": f"='{_name(_LISTS.speak(lang))}'!${letter}$1:${letter}${len(entries)}",
                # A warning only: the import says it better.
                "error_type": "warning",
            },
        )


def _help(column: Column, lang: str) -> str:
    parts = []
    if column.required:
        parts.append(Words("必填", "Required").speak(lang))
    if column.help:
        parts.append(column.help.speak(lang))
    if column.kind is Kind.DATE:
        parts.append(Words("日期，如 2022-05-06", "Date, like 2022-05-06").speak(lang))
    if column.kind is Kind.LIST:
        parts.append(Words("多个以分号隔开", "Several are parted by semicolons").speak(lang))
    if column.example:
        parts.append(Words(f"例：{column.example}", f"Example: {column.example}").speak(lang))
    return "\n".join(parts)


def _explain(spec: SheetSpec, notes: Any, lang: str, head: Any, text: Any) -> None:
    # Its heads are no titles of columns, so the import never takes this sheet for the data.
    for at, title in enumerate((Words("项目", "Item"), Words("怎样填写", "What to write"))):
        notes.write_string(0, at, title.speak(lang), head)
    line = 1
    for column in spec.columns:
        notes.write_string(line, 0, "· " + column.title.speak(lang), text)
        told = _help(column, lang).replace("\n", "；" if lang == "zh" else "; ")
        if column.choices:
            options = "、".join(one.words.speak(lang) for one in column.choices)
            told += Words(f"（可选：{options}）", f" (one of: {options})").speak(lang)
        notes.write_string(line, 1, told, text)
        line += 1
    for note in spec.notes:
        notes.write_string(line, 1, note.speak(lang), text)
        line += 1
    notes.set_column(0, 0, 20)
    notes.set_column(1, 1, 80)


def _name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", title)[:31]
