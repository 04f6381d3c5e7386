"""Who issues a document and when: signatures, dates, and the bodies that titles and notices name."""

from __future__ import annotations

import datetime as dt
import re

from anlan.plan.compiler import names
from anlan.plan.compiler.layout import Layout, is_web_furniture
from anlan.plan.compiler.model import Span
from anlan.plan.compiler.view import fold

DATE = re.compile(
    r"(?P<y>(?:19|20)\d{2}|[一二][○零九][○零一二三四五六七八九]{2})年(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})月(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})日"
)
_DATE_LINE = re.compile(
    rf"^（?{DATE.pattern.replace('?P<y>', '?:').replace('?P<m>', '?:').replace('?P<d>', '?:')}）?(?:印发|发布)?$"
)
ISO = re.compile(r"(?P<y>20\d{2})(?:[-/.年])(?P<m>\d{1,2})(?:[-/.月])(?P<d>\d{1,2})日?")
_CN = {c: str(i) for i, c in enumerate("○一二三四五六七八九")} | {"零": "0"}


# （某局编制，2024年1月29日）, 制表单位：某局 2024年3月8日.
_BELOW_TITLE = re.compile(
    r"（?(?:(?:制表|编制|填报|印发|发布)(?:单位|机关|部门)：)?(?P<body>[^（）。，：]{2,40}?)(?:编制|编印|印发?|发布|制定?|拟定?)?，?20\d{2}年"
)


def number(text: str) -> int:
    """Number that Arabic digits, 二○二五 or 二十一 write."""
    if text.isdigit() and text.isascii():
        return int(text)
    if len(text) == 4:
        return int("".join(_CN.get(c, "0") for c in text))
    tens, _, ones = text.partition("十")
    if "十" in text:
        return (int(_CN[tens]) if tens else 1) * 10 + (int(_CN[ones]) if ones else 0)
    return int(_CN.get(text, "0"))


def date_of(match: re.Match[str]) -> dt.date | None:
    """Day of a match of DATE or ISO, None where the calendar lacks it."""
    try:
        return dt.date(number(match["y"]), number(match["m"]), number(match["d"]))
    except (ValueError, KeyError):
        return None


def date_lines(layout: Layout) -> list[int]:
    """Indexes of the lines that hold nothing but a date, or a body and a date."""
    return [
        i
        for i, line in enumerate(layout.lines)
        if len(line.text) < 60
        and "日" in line.text
        and _DATE_LINE.match(_undated(line.text)[1])
        and len(line.text) < 24 + len(_undated(line.text)[0])
    ]


def _undated(text: str) -> tuple[str, str]:
    """Body that signs and the date behind it, where both stand on one line."""
    date = DATE.search(text)
    if date and date.start() > 1 and not text.endswith(("印发", "发布")) and names.is_strong(text[: date.start()]):
        return text[: date.start()], text[date.start() :]
    return "", text


def body_like(text: str) -> bool:
    """Whether a line is just the name of a body."""
    return (
        len(text) <= 60
        and not re.search("[。；！？]", text)
        and (
            names.is_strong(text)
            or text in ("国务院", "区委", "县委")
            or bool(re.match("^中共.{2,30}(?:委员会|委|办公室)$", text))
        )
    )


def places(layout: Layout, dates: list[int], begin: int) -> list[int]:
    """Places of the lines that sign the document: bodies and the date below them."""
    stops: list[int] = []
    for i in dates:
        first = i
        while first > 0 and i - first < 12 and not _undated(layout.lines[i].text)[0] and _signs(layout, first - 1):
            first -= 1
        place = layout.lines[first].place
        if place >= begin:
            stops.append(place)
    return stops


def _signs(layout: Layout, i: int) -> bool:
    line = layout.lines[i]
    raw = layout.raw[line.start : line.end].strip()
    pieces = [re.sub(r"\s", "", p) for p in re.split(r"[\u3000 ]{1,}", raw) if p.strip()]
    return body_like(line.text) or (bool(pieces) and all(body_like(fold(p)) for p in pieces))


