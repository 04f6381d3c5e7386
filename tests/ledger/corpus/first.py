"""Workbooks written before the reader had seen any of them: its accuracy at first sight was measured on these."""

from __future__ import annotations

import datetime as dt

from tests.ledger.corpus.making import DAY, MONTH, Book, Made, maker, text_file


@maker
def villages_under_towns() -> Made:
    """Towns and villages as headings, no column of places; a total for each town, notes below."""
    book = Book("a01.xlsx")
    page = book.page("台账")
    page.wide("清源区2022年河湖问题整改台账", 6)
    page.wide("填报单位：清源区河长办          填报时间：2022年4月8日", 6)
    page.row("序号", "问题来源", "存在问题", "整改措施", "责任单位", "完成时限", "整改进展情况")
    page.wide("一、柳溪镇（3个）", 6)
    page.wide("（一）上河村（2个）", 6)
    row = page.row(
        1, "区级巡河", "河边堆有建筑垃圾约20方", "清运垃圾，竖警示牌", "柳溪镇人民政府", "2022年5月底前", "已完成清运"
    )
    book.true(
        page,
        row,
        place="柳溪镇上河村",
        source="区级巡河",
        description="河边堆有建筑垃圾约20方",
        unit_text="柳溪镇人民政府",
        measures="清运垃圾，竖警示牌",
        deadline="2022-05-31",
        disclosed=None,
        progress="已完成清运",
    )
    row = page.row(2, "群众来信", "养鸭场污水流入水渠", "关停养鸭场", "区农业农村局", "立行立改", "正在协商")
    book.true(
        page,
        row,
        place="柳溪镇上河村",
        source="群众来信",
        description="养鸭场污水流入水渠",
        unit_text="区农业农村局",
        deadline=None,
        progress="正在协商",
    )
    page.wide("（二）石桥村（1个）", 6)
    row = page.row(3, "区级巡河", "桥下水面有大片水葫芦", "打捞", "柳溪镇人民政府、区水务局", "长期坚持", "打捞两次")
    book.true(
        page,
        row,
        place="柳溪镇石桥村",
        description="桥下水面有大片水葫芦",
        unit_text="柳溪镇人民政府、区水务局",
        deadline=None,
        measures="打捞",
    )
    page.row("小计", None, "3个")
    page.wide("二、南塘乡（1个）", 6)
    page.wide("（一）枫林村（1个）", 6)
    row = page.row(
        4, "市级督察", "砂场未办手续，占用滩地3亩", "拆除设备，恢复滩地", "区自然资源局", "2022.6.15", "已下达通知书"
    )
    book.true(
        page,
        row,
        place="南塘乡枫林村",
        source="市级督察",
        description="砂场未办手续，占用滩地3亩",
        deadline="2022-06-15",
        unit_text="区自然资源局",
    )
    page.row("小计", None, "1个")
    page.row("合计", None, "4个")
    page.wide("注：1.整改时限以文件为准。", 6)
    page.wide("2.本表每月5日前报区河长办。", 6)
    return book.made()


@maker
def semicolons_in_gb18030() -> Made:
    """CSV of an old machine: semicolons, GB18030, line breaks in quotes, columns in another order."""
    rows = [
        ["湖滨区环境问题清单", "", "", "", "", "", ""],
        ["责任单位", "整改期限", "问题描述", "所在乡镇", "所在村", "反馈时间", "现状"],
        [
            "区城管局",
            "2021年12月31日",
            "农贸市场后沟臭水横流；\n夏天尤其严重",
            "东渡街道",
            "码头社区",
            "2021年9月",
            "管道已接通",
        ],
        ["东渡街道办事处", "2022/3/1", '空地焚烧"秸秆"，烟尘大', "东渡街道", "新开社区", "2021/10/12", "已制止"],
        ["", "", "", "", "", "", ""],
        ["区水利局;区住建局", "2022年第一季度", "排水闸门锈坏，关不严", "西岭镇", "大塘村", "2021-11-03", "待采购"],
        ["合计", "", "3", "", "", "", ""],
    ]
    return text_file(
        "a02.csv",
        rows,
        ";",
        "gb18030",
        [
            {
                "excel_row": 3,
                "place": "东渡街道码头社区",
                "description": "农贸市场后沟臭水横流；\n夏天尤其严重",
                "unit_text": "区城管局",
                "deadline": "2021-12-31",
                "disclosed": "2021-09",
                "progress": "管道已接通",
            },
            {
                "excel_row": 4,
                "place": "东渡街道新开社区",
                "description": '空地焚烧"秸秆"，烟尘大',
                "unit_text": "东渡街道办事处",
                "deadline": "2022-03-01",
                "disclosed": "2021-10-12",
                "progress": "已制止",
            },
            {
                "excel_row": 6,
                "place": "西岭镇大塘村",
                "description": "排水闸门锈坏，关不严",
                "unit_text": "区水利局;区住建局",
                "deadline": "2022-03-31",
                "disclosed": "2021-11-03",
                "progress": "待采购",
            },
        ],
    )


