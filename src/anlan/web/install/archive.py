"""The file of a backup: a tar.gz of database copies, the vault, and a manifest with the hash of each.

Nothing in such a file is believed before it is checked: it may come from anywhere.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import fcntl
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import anlan
from anlan.settings import InputError, Words

MANIFEST = "manifest.json"
BUSINESS, READINGS = "anlan.db", "readings.db"
# What an archive may hold. Files of the vault are named by their hash, so that nothing else can pose as one.
_PLAIN = frozenset({BUSINESS, READINGS, "sample-password"})
_VAULT = re.compile(r"vault/([0-9a-f]{2})/([0-9a-f]{2})/(\1\2[0-9a-f]{60})")
_FORM = 1
_PIECE = 1 << 20
_LARGEST_MANIFEST = 1 << 29
# Left free on the disk when an archive is unpacked.
_SPARE = 50_000_000
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself: files by name with SHA-256 and size, version, head of the journal."""

    made_at: str
    version: str
    store: str
    head_number: int
    head_hash: str
    files: dict[str, tuple[str, int]]
    form: int = _FORM


class _Hashing:
    """Reader that knows hash and size of what went through it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sum = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._sum.update(data)
        self.size += len(data)
        return data

    def hex(self) -> str:
        return self._sum.hexdigest()


def write(target: Path, home: Path, head: tuple[int, str], *, databases: bool) -> Manifest:
    """Archive of the installation at `home`, which may be running; it appears under its name only when it is whole.

    `head` of the journal was read before. Without `databases` (PostgreSQL) only the vault goes in. Raises InputError
    if the target is there already, or cannot be written.
    """
    part = target.with_name(target.name + ".part")
    try:
        with _alone(part, target) as file, _scratch(part) as aside:
            if target.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
            manifest = _fill(file, aside, home, head, databases)
            file.flush()
            os.fsync(file.fileno())
            _publish(part, target)
    except FileExistsError:
        raise InputError(
            Words(f"{target} 已经存在：请换一个文件名", f"{target} is there already: take another name")
        ) from None
    except (OSError, sqlite3.Error) as error:
        raise InputError(unwritten(target, error)) from error
    _sync(target.absolute().parent)
    return manifest


def unwritten(path: Path, error: Exception) -> Words:
    """What to say when `path` could not be written: that the disk is full where that is the cause."""
    if getattr(error, "errno", None) in _FULL or "full" in str(error):
        return Words(
            f"磁盘已满或超出配额，写不下 {path}：请腾出空间后再试",
            f"the disk is full, or a quota used up, and {path} could not be written: make room and try again",
        )
    text = getattr(error, "strerror", None) or error
    return Words(f"无法写入 {path}：{text}", f"cannot write {path}: {text}")


@contextlib.contextmanager
def _alone(part: Path, target: Path) -> Iterator[IO[bytes]]:
    """The unfinished file, empty, for one backup at a time; gone afterwards."""
    with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(
                Words(f"另一个备份正在写入 {target}：请等它完成", f"another backup is writing {target}: wait for it")
            ) from None
        try:
            file.truncate(0)
            yield file
        finally:
            part.unlink(missing_ok=True)


@contextlib.contextmanager
def _scratch(part: Path) -> Iterator[Path]:
    """Folder for copies of the databases; the next backup to the same file clears up after one that was killed."""
    folder = part.with_name(part.name + ".copies")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _publish(part: Path, target: Path) -> None:
    """Gives the finished file its name, never over another file."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:
        # Memory sticks and some network drives know no second name of a file.
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        part.rename(target)


def _fill(file: IO[bytes], aside: Path, home: Path, head: tuple[int, str], databases: bool) -> Manifest:
    files: dict[str, tuple[str, int]] = {}
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6, format=tarfile.PAX_FORMAT) as tar:
        # The order matters: a row never names a file of the vault that is not in the archive.
        if databases:
            _add_database(tar, aside, home / BUSINESS, files)
        for path in _vault_files(home):
            _add(tar, path, path.relative_to(home).as_posix(), files)
        if databases:
            _add_database(tar, aside, home / READINGS, files)
        if (home / "sample-password").is_file():
            _add(tar, home / "sample-password", "sample-password", files)
        manifest = Manifest(
            made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            version=anlan.__version__,
            store="embedded" if databases else "postgresql",
            head_number=head[0],
            head_hash=head[1],
            files=files,
        )
        data = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(data), 0o600
        tar.addfile(info, io.BytesIO(data))
    return manifest


def _vault_files(home: Path) -> Iterator[Path]:
    for one in sorted((home / "vault").glob("[0-9a-f][0-9a-f]")):
        for path in sorted(one.glob("[0-9a-f][0-9a-f]/*")):
            if _VAULT.fullmatch(path.relative_to(home).as_posix()):
                yield path


def _add(tar: tarfile.TarFile, path: Path, name: str, files: dict[str, tuple[str, int]]) -> None:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        # Swept since it was listed: no row names it.
        return
    with file:
        info = tarfile.TarInfo(name)
        status = os.fstat(file.fileno())
        info.size, info.mtime, info.mode = status.st_size, int(status.st_mtime), 0o600
        hashing = _Hashing(file)
        tar.addfile(info, hashing)
        files[name] = (hashing.hex(), hashing.size)


