"""Texts built to be slow: each repeats what some rule of the compiler starts to read and cannot finish.

`text(name, length)` gives a text of about `length` characters; time to compile it must grow in proportion.
"""

from __future__ import annotations

from collections.abc import Callable

_UNITS = {
    "open brackets": "（",
    "closed brackets": "）",
    "bracket pairs": "（）",
    "half-width brackets": "(",
    "square brackets": "〔",
    "book title marks": "《",
    "book title pairs": "《》",
    "long book titles": "《关于印发某某工作方案的通知》",
    "nested book titles": "《关于《某某某某",
    "quotes": "“",
    "full stops": "。",
    "commas": "，",
    "enumeration commas": "、",
    "colons": "：",
    "semicolons": "；",
    "dashes": "-",
    "dots": ".",
    "ellipses": "…",
    "bars": "|",
    "slashes": "/",
    "spaces and letters": "a ",
    "blanks": " ",
    "ideographic blanks": "　",
    "tabs": "\t",
    "cells": "局\t",
    "line breaks": "\n",
    "carriage returns": "\r",
    "zero width": "\u200b",
    "zero width between": "局\u200b",
    "digits": "1",
    "nines": "9",
    "ten thousands": "万",
    "hundred millions": "亿",
    "decimal points": "1.",
    "digits and commas": "1,",
    "thousands": ",111",
    "percents": "%",
    "percentages": "5%",
    "spelled digits": "一",
    "spelled tens": "十",
    "zeros": "○",
    "section marks": "一、",
    "section mark lines": "一、\n",
    "bracketed section marks": "（一）",
    "bracketed section lines": "（一）\n",
    "item lines": "1.\n",
    "items of one line": "1.加强管理。",
    "multi-level": "1.1",
    "multi-level lines": "1.1.1.1局\n",
    "circled": "①",
    "circled lines": "①局\n",
    "articles": "第一条",
    "article lines": "第一条\n",
    "chapters": "第一章",
    "parts": "第一部分",
    "number lines": "1\n",
    "character lines": "局\n",
    "heading lines": "指导思想\n",
    "from": "由",
    "from whom": "由局",
    "from a bureau": "由某某局牵头，",
    "with": "会同",
    "bureau with": "局会同",
    "jointly": "联合",
    "cooperates": "配合",
    "is responsible": "负责",
    "leads": "牵头",
    "by duties": "按职责分工负责",
    "for all": "对某某负总责",
    "responsible labels": "责任单位：",
    "responsible label lines": "责任单位：\n",
    "responsible bureaus": "责任单位：某某局",
    "lead brackets": "（牵头单位：",
    "lead lines": "牵头单位：某某局、\n",
    "deadline labels": "整改时限：",
    "persons": "责任领导：",
    "person words": "责任",
    "problem labels": "问题描述：",
    "measures of rectification": "整改措施：（1）",
    "goals": "目标",
    "completed": "完成",
    "unit words": "单位",
    "and": "和",
    "as well as": "以及",
    "and bureaus": "局和",
    "bureaus joined": "某某局和",
    "bureaus listed": "、局",
    "bureaus": "局",
    "committees": "委员会",
    "towns": "各乡镇",
    "groups": "各有关部门",
    "and so on": "等",
    "and so on bureaus": "局等",
    "first leads": "排第一",
    "hereafter": "下同",
    "years": "2025年",
    "year without end": "2025",
    "months": "12月",
    "month digits": "1月1",
    "days": "2025年12月31日",
    "year ranges": "2025-2026年",
    "month ranges": "1-2月",
    "every month": "每月",
    "every": "每",
    "five-year plans": "十四五",
    "within days": "3个工作日内",
    "within": "内",
    "from the day": "自之日起",
    "year ends": "年底前",
    "at once": "立行立改",
    "standing": "长期坚持",
    "flood seasons": "主汛期",
    "hours": "下午5时",
    "document numbers": "〔2025〕1号",
    "document number stumps": "国办发〔2025〕",
    "issue notices": "印发关于",
    "about": "关于",
    "drafted": "起草",
    "source": "来源：",
    "published": "发布时间：",
    "due": "截止时间：",
    "results": "征求意见结果：",
    "date lines": "2025年1月1日\n",
    "signatures": "某某市人民政府\n",
    "signatures and dates": "某某市人民政府\n2025年1月1日\n",
    "titles": "某某市工作方案\n",
    "annexes": "附件：\n",
    "annex numbers": "附件1\n",
    "contents": "目录\n",
    "pages": "第1页\n",
    "running heads": "某某方案某某方案\n1/2\n",
    "table heads": "序号\t任务\t责任单位\n",
    "table rows": "1\t加强管理\t某某局\n",
    "wide heads": "责任单位\t任务\t",
    "flat heads": "序号\n任务\n责任单位\n",
    "flat rows": "1\n加强管理\n某某局\n",
    "bar rows": "|序号|任务|责任单位|\n",
    "section rows": "一\t某某\t\n",
    "goal figures": "达到95%以上",
    "not less": "不低于",
    "at least": "至少建设3个",
    "figures listed": "、3个",
    "three villages": "3个村各",
    "above": "以上",
    "above of": "200亩以上的",
    "grants": "给予补助100万元",
    "two thirds": "三分之二",
    "shares": "百分之",
    "ranges": "2-3",
    "doubled": "翻一番",
    "about ten": "10余万",
    "growth": "由30%提高到50%",
    "each new": "每新增1家",
    "traditional": "責任單位：環保局",
    "latin": "a",
    "emoji": "😀",
    "no-break": "\u00a0局",
    "combining": "局\u0301",
    "surrogates": "\ud800",
}


