"""Deadlines: every mention of a time limit in a measure, with the last day it allows.

The text is folded (see `view.py`). What only dates a fact, a document or a rhythm (每月调度) is none; nor is
a limit without a time (限期) or a display period (公示10个工作日). Rules: section "Deadlines" of the corpus gold.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from anlan.plan.compiler.model import DeadlineKind, Precision
from anlan.plan.compiler.moments import (
    BEFORE,
    DAY,
    HOUR,
    INSIDE,
    MONTH,
    PART,
    POINT,
    YEAR,
    day_number,
    day_of,
    month_end,
    month_of,
    resolve,
    year_of,
)


class Found(NamedTuple):
    """Deadline at text[start:end]."""

    start: int
    end: int
    date: dt.date | None
    kind: DeadlineKind
    precision: Precision


Range = tuple[int, int]

_DOCUMENT = re.compile("《[^《》]{0,80}》")
_NUMBER = r"(?:\d{1,3}|[一二两三四五六七八九十半]{1,3})"

_RECURRING = re.compile(
    rf"(?<![一二三四1-4])(?:季度|季)末{BEFORE}|(?:每|逐)(?:两|[二三四]|[2-6])?个?(?:年度?|半年|季度?|月份?|周|星期|旬|日|天)(?:的?(?:{MONTH}|首月|末月|第?[一二三]个月|最后一个月|次月|[上下]半年))?"
    rf"(?:的?(?:{DAY}|[一二三四五六日天](?![个次名])|{PART}|年?底|年?末|结束|最后一个?(?:(?:星期|周)[一二三四五六日天]|工作日)|秋冬季|春季|夏季|秋季|冬季|入冬|汛期?|主汛期|春节|国庆节?|放假|开学)?(?:第?{_NUMBER}个?工作日)?)?{HOUR}(?P<mark>{BEFORE})?(?P<after>后{_NUMBER}个?(?:工作日|日|天){INSIDE})?"
    rf"|(?:次月|下月|次季度首月|次年|翌年|下季度首月|当月|本月)(?:{MONTH})?(?:{DAY}|{PART}){HOUR}(?P<mark2>{BEFORE})?"
)
_RECURRING_POINT = re.compile(
    rf"{DAY}|{PART}|年?底|年?末|工作日|{MONTH}|[一二三四五六日天]{HOUR}{BEFORE}|\d[时点:]|结束后"
)
_RELATIVE = re.compile(
    rf"(?<!\d)(?:(?<!\d\.)|(?=[一二两三四五六七八九十半]))(?P<n>{_NUMBER})个?(?:半)?(?P<u>工作日|自然日|小时|分钟|日历天|日|天|周|星期|个?月|年度|年|季度)(?:左右)?{INSIDE}"
)
# Short forms of a time column: 6.30前, 2024-2025.
_SHORT = re.compile(
    r"(?<![\d.])(?P<m>1[0-2]|0?[1-9])\.(?P<d>3[01]|[12]\d|0?[1-9])(?:日?前|$|[，；、。）])|(?<!\d)(?P<y1>20\d\d)[-~至](?P<y2>20\d\d)(?![\d年./-])"
)
# 完成时限：3个月: in a time field the bare length is the limit.
_LENGTH = re.compile(
    rf"(?<![\d年月.]){_NUMBER}(?:个(?:月|工作日|自然日|小时)|工作日|自然日|小时|周|天)(?![\d份底末前])"
)
_BEFORE_EVENT = re.compile(
    rf"(?:届满|到期|期满|召开|开始|实施|施工|开工|举办|施行|投用|放假)(?:之?前{_NUMBER}个?(?:工作日|小时|日|天|月)|{_NUMBER}个?(?:工作日|小时|日|天|月)前)"
)
_EVENT = re.compile(
    r"(?:自|从|在)?[^，。；：、（）“”《》]{0,24}?(?:之日起|之时起|以后|之后|后|起|时|前|问题|通知|文件|函|任务|线索)?的?$"
)
# First characters of a point in time: one look tells most places apart before any alternative is tried.
_OPENS = "0-9一二三四五六七八九十元今本明当第上下"
_SPAN_YEARS = re.compile(
    rf"(?=[{_OPENS}])(?:(?P<from>{POINT})(?P<hour>{HOUR})(?:起|开始)?(?:至|到|-{{1,2}}|~)(?P<next>次年|翌年|第二年|来年)?(?P<to>{POINT}|{DAY}|{PART})(?P<hour2>{HOUR})(?:期间|止|底|末)?(?P<suffix>{BEFORE})?"
    rf"|(?P<y1>20\d{{2}})年?(?:至|到|-{{1,2}}|~)(?P<y2>20\d{{2}})年(?P<suffix2>底前|底|{BEFORE})?"
    rf"|(?P<ym>{YEAR})?(?P<m1>1[0-2]|0?[1-9])(?:至|到|-{{1,2}}|~)(?P<m2>(?:1[0-2]|0?[1-9])月)(?:份)?(?P<part2>{PART})?(?P<suffix3>{BEFORE})?"
    rf"|(?P<yd>{YEAR})?(?P<md>{MONTH})(?P<d1>3[01]|[12]\d|0?[1-9])(?:至|到|-{{1,2}}|~)(?P<d2>{DAY})"
    r"|(?P<q1>[一二三])(?:至|到|-|、)(?P<q2>[二三四])季度)"
)
_PLAN_PERIOD = re.compile(
    r"(?P<to>到|至)?[“\"]?十(?P<n>[二三四五六七])五[”\"]?(?P<end>期末|末期?|规划期末|时期末|期间末?|时期|规划期间?|规划期内|以来|规划|初)?(?P<mark>之前|前)?"
)
_POINT_AT = re.compile(
    rf"(?=[{_OPENS}到至于在截自从力争确有最不原拟计应暂])(?P<lead>到|至|于|在|截至|截止到?|自|从|力争|争取|确保|有效期至|最迟|不迟于|不晚于|原则上|拟于|计划于|应于|原定于|暂定)?(?P<point>{POINT})(?P<week>第?[一二三四]周|（(?:(?:星期|周)[一二三四五六日天]|含当?日?|当日)）)?(?P<hour>{HOUR})"
    rf"(?P<mark>{BEFORE}|[年度]?{INSIDE}|期间|全年|起|开始|以来|之?后|度)?"
)
_WORDS = re.compile(
    r"(?=[今本当全年到至月汛入“七八十主春元国中五端清采供雨枯秋三开高台防封上霜冰下任规有])(?:(?P<year>(?:今年|本年|本年度|年度|当年|全年|年)(?:年)?(?:之内|以内|内))|(?P<ye>(?:今年|本年|当年|到|至)?(?:今年|本年)?年(?:底|末|终)(?:之前|以前|前)?)"
    r"|(?P<me>(?:本月|当月|月)(?:底|末|内)(?:之前|前)?)|(?P<whole>全年(?=，?(?:力争|确保|计划|预计|累计)?(?:完成|新增|实现|新建|新改|改造|建设|建成|开展|举办|培训|组织|争取|投入|发放|查处|不少于|整治|清理|推广|引进|培育|办理)|$|[。；）])|(?:今|本)年度?(?=完成|实现|新增|新建|建成))"
    r"|(?P<season>(?:汛(?=前(?:[，。；]|全部|全面|[^，。；无未难、”]{0,8}(?:完成|到位|蓄水|投用|竣工|完工|消除|建成)))|入?主?汛期|入汛|春节|元旦|国庆节?|中秋节?|“?(?:五一|十一|七一|八一)”?(?:假期|节)?|端午节?|清明节?|入冬|采暖季|供暖季|供暖|雨季|枯水期|春耕|秋收|秋播|秋冬种|三夏|"
    r"春季开学|秋季开学|开学|高考|中考|台风季节?|防火期|封冻|上冻|霜冻|冰冻期|下一年度)(?:来临|到来|开始|结束)?(?:之|以)?前)"
    r"|(?P<day>当(?:日|天)(?:之?内)|当(?:日|天)\d{1,2}[时点]前)|(?P<term>任期内|规划期内|本届任期内|有效期内(?=完成)))"
)
_ACTION = re.compile(
    "^(?:，|、)?(?:[^，。；：（）]{0,10}?)(?:完成|报送|上报|报|形成|出台|建成|印发|达到|实现|投用|投入|竣工|完工|到位|通水|启用|发布|公布|结束|办结|销号|验收|提交|见效|制定|开工|启动|投产|交付|通车|上线|运行|摘牌|移交|关闭|拆除|清零|消除|销账)"
)
# After 年底 and the like: a figure at that date, not a limit.
_STOCK = re.compile("的|数|存量|余额|在册|以来|时点|，?(?:较|比)|全省|全市(?:共|已)|共有|已|为止|：")
# What follows, and what stands before, a season that is only talked about (分析上半年经济运行情况).
_SEASON = re.compile(
    "(?!的|经济|运行|水质|空气|工作(?!专班)|情况|总结|数据|形势|排名|同比|累计|共|全[市县区]|已|各项|重点|主要|任务|目标)"
)
_TALK = re.compile("(?:分析|公布|通报|编制|总结|截至|对|了|比|较|年)$")
_SECOND = re.compile(rf"(?:、|和|及|与)(?:{POINT}){HOUR}{BEFORE}")
_DONE = re.compile("^[，、]?(?:前)?(?:全部|全面|基本|力争|计划|争取|确保|预计)?(?:完成|建成|实现|竣工|完工|达到)")
_HAPPENS = re.compile(
    "^(?:正式|全面|全线|组织)?(?:启动|开工|举办|举行|召开|印发|出台|发布|报送|上报|投用|开通|通车|开放|试?运行|验收|投产|交付|上线|挂牌|到位|完工)(?!的)"
)
_PAST_BEFORE = re.compile("(?:应于|原定于|本应于?|原计划于?|早在|已于|曾于|曾在|去年|上年|前年|上一年)$")
_STANDING = re.compile(
    "长期坚持|长期抓好落实|持续推进|长期推进|持续坚持|长期整改|持续整改|长期保持|常态化推进|常态化坚持|常态长效|长期抓好|长期落实|持续实施|持续开展|长期开展|持续巩固|长期执行|持续抓好|持续落实|长期实施|持续进行|长期|持续|常态化|常年"
)
_AT_ONCE = re.compile(
    "立行立改|立即整改|即知即改|立整立改|即行即改|立查立改|立知立改|即查即改|立即完成|立即落实|立即执行|马上整改|立改立行|随即整改|即改|边查边改(?=$|[，；。、）])|立即"
)


# 立行立改, 即知即改 … say "at once" wherever they stand; 立即整改 and 长期坚持 only as a stated limit.
_PAIRED = ("立立", "即即")


def find(
    text: str, year: int | None, skip: Sequence[Range] = (), fields: Sequence[Range] = (), earliest: int | None = None
) -> list[Found]:
    """Deadlines of one measure in order of place.

    `year` is what a bare month or day takes; `skip` are ranges that speak of other things (问题描述);
    `fields` are ranges that hold nothing but a time limit (整改时限 and its value), where a bare date and
    长期坚持 count; a date in a year before `earliest` is a fact of the past.
    """
    sheet = _Sheet(text, year, earliest, skip, fields)
    _recurring(sheet)
    _relative(sheet)
    _ranges(sheet)
    _points(sheet)
    _words(sheet)
    _standing(sheet)
    return sorted(sheet.found)


class _Sheet:
    """Text of a measure with what is already read: a recogniser takes only characters that are still free."""

    def __init__(
        self, text: str, year: int | None, earliest: int | None, skip: Sequence[Range], fields: Sequence[Range]
    ) -> None:
        self.text, self.year, self.earliest = text, year, earliest
        self.found: list[Found] = []
        self.has_fields = bool(fields)
        self._taken = bytearray(len(text))
        self._fields = bytearray(len(text))
        for match in _DOCUMENT.finditer(text):
            self._mark(self._taken, match.start(), match.end())
        for start, end in skip:
            self._mark(self._taken, start, end)
        for start, end in fields:
            self._mark(self._fields, start, end)

    @staticmethod
    def _mark(mask: bytearray, start: int, end: int) -> None:
        mask[start:end] = b"\1" * (end - start)

    def free(self, start: int, end: int) -> bool:
        return self._taken.find(1, start, end) < 0

    def in_field(self, place: int) -> bool:
        return self._fields[place] == 1

    def past(self, date: dt.date | None) -> bool:
        return bool(self.earliest and date and date.year < self.earliest)

    def pass_over(self, start: int, end: int) -> None:
        """Leaves these characters to no later recogniser."""
        self._mark(self._taken, start, end)

    def take(self, start: int, end: int, date: dt.date | None, kind: DeadlineKind, precision: Precision) -> None:
        self.found.append(Found(start, end, date, kind, precision))
        self._mark(self._taken, start, end)


# What each rule cannot do without: one cheap look spares most texts the rule.
_RHYTHM_HINT = re.compile("每|逐|季度?末|次[月季年]|翌年|下[月季]|当月|本月")
_SHORT_HINT = re.compile("[.~至-]")
_LENGTH_HINT = re.compile("[个周天时日]")
_RANGE_HINT = re.compile(r"[至到~季-](?:(?<=[\d月日号份旬底末初中度年班时点:：分起始].)|(?<=季)度)")
_INSIDE_HINT = re.compile("内(?<=[日时钟天周期月年度右以之]内)")
_EVENT_HINT = re.compile(r"前(?:[\d一二两三四五六七八九十半]|(?<=[日时天月]前))")
_POINT_HINT = re.compile("[月季年./-]")
_WORD_HINT = re.compile("[年月前内]")


def _recurring(sheet: _Sheet) -> None:
    text = sheet.text
    if not _RHYTHM_HINT.search(text):
        return
    for match in _RECURRING.finditer(text):
        body = match.group()
        if text[match.start() - 1 : match.start()] in ("至", "到"):
            continue
        marked = match["mark"] or match["mark2"] or match["after"]
        if not marked and (not _RECURRING_POINT.search(body[1:]) or re.search(r"[日天]\d{1,2}[时点]$", body)):
            continue
        if not marked and re.search("(?:[一二三四五六日天]|[季节期学假冬汛]|[\\d一二三四五六七八九十元]月份?)$", body):
            continue
        if sheet.free(match.start(), match.end()):
            second = _SECOND.match(text, match.end())
            end = second.end() if second and not re.search("20\\d\\d年", second.group()) else match.end()
            sheet.take(match.start(), end, None, DeadlineKind.BY, Precision.RECURRING)


def _relative(sheet: _Sheet) -> None:
    text = sheet.text
    for match in _RELATIVE.finditer(text) if _INSIDE_HINT.search(text) else ():
        before = text[max(0, match.start() - 30) : match.start()]
        if re.search("(?:近|过去|此前|最近|上)$", before) or not sheet.free(match.start(), match.end()):
            continue
        if re.search(
            "公示(?:期)?(?:不少于)?$|(?:压缩|压减|缩短|控制|减少|精简|降低|减|缩|降)(?:至|到|在|为)$|不超过$", before
        ):
            continue
        unit = match["u"]
        after = text[match.end() : match.end() + 2]
        if unit in ("年", "年度") and re.match("[未无没不的]", after):
            # A record or an age that somebody must have (三年内无违法记录), not a time to act in.
            sheet.pass_over(match.start(), match.end())
            continue
        kind = DeadlineKind.DURING if unit in ("年", "年度") else DeadlineKind.BY
        event = _EVENT.search(before)
        start = match.start() - (len(before) - event.start() if event and len(before) - event.start() <= 22 else 0)
        if event and not re.search("(?:起|后|时|前|问题|通知|文件|函|任务|线索)的?$", before):
            start = match.start()
        if not sheet.free(start, match.end()):
            start = match.start()
        sheet.take(start, match.end(), None, kind, Precision.RELATIVE)

    if sheet.has_fields:
        _bare(sheet)
    for match in _BEFORE_EVENT.finditer(text) if _EVENT_HINT.search(text) else ():
        if sheet.free(match.start(), match.end()):
            sheet.take(match.start(), match.end(), None, DeadlineKind.BY, Precision.RELATIVE)


def _bare(sheet: _Sheet) -> None:
    """Short forms and bare lengths, which only a time field makes limits."""
    text = sheet.text
    for match in _SHORT.finditer(text) if _SHORT_HINT.search(text) else ():
        if sheet.in_field(match.start()) and sheet.free(match.start(), match.end()):
            if match["y1"]:
                last = dt.date(int(match["y2"]), 12, 31)
                sheet.take(match.start(), match.end(), last, DeadlineKind.DURING, Precision.YEAR)
            else:
                date = day_of(sheet.year, int(match["m"]), int(match["d"]))
                sheet.take(match.start(), match.end(), date, DeadlineKind.BY, Precision.DAY)
    for match in _LENGTH.finditer(text) if _LENGTH_HINT.search(text) else ():
        if sheet.in_field(match.start()) and sheet.free(match.start(), match.end()):
            sheet.take(match.start(), match.end(), None, DeadlineKind.BY, Precision.RELATIVE)


def _ranges(sheet: _Sheet) -> None:
    text, default = sheet.text, sheet.year
    for match in _SPAN_YEARS.finditer(text) if _RANGE_HINT.search(text) else ():
        if not sheet.free(match.start(), match.end()):
            continue
        tail = text[match.end() : match.end() + 12]
        if re.match(
            r"(?:年度|学年|届|行动计划|三年|实施|规划|期间数据|[一-龥]{0,8}(?:计划|行动方案|规划|方案》))", tail
        ):
            # Years of a plan's name: no part of them is a limit either.
            sheet.pass_over(match.start(), match.end())
            continue
        precision = Precision.MONTH
        if match["y2"]:
            end: dt.date | None = dt.date(int(match["y2"]), 12, 31)
            precision, marked = Precision.YEAR, match["suffix2"]
        elif match["m2"]:
            year = year_of(match["ym"], default, default)
            end = month_end(year, month_of(match["m2"])) if year else None
            marked = match["suffix3"]
        elif match["q2"]:
            end = month_end(default, 3 * "一二三四".index(match["q2"]) + 3) if default else None
            precision, marked = Precision.QUARTER, None
        elif match["d2"]:
            year = year_of(match["yd"], default, default)
            end = day_of(year, month_of(match["md"]), day_number(match["d2"]))
            precision, marked = Precision.DAY, None
        else:
            first, _, year = resolve(match["from"], default, default)
            to = match["to"]
            if re.fullmatch(DAY, to):
                month = re.search(MONTH, match["from"])
                if month is None:
                    continue
                end, precision = day_of(year, month_of(month.group()), day_number(to)), Precision.DAY
            elif re.fullmatch(PART, to):
                month = re.search(MONTH, match["from"])
                if month is None:
                    continue
                end, precision, _ = resolve(month.group() + to, year, default)
            else:
                if match["next"] and year:
                    to = f"{year + 1}年{to}"
                end, precision, _ = resolve(to, year, default)
                if end and first and end < first and "年" not in to and year:
                    # 11月至次年2月 written as 11月至2月.
                    end, precision, _ = resolve(f"{year + 1}年{to}", year, default)
            marked = match["suffix"]
        if sheet.past(end):
            continue
        sheet.take(
            match.start(),
            match.end(),
            end,
            DeadlineKind.BY if marked == "前" and not end else DeadlineKind.DURING,
            precision,
        )


def _points(sheet: _Sheet) -> None:
    text, default = sheet.text, sheet.year
    for match in _PLAN_PERIOD.finditer(text) if "五" in text else ():
        if not sheet.free(match.start(), match.end()):
            continue
        quoted = text[match.end() - 1] in '”"' if match.end() else False
        ending, mark = match["end"], match["mark"]
        if ending in ("以来", "规划", "初") or (not ending and not (match["to"] and mark)) or (quoted and not ending):
            continue
        last = dt.date(2000 + 5 * ("二三四五六七".index(match["n"]) + 3), 12, 31)
        if sheet.past(last):
            continue
        by = mark or (ending.endswith("末") and not ending.startswith("期间"))
        sheet.take(match.start(), match.end(), last, DeadlineKind.BY if by else DeadlineKind.DURING, Precision.YEAR)
    for match in _POINT_AT.finditer(text) if _POINT_HINT.search(text) else ():
        start, end = match.start("point"), match.end()
        if not sheet.free(start, end):
            continue
        lead, mark, point = match["lead"] or "", match["mark"] or "", match["point"]
        if start and text[start - 1] in "0123456789":
            continue
        before = text[max(0, start - 8) : start]
        if mark == "度" and _is_year(point) and _DONE.match(text[end : end + 16]):
            mark = ""
        if (
            mark in ("起", "开始", "以来", "后", "之后", "度")
            or lead in ("有效期至", "应于", "原定于")
            or _PAST_BEFORE.search(before)
        ):
            continue
        date, precision, _ = resolve(point, default, default)
        if sheet.past(date):
            continue
        if not mark and point in ("今年", "本年", "当年", "明年"):
            continue
        kind = _point_kind(text, point, lead, mark, precision, end, sheet.in_field(start))
        if kind is None:
            continue
        if lead in ("到", "至") and kind is DeadlineKind.BY:
            start = match.start()
            if _from_now(text, start):
                start, kind = start - 3, DeadlineKind.DURING
        if (
            not mark
            and precision is Precision.YEAR
            and kind is DeadlineKind.BY
            and not sheet.in_field(match.start("point"))
        ):
            end = match.end("hour")
        sheet.take(start, end, date, kind, precision)


def _from_now(text: str, start: int) -> bool:
    """Whether 即日起 stands before: from now to that day is a period."""
    return text[max(0, start - 3) : start] in ("即日起", "现在起", "即日始")


def _is_year(point: str) -> bool:
    """Whether a point names a year and nothing finer."""
    return bool(re.fullmatch(f"{YEAR}度?", point))


def _followed(text: str, end: int) -> bool:
    """Whether another point follows that carries the 前 of both: 6月15日、12月15日前."""
    match = _SECOND.match(text, end, min(len(text), end + 24))
    return match is not None


def _point_kind(
    text: str, point: str, lead: str, mark: str, precision: Precision, end: int, in_field: bool
) -> DeadlineKind | None:
    """What a single point in time says, None where it is no limit."""
    if mark in ("前", "之前", "以前"):
        return DeadlineKind.BY
    if mark.endswith("内") or mark in ("期间", "全年") or point.endswith("全年"):
        return DeadlineKind.DURING
    if lead in ("截至", "截止", "截止到", "自", "从"):
        return DeadlineKind.BY if in_field and not lead.startswith(("自", "从")) else None
    at_end = point.endswith(("底", "末"))
    if lead in ("最迟", "不迟于", "不晚于"):
        return DeadlineKind.BY
    if lead in ("到", "至") and precision in (
        Precision.YEAR,
        Precision.MONTH,
        Precision.DAY,
        Precision.QUARTER,
        Precision.HALF_YEAR,
    ):
        return DeadlineKind.BY
    if precision in (Precision.QUARTER, Precision.HALF_YEAR) and not at_end and not point.endswith("中"):
        said = _SEASON.match(text[end : end + 14]) and not _TALK.search(
            text[max(0, end - len(point) - 4) : end - len(point)]
        )
        return DeadlineKind.DURING if in_field or said else None
    if in_field:
        # 起止时间：2025年 names the year in which, not the day by which.
        return DeadlineKind.DURING if precision is Precision.YEAR and not at_end else DeadlineKind.BY
    tail = text[end : end + 16]
    if at_end or precision is Precision.QUARTER:
        return None if _STOCK.match(tail) else DeadlineKind.BY
    if precision in (Precision.MONTH, Precision.DAY):
        if _followed(text, end):
            return DeadlineKind.BY
        return DeadlineKind.BY if _DONE.match(tail) or _HAPPENS.match(tail) else None
    if precision is Precision.YEAR:
        return DeadlineKind.DURING if _DONE.match(tail) else None
    return None


def _words(sheet: _Sheet) -> None:
    text = sheet.text
    if not _WORD_HINT.search(text):
        return
    last = dt.date(sheet.year, 12, 31) if sheet.year else None
    for match in _WORDS.finditer(text):
        start, end = match.span()
        if start and (text[start - 1] in "0123456789" or text[start - 1] in "每上去近整一二三四五六七八九十两几半数多"):
            continue
        if not sheet.free(start, end):
            continue
        if match["year"]:
            sheet.take(start, end, last, DeadlineKind.DURING, Precision.YEAR)
        elif match["ye"]:
            if (
                match.group().endswith("前")
                or sheet.in_field(start)
                or _ACTION.match(text[end : end + 16])
                or match.group()[0] in "到至"
            ):
                period = match.group()[0] in "到至" and _from_now(text, start)
                kind = DeadlineKind.DURING if period else DeadlineKind.BY
                sheet.take(start, end, last, kind, Precision.YEAR)
        elif match["me"]:
            if match.group().endswith("前") or sheet.in_field(start) or match.group().endswith("内"):
                sheet.take(start, end, None, DeadlineKind.BY, Precision.MONTH)
        elif match["whole"]:
            sheet.take(start, end, last, DeadlineKind.DURING, Precision.YEAR)
        elif match["term"]:
            sheet.take(start, end, None, DeadlineKind.DURING, Precision.RELATIVE)
        else:
            sheet.take(start, end, None, DeadlineKind.BY, Precision.RELATIVE)


def _standing(sheet: _Sheet) -> None:
    text = sheet.text
    patterns: Iterable[tuple[re.Pattern[str], DeadlineKind]] = (
        (_AT_ONCE, DeadlineKind.IMMEDIATE),
        (_STANDING, DeadlineKind.LONG_TERM),
    )
    for pattern, kind in patterns:
        for match in pattern.finditer(text):
            start, end = match.span()
            stated = sheet.in_field(start) or (
                # …，长期坚持 is a limit in prose too; 立行立改与长期坚持相结合 is none.
                kind is DeadlineKind.LONG_TERM
                and (match.group() == "长期坚持" or (end - start >= 4 and text[end : end + 1] in ("。", "；", "")))
                and text[start - 1 : start] in ("，", "。", "；", "、", "并")
                and not text.startswith("相结合", end)
            )
            stated = stated or (
                kind is DeadlineKind.IMMEDIATE
                and end - start == 4
                and (
                    (match.group() == "立即整改" and text[start - 1 : start] == "的")
                    or match.group()[0] + match.group()[2] in _PAIRED
                )
            )
            if stated and sheet.free(start, end):
                sheet.take(start, end, None, kind, Precision.NONE)
