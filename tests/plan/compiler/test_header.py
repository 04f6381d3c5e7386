"""Head of a document: title, issuer, year, kind, and the notice of a web page."""

from __future__ import annotations

import datetime as dt

import pytest

from anlan.plan.compiler.compile import compile_text
from anlan.plan.compiler.model import Kind, Notice, squeeze

TITLE = "临江区2024年河湖保护工作方案"
BODY = "\n一、治水\n（一）排查管网。查清底数，建立台账。（区住建局负责）\n（二）修复管网。消除隐患。（区水利局负责）\n"
SENT = "各镇人民政府、街道办事处，区直各部门：\n现将《临江区2024年河湖保护工作方案》印发给你们，请认真贯彻落实。\n"

# What it shows, the text, its title (white space aside), issuer, year.
HEADS: list[tuple[str, str, str | None, str | None, int | None]] = [
    ("a title and nothing else", TITLE + BODY, TITLE, None, 2024),
    ("signed", TITLE + BODY + "临江区水利局\n2024年3月5日\n", TITLE, "临江区水利局", 2024),
    ("signed in Chinese figures", TITLE + BODY + "临江区水利局\n二〇二四年三月五日\n", TITLE, "临江区水利局", 2024),
    ("signed by two", TITLE + BODY + "中共临江区委\n临江区人民政府\n2024年3月5日\n", TITLE, "中共临江区委", 2024),
    (
        "issued the year before",
        "临江区2025年河湖保护工作要点" + BODY + "临江区水利局\n2024年12月30日\n",
        "临江区2025年河湖保护工作要点",
        "临江区水利局",
        2024,
    ),
    (
        "a covering notice under a red head",
        f"临江区人民政府办公室文件\n临政办发〔2024〕5号\n临江区人民政府办公室\n关于印发{TITLE}的通知\n{SENT}临江区人民政府办公室\n2024年3月5日\n{TITLE}{BODY}",
        TITLE,
        "临江区人民政府办公室",
        2024,
    ),
    (
        "a covering notice on one line",
        f"临江区人民政府办公室关于印发《{TITLE}》的通知\n临政办发〔2024〕5号\n{SENT}{TITLE}{BODY}",
        TITLE,
        "临江区人民政府办公室",
        2024,
    ),
    (
        "two offices on one line",
        f"中共临江区委办公室 临江区人民政府办公室\n印发《{TITLE}》的通知\n{SENT}中共临江区委办公室\n临江区人民政府办公室\n2024年3月5日\n{TITLE}{BODY}",
        TITLE,
        "中共临江区委办公室",
        2024,
    ),
    (
        "bodies side by side",
        f"临江区水利局 临江区财政局 临江区住房和城乡建设局\n关于印发《{TITLE}》的通知\n{SENT}{TITLE}{BODY}",
        TITLE,
        "临江区水利局",
        2024,
    ),
    (
        "bodies one below the other",
        f"临江区水利局\n临江区财政局\n关于印发《{TITLE}》的通知\n{SENT}{TITLE}{BODY}",
        TITLE,
        "临江区水利局",
        2024,
    ),
    (
        "a leading group",
        f"临江区河长制工作领导小组办公室关于印发{TITLE}的通知\n{SENT}{TITLE}{BODY}",
        TITLE,
        "临江区河长制工作领导小组办公室",
        2024,
    ),
    (
        "a party group",
        f"中共临江区水利局党组关于印发《{TITLE}》的通知\n各科室：\n{TITLE}{BODY}",
        TITLE,
        "中共临江区水利局党组",
        2024,
    ),
    (
        "a commission",
        f"临江区安全生产委员会关于印发《{TITLE}》的通知\n{SENT}{TITLE}{BODY}",
        TITLE,
        "临江区安全生产委员会",
        2024,
    ),
    (
        "the year of the document number where no date is signed",
        f"临江区水利局关于印发河湖保护工作方案的通知\n临水发〔2023〕8号\n各镇：\n现印发给你们。\n河湖保护工作方案{BODY}",
        "河湖保护工作方案",
        "临江区水利局",
        2023,
    ),
    ("a title over two lines", "临江区2024年河湖保护\n工作方案" + BODY, TITLE, None, 2024),
    (
        "a title over three lines with its issuer",
        "临江区人民政府\n关于加强河湖保护的\n实施意见" + BODY + "临江区人民政府\n2024年3月5日\n",
        "临江区人民政府关于加强河湖保护的实施意见",
        "临江区人民政府",
        2024,
    ),
    (
        "a title that is quoted with a line break",
        f"临江区水利局关于印发《临江区2024年河湖\n保护工作方案》的通知\n各镇：\n{TITLE}{BODY}",
        TITLE,
        "临江区水利局",
        2024,
    ),
    ("a draft", TITLE + "（征求意见稿）" + BODY, TITLE, None, 2024),
    ("a draft, the mark on its own line", TITLE + "\n（征求意见稿）" + BODY, TITLE, None, 2024),
    ("a draft with half-width brackets", TITLE + "(送审稿)" + BODY, TITLE, None, 2024),
    (
        "（试行） is part of the name",
        "临江区河湖保护考核办法（试行）" + BODY + "2024年3月5日\n",
        "临江区河湖保护考核办法（试行）",
        None,
        2024,
    ),
    ("a mark of an annex above", "附件1\n" + TITLE + BODY, TITLE, None, 2024),
    ("附件： above", "附件：\n" + TITLE + BODY, TITLE, None, 2024),
    (
        "a title that names another document",
        f"临江区贯彻落实《长江保护条例》实施方案{BODY}2024年3月5日\n",
        "临江区贯彻落实《长江保护条例》实施方案",
        None,
        2024,
    ),
    ("a span of years", "河湖保护行动方案（2024-2026年）" + BODY, "河湖保护行动方案（2024-2026年）", None, 2024),
    ("no title", "为做好有关工作，现提出以下措施。" + BODY, None, None, None),
    (
        "a notice whose own body holds the tasks",
        f"临江区水利局关于做好2024年河湖保护工作的通知\n各镇：\n为做好有关工作，现通知如下。{BODY}临江区水利局\n2024年3月5日\n",
        "临江区水利局关于做好2024年河湖保护工作的通知",
        "临江区水利局",
        2024,
    ),
    (
        "the head of a web page",
        f"首页 > 政务公开 > 规划计划\n{TITLE}\n发布时间：2024-03-05 10:20 来源：临江区水利局 浏览次数：100 字体：【大 中 小】{BODY}打印本页 关闭窗口\n",
        TITLE,
        "临江区水利局",
        2024,
    ),
    (
        "the head of a web page, line by line",
        f"首页>政务公开\n{TITLE}\n发布时间：2024-03-05\n来源：临江区水利局\n浏览次数：100\n{BODY}",
        TITLE,
        "临江区水利局",
        2024,
    ),
    ("traditional characters", "臨江區2024年河湖保護工作方案" + BODY, "臨江區2024年河湖保護工作方案", None, 2024),
    (
        "the metadata of a web page",
        "索引号：LJ001/2024-0001\n发文机关：临江区人民政府办公室\n成文日期：2024-03-05\n标题：临江区2024年河湖保护工作方案\n发文字号：临政办发〔2024〕5号\n有效性：有效\n临江区2024年河湖保护工作方案\n一、治水\n（一）排查管网。查清底数，建立台账。（区住建局负责）\n（二）修复管网。消除隐患，恢复功能。（区水利局负责）\n",
        "临江区2024年河湖保护工作方案",
        "临江区人民政府办公室",
        2024,
    ),
    (
        "a span of years with a dash",
        "临江区河湖保护三年行动计划（2024—2026年）\n一、治水\n（一）排查管网。查清底数，建立台账。（区住建局负责）\n（二）修复管网。消除隐患。（区水利局负责）\n",
        "临江区河湖保护三年行动计划（2024—2026年）",
        None,
        2024,
    ),
    (
        "a span of years with a wave",
        "临江区河湖保护三年行动计划（2024～2026年）\n一、治水\n（一）排查管网。查清底数，建立台账。（区住建局负责）\n（二）修复管网。消除隐患。（区水利局负责）\n",
        "临江区河湖保护三年行动计划（2024～2026年）",
        None,
        2024,
    ),
    (
        "signed on one line",
        "临江区河湖保护工作方案\n一、治水\n（一）排查管网。查清底数，建立台账。（区住建局负责）\n（二）修复管网。消除隐患。（区水利局负责）\n临江区水利局\u30002024年3月5日\n",
        "临江区河湖保护工作方案",
        "临江区水利局",
        2024,
    ),
    (
        "a date in brackets below the title",
        "临江区2024年河湖保护工作方案\n（2024年3月5日）\n一、治水\n（一）排查管网。查清底数，建立台账。（区住建局负责）\n（二）修复管网。消除隐患。（区水利局负责）\n",
        "临江区2024年河湖保护工作方案",
        None,
        2024,
    ),
    (
        "a letter-spaced title",
        "临江区 2024 年河湖保护\n工 作 方 案\n一、治水\n（一）排查管网。查清底数，建立台账。（区住建局负责）\n（二）修复管网。消除隐患。（区水利局负责）\n",
        "临江区2024年河湖保护工作方案",
        None,
        2024,
    ),
]


