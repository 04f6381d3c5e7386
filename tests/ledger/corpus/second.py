"""Workbooks in further styles, written after the reader had met the first half; what it missed here was mended then."""

from __future__ import annotations

import datetime as dt

from tests.ledger.corpus.making import DAY, MONTH, Book, Made, maker, text_file
from tests.ledger.corpus.oldexcel import MONTHLY, workbook


@maker
def an_old_excel_file() -> Made:
    """The .xls of an old computer: merged title and towns, real dates, a total."""
    cells = {
        (1, 0): "赤石县入河排污口整治台账",
        (2, 0): "编号", (2, 1): "乡镇", (2, 2): "位置", (2, 3): "存在问题", (2, 4): "发现时间", (2, 5): "整治责任单位", (2, 6): "整治时限", (2, 7): "整治进度",
        (3, 0): 1, (3, 1): "石佛镇", (3, 2): "老桥头左岸", (3, 3): "三根管道混排，水体泛白", (3, 4): dt.date(2020, 11, 3), (3, 5): "石佛镇人民政府", (3, 6): dt.date(2021, 4, 30), (3, 7): "已封堵",
        (4, 0): 2, (4, 2): "佛山村八组", (4, 3): "豆腐坊黄浆水外排", (4, 4): dt.date(2020, 11, 5), (4, 5): "县市场监管局", (4, 6): "2021年6月", (4, 7): "整改中",
        (5, 0): 3, (5, 1): "金鸡乡", (5, 2): "啼晓村", (5, 3): "屠宰点血水入沟", (5, 4): dt.date(2020, 12, 1), (5, 5): "县农业农村局", (5, 6): 44377, (5, 7): "已关停",
        (6, 0): "合计", (6, 3): "3处",
    }  # fmt: skip
    data = workbook({"排污口": (cells, [(1, 0, 1, 7), (3, 1, 4, 1)])})
    base = {"sheet": "排污口"}
    return Made("b01.xls", data, [
        base | {"excel_row": 3, "place": "石佛镇老桥头左岸", "description": "三根管道混排，水体泛白", "disclosed": "2020-11-03", "unit_text": "石佛镇人民政府", "deadline": "2021-04-30", "progress": "已封堵"},
        base | {"excel_row": 4, "place": "石佛镇佛山村八组", "description": "豆腐坊黄浆水外排", "disclosed": "2020-11-05", "unit_text": "县市场监管局", "deadline": "2021-06-30", "progress": "整改中"},
        # 44377 is 30 June 2021.
        base | {"excel_row": 5, "place": "金鸡乡啼晓村", "description": "屠宰点血水入沟", "disclosed": "2020-12-01", "unit_text": "县农业农村局", "deadline": "2021-06-30", "progress": "已关停"},
    ])  # fmt: skip


@maker
def an_old_excel_file_from_1904() -> Made:
    """The .xls with days from 1904, months shown as months."""
    cells = {
        (1, 0): "序号", (1, 1): "问题点位", (1, 2): "问题简述", (1, 3): "交办日期", (1, 4): "办结时限", (1, 5): "承办单位",
        (2, 0): 1, (2, 1): "北山县城关镇东门社区", (2, 2): "夜市摊点污水倒入雨水井", (2, 3): (dt.date(2021, 3, 1), MONTHLY), (2, 4): (dt.date(2021, 5, 1), MONTHLY), (2, 5): "县城管局",
        # 43100 days after 1904-01-01 is 2022-01-01.
        (3, 0): 2, (3, 1): "北山县城关镇北关村", (3, 2): "废旧轮胎堆在河岸", (3, 3): "2021年4月7日", (3, 4): 43100, (3, 5): "城关镇人民政府",
    }  # fmt: skip
    data = workbook({"Sheet1": (cells, [])}, since_1904=True)
    return Made("b02.xls", data, [
        {"sheet": "Sheet1", "excel_row": 2, "place": "北山县城关镇东门社区", "description": "夜市摊点污水倒入雨水井", "disclosed": "2021-03", "deadline": "2021-05-31", "unit_text": "县城管局"},
        {"sheet": "Sheet1", "excel_row": 3, "place": "北山县城关镇北关村", "description": "废旧轮胎堆在河岸", "disclosed": "2021-04-07", "deadline": "2022-01-01", "unit_text": "城关镇人民政府"},
    ])  # fmt: skip


