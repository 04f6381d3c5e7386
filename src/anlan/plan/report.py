"""A compiled document as plain data for JSON: the plan's keys, and what is known about file, register and findings."""

from __future__ import annotations

from typing import Any

from anlan.plan.compiler.output import to_dict
from anlan.plan.document import Document, Lines


def report(document: Document, lang: str) -> dict[str, Any]:
    """Everything about a document; `docs/compiler.md` describes each key. `lang` (zh, en) is that of the messages."""
    lines = Lines(document.plan.text)
    register, coverage = document.register, document.coverage
    plan = to_dict(document.plan, lang)
    return {
        **plan,
        "diagnostics": [{**one, **lines.place(one["start"])._asdict()} for one in plan["diagnostics"]],
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
