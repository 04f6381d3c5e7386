"""Facts that rules stand on: tables beside the rule, each with its source, its days in force and how sure it is."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from typing import Any

from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.foundation.calc.spec import RuleVersion

_DOUBTS = {
    "medium": step(
        "所用数值可信度中（单一来源或工作知识），依据原文核对后可在配置中更正。",
        "Medium confidence in the figures used (one source, or working knowledge); configuration can correct them.",
    ),
    "low": step(
        "所用数值可信度低，尚待原文核实，应以配置中的数值为准。",
        "Low confidence in the figures used: not confirmed in the text; configuration decides.",
    ),
    "design": step(
        "所用分值和界限是本软件的默认值，并非法定，可由本区规定后写入配置。",
        "The points and bounds used are defaults of this software, not law; the district may configure its own.",
    ),
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts come from: title as a clause, rule version with its days in force, and confidence.

    `confidence`: high read in the text, medium one source or working knowledge, low recollection,
    design a default chosen by this software.
    """

    title: Bilingual
    version: RuleVersion
    confidence: str

    @property
    def doubt(self) -> tuple[Step, ...]:
        """Step that says how sure the facts are; none where the text was read."""
        return () if self.confidence == "high" else (_DOUBTS[self.confidence],)


def source(table: Mapping[str, Any]) -> Source:
    """Source of a table with id, title, effective_from, effective_to (where it has ended) and confidence."""
    confidence = table["confidence"]
    if confidence != "high" and confidence not in _DOUBTS:
        raise ValueError(f"{table['id']}: confidence {confidence!r}")
    first: dt.date = table["effective_from"]
    return Source(bilingual(table["title"]), RuleVersion(table["id"], first, table.get("effective_to")), confidence)


def bilingual(words: Mapping[str, str]) -> Bilingual:
    """Words of a table in both languages."""
    return Bilingual(words["zh"], words["en"])


def facts(package: str, name: str) -> dict[str, Any]:
    """Tables of a TOML file in the `data` folder of a package, figures as exact decimals."""
    return tomllib.loads(text(package, name), parse_float=Decimal)


def text(package: str, name: str) -> str:
    """Text of a file in the `data` folder of a package."""
    return (resources.files(package) / "data" / name).read_text(encoding="utf-8")