@maker
def three_levels_merged_down() -> Made:
    """County, town and village merged down, subtotals between, everything centred over two lines."""
    book = Book("b03.xlsx")
    page = book.page("Sheet2")
    page.wide("长流市畜禽养殖污染问题台账（2023年修订）", 9)
    page.blank()
    page.row(
        "县区",
        "乡镇",
        "村",
        "养殖场",
        "问题\n描述",
        "信息来源",
        "指出日期",
        "整改\n措施",
        "整改责任\n单位",
        "要求完成\n时间",
    )
    rows = [
        ("小干粪露天堆放，雨天流入稻田", "日常巡查", "2023-02-11", "建堆粪棚", "洪口镇政府", "2023.4.30"),
        ("沼液池满溢", "群众举报", "2023年2月", "抽排还田", "洪口镇政府", "2023年3月底"),
        ("未建化粪池", "日常巡查", "2023/2/20", "补建", "县农业农村局", "2023年6月1日"),
        ("病死猪乱扔", "媒体报道", dt.date(2023, 3, 15), "无害化处理", "县农业农村局", dt.date(2023, 3, 20)),
    ]
    page.merge(4, 0, 6, 0, "安陵县")
    page.merge(4, 1, 6, 1, "洪口镇")
    page.merge(4, 2, 5, 2, "河西村")
    page.put(6, 2, "河东村")
    for offset, values in enumerate(rows[:3]):
        row = 4 + offset
        page.put(row, 3, f"{'甲乙丙'[offset]}场")
        for column, value in enumerate(values, 4):
            page.put(row, column, value)
        text, source, _, measures, unit, _ = values
        book.true(page, row, place="安陵县洪口镇" + ("河西村" if row < 6 else "河东村"), description=text, source=source, measures=measures, unit_text=unit,
                  disclosed=["2023-02-11", "2023-02", "2023-02-20"][offset], deadline=["2023-04-30", "2023-03-31", "2023-06-01"][offset])  # fmt: skip
    page.merge(7, 0, 7, 3, "洪口镇小计")
    page.put(7, 4, "3个问题")
    page.at = 8
    row = page.row("安陵县", "白鹭乡", "新农村", "丁场", *rows[3])
    book.true(
        page,
        row,
        place="安陵县白鹭乡新农村",
        description="病死猪乱扔",
        source="媒体报道",
        disclosed="2023-03-15",
        deadline="2023-03-20",
    )
    page.merge(9, 0, 9, 3, "合    计")
    page.put(9, 4, "4个问题")
    return book.made()


@maker
def beside_each_other_with_headings() -> Made:
    """Two tables beside each other, parted by an empty column, the left one with headings of its own."""
    book = Book("b04.xlsx")
    page = book.page("对照")
    page.at = 2
    page.row("序号", "问题描述", "整改时限", "责任单位", None, "序号", "问题描述", "整改时限", "责任单位")
    page.put(3, 0, "一、青桐街道")
    page.put(3, 5, 1)
    page.put(3, 6, "长岭镇马鞍村蔬菜大棚农膜丢弃")
    page.put(3, 7, "2022-11-30")
    page.put(3, 8, "长岭镇政府")
    book.true(
        page,
        3,
        place="长岭镇马鞍村",
        description="长岭镇马鞍村蔬菜大棚农膜丢弃",
        deadline="2022-11-30",
        unit_text="长岭镇政府",
    )
    page.at = 4
    page.row(
        1,
        "体育场旁洗车点无隔油池",
        "2022-10-31",
        "区城管局",
        None,
        2,
        "长岭镇下坊村小作坊熏烟",
        "2022-12-15",
        "区市场监管局",
    )
    book.true(
        page, 4, place="青桐街道", description="体育场旁洗车点无隔油池", deadline="2022-10-31", unit_text="区城管局"
    )
    book.true(
        page,
        4,
        place="长岭镇下坊村",
        description="长岭镇下坊村小作坊熏烟",
        deadline="2022-12-15",
        unit_text="区市场监管局",
    )
    page.put(5, 0, "二、麻石街道")
    page.at = 6
    page.row(2, "公厕污水管断裂", "2022年9月", "麻石街道办事处")
    book.true(
        page, 6, place="麻石街道", description="公厕污水管断裂", deadline="2022-09-30", unit_text="麻石街道办事处"
    )
    return book.made()


