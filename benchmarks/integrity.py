"""Precision and recall of the signs of a fake rectification: on made photographs, and on made cases.

    python -m benchmarks.integrity photos [--originals N] [--seed S]
    python -m benchmarks.integrity signs [--cases N] [--seed S]
    python -m benchmarks.integrity search [--photos N]

`photos`: N scenes, each photographed again on another day (a near-twin, which is no copy), all filed; then each scene
is changed in every way of `benchmarks.scenes.CHANGES`, saved as JPEG of quality 70 and looked for among the 2 N. A find
is right if it is the original; anything else called a copy, the near-twin too, is wrong. Beside it stands what is
usual: one perceptual hash a photograph, found within so many bits. `signs`: honest cases, into a part of which one
fake of one kind is put; seen and unseen are counted by sign. `search`: how long one
photograph is looked for among N in the store.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from anlan.foundation.vault.images import Features
from anlan.foundation.vault.images.features import MARKS, features
from anlan.foundation.vault.images.keys import Index, keys
from benchmarks import fakes
from benchmarks.scenes import CHANGES, jpeg, scene

_BASELINE_BITS: Final = (6, 10, 14)


def photos(originals: int, seed: int) -> None:
    """Table of changes: found, wrong, and what one hash a photograph would find."""
    index: Index[tuple[int, int]] = Index()
    wholes: list[tuple[int, tuple[int, int]]] = []
    scenes = [scene(seed + number) for number in range(originals)]
    for number in range(originals):
        for day in (0, 1):
            seen = _again(scene(seed + number, day) if day else scenes[number], 90)
            index.add((number, day), seen)
            wholes.append((seen.whole, (number, day)))
    print(f"{originals} scenes, {len(index)} photographs filed")
    print(f"| change | found | wrong | {' | '.join(f'hash ≤ {bits}: found / wrong' for bits in _BASELINE_BITS)} |")
    print("|---|---:|---:|" + "---:|" * len(_BASELINE_BITS))
    spent, looked = 0.0, 0
    for name, change in CHANGES.items():
        chance, found, wrong = random.Random(f"{seed} {name}"), 0, 0
        plain: Counter[tuple[int, bool]] = Counter()
        for number in range(originals):
            seen = _again(change(scenes[number], chance), 70)
            begun = time.perf_counter()
            copies = [other for other, how in index.find(seen) if how.is_copy]
            spent, looked = spent + time.perf_counter() - begun, looked + 1
            found += (number, 0) in copies
            wrong += sum(other != (number, 0) for other in copies)
            for whole, other in wholes:
                for bits in _BASELINE_BITS:
                    if (whole ^ seen.whole).bit_count() <= bits:
                        plain[bits, other == (number, 0)] += 1
        beside = " | ".join(f"{plain[bits, True]} / {plain[bits, False]}" for bits in _BASELINE_BITS)
        print(f"| {name} | {found} | {wrong} | {beside} |", flush=True)
    twins = fresh = 0
    for number in range(originals):
        for other, how in index.find(_again(scene(seed + number, 2), 90)):
            if how.is_copy:
                twins += other[0] == number
                fresh += other[0] != number
    print(f"| (a third day of the same place: no copy) | – | {twins + fresh} | |")
    print(f"\n{spent / looked * 1000:.0f} ms to look one up among {len(index)} in memory")


def _again(picture: Image.Image, quality: int) -> Features:
    with Image.open(io.BytesIO(jpeg(picture, quality))) as saved:
        return features(saved)


def signs(cases: int, seed: int) -> None:
    """Table of signs: how often seen where it was put in, and where it was not."""
    from anlan.ledger.integrity import Examination, table

    made = fakes.collection(cases, seed)
    begun = time.perf_counter()
    found = {one.case.id: {sign.rule.id for sign in one.signs} for one in Examination(made.cases).all()}
    spent = time.perf_counter() - begun
    print(f"{len(made.cases)} cases, {sum(map(len, made.put_in.values()))} fakes put in; {spent:.1f} s")
    print("| sign | put in | seen of these | seen elsewhere | precision | recall |")
    print("|---|---:|---:|---:|---:|---:|")
    for id, rule in table().rules.items():
        there = {case for case, ids in made.put_in.items() if id in ids}
        seen = {case for case, ids in found.items() if id in ids}
        right = len(there & seen)
        precision = f"{right / len(seen):.3f}" if seen else "–"
        recall = f"{right / len(there):.3f}" if there else "–"
        print(f"| {id} {rule.title.en} | {len(there)} | {right} | {len(seen - there)} | {precision} | {recall} |")


def search(number: int) -> None:
    """Time of one search in the store among so many photographs, whose marks are chance."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["ANLAN_HOME"], os.environ["DJANGO_SETTINGS_MODULE"] = home, "anlan.web.config"
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        for store in ("default", "scratch"):
            call_command("migrate", database=store, verbosity=0)
        _search(number, connections["scratch"], Path(home))


