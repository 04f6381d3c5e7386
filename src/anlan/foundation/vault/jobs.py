"""Housekeeping of the vault."""

from __future__ import annotations

import datetime as dt

from anlan.foundation.jobs.catalogue import Daily, Step, job, recurring
from anlan.foundation.vault import queries, waiting
from anlan.settings import Words


@job("vault.sweep", Words("清理未完成的上传", "remove unfinished uploads"))
def sweep(step: Step) -> None:
    """Removes what killed processes left on its way in, and files whose job never came."""
    removed = queries.sweep() + waiting.sweep()
    step.progress(removed, removed, Words(f"清理 {removed} 个", f"{removed} removed"))


recurring("vault.sweep", Daily(dt.time(3, 10)), sweep)