@pytest.mark.parametrize(("text", "title", "issuer", "year"), [h[1:] for h in HEADS], ids=[h[0] for h in HEADS])
def test_the_head_says_title_issuer_and_year(
    text: str, title: str | None, issuer: str | None, year: int | None
) -> None:
    plan = compile_text(text)
    assert (plan.title and squeeze(plan.title), plan.issuer, plan.year) == (title, issuer, year)


@pytest.mark.parametrize("text", [h[1] for h in HEADS], ids=[h[0] for h in HEADS])
def test_no_head_hides_the_measures(text: str) -> None:
    assert [m.number for m in compile_text(text).measures] == ["（一）", "（二）"]


@pytest.mark.parametrize("text", [h[1] for h in HEADS], ids=[h[0] for h in HEADS])
def test_title_and_issuer_point_to_their_characters(text: str) -> None:
    plan = compile_text(text)
    if plan.title_span:
        assert squeeze(plan.printed(plan.title_span)) == squeeze(plan.title or "")
    if plan.issuer_span:
        assert squeeze(plan.printed(plan.issuer_span)) == plan.issuer


KINDS = [
    ("临江区2024年河湖保护工 作 要 点", Kind.WORK_POINTS),
    ("临江区水利局2024年工作要点", Kind.WORK_POINTS),
    ("临江区河湖保护工作要点", Kind.WORK_POINTS),
    ("临江区生态环境保护督察反馈问题整改方案", Kind.RECTIFICATION_PLAN),
    ("临江区巡察反馈意见整改工作方案", Kind.RECTIFICATION_PLAN),
    ("临江区2024年政府工作报告重点任务分解", Kind.TASK_BREAKDOWN),
    ("临江区河湖长制考核细则", Kind.TASK_BREAKDOWN),
    ("临江区2024年重点工作任务分解方案", Kind.TASK_BREAKDOWN),
    ("临江区河湖保护行动计划", Kind.ACTION_PLAN),
    ("临江区河道专项整治方案", Kind.ACTION_PLAN),
    ("临江区关于加强河湖保护的实施意见", Kind.ACTION_PLAN),
    ("临江区河湖保护若干措施", Kind.ACTION_PLAN),
    ("临江区河湖保护情况通报", Kind.OTHER),
    ("临江区关于做好2024年河湖保护工作的通知", Kind.OTHER),
]


