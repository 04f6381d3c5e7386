"""What a photograph says of itself: when, where, with what, by which program. Any bytes are read; nothing is believed.

Times are as the camera wrote them, mostly without a zone; places are degrees as written, mostly WGS-84 (Exif 2.32,
4.6.6 and 4.6.8). What is written wrongly is left out and named in `doubts`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from PIL import ExifTags, Image

from anlan.foundation.vault.images.opening import FAULTS
from anlan.settings import Words

DOUBTS: Final = {
    "time_unreadable": Words("拍摄时间写得不成日期", "the time of the photograph is no date"),
    "place_unreadable": Words("位置信息不完整或超出范围", "the place is incomplete or out of range"),
    "place_zero": Words("位置是 0°,0°，多为定位失败", "the place is 0°, 0°: the receiver had none"),
    "clock_differs": Words("相机时间与卫星时间相差一天以上", "clock and satellite time are more than a day apart"),
    "changed_later": Words("拍摄后又保存过", "saved again after it was taken"),
    "edited": Words("由图像处理软件保存", "saved by a program that edits pictures"),
    "generated": Words("带有人工智能生成的标识", "bears the mark of a picture made by a program"),
    "screen": Words("像是屏幕截图", "looks like a screenshot"),
    "preview_differs": Words("内嵌预览图与画面不一致，画面可能改过", "the preview inside shows something else"),
    "exif_unreadable": Words("拍摄信息已损坏", "the data of the camera are damaged"),
}
_TIME: Final = re.compile(r"(\d{4})[:\-/](\d{1,2})[:\-/](\d{1,2})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})")
_OFFSET: Final = re.compile(r"([+\-])(\d{2}):?(\d{2})")
# Programs that change what a picture shows, by what they write into "Software". Cameras write their firmware there.
_EDITORS: Final = re.compile(
    r"photoshop|lightroom|gimp|snapseed|picsart|meitu|美图|xingtu|醒图|轻颜|faceu|paint\.net|affinity|pixelmator|"
    r"acdsee|coreldraw|canva|稿定|剪映|capcut|vsco|polarr|泼辣|illustrator|paint shop|krita|可牛|光影魔术手",
    re.IGNORECASE,
)
# IPTC's digital source type, and the label that GB 45438-2025 asks for.
_GENERATED: Final = re.compile(
    rb"trainedAlgorithmicMedia|TrainedAlgorithmicMedia|AIGC[^\n]{0,40}Label|Stable Diffusion|Midjourney|DALL",
)
_TEXT: Final = 200
_PHONES: Final = frozenset({640, 720, 750, 828, 1080, 1125, 1170, 1179, 1206, 1220, 1242, 1260, 1284, 1290, 1320, 1440})
_DESKS: Final = frozenset(
    {
        (1366, 768), (1440, 900), (1536, 864), (1600, 900), (1680, 1050), (1920, 1080), (1920, 1200), (2560, 1440),
        (2560, 1600), (3840, 2160),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exif:
    """What a photograph says of itself; None and "" where it says nothing usable.

    `taken` without a zone unless `offset` (minutes east of UTC) was written; `satellite` is the receiver's time in UTC.
    `longitude` and `latitude` in degrees, `datum` as written, `accuracy_m` the receiver's own estimate.
    """

    taken: dt.datetime | None = None
    offset: int | None = None
    changed: dt.datetime | None = None
    satellite: dt.datetime | None = None
    longitude: float | None = None
    latitude: float | None = None
    accuracy_m: float | None = None
    datum: str = ""
    camera: str = ""
    software: str = ""
    doubts: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As values of JSON, times in ISO 8601; `of_plain` takes them back."""
        return {
            name: value.isoformat()
            if isinstance(value, dt.datetime)
            else list(value)
            if isinstance(value, tuple)
            else value
            for name, value in dataclasses.asdict(self).items()
        }

    @classmethod
    def of_plain(cls, values: Mapping[str, Any]) -> Exif:
        """What `plain` gave. KeyError, TypeError or ValueError for anything else."""
        times = {
            name: values[name] and dt.datetime.fromisoformat(values[name]) for name in ("taken", "changed", "satellite")
        }
        rest = {field.name: values[field.name] for field in dataclasses.fields(cls) if field.name not in times}
        return cls(**{**rest, **times, "doubts": tuple(values["doubts"])})


