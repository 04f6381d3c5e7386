"""The spec of a calculation: declared once, it serves command, API, page, help and tests."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.foundation.calc.faults import Fault
from anlan.foundation.calc.inputs import Input, Record

_ID = re.compile(r"[a-z]+\.[a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Output:
    """One named output. `kind` says in English what it is (date, integer, decimal string …); `choices` name its codes.

    With `decimals` given the registry rounds every Decimal in it (also inside lists and objects) as GB/T 8170
    says and gives decimal strings; without, a Decimal becomes a JSON number.
    """

    name: str
    kind: str
    title: Bilingual
    unit: str = ""
    decimals: int | None = None
    rounding: Bilingual | None = None
    choices: Mapping[str, Bilingual] = field(default_factory=dict)

    def describe(self) -> dict[str, object]:
        """Name, kind, titles, unit, choices and rounding as JSON values."""
        told: dict[str, object] = {
            "name": self.name,
            "type": self.kind,
            "unit": self.unit,
            "zh": self.title.zh,
            "en": self.title.en,
        }
        if self.choices:
            told["choices"] = {code: {"zh": words.zh, "en": words.en} for code, words in self.choices.items()}
        if self.decimals is not None:
            told["rounding"] = {"standard": "GB/T 8170", "decimals": self.decimals}
        elif self.rounding is not None:
            told["rounding"] = {"zh": self.rounding.zh, "en": self.rounding.en}
        return told


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """Version of a rule with the days it is in force; `last_day` None means still in force."""

    name: str
    first_day: dt.date
    last_day: dt.date | None = None

    def describe(self) -> dict[str, object]:
        """Name and days as JSON values."""
        return {
            "name": self.name,
            "effective_from": self.first_day.isoformat(),
            "effective_to": None if self.last_day is None else self.last_day.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Example:
    """Worked example: inputs, the outputs they must give (all or some), and the arithmetic in words."""

    inputs: Mapping[str, object]
    outputs: Mapping[str, object]
    note: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a calculation gives: outputs by name (absent ones are null) and the steps that led there.

    `clause` and `rule_version` replace those of the spec where a result rests on a more particular one.
    """

    outputs: Mapping[str, object]
    steps: tuple[Step, ...]
    clause: Bilingual | None = None
    rule_version: str | None = None


Function = Callable[[Mapping[str, object]], Answer]
Batch = Callable[[Sequence[Mapping[str, object]]], Sequence[Answer]]
Check = Callable[[Mapping[str, object]], Iterable[Fault]]


@dataclass(frozen=True, slots=True)
class Calculation:
    """One rule: id `room.name`, titles, inputs, outputs, source clause, versions, function and worked examples.

    `exactly_one` and `at_least_one` are groups of optional inputs; `check` finds faults between inputs that are
    each right by themselves. `function` takes inputs as read (Decimal, date, defaults in). `batch` takes many
    such inputs at once and must answer each as `function` does; a test holds it to that.
    """

    id: str
    title: Bilingual
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    source: Bilingual
    versions: tuple[RuleVersion, ...]
    examples: tuple[Example, ...]
    function: Function
    note: Bilingual | None = None
    exactly_one: tuple[tuple[str, ...], ...] = ()
    at_least_one: tuple[tuple[str, ...], ...] = ()
    check: Check | None = None
    batch: Batch | None = None
    _record: Record = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuses a spec that contradicts itself: ValueError."""
        object.__setattr__(self, "_record", Record(self.inputs))
        names = [one.name for one in self.inputs]
        results = [one.name for one in self.outputs]
        optional = {one.name for one in self.inputs if not one.required}
        if not _ID.fullmatch(self.id):
            raise ValueError(f"calculation id {self.id!r} is not room.name")
        if len(set(names)) != len(names) or len(set(results)) != len(results):
            raise ValueError(f"{self.id}: a name stands twice")
        # `errors` is not: a result may list them (project.funds); what refuses an input is `error` as an object.
        if "explain" in results:
            raise ValueError(f"{self.id}: explain is taken")
        if not self.versions or not self.examples:
            raise ValueError(f"{self.id}: needs a rule version and a worked example")
        if not all(set(group) <= optional for group in (*self.exactly_one, *self.at_least_one)):
            raise ValueError(f"{self.id}: a group names an input that is unknown or required")

    def read(self, given: object, faults: list[Fault]) -> dict[str, object]:
        """Inputs as the function wants them; adds all faults found. With faults the result is meaningless."""
        read = self._record.read(given, "", faults)
        if isinstance(given, Mapping):
            faults.extend(self._group_faults({name for name in read if given.get(name) is not None}))
        if not faults and self.check is not None:
            faults.extend(self.check(read))
        return read

    def _group_faults(self, given: set[str]) -> Iterable[Fault]:
        for group in self.exactly_one:
            present = [name for name in group if name in given]
            # One fault for each name too many, so that a form can mark them all.
            for name in present[1:] or (() if present else group[:1]):
                yield Fault(
                    "exactly_one",
                    name,
                    step(
                        "{names} 中须恰好给出一个，收到 {n} 个。",
                        "give exactly one of {names}, got {n}.",
                        names="、".join(group),
                        n=len(present),
                    ),
                )
        for group in self.at_least_one:
            if not given.intersection(group):
                yield Fault(
                    "at_least_one",
                    group[0],
                    step("{names} 中至少给出一个。", "give at least one of {names}.", names="、".join(group)),
                )

    @property
    def version(self) -> RuleVersion:
        """Version of the rule now in use: the last one listed."""
        return self.versions[-1]

    def describe(self) -> dict[str, object]:
        """Whole spec as JSON values."""
        return {
            "id": self.id,
            "title": {"zh": self.title.zh, "en": self.title.en},
            "note": None if self.note is None else {"zh": self.note.zh, "en": self.note.en},
            "inputs": [one.describe() for one in self.inputs],
            "exactly_one": [list(group) for group in self.exactly_one],
            "at_least_one": [list(group) for group in self.at_least_one],
            "outputs": [one.describe() for one in self.outputs],
            "source": {"zh": self.source.zh, "en": self.source.en},
            "rule_versions": [one.describe() for one in self.versions],
            "examples": [{"inputs": dict(one.inputs), "outputs": dict(one.outputs)} for one in self.examples],
        }