def _nested(left: str, middle: str, right: str) -> Callable[[int], str]:
    def build(length: int) -> str:
        depth = max(1, (length - len(middle)) // (len(left) + len(right)))
        return left * depth + middle + right * depth

    return build


def _headed(head: str, unit: str) -> Callable[[int], str]:
    return lambda length: head + unit * max(1, (length - len(head)) // len(unit))


def _numbered(form: str) -> Callable[[int], str]:
    def build(length: int) -> str:
        pieces: list[str] = []
        size = n = 0
        while size < length:
            n += 1
            pieces.append(form.format(n=n, small=n % 99 + 1))
            size += len(pieces[-1])
        return "".join(pieces)

    return build


_BUILT: dict[str, Callable[[int], str]] = {
    "nested brackets": _nested("（", "局", "）"),
    "nested duty brackets": _nested("（牵头单位：", "局", "）"),
    "nested book marks": _nested("《", "某某方案", "》"),
    "nested mixed brackets": _nested("（〔《“", "局", "”》〕）"),
    "an item of open brackets": _headed("1.加强管理。", "（"),
    "an item of closed brackets": _headed("1.加强管理。（", "）"),
    "an item of brackets in a bracket": _headed("1.加强管理。（责任单位：", "（局）"),
    "an item of bureaus": _headed("1.加强管理。（责任单位：", "某某局、"),
    "an item of joined bureaus": _headed("1.加强管理。（责任单位：", "某某局和"),
    "an item of joined nothing": _headed("1.加强管理。（责任单位：", "和"),
    "an item of bureaus that are responsible": _headed("1.加强管理。（", "某某局负责"),
    "an item of doers": _headed("1.加强管理。", "由某某局牵头，"),
    "an item of partners": _headed("1.加强管理。", "某某局会同某某局，"),
    "an item of fields": _headed("1.加强管理。\n", "责任单位：某某局\n"),
    "an item of long lists": _headed("1.加强管理。\n责任单位：", "某某局、"),
    "an item of torn lists": _headed("1.加强管理。\n责任单位：", "某\n"),
    "an item of months": _headed("1.加强管理。", "12月底前完成"),
    "an item of figures": _headed("1.加强管理。", "新建3个"),
    "an item of paragraphs": _headed("1.加强管理。\n", "做好工作。\n"),
    "an item of blank paragraphs": _headed("1.加强管理。\n", "做好工作。\n\n"),
    "an item of lone characters": _headed("1.加强管理。\n", "局\n"),
    "an item of dashes": _headed("1.加强管理。\n", "-局\n"),
    "an item of ones": _headed("1.加强管理。\n", "（1）局\n"),
    "an item without marks": _headed("1.", "某"),
    "a phase of months": _headed("（一）", "2025年1月至12月"),
    "a heading of items": _headed("一、重点任务\n", "1.加强管理。\n"),
    "a heading of duty items": _headed("一、重点任务\n", "1.加强管理。（责任单位：某某局）\n"),
    "a heading of empty items": _headed("一、重点任务\n", "（一）\n1.\n"),
    "a unit of deep items": _headed("一、重点任务\n", "（一）做好\n1.加强\n（1）落实\n①办好\n"),
    "a line of running items": _numbered("{n}.加强管理。"),
    "a line of running sections": _headed("一、", "（一）局。1.局。"),
    "lines of running items": _numbered("{n}.加强管理。（责任单位：某某局{n}）\n"),
    "lines of small items": _numbered("{small}.加强管理。12月底前完成{n}个。（责任单位：某某局）\n"),
    "lines of running figures": _numbered("{n}\n"),
    "tables of one row": _numbered("序号\t任务\t责任单位\n1\t加强{n}\t某某局\n某某\n某某\n某某\n某某\n"),
    "a table of many rows": _headed("序号\t任务\t责任单位\n", "1\t加强管理\t某某局\n"),
    "a table of torn rows": _headed("序号\t任务\t责任单位\n1\t加强管理\t某某局\n", "\t加强\t某\n"),
    "a table of one wide row": _headed("序号\t任务\t责任单位\n1\t加强管理\t", "某某局\t"),
    "a flat table": _headed("序号\n任务\n责任单位\n", "1\n加强管理\n某某局\n"),
    "a running flat table": lambda n: "序号\n任务\n责任单位\n" + _numbered("{n}\n加强管理\n某某局\n")(n),
    "a flat table of one row": _headed("序号\n任务\n责任单位\n1\n", "加强管理\n"),
    "a flat table of sections": _headed("序号\n任务\n责任单位\n", "一\n"),
    "a flat table of torn units": _headed("序号\n任务\n责任单位\n1\n加强\n", "某、\n"),
    "flat tables": _headed("", "序号\n任务\n责任单位\n1\n加强管理\n某某局\n附件\n"),
    "a title in marks": _headed("关于印发《某某方案》的通知\n", "某某方案"),
    "titles in marks": _numbered("《某某{n}方案》"),
    "a title far away": lambda n: "《某某某某方案》" + "某" * n + "某某某某方案",
    "many annexes": _numbered("附件{n}\n{n}.加强管理\n"),
    "signed by many": _headed("", "某某市某某局 某某市某某局\n"),
    "ends of many documents": _headed("", "1.加强管理\n某某市人民政府\n2025年1月1日\n"),
    "a page a line": _numbered("某某市工作方案\n第1页\n{n}.加强管理\n"),
}

# Where a unit is repeated: most rules read only what stands in an item, a duty bracket, a field or a table.
PLACES = {
    "an item": "1.加强管理。",
    "a bracket": "1.加强管理。（责任单位：",
    "a bare bracket": "1.加强管理。（",
    "a field": "1.加强管理。\n责任单位：",
    "a time field": "1.加强管理。\n整改时限：",
    "a problem": "1.加强管理。\n问题描述：",
    "a table": "序号\t任务\t责任单位\t完成时限\n1\t",
}


def names(place: str = "") -> list[str]:
    """Adversaries that stand in a place, those that bring their own where it is empty."""
    return [f"{unit} in {place}" for unit in _UNITS] if place else [*_UNITS, *_BUILT]


NAMES = tuple(name for place in ("", *PLACES) for name in names(place))


def text(name: str, length: int) -> str:
    """Adversary of about this many characters."""
    if name in _BUILT:
        return _BUILT[name](length)
    unit, _, place = name.partition(" in ")
    head, repeated = PLACES.get(place, ""), _UNITS[unit]
    return head + repeated * max(1, length // len(repeated))
