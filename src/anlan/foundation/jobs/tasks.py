"""The one task in the queue of django-tasks: perform a run. Our worker takes it with a lease, no other may."""

from __future__ import annotations

from django_tasks import task


@task()
def perform(run: int) -> None:
    """Row in the queue that stands for a run.

    Called by a worker that knows nothing of leases it must not do anything: two could then do the same.
    """
    raise RuntimeError(f"run {run} is performed by `anlan worker` only")
