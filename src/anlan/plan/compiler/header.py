"""Head of a document: its own title, who issues it, the year, its kind, and the notice a web page puts round it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from anlan.plan.compiler import names
from anlan.plan.compiler.layout import Layout, is_web_furniture
from anlan.plan.compiler.model import Kind, Notice, Span
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
    要点 方案 计划 意见 措施 细则 办法 清单 规划 通知 通告 公告 安排 任务 分工 分解 责任书 若干规定 规定
    纲要 要求 指南 台账 分解表 责任分工 任务书 打算 举措 部署 预案 通报 报告 决定 十条 条措施 若干政策 政策 政策措施 建议 倡议书
    行动 表
    """
)
_ENDS_TITLE = re.compile(f"(?:{_TITLE_WORD})(?:（[^（）]{{1,24}}）)?$")
_QUOTED = re.compile("《([^《》]{4,90}(?:《[^《》]{1,60}》[^《》]{0,40})?)》")
_NOISE = re.compile("[《》〈〉<>“”‘’\"'「」]")
_DRAFT = re.compile(
    "（(?:征求意见稿|意见征求稿|送审稿|草案|审议稿|讨论稿|公开征求意见稿|初稿|修改稿|代拟稿|报批稿|印发稿|公示稿)[^（）]{0,8}）$"
)
# A bracket line that belongs to the title: the years it covers, 试行. A date or an issuing body does not.
_EDITION = re.compile(
    "（(?:20\\d{2}年?[-至]20\\d{2}年?|20\\d{2}年?(?:度|版)?|试行|暂行|第[一二三四五六]批|修订|修订版)）"
)
_DATE = re.compile(
    r"(?P<y>(?:19|20)\d{2}|[一二][○零九][○零一二三四五六七八九]{2})年(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})月(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})日"
)
_DATE_LINE = re.compile(
    rf"^（?{_DATE.pattern.replace('?P<y>', '?:').replace('?P<m>', '?:').replace('?P<d>', '?:')}）?(?:印发|发布)?$"
)
_ISO = re.compile(r"(?P<y>20\d{2})(?:[-/.年])(?P<m>\d{1,2})(?:[-/.月])(?P<d>\d{1,2})日?")
_NUMBER = re.compile(r"[〔（](?P<y>(?:19|20)\d{2})[〕）](?:第)?\d{1,5}号")
_CN = {c: str(i) for i, c in enumerate("○一二三四五六七八九")} | {"零": "0"}
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
    dates = _date_lines(layout)
    stops = _signatures(layout, dates, begin)
    notice = _notice(layout)
    issued = year or _year(layout, dates, title, notice)
    issuer = _issuer(layout, title_lines, dates)
    signer = _signer(layout, dates)
    if issuer and signer and signer[0] != issuer[0] and signer[0].endswith(issuer[0]):
        # The title lost its first character in scanning; the signature has it.
        issuer = signer
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
        _kind(title or "", layout),
        begin,
        tuple(stops),
        notice,
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
    keys = [_key(line.text) if len(line.text) <= 300 else "" for line in lines]
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
        if _body_like(text) and not following.startswith("关于"):
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
    cut = re.search(
        r"[(（](?:征求意见稿|意见征求稿|送审稿|草案|审议稿|讨论稿|公开征求意见稿|初稿|修改稿|代拟稿|报批稿)[^()（）]{0,8}[)）]\s*$",
        printed,
    )
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


def _number(text: str) -> int:
    if text.isdigit() and text.isascii():
        return int(text)
    if len(text) == 4:
        return int("".join(_CN.get(c, "0") for c in text))
    tens, _, ones = text.partition("十")
    if "十" in text:
        return (int(_CN[tens]) if tens else 1) * 10 + (int(_CN[ones]) if ones else 0)
    return int(_CN.get(text, "0"))


def _date(match: re.Match[str]) -> dt.date | None:
    try:
        return dt.date(_number(match["y"]), _number(match["m"]), _number(match["d"]))
    except (ValueError, KeyError):
        return None


def _date_lines(layout: Layout) -> list[int]:
    return [i for i, line in enumerate(layout.lines) if len(line.text) < 24 and _DATE_LINE.match(line.text)]


def _body_like(text: str) -> bool:
    return (
        len(text) <= 60
        and not re.search("[。；！？]", text)
        and (
            names.is_strong(text)
            or text in ("国务院", "区委", "县委")
            or bool(re.match("^中共.{2,30}(?:委员会|委|办公室)$", text))
        )
    )


def _signatures(layout: Layout, dates: list[int], begin: int) -> list[int]:
    """Places of the lines that sign the document: bodies and the date below them."""
    stops: list[int] = []
    for i in dates:
        first = i
        while first > 0 and i - first < 12 and _signs(layout, first - 1):
            first -= 1
        place = layout.lines[first].place
        if place >= begin:
            stops.append(place)
    return stops


