"""What is told about background work."""

from __future__ import annotations

from anlan.foundation.notices.catalogue import declare
from anlan.settings import Words

declare("jobs.failed", Words("“{job}”没有完成：{why}", "{job} was not finished: {why}"))
