"""A compiled document as plain data for JSON: the plan's keys, and what is known about file, register and findings."""

from __future__ import annotations

from typing import Any

from anlan.plan.compiler.diagnostics.messages import message
from anlan.plan.compiler.model import Diagnostic
from anlan.plan.compiler.output import to_dict
from anlan.plan.document import Document, Lines


def report(document: Document, lang: str) -> dict[str, Any]:
    """Everything about a document; `docs/compiler.md` describes each key. `lang` (zh, en) is that of the messages."""
    lines = Lines(document.plan.text)
    register, coverage = document.register, document.coverage
    return {
        **to_dict(document.plan, lang),
        "diagnostics": [finding(one, lines, lang) for one in document.findings()],
        "file": document.name,
        "format": document.source.format.value,
        "characters": len(document.plan.text),
        "remarks": [
            {
                "code": remark.code,
                "message": remark.en if lang == "en" else remark.zh,
                "start": remark.span.start if remark.span else None,
                "end": remark.span.end if remark.span else None,
            }
            for remark in document.source.remarks
        ],
        "register": {
            "name": register.name.speak(lang) if register else None,
            "names_printed": coverage.named if coverage else 0,
            "names_known": coverage.known if coverage else 0,
        },
    }


def finding(one: Diagnostic, lines: Lines, lang: str) -> dict[str, Any]:
    """One finding; `line` and `column` count from 1, `start` and `end` are code points of the decoded text."""
    line, column = lines.place(one.span.start)
    return {
        "code": one.code,
        "severity": one.severity.value,
        "message": message(one, lang),
        "start": one.span.start,
        "end": one.span.end,
        "measure": one.measure,
        "line": line,
        "column": column,
    }
