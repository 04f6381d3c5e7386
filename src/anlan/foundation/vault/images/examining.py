"""Everything that is taken from one picture: its form, what it says of itself, what it looks like, two small copies."""

from __future__ import annotations

import base64
import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from anlan.foundation.vault.images.exif import Exif, preview, read
from anlan.foundation.vault.images.faults import PictureError
from anlan.foundation.vault.images.features import Features, features, from_text
from anlan.foundation.vault.images.matching import compare
from anlan.foundation.vault.images.opening import FAULTS, opened, upright

# Longest sides of the copies for lists and for the screen, in pixels.
THUMBNAIL: Final = 320
VIEW: Final = 1280
_WHITE: Final = (255, 255, 255)
# A preview larger than this is none.
_LARGEST_PREVIEW: Final = 1_000_000
# Less to see than this, and two pictures cannot be told apart; cut by more than this, and it is another picture.
_DETAIL: Final = 20
_MARKS: Final = 12
_SHARED: Final = 0.85
_BLACK: Final = 24


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture. `width` and `height` upright, in pixels; `thumbnail` and `view` are JPEG without any metadata."""

    format: str
    width: int
    height: int
    exif: Exif
    features: Features
    thumbnail: bytes
    view: bytes

    def plain(self) -> dict[str, Any]:
        """As values of JSON; `of_plain` takes them back."""
        return {
            "format": self.format,
            "width": self.width,
            "height": self.height,
            "exif": self.exif.plain(),
            "features": self.features.text(),
            "thumbnail": base64.b64encode(self.thumbnail).decode(),
            "view": base64.b64encode(self.view).decode(),
        }

    @classmethod
    def of_plain(cls, values: Mapping[str, Any]) -> Picture:
        """The picture from what `plain` gave. KeyError, TypeError or ValueError for anything else."""
        return cls(
            str(values["format"]),
            int(values["width"]),
            int(values["height"]),
            Exif.of_plain(values["exif"]),
            from_text(values["features"]),
            base64.b64decode(values["thumbnail"]),
            base64.b64decode(values["view"]),
        )


def examine(path: Path) -> Picture:
    """Looks at a picture. PictureError if it is damaged, too large, or of a format that is not read."""
    # Pillow warns of every oddity in metadata; what matters of them is read as a doubt.
    with warnings.catch_warnings(action="ignore"), opened(path) as raw:
        exif, inner = read(raw), preview(raw)
        width, height = raw.size
        kind = raw.format or ""
        seen = upright(raw)
        turned = (seen.width > seen.height) != (width > height) and width != height
        if turned:
            width, height = height, width
        try:
            found = features(seen, width, height)
            shown = _plain(seen)
            if inner and not _agrees(inner, found):
                exif = replace(exif, doubts=(*exif.doubts, "preview_differs"))
            return Picture(kind, width, height, exif, found, _copy(shown, THUMBNAIL), _copy(shown, VIEW))
        except MemoryError as error:
            raise PictureError("too_heavy") from error
        except FAULTS as error:
            raise PictureError("damaged") from error


def _plain(picture: Image.Image) -> Image.Image:
    """RGB, on white where it is transparent, without metadata."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        ground = Image.new("RGB", clear.size, _WHITE)
        ground.paste(clear, mask=clear.getchannel("A"))
        return ground
    if picture.mode.startswith(("I", "F")):
        values = np.nan_to_num(np.asarray(picture, np.float64), nan=0.0, posinf=0.0, neginf=0.0)
        span = float(values.max() - values.min()) or 1.0
        return Image.fromarray(((values - values.min()) * (255 / span)).astype(np.uint8)).convert("RGB")
    return picture.convert("RGB")


def _copy(picture: Image.Image, longest: int) -> bytes:
    small = picture.copy()
    small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    small.info.clear()
    out = io.BytesIO()
    small.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def _agrees(inner: bytes, found: Features) -> bool:
    """Whether the camera's preview shows the same; True where it is plain or unreadable, for then it says nothing."""
    try:
        with Image.open(io.BytesIO(inner), formats=("JPEG",)) as small:
            if small.width * small.height > _LARGEST_PREVIEW:
                return True
            there = features(_without_bars(small.convert("L")))
    except FAULTS:
        return True
    if min(there.detail, found.detail) < _DETAIL or min(len(there.marks), len(found.marks)) < _MARKS:
        return True
    likeness = compare(there, found)
    # Cut smaller after the preview was made is a change, too.
    return likeness is not None and likeness.is_copy and likeness.shared > _SHARED


def _without_bars(picture: Image.Image) -> Image.Image:
    """Without the black bars by which a preview of 4:3 shows a picture of 16:9."""
    box = picture.point(lambda value: 255 if value > _BLACK else 0).getbbox()
    return picture.crop(box) if box else picture