@maker
def towns_side_by_side() -> Made:
    """Two towns beside each other on one sheet, each with its own table."""
    book = Book("a03.xlsx")
    page = book.page("两镇对照")
    page.wide("两镇入河排污口问题对照表", 8)
    page.merge(2, 0, 2, 3, "白沙镇")
    page.merge(2, 5, 2, 8, "青山镇")
    page.at = 3
    page.row("序号", "问题", "责任单位", "整改时限", None, "序号", "问题", "责任单位", "整改时限")
    row = page.row(
        1,
        "白沙镇中学后侧有一处散排口，污水发黑",
        "白沙镇政府",
        "2023-04-30",
        None,
        1,
        "青山镇老街雨水沟接入生活污水",
        "青山镇政府",
        "2023年5月",
    )
    book.true(
        page,
        row,
        place="白沙镇",
        description="白沙镇中学后侧有一处散排口，污水发黑",
        unit_text="白沙镇政府",
        deadline="2023-04-30",
    )
    book.true(
        page,
        row,
        place="青山镇",
        description="青山镇老街雨水沟接入生活污水",
        unit_text="青山镇政府",
        deadline="2023-05-31",
    )
    row = page.row(
        2, "沙咀村榨油坊直排", "县生态环境局", "2023-06-30", None, 2, "石坳村猪场沼液溢流", "县农业农村局", "2023.6.10"
    )
    book.true(
        page, row, place="白沙镇沙咀村", description="沙咀村榨油坊直排", unit_text="县生态环境局", deadline="2023-06-30"
    )
    book.true(
        page,
        row,
        place="青山镇石坳村",
        description="石坳村猪场沼液溢流",
        unit_text="县农业农村局",
        deadline="2023-06-10",
    )
    row = page.row(3, "前进村三组沟渠淤塞", "前进村委会", "2023-05-15")
    book.true(
        page, row, place="白沙镇前进村", description="前进村三组沟渠淤塞", unit_text="前进村委会", deadline="2023-05-15"
    )
    page.row("合计", "3个", None, None, None, "合计", "2个")
    return book.made()


@maker
def a_column_for_each_problem() -> Made:
    """Titles down the first column, a problem in every further one; a sheet for each town."""
    book = Book("a04.xlsx")
    for town, cards in {
        "云台镇": [
            (
                "YT-1",
                "审计",
                dt.date(2022, 3, 8),
                "龙口村",
                "污水站停运半年",
                "修复设备，委托运维",
                "区住建局",
                dt.date(2022, 9, 30),
                "已招标",
            ),
            (
                "YT-2",
                "自查",
                dt.date(2022, 4, 2),
                "高坎村",
                "河道内种菜约2亩",
                "清除作物",
                "云台镇人民政府",
                dt.date(2022, 5, 31),
                "已清除",
            ),
            (
                "YT-3",
                "信访",
                dt.date(2022, 4, 20),
                "龙口村",
                "石材厂夜间排浆",
                "立案查处",
                "区生态环境局",
                dt.date(2022, 6, 30),
                "已立案",
            ),
        ],
        "沙河乡": [
            (
                "SH-1",
                "审计",
                dt.date(2022, 3, 8),
                "柏树村",
                "垃圾中转站渗滤液外流",
                "修建收集池",
                "区城管局",
                dt.date(2022, 8, 31),
                "正在施工",
            ),
            (
                "SH-2",
                "自查",
                dt.date(2022, 5, 1),
                "水口村",
                "鱼塘尾水直接排河",
                "建三池两坝",
                "区农业农村局",
                dt.date(2022, 12, 31),
                "未启动",
            ),
        ],
    }.items():
        page = book.page(town)
        page.wide(f"{town}问题整改卡片", len(cards))
        labels = (
            "问题编号",
            "问题来源",
            "发现日期",
            "所在村",
            "问题描述",
            "整改措施",
            "责任单位",
            "整改时限",
            "进展情况",
        )
        for number, label in enumerate(labels):
            page.row(label, *(card[number] for card in cards))
        for card in cards:
            book.true(
                page,
                2,
                place=town + card[3],
                source=card[1],
                disclosed=card[2].isoformat(),
                description=card[4],
                measures=card[5],
                unit_text=card[6],
                deadline=card[7].isoformat(),
                progress=card[8],
            )
    return book.made()


