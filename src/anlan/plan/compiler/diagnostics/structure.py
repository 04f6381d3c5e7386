"""Structure: numbering, headings that announce more than follows, lists with one entry, plans without measures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from anlan.plan.compiler.diagnostics.source import Finding, Source
from anlan.plan.compiler.model import Span, squeeze
from anlan.plan.compiler.outline import RANKS, value_of
from anlan.plan.compiler.view import fold, solid

_CN = "[○一二三四五六七八九十百]"
_NUMBER = re.compile(
    rf"(?P<cn_paren>（{_CN}{{1,4}}）)|(?P<cn_dot>{_CN}{{1,4}})|(?P<ar_dot>\d{{1,3}})|(?P<ar_paren>（\d{{1,3}}）)"
    rf"|(?P<ar_half>\d{{1,3}}）)|第(?P<n>{_CN}{{1,4}}|\d{{1,3}})(?P<word>部分|篇|编|章|节|条)"
)
_WORDS = {"部分": "part", "篇": "part", "编": "part", "章": "chapter", "节": "section", "条": "article"}
_WIDEST_GAP = 20
_SUM = re.compile(r"(?<![\d+])(?P<a>\d{1,2})\+(?P<b>\d{1,2})(?![\d+]|\+?[A-Za-z])")
_COUNT = re.compile(
    "(?<![第之一二三四五六七八九十百○年])(?P<n>[二两三四五六七八九十]{1,2}|\\d{1,2})(?:大|项|个|类|条|件)(?:重点|专项|主要|重大|具体|关键)?"
    "(?P<what>行动|工程|任务|措施|举措|方面|战役|攻坚|工作|体系|计划|整治|提升)"
)
_TITLE_COUNT = re.compile(
    "(?P<n>[二三四五六七八九十]{1,3}|\\d{1,2})条(?:政策)?(?:措施|举措|意见|规定)?(?:（[^（）]*）)?$"
)
_PARTS = 6
_MARKER = re.compile(
    r"^[ \t\u3000]*(?P<mark>（(?P<p>[一二三四五六七八九十]{1,3})）|(?P<d>[一二三四五六七八九十]{1,3})、)", re.MULTILINE
)


@dataclass(slots=True)
class _Element:
    """Numbered heading or measure, with what stands directly below it."""

    kind: str
    value: int
    printed: str
    title: str
    span: Span
    number_span: Span
    path: tuple[str, ...] | None
    heading: bool
    children: list[_Element] = field(default_factory=list)


def check(source: Source) -> Iterator[Finding]:
    """Findings on the structure."""
    if not source.plan.measures:
        yield Finding("S605", source.document_spot, {})
    elements = _elements(source)
    yield from _numbering(source, elements)
    yield from _announced(source, elements)
    yield from _alone(source)


def _elements(source: Source) -> list[_Element]:
    """Headings and measures in order of place, each linked to those directly below it."""
    plan = source.plan
    found: dict[int, _Element] = {}
    for i, measure in enumerate(plan.measures):
        title = measure.title or plan.printed(Span(measure.number_span.end, source.head(i).end)).lstrip("、.．,， \t")
        kind, value = _read(measure.number)
        found[measure.number_span.start] = _Element(
            kind, value, measure.number, title, measure.span, measure.number_span, measure.path, False
        )
    for heading in plan.headings:
        kind, value = _read(heading.number)
        number = _number_span(source, heading.span, heading.number)
        found[heading.span.start] = _Element(
            kind, value, heading.number, heading.title, heading.span, number, None, True
        )
    elements = [found[start] for start in sorted(found)]
    stack: list[_Element] = []
    for element in elements:
        if not element.kind:
            continue
        while stack and _rank(stack[-1].kind) >= _rank(element.kind):
            stack.pop()
        if stack:
            stack[-1].children.append(element)
        stack.append(element)
    return elements


def _number_span(source: Source, span: Span, number: str) -> Span:
    printed = source.plan.printed(span)
    seen, wanted = 0, len(solid(number))
    for i, c in enumerate(printed):
        seen += bool(solid(c))
        if seen == wanted:
            return Span(span.start, span.start + i + 1)
    return span


def _read(number: str) -> tuple[str, int]:
    """Kind and value of a printed number; no kind where it is none that runs.

    >>> _read("（三）"), _read("12"), _read("⑤"), _read("1.2")
    (('cn_paren', 3), ('ar_dot', 12), ('circled', 5), ('', 0))
    """
    number = fold(number)
    match = _NUMBER.fullmatch(number)
    if match:
        kind = _WORDS[match["word"]] if match["word"] else str(match.lastgroup)
        return kind, value_of(match["n"] or number.strip("（）"))
    if len(number) == 1 and not number.isalpha():
        value = unicodedata.numeric(number, 0)
        if value and value == int(value):
            return "circled", int(value)
    return "", 0


def _rank(kind: str) -> float:
    return RANKS.get(kind, RANKS["circled"])


# ——— numbering ———


def _numbering(source: Source, elements: list[_Element]) -> Iterator[Finding]:
    """Gaps and duplicates, by kind and parent. A series may restart or run on below each heading."""
    here: dict[str, dict[int, _Element]] = {}
    last_here: dict[str, _Element] = {}
    last: dict[str, _Element] = {}
    for element in elements:
        kind, value = element.kind, element.value
        if not kind:
            continue
        for deeper in [k for k in here if _rank(k) > _rank(kind)]:
            here.pop(deeper)
            last_here.pop(deeper, None)
        previous = last_here.get(kind)
        run = last.get(kind)
        seen = here.setdefault(kind, {})
        if value == 1 and not _first_again(previous, element):
            seen.clear()
        elif value in seen:
            if _restarted(source, seen[value], element):
                seen.clear()
            else:
                yield from _duplicate(source, element, seen[value])
        elif value not in {e.value + 1 for e in (previous, run) if e}:
            yield from _gap(source, element, previous, run)
        seen[value] = element
        last_here[kind] = last[kind] = element


def _first_again(previous: _Element | None, element: _Element) -> bool:
    """Whether a 1 directly follows a 1 below the same headings: no new list, but the same number twice."""
    return previous is not None and previous.value == 1 and previous.path is not None and previous.path == element.path


def _restarted(source: Source, earlier: _Element, element: _Element) -> bool:
    """Whether a new series leads up to this number although its first entries are no measures."""
    before = _marker(element.kind, element.value - 1)
    return _stands(source.folded, before, earlier.number_span.end, element.span.start)


def _duplicate(source: Source, element: _Element, earlier: _Element) -> Iterator[Finding]:
    for one, other in ((element, earlier), (earlier, element)):
        yield Finding(
            "S602",
            one.number_span,
            {
                "number": one.printed,
                "line": source.line(other.span.start),
                "other": other.printed + _shown(other.title),
            },
        )


def _gap(source: Source, element: _Element, previous: _Element | None, run: _Element | None) -> Iterator[Finding]:
    """Gap before an element, unless the missing number stands in the text between: not every number is a measure."""
    before = previous or run
    expected = (previous.value if previous else 0) + 1
    if not 0 < element.value - expected <= _WIDEST_GAP and not (previous and element.value < expected):
        return
    begin = before.span.start if before else 0
    if _stands(source.folded, _marker(element.kind, element.value - 1), begin, element.span.start):
        return
    arguments = {"number": element.printed}
    if previous:
        arguments |= {"previous": previous.printed, "line": source.line(previous.span.start)}
    if element.value > expected:
        missing = [_marker(element.kind, n)[0] for n in range(expected, min(element.value, expected + 3))]
        arguments["missing"] = "、".join(m.rstrip("、.") for m in missing)
    yield Finding("S601", element.number_span, arguments)


def _stands(text: str, markers: list[str], start: int, end: int) -> bool:
    return any(text.find(marker, start, end) >= 0 for marker in markers)


def _marker(kind: str, value: int) -> list[str]:
    """How a number of this kind is printed in folded text."""
    cn = chinese(value)
    forms = {
        "cn_paren": [f"（{cn}）"],
        "cn_dot": [f"{cn}、", f"{cn}."],
        "ar_dot": [f"{value}.", f"{value}、", f"\n{value}", f"\t{value}\t"],
        "ar_paren": [f"（{value}）"],
        "ar_half": [f"{value}）"],
        "circled": [chr(0x245F + value) if value <= 20 else str(value)],
    }
    words = [word for word, name in _WORDS.items() if name == kind]
    return forms.get(kind) or [f"第{n}{word}" for word in words for n in (cn, value)] or [str(value)]


def chinese(value: int) -> str:
    """Chinese numeral of a number from 0 to 199, as numbering has it.

    >>> chinese(7), chinese(10), chinese(21), chinese(105)
    ('七', '十', '二十一', '一百○五')
    """
    digits = "○一二三四五六七八九"
    if value >= 100:
        rest = value - 100
        return "一百" + ("" if not rest else ("○" if rest < 10 else "一" if rest < 20 else "") + chinese(rest))
    tens, ones = divmod(value, 10)
    if not tens:
        return digits[ones]
    return (digits[tens] if tens > 1 else "") + "十" + (digits[ones] if ones else "")


def _shown(title: str, longest: int = 20) -> str:
    title = squeeze(title)
    return title if len(title) <= longest else title[:longest] + "…"


# ——— what headings announce ———


def _announced(source: Source, elements: list[_Element]) -> Iterator[Finding]:
    for element in elements:
        if not element.heading or len(element.children) < 2:
            continue
        for match, announced in _counts(source.folded[element.span.start : element.span.end]):
            if len(element.children) < announced:
                start = element.span.start
                yield _fewer(
                    Span(start + match.start(), start + match.end()), match, announced, len(element.children),
                    [child.title or child.printed for child in element.children],
                )  # fmt: skip
    span = source.plan.title_span
    promised = _TITLE_COUNT.search(source.folded, span.start, span.end) if span else None
    measures = source.plan.measures
    if promised and 2 <= len(measures) < value_of(promised["n"]):
        titles = [measure.title or measure.number for measure in measures]
        yield _fewer(Span(*promised.span()), promised, value_of(promised["n"]), len(measures), titles)


def _counts(heading: str) -> Iterator[tuple[re.Match[str], int]]:
    for match in _SUM.finditer(heading):
        yield match, int(match["a"]) + int(match["b"])
    for match in _COUNT.finditer(heading):
        yield match, value_of(match["n"].replace("两", "二"))


def _fewer(span: Span, match: re.Match[str], announced: int, count: int, titles: list[str]) -> Finding:
    parts = "、".join(_shown(title) for title in titles[:_PARTS]) + ("…" if len(titles) > _PARTS else "")
    return Finding(
        "S603", span, {"text": match.group(), "announced": str(announced), "count": str(count), "parts": parts}
    )


def _alone(source: Source) -> Iterator[Finding]:
    """A first number of a list, at the start of a line, that no second one follows before the next first."""
    text = source.folded
    firsts: dict[bool, re.Match[str]] = {}
    for match in [*_MARKER.finditer(text), None]:
        if match is None:
            ended = list(firsts.items())
        elif (match["p"] or match["d"]) == "一":
            paren = match["p"] is not None
            ended = [(paren, firsts[paren])] if paren in firsts else []
            firsts[paren] = match
        else:
            continue
        for paren, first in ended:
            end = match.start() if match else len(text)
            second = "（二）" if paren else "二、"
            if text.find(second, first.end(), end) < 0:
                span = Span(*first.span("mark"))
                yield Finding("S604", span, {"text": source.plan.printed(span)})
