"""A paper as an Excel file that prints like the paper. Every cell is text: nothing of it is a formula."""

from __future__ import annotations

import io

import xlsxwriter

from anlan.foundation.papers.paper import Paper

_A4 = 9
# Width in characters of an A4 page across, at the font size used.
_PAGE = 150
_LONGEST = 32_767


def excel(paper: Paper, sheet_name: str) -> bytes:
    """Bytes of the .xlsx: title over all columns, head that repeats when printed, one row a line.

    Of a paper with sections in words only its own table is written; ValueError if it has none.
    """
    if paper.table is None:
        raise ValueError(f"{paper.title} has no table")
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    columns = paper.table.columns
    with xlsxwriter.Workbook(target, options) as book:
        cell = {"text_wrap": True, "valign": "vcenter", "border": 1, "font_name": "宋体", "font_size": 10}
        title = book.add_format({"bold": True, "font_name": "黑体", "font_size": 16, "align": "center"})
        below = book.add_format({"font_name": "宋体", "font_size": 10, "align": "center"})
        head = book.add_format({**cell, "bold": True, "align": "center", "bg_color": "#E3EEF1", "font_name": "黑体"})
        left, centre = book.add_format(cell), book.add_format({**cell, "align": "center"})
        group = book.add_format({**cell, "bold": True})
        sheet = book.add_worksheet(sheet_name[:31])
        sheet.set_paper(_A4)
        if paper.landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        total = sum(column.width for column in columns)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, max(6, _PAGE * column.width / total))
        sheet.merge_range(0, 0, 0, len(columns) - 1, paper.title, title)
        sheet.set_row(0, 28)
        sheet.merge_range(1, 0, 1, len(columns) - 1, "　".join(filter(None, (paper.below_title, paper.mark))), below)
        for place, column in enumerate(columns):
            sheet.write_string(2, place, column.title, head)
        sheet.repeat_rows(2)
        sheet.freeze_panes(3, 0)
        groups, line = dict(paper.table.groups), 3
        for number, row in enumerate(paper.table.rows):
            if number in groups:
                sheet.merge_range(line, 0, line, len(columns) - 1, groups[number], group)
                line += 1
            for place, (column, text) in enumerate(zip(columns, row, strict=True)):
                sheet.write_string(line, place, text[:_LONGEST], centre if column.centred else left)
            line += 1
        for note in paper.notes:
            sheet.write_string(line, 0, note)
            line += 1
        sheet.set_footer("&C&P / &N")
    return target.getvalue()
