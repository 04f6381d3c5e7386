"""A seventh set at first sight: counts beside the ledger, numbers before labels, two rows for a record, more."""

from __future__ import annotations

import datetime as dt

from tests.ledger.corpus.making import MONTH, Book, Made, maker, text_file


@maker
def counts_beside_the_ledger() -> Made:
    """A small table of counts to the right of the ledger, on the same rows."""
    book = Book("g01.xlsx")
    page = book.page("台账")
    page.row("序号", "地点", "问题", "责任单位", "整改时限", None, "乡镇", "问题数")
    data = [
        ("紫荆镇紫竹村", "鸭棚污水入塘", "紫荆镇政府", "2022-05-31"),
        ("丁香乡丁家村", "碎石堆占河滩", "区水利局", "2022年7月"),
        ("紫荆镇荆林村", "旧衣焚烧", "紫荆镇政府", "2022-06-15"),
    ]
    counts = [("紫荆镇", 2), ("丁香乡", 1), ("合计", 3)]
    for number, ((place, text, unit, due), (town, count)) in enumerate(zip(data, counts, strict=True), 1):
        row = page.row(number, place, text, unit, due, None, town, count)
        book.true(
            page,
            row,
            place=place,
            description=text,
            unit_text=unit,
            deadline={1: "2022-05-31", 2: "2022-07-31", 3: "2022-06-15"}[number],
        )
    return book.made()


@maker
def numbers_before_labels() -> Made:
    """Cards by column with a numbered list of labels."""
    book = Book("g02.xlsx")
    page = book.page("对照表")
    page.wide("反馈问题整改对照表", 4)
    page.row("序号", "要素", "第一个", "第二个", "第三个")
    rows = [
        ("反馈问题", "尾水超标排放", "黑臭水体返黑", "饮用水源地有鱼塘"),
        ("点位", "海棠区金桂镇桂花村", "海棠区银桂镇西门社区", "海棠区金桂镇丹桂村"),
        ("整改目标", "达标排放", "消除黑臭", "退出养殖"),
        ("整改措施", "提标改造", "清淤截污", "清退补偿"),
        ("责任单位", "区生态环境局", "区住建局", "区农业农村局"),
        ("完成时限", "2023年6月30日", "2023年9月", "2023年底"),
        ("整改情况", "已完工", "正在清淤", "已签协议"),
    ]
    for number, (label, *values) in enumerate(rows, 1):
        page.row(number, label, *values)
    for at, due in enumerate(("2023-06-30", "2023-09-30", "2023-12-31"), 1):
        book.true(
            page,
            2,
            place=rows[1][at],
            description=rows[0][at],
            measures=rows[3][at],
            unit_text=rows[4][at],
            deadline=due,
            progress=rows[6][at],
        )
    return book.made()


@maker
def two_rows_for_a_record() -> Made:
    """Every record has two rows, as the titles have: the text across above, unit, limit and state below."""
    book = Book("g03.xlsx")
    page = book.page("两行式")
    page.merge(1, 0, 2, 0, "序号")
    page.merge(1, 1, 1, 3, "问题描述")
    for column, title in ((1, "责任单位"), (2, "整改时限"), (3, "整改进展")):
        page.put(2, column, title)
    page.at = 3
    for number, (text, unit, due, state) in enumerate(
        [
            ("茉莉镇花田村电镀废水渗漏", "区生态环境局", "2022年8月", "已围堵"),
            ("茉莉镇花溪村河道淤塞", "区水利局", "2022-09-30", "未开工"),
        ],
        1,
    ):
        row = page.at
        page.merge(row, 0, row + 1, 0, str(number))
        page.merge(row, 1, row, 3, text)
        for column, value in enumerate((unit, due, state), 1):
            page.put(row + 1, column, value)
        page.at += 2
        book.true(
            page,
            row,
            place=text.partition("村")[0] + "村",
            description=text,
            unit_text=unit,
            deadline={1: "2022-08-31", 2: "2022-09-30"}[number],
            progress=state,
        )
    return book.made()


