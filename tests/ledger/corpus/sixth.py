"""A sixth set: several problems in a row in every way, and cards in blocks."""

from __future__ import annotations

from tests.ledger.corpus.making import Book, Made, maker


@maker
def problems_in_columns() -> Made:
    """A row for each village; 问题一, 问题二, 问题三 are columns, the rest is shared."""
    book = Book("f01.xlsx")
    page = book.page("走访")
    page.row("乡镇", "村", "问题一", "问题二", "问题三", "责任单位", "整改时限")
    row = page.row("兰花乡", "兰草村", "水渠塌方", "垃圾池满", None, "兰花乡政府", "2022年5月")
    for text in ("水渠塌方", "垃圾池满"):
        book.true(page, row, place="兰花乡兰草村", description=text, unit_text="兰花乡政府", deadline="2022-05-31")
    row = page.row("兰花乡", "蕙草村", "井水浑浊", "鸡舍臭味", "田埂农膜", "兰花乡政府", "2022年6月")
    for text in ("井水浑浊", "鸡舍臭味", "田埂农膜"):
        book.true(page, row, place="兰花乡蕙草村", description=text, unit_text="兰花乡政府", deadline="2022-06-30")
    page.row("合计", None, "5个")
    return book.made()


@maker
def problems_with_limits_in_columns() -> Made:
    """问题1 and 时限1, 问题2 and 时限2 beside each other; two rows of titles in a second sheet."""
    book = Book("f02.xlsx")
    page = book.page("表1")
    page.row("序号", "单位", "问题1", "整改时限1", "问题2", "整改时限2")
    row = page.row(1, "区水利局", "菊花镇菊山村山塘漏水", "2022-05-31", "菊花镇菊水村渠道断裂", "2022-06-30")
    book.true(
        page, row, place="菊花镇菊山村", description="菊花镇菊山村山塘漏水", unit_text="区水利局", deadline="2022-05-31"
    )
    book.true(
        page, row, place="菊花镇菊水村", description="菊花镇菊水村渠道断裂", unit_text="区水利局", deadline="2022-06-30"
    )
    page = book.page("表2")
    page.merge(1, 0, 2, 0, "镇街")
    page.merge(1, 1, 1, 2, "上半年问题")
    page.merge(1, 3, 1, 4, "下半年问题")
    for column, title in enumerate(("问题描述", "整改期限") * 2, 1):
        page.put(2, column, title)
    page.at = 3
    row = page.row("牡丹镇", "集镇雨污混流", "2022年6月", "牡丹村散养猪污染", "2022年12月")
    book.true(page, row, place="牡丹镇", description="集镇雨污混流", deadline="2022-06-30")
    book.true(page, row, place="牡丹镇牡丹村", description="牡丹村散养猪污染", deadline="2022-12-31")
    return book.made()


@maker
def numbers_that_begin_anew() -> Made:
    """In one cell the villages of a town, each with numbered problems of its own."""
    book = Book("f03.xlsx")
    page = book.page("反馈")
    page.row("乡镇", "存在问题", "整改责任单位", "整改时限")
    row = page.row(
        "月季镇", "东村：①沟渠堵塞；②秸秆乱堆。西村：①无证采石；②小油坊废渣入河。", "月季镇人民政府", "2022年9月底"
    )
    for place, text in (
        ("月季镇东村", "沟渠堵塞"),
        ("月季镇东村", "秸秆乱堆"),
        ("月季镇西村", "无证采石"),
        ("月季镇西村", "小油坊废渣入河"),
    ):
        book.true(page, row, place=place, description=text, unit_text="月季镇人民政府", deadline="2022-09-30")
    return book.made()


