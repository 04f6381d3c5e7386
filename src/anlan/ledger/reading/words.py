"""Headers of clerks' ledgers: what a title says its column holds. Pure.

Chinese compounds end in their head: 问题整改责任单位 is a unit, not a problem. So of all rules that fit, the one whose
match ends last decides, and only then the order of the rules.
"""

# ruff: noqa: E501 (a rule stays on its line)

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

from anlan.ledger.reading.model import Field

# Longer texts are no titles.
LONGEST_TITLE: Final = 40
_FOUND = (
    "披露|发现|反馈|交办|曝光|通报|排查|检查|受理|收到|转办|指出|移交|巡查|登记|来件|来信|举报|投诉|督察|督查|点名|下发|"
    "摸排|暗访|接报|录入|印发|认定|提出|巡河|巡检|接收|报送|上报|入账|列入|问题|来电|信访|审计|线索"
)
_RULES: Final[tuple[tuple[Field, str, float], ...]] = (
    (Field.RECORD_ID, r"^(?:record_?id|id|记录编号|记录号|唯一编号|唯一标识|系统编号)$", 1.0),
    (Field.NUMBER, r"^(?:序号?|编号|编码|号|no\.?|项次|顺序号?|件号|#|行号)$", 1.0),
    (Field.NUMBER, r"(?:问题|台账|受理|信访|交办|案件|清单|件)(?:序号|编号|编码|代码|号)$", 0.9),
    (Field.DONE, r"是否.{0,4}(?:完成|整改|销号|办结|到位|按期|达标)|完成与否|完成否|销号否", 0.95),
    (Field.PERCENT, r"(?:比例|百分比|完成率|整改率|进度率|百分数)$|^(?:完成|整改)?(?:进度)?%$", 0.9),
    (Field.CLOSED, r"(?:实际|已).{0,4}(?:完成|销号|办结|整改).{0,2}(?:时间|日期)|(?:销号|办结|结案|验收).{0,2}(?:时间|日期|文号)|完成整改时间", 0.9),
    (Field.DUE_YEAR, r"(?:时限|期限|完成|整改).{0,3}年份?$", 0.85),
    (Field.DUE_MONTH, r"(?:时限|期限|完成|整改).{0,3}月份?$", 0.85),
    (Field.DISCLOSED, r"(?:何时|什么时候|哪天|几时).{0,2}(?:发现|披露|反馈|曝光|交办|指出)的?", 0.9),
    (Field.DEADLINE, r"时限|期限|限期|截止(?:时间|日期|日)?|最迟|时间节点|节点时间|限时|时间要求|(?:目标|计划|应|要求|预计|拟|完成|整改|办结|销号|到期|改完).{0,4}(?:时间|日期|时点|年月|日子)|到期日?|何时|什么时候|哪天|期限$|完成节点|改完时间", 0.9),
    (Field.YEAR, rf"(?:{_FOUND}).{{0,3}}(?:年份|年度|年)$|^(?:年份|年度)$", 0.85),
    (Field.MONTH, rf"(?:{_FOUND}).{{0,3}}(?:月份|月)$|^月份$", 0.85),
    (Field.DISCLOSED, rf"(?:{_FOUND}).{{0,4}}(?:时间|日期|年月|时点|日子|日)$", 0.9),
    (Field.DISCLOSED, r"^(?:时间|日期)$", 0.5),
    (Field.SUPERVISE, r"(?:督导|督办|监督|验收|核查|核实|销号|复核|督查|包保|挂点|审核|认定|监管).{0,4}(?:单位|部门)", 0.9),
    (Field.COOP, r"(?:配合|协办|协同|参与|协助|会办).{0,4}(?:单位|部门)?$", 0.9),
    (Field.LEAD, r"(?:牵头|主办|主责|主管|归口|行业).{0,4}(?:单位|部门)?$", 0.9),
    (Field.COMPANY, r"(?:涉事|涉及|责任|违法|排污|被检查|问题|有关|相关)(?:企业|主体单位)|企业(?:名称)?$|公司(?:名称)?$|建设单位|业主单位|污染主体|违法主体", 0.85),
    (Field.UNITS, r"(?:责任|整改|承办|办理|实施|落实|主体|承担|负责|经办|治理).{0,4}(?:单位|部门|主体|乡镇|镇街|街镇|科室|股室|镇办)|属地.{0,4}(?:单位|部门)|谁负责|谁来改|谁改|由谁", 0.9),
    (Field.UNITS, r"^(?:单位|部门|责任|负责|承办|落实|单位名称|责任方)$", 0.6),
    (Field.PERSON, r"责任人|负责人|责任领导|包案|联系人|联系方式|电话|领导|经办人|河长|姓名|填报人|包保人", 0.85),
    (Field.MEASURES, r"措施|举措|方案|办法|怎么改|如何改|整改(?:内容|任务|要求|建议|意见)|工作要求|处理意见|处置意见|对策|下一步.*|解决.{0,2}(?:方式|途径)|改法|怎么办|打算$|整改思路|整改计划|工作安排|^(?:处理|处置|整治)$", 0.9),
    (Field.GOAL, r"目标|标准$", 0.85),
    (Field.ACCEPTANCE, r"验收(?:情况|意见|结论)?$|公示(?:情况)?$|核查情况|复核情况|核实情况", 0.8),
    (Field.PROGRESS, r"进展|进度|(?:完成|整改|办理|落实|办结|处理|推进|处置|查处|销号|治理|工作)(?:的)?(?:情况|结果|成效|状态|现状)|状态$|结果$|成效|目前情况|动态$|整改与否|改了没有|改了吗|现在怎样|改到哪|改得怎样|改得如何|最新情况|现况|^(?:整改|目前|当前)?现状$", 0.9),
    (Field.SOURCE, r"来源|出处|渠道|由来|批次|来文|文件名|哪里来|从哪来|反馈文件|线索$|(?:披露|反馈|交办|检查|提出|发现|指出|来文|下发|督查|督察)(?:单位|部门|方式|机关)|出自|来自|谁发现|谁提的|谁提出|(?:信息|案件|数据|任务)来源", 0.9),
    (Field.LON, r"经度|东经", 0.95),
    (Field.LAT, r"纬度|北纬", 0.95),
    (Field.COORDINATES, r"坐标|经纬度|gps", 0.9),
    (Field.PROVINCE, r"^(?:所?在?省份?|所属省)$", 0.9),
    (Field.CITY, r"^(?:设区市|地市|所?在?市|市州|所属市|地级市|城市)$", 0.85),
    (Field.COUNTY, r"^(?:所?[在属]?(?:县级?|县区|区县|县市区|市县区?|市县|区市县|县市|区))$|县市区|县域|区县", 0.9),
    (Field.PLACE, r"地点|位置|点位(?:名称)?$|地址|所在地|发生地|区域$|方位|在哪|什么地方|哪里$|坐落|行政区划|属地$|镇村|乡镇.{0,2}村|^地方$|哪个村|哪儿$|地名|村镇$|所在$", 0.9),
    (Field.TOWN, r"^(?:所?[在属]?|属地|涉及|问题)(?:乡镇|镇街|街镇|镇乡|镇办|乡街|乡镇街道|乡街道|镇街道|街道|镇|乡|园区|辖区|片区|乡镇园区|乡镇街办)(?:名称?|级)?$", 0.9),
    (Field.VILLAGE, r"^(?:所?[在属]?|涉及|问题|行政|自然)(?:村|社区|村组|居委会|村居|组|村社区|村级|村民小组|村屯)(?:名称?)?$", 0.85),
    (Field.RIVER, r"河流|水体|流域|水系|河段|河湖|湖库|断面|河道$|河名", 0.9),
    (Field.KIND, r"类型|类别|分类|领域|种类|性质|要素|类$", 0.9),
    (Field.UNIT, r"计量单位|数量单位|量纲|单位量", 0.9),
    (Field.QUANTITY, r"^(?:涉及)?数量$|规模$|面积$|体量|涉及量|工程量|涉及数量|^数额$|量$", 0.85),
    (Field.DESCRIPTION, r"问题.{0,4}(?:描述|表述|内容|概况|概述|清单|简述|详情|具体|表现|摘要|简介|现状|说明|明细|原文|点|事实|情况|事项|情形|是什么)|存在.{0,6}问题|(?:主要|具体|突出|环境|反馈|督察|发现|披露|排查|交办|信访|指出|整改|什么|查出|曝光|审计)问题|^问题$|主要内容|反映.{0,4}(?:内容|问题|情况|事项)|(?:举报|信访|投诉|交办)(?:内容|事项)|诉求|(?:违法|主要|基本)事实|情况(?:描述|说明|概述|简述)|隐患|基本情况|现场情况|披露原文|^原文$|^描述$|^内容$|^情形$|^事由$|^事项$|(?:具体|详细)(?:内容|情况)$|问题.{0,2}(?:点|清单)$|(?:差距|不足|短板)$|^案情$|问题.{0,2}(?:有哪些|在哪儿)", 0.9),
    (Field.DESCRIPTION, r"(?:问题|事项|隐患)(?:名称|标题|简称|要点)|^标题$|^名称$", 0.6),
    (Field.REMARK, r"备注|说明$|附注|其他$|其它$|备考", 0.8),
)  # fmt: skip
RULES: Final = tuple((one, re.compile(pattern, re.IGNORECASE), sure) for one, pattern, sure in _RULES)
# A title of these alone says too little: what stands above it decides.
VAGUE: Final = re.compile(
    r"^(?:内容|情况|单位|时间|日期|名称|年|月|日|年份|月份|年度|数量|描述|要求|结果|类别|部门|责任|标准|节点|级别|层级)$"
)
COUNTS: Final = re.compile(
    r"(?:问题|整改|完成|销号|任务|未完成|办结|应).{0,4}(?:总?数量?|个数|件数|总量|条数|小计|合计|宗数|项数)$|^(?:总数|合计|小计|个数|件数|占比|排名|得分)$"
)
_BRACKETS: Final = re.compile(r"[(\[【〔（][^()\[\]【】〔〕（）]*[)\]】〕）]")
_CONJUNCTION: Final = re.compile(r"及其|以及|[及和与、/／,，;；+&]")
_UNIT_LIKE: Final = frozenset({Field.UNITS, Field.LEAD, Field.COOP})


