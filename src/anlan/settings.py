"""The settings of Anlan: one list, read from the environment.

A setting is data: its name, its type with the unit, its default and a help text in both languages. Parsing
is strict: a value that does not fit, or an ANLAN_ name nobody knows, is reported with the way out, and all
of them at once.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

PREFIX = "ANLAN_"
# Switches of the test run (which database, which browser) are no settings of the product.
TEST_PREFIX = "ANLAN_TEST_"


class Words(NamedTuple):
    """One message in the two languages of the product."""

    zh: str
    en: str

    def speak(self, lang: str) -> str:
        """Message in `lang`; Chinese for any language but English.

        >>> Words("单位", "unit").speak("en")
        'unit'
        """
        return self.en if lang == "en" else self.zh


class InputError(ValueError):
    """What the user gave cannot be used. `problems` lists everything that is wrong with it, never only the first."""

    def __init__(self, *problems: Words) -> None:
        super().__init__("; ".join(problem.en for problem in problems))
        self.problems = problems

    def speak(self, lang: str) -> str:
        """All problems in `lang`, one a line."""
        return "\n".join(problem.speak(lang) for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `low` and `high` (inclusive, in `unit`) make it a whole number, `choices` one of a few words."""

    name: str
    default: str
    help: Words
    unit: str = ""
    choices: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None

    @property
    def kind(self) -> str:
        """Type of the value, as the documentation prints it: text, choice or whole number."""
        if self.choices:
            return "choice"
        return "text" if self.low is None else "whole number"

    def problem(self, value: str) -> Words | None:
        """What is wrong with `value`, or None."""
        if not value.strip():
            return Words(f"{self.name} 是空的：请填写，或取消这个变量", f"{self.name} is empty: set it, or unset it")
        if self.choices and value not in self.choices:
            return Words(
                f"{self.name}={value}：只能是 {'、'.join(self.choices)}",
                f"{self.name}={value}: must be one of {', '.join(self.choices)}",
            )
        if self.low is None or self.high is None:
            return None
        # int() would also take "1_0", " 10 " and digits of other scripts.
        if not re.fullmatch("[0-9]{1,9}", value) or not self.low <= int(value) <= self.high:
            return Words(
                f"{self.name}={value}：应为 {self.low} 到 {self.high} 之间的整数（{self.unit}）",
                f"{self.name}={value}: must be a whole number of {self.unit} from {self.low} to {self.high}",
            )
        return None


SETTINGS = (
    Setting(
        "ANLAN_PACK",
        default="changjiang",
        help=Words(
            "地区包：随产品提供的包的名称，或包含 pack.toml 的文件夹（写成带斜杠的路径）",
            "District pack: the name of a pack that comes with the product, or a folder with a pack.toml "
            "(written as a path with a slash)",
        ),
    ),
    Setting(
        "ANLAN_LANG",
        default="zh",
        choices=("zh", "en"),
        help=Words("提示信息的语言；文件内容不翻译", "Language of the messages; data are never translated"),
    ),
    Setting(
        "ANLAN_MAX_FILE_MB",
        default="64",
        unit="MB",
        low=1,
        high=4096,
        help=Words(
            "可读入的最大文件（1 MB = 1,000,000 字节）",
            "Largest file that is read (1 MB = 1,000,000 bytes)",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Values in force. `pack` is a name or a path, `lang` zh or en, `max_file_mb` megabytes of 1,000,000 bytes."""

    pack: str
    lang: str
    max_file_mb: int

    @property
    def max_file_bytes(self) -> int:
        """Largest file that is read, in bytes."""
        return self.max_file_mb * 1_000_000


def load(environ: Mapping[str, str]) -> Settings:
    """Settings from the environment given; names absent from it take their defaults.

    Raises InputError with every wrong value and every unknown ANLAN_ name.

    >>> load({"ANLAN_LANG": "en"}).lang
    'en'
    """
    known = {setting.name: setting for setting in SETTINGS}
    problems = [
        found for name, setting in known.items() if name in environ and (found := setting.problem(environ[name]))
    ]
    for name in sorted(environ):
        if name.startswith(PREFIX) and not name.startswith(TEST_PREFIX) and name not in known:
            nearest = difflib.get_close_matches(name, known, n=1)
            problems.append(
                Words(
                    f"没有 {name} 这项设置" + (f"：是不是 {nearest[0]}？" if nearest else ""),
                    f"there is no setting {name}" + (f": was {nearest[0]} meant?" if nearest else ""),
                )
            )
    if problems:
        raise InputError(*problems)
    values = {name: environ.get(name, setting.default) for name, setting in known.items()}
    return Settings(pack=values["ANLAN_PACK"], lang=values["ANLAN_LANG"], max_file_mb=int(values["ANLAN_MAX_FILE_MB"]))
