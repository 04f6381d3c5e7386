"""A paper as PDF, set by typst with the font that comes as a package; nothing of the machine's own is used."""

from __future__ import annotations

import json

import typst

from anlan.foundation.papers import fonts
from anlan.foundation.papers.paper import Paper

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
#table(
  columns: paper.columns.map(column => column.width * 1fr),
  stroke: 0.5pt,
  inset: (x: 3pt, y: 4pt),
  align: horizon,
  table.header(..paper.columns.map(column => table.cell(
    align: center + horizon, fill: rgb("#e3eef1"), text(weight: 700, column.title)))),
  ..paper.lines.map(line => if line.group {
    (table.cell(colspan: paper.columns.len(), text(weight: 700, line.cells.at(0))),)
  } else {
    line.cells.enumerate().map(((place, cell)) => table.cell(
      align: if paper.columns.at(place).centred { center + horizon } else { left + horizon }, cell))
  }).flatten()
)
#for note in paper.notes { parbreak(); text(8pt, note) }
"""


def pdf(paper: Paper) -> bytes:
    """Bytes of the PDF. A character that the font lacks is named in a note at the end, never dropped in silence.

    Raises InputError if the font was never fetched.
    """
    groups = dict(paper.table.groups)
    lines: list[dict[str, object]] = []
    for number, row in enumerate(paper.table.rows):
        if number in groups:
            lines.append({"group": True, "cells": [groups[number]]})
        lines.append({"group": False, "cells": list(row)})
    notes = list(paper.notes)
    texts = [paper.title, paper.below_title, paper.mark, *notes, *(c for row in paper.table.rows for c in row)]
    if lacking := fonts.missing(texts):
        codes = "、".join(f"U+{ord(character):04X}" for character in lacking)
        notes.append(f"字体缺少以下字符，上文中显示为空框，请手工补写 / characters missing from the font: {codes}")
    content = {
        "title": paper.title,
        "below_title": paper.below_title,
        "mark": paper.mark,
        "landscape": paper.landscape,
        "page_words": paper.page_words,
        "columns": [
            {"title": column.title, "width": column.width, "centred": column.centred} for column in paper.table.columns
        ],
        "lines": lines,
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
