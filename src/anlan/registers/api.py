"""JSON of registers: what there are, their schemas, rows as they are and were, figures, missing rows, map layers.

Values are those of docs/registers.md; exact numbers are told as texts, and taken as numbers or texts.
"""

# No annotations of the future here: the interface reads these as types when the module is loaded.

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.interface import scopes
from anlan.foundation.interface.answers import Fault, answer
from anlan.foundation.interface.authority import allow
from anlan.registers import actions, figures, geo, queries, reading
from anlan.registers.book import Installed, book
from anlan.registers.missing import missing as find_missing
from anlan.registers.models import Row
from anlan.registers.naming import Naming
from anlan.registers.spec.model import PERIOD
from anlan.registers.spec.output import described, json_schema
from anlan.settings import InputError, Words

READ = scopes.declare("registers.read", Words("读取台账", "read registers"))
WRITE = scopes.declare("registers.write", Words("登记、更正台账", "write registers"))

router = Router()
_LARGEST = 9_223_372_036_854_775_807
_MOST = 500
_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _register(request: HttpRequest, code: str) -> Installed:
    registers = book()
    if code not in registers:
        raise Http404(code)
    demand(_actor(request), "registers.see", registers[code].register)
    return registers[code]


def _row(request: HttpRequest, code: str, id: int) -> tuple[Installed, Row]:
    installed = _register(request, code)
    row = queries.found(_actor(request), installed, min(id, _LARGEST))
    if row is None:
        raise Http404(code)
    return installed, row


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        # A form has been read already; it is no JSON, so its empty rest is told like any other text that is not.
        body = b"" if request.content_type == "multipart/form-data" else request.body
        found = json.loads(body.decode("utf-8-sig"), parse_float=Decimal)
    except RequestDataTooBig:
        told = Words("请求的内容超过 2.5 MB：请分开发送", "the request is larger than 2.5 MB: send it in parts")
        raise Fault(413, "too_large", told) from None
    except (ValueError, RecursionError) as error:
        raise Fault(
            400, "not_json", Words(f"请求的内容不是有效的 JSON：{error}", f"the request is not valid JSON: {error}")
        ) from None
    if not isinstance(found, dict) or not isinstance(found.get("values", {}), dict):
        raise Fault(
            422,
            "wrong_call",
            Words('应为 {"values": {…}, "reason": "…"}', 'must be {"values": {…}, "reason": "…"}'),
            field="values",
        )
    return found


def _told(
    installed: Installed, row: Row, kept: dict[str, Any], naming: Naming, hidden: frozenset[str]
) -> dict[str, Any]:
    return {
        "id": row.pk,
        "key": row.key.split("\x1f"),
        "label": row.label,
        "state": row.state or None,
        "deleted": row.deleted,
        "revision": row.revision,
        "sample": row.sample,
        "values": queries.as_json(installed, kept, naming, hidden),
    }


def _whole(request: HttpRequest, installed: Installed, row: Row, status: int = 200) -> HttpResponse:
    """Row with what its checks say."""
    naming = Naming()
    hidden = queries.private(_actor(request), installed)
    draft = queries.current(installed, row, naming)
    told = _told(installed, row, draft.kept, naming, hidden)
    told["checks"] = [
        {"id": one.check, "severity": one.severity.value, "message": {"zh": one.words.zh, "en": one.words.en}}
        for one in draft.failed
    ]
    return answer(told, status)


@router.get(
    "/registers",
    auth=allow(READ),
    tags=["registers"],
    summary="列出台账 / List registers",
    operation_id="registers",
    url_name="registers",
)
def registers(request: HttpRequest) -> HttpResponse:
    """Registers of which the account may read rows, each with its fields."""
    demand(_actor(request), "registers.see")
    return answer({"registers": [described(one.spec) for one in queries.registers(_actor(request))]})


@router.get(
    "/registers/{code}",
    auth=allow(READ),
    tags=["registers"],
    summary="查看台账的声明 / Show what a register is declared to be",
    operation_id="register",
    url_name="register",
)
def register(request: HttpRequest, code: str) -> HttpResponse:
    """Spec of a register, with the JSON Schema of its rows' values."""
    installed = _register(request, code)
    return answer({**described(installed.spec, whole=True), "schema": json_schema(installed.spec)})


