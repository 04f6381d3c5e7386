"""Doers in prose: units that a sentence names outright as the ones who lead, are responsible or cooperate.

The verbs are a closed list: 由A牵头, A负责, A负总责, 由A督办, 由A跟进, A会同B, and what follows them (B配合).
"A要…", "由A召开" and "A组织B" say no duty. Text is folded (see `view.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from anlan.plan.compiler import names
from anlan.plan.compiler.model import Role


class Found(NamedTuple):
    """Unit at text[start:end] with its role. `source` is field, bracket, heading, prose, or by (由…)."""

    unit: str
    role: Role
    start: int
    end: int
    source: str


# What the subject of a sentence in prose may not hold: then the sentence says something else.
_NO_DOER = re.compile(
    "推进|落实|实施|完善|健全|提升|提高|通过|结合|开展|严格|积极|支持|鼓励|推动|引导|组织(?!部|人事)|依托|督促|形成|充分|发挥|"
    "各类|龙头|明确|要求|加强|按照|根据|需要|涉及|确定|职责|人员|指定|专人|要(?!求)|(?<!自)由|对(?!外|口|台)|^(?:对|在|把|将|为|向|从|以|因|若|如|未|不|已|其|该|此|可|经|使|让|并|再|后|需|应(?!急))"
)


_SHARED = "(?:均|各自)?(?:按|按照|依|根据)(?:各自)?(?:职责|职能|分工|责任)(?:分工)?(?:分别|共同)?(?:负责|落实)"
_NO_PERSON = "(?!人|同志|单位|部门|制(?!定))"
_BY = re.compile(
    "由(?P<units>[^。；：！？“”《》由]{2,80}?)(?P<verb>(?:总|共同|联合|分别)?牵头|"
    f"{_SHARED}|(?:具体|统一|分别|共同|分工|总)?负(?:总)?责|(?:挂牌|重点|跟踪)?督办|跟进){_NO_PERSON}"
)
_SELF = re.compile(
    "(?:^|(?<=[。；，：]))(?P<units>(?!（)[^。；：！？“”《》，]{2,60}?)(?P<verb>(?:总|共同|联合|负责)?牵头(?:负责|抓总|组织|推进)?|"
    f"{_SHARED}|(?:具体|分别|分工|共同)?负(?:总)?责)(?!人|同志|单位|部门|制(?!定)|任|区|担)"
)
# Every verb above holds one of these.
_VERB_HINT = re.compile("牵头|负总?责|职责|职能|分工|责任|督办|跟进")
_OF = re.compile("(?:^|(?<=[。；，]))(?P<units>[^。；：！？“”《》，对]{2,40}?)对(?:[^。；，“”]{1,60}?)负总责")
_JOINS = re.compile("，(?P<units>[^，。；：“”]{2,50}?)(?:积极|共同)?(?:参与|协助|配合)")
_WITH = re.compile("会同|联合(?=[^，。；]{2,30}(?:局|委|办|部|部门))")
# A group has no ending of its own kind: 各镇街, 各乡（镇）, 有关地区.
_GROUP_AT = re.compile(
    "(?:各|有关|相关)(?:[一-龥]{0,4}?)(?:镇街|乡镇|街镇|镇|乡|街|县区|县|区|市|村|社区)(?:（[^（）]{1,8}）)?(?:街道)?"
)
_THEN = re.compile(
    "^(?:，|；|、|并)*(?:会同)?(?P<units>[^。；：！？“”《》，]{2,60}?)(?P<verb>积极配合|配合|参与|协助|协同|具体负责|按(?:各自)?职责(?:分工)?(?:分别|共同)?(?:负责|落实)|具体落实|负责)(?=[，。；、]|落实|做好|实施|$|推进|开展)"
)


def find(text: str, skip: Sequence[tuple[int, int]]) -> list[Found]:
    """Units that a sentence names as doers outright; nothing inside `skip` (fields, duty brackets) is read."""
    open_text = masked(text, skip)
    found: list[Found] = []
    # Each of these patterns reads on from every clause: most texts hold no verb for it to come to.
    stated = bool(_VERB_HINT.search(open_text))
    for match in _BY.finditer(open_text) if stated else ():
        found.extend(_by(open_text, match))
    for pattern in ((_SELF, _OF) if "负总责" in open_text else (_SELF,)) if stated else ():
        for match in pattern.finditer(open_text):
            if match["units"][0] != "由" and not _about_people(open_text, match.end()):
                role = Role.LEAD if pattern is _SELF and "牵头" in match["verb"] else Role.RESPONSIBLE
                units = _prose_names(open_text, match.start("units"), match.end("units"), role)
                found.extend(units)
                if units:
                    found.extend(_following(open_text, match.end()))
    if found:
        # X负责申报，Y参与设计: who joins the doers named before.
        for match in _JOINS.finditer(open_text):
            if match.start() > found[0].start:
                found.extend(_prose_names(open_text, match.start("units"), match.end("units"), Role.COOPERATING))
    for match in _WITH.finditer(open_text):
        found.extend(_together(open_text, match))
    return distinct(found)


def masked(text: str, skip: Sequence[tuple[int, int]]) -> str:
    """Text of the same length with the stretches of `skip` turned into full stops."""
    if not skip:
        return text
    parts: list[str] = []
    place = 0
    for a, b in sorted(skip):
        if a < place:
            continue
        parts.append(text[place:a])
        parts.append("。" * (b - a))
        place = b
    parts.append(text[place:])
    return "".join(parts)


def _about_people(text: str, end: int) -> bool:
    """Whether 负责 goes on to name people or a body's task list rather than work (负责整治工作人员名单)."""
    return bool(re.match("[^，。；]{0,14}(?:人员|名单|同志|的(?:部门|单位|领导|人|机构))", text[end : end + 20]))