@maker
def forms_beside_each_other() -> Made:
    """Two forms beside each other, and two more below."""
    book = Book("b05.xlsx")
    page = book.page("问题卡")
    cards = [
        (
            "001",
            "暗查暗访",
            "东阳乡渔梁村",
            "采石场弃土压占河道",
            "清除弃土",
            "县水利局",
            "2022年8月31日",
            "2022-07-02",
        ),
        ("002", "信访转办", "东阳乡集镇", "饭店泔水倒入排水沟", "设收集桶", "东阳乡政府", "2022-07-20", "2022-07-05"),
        (
            "003",
            "暗查暗访",
            "黄沙镇渡头村",
            "渡口趸船生活垃圾入江",
            "配垃圾桶",
            "县交通局",
            "2022年7月底",
            "2022-07-09",
        ),
        ("004", "卫星遥感", "黄沙镇高岭村", "矿山未覆土", "覆土种草", "县林业局", "长期坚持", "2022-06"),
    ]
    labels = ("编号", "来源", "地点", "问题", "措施", "责任单位", "时限", "发现时间")
    for pair in (0, 2):
        first = page.at
        for side in (0, 1):
            for offset, (label, value) in enumerate(zip(labels, cards[pair + side], strict=True)):
                page.put(first + offset, 3 * side, label + "：")
                page.put(first + offset, 3 * side + 1, value)
            card = cards[pair + side]
            book.true(page, first, place=card[2] if "集镇" not in card[2] else "东阳乡集镇", source=card[1], description=card[3], measures=card[4], unit_text=card[5],
                      deadline={"001": "2022-08-31", "002": "2022-07-20", "003": "2022-07-31", "004": None}[card[0]], disclosed=card[7])  # fmt: skip
        page.at = first + len(labels) + 1
    return book.made()


@maker
def titles_above_long_texts() -> Made:
    """One form on each sheet; titles of long texts stand above them across the form."""
    book = Book("b06.xlsx")
    for sheet, place, text, measures, unit, due in (
        (
            "1",
            "桂溪县金盆镇松柏村",
            "景区停车场侵占湿地约5亩，破坏芦苇",
            "拆除硬化地面，恢复湿地",
            "县文旅局",
            "2023年9月30日",
        ),
        ("2", "桂溪县金盆镇瓦窑村", "废弃砖瓦窑倾倒装修垃圾", "清运、封闭路口", "金盆镇政府", "2023年8月"),
    ):
        page = book.page(sheet)
        page.wide("问题整改任务书", 3)
        page.row("问题编号", f"JP-{sheet}", "点位", place)
        page.wide("问题描述", 3)
        page.wide(text, 3)
        page.wide("整改措施", 3)
        page.wide(measures, 3)
        page.row("责任单位", unit, "完成时限", due)
        book.true(
            page,
            2,
            place=place,
            description=text,
            measures=measures,
            unit_text=unit,
            deadline={"1": "2023-09-30", "2": "2023-08-31"}[sheet],
        )
    return book.made()


