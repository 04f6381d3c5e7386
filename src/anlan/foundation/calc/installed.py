"""The registry in force: the list of all rooms' calculations, as a room may ask for it without knowing the others."""

from __future__ import annotations

from collections.abc import Callable

from anlan.foundation.calc.registry import Registry

_source: list[Callable[[], Registry]] = []


def install(source: Callable[[], Registry]) -> None:
    """Names the function that gives the registry; done once, by what stands above all rooms."""
    _source[:] = [source]


def registry() -> Registry:
    """Registry of every calculation. RuntimeError if nothing has installed one."""
    if not _source:
        raise RuntimeError("no registry of calculations is installed")
    return _source[0]()