def _by(text: str, match: re.Match[str]) -> list[Found]:
    if _about_people(text, match.end()):
        return []
    role = Role.LEAD if "牵头" in match["verb"] else Role.RESPONSIBLE
    start, end = match.start("units"), match.end("units")
    inner = text.rfind("由", start, end)
    if inner >= 0:
        start = inner + 1
    together = text.find("会同", start, end)
    if together < 0:
        comma = text.rfind("，", start, end)
        if comma >= 0 and not names.is_strong(text[start:comma]):
            return []
        units = _prose_names(text, start, end, role)
    else:
        left_end = together - 1 if text[together - 1] == "，" else together
        units = _prose_names(text, start, left_end, role)
        if units:
            units = [*units, *_prose_names(text, together + 2, end, Role.COOPERATING)]
    return [*(u._replace(source="by") for u in units), *_following(text, match.end())] if units else []


def _following(text: str, place: int) -> list[Found]:
    """Units of the clauses right after 由A牵头: …，B配合，C按职责分工负责."""
    found: list[Found] = []
    for _ in range(3):
        comma = place
        if text[comma : comma + 1] not in ("，", "；", "、"):
            # 由A负责日常联络，B…: the clause goes on to its mark.
            goes_on = re.match("[^。；，：（“”]{1,24}(?=[，；])", text[comma : comma + 26])
            if not goes_on:
                break
            comma += goes_on.end()
        match = _THEN.match(text[comma : comma + 90])
        if not match:
            break
        role = Role.COOPERATING if re.search("配合|参与|协助|协同", match["verb"]) else Role.RESPONSIBLE
        units = _prose_names(text, comma + match.start("units"), comma + match.end("units"), role)
        if not units:
            break
        found.extend(units)
        place = comma + match.end()
    return found


def _prose_names(text: str, start: int, end: int, role: Role) -> list[Found]:
    """Names of a list in prose: all of them must be clean, else the sentence says something else."""
    if end - start < 2 or end - start > 120:
        return []
    asked = re.match("请|并请|由|另由", text[start:end])
    if asked:
        start += asked.end()
    found: list[Found] = []
    anchored = False
    for name in names.split(text, start, end):
        bare = re.sub("（.*?）", "", name.text)
        if not (names.is_complete(name.text) or names.is_group(name.text)) or _NO_DOER.search(bare):
            return []
        if (
            names.starts_like_a_sentence(bare)
            or bare.endswith(("河长", "林长", "湖长", "领导", "同志"))
            or bare in ("政府", "部门", "单位", "企业", "社会", "公司")
        ):
            return []
        anchored = anchored or names.is_strong(name.text) or names.is_group(name.text) or bare.startswith("各")
        found.append(Found(name.text, role, name.start, name.end, "prose"))
    return found if anchored else []


def _together(text: str, match: re.Match[str]) -> list[Found]:
    """A会同B: A is responsible (unless the same sentence makes it lead), B cooperates."""
    begin = names.clause_start(text, match.start())
    while begin > 1 and text[begin - 1] == "、":
        # A、B会同C: the doers are a list.
        earlier = names.clause_start(text, begin - 1)
        if earlier >= begin - 1 or match.start() - earlier > 90:
            break
        begin = earlier
    left = text[begin : match.start()]
    if left.startswith("由"):
        left = left[1:]
    right = _right_list(text, match.end())
    if not right:
        return []
    if not left:
        return right if begin > 0 and text[begin - 1] in "，；。：" else []
    doer_start = match.start() - len(left)
    leads = left.endswith("牵头")
    doers = _prose_names(
        text, doer_start, match.start() - (2 if leads else 0), Role.LEAD if leads else Role.RESPONSIBLE
    )
    if doers:
        return [*doers, *right]
    return []


def _right_list(text: str, place: int) -> list[Found]:
    found: list[Found] = []
    while len(found) < 12:
        end = names.leading_name(text, place)
        if end < 0:
            group = _GROUP_AT.match(text, place)
            end = group.end() if group else -1
        if end < 0:
            break
        name = text[place:end]
        # 等有关部门 after the last name is its echo.
        found.append(Found(name, Role.COOPERATING, place, end, "prose"))
        if text[end : end + 1] not in ("、", "和", "及", "与"):
            break
        place = end + 1
    return found


def distinct(found: Sequence[Found]) -> list[Found]:
    """Findings in order of place, each unit once per role."""
    seen: set[tuple[str, Role]] = set()
    kept: list[Found] = []
    for unit in sorted(found, key=lambda f: (f.start, f.end)):
        if (unit.unit, unit.role) not in seen:
            seen.add((unit.unit, unit.role))
            kept.append(unit)
    return kept


def partners(text: str, start: int) -> list[Found]:
    """Units that 会同 names after `start`: they cooperate."""
    return [unit for match in _WITH.finditer(text, start) for unit in _right_list(text, match.end())]