@maker
def merged_cells_lost() -> Made:
    """CSV from a sheet with merged cells: towns and sources stand only in the first row of their group; UTF-16 with tabs."""
    rows = [
        ["乡镇", "问题来源", "序号", "问题", "整改单位", "整改期限"],
        ["龙潭镇", "省级督察", "1", "砂石堆场无围挡", "县水利局", "2022-04-30"],
        ["", "", "2", "洗砂废水直排", "县水利局", "2022-05-31"],
        ["", "", "3", "码头岸坡垃圾", "龙潭镇政府", "2022-03-31"],
        ["虎山乡", "市级检查", "4", "畜禽粪污露天堆放", "虎山乡政府", "2022-06-30"],
        ["", "", "5", "林地私挖鱼塘", "县林业局", ""],
        ["合计", "", "5", "", "", ""],
        ["备注：以上问题均需上报销号", "", "", "", "", ""],
    ]
    true = []
    for row, (place, source) in enumerate([("龙潭镇", "省级督察")] * 3 + [("虎山乡", "市级检查")] * 2, 2):
        values = rows[row - 1]
        true.append(
            {
                "excel_row": row,
                "place": place,
                "source": source,
                "description": values[3],
                "unit_text": values[4],
                "deadline": values[5] or None,
            }
        )
    return text_file("b07.csv", rows, "\t", "utf-16", true)


@maker
def dates_of_every_kind() -> Made:
    """Every way to write a date, titles in two rows without merged cells, a row of hints."""
    book = Book("b08.xlsx")
    page = book.page("日期")
    page.row("附件3")
    page.row("2022年度问题台账")
    page.row("单位：个")
    page.row("序号", "问题", None, None, "整改", None, None)
    page.row(None, "乡镇", "描述", "发现时间", "责任单位", "时限", "进展")
    page.row(None, "填至乡镇", "写明数量", "精确到日", "填全称", "填至月", "一句话")
    for number, (seen, true_seen, due, true_due) in enumerate(
        [
            ("２０２１年８月６日", "2021-08-06", "２０２２年５月", "2022-05-31"),
            ("二〇二一年九月", "2021-09", "二〇二二年十二月三十一日", "2022-12-31"),
            ("21.10.8", "2021-10-08", "2022年底前", "2022-12-31"),
            ("2021/11/2 10:30", "2021-11-02", "2022年上半年", "2022-06-30"),
            ("20211203", "2021-12-03", "9月底", "2022-09-30"),
            (20220106, "2022-01-06", 202207, "2022-07-31"),
            (2022.5, "2022-05", 44804, "2022-08-31"),
            ("2022年", "2022", "“十四五”末", "2025-12-31"),
            ("2022-02", "2022-02", "持续整改", None),
            ("2022年3月中旬", "2022-03", "2022年10月上旬", "2022-10-10"),
            ("2022年4月1日至4月3日", "2022-04-01", "2022年6月—2022年11月", "2022-11-30"),
            ("不详", None, "立行立改，2022年4月底前完成", "2022-04-30"),
            (dt.datetime(2022, 4, 5, 15, 20), "2022-04-05", "第三季度", "2022-09-30"),  # noqa: DTZ001
            ("'2022年5月", "2022-05", "2022年6月30日前（如遇汛期顺延）", "2022-06-30"),
        ],
        1,
    ):
        row = page.row(number, "兰溪镇", f"第{number}处河段漂浮物未清理", seen, "兰溪镇人民政府", due, "已开展")
        book.true(
            page,
            row,
            place="兰溪镇",
            description=f"第{number}处河段漂浮物未清理",
            disclosed=true_seen,
            deadline=true_due,
            unit_text="兰溪镇人民政府",
        )
    return book.made()


