"""Values that reading gives: the text of a file with remarks, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from anlan.plan.compiler.model import Span
from anlan.plan.compiler.reading.messages import NAMES, REFUSALS, REMARKS


class Format(StrEnum):
    """What a file is, by its content."""

    TEXT = "text"
    DOCX = "docx"
    PDF = "pdf"
    HTML = "html"
    MHT = "mht"
    OFD = "ofd"
    DOC = "doc"
    RTF = "rtf"
    ODT = "odt"
    WORD_XML = "word_xml"


def _fill(pattern: str, arguments: Mapping[str, str], language: int) -> str:
    spoken = dict(arguments)
    if "format" in spoken:
        spoken["format"] = NAMES[spoken["format"]][language] if spoken["format"] in NAMES else spoken["format"]
    return pattern.format_map(spoken)


@dataclass(frozen=True, slots=True)
class Remark:
    """Finding that did not stop the reading. `span` counts in the text read, None where it has no single place."""

    code: str
    arguments: dict[str, str] = field(default_factory=dict)
    span: Span | None = None

    @property
    def zh(self) -> str:
        """Chinese sentence."""
        return _fill(REMARKS[self.code][0], self.arguments, 0)

    @property
    def en(self) -> str:
        """English sentence."""
        return _fill(REMARKS[self.code][1], self.arguments, 1)


@dataclass(frozen=True, slots=True)
class Source:
    """Text of a file as the compiler takes it, the format it was read from, and what there is to say about that."""

    text: str
    format: Format
    remarks: tuple[Remark, ...] = ()


class Unreadable(Exception):  # noqa: N818 - a verdict on the file that is shown to its sender, not a fault of ours
    """File that gives no text. `code` is stable; `zh` and `en` say why and what to do instead."""

    def __init__(self, code: str, **arguments: str) -> None:
        super().__init__(code, arguments)
        self.code = code
        self.arguments = arguments

    @property
    def zh(self) -> str:
        """Chinese sentence."""
        return _fill(REFUSALS[self.code][0], self.arguments, 0)

    @property
    def en(self) -> str:
        """English sentence."""
        return _fill(REFUSALS[self.code][1], self.arguments, 1)

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"


class Draft(NamedTuple):
    """Text as one format's reader gives it. `aside` is what is left out but may bear a secrecy mark (headers)."""

    text: str
    remarks: tuple[Remark, ...] = ()
    aside: str = ""
    undecodable: int = 0


def counted(**counts: int) -> tuple[Remark, ...]:
    """Remarks whose only argument is a count, those that counted nothing left out."""
    return tuple(Remark(code, {"count": str(count)}) for code, count in counts.items() if count)
