"""Short notation for what the compiler reads, so that a case of a table is one line.

Duties: `L 区水利局 | C 区财政局 各镇街 | R …` (lead, cooperating, responsible). Deadlines: `by 2024-06-30 | during -`
(kind and date, `-` where there is none). The plan round an item is of 2024.
"""

from __future__ import annotations

from anlan.plan.compiler.compile import compile_text
from anlan.plan.compiler.model import Measure, Plan, Role

HEAD = "临江区2024年河湖保护工作方案\n为做好有关工作，制定本方案。\n"
MARKS = {Role.LEAD: "L", Role.COOPERATING: "C", Role.RESPONSIBLE: "R"}


def plan_of(body: str) -> Plan:
    """Plan of 2024 with this body."""
    return compile_text(HEAD + body)


def item_of(text: str) -> Measure:
    """Measure whose text this is, between a heading and another item."""
    measures = plan_of(f"一、重点任务\n（一）{text}\n（二）加强信息报送。按要求报送工作信息。\n").measures
    assert [m.number for m in measures] == ["（一）", "（二）"]
    return measures[0]


def duties(measure: Measure) -> str:
    """Duties of a measure in the notation above."""
    stated = ((mark, measure.units(role)) for role, mark in MARKS.items())
    return " | ".join(
        " ".join([mark, *units]) for mark, units in sorted(stated, key=lambda s: "LCR".index(s[0])) if units
    )


def deadlines(measure: Measure) -> str:
    """Deadlines of a measure in the notation above."""
    return " | ".join(f"{d.kind} {d.date or '-'}" for d in measure.deadlines)


def lines(plan: Plan) -> list[str]:
    """Measures of a plan, one a line: number [path] title {duties} deadlines."""
    return [
        " ".join(
            part
            for part in (
                m.number,
                f"[{'/'.join(m.path)}]" if m.path else "",
                m.title or "—",
                f"{{{duties(m)}}}" if m.duties else "",
                deadlines(m),
            )
            if part
        )
        for m in plan.measures
    ]