@maker
def two_tables_with_other_columns() -> Made:
    """What is done and what is not in two tables below each other, with other columns."""
    book = Book("b09.xlsx")
    page = book.page("进展")
    page.wide("一、已完成整改的问题", 5)
    page.row("序号", "问题内容", "所在镇村", "牵头单位", "完成时限", "销号时间")
    row = page.row(1, "污水泵站电机烧毁停运", "芦花镇荷塘村", "县住建局", "2021年12月31日", "2021-12-10")
    book.true(
        page,
        row,
        place="芦花镇荷塘村",
        description="污水泵站电机烧毁停运",
        unit_text="县住建局",
        deadline="2021-12-31",
        progress="已完成",
    )
    page.blank()
    page.wide("二、未完成整改的问题", 5)
    page.row("序号", "所在镇村", "问题内容", "整改措施", "责任单位", "计划完成时间")
    row = page.row(1, "芦花镇莲池村", "河道断面水草腐烂", "打捞水草", "芦花镇政府", "2022年7月")
    book.true(
        page,
        row,
        place="芦花镇莲池村",
        description="河道断面水草腐烂",
        measures="打捞水草",
        unit_text="芦花镇政府",
        deadline="2022-07-31",
    )
    row = page.row(2, "茅坪乡茅坪村", "电镀企业危废仓库破损", "修缮仓库", "县生态环境局", "2022年8月")
    book.true(
        page,
        row,
        place="茅坪乡茅坪村",
        description="电镀企业危废仓库破损",
        unit_text="县生态环境局",
        deadline="2022-08-31",
    )
    return book.made()


@maker
def places_told_in_the_text() -> Made:
    """No column of places: they stand before the text, in brackets, after the river, or nowhere."""
    book = Book("b10.xlsx")
    page = book.page("督察交办")
    page.row("受理编号", "交办时间", "举报内容", "办理单位", "办结期限", "办理情况")
    for code, text, place in (
        ("X3-001", "【星火县桃源镇柳林村】砖厂粉尘大，庄稼蒙灰", "星火县桃源镇柳林村"),
        ("X3-002", "星火县桃源镇：垃圾焚烧炉冒黑烟", "星火县桃源镇"),
        ("X3-003", "清水河沿岸的石鼓乡渡口村有人夜间倒泥浆", "石鼓乡渡口村"),
        ("D3-004", "举报人称石鼓乡大坝村附近的养猪场臭气扰民", "石鼓乡大坝村"),
        ("D3-005", "位于石鼓乡工业园的鞋厂排放刺鼻气味", "石鼓乡"),
        ("D3-006", "县城夜宵摊油烟扰民", None),
    ):
        row = page.row(code, "2022年4月15日", text, "星火县人民政府", "2022年4月25日", "属实，已整改")
        fields = {"place": place} if place else {}
        book.true(
            page,
            row,
            description=text,
            disclosed="2022-04-15",
            deadline="2022-04-25",
            unit_text="星火县人民政府",
            progress="属实，已整改",
            **fields,
        )
    return book.made()


@maker
def decorated_names_of_sheets() -> Made:
    """Names of sheets with numbers and counts, a village column only, notes between the rows."""
    book = Book("b11.xlsx")
    for name, town, rows in (
        ("1.柳河镇（2个）", "柳河镇", [("双桥村", "机井房漏油"), ("前楼村", "坑塘倾倒秸秆")]),
        ("2.杏花街道(1个)", "杏花街道", [("文昌社区", "小区雨水管接入阳台洗衣水")]),
    ):
        page = book.page(name)
        page.wide(name.split(".")[1] + "问题清单", 4)
        page.row("序", "村（社区）", "问题情况", "整改时限", "责任人及单位")
        for number, (village, text) in enumerate(rows, 1):
            row = page.row(
                number, village, text, "2023年3月31日", f"{town}人民政府" if town[-1] == "镇" else f"{town}办事处"
            )
            book.true(page, row, place=town + village, description=text, deadline="2023-03-31")
        page.wide("说明：问题情况须与现场一致。", 4)
    return book.made()


