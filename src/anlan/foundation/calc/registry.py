"""The registry: calculations by id, one call to run them, one shape of answer."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from anlan.foundation.calc.explain import Explanation, Lang
from anlan.foundation.calc.faults import Fault, faults_to_json, nearest
from anlan.foundation.calc.rounding import rounded
from anlan.foundation.calc.spec import Answer, Calculation

# Rows read before they are computed together: enough for a batch form to pay, small enough to hold.
_CHUNK = 500


class UnknownCalculationError(LookupError):
    """No calculation of this id. `nearest` is the id that was perhaps meant."""

    def __init__(self, id: str, nearest: str | None) -> None:
        super().__init__(id)
        self.id = id
        self.nearest = nearest


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of one run: outputs with their explanation, or the faults of the input. `id` is the calculation's."""

    outputs: Mapping[str, object]
    explanation: Explanation | None
    faults: tuple[Fault, ...] = ()
    id: str = ""

    @property
    def wrong_input(self) -> bool:
        """Whether the input was refused; a negative verdict is not that."""
        return bool(self.faults)

    def to_json(self, lang: Lang) -> dict[str, object]:
        """Outputs and `explain`, or `error` and `errors`, as JSON values."""
        if self.explanation is None:
            return faults_to_json(self.faults, lang)
        return {**self.outputs, "explain": self.explanation.to_json(lang)}


class Registry:
    """Calculations by id."""

    def __init__(self, calculations: Iterable[Calculation]) -> None:
        """Registry of these; ValueError when an id stands twice."""
        self._by_id: dict[str, Calculation] = {}
        for one in calculations:
            if one.id in self._by_id:
                raise ValueError(f"calculation {one.id} is listed twice")
            self._by_id[one.id] = one

    def __iter__(self) -> Iterator[Calculation]:
        return iter(self._by_id.values())

    def __getitem__(self, id: str) -> Calculation:
        """Calculation of this id; UnknownCalculationError, with the nearest id, when there is none."""
        try:
            return self._by_id[id]
        except KeyError:
            raise UnknownCalculationError(id, nearest(id, self._by_id)) from None

    def run(self, id: str, inputs: object, lang: Lang = "zh") -> dict[str, object]:
        """Result of one calculation as JSON values: outputs and `explain`, or `error` and `errors`."""
        return self.compute(id, inputs).to_json(lang)

    def compute(self, id: str, inputs: object) -> Outcome:
        """Result of one calculation with its explanation as an object."""
        calculation = self[id]
        faults: list[Fault] = []
        read = calculation.read(inputs, faults)
        return _refused(faults) if faults else _outcome(calculation, calculation.function(read))

    def compute_many(self, id: str, rows: Iterable[object]) -> Iterator[Outcome]:
        """Result of each row in order, in constant memory; uses the batch form where there is one."""
        calculation = self[id]
        if calculation.batch is None:
            for row in rows:
                yield self.compute(id, row)
            return
        source = iter(rows)
        while chunk := list(itertools.islice(source, _CHUNK)):
            outcomes: list[Outcome | None] = []
            sound: list[dict[str, object]] = []
            for row in chunk:
                faults: list[Fault] = []
                read = calculation.read(row, faults)
                outcomes.append(_refused(faults) if faults else None)
                if not faults:
                    sound.append(read)
            answers = iter(calculation.batch(sound))
            for outcome in outcomes:
                yield _outcome(calculation, next(answers)) if outcome is None else outcome


def _refused(faults: list[Fault]) -> Outcome:
    return Outcome({}, None, tuple(faults))


def _outcome(calculation: Calculation, answer: Answer) -> Outcome:
    outputs: dict[str, object] = {}
    for one in calculation.outputs:
        outputs[one.name] = _jsonable(answer.outputs.get(one.name), one.decimals)
    if stray := answer.outputs.keys() - outputs.keys():
        raise ValueError(f"{calculation.id} gives outputs its spec does not declare: {sorted(stray)}")
    explanation = Explanation(
        answer.steps,
        answer.clause or calculation.source,
        answer.rule_version or calculation.version.name,
    )
    return Outcome(outputs, explanation, id=calculation.id)


def _jsonable(value: object, decimals: int | None) -> object:
    if isinstance(value, Decimal):
        if decimals is not None:
            return rounded(value, decimals)
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _jsonable(one, decimals) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(one, decimals) for one in value]
    return value
