"""Wrong input: what is wrong, in which field, told in both languages. `docs/calculations.md` lists the codes."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from anlan.foundation.calc.explain import Bilingual, Lang, Step, step


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input. `field` is a path: `start`, `values[2]`, `points[0].cod`; empty for the whole."""

    code: str
    field: str
    message: Step

    def to_json(self, lang: Lang) -> dict[str, str]:
        """{"code", "field", "message"}."""
        return {"code": self.code, "field": self.field, "message": self.message.tell(lang)}


def faults_to_json(faults: Sequence[Fault], lang: Lang) -> dict[str, object]:
    """Answer to wrong input: `error` is the first fault, `errors` are all of them."""
    told = [fault.to_json(lang) for fault in faults]
    return {"error": told[0], "errors": told}


def shown(value: object) -> str:
    """Value as a message quotes it, cut at 40 characters.

    >>> shown(True), shown("x"), shown(None)
    ('true', '"x"', 'null')
    """
    if isinstance(value, str):
        text = f'"{value}"'
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif value is None:
        text = "null"
    elif isinstance(value, dict):
        text = "{…}"
    elif isinstance(value, list | tuple):
        text = "[…]"
    else:
        text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Known word closest to a mistyped one, or None when nothing is close.

    >>> nearest("natural_day", ["workdays", "natural_days"])
    'natural_days'
    """
    # difflib takes quadratic time; no key of ours is longer than this.
    found = difflib.get_close_matches(word[:60].lower(), (known := {k.lower(): k for k in known}), n=1, cutoff=0.6)
    return known[found[0]] if found else None


def unknown_field(field: str, key: str, known: Iterable[str]) -> Fault:
    """Fault of a key that no input has; names the nearest one."""
    guess = nearest(key, known)
    if guess is None:
        return Fault(
            "unknown_field", field, step("没有名为 {key} 的输入。", "there is no input {key}.", key=shown(key))
        )
    return Fault(
        "unknown_field",
        field,
        step(
            "没有名为 {key} 的输入，是否指 {guess}?",
            "there is no input {key}; did you mean {guess}?",
            key=shown(key),
            guess=guess,
        ),
    )


def missing(field: str) -> Fault:
    """Fault of a required input that is absent or null."""
    return Fault("missing", field, step("缺少 {field}。", "{field} is missing.", field=field))


def wrong_type(field: str, value: object, zh: str, en: str) -> Fault:
    """Fault of a value of another type than the one wanted, which is named in both languages."""
    return Fault(
        "wrong_type",
        field,
        step(
            "{field} 应为{wanted}，收到 {value}。",
            "{field} must be {wanted}, got {value}.",
            field=field or "JSON",
            wanted=Bilingual(zh, en),
            value=shown(value),
        ),
    )
