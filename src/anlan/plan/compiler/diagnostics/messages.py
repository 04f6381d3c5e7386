"""Catalogue of the diagnostics: code, name, severity, title, and the words of the message in both languages.

A message says the value found and the way out. Where a diagnostic has several texts, the first one whose
arguments are all there is spoken. Errors contradict themselves or the calendar; a warning is to be decided
before the document goes out; an info is what many plans live with. docs/diagnostics.md has a heading for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter

from anlan.plan.compiler.model import Diagnostic, Severity
from anlan.settings import Words


@dataclass(frozen=True, slots=True)
class Entry:
    """Diagnostic of the catalogue. `texts` hold named fields, filled by the diagnostic's arguments."""

    code: str
    name: str
    severity: Severity
    title: Words
    texts: tuple[Words, ...]


def message(diagnostic: Diagnostic, language: str = "zh") -> str:
    """Message of a diagnostic in Chinese or English (zh, en); Chinese for any other language."""
    for words in CATALOGUE[diagnostic.code].texts:
        template = words.speak(language)
        if fields(template) <= diagnostic.arguments.keys():
            return template.format_map(diagnostic.arguments)
    raise KeyError(f"{diagnostic.code} has no text for the arguments {sorted(diagnostic.arguments)}")


def fields(template: str) -> set[str]:
    """Names of the arguments that a text needs."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def title(code: str, language: str = "zh") -> str:
    """Title of a code in Chinese or English."""
    return CATALOGUE[code].title.speak(language)


def _entry(code: str, name: str, severity: Severity, zh: str, en: str, *texts: tuple[str, str]) -> Entry:
    return Entry(code, name, severity, Words(zh, en), tuple(Words(*text) for text in texts))


_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

_UNITS = (
    _entry(
        "U101", "unit-unknown", _WARNING, "单位不在单位表中", "unit not in the register",
        ("单位表里没有“{name}”。名称相近的有：{nearest}。写错了就改正；确有此单位就补进单位表",
         "“{name}” is not in the register. Near names: {nearest}. Correct the name, or add the unit to the register"),
        ("单位表里没有“{name}”，也没有相近的名称。核对名称，或把它补进单位表",
         "“{name}” is not in the register, nor is any name near it. Check the name, or add the unit to the register"),
    ),
    _entry(
        "U102", "unit-misprint", _WARNING, "单位名称的已知误写", "known misprint of a unit",
        ("“{name}”是“{right}”的误写，改为“{right}”", "“{name}” is a known misprint of “{right}”: write “{right}”"),
    ),
    _entry(
        "U103", "unit-variants", _WARNING, "同一单位写法不一", "one unit spelled in several ways",
        ("“{name}”与第{line}行的“{other}”应是同一单位，单位表中写作“{right}”，统一为后者",
         "“{name}” and “{other}” in line {line} seem to be one unit; the register has “{right}”: use that throughout"),
        ("“{name}”与第{line}行的“{other}”只差一两个字，可能是同一单位，核对后统一",
         "“{name}” and “{other}” in line {line} differ by a character or two and may be one unit: check and use one"),
    ),
    _entry(
        "U104", "unit-alike", _WARNING, "名称相近，是否同一单位", "similar names, perhaps different units",
        ("“{name}”与第{line}行的“{other}”词干相同、后缀不同，可能是两个单位，也可能写错了。请人工确认，不要自动合并",
         "“{name}” and “{other}” in line {line} share a stem and differ in their ending: two units, or a slip. "
         "Have a person decide; never merge them by rule"),
    ),
    _entry(
        "U105", "unit-repeats-word", _WARNING, "单位名称内有重复", "word repeated inside a unit's name",
        ("“{name}”里“{word}”重复，去掉一个", "“{word}” is said twice in “{name}”: drop one"),
    ),
    _entry(
        "U106", "unit-unnamed", _WARNING, "责任单位未具名", "units left unnamed",
        ("“{name}”没有点名，无法派发。逐一写出单位名称",
         "“{name}” names nobody, so nobody can be sent the task: list the units"),
    ),
    _entry(
        "U107", "unit-short-and-long", _INFO, "全称与简称混用", "long and short name of one unit",
        ("“{name}”与第{line}行的“{other}”是同一单位的两种称呼，全文统一用一种",
         "“{name}” and “{other}” in line {line} are two names of one unit: use one throughout"),
    ),
)  # fmt: skip

_RESPONSIBILITY = (
    _entry(
        "R201", "owner-missing", _WARNING, "没有责任单位", "no responsible unit",
        ("“{measure}”没有责任单位。指定牵头单位，写在条末括号里",
         "“{measure}” names no responsible unit: name one who leads"),
    ),
    _entry(
        "R202", "owner-in-prose-only", _INFO, "责任只写在正文里", "owner only in the running text",
        ("“{measure}”条末没有责任单位括号，只在正文里提到{units}。其他各条都有括号，补上以免漏派",
         "“{measure}” has no bracket of responsible units; only its text mentions {units}: add the bracket"),
    ),
    _entry(
        "R203", "owners-missing", _WARNING, "多数任务没有责任单位", "most measures have no responsible unit",
        ("{total}条任务中有{count}条没有责任单位。逐条补上，或另附任务分解表",
         "{count} of {total} measures name no responsible unit: name them, or attach a table that does"),
    ),
    _entry(
        "R204", "lead-missing", _INFO, "多个单位，没有牵头", "several units, none leads",
        ("列了{count}个责任单位，没有写明谁牵头。指定一个，或在文首写明“排在第一位的为牵头单位”",
         "{count} units are responsible and none leads: name the lead, or state once that the first-named leads"),
    ),
    _entry(
        "R205", "duty-sets", _INFO, "一条含多组责任单位", "several sets of responsible units in one measure",
        ("“{measure}”里有{count}组责任单位，另一组在第{line}行：{other}。各管一段就拆成几条",
         "“{measure}” holds {count} sets of responsible units, another one in line {line}: {other}. "
         "If each owns a part, split the measure"),
    ),
)  # fmt: skip

_DATES = (
    _entry(
        "D301", "deadline-missing", _INFO, "没有完成时限", "no deadline",
        ("“{measure}”没有完成时限。写明到哪一天，或写“长期坚持”",
         "“{measure}” has no deadline: give a date, or say that it stands"),
    ),
    _entry(
        "D302", "deadline-expired", _WARNING, "时限早于发文年份", "deadline before the year of issue",
        ("时限“{text}”早于发文的{year}年。核对年份",
         "“{text}” is before {year}, the year of issue: check the year"),
    ),
    _entry(
        "D303", "date-impossible", _ERROR, "日历上没有的日期", "date that the calendar lacks",
        ("“{text}”不存在。核对月和日", "“{text}” is no day of the calendar: check month and day"),
    ),
    _entry(
        "D304", "period-reversed", _ERROR, "起止时间颠倒", "period ends before it begins",
        ("“{text}”结束早于开始。核对两个日期", "“{text}” ends before it begins: check both dates"),
    ),
    _entry(
        "D305", "deadline-outside-phase", _WARNING, "时限晚于所在阶段", "deadline after the end of its phase",
        ("“{text}”（{date}）晚于第{line}行所在阶段的结束时间“{other}”（{other_date}）。改其中一个",
         "“{text}” ({date}) is after the end of its phase, “{other}” ({other_date}) in line {line}: change one"),
        ("本阶段到“{text}”（{phase_date}）为止，但第{line}行的任务定在“{other}”（{other_date}）。改其中一个",
         "this phase ends with “{text}” ({phase_date}), but a task in line {line} is due “{other}” ({other_date}): "
         "change one"),
    ),
    _entry(
        "D306", "deadline-without-year", _WARNING, "时限缺年份", "deadline without a year",
        ("时限“{text}”没有年份，全文也推不出年份。写全年份，或用 --year 指定",
         "“{text}” has no year and the document names none: print the year, or give it with --year"),
    ),
)  # fmt: skip

_TARGETS = (
    _entry(
        "T401", "target-missing", _INFO, "没有可衡量的目标", "no measurable target",
        ("“{measure}”没有可衡量的目标。写明数量、比例或成果",
         "“{measure}” has no measurable target: name a quantity, a share or a result"),
    ),
    _entry(
        "T402", "target-without-unit", _WARNING, "目标缺单位", "target without a unit",
        ("目标“{text}”的数值{value}没有单位。补上单位", "{value} in the target “{text}” has no unit: add it"),
    ),
    _entry(
        "T403", "growth-without-base", _INFO, "增减幅度缺基准年", "growth without a base year",
        ("“{text}”没有说和哪一年比。写明“比某年”或“同比”",
         "“{text}” does not say compared with which year: name the base year"),
    ),
    _entry(
        "T404", "quantity-twice", _WARNING, "同一数量出现两次", "the same quantity twice",
        ("“{text}”（{name}）与第{line}行“{other}”的数量相同，可能抄重了。对照设计文件核对",
         "“{text}” ({name}) is also the quantity of “{other}” in line {line}, perhaps copied by mistake: "
         "check both against the source"),
    ),
    _entry(
        "T405", "unit-notation", _INFO, "计量单位写法不一", "unit of measure written in several ways",
        ("“{text}”与第{line}行的“{other}”写法不一。全文统一",
         "“{text}” and “{other}” in line {line} are two notations: use one throughout"),
    ),
    _entry(
        "T406", "magnitude", _WARNING, "比率超出常理", "share beyond the possible",
        ("“{text}”：比率一般不超过100%，可能是录入或扫描错误（如80%误为8000）。核对原件",
         "“{text}”: a share seldom exceeds 100 %; perhaps a slip of typing or scanning (80% read as 8000). "
         "Check the original"),
    ),
)  # fmt: skip

_WORDING = (
    _entry(
        "W501", "vague-time", _INFO, "时间用语含糊", "vague about time",
        ("“{word}”没有说到什么时候。写明期限或频次", "“{word}” does not say by when: give a date or a rhythm"),
    ),
    _entry(
        "W502", "vague-party", _INFO, "对象用语含糊", "vague about who or what",
        ("“{word}”没有指明是哪些。写出名称", "“{word}” does not say which: name them"),
    ),
    _entry(
        "W503", "vague-extent", _INFO, "程度用语含糊", "vague about how much",
        ("“{word}”无法检查做到了没有。写明做到什么程度",
         "nobody can check “{word}”: say what is reached when it is done"),
    ),
    _entry(
        "W504", "repeated-wording", _WARNING, "词语重复", "repeated wording",
        ("“{text}”里“{word}”重复，可能多字或漏字。改通句子",
         "“{word}” is repeated in “{text}”; a word may be too many or missing: mend it"),
    ),
    _entry(
        "W505", "bracket-unbalanced", _WARNING, "括号不配对", "bracket without its other half",
        ("多出一个“{mark}”，前面没有与它配对的。删去或补上另一半",
         "“{mark}” closes nothing: delete it, or add its other half"),
        ("“{open_mark}”没有闭合。补上另一半", "“{open_mark}” is never closed: add its other half"),
    ),
    _entry(
        "W506", "mark-doubled", _WARNING, "标点重复", "doubled punctuation",
        ("标点“{text}”连用，留一个", "“{text}” are two marks in a row: keep one"),
    ),
    _entry(
        "W507", "reference-without-year", _INFO, "引用文件缺年份或文号", "document cited without year or number",
        ("《{name}》没有写年份或文号，改版后无法知道指哪一版。补文号", "《{name}》 is cited without year or number, "
         "so nobody can tell which edition is meant: add the number"),
    ),
    _entry(
        "W508", "title-variants", _WARNING, "文件名称写法不一", "title spelled in several ways",
        ("“{text}”与第{line}行的“{other}”写法不一。统一", "“{text}” and “{other}” in line {line} differ: use one"),
    ),
)  # fmt: skip

_STRUCTURE = (
    _entry(
        "S601", "numbering-gap", _WARNING, "编号不连续", "gap in the numbering",
        ("编号{number}前面一个是第{line}行的{previous}，缺{missing}。补上缺的条目，或改编号",
         "{number} follows {previous} in line {line}; {missing} is missing: add the item, or renumber"),
        ("编号从{number}开始，前面没有{missing}。补上缺的条目，或改编号",
         "numbering begins with {number}, {missing} is missing: add the item, or renumber"),
        ("编号{number}排在第{line}行的{previous}之后，次序颠倒。核对编号",
         "{number} stands after {previous} in line {line}: check the numbers"),
    ),
    _entry(
        "S602", "numbering-duplicate", _WARNING, "编号重复", "number used twice",
        ("编号{number}在第{line}行“{other}”也用了。改其中一个",
         "{number} is also the number of “{other}” in line {line}: change one"),
    ),
    _entry(
        "S603", "parts-missing", _WARNING, "标题所说的项数不足", "fewer parts than the heading announces",
        ("“{text}”应有{announced}项，下面只有{count}项：{parts}。补齐，或写明不涉及",
         "“{text}” announces {announced} parts, only {count} follow: {parts}. Add the rest, or say why not"),
    ),
    _entry(
        "S604", "marker-alone", _WARNING, "编号只有一项", "numbered list with a single entry",
        ("编了“{text}”，却没有第二项。补充其余各项，或去掉编号",
         "“{text}” opens a list with no second entry: add the others, or drop the number"),
    ),
    _entry(
        "S605", "no-measures", _WARNING, "没有找到任务", "no measures found",
        ("没有找到带编号的任务。任务请用“一、（一）1.”编号；若是扫描件，先做文字识别；若只是通知，请换成正文所附的方案",
         "no numbered measures were found. Number them (一、（一）1.); a scan needs text recognition first; "
         "if this is only the covering notice, compile the plan attached to it"),
    ),
)  # fmt: skip

_NOTICE = (
    _entry(
        "N701", "consultation-reversed", _ERROR, "意见截止早于发布", "opinions due before publication",
        ("意见截止日{due}早于发布日{published}，相差{days}天，征求期为负。重新公告，或更正期限",
         "opinions are due on {due}, {days} days before publication on {published}: publish again or correct the date"),
    ),
    _entry(
        "N702", "result-missing", _WARNING, "征求已结束，没有结果", "consultation over without a result",
        ("征求意见{state}，结果却是“{result}”。补发结果，没有收到意见也要写明",
         "the consultation is over ({state}) but its result reads “{result}”: publish it, even if no opinion came in"),
        ("征求意见{state}，页面上没有结果。补发结果，没有收到意见也要写明",
         "the consultation is over ({state}) and no result is given: publish it, even if no opinion came in"),
    ),
)  # fmt: skip

CATALOGUE: dict[str, Entry] = {
    entry.code: entry
    for topic in (_UNITS, _RESPONSIBILITY, _DATES, _TARGETS, _WORDING, _STRUCTURE, _NOTICE)
    for entry in topic
}