def folded(text: str) -> str:
    """Title without white space, widths and the marks that forms put on titles.

    >>> folded("*责任\\n 单位：")
    '责任单位'
    """
    plain = re.sub(r"\s+|[\u200b\ufeff]", "", unicodedata.normalize("NFKC", text))
    return plain.strip("*★☆·:。.、").lower()


def unbracketed(text: str) -> str:
    """Title without what stands in brackets, which tells how to fill it in.

    >>> unbracketed("整改时限（填到年月日）")
    '整改时限'
    """
    return _BRACKETS.sub("", text)


@functools.lru_cache(maxsize=20_000)
def classify(title: str, above: str = "") -> tuple[tuple[Field, float], ...]:
    """Fields that a title names, the first of them leading, each with confidence; empty where it names none.

    `above` is what stands over it in a header of several rows.

    >>> classify("整改时限")
    ((<Field.DEADLINE: 'deadline'>, 0.9),)
    >>> [one.value for one, _ in classify("问题来源及发现时间")]
    ['source', 'disclosed']
    >>> classify("单位", "涉及数量")[0][0].value, classify("单位", "整改责任")[0][0].value
    ('unit', 'unit_text')
    """
    whole = folded(title)
    bare = _BRACKETS.sub("", whole) or whole
    if not whole or len(bare) > LONGEST_TITLE:
        return ()
    over = _BRACKETS.sub("", folded(above))
    if COUNTS.search(bare) and not re.search(r"涉及", bare + over):
        return ()
    if over and (special := _under(bare, over)) is not None:
        return special
    if over and VAGUE.fullmatch(bare):
        return _fields(over + bare) or _fields(over)
    found = _fields(bare)
    if found or not over:
        return found
    joined = _fields(over + bare)
    return tuple((one, min(sure, 0.7)) for one, sure in joined or _fields(over))


