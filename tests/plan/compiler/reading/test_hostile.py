"""Files made to harm: refused with a message, never a crash, never much memory."""

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.plan.compiler.reading.samples import (
    W,
    abstract,
    docx,
    item,
    level,
    num,
    ofd,
    ole,
    p,
    pdf,
    row,
    table,
    zipped,
)

from anlan.plan.compiler.reading import Unreadable, limits, read


def code(data: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read(data)
    assert refused.value.zh
    assert refused.value.en
    return refused.value.code


def test_a_file_above_the_limit_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FILE_BYTES", 5)
    assert read(b"12345").text == "12345"
    assert code(b"123456") == "too_large"


def test_a_zip_bomb_is_refused_by_its_ratio() -> None:
    # 11 MB of spaces deflate to some 11 kB, 1000:1.
    assert code(zipped({"word/document.xml": " " * (11 * limits.MB)})) == "unsafe"


def test_a_part_above_its_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PART_BYTES", 100)
    assert code(docx(p("正文"))) == "too_large"


def test_parts_that_are_too_large_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    sample = docx(p("正文"))
    with zipfile.ZipFile(io.BytesIO(sample)) as archive:
        total = sum(entry.file_size for entry in archive.infolist())
        largest = max(entry.file_size for entry in archive.infolist())
    monkeypatch.setattr(limits, "UNPACKED_BYTES", total)
    assert read(sample).text == "正文"
    monkeypatch.setattr(limits, "UNPACKED_BYTES", largest + 1)
    assert code(sample) == "too_large"


def test_too_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PARTS", 3)
    assert code(zipped({f"word/{i}": "" for i in range(4)})) == "too_large"


def test_pictures_in_a_document_are_never_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = {"word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{p("正文")}</w:body></w:document>'}
    monkeypatch.setattr(limits, "UNPACKED_BYTES", 10_000)
    assert read(zipped({**parts, "word/media/image1.emf": " " * 1_000_000})).text == "正文"


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("head", [LAUGHS, OUTSIDE, "<!DOCTYPE x>", '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">'])
def test_a_document_type_in_a_word_file_is_refused(head: str) -> None:
    body = f'{head}<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>'
    # libxml2 itself refuses an entity that was never declared, as damage.
    assert code(zipped({"word/document.xml": body})) in {"unsafe", "damaged"}
    assert code(zipped({"word/document.xml": body.replace("&a;", "")})) == "unsafe"


@pytest.mark.parametrize("deep", [20, 60, 5_000])
def test_tables_nested_without_end_are_read_or_refused(deep: int) -> None:
    body = p("深处")
    for _ in range(deep):
        body = table(row(body))
    # Three elements a table, and libxml2 reads no more than 256 levels.
    if 3 * deep < 250:
        assert read(docx(body)).text == "深处"
    else:
        assert code(docx(body)) == "damaged"


def test_a_zip_with_a_password_is_called_encrypted() -> None:
    data = bytearray(zipped({"word/document.xml": "x"}))
    # Bit 0 of the flags, at 6 in the local header and at 8 in the central one.
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert code(bytes(data)) == "encrypted"


@pytest.mark.parametrize("keep", [4, 30, 300, -1, -30])
def test_a_zip_cut_short_is_called_damaged(keep: int) -> None:
    assert code(docx(p("正文"))[:keep]) == "damaged_zip"


@pytest.mark.parametrize(
    "data",
    [
        b"<!-- a -->" * 1_900 + "区".encode(),
        "密级".encode() + b" " * 1_000_000 + b"\n.",
        ("机" + " " * 1_000).encode() * 1_000,
        b"MIME-Version" + b": a\nMIME-Version" * 300,
        b"<html>" + b"<td rowspan=9999 colspan=9999>" * 20_000 + b"x",
    ],
    ids=["comments", "blanks", "gaps", "headers", "spans"],
)
def test_text_made_to_keep_patterns_busy_is_read_at_once(data: bytes) -> None:
    # A pattern that tries every way to cut these up would never come back; a test run that ends shows that none does.
    assert read(data).text


def test_names_that_climb_out_of_the_zip_are_only_names() -> None:
    parts = {"word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{p("正文")}</w:body></w:document>'}
    escape = '<R><Relationship Type="x/styles" Target="../../../../etc/passwd"/></R>'
    assert read(zipped({**parts, "../../evil": "x", "word/_rels/document.xml.rels": escape})).text == "正文"


SAMPLES = [
    docx(
        item("总体要求") + table(row(p("甲"), p("乙"))) + item("目标", 1),
        abstract(level(0, "chineseCounting", "%1、") + level(1, "decimal", "%1.%2")) + num(),
        header1=p("页眉"),
    ),
    pdf([["一、总体要求", "（一）目标"], ["二、保障"]], picture=True),
    '<html><meta charset="gb2312"><body><table><tr><td rowspan=2>甲<td>乙</table><ol><li>丙</ol></body></html>'.encode(
        "gbk"
    ),
    ofd([(20, 20, "标题"), (20, 30, "正文")]),
    ole("WordDocument", "1Table"),
    b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="B"\n\n--B\n'
    b"Content-Type: text/html\n\n<p>x</p>\n--B--",
    "一、总体要求\n区发改委牵头".encode("gb18030"),
    "一、总体要求\n区发改委牵头".encode("utf-16"),
]


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read_or_refuse(data: bytes) -> None:
    """Read; any exception but Unreadable fails the test."""
    source = None
    refused = None
    try:
        source = read(data)
    except Unreadable as reason:
        refused = reason
    if source is not None:
        assert source.text
        assert all(remark.zh and remark.en for remark in source.remarks)
    else:
        assert refused is not None
        assert refused.zh
        assert refused.en


EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8)


def edited(data: bytes, edits: list[tuple[float, int]], keep: float) -> bytes:
    """Data with bytes at relative places replaced, cut to a share of its length."""
    changed = bytearray(data)
    for place, value in edits:
        changed[min(int(place * len(changed)), len(changed) - 1)] = value
    return bytes(changed[: max(1, int(keep * len(changed)))])


@pytest.mark.parametrize("sample", SAMPLES, ids=["docx", "pdf", "html", "ofd", "doc", "mht", "gb18030", "utf16"])
@given(edits=EDITS, keep=st.sampled_from([1.0, 1.0, 0.99, 0.7, 0.3]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_flipped_or_missing_bytes_crash_the_reading(
    sample: bytes, edits: list[tuple[float, int]], keep: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    read_or_refuse(edited(sample, edits, keep))


@pytest.mark.parametrize("sample", [SAMPLES[0], SAMPLES[3]], ids=["docx", "ofd"])
@given(choice=st.integers(0, 20), edits=EDITS, keep=st.sampled_from([1.0, 1.0, 0.7]))
@settings(max_examples=100, deadline=None)
def test_no_damage_inside_a_sound_zip_crashes_the_reading(
    sample: bytes, choice: int, edits: list[tuple[float, int]], keep: float
) -> None:
    parts = unpacked(sample)
    name = sorted(parts)[choice % len(parts)]
    read_or_refuse(zipped({**parts, name: edited(parts[name], edits, keep)}))


ELEMENTS = "p r t tbl tr tc sdt sdtContent ins del pPr rPr numPr numId ilvl vanish br sym txbxContent AlternateContent"


@given(st.lists(st.tuples(st.sampled_from(ELEMENTS.split()), st.booleans(), st.integers(-2, 40_000)), max_size=40))
@settings(max_examples=150, deadline=None)
def test_no_order_of_word_elements_crashes_the_reading(steps: list[tuple[str, bool, int]]) -> None:
    body = ""
    opened: list[str] = []
    for name, close, value in steps:
        if close and opened:
            body += f"文</w:{opened.pop()}>"
        else:
            opened.append(name)
            body += f'<w:{name} w:val="{value}">'
    body += "".join(f"</w:{name}>" for name in reversed(opened))
    read_or_refuse(docx(p("文") + body, abstract(level(0, "decimal", "%1.")) + num()))


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_bytes_at_all_crash_the_reading(data: bytes) -> None:
    read_or_refuse(data)


@pytest.mark.parametrize(
    "magic", [b"PK\x03\x04", b"%PDF-1.7\n", b"{\\rtf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html"]
)
@given(st.binary(max_size=2_000))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_behind_a_signature_crash_the_reading(
    magic: bytes, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    monkeypatch.setenv("PATH", "")
    read_or_refuse(magic + data)