def read(picture: Image.Image) -> Exif:
    """What an opened picture says of itself; `screen` among the doubts is a guess from its form."""
    doubts: list[str] = []
    base: Mapping[int, Any] = {}
    inner: Mapping[int, Any] = {}
    gps: Mapping[int, Any] = {}
    # Pillow warns of what it could not make out and goes on with the rest.
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            base = picture.getexif()
            inner = picture.getexif().get_ifd(ExifTags.IFD.Exif)
            gps = picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        except (*FAULTS, MemoryError, RecursionError):
            doubts.append("exif_unreadable")
    if told:
        doubts.append("exif_unreadable")
    taken = _time(_of(inner, ExifTags.Base.DateTimeOriginal), doubts) or _time(
        _of(inner, ExifTags.Base.DateTimeDigitized), doubts
    )
    changed = _time(_of(base, ExifTags.Base.DateTime), doubts)
    satellite = _satellite(gps)
    offset = _offset(_of(inner, ExifTags.Base.OffsetTimeOriginal))
    longitude, latitude = _place(gps, doubts)
    camera = " ".join(filter(None, (_text(_of(base, tag)) for tag in (ExifTags.Base.Make, ExifTags.Base.Model))))[
        :_TEXT
    ]
    software = _text(_of(base, ExifTags.Base.Software))
    if taken and satellite:
        # Without a zone the camera's clock may be anywhere on earth: half a day off is still honest.
        here = taken - dt.timedelta(minutes=offset if offset is not None else 480)
        if abs(here - satellite) > dt.timedelta(days=1):
            doubts.append("clock_differs")
    if taken and changed and changed - taken > dt.timedelta(minutes=2):
        doubts.append("changed_later")
    if _EDITORS.search(software):
        doubts.append("edited")
    if _GENERATED.search(_loose(picture, inner)):
        doubts.append("generated")
    if _is_screen(picture, inner, camera):
        doubts.append("screen")
    return Exif(
        taken, offset, changed, satellite, longitude, latitude, _accuracy(gps),
        _text(_of(gps, ExifTags.GPS.GPSMapDatum))[:40], camera, software, tuple(dict.fromkeys(doubts)),
    )  # fmt: skip


