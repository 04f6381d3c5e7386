"""PDF files: their text page by page, and a plain word where there is none."""

import pytest
from tests.plan.compiler.reading.samples import pdf

from anlan.plan.compiler.reading import Format, Unreadable, limits, read

LONG = "本页文字足够多，不会被当作扫描件，也不会超出版面。"


def code(data: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read(data)
    return refused.value.code


def test_pages_follow_each_other_and_each_ends_with_a_line_feed() -> None:
    source = read(pdf([["一、总体要求", "（一）目标"], ["二、保障"]]))
    assert source.text == "一、总体要求\n（一）目标\n二、保障\n"
    assert (source.format, source.remarks) == (Format.PDF, ())


def test_a_dash_at_the_end_of_a_line_is_not_lost() -> None:
    assert read(pdf([["实施期限2021-", "2023年"]])).text.replace("\n", "") == "实施期限2021-2023年"


def test_leading_blanks_before_the_header_do_no_harm() -> None:
    assert read(b"\r\n" + pdf([["正文"]])).text == "正文\n"


@pytest.mark.parametrize("pages", [[[]], [["扫描全能王"]], [["扫描全能王"], ["扫描全能王"]]])
def test_a_scan_is_refused_even_with_the_scanning_apps_stamp(pages: list[list[str]]) -> None:
    assert code(pdf(pages, picture=True)) == "scanned_pdf"


def test_a_short_text_without_a_picture_is_no_scan() -> None:
    assert read(pdf([["关于整治"]])).text == "关于整治\n"


def test_pages_that_are_scans_between_text_are_named() -> None:
    source = read(pdf([[f"{i}{LONG}" for i in range(5)], [], [LONG], []], picture=True))
    assert [(r.code, r.arguments) for r in source.remarks] == [("pages_without_text", {"pages": "2、4"})]


def test_text_in_private_characters_is_called_garbled() -> None:
    assert code(pdf([["\ue123\ue124\ue125\ue126" * 5]])) == "garbled_pdf"


def test_a_pdf_with_a_password_is_called_encrypted() -> None:
    keys = b"/Encrypt<</Filter/Standard/V 1/R 2/O(" + b"o" * 32 + b")/U(" + b"u" * 32 + b")/P -4>>/ID[<00><00>]"
    assert code(pdf([["正文"]], extra=keys)) == "encrypted"


def test_a_pdf_cut_short_is_called_damaged() -> None:
    assert code(pdf([["正文"]])[:200]) == "damaged"


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PAGES", 2)
    assert read(pdf([["甲页"], ["乙页"]])).text == "甲页\n乙页\n"
    assert code(pdf([["甲页"], ["乙页"], ["丙页"]])) == "too_large"
