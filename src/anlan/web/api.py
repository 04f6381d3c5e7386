"""JSON for programs, under /api/: the calculations, as the command `anlan calc` gives them.

Every error has one shape, that of the command: {"error": {"code", "field", "message"}, "errors": [...]}.
"""

from __future__ import annotations

import io
import json
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.docs import Swagger
from ninja.security import SessionAuth

from anlan.foundation.calc.explain import Bilingual
from anlan.foundation.calc.installed import registry
from anlan.foundation.calc.registry import UnknownCalculationError
from anlan.foundation.calc.spec import Calculation
from anlan.foundation.calc.stream import JsonSource, MalformedJsonError
from anlan.foundation.screens.texts import language

_ROWS = {"oneOf": [{"type": "object"}, {"type": "array", "items": {"type": "object"}}]}
_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": _ROWS}}}}

api = NinjaAPI(
    title="Anlan",
    version="1",
    description=(
        "安澜的接口。以浏览器的登录会话访问；写请求须带 X-CSRFToken。\n\n"
        "The interface of Anlan. Access is by the session of the browser; requests that send data carry X-CSRFToken."
    ),
    auth=SessionAuth(),
    docs=Swagger(settings={"validatorUrl": None, "defaultModelsExpandDepth": -1}),
    urls_namespace="api",
)


@api.get("/calc", tags=["calc"], summary="列出计算 / List the calculations", operation_id="calculations")
def listed(request: HttpRequest) -> HttpResponse:
    """Id, title, source and rule versions of every calculation, as `anlan calc list --json`."""
    keys = ("id", "title", "source", "rule_versions")
    return _answer([{key: one.describe()[key] for key in keys} for one in registry()])


@api.get("/calc/{id}", tags=["calc"], summary="查看一项计算 / Show one calculation", operation_id="calculation")
def shown(request: HttpRequest, id: str) -> HttpResponse:
    """Whole spec: inputs, outputs, source, rule versions and worked examples, as `anlan calc show ID --json`."""
    found = _find(id)
    return found if isinstance(found, HttpResponse) else _answer(found.describe())


@api.post("/calc/{id}", tags=["calc"], summary="计算 / Calculate", operation_id="calculate", openapi_extra=_BODY)
def calculated(request: HttpRequest, id: str) -> HttpResponse:
    """Result of the inputs sent: outputs and `explain`, as `anlan calc ID` gives them.

    An object with wrong input is answered with 422. An array is answered with an array of as many answers, each with
    its outputs or its errors, and always with 200.
    """
    found = _find(id)
    if isinstance(found, HttpResponse):
        return found
    lang = language()
    # A form with files has been read already; it is no JSON, so its empty rest is told like any other text that is not.
    try:
        body = b"" if request.content_type == "multipart/form-data" else request.body
        # utf-8-sig: office programs begin a file with a byte order mark.
        source = JsonSource(io.StringIO(body.decode("utf-8-sig")))
        if source.is_array:
            outcomes = registry().compute_many(found.id, source.rows())
            return _answer([outcome.to_json(lang) for outcome in outcomes])
        outcome = registry().compute(found.id, source.value())
    except MalformedJsonError as error:
        place = (
            Bilingual("", "") if error.row is None else Bilingual(f"第 {error.row + 1} 条：", f"row {error.row + 1}: ")
        )
        told = Bilingual(
            f"请求的内容不是有效的 JSON：{place.zh}{error.reason}",
            f"the request is not valid JSON: {place.en}{error.reason}",
        )
        return _error(400, "not_json", told)
    except UnicodeDecodeError as error:
        told = Bilingual(
            f"请求的内容不是 UTF-8 文本：第 {error.start + 1} 个字节",
            f"the request is not UTF-8 text: byte {error.start + 1}",
        )
        return _error(400, "not_utf8", told)
    except RequestDataTooBig:
        told = Bilingual(
            "请求的内容超过 2.5 MB：请分批发送，或用命令 anlan calc",
            "the request is larger than 2.5 MB: send it in parts, or use the command anlan calc",
        )
        return _error(413, "too_large", told)
    return _answer(outcome.to_json(lang), 422 if outcome.wrong_input else 200)


def urls() -> list[URLPattern | URLResolver]:
    """Addresses of the API. Its operations answer 401 by themselves; its pages need the login of every page."""
    patterns: list[URLPattern | URLResolver] = list(api.urls[0])
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and pattern.name not in ("openapi-view", "openapi-json"):
            pattern.callback = login_not_required(pattern.callback)
    return patterns


def _find(id: str) -> Calculation | HttpResponse:
    try:
        return registry()[id]
    except UnknownCalculationError as unknown:
        shown_id = id[:60]
        zh, en = f"没有计算 {shown_id}", f"there is no calculation {shown_id}"
        if unknown.nearest:
            zh, en = f"{zh}，是否指 {unknown.nearest}？", f"{en}; did you mean {unknown.nearest}?"
        return _error(404, "unknown_calculation", Bilingual(zh, en))


def _answer(value: object, status: int = 200) -> HttpResponse:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return HttpResponse(text, status=status, content_type="application/json; charset=utf-8")


def _error(status: int, code: str, told: Bilingual) -> HttpResponse:
    fault = {"code": code, "field": "", "message": told.tell(language())}
    return _answer({"error": fault, "errors": [fault]}, status)


@api.exception_handler(AuthenticationError)
def _not_signed_in(request: HttpRequest, error: Any) -> HttpResponse:
    return _error(401, "not_signed_in", Bilingual("请先登录，再调用接口", "sign in before calling the interface"))


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 403:
        told = Bilingual("缺少 X-CSRFToken，或已过期：请重新打开页面取得", "X-CSRFToken is missing or out of date")
        return _error(403, "csrf", told)
    return _error(error.status_code, "refused", Bilingual(f"请求被拒绝：{error}", f"the request was refused: {error}"))


@api.exception_handler(ValidationError)
def _wrong_call(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = "、".join(".".join(str(part) for part in one["loc"]) for one in error.errors)
    return _error(422, "wrong_call", Bilingual(f"参数不对：{fields}", f"wrong parameters: {fields}"))
