"""Field lines of a measure (责任单位：…, 整改时限：…): where each begins and ends, and what it holds.

Works on folded text (see `view.py`). A label counts at the start of a printed line, of a bracket or after a
mark, never in the middle of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from anlan.plan.compiler.model import Role


class Content(StrEnum):
    """What a field holds."""

    LEAD = "lead"
    RESPONSIBLE = "responsible"
    COOPERATING = "cooperating"
    DEADLINE = "deadline"
    PERSON = "person"
    PROBLEM = "problem"
    TEXT = "text"

    @property
    def role(self) -> Role | None:
        """Role of the units the field lists, None where it lists none."""
        return Role(self.value) if self.value in _ROLES else None


_ROLES = {role.value for role in Role}


class Field(NamedTuple):
    """Label at text[start:colon+1] and its value up to `end`."""

    content: Content
    start: int
    value: int
    end: int


_BODY = "单位|部门|机构|科室|主体|股室|处室|地区|镇街|乡镇"
_LABELS: tuple[tuple[Content, str], ...] = (
    (
        Content.PERSON,
        "(?:市级|区级|县级|牵头|分管|包保|挂点|联系|督办|整改|责任|主要|第一|包抓|包联|挂钩|总牵头|具体|直接|主管|市领导|县领导|区领导)*"
        "(?:责任领导|牵头领导|分管领导|包保领导|联系领导|责任人|负责人|联系人|责任人员|区领导|县领导|市领导|领导|责任县领导|责任区领导|牵头人)(?:及职务)?",
    ),
    (
        Content.LEAD,
        f"(?:整改|责任)?(?:总牵头|牵头)(?:责任|整改|负责)?(?:{_BODY})|主办(?:{_BODY})|牵头",
    ),
    (
        Content.COOPERATING,
        f"(?:责任)?(?:配合|协办|协作|参与|参加|协同|协助|协同配合|支持配合|会办)(?:责任|整改|落实)?(?:{_BODY})|配合",
    ),
    (
        Content.RESPONSIBLE,
        f"(?:整改|主要|主体|第一|具体|共同|直接|监管|属地|落实|任务|工作|建设|考核)?(?:责任|承办|落实|实施|负责|完成|主责|指导|督导|督办|督促|验收|监督|承担|执行|监管|项目|建设|申报|主管|业主|报送|填报)(?:整改|落实|考核|实施)?(?:{_BODY})|责任",
    ),
    (
        Content.DEADLINE,
        "(?:整改|完成|办结|任务|工作|计划|落实|办理|销号|拟|预计|推进|实施|目标|验收|阶段)*(?:完成)?(?:时限要求|时限|期限|完成时间|完成日期|完成期限|时间要求|时间节点|时间安排|时间进度|截止时间|截止日期|整改时间|销号时间|办结时间|工作时间|实施时间|进度要求|计划时间|完成年限|建设期限|建设年限|起止年限|起止时间|时间)(?:要求|及要求)?",
    ),
    (
        Content.PROBLEM,
        "(?:具体|存在|反馈|主要|突出|督察|交办|发现|整改)?(?:的)?问题(?:描述|表现|情况|概述|简述|事实|内容|清单|基本情况|来源|详情)?|(?:基本|整改前)情况|现状(?:描述)?|反馈(?:意见)?(?:情况|内容|原文)?",
    ),
    (
        Content.TEXT,
        "(?:整改|工作|年度|阶段|总体|绩效|具体|主要|任务|建设|预期|量化|治理|考核)?(?:目标|措施|任务|内容|要求|举措|标准|指标|进展|成效|安排|方案|思路|事项|结果|情况)(?:任务|要求|内容|措施|安排)?"
        "|验收(?:标准|要求|办法)|销号(?:标准|要求)|资金(?:来源|安排|投入|估算)|总投资|投资(?:估算|规模|来源)|建设(?:地点|规模|性质|内容|周期)|备注|说明|分值|评分(?:标准|办法)|保障措施|政策依据|项目名称|整改类型|类别|类型|编号|序号|点位|位置",
    ),
)
_ANY = "|".join(f"(?P<{content.value}>{pattern})" for content, pattern in _LABELS)
# 一、…三是 and （一） numbers may stand before a label: （二）责任单位：…
_LABEL = re.compile(f"(?:(?:{_ANY}))(?:（[^（）：]{{1,8}}）)?〕?：")
_AT = re.compile("[。；！，、（）〕】|]")


_BARE_LABEL = re.compile(
    "(?:责任|牵头|配合|协办|主办|承办)(?:单位|部门)(?!：)|(?:整改|完成|办结)时限(?!：)|完成时间(?!：)"
)


def content_of(label: str) -> Content | None:
    """What a field of this label holds, None where the words are no label."""
    match = _LABEL.fullmatch(label + "：")
    return Content(str(match.lastgroup)) if match else None


def find(
    text: str, at_line_start: Callable[[int], bool], after_space: Callable[[int], bool] = lambda _: False
) -> list[Field]:
    """Fields of one measure, in order. `at_line_start(i)` tells whether character i begins a printed line,
    `after_space(i)` whether white space stands before it in print."""
    labels: list[tuple[Content, int, int]] = []
    colon = text.find("：")
    while colon >= 0:
        label = _label_before(text, colon, at_line_start, after_space)
        if label:
            labels.append((label[0], label[1], colon + 1))
        colon = text.find("：", colon + 1)
    for match in _BARE_LABEL.finditer(text):
        # 责任单位　区水利局: white space stands for the colon.
        if (match.start() == 0 or at_line_start(match.start())) and after_space(match.end()):
            content = content_of(match.group())
            if content and not any(start == match.start() for _, start, _ in labels):
                labels.append((content, match.start(), match.end()))
    labels.sort(key=lambda label: label[1])
    fields: list[Field] = []
    for i, (content, start, value) in enumerate(labels):
        end = labels[i + 1][1] if i + 1 < len(labels) else len(text)
        if content in (Content.TEXT, Content.PROBLEM):
            fields.append(Field(content, start, value, end))
            continue
        fields.append(Field(content, start, value, _value_end(text, start, value, end, at_line_start)))
    return fields


def _label_before(
    text: str, colon: int, at_line_start: Callable[[int], bool], after_space: Callable[[int], bool]
) -> tuple[Content, int] | None:
    """Label that ends at this colon: the longest one that starts where a label may."""
    for start in range(max(0, colon - 14, text.rfind("：", max(0, colon - 14), colon) + 1), colon - 1):
        opens = start == 0 or at_line_start(start) or _numbered(text, start, at_line_start)
        if not opens and text[start - 1] not in "。；！？（〔）〕，、|：”" and not after_space(start):
            continue
        match = _LABEL.match(text, start)
        if match and match.end() == colon + 1:
            content = Content(str(match.lastgroup))
            if content in (Content.PROBLEM, Content.TEXT) and not (opens or text[start - 1] in "；。〕）"):
                continue
            return content, start
    return None


_LINE_NUMBER = re.compile(r"(?:\d{1,2}[.、]|（[\d一二三四五六七八九十]{1,2}）|[①-⑩]|[一二三四五六七八九十]、|\d）)$")


def _numbered(text: str, start: int, at_line_start: Callable[[int], bool]) -> bool:
    """Whether only a number stands between the start of the line and this place (1.问题：)."""
    if start == 0 or text[start - 1] not in ".、）①②③④⑤⑥⑦⑧⑨⑩":
        return False
    match = _LINE_NUMBER.search(text, max(0, start - 4), start)
    return match is not None and (match.start() == 0 or at_line_start(match.start()))


def _value_end(text: str, start: int, value: int, end: int, at_line_start: Callable[[int], bool]) -> int:
    """End of a field that lists units, people or a time: its bracket's, else a full stop's, else its printed line's.

    A line that breaks after a mark of enumeration, or inside a bracket, goes on.
    """
    inside = start > 0 and text[start - 1] in "（〔"
    depth = 0
    for i in range(value, end):
        c = text[i]
        breaks = (
            i - value > 1 and at_line_start(i) and depth == 0 and text[i - 1] not in "、，；,;和及与" and not inside
        )
        if breaks and not _goes_on(text, i, end):
            return i
        if c in "（〔":
            depth += 1
        elif c in "）〕":
            if depth == 0:
                return i
            depth -= 1
        elif c in "。" and depth == 0:
            return i
    return end


_NAME_TAIL = re.compile(
    r"^[一-龥（）、，]{0,12}(?:局|委|办|部|厅|室|会|中心|公司|政府|处|院|所|队|站|街道)(?:[、，；。）]|$)"
)


def _goes_on(text: str, i: int, end: int) -> bool:
    """Whether the line that starts at i is the torn-off rest of the last name (市公安\\n局)."""
    return not re.search(
        "(?:局|委|办|部|厅|院|室|会|中心|公司|政府|处|所|队|站|街道|镇|乡|区|县|集团|单位|部门|办事处|支队|大队|社|团|日|底|前|坚持|推进|立改|[）])$",
        text[max(0, i - 8) : i],
    ) and bool(_NAME_TAIL.match(text[i : min(end, i + 24)]))
