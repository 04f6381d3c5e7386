"""JSON of the monitoring room: devices with how they do, readings, lab results in."""

# No annotations of the future here: the interface reads these as types when the module is loaded.

import datetime as dt
import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from ninja.pagination import paginate
from pydantic import Field, TypeAdapter, ValidationError

from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.interface import scopes
from anlan.foundation.interface.answers import Fault
from anlan.foundation.interface.authority import allow
from anlan.foundation.interface.paging import Paging
from anlan.monitor import lab, queries
from anlan.monitor.hj212.times import BEIJING
from anlan.monitor.lake import hot, kinds
from anlan.monitor.models import Device, Reading, ReadingState, Sender, Site, moment
from anlan.settings import InputError, Words

READ = scopes.declare("monitor.read", Words("读取监测数据", "read monitoring data"))
WRITE = scopes.declare("monitor.write", Words("报送化验结果", "send lab results"))
_MOST_RESULTS = 1000
_LONGEST = dt.timedelta(days=92)

router = Router()


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


class DeviceOut(Schema):
    """Device; `connected` to `delay_s` are what the gateway heard of it last, null before it sent anything."""

    id: int
    mn: str
    name: str
    site: str | None
    state: str = Field(description="in_service, suspended")
    simulated: bool
    has_password: bool = Field(description="false: frames are taken whatever their password")
    connected: bool
    last_at: dt.datetime | None
    clock_offset_s: float | None
    delay_s: float | None

    @staticmethod
    def resolve_site(row: Any) -> str | None:
        return row.site.code if row.site else None

    @staticmethod
    def resolve_has_password(row: Any) -> bool:
        return bool(row.password)

    @staticmethod
    def resolve_connected(row: Any) -> bool:
        return bool(row.heard and row.heard.connected)

    @staticmethod
    def resolve_last_at(row: Any) -> dt.datetime | None:
        return moment(row.heard.last_at / 1000) if row.heard else None

    @staticmethod
    def resolve_clock_offset_s(row: Any) -> float | None:
        return None if not row.heard or row.heard.offset_ms is None else row.heard.offset_ms / 1000

    @staticmethod
    def resolve_delay_s(row: Any) -> float | None:
        delay_ms = row.heard.delay_by_our_clock_ms if row.heard else None
        return None if delay_ms is None else delay_ms / 1000


class ReadingOut(Schema):
    """Reading; `value` is a decimal text, null where the device sent none."""

    time: str
    device: str
    factor: str
    kind: str = Field(description="Rtd, minute-Avg, hour-Avg, day-Cou, … or lab")
    value: str | None
    flag: str
    state: str = Field(description="ok, no_value")

    @staticmethod
    def resolve_time(row: Any) -> str:
        when: str = moment(row.at).astimezone(BEIJING).isoformat()
        return when

    @staticmethod
    def resolve_device(row: Any) -> str:
        return str(row.device)

    @staticmethod
    def resolve_kind(row: Reading) -> str:
        return kinds.name(row.kind)

    @staticmethod
    def resolve_value(row: Reading) -> str | None:
        return hot.text(row.digits, row.scale) or None

    @staticmethod
    def resolve_state(row: Reading) -> str:
        return str(ReadingState(row.state).label)


class ReadingFilter(Schema):
    """Which readings: of a site (its code) between two moments, 92 days apart at most."""

    site: str = Field(max_length=40)
    since: dt.datetime
    until: dt.datetime


class ResultIn(Schema):
    """Lab result: `value` is a text such as 0.05, <0.01 or 0.01L; `unit` the factor's own if empty."""

    site: str = Field(max_length=100, description="code or name of the site")
    factor: str = Field(max_length=40, description="code or name of the factor")
    sampled_at: str = Field(max_length=30, description="2026-08-01 08:30, Beijing time")
    value: str = Field(max_length=40)
    unit: str = Field("", max_length=16)
    lab: str = Field("", max_length=100)
    note: str = Field("", max_length=300)


_RESULTS = TypeAdapter(list[ResultIn])
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "array", "items": ResultIn.model_json_schema()}}},
    }
}


class ResultsOut(Schema):
    """How many results were sent, and how many of them are new."""

    received: int
    new: int


@router.get(
    "/monitor/devices",
    response=list[DeviceOut],
    auth=allow(READ),
    tags=["monitor"],
    summary="列出监测设备 / List devices",
    operation_id="devices",
)
@paginate(Paging)
def devices(request: HttpRequest) -> list[Device]:
    """Devices that were admitted, with what was last heard of them."""
    demand(_actor(request), "monitor.see")
    rows = list(queries.devices(_actor(request)).order_by("pk"))
    heard = queries.senders(row.mn for row in rows)
    for row in rows:
        row.heard = heard.get(row.mn)  # type: ignore[attr-defined]
    return rows


