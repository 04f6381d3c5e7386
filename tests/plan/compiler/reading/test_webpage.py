"""Web pages: what a reader sees becomes lines; what only the browser needs goes."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.plan.compiler.reading import Format, Unreadable, limits, read


def text(body: str) -> str:
    return read(f"<!DOCTYPE html><html><head><title>题</title></head><body>{body}</body></html>".encode()).text


def test_blocks_and_breaks_are_lines_and_white_space_is_the_browsers() -> None:
    assert (
        text("<h1>要点</h1>\n<p>一、\n  总体<b>要求</b></p><div>甲<br>乙<br/>丙</div>尾")
        == "要点\n一、 总体要求\n甲\n乙\n丙\n尾"
    )


def test_entities_become_characters_and_nbsp_a_space() -> None:
    assert text("<p>&nbsp;&nbsp;&ldquo;三线&rdquo;&#20108;&amp;&lt;5&nbsp;km</p>") == "  “三线”二&<5 km"


def test_scripts_styles_controls_and_navigation_go() -> None:
    body = "<nav>首页</nav><script>var a='<p>x</p>'</script><style>p{}</style><p>正文</p><select><option>选</select>"
    assert (
        text(body + "<button>提交</button><textarea>写</textarea><noscript>请开启</noscript><iframe></iframe>")
        == "正文"
    )


def test_a_form_round_the_whole_page_is_not_navigation() -> None:
    assert text('<form id="aspnetForm"><input value="x"><p>正文</p></form>') == "正文"


def test_hidden_elements_go_with_a_remark() -> None:
    source = read("<html><p>见<span style='display: none'>不见</span></p><p hidden>不见</p></html>".encode())
    assert source.text == "见"
    assert [(r.code, r.arguments) for r in source.remarks] == [("hidden_text", {"count": "2"})]


def test_a_footer_of_links_goes_and_one_of_text_stays() -> None:
    assert text("<p>正文</p><footer><a>网站地图</a> <a>联系我们</a></footer>") == "正文"
    assert text("<header><h1>区政府文件</h1><a>打印</a></header><p>正文</p>") == "区政府文件\n打印\n正文"


def test_a_table_is_one_row_a_line() -> None:
    rows = "<tr><th>序号<th>任务</tr><tr><td>1</td><td><p>截污</p><p>纳管</p></td></tr>"
    assert text(f"<table><caption>表一</caption>{rows}</table>") == "表一\n序号\t任务\n1\t截污 纳管"


def test_a_cell_that_spans_rows_leaves_empty_cells_below() -> None:
    rows = "<tr><td rowspan=2>甲</td><td colspan=2>乙</td><td rowspan=2>丙</td></tr><tr><td>丁</td><td>戊</td></tr>"
    # 甲 stands in column 0, 乙 in 1 and 2, 丙 in 3: below there are an empty cell, 丁, 戊 and an empty cell.
    assert text(f"<table>{rows}</table>") == "甲\t乙\t丙\n\t丁\t戊\t"


def test_a_table_that_lays_out_the_page_is_no_table() -> None:
    inner = "<table><tr><td>1</td><td>截污</td></tr></table>"
    assert text(f"<table><tr><td>侧栏</td><td><p>一</p><p>二</p>{inner}</td></tr></table>") == "侧栏\n一\n二\n1\t截污"


def test_a_cell_that_holds_an_article_is_no_cell() -> None:
    article = "".join(f"<p>第{i}段</p>" for i in range(20))
    assert text(f"<table><tr><td>侧栏</td><td>{article}</td></tr></table>").split("\n")[:3] == [
        "侧栏",
        "第0段",
        "第1段",
    ]


def test_ordered_lists_print_their_numbers_as_browsers_do() -> None:
    assert text("<ol><li>甲<li>乙<ol type=a start=3><li>丙</ol></ol><ul><li>丁</ul>") == "1. 甲\n2. 乙\nc. 丙\n丁"
    assert text('<ol style="list-style:none"><li>一、甲</ol>') == "一、甲"


def test_preformatted_text_keeps_its_lines_and_spaces() -> None:
    assert text("<pre>一\n  二</pre>") == "一\n  二"


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "gb18030", "utf-8"])
def test_the_declared_encoding_is_used_and_a_false_one_survived(declared: str) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body>区政府㎡</body></html>'
    assert read(page.encode("gb18030")).text == "区政府㎡"
    assert read(page.encode()).text == "区政府㎡"


def test_big5_is_read_when_declared() -> None:
    page = '<html><meta http-equiv="Content-Type" content="text/html; charset=big5"><p>責任單位：環保局負責</p></html>'
    assert read(page.encode("big5")).text == "責任單位：環保局負責"


def test_a_page_in_utf16_is_a_page() -> None:
    assert read("<html><p>区政府</p></html>".encode("utf-16")).format is Format.HTML


def test_a_text_that_mentions_tags_is_a_text() -> None:
    assert read("一、<p>为段落".encode()).format is Format.TEXT


@pytest.mark.parametrize("tag", ["div", "span", "b", "table><tr><td", "header", "ol><li", "font"])
def test_a_hundred_thousand_nested_tags_are_read_through(tag: str) -> None:
    assert "深处" in read(f"<html><body>{f'<{tag}>' * 100_000}深处".encode()).text


def test_tables_nested_beyond_the_limit_lose_no_text() -> None:
    deep = 2 * limits.TABLE_DEPTH
    page = "".join(f"<table><tr><td>{i}" for i in range(deep)) + "</table>" * deep + "<p>后</p>"
    assert text(page).split() == [*(str(i) for i in range(deep)), "后"]


def test_entities_of_its_own_are_not_expanded() -> None:
    bomb = (
        '<!DOCTYPE html [<!ENTITY a "啊啊啊"><!ENTITY x SYSTEM "file:///etc/hostname">]><html><p>&a;&x;正文</p></html>'
    )
    assert read(bomb.encode()).text.endswith("&a;&x;正文")


WORDS = st.sampled_from(["<p>", "</p>", "<td>", "</td>", "<tr>", "<table>", "</table>", "<header>", "</header>", "<b>"])


@given(st.lists(WORDS, max_size=30))
@settings(max_examples=150, deadline=None)
def test_text_after_any_jumble_of_tags_is_still_read(tags: list[str]) -> None:
    assert "正文" in text("".join(tags) + "正文")


MHT = """MIME-Version: 1.0
Content-Type: multipart/related; boundary="B"

--B
Content-Type: text/html; charset="gb2312"
Content-Transfer-Encoding: base64

{}
--B
Content-Type: image/png

x
--B--
"""


def test_a_web_archive_gives_its_page() -> None:
    page = base64.b64encode("<html><p>区政府</p></html>".encode("gb2312")).decode()
    source = read(MHT.format(page).encode(), "页面.doc")
    assert (source.text, source.format) == ("区政府", Format.MHT)
    assert [remark.code for remark in source.remarks] == ["named_otherwise"]


def test_a_web_archive_without_a_page_is_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        read(b"MIME-Version: 1.0\nContent-Type: image/png\n\nxxxx")
    assert refused.value.code == "no_text"


def test_parts_nested_without_end_are_refused_not_crashed_on() -> None:
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (i, i) for i in range(2000))
    with pytest.raises(Unreadable):
        read(b"MIME-Version: 1.0\n" + nested)
