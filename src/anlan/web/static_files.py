"""Static files: served from where they lie, compressed once for all processes, fonts for PDF left out."""

from __future__ import annotations

import functools
import gzip
import hashlib
import os
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

# The 20 MB of fonts are for papers; a browser draws with those of its machine.
_HIDDEN = "parts/fonts/"
_TEXTS = (".css", ".js", ".svg", ".json", ".txt")
# Below this the headers outweigh what is saved.
_SMALLEST = 1_000


class StaticMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc] # the package is untyped
    """WhiteNoise with compressed copies in ANLAN_HOME/static instead of beside the files."""

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        """Takes a file in unless it is for the server only."""
        if not url.startswith(f"{self.static_prefix}{_HIDDEN}"):
            super().add_file_to_dictionary(url, path, stat_cache=stat_cache)

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> StaticFile:
        """File with its compressed copy, if it has one."""
        headers = Headers([])
        self.add_mime_headers(headers, path, url)
        self.add_cache_headers(headers, path, url)
        packed = _packed(path, os.stat(path).st_mtime_ns) if path.endswith(_TEXTS) else None
        return StaticFile(path, headers.items(), encodings={"gzip": packed} if packed else {})


@functools.cache
def _packed(path: str, changed: int) -> str | None:
    """Compressed copy of a file, made if it is not there; None where it saves nothing."""
    data = Path(path).read_bytes()
    if len(data) < _SMALLEST:
        return None
    target = Path(settings.STATIC_ROOT) / f"{hashlib.sha256(data).hexdigest()}.gz"
    if not target.exists():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = target.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(gzip.compress(data, 9, mtime=0))
        part.replace(target)
    return str(target)
