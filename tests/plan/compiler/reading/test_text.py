"""Text files: every encoding an office saves in, and nothing that is no text."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.plan.compiler.model import Span
from anlan.plan.compiler.reading import Format, Unreadable, read

PLAN = "一、总体要求\n（一）区发改委牵头，12月底前完成35%以上。"
# All but control characters (dropped) and halves of surrogate pairs (not encodable). Never opens like another format.
WRITTEN = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).map(lambda text: f"一{text}")


@pytest.mark.parametrize(
    "data",
    [
        PLAN.encode(),
        PLAN.encode("utf-8-sig"),
        PLAN.encode("gb18030"),
        PLAN.encode("utf-16"),
        PLAN.encode("utf-16-le"),
        PLAN.encode("utf-16-be"),
        b"\xfe\xff" + PLAN.encode("utf-16-be"),
    ],
    ids=["utf8", "utf8-bom", "gb18030", "utf16-bom", "utf16-le", "utf16-be", "utf16-be-bom"],
)
def test_a_plan_reads_the_same_in_every_encoding(data: bytes) -> None:
    source = read(data)
    assert (source.text, source.format, source.remarks) == (PLAN, Format.TEXT, ())


def test_two_hanzi_in_gbk_are_enough() -> None:
    assert read("区委".encode("gbk")).text == "区委"


def test_gbk_that_happens_to_be_valid_utf8_is_taken_for_utf8() -> None:
    # 牵头 is C7 A3 CD B7 in GBK, which are two letters in UTF-8 too. No text of a sentence's length is both, and
    # valid UTF-8 is never doubted: that promise is worth more than a file of two characters.
    assert read("牵头".encode("gbk")).text == "\u01e3\u0377"


def test_ascii_in_utf16_is_not_taken_for_utf8_full_of_zeros() -> None:
    assert read("PM2.5 <= 35\n".encode("utf-16-le")).text == "PM2.5 <= 35\n"


@given(WRITTEN)
@settings(max_examples=200, deadline=None)
def test_any_valid_text_is_accepted_and_untouched(text: str) -> None:
    for data in (text.encode(), text.encode("utf-8-sig"), text.encode("utf-16")):
        assert read(data).text == text


@given(st.text(st.sampled_from("区发改委牵头负责年底前完成，。（）12%\n"), min_size=2))
@settings(max_examples=100, deadline=None)
def test_ordinary_chinese_is_recognised_in_gb18030(text: str) -> None:
    # 区 (C7 F8) is no UTF-8: without it two or three characters may happen to be (see above).
    assert read(f"区{text}".encode("gb18030")).text == f"区{text}"


@pytest.mark.parametrize("size", [64, 256, 4096])
@pytest.mark.parametrize("seed", range(30))
def test_random_bytes_are_refused_with_a_message(size: int, seed: int) -> None:
    with pytest.raises(Unreadable) as refused:
        read(random.Random(seed).randbytes(size))
    assert refused.value.zh
    assert ".docx" in refused.value.en


def test_zeros_are_no_text() -> None:
    with pytest.raises(Unreadable) as refused:
        read(bytes(1000))
    assert refused.value.code == "not_text"


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf"])
def test_an_empty_file_is_called_empty(data: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        read(data)
    assert refused.value.code == "empty"


def test_undecodable_bytes_become_a_mark_and_a_remark_with_its_place() -> None:
    # A truncated last character: 全 is three bytes in UTF-8, the last one is cut off.
    source = read("长江经济带发展工作要点全".encode()[:-1])
    assert source.text == "长江经济带发展工作要点\ufffd"
    (remark,) = source.remarks
    assert (remark.code, remark.arguments, remark.span) == ("undecodable", {"count": "1"}, Span(11, 12))
    assert "1 处" in remark.zh


def test_line_ends_become_line_feeds_and_control_characters_go_with_a_remark() -> None:
    source = read("一\r\n二\r三\n四\x0c五\x00\x07".encode())
    assert source.text == "一\n二\n三\n四\n五"
    # Dropped: NUL and BEL.
    assert [(r.code, r.arguments) for r in source.remarks] == [("controls_dropped", {"count": "2"})]


def test_decomposed_letters_and_odd_spaces_stay() -> None:
    text = "　e\u0301\u00a0\u200b一"
    assert read(text.encode()).text == text


def test_the_name_is_no_evidence_but_worth_a_remark() -> None:
    source = read("<html><body><p>正文</p></body></html>".encode(), "要点.doc")
    assert (source.text, source.format) == ("正文", Format.HTML)
    assert [(r.code, r.arguments["suffix"]) for r in source.remarks] == [("named_otherwise", "doc")]
    assert "网页" in source.remarks[0].zh


def test_a_name_that_tells_the_truth_is_not_remarked_on() -> None:
    assert read("正文".encode(), "要点.TXT").remarks == ()
