"""A fifth set at first sight: supervision slips, applications, logs, units to tick."""

from __future__ import annotations

import datetime as dt

from tests.ledger.corpus.making import Book, Made, maker, text_file


@maker
def a_supervision_list() -> Made:
    """What a government office presses for: matters, contents, host and helping units."""
    book = Book("e01.xlsx")
    page = book.page("督办事项")
    page.wide("县政府督查室督办事项清单（2023年第4期）", 6)
    page.row("序号", "督办事项", "督办内容", "主办单位", "协办单位", "办结时限", "办理结果")
    row = page.row(
        1, "水源地安全", "青龙水库一级保护区内仍有垂钓平台12处未拆", "县水利局", "青龙镇政府", "4月30日前", "已拆除"
    )
    book.true(
        page, row, description="青龙水库一级保护区内仍有垂钓平台12处未拆", deadline="2023-04-30", progress="已拆除"
    )
    row = page.row(2, "城区内涝", "朝阳街道学府社区雨季积水严重", "县住建局", None, "2023年汛前（5月底）", "管网已疏通")
    book.true(
        page,
        row,
        place="朝阳街道学府社区",
        description="朝阳街道学府社区雨季积水严重",
        unit_text="县住建局",
        deadline="2023-05-31",
        progress="管网已疏通",
    )
    return book.made()


@maker
def applications_to_strike_off() -> Made:
    """An application for each problem on a sheet of its own; the problem is only named."""
    book = Book("e02.xlsx")
    for number, (name, source, measures, unit, due) in enumerate(
        [
            (
                "白果镇银杏村畜禽粪污直排问题",
                "省环保督察",
                "建成粪污收集池3座，签订消纳协议",
                "白果镇人民政府",
                "2022年6月30日",
            ),
            ("白果镇红果村非法采砂问题", "市级暗访", "没收设备，回填沙坑", "县水利局", "2022年7月"),
        ],
        1,
    ):
        page = book.page(f"申请表{number}")
        page.wide("生态环境问题整改销号申请表", 3)
        page.row("申请单位（盖章）：", None, None, "2022年9月1日")
        page.row("问题名称", name, None, None)
        page.row("问题来源", source, "问题编号", f"XH-{number}")
        page.row("整改措施", measures)
        page.row("责任单位", unit, "责任人", "钱某")
        page.row("整改时限", due, "联系电话", "123")
        page.row("县级验收意见", None)
        page.row("市级复核意见", None)
        place = name.partition("村")[0] + "村"
        book.true(
            page,
            3,
            place=place,
            description=name,
            source=source,
            measures=measures,
            unit_text=unit,
            deadline={1: "2022-06-30", 2: "2022-07-31"}[number],
        )
    return book.made()


@maker
def units_to_tick() -> Made:
    """A column for each unit, ticked where it is responsible; states and kinds of limits likewise."""
    book = Book("e03.xlsx")
    page = book.page("责任清单")
    page.wide("问题责任清单", 10)
    for left, text in ((0, "序号"), (1, "点位"), (2, "问题表现")):
        page.merge(2, left, 3, left, text)
    page.merge(2, 3, 2, 5, "责任单位")
    page.merge(2, 6, 2, 7, "整改时限")
    page.merge(2, 8, 2, 10, "整改进展")
    page.at = 3
    page.row("水利局", "城管局", "乡镇政府", "立行立改", "限期整改", "已完成", "正在整改", "未启动", start=3)
    row = page.row(1, "芙蓉镇莲花村", "河道内违建鸡舍", "√", None, "√", None, "2022年10月底", None, "√", None)
    book.true(
        page,
        row,
        place="芙蓉镇莲花村",
        description="河道内违建鸡舍",
        unit_text="水利局、乡镇政府",
        deadline="2022-10-31",
        progress="正在整改",
    )
    row = page.row(2, "芙蓉镇荷叶社区", "夜市垃圾倒入河中", None, "√", None, "√", None, "√", None, None)
    book.true(
        page,
        row,
        place="芙蓉镇荷叶社区",
        description="夜市垃圾倒入河中",
        unit_text="城管局",
        deadline=None,
        progress="已完成",
    )
    return book.made()


@maker
def a_patrol_log() -> Made:
    """A log of patrols: days without a finding are no records."""
    book = Book("e04.xlsx")
    page = book.page("巡河日志")
    page.row("巡查日期", "巡查河段", "发现问题", "处理措施", "责任单位", "完成时限", "巡河人")
    page.row(dt.date(2022, 7, 1), "清水河上段", "无", None, None, None, "孙某")
    row = page.row(
        dt.date(2022, 7, 8), "清水河中段", "盘石镇盘石村桥下有地笼3个", "现场清除", "盘石镇政府", "立行立改", "孙某"
    )
    book.true(
        page,
        row,
        place="盘石镇盘石村",
        description="盘石镇盘石村桥下有地笼3个",
        disclosed="2022-07-08",
        measures="现场清除",
        unit_text="盘石镇政府",
        deadline=None,
    )
    page.row(dt.date(2022, 7, 15), "清水河下段", "未发现问题", None, None, None, "孙某")
    row = page.row("7月22日", "清水河下段", "盘石镇柳坝村垃圾池渗漏", "修补", "柳坝村委会", "7月底", "孙某")
    book.true(
        page, row, place="盘石镇柳坝村", description="盘石镇柳坝村垃圾池渗漏", unit_text="柳坝村委会", measures="修补"
    )
    return book.made()


