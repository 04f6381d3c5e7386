"""Hostile pictures: bombs, cut short, mad sizes, endless scans. They are refused before they cost anything."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from benchmarks.scenes import jpeg, scene
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from anlan.foundation.vault.images import Apart, Picture, PictureError, examine

SMALL = scene(1).resize((640, 480))
JPEG = jpeg(SMALL, 80)


def png(width: int, height: int, data: bytes = b"") -> bytes:
    """PNG that claims a size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def fault(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(PictureError) as error:
        examine(path)
    assert error.value.words.zh
    return error.value.code


def test_a_bomb_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    # 50,000 × 50,000 × 3 bytes would be 7.5 GB; the file has 100 bytes.
    assert fault(tmp_path / "a.png", png(50_000, 50_000, zlib.compress(b""))) == "too_large"
    # 8,000 × 8,000 = 64 million pixels, above the 60 of what is unpacked whole.
    assert fault(tmp_path / "b.png", png(8_000, 8_000, zlib.compress(bytes(1000)))) == "too_large"
    assert fault(tmp_path / "c.png", png(50_000, 10)) == "too_large"


def test_a_large_jpeg_of_a_phone_is_read_small(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(Image.new("RGB", (12_000, 9_000), "green")))
    found = examine(path)
    assert (found.width, found.height) == (12_000, 9_000)


def test_a_jpeg_of_endless_scans_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    SMALL.save(out, "JPEG", progressive=True)
    data = out.getvalue()
    path = tmp_path / "a.jpg"
    path.write_bytes(data)
    assert examine(path).width == 640
    end = data.rindex(b"\xff\xd9")
    scan = data[data.rindex(b"\xff\xda", 0, end) : end]
    assert fault(path, data[:end] + scan * 100 + data[end:]) == "too_heavy"


@pytest.mark.parametrize("kept", [12, 100, 2000, len(JPEG) // 2])
def test_a_picture_cut_short_is_damaged(tmp_path: Path, kept: int) -> None:
    assert fault(tmp_path / "a.jpg", JPEG[:kept]) == "damaged"


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"avif", b"isom"])
def test_heic_is_said_plainly_not_to_be_read(tmp_path: Path, brand: bytes) -> None:
    assert fault(tmp_path / "a.heic", b"\0\0\0\x18ftyp" + brand + bytes(100)) == "not_read"


def test_orientation_is_obeyed(tmp_path: Path) -> None:
    exif = Image.Exif()
    # 6: the camera was held upright.
    exif[0x112] = 6
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(SMALL, 80, exif))
    found = examine(path)
    assert (found.width, found.height) == (480, 640)
    with Image.open(io.BytesIO(found.thumbnail)) as copy:
        assert copy.size == (240, 320)


@pytest.mark.parametrize("form", ["PNG", "GIF", "BMP", "TIFF", "WEBP"])
def test_every_format_of_the_vault_but_heic_is_read(tmp_path: Path, form: str) -> None:
    path = tmp_path / "a"
    SMALL.save(path, form)
    assert examine(path).format == form


def test_the_first_picture_of_a_pair_of_lenses_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    SMALL.save(path, "MPO", save_all=True, append_images=[scene(2).resize((640, 480))])
    found = examine(path)
    assert (found.format, found.width) == ("MPO", 640)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, len(JPEG) - 1),
    st.binary(min_size=1, max_size=40),
    st.sampled_from([JPEG, png(20, 20, zlib.compress(bytes(1220)))]),
)
def test_any_damage_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, place: int, noise: bytes, data: bytes
) -> None:
    place %= len(data)
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(data[:place] + noise + data[place + len(noise) :])
    try:
        found = examine(path)
    except PictureError:
        return
    assert Picture.of_plain(found.plain()).plain() == found.plain()


def test_a_process_of_its_own_gives_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(JPEG)
    with Apart() as apart:
        assert apart.examine(path).plain() == examine(path).plain()
        with pytest.raises(PictureError, match="missing"):
            apart.examine(tmp_path / "b.jpg")
        assert apart.examine(path).width == 640


def test_what_needs_too_much_memory_is_told_and_the_next_one_is_read(tmp_path: Path) -> None:
    large, small = tmp_path / "a.png", tmp_path / "b.jpg"
    Image.new("RGBA", (7000, 8000)).save(large, compress_level=1)
    small.write_bytes(JPEG)
    with Apart(memory=400_000_000) as apart:
        with pytest.raises(PictureError, match="too_heavy"):
            apart.examine(large)
        assert apart.examine(small).width == 640


def test_what_takes_too_long_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(JPEG)
    with Apart(seconds=0.0) as apart, pytest.raises(PictureError, match="too_heavy"):
        apart.examine(path)
