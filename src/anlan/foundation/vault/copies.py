"""Small copies of pictures for the screen: ANLAN_HOME/vault/copies. They can be made again, so no backup holds them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

from anlan.foundation.vault import storing

# Names of the two sizes: for lists, and for looking at.
SIZES: Final = ("thumbnail", "view")


def path_of(sha256: str, size: str) -> Path:
    """Where a copy lies or will lie. ValueError for a size that there is not."""
    if size not in SIZES:
        raise ValueError(f"{size!r} is no size of a copy")
    return storing.folder() / "copies" / sha256[:2] / sha256[2:4] / f"{sha256}.{size}.jpg"


def write(sha256: str, size: str, data: bytes) -> None:
    """Puts a copy in its place in one step; it may be lost with the power, and is then made again."""
    path = path_of(sha256, size)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
