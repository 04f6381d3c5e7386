"""Where the packs of districts are: those that come with the product, and a folder of one's own."""

from __future__ import annotations

from pathlib import Path

import anlan
from anlan.settings import InputError, Words


def packs_folder() -> Path:
    """Folder of the packs that come with the product: inside an installed package, at the root of a checkout."""
    package = Path(anlan.__file__).resolve().parent
    packed = package / "packs"
    return packed if packed.is_dir() else package.parents[1] / "packs"


def find(pack: str) -> Path:
    """Folder of a pack, by the name of one that comes with the product or by a path (anything with a slash).

    Raises InputError, naming the packs there are.
    """
    is_path = "/" in pack or "\\" in pack
    folder = Path(pack) if is_path else packs_folder() / pack
    if (folder / "pack.toml").is_file():
        return folder
    if is_path:
        raise InputError(Words(f"{pack} 里没有 pack.toml，不是地区包", f"{pack} holds no pack.toml: it is no pack"))
    present = sorted(path.parent.name for path in packs_folder().glob("*/pack.toml"))
    raise InputError(
        Words(
            f"没有名为 {pack} 的地区包；现有：{'、'.join(present) or '无'}。自己的包请写成带斜杠的路径，如 ./{pack}",
            f"there is no pack named {pack}; there are: {', '.join(present) or 'none'}. "
            f"Write a pack of your own as a path with a slash, such as ./{pack}",
        )
    )
