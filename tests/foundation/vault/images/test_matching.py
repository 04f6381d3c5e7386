"""Copies are recognised whatever was done to them; two photographs of one place are told apart."""

from __future__ import annotations

import io
import random

import numpy as np
import pytest
from benchmarks.scenes import CHANGES, jpeg, scene
from PIL import Image

from anlan.foundation.vault.images import Features, compare, from_text, unpack
from anlan.foundation.vault.images.features import WAYS, features, laid
from anlan.foundation.vault.images.keys import Index, keys

SEEDS = (1, 2, 3)
SCENES = {seed: scene(seed) for seed in SEEDS}
ORIGINALS = {seed: features(picture) for seed, picture in SCENES.items()}
# Beyond what is promised: see docs/benchmarks.md.
LOST = {"rotate 5°, cut straight", "rotate 15°, cut straight"}


def changed(seed: int, name: str) -> Features:
    picture = CHANGES[name](SCENES[seed], random.Random(seed))
    with Image.open(io.BytesIO(jpeg(picture, 70))) as again:
        return features(again)


@pytest.mark.parametrize("name", [name for name in CHANGES if name not in LOST])
def test_a_changed_copy_is_found_among_others(name: str) -> None:
    index: Index[int] = Index()
    for seed, original in ORIGINALS.items():
        index.add(seed, original)
    for seed in SEEDS:
        found = index.find(changed(seed, name))
        assert [other for other, how in found if how.is_copy] == [seed], name


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("resize to a half", ()),
        ("colour, contrast, light", ()),
        ("mirror", ("mirror",)),
        ("rotate 90°", ("turn",)),
        ("crop 25 %", ("crop",)),
        ("mirror and crop 15 %", ("mirror", "crop")),
    ],
)
def test_what_was_done_is_told(name: str, changes: tuple[str, ...]) -> None:
    how = compare(changed(1, name), ORIGINALS[1])
    assert how
    assert how.changes == changes


def test_the_part_that_is_left_is_told() -> None:
    # A quarter of the area was cut away: three quarters of the original are shared, and all of the copy.
    how = compare(changed(2, "crop 25 %"), ORIGINALS[2])
    assert how
    assert how.shared == pytest.approx(1.0, abs=0.02)
    assert how.shared_other == pytest.approx(0.75, abs=0.02)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_place_on_another_day_is_alike_and_no_copy(seed: int) -> None:
    how = compare(features(scene(seed, 1)), ORIGINALS[seed])
    assert how
    assert not how.is_copy


def test_other_places_have_nothing_in_common() -> None:
    assert compare(ORIGINALS[1], ORIGINALS[2]) is None
    assert compare(ORIGINALS[2], ORIGINALS[3]) is None


def test_a_plain_wall_is_no_copy_of_another_one() -> None:
    # Nothing to see in either: that they are alike says nothing.
    how = compare(features(Image.new("RGB", (800, 600), "gray")), features(Image.new("RGB", (400, 300), "white")))
    assert how is None or not how.is_copy


@pytest.mark.parametrize("way", [way for way in WAYS if way])
def test_hashes_of_a_picture_laid_another_way_are_known_without_it(way: str) -> None:
    turned = {
        "mirror": Image.Transpose.FLIP_LEFT_RIGHT,
        "flip": Image.Transpose.FLIP_TOP_BOTTOM,
        "turn180": Image.Transpose.ROTATE_180,
        "transpose": Image.Transpose.TRANSPOSE,
        "turn90": Image.Transpose.ROTATE_90,
        "turn270": Image.Transpose.ROTATE_270,
        "transverse": Image.Transpose.TRANSVERSE,
    }[way]
    expected = features(SCENES[1].transpose(turned)).whole
    assert int(laid(np.array([ORIGINALS[1].whole], np.uint64), way)[0]) == expected


@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (2000, 3), (17, 16), (1, 500)])
@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "RGBA", "LA", "I;16", "F", "CMYK"])
def test_any_size_and_mode_has_features(size: tuple[int, int], mode: str) -> None:
    found = features(Image.new(mode, size))
    assert unpack(found.pack()).pack() == found.pack()
    assert len(keys(found)) >= 4


def test_features_come_back_from_text_and_from_nothing_else() -> None:
    again = from_text(ORIGINALS[1].text())
    assert again.pack() == ORIGINALS[1].pack()
    for wrong in ("", "AAAA", "不是", ORIGINALS[1].text()[:-8]):
        with pytest.raises(ValueError):  # noqa: PT011
            from_text(wrong)
    data = bytearray(ORIGINALS[1].pack())
    data[0] = 99
    with pytest.raises(ValueError, match="version 99"):
        unpack(bytes(data))


def test_a_name_is_filed_once() -> None:
    index: Index[str] = Index()
    index.add("a", ORIGINALS[1])
    with pytest.raises(ValueError, match="filed already"):
        index.add("a", ORIGINALS[2])
    assert index.find(ORIGINALS[1], without=["a"]) == []
