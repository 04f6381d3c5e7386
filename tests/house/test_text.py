"""No file of the repository names a registry, a machine, an address on the web or a person's mail and phone."""

from __future__ import annotations

import re

import pytest
from tests.house.files import ROOT, repository_files, text_of

# Addresses that are names and not places to fetch from, each with its reason.
ALLOWED_ADDRESSES = {
    "http://www.apache.org/licenses": "the text of the licence",
    "http://schemas.openxmlformats.org/": "XML namespaces of Word files",
    "http://schemas.microsoft.com/": "XML namespaces of Word files",
    "http://www.w3.org/": "XML namespaces",
    "http://www.ofdspec.org/": "XML namespace of OFD files",
    "http://purl.oclc.org/ooxml/": "XML namespace of strict Word files",
    "http://127.0.0.1:": "this machine itself, at the port of a test's own server",
    "http://192.0.2.1/": "address kept for documentation (RFC 5737), in a hostile sample",
}
# Hosts that the rules of names keep for examples (RFC 2606): they lead nowhere, on the web and by mail.
NOWHERE = re.compile(r"(?:https?:/{2}|[\w.+-]+@)(?:[\w-]+\.)*example(?![\w.-])")
# The marks are put together here so that this file does not find itself.
SLASHES = ":" + "//"
AT = "@"
PATTERNS = {
    "a package registry": re.compile(
        r"\b(?:"
        + "|".join(
            (r"pypi\." + "org", "python" + "hosted", r"registry\.npm" + "js", r"npm" + r"js\.", "crates" + r"\.io")
        )
        + ")"
    ),
    "an address on the web": re.compile("(?:https?|ftp)" + SLASHES + r"[^\s\"'<>)`]*"),
    "a path of a machine": re.compile(
        r"(?<![\w.~*-])(?<!:/)/(?:" + "|".join(("work", "root", "home", "Users")) + r")(?=/|\b)|\b[A-Z]:\\\\?Users"
    ),
    "a mail address": re.compile(r"[\w.+-]+" + AT + r"[\w-]+\.[a-z][\w.-]*"),
    "a mobile phone": re.compile(r"(?<![0-9A-Za-z.])1[3-9]\d{9}(?![0-9A-Za-z.])"),
    # No subscriber's number begins with 0 or 1: those are for long-distance calls and services.
    "a telephone": re.compile(r"(?<![\d-])0\d{2,3}[-－][2-9]\d{6,7}(?!\d)"),
}
# One example of each, put together so that no line of this file holds it.
EXAMPLES = {
    "a package registry": "see pypi" + ".org for it",
    "an address on the web": "see https" + SLASHES + "example.cn/a",
    "a path of a machine": "in /ho" + "me/li/anlan",
    "a mail address": "to li" + AT + "example.cn",
    "a mobile phone": "电话：139" + "12345678",
    "a telephone": "电话：0798" + "-8123456",
}


def found(what: str, text: str) -> list[str]:
    hits = [match.group() for match in PATTERNS[what].finditer(text)]
    return [hit for hit in hits if not hit.startswith(tuple(ALLOWED_ADDRESSES)) and not NOWHERE.match(hit)]


@pytest.mark.parametrize("what", PATTERNS)
def test_no_file_of_the_repository_names(what: str) -> None:
    hits = {
        path.relative_to(ROOT).as_posix(): hit
        for path in repository_files()
        if (text := text_of(path)) is not None and (hit := found(what, text))
    }
    assert hits == {}


@pytest.mark.parametrize("what", PATTERNS)
def test_it_would_be_found(what: str) -> None:
    assert len(found(what, EXAMPLES[what])) == 1


def test_the_user_of_an_address_is_no_path() -> None:
    assert found("a path of a machine", "mysql" + SLASHES + "root:secret@h/x") == []
    assert len(found("a path of a machine", "file" + SLASHES + "/ro" + "ot/x")) == 1


def test_a_number_that_no_subscriber_can_have_may_stand_in_a_test() -> None:
    assert found("a telephone", "电话：0798" + "-1234567") == []
    assert found("a telephone", "电话：010" + "-62345678") == ["010" + "-62345678"]


def test_namespaces_are_no_addresses_to_fetch_from() -> None:
    assert found("an address on the web", "http" + SLASHES + "www.w3.org/1999/xhtml") == []


def test_only_a_host_that_is_kept_for_examples_leads_nowhere() -> None:
    assert found("an address on the web", "https" + SLASHES + "elsewhere.example/a") == []
    assert len(found("an address on the web", "https" + SLASHES + "elsewhere.example.net/a")) == 1
    assert found("a mail address", "li" + AT + "office.example") == []
    assert len(found("a mail address", "li" + AT + "example.net")) == 1
