"""Made photographs: scenes on a river bank drawn from a seed, and what people do to photographs afterwards.

Nothing is taken from anywhere: hills, water, banks, houses, trees, pipes and grain come from numbers. The same seed
gives the same picture. `again` is the same place on another day, which is another photograph and no copy.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

SIZE: Final = (1280, 960)


def scene(seed: int, day: int = 0) -> Image.Image:
    """Photograph number `seed`. `day` moves the camera, the light, the water, the clouds and what stands about."""
    place, moment = random.Random(f"place {seed}"), random.Random(f"moment {seed} {day}")
    _, height = SIZE
    horizon = place.uniform(0.28, 0.5) * height
    shift = (moment.uniform(-40, 40), moment.uniform(-20, 20)) if day else (0.0, 0.0)
    light = moment.uniform(0.75, 1.2)
    picture = _sky(moment, place, horizon)
    draw = ImageDraw.Draw(picture)
    for depth in range(3):
        _ridge(
            draw,
            place,
            horizon - 60 + 35 * depth + shift[1] * (0.2 + 0.2 * depth),
            shift[0] * (0.1 + 0.2 * depth),
            depth,
        )
    _river(draw, place, moment, horizon, shift)
    for _ in range(place.randint(2, 6)):
        _house(draw, place, horizon, shift)
    for _ in range(place.randint(8, 30)):
        _tree(draw, place, horizon, shift)
    for _ in range(place.randint(1, 4)):
        _pipe(draw, place, horizon, shift)
    for _ in range(moment.randint(3, 14)):
        _thing(draw, moment, horizon)
    return _grain(ImageEnhance.Brightness(picture.filter(ImageFilter.GaussianBlur(0.8))).enhance(light), seed, day)


def _sky(moment: random.Random, place: random.Random, horizon: float) -> Image.Image:
    width, height = SIZE
    top, bottom = (moment.randint(90, 150), moment.randint(140, 190), 235), (220, 225, moment.randint(215, 240))
    ramp = np.clip(np.arange(height) / horizon, 0, 1)[:, None]
    rows = np.array(top) * (1 - ramp) + np.array(bottom) * ramp
    field = np.repeat(rows[:, None, :], width, axis=1)
    noise = np.random.default_rng(moment.getrandbits(32)).normal(size=(12, 16))
    clouds = np.asarray(Image.fromarray(noise.astype("float32")).resize(SIZE, Image.Resampling.BICUBIC))
    field += (np.clip(clouds, 0, 2) * 22)[:, :, None]
    ground = np.random.default_rng(place.getrandbits(32)).normal(size=(60, 80))
    soil = np.asarray(Image.fromarray(ground.astype("float32")).resize(SIZE, Image.Resampling.BICUBIC))
    colour = np.array([place.randint(80, 140), place.randint(100, 140), place.randint(50, 90)])
    below = np.arange(height) >= horizon
    field[below] = (colour + (soil * 16)[:, :, None])[below]
    return Image.fromarray(np.clip(field, 0, 255).astype("uint8"))


def _ridge(draw: ImageDraw.ImageDraw, place: random.Random, base: float, shift: float, depth: int) -> None:
    width, _ = SIZE
    waves = [(place.uniform(0.5, 6), place.uniform(0, 6.3), place.uniform(5, 45)) for _ in range(5)]
    points = [
        (x + shift, base - sum(h * math.sin(f * 2 * math.pi * x / width + p) / f for f, p, h in waves) - 20)
        for x in range(-80, width + 81, 10)
    ]
    tone = 150 - 35 * depth + place.randint(-12, 12)
    draw.polygon(
        [*points, (width + 90, base + 60), (-90, base + 60)], fill=(tone - 30, tone, tone - 20 + 10 * (2 - depth))
    )


def _river(
    draw: ImageDraw.ImageDraw, place: random.Random, moment: random.Random, horizon: float, shift: tuple[float, float]
) -> None:
    width, height = SIZE
    far, near = place.uniform(0.2, 0.8) * width, place.uniform(-0.1, 1.1) * width
    half_far, half_near = place.uniform(10, 60), place.uniform(120, 420)
    tint = (place.randint(60, 120), place.randint(95, 140), place.randint(100, 150))
    draw.polygon(
        [
            (far - half_far + shift[0] * 0.5, horizon), (far + half_far + shift[0] * 0.5, horizon),
            (near + half_near + shift[0], height), (near - half_near + shift[0], height),
        ],
        fill=tint,
    )  # fmt: skip
    for _ in range(120):
        y = moment.uniform(horizon + 5, height)
        t = (y - horizon) / (height - horizon)
        mid, half = far + (near - far) * t + shift[0], half_far + (half_near - half_far) * t
        x, length = mid + moment.uniform(-0.9, 0.8) * half, half * moment.uniform(0.05, 0.25)
        bright = moment.randint(10, 55)
        draw.line(
            [(x, y), (x + length, y)], fill=(tint[0] + bright, tint[1] + bright, tint[2] + bright), width=1 + int(3 * t)
        )


def _house(draw: ImageDraw.ImageDraw, place: random.Random, horizon: float, shift: tuple[float, float]) -> None:
    width, height = SIZE
    t = place.uniform(0.02, 0.35)
    w, h = place.uniform(60, 260) * (0.4 + t), place.uniform(50, 190) * (0.4 + t)
    x, y = place.uniform(0, width) + shift[0] * (0.5 + t), horizon + t * (height - horizon) * 0.6 + shift[1]
    wall = place.randint(130, 230)
    draw.rectangle([x, y - h, x + w, y], fill=(wall, wall - place.randint(0, 25), wall - place.randint(5, 60)))
    draw.polygon(
        [(x - 8, y - h), (x + w / 2, y - h - place.uniform(10, 60)), (x + w + 8, y - h)],
        fill=(place.randint(80, 160), 60, 55),
    )
    columns, rows = place.randint(2, 6), place.randint(1, 4)
    for i in range(columns):
        for j in range(rows):
            left, top = x + (i + 0.25) * w / columns, y - h + (j + 0.25) * h / rows
            if place.random() < 0.85:
                draw.rectangle(
                    [left, top, left + w / columns / 2, top + h / rows / 2], fill=(50, 60, place.randint(60, 110))
                )


def _tree(draw: ImageDraw.ImageDraw, place: random.Random, horizon: float, shift: tuple[float, float]) -> None:
    width, height = SIZE
    t = place.uniform(0.03, 0.8)
    x, y = place.uniform(0, width) + shift[0] * (0.5 + t), horizon + t * (height - horizon) + shift[1]
    tall = place.uniform(40, 200) * (0.3 + t)
    draw.rectangle([x - 2 - 4 * t, y - tall, x + 2 + 4 * t, y], fill=(85, 65, 45))
    for _ in range(place.randint(5, 14)):
        r = place.uniform(0.1, 0.3) * tall
        cx, cy = x + place.uniform(-0.3, 0.3) * tall, y - tall * place.uniform(0.7, 1.3)
        green = place.randint(70, 150)
        draw.ellipse([cx - r, cy - r, cx + r, cy + r], fill=(green - 40, green, green - 50))


def _pipe(draw: ImageDraw.ImageDraw, place: random.Random, horizon: float, shift: tuple[float, float]) -> None:
    width, height = SIZE
    x, y = place.uniform(0.05, 0.9) * width + shift[0], place.uniform(horizon + 80, height - 60) + shift[1]
    r = place.uniform(18, 60)
    draw.rectangle([x, y - r, x + place.uniform(2, 6) * r, y + r], fill=(150, 150, 148))
    draw.ellipse([x - r, y - r, x + r, y + r], fill=(120, 120, 118))
    draw.ellipse([x - r * 0.8, y - r * 0.8, x + r * 0.8, y + r * 0.8], fill=(35, 35, 38))


def _thing(draw: ImageDraw.ImageDraw, moment: random.Random, horizon: float) -> None:
    width, height = SIZE
    x, y, s = moment.uniform(0, width), moment.uniform(horizon + 20, height), moment.uniform(6, 45)
    colour = (moment.randint(20, 240), moment.randint(20, 240), moment.randint(20, 240))
    if moment.random() < 0.5:
        draw.ellipse([x - s, y - s / 2, x + s, y + s / 2], fill=colour)
    else:
        draw.rectangle([x - s / 3, y - s, x + s / 3, y], fill=colour)


def _grain(picture: Image.Image, seed: int, day: int) -> Image.Image:
    noise = np.random.default_rng((seed, day)).normal(0, 5, (SIZE[1], SIZE[0], 1))
    return Image.fromarray(np.clip(np.asarray(picture, dtype="float32") + noise, 0, 255).astype("uint8"))


def jpeg(picture: Image.Image, quality: int = 90, exif: Image.Exif | None = None) -> bytes:
    """The picture as the bytes of a JPEG."""
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=quality, **({"exif": exif} if exif is not None else {}))
    return out.getvalue()


def _crop(share: float, corner: bool = False) -> Callable[[Image.Image, random.Random], Image.Image]:
    """Cuts so much of the area away, at chance or all at one corner."""

    def change(picture: Image.Image, chance: random.Random) -> Image.Image:
        keep = math.sqrt(1 - share)
        w, h = round(picture.width * keep), round(picture.height * keep)
        x = 0 if corner else chance.randint(0, picture.width - w)
        y = 0 if corner else chance.randint(0, picture.height - h)
        return picture.crop((x, y, x + w, y + h))

    return change


def _side(picture: Image.Image, chance: random.Random) -> Image.Image:
    cut = chance.uniform(0.15, 0.25)
    return picture.crop((round(cut * picture.width), 0, picture.width, picture.height))


def _scale(factor: float) -> Callable[[Image.Image, random.Random], Image.Image]:
    return lambda picture, _: picture.resize((round(picture.width * factor), round(picture.height * factor)))


def _turn(degrees: float) -> Callable[[Image.Image, random.Random], Image.Image]:
    def change(picture: Image.Image, chance: random.Random) -> Image.Image:
        turned = picture.rotate(degrees, Image.Resampling.BICUBIC)
        # A clerk straightens a picture and cuts the black corners off.
        cut = math.tan(math.radians(abs(degrees))) / 2 + 0.005
        x, y = round(picture.width * cut), round(picture.height * cut)
        return turned.crop((x, y, picture.width - x, picture.height - y))

    return change


def _colour(picture: Image.Image, chance: random.Random) -> Image.Image:
    picture = ImageEnhance.Color(picture).enhance(chance.uniform(0.3, 1.7))
    picture = ImageEnhance.Contrast(picture).enhance(chance.uniform(0.75, 1.35))
    return ImageEnhance.Brightness(picture).enhance(chance.uniform(0.8, 1.25))


def _mark(picture: Image.Image, chance: random.Random) -> Image.Image:
    """A stamp with time and place, as site cameras and phone programs burn it in."""
    picture = picture.copy()
    draw = ImageDraw.Draw(picture)
    draw.rectangle([20, picture.height - 170, 520, picture.height - 20], fill=(20, 40, 90))
    for row in range(3):
        for column in range(chance.randint(12, 22)):
            x, y = 36 + column * 21, picture.height - 155 + row * 45
            draw.rectangle([x, y, x + chance.randint(6, 16), y + 28], outline=(240, 240, 240), width=3)
    return picture


CHANGES: Final[dict[str, Callable[[Image.Image, random.Random], Image.Image]]] = {
    "none": lambda picture, _: picture,
    "resize to a half": _scale(0.5),
    "resize to a quarter": _scale(0.25),
    "crop 5 %": _crop(0.05),
    "crop 10 %": _crop(0.10),
    "crop 15 %": _crop(0.15),
    "crop 25 %": _crop(0.25),
    "crop 25 % at a corner": _crop(0.25, corner=True),
    "crop 40 %": _crop(0.40),
    "crop 60 %": _crop(0.60),
    "one side cut by 15–25 %": _side,
    "mirror": lambda picture, _: ImageOps.mirror(picture),
    "mirror and crop 15 %": lambda picture, chance: _crop(0.15)(ImageOps.mirror(picture), chance),
    "colour, contrast, light": _colour,
    "grey": lambda picture, _: ImageOps.grayscale(picture).convert("RGB"),
    "rotate 90°": lambda picture, _: picture.transpose(Image.Transpose.ROTATE_90),
    "rotate 180°": lambda picture, _: picture.transpose(Image.Transpose.ROTATE_180),
    "rotate 2°, cut straight": _turn(2),
    "rotate 5°, cut straight": _turn(5),
    "rotate 15°, cut straight": _turn(15),
    "stamp burnt in": _mark,
    "crop 15 %, half, colour": lambda picture, chance: _colour(
        _scale(0.5)(_crop(0.15)(picture, chance), chance), chance
    ),
}