@router.get(
    "/monitor/readings",
    response=list[ReadingOut],
    auth=allow(READ),
    tags=["monitor"],
    summary="读取监测数据 / Read readings",
    operation_id="readings",
)
@paginate(Paging)
def readings(request: HttpRequest, wanted: Query[ReadingFilter]) -> "QuerySet[Reading]":
    """Readings of a site in the order of time: of its devices and of its lab sheets."""
    demand(_actor(request), "monitor.see")
    site = get_object_or_404(queries.sites(_actor(request)), code=wanted.site)
    since, until = (_aware(when) for when in (wanted.since, wanted.until))
    if not since <= until <= since + _LONGEST:
        raise InputError(
            Words("until 应晚于 since，最多相隔 92 天", "until must be later than since, by 92 days at most")
        )
    return _Named(queries.values_at_site(site, since, until).order_by("at", "sender", "factor", "kind"))  # type: ignore[return-value]


def _aware(when: dt.datetime) -> dt.datetime:
    """Moment with its offset; one without is Beijing time."""
    return when if when.tzinfo else when.replace(tzinfo=BEIJING)


class _Named:
    """Rows whose pages know the MN behind each number of a sender."""

    def __init__(self, rows: "QuerySet[Reading]") -> None:
        self._rows = rows

    def count(self) -> int:
        return self._rows.count()

    def all(self) -> "_Named":
        return self

    def __getitem__(self, part: slice) -> list[Reading]:
        found = list(self._rows[part])
        names = dict(Sender.objects.filter(pk__in={row.sender for row in found}).values_list("pk", "mn"))
        for row in found:
            row.device = names.get(row.sender, "")  # type: ignore[attr-defined]
        return found


@router.post(
    "/monitor/results",
    response={201: ResultsOut},
    auth=allow(WRITE),
    tags=["monitor"],
    summary="报送化验结果 / Send lab results",
    operation_id="send_results",
    openapi_extra=_BODY,
)
def results(request: HttpRequest) -> Status[dict[str, int]]:
    """Lab results, all of them or none; sending them again changes nothing."""
    given = _results_in(request)
    demand(_actor(request), "monitor.results")
    if len(given) > _MOST_RESULTS:
        raise InputError(Words(f"一次最多 {_MOST_RESULTS} 条", f"at most {_MOST_RESULTS} results at a time"))
    sites = {name: site for site in Site.objects.all() for name in (site.code, site.name)}
    found, problems = [], []
    for number, one in enumerate(given, 1):
        try:
            found.append(_found(one, sites))
        except InputError as error:
            problems += [Words(f"第 {number} 条：{p.zh}", f"result {number}: {p.en}") for p in error.problems]
    if problems:
        raise InputError(*problems)
    return Status(201, {"received": len(given), "new": lab.bring(_actor(request), found)})


def _results_in(request: HttpRequest) -> list[ResultIn]:
    try:
        # A form has been read already; it is no JSON, so its empty rest is told like any other text that is not.
        body = b"" if request.content_type == "multipart/form-data" else request.body
        return _RESULTS.validate_python(json.loads(body.decode("utf-8-sig")))
    except RequestDataTooBig:
        told = Words("请求的内容超过 2.5 MB：请分开发送", "the request is larger than 2.5 MB: send it in parts")
        raise Fault(413, "too_large", told) from None
    except ValidationError as error:
        wrong = error.errors()[0]
        place = ".".join(str(part) for part in wrong["loc"])
        words = Words(
            f"应为化验结果的列表，{place or '整体'} 不对：{wrong['msg']}",
            f"must be a list of results, {place or 'it'} is wrong: {wrong['msg']}",
        )
        raise Fault(422, "wrong_call", words, field=place) from None
    except (ValueError, RecursionError) as error:
        told = Words(f"请求的内容不是有效的 JSON：{error}", f"the request is not valid JSON: {error}")
        raise Fault(400, "not_json", told) from None


def _found(one: ResultIn, sites: dict[str, Site]) -> lab.Found:
    problems = []
    site, factor = sites.get(one.site.strip()), lab.factor_names().get(one.factor.strip())
    if site is None:
        problems.append(Words(f"没有点位“{one.site}”", f"there is no site “{one.site}”"))
    if factor is None:
        problems.append(Words(f"没有项目“{one.factor}”", f"there is no factor “{one.factor}”"))
    if site is None or factor is None:
        raise InputError(*problems)
    digits, scale, below = lab.value_of(one.value)
    digits, scale, unit = lab.converted(factor, digits, scale, one.unit)
    return lab.Found(site, factor, lab.moment_of(one.sampled_at), digits, scale, below, unit, one.lab, one.note)
