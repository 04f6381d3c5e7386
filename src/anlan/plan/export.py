"""A compiled document as the workbook offices make of a plan: task breakdown (任务分解表), findings, explanations.

Everything is written as text: what a document says is never a formula, a link or a number to Excel.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

import anlan
from anlan.plan import words
from anlan.plan.compiler.diagnostics.messages import message
from anlan.plan.compiler.model import Diagnostic, Measure, Role, Span
from anlan.plan.document import Document, Lines, chapters, lead_phrase, one_line
from anlan.settings import Words

# What Excel takes in one cell and one sheet; what is beyond is cut, and the cut is said.
CELL_CHARACTERS: Final = 32_767
SHEET_ROWS: Final = 1_048_576
_CUT: Final = Words("…（超出单元格上限，全文见原文件）", "… (longer than a cell; see the document)")
_A4: Final = 9

# Header and width in characters of each column. The widths of the first sheet fill A4 landscape.
_TASKS: Final = (
    (Words("序号", "No."), 7),
    (Words("章节", "Chapter"), 16),
    (Words("任务", "Measure"), 18),
    (Words("具体内容", "Text"), 56),
    (Words("牵头单位", "Lead units"), 16),
    (Words("责任单位", "Responsible units"), 22),
    (Words("配合单位", "Cooperating units"), 16),
    (Words("目标", "Targets"), 24),
    (Words("时限", "Deadlines"), 20),
    (Words("备注/疑点", "Remarks/findings"), 36),
)
_FINDINGS: Final = (
    (Words("行", "Line"), 7),
    (Words("列", "Column"), 7),
    (Words("级别", "Severity"), 9),
    (Words("代码", "Code"), 9),
    (Words("任务", "Measure"), 26),
    (Words("原文", "Printed"), 30),
    (Words("说明", "Message"), 70),
)
_NOTES: Final = (
    (
        Words("具体内容", "Text"),
        Words(
            "条目原文，含文末括号；错别字照录，未作更正。",
            "The item as printed, its closing bracket included; misprints are kept.",
        ),
    ),
    (
        Words("责任单位", "Responsible units"),
        Words("原文没有写明谁牵头的单位。", "Units of which the text does not say who leads."),
    ),
    (
        Words("时限", "Deadlines"),
        Words(
            "原文在前，括号内为该期限的最后一天；没有括号的，原文没有可以确定的日期。",
            "As printed; in brackets the last day of the time named. Without brackets the text gives no certain day.",
        ),
    ),
    (
        Words("行、列", "Line, column"),
        Words(
            "疑点在解析所得文本中的位置，从 1 数起。",
            "Place of the finding in the decoded text, counted from 1.",
        ),
    ),
    (
        Words("核对", "Check"),
        Words(
            "本表由程序解析生成，下发前请与原文核对。", "Made by a program: check it against the document before use."
        ),
    ),
)


def workbook(document: Document, lang: str) -> bytes:
    """Bytes of the .xlsx file: sheets of measures, findings and explanations in `lang` (zh, en)."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheets = _Sheets(book, lang)
        _task_sheet(sheets, document)
        _finding_sheet(sheets, document)
        _note_sheet(sheets, document)
    return target.getvalue()


class _Sheets:
    """Workbook with the formats of the house, and the language of its words."""

    def __init__(self, book: xlsxwriter.Workbook, lang: str) -> None:
        self._book = book
        self.lang = lang
        cell = {"text_wrap": True, "valign": "vcenter", "border": 1, "font_name": "宋体", "font_size": 10}
        middle = {"align": "center"}
        self.title = self._format(bold=True, font_name="黑体", font_size=16, valign="vcenter", **middle)
        self.subtitle = self._format(font_name="宋体", font_size=10, valign="vcenter", **middle)
        self.header = self._format(**cell | {"bold": True, "bg_color": "#E3EEF1", "font_name": "黑体"} | middle)
        self.text = self._format(**cell)
        self.centre = self._format(**cell | middle)

    def _format(self, **properties: object) -> Format:
        return self._book.add_format(properties)

    def say(self, words_: Words) -> str:
        return words_.speak(self.lang)

    def add(self, name: Words, columns: Sequence[tuple[Words, int]], header_row: int) -> Worksheet:
        """New sheet with its header, set up for A4 landscape: as wide as the paper, the header on every page."""
        sheet = self._book.add_worksheet(self.say(name))
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(header_row)
        sheet.set_footer(self.say(Words("&C第 &P 页，共 &N 页", "&CPage &P of &N")))
        sheet.freeze_panes(header_row + 1, 0)
        # Numbers of measures are text on purpose; no green corners for that.
        sheet.ignore_errors({"number_stored_as_text": f"A1:B{SHEET_ROWS}"})
        for number, (title, width) in enumerate(columns):
            sheet.set_column(number, number, width)
            self.write(sheet, header_row, number, self.say(title), self.header)
        return sheet

    def write(self, sheet: Worksheet, row: int, column: int, text: str, format_: Format) -> None:
        """Text cell, never anything else. What Excel does not take is cut and says so."""
        if len(text) > CELL_CHARACTERS:
            cut = self.say(_CUT)
            text = text[: CELL_CHARACTERS - len(cut)] + cut
        if text:
            sheet.write_string(row, column, text, format_)
        else:
            sheet.write_blank(row, column, None, format_)

    def heading(self, sheet: Worksheet, columns: int, title: str, below: str) -> None:
        """Title row and a line below it, both across the sheet."""
        sheet.merge_range(0, 0, 0, columns - 1, "", self.title)
        self.write(sheet, 0, 0, title, self.title)
        sheet.set_row(0, 32)
        sheet.merge_range(1, 0, 1, columns - 1, "", self.subtitle)
        self.write(sheet, 1, 0, below, self.subtitle)


