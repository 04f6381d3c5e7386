"""What the page of a file shows of a picture: what it says of itself, and where else it was handed in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import visible
from anlan.foundation.vault import copies, pictures, storing
from anlan.foundation.vault.images import DOUBTS, Apart, Exif, Likeness, PictureError
from anlan.foundation.vault.images.faults import TOLD
from anlan.foundation.vault.models import File, Picture, Receipt
from anlan.settings import Words

_SAME: Final = Words("文件完全相同", "the files are the same")
_MOST: Final = 30


@dataclass(frozen=True, slots=True)
class Before:
    """Another handing in of the same picture: how the two are alike, and the address of its small copy."""

    receipt: Receipt
    how: Words
    thumbnail: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture for people. `fault` says why nothing is known of it; `hidden` counts what the reader may not see."""

    picture: Picture
    fault: Words | None
    exif: Exif | None
    doubts: tuple[Words, ...]
    before: tuple[Before, ...]
    hidden: int

    @property
    def place(self) -> str:
        """Longitude and latitude as written, with five digits: about a metre."""
        if self.exif is None or self.exif.longitude is None or self.exif.latitude is None:
            return ""
        return f"{self.exif.longitude:.5f}, {self.exif.latitude:.5f}"

    @property
    def taken(self) -> dt.datetime | None:
        """Time as the camera wrote it."""
        return self.exif.taken if self.exif else None


def shown(actor: Actor, receipt: Receipt) -> Shown | None:
    """What the page shows; None while nothing was read yet, or for what is no picture."""
    picture = Picture.objects.filter(file=receipt.file_id).first()
    if picture is None:
        return None
    exif = Exif.of_plain(picture.exif) if picture.exif else None
    before, hidden = _before(actor, receipt, picture)
    doubts = tuple(DOUBTS[one] for one in exif.doubts if one in DOUBTS) if exif else ()
    return Shown(picture, TOLD.get(picture.fault), exif, doubts, before, hidden)


def _before(actor: Actor, receipt: Receipt, picture: Picture) -> tuple[tuple[Before, ...], int]:
    """Other handings in, and how many of them the reader may not see."""
    how = {
        **{pair.earlier_id: pair.likeness for pair in picture.earlier_ones.all()},
        **{pair.later_id: pair.likeness for pair in picture.later_ones.all()},
    }
    others = pictures.elsewhere(receipt).select_related("file__picture").order_by("pk")
    number = others.count()
    seen = [
        Before(
            one,
            _SAME if one.file_id == receipt.file_id else Likeness(**how[one.file.picture.pk]).words,
            reverse("picture", args=[one.pk, "thumbnail"]),
        )
        for one in visible(actor, "vault.see", others)[:_MOST]
    ]
    return tuple(seen), number - len(seen)


def copy_of(file: File, size: str) -> bytes | None:
    """Small copy of a picture; made again where it was lost. None where the picture is not read yet, or cannot be."""
    picture = Picture.objects.filter(file=file, fault="").first()
    if picture is None:
        return None
    path = copies.path_of(file.sha256, size)
    if not path.exists():
        try:
            with Apart() as apart:
                found = apart.examine(storing.path_of(file.sha256))
        except PictureError:
            return None
        copies.write(file.sha256, "thumbnail", found.thumbnail)
        copies.write(file.sha256, "view", found.view)
    return path.read_bytes()
