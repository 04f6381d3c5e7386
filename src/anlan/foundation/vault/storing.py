"""The vault's folder: ANLAN_HOME/vault/ab/cd/<sha256>. A file appears in it whole or not at all, and stays as it is.

A file is written before the row that names it. Killed in between, an orphan remains: harmless, listed by
`anlan vault verify`, and taken over when the same content comes again.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, Protocol

from cryptography.hazmat.primitives import hashes
from django.conf import settings

from anlan.foundation.vault.sniffing import scripted, sniff
from anlan.foundation.vault.types import PAGES, TYPES, Type
from anlan.settings import InputError, Words

_PIECE: Final = 1 << 20
# Files on their way in lie here; what a killed process leaves is swept by a daily job.
INCOMING: Final = "incoming"
_NAME: Final = re.compile("[0-9a-f]{64}")
# What Windows forbids in names, and everything that turns or hides text; "/" and "\" part folders.
_UNFIT: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]')


class Readable(Protocol):
    """Whatever gives bytes."""

    def read(self, size: int = ..., /) -> bytes:
        """Up to `size` bytes; b"" at the end."""
        ...


class Sums(NamedTuple):
    """Size in bytes and both hashes."""

    size: int
    sha256: str
    sm3: str


class Stored(NamedTuple):
    """File that lies in the vault and has no row yet."""

    name: str
    sums: Sums
    type: Type


def folder() -> Path:
    """The vault's folder."""
    return Path(settings.ANLAN.home) / "vault"


def incoming() -> Path:
    """Folder for files on their way in; on the same disk as the vault, so that moving is one step."""
    path = folder() / INCOMING
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def path_of(sha256: str) -> Path:
    """Where the file of this hash lies."""
    return folder() / sha256[:2] / sha256[2:4] / sha256


class _Sm3:
    """SM3 (GB/T 32905): from OpenSSL through hashlib where it has it, else from cryptography."""

    def __init__(self) -> None:
        self._own = hashlib.new("sm3") if "sm3" in hashlib.algorithms_available else None
        self._other = hashes.Hash(hashes.SM3()) if self._own is None else None

    def update(self, data: bytes) -> None:
        (self._own or self._other).update(data)  # type: ignore[union-attr]

    def hexdigest(self) -> str:
        if self._own is not None:
            return self._own.hexdigest()
        assert self._other is not None
        return self._other.finalize().hex()


def sums(stream: Readable, into: BinaryIO | None = None, limit: int | None = None) -> Sums:
    """Size and hashes of a stream, copied to `into` on the way. InputError if it is longer than `limit` bytes."""
    sha256, sm3, size = hashlib.sha256(), _Sm3(), 0
    while piece := stream.read(_PIECE):
        size += len(piece)
        if limit is not None and size > limit:
            raise too_large(limit)
        sha256.update(piece)
        sm3.update(piece)
        if into is not None:
            into.write(piece)
    return Sums(size, sha256.hexdigest(), sm3.hexdigest())


def too_large(limit: int) -> InputError:
    """Refusal of a file above the limit, in bytes."""
    return InputError(
        Words(
            f"文件超过 {limit / 1_000_000:g} MB 的上限；请删去图片和附件、压缩图片，或分成几个文件上传",
            f"the file is larger than the limit of {limit / 1_000_000:g} MB; take out pictures and annexes, "
            "make them smaller, or upload it in parts",
        )
    )


def clean_name(name: str) -> str:
    """Name as uploaded, without folders and without characters that no file name may have.

    >>> clean_name("C:\\\\公文\\\\方案\\u202excod.txt")
    '方案xcod.txt'
    """
    name = re.split(r"[/\\]", name)[-1]
    stem, dot, suffix = _UNFIT.sub("", name).strip(" .").rpartition(".")
    # Cut in the middle, so that the ending stays.
    return f"{stem[: 250 - len(suffix)]}{dot}{suffix[:20]}"


def put(stream: Readable, name: str, allowed: Collection[Type] = TYPES) -> Stored:
    """Puts a file into the vault: written whole, hashed, sniffed, and only then moved to its place.

    Raises InputError if it is too large, none of the types allowed, or not what its name says.
    """
    name = clean_name(name)
    handle, temporary = tempfile.mkstemp(dir=incoming(), suffix=".part")
    path = Path(temporary)
    try:
        with naming(name):
            with os.fdopen(handle, "wb") as file:
                found = sums(stream, file, settings.ANLAN.max_file_bytes)
                file.flush()
                os.fsync(file.fileno())
            kind = check(path, name, allowed)
            _place(path, found)
    finally:
        path.unlink(missing_ok=True)
    return Stored(name, found, kind)


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Puts the name of the file before what is wrong with it: which of several was meant."""
    try:
        yield
    except InputError as error:
        raise InputError(*(Words(f"“{name}”：{one.zh}", f"“{name}”: {one.en}") for one in error.problems)) from error


def check(path: Path, name: str, allowed: Collection[Type]) -> Type:
    """Type of a file on the disk. InputError if it is none of those allowed, or not what its name says."""
    found = sniff(path)
    if found in PAGES and found not in allowed:
        raise scripted()
    if found not in allowed:
        usual = "、".join(one.suffixes[0] for one in allowed)
        raise InputError(
            Words(
                f"内容是{found.words.zh}，这里只收 {usual}",
                f"the content is a {found.words.en}; only {usual.replace('、', ', ')} are taken here",
            )
        )
    suffix = Path(name).suffix.lower()
    if suffix not in found.suffixes:
        usual = found.suffixes[0]
        said = f"扩展名是 {suffix}" if suffix else "没有扩展名"
        raise InputError(
            Words(
                f"内容是{found.words.zh}，文件名却{said}；请确认文件没有选错，把扩展名改为 {usual} 后再上传",
                f"the content is a {found.words.en}, but the name ends in {suffix or 'nothing'}; make sure it is the "
                f"file you meant, then change the ending to {usual}",
            )
        )
    return found


def _place(path: Path, found: Sums) -> None:
    final = path_of(found.sha256)
    if final.exists():
        with final.open("rb") as there:
            if sums(there) != found:
                raise InputError(
                    Words(
                        f"文件库中 {found.sha256[:12]}… 的文件已被改动，不能再收同一文件；"
                        "请系统管理员运行 anlan vault verify 并从备份恢复",
                        f"file {found.sha256[:12]}… of the vault was changed, so the same content cannot be taken; "
                        "let the system administrator run anlan vault verify and restore it from a backup",
                    )
                )
        return
    for parent in (final.parent.parent, final.parent):
        if not parent.is_dir():
            parent.mkdir(mode=0o700, exist_ok=True)
            _sync(parent.parent)
    path.chmod(0o400)
    # Replaces at most the same bytes: another process with the same content may have come first.
    path.rename(final)
    _sync(final.parent)


def _sync(directory: Path) -> None:
    """Makes names in a folder stand on the disk (a no-op where folders cannot be opened)."""
    if os.name != "posix":
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def placed() -> Iterator[str]:
    """Hashes of all files that lie in the vault, in order."""
    root = folder()
    for outer in sorted(path for path in root.iterdir() if re.fullmatch("[0-9a-f]{2}", path.name)):
        for inner in sorted(path for path in outer.iterdir() if path.is_dir()):
            yield from sorted(path.name for path in inner.iterdir() if _NAME.fullmatch(path.name))