def _signs(layout: Layout, i: int) -> bool:
    line = layout.lines[i]
    raw = layout.raw[line.start : line.end].strip()
    pieces = [re.sub(r"\s", "", p) for p in re.split(r"[\u3000 ]{1,}", raw) if p.strip()]
    return _body_like(line.text) or (bool(pieces) and all(_body_like(fold(p)) for p in pieces))


def _issuer(layout: Layout, title_lines: tuple[int, int] | None, dates: list[int]) -> tuple[str, Span] | None:
    text = layout.view.text
    first = title_lines[0] if title_lines else 0
    top = min(max(first + 1, 12), 30, len(layout.lines))
    for i in range(top):
        line = layout.lines[i]
        about = line.text.find("关于")
        if about < 0 or is_web_furniture(line.text) or line.text.endswith("。"):
            continue
        if about > 1 and (
            _body_like(line.text[:about]) or re.fullmatch("国务院|[一-龥]{2,20}(?:党组|政府)", line.text[:about])
        ):
            end = names.leading_name(line.text, 0, 40)
            whole = line.text[:about]
            # Two names run together only in a long one (scans lose the gap between issuing bodies).
            gap = next(
                (k for k in range(1, about) if layout.view.after_space(line.place + k) and names.is_strong(whole[:k])),
                0,
            )
            if gap:
                end = gap
            elif end <= 0 or about <= 26:
                end = about
            joint = re.search("等[一二三四五六七八九十\\d]{1,2}(?:个)?(?:部门|单位)$", whole[:end])
            return _printed(layout, line.place, line.place + (joint.start() if joint else end))
        if about == 0:
            above = i
            while above > 0 and _signs(layout, above - 1):
                above -= 1
            if above < i:
                return _first_body(layout, above)
    if title_lines and first > 0 and _signs(layout, first - 1) and first <= 4:
        above = first
        while above > 0 and _signs(layout, above - 1):
            above -= 1
        return _first_body(layout, above)
    signer = _signer(layout, dates)
    if signer:
        return signer
    for line in layout.lines[:6]:
        if re.fullmatch("[^，。：]{4,40}文件", line.text) and names.is_strong(line.text[:-2]):
            return _printed(layout, line.place, line.place + len(line.text) - 2)
    if title_lines:
        heads = _by_title(layout, title_lines)
        if heads:
            return heads
    drafted = re.search(
        "(?:^|[。；，])(?P<body>[^。；，：“”《》]{2,20}?)(?:研究|组织|牵头)?(?:起草|编制|制定|拟定|拟订)了", text[:3000]
    )
    if drafted and names.is_strong(drafted["body"]):
        return _printed(layout, drafted.start("body"), drafted.end("body"))
    red = re.match("^(?P<body>[^。；，：]{2,30}?)文件", text)
    if red and names.is_strong(red["body"]):
        return _printed(layout, 0, red.end("body"))
    if layout.lines and len(layout.lines[0].text) > 400:
        end = names.leading_name(text, 0)
        if end > 0 and not re.match("关于|为", text):
            return _printed(layout, 0, end)
    published = re.search(
        "(?:发布|发文|制发)机[构关](?:名称)?：(?P<body>[^：。，]{2,30}?)(?=有效性|索引号|发文|成文|发布|文号|主题|$)",
        text[:1500],
    )
    if published and names.is_strong(published["body"]):
        return _printed(layout, published.start("body"), published.end("body"))
    source = re.search(
        "来源：(?P<body>[^：。，]{2,24}?)(?=访问|浏览|发布|作者|字[号体]|【|〔|$|点击|阅读|日期|时间)", text[:1500]
    )
    if source and names.is_strong(source["body"]):
        return _printed(layout, source.start("body"), source.end("body"))
    return None


def _by_title(layout: Layout, title_lines: tuple[int, int]) -> tuple[str, Span] | None:
    """Body that the title begins with (某镇人民政府2025年…要点) or that a bracket below it names."""
    line = layout.lines[title_lines[0]]
    year = re.match(r"(?P<body>[^。，：]{2,30}?)20\d{2}年", line.text)
    if year and names.is_strong(year["body"]):
        return _printed(layout, line.place, line.place + year.end("body"))
    if title_lines[1] + 1 < len(layout.lines):
        below = layout.lines[title_lines[1] + 1]
        named = re.match(r"（(?P<body>[^（）。，：]{2,30}?)20\d{2}年", below.text)
        if named and names.is_strong(named["body"]):
            return _printed(layout, below.place + 1, below.place + named.end("body"))
    return None


def _signer(layout: Layout, dates: list[int]) -> tuple[str, Span] | None:
    """First body that signs above a date line."""
    for i in dates:
        above = i
        while above > 0 and _signs(layout, above - 1):
            above -= 1
        if above < i:
            return _first_body(layout, above)
    return None


