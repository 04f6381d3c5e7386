"""Lead phrases: where a title ends, and the brackets round it that hold only a time."""

from __future__ import annotations

import re

from anlan.plan.compiler import deadlines
from anlan.plan.compiler.layout import Layout
from anlan.plan.compiler.model import DeadlineKind

_TIME_ONLY = re.compile(
    r"^[\d年月日号底末前至到\-~上下中旬初半季度一二三四五六七八九十起止即之以内、，持续长期坚持.全时限：“”期间立行改完成任务阶段]{2,40}$"
)


def phase_year(bracket: str) -> int | None:
    """Year that a phase's time names, if it names just one: a bare month inside the phase falls in it."""
    years = set(re.findall(r"20\d{2}(?=年)", bracket))
    return int(years.pop()) if len(years) == 1 else None


def in_phase(found: deadlines.Found, text: str, start: int, end: int) -> deadlines.Found:
    """A bare month or season behind a phase's name says when it runs, not by when."""
    if start <= found.start < end and found.kind is DeadlineKind.BY and found.date:
        printed = text[found.start : found.end]
        if not re.search("[前底末内止日号]$", printed) and not printed.startswith(("到", "至")):
            return found._replace(kind=DeadlineKind.DURING)
    return found


def after_time(text: str, start: int, end: int) -> tuple[int, tuple[int, int] | None]:
    """Place behind a bracket that holds only a time and stands before the lead phrase, and that bracket:
    第二阶段（3月至6月）：集中整治."""
    close = text.find("）", start, min(end, start + 40)) if text[start : start + 1] == "（" else -1
    if close < 0 or not _TIME_ONLY.match(text[start + 1 : close]):
        return start, None
    after = close + 1
    while after < end and text[after] in "：、，":
        after += 1
    return after, (start, close + 1)


def first_stop(text: str, start: int, end: int) -> int:
    """Place of the first 。 or ： outside brackets and quotes, or -1."""
    depth = 0
    for i in range(start, min(end, start + 160)):
        c = text[i]
        if c in "（“《〔":
            depth += 1
        elif c in "）”》〕":
            depth = max(0, depth - 1)
        elif c in "。：" and (depth == 0 or (c == "。" and depth == 1)):
            return i
    return -1


def without_brackets(text: str, start: int, end: int) -> tuple[int, tuple[int, int] | None]:
    """End of a lead phrase without the marks and the brackets behind it that hold a time or a duty."""
    bracket: tuple[int, int] | None = None
    while end > start and text[end - 1] in "。：；，、.":
        end -= 1
    for _ in range(2):
        if end > start and text[end - 1] == "）":
            depth, i = 0, end - 1
            while i > start:
                depth += (text[i] == "）") - (text[i] == "（")
                if depth == 0:
                    break
                i -= 1
            inner = text[i + 1 : end - 1]
            timed = (
                bool(_TIME_ONLY.match(inner))
                and bool(re.search("[年月日季周旬前]|汛期|长期|期间|立行|坚持|持续", inner))
                and not re.fullmatch("[一二三四五六七八九十]+", inner)
            )
            duty = bool(re.search("(?:单位|部门|领导)：|(?:负责|牵头|配合)(?:落实|实施|组织实施|推进)?$", inner))
            if i > start and (timed or duty):
                if timed:
                    bracket = (i, end)
                end = i
                continue
        break
    return end, bracket


def wrap_width(layout: Layout) -> int:
    """Width at which the paper broke the lines, 0 where lines are whole paragraphs."""
    lengths = sorted(len(line.text) for line in layout.lines if len(line.text) > 12)
    if len(lengths) < 8:
        return 0
    torn = [len(line.text) for line in layout.lines if len(line.text) > 12 and line.text[-1] not in "。：；！？）”，、"]
    upper = lengths[int(len(lengths) * 0.9)]
    if upper > 60 or len(torn) * 3 < len(lengths):
        return 0
    near = sum(1 for n in torn if n >= upper - 6)
    return upper - 3 if near * 2 >= len(torn) and near >= 5 else 0


_COMMON = re.compile(
    "(?:实施步骤|工作步骤|工作要求|工作职责|职责分工|任务分工|重点任务|主要任务|工作任务|工作措施|主要措施|工作内容|整治内容|整治重点|工作重点|保障措施|"
    "组织保障|组织实施|时间安排|进度安排|方法步骤|组织领导|有关要求|实施安排)(?=.{4,})"
)


def without_run_on(text: str, start: int, end: int) -> int:
    """End of a heading that lost its line end in scanning and runs into its text (三、实施步骤整治工作自…)."""
    common = _COMMON.match(text, start, end)
    return common.end() if common else end