@maker
def cards_by_column_in_blocks() -> Made:
    """Cards by column, two blocks below each other, blank columns between the cards."""
    book = Book("f04.xlsx")
    page = book.page("玫瑰镇")
    page.wide("玫瑰镇问题卡片", 5)
    blocks = [
        [
            ("M1", "西河村", "非法捕捞", "区农业农村局", "2022-03-31"),
            ("M2", "东河村", "河道种植", "玫瑰镇政府", "2022-04-30"),
            ("M3", "南河村", "尾矿扬尘", "区应急局", "长期坚持"),
        ],
        [
            ("M4", "北河村", "化粪池外溢", "玫瑰镇政府", "2022年5月"),
            ("M5", "中河村", "砖厂粉尘", "区生态环境局", "2022年7月"),
        ],
    ]
    for block in blocks:
        first = page.at
        for offset, label in enumerate(("编号", "所在村", "问题描述", "责任单位", "整改时限")):
            page.put(first + offset, 0, label)
            for number, card in enumerate(block):
                page.put(first + offset, 1 + 2 * number, card[offset])
        due = {"2022年5月": "2022-05-31", "2022年7月": "2022-07-31", "长期坚持": None}
        for card in block:
            book.true(
                page,
                first,
                place="玫瑰镇" + card[1],
                description=card[2],
                unit_text=card[3],
                deadline=due.get(card[4], card[4]),
            )
        page.at = first + 6
    return book.made()


@maker
def three_towns_with_headings() -> Made:
    """Three tables beside each other under the names of towns, with villages as headings inside."""
    book = Book("f05.xlsx")
    page = book.page("三镇")
    for left, town in ((0, "桃花镇"), (4, "李花镇"), (8, "杏花乡")):
        page.merge(1, left, 1, left + 2, town)
        for offset, title in enumerate(("序号", "问题内容", "完成期限")):
            page.put(2, left + offset, title)
    cells: list[tuple[int, int, list[int | str]]] = [
        (3, 0, ["桃源村"]), (4, 0, [1, "鱼塘尾水直排", "2023-05-31"]), (5, 0, [2, "坟场垃圾", "2023-06-30"]),
        (3, 4, [1, "镇区污水管破裂", "2023年4月"]), (4, 4, ["李家村"]), (5, 4, [2, "猪场臭气", "2023年5月"]),
        (3, 8, [1, "杏林村地笼捕鱼", "立行立改"]),
    ]  # fmt: skip
    truth = {
        ("鱼塘尾水直排"): ("桃花镇桃源村", "2023-05-31"),
        "坟场垃圾": ("桃花镇桃源村", "2023-06-30"),
        "镇区污水管破裂": ("李花镇", "2023-04-30"),
        "猪场臭气": ("李花镇李家村", "2023-05-31"),
        "杏林村地笼捕鱼": ("杏花乡杏林村", None),
    }
    for row, left, values in cells:
        for offset, value in enumerate(values):
            page.put(row, left + offset, value)
        if len(values) > 1:
            place, due = truth[str(values[1])]
            book.true(page, row, place=place, description=values[1], deadline=due)
    return book.made()


@maker
def numbered_cells_that_share() -> Made:
    """Numbers that share a unit or a limit: ①② to one, ③ to another."""
    book = Book("f06.xlsx")
    page = book.page("清单")
    page.row("点位", "问题", "整改措施", "责任单位", "时限")
    row = page.row(
        "海棠镇工业园",
        "①厂区雨水外排②危废间无防渗③废气收集罩破损",
        "①改造雨水沟②做防渗③更换",
        "①②县生态环境局；③县工信局",
        "①2022年8月；②③2022年10月",
    )
    for text, measure, unit, due in (
        ("厂区雨水外排", "改造雨水沟", "县生态环境局", "2022-08-31"),
        ("危废间无防渗", "做防渗", "县生态环境局", "2022-10-31"),
        ("废气收集罩破损", "更换", "县工信局", "2022-10-31"),
    ):
        book.true(page, row, place="海棠镇工业园", description=text, measures=measure, unit_text=unit, deadline=due)
    return book.made()
