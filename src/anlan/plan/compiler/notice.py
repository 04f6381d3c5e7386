"""Notice that a web page puts round a document: dates published and due, state and result."""

from __future__ import annotations

import re

from anlan.plan.compiler.layout import Layout
from anlan.plan.compiler.model import Notice
from anlan.plan.compiler.signatures import ISO, date_of

_PUBLISHED = re.compile(rf"(?:发布|公布|发文|公告|公示)(?:时间|日期)：?(?P<date>{ISO.pattern})")
_STATE = re.compile(
    "（(?P<a>已结束|进行中|征集中|正在征集|未开始|已截止|已反馈)）|状态：(?P<b>已结束|进行中|征集中|正在征集|正在进行|未开始|已截止|已反馈)"
)
_DUE = re.compile(
    rf"(?:截止(?:时间|日期)?(?:为|至|到|：)*|(?:于|在|请于|请在|至|到|-))(?P<date>{ISO.pattern})(?:\d{{1,2}}[时点:]\d{{0,2}}分?)?(?P<tail>以前|之前|前|止|截止|（含|[^。]{{0,20}}(?:提出|反馈|提交|发送|反映|结束))?"
)
_RESULT = re.compile(
    "(?:征求意见|征集|意见征集|采纳|反馈)(?:结果|情况)：?(?P<value>[^：]{2,60}?)(?=网友意见|网友留言|相关|$|[。！])"
)


def read(layout: Layout) -> Notice | None:
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
        note("published", published.start("date"), published.end("date"), date_of(published))
    if about:
        for due in _DUE.finditer(head, about.start()):
            if due["tail"] or due.group().startswith("截止"):
                note("due", due.start("date"), due.end("date"), date_of(due))
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
