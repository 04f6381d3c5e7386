"""Where rows live: three SQLite files in ANLAN_HOME, or three schemas of one PostgreSQL database.

`default` holds business rows, journal, queue and search; `scratch` what may be thrown away (sessions, login
counters, cache, progress of jobs, staging of imports); `readings` frames and hot readings. No transaction spans two.
"""

from __future__ import annotations

import urllib.parse
from pathlib import Path
from typing import Any

from django.apps import apps

from anlan.settings import InputError, Words

FILES = {"default": "anlan.db", "scratch": "scratch.db", "readings": "readings.db"}
SCHEMAS = {"default": "anlan", "scratch": "scratch", "readings": "readings"}
# Apps of other people whose rows are disposable; our own models say it themselves with `store = "scratch"`.
SCRATCH_APPS = frozenset({"sessions", "axes", "django_cache"})

# FULL, not NORMAL: what was acknowledged stands on the disk, also after a power cut.
_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000;"


def databases(url: str, home: Path) -> dict[str, dict[str, Any]]:
    """Django's DATABASES for a DATABASE_URL ("embedded" or postgresql://…).

    Raises InputError if the address is neither.
    """
    if url == "embedded":
        return {
            alias: {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(home / name),
                "CONN_MAX_AGE": None,
                "OPTIONS": {"init_command": _PRAGMAS, "transaction_mode": "IMMEDIATE", "timeout": 20},
            }
            for alias, name in FILES.items()
        }
    parts = urllib.parse.urlsplit(url)
    query = dict(urllib.parse.parse_qsl(parts.query))
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise InputError(
            Words(
                f"DATABASE_URL={_masked(url)}：应为 embedded，或 postgresql://用户:口令@主机:端口/库名",
                f"DATABASE_URL={_masked(url)}: must be embedded, or postgresql://user:password@host:port/name",
            )
        )
    return {
        alias: {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": urllib.parse.unquote(parts.path.strip("/")),
            "USER": urllib.parse.unquote(parts.username or ""),
            "PASSWORD": urllib.parse.unquote(parts.password or ""),
            "HOST": query.get("host", parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"options": f"-c search_path={schema},public"},
            "TEST": {"NAME": f"test_anlan_{alias}"},
        }
        for alias, schema in SCHEMAS.items()
    }


def _masked(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    return url.replace(f":{parts.password}@", ":***@") if parts.password else url


class Router:
    """Sends each model to its store; a model says `store = "scratch"` or "readings", else it is business."""

    def _store(self, model: Any) -> str:
        if model._meta.app_label in SCRATCH_APPS:
            return "scratch"
        return str(getattr(model, "store", "default"))

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """Store of a model."""
        return self._store(model)

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """Store of a model."""
        return self._store(model)

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """Rows relate only within one store."""
        # Not type(): a signed-in account comes wrapped.
        return self._store(one._meta.model) == self._store(other._meta.model)

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        """A table stands in its own store only; an operation without a model (RunPython, RunSQL) runs in `default`."""
        # The model as it is in the code: the one of a migration has no attribute `store`.
        try:
            return db == self._store(apps.get_model(app_label, model_name or ""))
        except LookupError:
            pass
        if app_label in SCRATCH_APPS:
            return db == "scratch"
        return db == str(hints.get("store", "default"))