@pytest.mark.parametrize(("title", "kind"), KINDS)
def test_the_title_says_the_kind(title: str, kind: Kind) -> None:
    assert compile_text(title + BODY).kind is kind


def test_a_notice_that_orders_faults_put_right_is_a_rectification_plan() -> None:
    notice = "临江区关于开展河道乱占专项治理的通知"
    assert compile_text(notice + BODY + "发现问题的，限期整改。\n").kind is Kind.RECTIFICATION_PLAN
    assert compile_text(notice + BODY).kind is Kind.OTHER


def test_the_given_year_overrides_the_printed_one() -> None:
    assert compile_text(TITLE + BODY, 2026).year == 2026


# ——— the notice of a web page ———

CONSULTATION = (
    "关于《临江区2024年河湖保护工作方案》公开征求意见的公告\n发布时间：2024-03-05\n状态：已结束\n"
    "现向社会公开征求意见，意见反馈截止时间：2024年4月5日。\n"
    f"{TITLE}（征求意见稿）{BODY}征求意见结果：收到意见3条，采纳2条。\n"
)


def test_a_consultation_notice_keeps_dates_state_and_result() -> None:
    plan = compile_text(CONSULTATION)
    notice = plan.notice
    assert notice is not None
    assert (notice.published, notice.due, notice.state) == (dt.date(2024, 3, 5), dt.date(2024, 4, 5), "已结束")
    assert notice.result is not None
    assert notice.result.startswith("收到意见3条")


def test_every_part_of_a_notice_points_to_its_characters() -> None:
    plan = compile_text(CONSULTATION)
    assert plan.notice is not None
    printed = {
        name: plan.printed(span)
        for name in ("published", "due", "state")
        if (span := getattr(plan.notice, f"{name}_span"))
    }
    assert printed == {"published": "2024-03-05", "due": "2024年4月5日", "state": "已结束"}
    assert plan.notice.span.start <= plan.text.index("2024-03-05")


def test_a_notice_takes_nothing_from_title_and_measures() -> None:
    plan = compile_text(CONSULTATION)
    assert plan.title == TITLE
    assert plan.measure_text(plan.measures[-1]) == "（二）修复管网。消除隐患。（区水利局负责）"


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("请于2024年4月5日前反馈意见。", dt.date(2024, 4, 5)),
        ("征求意见时间为2024年3月5日至2024年4月5日止。", dt.date(2024, 4, 5)),
        ("截止日期：2024-04-05", dt.date(2024, 4, 5)),
        ("截止时间为2024.4.5", dt.date(2024, 4, 5)),
        ("欢迎提出意见。", None),
    ],
)
def test_the_day_until_which_opinions_are_taken(sentence: str, due: dt.date | None) -> None:
    plan = compile_text(f"关于公开征求意见的公告\n发布日期：2024年3月5日\n{sentence}\n{TITLE}{BODY}")
    assert isinstance(plan.notice, Notice)
    assert plan.notice.due == due


def test_a_document_without_notice_has_none() -> None:
    assert compile_text(TITLE + BODY).notice is None
