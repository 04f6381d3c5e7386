"""A fourth set, again measured at first sight: exports, hints in titles, short names, reports of nothing."""

from __future__ import annotations

import datetime as dt

from tests.ledger.corpus.making import Book, Made, maker, text_file


@maker
def an_export_that_is_html() -> Made:
    """What an office system calls .xls: HTML in GBK with cells over rows and columns."""
    rows = "".join(
        [
            "<tr><td colspan=6 align=center><b>2022年督办件台账</b></td></tr>",
            "<tr><td rowspan=2>序号</td><td rowspan=2>乡镇</td><td colspan=2>问题</td><td colspan=2>整改</td></tr>",
            "<tr><td>来源</td><td>内容</td><td>单位</td><td>时限</td></tr>",
            "<tr><td>1</td><td rowspan=2>玉泉镇</td><td>区长信箱</td><td>玉泉镇北门村<br>废品站占道</td><td>区城管局</td><td>2022-03-31</td></tr>",
            "<tr><td>2</td><td>区长信箱</td><td>菜市场&nbsp;污水外流</td><td>玉泉镇政府</td><td>4月底前</td></tr>",
            "<tr><td colspan=3>合计</td><td colspan=3>2件</td></tr>",
        ]
    )
    data = f'<html><head><meta charset="gbk"></head><body><table border=1>{rows}</table></body></html>'.encode("gbk")
    return Made("d01.xls", data, [
        {"sheet": None, "excel_row": 4, "place": "玉泉镇北门村", "source": "区长信箱", "description": "玉泉镇北门村\n废品站占道", "unit_text": "区城管局", "deadline": "2022-03-31"},
        {"sheet": None, "excel_row": 5, "place": "玉泉镇", "source": "区长信箱", "description": "菜市场 污水外流", "unit_text": "玉泉镇政府", "deadline": "2022-04-30"},
    ])  # fmt: skip


@maker
def titles_with_long_hints() -> Made:
    """Titles that tell in brackets how to fill them in, longer than any title."""
    book = Book("d02.xlsx")
    page = book.page("附件2")
    page.row("附件2")
    page.wide("生态环境问题自查自纠情况统计表", 6)
    page.row("填报单位：", "翠屏街道办事处", None, "联系人：", "赵某", "电话：", "0000000")
    page.row(
        "序号",
        "问题所在地（具体到村、社区）",
        "问题描述（写清时间、地点、主体、数量，不得写“存在污染”等空话）",
        "问题发现时间（精确到月）",
        "整改责任单位（全称）",
        "整改时限（填写年月日，如2022年5月6日；需长期坚持的填“长期坚持”，立行立改的填“立行立改”）",
        "目前进展（限50字）",
    )
    row = page.row(1, "公园社区", "沿河步道垃圾桶满溢", "2022年3月", "翠屏街道办事处", "立行立改", "已清")
    book.true(
        page,
        row,
        place="翠屏街道公园社区",
        description="沿河步道垃圾桶满溢",
        disclosed="2022-03",
        unit_text="翠屏街道办事处",
        deadline=None,
        progress="已清",
    )
    row = page.row(
        2, "书院社区", "工地夜间浇筑，泥水入河", "2022年4月", "区住房和城乡建设局", "2022年5月20日", "已约谈"
    )
    book.true(
        page,
        row,
        place="翠屏街道书院社区",
        description="工地夜间浇筑，泥水入河",
        disclosed="2022-04",
        unit_text="区住房和城乡建设局",
        deadline="2022-05-20",
    )
    row = page.row(3, "学府社区", "无", None, None, None, None)
    page.row("审核：", None, None, "填报：")
    return book.made()


@maker
def short_names_of_towns() -> Made:
    """Towns without 镇 in a column of towns; the units tell which kind they are."""
    book = Book("d03.xlsx")
    page = book.page("台账")
    page.row("镇", "村", "隐患描述", "整改主体", "整改时间", "整改完成情况")
    row = page.row("沙洲", "沙洲村", "沼气池无盖", "沙洲镇人民政府", "2022年8月前", "已加盖")
    book.true(
        page,
        row,
        place="沙洲镇沙洲村",
        description="沼气池无盖",
        unit_text="沙洲镇人民政府",
        deadline="2022-08-31",
        progress="已加盖",
    )
    row = page.row("泉山", "泉上村", "废弃加油站油罐未处置", "泉山镇人民政府", "2022年12月31日前", "已抽油")
    book.true(
        page,
        row,
        place="泉山镇泉上村",
        description="废弃加油站油罐未处置",
        unit_text="泉山镇人民政府",
        deadline="2022-12-31",
    )
    row = page.row("沙洲", "沙头村", "排灌站柴油桶渗漏", "沙洲镇人民政府", dt.date(2022, 9, 9), "已更换")
    book.true(
        page,
        row,
        place="沙洲镇沙头村",
        description="排灌站柴油桶渗漏",
        unit_text="沙洲镇人民政府",
        deadline="2022-09-09",
    )
    return book.made()


