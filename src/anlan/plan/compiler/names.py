"""Names of units: what can be one, where a list of them splits, which stand for many.

All texts here are folded (see `view.py`): full-width marks, no white space. The rules follow the gold of
the corpus: names stay as printed, 和/及/与 split only between two complete names, 等 drops its mere echo.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from anlan.plan.compiler.patterns import any_of


class Name(NamedTuple):
    """Name with its place in the text it was read from."""

    text: str
    start: int
    end: int


# What the name of a body ends with. Ordered by nothing: the longest alternative is tried first.
_STRONG = any_of(
    """
    司 执法支队 执法总队 海警 办公室 委员会 管委会 管理委 人民政府 区政府 县政府 市政府 省政府
    镇政府 乡政府 政府 办事处 街道办 街道 领导小组 工作组 专班 指挥部 总局 分局 局 委 办 部 厅 署
    法院 检察院 研究院 科学院 设计院 规划院 学院 医院 院 中心 总公司 分公司 公司 集团 银行 农商行
    人行 央行 支行 分行 总队 支队 大队 中队 护渔队 党委 党组 工委 党工委 纪委 监委 人大 政协 团委
    共青团 妇联 残联 侨联 文联 科协 社科联 工商联 总工会 工会 红十字会 联合会 协会 学会 商会 总社
    联社 联合社 供销社 报社 通讯社 电视台 广播台 海关 海事处 管理处 办理处 事务处 处 科 站 所 室 总场 林场
    农场 水库管理局 开发区 高新区 经开区 度假区 园区 自贸区 新区 高校 大学 学校 中学 小学 机构 部门
    单位 企业 机关 地区 运营商 电网 供电 铁塔 武警 消防 军分区 人武部 团市委 团区委 团县委 团省委
    居委会 村委会 村（居）委会 河长办 林长办 组委会 执委会 理事会 董事会 执法队 服务队 工作队 救援队
    护林队 消防队 防指 防办 安委办 党校 档案馆 图书馆 博物馆 文化馆 科技馆 馆 烟草 邮政 税务 气象
    水文 金融监管 办税 公安 交警 城管 综合执法 组织部 宣传部 统战部 政法委 网信办 编办 机关工委
    老干部局 信访局 基地 平台公司 国企 央企 院校 科研院所 监狱 港务 管理站 工作站
    """
)
_WEAK = any_of(
    """
    厂 移动 电信 联通 道班 营业部 乡镇 镇 乡 街 村 社区 区 县 市 州 盟 旗 省 园 场 社 会 团 台 队 组
    网点 业主 长办
    """
)
STRONG_END = re.compile(f"(?:{_STRONG})(?:（[^（）]{{1,16}}）)?$")
ANY_END = re.compile(f"(?:{_STRONG}|{_WEAK})(?:（[^（）]{{1,16}}）)?$")
# Endings that are also words of other names (广电网络) give no right edge in prose.
_NO_EDGE = set(any_of("电网 供电 铁塔 烟草 邮政 税务 气象 水文 公安 交警 城管 消防 武警 馆 基地 社会").split("|"))
_STRONG_AT = re.compile("|".join(sorted(set(_STRONG.split("|")) - _NO_EDGE, key=len, reverse=True)))

# Groups: their members are not named. 各乡镇, 区直有关单位, 相关部门, 有条件的地区.
_GROUP = re.compile(
    r"^(?:本|全)?(?:各|有关|相关|其他|其它|所有|区直|县直|市直|省直|市级|区级|县级|省级|属地|成员单位|中央和国家机关|驻.{1,4}单位|国务院有关|国务院相关)"
    r"|有关(?:部门|单位|企业|地区|机构|方面)|相关(?:部门|单位|企业|地区|机构|区|委办局)|各(?:部门|单位|地区|成员单位|责任单位|委办局)|成员单位$|责任单位$"
)

# What no name holds: marks of a sentence, particles, and the words of a field line.
# No sets of characters: where each alternative begins with one character, the search skips all others.
_NOT_IN_NAME = re.compile(
    "。|；|！|？|：|《|》|“|”|\"|'|…|=|%|的|须|进行|确保|按照|根据|围绕|切实|严格|以及其|对于|关于|为了|负责人|情况|"
    "工作方案|以下简称|见附|参照|例如|包括|元/|不含"
)
# Verbs that begin a sentence and not the name of a body (培育中介机构 is no unit).
_VERB_START = re.compile(
    "培育|布局|建设|挂牌|打造|构建|设立|成立|组建|优化|强化|加强|完善|规范|提升|提高|发展|壮大|支持|创新|改革|整治|关闭|取缔|做强|扶持|建立|健全|"
    "推进|推动|开展|服务|管理|深化|实施|落实|加快|引进|培养|改造|新建|扩建|鼓励|引导|督促|依托|明确|确定|形成|充分|发挥|聚焦|围绕|协调|拓展|清理|"
    "保护|修复|治理|严查|严管|盘活|做好|抓好|积极|持续|全面|认真|坚持|促进|扩大|增强|巩固|夯实|统筹|压实|整合|调整|撤销|合并|指导|帮助|组织"
)
_DATE_LIKE = re.compile(r"年(?:底|(?<=\d年))|月(?:底|(?<=\d月))|季度|长期|持续|立行立改|时限|日前|全年|常态")
_ECHOES = {"单位", "部门", "企业", "机构", "人员", "地区"}
_JOINT = re.compile("以及|和|及|与")
_SEPARATOR = "、，；,;/|"
_ECHO = re.compile(
    r"^(?:国务院|中央|省|市|区|县|省级|市级|区级|县级|本市|本区|我市|我区|我县)?(?:直属|直)?(?:有关|相关|各有关|各相关|其他有关|其他相关|各)?"
    r"(?:职能|主管|责任|成员|行业|监管|牵头|委办局|涉水|专业)?(?:部门|单位|机构|企业|方面|委办局|地区|公司|分公司|龙头企业)(?:和单位|及单位|、单位|（单位）|（部门）)?$"
)
_ORDINARY_TAIL = re.compile(r"(?:分公司|公司|部门|单位|企业|机构|银行|院校|高校|运营商|街道|乡镇|镇|乡|村)$")
_PLACE_END = re.compile("(?:新区|区|县|市|州|盟|旗|镇|乡|街道|省)$")


def is_group(name: str) -> bool:
    """Whether the name stands for members that it does not name (各乡镇, 区直有关单位)."""
    return bool(_GROUP.search(name))


def is_complete(name: str) -> bool:
    """Whether the text could be the whole name of a body: it ends like one and holds no sentence parts.

    >>> is_complete("区住建局"), is_complete("市自然资源"), is_complete("加强协同")
    (True, False, False)
    """
    return 2 <= len(name) <= 40 and _is_complete(name)


# A plan names the same bodies again and again, and each rule asks anew.
@functools.lru_cache(maxsize=4096)
def _is_complete(name: str) -> bool:
    return bool(ANY_END.search(name)) and not _NOT_IN_NAME.search(_bare(name))


def is_strong(name: str) -> bool:
    """Whether the name ends as only bodies do (局, 委, 办公室 …), not merely as a place may (区, 镇)."""
    return 2 <= len(name) <= 40 and bool(STRONG_END.search(name)) and not _NOT_IN_NAME.search(_bare(name))


def starts_like_a_sentence(name: str) -> bool:
    """Whether the text begins with a verb, as headings do and names do not."""
    return bool(_VERB_START.match(name))


def could_be(name: str) -> bool:
    """Whether a text under a label such as 责任单位 can be taken for a name although its ending is unknown."""
    return 2 <= len(name) <= 45 and not _NOT_IN_NAME.search(_bare(name)) and not _DATE_LIKE.search(name)


def _bare(name: str) -> str:
    return re.sub(r"（[^（）]*）", "", name) if "（" in name else name


def split_top(text: str, start: int, end: int, separators: str = _SEPARATOR) -> list[tuple[int, int]]:
    """Pieces of text[start:end] between separators that stand in no bracket."""
    pieces: list[tuple[int, int]] = []
    depth, begin = 0, start
    for match in _marks(separators).finditer(text, start, end):
        c = match.group()
        if c in "（〔":
            depth += 1
        elif c in "）〕":
            depth = max(0, depth - 1)
        elif depth == 0:
            pieces.append((begin, match.start()))
            begin = match.end()
    pieces.append((begin, end))
    return pieces


@functools.cache
def _marks(separators: str) -> re.Pattern[str]:
    """Brackets and separators: what matters in a list, a few characters of many."""
    return re.compile(f"[（〔）〕{re.escape(separators)}]")


def split(text: str, start: int, end: int) -> list[Name]:
    """Names in text[start:end], a list such as A、B和C等有关部门.

    >>> [n.text for n in split("海关总署、商务部等有关部门", 0, 13)]
    ['海关总署', '商务部']
    >>> [n.text for n in split("区文化和旅游局及各乡镇（街道）", 0, 15)]
    ['区文化和旅游局', '各乡镇（街道）']
    """
    found: list[Name] = []
    for a, b in split_top(text, start, end):
        found.extend(_etcetera(text, a, b, bool(found)))
    return found


def _etcetera(text: str, start: int, end: int, listed: bool) -> list[Name]:
    """Names of one piece: 等 ends the list, its echo is dropped and what is joined to it is kept."""
    place = _outside_brackets(text, start, end, "等")
    if place < 0:
        return _joint(text, start, end)
    head, tail = text[start:place], text[place + 1 : end]
    match = re.match(r"^\d{0,3}个?", tail)
    assert match is not None
    tail_bare = tail[match.end() :]
    if not head:
        return []
    if (
        _PLACE_END.search(head)
        and not listed
        and re.search("(?:政府|区|县|市|镇|乡|街道)$", tail)
        and not _ECHO.match(tail)
    ):
        return [Name(text[start:end], start, end)]
    names = _joint(text, start, place)
    joint = _JOINT.search(tail_bare)
    if joint and (joint.start() == 0 or _ECHO.match(tail_bare[: joint.start()])):
        rest = place + 1 + match.end() + joint.end()
        if not re.match("^(?:单位|部门|企业|机构)$", text[rest:end]):
            names.extend(_joint(text, rest, end))
        return names
    if not tail_bare or _ECHO.match(tail_bare) or _ORDINARY_TAIL.search(tail_bare):
        return names
    return [Name(text[start:end], start, end)]


def _outside_brackets(text: str, start: int, end: int, character: str) -> int:
    if text.find(character, start, end) < 0:
        return -1
    depth = 0
    for i in range(start, end):
        if text[i] in "（〔":
            depth += 1
        elif text[i] in "）〕":
            depth = max(0, depth - 1)
        elif depth == 0 and text[i] == character:
            return i
    return -1


def _joint(text: str, start: int, end: int) -> list[Name]:
    """Names joined by 和, 及, 与: split where both sides are complete."""
    for match in _JOINT.finditer(text, start, end):
        left, right = text[start : match.start()], text[match.end() : end]
        if (
            is_complete(left)
            and not left.endswith("农村")
            and _balanced(left)
            and right not in _ECHOES
            and _starts_complete(right)
        ):
            return [Name(left, start, match.start()), *_joint(text, match.end(), end)]
    return [Name(text[start:end], start, end)] if end > start else []


def _starts_complete(text: str) -> bool:
    """Whether the text is complete, or is up to its next joint."""
    if is_complete(text):
        return True
    return any(is_complete(text[: m.start()]) for m in _JOINT.finditer(text))


def _balanced(text: str) -> bool:
    return text.count("（") == text.count("）")


def leading_name(text: str, start: int, limit: int = 30) -> int:
    """End of the name of a body that begins at `start`, or -1. Prose gives no right edge: the first complete
    ending counts, drawn out while a further ending follows closely (市委 → 市委办公室)."""
    stop = _edge(text, start, start + limit)
    end = -1
    for match in _STRONG_AT.finditer(text, start, stop):
        if end >= 0 and match.start() > end + (2 if len(match.group()) > 1 or match.group() in "办局部院" else 0):
            break
        if match.end() - start >= 2 and _balanced(text[start : match.end()]) and is_complete(text[start : match.end()]):
            end = match.end()
    if end >= 0 and text[end : end + 1] == "（":
        close = text.find("）", end, end + 18)
        if close > 0 and not re.search("[，。；：]", text[end:close]):
            end = close + 1
    return end


def clause_start(text: str, end: int, limit: int = 70) -> int:
    """Place after the last mark before `end` that stands in no bracket."""
    depth = 0
    for i in range(end - 1, max(-1, end - limit), -1):
        c = text[i]
        if c == "）":
            depth += 1
        elif c == "（":
            depth -= 1
            if depth < 0:
                return i + 1
        elif depth == 0 and c in "。；，：、！？“”":
            return i + 1
    return max(0, end - limit) if end > limit else 0


def _edge(text: str, start: int, stop: int) -> int:
    depth = 0
    for i in range(start, min(stop, len(text))):
        c = text[i]
        if c == "（":
            depth += 1
        elif c == "）":
            depth -= 1
            if depth < 0:
                return i
        elif depth == 0 and c in "，。；：、！？“”《》等":
            return i
    return min(stop, len(text))