def _add_database(tar: tarfile.TarFile, aside: Path, path: Path, files: dict[str, tuple[str, int]]) -> None:
    """Copy of one moment, made while others write."""
    copy = aside / path.name
    # Quoted: a "#" or "?" in the name of a folder would end the path, and SQLite would copy a new, empty database.
    address = f"{path.absolute().as_uri()}?mode=ro"
    with (
        contextlib.closing(sqlite3.connect(address, uri=True, timeout=60)) as source,
        contextlib.closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
        # A copy in one file, without a log beside it.
        target.execute("PRAGMA journal_mode=DELETE")
        if (found := target.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise InputError(
                Words(
                    f"{path} 已损坏（{found}），没有备份：请用 anlan restore 恢复最近的备份",
                    f"{path} is damaged ({found}), so nothing was backed up: restore the latest backup",
                )
            )
    _add(tar, copy, path.name, files)
    copy.unlink()


def unpack(source: Path, folder: Path) -> Manifest:
    """Unpacks an archive into an empty folder and checks every file against the manifest.

    Raises InputError if it is no whole archive of ours, or holds anything that does not belong into one.
    """
    seen: dict[str, tuple[str, int]] = {}
    data = b""
    try:
        with gzip.open(source) as file:
            with tarfile.open(fileobj=file, mode="r|") as tar:
                for member in tar:
                    if data:
                        raise _hostile(source, member.name, "清单之后还有内容", "stands behind the manifest")
                    data = _take(tar, member, source, folder, seen)
            # To the end, where the checksum of the compressed file stands.
            while file.read(_PIECE):
                pass
    except InputError:
        raise
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error, ValueError) as error:
        raise InputError(
            Words(
                f"{source} 不是完整的备份文件（{error}）：可能没有传完，请重新取一份",
                f"{source} is no whole backup ({error}): it may have been cut off on its way, fetch it again",
            )
        ) from error
    except OSError as error:
        raise InputError(
            Words(f"无法读取 {source}：{error.strerror or error}", f"cannot read {source}: {error.strerror or error}")
        ) from error
    manifest = _manifest(source, data)
    problems = [
        Words(f"{source} 中的 {name} 与清单不符", f"{name} in {source} is not what the manifest says")
        for name in sorted(manifest.files.keys() | seen.keys())
        if manifest.files.get(name) != seen.get(name)
    ]
    if problems:
        raise InputError(*problems[:20])
    return manifest


def _take(
    tar: tarfile.TarFile, member: tarfile.TarInfo, source: Path, folder: Path, seen: dict[str, tuple[str, int]]
) -> bytes:
    """Takes one member in; gives the bytes of the manifest, b"" for others."""
    name = member.name
    found = _VAULT.fullmatch(name)
    if not member.isreg() or not (found or name in _PLAIN or name == MANIFEST) or name in seen:
        raise _hostile(source, name, "不属于备份文件的内容", "does not belong into a backup")
    stream = tar.extractfile(member)
    assert stream is not None  # it is a regular file
    if name == MANIFEST:
        if member.size > _LARGEST_MANIFEST:
            raise _hostile(source, name, "过大", "is too large")
        return stream.read()
    if member.size > shutil.disk_usage(folder).free - _SPARE:
        raise InputError(
            Words(
                f"磁盘空间不足：{name} 需要 {member.size} 字节（{folder}）",
                f"the disk is full: {name} needs {member.size} bytes ({folder})",
            )
        )
    target = folder / name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    hashing = _Hashing(stream)
    _write(target, iter(lambda: hashing.read(_PIECE), b""))
    if found and hashing.hex() != found[3]:
        raise _hostile(source, name, "内容与校验值不符", "is not what its name says")
    seen[name] = (hashing.hex(), hashing.size)
    return b""


def _write(target: Path, pieces: Iterator[bytes]) -> None:
    """New file, on the disk when it is done. Raises InputError if it cannot be written."""
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise InputError(unwritten(target, error)) from error
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        for piece in pieces:
            # What fails here is writing; reading the pieces has its own words.
            try:
                while piece:
                    piece = piece[file.write(piece) :]
            except OSError as error:
                raise InputError(unwritten(target, error)) from error
        try:
            os.fsync(file.fileno())
        except OSError as error:
            raise InputError(unwritten(target, error)) from error


def _hostile(source: Path, name: str, zh: str, en: str) -> InputError:
    shown = name[:100].encode("unicode_escape", "backslashreplace").decode() if not name.isprintable() else name[:100]
    return InputError(
        Words(f"{source} 中的 {shown} {zh}：没有恢复任何东西", f"{shown} in {source} {en}: nothing was restored")
    )


def _manifest(source: Path, data: bytes) -> Manifest:
    try:
        told: dict[str, Any] = json.loads(data)
        form, version = int(told["form"]), str(told["version"])
        files = {str(name): (str(one[0]), int(one[1])) for name, one in told["files"].items()}
        manifest = Manifest(
            str(told["made_at"]), version, str(told["store"]), int(told["head_number"]), str(told["head_hash"]), files
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise InputError(
            Words(f"{source} 里没有可用的清单，不是安澜的备份", f"{source} holds no usable manifest: it is no backup")
        ) from error
    if form != _FORM:
        raise InputError(
            Words(
                f"{source} 的格式较新：请用写出它的版本 {version} 恢复",
                f"{source} is of a newer form: restore it with version {version}",
            )
        )
    return manifest


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        # Some network drives cannot do this for a folder; the file itself is on the disk already.
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