@maker
def plan_in_one_cell() -> Made:
    """As rectification plans print it: the text of the problem, and one cell with labelled lines for all the rest."""
    book = Book("b12.xlsx")
    page = book.page("整改方案")
    page.wide("督察反馈问题整改清单", 3)
    page.row("序号", "反馈问题", "整改方案", "进展情况")
    row = page.row(
        "一",
        "南浦县污水处理厂提标改造滞后，出水总氮长期超标。",
        "整改目标：出水稳定达到一级A标准。\n整改措施：1.加快提标改造；2.加强进水监管。\n责任单位：县住建局、县生态环境局\n整改时限：2022年12月底前",
        "主体工程完工",
    )
    book.true(
        page,
        row,
        description="南浦县污水处理厂提标改造滞后，出水总氮长期超标。",
        measures="1.加快提标改造；2.加强进水监管。",
        unit_text="县住建局、县生态环境局",
        deadline="2022-12-31",
        progress="主体工程完工",
    )
    row = page.row(
        "二",
        "南浦县高桥镇石灰石矿山扬尘污染严重。",
        "整改目标：扬尘得到有效控制。\n整改措施：安装喷淋，道路硬化。\n责任单位：县自然资源局\n整改时限：立行立改，长期坚持",
        "已安装喷淋",
    )
    book.true(
        page,
        row,
        place="南浦县高桥镇",
        description="南浦县高桥镇石灰石矿山扬尘污染严重。",
        measures="安装喷淋，道路硬化。",
        unit_text="县自然资源局",
        deadline=None,
    )
    return book.made()


@maker
def progress_below_each_row() -> Made:
    """Two rows for a problem: below its own a line across with how things stand; a hidden sheet of choices."""
    book = Book("b13.xlsx")
    page = book.page("调度")
    page.row("序号", "点位", "问题描述", "责任单位", "整改时限")
    for number, (place, text, state) in enumerate(
        [
            ("红旗镇东风村", "灌溉渠被菜农堵塞", "最新进展：已疏通120米"),
            ("红旗镇跃进村", "化肥袋随处丢弃", "最新进展：设回收点3处"),
        ],
        1,
    ):
        row = page.row(number, place, text, "红旗镇人民政府", "2022-06-30")
        page.wide(state, 4)
        book.true(
            page,
            row,
            place=place,
            description=text,
            deadline="2022-06-30",
            unit_text="红旗镇人民政府",
            progress=state.partition("：")[2],
        )
    choices = book.page("选项")
    choices.row("责任单位")
    choices.row("红旗镇人民政府")
    choices.conceal()
    return book.made()


@maker
def numbered_with_units() -> Made:
    """Numbered lines in several cells of a row, each line of one cell belonging to that of the others."""
    book = Book("b14.xlsx")
    page = book.page("表一")
    page.row("地区", "问题清单", "整改措施", "责任单位", "时限要求", "完成情况")
    row = page.row(
        "清风镇",
        "（1）渔光村拦河网影响行洪\n（2）月亮湾村冷库制冷剂泄漏",
        "（1）拆除拦河网\n（2）更换阀门",
        "（1）县水利局\n（2）县应急管理局",
        "（1）2022年5月31日\n（2）2022年6月15日",
        "（1）已拆除\n（2）未完成",
    )
    book.true(
        page,
        row,
        place="清风镇渔光村",
        description="渔光村拦河网影响行洪",
        measures="拆除拦河网",
        unit_text="县水利局",
        deadline="2022-05-31",
        progress="已拆除",
    )
    book.true(
        page,
        row,
        place="清风镇月亮湾村",
        description="月亮湾村冷库制冷剂泄漏",
        measures="更换阀门",
        unit_text="县应急管理局",
        deadline="2022-06-15",
        progress="未完成",
    )
    row = page.row("明月乡", "竹园村祠堂后垃圾池外溢", "①清运②增设2个池", "明月乡政府", "2022.5.10", "完成")
    book.true(
        page,
        row,
        place="明月乡竹园村",
        description="竹园村祠堂后垃圾池外溢",
        measures="①清运②增设2个池",
        unit_text="明月乡政府",
        deadline="2022-05-10",
        progress="完成",
    )
    return book.made()


@maker
def a_markdown_table() -> Made:
    """Pasted from a chat: a table with strokes."""
    text = "\n".join(
        [
            "| 序号 | 地点 | 存在的问题 | 责任单位 | 整改时限 |",
            "|---|---|---|---|---|",
            "| 1 | 梅园镇李村 | 村口池塘蚊蝇滋生 | 梅园镇政府 | 2022年5月 |",
            "| 2 | 梅园镇杏村 | 修车店废机油渗地 | 县交通局 | 2022.5.20 |",
        ]
    )
    return Made("b15.txt", text.encode(), [
        {"sheet": None, "excel_row": 3, "place": "梅园镇李村", "description": "村口池塘蚊蝇滋生", "unit_text": "梅园镇政府", "deadline": "2022-05-31"},
        {"sheet": None, "excel_row": 4, "place": "梅园镇杏村", "description": "修车店废机油渗地", "unit_text": "县交通局", "deadline": "2022-05-20"},
    ])  # fmt: skip


