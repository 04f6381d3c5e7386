"""Whether one photograph was made from another: how it was laid, what was cut away, how well the rest agrees.

First marks with like codes are paired and one shift and scale is sought that most pairs follow. Then the grey copies
are laid over each other and compared field by field. Two photographs of one place share walls and trees, but not
clouds, water and light: they agree in some fields only, and are told apart from a copy by that share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from anlan.foundation.vault.images.features import (
    GREY,
    WAYS,
    Features,
    Floats,
    is_aside,
    laid,
    laid_grey,
    laid_points,
    sigma_of,
    working_size,
)
from anlan.settings import Words

# Codes of unlike surroundings differ in 32 of 64 bits, give or take 4: below 15 chance is rare.
NEAR_BITS: Final = 14
# Pairs of marks that follow one movement; two unlike photographs were never seen to have more than three.
ENOUGH: Final = 5
# Hashes of the whole that differ by no more are of the same picture, or of one with hardly anything in it.
NEAR_WHOLE: Final = 6
# Share of fields that agree. A stamp burnt in leaves 0.87; two days of one place were seen to reach 0.80.
COPY: Final = 0.82
_LOOSE_PX, _TIGHT_PX = 9.0, 4.0
_SCALE_OFF: Final = 1.45
_FIELD: Final = 8
# What differs less within a field is plain: noise would decide whether it agrees.
_PLAIN: Final = 2.0
_AGREES: Final = 0.75
_PAIRS: Final = 48
_CHANGES: Final = {
    "mirror": Words("镜像", "mirrored"),
    "turn": Words("旋转", "turned"),
    "crop": Words("裁剪", "cropped"),
}


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two photographs are alike.

    `way` says how the first has to be laid to fit the second ("" as it is, "mirror", "turn90", …). `shared` is the part
    of the first that the second shows, `shared_other` that of the second, both 0 to 1. `agreeing` is the part of the
    fields with something in them that agree, `marks` the number of pairs that follow the movement, `bits` in how many
    of 64 bits the hashes of the whole differ.
    """

    way: str
    marks: int
    shared: float
    shared_other: float
    agreeing: float
    fields: int
    bits: int

    @property
    def is_copy(self) -> bool:
        """Whether one was made from the other, rather than taken at the same place."""
        return self.agreeing >= COPY and self.fields >= 4

    @property
    def changes(self) -> tuple[str, ...]:
        """What was done, as codes: mirror, turn, crop; nothing where it is only scaled, recompressed or recoloured."""
        found = []
        if self.way in ("mirror", "flip", "transpose", "transverse"):
            found.append("mirror")
        if self.way in ("turn90", "turn180", "turn270", "flip", "transpose", "transverse"):
            found.append("turn")
        if min(self.shared, self.shared_other) < 0.96:
            found.append("crop")
        return tuple(found)

    @property
    def words(self) -> Words:
        """How the two are alike, for people."""
        done = [_CHANGES[one] for one in self.changes]
        agreeing = f"{self.agreeing:.0%}"
        if not self.is_copy:
            return Words(
                f"像是同一地点的另一张照片，{agreeing} 的小块一致",
                f"looks like another photograph of the same place, {agreeing} of the fields agree",
            )
        if not done:
            return Words(
                f"画面相同（重新压缩、缩放或调色），{agreeing} 的小块一致",
                f"the same picture (recompressed, scaled or recoloured), {agreeing} of the fields agree",
            )
        # Told as a share of the one that shows more.
        part = f"{min(self.shared, self.shared_other):.0%}"
        return Words(
            f"画面相同（{'、'.join(one.zh for one in done)}），重合部分占较大一张的 {part}，其中 {agreeing} 的小块一致",
            f"the same picture ({', '.join(one.en for one in done)}); what they share is {part} of the larger one, "
            f"{agreeing} of its fields agree",
        )


def compare(one: Features, other: Features, ways: tuple[str, ...] = WAYS) -> Likeness | None:
    """How two photographs are alike, the best of the ways; None if they have nothing in common."""
    found = [likeness for way in ways if (likeness := _laid(one, other, way))]
    return max(found, key=lambda item: (item.is_copy, item.agreeing * item.fields, item.marks), default=None)


def _laid(one: Features, other: Features, way: str) -> Likeness | None:
    bits = (int(laid(np.array([one.whole], np.uint64), way)[0]) ^ other.whole).bit_count()
    movement, marks = _movement(one, other, way)
    if movement is None:
        if bits > NEAR_WHOLE or not _same_form(one, other, way):
            return None
        movement = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    shared, shared_other, agreeing, fields = _laid_over(one, other, way, movement)
    if not fields and bits > NEAR_WHOLE:
        return None
    return Likeness(way, marks, shared, shared_other, agreeing, fields, bits)


def _same_form(one: Features, other: Features, way: str) -> bool:
    width, height = (one.height, one.width) if is_aside(way) else (one.width, one.height)
    return abs(width * other.height / (height * other.width) - 1) < 0.05


def _places(photo: Features, way: str) -> tuple[Floats, Floats, tuple[int, int]]:
    """Places of the marks in pixels of the working picture laid that way, and its size."""
    size = working_size(photo.width, photo.height)
    if is_aside(way):
        size = (size[1], size[0])
    x, y = laid_points(photo.marks["x"] / 65535, photo.marks["y"] / 65535, way)
    return x * size[0], y * size[1], size