@maker
def bare_words_for_titles() -> Made:
    """Titles of one word each: 日期, 地方, 内容, 处理, 负责, 期限, 结果."""
    rows = [
        ["日期", "地方", "内容", "处理", "负责", "期限", "结果"],
        ["2022.3.1", "湖光镇湖光村", "养猪场粪水流进水库", "关停", "湖光镇政府", "2022.4.1", "已关停"],
        ["2022.3.2", "湖光镇山色村", "废油桶露天堆放", "转运", "区交通局", "2022.3.20", "转运中"],
    ]
    return text_file("e05.csv", rows, ",", "utf-8", [
        {"excel_row": 2, "place": "湖光镇湖光村", "description": rows[1][2], "disclosed": "2022-03-01", "measures": "关停", "unit_text": "湖光镇政府", "deadline": "2022-04-01", "progress": "已关停"},
        {"excel_row": 3, "place": "湖光镇山色村", "description": rows[2][2], "disclosed": "2022-03-02", "measures": "转运", "unit_text": "区交通局", "deadline": "2022-03-20", "progress": "转运中"},
    ])  # fmt: skip


@maker
def problems_under_numbered_headings() -> Made:
    """As in a report: a numbered heading for each kind, one row with the town merged over several problems and blanks."""
    book = Book("e06.xlsx")
    page = book.page("排查汇总表")
    page.wide("附表：入河排污口排查问题清单", 6)
    page.row("序号", "镇（街道）", "点位及问题描述", "问题类型", "整改责任主体", "整改完成时间", "是否完成整改")
    page.wide("（一）生活污水类 5处", 6)
    page.merge(4, 1, 5, 1, "香樟街道")
    page.put(4, 0, "1")
    page.put(4, 2, "香樟社区12栋旁雨水口有污水")
    page.put(4, 3, "混接错接")
    page.put(4, 4, "香樟街道办事处")
    page.put(4, 5, "2023.3")
    page.put(4, 6, "是")
    page.put(5, 0, "2")
    page.put(5, 2, "樟树社区菜场后门污水漫溢")
    page.put(5, 3, "管网堵塞")
    page.put(5, 4, "区住建局")
    page.put(5, 5, "2023.10")
    page.put(5, 6, "否")
    book.true(
        page,
        4,
        place="香樟街道香樟社区",
        description="香樟社区12栋旁雨水口有污水",
        unit_text="香樟街道办事处",
        deadline="2023-03-31",
    )
    book.true(
        page,
        5,
        place="香樟街道樟树社区",
        description="樟树社区菜场后门污水漫溢",
        unit_text="区住建局",
        deadline="2023-10-31",
    )
    page.at = 6
    page.wide("（二）工业废水类 0处", 6)
    page.wide("（三）农业农村类 1处", 6)
    row = page.row("3", "茶亭镇", "茶亭村鱼塘换水浑浊入河", "养殖尾水", "区农业农村局", "2023年12月31", "否")
    book.true(
        page,
        row,
        place="茶亭镇茶亭村",
        description="茶亭村鱼塘换水浑浊入河",
        unit_text="区农业农村局",
        deadline="2023-12-31",
    )
    return book.made()


@maker
def several_limits_in_a_row() -> Made:
    """The limit of each step beside the measures, and one for all; what was extended says so."""
    book = Book("e07.xlsx")
    page = book.page("进度")
    page.row(
        "问题编号",
        "反馈问题（原文）",
        "整改责任单位",
        "总体整改时限",
        "分年度目标",
        "最新整改进展（截至2023年6月30日）",
        "督导验收单位",
    )
    row = page.row(
        "督察-07",
        "桂花县城区污水处理厂运行负荷率偏低，2021年仅为45%。",
        "县人民政府",
        "2023年12月31日",
        "2022年达到60%；2023年达到80%",
        "已达到72%，改造管网15公里。",
        "市住建局",
    )
    book.true(
        page,
        row,
        description="桂花县城区污水处理厂运行负荷率偏低，2021年仅为45%。",
        unit_text="县人民政府",
        deadline="2023-12-31",
        progress="已达到72%，改造管网15公里。",
    )
    row = page.row(
        "督察-08",
        "桂花县丹桂镇丹桂村历史遗留矿山未修复。",
        "县自然资源局",
        "2024年底",
        "2023年完成50亩",
        "已完成设计。",
        "市自然资源局",
    )
    book.true(
        page,
        row,
        place="桂花县丹桂镇丹桂村",
        description="桂花县丹桂镇丹桂村历史遗留矿山未修复。",
        unit_text="县自然资源局",
        deadline="2024-12-31",
        progress="已完成设计。",
    )
    return book.made()
