"""Cells that number what they hold (①②, 1. 2., （一）（二）): the parts, in order. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_BRACKETED: Final = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
_DOTTED: Final = "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"
_BLACK: Final = "❶❷❸❹❺❻❼❽❾❿"
_SPELLED: Final = "一二三四五六七八九十"
_HEAD: Final = r"(?:(?<=^)|(?<=[\n；;。：:，,、\s]))"
_STYLES: Final = (
    re.compile(rf"(?P<n>[{_CIRCLED}])[、.．]?\s*"),
    re.compile(rf"(?P<n>[{_BRACKETED}])\s*"),
    re.compile(rf"(?P<n>[{_DOTTED}])\s*"),
    re.compile(rf"(?P<n>[{_BLACK}])\s*"),
    re.compile(rf"{_HEAD}[（(](?P<n>\d{{1,2}})[）)][、.．]?\s*"),
    re.compile(rf"{_HEAD}(?P<n>\d{{1,2}})(?:[.．](?!\d)|[、)）])\s*"),
    re.compile(rf"{_HEAD}问题(?P<n>\d{{1,2}}|[{_SPELLED}])[：:、.．]\s*"),
    re.compile(rf"{_HEAD}[（(](?P<n>[{_SPELLED}])[）)][、.．]?\s*"),
    re.compile(rf"{_HEAD}(?P<n>[{_SPELLED}])、\s*"),
)
# Any style begins with one of these; most texts have none.
_FIRST: Final = re.compile(r"[①⑴⒈❶]|[1１一][)）.．、]|问题[1１一]")
_JOINTS: Final = " \t\n　；;，,、"


@dataclass(frozen=True, slots=True)
class Parts:
    """Numbered parts of a text, each without its number, and what stands before the numbers.

    Where numbers begin anew (上湾村：①…②…；下湾村：①…), `leads` has what stands before each beginning.
    """

    lead: str
    bodies: tuple[str, ...]
    leads: tuple[str, ...] = ()

    def lead_of(self, at: int) -> str:
        """What stands before the numbers of a part."""
        return self.leads[at] if self.leads else self.lead


def _value(token: str) -> int:
    for row in (_CIRCLED, _BRACKETED, _DOTTED, _BLACK, _SPELLED):
        if token in row:
            return row.index(token) + 1
    return int(token)


def parts_of(text: str) -> Parts | None:
    """Parts of a text that numbers two or more from one on; None for any other.

    >>> parts_of("①乱堆；②直排。")
    Parts(lead='', bodies=('乱堆', '直排。'), leads=())
    >>> parts_of("①6月底；②③12月底").bodies
    ('6月底', '12月底', '12月底')
    >>> parts_of("长1.5公里") is None and parts_of("1.只有一处") is None
    True
    """
    if not _FIRST.search(text):
        return None
    for style in _STYLES:
        marks: list[re.Match[str]] = []
        begins: list[int] = []
        last = 0
        for match in style.finditer(text):
            value = _value(match["n"])
            if value == last + 1 or (value == 1 and last >= 1 and len(marks) >= 2):
                if value == 1:
                    begins.append(len(marks))
                marks.append(match)
                last = value
        if len(marks) < 2:
            continue
        bodies: list[str] = []
        leads: list[str] = [text[: marks[0].start()].strip()]
        for at, mark in enumerate(marks):
            end = marks[at + 1].start() if at + 1 < len(marks) else len(text)
            body = text[mark.end() : end].strip(_JOINTS)
            if at + 1 in begins:
                # The lead of the next numbers stands behind the last stop.
                cut = max(body.rfind(stop) for stop in "。；;\n")
                leads.append(body[cut + 1 :].strip())
                body = body[:cut].strip(_JOINTS) if cut >= 0 else ""
            bodies.append(body)
        # ②③ before one body share it.
        for at in range(len(bodies) - 2, -1, -1):
            bodies[at] = bodies[at] or bodies[at + 1]
        if all(bodies):
            each = tuple(leads[sum(begin <= at for begin in begins) - 1] for at in range(len(marks)))
            return Parts(leads[0], tuple(bodies), each if len(begins) > 1 else ())
    return None