def _search(number: int, scratch: object, home: Path) -> None:
    from django.utils import timezone

    from anlan.foundation.vault import pictures
    from anlan.foundation.vault.models import File, Picture

    chance = np.random.default_rng(1)
    sought = [_again(scene(seed), 90) for seed in range(5)]
    grey = sought[0].grey
    begun = time.perf_counter()
    cursor = scratch.cursor()  # type: ignore[attr-defined]
    # Filed at a stroke: ten million rows in the order of chance would wait for the disk.
    cursor.execute("DROP INDEX vault_picture_key")
    for start in range(0, number, 1000):
        size = min(1000, number - start)
        # Codes of real scenes with a third of their bits turned: as unevenly spread as those, and of nothing known.
        made = [_chance(chance, sought[n % 5], grey) for n in range(size)]
        files = File.objects.bulk_create(
            File(sha256=f"{start + n:064x}", sm3="0" * 64, size=1, media_type="image/jpeg") for n in range(size)
        )
        rows = Picture.objects.bulk_create(
            Picture(file=file, version=1, features=one.pack(), compared_at=timezone.now())
            for file, one in zip(files, made, strict=True)
        )
        cursor.executemany(
            "INSERT INTO vault_picturekey (key, picture) VALUES (%s, %s)",
            [(key, row.pk) for row, one in zip(rows, made, strict=True) for key in keys(one).tolist()],
        )
    cursor.execute("CREATE INDEX vault_picture_key ON vault_picturekey (key, picture)")
    size_mb = sum(path.stat().st_size for path in home.glob("scratch.db*")) / 1e6
    print(f"{number} photographs filed in {time.perf_counter() - begun:.0f} s, index {size_mb:.0f} MB")
    times = []
    for n in range(30):
        begun = time.perf_counter()
        pictures.alike(sought[n % 5])
        times.append((time.perf_counter() - begun) * 1000)
    print(f"one search: {statistics.median(times):.0f} ms (median of 30), {max(times):.0f} ms at most")


def _chance(chance: np.random.Generator, like: Features, grey: np.ndarray) -> Features:
    marks = like.marks.copy()
    turned = np.packbits(chance.random((len(marks), 64)) < 1 / 3, axis=1).view(">u8").reshape(-1)
    marks["code"] = like.marks["code"] ^ turned.astype("<u8")
    return Features(1280, 960, int(chance.integers(0, 2**63)), 60, marks[:MARKS], grey)


def main() -> None:
    """Runs what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("photos", "signs", "search"))
    parser.add_argument("--originals", type=int, default=60)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1000)
    args = parser.parse_args()
    if args.what == "photos":
        photos(args.originals, args.seed)
    elif args.what == "signs":
        signs(args.cases, args.seed)
    else:
        search(args.photos)


if __name__ == "__main__":
    main()
