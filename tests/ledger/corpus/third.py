"""A third set, written after both halves were read wholly, to see what else clerks can do."""

from __future__ import annotations

import datetime as dt

from tests.ledger.corpus.making import Book, Made, maker, text_file


@maker
def cards_with_groups_of_labels() -> Made:
    """Cards by column whose labels have groups to their left; the first row names the problems."""
    book = Book("c01.xlsx")
    page = book.page("金沙镇")
    page.wide("重点问题一览（按列）", 4)
    page.row("类别", "项目", "问题1", "问题2", "问题3")
    page.merge(3, 0, 6, 0, "基本情况")
    page.merge(7, 0, 9, 0, "整改情况")
    rows = [
        ("问题来源", "国家警示片", "省督察", "省督察"),
        ("所在村", "沙头村", "沙尾村", "沙头村"),
        ("问题描述", "采砂船夜间作业", "砂场扬尘扰民", "砂场未批先建"),
        ("披露时间", "2021年10月", dt.date(2022, 1, 9), dt.date(2022, 1, 9)),
        ("整改措施", "扣押船只", "安装喷淋", "拆除"),
        ("责任单位", "区水利局", "金沙镇政府", "区自然资源局"),
        ("完成时限", "2022年1月底前", "2022.3.31", "长期坚持"),
    ]
    for label, *values in rows:
        page.row(label, *values, start=1)
    for at, (village, seen, due) in enumerate(
        [("沙头村", "2021-10", "2022-01-31"), ("沙尾村", "2022-01-09", "2022-03-31"), ("沙头村", "2022-01-09", None)]
    ):
        book.true(
            page,
            2,
            place="金沙镇" + village,
            source=rows[0][at + 1],
            description=rows[2][at + 1],
            disclosed=seen,
            measures=rows[4][at + 1],
            unit_text=rows[5][at + 1],
            deadline=due,
        )
    return book.made()


@maker
def a_summary_before_the_table() -> Made:
    """A paragraph that sums up, counts by town, then the ledger; at the end who answers and a conclusion."""
    book = Book("c02.xlsx")
    page = book.page("通报")
    page.wide("关于3月份河湖问题的通报", 5)
    page.wide("截至3月底，全区共排查河湖问题6个，其中已完成整改2个，正在整改4个，整改完成率33%。", 5)
    page.row("乡镇", "问题总数", "已完成", "正在整改")
    page.row("石榴镇", 4, 1, 3)
    page.row("橘子乡", 2, 1, 1)
    page.blank()
    page.row("序号", "乡镇村", "问题情况说明", "责任部门", "整改截止日期", "整改状态")
    row = page.row(1, "石榴镇红花村", "拦河坝上游漂浮物聚集", "石榴镇政府", dt.date(2023, 4, 15), "正在整改")
    book.true(
        page,
        row,
        place="石榴镇红花村",
        description="拦河坝上游漂浮物聚集",
        unit_text="石榴镇政府",
        deadline="2023-04-15",
        progress="正在整改",
    )
    row = page.row(2, "橘子乡绿叶村", "果园农药瓶丢在渠边", "区农业农村局", "2023年4月20日", "已完成")
    book.true(
        page,
        row,
        place="橘子乡绿叶村",
        description="果园农药瓶丢在渠边",
        unit_text="区农业农村局",
        deadline="2023-04-20",
        progress="已完成",
    )
    page.row(None, None, "3个问题，已完成1个")
    page.wide("小结：各乡镇要加快进度，确保4月底前全部完成。", 5)
    return book.made()


@maker
def units_as_headings() -> Made:
    """Headings of responsible units, one of them a town; no column of units."""
    book = Book("c03.xlsx")
    page = book.page("责任分解")
    page.row("序号", "具体位置", "问题", "完成时限", "备注")
    page.wide("责任单位：区交通局（2项）", 4)
    row = page.row(1, "南湖街道码头社区", "客运码头油污水收集设施闲置", "2022-09-30", None)
    book.true(
        page,
        row,
        place="南湖街道码头社区",
        description="客运码头油污水收集设施闲置",
        unit_text="区交通局",
        deadline="2022-09-30",
    )
    row = page.row(2, "北湖镇渡头村", "渡船垃圾未上岸", "2022-08-31", "已约谈")
    book.true(
        page, row, place="北湖镇渡头村", description="渡船垃圾未上岸", unit_text="区交通局", deadline="2022-08-31"
    )
    page.wide("责任单位：北湖镇人民政府（1项）", 4)
    row = page.row(3, "湖心村", "围网养鱼", "2022年底", None)
    book.true(
        page, row, place="北湖镇湖心村", description="围网养鱼", unit_text="北湖镇人民政府", deadline="2022-12-31"
    )
    return book.made()


