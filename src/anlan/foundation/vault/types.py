"""Types of files the vault takes, as data: what the content is, which endings its name may have."""

from __future__ import annotations

from typing import NamedTuple

from anlan.settings import Words


class Type(NamedTuple):
    """Type of file: media type, endings its name may have (the usual one first), what people call it."""

    media_type: str
    suffixes: tuple[str, ...]
    words: Words

    @property
    def is_picture(self) -> bool:
        """Whether it is a photograph or a drawing."""
        return self.media_type.startswith("image/")


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

DOCX = Type(_OFFICE + "wordprocessingml.document", (".docx", ".wps"), Words("Word 文档", "Word document"))
XLSX = Type(_OFFICE + "spreadsheetml.sheet", (".xlsx", ".et"), Words("Excel 工作簿", "Excel workbook"))
PPTX = Type(_OFFICE + "presentationml.presentation", (".pptx", ".dps"), Words("演示文稿", "slide show"))
DOC = Type("application/msword", (".doc", ".wps", ".wpt"), Words("旧版 Word 文档", "old Word document"))
XLS = Type("application/vnd.ms-excel", (".xls", ".et"), Words("旧版 Excel 工作簿", "old Excel workbook"))
PPT = Type("application/vnd.ms-powerpoint", (".ppt", ".dps"), Words("旧版演示文稿", "old slide show"))
WORD_XML = Type("application/xml", (".xml", ".doc"), Words("XML 文件", "XML file"))
ODT = Type(_OPEN + "text", (".odt",), Words("ODT 文档", "ODT document"))
ODS = Type(_OPEN + "spreadsheet", (".ods",), Words("ODS 工作簿", "ODS workbook"))
OFD = Type("application/ofd", (".ofd",), Words("OFD 版式文件", "OFD document"))
PDF = Type("application/pdf", (".pdf",), Words("PDF 文件", "PDF document"))
RTF = Type("application/rtf", (".rtf", ".doc", ".wps"), Words("RTF 文档", "RTF document"))
TEXT = Type("text/plain", (".txt", ".csv", ".md", ".json", ".geojson"), Words("纯文本", "plain text"))
ZIP = Type("application/zip", (".zip",), Words("ZIP 压缩包", "ZIP archive"))
JPEG = Type("image/jpeg", (".jpg", ".jpeg", ".jfif"), Words("JPEG 图片", "JPEG picture"))
PNG = Type("image/png", (".png",), Words("PNG 图片", "PNG picture"))
GIF = Type("image/gif", (".gif",), Words("GIF 图片", "GIF picture"))
BMP = Type("image/bmp", (".bmp",), Words("BMP 图片", "BMP picture"))
TIFF = Type("image/tiff", (".tif", ".tiff"), Words("TIFF 图片", "TIFF picture"))
WEBP = Type("image/webp", (".webp",), Words("WebP 图片", "WebP picture"))
HEIC = Type("image/heic", (".heic", ".heif"), Words("HEIC 图片", "HEIC picture"))
MP4 = Type("video/mp4", (".mp4", ".m4v", ".mov"), Words("视频", "film"))
HTML = Type("text/html", (".html", ".htm"), Words("网页", "web page"))
MHT = Type("multipart/related", (".mht", ".mhtml"), Words("单文件网页", "web archive"))

TYPES = (
    DOCX, XLSX, PPTX, DOC, XLS, PPT, WORD_XML, ODT, ODS, OFD, PDF, RTF, TEXT, ZIP,
    JPEG, PNG, GIF, BMP, TIFF, WEBP, HEIC, MP4,
)  # fmt: skip
# Web pages may carry scripts: taken only where they are asked for by name, and never shown by the browser.
PAGES = (HTML, MHT)
DOCUMENTS = (DOCX, DOC, WORD_XML, ODT, OFD, PDF, RTF, TEXT, *PAGES)
SHEETS = (XLSX, XLS, ODS, TEXT)
PICTURES = tuple(one for one in TYPES if one.is_picture)
BY_MEDIA_TYPE = {one.media_type: one for one in (*TYPES, *PAGES)}
