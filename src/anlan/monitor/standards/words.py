"""Words of verdicts: Chinese as the standards print them, English for explanations."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from typing import Any

from anlan.foundation.calc.explain import Bilingual
from anlan.foundation.calc.spec import RuleVersion

_ENGLISH = {
    "劣Ⅴ": "worse than Ⅴ",
    "优": "excellent",
    "良好": "good",
    "轻度污染": "lightly polluted",
    "中度污染": "moderately polluted",
    "重度污染": "heavily polluted",
    "蓝色": "blue",
    "绿色": "green",
    "黄色": "yellow",
    "橙色": "orange",
    "红色": "red",
    "贫营养": "oligotrophic",
    "中营养": "mesotrophic",
    "轻度富营养": "lightly eutrophic",
    "中度富营养": "moderately eutrophic",
    "重度富营养": "heavily eutrophic",
    "无明显变化": "no marked change",
    "有所好转": "somewhat better",
    "有所下降": "somewhat worse",
    "明显好转": "markedly better",
    "明显下降": "markedly worse",
    "上升": "rising",
    "下降": "falling",
    "平稳": "stable",
    "重度黑臭": "heavily black-odorous",
    "轻度黑臭": "lightly black-odorous",
    "黑臭": "black-odorous",
    "不黑臭": "not black-odorous",
    "一级A": "1A",
    "一级B": "1B",
    "一级": "1",
    "二级": "2",
    "三级": "3",
    "表2 不分级": "table 2",
    "表3 选择项目": "table 3",
    "表5 日均": "table 5",
    "新建": "new enterprises",
    "特别限值": "special limits",
    "未评价": "not judged",
}


def word(zh: str | None) -> Bilingual:
    """A verdict in both languages; what has no translation stays as it is, None is 未评价.

    >>> word("劣Ⅴ").en, word("Ⅲ").en
    ('worse than Ⅴ', 'Ⅲ')
    """
    zh = zh or "未评价"
    return Bilingual(zh, _ENGLISH.get(zh, zh))


@dataclass(frozen=True, slots=True)
class Source:
    """Document a table comes from: its title, its rule version with days in force, and how sure the facts are."""

    title: Bilingual
    version: RuleVersion
    confidence: str


def source(table: Mapping[str, Any]) -> Source:
    """Source of a table of facts with id, title, effective_from, effective_to (where it has ended), confidence."""
    first: dt.date = table["effective_from"]
    return Source(
        Bilingual(table["title"]["zh"], table["title"]["en"]),
        RuleVersion(table["id"], first, table.get("effective_to")),
        table["confidence"],
    )


def facts(name: str) -> dict[str, Any]:
    """Tables of a TOML file carried here, figures as exact decimals."""
    text = (resources.files("anlan.monitor.standards") / "data" / name).read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal)
