"""Head of a document: its own title, who issues it, the year, its kind, and the notice a web page puts round it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from anlan.plan.compiler import notice, signatures
from anlan.plan.compiler.layout import Layout, is_web_furniture
from anlan.plan.compiler.model import Kind, Notice, Span, squeeze
from anlan.plan.compiler.patterns import any_of
from anlan.plan.compiler.view import fold


@dataclass(frozen=True, slots=True)
class Header:
    """Head as read. `begin` is the place of the view where the plan's own text starts, `stops` are the places of
    signatures; `plan_year` is what a bare month takes (the one year in the title, else the year of issue)."""

    title: str | None
    title_span: Span | None
    issuer: str | None
    issuer_span: Span | None
    year: int | None
    plan_year: int | None
    kind: Kind
    begin: int
    stops: tuple[int, ...]
    notice: Notice | None


_TITLE_WORD = any_of(
    """
    要点 方案 计划 意见 措施 细则 办法 清单 规划 通知 通告 公告 安排 任务 分工 分解 责任书 若干规定
    规定 纲要 要求 指南 台账 分解表 责任分工 任务书 打算 举措 部署 预案 通报 报告 决定 十条 条措施
    若干政策 政策 政策措施 建议 倡议书 行动 表
    """
)
_ENDS_TITLE = re.compile(f"(?:{_TITLE_WORD})(?:（[^（）]{{1,24}}）)?$")
_QUOTED = re.compile("《([^《》]{4,90}(?:《[^《》]{1,60}》[^《》]{0,40})?)》")
_NOISE = re.compile("[《》〈〉<>“”‘’\"'「」]")
# What a bracket behind the title says of the paper and not of the plan.
_STATE = (
    "征求意见稿|意见征求稿|送审稿|草案|审议稿|讨论稿|公开征求意见稿"
    "|初稿|修改稿|代拟稿|报批稿|印发稿|公示稿|节选|摘要|摘编"
)
_DRAFT = re.compile(f"（(?:{_STATE})[^（）]{{0,8}}）$")
# A bracket line that belongs to the title: the years it covers, 试行. A date or an issuing body does not.
_EDITION = re.compile(
    "（(?:20\\d{2}年?[-至]20\\d{2}年?|20\\d{2}年?(?:度|版)?|试行|暂行|第[一二三四五六]批|修订|修订版)）"
)
_NUMBER = re.compile(r"[〔（](?P<y>(?:19|20)\d{2})[〕）](?:第)?\d{1,5}号")
_NOT_TITLE = re.compile(
    r"^(?:附件?\d*[：:]?|[一-龥]{1,12}[〔（]20\d{2}[〕）]\d{1,5}号|\d{1,3}|（?20\d\d年.{0,8}|各[^，。]{1,60}：|.{0,20}文件|特急|加急|机密|秘密|内部|.{0,4}目录)$"
)
_SALUTATION = re.compile("^[^。]{2,200}[：:]$")


def read(layout: Layout, year: int | None = None) -> Header:
    """Head of the laid-out document; `year` overrides the year of issue."""
    title_lines = _title_lines(layout)
    title = title_span = None
    begin = 0
    if title_lines:
        first, last = title_lines
        begin = layout.lines[last].place + len(layout.lines[last].text)
        title, title_span = _printed_title(layout, first, last)
    else:
        loose = _named_by_notice(layout) or _loose_title(layout)
        if loose:
            title, title_span, begin = loose
    if begin and not _has_marks(layout, begin):
        begin = 0
    dates = signatures.date_lines(layout)
    stops = signatures.places(layout, dates, begin)
    published = notice.read(layout)
    issued = year or _year(layout, dates, title, published)
    issuer = signatures.issuer(layout, title_lines, dates)
    folded = fold(title or "")
    single = re.findall(r"(?<!\d)(20\d{2})年?(?!\d)(?![-至~])", folded)
    plan_year = int(single[0]) if len(set(single)) == 1 and re.search(r"(?<![-至~])20\d{2}年", folded) else issued
    if year:
        plan_year = year
    return Header(
        title,
        title_span,
        issuer[0] if issuer else None,
        issuer[1] if issuer else None,
        issued,
        plan_year,
        _kind(squeeze(title or ""), layout),
        begin,
        tuple(stops),
        published,
    )


def _has_marks(layout: Layout, begin: int) -> bool:
    return len(layout.view) - begin > 30


def _key(text: str) -> str:
    return _DRAFT.sub("", _NOISE.sub("", text))


def _title_lines(layout: Layout) -> tuple[int, int] | None:
    """Indexes of the first and last line of the plan's own title: the document that a covering notice names in 《》
    and that then begins on lines of its own; else the first lines that end like a title."""
    head = layout.view.text[:6000]
    wanted: list[str] = []
    for match in _QUOTED.finditer(head):
        key = _key(match.group(1))
        if _ENDS_TITLE.search(key) or re.search("(?:要点|方案|计划|意见|措施|细则)", key):
            wanted.append(key)
    for match in re.finditer("(?:印发|下达|下发)((?!《)[^。：，]{6,80}?)的(?:通知|函)", head[:1500]):
        wanted.append(_key(match.group(1)))
    lines = layout.lines[:400]
    # A line longer than any title begins none.
    keys = [_key(line.text) if len(line.text) <= 300 else "" for line in lines] if wanted else []
    best: tuple[int, int] | None = None
    for key in [*dict.fromkeys(wanted)][:60]:
        for i in range(len(lines)):
            joined, j = keys[i], i
            if not joined or not key.startswith(joined[: len(key)]):
                continue
            while len(joined) < len(key) and j + 1 < len(lines) and j - i < 4:
                j += 1
                joined = _key(_NOISE.sub("", joined + lines[j].text[:300]))
            bare = re.sub("（[^（）]{1,24}）$", "", joined)
            if joined == key or bare == key or re.sub("（[^（）]{1,24}）$", "", key) == bare:
                best = (i, j)
        if best:
            break
    if best:
        return best
    return None if _named_by_notice(layout) else _first_title(layout)


def _named_by_notice(layout: Layout) -> tuple[str, Span, int] | None:
    """Title that only the notice prints (印发…计划的通知, 标题：…): the plan begins below without one."""
    head = layout.view.text[:1500]
    for line in layout.lines[:8]:
        labelled = re.match("(?:标题|文件名称|名称)：(?P<title>.{6,80})$", line.text)
        if labelled:
            start, end = line.place + labelled.start("title"), line.place + len(line.text)
            return _squeezed_print(layout, start, end), layout.view.span(start, end), end
    match = re.search("印发(?P<title>(?!《)[^。：，]{6,80}?)的通知", head)
    if not match or not _ENDS_TITLE.search(match["title"]):
        return None
    start, end = match.span("title")
    return _squeezed_print(layout, start, end), layout.view.span(start, end), match.end()


def _squeezed_print(layout: Layout, start: int, end: int) -> str:
    span = layout.view.span(start, end)
    return re.sub(r"\s*\n\s*", "", layout.raw[span.start : span.end])


def _first_title(layout: Layout) -> tuple[int, int] | None:
    lines = layout.lines[:60]
    i = 0
    while i < len(lines):
        text = lines[i].text
        if is_web_furniture(text) or _NOT_TITLE.match(text):
            i += 1
            continue
        if len(text) > 90 or "。" in text or re.match("^[一二三四五六七八九十]{1,3}、|^（一）|^1[.、]", text):
            return None
        following = lines[i + 1].text if i + 1 < len(lines) else ""
        if signatures.body_like(text) and not following.startswith("关于"):
            i += 1
            continue
        joined = ""
        for j in range(i, min(i + 5, len(lines))):
            joined += lines[j].text
            if j > i and ("。" in lines[j].text or len(lines[j].text) > 60 or lines[j].text.endswith("：")):
                break
            if _ENDS_TITLE.search(joined) and len(joined) >= 6 and not re.search("[，。；：]$", joined):
                end = j
                following = lines[j + 1].text if j + 1 < len(lines) else ""
                if _EDITION.fullmatch(following):
                    end = j + 1
                return i, end
        i += 1
        if i > 12 and not layout.lines[0].text:
            return None
    return None


def _printed_title(layout: Layout, first: int, last: int) -> tuple[str, Span]:
    """Title as printed, line breaks ignored, draft mark and issuing body left to the side."""
    pieces = [layout.raw[line.start : line.end].strip() for line in layout.lines[first : last + 1]]
    printed = "".join(pieces)
    end_line = layout.lines[last]
    span = layout.view.span(layout.lines[first].place, end_line.place + len(end_line.text))
    cut = re.search(rf"[(（](?:{_STATE})[^()（）]{{0,8}}[)）]\s*$", printed)
    if cut:
        printed = printed[: cut.start()].rstrip()
        mark = re.search(r"[(（][^()（）]{0,20}[)）]\s*$", layout.raw[span.start : span.end])
        if mark:
            span = Span(span.start, span.start + mark.start())
    return printed, span


def _loose_title(layout: Layout) -> tuple[str, Span, int] | None:
    """Title in a text without line breaks: the name in 《》 where it stands again without the marks."""
    text = layout.view.text[:4000]
    for match in _QUOTED.finditer(text):
        name = match.group(1)
        if not _ENDS_TITLE.search(name):
            continue
        place = text.find(name, match.end())
        while place >= 0:
            if text[place - 1] not in "《〈<":
                return (
                    layout.raw[slice(*layout.view.span(place, place + len(name)))],
                    layout.view.span(place, place + len(name)),
                    place + len(name),
                )
            place = text.find(name, place + 1)
        return name, layout.view.span(match.start(1), match.end(1)), 0
    return None


def _year(layout: Layout, dates: list[int], title: str | None, notice: Notice | None) -> int | None:
    """Year of issue: the date of the signature, else of the document number, the publication, the title."""
    for i in dates:
        match = signatures.DATE.search(layout.lines[i].text)
        if match:
            return signatures.number(match["y"])
    head = layout.view.text[:1500]
    number = re.search(rf"(?<=[一-龥]){_NUMBER.pattern}", head)
    if number and not re.search("《[^》]{0,80}》（?[一-龥]{0,12}$", head[: number.start()]):
        return int(number["y"])
    signed = re.search(rf"(?:局|委|室|府|会|院){signatures.DATE.pattern}", head)
    if signed:
        return signatures.number(signed["y"])
    if notice and notice.published:
        return notice.published.year
    published = re.search(rf"(?:发布|成文|印发|发文)(?:时间|日期)：?{signatures.ISO.pattern}", head)
    if published:
        return int(published["y"])
    years = re.findall(r"20\d{2}(?=年?[-~至]20\d{2}|年)", fold(title or ""))
    if years:
        return int(years[0])
    tail = layout.view.text[-300:]
    closing = list(signatures.DATE.finditer(tail))
    if closing:
        return signatures.number(closing[-1]["y"])
    found = re.search(r"(20\d{2})年", layout.view.text[:3000])
    return int(found.group(1)) if found else None


def _kind(title: str, layout: Layout) -> Kind:
    """Kind by the words of the title; a notice that orders found faults put right is a rectification plan."""
    if "要点" in title:
        return Kind.WORK_POINTS
    if "整改" in title:
        return Kind.RECTIFICATION_PLAN
    if re.search("分解|细则", title):
        return Kind.TASK_BREAKDOWN
    if re.search("计划|方案|意见|措施", re.sub("《[^》]*》", "", title)) or re.search("方案|计划|措施", title):
        return Kind.ACTION_PLAN
    if re.search("责任清单|任务清单|任务表|责任分工|分工表|考核办法|评分", title):
        return Kind.TASK_BREAKDOWN
    if re.search("治理|整治|排查", title) and re.search("整改", layout.view.text):
        return Kind.RECTIFICATION_PLAN
    return Kind.OTHER
