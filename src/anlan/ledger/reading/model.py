"""What a ledger holds once it has been read: records, proposed columns, rows left out, and what is doubtful. Pure."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from anlan.settings import Words


class Field(StrEnum):
    """What a column of a ledger can hold. `DONE` is yes or no, `PERCENT` a share of 0 to 100."""

    RECORD_ID = "record_id"
    NUMBER = "number"
    SOURCE = "source"
    DISCLOSED = "disclosed"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    DUE_YEAR = "due_year"
    DUE_MONTH = "due_month"
    DUE_DAY = "due_day"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"
    PLACE = "place"
    LON = "lon"
    LAT = "lat"
    COORDINATES = "coordinates"
    RIVER = "river"
    COMPANY = "company"
    KIND = "kind"
    DESCRIPTION = "description"
    QUANTITY = "quantity"
    UNIT = "unit"
    UNITS = "unit_text"
    LEAD = "lead"
    COOP = "coop"
    SUPERVISE = "supervise"
    PERSON = "person"
    GOAL = "goal"
    MEASURES = "measures"
    DEADLINE = "deadline"
    PROGRESS = "progress"
    DONE = "done"
    PERCENT = "percent"
    ACCEPTANCE = "acceptance"
    CLOSED = "closed"
    REMARK = "remark"


# How the fields are called on a page.
FIELD_WORDS: Final = {
    Field.RECORD_ID: Words("记录编号", "record id"),
    Field.NUMBER: Words("序号", "number"),
    Field.SOURCE: Words("问题来源", "source"),
    Field.DISCLOSED: Words("披露时间", "disclosed"),
    Field.YEAR: Words("披露年份", "year disclosed"),
    Field.MONTH: Words("披露月份", "month disclosed"),
    Field.DAY: Words("披露日", "day disclosed"),
    Field.DUE_YEAR: Words("时限年份", "year of the deadline"),
    Field.DUE_MONTH: Words("时限月份", "month of the deadline"),
    Field.DUE_DAY: Words("时限日", "day of the deadline"),
    Field.PROVINCE: Words("省", "province"),
    Field.CITY: Words("设区市", "city"),
    Field.COUNTY: Words("县（市、区）", "county"),
    Field.TOWN: Words("乡镇（街道）", "town"),
    Field.VILLAGE: Words("村（社区）", "village"),
    Field.PLACE: Words("地点", "place"),
    Field.LON: Words("经度", "longitude"),
    Field.LAT: Words("纬度", "latitude"),
    Field.COORDINATES: Words("坐标", "coordinates"),
    Field.RIVER: Words("河流", "river"),
    Field.COMPANY: Words("企业", "company"),
    Field.KIND: Words("问题类型", "kind"),
    Field.DESCRIPTION: Words("问题描述", "problem"),
    Field.QUANTITY: Words("数量", "quantity"),
    Field.UNIT: Words("计量单位", "unit of measure"),
    Field.UNITS: Words("责任单位", "responsible units"),
    Field.LEAD: Words("牵头单位", "leading unit"),
    Field.COOP: Words("配合单位", "supporting units"),
    Field.SUPERVISE: Words("督导单位", "supervising unit"),
    Field.PERSON: Words("责任人", "person in charge"),
    Field.GOAL: Words("整改目标", "goal"),
    Field.MEASURES: Words("整改措施", "measures"),
    Field.DEADLINE: Words("整改时限", "deadline"),
    Field.PROGRESS: Words("整改进展", "progress"),
    Field.DONE: Words("是否完成", "done or not"),
    Field.PERCENT: Words("完成比例", "share done"),
    Field.ACCEPTANCE: Words("验收情况", "acceptance"),
    Field.CLOSED: Words("销号时间", "closed on"),
    Field.REMARK: Words("备注", "remark"),
}


class Why(StrEnum):
    """Why a row is no record."""

    TITLE = "title"
    HEADER = "header"
    SECTION = "section"
    TOTAL = "total"
    NOTE = "note"
    EXAMPLE = "example"
    EMPTY = "empty"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a column (or, in a card, a label) is taken for, and how sure that is (0 to 1).

    `column` is the column as a spreadsheet shows it ("C"), `title` the whole header from top to bottom.
    """

    sheet: str | None
    column: str
    title: str
    field: Field | None
    confidence: float
    why: Words


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Row that is no record: its number as a spreadsheet shows it, its text, and why."""

    sheet: str | None
    row: int
    why: Why
    text: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a person should look at: a row without a problem's text, a date that is none. `row` 0 is the whole sheet."""

    sheet: str | None
    row: int
    words: Words
    field: Field | None = None


@dataclass(slots=True)
class Record:
    """One problem of a ledger, each text as the clerk wrote it, completed only where the fields below say so.

    `sheet` is None for CSV and pasted text. `excel_row` is its first row as a spreadsheet shows it, `rows` first and
    last. `place` is completed from merged cells, section rows, the name of the sheet or the description; `county`,
    `town` and `village` are its parts where they are known. `disclosed` is as fine as the cell (2021, 2021-08,
    2021-08-06). `deadline` is a day: a month means its last day; None where there is no date. `done` and `percent`
    are what columns of that kind say, `lon` and `lat` degrees as printed, `quantity` the printed number without
    separators. `original` holds the cells by their column title.
    """

    sheet: str | None
    excel_row: int
    source: str | None = None
    place: str | None = None
    description: str = ""
    unit_text: str | None = None
    measures: str | None = None
    progress: str | None = None
    disclosed: str | None = None
    deadline: str | None = None
    rows: tuple[int, int] = (0, 0)
    part: int = 1
    record_id: str | None = None
    number: str | None = None
    province: str | None = None
    city: str | None = None
    county: str | None = None
    town: str | None = None
    village: str | None = None
    river: str | None = None
    company: str | None = None
    kind: str | None = None
    quantity: str | None = None
    unit: str | None = None
    lead: str | None = None
    coop: str | None = None
    supervise: str | None = None
    person: str | None = None
    goal: str | None = None
    deadline_text: str | None = None
    done: bool | None = None
    percent: float | None = None
    acceptance: str | None = None
    closed: str | None = None
    lon: float | None = None
    lat: float | None = None
    remark: str | None = None
    original: dict[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """The record as plain data, its ten first keys in the order of the ledger."""
        found = dataclasses.asdict(self)
        found["rows"] = list(self.rows)
        return found


@dataclass(slots=True)
class Reading:
    """All that was read from one file."""

    name: str
    records: list[Record] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def plain(self, lang: str = "zh") -> dict[str, Any]:
        """The reading as plain data; messages in `lang`."""
        return {
            "file": self.name,
            "records": [record.plain() for record in self.records],
            "columns": [
                {
                    "sheet": one.sheet,
                    "column": one.column,
                    "title": one.title,
                    "field": one.field.value if one.field else None,
                    "confidence": round(one.confidence, 2),
                    "why": one.why.speak(lang),
                }
                for one in self.proposals
            ],
            "left_out": [
                {"sheet": one.sheet, "row": one.row, "why": one.why.value, "text": one.text} for one in self.left_out
            ],
            "doubts": [
                {
                    "sheet": one.sheet,
                    "row": one.row,
                    "field": one.field.value if one.field else None,
                    "words": one.words.speak(lang),
                }
                for one in self.doubts
            ],
        }
