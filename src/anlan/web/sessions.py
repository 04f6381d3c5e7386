"""Sessions that end when nothing was asked for half an hour, without a write for every page.

Every request would move the end of its session by a fraction of a second, and each time wait for the disk. Here the end
is moved once it has come nearer by a minute: who was active a moment ago is signed out a minute early at most.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as Stored
from django.contrib.sessions.middleware import SessionMiddleware
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

# The end of a session is as exact as this.
STEP = dt.timedelta(minutes=1)


class SessionStore(Stored):
    """Session of the store, which knows when it ends."""

    ends: dt.datetime | None = None

    def _get_session_from_db(self) -> Session | None:
        found: Session | None = super()._get_session_from_db()  # type: ignore[misc]
        self.ends = found.expire_date if found is not None else None
        return found

    @property
    def is_due(self) -> bool:
        """Whether its end has come nearer by a step."""
        age = dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return self.ends is not None and self.ends - timezone.now() <= age - STEP


class SlidingMiddleware(SessionMiddleware):
    """Django's, which moves the end of a session that is due."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Response with the cookie of the session, where there is something to say of it."""
        session = getattr(request, "session", None)
        if isinstance(session, SessionStore) and session.is_due and not session.is_empty():
            session.modified = True
        answer: HttpResponse = super().process_response(request, response)
        return answer
