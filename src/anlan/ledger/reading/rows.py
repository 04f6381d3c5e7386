"""Rows below a header: which are records, which belong to the one above, and which are none. Pure."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field
from typing import Final

from anlan.ledger.reading.columns import Map
from anlan.ledger.reading.grid import Sheet
from anlan.ledger.reading.headings import Heading, Stack, heading
from anlan.ledger.reading.layout import Column, Table
from anlan.ledger.reading.model import Doubt, Field, LeftOut, Why
from anlan.ledger.reading.raws import TICK, Raw, Value
from anlan.settings import Words

_TOTAL: Final = re.compile(
    r"^(?:本页|本表|全[区县市镇乡]|总|各.{0,4})?(?:合计|小计|总计|共计|累计|总数)(?:[:：]|$|[（(]|\d|共|问题|数|\d)|"
    r"^\d+\s*(?:个|项|件|条|处|宗)(?:问题)?(?:$|[，,（(])|"
    r"^(?:以上|共|总共|合计|累计|全[区县市])\S{0,6}\d+\s*(?:个|项|件|条|处|宗)(?:问题)?\S{0,12}$|[^，。]{0,12}(?:小计|合计)$"
)
_NOTE: Final = re.compile(
    r"^(?:[*＊※★☆]*\s*(?:注|备注|说明|附注|填表说明|填报说明|填写说明|备\s*注|注意|提示|附|小结|总体情况|情况说明|备查|几点说明|有关说明|填报要求)\s*\d*[:：.、]|"
    r"(?:填表|填报|制表|审核|审批|复核|报送|经办|联系|分管|签发|统计|主要负责|单位负责|负责)\s*(?:人|单位|领导|电话|部门|日期|时间)?[^，。]{0,8}[:：]|"
    r"(?:单位)?(?:盖章|公章|签字|签章)|(?:注|说明|备注)$|[*＊※]|第\s*\d+\s*页|（?此表|（?本表|（?以下空白|以下无正文|附件[:：])"
)
_EXAMPLE: Final = re.compile(
    r"^(?:(?:填写|填报|填表)?(?:示例|样例|范例|举例|例子|样表)|例)\s*(?:$|[\d一二三四五]{0,2}\s*[:：、.．）)]|\d|行)|^[（(【\[〔]\s*(?:填写|填报|填表)?(?:示例|样例|范例|举例|例|样)\s*\d*[)）】\]〕]|^例如|^如[:：]"
)
_EXAMPLE_NOTE: Final = re.compile(
    r"(?:示例|样例|范例|例行|示范)(?:行|数据|，|$|,)|(?:此|本)行为?(?:示例|样例|例)|填报时请?删除|仅供参考"
)
_BLANKS: Final = re.compile(r"[×xX某○*＊Ｘ]{2,}(?=[镇乡村区县市局年月公司街])")
# A town that reports that it has none.
_NO_PROBLEM: Final = re.compile(
    r"^(?:无|暂无|没有|零报告|(?:本[月周季]|经排查|经自查)?[，,]?(?:无|未发现|未发现新|没有|暂无)(?:新增)?(?:环境|相关|此类)?问题)[。.]?$"
)
_DITTO: Final = re.compile(r"^(?:同上|同前|同左上|[〃″\"”“]+|''|[-—－]+[〃″\"][-—－]+|↑)$")
_ORDINAL: Final = re.compile(r"^[（(]?[一二三四五六七八九十]{1,3}[)）、.．]?$|^[①-⑳]$|^[IVXⅠⅡⅢⅣⅤⅥ]+[.、]?$")
_COUNT: Final = re.compile(r"^(?:共\s*)?\d+\s*(?:个|项|件|条|处|宗)?(?:问题)?$")
# Fields of which one record may have several cells below each other.
_MANY: Final = frozenset({
    Field.UNITS, Field.LEAD, Field.COOP, Field.SUPERVISE, Field.MEASURES, Field.PROGRESS, Field.PERSON, Field.GOAL,
    Field.DESCRIPTION, Field.REMARK, Field.DEADLINE,
})  # fmt: skip
_UNIT_FIELDS: Final = frozenset({Field.UNITS, Field.LEAD, Field.COOP, Field.SUPERVISE})
_BELOW: Final = (Field.PROGRESS, Field.MEASURES, Field.GOAL, Field.REMARK, Field.ACCEPTANCE)
_DOWN_ALWAYS: Final = (Field.PROVINCE, Field.CITY, Field.COUNTY, Field.TOWN)
_DOWN: Final = (Field.SOURCE, Field.UNITS, Field.LEAD, Field.KIND, Field.RIVER, Field.VILLAGE, Field.PLACE)
_LONGEST_HEADING: Final = 42


@dataclass(slots=True)
class _Block:
    """Rows of one record."""

    start: int
    rows: list[int] = field(default_factory=list)
    below: dict[Field, str] = field(default_factory=dict)


class Body:
    """The rows of a table, sorted."""

    def __init__(self, sheet: Sheet, table: Table, mapped: Map, alone: bool) -> None:
        self.sheet = sheet
        self.table = table
        self.map = mapped
        low, high = table.columns[0].at, table.columns[-1].at
        # A table that stands alone also looks at what is written outside its columns.
        self.low, self.high = (0, sheet.width - 1) if alone else (low, high)
        described = mapped.of(Field.DESCRIPTION)
        self.text_at = described[0].at if described else -1
        self.number_at = [column.at for column in mapped.of(Field.NUMBER)]
        self.raws: list[Raw] = []
        self.left_out: list[LeftOut] = []
        self.doubts: list[Doubt] = []
        self._blocks: list[tuple[_Block, dict[Field, str]]] = []
        self._sections = Stack()
        self._waiting: list[tuple[int, Heading]] = []
        self._notes = False
        self._sort()
        self._starts = [block.start for block, _ in self._blocks]
        self._down = self._fill_down()
        self._last: dict[int, Value] = {}
        for block, section in self._blocks:
            self.raws.append(self._raw(block, section))

    def _sort(self) -> None:
        for row in self.sheet.rows:
            if row < self.table.first or row > self.table.last:
                continue
            filled = [column for column in self.sheet.filled(row) if self.low <= column <= self.high]
            if not filled:
                continue
            if row in self.table.repeats:
                self._leave(row, Why.HEADER)
                continue
            self._one(row, filled)
        for row, one in self._waiting:
            # A heading over nothing is a note.
            self._leave(row, Why.NOTE if self._notes else Why.SECTION if one.style >= 0 else Why.OTHER)

    def _leave(self, row: int, why: Why) -> None:
        text = "｜".join(
            self.sheet.shown(row, column) for column in self.sheet.filled(row) if self.low <= column <= self.high
        )
        self.left_out.append(LeftOut(self.sheet.name, row, why, text[:200]))

    def _one(self, row: int, filled: list[int]) -> None:
        sheet = self.sheet
        texts = [sheet.shown(row, column) for column in filled]
        squeezed = ["".join(text.split()) for text in texts]
        own = sheet.own(row, self.text_at)
        if any(_TOTAL.search(text) for text in squeezed[:3] if len(text) <= 30) and not self._real(own, filled):
            self._leave(row, Why.TOTAL)
            return
        if len(filled) <= 4 and any(_NOTE.match(text) for text in texts[:1]) and not self._numbered(row):
            self._notes = True
            self._leave(row, Why.NOTE)
            return
        if self._example(row, texts):
            self._leave(row, Why.EXAMPLE)
            return
        if (text := self._heading(row, filled, own)) is not None:
            if self._notes and not heading(text).values:
                self._leave(row, Why.NOTE)
                return
            one = heading(text)
            named = next(iter(one.values), None)
            if self._blocks and not self._waiting and named in _BELOW and one.kind == named.value:
                # 最新进展：… across the table tells of the problem above it.
                self._blocks[-1][0].below[named] = one.values[named]
                return
            self._waiting.append((row, one))
            return
        if self._unfilled(row, filled, own) or _NO_PROBLEM.match("".join(own.split())):
            self._leave(row, Why.EMPTY)
            return
        if own:
            if self._goes_on(row, filled):
                self._blocks[-1][0].rows.append(row)
                return
            self._open(row)
            return
        above = sheet.origin(row, self.text_at)
        if above[0] < row and above[1] == self.text_at and self._blocks and sheet.shown(*above):
            block = self._blocks[-1][0]
            if self._new_number(row, block):
                self._open(row)
            else:
                block.rows.append(row)
            return
        fields = {column.fields[0][0] for column in self.map.columns if column.at in filled and column.fields}
        if self._blocks and fields and fields <= _MANY and not self._waiting and not self._notes:
            self._blocks[-1][0].rows.append(row)
            return
        self._leave(row, Why.NOTE if self._notes else Why.OTHER)
        if len(fields - {Field.NUMBER}) >= 2 and not self._notes:
            words = Words(
                "这一行没有问题内容，未作为问题读入；请补上问题描述", "no problem is described in this row; fill it in"
            )
            self.doubts.append(Doubt(sheet.name, row, words, Field.DESCRIPTION))

    def _open(self, row: int) -> None:
        for at, one in self._waiting:
            self._sections.push(one)
            self._leave(at, Why.SECTION)
        self._waiting = []
        self._notes = False
        section = dict(self._sections.values)
        self._blocks.append((_Block(row, [row]), section))

    def _real(self, own: str, filled: list[int]) -> bool:
        """Whether a row that mentions a total is a record all the same."""
        return len(own) > 30 and len(filled) >= 4

    def _numbered(self, row: int) -> bool:
        return any(re.fullmatch(r"[A-Za-z\-—]*\d+", self.sheet.own(row, at)) for at in self.number_at)

    def _example(self, row: int, texts: list[str]) -> bool:
        if any(_EXAMPLE.match(text) for text in texts):
            return True
        remarks = [self.sheet.own(row, column.at) for column in self.map.of(Field.REMARK)]
        if any(_EXAMPLE_NOTE.search(text) for text in remarks if len(text) <= 40):
            return True
        return sum(len(_BLANKS.findall(text)) for text in texts) >= 2

    def _heading(self, row: int, filled: list[int], own: str) -> str | None:
        """Text of a row that is a heading, else None."""
        sheet = self.sheet
        texts = [sheet.shown(row, column) for column in filled]
        ordinal = [at for at, text in enumerate(texts) if _ORDINAL.match(text)]
        words = [
            text for at, text in enumerate(texts) if at not in ordinal and not _COUNT.match(text) and text not in "/-—"
        ]
        if len(words) != 1 or len(words[0]) > _LONGEST_HEADING or words[0].endswith(("。", "；", "！")):
            return None
        at = filled[texts.index(words[0])]
        wide = sheet.area(row, at)[3] > sheet.area(row, at)[1]
        inherited = sheet.origin(row, self.text_at)[0] < row
        if own and not wide:
            # It stands where problems are told.
            if ordinal or self._bold(words[0], len(texts)):
                return f"{texts[ordinal[0]].rstrip('、.．')}、{words[0]}" if ordinal else words[0]
            return None
        if inherited and not wide:
            return None
        field = next((column.fields[0][0] for column in self.map.columns if column.at == at and column.fields), None)
        if field in _MANY and not wide and self._blocks and not ordinal:
            one = heading(words[0])
            first = at == self.table.columns[0].at and (one.style >= 0 or one.kind in ("source", "unit"))
            if field in _UNIT_FIELDS or not (one.kind == "place" or first):
                # The next unit or measure of the record above.
                return None
        if not ordinal and len(texts) > 1 and field in (None, Field.NUMBER) and len(words[0]) <= 4 and not wide:
            return None
        if field is Field.NUMBER and not wide and re.fullmatch(r"[A-Za-z\-]*\d+", words[0]):
            return None
        return f"{texts[ordinal[0]].rstrip('、.．')}、{words[0]}" if ordinal else words[0]

    def _bold(self, text: str, cells: int) -> bool:
        """Whether a text alone in the column of problems is a heading: numbered, or nothing but a place or unit."""
        if cells > 1 or len(self.map.columns) < 4:
            return False
        one = heading(text)
        return one.kind in ("place", "unit") or (one.style in (0, 1, 2) and len(text) <= 25 and one.kind != "kind")

    def _unfilled(self, row: int, filled: list[int], own: str) -> bool:
        """Whether a row holds nothing but its number, as forms with rows to spare do."""
        return (
            not own
            and all(column in self.number_at for column in filled)
            and self.sheet.origin(row, self.text_at) == (row, self.text_at)
        )

    def _goes_on(self, row: int, filled: list[int]) -> bool:
        """Whether a text is the rest of the one above, broken by the end of a page."""
        if not self._blocks or self._waiting or filled != [self.text_at]:
            return False
        if not self.number_at or self._blocks[-1][0].rows[-1] != row - 1:
            return False
        before = self.sheet.text(row - 1, self.text_at)
        return bool(self.sheet.own(row - 1, self.number_at[0])) and not before.endswith(("。", "！", "；", "."))

    def _new_number(self, row: int, block: _Block) -> bool:
        for at in self.number_at:
            own = self.sheet.own(row, at)
            if own and own != self.sheet.text(block.start, at):
                return True
        return False

    def _fill_down(self) -> set[int]:
        """Columns whose blank cells show what stands above, as where merged cells were lost."""
        starts = self._starts
        merged = {column for row, column in self.sheet.covered if row >= self.table.first}
        found = set()
        for column in self.map.columns:
            if not column.fields or not starts:
                continue
            one = column.fields[0][0]
            blank = sum(not self.sheet.text(row, column.at) for row in starts)
            first = self.sheet.text(starts[0], column.at)
            if not first or not blank or column.at in merged:
                continue
            values = [text for row in starts if (text := self.sheet.text(row, column.at))]
            if all(TICK.match(text) for text in values):
                continue
            if one in _DOWN_ALWAYS or (
                one in _DOWN and blank * 10 >= 3 * len(starts) and len(set(values)) * 10 >= 7 * len(values)
            ):
                found.add(column.at)
        return found

    def _raw(self, block: _Block, section: dict[Field, str]) -> Raw:
        area = self.sheet.area(block.start, self.text_at)
        last = max(block.rows)
        if area[2] > area[0] and area[1] == self.text_at and not self._split(area[0], area[2]):
            last = max(last, min(area[2], self.table.last))
        raw = Raw(self.sheet.name, (block.start, last), section=dict(section))
        for column in self.map.columns:
            for one, _ in column.fields:
                for value in self._values(column, one, block.start, last):
                    raw.add(one, value)
            text = self.sheet.text(block.start, column.at)
            if text:
                raw.original[column.title or f"#{column.at + 1}"] = text
        for one, text in block.below.items():
            raw.add(one, Value(text, text))
            raw.original[one.value] = text
        return raw

    def _split(self, first: int, last: int) -> bool:
        """Whether several records share one merged text."""
        starts = self._starts
        return bisect.bisect_right(starts, last) - bisect.bisect_left(starts, first) > 1

    def _values(self, column: Column, one: Field, first: int, last: int) -> list[Value]:
        sheet = self.sheet
        found: list[Value] = []
        seen: set[tuple[int, int]] = set()
        rows = (first,) if first == last or one not in _MANY else sheet.between(first, last)
        for row in rows:
            origin = sheet.origin(row, column.at)
            if origin in seen:
                continue
            seen.add(origin)
            if origin[1] != column.at and sheet.area(row, column.at)[3] >= column.at and origin[1] < self.low:
                continue
            text = sheet.shown(*origin)
            if text and len(text) < 5 and column.at in self._last and _DITTO.match(text):
                found.append(self._last[column.at])
                continue
            if text:
                shape = sheet.shapes.get(origin)
                found.append(Value(text, sheet.cells.get(origin), shape, column.title, column.leaf))
        if not found and column.at in self._down and column.at in self._last:
            return [self._last[column.at]]
        if found:
            self._last[column.at] = found[0]
        return found
