"""What a file is, by its content: the name is no evidence (.doc may hold a web page, .txt a .docx)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from anlan.plan.compiler.reading.archive import Archive
from anlan.plan.compiler.reading.source import Format, Unreadable

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_PICTURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF87a", "GIF"), (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"), (b"MM\x00*", "TIFF"), (b"BM", "BMP"),
)  # fmt: skip
_OTHERS: Final = (
    (b"Rar!\x1a\x07", "archive"), (b"7z\xbc\xaf\x27\x1c", "archive"), (b"\x1f\x8b\x08", "archive"),
    (b"\x7fELF", "program"),
)  # fmt: skip
_MHT = re.compile(rb"\A\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?MIME-Version:", re.IGNORECASE)
_WORD_XML = re.compile(rb"<\?mso-application[^>]{0,40}Word\.Document|<(?:w:wordDocument|pkg:package)[\s>]")
_HEAD: Final = 4096
# Sectors of an OLE directory that are followed: 1 000 sectors of 512 bytes hold 4 000 entries.
_SECTORS: Final = 1_000
_NONE: Final = 0xFFFFFFFA


def signature(data: bytes) -> str | None:
    """Container or format that the first bytes tell: "ole", "zip", or a Format. None: perhaps a text.

    Unreadable for pictures, programs and archives.
    """
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if data.startswith(OLE):
        return "ole"
    if data.startswith(ZIP):
        return "zip"
    if head.startswith(b"%PDF-") or (b"%PDF-" in data[:1024] and b"startxref" in data[-2048:]):
        return Format.PDF
    if head.startswith(b"{\\rtf"):
        return Format.RTF
    if head.startswith(b"<?xml") and _WORD_XML.search(head):
        return Format.WORD_XML
    if _MHT.match(data[:_HEAD]) and b"content-type:" in data[:_HEAD].lower():
        return Format.MHT
    for magic, name in _PICTURES:
        # "BM" may open a text; a bitmap has four zero bytes at 6.
        if data.startswith(magic) and (name != "BMP" or data[6:10] == bytes(4)):
            raise Unreadable("picture", format=name)
    for magic, name in _OTHERS:
        if data.startswith(magic):
            raise Unreadable("other_format", format=name)
    return None


def zipped(archive: Archive) -> Format:
    """Document format of a zip. Unreadable if it is a workbook, a slide show or an archive of something else."""
    names = archive.names()
    if "ofd.xml" in archive:
        return Format.OFD
    if any(name.startswith("word/") for name in names):
        return Format.DOCX
    for folder, kind in (("xl/", "workbook"), ("ppt/", "slides")):
        if any(name.startswith(folder) for name in names):
            raise Unreadable("other_format", format=kind)
    if b"wordprocessingml" in (archive.part("[Content_Types].xml") or b""):
        return Format.DOCX
    mimetype = archive.part("mimetype") or b""
    if mimetype.startswith(b"application/vnd.oasis.opendocument.text"):
        return Format.ODT
    if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        raise Unreadable("other_format", format="workbook")
    raise Unreadable("other_format", format="archive")


class _Entry(NamedTuple):
    name: str
    left: int
    right: int
    child: int
    start: int


def compound(data: bytes) -> Format:
    """Document format of an OLE file (MS-CFB). Unreadable if it is encrypted, a workbook, slides or something else."""
    streams = {entry.name: entry for entry in _top_entries(data)}
    if "EncryptedPackage" in streams:
        raise Unreadable("encrypted")
    if word := streams.get("WordDocument"):
        # MS-DOC 2.5.1 FibBase: bit 8 of the flags at 0x0A says that the text is encrypted.
        at = (word.start + 1) * _sector_size(data) + 0x0A
        if len(data) > at + 1 and data[at + 1] & 1:
            raise Unreadable("encrypted")
        return Format.DOC
    for stream, kind in (("Workbook", "workbook"), ("Book", "workbook"), ("PowerPoint Document", "slides")):
        if stream in streams:
            raise Unreadable("other_format", format=kind)
    if any(name.startswith("__substg1.0_") for name in streams):
        raise Unreadable("other_format", format="mail")
    if not streams:
        raise Unreadable("damaged", format="ole")
    raise Unreadable("other_format", format="ole")


def _sector_size(data: bytes) -> int:
    return 4096 if _word(data, 0x1E, 2) == 12 else 512


def _word(data: bytes, at: int, size: int = 4) -> int:
    """Little-endian number; the end-of-chain mark where the file is cut off."""
    piece = data[at : at + size]
    return int.from_bytes(piece, "little") if len(piece) == size else _NONE


def _top_entries(data: bytes) -> list[_Entry]:
    """Streams and storages directly below the root: those of a document embedded deeper do not count."""
    entries = _directory(data)
    found: list[_Entry] = []
    seen: set[int] = set()
    waiting = [entries[0].child] if entries else []
    while waiting:
        at = waiting.pop()
        if at < len(entries) and at not in seen:
            seen.add(at)
            found.append(entries[at])
            waiting += [entries[at].left, entries[at].right]
    return found


def _directory(data: bytes) -> list[_Entry]:
    size = _sector_size(data)
    sector = _word(data, 0x30)
    entries: list[_Entry] = []
    for _ in range(_SECTORS):
        start = (sector + 1) * size
        if sector >= _NONE or start >= len(data):
            break
        for at in range(start, start + size, 128):
            length = max(min(_word(data, at + 0x40, 2), 64) - 2, 0)
            name = data[at : at + length].decode("utf-16-le", "replace")
            links = [_word(data, at + offset) for offset in (0x44, 0x48, 0x4C, 0x74)]
            entries.append(_Entry(name, *links))
        sector = _next_sector(data, sector, size)
    return entries


def _next_sector(data: bytes, sector: int, size: int) -> int:
    """Sector after this one in the allocation table. Tables beyond the header's 109 sectors (7 MB) are not followed."""
    table, place = divmod(sector, size // 4)
    if table >= 109:
        return _NONE
    return _word(data, (_word(data, 0x4C + 4 * table) + 1) * size + 4 * place)
