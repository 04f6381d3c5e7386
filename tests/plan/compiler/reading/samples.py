"""Sample files made in code: Word packages, PDFs, OFDs and OLE files with just what a test needs."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Zip of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def docx(body: str, numbering: str = "", styles: str = "", **parts: str) -> bytes:
    """Word package with this body; further parts by name without suffix (header1=…), each the inside of its root."""
    relations = "".join(
        f'<Relationship Id="r{i}" Type="{_RELATIONS}/{kind}" Target="{kind}.xml"/>'
        for i, kind in enumerate(("styles", "numbering"))
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" '
            f'Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">'
            f"{relations}</Relationships>",
            "word/document.xml": f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": f"<w:styles {_NAMESPACES}>{styles}</w:styles>",
            "word/numbering.xml": f"<w:numbering {_NAMESPACES}>{numbering}</w:numbering>",
            **{f"word/{name}.xml": f"<w:hdr {_NAMESPACES}>{content}</w:hdr>" for name, content in parts.items()},
        }
    )


def p(text: str = "", properties: str = "") -> str:
    """Paragraph with one run."""
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def item(text: str, level: int = 0, instance: int = 1) -> str:
    """Paragraph with an automatic number."""
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{instance}"/></w:numPr>')


def level(at: int, form: str, text: str, more: str = "", suff: str = "nothing", start: int = 1) -> str:
    """Level of an abstract numbering; nothing between number and text unless told."""
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:suff w:val="{suff}"/><w:lvlText w:val="{text}"/></w:lvl>'
    )


def abstract(levels: str, name: int = 0) -> str:
    """Abstract numbering."""
    return f'<w:abstractNum w:abstractNumId="{name}">{levels}</w:abstractNum>'


def num(name: int = 1, of: int = 0, overrides: str = "") -> str:
    """Instance of an abstract numbering."""
    return f'<w:num w:numId="{name}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


def row(*cells: str) -> str:
    """Table row; a cell is the inside of w:tc."""
    return "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"


def table(*rows: str) -> str:
    """Table."""
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def pdf(pages: Sequence[Sequence[str]], picture: bool = False, unicode_map: bool = True, extra: bytes = b"") -> bytes:
    """PDF with these lines on its pages, 12 pt in a font whose codes are UTF-16; a picture on each page if told."""
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def "
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        + "".join(
            "100 beginbfrange\n"
            + "".join(f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>\n" for high in range(first, min(first + 100, 256)))
            + "endbfrange\n"
            for first in range(0, 256, 100)
        ).replace("100 beginbfrange\n<C8", "56 beginbfrange\n<C8")
        + "endcmap end end"
    )
    count = len(pages)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {count}/Kids[{' '.join(f'{7 + 2 * i} 0 R' for i in range(count))}]>>".encode(),
        b"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/Identity-H/DescendantFonts[4 0 R]"
        + (b"/ToUnicode 5 0 R>>" if unicode_map else b">>"),
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/DW 1000"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor"
        b"<</Type/FontDescriptor/FontName/SimSun/Flags 4/FontBBox[0 -120 1000 880]"
        b"/Ascent 880/Descent -120/ItalicAngle 0/StemV 80>>>>",
        _stream(to_unicode.encode()),
        _stream(b"\x00", "/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"),
    ]
    for i, lines in enumerate(pages):
        draws = "".join(
            f"BT /F 12 Tf 50 {780 - 20 * n} Td <{line.encode('utf-16-be').hex()}> Tj ET\n"
            for n, line in enumerate(lines)
        )
        if picture:
            draws += "q 500 0 0 700 40 40 cm /I Do Q\n"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {8 + 2 * i} 0 R"
            "/Resources<</Font<</F 3 0 R>>/XObject<</I 6 0 R>>>>>>".encode()
        )
        objects.append(_stream(draws.encode()))
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for i, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{i} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += b"trailer\n<</Root 1 0 R" + extra + f"/Size {len(objects) + 1}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def _stream(content: bytes, entries: str = "") -> bytes:
    return f"<<{entries}/Length {len(content)}>>stream\n".encode() + content + b"\nendstream"


def ofd(*pages: Sequence[tuple[float, float, str]]) -> bytes:
    """OFD file; a page is a list of (x, y, text) in millimetres, type size 4 mm."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    parts = {
        "OFD.xml": f"<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
        "</ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:Pages>"
        + "".join(f'<ofd:Page ID="{i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages)))
        + "</ofd:Pages></ofd:Document>",
    }
    for i, pieces in enumerate(pages):
        texts = "".join(
            f'<ofd:TextObject Boundary="{x} {y} {4 * len(text)} 5" Size="4">'
            f'<ofd:TextCode X="0" Y="4">{text}</ofd:TextCode></ofd:TextObject>'
            for x, y, text in pieces
        )
        parts[f"Doc_0/Pages/Page_{i}/Content.xml"] = (
            f"<ofd:Page {space}><ofd:Content><ofd:Layer>{texts}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    return zipped(parts)


def ole(*streams: str, encrypted: bool = False) -> bytes:
    """OLE file with these streams below its root: header, one table sector, one directory sector, one of content."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header = header.ljust(0x30, b"\x00") + struct.pack("<I", 1)
    header = header.ljust(0x4C, b"\x00") + struct.pack("<I", 0) + b"\xff" * (4 * 108)
    allocation = struct.pack("<III", 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFE).ljust(512, b"\xff")
    directory = _entry("Root Entry", child=1)
    for i, name in enumerate(streams, 1):
        # Siblings hang in a row, each the right one of the one before.
        directory += _entry(name, right=i + 1 if i < len(streams) else 0xFFFFFFFF, start=2)
    content = bytes(10) + (b"\x00\x01" if encrypted else b"\x00\x00")
    return header + allocation + directory.ljust(512, b"\x00") + content.ljust(512, b"\x00")


def _entry(name: str, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF, start: int = 0) -> bytes:
    encoded = name.encode("utf-16-le")
    links = struct.pack("<III", 0xFFFFFFFF, right, child)
    entry = encoded.ljust(0x40, b"\x00") + struct.pack("<HBB", len(encoded) + 2, 2, 1) + links
    return entry.ljust(0x74, b"\x00") + struct.pack("<IQ", start, 512)
