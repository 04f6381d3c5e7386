"""What a token can be limited to. A room declares its scopes in its `api.py` and names one at each operation."""

from __future__ import annotations

from django.utils.module_loading import autodiscover_modules

from anlan.settings import Words

SCOPES: dict[str, Words] = {}


def declare(code: str, words: Words) -> str:
    """Declares a scope and gives its code; each once with the same words."""
    if SCOPES.setdefault(code, words) != words:
        raise ValueError(f"scope {code} is declared twice")
    return code


def known() -> dict[str, Words]:
    """Scopes of all rooms, whose interfaces are loaded for it."""
    autodiscover_modules("api")
    return SCOPES
