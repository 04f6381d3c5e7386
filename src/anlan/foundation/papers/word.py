"""A paper as a Word file. Word files only name their fonts; the office's computers have them."""

from __future__ import annotations

import io
import re
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from anlan.foundation.papers.paper import Paper, Table

# Fonts of official documents (GB/T 9704): titles in 方正小标宋 or 黑体, text in 仿宋.
_TITLE, _TEXT, _HEAD = "方正小标宋简体", "仿宋_GB2312", "黑体"
# 三号, of the text of an official document.
_BODY_PT = 16
# What XML 1.0 cannot hold.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def word(paper: Paper) -> bytes:
    """Bytes of the .docx: A4, title, table whose head repeats on every page, notes, page numbers."""
    document = Document()
    section = document.sections[0]
    width, height = (Mm(297), Mm(210)) if paper.landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if paper.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = width, height
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(20)
    if paper.mark:
        _say(section.header.paragraphs[0], paper.mark, _TEXT, 10, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_numbers(section.footer.paragraphs[0], paper.page_words)
    _say(document.add_paragraph(), paper.title, _TITLE, 20, WD_ALIGN_PARAGRAPH.CENTER)
    if paper.below_title:
        _say(document.add_paragraph(), paper.below_title, _TEXT, 11, WD_ALIGN_PARAGRAPH.CENTER)
    for section_ in paper.sections:
        if section_.heading:
            _say(document.add_paragraph(), section_.heading, _HEAD, _BODY_PT)
        for text in section_.paragraphs:
            paragraph = document.add_paragraph()
            _say(paragraph, text, _TEXT, _BODY_PT, WD_ALIGN_PARAGRAPH.JUSTIFY)
            paragraph.paragraph_format.first_line_indent = Pt(2 * _BODY_PT)
            paragraph.paragraph_format.line_spacing = Pt(28)
        if section_.table:
            _table(document, section_.table, width - Mm(36))
            document.add_paragraph()
    if paper.table:
        _table(document, paper.table, width - Mm(36))
    for note in paper.notes:
        _say(document.add_paragraph(), note, _TEXT, 10)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _say(paragraph: Any, text: str, font: str, size: float, alignment: Any = None, *, bold: bool = False) -> None:
    if alignment is not None:
        paragraph.alignment = alignment
    paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(_NOT_XML.sub("\ufffd", text))
    run.font.size, run.font.name, run.bold = Pt(size), font, bold
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _table(document: Any, content: Table, width: int) -> None:
    table = document.add_table(rows=1, cols=len(content.columns))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    total = sum(column.width for column in content.columns)
    widths = [int(width * column.width / total) for column in content.columns]
    head = table.rows[0]
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    head._tr.get_or_add_trPr().append(repeat)
    for cell, column, share in zip(head.cells, content.columns, widths, strict=True):
        cell.width = share
        _say(cell.paragraphs[0], column.title, _HEAD, 10.5, WD_ALIGN_PARAGRAPH.CENTER)
    groups = dict(content.groups)
    for number, row in enumerate(content.rows):
        if number in groups:
            cells = table.add_row().cells
            _say(cells[0].merge(cells[-1]).paragraphs[0], groups[number], _HEAD, 10.5)
        line = table.add_row()
        whole = OxmlElement("w:cantSplit")
        line._tr.get_or_add_trPr().append(whole)
        for cell, column, share, text in zip(line.cells, content.columns, widths, row, strict=True):
            cell.width = share
            place = WD_ALIGN_PARAGRAPH.CENTER if column.centred else None
            _say(cell.paragraphs[0], text, _TEXT, 10.5, place)


def _page_numbers(paragraph: Any, words: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in re.split(r"(\{pages?\})", words):
        run = paragraph.add_run("" if part.startswith("{") else part)
        if part.startswith("{"):
            for kind, text in (("begin", ""), ("", "PAGE" if part == "{page}" else "NUMPAGES"), ("end", "")):
                element = OxmlElement("w:fldChar" if kind else "w:instrText")
                if kind:
                    element.set(qn("w:fldCharType"), kind)
                else:
                    element.text = text
                run._element.append(element)
