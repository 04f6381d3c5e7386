"""One-time token that opens the set-up page of an empty installation; only its hash is kept."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

_FILE = "setup-token"


def make(home: Path) -> str:
    """New token; a former one is no longer good."""
    token = secrets.token_urlsafe(24)
    part = home / f"{_FILE}.part"
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(_hash(token))
    part.replace(home / _FILE)
    return token


def fits(home: Path, token: str) -> bool:
    """Whether this is the token that is open."""
    try:
        kept = (home / _FILE).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return False
    return bool(kept) and hmac.compare_digest(kept, _hash(token))


def is_open(home: Path) -> bool:
    """Whether a token is waiting to be used."""
    return (home / _FILE).exists()


def spend(home: Path) -> None:
    """Closes the page for good."""
    (home / _FILE).unlink(missing_ok=True)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