@maker
def two_rows_of_titles_unmerged() -> Made:
    """Two rows of titles without any merging in an Excel file, parents over the first of their columns."""
    book = Book("d04.xlsx")
    page = book.page("进度表")
    page.row("编号", "基本信息", None, None, "整改要求", None, "进展", None, "备注")
    page.row(None, "位置", "问题", "发现日期", "责任单位", "期限", "上月", "本月", None)
    row = page.row(
        "001",
        "紫云县板桥镇板桥村",
        "大坝溢洪道被杂木堵塞",
        dt.date(2023, 4, 3),
        "县水利局",
        dt.date(2023, 5, 31),
        "已编制方案",
        "已清理60%",
        "重点",
    )
    book.true(
        page,
        row,
        place="紫云县板桥镇板桥村",
        description="大坝溢洪道被杂木堵塞",
        disclosed="2023-04-03",
        unit_text="县水利局",
        deadline="2023-05-31",
        progress="已清理60%",
    )
    row = page.row(
        "002",
        "紫云县板桥镇坝上村",
        "放水涵管漏水",
        dt.date(2023, 4, 4),
        "县水利局",
        dt.date(2023, 6, 30),
        "未启动",
        None,
        None,
    )
    book.true(
        page,
        row,
        place="紫云县板桥镇坝上村",
        description="放水涵管漏水",
        disclosed="2023-04-04",
        deadline="2023-06-30",
        progress="未启动",
    )
    page.row("合计", None, 2)
    return book.made()


@maker
def one_card_on_each_sheet() -> Made:
    """A form of two columns on each sheet, sheets named by the problem; signatures below."""
    book = Book("d05.xlsx")
    for name, place, text, unit, due, true, state in (
        (
            "问题一",
            "云溪县竹坪乡竹坪村",
            "酒厂酒糟堆场渗滤液入沟",
            "竹坪乡人民政府",
            "2022年11月15日前完成",
            "2022-11-15",
            "已建围堰",
        ),
        (
            "问题二",
            "云溪县竹坪乡松坪村",
            "抽水蓄能工地弃渣入河",
            "县发展和改革委员会",
            "2023年汛期前（2023年4月）",
            "2023-04-30",
            "正在清运",
        ),
    ):
        page = book.page(name)
        page.wide("突出问题整改档案", 1)
        for label, value in (
            ("一、问题基本情况", None),
            ("点位", place),
            ("问题", text),
            ("二、整改情况", None),
            ("责任单位", unit),
            ("整改时限", due),
            ("整改进展", state),
            ("三、签字", None),
            ("经办人签字：", None),
        ):
            page.row(label, value)
        book.true(page, 3, place=place, description=text, unit_text=unit, deadline=true, progress=state)
    return book.made()


@maker
def many_sheets_of_one_kind() -> Made:
    """Sheets by source; in one the columns stand in another order; a sheet for last year that is hidden."""
    book = Book("d06.xlsx")
    page = book.page("国家警示片")
    page.row("序号", "问题", "点位", "责任单位", "时限")
    row = page.row(1, "沿江化工企业雨污混排", "东港市滨江街道化工社区", "市生态环境局", "2023年12月")
    book.true(
        page,
        row,
        source="国家警示片",
        place="东港市滨江街道化工社区",
        description="沿江化工企业雨污混排",
        unit_text="市生态环境局",
        deadline="2023-12-31",
    )
    page = book.page("省级审计")
    page.row("点位", "责任单位", "时限", "问题", "序号")
    row = page.row("东港市湖滨镇湖西村", "市水利局", "2023-08", "退捕渔船未拆解", 1)
    book.true(
        page,
        row,
        source="省级审计",
        place="东港市湖滨镇湖西村",
        description="退捕渔船未拆解",
        unit_text="市水利局",
        deadline="2023-08-31",
    )
    page = book.page("Sheet3")
    page.row("无")
    return book.made()


@maker
def ordinals_as_numbers() -> Made:
    """Numbers of rows as 一、二、三; short texts; headings as 第一部分."""
    book = Book("d07.xlsx")
    page = book.page("表")
    page.row("序号", "存在问题", "整改措施", "完成时间", "责任单位")
    page.row("第一部分 大气污染防治")
    row = page.row("一", "秸秆焚烧", "加强巡查", "长期坚持", "各乡镇")
    book.true(page, row, description="秸秆焚烧", measures="加强巡查", deadline=None, unit_text="各乡镇")
    row = page.row("二", "餐饮油烟", "安装净化器", "2022年10月", "区城管局")
    book.true(page, row, description="餐饮油烟", measures="安装净化器", deadline="2022-10-31", unit_text="区城管局")
    page.row("第二部分 水污染防治")
    row = page.row("一", "管网空白区", "新建管网12公里", "2023年", "区住建局")
    book.true(
        page, row, description="管网空白区", measures="新建管网12公里", deadline="2023-12-31", unit_text="区住建局"
    )
    return book.made()


