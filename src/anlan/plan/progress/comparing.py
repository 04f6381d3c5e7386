"""Two versions of a draft side by side, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from anlan.foundation.screens.texts import text_of
from anlan.plan.progress.forms import ReportForm
from anlan.plan.progress.values import Values


@dataclass(frozen=True, slots=True)
class Difference:
    """Field that two people filled in differently."""

    name: str
    label: str
    mine: str
    theirs: str


def differences(form: ReportForm, mine: Values, theirs: Values) -> list[Difference]:
    """Fields of the form in which the two differ, in its order."""
    left, right = mine.fields, theirs.fields
    return [
        Difference(name, str(form.fields[name].label or name), text_of(left.get(name)), text_of(right.get(name)))
        for name in form.fields
        if text_of(left.get(name)) != text_of(right.get(name))
    ]


def as_json(found: Iterable[Difference]) -> list[dict[str, str]]:
    """For the page's script."""
    return [{"name": one.name, "label": one.label, "theirs": one.theirs} for one in found]
