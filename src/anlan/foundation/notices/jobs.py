"""Sends notices out of the house: what waits, and again what could not be sent."""

from __future__ import annotations

import datetime as dt
import logging

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from anlan.foundation.jobs.catalogue import Daily, Every, Step, job, recurring
from anlan.foundation.notices import outbox, sending
from anlan.foundation.notices.models import Delivery, State
from anlan.settings import Words

log = logging.getLogger(__name__)
# After the first, second, … attempt; after the last one it has failed. Together a little over a day.
WAITS = tuple(dt.timedelta(minutes=minutes) for minutes in (2, 10, 60, 360, 1080))
# A run takes so many at most: with a server that only times out it must still end.
_BATCH = 100
_CLEANED = 500
_RUN = dt.timedelta(seconds=90)


def is_due() -> bool:
    """Whether anything waits to be sent now."""
    ways = outbox.ways()
    waits = Delivery.objects.filter(state=State.WAITING, way__in=ways, next_at__lte=timezone.now())
    return bool(ways) and waits.exists()


@job("notices.deliver", Words("外发消息", "send notices out"))
def deliver(step: Step) -> None:
    """Sends what is due. A delivery is claimed before it is sent, so that two runs side by side do not both send it.

    One whose worker is killed in between is sent again at its next time: a receiver tells a repetition by its id.
    """
    ways = outbox.ways()
    if not ways:
        return
    began = timezone.now()
    due = Delivery.objects.filter(state=State.WAITING, way__in=ways, next_at__lte=began).order_by("next_at", "pk")
    for number, one in enumerate(due.select_related("notice__account__mail_address")[:_BATCH], 1):
        if timezone.now() - began > _RUN:
            return
        step.progress(number)
        wait = WAITS[min(one.attempts, len(WAITS) - 1)]
        mine = Delivery.objects.filter(pk=one.pk, state=State.WAITING, attempts=one.attempts)
        if mine.update(attempts=F("attempts") + 1, next_at=timezone.now() + wait):
            _send(one)


def _send(one: Delivery) -> None:
    row = Delivery.objects.filter(pk=one.pk)
    if not sending.is_wanted(one):
        row.update(state=State.DROPPED, ended=timezone.now(), fault="")
        return
    try:
        sending.send(one)
    except (OSError, ValueError) as error:
        fault = sending.fault(error)
        failed = one.attempts + 1 > len(WAITS)
        log.warning("notice %d not sent by %s: %s", one.notice_id, one.way, fault)
        row.update(
            fault=fault,
            state=State.FAILED if failed else State.WAITING,
            ended=timezone.now() if failed else None,
        )
    else:
        row.update(state=State.SENT, ended=timezone.now(), fault="")


@job("notices.clean", Words("清理外发消息记录", "remove old records of what was sent out"))
def clean(step: Step) -> None:
    """Removes records of what ended so many days ago as the settings say.

    What still waits by then belongs to a way that the settings closed: it goes too, by the age of its notice.
    """
    until = timezone.now() - dt.timedelta(days=settings.ANLAN.delivery_days)
    old = Q(ended__lt=until) | Q(state=State.WAITING, notice__created__lt=until, next_at__lt=until)
    removed = 0
    while keys := list(Delivery.objects.filter(old).values_list("pk", flat=True)[:_CLEANED]):
        Delivery.objects.filter(pk__in=keys).delete()
        removed += len(keys)
        step.progress(removed, 0, Words(f"清理 {removed} 条", f"{removed} removed"))


recurring("notices.deliver", Every(dt.timedelta(minutes=2)), deliver, needed=is_due)
recurring("notices.clean", Daily(dt.time(3, 50)), clean)
