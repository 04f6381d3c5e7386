"""OFD files: text objects brought into lines by where they stand."""

import pytest
from tests.plan.compiler.reading.samples import ofd, zipped

from anlan.plan.compiler.reading import Format, Unreadable, read


def test_objects_become_lines_from_top_to_bottom_and_left_to_right() -> None:
    source = read(ofd([(60, 30.5, "右栏"), (20, 30, "左栏"), (20, 20, "标题")], [(20, 20, "第二页")]))
    # 左栏 and 右栏 differ by 0.5 mm, less than half of 4 mm: one line; the gap of 32 mm is more than a character.
    assert source.text == "标题\n左栏 右栏\n第二页\n"
    assert source.format is Format.OFD


def test_characters_set_one_by_one_join_without_gaps() -> None:
    assert read(ofd([(20, 20, "责"), (24, 20, "任"), (28, 20, "单位")])).text == "责任单位\n"


def test_a_page_that_is_missing_is_remarked_on() -> None:
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    parts = {
        "OFD.xml": f"<ofd:OFD {space}><ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:OFD>",
        "Doc_0/Document.xml": f'<ofd:Document {space}><ofd:Pages><ofd:Page BaseLoc="P0.xml"/>'
        '<ofd:Page BaseLoc="P1.xml"/></ofd:Pages></ofd:Document>',
        "Doc_0/P0.xml": f'<ofd:Page {space}><ofd:Content><ofd:TextObject Boundary="nan x" CTM="1"><ofd:TextCode X="a">'
        "正文</ofd:TextCode></ofd:TextObject></ofd:Content></ofd:Page>",
    }
    source = read(zipped(parts))
    assert source.text == "正文\n"
    assert [(r.code, r.arguments) for r in source.remarks] == [("pages_missing", {"count": "1"})]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"OFD.xml": "<OFD/>"}, "no_text"),
        ({"OFD.xml": "<OFD>"}, "damaged"),
        ({"OFD.xml": "<OFD><DocRoot>Doc_0/Document.xml</DocRoot></OFD>"}, "damaged"),
        ({"OFD.xml": "<OFD/>", "Encryptions.xml": "<E/>"}, "encrypted"),
        ({"OFD.xml": "<!DOCTYPE OFD><OFD/>"}, "unsafe"),
    ],
)
def test_files_without_text_say_why(parts: dict[str, str], code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(zipped(parts))
    assert refused.value.code == code