def _first_body(layout: Layout, i: int) -> tuple[str, Span]:
    line = layout.lines[i]
    raw = layout.raw[line.start : line.end]
    piece = re.search(r"[^\s\u3000]+", raw)
    if piece and names.is_strong(fold(piece.group())):
        return piece.group(), Span(line.start + piece.start(), line.start + piece.end())
    return _printed(layout, line.place, line.place + len(line.text))


def _printed(layout: Layout, start: int, end: int) -> tuple[str, Span]:
    span = layout.view.span(start, end)
    return re.sub(r"\s", "", layout.raw[span.start : span.end]), span


def _year(layout: Layout, dates: list[int], title: str | None, notice: Notice | None) -> int | None:
    """Year of issue: the date of the signature, else of the document number, the publication, the title."""
    for i in dates:
        match = _DATE.search(layout.lines[i].text)
        if match:
            return _number(match["y"])
    head = layout.view.text[:1500]
    number = re.search(rf"(?<=[一-龥]){_NUMBER.pattern}", head)
    if number and not re.search("《[^》]{0,80}》（?[一-龥]{0,12}$", head[: number.start()]):
        return int(number["y"])
    signed = re.search(rf"(?:局|委|室|府|会|院){_DATE.pattern}", head)
    if signed:
        return _number(signed["y"])
    if notice and notice.published:
        return notice.published.year
    published = re.search(rf"(?:发布|成文|印发|发文)(?:时间|日期)：?{_ISO.pattern}", head)
    if published:
        return int(published["y"])
    years = re.findall(r"20\d{2}(?=年|-20\d{2})", fold(title or ""))
    if years:
        return int(years[0])
    tail = layout.view.text[-300:]
    closing = list(_DATE.finditer(tail))
    if closing:
        return _number(closing[-1]["y"])
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
    if re.search("计划|方案|意见|措施|规划|行动|举措|预案|政策|条$", re.sub("《[^》]*》", "", title)) or re.search(
        "方案|计划|措施", title
    ):
        return Kind.ACTION_PLAN
    if re.search("责任清单|任务清单|任务表|责任分工|分工表|考核办法|评分", title):
        return Kind.TASK_BREAKDOWN
    if re.search("治理|整治|排查", title) and re.search("整改", layout.view.text):
        return Kind.RECTIFICATION_PLAN
    return Kind.OTHER


_PUBLISHED = re.compile(rf"(?:发布|公布|发文|公告|公示)(?:时间|日期)：?(?P<date>{_ISO.pattern})")
_STATE = re.compile(
    "〔(?P<a>已结束|进行中|征集中|正在征集|未开始|已截止|已反馈)）|状态：(?P<b>已结束|进行中|征集中|正在征集|正在进行|未开始|已截止|已反馈)"
)
_DUE = re.compile(
    rf"(?:截止(?:时间|日期)?(?:为|至|到|：)*|(?:于|在|请于|请在|至|到|-))(?P<date>{_ISO.pattern})(?:\d{{1,2}}[时点:]\d{{0,2}}分?)?(?P<tail>以前|之前|前|止|截止|（含|[^。]{{0,20}}(?:提出|反馈|提交|发送|反映|结束))?"
)
_RESULT = re.compile(
    "(?:征求意见|征集|意见征集|采纳|反馈)(?:结果|情况)：?(?P<value>[^：]{2,60}?)(?=网友意见|网友留言|相关|$|[。！])"
)


def _notice(layout: Layout) -> Notice | None:
    """Consultation notice round the document, with its dates, state and result."""
    text = layout.view.text
    head = text[:3000]
    about = re.search("征求意见|征集意见|意见征集|公开征集|调查征集|征求.{0,30}意见", head)
    published = _PUBLISHED.search(head)
    if not about and not published:
        return None
    values: dict[str, object] = {}
    places: list[int] = []

    def note(name: str, start: int, end: int, value: object) -> None:
        values[name] = value
        values[f"{name}_span"] = layout.view.span(start, end)
        places.extend((start, end))

    if published:
        note("published", published.start("date"), published.end("date"), _date(published))
    if about:
        for due in _DUE.finditer(head, about.start()):
            if due["tail"] or due.group().startswith("截止"):
                note("due", due.start("date"), due.end("date"), _date(due))
                break
        state = _STATE.search(head)
        if state:
            group = "a" if state["a"] else "b"
            note("state", state.start(group), state.end(group), state[group])
        for result in _RESULT.finditer(text, max(0, len(text) - 3000)):
            note(
                "result",
                result.start("value"),
                result.end("value"),
                layout.raw[slice(*layout.view.span(result.start("value"), result.end("value")))],
            )
    if not places:
        return None
    return Notice(span=layout.view.span(min(places), max(places)), **values)  # type: ignore[arg-type]