def issuer(layout: Layout, title_lines: tuple[int, int] | None, dates: list[int]) -> tuple[str, Span] | None:
    """First body that issues the document, as printed, with its span; None where the text names none."""
    named = _issuer(layout, title_lines, dates)
    signer = _signer(layout, dates)
    if named and signer and signer[0] != named[0] and signer[0].endswith(named[0]):
        # The title lost its first character in scanning; the signature has it.
        return signer
    return named


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
            body_like(line.text[:about]) or re.fullmatch("国务院|[一-龥]{2,20}(?:党组|政府)", line.text[:about])
        ):
            end = names.leading_name(line.text, 0, 40)
            whole = line.text[:about]
            if layout.lines[i].cells > 1:
                # A row of the page's own data: 标题⇥某市人民政府关于….
                continue
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
            return printed(layout, line.place, line.place + (joint.start() if joint else end))
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
            return printed(layout, line.place, line.place + len(line.text) - 2)
    if title_lines:
        heads = _by_title(layout, title_lines)
        if heads:
            return heads
    drafted = re.search(
        "(?:^|[。；，])(?P<body>[^。；，：“”《》]{2,20}?)(?:研究|组织|牵头)?(?:起草|编制|制定|拟定|拟订)了", text[:3000]
    )
    if drafted and names.is_strong(drafted["body"]):
        return printed(layout, drafted.start("body"), drafted.end("body"))
    red = re.match("^(?P<body>[^。；，：]{2,30}?)文件", text)
    if red and names.is_strong(red["body"]):
        return printed(layout, 0, red.end("body"))
    if layout.lines and len(layout.lines[0].text) > 400:
        end = names.leading_name(text, 0)
        if end > 0 and not re.match("关于|为", text):
            return printed(layout, 0, end)
    published = re.search(
        "(?:发布|发文|制发)机[构关](?:名称)?：(?P<body>[^：。，]{2,30}?)(?=有效性|索引号|发文|成文|发布|文号|主题|$)",
        text[:1500],
    )
    if published and names.is_strong(published["body"]):
        return printed(layout, published.start("body"), published.end("body"))
    source = re.search(
        "来源：(?P<body>[^：。，]{2,24}?)(?=访问|浏览|发布|作者|字[号体]|【|〔|$|点击|阅读|日期|时间)", text[:1500]
    )
    if source and names.is_strong(source["body"]):
        return printed(layout, source.start("body"), source.end("body"))
    return None


def _by_title(layout: Layout, title_lines: tuple[int, int]) -> tuple[str, Span] | None:
    """Body that the title begins with (某镇人民政府2025年…要点) or that a bracket below it names."""
    line = layout.lines[title_lines[0]]
    year = re.match(r"(?P<body>[^。，：]{2,30}?)20\d{2}年", line.text)
    if year and names.is_strong(year["body"]):
        return printed(layout, line.place, line.place + year.end("body"))
    for i in range(title_lines[1] + 1, min(title_lines[1] + 3, len(layout.lines))):
        below = layout.lines[i]
        named = _BELOW_TITLE.match(below.text)
        if named and names.is_strong(named["body"]):
            return printed(layout, below.place + named.start("body"), below.place + named.end("body"))
        if _signs(layout, i):
            return _first_body(layout, i)
    return None


def _signer(layout: Layout, dates: list[int]) -> tuple[str, Span] | None:
    """First body that signs above a date line."""
    for i in dates:
        body, _ = _undated(layout.lines[i].text)
        if body:
            place = layout.lines[i].place
            return printed(layout, place + body.startswith("（"), place + len(body))
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
    return printed(layout, line.place, line.place + len(line.text))


def printed(layout: Layout, start: int, end: int) -> tuple[str, Span]:
    """Printed characters of view[start:end] without white space, and their span."""
    span = layout.view.span(start, end)
    return re.sub(r"\s", "", layout.raw[span.start : span.end]), span