@maker
def forms_below_each_other() -> Made:
    """Printed forms, one below the other: two pairs of title and value in a row, long texts across."""
    book = Book("a05.xlsx")
    page = book.page("整改卡")
    for number, (source, place, day, text, measures, unit, due, state) in enumerate(
        [
            (
                "省级督察",
                "河口县梅岭镇栗树村",
                "2021年6月3日",
                "村集体砖厂取土坑未回填，积水成塘",
                "回填复绿",
                "县自然资源局",
                "2021年12月底",
                "完成70%",
            ),
            (
                "12345热线",
                "河口县梅岭镇",
                "2021-07-19",
                "镇卫生院医疗废水未消毒",
                "更换消毒设备",
                "县卫健委",
                "2021.9.30",
                "已完成",
            ),
            (
                "媒体曝光",
                "河口县大源乡田心村",
                "2021年8月",
                "茶厂燃煤锅炉冒黑烟",
                "改用电锅炉",
                "大源乡人民政府",
                "2021年10月31日前",
                "已拆除锅炉",
            ),
        ],
        1,
    ):
        page.wide(f"环境问题整改登记卡（{number}）", 3)
        first = page.row("问题编号", f"DJ2021-{number:03d}", "问题来源", source)
        page.row("地点", place, "发现时间", day)
        row = page.at
        page.put(row, 0, "问题描述")
        page.merge(row, 1, row, 3, text)
        page.put(row + 1, 0, "整改措施")
        page.merge(row + 1, 1, row + 1, 3, measures)
        page.at += 2
        page.row("责任单位", unit, "整改时限", due)
        page.row("整改进展", state, "责任人", "张某")
        page.blank(2)
        book.true(page, first, place=place, source=source, description=text, measures=measures, unit_text=unit, progress=state,
                  disclosed={1: "2021-06-03", 2: "2021-07-19", 3: "2021-08"}[number], deadline={1: "2021-12-31", 2: "2021-09-30", 3: "2021-10-31"}[number])  # fmt: skip
    return book.made()


@maker
def several_in_a_cell() -> Made:
    """A row for each town, its problems numbered in one cell, time limits numbered likewise."""
    book = Book("a06.xlsx")
    page = book.page("Sheet1")
    page.wide("排查发现问题汇总", 5)
    page.row("编号", "乡镇", "发现的问题", "整改时限", "牵头单位", "备注")
    row = page.row(
        1,
        "花桥镇",
        "①花桥镇卫东村河堤塌方30米；②花桥镇新建村电站不放生态流量；③花桥镇集镇污水管网堵塞",
        "①2022年7月底；②2022年8月15日；③2022年9月底",
        "县水利局",
        "",
    )
    for place, text, due in (
        ("花桥镇卫东村", "花桥镇卫东村河堤塌方30米", "2022-07-31"),
        ("花桥镇新建村", "花桥镇新建村电站不放生态流量", "2022-08-15"),
        ("花桥镇", "花桥镇集镇污水管网堵塞", "2022-09-30"),
    ):
        book.true(page, row, place=place, description=text, deadline=due, unit_text="县水利局")
    row = page.row(2, "三江乡", "1、大屋村水库边有垃圾\n2、小屋村有人电鱼", "2022年6月30日", "三江乡人民政府", "")
    book.true(
        page,
        row,
        place="三江乡大屋村",
        description="大屋村水库边有垃圾",
        deadline="2022-06-30",
        unit_text="三江乡人民政府",
    )
    book.true(
        page, row, place="三江乡小屋村", description="小屋村有人电鱼", deadline="2022-06-30", unit_text="三江乡人民政府"
    )
    row = page.row(3, "花桥镇", "某石材公司：1.未建沉淀池；2.废水直排港河", "2022年10月1日", "县生态环境局", "")
    book.true(
        page,
        row,
        place="花桥镇",
        description="某石材公司：1.未建沉淀池；2.废水直排港河",
        deadline="2022-10-01",
        unit_text="县生态环境局",
    )
    return book.made()


