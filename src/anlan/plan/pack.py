"""A district pack: its organs, divisions and sample plan, read from a folder of data files.

A register of organs can also come alone, as the CSV or Excel file an office keeps (`load_organs`). Its
columns may be named in Chinese or English, and everything wrong with a file is reported at once.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from anlan.foundation.calendars.calendar import Calendar, HolidayFileError, national, read_file
from anlan.packs import find
from anlan.settings import InputError, Words

MAX_REGISTER_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Organ:
    """Body that can own a measure, or a group of them ("every township").

    `short` is the name plans print, `full` the official one ("" where nobody has confirmed it). `aliases`
    are all further names it goes by; those of them known to be printed wrong are also in `misprints`.
    """

    id: str
    short: str
    full: str
    kind: str
    aliases: tuple[str, ...]
    is_group: bool
    misprints: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name the organ goes by, the short one first, none twice."""
        return tuple(dict.fromkeys(name for name in (self.short, self.full, *self.aliases) if name))


@dataclass(frozen=True, slots=True)
class Division:
    """Administrative division. `code` has 2 digits for a province, 4 city, 6 district (GB/T 2260), 9 township."""

    code: str
    name: str
    kind: str
    note: str


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """Plan document that comes with a pack. `sample` marks text that is no official document."""

    path: Path
    year: int
    sample: bool


@dataclass(frozen=True, slots=True)
class Pack:
    """District as data: another district is another folder with the same files."""

    folder: Path
    name: Words
    region_code: str
    default_year: int
    organs: tuple[Organ, ...]
    divisions: tuple[Division, ...]
    calendar: Calendar
    plan: SamplePlan


def load(pack: str) -> Pack:
    """Pack by name or path, all its files read.

    Raises InputError if it is not found or its files are not as a pack's must be.
    """
    folder = find(pack)
    try:
        spec = tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            Words(f"无法读取 {folder / 'pack.toml'}：{error}", f"cannot read {folder / 'pack.toml'}: {error}")
        ) from error
    reader = _Spec(spec)
    name = Words(reader.text("name.zh"), reader.text("name.en"))
    region_code = reader.text("region_code")
    default_year = reader.whole("default_year")
    organs = folder / reader.text("files.organs")
    divisions = folder / reader.text("files.divisions")
    plan = SamplePlan(folder / reader.text("plan.file"), reader.whole("plan.year"), reader.flag("plan.sample"))
    if reader.problems:
        raise InputError(*reader.problems)
    return Pack(
        folder,
        name,
        region_code,
        default_year,
        load_organs(organs),
        load_divisions(divisions),
        load_calendar(folder / reader.text("files.calendar")),
        plan,
    )


def load_calendar(path: Path) -> Calendar:
    """National calendar with the district's own days over it. Raises InputError, naming every faulty line."""
    try:
        return national().overlaid(read_file(path))
    except HolidayFileError as error:
        raise InputError(
            *(Words(f"{path.name}：{problem}", f"{path.name}: {problem}") for problem in error.problems)
        ) from error
    except OSError as error:
        raise InputError(Words(f"无法读取 {path}：{error}", f"cannot read {path}: {error}")) from error


class _Spec:
    """Values of a pack.toml by dotted path. A missing or ill-typed one is noted in `problems`, all at once."""

    def __init__(self, spec: Mapping[str, object]) -> None:
        self._spec = spec
        self.problems: list[Words] = []

    def _get(self, path: str) -> object:
        value: object = self._spec
        for key in path.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def _miss(self, path: str, zh: str, en: str) -> None:
        self.problems.append(Words(f"pack.toml 的 {path} 应为{zh}", f"pack.toml: {path} must be {en}"))

    def text(self, path: str) -> str:
        value = self._get(path)
        if isinstance(value, str) and value.strip():
            return value
        self._miss(path, "文字", "a text")
        return ""

    def whole(self, path: str) -> int:
        value = self._get(path)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self._miss(path, "整数", "a whole number")
        return 0

    def flag(self, path: str) -> bool:
        value = self._get(path)
        if isinstance(value, bool):
            return value
        self._miss(path, " true 或 false", "true or false")
        return False


