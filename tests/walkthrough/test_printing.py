"""Paper: what the browser prints is the page's content on the right sheet, without the frame around it."""

from __future__ import annotations

import contextlib
import re

import pypdfium2
import pytest
from tests.walkthrough.browser import Visitor
from tests.walkthrough.conftest import Open
from tests.walkthrough.installation import Installation

# In points of 1/72 inch: 210 by 297 mm and 420 by 297 mm.
A4_PORTRAIT, A3_LANDSCAPE = (595, 842), (1191, 842)


def _print(visitor: Visitor) -> tuple[set[tuple[int, int]], str]:
    """Sizes of the sheets and the text without its spaces, as the page's own style wants them."""
    sizes, texts = set(), []
    with contextlib.closing(pypdfium2.PdfDocument(visitor.page.pdf(prefer_css_page_size=True))) as pdf:
        for page in pdf:
            width, height = page.get_size()
            sizes.add((round(width), round(height)))
            texts.append(page.get_textpage().get_text_bounded())
    return sizes, re.sub(r"\s", "", "".join(texts))


@pytest.mark.parametrize("page", ["task", "list"])
def test_lists_and_tasks_are_printed_upright_on_a4(open_window: Open, site: Installation, page: str) -> None:
    clerk = open_window("clerk")
    plan = site.rows("SELECT id FROM plan_plan WHERE sample AND state = 'issued' ORDER BY id LIMIT 1")[0][0]
    key, title = site.rows('SELECT id, title FROM plan_task WHERE plan_id = ? ORDER BY "order" LIMIT 1', plan)[0]
    clerk.go(f"/tasks/{key}/" if page == "task" else f"/tasks/?plan={plan}")
    sizes, text = _print(clerk)
    assert sizes == {A4_PORTRAIT}
    assert re.sub(r"\s", "", title) in text
    # Neither navigation nor search is of any use on paper.
    assert "收起菜单" not in text
    assert "导出Excel" not in text


def test_the_reading_room_is_printed_whole_on_a3(open_window: Open, site: Installation) -> None:
    clerk = open_window("clerk")
    plan, text_of_plan = site.rows(
        "SELECT p.id, d.text FROM plan_plan p JOIN plan_document d ON d.plan_id = p.id WHERE p.sample ORDER BY p.id LIMIT 1"
    )[0]
    clerk.go(f"/plans/{plan}/")
    sizes, text = _print(clerk)
    assert sizes == {A3_LANDSCAPE}
    lines = [re.sub(r"\s", "", line) for line in text_of_plan.splitlines() if line.strip()]
    # What scrolls on the screen is all there on paper, to its last line. Marks in the margin part long lines.
    assert lines[0][:8] in text
    assert lines[-1][-8:] in text


@pytest.mark.parametrize("form, sheet", [("A4", (595, 842)), ("A3", (842, 1191))])
def test_a_page_is_readable_on_the_sheet_that_is_in_the_printer(
    open_window: Open, form: str, sheet: tuple[int, int]
) -> None:
    clerk = open_window("clerk")
    clerk.go("/tasks/units/")
    with contextlib.closing(pypdfium2.PdfDocument(clerk.page.pdf(format=form))) as pdf:
        size = sorted(pdf[0].get_size())
        # Chromium rounds to its own pixels.
        assert all(abs(one - other) < 2 for one, other in zip(size, sheet, strict=True))
        assert "报告进展" in pdf[0].get_textpage().get_text_bounded()
