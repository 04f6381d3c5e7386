"""Django for verbs that work on an installation: settings read, rooms loaded."""

from __future__ import annotations

import os


def setup() -> None:
    """Loads Django with the settings of the environment. Raises InputError if a setting is wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.web.config")
    # Not at the top: verbs without a database must not wait for it.
    import django

    django.setup()
