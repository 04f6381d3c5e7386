"""Sentences for what reading refuses or remarks, by code: Chinese, English. `docs/reading.md` lists each code."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

REFUSALS: Final = MappingProxyType(
    {
        "empty": (
            "文件是空的，没有任何内容。请检查上传的是否为正确的文件。",
            "The file is empty. Check that it is the file you meant.",
        ),
        "too_large": (
            "文件过大（{what}，上限 {limit}）。请删去图片和无关附件，或只保留方案正文后再上传。",
            "The file is too large ({what}, limit {limit}). Remove pictures and annexes, or keep only the plan itself.",
        ),
        "not_text": (
            "文件不是可识别的文本或文档。请在原软件中另存为 .docx，或复制文字存成 .txt 后再上传。",
            "This is no text or document that can be recognised. Save it as .docx in the program it comes from, "
            "or copy its words into a .txt file.",
        ),
        "classified": (
            "文件带有国家秘密标志（{mark}）。本系统不得接收涉密文件，文件未被保存。"
            "请按保密规定处理；如标志有误，请由定密责任人解除后再上传。",
            "The file bears a state-secret mark ({mark}). This system must not take it in; nothing was stored. "
            "Handle it under the secrecy rules; if the mark is wrong, have it lifted by those who set it.",
        ),
        "damaged": (
            "文件已损坏或不完整，无法按{format}打开。请用原软件打开检查并重新保存，再上传。",
            "The file is damaged or cut short and cannot be opened as {format}. Open it in the program it comes from, "
            "save it again, then try once more.",
        ),
        "damaged_zip": (
            "文件的压缩包结构已损坏或不完整（常见于下载中断）。请重新下载，或用原软件打开后另存。",
            "The file's zip container is damaged or cut short (often a broken download). Fetch it again, "
            "or open it in its program and save it anew.",
        ),
        "unsafe": (
            "文件含有正常文档不会有的内容（{what}），为安全起见不予读取。请用 Word 或 WPS 打开后另存为 .docx。",
            "The file holds what no ordinary document has ({what}) and is not read for safety. "
            "Open it in Word or WPS and save it as .docx.",
        ),
        "encrypted": (
            "文件设有打开密码或已加密，无法读取。请去除密码后另存，再上传。",
            "The file is protected by a password or encrypted. Remove the password, save it, then try again.",
        ),
        "scanned_pdf": (
            "这份 PDF 没有文字（应为扫描件或图片）。请使用原始电子文档，或先做文字识别（OCR）并校对。",
            "This PDF has no text (a scan or pictures). Use the original document, "
            "or run text recognition (OCR) and proofread.",
        ),
        "garbled_pdf": (
            "这份 PDF 的字体没有带字符对照，取出的文字是乱码。请使用原始电子文档，或先做文字识别（OCR）并校对。",
            "The fonts of this PDF do not say which characters they print, so its text comes out garbled. "
            "Use the original document, or run text recognition (OCR) and proofread.",
        ),
        "no_text": (
            "文件（{format}）里没有文字，可能只有图片。请使用原始电子文档，或先做文字识别（OCR）。",
            "There is no text in the file ({format}), perhaps only pictures. Use the original document, "
            "or run text recognition (OCR).",
        ),
        "picture": (
            "这是一张图片（{format}），不是文档。请使用原始电子文档，或先做文字识别（OCR）并存成 .txt。",
            "This is a picture ({format}), not a document. Use the original document, "
            "or run text recognition (OCR) and save the result as .txt.",
        ),
        "other_format": (
            "这是{format}，不是方案文档。请把方案正文另存为 .docx 后再上传。",
            "This is {format}, not a plan document. Save the plan itself as .docx, then try again.",
        ),
        "needs_office": (
            "这是{format}，需要借助 LibreOffice 读取，而服务器上没有安装。"
            "请在 Word 或 WPS 中另存为 .docx，或请管理员安装 LibreOffice。",
            "This is {format}, which is read through LibreOffice, and LibreOffice is not installed on the server. "
            "Save the file as .docx in Word or WPS, or have LibreOffice installed.",
        ),
        "conversion_failed": (
            "LibreOffice 未能转换这份文件（{format}）。请在 Word 或 WPS 中另存为 .docx 后再上传。",
            "LibreOffice could not convert the file ({format}). Save it as .docx in Word or WPS, then try again.",
        ),
        "conversion_slow": (
            "LibreOffice 在 {seconds} 秒内未能转换完这份文件（{format}）。请在 Word 或 WPS 中另存为 .docx 后再上传。",
            "LibreOffice did not finish converting the file ({format}) within {seconds} seconds. "
            "Save it as .docx in Word or WPS, then try again.",
        ),
    }
)

REMARKS: Final = MappingProxyType(
    {
        "undecodable": (
            "有 {count} 处字节无法识别，已用“\ufffd”代替，请核对原文。",
            "{count} places could not be decoded and are shown as “\ufffd”; compare with the original.",
        ),
        "controls_dropped": (
            "去掉了 {count} 个不可见的控制字符。",
            "{count} invisible control characters were dropped.",
        ),
        "named_otherwise": (
            "文件名后缀是 .{suffix}，内容实际是{format}，已按实际内容读取。",
            "The file is named .{suffix} but holds {format}; it was read as what it holds.",
        ),
        "converted": (
            "{format}已通过 LibreOffice 转换后读取，请留意编号和表格是否与原文一致。",
            "{format} was read through LibreOffice; check that numbers and tables are as in the original.",
        ),
        "hidden_text": (
            "文档中有隐藏文字（{count} 处），未读入。",
            "Hidden text ({count} places) was left out.",
        ),
        "tracked_changes": (
            "文档带有修订痕迹（{count} 处），按“接受全部修订”后的文字读取。",
            "The document has tracked changes ({count} places) and was read as if all were accepted.",
        ),
        "notes_left_out": (
            "脚注和尾注（{count} 条）未读入正文。",
            "Footnotes and endnotes ({count}) were left out of the text.",
        ),
        "comments_left_out": (
            "批注（{count} 条）未读入正文。",
            "Comments ({count}) were left out of the text.",
        ),
        "embedded_left_out": (
            "文档内嵌的其他文件（{count} 个）未读入。",
            "Other files embedded in the document ({count}) were not read.",
        ),
        "unknown_symbols": (
            "有 {count} 个特殊符号无法识别，已用“\ufffd”代替。",
            "{count} symbols of special fonts are unknown and are shown as “\ufffd”.",
        ),
        "pages_without_text": (
            "第 {pages} 页没有文字（应为扫描页或图片），其内容未读入。",
            "Pages {pages} have no text (scans or pictures); what they say was not read.",
        ),
        "pages_missing": (
            "有 {count} 页无法打开，其内容未读入。",
            "{count} pages could not be opened; what they say was not read.",
        ),
        "several_documents": (
            "文件中有 {count} 份文档，已按顺序全部读入。",
            "The file holds {count} documents; all were read, one after the other.",
        ),
    }
)

# What each format is called in a sentence.
NAMES: Final = MappingProxyType(
    {
        "text": ("纯文本", "plain text"),
        "docx": (" Word 文档（docx）", "a Word document (docx)"),
        "pdf": (" PDF 文件", "a PDF file"),
        "html": ("网页（HTML）", "a web page (HTML)"),
        "mht": ("单文件网页（MHT）", "a web archive (MHT)"),
        "ofd": (" OFD 版式文件", "an OFD file"),
        "doc": ("旧版 Word 或 WPS 文档（doc/wps）", "an old Word or WPS document (doc/wps)"),
        "rtf": (" RTF 文档", "an RTF document"),
        "odt": (" ODT 文档", "an ODT document"),
        "word_xml": (" Word XML 文档", "a Word XML document"),
        "workbook": ("电子表格", "a workbook"),
        "slides": ("演示文稿", "a slide show"),
        "archive": ("压缩包", "an archive"),
        "mail": ("邮件", "a mail message"),
        "program": ("程序", "a program"),
        "ole": ("一种旧版 Office 文件", "some old Office file"),
        "picture": ("图片", "a picture"),
    }
)
