"""Answers of the interface. Every error has one shape: {"error": {"code", "field", "message"}, "errors": [...]}.

`error` is the first of `errors`; `message` is told in the language asked for. Where two people changed the same thing,
an entry has `theirs` as well, what stands there now.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from anlan.foundation.access.acting import Refused
from anlan.foundation.screens.texts import language
from anlan.settings import InputError, Words


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong: words, or a text in the language asked for; `told` is added to its entry as it is."""

    words: Words | str
    field: str = ""
    told: tuple[tuple[str, object], ...] = ()


class Fault(Exception):  # noqa: N818 - it is an answer, no breakdown
    """Answer that says why a call was not done: status, code for programs, words for people or several things wrong."""

    def __init__(self, status: int, code: str, *words: Words | Wrong, field: str = "", wait_seconds: int = 0) -> None:
        super().__init__(code)
        self.status, self.code, self.field, self.wait_seconds = status, code, field, wait_seconds
        self.words: Sequence[Words | Wrong] = words


def answer(value: object, status: int = 200) -> HttpResponse:
    """JSON as the commands print it: characters as they are, no NaN."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return HttpResponse(text, status=status, content_type="application/json; charset=utf-8")


def fault(status: int, code: str, words: Iterable[Words | Wrong], field: str = "") -> HttpResponse:
    """Error in the one shape, an entry for each thing that is wrong."""
    told = []
    for one in words:
        wrong = one if isinstance(one, Wrong) else Wrong(one, field)
        message = wrong.words if isinstance(wrong.words, str) else wrong.words.speak(language())
        told.append({"code": code, "field": wrong.field, "message": message, **dict(wrong.told)})
    return answer({"error": told[0], "errors": told}, status)


def install(api: NinjaAPI) -> None:
    """Gives every error of the interface that shape."""

    @api.exception_handler(Fault)
    def _fault(request: HttpRequest, error: Any) -> HttpResponse:
        told = fault(error.status, error.code, error.words, error.field)
        if error.wait_seconds:
            told["Retry-After"] = str(error.wait_seconds)
        return told

    @api.exception_handler(InputError)
    def _wrong_input(request: HttpRequest, error: Any) -> HttpResponse:
        return fault(422, "wrong_input", error.problems)

    @api.exception_handler(Refused)
    def _refused(request: HttpRequest, error: Any) -> HttpResponse:
        return fault(403, "forbidden", [error.words])

    @api.exception_handler(PermissionDenied)
    def _denied(request: HttpRequest, error: Any) -> HttpResponse:
        words = Words(
            "没有这项权限。需要时请向安全管理员申请", "you may not. Ask the security administrator if you need to"
        )
        return fault(403, "forbidden", [words])

    @api.exception_handler(Http404)
    def _nothing(request: HttpRequest, error: Any) -> HttpResponse:
        words = Words("没有这一项，或者无权查看", "there is no such thing, or you may not see it")
        return fault(404, "not_found", [words])

    @api.exception_handler(AuthenticationError)
    def _not_signed_in(request: HttpRequest, error: Any) -> HttpResponse:
        words = Words("请先登录，或带上令牌，再调用接口", "sign in, or send a token, before calling the interface")
        return fault(401, "not_signed_in", [words])

    @api.exception_handler(RawPostDataException)
    def _unread(request: HttpRequest, error: Any) -> HttpResponse:
        # A form has been read before an operation asks for its JSON.
        words = Words("请求的内容不是有效的 JSON", "the request is not valid JSON")
        return fault(400, "not_json", [words])

    @api.exception_handler(RequestDataTooBig)
    def _too_large(request: HttpRequest, error: Any) -> HttpResponse:
        words = Words("请求的内容超过 2.5 MB：请分开发送", "the request is larger than 2.5 MB: send it in parts")
        return fault(413, "too_large", [words])

    @api.exception_handler(HttpError)
    def _http_error(request: HttpRequest, error: Any) -> HttpResponse:
        if error.status_code == 403:
            words = Words("缺少 X-CSRFToken，或已过期：请重新打开页面取得", "X-CSRFToken is missing or out of date")
            return fault(403, "csrf", [words])
        if error.status_code == 400:
            # What ninja says of a body that it cannot read, and of nothing else.
            return _unread(request, error)
        words = Words(f"请求被拒绝：{error}", f"the request was refused: {error}")
        return fault(error.status_code, "refused", [words])

    @api.exception_handler(ValidationError)
    def _wrong_call(request: HttpRequest, error: Any) -> HttpResponse:
        told = []
        for one in error.errors:
            # The first part says where the parameter is sent: query, path, body.
            field = ".".join(str(part) for part in one["loc"][1:]) or str(one["loc"][0])
            message = _("参数 %(field)s 不对：%(why)s") % {"field": field, "why": one["msg"]}
            told.append({"code": "wrong_call", "field": field, "message": message})
        return answer({"error": told[0], "errors": told}, 422)
