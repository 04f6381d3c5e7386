"""`anlan vault images`: what photographs say of themselves, which were made from one another."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anlan.settings import Words

if TYPE_CHECKING:
    from anlan.foundation.vault.images import Likeness, Picture

_SUFFIXES = frozenset({".jpg", ".jpeg", ".jfif", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".heif"})
# Actions that need an installation; the others only read the files named.
STORED = frozenset({"scan", "find"})


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `images` to `anlan vault`."""
    parser = actions.add_parser("images", help="读取和比对照片 / read and compare photographs")
    images = parser.add_subparsers(dest="images", required=True, metavar="look|compare|scan|find")
    look = images.add_parser(
        "look", help="一张或多张照片的时间、位置、来源和比对特征 / time, place, origin and features of photographs"
    )
    look.add_argument("files", nargs="+", metavar="FILE|DIR", help="照片或文件夹 / photographs or folders")
    compare = images.add_parser(
        "compare", help="找出这些照片里画面相同的 / find those among these that are one picture"
    )
    compare.add_argument("files", nargs="+", metavar="FILE|DIR", help="照片或文件夹 / photographs or folders")
    images.add_parser("scan", help="读取文件库中尚未读取的照片 / read pictures of the vault that were not read yet")
    find = images.add_parser("find", help="在文件库中找画面相同的照片 / find copies of a photograph in the vault")
    find.add_argument("file", metavar="FILE", help="照片 / photograph")
    for one in images.choices.values():
        one.add_argument("--format", choices=("text", "json"), default="text", help="输出形式 / form of the output")


def run(args: argparse.Namespace) -> int:
    """Runs the action: 1 where a file could not be read or (compare, find) a copy was found, else 0."""
    return {"look": _look, "compare": _compare, "scan": _scan, "find": _find}[args.images](args)


def _files(names: list[str]) -> Iterator[Path]:
    for name in names:
        path = Path(name)
        if path.is_dir():
            yield from sorted(one for one in path.rglob("*") if one.suffix.lower() in _SUFFIXES and one.is_file())
        else:
            yield path


def _read(names: list[str], lang: str) -> Iterator[tuple[Path, Picture | Words]]:
    from anlan.foundation.vault.images import Apart, PictureError

    with Apart() as apart:
        for path in _files(names):
            try:
                yield path, apart.examine(path.absolute())
            except PictureError as error:
                yield path, Words("没有这个文件", "there is no such file") if error.code == "missing" else error.words


def _look(args: argparse.Namespace) -> int:
    rows, status = [], 0
    for path, found in _read(args.files, args.lang):
        if isinstance(found, Words):
            status = 1
            rows.append({"file": str(path), "fault": found._asdict()})
            if args.format == "text":
                print(f"{path}: {found.speak(args.lang)}", file=sys.stderr)
            continue
        row = {"file": str(path), **found.plain()}
        del row["thumbnail"], row["view"]
        rows.append(row)
        if args.format == "text":
            _tell(path, found, args.lang)
    if args.format == "json":
        print(json.dumps({"pictures": rows}, ensure_ascii=False, indent=1))
    return status


def _tell(path: Path, found: Picture, lang: str) -> None:
    from anlan.foundation.vault.images import DOUBTS

    exif, none = found.exif, Words("未记录", "not recorded").speak(lang)
    place = none if exif.longitude is None else f"{exif.longitude:.6f}, {exif.latitude:.6f}"
    print(f"{path}  {found.format} {found.width} × {found.height}")
    for title, value in (
        (Words("拍摄时间", "taken"), f"{exif.taken:%Y-%m-%d %H:%M:%S}" if exif.taken else none),
        (Words("位置", "place"), place),
        (Words("设备", "device"), exif.camera or none),
        (Words("软件", "software"), exif.software or none),
    ):
        print(f"  {title.speak(lang)}{Words('：', ': ').speak(lang)}{value}")
    for doubt in exif.doubts:
        print(f"  {Words('留意：', 'note: ').speak(lang)}{DOUBTS[doubt].speak(lang)}")


def _compare(args: argparse.Namespace) -> int:
    from anlan.foundation.vault.images.keys import Index

    index: Index[str] = Index()
    pairs: list[dict[str, Any]] = []
    unread = 0
    for path, found in _read(args.files, args.lang):
        if isinstance(found, Words):
            print(f"{path}: {found.speak(args.lang)}", file=sys.stderr)
            unread += 1
            continue
        name = str(path)
        for other, how in index.find(found.features):
            if how.is_copy:
                pairs.append(_pair(name, other, how))
                if args.format == "text":
                    print(f"{name}  {other}  {how.words.speak(args.lang)}")
        index.add(name, found.features)
    if args.format == "json":
        print(json.dumps({"pairs": pairs, "read": len(index), "unread": unread}, ensure_ascii=False, indent=1))
    else:
        print(
            Words(
                f"读取 {len(index)} 张，{len(pairs)} 对画面相同，{unread} 张无法读取",
                f"{len(index)} read, {len(pairs)} pairs are one picture, {unread} could not be read",
            ).speak(args.lang)
        )
    return 1 if pairs or unread else 0


def _pair(name: str, other: str, how: Likeness) -> dict[str, Any]:
    return {
        "a": name,
        "b": other,
        "way": how.way,
        "changes": list(how.changes),
        "shared": round(min(how.shared, how.shared_other), 3),
        "agreeing": round(how.agreeing, 3),
        "why": how.words._asdict(),
    }


def _scan(args: argparse.Namespace) -> int:
    from anlan.foundation.access.actor import machine
    from anlan.foundation.vault import pictures
    from anlan.foundation.vault.images import Apart

    read = faults = 0
    with Apart() as apart:
        for file in pictures.pending().order_by("pk").iterator(chunk_size=500):
            found = pictures.examine(machine("anlan vault images scan"), file, apart)
            read += 1
            faults += bool(found.fault)
    filed = 0
    while missing := pictures.unfiled(500):
        for picture in missing:
            pictures.refile(picture)
            filed += 1
    if args.format == "json":
        print(json.dumps({"read": read, "faults": faults, "filed": filed}))
    else:
        print(
            Words(
                f"读取 {read} 张，其中 {faults} 张读不出画面；重建索引 {filed} 张",
                f"{read} read, {faults} of them without a picture; {filed} filed anew",
            ).speak(args.lang)
        )
    return 0


def _find(args: argparse.Namespace) -> int:
    from anlan.foundation.vault import pictures

    [(path, found)] = list(_read([args.file], args.lang)) or [(Path(args.file), Words("没有照片", "no photograph"))]
    if isinstance(found, Words):
        print(f"{path}: {found.speak(args.lang)}", file=sys.stderr)
        return 2
    rows = []
    for picture, how in pictures.alike(found.features):
        names = [receipt.name for receipt in picture.file.receipts.all()]
        rows.append({"sha256": picture.file.sha256, "names": names, "copy": how.is_copy, **_pair(args.file, "", how)})
        del rows[-1]["a"], rows[-1]["b"]
        if args.format == "text":
            print(f"{picture.file.sha256[:16]}  {'、'.join(names)}  {how.words.speak(args.lang)}")
    if args.format == "json":
        print(json.dumps({"found": rows}, ensure_ascii=False, indent=1))
    elif not rows:
        print(Words("文件库中没有画面相同的照片", "the vault holds no copy of it").speak(args.lang))
    return 1 if any(row["copy"] for row in rows) else 0