@maker
def a_csv_without_a_number() -> Made:
    """Commas, GB18030, county and town in one column, quarter limits, repeated header, trailing commas."""
    header = ["所属县区乡镇", "问题情况", "问题来源", "反馈日期", "整改牵头单位", "整改配合单位", "计划完成期限", ""]
    rows = [
        header,
        [
            "岳西县天堂镇",
            "城市黑臭水体反弹，臭味明显",
            "省住建厅通报",
            "2022/6/1",
            "县住建局",
            "天堂镇政府",
            "2022年四季度",
            "",
        ],
        ["岳西县响肠镇", "养殖小区雨污不分", "市级暗访", "2022/6/15", "县农业农村局", "响肠镇政府", "三季度末", ""],
        header,
        ["岳西县温泉镇", "温泉尾水直排", "市级暗访", "2022/6/16", "县文旅局", "", "2022年年底", ""],
        ["填表说明：反馈日期填通报日期", "", "", "", "", "", "", ""],
    ]
    return text_file("d08.csv", rows, ",", "gb18030", [
        {"excel_row": 2, "place": "岳西县天堂镇", "description": rows[1][1], "source": "省住建厅通报", "disclosed": "2022-06-01", "deadline": "2022-12-31"},
        {"excel_row": 3, "place": "岳西县响肠镇", "description": rows[2][1], "source": "市级暗访", "disclosed": "2022-06-15", "deadline": "2022-09-30"},
        {"excel_row": 5, "place": "岳西县温泉镇", "description": rows[4][1], "source": "市级暗访", "disclosed": "2022-06-16", "deadline": "2022-12-31", "unit_text": "县文旅局"},
    ])  # fmt: skip


@maker
def two_kinds_beside_each_other() -> Made:
    """Two tables beside each other whose titles differ, parted by an empty column."""
    book = Book("d09.xlsx")
    page = book.page("两类问题")
    page.row("序号", "水环境问题", "责任单位", "整改时限", None, "编号", "存在的问题", "整改期限", "承办单位")
    row = page.row(
        1,
        "银杏镇杏林村水塘发黑",
        "银杏镇政府",
        "2022-05-31",
        None,
        "Q1",
        "银杏镇杏花村砖厂冒黑烟",
        "2022年6月",
        "县生态环境局",
    )
    book.true(
        page,
        row,
        place="银杏镇杏林村",
        description="银杏镇杏林村水塘发黑",
        unit_text="银杏镇政府",
        deadline="2022-05-31",
    )
    book.true(
        page,
        row,
        place="银杏镇杏花村",
        description="银杏镇杏花村砖厂冒黑烟",
        unit_text="县生态环境局",
        deadline="2022-06-30",
    )
    row = page.row(None, None, None, None, None, "Q2", "银杏镇杏园村焚烧落叶", "立行立改", "银杏镇政府")
    book.true(
        page, row, place="银杏镇杏园村", description="银杏镇杏园村焚烧落叶", unit_text="银杏镇政府", deadline=None
    )
    return book.made()


@maker
def lines_with_numbers_beside() -> Made:
    """Several problems in a cell, a line for each, their numbers in the cell beside."""
    book = Book("d10.xlsx")
    page = book.page("清单")
    page.row("乡镇", "序号", "发现问题", "整改时限", "责任单位")
    row = page.row("松林乡", "1\n2", "松涛村河沟有死猪\n松岗村采石无证", "2022年7月1日\n2022年8月1日", "松林乡政府")
    book.true(
        page, row, place="松林乡松涛村", description="松涛村河沟有死猪", deadline="2022-07-01", unit_text="松林乡政府"
    )
    book.true(
        page, row, place="松林乡松岗村", description="松岗村采石无证", deadline="2022-08-01", unit_text="松林乡政府"
    )
    return book.made()


@maker
def a_summary_that_lists_all_once_more() -> Made:
    """Sheets of towns called by short names, and 汇总 with all their rows."""
    book = Book("d11.xlsx")
    rows = {"梧桐": ("梧桐镇", "凤凰村", "轮窑未拆除"), "木棉": ("木棉乡", "红棉村", "砂石堆场占滩")}
    summary = book.page("汇总")
    titles = ("序号", "村", "问题描述", "责任单位", "整改时限")
    summary.row(*titles)
    for number, (name, (town, village, text)) in enumerate(rows.items(), 1):
        summary.row(number, village, text, f"{town}人民政府", "2022-12")
        page = book.page(name)
        page.row(*titles)
        row = page.row(1, village, text, f"{town}人民政府", "2022-12")
        book.true(page, row, place=town + village, description=text, unit_text=f"{town}人民政府", deadline="2022-12-31")
    return book.made()
