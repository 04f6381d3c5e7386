"""What a sheet holds: its columns with titles in both languages, kinds, choices, references. Pure.

    SheetSpec(
        code="units",
        title=Words("单位", "Units"),
        columns=(
            Column("code", Words("编码", "Code"), narrow=True, longest=40),
            Column("short", Words("简称", "Short name"), required=True, synonyms=("单位简称",), longest=100),
            Column("kind", Words("类别", "Kind"), Kind.CHOICE, choices=(Choice("township", Words("乡镇", "Town")),)),
        ),
        key=("code",),
    )

The same spec reads a file, shows what is wrong with it, writes the template and writes the rows that are there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from anlan.settings import Words

# Values of cells as they are kept and compared: text, whole number, yes or no, list of texts; dates as 2022-09-30.
Value: TypeAlias = str | int | bool | list[str] | None
Record: TypeAlias = Mapping[str, Value]
# What parts the entries of a list in one cell.
SEPARATORS = re.compile(r"[;；、,，\n]+")
_SPACE = re.compile(r"\s+")


class Kind(StrEnum):
    """Kind of a column's values."""

    TEXT = "text"
    INT = "int"
    DATE = "date"
    CHOICE = "choice"
    BOOL = "bool"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few values: kept as `code`, shown as `words`; `synonyms` are further ways that offices write it."""

    code: str
    words: Words
    synonyms: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every way to write it."""
        return (self.words.zh, self.words.en, self.code, *self.synonyms)