# Column names as offices write them, folded by _key. The first name of each list is the one messages use.
_ORGAN_COLUMNS = {
    "id": ("编号", "id", "代码", "code", "序号"),
    "short": ("简称", "short", "shortname", "单位简称", "单位", "单位名称", "名称", "name"),
    "full": ("全称", "full", "fullname", "单位全称", "正式名称", "规范名称"),
    "kind": ("类别", "kind", "type", "类型", "性质", "单位性质", "单位类别"),
    "aliases": ("别名", "aliases", "alias", "variants", "variantsinseed", "曾用名", "其他名称", "其他写法"),
    "misprints": ("误写", "misprints", "misprint", "错写", "常见误写"),
    "group": ("是否集合", "group", "isgroup", "集合"),
}
_DIVISION_COLUMNS = {
    "code": ("代码", "code", "区划代码"),
    "name": ("名称", "name", "区划名称"),
    "kind": ("类别", "kind", "类型"),
    "note": ("说明", "note", "备注"),
}
_GROUP_KINDS = {"集合", "group", "单位集合"}
_YES = {"是", "yes", "true", "1", "y", "√"}
_NO = {"", "否", "no", "false", "0", "n"}
# A header below a title row or two is still found; deeper down a row of data could pass for one.
_HEADER_ROWS = 10
_LIST_MARKS = re.compile("[;；、,，|\n]")


@dataclass(frozen=True, slots=True)
class _Row:
    """Row of a table: its number as the spreadsheet shows it, its cells by field."""

    number: int
    cells: Mapping[str, str]

    def get(self, field: str) -> str:
        return self.cells.get(field, "")

    def names(self, field: str) -> list[str]:
        return [name for part in _LIST_MARKS.split(self.get(field)) if (name := part.strip())]


def load_organs(path: Path, max_bytes: int = MAX_REGISTER_BYTES) -> tuple[Organ, ...]:
    """Organs of a register: CSV (UTF-8, UTF-16 or GB18030) or Excel, in the order of the file.

    Needs a column of short or of full names (简称, 全称, short, full_name …); 编号, 类别, 别名, 误写, 是否集合 are read
    where they stand, other columns are left alone. Several names in a cell are parted by ; 、 or a line
    break. A row is a group if its kind is 集合 or its 是否集合 says so. Raises InputError with all rows' problems.
    """
    rows = _table(path, _ORGAN_COLUMNS, ({"short"}, {"full"}), max_bytes)
    organs: list[Organ] = []
    problems: list[Words] = []
    owners: dict[str, tuple[int, str]] = {}
    ids: dict[str, int] = {}
    for row in rows:
        short = row.get("short") or row.get("full")
        if not short:
            problems.append(_at(row, "既没有简称也没有全称", "neither a short nor a full name"))
            continue
        if row.get("group").lower() not in _YES | _NO:
            problems.append(
                _at(row, f"是否集合“{row.get('group')}”：应为是或否", f"group “{row.get('group')}”: must be yes or no")
            )
        misprints = tuple(dict.fromkeys(row.names("misprints")))
        organ = Organ(
            id=row.get("id") or short,
            short=short,
            full=row.get("full"),
            kind=row.get("kind"),
            aliases=tuple(name for name in dict.fromkeys([*row.names("aliases"), *misprints]) if name != short),
            is_group=row.get("kind") in _GROUP_KINDS or row.get("group").lower() in _YES,
            misprints=misprints,
        )
        first = ids.setdefault(organ.id, row.number)
        if first != row.number:
            problems.append(
                _at(row, f"编号 {organ.id} 与第 {first} 行重复", f"id {organ.id} is that of row {first} as well")
            )
        for name in organ.names:
            number, owner = owners.setdefault(name, (row.number, short))
            if number != row.number:
                problems.append(
                    _at(
                        row,
                        f"名称“{name}”已属于第 {number} 行的{owner}",
                        f"the name “{name}” already belongs to {owner} in row {number}",
                    )
                )
        organs.append(organ)
    if not organs and not problems:
        problems.append(Words("表头下面没有任何单位", "there is no unit below the header"))
    if problems:
        raise InputError(*(_of_file(path, problem) for problem in problems))
    return tuple(organs)


def load_divisions(path: Path, max_bytes: int = MAX_REGISTER_BYTES) -> tuple[Division, ...]:
    """Divisions of a district, its province and city included, in the order of the file.

    Raises InputError with the problems of all rows: a code that is not 2, 4, 6 or 9 digits, is there twice or
    stands under no other, a missing name.
    """
    divisions: dict[str, Division] = {}
    problems: list[Words] = []
    rows = _table(path, _DIVISION_COLUMNS, ({"code", "name"},), max_bytes)
    codes = {row.get("code") for row in rows}
    for row in rows:
        code = row.get("code")
        if not re.fullmatch("[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}", code):
            problems.append(
                _at(row, f"代码“{code}”：应为 2、4、6 或 9 位数字", f"code “{code}”: must have 2, 4, 6 or 9 digits")
            )
        elif code in divisions:
            problems.append(_at(row, f"代码 {code} 重复", f"code {code} is there twice"))
        elif len(code) > 2 and code[: 6 if len(code) == 9 else len(code) - 2] not in codes:
            problems.append(_at(row, f"代码 {code} 没有上级", f"code {code} stands under no other"))
        if not row.get("name"):
            problems.append(_at(row, "没有名称", "there is no name"))
        divisions[code] = Division(code, row.get("name"), row.get("kind"), row.get("note"))
    if problems:
        raise InputError(*(_of_file(path, problem) for problem in problems))
    return tuple(divisions.values())