@maker
def a_county_down_the_side() -> Made:
    """The county merged over all rows, vertical merges of source and unit of different lengths, month dates."""
    book = Book("g04.xlsx")
    page = book.page("表一")
    page.wide("市级移交问题清单", 6)
    page.row("县（区）", "问题来源", "序号", "乡镇及点位", "问题表述", "整改责任单位", "整改完成时间")
    data = [
        ("茶园镇茶山村", "茶厂废渣乱倒", dt.date(2022, 5, 1)),
        ("茶园镇茶亭社区", "雨污管道错接", dt.date(2022, 6, 1)),
        ("桑园乡桑麻村", "蚕沙堆放臭味", dt.date(2022, 7, 1)),
        ("桑园乡桑林村", "塑料大棚残膜", dt.date(2022, 12, 1)),
    ]
    page.merge(3, 0, 6, 0, "棉城县")
    page.merge(3, 1, 5, 1, "市暗访组")
    page.put(6, 1, "市环委办")
    page.merge(3, 5, 4, 5, "县农业农村局")
    page.merge(5, 5, 6, 5, "桑园乡人民政府")
    for number, (place, text, due) in enumerate(data, 1):
        row = 2 + number
        page.put(row, 2, number)
        page.put(row, 3, place)
        page.put(row, 4, text)
        page.put(row, 6, due, MONTH)
        book.true(page, row, place="棉城县" + place, description=text, source="市暗访组" if number < 4 else "市环委办", unit_text="县农业农村局" if number < 3 else "桑园乡人民政府",
                  deadline={1: "2022-05-31", 2: "2022-06-30", 3: "2022-07-31", 4: "2022-12-31"}[number])  # fmt: skip
    return book.made()


@maker
def a_csv_of_a_wide_system() -> Made:
    """An export of a system: codes, times of day, English code names beside Chinese, quoted everything."""
    rows = [
        [
            "问题编码",
            "上报时间",
            "问题大类",
            "问题小类",
            "行政区划",
            "详细地址",
            "问题描述",
            "处置单位",
            "处置时限",
            "处置结果",
            "结案时间",
            "经度",
            "纬度",
        ],
        [
            "360200-2022-0001",
            "2022-03-01 08:15:00",
            "河湖",
            "乱堆",
            "山城区石榴街道",
            "石榴街道榴花社区滨河路",
            "滨河路桥头堆放渣土",
            "石榴街道办事处",
            "2022-03-08 18:00:00",
            "已清运",
            "2022-03-07 10:00:00",
            "117.2001",
            "29.3001",
        ],
        [
            "360200-2022-0002",
            "2022-03-02 09:00:00",
            "河湖",
            "乱排",
            "山城区樱桃镇",
            "樱桃镇樱花村村部后",
            "洗车店废水直排",
            "区城市管理局",
            "2022-03-12 18:00:00",
            "处置中",
            "",
            "117.2102",
            "29.3102",
        ],
    ]
    text = "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    return Made("g05.csv", text.encode("utf-8-sig"), [
        {"sheet": None, "excel_row": 2, "description": "滨河路桥头堆放渣土", "disclosed": "2022-03-01", "deadline": "2022-03-08", "unit_text": "石榴街道办事处", "progress": "已清运"},
        {"sheet": None, "excel_row": 3, "description": "洗车店废水直排", "disclosed": "2022-03-02", "deadline": "2022-03-12", "unit_text": "区城市管理局", "progress": "处置中"},
    ])  # fmt: skip


@maker
def notes_between_and_marks() -> Made:
    """Stars before texts, a note between the rows, 续 rows, a total with its word at the end, a remark merged down."""
    rows = [
        ["问题清单（带★为重点）", "", "", ""],
        ["点位", "问题情况", "整改责任单位", "整改期限"],
        ["★苹果镇果园村", "农药包装乱丢", "苹果镇政府", "2022年4月"],
        ["说明：以下为4月新增", "", "", ""],
        ["苹果镇果木村", "冷库氨气泄漏", "区应急管理局", "2022.4.15"],
        ["苹果镇合计", "2", "", ""],
    ]
    return text_file("g06.txt", rows, "\t", "utf-8", [
        {"excel_row": 3, "description": "农药包装乱丢", "unit_text": "苹果镇政府", "deadline": "2022-04-30"},
        {"excel_row": 5, "place": "苹果镇果木村", "description": "冷库氨气泄漏", "unit_text": "区应急管理局", "deadline": "2022-04-15"},
    ])  # fmt: skip
