"""The web server's way in."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.web.config")
application = get_wsgi_application()

# What was loaded by now stays for good: looking through it again and again for garbage would hold up a page in ten.
# A page makes some thousand objects at once, which are gone with it by their counts; only cycles are looked for.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