@maker
def a_title_line_and_commas() -> Made:
    """CSV whose first line is a title without any comma; quoted cells with commas; a column nobody named."""
    text = (
        "2022年问题清单\r\n"
        "\r\n"
        "序号,,问题描述,整改责任单位,整改时限,备注\r\n"
        '1,溪口镇棠下村,"菜场,鱼档污水横流",溪口镇政府,2022年3月,\r\n'
        '2,溪口镇上街社区,"化粪池满溢, 臭味大",区城管局,"2022,已延期",\r\n'
        "总计,,2,,,\r\n"
    )
    return Made("b16.csv", text.encode("utf-8-sig"), [
        {"sheet": None, "excel_row": 4, "place": "溪口镇棠下村", "description": "菜场,鱼档污水横流", "unit_text": "溪口镇政府", "deadline": "2022-03-31"},
        {"sheet": None, "excel_row": 5, "place": "溪口镇上街社区", "description": "化粪池满溢, 臭味大", "unit_text": "区城管局"},
    ])  # fmt: skip


@maker
def a_yes_and_no_ledger() -> Made:
    """Remarks first, sources by heading, yes and no, shares as percent, many rows hidden, the last page of the form blank."""
    book = Book("b17.xlsx")
    page = book.page("销号表")
    page.wide("2022年问题销号情况表（截至2022年11月）", 7)
    page.row("备注", "问题点位", "问题", "主责单位", "整改到位时限", "是否销号", "完成进度", "登记日期")
    number = 0
    for heading, rows in (
        ("一、国家警示片披露问题", [("铜山县铁桥镇矿务社区", "矸石山自燃冒烟", "县发改委", "是", 1.0)]),
        (
            "二、省级环保督察反馈问题",
            [
                ("铜山县铁桥镇水口村", "水电站下游断流", "县水利局", "否", 0.35),
                ("铜山县云岭乡云中村", "风电场弃渣下坡", "县林业局", "否", 0.8),
            ],
        ),
    ):
        page.wide(heading, 7)
        for place, text, unit, done, share in rows:
            number += 1
            row = page.at
            for column, value in enumerate((None, place, text, unit, dt.date(2022, 12, 31), done)):
                page.put(row, column, value)
            page.put(row, 6, share, "0%")
            page.put(row, 7, dt.date(2022, 2, number), DAY)
            page.at += 1
            page.hide(row)
            book.true(
                page,
                row,
                place=place,
                description=text,
                unit_text=unit,
                deadline="2022-12-31",
                disclosed=f"2022-02-0{number}",
                source=heading[2:],
            )
    page.blank(3)
    page.row("制表人：")
    return book.made()


@maker
def one_town_one_title() -> Made:
    """The town stands only in the line of who fills in; places are given short."""
    book = Book("b18.xlsx")
    page = book.page("Sheet1")
    page.wide("人居环境问题自查表", 5)
    page.row("填报单位（盖章）：稻香镇人民政府", None, None, "填报日期：2023-5-6")
    page.row("序号", "地点", "存在的主要问题", "整改办法", "整改负责单位", "拟完成时间")
    row = page.row(1, "大湾村三组", "柴草乱堆乱放", "集中清理", "大湾村委会", "5月20日")
    book.true(
        page,
        row,
        place="稻香镇大湾村三组",
        description="柴草乱堆乱放",
        measures="集中清理",
        unit_text="大湾村委会",
        deadline="2023-05-20",
    )
    row = page.row(2, "稻香社区菜市场", "摊位污水外流", "修排水沟", "镇城管中队", "6月底前")
    book.true(
        page,
        row,
        place="稻香镇稻香社区菜市场",
        description="摊位污水外流",
        unit_text="镇城管中队",
        deadline="2023-06-30",
    )
    return book.made()


