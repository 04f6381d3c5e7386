"""A zip from strangers: parts by name, unpacked under limits, nothing ever written to disk."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib

from anlan.plan.compiler.reading import limits
from anlan.plan.compiler.reading.source import Unreadable

# All that the zipfile module was seen to raise on broken or hostile archives (RuntimeError: a password;
# NotImplementedError: an unknown compression or flag).
_FAULTS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, KeyError, IndexError, OSError,
    NotImplementedError, OverflowError, UnicodeError,
)  # fmt: skip


class Archive:
    """Parts of a zip by their name in lower case with forward slashes: some Chinese writers use neither.

    Names are only ever compared, never used as paths.
    """

    def __init__(self, data: bytes) -> None:
        """Open the zip. Unreadable if it is damaged, encrypted or has too many parts."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except _FAULTS as error:
            raise Unreadable("damaged_zip") from error
        if len(entries) > limits.PARTS:
            raise Unreadable("too_large", what=f"{len(entries)} parts", limit=str(limits.PARTS))
        self._entries = {_key(entry.filename): entry for entry in entries if not entry.is_dir()}
        self._left = limits.UNPACKED_BYTES

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._entries

    def names(self) -> list[str]:
        """Names of all parts, as compared."""
        return list(self._entries)

    def part(self, name: str) -> bytes | None:
        """Bytes of a part, None if there is none of that name. Unreadable if it is damaged, encrypted or too large."""
        entry = self._entries.get(_key(name))
        if entry is None:
            return None
        if entry.flag_bits & 1:
            raise Unreadable("encrypted")
        size = entry.file_size
        if size > limits.PART_BYTES:
            raise _too_large(size, limits.PART_BYTES)
        if size > self._left:
            raise _too_large(limits.UNPACKED_BYTES - self._left + size, limits.UNPACKED_BYTES)
        if size > limits.RATIO_MATTERS_BYTES and size > limits.UNPACKING_RATIO * max(entry.compress_size, 1):
            raise Unreadable("unsafe", what=f"{size // max(entry.compress_size, 1)}:1")
        try:
            # zipfile gives no more than the declared size and checks the sum, so the declared size is a true bound.
            with self._zip.open(entry) as stream:
                data = stream.read()
        except _FAULTS as error:
            raise Unreadable("damaged_zip") from error
        except RuntimeError as error:
            raise Unreadable("encrypted") from error
        self._left -= len(data)
        return data


def _too_large(size: int, limit: int) -> Unreadable:
    return Unreadable("too_large", what=f"{size / limits.MB:.1f} MB", limit=f"{limit / limits.MB:g} MB")


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