@maker
def three_rows_of_titles() -> Made:
    """Titles of three rows, sources as columns to tick, dates in columns of year, month and day."""
    book = Book("a07.xlsx")
    page = book.page("一览表")
    page.wide("突出环境问题一览表", 12)
    for left, right, text in ((0, 0, "序号"), (1, 2, "所在位置"), (9, 9, "责任单位"), (12, 12, "备注")):
        page.merge(2, left, 4 if left in (0, 9, 12) else 2, right, text)
    page.merge(2, 3, 2, 8, "问题情况")
    page.merge(2, 10, 2, 11, "整改情况")
    for column, text in ((1, "乡镇"), (2, "村"), (8, "具体问题"), (10, "时限"), (11, "进展")):
        page.merge(3, column, 4, column, text)
    page.merge(3, 3, 3, 5, "发现时间")
    page.merge(3, 6, 3, 7, "来源")
    for column, text in ((3, "年"), (4, "月"), (5, "日"), (6, "督察反馈"), (7, "群众举报")):
        page.put(4, column, text)
    page.at = 5
    row = page.row(
        1,
        "金桥镇",
        "红星村",
        2022,
        3,
        5,
        "√",
        None,
        "尾矿干滩扬尘，道路积灰严重",
        "县应急管理局",
        dt.date(2022, 7, 31),
        "覆盖抑尘网80%",
    )
    book.true(
        page,
        row,
        place="金桥镇红星村",
        disclosed="2022-03-05",
        source="督察反馈",
        description="尾矿干滩扬尘，道路积灰严重",
        unit_text="县应急管理局",
        deadline="2022-07-31",
        progress="覆盖抑尘网80%",
    )
    row = page.row(
        2,
        "金桥镇",
        "杨柳村",
        2022,
        4,
        None,
        None,
        "√",
        "粮库旁臭水塘无人清理",
        "金桥镇人民政府",
        "2022年5月底",
        "已清淤",
    )
    book.true(
        page,
        row,
        place="金桥镇杨柳村",
        disclosed="2022-04",
        source="群众举报",
        description="粮库旁臭水塘无人清理",
        unit_text="金桥镇人民政府",
        deadline="2022-05-31",
        progress="已清淤",
    )
    row = page.row(
        3, "安丰乡", "北港村", 2021, 12, 30, "√", None, "加油站防渗池未验收", "县商务局", "即知即改", "已验收"
    )
    book.true(
        page,
        row,
        place="安丰乡北港村",
        disclosed="2021-12-30",
        source="督察反馈",
        description="加油站防渗池未验收",
        unit_text="县商务局",
        deadline=None,
        progress="已验收",
    )
    return book.made()


