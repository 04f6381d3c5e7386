"""What a file is, is told by its content."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from tests.foundation.vault import samples

from anlan.foundation.vault import archives, types
from anlan.foundation.vault.sniffing import sniff
from anlan.settings import InputError


@pytest.fixture
def told(tmp_path: Path):  # type: ignore[no-untyped-def]
    def sniffed(data: bytes) -> types.Type:
        path = tmp_path / "file"
        path.write_bytes(data)
        return sniff(path)

    return sniffed


@pytest.mark.parametrize(
    "data, kind",
    [
        (samples.DOCX, types.DOCX),
        (samples.XLSX, types.XLSX),
        (samples.OFD, types.OFD),
        (samples.ODT, types.ODT),
        (samples.zipped({"照片.jpg": samples.JPEG}), types.ZIP),
        (samples.compound("WordDocument"), types.DOC),
        (samples.compound("1Table", "Workbook"), types.XLS),
        (samples.compound("PowerPoint Document"), types.PPT),
        (samples.PDF, types.PDF),
        (b"{\\rtf1\\ansi}", types.RTF),
        (samples.PNG, types.PNG),
        (samples.JPEG, types.JPEG),
        (b"II*\x00" + bytes(60), types.TIFF),
        (b"BM\x3a\x00\x00\x00\x00\x00\x00\x006\x00" + bytes(40), types.BMP),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(40), types.MP4),
        (samples.TEXT, types.TEXT),
        ("关于印发".encode("gb18030"), types.TEXT),
        ("关于印发".encode("utf-16"), types.TEXT),
        (b"\xef\xbb\xbf" + samples.TEXT, types.TEXT),
        # "BM" and "MZ" begin a bitmap and a program, and words as well.
        ("BM局、MZ局".encode(), types.TEXT),
        ("MZ局的报告".encode(), types.TEXT),
        (b"<?xml version='1.0'?><a/>", types.WORD_XML),
        (samples.HTML, types.HTML),
        (b"\xef\xbb\xbf  " + samples.HTML, types.HTML),
        (b"<?xml version='1.0'?>\n<!-- saved -->\n" + samples.HTML, types.HTML),
        ("<html>".encode("utf-16"), types.HTML),
        # What it says of its encoding does not matter, nor that its last character is cut in two.
        ("<html><meta charset=utf-8><p>方案".encode("gb18030")[:-1], types.HTML),
        ("<table><tr><td>方案".encode("big5"), types.HTML),
        (samples.MHT, types.MHT),
        (b"From: x\nMIME-Version: 1.0\nContent-Type: text/html\n\n<p>", types.MHT),
        # A text that mentions an element is a text.
        ("一、<p>是段落标记".encode(), types.TEXT),
    ],
)
def test_a_file_is_what_its_content_is(told, data: bytes, kind: types.Type) -> None:  # type: ignore[no-untyped-def]
    assert told(data) == kind


@pytest.mark.parametrize(
    "data, word",
    [
        (b"", "空"),
        (samples.ELF, "程序"),
        (samples.EXE, "程序"),
        (b"#!/bin/sh\nrm -r x\n", "程序"),
        (samples.SVG, "网页"),
        (b"<?xml version='1.0'?>" + samples.SVG, "网页"),
        ("说明文字在前\n<script>x</script>".encode(), "网页"),
        (samples.MACRO, "宏"),
        (samples.compound("EncryptedPackage"), "密码"),
        (samples.compound("VisioDocument"), "复合文件"),
        (samples.zipped({"安装.exe": b"x"}), "安装.exe"),
        (samples.zipped({"a/../../b.txt": b"x"}), "路径"),
        (b"\x00\x01\x02" * 50, "认不出"),
        (samples.DOCX[:-30], "损坏"),
    ],
)
def test_what_is_refused_says_what_it_is(told, data: bytes, word: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError) as refusal:
        told(data)
    assert word in refusal.value.speak("zh")
    assert refusal.value.speak("en").isascii() or "“" in refusal.value.speak("en")


def test_a_bomb_of_one_member_is_refused_by_its_ratio(told) -> None:  # type: ignore[no-untyped-def]
    # 11 MB of zeros pack to about 11 kB: 1000:1, and 11 MB is above the 10 MB from which the ratio matters.
    with pytest.raises(InputError, match="may be a bomb"):
        told(samples.zipped({"word/a.xml": bytes(11_000_000), "[Content_Types].xml": b""}))
    # The same ratio below 10 MB: an empty sheet may have it.
    assert told(samples.zipped({"word/a.xml": bytes(9_000_000), "[Content_Types].xml": b""})) == types.DOCX


def test_a_bomb_is_refused_by_all_members_together(told, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(archives, "UNPACKED_BYTES", 1_000)
    members: dict[str, bytes | str] = {f"{n}.txt": bytes(100) for n in range(10)}
    # 10 members of 100 bytes are 1 000: allowed. One byte more is not.
    assert told(samples.zipped(members)) == types.ZIP
    with pytest.raises(InputError, match="may be a bomb"):
        told(samples.zipped(members | {"x.txt": b"1"}))


def test_too_many_members_are_refused(told, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(archives, "MEMBERS", 3)
    assert told(samples.zipped({f"{n}.txt": b"x" for n in range(3)})) == types.ZIP
    with pytest.raises(InputError, match="4 members"):
        told(samples.zipped({f"{n}.txt": b"x" for n in range(4)}))


def test_a_member_that_lies_about_its_size_is_taken_for_damaged(told) -> None:  # type: ignore[no-untyped-def]
    data = bytearray(samples.zipped({"a.txt": b"1" * 5000}))
    # Uncompressed size in the central directory (PKWARE APPNOTE 4.3.12: offset 24), 5000 = 0x1388 made 16.
    at = data.index(b"PK\x01\x02") + 24
    assert data[at : at + 4] == (5000).to_bytes(4, "little")
    data[at : at + 4] = (16).to_bytes(4, "little")
    with pytest.raises(InputError, match="damaged"):
        told(bytes(data))


def test_an_encrypted_member_is_refused(told) -> None:  # type: ignore[no-untyped-def]
    data = bytearray(samples.zipped({"a.txt": b"1"}, zipfile.ZIP_STORED))
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(mark) + offset] |= 1
    with pytest.raises(InputError, match="password"):
        told(bytes(data))


def test_each_ending_is_written_with_a_dot_in_lower_case_and_each_type_has_its_own_media_type() -> None:
    for one in (*types.TYPES, *types.PAGES):
        assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in one.suffixes)
    assert len(types.BY_MEDIA_TYPE) == len(types.TYPES) + len(types.PAGES)
