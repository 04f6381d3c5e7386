"""The consultation notice round a document: a period that ends before it begins, a result that never came."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anlan.plan.compiler.diagnostics.source import Finding, Source
from anlan.plan.compiler.model import Notice, Span

_HEAD = 3000
_OVER = ("已结束", "已截止", "已反馈")
_STATE = re.compile("[（〔](?P<state>已结束|已截止)[）〕]")
_NO_RESULT = re.compile(r"^\s*(?:暂无|无|没有|未发布|未公布|尚未|待)")


def check(source: Source) -> Iterator[Finding]:
    """Findings on the notice, if there is one."""
    notice = source.plan.notice
    if not notice:
        return
    if notice.published and notice.due and notice.due < notice.published:
        arguments = {
            "due": notice.due.isoformat(),
            "published": notice.published.isoformat(),
            "days": str((notice.published - notice.due).days),
        }
        for span in (notice.published_span, notice.due_span):
            if span:
                yield Finding("N701", span, arguments)
    yield from _result(source, notice)


def _result(source: Source, notice: Notice) -> Iterator[Finding]:
    state, span = notice.state, notice.state_span
    if not state:
        mark = _STATE.search(source.folded, 0, _HEAD)
        if mark:
            state, span = mark["state"], Span(*mark.span("state"))
    if state not in _OVER or not span:
        return
    if notice.result is None:
        if state != "已反馈":
            yield Finding("N702", span, {"state": state})
    elif _NO_RESULT.match(notice.result):
        arguments = {"state": state, "result": notice.result}
        yield Finding("N702", span, arguments)
        if notice.result_span:
            yield Finding("N702", notice.result_span, arguments)
