"""What makes a photograph recognisable: a hash of the whole, marks at striking points, and a coarse grey copy.

The hash of the whole (64 bit, by cosine transform) stands recompression, resizing, colour and light. The marks stand
cropping too: each is a striking point with its size and a 64-bit code of what surrounds it. Mirroring and quarter turns
change a code only by known flips and a transposition, so they are tried when searching and need not be stored.
The grey copy decides in the end: what is laid over what, and how well it agrees.
"""

from __future__ import annotations

import base64
import functools
import struct
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

Floats = npt.NDArray[np.floating[Any]]
Codes = npt.NDArray[np.uint64]

# Version of what is below: features of two versions are not compared.
VERSION: Final = 1
# All photographs are brought to this area, so that a mark has the same size in a copy of any resolution.
_AREA: Final = 256 * 256
# Narrower than this and a panorama is squeezed instead: marks need room.
_NARROWEST: Final = 96
GREY: Final = 64
MARKS: Final = 64
_SIGMAS: Final = tuple(1.8 * 2 ** (i / 3) for i in range(10))
_PATCH: Final = 16
# A mark's surroundings, in units of its sigma, from the middle to the edge.
_REACH: Final = 6.0
_FLAT: Final = 0.6
_HEAD: Final = struct.Struct("<BHHQHB")
_MARK: Final = np.dtype([("x", "<u2"), ("y", "<u2"), ("size", "u1"), ("code", "<u8")])


@dataclass(frozen=True, slots=True)
class Features:
    """What is compared of a photograph, upright as it is to be seen.

    `width` and `height` in pixels; `whole` the hash of all of it; `detail` how much there is to see, 0 for a plain
    wall to 255; `marks` with x and y in 1/65535 of width and height, `size` the number of the scale; `grey` 64 × 64.
    """

    width: int
    height: int
    whole: int
    detail: int
    marks: npt.NDArray[Any] = field(repr=False)
    grey: npt.NDArray[np.uint8] = field(repr=False)

    def pack(self) -> bytes:
        """As bytes; `unpack` takes them back."""
        head = _HEAD.pack(
            VERSION, min(self.width, 65535), min(self.height, 65535), self.whole, len(self.marks), self.detail
        )
        return head + self.marks.tobytes() + self.grey.tobytes()

    def text(self) -> str:
        """As text for JSON (base64 of `pack`)."""
        return base64.b64encode(self.pack()).decode()


def unpack(data: bytes) -> Features:
    """Features from the bytes of `pack`. ValueError for anything else, another version among them."""
    if len(data) < _HEAD.size:
        raise ValueError("too short for features of a picture")
    version, width, height, whole, count, detail = _HEAD.unpack_from(data)
    if version != VERSION:
        raise ValueError(f"features of version {version}, not {VERSION}")
    if len(data) != _HEAD.size + count * _MARK.itemsize + GREY * GREY or not width or not height:
        raise ValueError("no whole features of a picture")
    marks = np.frombuffer(data, _MARK, count, _HEAD.size)
    if count and int(marks["size"].max()) >= len(_SIGMAS):
        raise ValueError("a mark of a size that there is not")
    grey = np.frombuffer(data, np.uint8, GREY * GREY, _HEAD.size + count * _MARK.itemsize).reshape(GREY, GREY)
    return Features(width, height, whole, detail, marks, grey)


def from_text(text: str) -> Features:
    """Features from the text of `Features.text`. ValueError for anything else."""
    return unpack(base64.b64decode(text, validate=True))


def sigma_of(size: npt.NDArray[np.uint8]) -> Floats:
    """Radius of marks of these scales in the working picture, in its pixels."""
    return np.array(_SIGMAS, np.float32)[size]


