"""Two versions of a plan: corrected by selecting and by typing, overtaken, compared, adopted; corrections are kept."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.walkthrough.browser import PHONE, WIDE, Visitor
from tests.walkthrough.conftest import Open

HEAD = "昌江区2023年水环境整治工作要点{mark}\n\n一、重点任务\n"
CLAUSES = (
    "排查入河排污口120个以上，逐口建立一口一档。6月底前完成。（牵头单位：区生态环境局；配合单位：区工信局）",
    "推进化工企业分类整治，完成清洁生产审核15家。9月底前完成。（责任单位：区工信局）",
    "新建污水管网6.5公里，改造雨污混接点30处。12月底前完成。（责任单位：区住建局）",
    "清理河面漂浮物，保持水面清洁。9月底前清理完毕。（责任单位：区农业农村水利局）",
)
# The script selects as a hand does: from one character of the document to another.
_SELECT = """(words) => {
  for (const line of document.querySelectorAll(".room-text .line-text")) {
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.nodeValue.indexOf(words);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + words.length);
      line.scrollIntoView({ block: "center" });
      const selection = document.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      return true;
    }
  }
  return false;
}"""


def _text(mark: str, *clauses: str) -> str:
    return HEAD.format(mark=mark) + "".join(f"{n}.{one}\n" for n, one in enumerate(clauses, start=1))


def _paste(visitor: Visitor, path: str, text: str) -> None:
    visitor.go(path)
    visitor.page.locator("textarea[name=text]").fill(text)
    visitor.page.locator("main form button[type=submit]").last.click()


def _select(visitor: Visitor, words: str, what: str) -> None:
    """Selects words of the document and says what they are."""
    assert visitor.page.evaluate(_SELECT, words), words
    tool = visitor.page.locator("[data-selecting]")
    expect(tool).to_be_visible()
    expect(tool.locator("[data-words]")).to_have_text(words)
    tool.locator(f"button[value={what}]").click()
    visitor.page.wait_for_load_state()


def _card(visitor: Visitor, words: str) -> str:
    """Fields of the measure whose title holds these words, as the reading room shows them."""
    return visitor.page.locator("article.measure-card", has_text=words).first.inner_text()


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_corrections_stay_from_one_version_to_the_next(open_window: Open, size: tuple[int, int]) -> None:
    clerk = open_window("clerk", size)
    page = clerk.page
    mark = "" if size is WIDE else "（续）"
    _paste(clerk, "/plans/new/", _text(mark, *CLAUSES))
    page.wait_for_url(re.compile(r"/plans/\d+/$"))
    room = page.url.removeprefix(clerk.site.address)

    # By selecting: a unit named in another clause takes part in this one, its characters are kept.
    _select(clerk, "改造雨污混接点30处", "title")
    expect(page.locator(".alert, .messages").first).to_contain_text("已更正")
    assert "改造雨污混接点30处" in _card(clerk, "改造雨污混接点30处")
    page.evaluate(_SELECT, "区工信局")
    expect(page.locator("[data-selecting]")).to_be_visible()
    page.evaluate("window.scrollTo(0, 0)")
    clerk.look("selecting")

    # By typing, with the compiler's value beside it.
    clerk.go(room)
    page.locator("article.measure-card", has_text="清理河面漂浮物").locator(".correct-link").click()
    page.wait_for_url(re.compile(r"/measures/\d+/$"))
    page.locator("#title").fill("清理漂浮物")
    page.locator("input[name=text-lnew]").fill("8月底前")
    page.locator("#correct button[type=submit]").click()
    expect(page.locator(".corrections").first).to_contain_text("清理漂浮物")
    expect(page.locator(".corrections").first).to_contain_text("清理河面漂浮物")
    clerk.look("measure")

    # A second version: renumbered, edited, one dropped, one added.
    edited = CLAUSES[0].replace("120个", "150个")
    added = "推进节水型社会建设，创建节水单位8家。10月底前完成。（责任单位：区农业农村水利局）"
    _paste(clerk, f"{room}versions/", _text(mark, added, CLAUSES[3], CLAUSES[2], edited))
    page.wait_for_url(re.compile(r"/versions/2/compare/$"))
    expect(page.locator("ins").first).to_be_visible()
    assert page.locator("del").all_inner_texts() == ["2"]
    assert page.locator("ins").all_inner_texts() == ["5"]
    clerk.look("compare")
    page.locator(".relink summary").first.click()
    # Below the bar at the top a button counts as covered.
    page.evaluate("window.scrollTo(0, 0)")
    clerk.look("compare-link")
    page.locator("button[value=adopt]").click()
    page.wait_for_load_state()
    clerk.look("adopted")
    clerk.go(f"{room}versions/")
    clerk.look("versions")
    assert page.locator(".versions tbody tr").count() == 2
    clerk.go(f"{room}versions/1/")
    clerk.look("version-before")
    clerk.go(room)
    assert "8月底前" in _card(clerk, "清理漂浮物")
    assert page.locator("article.measure-card", has_text="改造雨污混接点30处").count() == 1
    clerk.go(f"{room}corrections/")
    assert page.locator(".corrections tbody tr").count() == 3
    clerk.look("corrections")

    # In English nothing of the pages is left in Chinese.
    page.locator("form[action*='i18n'] button, form[action*=language] button").first.click()
    page.wait_for_load_state()
    for path in ("corrections/", "versions/", "versions/2/compare/?kind=all"):
        clerk.go(room + path)
        clerk.look(f"english-{re.sub('[^a-z]+', '-', path)}")
    page.locator("form[action*='i18n'] button, form[action*=language] button").first.click()


def test_who_comes_second_keeps_what_was_typed(open_window: Open) -> None:
    first, second = open_window("clerk"), open_window("clerk")
    _paste(first, "/plans/new/", _text("（两人）", *CLAUSES))
    first.page.wait_for_url(re.compile(r"/plans/\d+/$"))
    link = str(first.page.locator(".correct-link").first.get_attribute("href"))
    first.go(link)
    second.go(link)
    first.page.locator("#title").fill("先改的标题")
    first.page.locator("#correct button[type=submit]").click()
    expect(first.page.locator(".corrections")).to_be_visible()
    second.page.locator("#number").fill("1.1")
    second.page.locator("#correct button[type=submit]").click()
    expect(second.page.locator(".overtaken")).to_contain_text("先改的标题")
    expect(second.page.locator("#number")).to_have_value("1.1")
    expect(second.page.locator("#title")).to_have_value("先改的标题")
    second.look("overtaken")
    second.page.locator("#correct button[type=submit]").click()
    expect(second.page.locator(".overtaken")).to_have_count(0)
    expect(second.page.locator("#number")).to_have_value("1.1")
    expect(second.page.locator("#title")).to_have_value("先改的标题")


def test_an_issued_plan_asks_for_a_reason_by_keyboard_only(open_window: Open) -> None:
    clerk = open_window("clerk")
    key = clerk.site.rows("SELECT id FROM plan_plan WHERE sample AND state = 'issued' ORDER BY id LIMIT 1")[0][0]
    clerk.go(f"/plans/{key}/")
    link = str(clerk.page.locator(".correct-link").first.get_attribute("href"))
    clerk.go(link)
    clerk.page.locator("#number").focus()
    clerk.page.keyboard.press("Control+A")
    clerk.page.keyboard.type("1.1")
    clerk.page.locator("#reason").focus()
    clerk.page.keyboard.type("区政府会议纪要")
    clerk.page.keyboard.press("Enter")
    expect(clerk.page.locator(".corrections")).to_contain_text("区政府会议纪要")
    rows = clerk.site.rows("SELECT number FROM plan_task WHERE plan_id = ? AND parent_id IS NULL ORDER BY 1", key)
    assert ("1.1",) in [tuple(row) for row in rows]
