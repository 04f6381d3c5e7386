"""The same plan in every format an office keeps gives the same measures."""

from __future__ import annotations

import html
import re

import pytest
from tests.plan.compiler.reading.samples import abstract, docx, item, level, num, p, pdf, row, table

from anlan.plan.compiler.compile import compile_text
from anlan.plan.compiler.model import Plan, Role
from anlan.plan.compiler.reading import read
from anlan.plan.pack import load

TEXT = load("changjiang").plan.path.read_text(encoding="utf-8")
Facts = tuple[str, tuple[str, ...], str | None, list[tuple[str, str]], list[object], list[tuple[str, object, str]]]


def facts(plan: Plan) -> list[Facts]:
    """What a measure says, places aside."""
    return [
        (
            m.number.replace("（", "(").replace("）", ")"),
            tuple(re.sub("[（）]", "", title) for title in m.path),
            m.title,
            [(role.value, unit) for role in Role for unit in m.units(role)],
            [d.date for d in m.deadlines],
            [(t.comparator.value, t.value, t.unit) for t in m.targets],
        )
        for m in plan.measures
    ]


EXPECTED = facts(compile_text(TEXT))

# 一、 restarts nowhere, (一) under each chapter, 1. never: as the plan counts.
NUMBERING = (
    abstract(
        level(0, "chineseCounting", "%1、")
        + level(1, "chineseCounting", "(%2)")
        + level(2, "decimal", "%3.", more='<w:lvlRestart w:val="0"/>')
    )
    + num()
)


def word() -> bytes:
    """The plan as Word keeps it: numbers automatic, a text box and a table round the text."""
    body = p("区发改委起草") + table(row("发文机关", "区发改委"), row("日期", "2022-05-06"))
    for line in map(html.escape, TEXT.split("\n")):
        chapter = re.match("[一二三四五六]、(.*)", line)
        section = re.match(r"\([一二三]\)(.*)", line) if "<w:numPr>" in body else None
        measure = re.match(r"\d{1,2}\.(.*)", line)
        found = chapter or section or measure
        body += item(found[1], [chapter, section, measure].index(found)) if found else p(line)
    return docx(body, NUMBERING)


def page() -> bytes:
    """The plan as a government page shows it, navigation and footer round it."""
    links = "".join(f'<li><a href="/c{i}">栏目{i}</a></li>' for i in range(20))
    body = "".join(f"<p>&nbsp;&nbsp;{html.escape(line)}</p>" for line in TEXT.split("\n"))
    return (
        '<html><head><meta charset="gb18030"><title>征集</title><script>var x="一、假标题";</script></head><body>'
        f'<div class="nav"><ul>{links}</ul></div><div id="content">{body}</div>'
        '<div class="footer"><a href="/">网站地图</a><a href="/l">联系我们</a></div></body></html>'
    ).encode("gb18030")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT.encode(), id="UTF-8"),
        pytest.param(TEXT.encode("utf-8-sig"), id="UTF-8 with a mark"),
        pytest.param(TEXT.encode("gb18030"), id="GB18030"),
        pytest.param(TEXT.encode("utf-16"), id="UTF-16"),
        pytest.param(TEXT.replace("\n", "\r\n").encode("gb18030"), id="Windows line ends"),
        pytest.param(word(), id="Word with automatic numbering"),
        pytest.param(page(), id="web page"),
    ],
)
def test_every_format_of_the_plan_gives_the_same_measures(data: bytes) -> None:
    assert facts(compile_text(read(data).text)) == EXPECTED


def test_a_pdf_that_breaks_lines_inside_words_gives_the_same_measures() -> None:
    width = 38
    lines: list[str] = []
    for paragraph in TEXT.split("\n"):
        lines += [paragraph[i : i + width] for i in range(0, len(paragraph), width)] or [""]
    pages = [lines[i : i + 30] for i in range(0, len(lines), 30)]
    data = pdf([[*lines, f"- {n} -"] for n, lines in enumerate(pages, 1)])
    assert facts(compile_text(read(data).text)) == EXPECTED
