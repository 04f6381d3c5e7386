"""JSON for programs, under /api/: the operations of all rooms, and the calculations as `anlan calc` gives them.

Every room's own operations stand in its `api.py`; here they are put together. Errors have one shape, see
`foundation.interface.answers`.
"""

from __future__ import annotations

import io

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.openapi.docs import Swagger

from anlan.foundation.calc.installed import registry
from anlan.foundation.calc.registry import UnknownCalculationError
from anlan.foundation.calc.spec import Calculation
from anlan.foundation.calc.stream import JsonSource, MalformedJsonError
from anlan.foundation.interface import scopes
from anlan.foundation.interface.answers import answer, fault, install
from anlan.foundation.interface.authority import allow
from anlan.foundation.screens.texts import language
from anlan.monitor.api import router as monitor
from anlan.plan.api import router as plan
from anlan.plan.binding.api import router as targets
from anlan.plan.progress.api import router as progress
from anlan.registers.api import router as registers
from anlan.settings import Words

_ROWS = {"oneOf": [{"type": "object"}, {"type": "array", "items": {"type": "object"}}]}
_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": _ROWS}}}}

_CALC = scopes.declare("calc", Words("调用计算", "run calculations"))

api = NinjaAPI(
    title="Anlan",
    version="1",
    description=(
        "安澜的接口。程序带令牌访问（“我的账户”里生成），浏览器以登录会话访问，写请求另带 X-CSRFToken。"
        "出错时的回答只有一种样子：{error: {code, field, message}, errors: […]}。\n\n"
        "The interface of Anlan. Programs send a token (made under My account). The browser's session works too; "
        "requests that send data then carry X-CSRFToken. "
        "Every error has one shape: {error: {code, field, message}, errors: […]}."
    ),
    auth=allow(_CALC),
    docs=Swagger(settings={"validatorUrl": None, "defaultModelsExpandDepth": -1}),
    urls_namespace="api",
)
install(api)
api.add_router("", plan)
api.add_router("", progress)
api.add_router("", targets)
api.add_router("", monitor)
api.add_router("", registers)


@api.get("/calc", tags=["calc"], summary="列出计算 / List the calculations", operation_id="calculations")
def listed(request: HttpRequest) -> HttpResponse:
    """Id, title, source and rule versions of every calculation, as `anlan calc list --json`."""
    keys = ("id", "title", "source", "rule_versions")
    return answer([{key: one.describe()[key] for key in keys} for one in registry()])


@api.get("/calc/{id}", tags=["calc"], summary="查看一项计算 / Show one calculation", operation_id="calculation")
def shown(request: HttpRequest, id: str) -> HttpResponse:
    """Whole spec: inputs, outputs, source, rule versions and worked examples, as `anlan calc show ID --json`."""
    found = _find(id)
    return found if isinstance(found, HttpResponse) else answer(found.describe())


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
            return answer([outcome.to_json(lang) for outcome in outcomes])
        outcome = registry().compute(found.id, source.value())
    except MalformedJsonError as error:
        place = Words("", "") if error.row is None else Words(f"第 {error.row + 1} 条：", f"row {error.row + 1}: ")
        told = Words(
            f"请求的内容不是有效的 JSON：{place.zh}{error.reason}",
            f"the request is not valid JSON: {place.en}{error.reason}",
        )
        return fault(400, "not_json", [told])
    except UnicodeDecodeError as error:
        told = Words(
            f"请求的内容不是 UTF-8 文本：第 {error.start + 1} 个字节",
            f"the request is not UTF-8 text: byte {error.start + 1}",
        )
        return fault(400, "not_utf8", [told])
    except RequestDataTooBig:
        told = Words(
            "请求的内容超过 2.5 MB：请分批发送，或用命令 anlan calc",
            "the request is larger than 2.5 MB: send it in parts, or use the command anlan calc",
        )
        return fault(413, "too_large", [told])
    return answer(outcome.to_json(lang), 422 if outcome.wrong_input else 200)


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
        return fault(404, "unknown_calculation", [Words(zh, en)])
