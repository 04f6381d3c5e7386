"""Web pages saved from a browser: what a reader sees, as lines. Parsed as a stream, so nesting costs no stack."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from typing import Final, cast

from lxml import etree

from anlan.plan.compiler.reading.numerals import print_number
from anlan.plan.compiler.reading.source import Draft, counted
from anlan.plan.compiler.reading.webtable import TableStack

# Never seen as text. <form> is not among them: many government sites (ASP.NET) wrap the whole page in one.
_DROPPED: Final = frozenset(
    {
        "head", "script", "style", "noscript", "template", "nav", "select", "option", "optgroup", "datalist",
        "button", "textarea", "iframe", "frame", "object", "embed", "applet", "svg", "canvas", "audio", "video",
        "map", "rp", "rt",
    }
)  # fmt: skip
_BLOCKS: Final = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "ol", "p", "pre", "section", "summary",
        "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "title",
    }
)  # fmt: skip
_REGIONS: Final = frozenset({"header", "footer"})
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_NO_MARKER = re.compile(r"list-style(?:-type)?\s*:\s*none", re.IGNORECASE)
_LIST_FORMS: Final = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w-]{2,20})", re.IGNORECASE)
# Atomic: a row of comments must not be tried in every way that it could be cut up.
_START = re.compile(
    r"(?>(?:\s|(?><!--.*?-->)|<\?[^>]*>|<!\[[^>]*>)*)"
    r"<(?:!doctype\s+html|(?:html|head|body|meta|title|style|script|table|div|p|span|h[1-6]|center|font)(?=[\s>/]))",
    re.IGNORECASE | re.DOTALL,
)


def declared_encoding(data: bytes) -> str | None:
    """Encoding that a page declares in its first 4 096 bytes, as written; None if it declares none."""
    found = _META.search(data, 0, 4096) or _XML_ENCODING.search(data, 0, 4096)
    return found[1].decode("ascii", "replace") if found else None


def is_webpage(text: str) -> bool:
    """Whether text is HTML: it opens with one of the elements that pages and exported tables open with.

    >>> is_webpage("<!DOCTYPE html><p>一"), is_webpage("一、<p>是段落标记")
    (True, False)
    """
    return _START.match(text[:20_000]) is not None


def read_webpage(text: str) -> Draft:
    """Visible text of a page: a line for each block, a line with tabs for each row of a table."""
    # A broken page gives what was read before the break; the parser mends nearly all and stops at very few.
    page = _Page()
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, target=cast("etree.ParserTarget", page))
    with contextlib.suppress(etree.LxmlError):
        parser.feed(text.encode("utf-8", "replace"))
        parser.close()
    return Draft("\n".join(page.lines()), counted(hidden_text=page.hidden))


class _List:
    """List with its counter: browsers print the numbers of <ol>, so they belong to the text."""

    def __init__(self, tag: str, attributes: Mapping[str, str]) -> None:
        plain = tag != "ol" or _NO_MARKER.search(attributes.get("style", "")) is not None
        self._form = None if plain else _LIST_FORMS.get(attributes.get("type", "1"), "decimal")
        self._next = _whole(attributes.get("start")) or 1

    def marker(self, attributes: Mapping[str, str]) -> str:
        """Number of the next item as printed, empty if the list or the item has none."""
        if self._form is None or _NO_MARKER.search(attributes.get("style", "")):
            return ""
        number = _whole(attributes.get("value")) or self._next
        self._next = number + 1
        return f"{print_number(number, self._form)}. "


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else None


class _Page:
    """Target of the parser: start, end and data in the order of the file."""

    def __init__(self) -> None:
        self._tables = TableStack()
        self._open: list[str] = []
        self._dropped_at: int | None = None
        self._links = 0
        self._pre = 0
        self._lists: list[_List] = []
        self.hidden = 0

    def lines(self) -> list[str]:
        """Lines read so far, unclosed elements closed."""
        return self._tables.finish()

    def close(self) -> None:
        """Nothing to hand back: the page itself is asked for its lines."""

    def comment(self, text: str) -> None:
        """Comments are not seen."""

    def pi(self, target: str, data: str | None = None) -> None:
        """Processing instructions are not seen."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        self._open.append(tag)
        if self._dropped_at is not None:
            return
        style = attributes.get("style", "")
        unseen = "hidden" in attributes or _UNSEEN.search(style) is not None
        if unseen or tag in _DROPPED or attributes.get("role") == "navigation":
            self._dropped_at = len(self._open)
            self.hidden += unseen and tag not in _DROPPED
            return
        if tag in _BLOCKS:
            self._tables.flow.end_line()
        if tag == "br":
            self._tables.flow.end_line()
        elif tag == "a":
            self._links += 1
        elif tag == "pre":
            self._pre += 1
        elif tag in _REGIONS:
            self._tables.open_region()
        elif tag in {"ol", "ul", "menu", "dir"}:
            self._lists.append(_List(tag, attributes))
        elif tag == "li" and self._lists:
            self._tables.flow.add(self._lists[-1].marker(attributes))
        else:
            self._tables.start(tag, attributes)

    def end(self, tag: str) -> None:
        """Close an element; one that was never opened is ignored."""
        if not self._open:
            return
        self._open.pop()
        if self._dropped_at is not None:
            if len(self._open) < self._dropped_at:
                self._dropped_at = None
            return
        if tag in _BLOCKS:
            self._tables.flow.end_line()
        if tag == "a":
            self._links = max(self._links - 1, 0)
        elif tag == "pre":
            self._pre = max(self._pre - 1, 0)
        elif tag in _REGIONS:
            self._tables.close_region()
        elif tag in {"ol", "ul", "menu", "dir"} and self._lists:
            self._lists.pop()
        else:
            self._tables.end(tag)

    def data(self, text: str) -> None:
        """Take text."""
        if self._dropped_at is not None:
            return
        if not self._pre:
            self._tables.flow.add(text, linked=self._links > 0)
            return
        for i, line in enumerate(text.split("\n")):
            if i:
                self._tables.flow.end_line()
            self._tables.flow.add(line.replace(" ", "\xa0"))
