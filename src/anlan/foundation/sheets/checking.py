"""From the sheets of a file to lines with values: header found, rows read, everything wrong told at once. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from anlan.foundation.sheets.cells import Unfit, text_of, trimmed, value_of
from anlan.foundation.sheets.reading import Cell, Grid
from anlan.foundation.sheets.spec import Column, Fault, Line, SheetSpec, Value, fold, listed, titles
from anlan.settings import Words

# The header stands below a title and perhaps a line for the office and the date.
_HEADER_ROWS = 20
_TOTALS = frozenset(fold(text) for text in ("合计", "总计", "小计", "共计", "合 计", "总 计", "total", "sum"))
_REMARKS = ("注:", "备注:", "说明:", "填表", "制表", "填报", "审核", "单位负责人", "note:")


@dataclass(slots=True)
class Checked:
    """File as read: its lines, what is wrong with the file as a whole, and what is worth knowing."""

    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notices: list[Words] = field(default_factory=list)
    columns: tuple[str, ...] = ()


def check(spec: SheetSpec, grids: Sequence[Grid]) -> Checked:
    """Lines of the first sheet whose header has columns of the spec; of every such sheet where the spec has `several`.

    A sheet that cannot be read as a whole takes nothing from the others.
    """
    result = Checked()
    shown = [grid for grid in grids if not grid.hidden] or list(grids)
    fitting = [(grid, at) for grid in shown if (at := _header(spec, grid)) is not None]
    if not fitting:
        needed = [column for column in spec.columns if column.required] or list(spec.columns)
        result.faults.append(
            Fault(
                Words(
                    f"没有找到表头；表头一行里要有：{titles(needed, 'zh')}。可下载模板填写",
                    f"no header was found; one row must have: {titles(needed, 'en')}. The template has them",
                )
            )
        )
        return result
    if spec.several:
        _tell_others(spec, grids, [grid.name for grid, _ in fitting], result)
    elif len(fitting) > 1:
        others = listed(other.name for other, _ in fitting[1:])
        result.notices.append(
            Words(
                f"只读了工作表“{fitting[0][0].name}”；同样的表还有：{others}，请分别导入",
                f"only sheet “{fitting[0][0].name}” was read; others have the same header: {others}. Import them apart",
            )
        )
    for grid, header in fitting if spec.several else fitting[:1]:
        _sheet(spec, grid, header, result)
    if not result.lines and not result.faults:
        result.faults.append(Fault(Words("表头下面没有数据行", "there is no row below the header")))
    return result


def _tell_others(spec: SheetSpec, grids: Sequence[Grid], read: Sequence[str], result: Checked) -> None:
    """Sheets that are not read: those without a header that fits, and hidden ones that have it."""
    hidden = [grid.name for grid in grids if grid.hidden and grid.name not in read and _header(spec, grid) is not None]
    strange = [grid.name for grid in grids if not grid.hidden and grid.name not in read and grid.rows]
    if hidden:
        result.notices.append(
            Words(
                f"隐藏的工作表没有读：{listed(hidden)}；要导入请先取消隐藏",
                f"hidden sheets were not read: {listed(hidden)}; unhide them to import them",
            )
        )
    if strange:
        result.notices.append(
            Words(
                f"这些工作表没有找到表头，没有读：{listed(strange)}",
                f"no header was found in these sheets, which were not read: {listed(strange)}",
            )
        )


def _sheet(spec: SheetSpec, grid: Grid, header: int, result: Checked) -> None:
    name = grid.name if spec.several else ""
    known = len(result.faults)
    places = _places(spec, grid.rows[header][1], result, name)
    missing = [column for column in spec.columns if (column.required or column.needed) and column.key not in places]
    if missing:
        result.faults.append(
            Fault(
                Words(
                    f"缺少必需的列：{titles(missing, 'zh')}。请补上，或下载模板填写",
                    f"required columns are missing: {titles(missing, 'en')}. Add them, or use the template",
                ),
                sheet=name,
            )
        )
        return
    if spec.several and len(result.faults) > known:
        # Which of two columns is meant nobody knows: the sheet is left out, the others are read.
        return
    result.columns = tuple(column.key for column in spec.columns if column.key in {*places, *result.columns})
    _lines(spec, grid, header, places, result)


def _header(spec: SheetSpec, grid: Grid) -> int | None:
    """Index of the row with the most titles of the spec."""
    best, most = None, 0
    enough = min(2, len(spec.columns))
    for at, (_, cells) in enumerate(grid.rows[:_HEADER_ROWS]):
        found = len({c.key for cell in cells if isinstance(cell, str) and (c := spec.by_header(cell))})
        if found > most and found >= enough:
            best, most = at, found
    return best


def _places(spec: SheetSpec, cells: Sequence[Cell], result: Checked, name: str) -> dict[str, int]:
    places: dict[str, int] = {}
    unknown = []
    for at, cell in enumerate(cells):
        text = trimmed(str(cell)) if cell is not None else ""
        if not text:
            continue
        column = spec.by_header(text)
        if column is None:
            unknown.append(text[:30])
        elif column.shown:
            continue
        elif column.key in places:
            result.faults.append(
                Fault(
                    Words(
                        f"“{column.title.zh}”有两列（“{text}”是第二列）；请只留一列",
                        f"“{column.title.en}” stands in two columns (“{text}” is the second); keep one",
                    ),
                    sheet=name,
                )
            )
        else:
            places[column.key] = at
    if unknown:
        result.notices.append(
            _of_sheet(
                name,
                Words(
                    f"这些列不认识，不导入：{listed(unknown)}",
                    f"these columns are not known and are left out: {listed(unknown)}",
                ),
            )
        )
    return {column.key: places[column.key] for column in spec.columns if column.key in places}


def _of_sheet(name: str, words: Words) -> Words:
    """Words about one of several sheets."""
    return Words(f"工作表“{name}”：{words.zh}", f"sheet “{name}”: {words.en}") if name else words


def _lines(spec: SheetSpec, grid: Grid, header: int, places: Mapping[str, int], result: Checked) -> None:
    columns = {column.key: column for column in spec.columns}
    names = {
        key: {fold(name): kept for name, kept in column.reference().items()}
        for key in places
        if (column := columns[key]).reference is not None
    }
    name = grid.name if spec.several else ""
    merged = _below_merged(grid, grid.rows[header][0])
    skipped = []
    heads = {fold(_shown(cell)) for cell in grid.rows[header][1]}
    for number, cells in grid.rows[header + 1 :]:
        first = next((text for cell in cells if (text := trimmed(_shown(cell)))), "")
        if not first:
            continue
        filled = sum(bool(_shown(cell)) for cell in cells)
        if fold(first) in _TOTALS or (filled <= 2 and fold(first).startswith(_REMARKS)):
            skipped.append(f"{number}（{first[:12]}）")
            continue
        if fold(first) in heads and _header(spec, Grid("", [(number, cells)])) is not None:
            # Sheets that were put together repeat their header.
            skipped.append(f"{number}（{first[:12]}）")
            continue
        if len(result.lines) == spec.rows:
            result.faults.append(
                Fault(
                    Words(
                        f"超过 {spec.rows} 行，从第 {number} 行起没有读；请拆成几个文件",
                        f"more than {spec.rows} rows; nothing was read from row {number} on. Split the file",
                    ),
                    sheet=name,
                )
            )
            break
        line = Line(number, {}, sheet=name)
        for key, at in places.items():
            cell = cells[at] if at < len(cells) else None
            spot = (number, at)
            if columns[key].percents and spot in grid.percents and isinstance(cell, int | float):
                cell = f"{cell * 100:.10g}%"
            line.values[key] = _value(line, columns[key], cell, names.get(key), spot in grid.formulas, spot in merged)
        result.lines.append(line)
    if skipped:
        result.notices.append(
            _of_sheet(
                name,
                Words(
                    f"跳过合计、说明等行：第 {listed(skipped)} 行",
                    f"rows of totals and remarks left out: {listed(skipped)}",
                ),
            )
        )


def _value(
    line: Line, column: Column, cell: Cell, names: Mapping[str, str] | None, formula: bool, merged: bool
) -> Value:
    try:
        if formula:
            words = Words(
                "是公式；请复制后“选择性粘贴—数值”，再导入", "is a formula; paste it as a value, and import again"
            )
            raise Unfit(words)
        if merged:
            words = Words(
                "是合并单元格的一部分；请取消合并，逐行填写", "is part of a merged cell; unmerge it and fill each row"
            )
            raise Unfit(words)
        if text_of(cell) == "":
            if column.required:
                line.wrong(column, column.empty or Words("不能为空；请填写", "must not be empty; fill it in"))
            return column.blank
        return value_of(column, cell, names)
    except Unfit as unfit:
        line.wrong(column, unfit.words, unfit.value or _shown(cell))
        return column.blank


def _shown(cell: Cell) -> str:
    try:
        return text_of(cell)
    except Unfit:
        return f"{cell:.0f}" if isinstance(cell, float | int) else str(cell)


def _below_merged(grid: Grid, header: int) -> set[tuple[int, int]]:
    """Cells that merging left empty below the header. A row merged over its whole width is a heading, no data."""
    cells: set[tuple[int, int]] = set()
    for top, left, bottom, right in grid.merged:
        if bottom <= header or (bottom - top) * (right - left + 1) > 100_000:
            continue
        cells |= {
            (row, column)
            for row in range(max(top, header + 1), bottom + 1)
            for column in range(left, right + 1)
            if (row, column) != (top, left)
        }
    return cells
