"""The nightly rebuilding of the index, for whatever an import or a crash left out of it."""

from __future__ import annotations

import datetime as dt

from anlan.foundation.jobs.catalogue import Daily, Step, job, recurring
from anlan.foundation.search.index import rebuild
from anlan.settings import Words


@job("search.rebuild", Words("重建搜索索引", "rebuild the search index"))
def rebuild_index(step: Step) -> None:
    """Builds the index anew."""
    rebuild()


recurring("search.nightly", Daily(dt.time(3, 30)), rebuild_index)
