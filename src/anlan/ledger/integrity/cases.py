"""What is looked at when a rectification is called done: photographs, reports, events, readings, receipts, petitions.

Times are dates or moments; a moment without a zone is the district's (UTC+8). Coordinates are degrees with the name of
their system. The same classes are the JSON that `anlan ledger integrity` reads (`schema()`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from anlan.foundation.vault.images import Exif
from anlan.settings import InputError, Words

CHINA: Final = dt.timezone(dt.timedelta(hours=8))
System = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
Role = Literal["before", "after", "during", "other"]
Moment = dt.datetime | dt.date
Text = Annotated[str, Field(max_length=20_000)]
Name = Annotated[str, Field(max_length=200)]
_STRICT: Final = ConfigDict(extra="forbid", ser_json_bytes="base64")


class _Strict:
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Place(_Strict):
    """Point in degrees, in a named system of coordinates."""

    longitude: Annotated[float, Field(ge=-180, le=180)]
    latitude: Annotated[float, Field(ge=-90, le=90)]
    system: System = "wgs84"


@dataclass(frozen=True, slots=True)
class Photo(_Strict):
    """Photograph handed in as evidence.

    `role` says what it is to show; `report` is the report or round it came with. `features` is the text that
    `anlan vault images look` gives, `phash` the 16 hexadecimal digits of another program where there is nothing better.
    `doubts` are codes of the vault (edited, screen, …), `accuracy_m` the receiver's own estimate.
    """

    id: Name
    role: Role = "other"
    report: Name = ""
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None
    features: Annotated[str, Field(max_length=100_000)] | None = None
    phash: Annotated[str, Field(pattern="^[0-9a-fA-F]{16}$")] | None = None
    taken: dt.datetime | None = None
    handed_in: Moment | None = None
    place: Place | None = None
    accuracy_m: Annotated[float, Field(ge=0)] | None = None
    software: Name = ""
    doubts: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class Report(_Strict):
    """Report of a unit on the rectification. `percent` is its own claim of 0 to 100."""

    id: Name
    at: Moment
    text: Text = ""
    percent: Annotated[Decimal, Field(ge=0, le=100)] | None = None
    unit: Name = ""


@dataclass(frozen=True, slots=True)
class Event(_Strict):
    """Step in the life of the problem. `until` is the new deadline of an extension."""

    kind: Literal[
        "disclosed", "planned", "self_done", "checked", "accepted", "noticed", "closed", "extended", "reopened"
    ]
    at: Moment
    unit: Name = ""
    person: Name = ""
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Reading(_Strict):
    """Measured value. `limit` is what it is held against; `good` says which side of it is the good one."""

    at: Moment
    item: Name
    value: Decimal
    limit: Decimal | None = None
    good: Literal["below", "above"] = "below"
    site: Name = ""


@dataclass(frozen=True, slots=True)
class Petition(_Strict):
    """Complaint of a citizen, with its place in words or as a point; `about` is the problem it was filed under."""

    id: Name
    at: Moment
    text: Text = ""
    place: Place | None = None
    about: Name = ""


@dataclass(frozen=True, slots=True)
class Receipt(_Strict):
    """Paper of a payment or a transfer: invoice, contract, weighing note, transfer form. Money in 分."""

    id: Name
    number: Name = ""
    on: dt.date | None = None
    kind: Literal["invoice", "contract", "weighing", "transfer", "report", "other"] = "invoice"
    amount_cents: Annotated[int, Field(ge=0)] | None = None


@dataclass(frozen=True, slots=True)
class Evidence(_Strict):
    """Any other evidence: its kind in words (会议纪要, 转移联单), when it was made, the measure it is for (from 1)."""

    id: Name
    kind: Name
    at: Moment | None = None
    measure: Annotated[int, Field(ge=1)] | None = None


@dataclass(frozen=True, slots=True)
class Disclosure(_Strict):
    """Publication that names the problem: inspection, warning film, audit, list of typical cases."""

    source: Name
    at: Moment


@dataclass(frozen=True, slots=True)
class Answer(_Strict):
    """What a person answered to a sign; `key` is that of the sign. An answered sign stays, with its answer."""

    key: Name
    text: Text
    by: Name
    at: Moment


@dataclass(frozen=True, slots=True)
class Case(_Strict):
    """One problem whose rectification is claimed, with all that is known of it.

    `goal_approved` is the goal of the plan as approved, `goal_claimed` what the closure claims to have reached.
    `deadline` is the first one, before any extension. `responsible` rectified, `verifier` verified; `above` names the
    body above a unit where it is known. `power_kwh` and `discharge` are by day, `inspections` the days of visits.
    """

    id: Name
    title: Annotated[str, Field(max_length=500)] = ""
    text: Text = ""
    place_name: Name = ""
    place: Place | None = None
    goal_approved: Text = ""
    goal_claimed: Text = ""
    measures: tuple[Text, ...] = ()
    deadline: dt.date | None = None
    responsible: tuple[Name, ...] = ()
    verifier: tuple[Name, ...] = ()
    above: Mapping[str, str] = field(default_factory=dict)
    photos: tuple[Photo, ...] = ()
    reports: tuple[Report, ...] = ()
    events: tuple[Event, ...] = ()
    readings: tuple[Reading, ...] = ()
    petitions: tuple[Petition, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    power_kwh: Mapping[dt.date, Decimal] = field(default_factory=dict)
    discharge: Mapping[dt.date, Decimal] = field(default_factory=dict)
    inspections: tuple[dt.date, ...] = ()
    answers: tuple[Answer, ...] = ()

    def when(self, *kinds: str) -> dt.datetime | dt.date | None:
        """When it last came to one of these steps; None if it never did."""
        found = [event.at for event in self.events if event.kind in kinds]
        return max(found, key=moment) if found else None

    def first(self, *kinds: str) -> dt.datetime | dt.date | None:
        """When it first came to one of these steps; None if it never did."""
        found = [event.at for event in self.events if event.kind in kinds]
        return min(found, key=moment) if found else None


def of_picture(
    id: str,
    exif: Exif,
    features: str | None,
    sha256: str,
    *,
    role: Role = "other",
    report: str = "",
    handed_in: Moment | None = None,
) -> Photo:
    """Photograph from what the vault has read of it (`Picture.exif`, `Features.text`). Its place counts as WGS-84."""
    taken = exif.taken
    if taken and exif.offset is not None:
        taken = taken.replace(tzinfo=dt.timezone(dt.timedelta(minutes=exif.offset)))
    place = Place(exif.longitude, exif.latitude) if exif.longitude is not None and exif.latitude is not None else None
    return Photo(
        id, role, report, sha256, features, None, taken, handed_in, place, exif.accuracy_m, exif.software, exif.doubts
    )


def day(at: Moment) -> dt.date:
    """Day in the district of a moment."""
    return moment(at).date() if isinstance(at, dt.datetime) else at


def moment(at: Moment) -> dt.datetime:
    """Moment with the district's zone; a day is its beginning."""
    if not isinstance(at, dt.datetime):
        return dt.datetime.combine(at, dt.time(), CHINA)
    return at.replace(tzinfo=CHINA) if at.tzinfo is None else at.astimezone(CHINA)


