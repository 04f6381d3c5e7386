"""State-secret marks: what bears one must not be taken in.

The form is that of 国家秘密定密管理暂行规定: 密级★保密期限, printed at the top of the first page.
"""

from __future__ import annotations

import re
from typing import Final

from anlan.plan.compiler.reading.source import Unreadable

# A mark without a star counts only on a line of its own among the first lines that have text.
_TOP_LINES: Final = 30
# A line with a mark, serial number and urgency is far shorter; a longer one is not even tried.
_LONGEST: Final = 60
_GAP = r"[^\S\n]*"
_LEVEL = rf"(?:绝{_GAP}密|机{_GAP}密|秘{_GAP}密)"
_STAR = "[★☆⭐✩✪]"
_PERIOD = rf"(?:\d+{_GAP}(?:年|个?月)|[一二三四五六七八九十]+年|长{_GAP}期)"
# A hanzi or an opening quote before it makes it a word of the text (商业秘密★, 标注“机密★1年”);
# 特急, 密级 and 份号 stand before a real one.
_FREE = r"(?<![\u4e00-\u9fff“\"'‘「『《〈])"
_AFTER_LABEL = r"(?:(?<=特急)|(?<=加急)|(?<=密级)|(?<=份号))"
_STARRED = re.compile(
    rf"(?:{_FREE}|{_AFTER_LABEL})(?P<mark>{_LEVEL}{_GAP}(?:{_STAR}|[*＊]{_GAP}{_PERIOD}){_GAP}{_PERIOD}?)"
    rf"|(?<![“\"'‘「『《〈]){_STAR}{_GAP}(?P<turned>{_LEVEL}){_GAP}(?=$|[\n\d】\])）]|长期)",
    re.MULTILINE,
)
_ALONE = re.compile(
    rf"(?:(?:份{_GAP}号|编{_GAP}号)?[:：]?{_GAP}\d+{_GAP})?(?:密{_GAP}级{_GAP}[:：]?{_GAP})?[【\[(（〔]?"
    rf"(?P<mark>{_LEVEL}{_GAP}[·.•]?{_GAP}{_PERIOD}?)[】\])）〕]?{_GAP}(?:特急|加急|急件|平急|特提)?"
)


def mark(text: str, aside: str = "") -> str | None:
    """State-secret mark that a document bears, as printed; None if it bears none.

    `aside` are headers and the like, where a mark on a line of its own counts at any place. Words in running
    text (商业秘密, 保守国家秘密, 机密文件管理) are no mark.

    >>> mark("机密★1年\\n关于……的通知")
    '机密★1年'
    >>> mark("做好保守国家秘密和商业秘密工作") is None
    True
    """
    for part in (text, aside):
        if found := _STARRED.search(part):
            return (found["mark"] or f"★{found['turned']}").strip()
    top = [line for line in text.split("\n") if line.strip()][:_TOP_LINES]
    for line in (*top, *aside.split("\n")):
        for cell in (line, *line.split("\t")):
            if len(cell.strip()) <= _LONGEST and (alone := _ALONE.fullmatch(cell.strip())):
                return alone["mark"].strip()
    return None


def refuse_marked(text: str, aside: str = "") -> None:
    """Unreadable("classified") if the document bears a state-secret mark. The message holds the mark, no other word."""
    if found := mark(text, aside):
        raise Unreadable("classified", mark=found)
