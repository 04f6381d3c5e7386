"""Zip files from strangers: looked through under limits, so that nothing that unpacks to a flood is kept."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from anlan.foundation.vault import types
from anlan.foundation.vault.types import Type
from anlan.settings import InputError, Words

MB: Final = 1_000_000
# Members of one archive. A long document with pictures has some hundreds.
MEMBERS: Final = 20_000
# All members together, unpacked. The largest upload of stored photographs stays far below.
UNPACKED_BYTES: Final = 1_000 * MB
# Deflate reaches 1032:1 on zeros; office XML, repetitive as it is, stays below 60:1.
RATIO: Final = 200
# Below this size a high ratio does no harm: a sheet of equal empty rows may well have one.
RATIO_MATTERS_BYTES: Final = 10 * MB
# All that the zipfile module was seen to raise on broken or hostile archives.
_FAULTS: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, KeyError, IndexError, OSError,
    NotImplementedError, OverflowError, UnicodeError,
)  # fmt: skip
_PROGRAMS: Final = (
    ".exe", ".dll", ".com", ".scr", ".msi", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".jse", ".wsf", ".hta", ".lnk",
    ".jar", ".apk", ".html", ".htm", ".mht", ".mhtml", ".svg",
)  # fmt: skip


def encrypted() -> InputError:
    """Refusal of what cannot be looked into."""
    return InputError(
        Words(
            "文件有密码，无法检查内容；请取消密码保护后再上传",
            "the file has a password and cannot be looked into; remove the protection first",
        )
    )


def _damaged() -> InputError:
    return InputError(
        Words(
            "文件已损坏或不完整（常见于下载中断）；请重新取得，或用原软件打开后另存再上传",
            "the file is damaged or cut short (often a broken download); fetch it again, or open it and save it anew",
        )
    )


def kind(path: Path) -> Type:
    """Type of a zip. InputError if it is damaged, encrypted, a bomb, or carries macros, programs or web pages."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _limits(members)
            found = _kind(archive, {member.filename.replace("\\", "/").lstrip("/").lower() for member in members})
            # Unpacked once to nowhere: the declared sizes are true only if the sums agree.
            for member in members:
                _read_through(archive, member)
            return found
    except InputError:
        raise
    except _FAULTS as error:
        raise _damaged() from error
    except RuntimeError as error:
        # The zipfile module's way to say that a password is needed.
        raise encrypted() from error


def _limits(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MEMBERS:
        raise _bomb(f"{len(members)} 个文件", f"{len(members)} members", f"{MEMBERS}")
    total = sum(member.file_size for member in members)
    if total > UNPACKED_BYTES:
        raise _bomb(f"解开后 {total / MB:.0f} MB", f"{total / MB:.0f} MB unpacked", f"{UNPACKED_BYTES / MB:.0f} MB")
    for member in members:
        if member.flag_bits & 1:
            raise encrypted()
        ratio = member.file_size // max(member.compress_size, 1)
        if member.file_size > RATIO_MATTERS_BYTES and ratio > RATIO:
            raise _bomb(f"压缩比 {ratio}:1", f"packed {ratio}:1", f"{RATIO}:1")


def _bomb(zh: str, en: str, limit: str) -> InputError:
    return InputError(
        Words(
            f"压缩包异常（{zh}，上限 {limit}），可能是压缩炸弹；请把需要的文件单独上传",
            f"the archive is out of bounds ({en}, limit {limit}) and may be a bomb; upload the files one by one",
        )
    )


def _kind(archive: zipfile.ZipFile, names: set[str]) -> Type:
    if any(name.endswith("vbaproject.bin") for name in names):
        raise InputError(
            Words(
                "文件带有宏，文件库不接收；请另存为不带宏的 .docx、.xlsx 或 .pptx 后再上传",
                "the file carries macros; save it as .docx, .xlsx or .pptx without them",
            )
        )
    if "ofd.xml" in names:
        return types.OFD
    if "[content_types].xml" in names:
        for folder, found in (("word/", types.DOCX), ("xl/", types.XLSX), ("ppt/", types.PPTX)):
            if any(name.startswith(folder) for name in names):
                return found
    if "mimetype" in names:
        said = archive.read("mimetype")[:100].decode("ascii", "replace").strip()
        for found in (types.ODT, types.ODS):
            if said == found.media_type:
                return found
    _harmless(names)
    return types.ZIP


def _harmless(names: Iterable[str]) -> None:
    """InputError if somebody who unpacks the archive would get a program, or a file outside of the folder."""
    for name in names:
        if name.endswith(_PROGRAMS) or ".." in name.split("/"):
            raise InputError(
                Words(
                    f"压缩包里的“{name[:80]}”是程序、网页或路径异常的文件，文件库不接收；请去掉它再上传",
                    f"“{name[:80]}” in the archive is a program, a web page or has a path that leads outside; "
                    "take it out first",
                )
            )


def _read_through(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    with archive.open(member) as stream:
        while stream.read(1 << 20):
            pass