@maker
def continued_pages() -> Made:
    """A printed ledger: the title and header come again on each page, 接上页, page totals."""
    book = Book("b19.xlsx")
    page = book.page("打印")
    titles = ("序号", "问题来源", "具体位置", "问题具体情况", "责任单位", "限期")
    number = 0
    for sheet in range(2):
        page.wide("城区排水问题台账" + ("（续表）" if sheet else ""), 5)
        page.row(*titles)
        for street in ("解放街道工农社区", "解放街道前街社区"):
            number += 1
            row = page.row(
                number, "12319热线", street, f"雨污混接点{number}处未改造", "区住建局", f"2022年{number + 5}月"
            )
            book.true(
                page,
                row,
                place=street,
                source="12319热线",
                description=f"雨污混接点{number}处未改造",
                unit_text="区住建局",
                deadline={1: "2022-06-30", 2: "2022-07-31", 3: "2022-08-31", 4: "2022-09-30"}[number],
            )
        page.row("本页小计", None, None, "2个")
        page.row(None, None, None, None, None, f"第{sheet + 1}页 共2页")
    page.row("累计", None, None, "4个")
    return book.made()


@maker
def values_across_columns() -> Made:
    """Cells merged across two columns under titles merged likewise; the town in a title merged over two rows."""
    book = Book("b20.xlsx")
    page = book.page("表")
    page.merge(1, 0, 1, 8, "水库水质问题表")
    for left, right, text in (
        (0, 0, "编号"),
        (1, 2, "水库及位置"),
        (3, 5, "问题现状"),
        (6, 6, "责任单位"),
        (7, 8, "整改完成期限"),
    ):
        page.merge(2, left, 3, right, text)
    page.at = 4
    for number, (place, text, unit, due, true) in enumerate(
        [
            ("梨园乡双堰村双堰水库", "网箱养鱼未退出", "梨园乡政府", "2022年12月", "2022-12-31"),
            ("梨园乡八里村八里水库", "库边餐饮船排污", "县水利局", "2023-01-15", "2023-01-15"),
        ],
        1,
    ):
        row = page.at
        page.put(row, 0, number)
        page.merge(row, 1, row, 2, place)
        page.merge(row, 3, row, 5, text)
        page.put(row, 6, unit)
        page.merge(row, 7, row, 8, due)
        page.at += 1
        book.true(page, row, place=place, description=text, unit_text=unit, deadline=true)
    return book.made()


@maker
def months_in_a_modern_file() -> Made:
    """Dates that show as months, text of two lines, units with labels, a merged time limit."""
    book = Book("b21.xlsx")
    page = book.page("警示片")
    page.row("序号", "披露时间", "警示片披露问题", "属地乡镇", "整改单位", "整改期限")
    page.put(2, 1, dt.date(2021, 12, 1), MONTH)
    page.put(3, 1, dt.date(2021, 12, 1), MONTH)
    for row, (text, town, units) in enumerate(
        [
            ("磷石膏库渗漏\n下游水体总磷升高", "磨盘镇", "牵头单位：县应急管理局；配合单位：县生态环境局"),
            ("化工园区事故池常年满水", "龙泉镇", "牵头单位：开发区管委会"),
        ],
        2,
    ):
        page.put(row, 0, row - 1)
        page.put(row, 2, text)
        page.put(row, 3, town)
        page.put(row, 4, units)
    page.merge(2, 5, 3, 5, None)
    page.put(2, 5, dt.date(2022, 6, 1), MONTH)
    book.true(
        page,
        2,
        place="磨盘镇",
        description="磷石膏库渗漏\n下游水体总磷升高",
        disclosed="2021-12",
        unit_text="县应急管理局、县生态环境局",
        deadline="2022-06-30",
    )
    book.true(
        page,
        3,
        place="龙泉镇",
        description="化工园区事故池常年满水",
        disclosed="2021-12",
        unit_text="开发区管委会",
        deadline="2022-06-30",
    )
    return book.made()
