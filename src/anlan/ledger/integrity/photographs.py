"""Signs in photographs: used before, the same before and after, at the wrong time, far away, changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from anlan.foundation.geo.systems import Point, convert, shift_m
from anlan.foundation.vault.images import Features, Likeness, compare, from_text
from anlan.foundation.vault.images.keys import Index
from anlan.ledger.integrity.cases import CHINA, Case, Photo, Place, day, is_after, moment
from anlan.ledger.integrity.signs import Sign, Table, Unchecked
from anlan.settings import Words

# A photograph by problem and name.
Name = tuple[str, str]
# How a phone's place and that of the map may have been mixed up: one of them is of another system than it says.
_SYSTEMS: Final = ("wgs84", "gcj02", "bd09")
# Farther than any two systems are from each other.
_SLIP_M: Final = 3000


class Photographs:
    """All photographs of a collection, found again by hash and by what they show."""

    def __init__(self, cases: tuple[Case, ...], near_bits: int) -> None:
        self._near_bits = near_bits
        self._index: Index[Name] = Index()
        self._photos: dict[Name, Photo] = {}
        self._features: dict[Name, Features] = {}
        self._by_sha: dict[str, list[Name]] = {}
        self._by_hash: dict[int, list[Name]] = {}
        self.unreadable: dict[Name, str] = {}
        for case in cases:
            for photo in case.photos:
                self._add((case.id, photo.id), photo)

    def _add(self, name: Name, photo: Photo) -> None:
        self._photos[name] = photo
        if photo.sha256:
            self._by_sha.setdefault(photo.sha256, []).append(name)
        if photo.features:
            try:
                self._features[name] = from_text(photo.features)
                self._index.add(name, self._features[name])
            except ValueError as error:
                self.unreadable[name] = str(error)
        elif photo.phash:
            # Four parts of 16 bits: hashes that differ in three bits or fewer share one whole part, others with one
            # bit turned; beyond seven bits nothing is promised, and the table asks for six.
            for part in _parts(int(photo.phash, 16)):
                self._by_hash.setdefault(part, []).append(name)

    def features(self, name: Name) -> Features | None:
        """Features of a photograph, where they are known."""
        return self._features.get(name)

    def again(self, name: Name) -> list[tuple[Name, Photo, Likeness | None, int]]:
        """Others of the same content: with how they are alike (None for the same bytes), or the bits that differ."""
        photo = self._photos[name]
        found: dict[Name, tuple[Name, Photo, Likeness | None, int]] = {}
        for other in self._by_sha.get(photo.sha256 or "", ()):
            found[other] = (other, self._photos[other], None, 0)
        if own := self._features.get(name):
            for other, likeness in self._index.find(own, without=[name]):
                if likeness.is_copy:
                    found.setdefault(other, (other, self._photos[other], likeness, likeness.bits))
        elif photo.phash:
            value = int(photo.phash, 16)
            near = {
                other for part in _parts(value) for turned in _turned(part) for other in self._by_hash.get(turned, ())
            }
            for other in near:
                bits = (value ^ int(self._photos[other].phash or "0", 16)).bit_count()
                if bits <= self._near_bits:
                    found.setdefault(other, (other, self._photos[other], None, bits))
        found.pop(name, None)
        return [found[other] for other in sorted(found)]


def _parts(value: int) -> list[int]:
    return [number << 16 | value >> 16 * number & 0xFFFF for number in range(4)]


def _turned(part: int) -> list[int]:
    return [part, *(part ^ 1 << bit for bit in range(16))]


def look(case: Case, all_photos: Photographs, table: Table) -> Iterator[Sign | Unchecked]:
    """All signs in the photographs of a case."""
    if not case.photos:
        yield Unchecked(
            ("K04", "P01", "P02", "P03", "P04", "P05", "P06", "P07", "P08"),
            Words("没有照片", "there are no photographs"),
        )
        return
    yield from _used_again(case, all_photos, table)
    yield from _before_and_after(case, all_photos, table)
    for photo in case.photos:
        yield from _times(case, photo, table)
        yield from _origin(photo, table)
        yield from _place(case, photo, table)
    yield from _gaps(case, all_photos)


def _gaps(case: Case, all_photos: Photographs) -> Iterator[Unchecked]:
    blind = [
        photo.id for photo in case.photos
        if not photo.sha256 and not photo.phash and all_photos.features((case.id, photo.id)) is None
    ]  # fmt: skip
    if blind:
        names = "、".join(blind[:10])
        yield Unchecked(
            ("K04", "P02"),
            Words(f"照片 {names} 没有可比对的特征", f"nothing to compare photographs {names.replace('、', ', ')} by"),
        )
    if case.place is None:
        yield Unchecked(("P01",), Words("问题没有坐标", "the problem has no coordinates"))
    elif nowhere := [photo.id for photo in case.photos if photo.place is None]:
        names = "、".join(nowhere[:10])
        yield Unchecked(
            ("P01",), Words(f"照片 {names} 没有位置", f"photographs {names.replace('、', ', ')} have no place")
        )


def _told(likeness: Likeness | None, bits: int) -> Words:
    """How two photographs are alike, in words."""
    if likeness is None:
        if bits:
            return Words(f"感知哈希仅差 {bits} 位", f"perceptual hashes differ in {bits} bits only")
        return Words("文件完全相同", "the files are the same")
    return likeness.words


def _used_again(case: Case, all_photos: Photographs, table: Table) -> Iterator[Sign]:
    for photo in case.photos:
        seen, objects = [], [photo.id]
        for (problem, other_id), other, likeness, bits in all_photos.again((case.id, photo.id)):
            here = problem == case.id
            # Before and after have a sign of their own; twice in one report is clumsy and nothing else.
            if here and (photo.report == other.report or {photo.role, other.role} == {"before", "after"}):
                continue
            # Each pair once, at the photograph that came later: who was copied from is asked nothing.
            if (
                (_order(photo) < _order(other))
                if here
                else (_known(photo, other) and _order(photo)[0] < _order(other)[0])
            ):
                continue
            told = _told(likeness, bits)
            where = (
                Words(
                    f"本问题报告“{other.report or '-'}”的照片 {other_id}",
                    f"photograph {other_id} of report “{other.report or '-'}”",
                )
                if here
                else Words(f"问题 {problem} 的照片 {other_id}", f"photograph {other_id} of problem {problem}")
            )
            seen.append(
                Words(f"照片 {photo.id} 与{where.zh}：{told.zh}", f"photograph {photo.id} and {where.en}: {told.en}")
            )
            objects.append(other_id if here else f"{problem}/{other_id}")
        if seen:
            yield table.sign("K04", seen, objects)


def _known(*photos: Photo) -> bool:
    """Whether it is known of each when it came."""
    return all(photo.handed_in or photo.taken for photo in photos)


def _order(photo: Photo) -> tuple[dt.datetime, str]:
    at = photo.handed_in or photo.taken
    return (moment(at) if at else dt.datetime.min.replace(tzinfo=CHINA), photo.id)


def _before_and_after(case: Case, all_photos: Photographs, table: Table) -> Iterator[Sign]:
    before = [photo for photo in case.photos if photo.role == "before"]
    for after in (photo for photo in case.photos if photo.role == "after"):
        for photo in before:
            told = None
            if photo.sha256 and photo.sha256 == after.sha256:
                told = _told(None, 0)
            else:
                one, other = (all_photos.features((case.id, it.id)) for it in (photo, after))
                if one and other:
                    likeness = compare(one, other)
                    told = _told(likeness, 0) if likeness and likeness.is_copy else None
                elif photo.phash and after.phash:
                    bits = (int(photo.phash, 16) ^ int(after.phash, 16)).bit_count()
                    told = _told(None, bits) if bits <= table.number("near_bits") else None
            if told:
                seen = Words(
                    f"整改前 {photo.id} 与整改后 {after.id}：{told.zh}",
                    f"{photo.id} (before) and {after.id} (after): {told.en}",
                )
                yield table.sign("P02", [seen], [photo.id, after.id])


def _times(case: Case, photo: Photo, table: Table) -> Iterator[Sign]:
    if photo.role not in ("after", "during"):
        if photo.taken and photo.handed_in and _after_handing_in(photo, table):
            yield _clock(photo, table)
        return
    if photo.taken is None:
        if photo.role == "after":
            yield table.sign(
                "P03", [Words(f"照片 {photo.id} 没有拍摄时间", f"photograph {photo.id} bears no time")], [photo.id]
            )
        return
    taken = f"{moment(photo.taken):%Y-%m-%d %H:%M}"
    for kinds, name in ((("self_done",), Words("自验", "the own check")), (("closed",), Words("销号", "the closure"))):
        done = case.when(*kinds)
        if done and photo.role == "after" and is_after(photo.taken, done):
            yield table.sign(
                "K03",
                [
                    Words(
                        f"照片 {photo.id} 拍于 {taken}，晚于{name.zh} {day(done)}",
                        f"photograph {photo.id} was taken {taken}, after {name.en} of {day(done)}",
                    )
                ],
                [photo.id],
            )
            break
    for kind, name in (
        ("planned", Words("方案审定", "the approval of the plan")),
        ("disclosed", Words("问题披露", "the disclosure")),
    ):
        begun = case.first(kind)
        if begun and day(photo.taken) < day(begun):
            yield table.sign(
                "P04",
                [
                    Words(
                        f"照片 {photo.id} 拍于 {taken}，早于{name.zh} {day(begun)}",
                        f"photograph {photo.id} was taken {taken}, before {name.en} of {day(begun)}",
                    )
                ],
                [photo.id],
            )
            break
    if "clock_differs" in photo.doubts or (photo.handed_in and _after_handing_in(photo, table)):
        yield _clock(photo, table)


def _after_handing_in(photo: Photo, table: Table) -> bool:
    assert photo.taken
    assert photo.handed_in
    if not isinstance(photo.handed_in, dt.datetime):
        return day(photo.taken) > photo.handed_in
    return moment(photo.taken) - moment(photo.handed_in) > dt.timedelta(minutes=table.number("later_minutes"))


def _clock(photo: Photo, table: Table) -> Sign:
    assert photo.taken
    taken = f"{moment(photo.taken):%Y-%m-%d %H:%M}"
    if photo.handed_in and _after_handing_in(photo, table):
        handed = photo.handed_in.strftime("%Y-%m-%d %H:%M" if isinstance(photo.handed_in, dt.datetime) else "%Y-%m-%d")
        seen = Words(
            f"照片 {photo.id} 拍于 {taken}，却在 {handed} 已提交",
            f"photograph {photo.id} was taken {taken} but handed in on {handed}",
        )
    else:
        seen = Words(
            f"照片 {photo.id} 的相机时间 {taken} 与卫星时间相差一天以上",
            f"the clock of photograph {photo.id} ({taken}) is a day or more off the satellites",
        )
    return table.sign("P08", [seen], [photo.id])


def _origin(photo: Photo, table: Table) -> Iterator[Sign]:
    said = photo.software or "-"
    rules = (
        ("edited", "P05", Words(f"照片 {photo.id} 由 {said} 保存", f"photograph {photo.id} was saved by {said}")),
        (
            "preview_differs",
            "P05",
            Words(
                f"照片 {photo.id} 的内嵌预览图与画面不一致",
                f"the preview inside photograph {photo.id} shows something else",
            ),
        ),
        ("screen", "P06", Words(f"照片 {photo.id} 像屏幕截图", f"photograph {photo.id} looks like a screenshot")),
        (
            "generated",
            "P07",
            Words(f"照片 {photo.id} 带生成合成标识", f"photograph {photo.id} bears the label of generated content"),
        ),
    )
    for id in ("P05", "P06", "P07"):
        seen = [words for doubt, sign, words in rules if sign == id and doubt in photo.doubts]
        if seen:
            yield table.sign(id, seen, [photo.id])


def apart_m(one: Place, other: Place, first: str = "", second: str = "") -> float:
    """Metres between two points as they say, or read in other systems than they name."""
    a = convert(Point(one.longitude, one.latitude), first or one.system, "wgs84")
    b = convert(Point(other.longitude, other.latitude), second or other.system, "wgs84")
    return shift_m(a, b)


def mixed_up(one: Place, other: Place) -> tuple[float, str, str]:
    """Least distance in metres if one of two points were of another system than it names, with the systems it is of.

    It tells a slip of GCJ-02 and WGS-84, some 500 m here, from a photograph taken elsewhere.
    """
    readings = {(first, other.system) for first in _SYSTEMS} | {(one.system, second) for second in _SYSTEMS}
    return min((apart_m(one, other, *pair), *pair) for pair in readings)


def _place(case: Case, photo: Photo, table: Table) -> Iterator[Sign | Unchecked]:
    if case.place is None or photo.place is None:
        return
    far = table.number("far_m") + (photo.accuracy_m or 0)
    said = apart_m(photo.place, case.place)
    if said <= far:
        return
    metres = f"{said:.0f}"
    if said < _SLIP_M:
        nearer, first, second = mixed_up(photo.place, case.place)
        if nearer <= far:
            # A mixed-up system is a slip of the map, not of who took the photograph.
            yield Unchecked(
                ("P01",),
                Words(
                    f"照片 {photo.id} 的位置距点位 {metres} 米，"
                    f"但换一种坐标系（{first}/{second}）只差 {nearer:.0f} 米，"
                    "请核对坐标系",
                    f"photograph {photo.id} lies {metres} m from the place, but only {nearer:.0f} m in another system "
                    f"({first}/{second}): check the systems of both",
                ),
            )
            return
    yield table.sign(
        "P01",
        [
            Words(
                f"照片 {photo.id} 的位置距点位 {metres} 米，按其他坐标系换算也超过 {far:.0f} 米",
                f"photograph {photo.id} was taken {metres} m from the place, and more than {far:.0f} m in any system",
            )
        ],
        [photo.id],
    )
