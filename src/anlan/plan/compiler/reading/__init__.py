"""Reading files: bytes in, text out. What is kept, what is set aside and every message: `docs/reading.md`."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Mapping
from email.message import Message
from typing import Final

from anlan.plan.compiler.model import Span
from anlan.plan.compiler.reading import limits, office
from anlan.plan.compiler.reading.archive import Archive
from anlan.plan.compiler.reading.decoding import decode, tidy
from anlan.plan.compiler.reading.ofd import read_ofd
from anlan.plan.compiler.reading.pdf import read_pdf
from anlan.plan.compiler.reading.secrecy import refuse_marked
from anlan.plan.compiler.reading.sniffing import compound, signature, zipped
from anlan.plan.compiler.reading.source import Draft, Format, Remark, Source, Unreadable, counted
from anlan.plan.compiler.reading.webpage import declared_encoding, is_webpage, read_webpage
from anlan.plan.compiler.reading.word import read_docx

__all__ = ["Format", "Remark", "Source", "Unreadable", "read"]

# What a name's suffix leads to expect. Other suffixes promise nothing.
_PROMISED: Final[Mapping[str, frozenset[Format]]] = {
    "txt": frozenset({Format.TEXT}),
    "docx": frozenset({Format.DOCX}),
    "doc": frozenset({Format.DOC}),
    "wps": frozenset({Format.DOC}),
    "pdf": frozenset({Format.PDF}),
    "ofd": frozenset({Format.OFD}),
    "rtf": frozenset({Format.RTF}),
    "html": frozenset({Format.HTML}),
    "htm": frozenset({Format.HTML}),
    "mht": frozenset({Format.MHT}),
    "mhtml": frozenset({Format.MHT}),
}
_SUFFIX = re.compile(r"\.([A-Za-z]{2,5})\s*$")
_SUFFIXES: Final = {Format.DOC: "doc", Format.RTF: "rtf", Format.ODT: "odt", Format.WORD_XML: "xml"}


def read(data: bytes, name: str = "") -> Source:
    """Text of a file, whatever the file is. Content decides; `name` only serves to remark that it says otherwise.

    Line ends become line feeds and control characters are dropped; nothing else of the text is touched.
    Raises Unreadable, and nothing else, if there is no text to be had or a state-secret mark forbids to take it.
    """
    if not data:
        raise Unreadable("empty")
    if len(data) > limits.FILE_BYTES:
        size, limit = (f"{value / limits.MB:.0f} MB" for value in (len(data), limits.FILE_BYTES))
        raise Unreadable("too_large", what=size, limit=limit)
    form, draft = _draft(data)
    text, dropped = tidy(draft.text)
    refuse_marked(text, draft.aside)
    if not text:
        raise Unreadable("empty") if form is Format.TEXT else Unreadable("no_text", format=form)
    if form is not Format.TEXT and not text.strip():
        raise Unreadable("no_text", format=form)
    remarks = [*draft.remarks, *counted(controls_dropped=dropped)]
    if draft.undecodable:
        at = text.find("\ufffd")
        span = Span(at, at + 1) if at >= 0 else None
        remarks.insert(0, Remark("undecodable", {"count": str(draft.undecodable)}, span))
    suffix = found[1].lower() if (found := _SUFFIX.search(name)) else ""
    if form not in _PROMISED.get(suffix, {form}):
        remarks.insert(0, Remark("named_otherwise", {"suffix": suffix, "format": form}))
    return Source(text, form, tuple(remarks))


def _draft(data: bytes) -> tuple[Format, Draft]:
    kind = signature(data)
    if kind == "zip":
        archive = Archive(data)
        form = zipped(archive)
        readers: dict[Format, Callable[[Archive], Draft]] = {Format.DOCX: read_docx, Format.OFD: read_ofd}
        return form, readers[form](archive) if form in readers else _converted(data, form)
    if kind == "ole":
        form = compound(data)
        return form, _converted(data, form)
    if kind == Format.PDF:
        return Format.PDF, read_pdf(data)
    if kind == Format.MHT:
        return Format.MHT, _web_archive(data)
    if kind is not None:
        return Format(kind), _converted(data, Format(kind))
    text, bad = decode(data, declared_encoding(data))
    if is_webpage(text):
        return Format.HTML, read_webpage(text)._replace(undecodable=bad)
    return Format.TEXT, Draft(text, undecodable=bad)


def _converted(data: bytes, form: Format) -> Draft:
    draft = read_docx(Archive(office.convert(data, _SUFFIXES[form], form)))
    return draft._replace(remarks=(Remark("converted", {"format": form}), *draft.remarks))


def _web_archive(data: bytes) -> Draft:
    """Text of a web archive: its first page, the way the browser shows it."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
        content = page.get_payload(decode=True) if isinstance(page, Message) else None
        charset = page.get_content_charset() if page is not None else None
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        # Parts inside parts are parsed by recursion; only an attack nests them by the hundred.
        raise Unreadable("damaged", format=Format.MHT) from error
    if not isinstance(content, bytes) or not content:
        raise Unreadable("no_text", format=Format.MHT)
    text, bad = decode(content, charset or declared_encoding(content))
    return read_webpage(tidy(text)[0])._replace(undecodable=bad)