def preview(picture: Image.Image) -> bytes:
    """The small JPEG that cameras put beside the picture; b"" if there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            thumbnail = picture.getexif().get_ifd(ExifTags.IFD.IFD1)
        start, length = thumbnail.get(0x0201), thumbnail.get(0x0202)
        raw = picture.info.get("exif", b"")
        if not isinstance(start, int) or not isinstance(length, int) or not isinstance(raw, bytes):
            return b""
        # Counted from the head of the TIFF that follows "Exif\0\0".
        data = raw[6 + start : 6 + start + length]
    except (*FAULTS, MemoryError, RecursionError):
        return b""
    return data if data.startswith(b"\xff\xd8") else b""


def _of(values: Mapping[int, Any], tag: int) -> object:
    try:
        return values.get(int(tag))
    except FAULTS:
        return None


def _text(value: object) -> str:
    """Text of a field that may hold anything; names in GB 18030 are read too."""
    if isinstance(value, tuple | list) and value:
        value = value[0]
    if isinstance(value, str):
        # Pillow reads ASCII fields as Latin-1; UTF-8 and GB 18030 are put right again.
        try:
            raw = value.encode("latin-1")
        except UnicodeEncodeError:
            raw = value.encode("utf-8", "ignore")
    elif isinstance(value, bytes):
        raw = value
    else:
        return ""
    raw = raw.split(b"\0")[0]
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        text = raw.decode("latin-1")
    return "".join(c for c in text if c.isprintable()).strip()[:_TEXT]


def _time(value: object, doubts: list[str]) -> dt.datetime | None:
    text = _text(value)
    # Cameras without a clock write blanks or zeros, which is nothing rather than something wrong.
    if not text.strip(" :0-"):
        return None
    found = _TIME.match(text)
    if found:
        try:
            return dt.datetime(*(int(part) for part in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
        except ValueError:
            pass
    doubts.append("time_unreadable")
    return None


def _offset(value: object) -> int | None:
    found = _OFFSET.fullmatch(_text(value))
    if not found:
        return None
    minutes = int(found[2]) * 60 + int(found[3])
    return None if minutes > 14 * 60 else minutes * (-1 if found[1] == "-" else 1)


def _number(value: object) -> float | None:
    try:
        number = float(value)  # type: ignore[arg-type]
    except FAULTS:
        return None
    return number if math.isfinite(number) else None


def _numbers(value: object, count: int) -> list[float] | None:
    if not isinstance(value, tuple | list) or len(value) != count:
        return None
    found = [_number(one) for one in value]
    return None if None in found else [one for one in found if one is not None]


def _place(gps: Mapping[int, Any], doubts: list[str]) -> tuple[float | None, float | None]:
    raw = _of(gps, ExifTags.GPS.GPSLongitude), _of(gps, ExifTags.GPS.GPSLatitude)
    if raw == (None, None):
        return None, None
    longitude = _degrees(raw[0], _of(gps, ExifTags.GPS.GPSLongitudeRef), "EW", 180)
    latitude = _degrees(raw[1], _of(gps, ExifTags.GPS.GPSLatitudeRef), "NS", 90)
    if longitude is None or latitude is None:
        doubts.append("place_unreadable")
        return None, None
    if abs(longitude) < 1e-6 and abs(latitude) < 1e-6:
        doubts.append("place_zero")
        return None, None
    return longitude, latitude


def _degrees(value: object, side: object, sides: str, most: int) -> float | None:
    parts = _numbers(value, 3)
    letter = _text(side).upper()[:1]
    if parts is None or letter not in sides or not letter or any(part < 0 for part in parts):
        return None
    degrees = parts[0] + parts[1] / 60 + parts[2] / 3600
    if degrees > most or parts[1] >= 60.001 or parts[2] >= 60.001:
        return None
    return -degrees if letter == sides[1] else degrees


def _accuracy(gps: Mapping[int, Any]) -> float | None:
    found = _number(_of(gps, ExifTags.GPS.GPSHPositioningError))
    return found if found is not None and found >= 0 else None


def _satellite(gps: Mapping[int, Any]) -> dt.datetime | None:
    day, clock = _text(_of(gps, ExifTags.GPS.GPSDateStamp)), _numbers(_of(gps, ExifTags.GPS.GPSTimeStamp), 3)
    found = re.fullmatch(r"(\d{4})[:\-](\d{2})[:\-](\d{2})", day)
    if not found or clock is None:
        return None
    try:
        midnight = dt.datetime(int(found[1]), int(found[2]), int(found[3]))  # noqa: DTZ001
        return midnight + dt.timedelta(hours=clock[0], minutes=clock[1], seconds=clock[2])
    except (ValueError, OverflowError):
        return None


def _loose(picture: Image.Image, inner: Mapping[int, Any]) -> bytes:
    """Texts beside the pixels in which programs leave their mark."""
    found = []
    for value in (*picture.info.values(), _of(inner, ExifTags.Base.UserComment)):
        if isinstance(value, str):
            value = value.encode("utf-8", "ignore")
        if isinstance(value, bytes):
            found.append(value[: 1 << 18])
    return b"\n".join(found)


def _is_screen(picture: Image.Image, inner: Mapping[int, Any], camera: str) -> bool:
    comment = _of(inner, ExifTags.Base.UserComment)
    raw = comment if isinstance(comment, bytes) else str(comment or "").encode("utf-8", "ignore")
    if b"screenshot" in raw.replace(b"\0", b"").lower():
        return True
    if camera or picture.format not in ("PNG", "WEBP", "BMP"):
        return False
    # Cameras take no PNG; screens of phones are far longer than wide, those of desks have a few fixed sizes.
    narrow, wide = sorted(picture.size)
    return (narrow in _PHONES and 1.7 < wide / narrow < 2.4) or (wide, narrow) in _DESKS