@maker
def days_from_1904() -> Made:
    """A workbook of an old Mac: days count from 1904, months shown as months, rows hidden by a filter."""
    book = Book("a08.xlsx", date_1904=True)
    page = book.page("清单")
    page.row("项次", "点位名称", "问题表述", "披露月份", "整改责任单位", "整改完成时限", "目前情况")
    for number, (place, text, seen, unit, due, state) in enumerate(
        [
            (
                "澄江区望城镇塔下村",
                "码头油污未收集",
                dt.date(2021, 8, 1),
                "区交通局",
                dt.date(2022, 3, 1),
                "已配收集桶",
            ),
            (
                "澄江区望城镇下街社区",
                "餐饮店油烟直排",
                dt.date(2021, 9, 1),
                "区城管局",
                dt.date(2022, 2, 1),
                "已装净化器",
            ),
            ("澄江区丁家乡丁家村", "石灰窑未拆除", dt.date(2021, 11, 1), "区工信局", dt.date(2022, 6, 1), "已断电"),
        ],
        1,
    ):
        row = page.at
        for column, value in enumerate((number, place, text)):
            page.put(row, column, value)
        page.put(row, 3, seen, MONTH)
        page.put(row, 4, unit)
        page.put(row, 5, due, MONTH)
        page.put(row, 6, state)
        page.at += 1
        if number == 2:
            page.hide(row)
        book.true(page, row, place=place, description=text, disclosed=seen.isoformat()[:7], unit_text=unit,
                  deadline={1: "2022-03-31", 2: "2022-02-28", 3: "2022-06-30"}[number], progress=state)  # fmt: skip
    # A number nobody formatted: 2022-05-06 is 44687 days after 1899-12-30, 43225 after 1904-01-01.
    row = page.row(4, "澄江区丁家乡白水村", "废弃矿洞流出锈水", "2022-01-15", "区自然资源局", 43225, "在勘察")
    book.true(
        page,
        row,
        place="澄江区丁家乡白水村",
        description="废弃矿洞流出锈水",
        disclosed="2022-01-15",
        deadline="2022-05-06",
        unit_text="区自然资源局",
    )
    page.filter(1, 0, row, 6)
    return book.made()


@maker
def a_form_with_an_example() -> Made:
    """A form handed down: a row that numbers the columns, an example, 同上, rows to spare."""
    book = Book("a09.xlsx")
    page = book.page("附表1")
    page.row("附表1")
    page.wide("农村黑臭水体排查整治表", 7)
    page.row("序号", "县（市、区）", "乡镇（街道）", "行政村", "主要问题", "牵头部门", "计划完成时间", "整治进展")
    page.row(1, 2, 3, 4, 5, 6, 7, 8)
    page.row("例：", "××县", "××镇", "××村", "村口水塘发黑发臭，面积2亩", "农业农村局", "2023年12月", "已开工")
    row = page.row(
        1, "临江县", "杨家镇", "何家村", "祠堂前水塘长满浮萍，有臭味", "县农业农村局", "2023年11月", "已开工"
    )
    book.true(
        page,
        row,
        place="临江县杨家镇何家村",
        description="祠堂前水塘长满浮萍，有臭味",
        unit_text="县农业农村局",
        deadline="2023-11-30",
        progress="已开工",
    )
    row = page.row(2, "同上", "同上", "彭家村", "水沟被杂物堵住，污水漫上路面", "同上", "2023年10月", "已完工")
    book.true(
        page,
        row,
        place="临江县杨家镇彭家村",
        description="水沟被杂物堵住，污水漫上路面",
        unit_text="县农业农村局",
        deadline="2023-10-31",
        progress="已完工",
    )
    row = page.row(3, "〃", "洪塘乡", "吴家村", "养猪户粪水流进门前塘", "洪塘乡人民政府", "2024年3月底前", "未开工")
    book.true(
        page,
        row,
        place="临江县洪塘乡吴家村",
        description="养猪户粪水流进门前塘",
        unit_text="洪塘乡人民政府",
        deadline="2024-03-31",
    )
    page.row(4)
    page.row(5)
    page.row("填表人：李某", None, None, "审核人：王某", None, "联系电话：")
    return book.made()