def _movement(one: Features, other: Features, way: str) -> tuple[npt.NDArray[Any] | None, int]:
    """Movement of the first's shares of width and height onto the second's, and how many pairs follow it."""
    if len(one.marks) < ENOUGH or len(other.marks) < ENOUGH:
        return None, 0
    apart = np.bitwise_count(laid(one.marks["code"], way)[:, None] ^ other.marks["code"][None, :]).astype(np.int64)
    i, j = np.nonzero(apart <= NEAR_BITS)
    if len(i) < ENOUGH:
        return None, 0
    ax, ay, size_a = _places(one, way)
    bx, by, size_b = _places(other, "")
    ratio = sigma_of(other.marks["size"])[j] / sigma_of(one.marks["size"])[i]
    points, images = np.stack([ax[i], ay[i]], 1), np.stack([bx[j], by[j]], 1)
    best: npt.NDArray[np.bool_] | None = None
    for k in np.argsort(apart[i, j], kind="stable")[:_PAIRS]:
        moved = (points - points[k]) * ratio[k] + images[k]
        follows = (np.abs(moved - images).max(1) < _LOOSE_PX * max(1.0, float(ratio[k]))) & (
            np.abs(np.log(ratio / ratio[k])) < np.log(_SCALE_OFF)
        )
        if best is None or _number(follows, i, j) > _number(best, i, j):
            best = follows
    assert best is not None
    if _number(best, i, j) < ENOUGH:
        return None, 0
    for _ in range(3):
        affine = _fitted(points[best], images[best])
        if affine is None:
            return None, 0
        error = np.hypot(*(points @ affine[:, :2].T + affine[:, 2] - images).T)
        closer = error < max(_TIGHT_PX, _TIGHT_PX * float(np.sqrt(abs(np.linalg.det(affine[:, :2])))))
        if _number(closer, i, j) < ENOUGH:
            return None, 0
        best = closer
    affine = _fitted(points[best], images[best])
    if affine is None or not _sensible(affine):
        return None, 0
    # From pixels of the working pictures to shares of width and height.
    shares = affine.copy()
    shares[:, 0] *= size_a[0]
    shares[:, 1] *= size_a[1]
    shares[0] /= size_b[0]
    shares[1] /= size_b[1]
    return shares, _number(best, i, j)


def _number(follows: npt.NDArray[np.bool_], i: npt.NDArray[np.intp], j: npt.NDArray[np.intp]) -> int:
    """Marks that follow, each counted once."""
    return min(len(np.unique(i[follows])), len(np.unique(j[follows])))


def _fitted(points: npt.NDArray[Any], images: npt.NDArray[Any]) -> npt.NDArray[Any] | None:
    """Affine movement of least squares: a squeeze and a slight turn are followed too."""
    system = np.column_stack([points, np.ones(len(points))])
    found, _, rank, _ = np.linalg.lstsq(system, images, rcond=1e-4)
    return found.T if rank == 3 else None


def _sensible(affine: npt.NDArray[Any]) -> bool:
    """Whether a movement is one that people make: scaled 1 : 5 at most, hardly squeezed, turned by less than 25°."""
    values = np.linalg.svd(affine[:, :2], compute_uv=False)
    turned = np.degrees(np.arctan2(affine[1, 0], affine[0, 0]))
    return bool(values[1] > 0.2 and values[0] < 5 and values[0] / values[1] < 1.6 and abs(turned) < 25)


def _laid_over(one: Features, other: Features, way: str, movement: npt.NDArray[Any]) -> tuple[float, float, float, int]:
    """Parts shared, part of the fields that agree, and the number of fields with something in them."""
    grey = laid_grey(one.grey, way).astype(np.float32)
    line = (np.arange(GREY, dtype=np.float32) + 0.5) / GREY
    x, y = np.meshgrid(line, line)
    u = movement[0, 0] * x + movement[0, 1] * y + movement[0, 2]
    v = movement[1, 0] * x + movement[1, 1] * y + movement[1, 2]
    inside = (u > 0) & (u < 1) & (v > 0) & (v < 1)
    shared = float(inside.mean())
    shared_other = min(1.0, shared * float(abs(np.linalg.det(movement[:, :2]))))
    there = _sampled(other.grey.astype(np.float32), u, v)
    agreeing = total = 0
    for top in range(0, GREY, _FIELD):
        for left in range(0, GREY, _FIELD):
            part = (slice(top, top + _FIELD), slice(left, left + _FIELD))
            if inside[part].mean() < 0.9:
                continue
            here, over = grey[part][inside[part]], there[part][inside[part]]
            spread, spread_other = float(here.std()), float(over.std())
            if max(spread, spread_other) < _PLAIN:
                continue
            total += 1
            both = float(((here - here.mean()) * (over - over.mean())).mean())
            agreeing += both > _AGREES * spread * spread_other and min(spread, spread_other) > 0
    return shared, shared_other, agreeing / total if total else 0.0, total


def _sampled(grey: Floats, u: npt.NDArray[Any], v: npt.NDArray[Any]) -> Floats:
    x = np.clip(u * GREY - 0.5, 0, GREY - 1.001)
    y = np.clip(v * GREY - 0.5, 0, GREY - 1.001)
    left, top = x.astype(np.intp), y.astype(np.intp)
    right, down = x - left, y - top
    found: Floats = (
        grey[top, left] * (1 - down) * (1 - right)
        + grey[top, left + 1] * (1 - down) * right
        + grey[top + 1, left] * down * (1 - right)
        + grey[top + 1, left + 1] * down * right
    ).astype(np.float32)
    return found
