"""Explanations: the steps of a computation as values, told in Chinese or English when asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Lang = Literal["zh", "en"]


class Bilingual(NamedTuple):
    """Words in both languages of the product."""

    zh: str
    en: str

    def tell(self, lang: Lang) -> str:
        """Words in one language."""
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a computation: a sentence with places `{name}`, and the numbers that fill them.

    A number may itself be bilingual (the name of a weekday, of a holiday).
    """

    words: Bilingual
    numbers: Mapping[str, object] = field(default_factory=dict)

    def tell(self, lang: Lang) -> str:
        """Sentence in one language with its numbers put in."""
        told = {k: v.tell(lang) if isinstance(v, Bilingual) else v for k, v in self.numbers.items()}
        return self.words.tell(lang).format_map(told)


def step(zh: str, en: str, **numbers: object) -> Step:
    """Step from its two sentences and its numbers.

    >>> step("{n} 个工作日", "{n} working days", n=10).tell("zh")
    '10 个工作日'
    """
    return Step(Bilingual(zh, en), numbers)


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a result came about: its steps, the clause it rests on and the version of the rule."""

    steps: tuple[Step, ...]
    clause: Bilingual
    rule_version: str

    def to_json(self, lang: Lang) -> dict[str, object]:
        """The `explain` of a result: {"steps": [sentence …], "clause", "rule_version"}."""
        return {
            "steps": [s.tell(lang) for s in self.steps],
            "clause": self.clause.tell(lang),
            "rule_version": self.rule_version,
        }
