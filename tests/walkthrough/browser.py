"""A person at a browser, and what every page has to stand up to when it is looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response
from tests.walkthrough.installation import ROOT, Installation

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
HAN = re.compile("[㐀-䶿一-鿿豈-﫿]")
WIDE, PHONE = (1440, 900), (390, 844)

# WCAG 2.2 at A and AA, as the product promises; what axe calls best practice is advice.
_RUN_AXE = """async () => {
  const found = await axe.run(document, {
    resultTypes: ["violations"],
    runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
  });
  return found.violations.map((one) => [one.id, one.help, one.nodes.slice(0, 3).map((node) => node.target.join(" ")), one.nodes.length]);
}"""
# Texts and spoken attributes, without those that say of themselves that they are Chinese.
_TEXTS = """() => {
  const found = [];
  const foreign = (element) => element.closest("[lang]:not([lang^=en])") !== null;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (parent && !["SCRIPT", "STYLE", "TEXTAREA"].includes(parent.tagName) && !foreign(parent)) found.push(node.nodeValue);
  }
  for (const name of ["title", "aria-label", "placeholder", "alt", "data-title", "content"]) {
    document.querySelectorAll(`[${name}]`).forEach((element) => { if (!foreign(element)) found.push(element.getAttribute(name)); });
  }
  found.push(document.title);
  return found;
}"""
# Everything that reaches beyond the right edge, to name the culprit and not only the fact.
_WIDER = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().right > width + 1 && !one.closest(".table-responsive, .room-text"))
    .slice(0, 5).map((one) => one.tagName.toLowerCase() + "." + [...one.classList].join("."));
}"""
# Whether one sees where the keyboard is: some line or shadow around the element that has the focus.
_FOCUS = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  return { tag: one.tagName.toLowerCase(), text: (one.innerText || one.getAttribute("aria-label") || one.name || "").trim().slice(0, 40),
           shown: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none" };
}"""


@dataclass
class Visitor:
    """One browser window on an installation.

    `faults` collects what must never happen, whoever looks; `wrong` what is wrong with the pages looked at, all of
    which the end of the test tells.
    """

    context: BrowserContext
    site: Installation
    shots: Path | None
    faults: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"error in a script: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    @property
    def width(self) -> int:
        """Width of the window in CSS pixels."""
        size = self.page.viewport_size
        assert size
        return size["width"]

    def go(self, path: str) -> Response:
        """Opens a page of the installation."""
        answer = self.page.goto(self.site.address + path)
        assert answer
        return answer

    def look(self, name: str) -> None:
        """Checks the page that is open, notes everything that is wrong with it, and keeps its picture."""
        self.page.wait_for_load_state("networkidle")
        if self.shots:
            self.page.screenshot(path=self.shots / f"{name}-{self.width}.png", full_page=True)
        wrong = list(self.faults)
        self.faults.clear()
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        for rule, text, where, count in self.page.evaluate(_RUN_AXE):
            wrong.append(f"axe {rule}: {text}; {count} times, as at {where}")
        if self.width <= PHONE[0] and (wider := self.page.evaluate(_WIDER)):
            wrong.append(f"the page scrolls sideways: {wider}")
        if self.page.evaluate("document.documentElement.lang").startswith("en"):
            wrong += [f"Chinese on an English page: {text!r}" for text in self.chinese()[:10]]
        if wrong:
            self.wrong.append(f"{name} at {self.width}, {self.page.url}:\n  " + "\n  ".join(wrong))

    def chinese(self) -> list[str]:
        """Chinese texts of the page that are neither data of the installation nor marked with lang="zh"."""
        texts = [text for text in self.page.evaluate(_TEXTS) if text and HAN.search(text)]
        if not texts:
            return []
        # The longest first: a unit's name must not be cut out of the plan's title.
        data = sorted(_values(self.site.texts()), key=len, reverse=True)
        left = []
        for text in dict.fromkeys(" ".join(text.split()) for text in texts):
            rest = text
            for value in data:
                if value in rest:
                    rest = rest.replace(value, " ")
                    if not HAN.search(rest):
                        break
            # The language switch names the other language in its own words, and says so with lang.
            if HAN.search(rest):
                left.append(text)
        return left

    def focus(self) -> dict[str, Any]:
        """Element that has the keyboard: tag, text, and whether one sees it."""
        found: dict[str, Any] = self.page.evaluate(_FOCUS)
        return found

    def tab_to(self, text: str, limit: int = 80, tag: str = "") -> None:
        """Presses Tab until an element (of this tag, if one is given) with these words has the keyboard.

        Every stop on the way must be seen.
        """
        stops = []
        for _ in range(limit):
            self.page.keyboard.press("Tab")
            stop = self.focus()
            if stop["tag"] == "body":
                continue
            stops.append(stop["text"])
            assert stop["shown"], f"nobody sees that the keyboard is at {stop}"
            if text in stop["text"] and tag in ("", stop["tag"]):
                return
        raise AssertionError(f"the keyboard does not reach {text!r}; it went {stops}")

    def _console(self, message: ConsoleMessage) -> None:
        # An answer with a status of its own is judged where it comes in.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.site.address + "/", "data:", "blob:", "about:")):
            self.faults.append(f"a request leaves the machine: {request.url}")

    def _response(self, answer: Response) -> None:
        if answer.status >= 500 or (answer.status >= 400 and answer.request.resource_type != "document"):
            self.faults.append(f"{answer.status} for {answer.url}")


def _values(texts: Iterator[str]) -> set[str]:
    """Texts as pages print them: leaves of JSON, lines and the parts of a chapter, each of two characters or more."""
    found: set[str] = set()

    def take(value: Any) -> None:
        if isinstance(value, str):
            for line in value.splitlines():
                plain = " ".join(line.split())
                found.update(part for part in (plain, *plain.split(" / ")) if len(part) > 1 and HAN.search(part))
        elif isinstance(value, dict):
            for one in value.values():
                take(one)
        elif isinstance(value, list):
            for one in value:
                take(one)

    for text in texts:
        if text[:1] in "[{":
            try:
                take(json.loads(text))
                continue
            except json.JSONDecodeError:
                pass
        take(text)
    return found