def _at(row: _Row, zh: str, en: str) -> Words:
    return Words(f"第 {row.number} 行：{zh}", f"row {row.number}: {en}")


def _of_file(path: Path, problem: Words) -> Words:
    return Words(f"{path.name} {problem.zh}", f"{path.name} {problem.en}")


def _key(cell: str) -> str:
    """Column name without case, width, spaces and underscores."""
    return re.sub(r"[\s_\-（）()]", "", unicodedata.normalize("NFKC", cell)).lower()


def _table(path: Path, columns: Mapping[str, Sequence[str]], needed: Sequence[set[str]], max_bytes: int) -> list[_Row]:
    """Rows below the first header that names all fields of one of the `needed` sets; empty rows left out."""
    fields = {name: field for field, names in columns.items() for name in names}
    for sheet in _sheets(path, max_bytes):
        for place, (_, cells) in enumerate(sheet[:_HEADER_ROWS]):
            header = [fields.get(_key(cell)) for cell in cells]
            if not any(want <= set(header) for want in needed):
                continue
            twice = sorted({columns[field][0] for field in header if field and header.count(field) > 1})
            if twice:
                zh, en = f"有两列都是{'、'.join(twice)}", f"two columns are both {', '.join(twice)}"
                raise InputError(_of_file(path, Words(zh, en)))
            return [
                _Row(number, {field: cell.strip() for field, cell in zip(header, cells, strict=False) if field})
                for number, cells in sheet[place + 1 :]
                if any(cell.strip() for cell in cells)
            ]
    zh = "，或".join("和".join(columns[field][0] for field in columns if field in want) for want in needed)
    en = " or ".join(" and ".join(columns[field][1] for field in columns if field in want) for want in needed)
    raise InputError(
        _of_file(
            path,
            Words(
                f"前 {_HEADER_ROWS} 行里找不到表头：需要名为{zh}的列",
                f"the first {_HEADER_ROWS} rows hold no header: a column named {en} is needed",
            ),
        )
    )


_Sheet = list[tuple[int, list[str]]]


def _sheets(path: Path, max_bytes: int) -> Iterator[_Sheet]:
    """Sheets of a file as numbered rows of text cells. What the file is, its content says and not its name."""
    try:
        # Not Path.read_bytes: a device or a pipe can be endless.
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise InputError(
            Words(f"无法读取 {path}：{error.strerror}", f"cannot read {path}: {error.strerror}")
        ) from error
    if len(data) > max_bytes:
        raise InputError(
            _of_file(
                path,
                Words(f"超过 {max_bytes / 1e6:g} MB", f"is larger than {max_bytes / 1e6:g} MB (1,000,000 bytes each)"),
            )
        )
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        yield from _excel_sheets(path, data)
    else:
        yield _csv_sheet(path, data)


def _excel_sheets(path: Path, data: bytes) -> Iterator[_Sheet]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for name in book.sheet_names:
                sheet = book.get_sheet_by_name(name)
                first = sheet.start[0] + 1 if sheet.start else 1
                yield [(first + i, [_cell(cell) for cell in row]) for i, row in enumerate(sheet.to_python())]
    except CalamineError as error:
        raise InputError(
            _of_file(path, Words(f"不是可以读取的 Excel 文件：{error}", f"is no Excel file that can be read: {error}"))
        ) from error


def _cell(value: object) -> str:
    """Cell as text. Excel keeps a code such as 360202 as the float 360202.0."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _csv_sheet(path: Path, data: bytes) -> _Sheet:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise InputError(
            _of_file(
                path,
                Words(
                    "既不是 Excel，也不是 UTF-8、UTF-16 或 GB18030 编码的文字",
                    "is neither Excel nor text in UTF-8, UTF-16 or GB18030",
                ),
            )
        )
    head = text[:2000]
    delimiter = max(",\t;", key=head.count)
    try:
        return list(enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1))
    except csv.Error as error:
        raise InputError(
            _of_file(path, Words(f"不是可以读取的 CSV：{error}", f"is no CSV that can be read: {error}"))
        ) from error