def is_after(one: Moment, other: Moment) -> bool:
    """Whether one is later: by the clock where both have a time, else by the day."""
    if isinstance(one, dt.datetime) and isinstance(other, dt.datetime):
        return moment(one) > moment(other)
    return day(one) > day(other)


@dataclass(frozen=True, slots=True)
class Collection(_Strict):
    """Cases that are looked at together: what is used twice shows only where both stand."""

    cases: Annotated[tuple[Case, ...], Field(max_length=200_000)]


_COLLECTION: Final = TypeAdapter(Collection)
_TOLD: Final = {
    "missing": Words("缺少此项", "is missing"),
    "unexpected_keyword_argument": Words("没有这一项，请核对名称", "is no field: check its name"),
    "extra_forbidden": Words("没有这一项，请核对名称", "is no field: check its name"),
    "string_pattern_mismatch": Words("格式不对", "has the wrong form"),
    "literal_error": Words("不在可选值之内", "is none of the values that may stand here"),
    "greater_than_equal": Words("太小", "is too small"),
    "less_than_equal": Words("太大", "is too large"),
    "string_too_long": Words("太长", "is too long"),
    "too_long": Words("太多", "are too many"),
    "json_invalid": Words("不是有效的 JSON", "is no valid JSON"),
}
_OTHER: Final = Words("类型或格式不对", "has the wrong type or form")


def read(data: bytes) -> tuple[Case, ...]:
    """Cases of a JSON document: {"cases": […]}, a list of cases, or one case.

    InputError with everything that is wrong, all at once.
    """
    try:
        document = TypeAdapter(Any).validate_json(data)
    except ValidationError as error:
        raise _told(error) from error
    if isinstance(document, list):
        document = {"cases": document}
    elif isinstance(document, dict) and "cases" not in document:
        document = {"cases": [document]}
    try:
        # Read once more from JSON, whose rules take a text for a date and nothing else.
        cases = _COLLECTION.validate_json(TypeAdapter(Any).dump_json(document)).cases
    except ValidationError as error:
        raise _told(error) from error
    twice = (
        sorted({case.id for case in cases if sum(other.id == case.id for other in cases) > 1})
        if _doubled(cases)
        else []
    )
    if twice:
        raise InputError(
            *(Words(f"问题编号“{one}”出现多次", f"problem “{one}” stands here more than once") for one in twice)
        )
    return cases


def _doubled(cases: tuple[Case, ...]) -> bool:
    return len({case.id for case in cases}) < len(cases)


def schema() -> dict[str, Any]:
    """JSON schema (draft 2020-12) of what `read` takes."""
    return _COLLECTION.json_schema()


def _told(error: ValidationError) -> InputError:
    problems = []
    for one in error.errors(include_url=False)[:100]:
        where = ".".join(str(part) for part in one["loc"] if part != "cases") or "JSON"
        words = _TOLD.get(one["type"], _OTHER)
        value = "" if one["type"] in ("missing", "json_invalid") else _shown(one["input"])
        problems.append(
            Words(
                f"{where}{f'（{value}）' if value else ''}：{words.zh}",
                f"{where}{f' ({value})' if value else ''} {words.en}",
            )
        )
    return InputError(*problems)


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:37] + "…"
