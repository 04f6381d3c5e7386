"""Duties: which units a measure names, and in which part.

Four places say it: fields (责任单位：…), brackets at the end of a sentence, prose that names the doer outright
(由A牵头, A会同B), and a heading that is itself a unit. Text is folded (see `view.py`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

from anlan.plan.compiler import names, prose
from anlan.plan.compiler.fields import Field
from anlan.plan.compiler.fields import find as find_fields
from anlan.plan.compiler.labels import Content
from anlan.plan.compiler.model import Role
from anlan.plan.compiler.prose import Found


class Bracket(NamedTuple):
    """Bracket that states duties: text[start:end], brackets included; `closed` is False where none closes it."""

    start: int
    end: int
    closed: bool


FIRST_LEADS = re.compile(
    "第一个(?:的)?(?:责任)?(?:单位|部门)?(?:均|即)?(?:为|是)(?:总)?牵头|(?:排|列)第1位?(?:的|者)?(?:单位|部门)?(?:均|即)?(?:为|是)(?:总)?牵头"
    "|由(?:排|列)(?:在)?(?:第一位|首位|第一)的?(?:单位|部门)(?:为)?牵头|排位在前的?(?:单位|部门)?(?:为|是)?牵头|(?:排|列|居|名列|排名)?(?:在)?(?:第一位|首位|第一|最前)(?:的|者)?(?:责任)?(?:部门|单位|名)?(?:的)?(?:均|即)?(?:为|是|作为|系)(?:总)?(?:牵头|主办|主责)"
    "|第一责任单位(?:均|即)?(?:为|是|作为)(?:牵头|主办)|首个(?:责任)?单位(?:为|是)牵头|(?:排名|位列)(?:第一|首位|在前)的(?:为|是)?牵头"
)
# A first-named unit leads only where such words say so.
_FIRST_NAMED = re.compile("第[一1]|首[位个]|在前|最前")

_VERB = re.compile(
    "(?P<lead>(?:共同|联合|总|负责|分别|具体|统筹)?牵头(?:负责|落实|实施|推进|组织|抓总|承担|组织实施|总负责|抓好落实|单位|部门)?|主办|抓总)"
    "|(?P<cooperating>(?:等?(?:按|根据)?职责(?:分工)?)?(?:分工|协同|共同|积极|支持)?(?:配合|参与|协助|参加|协办|协同)(?:单位|部门|落实|实施)?)"
    "|(?P<responsible>(?:均|各自)?(?:等)?(?:按|按照|依|依据|根据)(?:各自)?(?:职责|职能|责任|分工)(?:分工|权限)?(?:分别|共同|具体|抓好|做好)?(?:负责|落实|承担|实施|推进|抓好落实|组织实施|做好|分工负责|分别负责)?"
    "|(?:分工|分别|共同|具体|各自|总|统一|组织|直接)?负(?:总|主体|主要|直接)?(?:责)(?:落实|实施|推进|组织实施|督促|抓好落实)?|(?:具体|共同|组织|抓好|贯彻|分别)?落实|(?:具体|共同|分别)?组织实施|承担|主管|承办|实施|指导|督导|监督|督促|督办)"
)
# Every verb above holds one of these.
_VERB_HINT = re.compile(
    "牵头|主办|抓总|配合|参与|参加|协助|协办|协同|职责|职能|责任|分工|负|落实|实施|承担|承办|主管|指导|督导|督促|督办|监督"
)
_LEADING = re.compile("^(?:由|请|以及|和|及|与|并由|并|其中|具体由|分别由|会同|联合|等)+")
_ROLE_NOTE = re.compile(
    "（(?:(?P<lead>总?牵头(?:单位|部门)?|主办)|(?P<cooperating>配合(?:单位)?|协办)|(?P<responsible>负责|责任单位|主责|承办))）$"
)
# A remark behind a name that states parts: （按职责分工负责）, （各镇配合）.
_REMARK = re.compile(
    "（(?:以下|统称|简称|合称|下称|排名不分)[^（）]{0,30}）$|（[^（）]{0,40}(?:按职责|分工|负责|牵头|配合|参与|协助)[^（）]{0,10}）$"
)
_RULE_CLAUSE = re.compile(
    "(?:排|列|第一|首)[^，；。]{0,12}(?:牵头|主办)|^下同$|第一位|第一个|排第|列首位|排位|^以下简称|^各司其职"
)
# 责任单位中第一个为牵头单位: a rule for the list, no verb of it.
_RULE_BEFORE = re.compile("(?:第一|首|排|列)[^、，；。]{0,10}(?:为|是)$")
# A remark on how to read the list, not a name: （列第一位的为牵头单位，下同）.
_NOTE = re.compile("（[^（）]{0,40}(?:下同|第一位|首位|排名第一)[^（）]{0,30}）")
_PERSON = re.compile("(?:书记|区长|县长|市长|镇长|乡长|局长|主任|主席|副主席|常委|部长|同志|秘书长|负责人)$")
_NUMBERED = re.compile(r"\d{1,2}[.、]|（\d{1,2}）|[①-⑩]")
_NO_UNITS = re.compile("无|待定|/|同上|下同|见上|略|各自|分别|有关|相关|单位|部门|责任单位|牵头单位|配合单位|具体|共同")


def says_first_leads(text: str) -> bool:
    """Whether the text says that the first-named unit of a list leads."""
    return bool(_FIRST_NAMED.search(text) and FIRST_LEADS.search(text))


def spaced_units(text: str, start: int, end: int, role: Role, source: str, apart: Callable[[int], bool]) -> list[Found]:
    """Units of a statement whose names may also be parted by line ends or white space: one a line, as forms have
    them. `apart(i)` tells whether white space stands before character i in print."""
    found: list[Found] = []
    begin = start
    for cut in range(start + 2, end - 1):
        if not apart(cut) or text[cut - 1] in "、，；：":
            continue
        left = max(begin, *(text.rfind(mark, begin, cut) + 1 for mark in "、，；"))
        right = min([p for p in (text.find(mark, cut, end) for mark in "、，；") if p > 0] or [end])
        following = next((i for i in range(cut + 1, right) if apart(i)), right)
        if _stands_alone(text[left:cut]) and _stands_alone(_ENDS_WITH_VERB.sub("", text[cut:following])):
            found.extend(clause_units(text, begin, cut, role, source))
            begin = cut
    found.extend(clause_units(text, begin, end, role, source))
    return found


def _stands_alone(name: str) -> bool:
    """Whether the text is surely a whole name, not half of one that a line break tore (市市|场监管局)."""
    return (len(name) > 2 and names.is_strong(name)) or (names.is_group(name) and names.is_complete(name))


def clause_units(text: str, start: int, end: int, role: Role, source: str) -> list[Found]:
    """Units of a duty statement text[start:end]; `role` is what its label says (responsible without one).

    >>> stated = clause_units("A局牵头，B局、C局按职责分工负责", 0, 17, Role.RESPONSIBLE, "bracket")
    >>> [(f.unit, f.role.value) for f in stated]
    [('A局', 'lead'), ('B局', 'responsible'), ('C局', 'responsible')]
    """
    found: list[Found] = []
    begin = start
    for note in [*_NOTE.finditer(text, start, end), None]:
        stop = note.start() if note else end
        for a, b in names.split_top(text, begin, stop, "；;。"):
            found.extend(_clause(text, a, b, role, source))
        begin = note.end() if note else end
    return found


def _clause(text: str, start: int, end: int, role: Role, source: str) -> list[Found]:
    found: list[Found] = []
    begin = start
    place = start if _VERB_HINT.search(text, start, end) else end
    while place < end:
        match = _VERB.search(text, place, end)
        if not match:
            break
        if not _is_verb(text, match, begin, end):
            place = match.end()
            continue
        verb_role = Role(str(match.lastgroup))
        if verb_role is Role.COOPERATING:
            # A、B，C配合: the comma parts those who only cooperate.
            comma = text.rfind("，", begin, match.start())
            if comma > begin:
                found.extend(_listed(text, begin, comma, role, source))
                begin = comma + 1
        found.extend(_listed(text, begin, match.start(), verb_role, source))
        begin = place = match.end()
    if begin > start and text[begin : begin + 1] not in ("、", "，", ",", "；", ""):
        # What 负责 governs stands behind it (各街道负责日常巡查): it is no name.
        while begin < end and text[begin] not in "、，,；":
            begin += 1
    found.extend(_listed(text, begin, end, role, source))
    return found


def _is_verb(text: str, match: re.Match[str], begin: int, end: int) -> bool:
    """Whether the word is the verb of the clause and not part of a name (督导组, 区落实办, 配合单位)."""
    depth = text.count("（", begin, match.start()) - text.count("）", begin, match.start())
    if depth > 0 or _RULE_BEFORE.search(text, max(begin, match.start() - 24), match.start()):
        return False
    after = text[match.end() : min(end, match.end() + 1)]
    if after and after not in "、，；。,;）和及与由":
        tail = text[match.end() : min(end, match.end() + 8)]
        if re.match("(?:组|办|局|中心|处|科|室|委|专班|领导小组|人|同志|体系|制|部门|单位|机构|企业)", tail):
            return False
        if match.lastgroup == "responsible" and "负" not in match.group() and "职责" not in match.group():
            return False
    return True


def _listed(text: str, start: int, end: int, role: Role, source: str) -> list[Found]:
    """Names of a list, each cleaned of what surrounds it; A会同B splits the roles."""
    if end - start > 1200:
        end = start + 1200
    together = text.find("会同", start, end)
    if together > start and text.find("（", start, together) < 0:
        return [
            *_listed(text, start, together, role, source),
            *_listed(text, together + 2, end, Role.COOPERATING, source),
        ]
    found: list[Found] = []
    while start < end and text[start] in "、，；：,;:":
        start += 1
    for name in names.split(text, start, end):
        unit = _clean(text, name, role, source)
        if unit:
            found.append(unit)
            found.extend(_noted(text, unit.end, name.end, role, source))
    return found


def _noted(text: str, start: int, end: int, role: Role, source: str) -> list[Found]:
    """Units that a remark behind a name gives a part of their own: 区住建局（各镇配合）."""
    if end - start < 5 or text[start] != "（":
        return []
    return [u for u in clause_units(text, start + 1, end - 1, role, source) if u.role is not role]


def _clean(text: str, name: names.Name, role: Role, source: str) -> Found | None:
    start, end = name.start, name.end
    lead = _LEADING.match(text[start:end])
    if lead and not (text[start] == "联" or (names.is_strong(text[start:end]) and text[start] not in "由请")):
        start += lead.end()
    while start < end and text[end - 1] in "等。、，；：·-（":
        end -= 1
    while start < end and text[start] in "。、，；：·-〔〕":
        start += 1
    if start < end and text[end - 1] == "）":
        note = _ROLE_NOTE.search(text, start, end)
        if note:
            role, end = Role(str(note.lastgroup)), note.start()
        else:
            remark = _REMARK.search(text, start, end)
            end = remark.start() if remark else end
    opened, closed = text.count("（", start, end), text.count("）", start, end)
    if opened < closed:
        end = start + len(text[start:end].rstrip("）"))
    if opened > closed or (opened < closed and text.count("）", start, end) < opened):
        cut = text.rfind("（", start, end)
        if cut > start and source != "field":
            end = cut
    numbered = _NUMBERED.match(text[start:end])
    if numbered and start + numbered.end() < end:
        start += numbered.end()
    unit = text[start:end]
    if unit in ("镇", "乡") and text[max(0, start - 1) : start] == "、":
        return Found(unit, role, start, end, source)
    if not names.could_be(unit) or _TIME.search(unit) or _RULE_CLAUSE.search(unit) or _PERSON.search(unit):
        return None
    if _NO_UNITS.fullmatch(unit):
        return None
    return Found(unit, role, start, end, source)


def find_brackets(
    text: str, at_line_start: Callable[[int], bool], body: int = 0, last: int | None = None
) -> list[Bracket]:
    """Brackets of one measure that state duties (or hold a duty label), in order. One that opens the measure,
    right behind its number (which ends at `body`), may state them too. None is looked for that opens behind `last`."""
    brackets: list[Bracket] = []
    last = len(text) if last is None else last
    i = _next_open(text, 0)
    while 0 <= i <= last:
        end, closed = _closing(text, i, at_line_start)
        breaks = (end < len(text) and at_line_start(end)) or 0 < i == body
        if _states_duty(text, i, end, closed, breaks):
            brackets.append(Bracket(i, end, closed))
            i = _next_open(text, end)
        else:
            i = _next_open(text, i + 1)
    return brackets


def _next_open(text: str, start: int) -> int:
    """Place of the next left bracket, round or square; -1 if there is none."""
    match = _OPEN.search(text, start)
    return match.start() if match else -1


def _closing(text: str, start: int, at_line_start: Callable[[int], bool], limit: int = 900) -> tuple[int, bool]:
    """End of the bracket opened at `start`, and whether one closes it.

    Brackets that open inside brackets without end are no duties: past the eighth the text is read no further.
    """
    depth = 0
    for mark in _IN_BRACKET.finditer(text, start, min(len(text), start + limit)):
        i, c = mark.start(), mark.group()
        if c in "（〔":
            depth += 1
            if depth > 8:
                return i, False
        elif c in "）〕":
            depth -= 1
            if depth == 0:
                return i + 1, True
        elif depth == 1 and i > start + 1:
            nearest = text.find("）", i, i + 3)
            if nearest < 0:
                return i, False
    # Depth never came back: the outer right bracket is missing, an inner one may have been taken for it.
    stop = min(len(text), start + limit)
    for i in range(start + 1, stop):
        if at_line_start(i) and text[i - 1] not in "、，；：":
            stop = i
            break
    return stop, False


_OFFICE = re.compile("(?:局|委|办|厅|署|部门|办公室|委员会|政府|办事处|街道|镇街|乡镇|支队|大队)$")
_OFFICES = ("局", "委", "办", "部", "厅", "公司", "集团", "政府", "中心", "队", "院", "会", "办事处")
_SHORT = re.compile("（(?:以下)?(?:简称|统称|合称)")
_OPEN = re.compile("[（〔]")
_IN_BRACKET = re.compile("[（〔）〕。]")
_LABEL_INSIDE = re.compile(
    "^(?:整改|主要|第一)?(?:总?牵头|责任|配合|负责|协办|主办|承办|落实|实施|指导|参与|参加|协助|督导|完成|主责)(?:责任|整改)?(?:单位|部门|主体|科室|机构|地区|站所)?(?:（[^（）]{1,6}）)?："
)
# Digits are looked at from the word behind them: a search that begins with a word's character skips all others.
_TIME = re.compile(
    r"月(?:底|(?<=\d月))|年(?:底|内|(?<=\d年))|日(?<=\d日)|全年|季度|半年|时限|期限|长期|持续推进|持续坚持|立行立改"
    r"|立即|每月|每年|常年|工作日(?:(?<=\d工作日)|(?<=\d个工作日))"
)
_ENDS_WITH_VERB = re.compile(
    "(?:牵头(?:负责|落实|组织实施|实施)?|负责|负总责|配合|参与|协助|落实|组织实施|督办|实施|指导|抓好落实|分工推进|承办|组织实施|推进)(?:，下同|，以下同)?[。]?$"
)


def _states_duty(text: str, start: int, end: int, closed: bool, breaks: bool) -> bool:
    """Whether a bracket states duties; `breaks` says that the printed line ends behind it."""
    inner_end = end - 1 if closed else end
    inner = text[start + 1 : inner_end]
    if len(inner) < 2:
        return False
    if _LABEL_INSIDE.match(inner) or says_first_leads(inner):
        return True
    inner = inner.rstrip("。")
    before = text[start - 1] if start else ""
    after = text[end : end + 1]
    sentence_end = before in "。；！”" or not after or breaks or (after in "。；" and before not in "、，")
    stated = bool(_ENDS_WITH_VERB.search(inner)) and after in "，、" and not re.search("[由在设]$|会议$", text[:start])
    if not (sentence_end or stated) or "。" in inner or len(inner) > 600:
        return False
    # A time among the names (…负责，6月底前完成) says nothing about whether this states a duty.
    clauses = [inner[a:b] for a, b in names.split_top(inner, 0, len(inner), "，；")]
    names_and_times = clauses
    clauses = [c for c in clauses if c and not _TIME.search(c)]
    pieces = [c[a:b] for c in clauses for a, b in names.split_top(c, 0, len(c), "、/") if b > a]
    if not pieces or any(len(p) > 44 for p in pieces):
        return False
    named = sum(1 for p in pieces if _named_piece(p))
    if any(_ENDS_WITH_VERB.search(c) for c in clauses):
        return named >= 1
    if breaks and text[start] == "〔" and any(_TIME.search(c) for c in names_and_times):
        return named >= 1
    strong = sum(1 for p in pieces if names.is_strong(p.split("等")[0]) or names.is_group(p))
    if before in "。；！" or not before:
        return strong >= 1 and named * 2 > len(pieces)
    if not after:
        return strong == len(pieces)
    # Behind a lead phrase: 加强巡查（区水利局、各镇街）。 A list of things built (卫生院、文化站) looks alike
    # but for its endings.
    lead = (
        "。" not in text[:start] and start < 48 and not re.search("(?:单位|部门|专班|机构|小组|办公室)$", text[:start])
    )
    return lead and (after == "。" or breaks) and all(_OFFICE.search(p) or names.is_group(p) for p in pieces)


def _named_piece(piece: str) -> bool:
    """Whether a piece of a bracket names a body, verbs and 等 round it aside."""
    bare = _LEADING.sub("", _ENDS_WITH_VERB.sub("", piece)).split("等")[0]
    if names.is_complete(bare) or names.is_group(bare):
        return True
    first = _VERB.split(bare, maxsplit=1)[0]
    return names.is_complete(first) or names.is_group(first)


# ——— the whole of a measure ———


class Statement(NamedTuple):
    """All that a measure says about duties, and the stretches of text that say it."""

    found: tuple[Found, ...]
    brackets: tuple[Bracket, ...]
    fields: tuple[Field, ...]


def find(
    text: str,
    at_line_start: Callable[[int], bool],
    title: tuple[int, int] | None,
    first_leads: bool,
    after_space: Callable[[int], bool] = lambda _: False,
    body: int = 0,
) -> Statement:
    """Duties of one measure, whose number ends at `body`. `title` is the place of its title; with `first_leads` the
    first-named unit of each list leads."""
    brackets = find_brackets(text, at_line_start, body)
    fields = list(find_fields(text, at_line_start, after_space))
    brackets = _outside_fields(brackets, fields)

    def apart(place: int) -> bool:
        return at_line_start(place) or after_space(place)

    def apart_in_line(place: int) -> bool:
        # Line ends inside a bracket come from the width of the page.
        return after_space(place) and not at_line_start(place)

    found: list[Found] = []
    for bracket in brackets:
        found.extend(_bracket_units(text, bracket, fields, first_leads, apart_in_line))
    inside = [(b.start, b.end) for b in brackets]
    for field in fields:
        role = field.content.role
        bracket_before = bisect_right(inside, (field.start, len(text))) - 1
        if role is None or (bracket_before >= 0 and field.start < inside[bracket_before][1]):
            continue
        units = spaced_units(text, field.value, field.end, role, "field", apart)
        found.extend(lead_first(units) if first_leads and role is Role.RESPONSIBLE else units)
    skip = [(0, body)] if body else []
    skip += inside + [
        (f.start, f.end)
        for f in fields
        if f.content.role or f.content in (Content.PERSON, Content.PROBLEM, Content.DEADLINE)
    ]
    if title and _is_heading_of_units(text, title):
        found.extend(_heading(text, title, skip))
    else:
        found.extend(prose.find(text, skip))
    return Statement(tuple(resolved(found)), tuple(brackets), tuple(fields))


def _outside_fields(brackets: Sequence[Bracket], fields: Sequence[Field]) -> list[Bracket]:
    """Brackets that are neither a label (【责任单位】) nor part of a name in a field (各镇（街道）)."""
    labels = {field.start for field in fields}
    values = sorted((field.value, field.end) for field in fields if field.content.role)
    kept: list[Bracket] = []
    for bracket in brackets:
        i = bisect_left(values, (bracket.start, 0)) - 1
        inside = i >= 0 and values[i][0] < bracket.start < values[i][1]
        if bracket.start not in labels and not inside:
            kept.append(bracket)
    return kept


def _bracket_units(
    text: str, bracket: Bracket, fields: Sequence[Field], first_leads: bool, apart: Callable[[int], bool]
) -> list[Found]:
    start, end = bracket.start + 1, bracket.end - 1 if bracket.closed else bracket.end
    first, last = (bisect_left(fields, place, key=lambda f: f.start) for place in (start, end))
    labels = fields[first:last]
    found: list[Found] = []
    if not labels or labels[0].start > start:
        head_end = labels[0].start if labels else end
        units = spaced_units(text, start, head_end, Role.RESPONSIBLE, "bracket", apart)
        found.extend(lead_first(units) if first_leads else units)
    for i, label in enumerate(labels):
        role = label.content.role
        stop = labels[i + 1].start if i + 1 < len(labels) else end
        if role is None:
            continue
        units = spaced_units(text, label.value, stop, role, "bracket", apart)
        found.extend(lead_first(units) if first_leads and role is Role.RESPONSIBLE else units)
    return found


def lead_first(units: list[Found]) -> list[Found]:
    """First-named of a list made lead, unless the list names a lead or begins with a group."""
    if not units or any(u.role is Role.LEAD for u in units) or names.is_group(units[0].unit):
        return units
    first = units[0]
    return [Found(first.unit, Role.LEAD, first.start, first.end, first.source), *units[1:]]


def _is_heading_of_units(text: str, title: tuple[int, int]) -> bool:
    if text[title[1] : title[1] + 1] != "：" and not text[slice(*title)].endswith(_OFFICES):
        return False
    if text[title[1] : title[1] + 1] == "。" and not re.match(
        "负责|牵头|承担|统筹|组织|指导|配合", text[title[1] + 1 : title[1] + 5]
    ):
        return False
    pieces = names.split(text, *title)
    return bool(pieces) and all(
        (names.is_strong(_SHORT.split(p.text)[0]) or bool(re.match("各[一-龥（）]{1,10}$", p.text)))
        and not names.starts_like_a_sentence(p.text)
        for p in pieces
    )


def _heading(text: str, title: tuple[int, int], skip: Sequence[tuple[int, int]]) -> list[Found]:
    """A unit that heads an item is lead where its own text says 牵头, else responsible; whom it 会同 cooperates."""
    body = prose.masked(text, skip)
    own_lead = any(
        not re.search("(?:由|明确|确定|施工)[^，；。]{0,20}$", body[max(0, m.start() - 20) : m.start()])
        and body[m.end() : m.end() + 2] not in ("单位", "部门", "人")
        for m in re.finditer("牵头", body[title[1] :] and body)
        if m.start() >= title[1]
    )
    role = Role.LEAD if own_lead else Role.RESPONSIBLE
    stop = title[1]
    short = _SHORT.search(text, title[0], title[1])
    if short:
        stop = short.start()
    found = [_headed(text, n, role) for n in names.split(text, title[0], stop)]
    found.extend(prose.partners(body, title[1]))
    return found


def _headed(text: str, name: names.Name, role: Role) -> Found:
    """Unit of a heading, with the part that a note behind it gives: 区水利局（牵头单位）."""
    note = _ROLE_NOTE.search(text, name.start, name.end)
    if note:
        return Found(text[name.start : note.start()], Role(str(note.lastgroup)), name.start, note.start(), "heading")
    return Found(name.text, role, name.start, name.end, "heading")


def resolved(found: Sequence[Found]) -> list[Found]:
    """Union in order of first appearance; a prose doer that elsewhere leads is not responsible as well."""
    leads = {f.unit for f in found if f.role is Role.LEAD}
    kept = [f for f in found if not (f.source == "prose" and f.role is Role.RESPONSIBLE and f.unit in leads)]
    return prose.distinct(kept)


def moved(found: Found, by: int) -> Found:
    """Same finding with its place counted from another start."""
    return found._replace(start=found.start + by, end=found.end + by)