@dataclass(frozen=True, slots=True)
class Column:
    """Column of a sheet.

    `low` and `high` (inclusive) bound a whole number, `longest` a text or each entry of a list, in characters. `narrow`
    makes full-width letters and digits narrow (codes, login names, telephone numbers). `reference` gives the names that
    may stand in the cell, each with the text that is kept for it. A column that is not `stored` is checked and left to
    another import of the same file. A `reader` reads the cell in place of the kind, and raises Unfit; a `number` is an
    exact decimal, kept as text and written as a number. `parted` are the marks between entries of a list.

    A column that is `needed` must stand in the sheet, though its cells may be empty; one that is `shown` only is never
    read. `empty` says what to do about an empty cell that is required. Where `percents` says so, a cell formatted as a
    percentage is read as it shows, 40% and not 0.4.
    """

    key: str
    title: Words
    kind: Kind = Kind.TEXT
    required: bool = False
    synonyms: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    reference: Callable[[], Mapping[str, str]] | None = None
    help: Words | None = None
    example: str = ""
    longest: int = 1000
    low: int | None = None
    high: int | None = None
    narrow: bool = False
    stored: bool = True
    reader: Callable[[object], Value] | None = None
    number: bool = False
    parted: re.Pattern[str] = SEPARATORS
    width: int = 18
    needed: bool = False
    shown: bool = False
    empty: Words | None = None
    percents: bool = False

    @property
    def headers(self) -> frozenset[str]:
        """Everything that may stand in the header of this column, folded."""
        return frozenset(fold(text) for text in (self.key, *self.title, *self.synonyms))

    @property
    def blank(self) -> Value:
        """Value of an empty cell."""
        if self.kind is Kind.LIST:
            return []
        if self.kind is Kind.BOOL:
            return False
        return None if self.kind in (Kind.INT, Kind.DATE) else ""

    def show(self, value: Value, lang: str) -> str:
        """Value as a person reads it."""
        if value is None or value == "" or value == []:
            return ""
        if isinstance(value, bool):
            return (YES if value else NO).speak(lang)
        if isinstance(value, list):
            return "；".join(self._named(entry, lang) for entry in value)
        return self._named(value, lang)

    def _named(self, value: str | int, lang: str) -> str:
        return next((one.words.speak(lang) for one in self.choices if one.code == value), str(value))

    def same(self, one: Value, other: Value) -> bool:
        """Whether two values mean the same: the order of a list does not matter."""
        if isinstance(one, list) and isinstance(other, list):
            return sorted(one) == sorted(other)
        return one == other


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """Sheet: columns, and the columns that tell one row from another (natural key).

    `rows` bounds the number of rows in a file. `notes` are told in the template, one a line. With `several`, every
    sheet that fits is read, and messages name the sheet.
    """

    code: str
    title: Words
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: int = 20_000
    notes: tuple[Words, ...] = ()
    several: bool = False
    _by_header: dict[str, Column] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """ValueError if two columns share a header, or the key names none."""
        seen: dict[str, str] = {}
        for column in self.columns:
            for header in column.headers:
                if seen.setdefault(header, column.key) != column.key:
                    raise ValueError(f"sheet {self.code}: {header!r} is a header of {seen[header]} and of {column.key}")
                self._by_header[header] = column
        if missing := set(self.key) - {column.key for column in self.columns}:
            raise ValueError(f"sheet {self.code}: key names no column: {missing}")

    def column(self, key: str) -> Column:
        """Column by its key."""
        return next(column for column in self.columns if column.key == key)

    def by_header(self, text: str) -> Column | None:
        """Column that a header means."""
        return self._by_header.get(fold(text))

    def natural_key(self, record: Record) -> str:
        """Key of a row as one text."""
        return "\x1f".join(fold(str(record.get(key) or "")) for key in self.key)

    def blank(self) -> dict[str, Value]:
        """Record of an empty row."""
        return {column.key: column.blank for column in self.columns}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell, row or file: where, what stands there, why it cannot be used and the way out.

    `sheet` is the name of the sheet, "" where a file has but one that counts.
    """

    words: Words
    row: int | None = None
    column: Words | None = None
    value: str = ""
    sheet: str = ""

    def speak(self, lang: str) -> str:
        """Whole message, with sheet, row and column as Excel shows them.

        >>> Fault(Words("不是日期", "is no date"), 37, Words("时限", "Due"), "尽快").speak("zh")
        '第 37 行“时限”写的是“尽快”，不是日期'
        >>> Fault(Words("请改正", "correct it"), 3, Words("进度", "Percent"), "120", "区住建局").speak("en")
        'sheet “区住建局”, row 3, “Percent” says “120”: correct it'
        """
        if self.row is None:
            said = self.words.speak(lang)
            if not self.sheet:
                return said
            return f"sheet “{self.sheet}”: {said}" if lang == "en" else f"工作表“{self.sheet}”：{said}"
        if lang == "en":
            place = f"row {self.row}" + (f", “{self.column.en}”" if self.column else "")
            place = f"sheet “{self.sheet}”, {place}" if self.sheet else place
            return f"{place}{f' says “{self.value}”' if self.value else ''}: {self.words.en}"
        place = f"第 {self.row} 行" + (f"“{self.column.zh}”" if self.column else "")
        place = f"工作表“{self.sheet}”{place}" if self.sheet else place
        return f"{place}写的是“{self.value}”，{self.words.zh}" if self.value else f"{place}：{self.words.zh}"


@dataclass(slots=True)
class Line:
    """Row of the file: its number as Excel shows it, the values of the columns that the file has, what is wrong.

    Once compared, `before` is the row that is there now (None for a new one) and `key` its natural key. `sheet` is the
    name of its sheet where a file has several that count, `file` that of the file once it is written.
    """

    number: int
    values: dict[str, Value]
    faults: list[Fault] = field(default_factory=list)
    key: str = ""
    before: dict[str, Value] | None = None
    sheet: str = ""
    file: str = ""

    def wrong(self, column: Column | None, words: Words, value: object = "") -> None:
        """Notes what is wrong; a long value is cut."""
        text = str(value)
        shown = text if len(text) <= 60 else text[:60] + "…"
        self.faults.append(Fault(words, self.number, column.title if column else None, shown, self.sheet))

    def stored(self, spec: SheetSpec) -> list[str]:
        """Keys of the stored columns that the line has values of."""
        return [column.key for column in spec.columns if column.stored and column.key in self.values]

    def full(self, spec: SheetSpec) -> dict[str, Value]:
        """All values as they would be: those of the file over those that are there."""
        return {**spec.blank(), **(self.before or {}), **self.values}

    def changed(self, spec: SheetSpec) -> list[str]:
        """Keys of the stored columns in which the file differs from what is there."""
        if self.before is None:
            return []
        there = {**spec.blank(), **self.before}
        return [
            column.key
            for column in spec.columns
            if column.stored
            and column.key in self.values
            and not column.same(self.values[column.key], there[column.key])
        ]


YES, NO = Words("是", "Yes"), Words("否", "No")
YES_SPELLINGS = frozenset({"是", "y", "yes", "true", "1", "√", "✓", "有", "t"})
NO_SPELLINGS = frozenset({"否", "n", "no", "false", "0", "×", "x", "无", "f"})


def fold(text: str) -> str:
    """Text as it is compared: narrow letters, no white space, no case, without mark or note of a required column.

    >>> fold(" 单位 简称＊（必填）") == fold("单位简称")
    True
    """
    folded = _SPACE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return folded.replace("(必填)", "").replace("(required)", "").strip("*:")


def listed(words: Iterable[str], limit: int = 12) -> str:
    """Names in one line, the first of them where there are many."""
    names = list(words)
    return "、".join(names[:limit]) + ("…" if len(names) > limit else "")


def titles(columns: Sequence[Column], lang: str) -> str:
    """Titles of columns in one line."""
    return ("、" if lang == "zh" else ", ").join(column.title.speak(lang) for column in columns)
