"""English pages hold no Chinese but the district's own words: every page that each role can reach is read."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from tests import people
from tests.plan import small

from anlan.foundation.access.actor import actor_of
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.calc.installed import registry
from anlan.foundation.org.models import Group, Person, Unit
from anlan.plan import actions
from anlan.plan.models import Document, Plan, Question, QuestionKind

pytestmark = pytest.mark.django_db(databases=["default", "scratch", "readings"])

CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff01-\uff5e]+")
READ_OUT = ("title", "aria-label", "placeholder", "alt", "content")
# A role's pages are a few dozen; beyond this the crawl went in circles.
MOST_PAGES = 400
# A draft and an issued plan have different pages at the same sort of address.
MOST_OF_A_KIND = 3
VOID = {"meta", "link", "input", "img", "br", "hr", "use", "path", "col", "wbr"}


class Page(HTMLParser):
    """What a reader sees or hears of a page, without what says of itself that it is Chinese, and its links."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self._languages: list[bool] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        chinese = given.get("lang", "").startswith("zh") or bool(self._languages and self._languages[-1])
        if not chinese:
            self.texts += [given[name] for name in READ_OUT if name in given]
        if tag not in VOID:
            self._languages.append(chinese)
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self._languages:
            self._languages.pop()

    def handle_data(self, data: str) -> None:
        if not (self._languages and self._languages[-1]):
            self.texts.append(data)


def chinese(source: str, data: str) -> list[str]:
    """Chinese on a page that is no part of the data."""
    found = []
    for text in Page(source).texts:
        found += [run for run in CHINESE.findall(text) if run not in data]
    return found


def crawl(browser: Client, calculations: bool) -> Iterator[tuple[str, str]]:
    """Pages that can be reached from home by links, of one kind (path and names in the query) at most three.

    Every role sees the same pages of calculations: they are read once.
    """
    waiting, seen = ["/"], {"/"}
    kinds: Counter[str] = Counter()
    pages = 0
    while waiting:
        address = waiting.pop()
        response = browser.get(address)
        pages += 1
        assert pages <= MOST_PAGES, address
        if response.status_code == 302:
            # The version in force is the plan itself.
            moved = response["Location"]
            if moved not in seen:
                seen.add(moved)
                waiting.append(moved)
            continue
        assert response.status_code == 200, (address, response.status_code)
        if not response["Content-Type"].startswith("text/html"):
            people.finish(response)
            continue
        source = response.content.decode()
        yield address, source
        for link in Page(source).links:
            parts = urlsplit(urljoin(address, link))
            # The examples of calculations are data; the document of the API is another's page.
            if parts.netloc or parts.path == "/api/docs" or "example=" in parts.query:
                continue
            # The same words in another order, or as a file; filters are followed one at a time.
            if "sort=" in parts.query or "export=" in parts.query or parts.query.count("=") > 1:
                continue
            if parts.path.startswith("/calc/") and parts.path != "/calc/" and not calculations:
                continue
            kind = re.sub(r"/\d+/", "/0/", parts.path) + "?" + "&".join(sorted(re.findall(r"(\w+)=", parts.query)))
            goal = parts._replace(fragment="").geturl()
            if goal not in seen and kinds[kind] < MOST_OF_A_KIND:
                seen.add(goal)
                kinds[kind] += 1
                waiting.append(goal)


@pytest.fixture
def data() -> str:
    """A district with one draft and one issued plan; gives all its words."""
    units = small.district()
    office = people.account(Role.CLERK)
    actor = actor_of(office)
    actions.receive(actor, small.TEXT.encode(), "要点.txt")
    issued = actions.receive(actor, small.TEXT.replace("2024", "2023").encode(), "要点二.txt")
    actions.settle_unit(
        actor, Question.objects.get(measure__document__plan=issued, kind=QuestionKind.UNIT), units["区城管局"]
    )
    rest = list(Question.objects.filter(measure__document__plan=issued, closed_at__isnull=True))
    actions.waive(actor, issued, rest, "按原文执行")
    actions.issue(actor, issued, on=dt.date(2023, 3, 1))
    return words()


def words() -> str:
    texts = [*Document.objects.values_list("text", flat=True), "要点.txt 要点二.txt 按原文执行"]
    texts += [*Plan.objects.values_list("title", flat=True), *Group.objects.values_list("name", flat=True)]
    texts += [str(account) for account in Account.objects.all()]
    texts += [*Person.objects.values_list("name", flat=True), *Unit.objects.values_list("short_name", flat=True)]
    # Documents and rule versions have Chinese names in English, too; codes and units are data.
    for one in registry():
        texts += [one.source.en, one.note.en if one.note else "", *(version.name for version in one.versions)]
        texts += [given.title.en for given in one.inputs]
        texts += [text for out in one.outputs for text in (out.title.en, out.unit)]
        texts += [str(without_names(given.type.describe())) for given in one.inputs]
    return "\n".join(texts)


def without_names(spec: object) -> object:
    """Description of an input type without the Chinese names of its choices and parts."""
    if isinstance(spec, dict):
        return {key: without_names(value) for key, value in spec.items() if key != "zh"}
    return [without_names(one) for one in spec] if isinstance(spec, list | tuple) else spec


@pytest.mark.parametrize("role", Role)
def test_no_page_that_a_role_can_reach_holds_chinese_beside_the_data(role: Role, data: str) -> None:
    at = Unit.objects.get(short_name="区工信局") if role in (Role.HANDLER, Role.UNIT_LEADER) else None
    browser = people.client(people.account(role, at=at))
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    known = words()
    left, read = {}, set()
    for address, source in crawl(browser, calculations=role is Role.LEADER):
        read.add(re.sub(r"\d+", "0", address.partition("?")[0]))
        if found := chinese(source, known):
            left[address] = found[:5]
    assert left == {}
    assert "/calc/" in read
    if role is Role.CLERK:
        assert read >= {"/plans/", "/plans/0/", "/plans/0/settle/", "/tasks/", "/tasks/0/"}


def test_chinese_would_be_found() -> None:
    page = '<html lang="en"><p title="单位">Plan 区水利局，好</p><b lang="zh-hans">中文<br>两行</b><i>坏</i></html>'
    assert chinese(page, "区水利局") == ["单位", "区水利局，好", "坏"]
    assert chinese("<p>区水利局</p>", "区水利局") == []
