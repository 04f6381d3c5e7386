"""The office's way: a document comes in, is read, settled, issued; units find their tasks; everything leaves as files."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import docx
import pypdfium2
import pytest
import python_calamine
from playwright.sync_api import Download, expect
from tests.walkthrough.browser import PHONE, WIDE, Visitor
from tests.walkthrough.conftest import Open
from tests.walkthrough.installation import ROOT, Installation

# A short plan of the repository, which is always there, and two long ones of the corpus.
OWN = ROOT / "tests" / "plans" / "a"


def _upload(visitor: Visitor, name: str, data: bytes) -> str:
    """Uploads a file on the page for it; gives the path of the reading room that opens."""
    visitor.go("/plans/new/")
    visitor.page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )
    visitor.page.locator("main form button[type=submit]").click()
    visitor.page.wait_for_url(re.compile(r"/plans/\d+/$"))
    return visitor.page.url.removeprefix(visitor.site.address)


def _word(text: str) -> bytes:
    """The text as a Word file, one paragraph a line."""
    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _settle(visitor: Visitor, room: str) -> None:
    """Settles a plan as a clerk in a hurry: a date for all that has none, the rest stays as it is, with a reason."""
    visitor.go(f"{room}settle/")
    page = visitor.page
    while page.locator("section.settle:not(#closed)").count():
        section = page.locator("section.settle:not(#closed)").first
        kind = section.get_attribute("id")
        form = section.locator("form").last
        everything = section.locator("[data-all]")
        if everything.count():
            everything.first.check()
        else:
            section.locator("summary").last.click()
        if kind == "deadline":
            form.locator("button[value=deadline]").click()
        else:
            form.locator("input[name=reason]").fill("按原文执行，由责任单位共同负责")
            form.locator("button[type=submit]").last.click()
        page.wait_for_load_state()


def _issue(visitor: Visitor, room: str) -> int:
    """Issues a settled plan; gives the number of tasks that the list then shows."""
    visitor.go(f"{room}issue/")
    visitor.page.locator("main form button[type=submit]").click()
    visitor.page.wait_for_url(re.compile(r"/tasks/\?plan=\d+"))
    total = re.search(r"\d+", visitor.page.locator(".listing-total").inner_text())
    assert total
    return int(total.group())


def _file(visitor: Visitor, selector: str) -> tuple[str, bytes]:
    """Name and bytes of what a link saves."""
    with visitor.page.expect_download() as waiting:
        visitor.page.locator(selector).click()
    download: Download = waiting.value
    return download.suggested_filename, Path(download.path()).read_bytes()


def _walk(visitor: Visitor, name: str, data: bytes, shot: str) -> int:
    """The whole way of a document, each page looked at; gives the number of tasks."""
    room = _upload(visitor, name, data)
    visitor.look(f"{shot}-room")
    visitor.go(f"{room}settle/")
    visitor.look(f"{shot}-settle")
    _settle(visitor, room)
    visitor.look(f"{shot}-settled")
    visitor.go(f"{room}issue/")
    visitor.look(f"{shot}-issue")
    tasks = _issue(visitor, room)
    visitor.look(f"{shot}-tasks")
    measures = visitor.site.rows(
        "SELECT count(*) FROM plan_measure m JOIN plan_document d ON d.id = m.document_id WHERE d.plan_id = ?",
        int(room.split("/")[2]),
    )
    assert tasks == measures[0][0] > 0
    return tasks


@pytest.mark.parametrize("form", ["txt", "docx"])
def test_a_plan_of_the_repository_goes_all_the_way(open_window: Open, form: str) -> None:
    source = sorted(OWN.glob("*.txt"))[0 if form == "txt" else 1]
    text = source.read_text(encoding="utf-8")
    data = _word(text) if form == "docx" else text.encode()
    assert _walk(open_window("clerk"), f"{source.stem}.{form}", data, f"own-{form}") > 1


@pytest.mark.parametrize("form, stem", [("txt", "05-longyan-sanxian-2022"), ("docx", "09-shanghai-nongjihua-2022")])
def test_a_plan_of_the_corpus_goes_all_the_way(open_window: Open, shared: Path, form: str, stem: str) -> None:
    text = (shared / "corpus" / "plans" / f"{stem}.txt").read_text(encoding="utf-8")
    data = _word(text) if form == "docx" else text.encode()
    _walk(open_window("clerk"), f"{stem}.{form}", data, f"corpus-{form}")


def _sample_plan(site: Installation) -> int:
    key: int = site.rows("SELECT id FROM plan_plan WHERE sample AND state = 'issued' ORDER BY id LIMIT 1")[0][0]
    return key


@pytest.mark.parametrize("way", ["pointer", "keyboard"])
def test_a_field_and_its_characters_light_up_together(open_window: Open, site: Installation, way: str) -> None:
    clerk = open_window("clerk")
    clerk.go(f"/plans/{_sample_plan(site)}/")
    page = clerk.page
    for kind in ("duty", "deadline", "target"):
        fields = page.locator(f".room-measures button.{kind}")
        keys = [str(key) for key in fields.evaluate_all("all => all.map(one => one.dataset.fields)")]
        # What a settlement added has no characters in the document.
        key = next(key for key in keys if page.locator(f".room-text .piece[data-fields~={key}]").count())
        field = page.locator(f".room-measures button[data-fields={key}]")
        if way == "pointer":
            field.scroll_into_view_if_needed()
            field.hover()
        else:
            field.focus()
        there = page.locator(f".room-text .piece[data-fields~={key}]").first
        expect(there).to_have_class(re.compile(r"\blit\b"))
        expect(field).to_have_class(re.compile(r"\blit\b"))
        if way == "pointer":
            # And the other way round.
            page.mouse.move(1, 1)
            expect(field).not_to_have_class(re.compile(r"\blit\b"))
            there.scroll_into_view_if_needed()
            there.hover()
            innermost = str(there.get_attribute("data-fields")).split(" ")[-1]
            expect(page.locator(f".room-measures [data-fields={innermost}]").first).to_have_class(
                re.compile(r"\blit\b")
            )
    clerk.look("lit" if way == "pointer" else "lit-by-keyboard")


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_the_clerk_opens_the_list_of_a_unit_and_the_unit_finds_the_same(
    open_window: Open, size: tuple[int, int]
) -> None:
    handler = open_window("handler", size)
    handler.go("/tasks/")
    handler.look("handler-tasks")
    mine = handler.page.locator("td.cell-number a, tbody tr td a").all_inner_texts()
    unit = handler.site.rows(
        "SELECT u.id FROM access_grant g JOIN org_unit u ON u.id = g.unit_id WHERE g.role = 'handler' ORDER BY g.id LIMIT 1"
    )[0][0]
    clerk = open_window("clerk", size)
    clerk.go("/tasks/units/")
    clerk.look("board")
    clerk.go(f"/tasks/?unit={unit}")
    clerk.look("tasks-of-a-unit")
    assert clerk.page.locator("td.cell-number a, tbody tr td a").all_inner_texts() == mine
    assert mine
    for visitor in (clerk, handler):
        visitor.page.locator("tbody tr td a").first.click()
        visitor.page.wait_for_url(re.compile(r"/tasks/\d+/"))
        visitor.look("task")
        assert visitor.page.locator(".clause").inner_text().strip()


def test_the_breakdown_leaves_as_word_excel_and_pdf_and_the_list_as_excel(
    open_window: Open, site: Installation
) -> None:
    clerk = open_window("clerk")
    key = _sample_plan(site)
    titles = [row[0] for row in site.rows("SELECT title FROM plan_task WHERE plan_id = ? AND parent_id IS NULL", key)]
    found = {}
    clerk.go(f"/plans/{key}/")
    for form in ("docx", "xlsx", "pdf"):
        name, data = _file(clerk, f'.page-actions a[href$="breakdown.{form}"]')
        assert name.endswith(f".{form}")
        found[form] = data
    table = docx.Document(io.BytesIO(found["docx"])).tables[0]
    assert len(table.rows) > len(titles)
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(found["xlsx"])).get_sheet_by_index(0)
    cells = "".join(str(cell) for row in sheet.to_python() for cell in row)
    assert all(title in cells for title in titles)
    with contextlib.closing(pypdfium2.PdfDocument(found["pdf"])) as pdf:
        printed = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    # A cell of the PDF breaks its lines where it must.
    assert titles[0][:6] in re.sub(r"\s", "", printed)
    clerk.go(f"/tasks/?plan={key}")
    _, data = _file(clerk, ".listing-export")
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    said = "".join(str(cell) for row in rows for cell in row)
    assert all(title in said for title in titles)
