"""State-secret marks are seen wherever they stand; words about secrets are no marks."""

import pytest
from tests.plan.compiler.reading.samples import docx, ofd, p, pdf

from anlan.plan.compiler.reading import Unreadable, read

TITLE = "关于印发《2022年工作要点》的通知"


def marked(data: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read(data)
    assert refused.value.code == "classified"
    return refused.value.arguments["mark"]


@pytest.mark.parametrize(
    "mark",
    [
        "机密★1年", "绝密★长期", "秘密★", "机密 ★", "机　密★5年", "★秘密", "★ 机密", "秘密☆10年", "机密*1年",
        "秘密★6个月", "秘密", "绝 密", "机　密", "　秘密　", "秘密 10年", "密级：机密", "密级:秘密★3年", "（秘密★1年）",
        "【机密】",
        "000001 机密★1年 特急", "000001　机密　特急", "特急机密★1年", "份号：000123 秘密★1年", "密级\t秘密",
    ],
)  # fmt: skip
def test_a_mark_at_the_top_is_seen(mark: str) -> None:
    for text in (f"{mark}\n{TITLE}", f"\n\n{mark}\r\n{TITLE}"):
        assert "密" in marked(text.encode())


@pytest.mark.parametrize(
    "words",
    [
        "保守国家秘密和商业秘密",
        "做好机密文件管理。",
        "（三）涉及国家秘密、商业秘密、个人隐私的除外",
        "商业秘密★3年",
        "应当标注“机密★1年”字样",
        "★机密文件管理要严格",
        "秘密级以上文件",
        "机密性评估 * 1年一次",
        "绝密级、机密级、秘密级",
        "秘 书 处",
    ],
)
def test_words_about_secrets_are_no_mark(words: str) -> None:
    assert read(f"{words}\n{TITLE}".encode()).text == f"{words}\n{TITLE}"


def test_a_starred_mark_far_down_counts_and_a_bare_word_there_does_not() -> None:
    far = "\n".join(f"第{i}行" for i in range(100))
    assert marked(f"{far}\n附件 机密★1年".encode()) == "机密★1年"
    assert read(f"{far}\n秘密\n末".encode()).text.endswith("秘密\n末")


def test_the_message_says_that_nothing_was_stored_and_holds_no_other_word_of_the_file() -> None:
    with pytest.raises(Unreadable) as refused:
        read(f"机密★1年\n{TITLE}".encode())
    assert "未被保存" in refused.value.zh
    assert "nothing was stored" in refused.value.en
    assert TITLE not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("part", ["header1", "footer2"])
def test_a_mark_in_a_header_of_a_word_file_is_seen(part: str) -> None:
    assert marked(docx(p(TITLE), **{part: p("机密★1年")})) == "机密★1年"
    assert marked(docx(p(TITLE), **{part: p("秘 密")})) == "秘 密"


def test_a_mark_in_a_text_box_is_seen() -> None:
    box = (
        f"<w:p><w:r><w:pict><v:textbox><w:txbxContent>{p('秘密★1年')}</w:txbxContent></v:textbox></w:pict></w:r></w:p>"
    )
    assert marked(docx(p(TITLE) + box)) == "秘密★1年"


def test_a_mark_whose_star_is_a_symbol_is_seen() -> None:
    run = "<w:r><w:t>机密</w:t><w:sym w:font='Wingdings' w:char='F0AB'/><w:t>1年</w:t></w:r>"
    assert marked(docx(f"<w:p>{run}</w:p>" + p(TITLE))) == "机密★1年"


def test_a_mark_in_hidden_text_is_seen() -> None:
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>机密★1年</w:t></w:r></w:p>"
    assert marked(docx(hidden + p(TITLE))) == "机密★1年"


@pytest.mark.parametrize(
    "data",
    [
        pdf([["机密★1年", TITLE]]),
        ofd([(20, 20, "机密★1年"), (20, 40, TITLE)]),
        f"<html><p>机密★1年</p><p>{TITLE}</p></html>".encode(),
        f"机密★1年\n{TITLE}".encode("gb18030"),
    ],
    ids=["pdf", "ofd", "html", "gb18030"],
)
def test_a_mark_is_seen_in_every_format(data: bytes) -> None:
    assert marked(data) == "机密★1年"
