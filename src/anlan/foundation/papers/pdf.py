"""A paper as PDF, set by typst with the font that comes as a package; nothing of the machine's own is used."""

from __future__ import annotations

import json

import typst

from anlan.foundation.papers import fonts
from anlan.foundation.papers.paper import Paper, Table

# The paper comes in as JSON through sys.inputs, so that no text of it is ever read as markup.
_SETTING = """
#let paper = json(bytes(sys.inputs.paper))
#set page(
  paper: "a4",
  flipped: paper.landscape,
  margin: (x: 15mm, top: 18mm, bottom: 16mm),
  header: if paper.mark != "" { align(right, text(8pt, paper.mark)) },
  footer: context align(center, text(8pt,
    paper.page_words.replace("{page}", str(here().page())).replace("{pages}", str(counter(page).final().first())))),
)
#set text(font: "FAMILY", size: 9pt, lang: "zh", region: "cn")
#set par(leading: 0.6em)
#align(center, text(16pt, weight: 700, paper.title))
#if paper.below_title != "" { align(center, text(9pt, paper.below_title)) }
#v(2mm)
#let grid(content) = table(
  columns: content.columns.map(column => column.width * 1fr),
  stroke: 0.5pt,
  inset: (x: 3pt, y: 4pt),
  align: horizon,
  table.header(..content.columns.map(column => table.cell(
    align: center + horizon, fill: rgb("#e3eef1"), text(weight: 700, column.title)))),
  ..content.lines.map(line => if line.group {
    (table.cell(colspan: content.columns.len(), text(weight: 700, line.cells.at(0))),)
  } else {
    line.cells.enumerate().map(((place, cell)) => table.cell(
      align: if content.columns.at(place).centred { center + horizon } else { left + horizon }, cell))
  }).flatten()
)
#for section in paper.sections {
  if section.heading != "" { block(above: 4mm, text(11pt, weight: 700, section.heading)) }
  for paragraph in section.paragraphs {
    block(above: 2.5mm, { set par(justify: true, leading: 0.8em); text(10.5pt, h(2em) + paragraph) })
  }
  if section.table != none { block(above: 3mm, grid(section.table)) }
}
#if paper.table != none { grid(paper.table) }
#for note in paper.notes { parbreak(); text(8pt, note) }
"""


def pdf(paper: Paper) -> bytes:
    """Bytes of the PDF. A character that the font lacks is named in a note at the end, never dropped in silence.

    Raises InputError if the font was never fetched.
    """
    notes = list(paper.notes)
    tables = [paper.table, *(section.table for section in paper.sections)]
    texts = [
        paper.title,
        paper.below_title,
        paper.mark,
        *notes,
        *(text for section in paper.sections for text in (section.heading, *section.paragraphs)),
        *(cell for table in tables if table for row in table.rows for cell in row),
    ]
    if lacking := fonts.missing(texts):
        codes = "、".join(f"U+{ord(character):04X}" for character in lacking)
        notes.append(f"字体缺少以下字符，上文中显示为空框，请手工补写 / characters missing from the font: {codes}")
    content = {
        "title": paper.title,
        "below_title": paper.below_title,
        "mark": paper.mark,
        "landscape": paper.landscape,
        "page_words": paper.page_words,
        "table": _grid(paper.table),
        "sections": [
            {"heading": one.heading, "paragraphs": list(one.paragraphs), "table": _grid(one.table)}
            for one in paper.sections
        ],
        "notes": notes,
    }
    set_by = typst.Compiler(  # type: ignore[misc]  # its Input is not inferred from bytes
        _SETTING.replace("FAMILY", fonts.FAMILY).encode(),
        font_paths=[str(fonts.folder())],
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(content, ensure_ascii=False)},
    )
    made = set_by.compile(format="pdf")
    assert isinstance(made, bytes)  # one document, one file
    return made


def _grid(table: Table | None) -> dict[str, object] | None:
    if table is None:
        return None
    groups = dict(table.groups)
    lines: list[dict[str, object]] = []
    for number, row in enumerate(table.rows):
        if number in groups:
            lines.append({"group": True, "cells": [groups[number]]})
        lines.append({"group": False, "cells": list(row)})
    columns = [{"title": one.title, "width": one.width, "centred": one.centred} for one in table.columns]
    return {"columns": columns, "lines": lines}