@maker
def plain_words() -> Made:
    """Pasted from a sheet whose clerk writes titles in plain words."""
    rows = [
        ["哪里发现的", "在哪", "什么问题", "怎么改", "谁来改", "哪天前改完", "改得怎样"],
        ["河长巡河", "双溪镇白石村", "渔民用地笼捕鱼", "收缴地笼", "区农业农村局", "2022年3月15日", "收缴12个"],
        ["村民反映", "双溪镇竹山村", "竹制品厂泡竹池废水下河", "停产，清池", "双溪镇政府", "2022年4月", "已停产"],
        ["无人机巡查", "罗田街道西门社区", "工地泥浆冲入雨水井", "冲洗、罚款", "区住建局", "3月底", "已处罚"],
    ]
    return text_file(
        "a10.txt",
        rows,
        "\t",
        "utf-8",
        [
            {
                "excel_row": 2,
                "place": "双溪镇白石村",
                "source": "河长巡河",
                "description": "渔民用地笼捕鱼",
                "measures": "收缴地笼",
                "unit_text": "区农业农村局",
                "deadline": "2022-03-15",
                "progress": "收缴12个",
            },
            {
                "excel_row": 3,
                "place": "双溪镇竹山村",
                "source": "村民反映",
                "description": "竹制品厂泡竹池废水下河",
                "measures": "停产，清池",
                "unit_text": "双溪镇政府",
                "deadline": "2022-04-30",
                "progress": "已停产",
            },
            {
                "excel_row": 4,
                "place": "罗田街道西门社区",
                "source": "无人机巡查",
                "description": "工地泥浆冲入雨水井",
                "measures": "冲洗、罚款",
                "unit_text": "区住建局",
                "deadline": None,
                "progress": "已处罚",
            },
        ],
    )


@maker
def sheets_named_after_units() -> Made:
    """A sheet for each town and unit, a summary with counts, a page that tells how to fill in."""
    book = Book("a11.xlsx")
    page = book.page("汇总")
    page.row("单位", "问题数", "已完成", "未完成")
    page.row("柏杨镇", 2, 1, 1)
    page.row("区水利局", 1, 0, 1)
    page.row("合计", 3, 1, 2)
    page = book.page("柏杨镇")
    page.row("序号", "村", "问题内容", "整改举措", "整改期限", "落实情况")
    row = page.row(1, "柏林村", "机耕桥下漂浮物堆积", "组织打捞", "2022-10-20", "已打捞")
    book.true(
        page,
        row,
        place="柏杨镇柏林村",
        description="机耕桥下漂浮物堆积",
        measures="组织打捞",
        deadline="2022-10-20",
        progress="已打捞",
    )
    row = page.row(2, "杨树村", "小作坊电镀废水渗坑", "取缔、清运危废", "2022-11-30", "已取缔，危废待转运")
    book.true(
        page,
        row,
        place="柏杨镇杨树村",
        description="小作坊电镀废水渗坑",
        deadline="2022-11-30",
        progress="已取缔，危废待转运",
    )
    page = book.page("区水利局")
    page.row("序号", "地点", "问题内容", "整改举措", "整改期限", "落实情况")
    row = page.row(1, "花园镇南坝村", "堤顶路面开裂80米", "修补路面", "2023年1月", "已列入计划")
    book.true(
        page,
        row,
        place="花园镇南坝村",
        description="堤顶路面开裂80米",
        unit_text="区水利局",
        deadline="2023-01-31",
        progress="已列入计划",
    )
    page = book.page("填报说明")
    page.row("序号", "要求")
    page.row(1, "问题内容须写明地点和数量")
    return book.made()


@maker
def grouped_by_time_limit() -> Made:
    """Headings by time limit, units merged down, the header once more on the second page."""
    book = Book("a12.xlsx")
    page = book.page("任务清单")
    page.wide("问题整改任务清单", 5)
    titles = ("责任单位", "序号", "问题清单", "地点", "整改要求", "督导单位")
    page.row(*titles)
    page.wide("（一）2022年6月底前完成的问题", 5)
    page.merge(4, 0, 5, 0, "区水利局")
    page.put(4, 1, 1)
    page.put(4, 2, "涵闸漏水，下游农田受淹")
    page.put(4, 3, "凤凰镇黄土村")
    page.put(4, 4, "更换止水")
    page.merge(4, 5, 5, 5, "区纪委监委")
    page.put(5, 1, 2)
    page.put(5, 2, "水库溢洪道堆放沙石")
    page.put(5, 3, "凤凰镇红岩村")
    page.put(5, 4, "清理沙石")
    book.true(
        page,
        4,
        place="凤凰镇黄土村",
        description="涵闸漏水，下游农田受淹",
        unit_text="区水利局",
        deadline="2022-06-30",
        measures="更换止水",
    )
    book.true(
        page,
        5,
        place="凤凰镇红岩村",
        description="水库溢洪道堆放沙石",
        unit_text="区水利局",
        deadline="2022-06-30",
        measures="清理沙石",
    )
    page.at = 6
    page.row(*titles)
    page.wide("（二）2022年底前完成的问题", 5)
    row = page.row("区城管局", 3, "填埋场雨污不分，渗滤液产生量大", "凤凰镇青龙村", "建设雨污分流系统", "区委督查室")
    book.true(
        page,
        row,
        place="凤凰镇青龙村",
        description="填埋场雨污不分，渗滤液产生量大",
        unit_text="区城管局",
        deadline="2022-12-31",
    )
    page.wide("（三）长期坚持的问题", 5)
    row = page.row("各乡镇", 4, "秸秆焚烧时有发生", "全区", "网格巡查", "区农业农村局")
    book.true(page, row, description="秸秆焚烧时有发生", unit_text="各乡镇", deadline=None)
    return book.made()