def _under(bare: str, over: str) -> tuple[tuple[Field, float], ...] | None:
    """What a title means below another, where the two together mean something of their own."""
    parent = _one(over)
    if bare == "单位" and re.search(r"数量|规模|涉及量|工程量", over):
        return ((Field.UNIT, 0.9),)
    if bare in ("年", "年份", "月", "月份", "日"):
        at = "年月日".index(bare[0])
        if parent and parent[0] is Field.DEADLINE:
            return (((Field.DUE_YEAR, Field.DUE_MONTH, Field.DUE_DAY)[at], 0.85),)
        if parent and parent[0] in (Field.DISCLOSED, Field.YEAR):
            return (((Field.YEAR, Field.MONTH, Field.DAY)[at], 0.85),)
    if parent and parent[0] in _UNIT_LIKE:
        own = _one(bare)
        if own is None or own[0] in (Field.TOWN, Field.VILLAGE, Field.COUNTY, Field.PLACE, Field.CITY):
            return ((Field.UNITS, 0.8),)
    if bare in ("时间", "日期"):
        if re.search(r"整改|完成|销号|办结|时限|期限|要求", over):
            return ((Field.DEADLINE, 0.8),)
        return ((Field.DISCLOSED, 0.75),)
    return None


def _fields(bare: str) -> tuple[tuple[Field, float], ...]:
    whole = _one(bare)
    parts = [part for part in _CONJUNCTION.split(bare) if part]
    if len(parts) < 2:
        return (whole,) if whole else ()
    named = [one for part in parts if (one := _one(part))]
    kinds = {one for one, _ in named}
    if whole and kinds <= _UNIT_LIKE:
        return ((Field.UNITS if len(kinds) > 1 else whole[0], whole[1]),)
    places = {Field.PLACE, Field.TOWN, Field.VILLAGE, Field.COUNTY, Field.CITY, Field.PROVINCE}
    if len(kinds) > 1 and kinds <= places:
        return ((Field.COUNTY, 0.8),) if kinds <= {Field.COUNTY, Field.CITY} else ((Field.PLACE, 0.85),)
    if whole and len(kinds) < 2:
        return (whole,)
    found: dict[Field, float] = {}
    for field, sure in named:
        found.setdefault(field, min(sure, 0.8))
    return tuple(found.items()) or ((whole,) if whole else ())


@functools.lru_cache(maxsize=20_000)
def _one(bare: str) -> tuple[Field, float] | None:
    best: tuple[int, Field, float] | None = None
    for one, pattern, sure in RULES:
        end = max((match.end() for match in pattern.finditer(bare)), default=0)
        if end and (best is None or end > best[0]):
            best = (end, one, sure)
    if best is None:
        return None
    # What stands behind the head and is no part of it makes the reading less sure.
    rest = len(bare) - best[0]
    return best[1], best[2] if rest == 0 else max(0.3, best[2] - 0.1 * rest)
