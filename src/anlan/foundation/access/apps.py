"""Loads the permissions that the rooms declare."""

from __future__ import annotations

import importlib

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccessConfig(AppConfig):
    """The room of accounts and permissions."""

    name = "anlan.foundation.access"

    def ready(self) -> None:
        """Reads `permissions.py` of every room, and listens to signing in and out."""
        autodiscover_modules("permissions")
        importlib.import_module("anlan.foundation.access.signin")
