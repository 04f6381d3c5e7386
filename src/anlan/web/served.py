"""What a process of the web server loads: the application, in a process that never outlives its server."""

from __future__ import annotations

import multiprocessing

from anlan.web.install.family import die_with

# Before Django is loaded, which takes a while.
if (_server := multiprocessing.parent_process()) is not None and _server.pid is not None:
    die_with(_server.pid)

from anlan.web.wsgi import application

__all__ = ["application"]
