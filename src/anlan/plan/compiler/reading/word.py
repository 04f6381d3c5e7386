"""Word documents (.docx): paragraphs and tables as they stand on the page, automatic numbers printed.

The package is opened here and not by python-docx: that loads every part with a parser of its own, pictures
too, and fails on the dangling relationships that WPS and converters leave and Word ignores.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import Final

from lxml import etree

from anlan.plan.compiler.reading import xml
from anlan.plan.compiler.reading.archive import Archive
from anlan.plan.compiler.reading.numbering import Numbering, attribute, child, on, read_styles
from anlan.plan.compiler.reading.numerals import print_number
from anlan.plan.compiler.reading.source import Draft, Unreadable, counted
from anlan.plan.compiler.reading.symbols import UNKNOWN, symbol
from anlan.plan.compiler.reading.xml import local

_KIND: Final = "docx"
# What lies in a paragraph but prints nothing of its own, or (del, moveFrom) prints no longer. rt: small reading aids.
_SILENT: Final = frozenset({"pPr", "rPr", "sdtPr", "sdtEndPr", "delText", "delInstrText", "fldData", "rt"})
_REMOVED: Final = frozenset({"del", "moveFrom"})
_ADDED: Final = frozenset({"ins", "moveTo"})
_MARKS: Final = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_FURNITURE = re.compile(r"(?:^|/)(?:header|footer)\d*\.xml$")
# 带圈字符: Word draws a circled number as a field of two overlaid characters that has no result.
_CIRCLED_FIELD = re.compile(r"\s*eq\s*\\o\s*\\ac\s*\(\s*[○〇◯]\s*[,，]\s*(\d{1,2})\s*\)\s*", re.IGNORECASE)


def read_docx(archive: Archive) -> Draft:
    """Text of a .docx. One paragraph or table row a line, cells separated by a tab. Unreadable if it is damaged."""
    main = _relations(archive, "").get("officeDocument", "word/document.xml")
    data = archive.part(main)
    if data is None:
        raise Unreadable("damaged", format=_KIND)
    body = child(xml.parse(data, _KIND), "body")
    if body is None:
        raise Unreadable("damaged", format=_KIND)
    related = _relations(archive, main)
    styles = read_styles(_part(archive, related.get("styles", "word/styles.xml")))
    numbers = _part(archive, related.get("numbering", "word/numbering.xml"))
    writer = _Writer(Numbering(numbers, styles), styles.hidden, styles.default)
    writer.blocks(body)
    writer.finish()
    furniture = [
        root for name in archive.names() if _FURNITURE.search(name) and (root := _part(archive, name)) is not None
    ]
    aside = [_plain(p) for root in furniture for p in root.iter() if local(p) == "p"]
    remarks = counted(
        hidden_text=len(writer.hidden),
        tracked_changes=writer.changes,
        notes_left_out=writer.notes,
        comments_left_out=writer.comments,
        embedded_left_out=writer.embedded,
        unknown_symbols=writer.unknown,
    )
    return Draft("\n".join(writer.lines), remarks, "\n".join(aside + writer.hidden))


def _part(archive: Archive, name: str) -> etree._Element | None:
    data = archive.part(name)
    return None if data is None else xml.parse(data, _KIND)


def _relations(archive: Archive, part: str) -> dict[str, str]:
    """Names of the parts that `part` (the package, if empty) has relationships with, by kind, the first of each."""
    folder, file = posixpath.split(part)
    root = _part(archive, posixpath.join(folder, "_rels", f"{file}.rels"))
    relations: dict[str, str] = {}
    for element in root if root is not None else ():
        if target := attribute(element, "Target"):
            kind = (attribute(element, "Type") or "").rpartition("/")[2]
            relations.setdefault(kind, posixpath.normpath(posixpath.join("/", folder, target)))
    return relations


def _plain(element: etree._Element) -> str:
    return "".join(_MARKS.get(local(e), "") or (e.text or "" if local(e) == "t" else "") for e in element.iter())


def _chosen(alternatives: etree._Element) -> etree._Element | None:
    """The one of several renderings to read: the first, unless only the fallback has the text box."""
    choice, fallback = child(alternatives, "Choice"), child(alternatives, "Fallback")
    if choice is None or (fallback is not None and _has_box(fallback) and not _has_box(choice)):
        return fallback
    return choice


def _has_box(element: etree._Element) -> bool:
    return any(local(e) == "txbxContent" for e in element.iter())


class _Writer:
    """Lines of a document, written while its body is walked. XML is at most 256 deep, and so is the recursion."""

    def __init__(self, numbering: Numbering, style_hidden: Callable[[str], bool], default: str) -> None:
        self.lines: list[str] = []
        self.hidden: list[str] = []
        self.changes = self.notes = self.comments = self.embedded = self.unknown = 0
        self._numbering = numbering
        self._style_hidden = style_hidden
        self._default = default
        self._pieces: list[str] = []
        self._boxes: list[str] = []
        self._carried = ""
        self._instruction: list[str] = []
        self._paragraph_hidden = False

    def blocks(self, parent: etree._Element) -> None:
        """Write the paragraphs and tables below an element."""
        for element in parent:
            match local(element):
                case "p":
                    self._paragraph(element)
                case "tbl":
                    for row in self._members(element, "tr"):
                        self._row(row)
                case "AlternateContent":
                    if (chosen := _chosen(element)) is not None:
                        self.blocks(chosen)
                case "altChunk":
                    self.embedded += 1
                case "sdt" | "sdtContent" | "customXml" | "smartTag" | "ins" | "moveTo":
                    self.blocks(element)

    def finish(self) -> None:
        """Write what a paragraph without a mark of its own left over at the end."""
        if self._carried:
            self.lines.append(self._carried)
            self._carried = ""

    def _paragraph(self, element: etree._Element) -> None:
        properties = child(element, "pPr")
        outer = self._pieces, self._boxes, self._paragraph_hidden
        self._pieces, self._boxes = [], []
        self._paragraph_hidden = self._style_hidden(attribute(child(properties, "pStyle")) or self._default)
        self._inline(element)
        text, boxes = "".join(self._pieces), self._boxes
        mark = child(properties, "rPr")
        merged = child(mark, "del") is not None or on(child(mark, "vanish")) or (self._paragraph_hidden and not text)
        self._pieces, self._boxes, self._paragraph_hidden = outer
        if merged:
            # A paragraph whose mark is deleted or hidden runs on into the next one and has no number of its own.
            self._carried += text
        else:
            self.lines.append(self._numbering.label(properties) + self._carried + text)
            self._carried = ""
        self.lines.extend(boxes)

    def _row(self, row: etree._Element) -> None:
        properties = child(row, "trPr")
        if child(properties, "del") is not None:
            self.changes += 1
            return
        before = attribute(child(properties, "gridBefore"))
        cells = [""] if before and before != "0" else []
        for cell in self._members(row, "tc"):
            merge = child(cell, "tcPr", "vMerge")
            text = self._cell(cell)
            if attribute(child(cell, "tcPr", "hMerge")) == "continue":
                continue
            continued = merge is not None and (attribute(merge) or "continue") == "continue"
            cells.append("" if continued else text)
        self.lines.append("\t".join(cells))

    def _cell(self, cell: etree._Element) -> str:
        outer, self.lines = self.lines, []
        self.blocks(cell)
        self.finish()
        text = " ".join(" ".join(line.split("\t")).replace("\n", " ").strip(" ") for line in self.lines if line.strip())
        self.lines = outer
        return text

    def _members(self, parent: etree._Element, name: str) -> list[etree._Element]:
        """Rows of a table or cells of a row, those inside content controls too."""
        members: list[etree._Element] = []
        for element in parent:
            if local(element) == name:
                members.append(element)
            elif local(element) in {"sdt", "sdtContent", "customXml", "ins"}:
                members.extend(self._members(element, name))
        return members

    def _inline(self, parent: etree._Element) -> None:
        for element in parent:
            name = local(element)
            if name in _REMOVED:
                self.changes += 1
            elif name in _SILENT:
                continue
            elif name == "t":
                self._pieces.append((element.text or "").replace("\r", " ").replace("\n", " "))
            elif name in _MARKS:
                self._pieces.append(_MARKS[name])
            elif name == "r":
                self._run(element)
            elif name == "txbxContent":
                self._box(element)
            elif name == "AlternateContent":
                if (chosen := _chosen(element)) is not None:
                    self._inline(chosen)
            else:
                self._other(name, element)

    def _other(self, name: str, element: etree._Element) -> None:
        match name:
            case "instrText":
                self._instruction.append(element.text or "")
            case "fldChar":
                self._field(attribute(element, "fldCharType"))
            case "sym":
                self._symbol(element)
            case "footnoteReference" | "endnoteReference":
                self.notes += 1
            case "commentReference":
                self.comments += 1
            case "OLEObject":
                self.embedded += 1
            case _:
                self.changes += name in _ADDED
                self._inline(element)

    def _run(self, run: etree._Element) -> None:
        properties = child(run, "rPr")
        vanish = child(properties, "vanish")
        if vanish is not None:
            hidden = on(vanish)
        else:
            hidden = self._paragraph_hidden or self._style_hidden(attribute(child(properties, "rStyle")) or "")
        if not hidden:
            self._inline(run)
        elif text := _plain(run):
            self.hidden.append(text)

    def _box(self, content: etree._Element) -> None:
        outer = self.lines, self._carried
        self.lines, self._carried = [], ""
        self.blocks(content)
        self.finish()
        self._boxes.extend(self.lines)
        self.lines, self._carried = outer

    def _field(self, kind: str | None) -> None:
        if kind != "begin" and (circled := _CIRCLED_FIELD.fullmatch("".join(self._instruction))):
            self._pieces.append(print_number(int(circled[1]), "decimalEnclosedCircle"))
        self._instruction = []

    def _symbol(self, element: etree._Element) -> None:
        try:
            code = int(attribute(element, "char") or "", 16)
        except ValueError:
            code = -1
        printed = symbol(code, attribute(element, "font") or "")
        self.unknown += printed == UNKNOWN
        self._pieces.append(printed)
