"""PDF with text: the text of each page in the order of the file, every page ending with a line feed."""

from __future__ import annotations

import threading
from itertools import islice
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from anlan.plan.compiler.reading import limits
from anlan.plan.compiler.reading.decoding import plausibility
from anlan.plan.compiler.reading.source import Draft, Remark, Unreadable, counted

# A scan's page has no characters, or only the few that the scanning app stamps on it.
_SCANNED_BELOW: Final = 30
# Fonts without a table of characters give private-use signs and random letters; a real text has 0.97 and more.
_GARBLED_BELOW: Final = 0.5
# PDFium is not thread-safe: one document at a time in a process.
_LOCK: Final = threading.Lock()


def read_pdf(data: bytes) -> Draft:
    """Text of a PDF. Unreadable if it is damaged, needs a password, is a scan or comes out garbled."""
    with _LOCK:
        pages, pictured = _pages(data)
    remarks = counted(pages_missing=pages.count(None))
    texts = [page or "" for page in pages]
    sizes = [len("".join(text.split())) for text in texts]
    if not any(sizes) or (any(pictured) and sum(sizes) < _SCANNED_BELOW * len(sizes)):
        raise Unreadable("scanned_pdf")
    text = "".join(f"{page}\n" for page in texts)
    if plausibility("".join(text.split())) < _GARBLED_BELOW:
        raise Unreadable("garbled_pdf")
    scans = [str(i) for i, (size, picture) in enumerate(zip(sizes, pictured, strict=True), 1) if not size and picture]
    if scans:
        remarks += (Remark("pages_without_text", {"pages": "、".join(scans)}),)
    return Draft(text, remarks)


def _pages(data: bytes) -> tuple[list[str | None], list[bool]]:
    """Text of each page (None if it does not open), and for each whether it has a picture."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise Unreadable("encrypted") from error
        raise Unreadable("damaged", format="pdf") from error
    texts: list[str | None] = []
    pictured: list[bool] = []
    try:
        count = len(document)
        if count > limits.PAGES:
            raise Unreadable("too_large", what=f"{count} pages", limit=str(limits.PAGES))
        for index in range(count):
            text, picture = _page(document, index)
            texts.append(text)
            pictured.append(picture)
    finally:
        document.close()
    return texts, pictured


def _page(document: pypdfium2.PdfDocument, index: int) -> tuple[str | None, bool]:
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        return None, False
    try:
        textpage = page.get_textpage()
        # PDFium marks a hyphen at a line's end as U+FFFE or U+0002; it is a dash of the text ("2021-\n2023").
        text = textpage.get_text_bounded().replace("\ufffe", "-").replace("\x02", "-")
        textpage.close()
        pictures = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)
        return text, any(True for _ in islice(pictures, 1))
    except pypdfium2.PdfiumError:
        return None, False
    finally:
        page.close()
