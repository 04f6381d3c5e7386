"""Word documents: what stands on the page becomes lines, what does not is left out and said."""

import io

import docx as python_docx
import pytest
from tests.plan.compiler.reading.samples import abstract, docx, item, level, num, p, row, table, zipped

from anlan.plan.compiler.reading import Format, Unreadable, read


def text(body: str, **parts: str) -> str:
    return read(docx(body, **parts)).text


def codes(body: str, **parts: str) -> dict[str, str]:
    return {remark.code: remark.arguments["count"] for remark in read(docx(body, **parts)).remarks}


def run(inside: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr>{inside}</w:r>"


def test_a_document_written_by_python_docx_reads_in_order() -> None:
    document = python_docx.Document()
    document.add_paragraph("工作要点")
    document.add_paragraph("")
    sheet = document.add_table(rows=2, cols=2)
    for cell, words in zip((c for r in sheet.rows for c in r.cells), ["序号", "任务", "1", "截污"], strict=True):
        cell.text = words
    document.add_paragraph("　　结尾")
    buffer = io.BytesIO()
    document.save(buffer)
    source = read(buffer.getvalue(), "要点.txt")
    assert source.text == "工作要点\n\n序号\t任务\n1\t截污\n　　结尾"
    assert source.format is Format.DOCX
    assert [remark.code for remark in source.remarks] == ["named_otherwise"]


def test_paragraphs_of_a_cell_are_joined_by_a_space_and_breaks_do_not_split_a_row() -> None:
    cell = p("第一段") + p() + f"<w:p>{run('<w:t>第二</w:t><w:br/><w:t>段</w:t><w:tab/><w:t>末</w:t>')}</w:p>"
    assert text(table(row(cell, p("乙")))) == "第一段 第二 段 末\t乙"


def test_merged_cells_print_once() -> None:
    wide = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p("宽")
    top = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + p("高")
    below = "<w:tcPr><w:vMerge/></w:tcPr>" + p()
    assert text(table(row(wide, p("甲")), row(top, p("乙")), row(below, p("丙")))) == "宽\t甲\n高\t乙\n\t丙"


def test_a_table_inside_a_cell_is_flattened_into_its_row() -> None:
    assert text(table(row(table(row(p("内一"), p("内二"))) + p(), p("外")))) == "内一 内二\t外"


def test_content_controls_links_smart_tags_and_field_results_are_kept() -> None:
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{p('控件')}</w:sdtContent></w:sdt>"
    field = (
        run('<w:fldChar w:fldCharType="begin"/>')
        + run("<w:instrText>PAGEREF x</w:instrText>")
        + run('<w:fldChar w:fldCharType="separate"/>')
        + run("<w:t>12</w:t>")
        + run('<w:fldChar w:fldCharType="end"/>')
    )
    inline = (
        f"<w:p><w:hyperlink>{run('<w:t>链接</w:t>')}</w:hyperlink><w:smartTag>{run('<w:t>标签</w:t>')}</w:smartTag>"
    )
    assert text(control + inline + field + "</w:p>") == "控件\n链接标签12"


def test_a_circled_number_drawn_as_a_field_is_printed() -> None:
    field = run('<w:fldChar w:fldCharType="begin"/>') + run(r"<w:instrText>eq \o\ac(○,</w:instrText>")
    field += run("<w:instrText>3)</w:instrText>") + run('<w:fldChar w:fldCharType="end"/>') + run("<w:t>截污</w:t>")
    assert text(f"<w:p>{field}</w:p>") == "③截污"


def test_insertions_stay_and_deletions_go_with_a_remark() -> None:
    body = f"<w:p><w:ins>{run('<w:t>新</w:t>')}</w:ins><w:del>{run('<w:delText>旧</w:delText>')}</w:del></w:p>"
    assert text(body) == "新"
    assert codes(body) == {"tracked_changes": "2"}


def test_a_paragraph_whose_mark_was_deleted_runs_on_into_the_next() -> None:
    body = p("前半", "<w:rPr><w:del/></w:rPr>") + p("后半")
    assert text(body) == "前半后半"


def test_a_numbered_paragraph_that_was_deleted_counts_no_more() -> None:
    gone = '<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr></w:pPr>'
    gone += f"<w:del>{run('<w:delText>旧</w:delText>')}</w:del></w:p>"
    numbering = abstract(level(0, "decimal", "%1.")) + num()
    assert read(docx(item("甲") + gone + item("乙"), numbering)).text == "1.甲\n2.乙"


def test_hidden_text_is_left_out_with_a_remark() -> None:
    body = f"<w:p>{run('<w:t>见</w:t>')}{run('<w:t>不见</w:t>', '<w:vanish/>')}</w:p>"
    shown = run("<w:t>又见</w:t>", '<w:vanish w:val="0"/>')
    body += f"<w:p>{shown}</w:p>"
    assert text(body) == "见\n又见"
    assert codes(body) == {"hidden_text": "1"}


def test_text_hidden_by_its_style_is_left_out() -> None:
    style = '<w:style w:styleId="V"><w:rPr><w:vanish/></w:rPr></w:style>'
    body = p("见") + p("不见", '<w:pStyle w:val="V"/>') + p("又见")
    assert read(docx(body, styles=style)).text == "见\n又见"


def box(words: str) -> str:
    return f"<w:txbxContent>{p(words)}</w:txbxContent>"


def test_a_text_box_in_both_renderings_is_read_once_after_its_paragraph() -> None:
    both = (
        f"<mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box('框')}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box('框')}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    assert text(f"<w:p>{run(both)}{run('<w:t>锚</w:t>')}</w:p>{p('后')}") == "锚\n框\n后"


def test_a_text_box_that_only_the_fallback_has_is_read() -> None:
    old = "<mc:AlternateContent><mc:Choice><w:drawing/></mc:Choice>"
    old += f"<mc:Fallback><w:pict>{box('框')}</w:pict></mc:Fallback></mc:AlternateContent>"
    assert text(f"<w:p>{run(old)}</w:p>") == "\n框"


def test_breaks_tabs_hyphens_and_symbols_print_as_characters() -> None:
    inside = '<w:t>一</w:t><w:br/><w:t>二</w:t><w:br w:type="page"/><w:t>三</w:t><w:tab/><w:noBreakHyphen/>'
    inside += '<w:sym w:font="Wingdings" w:char="F0FE"/><w:sym w:font="Wingdings" w:char="F0AB"/>'
    assert text(f"<w:p>{run(inside)}</w:p>") == "一\n二\n三\t-☑★"


def test_an_unknown_symbol_is_shown_as_one() -> None:
    body = "<w:p><w:r><w:t>甲</w:t><w:sym w:font='Webdings' w:char='F0FE'/><w:sym w:char='x'/></w:r></w:p>"
    assert text(body) == "甲\ufffd\ufffd"
    assert codes(body) == {"unknown_symbols": "2"}


def test_notes_comments_and_embedded_files_are_left_out_with_a_remark() -> None:
    inside = "<w:t>正文</w:t><w:footnoteReference/><w:endnoteReference/><w:commentReference/>"
    inside += "<w:object><OLEObject/></w:object>"
    body = f"<w:p>{run(inside)}</w:p>"
    assert text(body) == "正文"
    assert codes(body) == {"notes_left_out": "2", "comments_left_out": "1", "embedded_left_out": "1"}


def test_headers_and_footers_are_left_out() -> None:
    assert text(p("正文"), header1=p("页眉"), footer1=p("第1页")) == "正文"


def test_the_strict_namespace_reads_alike() -> None:
    strict = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
    data = zipped({"word/document.xml": f"<w:document {strict}><w:body>{p('正文')}</w:body></w:document>"})
    assert read(data).text == "正文"


def test_back_slashes_and_capitals_in_part_names_do_no_harm() -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    data = zipped({"Word\\Document.xml": f"<w:document {space}><w:body>{p('正文')}</w:body></w:document>"})
    assert read(data).text == "正文"


@pytest.mark.parametrize("body", ["", p(), f"<w:p>{run('<w:drawing/>')}</w:p>"])
def test_a_document_without_text_is_refused(body: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(docx(body))
    assert refused.value.code == "no_text"
