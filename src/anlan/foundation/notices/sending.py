"""One notice as an e-mail, and as a signed JSON message. No password, secret or address gets into a log here."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import smtplib
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from anlan.foundation.notices import catalogue
from anlan.foundation.notices.models import Delivery, Way
from anlan.settings import OFF, Words

# For connecting and for each answer.
_TIMEOUT_S = 10


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Sends to the configured address and to no other that it may name."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """No request: the answer counts as a failure."""


def is_wanted(one: Delivery) -> bool:
    """Whether the notice still asks for something, and its account for being told."""
    account = one.notice.account
    if not one.notice.is_open or not account.is_active:
        return False
    return one.way != Way.MAIL or hasattr(account, "mail_address")


def send(one: Delivery) -> None:
    """Sends it. OSError (SMTP and HTTP errors among them) or ValueError when it was not taken."""
    if one.way == Way.MAIL:
        _mail(one)
    else:
        _webhook(one)


def fault(error: Exception) -> str:
    """Kind of the error with its number; never its text, which may hold an address or a login."""
    number = getattr(error, "code", None) or getattr(error, "smtp_code", None)
    inner = getattr(error, "reason", None)
    name = type(inner if isinstance(inner, Exception) else error).__name__
    return f"{name} {number}"[:80] if isinstance(number, int) else name[:80]


def _secret(path: str) -> str:
    return Path(path).expanduser().read_text(encoding="utf-8").strip()


def _mail(one: Delivery) -> None:
    given, notice = settings.ANLAN, one.notice
    lang = "en" if (notice.account.language or given.lang).startswith("en") else "zh"
    title = catalogue.words(notice.code, notice.args).speak(lang)
    # The page asks for the login; nothing in the link stands for one.
    page = ("" if given.site_url == OFF else given.site_url) + (notice.url or "/notices/")
    where = Words(f"请登录安澜查看：{page}", f"Sign in to Anlan to see it: {page}")
    why = Words(
        "您在“我的账户”里同意接收此邮件，也可在那里取消。",
        "You agreed to this on your account page, where you can stop it.",
    )
    connection = get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=given.mail_host,
        port=given.mail_port,
        username="" if given.mail_user == OFF else given.mail_user,
        password="" if given.mail_user == OFF else _secret(given.mail_password_file),
        use_tls=given.mail_tls == "starttls",
        use_ssl=given.mail_tls == "tls",
        timeout=_TIMEOUT_S,
    )
    # A line end in the subject would begin another header.
    subject = " ".join(title.split())[:200]
    body = f"{title}\n\n{where.speak(lang)}\n\n{why.speak(lang)}\n"
    message = EmailMessage(subject, body, given.mail_from, [notice.account.mail_address.address], connection=connection)
    try:
        message.send()
    finally:
        # A server that refused the login or the encryption still holds its end.
        connection.close()


def _webhook(one: Delivery) -> None:
    given, notice = settings.ANLAN, one.notice
    body = json.dumps(
        {
            "id": notice.pk,
            "code": notice.code,
            "text": catalogue.words(notice.code, notice.args)._asdict(),
            "url": notice.url,
            "account": notice.account.name,
            "created": notice.created.isoformat(),
        },
        ensure_ascii=False,
    ).encode()
    secret = _secret(given.webhook_secret_file)
    if not secret:
        raise ValueError("the file of the secret is empty")
    moment = str(int(timezone.now().timestamp()))
    signature = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-Anlan-Time": moment,
        "X-Anlan-Signature": f"sha256={signature}",
    }
    # The address was checked when the settings were read. No proxy: the environment must not lead it elsewhere.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
    request = urllib.request.Request(given.webhook_url, data=body, headers=headers, method="POST")
    try:
        with opener.open(request, timeout=_TIMEOUT_S):
            pass
    except http.client.HTTPException as error:
        raise ConnectionError("no answer in HTTP") from error


# What the standard library raises for a refused mail is an OSError, which the job relies on.
assert issubclass(smtplib.SMTPException, OSError)
assert issubclass(urllib.error.URLError, OSError)