@router.get(
    "/registers/{code}/rows",
    auth=allow(READ),
    tags=["registers"],
    summary="列出记录 / List rows",
    operation_id="register_rows",
    url_name="register-rows",
)
def rows(
    request: HttpRequest,
    code: str,
    q: str = "",
    unit: str = "",
    place: str = "",
    period: str = "",
    state: str = "",
    as_of: dt.date | None = None,
    limit: int = 100,
    offset: int = 0,
) -> HttpResponse:
    """Rows the account may read: with these words, of this unit, place (with all within), period, state.

    `as_of` gives them as they stood at the end of a day; the other conditions are then not asked.
    """
    installed = _register(request, code)
    limit, offset = max(1, min(limit, _MOST)), max(0, min(offset, 10**9))
    naming, hidden = Naming(), queries.private(_actor(request), installed)
    if as_of is not None:
        revisions = queries.as_of(_actor(request), installed, as_of)
        page = list(revisions[offset : offset + limit])
        items = [
            {
                **_told(installed, one.row, one.values, naming, hidden),
                "state": one.state or None,
                "revision": one.number,
                "deleted": False,
            }
            for one in page
        ]
        return answer({"items": items, "count": revisions.count()})
    asked = _asked(installed, naming, unit=unit, place=place, period=period, state=state)
    found = queries.narrowed(installed, queries.rows(_actor(request), installed), asked)
    found = queries.holding(found, _clean(q)[:200])
    keys = list(found.order_by("row_id").values_list("row_id", flat=True)[offset : offset + limit])
    there = Row.objects.in_bulk(keys)
    kept = reading.latest(keys)
    items = [_told(installed, there[key], kept[key], naming, hidden) for key in keys if key in kept]
    return answer({"items": items, "count": found.count()})


def _clean(text: str) -> str:
    # PostgreSQL takes no NUL in a text, and no store half a character.
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def _asked(installed: Installed, naming: Naming, *, unit: str, **asked: str) -> dict[str, str]:
    """Conditions of a call, for `queries.narrowed`."""
    found = {key: _clean(value) for key, value in asked.items() if key != PERIOD or installed.spec.period}
    if unit:
        found["unit"] = str(_unit(installed, _clean(unit), naming))
    return found


def _unit(installed: Installed, name: str, naming: Naming) -> int:
    from anlan.registers.spec.values import Unfit

    if not installed.spec.unit:
        return 0
    try:
        return naming.unit(installed.spec.field(installed.spec.unit), name)
    except Unfit as unfit:
        raise InputError(unfit.words) from unfit


@router.post(
    "/registers/{code}/rows",
    auth=allow(WRITE),
    tags=["registers"],
    summary="登记 / Add a row",
    operation_id="add_register_row",
    url_name="register-rows",
    openapi_extra=_BODY,
)
def add(request: HttpRequest, code: str) -> HttpResponse:
    """New row from {"values": {…}}; refused with everything that is wrong with it."""
    installed = _register(request, code)
    given = _body(request)
    reason = str(given.get("reason") or "")
    row = actions.add(_actor(request), installed, given.get("values", {}), reason=reason, source="api")
    return _whole(request, installed, row, 201)


@router.get(
    "/registers/{code}/rows/{int:id}",
    auth=allow(READ),
    tags=["registers"],
    summary="查看记录 / Show a row",
    operation_id="register_row",
    url_name="register-row",
)
def row(request: HttpRequest, code: str, id: int) -> HttpResponse:
    """One row with what its checks say."""
    installed, found = _row(request, code, id)
    return _whole(request, installed, found)


@router.patch(
    "/registers/{code}/rows/{int:id}",
    auth=allow(WRITE),
    tags=["registers"],
    summary="更正 / Correct a row",
    operation_id="correct_register_row",
    url_name="register-row",
    openapi_extra=_BODY,
)
def correct(request: HttpRequest, code: str, id: int) -> HttpResponse:
    """Correction from {"values": {…}, "reason": "…", "revision": n}: only the fields that are named change."""
    installed, found = _row(request, code, id)
    given = _body(request)
    revision = given.get("revision")
    actions.correct(
        _actor(request),
        found,
        given.get("values", {}),
        reason=str(given.get("reason") or ""),
        revision=revision if isinstance(revision, int) else None,
        source="api",
    )
    return _whole(request, installed, found)


