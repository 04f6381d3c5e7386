"""Pictures as they come in: read apart, filed under their keys, compared with all that came before."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import Actor
from anlan.foundation.notices.actions import notify
from anlan.foundation.vault import copies, storing
from anlan.foundation.vault.images import Apart, Features, Likeness, PictureError, compare, keys, unpack
from anlan.foundation.vault.images.features import VERSION
from anlan.foundation.vault.models import File, Picture, PictureFiled, PictureKey, Receipt, Resemblance

# Of the likeliest, so many are noted: a logo that is handed in a thousand times makes no million rows.
MOST_NOTED: Final = 50
# Rows of keys read for one picture. A key that thousands share says nothing.
_MOST_ROWS: Final = 100_000


def pending() -> QuerySet[File]:
    """Files that are pictures and were not read yet, or by an earlier version."""
    return File.objects.filter(media_type__startswith="image/").filter(
        Q(picture=None) | Q(picture__version__lt=VERSION) | Q(picture__compared_at=None)
    )


def is_due() -> bool:
    """Whether there is anything to read or to file."""
    return pending().exists() or bool(unfiled(1))


def unfiled(most: int) -> list[Picture]:
    """Pictures whose keys are missing, as after a restore: the scratch store is in no backup.

    Known by the number and the last of them, so that the usual answer costs two small questions.
    """
    readable = Picture.objects.filter(fault="", version=VERSION)
    if readable.count() == PictureFiled.objects.count():
        return []
    filed = set(PictureFiled.objects.values_list("picture", flat=True))
    missing = [pk for pk in readable.values_list("pk", flat=True) if pk not in filed]
    return list(readable.filter(pk__in=missing[:most]))


def examine(actor: Actor, file: File, apart: Apart) -> Picture:
    """Reads one picture, files it and compares it. Once more reads it again and changes nothing else."""
    try:
        seen = apart.examine(storing.path_of(file.sha256))
        values = {
            "fault": "",
            "format": seen.format,
            "width": seen.width,
            "height": seen.height,
            "exif": seen.exif.plain(),
            "features": seen.features.pack(),
        }
        copies.write(file.sha256, "thumbnail", seen.thumbnail)
        copies.write(file.sha256, "view", seen.view)
    except PictureError as error:
        seen, values = None, {"fault": error.code, "features": b""}
    with acting(actor, "vault.examine", file) as act:
        picture, _ = Picture.objects.update_or_create(
            file=file, defaults={**values, "version": VERSION, "examined_at": timezone.now(), "compared_at": None}
        )
        act.after = {"fault": picture.fault, "width": picture.width, "height": picture.height}
    found: list[tuple[Picture, Likeness]] = []
    if seen:
        # Filed before it looks: of two that come at once, at least one finds the other.
        refile(picture, seen.features)
        found = [(other, how) for other, how in alike(seen.features, without=[picture.pk]) if how.is_copy]
    _note(actor, picture, found[:MOST_NOTED])
    for receipt in file.receipts.select_related("received_by"):
        tell(receipt)
    return picture


def refile(picture: Picture, features: Features | None = None) -> None:
    """Puts the keys of a picture into the index, in place of those it had."""
    wanted = keys.keys(features or unpack(bytes(picture.features)))
    with transaction.atomic(using="scratch"):
        PictureKey.objects.filter(picture=picture.pk).delete()
        PictureKey.objects.bulk_create(PictureKey(key=key, picture=picture.pk) for key in wanted.tolist())
        PictureFiled.objects.get_or_create(picture=picture.pk)


def _note(actor: Actor, picture: Picture, found: list[tuple[Picture, Likeness]]) -> None:
    if found:
        with acting(actor, "vault.compare", picture.file) as act:
            for other, how in found:
                # Told from the later to the earlier; how it was laid is that of the one that was looked at.
                later, earlier = (picture, other) if picture.pk > other.pk else (other, picture)
                Resemblance.objects.get_or_create(
                    later=later, earlier=earlier, defaults={"likeness": dataclasses.asdict(how)}
                )
            act.after = {"alike": [other.file.sha256 for other, _ in found]}
    Picture.objects.filter(pk=picture.pk).update(compared_at=timezone.now())


def alike(features: Features, without: Iterable[int] = ()) -> list[tuple[Picture, Likeness]]:
    """Pictures that look like this one, copies first. `without` are keys of pictures left out."""
    out = set(without)
    wanted: dict[int, list[str]] = defaultdict(list)
    for way, of_way in keys.probes(features).items():
        for key in of_way.tolist():
            wanted[key].append(way)
    votes: Counter[tuple[int, str]] = Counter()
    for key, pk in _filed(wanted):
        votes.update((pk, way) for way in wanted[key])
    ways = {pk: set(found) for pk, found in keys.most_likely(votes).items()}
    plain: dict[int, list[str]] = defaultdict(list)
    for way, of_way in keys.plain_probes(features).items():
        for key in of_way.tolist():
            plain[key].append(way)
    for key, pk in _filed(plain):
        # No more than are compared anyway: plain walls are many, and say little.
        if pk in ways or len(ways) < keys.MOST:
            ways.setdefault(pk, set()).update(plain[key])
    found = []
    for picture in Picture.objects.filter(pk__in=ways.keys() - out, version=VERSION).select_related("file"):
        how = compare(features, unpack(bytes(picture.features)), keys.in_order(ways[picture.pk]))
        if how:
            found.append((picture, how))
    return sorted(found, key=lambda item: (not item[1].is_copy, -item[1].agreeing, item[0].pk))


def _filed(wanted: Iterable[int]) -> list[tuple[int, int]]:
    asked = list(wanted)
    if not asked:
        return []
    rows = PictureKey.objects.filter(key__in=asked).order_by().values_list("key", "picture")
    return list(rows[:_MOST_ROWS])


def elsewhere(receipt: Receipt) -> QuerySet[Receipt]:
    """Receipts of the same content or of a copy that belong to another object than this one."""
    own = Q(file=receipt.file_id)
    same = Q(file__picture__later_ones__later__file=receipt.file_id) | Q(
        file__picture__earlier_ones__earlier__file=receipt.file_id
    )
    return (
        Receipt.objects.filter(own | same)
        .exclude(pk=receipt.pk)
        .exclude(kind="")
        .exclude(kind=receipt.kind, object_id=receipt.object_id)
        .distinct()
    )


def tell(receipt: Receipt) -> None:
    """Tells who handed a picture in that it was handed in before, for something else; once for each receipt."""
    if receipt.received_by is None or not receipt.kind or not receipt.file.media_type.startswith("image/"):
        return
    # Who came first is not told that somebody used it after him: that is for who looks at the later one.
    number = elsewhere(receipt).filter(pk__lt=receipt.pk).count()
    if number:
        notify(
            [receipt.received_by],
            "vault.seen_before",
            key=str(receipt.pk),
            args={"name": receipt.name[:80], "n": number},
            obj=receipt,
            url=reverse("receipt", args=[receipt.pk]),
        )
