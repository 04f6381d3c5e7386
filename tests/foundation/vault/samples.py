"""Small files of each sort, made here so that no file of others is committed."""

from __future__ import annotations

import io
import struct
import zipfile

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00" + bytes(30)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + bytes(40)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
ELF = b"\x7fELF\x02\x01\x01" + bytes(57)
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(120)
HTML = "<!DOCTYPE html>\n<html><body>方案</body></html>".encode()
MHT = (
    b"From: <Saved by a browser>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/related; type="text/html"; boundary="----x"\r\n\r\n'
    b"------x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    b"PHA+5pa55qGIPC9wPg==\r\n------x--\r\n"
)
SVG = b'<svg xmlns="urn:x"><script>alert(1)</script></svg>'
TEXT = "关于印发工作方案的通知\n一、总体要求\n".encode()


def zipped(members: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Zip of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


DOCX = zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>"})
XLSX = zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"})
OFD = zipped({"OFD.xml": "<ofd:OFD/>", "Doc_0/Document.xml": "<x/>"})
ODT = zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}, zipfile.ZIP_STORED)
MACRO = zipped({"[Content_Types].xml": "", "word/document.xml": "", "word/vbaProject.bin": b"\x00"})


def compound(*streams: str) -> bytes:
    """OLE file (MS-CFB) with one directory sector: the root and up to three streams."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", header, 0x1E, 9)  # sectors of 2**9 bytes
    struct.pack_into("<I", header, 0x30, 1)  # the directory is sector 1
    struct.pack_into("<I", header, 0x4C, 0)  # the allocation table is sector 0
    table = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    directory = bytearray(512)
    for at, name in enumerate(("Root Entry", *streams)):
        coded = name.encode("utf-16-le")
        directory[at * 128 : at * 128 + len(coded)] = coded
        struct.pack_into("<H", directory, at * 128 + 0x40, len(coded) + 2)
    return bytes(header + table + directory)
