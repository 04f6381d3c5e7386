"""What a process of the web server loads: the application, in a process that never outlives its server."""

from __future__ import annotations

import multiprocessing

from anlan.web.install.family import die_with

# Before Django is loaded, which takes a while.
if (_server := multiprocessing.parent_process()) is not None and _server.pid is not None:
    die_with(_server.pid)

from django.conf import settings

from anlan.foundation.vault import storing
from anlan.web.served_bodies import Limits
from anlan.web.served_front import Front
from anlan.web.wsgi import application as pages

_FILE = settings.ANLAN.max_file_bytes
THREADS = 4

application = Front(
    pages,
    # A form has more in it than its files; twenty of the largest uploads may be under way in each process.
    limits=Limits(kept_bytes=_FILE + 1_000_000, read_bytes=4 * _FILE, all_bytes=20 * _FILE),
    folder=storing.incoming,
    threads=THREADS,
)
