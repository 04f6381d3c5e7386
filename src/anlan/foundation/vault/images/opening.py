"""Opens pictures from strangers: sizes are read before pixels, and what would need too much is not opened at all."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from anlan.foundation.vault.images.faults import PictureError

# Phones take photographs of 108 and 200 million pixels; of a JPEG that is no picture in memory, since libjpeg makes it
# small while it reads.
JPEG_PIXELS: Final = 210_000_000
# Everything else is unpacked whole, four bytes a pixel: 240 MB. So are the coefficients of a progressive JPEG.
PIXELS: Final = 60_000_000
SIDE: Final = 40_000
# A progressive JPEG has about ten; each scan is a whole run over the picture, and a small file may hold thousands.
SCANS: Final = 64
# Longest side that pixels are kept of: enough for the view on the screen and far more than is compared.
LONGEST: Final = 1600
# Pictures of several lenses (MPO) are opened as JPEG.
FORMATS: Final = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")
# Pillow warns beyond this; whatever is beyond is refused here anyway.
Image.MAX_IMAGE_PIXELS = JPEG_PIXELS
# All that Pillow was seen to raise on broken or hostile pictures.
FAULTS: Final = (
    OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, AttributeError, EOFError, OverflowError,
    ZeroDivisionError, ArithmeticError, NotImplementedError, RuntimeError, AssertionError, struct.error, zlib.error,
    Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """The picture with its size and metadata read, and no pixels yet. PictureError if it may not be read."""
    with path.open("rb") as stream:
        head = stream.read(12)
        if head[4:8] == b"ftyp":
            raise PictureError("not_read")
        stream.seek(0)
        try:
            picture = Image.open(stream, formats=FORMATS)
        except MemoryError as error:
            raise PictureError("too_heavy") from error
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise PictureError("too_large") from error
        except FAULTS as error:
            raise PictureError("damaged") from error
        with picture:
            _limits(path, picture)
            yield picture


def _limits(path: Path, picture: Image.Image) -> None:
    width, height = picture.size
    if width < 1 or height < 1:
        raise PictureError("damaged")
    jpeg = picture.format in ("JPEG", "MPO")
    single = jpeg and not (picture.info.get("progressive") or picture.info.get("progression"))
    if width * height > (JPEG_PIXELS if single else PIXELS) or max(width, height) > SIDE:
        raise PictureError("too_large")
    if jpeg and _scans(path) > SCANS:
        raise PictureError("too_heavy")


def _scans(path: Path) -> int:
    """Starts of scans in a JPEG; one more than allowed is enough to know."""
    found, last = 0, b""
    with path.open("rb") as stream:
        while found <= SCANS and (piece := stream.read(1 << 20)):
            found += (last + piece).count(b"\xff\xda")
            last = piece[-1:]
    return found


def upright(picture: Image.Image, longest: int = LONGEST) -> Image.Image:
    """The pixels as they are to be seen (EXIF orientation obeyed), made small while reading where that is possible.

    PictureError if they are damaged or cut short.
    """
    try:
        if picture.format in ("JPEG", "MPO"):
            picture.draft("RGB", (longest, longest))
        picture.seek(0)
        picture.load()
        small = picture
        if max(picture.size) > longest:
            small = picture.reduce(max(1, max(picture.size) // longest)) if picture.mode not in ("P", "1") else picture
        turned = ImageOps.exif_transpose(small)
    except MemoryError as error:
        raise PictureError("too_heavy") from error
    except FAULTS as error:
        raise PictureError("damaged") from error
    return turned
