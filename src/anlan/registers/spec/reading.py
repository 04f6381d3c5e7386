"""Reading a table of TOML: each value asked for with its type; everything wrong is noted with its place. Pure."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from anlan.settings import Words

ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Names that expressions, addresses or tables need for something else.
TAKEN = frozenset(
    {"period", "state", "previous", "last_year", "true", "false", "id", "pk", "reason", "missing", "page", "q", "sort"}
)


class Table:
    """Table of a spec at `path`. Asks for values by key; `done` notes keys that nobody asked for."""

    def __init__(self, value: Mapping[str, Any], path: str, problems: list[Words]) -> None:
        self._value, self.path, self.problems = value, path, problems
        self._asked: set[str] = set()

    def wrong(self, key: str, zh: str, en: str) -> None:
        """Notes what is wrong with the value of a key ("" for the table itself)."""
        place = f"{self.path}.{key}" if self.path and key else self.path or key
        self.problems.append(Words(f"{place}：{zh}", f"{place}: {en}"))

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._value

    def raw(self, key: str) -> Any:
        """Value as it is, None if the key is not there."""
        self._asked.add(key)
        return self._value.get(key)

    def done(self) -> None:
        """Notes every key that nobody asked for, with the nearest that is known."""
        for key in self._value.keys() - self._asked:
            near = difflib.get_close_matches(key, self._asked, n=1)
            self.wrong(
                key,
                "没有这一项" + (f"，是不是 {near[0]}？" if near else ""),
                "there is no such key" + (f": was {near[0]} meant?" if near else ""),
            )

    def text(self, key: str, default: str | None = None, longest: int = 300) -> str:
        """Text; required where there is no default."""
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if isinstance(value, str) and value.strip() and len(value) <= longest:
            return value.strip()
        if value == "" and default is not None:
            return ""
        self.wrong(key, f"应为 1 到 {longest} 字的文字", f"must be a text of 1 to {longest} characters")
        return default or ""

    def id(self, key: str = "id") -> str:
        """Identifier: small letters, digits, underscores."""
        value = self.raw(key)
        if isinstance(value, str) and ID.fullmatch(value) and value not in TAKEN:
            return value
        self.wrong(
            key,
            f"“{value}”应为小写字母开头的英文标识（字母、数字、下划线，最多 40 个），且不是保留字",
            f"“{value}” must be small letters, digits, underscores, a letter first, at most 40, no reserved word",
        )
        return value if isinstance(value, str) else ""

    def words(self, key: str, *, required: bool = True) -> Words | None:
        """Text in both languages: {zh = "…", en = "…"}; a plain text is Chinese and stands for both."""
        value = self.raw(key)
        if value is None and not required:
            return None
        if isinstance(value, str) and value.strip():
            return Words(value.strip(), value.strip())
        if isinstance(value, Mapping):
            zh, en = value.get("zh"), value.get("en", value.get("zh"))
            extra = value.keys() - {"zh", "en"}
            if isinstance(zh, str) and zh.strip() and isinstance(en, str) and en.strip() and not extra:
                return Words(zh.strip(), en.strip())
        self.wrong(key, '应写成 {zh = "…", en = "…"}', 'must be written {zh = "…", en = "…"}')
        return Words("", "")

    def whole(self, key: str, default: int | None = None, low: int = 0, high: int = 10**9) -> int:
        """Whole number from `low` to `high`."""
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.wrong(key, f"应为 {low} 到 {high} 的整数", f"must be a whole number from {low} to {high}")
        return default if default is not None else low

    def number(self, key: str) -> Decimal | None:
        """Exact number, None if it is not there."""
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, int | Decimal) and not isinstance(value, bool) and Decimal(value).is_finite():
            return Decimal(value)
        self.wrong(key, "应为数", "must be a number")
        return None

    def day(self, key: str) -> dt.date | None:
        """Date, None if it is not there."""
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value
        self.wrong(key, "应为日期，如 2022-05-06（不加引号）", "must be a date like 2022-05-06, without quotes")
        return None

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false."""
        value = self.raw(key)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        self.wrong(key, "应为 true 或 false", "must be true or false")
        return default

    def one_of(self, key: str, choices: list[str], default: str | None = None) -> str:
        """One of a few words."""
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if isinstance(value, str) and value in choices:
            return value
        shown = "、".join(choices)
        self.wrong(key, f"“{value}”应为其中之一：{shown}", f"“{value}” must be one of {', '.join(choices)}")
        return default if default is not None else choices[0]

    def texts(self, key: str, default: tuple[str, ...] | None = ()) -> tuple[str, ...]:
        """List of texts."""
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if isinstance(value, list) and all(isinstance(one, str) and one for one in value):
            if len(set(value)) < len(value):
                self.wrong(key, "有重复的项", "an entry stands twice")
            return tuple(value)
        self.wrong(key, '应为文字的列表，如 ["a", "b"]', 'must be a list of texts like ["a", "b"]')
        return ()

    def table(self, key: str) -> Table | None:
        """Table inside, None if it is not there."""
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, Mapping):
            return Table(value, f"{self.path}.{key}" if self.path else key, self.problems)
        self.wrong(key, "应为一张表", "must be a table")
        return None

    def tables(self, key: str) -> list[Table]:
        """Tables of a list; each names itself in messages by its id, where it has one."""
        value = self.raw(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            self.wrong(key, f"应为若干个 [[{key}]]", f"must be written as [[{key}]]")
            return []
        base = f"{self.path}.{key}" if self.path else key
        return [Table(one, f"{base}[{one.get('id') or place}]", self.problems) for place, one in enumerate(value, 1)]
