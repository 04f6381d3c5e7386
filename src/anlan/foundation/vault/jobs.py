"""Housekeeping of the vault."""

from __future__ import annotations

import datetime as dt

from anlan.foundation.access.actor import machine
from anlan.foundation.jobs.catalogue import Daily, Every, Step, job, recurring
from anlan.foundation.vault import pictures, queries, waiting
from anlan.foundation.vault.images import Apart
from anlan.settings import Words


@job("vault.sweep", Words("清理未完成的上传", "remove unfinished uploads"))
def sweep(step: Step) -> None:
    """Removes what killed processes left on its way in, and files whose job never came."""
    removed = queries.sweep() + waiting.sweep()
    step.progress(removed, removed, Words(f"清理 {removed} 个", f"{removed} removed"))


recurring("vault.sweep", Daily(dt.time(3, 10)), sweep)


# Told after each; files of a large take-over come in this many at a time.
_BATCH = 200


@job("vault.look", Words("读取新收到的照片", "look at new pictures"))
def look(step: Step) -> None:
    """Reads pictures that came in, and those that lie there from before; files anew what a restore has lost."""
    actor, done = machine("vault.look"), 0
    with Apart() as apart:
        while batch := list(pictures.pending().order_by("pk")[:_BATCH]):
            left = pictures.pending().count()
            for number, file in enumerate(batch, 1):
                pictures.examine(actor, file, apart)
                told = Words(f"已读取 {done + number} 张", f"{done + number} looked at")
                step.progress(done + number, done + max(left, number), told)
            done += len(batch)
    while missing := pictures.unfiled(_BATCH):
        for picture in missing:
            pictures.refile(picture)
        step.progress(done, 0, Words("重建照片索引", "filing pictures anew"))


recurring("vault.look", Every(dt.timedelta(minutes=1)), look, needed=pictures.is_due)