@maker
def gaps_without_merging() -> Made:
    """Town and source written once, the cells below left empty, in an Excel file; blank rows between the groups."""
    book = Book("c04.xlsx")
    page = book.page("Sheet1")
    page.row("来源", "乡镇", "行政村", "问题", "承办单位", "办结时限")
    truth = []
    for source, town, village, text, due in [
        ("县级督查", "大桥镇", "桥东村", "污水井盖缺失，污水外冒", "2022-05-10"),
        (None, None, "桥西村", "屠宰场异味", "2022-05-12"),
        (None, "小溪乡", "溪头村", "弃渣堵塞河道", "2022-06-01"),
        (None, None, "溪尾村", "矿洞涌水发黄", "2022-07-01"),
        ("群众热线", "大桥镇", "桥东村", "广场舞噪声", "2022-05-01"),
    ]:
        row = page.row(source, town, village, text, "县生态环境局", due)
        truth.append((row, town, village, text, due))
    last = ""
    for row, town, village, text, due in truth:
        last = town or last
        book.true(page, row, place=last + village, description=text, deadline=due, unit_text="县生态环境局")
    return book.made()


@maker
def several_cells_for_one_problem_unmerged() -> Made:
    """Further units and measures on rows of their own, nothing merged, the other cells empty."""
    book = Book("c05.xlsx")
    page = book.page("清单")
    page.row("序号", "问题描述", "整改地点", "整改措施", "责任单位", "整改期限")
    row = page.row(
        1, "化工厂雨水沟检出特征污染物", "滨河新区沿江街道油库社区", "1.溯源排查", "区生态环境局", dt.date(2022, 10, 1)
    )
    page.row(None, None, None, "2.清污分流", "区工信局", None)
    page.row(None, None, None, "3.在线监控", None, None)
    book.true(
        page,
        row,
        place="滨河新区沿江街道油库社区",
        description="化工厂雨水沟检出特征污染物",
        measures="1.溯源排查\n2.清污分流\n3.在线监控",
        unit_text="区生态环境局、区工信局",
        deadline="2022-10-01",
    )
    row = page.row(2, "旧船坞油泥未清", "滨河新区沿江街道船厂社区", "清理油泥", "区交通局", dt.date(2022, 11, 1))
    book.true(
        page,
        row,
        place="滨河新区沿江街道船厂社区",
        description="旧船坞油泥未清",
        measures="清理油泥",
        unit_text="区交通局",
        deadline="2022-11-01",
    )
    return book.made()


@maker
def lists_of_a_village_in_a_cell() -> Made:
    """Numbered texts without any twin, places in another column for all of them; one row with a single problem."""
    book = Book("c06.xlsx")
    page = book.page("自查")
    page.row("村名", "自查发现问题", "整改责任人", "整改责任单位", "时限")
    row = page.row("竹山村", "1.村道旁白色垃圾多；2.公厕化粪池外溢；3.溪里有死鸡", "李某", "竹山村委会", "2022年5月")
    for text in ("村道旁白色垃圾多", "公厕化粪池外溢", "溪里有死鸡"):
        book.true(page, row, place="竹山村", description=text, unit_text="竹山村委会", deadline="2022-05-31")
    row = page.row("茶山村", "无证小散养猪场粪水直排", "陈某", "茶山村委会", "2022年6月")
    book.true(
        page, row, place="茶山村", description="无证小散养猪场粪水直排", unit_text="茶山村委会", deadline="2022-06-30"
    )
    return book.made()


@maker
def rows_that_look_like_titles() -> Made:
    """Short texts everywhere: values that could be titles, a remark that says 合计, problems named 垃圾问题."""
    book = Book("c07.xlsx")
    page = book.page("明细")
    page.row("编号", "地区", "问题名称", "类别", "责任单位", "限期", "说明")
    for number, (place, text, kind) in enumerate(
        [
            ("永乐镇", "生活垃圾问题", "垃圾"),
            ("永乐镇", "河道问题", "河湖"),
            ("长乐乡", "扬尘", "大气"),
            ("长乐乡", "噪声污染", "噪声"),
        ],
        1,
    ):
        row = page.row(
            f"Y-{number}", place, text, kind, "县住建局", f"2023-0{number}-01", "合计金额5万元" if number == 2 else None
        )
        book.true(page, row, place=place, description=text, unit_text="县住建局", deadline=f"2023-0{number}-01")
    return book.made()


