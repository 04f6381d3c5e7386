"""Photographs as evidence, pure: when and where they say they were taken, and what they were made from.

`examine` reads one picture under limits, `compare` says whether one was made from another, `Apart` does the reading in
a process of its own with bounds on memory and time.
"""

from anlan.foundation.vault.images import keys
from anlan.foundation.vault.images.apart import Apart
from anlan.foundation.vault.images.examining import Picture, examine
from anlan.foundation.vault.images.exif import DOUBTS, Exif
from anlan.foundation.vault.images.faults import PictureError
from anlan.foundation.vault.images.features import Features, from_text, unpack
from anlan.foundation.vault.images.matching import Likeness, compare

__all__ = [
    "DOUBTS",
    "Apart",
    "Exif",
    "Features",
    "Likeness",
    "Picture",
    "PictureError",
    "compare",
    "examine",
    "from_text",
    "keys",
    "unpack",
]
