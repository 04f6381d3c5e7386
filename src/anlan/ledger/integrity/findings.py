"""All signs of cases that are looked at together, and what could not be looked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from anlan.ledger.integrity import course, measured, photographs, texts
from anlan.ledger.integrity.cases import Case
from anlan.ledger.integrity.signs import Sign, Table, Unchecked, table
from anlan.settings import Words


@dataclass(frozen=True, slots=True)
class Findings:
    """Signs of one problem, the heaviest first, and what could not be looked for. Never a score alone."""

    case: Case
    signs: tuple[Sign, ...]
    unchecked: tuple[Unchecked, ...]

    @property
    def open(self) -> tuple[Sign, ...]:
        """Signs that nobody has answered."""
        return tuple(sign for sign in self.signs if sign.answer is None)

    def plain(self) -> dict[str, Any]:
        """As values of JSON."""
        return {
            "problem": self.case.id,
            "title": self.case.title,
            "signs": [sign.plain() for sign in self.signs],
            "not_checked": [one.plain() for one in self.unchecked],
        }


class Examination:
    """What a collection is looked through with: its photographs, reports, receipts and petitions, found by content.

    Building it costs once for all; `of` then looks at one case.
    """

    def __init__(self, cases: Iterable[Case], rules: Table | None = None) -> None:
        self._cases = tuple(cases)
        self._table = rules or table()
        self._photos = photographs.Photographs(self._cases, self._table.number("near_bits"))
        self._texts = texts.Texts(self._cases, self._table.number("shortest_text"))
        self._receipts = course.receipts(self._cases)
        self._petitions = tuple(one for case in self._cases for one in case.petitions)

    def of(self, case: Case) -> Findings:
        """Signs of one case of the collection."""
        signs, unchecked = [], []
        for one in self._look(case):
            if isinstance(one, Sign):
                signs.append(one)
            else:
                unchecked.append(one)
        answers = {answer.key: answer for answer in case.answers}
        signs = [replace(sign, answer=answers.get(sign.key)) for sign in signs]
        # What was answered and is not seen any more stays, with its answer.
        gone = answers.keys() - {sign.key for sign in signs}
        for key in sorted(gone):
            rule = self._table.rules.get(key.split("-")[0])
            if rule:
                told = Words(
                    "作出答复时有此疑点，按现有材料已看不到",
                    "was there when it was answered, and no longer is by what is known now",
                )
                signs.append(Sign(rule, (told,), (), answers[key]))
        signs.sort(key=lambda sign: (sign.answer is not None, -sign.rule.weight, sign.rule.id, sign.objects))
        return Findings(case, tuple(signs), _joined(unchecked))

    def all(self) -> Iterator[Findings]:
        """Signs of every case."""
        return map(self.of, self._cases)

    def _look(self, case: Case) -> Iterator[Sign | Unchecked]:
        yield from photographs.look(case, self._photos, self._table)
        yield from texts.look(case, self._texts, self._table)
        yield from course.look(case, self._receipts, self._petitions, self._table)
        yield from measured.look(case, self._table)


def _joined(unchecked: list[Unchecked]) -> tuple[Unchecked, ...]:
    return tuple(dict.fromkeys(unchecked))