def _task_sheet(sheets: _Sheets, document: Document) -> None:
    plan = document.plan
    first = 3
    sheet = sheets.add(Words("任务分解表", "Measures"), _TASKS, first - 1)
    name = one_line(plan.title) if plan.title else document.name
    sheets.heading(
        sheet, len(_TASKS), sheets.say(Words(f"{name}任务分解表", f"{name}: measures")), _subtitle(sheets, document)
    )
    said: dict[int | None, list[str]] = {}
    for finding in document.plan.diagnostics:
        said.setdefault(finding.measure, []).append(f"{finding.code} {message(finding, sheets.lang)}")
    rows = zip(plan.measures, chapters(plan), strict=True)
    for index, (measure, path) in enumerate(rows):
        if first + index >= SHEET_ROWS:
            break
        cells = (
            measure.number,
            "\n".join(path),
            lead_phrase(plan, measure) if measure.title else "",
            _body(document, measure),
            *("、".join(map(one_line, measure.units(r))) for r in (Role.LEAD, Role.RESPONSIBLE, Role.COOPERATING)),
            "\n".join(words.target(one) for one in measure.targets),
            "\n".join(words.deadline(one, sheets.lang) for one in measure.deadlines),
            "\n".join(said.get(index, ())),
        )
        for column, text in enumerate(cells):
            sheets.write(sheet, first + index, column, text, sheets.text if column else sheets.centre)
    sheet.autofilter(first - 1, 0, max(first, first + min(len(plan.measures), SHEET_ROWS - first) - 1), len(_TASKS) - 1)


def _subtitle(sheets: _Sheets, document: Document) -> str:
    plan = document.plan
    parts = [
        sheets.say(Words(f"发文单位：{plan.issuer}", f"issuer: {plan.issuer}")) if plan.issuer else "",
        sheets.say(Words(f"年份：{plan.year}", f"year: {plan.year}")) if plan.year else "",
        sheets.say(words.counts(document)),
    ]
    return one_line("　".join(part for part in parts if part))


def _body(document: Document, measure: Measure) -> str:
    """Item as printed, without its number, and without its title where that comes first and more follows."""
    plan = document.plan
    begin = measure.number_span.end
    title = measure.title_span
    if title and not plan.printed(Span(begin, title.start)).strip("、.．,， \t\n　"):
        rest = plan.printed(Span(title.end, measure.span.end)).lstrip("。：: \t\n　")
        if rest:
            return rest
    return plan.printed(Span(begin, measure.span.end)).lstrip("、.．,， \t\n　")


def _finding_sheet(sheets: _Sheets, document: Document) -> None:
    sheet = sheets.add(Words("疑点", "Findings"), _FINDINGS, 0)
    lines = Lines(document.plan.text)
    found = document.plan.diagnostics[: SHEET_ROWS - 1]
    for row, finding in enumerate(found, start=1):
        place = lines.place(finding.span.start)
        cells = (
            str(place.line),
            str(place.column),
            sheets.say(words.SEVERITIES[finding.severity]),
            finding.code,
            _owner(document, finding),
            one_line(document.plan.printed(finding.span)),
            message(finding, sheets.lang),
        )
        for column, text in enumerate(cells):
            sheets.write(sheet, row, column, text, sheets.text if column > 3 else sheets.centre)
    if found:
        sheet.autofilter(0, 0, len(found), len(_FINDINGS) - 1)


def _owner(document: Document, finding: Diagnostic) -> str:
    if finding.measure is None:
        return ""
    measure = document.plan.measures[finding.measure]
    return f"{measure.number} {lead_phrase(document.plan, measure) if measure.title else ''}".strip()


def _note_sheet(sheets: _Sheets, document: Document) -> None:
    heads = ((Words("项目", "Subject"), 20), (Words("说明", "Explanation"), 100))
    sheet = sheets.add(Words("说明", "Explanations"), heads, 0)
    plan, say, lang = document.plan, sheets.say, sheets.lang
    rows = [
        (say(Words("来源文件", "File")), f"{document.name} ({document.source.format})"),
        (say(Words("文种", "Kind")), say(words.KINDS[plan.kind])),
        (say(Words("内容", "Contents")), say(words.counts(document))),
        (say(Words("疑点", "Findings")), say(words.findings(document))),
        (say(Words("单位表", "Register of units")), say(words.register(document))),
    ]
    if plan.notice and (said := words.notice(plan.notice, lang)):
        rows.append((say(Words("公告", "Notice")), said))
    rows += [(say(Words("读取说明", "On reading")), getattr(remark, lang)) for remark in document.source.remarks]
    rows += [(say(subject), say(text)) for subject, text in _NOTES]
    most = SHEET_ROWS - 3
    if max(len(plan.measures), len(plan.diagnostics)) > most:
        full = Words(
            f"工作表只能容纳前 {most} 行，其余见 JSON。", f"A sheet holds {most} rows; the rest is in the JSON."
        )
        rows.append((say(Words("未列完", "Cut")), say(full)))
    rows.append((say(Words("生成", "Made by")), f"Anlan {anlan.__version__}"))
    for row, (subject, text) in enumerate(rows, start=1):
        sheets.write(sheet, row, 0, subject, sheets.centre)
        sheets.write(sheet, row, 1, text, sheets.text)
