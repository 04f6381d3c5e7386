"""The project library and a bound target of the small district, for tests that go through all pages."""

from __future__ import annotations

from typing import Any

from anlan.foundation.access.actor import Actor, machine
from anlan.foundation.org.models import Unit
from anlan.plan.binding import actions as binding
from anlan.plan.models import Target
from anlan.registers import actions
from anlan.registers.book import get
from anlan.registers.installing import install
from anlan.registers.models import Row
from anlan.registers.projects import library
from anlan.registers.sources import gather


def build(clerk: Actor, home: Unit, target: Target) -> dict[str, Any]:
    """A project with a plan, a month, a milestone and a document; a target bound to its registers, and a refusal."""
    sources = gather().sources
    for code in (library.PROJECT, library.YEAR, library.MONTH, library.MILESTONE, library.DOCUMENT):
        install(machine("test"), sources[code])
    row = project(clerk, "XM-1", home.short_name)
    add = {"project": "XM-1", "owner": home.short_name}
    actions.add(
        clerk,
        get(library.YEAR),
        {**add, "period": "2024", "carried": "0", "plan": "800", "plan_bond": "800", "image_goal": "通水"},
    )
    actions.add(
        clerk,
        get(library.MILESTONE),
        {**add, "name": "开工", "kind": "开工", "planned": "2024-05-01"},
    )
    binding.bind(clerk, target, library.PROJECT, "projects")
    refused = binding.refuse(clerk, target, library.PROJECT, "early")
    return {"projects": row, "target-readmit:refusal": refused}


def project(clerk: Actor, number: str, unit: str) -> Row:
    """Project of a unit, 1000 万元 of special bonds."""
    return actions.add(
        clerk,
        get(library.PROJECT),
        {
            "number": number,
            "name": f"项目{number}",
            "category": "sewage",
            "owner": unit,
            "town": "990101101",
            "total": "1000",
            "special_bond": "1000",
            "secured": "600",
            "planned_start": "2024-04-01",
            "planned_finish": "2024-12-31",
        },
    )


def one_more(clerk: Actor, number: int) -> None:
    """One project more."""
    project(clerk, f"KC-{number}", "区生态环境局")
