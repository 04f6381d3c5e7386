"""Workbooks put together by chance: any way to tell the place with any titles, dates, orders and rows between.

The same number gives the same workbook. It finds what no single style shows: how two habits meet.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.ledger.corpus.making import MONTH, Book, Made, Page, text_file

_TOWNS = ("鱼梁镇", "青塘镇", "石鼓乡", "东湖街道", "白水镇", "黄泥岗镇", "河口镇", "湾里街道", "竹林乡", "三江镇")
_VILLAGES = ("上湾村", "下湾村", "新桥村", "石壁社区", "老街社区", "大塘村", "枫树坳村", "河背村", "杨梅岭村", "五里村")
_TEXTS = (
    "河岸堆放建筑垃圾约{n}立方米", "生活污水直排，水体发黑", "养殖场粪污外溢，异味扰民", "采砂船非法作业，河床受损", "污水管网破损{n}米",
    "鱼塘尾水未经处理外排", "矿山弃渣堆放{n}吨，未做防护", "饮用水源地保护区内有农家乐{n}处", "砂石码头无防尘设施", "岸线被占用{n}米，未复绿",
    "化工企业雨污分流不彻底", "农田排水沟漂浮农药包装废弃物", "加油站防渗池未建", "餐饮油烟直排扰民，群众反映强烈",
)  # fmt: skip
_UNITS = ("区水利局", "区生态环境局", "区农业农村局", "区住建局", "区城管局", "区交通运输局", "区自然资源局")
_SOURCES = ("中央环保督察", "省级警示片", "群众信访", "河长巡河", "审计", "自查自纠")
_MEASURES = ("立案查处，限期整改", "清运并复绿", "完善管网", "加强巡查，建立台账", "关停取缔")
_STATES = ("已完成", "正在整改", "完成80%", "未启动", "已销号")
_TITLES: dict[str, tuple[str, ...]] = {
    "number": ("序号", "编号", "项次", "No."),
    "source": ("问题来源", "来源", "来源渠道", "反馈来源", "问题出处", "发现渠道"),
    "disclosed": ("披露时间", "发现时间", "交办日期", "反馈日期", "曝光时间", "通报日期", "排查时间"),
    "town": ("乡镇", "乡镇（街道）", "所在乡镇", "镇街", "所属镇街"),
    "village": ("村", "行政村", "村（社区）", "所在村"),
    "place": ("地点", "点位", "具体位置", "问题地点", "点位位置", "所在位置"),
    "description": ("问题描述", "存在的问题", "问题表述", "主要问题", "问题", "具体问题", "问题概况", "反馈问题"),
    "unit_text": ("责任单位", "整改责任单位", "承办单位", "责任部门", "整改单位", "牵头单位"),
    "measures": ("整改措施", "整改举措", "措施", "整改办法"),
    "deadline": ("整改时限", "完成时限", "整改期限", "完成期限", "时限要求", "办结时限", "计划完成时间"),
    "progress": ("整改进展", "进展情况", "完成情况", "整改情况", "目前进展", "落实情况"),
    "remark": ("备注", "说明"),
}


@dataclass
class _Row:
    town: str
    village: str
    values: dict[str, Any]
    truth: dict[str, Any]
    told: str = "{place}{text}"
    tail: str = ""


# How a text tells its place where no cell does.
_TOLD = (
    "{place}{text}", "{place}{text}", "清溪河{place}段{text}", "位于{place}的恒发砂石有限公司{text}", "瑞安建材有限公司在{place}{text}", "经查，{place}{text}",
    "{place}附近{text}", "举报人反映{place}{text}", "信江沿岸{place}{text}", "某企业（{place}）{text}", "2022年3月暗访发现，{place}{text}", "{place}：{text}",
    "{place}{text}，污水流入丽阳镇境内", "大湖水库下游{place}{text}", "【{place}】{text}",
)  # fmt: skip


_TAILS = ("", "", "", "，污水流入丽阳镇境内", "，影响下游丽阳镇彭家村灌溉", "，属丽阳镇与本镇交界处")


def _day(chance: Random) -> dt.date:
    return dt.date(2021, 1, 1) + dt.timedelta(days=chance.randrange(700))


def _seen(chance: Random) -> tuple[Any, str]:
    """How a day of disclosure is written, and what is known then."""
    day = _day(chance)
    month = f"{day.year}-{day.month:02d}"
    forms: list[tuple[Any, str]] = [
        (f"{day.year}年{day.month}月{day.day}日", day.isoformat()), (f"{day.year}.{day.month}.{day.day}", day.isoformat()),
        (f"{day.year}/{day.month}/{day.day}", day.isoformat()), (day.strftime("%Y%m%d"), day.isoformat()), (day, day.isoformat()),
        (f"{day.year}年{day.month}月", month), (f"{day.year}.{day.month:02d}", month), (f"{day.year}-{day.month:02d}", month),
        ((day - dt.date(1899, 12, 30)).days, day.isoformat()), ((dt.date(day.year, day.month, 1), MONTH), month),
    ]  # fmt: skip
    return chance.choice(forms)


def _due(chance: Random) -> tuple[Any, str | None]:
    day = _day(chance) + dt.timedelta(days=300)
    last = dt.date(day.year, day.month, calendar.monthrange(day.year, day.month)[1]).isoformat()
    forms: list[tuple[Any, str | None]] = [
        (f"{day.year}年{day.month}月底前", last), (f"{day.year}年{day.month}月", last), (f"{day.year}.{day.month}.{day.day}", day.isoformat()),
        (day, day.isoformat()), ("长期坚持", None), ("立行立改", None), (f"{day.year}年底前", f"{day.year}-12-31"),
        (f"{day.year}年{day.month}月{day.day}日前", day.isoformat()), (day.strftime("%Y%m%d"), day.isoformat()), (f"{day.year}年{day.month}月末", last),
        ((dt.date(day.year, day.month, 1), MONTH), last), ((day - dt.date(1899, 12, 30)).days, day.isoformat()),
    ]  # fmt: skip
    return chance.choice(forms)


def _rows(chance: Random, count: int) -> list[_Row]:
    towns = chance.sample(_TOWNS, 3)
    rows = []
    for town in sorted(chance.choices(towns, k=count), key=towns.index):
        text = chance.choice(_TEXTS).format(n=chance.randrange(2, 900))
        unit = chance.choice(_UNITS)
        seen, true_seen = _seen(chance)
        due, true_due = _due(chance)
        units = (
            f"{unit}{chance.choice('、，/；') if chance.random() < 0.5 else chr(10)}{town}人民政府"
            if chance.random() < 0.5
            else unit
        )
        values = {
            "source": chance.choice(_SOURCES), "disclosed": seen, "description": text, "unit_text": units,
            "measures": chance.choice(_MEASURES), "deadline": due, "progress": chance.choice(_STATES), "remark": "",
        }  # fmt: skip
        truth = {**values, "disclosed": true_seen, "deadline": true_due}
        del truth["remark"]
        rows.append(_Row(town, chance.choice(_VILLAGES), values, truth, chance.choice(_TOLD), chance.choice(_TAILS)))
    return rows


def _text(value: Any) -> str:
    """A cell as CSV has it."""
    if isinstance(value, tuple):
        return f"{value[0].year}年{value[0].month}月"
    return value.strftime("%Y/%m/%d") if isinstance(value, dt.date) else str(value or "")


def _put(page: Page, row: int, column: int, value: Any) -> None:
    if isinstance(value, tuple):
        page.put(row, column, value[0], value[1])
    else:
        page.put(row, column, value if value != "" else None)


def workbook(number: int) -> Made:
    """The workbook of a number."""
    chance = Random(f"mixing/{number}")
    form = chance.choice(("rows", "rows", "rows", "rows", "columns", "forms", "beside", "csv"))
    rows = _rows(chance, chance.randrange(4, 12))
    told = chance.choice(("column", "columns", "merged", "heading", "sheets", "text"))
    if form == "csv":
        told = chance.choice(("column", "columns", "heading", "text"))
        return _csv(chance, number, rows, told)
    book = Book(f"m{number:04d}.xlsx")
    if form == "columns":
        _by_column(chance, book, rows)
    elif form == "forms":
        _by_form(chance, book, rows)
    elif form == "beside":
        _beside(chance, book, rows)
    else:
        _by_row(chance, book, rows, told)
    return book.made()


def _fields(chance: Random, told: str) -> list[str]:
    places = {
        "column": ["place"],
        "columns": ["town", "village"],
        "merged": ["town", "village"],
        "heading": [],
        "sheets": ["village"],
        "text": [],
    }[told]
    rest = [field for field in ("source", "disclosed", "measures", "progress", "remark") if chance.random() < 0.75]
    fields = [*places, "description", "unit_text", "deadline", *rest]
    if chance.random() < 0.4:
        body = fields[len(places) :]
        chance.shuffle(body)
        fields = [*places, *body] if told == "merged" or chance.random() < 0.5 else [*body, *places]
    return ["number", *fields] if chance.random() < 0.85 else fields


def _settled(row: _Row, told: str, fields: list[str]) -> dict[str, Any]:
    """Values of a row, its place told in one of the ways; its truth is completed likewise."""
    values = dict(row.values)
    place = row.town + row.village
    values["place"], values["town"], values["village"] = place, row.town, row.village
    row.truth["place"] = place
    if told == "text":
        values["description"] = row.truth["description"] = row.told.format(place=place, text=row.values["description"])
    if told == "heading":
        text = row.village + row.values["description"] + row.tail
        values["description"] = row.truth["description"] = text
    for field in ("source", "disclosed", "measures", "progress"):
        if field not in fields:
            row.truth.pop(field, None)
    return values


def _by_row(chance: Random, book: Book, rows: list[_Row], told: str) -> None:
    fields = _fields(chance, told)
    titles = [chance.choice(_TITLES[field]) for field in fields]
    groups = (
        [rows]
        if told != "sheets"
        else [[row for row in rows if row.town == town] for town in dict.fromkeys(row.town for row in rows)]
    )
    width = len(fields) - 1
    for group in groups:
        page = book.page(group[0].town if told == "sheets" else chance.choice(("台账", "Sheet1", "问题清单")))
        if chance.random() < 0.7:
            page.wide(chance.choice(("2022年问题整改台账", "突出环境问题清单", "整改情况一览表")), width)
        if chance.random() < 0.4:
            page.row("填报时间：2022年12月")
        page.blank(chance.choice((0, 0, 1)))
        deep = chance.random() < 0.3 and len(fields) > 5
        _header(chance, page, titles, deep)
        if chance.random() < 0.15:
            page.row(*range(1, len(fields) + 1))
        if chance.random() < 0.2:
            page.row(*["例" if field == "number" else "××镇××村问题××" for field in fields])
        _body(chance, book, page, group, fields, told)
        if chance.random() < 0.6:
            page.row("合计", f"{len(group)}个")
        if chance.random() < 0.5:
            page.wide("注：本表每月报送。", width)


def _header(chance: Random, page: Page, titles: list[str], deep: bool) -> None:
    if not deep:
        page.row(*titles)
        return
    start = chance.randrange(1, len(titles) - 2)
    top = page.at
    for column, title in enumerate(titles):
        if start <= column <= start + 1:
            page.put(top + 1, column, title)
        elif chance.random() < 0.8:
            page.merge(top, column, top + 1, column, title)
        else:
            page.put(top, column, title)
    page.merge(top, start, top, start + 1, "有关情况")
    page.at += 2


def _body(chance: Random, book: Book, page: Page, rows: list[_Row], fields: list[str], told: str) -> None:
    width = len(fields) - 1
    town = ""
    starts: list[tuple[int, int]] = []
    spread = chance.random() < 0.2
    for count, row in enumerate(rows, 1):
        if row.town != town:
            town = row.town
            if told == "heading":
                text = chance.choice(
                    (
                        f"{'一二三四五'[len(starts)]}、{town}",
                        town,
                        f"{town}（{sum(one.town == town for one in rows)}个）",
                    )
                )
                if chance.random() < 0.7:
                    page.wide(text, width)
                else:
                    page.row(text)
            starts.append((page.at, page.at))
        elif chance.random() < 0.1 and told != "merged":
            page.blank()
        values = _settled(row, told, fields)
        line = page.at
        starts[-1] = (starts[-1][0], line)
        for column, field in enumerate(fields):
            if field == "number":
                page.put(line, column, count if chance.random() < 0.7 else str(count))
            elif not (field == "town" and told == "merged"):
                _put(page, line, column, values[field])
        page.at += 1
        if spread and chance.random() < 0.5:
            page.hide(line)
        book.true(page, line, **row.truth)
    if told == "merged":
        column = fields.index("town")
        names = list(dict.fromkeys(row.town for row in rows))
        for (first, last), name in zip(starts, names, strict=True):
            if last > first:
                page.merge(first, column, last, column, name)
            else:
                page.put(first, column, name)


def _csv(chance: Random, number: int, rows: list[_Row], told: str) -> Made:
    fields = _fields(chance, told)
    lines: list[list[str]] = [[]] if chance.random() < 0.2 else []
    if chance.random() < 0.4:
        lines.append(["2022年问题台账"])
    lines.append([chance.choice(_TITLES[field]) for field in fields])
    records = []
    town = ""
    for count, row in enumerate(rows, 1):
        if told == "heading" and row.town != town:
            lines.append([row.town])
        town = row.town
        values = _settled(row, told, fields)
        lines.append([str(count) if field == "number" else _text(values[field]) for field in fields])
        records.append({"excel_row": len(lines), **row.truth})
    if chance.random() < 0.5:
        lines.append(["合计", f"{len(rows)}"])
    mark = chance.choice((",", ";", "\t"))
    encoding = chance.choice(("utf-8-sig", "utf-8", "gb18030"))
    return text_file(f"m{number:04d}.csv", lines, mark, encoding, records)


_LABELS = ("source", "place", "description", "disclosed", "measures", "unit_text", "deadline", "progress")


def _by_column(chance: Random, book: Book, rows: list[_Row]) -> None:
    page = book.page("卡片")
    if chance.random() < 0.6:
        page.wide("问题整改卡片", len(rows))
    labels = ["number", *_LABELS] if chance.random() < 0.6 else list(_LABELS)
    first = page.at
    settled = [_settled(row, "column", list(_LABELS)) for row in rows]
    for label in labels:
        page.put(page.at, 0, chance.choice(_TITLES[label]))
        for column, values in enumerate(settled, 1):
            _put(page, page.at, column, column if label == "number" else values[label])
        page.at += 1
    for row in rows:
        book.true(page, first, **row.truth)


def _by_form(chance: Random, book: Book, rows: list[_Row]) -> None:
    pairs = chance.random() < 0.5
    titles = {label: chance.choice(_TITLES[label]) + chance.choice(("", "：")) for label in _LABELS}
    apart = chance.random() < 0.3
    page = book.page("1")
    for count, row in enumerate(rows):
        if apart and count:
            page = book.page(str(count + 1))
        values = _settled(row, "column", list(_LABELS))
        page.wide(f"问题登记卡（{count + 1}）", 3)
        first = page.at
        labels = list(_LABELS)
        while labels:
            for side in range(2 if pairs and labels[0] not in ("description", "measures") and len(labels) > 1 else 1):
                label = labels.pop(0)
                if side and label in ("description", "measures"):
                    labels.insert(0, label)
                    break
                page.put(page.at, 2 * side, titles[label])
                _put(page, page.at, 2 * side + 1, values[label])
            page.at += 1
        page.blank(chance.choice((0, 1)))
        book.true(page, first, **row.truth)


def _beside(chance: Random, book: Book, rows: list[_Row]) -> None:
    page = book.page("对照")
    fields = ["number", "place", "description", "unit_text", "deadline"]
    titles = [chance.choice(_TITLES[field]) for field in fields]
    gap = chance.choice((0, 1))
    half = (len(rows) + 1) // 2
    if chance.random() < 0.5:
        page.wide("问题对照表", 2 * len(fields) + gap - 1)
    top = page.at
    for side in (0, 1):
        left = side * (len(fields) + gap)
        for column, title in enumerate(titles):
            page.put(top, left + column, title)
        for line, row in enumerate(rows[side * half : (side + 1) * half], 1):
            values = _settled(row, "column", fields)
            for column, field in enumerate(fields):
                _put(page, top + line, left + column, line if field == "number" else values[field])
            book.true(page, top + line, **row.truth)