def working_size(width: int, height: int) -> tuple[int, int]:
    """Width and height of the working picture."""
    factor = (_AREA / (width * height)) ** 0.5
    return (
        min(max(round(width * factor), _NARROWEST), _AREA // _NARROWEST),
        min(max(round(height * factor), _NARROWEST), _AREA // _NARROWEST),
    )


def features(picture: Image.Image, width: int = 0, height: int = 0) -> Features:
    """Features of an upright picture. `width` and `height` are those before it was read small, if it was."""
    grey = _flattened(picture)
    size = working_size(picture.width, picture.height)
    work = np.asarray(
        grey.resize(size, Image.Resampling.BOX if min(grey.size) > 512 else Image.Resampling.LANCZOS, reducing_gap=3),
        np.float32,
    )
    small = np.asarray(grey.resize((GREY, GREY), Image.Resampling.BOX), np.uint8)
    whole, detail = _whole(grey)
    return Features(width or picture.width, height or picture.height, whole, detail, _marks(work), small)


def _flattened(picture: Image.Image) -> Image.Image:
    """Grey, on white where it is transparent."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        ground = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(ground, clear).convert("L")
    if picture.mode.startswith(("I", "F")):
        values = np.asarray(picture, np.float64)
        values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
        low, high = float(values.min()), float(values.max())
        return Image.fromarray(((values - low) * (255 / (high - low) if high > low else 0)).astype(np.uint8))
    return picture.convert("L")


@functools.lru_cache
def _cosines(size: int, count: int) -> Floats:
    """The first `count` rows of the cosine transform (DCT-II)."""
    places = (np.arange(size, dtype=np.float32) + 0.5) * (np.pi / size)
    return np.cos(np.outer(np.arange(count, dtype=np.float32), places)).astype(np.float32)


def _bits(signs: npt.NDArray[np.bool_]) -> Codes:
    """The 64 signs of each row as one number, the first in the lowest bit."""
    return np.packbits(signs.reshape(-1, 64), axis=1, bitorder="little").view("<u8").reshape(-1).astype(np.uint64)


def _whole(grey: Image.Image) -> tuple[int, int]:
    """Hash of the whole: signs of 8 × 8 low frequencies without the mean, so that flips are flips of bits."""
    values = np.asarray(grey.resize((32, 32), Image.Resampling.BOX), np.float32)
    rows = _cosines(32, 9)
    waves = rows @ values @ rows.T
    signs = waves[:8, :8] > 0
    # The mean says nothing; in its place stands the first diagonal wave beyond the block.
    signs[0, 0] = waves[8, 8] > 0
    return int(_bits(signs)[0]), int(min(255.0, float(values.std()) * 2))


@functools.lru_cache(64)
def _blur(size: int, sigma: float) -> Floats:
    """Matrix that blurs a line of `size` pixels; what lies beyond the edge is the edge's reflection."""
    reach = max(1, round(3 * sigma))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights /= weights.sum()
    found = np.zeros((size, size), np.float32)
    for offset, weight in zip(range(-reach, reach + 1), weights, strict=True):
        places = np.abs(np.arange(size) + offset)
        places = np.where(places >= size, 2 * size - 2 - places, places).clip(0, size - 1)
        np.add.at(found, (np.arange(size), places), np.float32(weight))
    return found


def _marks(work: Floats) -> npt.NDArray[Any]:
    """Striking points (extrema of differences of Gaussians), the strongest, spread over the picture."""
    height, width = work.shape
    levels = np.stack([_blur(height, sigma) @ work @ _blur(width, sigma).T for sigma in _SIGMAS])
    differences = levels[1:] - levels[:-1]
    found = _extrema(differences)
    if not len(found):
        return np.zeros(0, _MARK)
    scale, y, x = found.T
    strength = np.abs(differences[scale, y, x])
    chosen = _spread(scale, y, x, strength, height, width)
    scale, y, x = scale[chosen], y[chosen], x[chosen]
    marks = np.zeros(len(chosen), _MARK)
    fine_y, fine_x = _finer(differences, scale, y, x)
    marks["x"] = np.clip((fine_x + 0.5) / width * 65535, 0, 65535)
    marks["y"] = np.clip((fine_y + 0.5) / height * 65535, 0, 65535)
    marks["size"] = scale
    marks["code"] = _codes(levels, scale, fine_y, fine_x)
    return marks


def _extrema(differences: Floats) -> npt.NDArray[np.intp]:
    """Places above or below all their 26 neighbours and above the noise, away from the edge."""
    middle = differences[1:-1, 1:-1, 1:-1]
    highest = np.abs(middle) > _FLAT
    lowest = highest.copy()
    depth, height, width = differences.shape
    for k in range(3):
        for j in range(3):
            for i in range(3):
                if (k, j, i) == (1, 1, 1):
                    continue
                other = differences[k : depth - 2 + k, j : height - 2 + j, i : width - 2 + i]
                highest &= middle > other
                lowest &= middle < other
    return np.argwhere(highest | lowest) + 1


def _spread(
    scale: npt.NDArray[np.intp],
    y: npt.NDArray[np.intp],
    x: npt.NDArray[np.intp],
    strength: Floats,
    height: int,
    width: int,
) -> npt.NDArray[np.intp]:
    """The strongest, but of each of 4 × 4 fields at most a share first: a crop must leave enough of them."""
    order = np.argsort(-strength, kind="stable")
    cell = (y * 4 // height) * 4 + x * 4 // width
    taken = np.zeros(16, int)
    first, later = [], []
    for one in order:
        if taken[cell[one]] < MARKS // 16 + 1:
            taken[cell[one]] += 1
            first.append(one)
        else:
            later.append(one)
    return np.array(sorted((first + later)[:MARKS], key=lambda one: -strength[one]), np.intp)


def _finer(
    differences: Floats, scale: npt.NDArray[np.intp], y: npt.NDArray[np.intp], x: npt.NDArray[np.intp]
) -> tuple[Floats, Floats]:
    """Places to a fraction of a pixel: the top of a parabola through the neighbours."""

    def top(before: Floats, here: Floats, after: Floats) -> Floats:
        bend = before - 2 * here + after
        with np.errstate(divide="ignore", invalid="ignore"):
            moved = np.where(np.abs(bend) > 1e-6, 0.5 * (before - after) / bend, 0)
        return np.clip(moved, -0.5, 0.5).astype(np.float32)

    here = differences[scale, y, x]
    dy = top(differences[scale, y - 1, x], here, differences[scale, y + 1, x])
    dx = top(differences[scale, y, x - 1], here, differences[scale, y, x + 1])
    return y + dy, x + dx


def _codes(levels: Floats, scale: npt.NDArray[np.intp], y: Floats, x: Floats) -> Codes:
    """Code of each mark: signs of the low frequencies of what surrounds it."""
    _, height, width = levels.shape
    steps = np.linspace(-_REACH, _REACH, _PATCH, dtype=np.float32)
    sigma = np.array(_SIGMAS, np.float32)[scale][:, None, None]
    rows = y[:, None, None] + steps[None, :, None] * sigma
    columns = x[:, None, None] + steps[None, None, :] * sigma
    # Reflected at the edges, as the blur is.
    rows = np.abs(rows)
    rows = np.where(rows > height - 1, 2 * (height - 1) - rows, rows).clip(0, height - 1.001)
    columns = np.abs(columns)
    columns = np.where(columns > width - 1, 2 * (width - 1) - columns, columns).clip(0, width - 1.001)
    top, left = rows.astype(np.intp), columns.astype(np.intp)
    down, right = rows - top, columns - left
    level = scale[:, None, None]
    patch = (
        levels[level, top, left] * (1 - down) * (1 - right)
        + levels[level, top, left + 1] * (1 - down) * right
        + levels[level, top + 1, left] * down * (1 - right)
        + levels[level, top + 1, left + 1] * down * right
    )
    waves = _cosines(_PATCH, 8)
    return _bits(_signs(waves @ patch @ waves.T))


def _signs(waves: Floats) -> npt.NDArray[np.bool_]:
    return waves > 0


# The eight ways to lay a picture: mirrored or not, turned by quarters. A mirrored picture has the sign of a wave (j, i)
# times (−1)^i, one upside down times (−1)^j, one transposed that of (i, j).
WAYS: Final = ("", "mirror", "flip", "turn180", "transpose", "turn90", "turn270", "transverse")
_ASIDE: Final = frozenset({"transpose", "turn90", "turn270", "transverse"})
_MIRRORED: Final = frozenset({"mirror", "turn180", "turn270", "transverse"})
_UPSIDE_DOWN: Final = frozenset({"flip", "turn180", "turn90", "transverse"})
_PLACES: Final = np.arange(64).reshape(8, 8)
_ODD_COLUMN: Final = np.uint64(sum(1 << int(_PLACES[j, i]) for j in range(8) for i in range(1, 8, 2)))
_ODD_ROW: Final = np.uint64(sum(1 << int(_PLACES[j, i]) for j in range(1, 8, 2) for i in range(8)))


def _transposed(codes: Codes) -> Codes:
    """Codes of which rows and columns change places."""
    bits = np.unpackbits(codes.astype("<u8").view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
    return _bits(bits.reshape(-1, 8, 8).transpose(0, 2, 1).reshape(-1, 64).astype(np.bool_))


def laid(codes: Codes, way: str) -> Codes:
    """Codes as they would be of the picture laid another way: "turn90" is turned by 90° against the clock."""
    codes = _transposed(codes) if way in _ASIDE else codes.astype(np.uint64)
    if way in _MIRRORED:
        codes = codes ^ _ODD_COLUMN
    if way in _UPSIDE_DOWN:
        codes = codes ^ _ODD_ROW
    return codes


def is_aside(way: str) -> bool:
    """Whether width and height change places."""
    return way in _ASIDE


def laid_points(x: Floats, y: Floats, way: str) -> tuple[Floats, Floats]:
    """Places, as shares of width and height, in the picture laid another way."""
    if way in _ASIDE:
        x, y = y, x
    if way in _MIRRORED:
        x = 1 - x
    if way in _UPSIDE_DOWN:
        y = 1 - y
    return x, y


def laid_grey(grey: npt.NDArray[Any], way: str) -> npt.NDArray[Any]:
    """The grey copy laid another way."""
    if way in _ASIDE:
        grey = grey.T
    if way in _MIRRORED:
        grey = grey[:, ::-1]
    if way in _UPSIDE_DOWN:
        grey = grey[::-1]
    return grey