@router.get(
    "/registers/{code}/rows/{int:id}/history",
    auth=allow(READ),
    tags=["registers"],
    summary="记录的历史 / History of a row",
    operation_id="register_history",
    url_name="register-history",
)
def history(request: HttpRequest, code: str, id: int) -> HttpResponse:
    """Revisions of a row, the first one first."""
    installed, found = _row(request, code, id)
    naming, hidden = Naming(), queries.private(_actor(request), installed)
    told = [
        {
            "number": one.number,
            "did": one.did,
            "at": one.at.isoformat(),
            "by": one.actor_name,
            "reason": one.reason,
            "version": one.version,
            "state": one.state or None,
            "values": queries.as_json(installed, one.values, naming, hidden),
        }
        for one in found.revisions.all()
    ]
    return answer({"items": told, "count": len(told)})


@router.post(
    "/registers/{code}/rows/{int:id}/{step}",
    auth=allow(WRITE),
    tags=["registers"],
    summary="变更状态、删除、恢复 / Move, delete or restore a row",
    operation_id="move_register_row",
    url_name="register-step",
    openapi_extra=_BODY,
)
def step(request: HttpRequest, code: str, id: int, step: str) -> HttpResponse:
    """Takes a step that the register declares, or `delete`, or `restore`, with {"reason": "…"}."""
    installed, found = _row(request, code, id)
    reason = str(_body(request).get("reason") or "")
    if step == "delete":
        actions.delete(_actor(request), found, reason=reason, source="api")
    elif step == "restore":
        actions.restore(_actor(request), found, reason=reason, source="api")
    else:
        actions.move(_actor(request), found, step, reason=reason, source="api")
    return _whole(request, installed, found)


@router.get(
    "/registers/{code}/indicators",
    auth=allow(READ),
    tags=["registers"],
    summary="指标 / Indicators",
    operation_id="register_indicators",
    url_name="register-indicators",
)
def indicators(
    request: HttpRequest, code: str, by: str = "", unit: str = "", place: str = "", period: str = "", state: str = ""
) -> HttpResponse:
    """Indicators over the rows the account may read, split `by` unit, place, period, state or a choice field."""
    installed = _register(request, code)
    naming = Naming()
    asked = _asked(installed, naming, unit=unit, place=place, period=period, state=state)
    found = queries.narrowed(installed, queries.rows(_actor(request), installed), asked)
    told: dict[str, Any] = {"indicators": _figures(figures.figures(installed, found))}
    if by:
        if by in queries.private(_actor(request), installed):
            raise Fault(422, "wrong_call", Words(f"不能按“{by}”分组", f"cannot be split by {by}"), field="by")
        try:
            groups = figures.split(installed, found, by)
        except KeyError:
            raise Fault(
                422, "wrong_call", Words(f"不能按“{by[:40]}”分组", f"cannot be split by {by[:40]}"), field="by"
            ) from None
        told["groups"] = [
            {"group": _group(installed, by, group, naming), "indicators": _figures(one)}
            for group, one in groups.items()
        ]
    told["broken"] = [
        {"identity": one.identity, "period": one.period or None, "figures": dict(one.figures)}
        for one in figures.broken(installed, found)
    ]
    return answer(told)


def _group(installed: Installed, by: str, group: Any, naming: Naming) -> Any:
    if by == "unit":
        return naming.units[group].short_name if group in naming.units else None
    return group if group != "" else None


def _figures(given: dict[str, figures.Figure]) -> dict[str, Any]:
    return {
        id: {"value": None if one.shown is None else str(one.shown), "unit": one.indicator.unit}
        for id, one in given.items()
    }


@router.get(
    "/registers/{code}/missing",
    auth=allow(READ),
    tags=["registers"],
    summary="缺报 / Missing rows",
    operation_id="register_missing",
    url_name="register-missing",
)
def missing(request: HttpRequest, code: str) -> HttpResponse:
    """Rows that are owed and not there."""
    installed = _register(request, code)
    found = find_missing(installed, _actor(request))
    told = [
        {
            "unit": one.unit or None,
            "about": one.about or None,
            "period": one.period,
            "due": one.due.isoformat(),
            "late": one.late,
        }
        for one in found
    ]
    return answer({"items": told, "count": len(told)})


@router.get(
    "/registers/{code}/map",
    auth=allow(READ),
    tags=["registers"],
    summary="地图图层 / Map layer",
    operation_id="register_map",
    url_name="register-map",
)
def layer(request: HttpRequest, code: str) -> HttpResponse:
    """Rows as GeoJSON."""
    installed = _register(request, code)
    if installed.spec.map is None:
        raise Http404(code)
    text = "".join(geo.collection(installed, queries.rows(_actor(request), installed), "zh"))
    return HttpResponse(text, content_type="application/geo+json; charset=utf-8")