@maker
def two_things_in_a_column() -> Made:
    """Columns that hold two things each, and a column of progress for each month."""
    book = Book("a13.xlsx")
    page = book.page("2022年台账")
    page.wide("2022年生态环境问题整改进展表", 6)
    page.row(
        "序号",
        "问题来源及反馈时间",
        "问题地点及具体问题",
        "整改措施",
        "牵头单位和配合单位",
        "整改时限",
        "6月进展",
    )
    page.put(2, 7, "7月进展")
    row = page.row(
        1,
        "中央督察（2022年3月）",
        "平山县石门镇铁炉村：冶炼厂旧渣场未做防渗",
        "开展场地调查，落实防渗",
        "牵头单位：县工信局\n配合单位：石门镇政府",
        "11月底前",
        "编制方案",
        "专家评审",
    )
    book.true(
        page,
        row,
        source="中央督察",
        disclosed="2022-03",
        place="平山县石门镇铁炉村",
        description="平山县石门镇铁炉村：冶炼厂旧渣场未做防渗",
        unit_text="县工信局、石门镇政府",
        deadline="2022-11-30",
        progress="专家评审",
    )
    row = page.row(
        2,
        "省警示片（2022年4月）",
        "平山县石门镇新街社区：污水厂进水浓度低",
        "改造老旧管网5公里",
        "牵头单位：县住建局\n配合单位：县财政局",
        "2023年6月",
        "开工",
        None,
    )
    book.true(
        page,
        row,
        source="省警示片",
        disclosed="2022-04",
        place="平山县石门镇新街社区",
        description="平山县石门镇新街社区：污水厂进水浓度低",
        unit_text="县住建局、县财政局",
        deadline="2023-06-30",
        progress="开工",
    )
    return book.made()


@maker
def a_row_for_each_measure() -> Made:
    """One problem over several rows: each row a measure with its unit and step."""
    book = Book("a14.xlsx")
    page = book.page("方案分解")
    page.row("问题编号", "问题概况", "位置", "整改措施", "责任单位", "完成期限")
    rows = [
        (
            "W1",
            "园区雨水口有污水流出",
            "港北区临港街道先锋社区",
            [("排查管网", "区住建局"), ("封堵错接点", "园区管委会"), ("安装在线监测", "区生态环境局")],
            dt.date(2023, 3, 31),
        ),
        (
            "W2",
            "渔港岸电设施损坏",
            "港北区临港街道渔民社区",
            [("修复岸电桩", "区交通局"), ("建立巡检制度", "临港街道办事处")],
            dt.date(2023, 2, 28),
        ),
    ]
    for code, text, place, steps, due in rows:
        first, last = page.at, page.at + len(steps) - 1
        for column, value in ((0, code), (1, text), (2, place), (5, due)):
            page.merge(first, column, last, column, None)
            page.put(first, column, value, DAY if column == 5 else None)
        for measure, unit in steps:
            page.put(page.at, 3, measure)
            page.put(page.at, 4, unit)
            page.at += 1
        book.true(
            page,
            first,
            place=place,
            description=text,
            deadline=due.isoformat(),
            unit_text="、".join(unit for _, unit in steps),
            measures="\n".join(measure for measure, _ in steps),
        )
    return book.made()
