"""Words of notices by code. A room declares its own in its `notices.py`; a notice stores only the code and the values.

    declare("plan.issued", Words("《{plan}》已下达，本单位有 {n} 项任务", "{plan} is issued: {n} tasks are yours"))

A value may be Words, told in the reader's language; everything else is data and never translated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.module_loading import autodiscover_modules

from anlan.settings import Words

TEMPLATES: dict[str, Words] = {}
_FIELD = re.compile(r"\{(\w+)\}")


def declare(code: str, words: Words) -> None:
    """Declares the words of a notice; both languages name the same values."""
    if set(_FIELD.findall(words.zh)) != set(_FIELD.findall(words.en)):
        raise ValueError(f"notice {code} names other values in Chinese than in English")
    if TEMPLATES.setdefault(code, words) != words:
        raise ValueError(f"notice {code} is declared twice")


def template(code: str) -> Words | None:
    """Words of a code, None if no room of this version has it."""
    if code not in TEMPLATES:
        autodiscover_modules("notices")
    return TEMPLATES.get(code)


def fields(code: str) -> set[str]:
    """Names of the values that a notice needs. KeyError for a code that nobody declared."""
    words = template(code)
    if words is None:
        raise KeyError(f"no notice {code}: declare it in the room's notices.py")
    return set(_FIELD.findall(words.zh))


def stored(args: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON keeps them.

    >>> stored({"job": Words("导入", "import"), "n": 3})
    {'job': {'zh': '导入', 'en': 'import'}, 'n': 3}
    """
    return {
        name: {"zh": value.zh, "en": value.en} if isinstance(value, Words) else value for name, value in args.items()
    }


def words(code: str, args: Mapping[str, Any]) -> Words:
    """Words of a notice in both languages; values are put in as they are, braces in them mean nothing."""
    found = template(code) or Words(code, code)

    def fill(text: str, lang: str) -> str:
        def value(match: re.Match[str]) -> str:
            one = args.get(match[1], match[0])
            return str(one[lang] if isinstance(one, dict) and lang in one else one)

        return _FIELD.sub(value, text)

    return Words(fill(found.zh, "zh"), fill(found.en, "en"))