@maker
def a_csv_with_line_breaks_and_tabs() -> Made:
    """Tabs, GB18030, a title line, quoted cells of several lines, sections as lines of one cell, notes."""
    rows = [
        ["河湖长制问题整改清单"],
        [""],
        ["序号", "问题描述", "责任单位", "整改时限", "整改情况"],
        ["一、平湖街道"],
        ["1", "沿湖栈道\n下方油污", "平湖街道办事处\n区城管局", "2022年4月", "完成"],
        ["2", "游船码头厕所\n污水直排", "区文旅局", "2022年5月中旬", "施工中"],
        ["二、方塘镇"],
        ["3", "方塘镇中塘村塘坝\n渗漏", "区水利局", "2022.9", "未开工"],
        ["备注：本表一式两份"],
    ]
    return text_file("c08.csv", rows, "\t", "gb18030", [
        {"excel_row": 5, "place": "平湖街道", "description": "沿湖栈道下方油污", "unit_text": "平湖街道办事处、区城管局", "deadline": "2022-04-30", "progress": "完成"},
        {"excel_row": 6, "place": "平湖街道", "description": "游船码头厕所污水直排", "unit_text": "区文旅局", "deadline": "2022-05-20"},
        {"excel_row": 8, "place": "方塘镇中塘村", "description": "方塘镇中塘村塘坝渗漏", "unit_text": "区水利局", "deadline": "2022-09-30"},
    ])  # fmt: skip


@maker
def a_petition_list() -> Made:
    """Letters and calls passed on: long texts with several places, the answer in columns, dates with a time of day."""
    book = Book("c09.xlsx")
    page = book.page("信访件办理")
    page.wide("第二批转办信访件办理情况表", 7)
    page.row(
        "受理编号",
        "来电来信反映的内容",
        "行政区域",
        "污染类型",
        "调查核实情况",
        "是否属实",
        "处理和整改情况",
        "办结时间",
    )
    text = "反映江口区临江镇下沙村一家洗涤厂，每天凌晨排放泡沫污水，影响下游上沙村饮水。"
    row = page.row(
        "D2JX202104200012", text, "江口区", "水", "经查，该厂污水站停运。", "属实", "责令停产", "2021-04-28 18:00"
    )
    book.true(page, row, place="江口区临江镇下沙村", description=text, progress="责令停产")
    text = "举报洲头镇采石场爆破震裂房屋，粉尘大。"
    row = page.row(
        "X2JX202104210003", text, "江口区", "大气", "现场检查时未生产。", "部分属实", "安装喷雾", "2021-05-06"
    )
    book.true(page, row, place="江口区洲头镇", description=text, progress="安装喷雾")
    return book.made()


@maker
def beside_with_other_lengths() -> Made:
    """Three small tables beside each other for three sources, each headed by its own line."""
    book = Book("c10.xlsx")
    page = book.page("分来源")
    for left, text in ((0, "中央督察反馈"), (4, "省督察反馈"), (8, "市级巡查发现")):
        page.merge(1, left, 1, left + 2, text)
        for offset, title in enumerate(("地点", "问题", "时限")):
            page.put(2, left + offset, title)
    cells = [
        (3, 0, "中央督察反馈", "赤岭镇铁坑村", "历史遗留矿渣未治理", "2024年12月"),
        (4, 0, "中央督察反馈", "赤岭镇集镇", "污水厂超负荷", "2023年底"),
        (3, 4, "省督察反馈", "白岩乡石壁村", "采石破坏山体", "2023-10-31"),
        (3, 8, "市级巡查发现", "白岩乡岩下村", "小水电无生态流量", "立行立改"),
        (4, 8, "市级巡查发现", "白岩乡岩上村", "河道采石", "2023年3月"),
        (5, 8, "市级巡查发现", "赤岭镇新田村", "垃圾焚烧", "2023年2月底"),
    ]
    due = {
        "2024年12月": "2024-12-31",
        "2023年底": "2023-12-31",
        "2023-10-31": "2023-10-31",
        "立行立改": None,
        "2023年3月": "2023-03-31",
        "2023年2月底": "2023-02-28",
    }
    for row, left, source, place, text, limit in cells:
        for offset, value in enumerate((place, text, limit)):
            page.put(row, left + offset, value)
        book.true(page, row, place=place, source=source, description=text, deadline=due[limit])
    return book.made()
