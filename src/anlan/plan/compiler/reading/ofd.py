"""OFD (GB/T 33190): the text objects of each page, brought into lines by where they stand."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final, NamedTuple

from lxml import etree

from anlan.plan.compiler.reading import limits, xml
from anlan.plan.compiler.reading.archive import Archive
from anlan.plan.compiler.reading.numbering import attribute, child
from anlan.plan.compiler.reading.source import Draft, Unreadable, counted
from anlan.plan.compiler.reading.xml import local

_KIND: Final = "ofd"
# Pieces whose baselines differ by less than this share of the type size stand on one line.
_SAME_LINE: Final = 0.5


class _Piece(NamedTuple):
    y: float
    x: float
    end: float
    size: float
    text: str


def read_ofd(archive: Archive) -> Draft:
    """Text of an OFD file, all its documents one after the other. Page templates (letterheads) are left out."""
    if any(name.endswith("encryptions.xml") for name in archive.names()):
        raise Unreadable("encrypted")
    root = _required(archive, "OFD.xml")
    documents = [(e.text or "").strip() for e in root.iter() if local(e) == "DocRoot"]
    pages = [_page(archive, name) for document in documents for name in _page_names(archive, document)]
    missing = pages.count(None)
    text = "".join(f"{page}\n" for page in pages if page)
    several = len(documents) if len(documents) > 1 else 0
    return Draft(text, counted(pages_missing=missing, several_documents=several))


def _required(archive: Archive, name: str) -> etree._Element:
    data = archive.part(name)
    if data is None:
        raise Unreadable("damaged", format=_KIND)
    return xml.parse(data, _KIND)


def _beside(part: str, location: str) -> str:
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), location))


def _page_names(archive: Archive, document: str) -> list[str]:
    pages = child(_required(archive, document), "Pages")
    locations = [attribute(page, "BaseLoc") for page in pages if local(page) == "Page"] if pages is not None else []
    if len(locations) > limits.PAGES:
        raise Unreadable("too_large", what=f"{len(locations)} pages", limit=str(limits.PAGES))
    return [_beside(document, location) for location in locations if location]


def _page(archive: Archive, name: str) -> str | None:
    """Lines of a page, top to bottom; None if the page is missing from the file."""
    data = archive.part(name)
    if data is None:
        return None
    content = child(xml.parse(data, _KIND), "Content")
    pieces = sorted(_pieces(content)) if content is not None else []
    lines: list[list[_Piece]] = []
    for piece in pieces:
        if lines and piece.y - lines[-1][0].y < _SAME_LINE * lines[-1][0].size:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return "\n".join(_joined(sorted(line, key=lambda piece: piece.x)) for line in lines)


def _joined(line: list[_Piece]) -> str:
    text = ""
    for i, piece in enumerate(line):
        # A gap wider than a character parts words or columns.
        apart = i > 0 and piece.x - line[i - 1].end > piece.size
        text += (" " if apart else "") + piece.text
    return text


def _pieces(content: etree._Element) -> Iterator[_Piece]:
    for element in content.iter():
        if local(element) != "TextObject" or attribute(element, "Visible") == "false":
            continue
        left, top, width, _ = _numbers(attribute(element, "Boundary"), (0.0, 0.0, 0.0, 0.0))
        a, b, c, d, e, f = _numbers(attribute(element, "CTM"), (1.0, 0.0, 0.0, 1.0, 0.0, 0.0))
        (size,) = _numbers(attribute(element, "Size"), (4.0,))
        x = y = 0.0
        for code in element:
            if local(code) != "TextCode" or not code.text:
                continue
            # A TextCode without a place of its own goes on from the one before.
            (x,), (y,) = _numbers(attribute(code, "X"), (x,)), _numbers(attribute(code, "Y"), (y,))
            text = code.text.replace("\r", "").replace("\n", "")
            across = left + a * x + c * y + e
            yield _Piece(top + b * x + d * y + f, across, max(left + width, across), abs(size * d) or size, text)


def _numbers(text: str | None, otherwise: tuple[float, ...]) -> tuple[float, ...]:
    """Numbers of an attribute; `otherwise` if there are not as many as there."""
    try:
        values = tuple(float(part) for part in (text or "").split())
    except ValueError:
        return otherwise
    # NaN would break the order of lines.
    return values if len(values) == len(otherwise) and all(abs(v) < 1e9 for v in values) else otherwise
