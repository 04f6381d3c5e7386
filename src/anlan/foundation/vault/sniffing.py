"""What a file on the disk is, by its content; the name is no evidence. Reads in pieces, never the whole at once.

Own checks for what Chinese offices send (Word, WPS, OFD, old OLE files, texts in GB 18030); pictures and films are
told by puremagic. Programs and drawings with scripts have a refusal of their own, everything unknown a general one.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import BinaryIO, Final

import puremagic

from anlan.foundation.vault import archives, types
from anlan.foundation.vault.types import Type
from anlan.settings import InputError, Words

_HEAD: Final = 8192
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Windows and DOS, Linux, macOS in its four forms, Java, shortcut.
_PROGRAMS: Final = (
    b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe", b"L\x00\x00\x00\x01\x14\x02\x00", b"#!",
)  # fmt: skip
# What browsers take for a page when they sniff (WHATWG, MIME Sniffing 7.1), and what exported tables and saved pages
# open with, after declarations and comments. Atomic: a row of comments is not tried in every way it could be cut up.
# Other XML than XHTML may have a title or a table as well.
_PAGE: Final = re.compile(
    rb"(?>(?:\s|(?><!--.*?-->)|<\?[^>]*>|<!\[[^>]*>)*)"
    rb"<(?:(?P<page>!doctype\s+html|html)|head|body|meta|title|style|script|iframe|table|div|p|span|h[1-6]|center|font|a|br)[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
# What runs scripts wherever it stands: text that holds it, and drawings.
_SCRIPTED: Final = re.compile(rb"<(?:!doctype\s+html|html|script|iframe|svg)[\s>/]", re.IGNORECASE)
_MAIL_PAGE: Final = re.compile(rb"\A\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?MIME-Version:", re.IGNORECASE)
# Bytes that stand in no text; tab, line feed, form feed, carriage return, end of a DOS file and escape do.
_NO_TEXT: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1c-\x1f]")
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BY_ENDING: Final = {
    suffix: one for one in (*types.PICTURES, types.MP4) for suffix in one.suffixes
}  # puremagic answers with endings
# A guess below this rests on two or three bytes that anything may begin with.
_SURE: Final = 0.25


def sniff(path: Path) -> Type:
    """Type of the file. InputError for programs, text that hides scripts, damaged or encrypted containers, the unknown.

    Whether a type is wanted is for the caller to say: web pages are, as documents, and nowhere else.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if not head:
            raise InputError(Words("文件是空的，请检查是否选错了文件", "the file is empty: is it the one you meant?"))
        if head.startswith(_OLE):
            return _compound(file)
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return archives.kind(path)
        if _is_program(head):
            raise InputError(
                Words("文件是程序或脚本，文件库不接收程序", "the file is a program or script; the vault takes none")
            )
        start = head.lstrip(b"\xef\xbb\xbf \t\r\n\x00")
        if start.startswith(b"%PDF-"):
            return types.PDF
        if start.startswith(b"{\\rtf"):
            return types.RTF
        # By its bytes: what a page says of its encoding is often wrong, and broken characters make it no other thing.
        if page := _page(start):
            return page
        if text := _encoding(file):
            return _text(head.decode(text, "ignore").encode())
    return _media(head)


def _is_program(head: bytes) -> bool:
    if head.startswith(b"MZ"):
        # "MZ" may begin a text; a program has NUL bytes in its header, which no text has.
        return b"\x00" in head[:64]
    return head.startswith(_PROGRAMS)


def _encoding(file: BinaryIO) -> str | None:
    """Encoding in which the whole file is text, or None."""
    file.seek(0)
    begin = file.read(3)
    marked = next((name for bom, name in _BOMS if begin.startswith(bom)), None)
    for name in (marked,) if marked else ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(name)()
        file.seek(0)
        try:
            while piece := file.read(1 << 20):
                if _NO_TEXT.search(decoder.decode(piece)):
                    return None
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return name
    return None


def _page(start: bytes) -> Type | None:
    """Web page or web archive, if the beginning of a file is one of them."""
    if (found := _PAGE.match(start)) and (found["page"] or not start.startswith(b"<?xml")):
        return types.HTML
    return types.MHT if _MAIL_PAGE.match(start) and b"html" in start.lower() else None


def _text(head: bytes) -> Type:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if page := _page(start):
        return page
    if _SCRIPTED.search(head[:2048]):
        raise scripted()
    return types.WORD_XML if start.startswith(b"<?xml") else types.TEXT


def scripted() -> InputError:
    """Refusal of what may carry scripts."""
    return InputError(
        Words(
            "文件是网页，或夹带网页代码，可能带有脚本，这里不接收；请在 WPS 或 Word 中打开，另存为 .docx 后再上传",
            "the file is a web page or holds the code of one, which may carry scripts; "
            "open it in a word processor and save it as .docx",
        )
    )


def _media(head: bytes) -> Type:
    try:
        guesses = puremagic.magic_string(head)
    except puremagic.PureError:
        guesses = []
    for guess in guesses:
        if guess.confidence >= _SURE and guess.extension in _BY_ENDING:
            return _BY_ENDING[guess.extension]
    # A bitmap's own mark is two letters; its reserved bytes 6 to 9 are zero (BITMAPFILEHEADER).
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return types.BMP
    raise InputError(
        Words(
            "认不出文件的类型；请在原软件中另存为 .docx、.xlsx、.pdf 或图片后再上传",
            "the type of the file is not known; save it as .docx, .xlsx, .pdf or a picture, then upload that",
        )
    )


# --- OLE (MS-CFB): only the names below the root are needed ------------------------------------------------------

_NONE: Final = 0xFFFFFFFA
# Sectors of the directory that are followed: 1 000 of 512 bytes hold 4 000 entries.
_SECTORS: Final = 1_000
_STREAMS: Final = (
    ("WordDocument", types.DOC), ("Workbook", types.XLS), ("Book", types.XLS), ("PowerPoint Document", types.PPT),
)  # fmt: skip


def _compound(file: BinaryIO) -> Type:
    names = set(_names(file))
    if "EncryptedPackage" in names:
        raise archives.encrypted()
    for stream, found in _STREAMS:
        if stream in names:
            return found
    raise InputError(
        Words(
            "文件是旧版复合文件，但不是文档、工作簿或演示文稿（或已损坏）；请在原软件中另存为新格式后再上传",
            "the file is an old compound file, but no document, workbook or slides (or damaged); "
            "save it in a new format in the program it comes from",
        )
    )


def _names(file: BinaryIO) -> list[str]:
    """Names of all entries of the directory, also those in storages: a document's own stream is told by its name."""

    def word(at: int, size: int = 4) -> int:
        file.seek(at)
        piece = file.read(size)
        return int.from_bytes(piece, "little") if len(piece) == size else _NONE

    size = 4096 if word(0x1E, 2) == 12 else 512
    sector = word(0x30)
    found: list[str] = []
    for _ in range(_SECTORS):
        if sector >= _NONE:
            break
        file.seek((sector + 1) * size)
        block = file.read(size)
        for at in range(0, len(block) - 127, 128):
            length = max(min(int.from_bytes(block[at + 0x40 : at + 0x42], "little"), 64) - 2, 0)
            found.append(block[at : at + length].decode("utf-16-le", "replace"))
        table, place = divmod(sector, size // 4)
        # Tables beyond the header's 109 sectors (7 MB of table, 890 MB of file) are not followed.
        sector = word((word(0x4C + 4 * table) + 1) * size + 4 * place) if table < 109 else _NONE
    return found
