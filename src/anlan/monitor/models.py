"""Sites, devices, commands that people gave and lab results (business); frames and readings (store of readings).

The gateway is the only writer of the second half. What crosses from one half to the other goes by key (the MN of a
device, the id of an order or a result), never by a relation, and may arrive twice without harm.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.foundation.screens.marks import Mark

READINGS = "readings"


class SiteKind(models.TextChoices):
    """What is watched at a site."""

    SECTION = "section", _("地表水断面")
    PLANT_OUTLET = "plant_outlet", _("污水处理厂出口")
    PLANT_INLET = "plant_inlet", _("污水处理厂进口")
    OUTFALL = "outfall", _("入河排污口")
    ENTERPRISE = "enterprise", _("企业排口")
    RURAL = "rural", _("农村污水设施")
    SOURCE = "source", _("饮用水水源地")
    OTHER = "other", _("其他")


class Site(models.Model):
    """Place where water is watched. `simulated` marks one that exists only in the simulated field."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=20, choices=SiteKind.choices, default=SiteKind.SECTION)
    unit = models.ForeignKey("org.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="sites")
    division = models.ForeignKey("org.Division", null=True, blank=True, on_delete=models.PROTECT, related_name="sites")
    note = models.CharField(max_length=300, blank=True)
    simulated = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class DeviceState(models.TextChoices):
    """In service: its frames are taken. Suspended or refused: they are acknowledged and stay in quarantine."""

    IN_SERVICE = "in_service", _("在用")
    SUSPENDED = "suspended", _("停用")
    REFUSED = "refused", _("不接入")


class Device(models.Model):
    """Data logger that was admitted, by its MN. Without a `password` any is taken, and the pages say so.

    `minutes` is the interval of its minute data, which frames do not carry; 0 where it sends none or it is not known.
    """

    mn = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="devices")
    password = models.CharField(max_length=32, blank=True)
    minutes = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=12, choices=DeviceState.choices, default=DeviceState.IN_SERVICE, db_index=True)
    simulated = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)
    admitted_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        ordering = ["mn"]

    def __str__(self) -> str:
        return self.name

    @property
    def open_mark(self) -> Mark | None:
        """Warning where frames are taken whatever their password."""
        return None if self.password else Mark(str(_("未设密码")), "yellow")

    @property
    def state_mark(self) -> Mark:
        """State as pages show it."""
        tones = {DeviceState.IN_SERVICE: "green", DeviceState.SUSPENDED: "yellow", DeviceState.REFUSED: "neutral"}
        return Mark(str(DeviceState(self.state).label), tones[DeviceState(self.state)])


class Order(models.Model):
    """Command to a device that a person gave; the gateway carries it out and keeps what came of it (`Run`)."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="orders")
    cn = models.CharField(max_length=4)
    fields = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.cn} {self.device}"


class Result(models.Model):
    """Value that no device sent: from a lab sheet or through the interface. The gateway takes it into the readings.

    The value is `digits` with `scale` decimals, in `unit`; `below` marks one below the detection limit.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="results")
    factor = models.CharField(max_length=16)
    sampled_at = models.DateTimeField()
    digits = models.BigIntegerField()
    scale = models.PositiveSmallIntegerField(default=0)
    below = models.BooleanField(default=False)
    unit = models.CharField(max_length=16, blank=True)
    lab = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=300, blank=True)
    way = models.CharField(max_length=10, choices=[("sheet", _("化验单")), ("api", _("接口"))])
    by_name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-sampled_at", "site_id", "factor"]
        constraints = [
            # Another value for the same moment is another row: nothing is overwritten.
            models.UniqueConstraint(
                fields=["site", "factor", "sampled_at", "digits", "scale", "below"], name="result_value_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.factor}"

    @property
    def value(self) -> Decimal:
        """Exact value."""
        return Decimal(self.digits).scaleb(-self.scale)


class Sender(models.Model):
    """Whoever sent frames, admitted or not, by MN: what was last heard of it. Written by the gateway.

    `offset_ms` is how far its clock is ahead of ours (negative: behind), `delay_ms` how long after its own time its
    last real-time data came; None before there were any. `connected` holds for as long as the gateway runs.
    """

    store = READINGS

    mn = models.CharField(max_length=64, unique=True)
    st = models.CharField(max_length=8, blank=True)
    version = models.SmallIntegerField(null=True)
    password = models.CharField(max_length=32, blank=True)
    address = models.CharField(max_length=64, blank=True)
    connected = models.BooleanField(default=False)
    first_at = models.BigIntegerField()
    last_at = models.BigIntegerField()
    data_at = models.BigIntegerField(null=True)
    offset_ms = models.BigIntegerField(null=True)
    delay_ms = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["mn"]

    def __str__(self) -> str:
        return self.mn

    @property
    def delay_by_our_clock_ms(self) -> int | None:
        """How long its last real-time data took to come: what a clock that is ahead or behind makes of it taken out."""
        return None if self.delay_ms is None else max(0, self.delay_ms + (self.offset_ms or 0))


class Day(models.Model):
    """What a sender sent on a day (Beijing time, as YYYYMMDD), counted as frames came. Repeats are no frames."""

    store = READINGS

    pk = models.CompositePrimaryKey("sender", "day")
    sender = models.IntegerField()
    day = models.IntegerField()
    frames = models.BigIntegerField(default=0)
    crc = models.BigIntegerField(default=0)
    length = models.BigIntegerField(default=0)
    format = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    repeats = models.BigIntegerField(default=0)
    late = models.BigIntegerField(default=0)
    conflicts = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["sender", "-day"]

    def __str__(self) -> str:
        return f"{self.sender} {self.day}"


class FrameState(models.TextChoices):
    """Taken: its values are readings. Quarantine: kept aside, see `why`. Bad: damaged on the way, worth nothing."""

    TAKEN = "taken", _("已采用")
    QUARANTINE = "quarantine", _("隔离")
    BAD = "bad", _("坏帧")


class Frame(models.Model):
    """Frame as received, once; the log of the gateway, written before anything is answered.

    `received` is in microseconds since 1970 (UTC). `key` tells repeats: the moment of its QN (8 bytes), then a hash of
    its bytes; the moment stands first so that new rows lie side by side. `why` says what holds it back or is wrong with
    it: unknown, password, suspended, refused; crc, length, format.
    """

    store = READINGS

    id = models.BigIntegerField(primary_key=True)
    received = models.BigIntegerField()
    sender = models.IntegerField(null=True)
    key = models.BinaryField()
    state = models.CharField(max_length=10, choices=FrameState.choices)
    why = models.CharField(max_length=12, blank=True)
    mn = models.CharField(max_length=64, blank=True)
    cn = models.CharField(max_length=8, blank=True)
    qn = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=64, blank=True)
    raw = models.BinaryField()

    class Meta:
        managed = False
        db_table = "monitor_frame"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.mn} {self.cn}"

    @property
    def received_at(self) -> dt.datetime:
        """Moment of receipt."""
        return moment(self.received / 1000)

    @property
    def state_mark(self) -> Mark:
        """State as pages show it."""
        tones = {FrameState.TAKEN: "green", FrameState.QUARANTINE: "yellow", FrameState.BAD: "red"}
        return Mark(str(FrameState(self.state).label), tones[FrameState(self.state)])


class ReadingState(models.IntegerChoices):
    """Ok: as sent. No value: a placeholder such as -99 stands in its place. Conflict: another value came first."""

    OK = 0, "ok"
    NO_VALUE = 1, "no_value"
    CONFLICT = 2, "conflict"


class Reading(models.Model):
    """Value of a factor at a moment, the first that came. `digits` with `scale` decimals, in the factor's unit.

    `at` is in milliseconds since 1970 (UTC): the start of the period for means and totals. `kind` is a number of
    `lake.kinds`. `frame` is the frame it was taken from; below 0 it is a lab result.
    """

    store = READINGS

    pk = models.CompositePrimaryKey("at", "sender", "factor", "kind")
    at = models.BigIntegerField()
    sender = models.IntegerField()
    factor = models.CharField(max_length=32)
    kind = models.SmallIntegerField()
    digits = models.BigIntegerField(null=True)
    scale = models.SmallIntegerField()
    flag = models.CharField(max_length=16, blank=True)
    state = models.SmallIntegerField(choices=ReadingState.choices)
    frame = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "monitor_reading"

    def __str__(self) -> str:
        return f"{self.factor} {self.at}"


class Conflict(models.Model):
    """Value that came for a moment for which another one stood already: kept, never put in its place."""

    store = READINGS

    at = models.BigIntegerField()
    sender = models.IntegerField()
    factor = models.CharField(max_length=32)
    kind = models.SmallIntegerField()
    digits = models.BigIntegerField(null=True)
    scale = models.SmallIntegerField()
    flag = models.CharField(max_length=16, blank=True)
    frame = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["sender", "at"], name="conflict_of_sender")]
        constraints = [
            models.UniqueConstraint(fields=["at", "sender", "factor", "kind", "frame"], name="conflict_once")
        ]

    def __str__(self) -> str:
        return f"{self.factor} {self.at}"


class Period(models.Model):
    """Message of a period that came: which hours, days and minutes of a sender are there (`cn` 2061, 2031, 2051)."""

    store = READINGS

    pk = models.CompositePrimaryKey("sender", "cn", "at")
    sender = models.IntegerField()
    cn = models.CharField(max_length=4)
    at = models.BigIntegerField()
    received = models.BigIntegerField()

    class Meta:
        ordering = ["sender", "cn", "at"]

    def __str__(self) -> str:
        return f"{self.sender} {self.cn} {self.at}"


class RunState(models.TextChoices):
    """How far a command is."""

    WAITING = "waiting", _("待发")
    SENT = "sent", _("已发，等应答")
    ACCEPTED = "accepted", _("已应答，等结果")
    DONE = "done", _("执行成功")
    FAILED = "failed", _("执行失败")
    REFUSED = "refused", _("设备拒绝")
    UNANSWERED = "unanswered", _("无应答")
    NO_RESULT = "no_result", _("无结果")
    LOST = "lost", _("连接中断")


ENDED = frozenset(
    {
        RunState.DONE,
        RunState.FAILED,
        RunState.REFUSED,
        RunState.UNANSWERED,
        RunState.NO_RESULT,
        RunState.LOST,
    }
)


class Run(models.Model):
    """Command as carried out: given by a person (`order`) or by the gateway itself (None). Moments in microseconds.

    `qn_rtn` and `exe_rtn` are what the device answered (HJ 212 tables), `frames` the data frames that came in between.
    """

    store = READINGS

    id = models.BigIntegerField(primary_key=True)
    order = models.BigIntegerField(null=True, unique=True)
    mn = models.CharField(max_length=64, db_index=True)
    cn = models.CharField(max_length=4)
    fields = models.JSONField(default=dict)
    qn = models.CharField(max_length=20, blank=True)
    by = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=RunState.choices, default=RunState.WAITING)
    tries = models.SmallIntegerField(default=0)
    qn_rtn = models.SmallIntegerField(null=True)
    exe_rtn = models.SmallIntegerField(null=True)
    frames = models.IntegerField(default=0)
    created = models.BigIntegerField()
    sent = models.BigIntegerField(null=True)
    ended = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.cn} {self.mn}"

    @property
    def state_mark(self) -> Mark:
        """State as pages show it."""
        state = RunState(self.state)
        tone = "green" if state == RunState.DONE else "red" if state in ENDED else "info"
        return Mark(str(state.label), tone)


class Place(models.Model):
    """How far a reader of a log has come: readings in the frames, orders and results in the business store."""

    store = READINGS

    name = models.CharField(max_length=20, primary_key=True)
    value = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


def moment(milliseconds: float) -> dt.datetime:
    """Instant of milliseconds since 1970.

    >>> moment(1470009600000).isoformat()
    '2016-08-01T00:00:00+00:00'
    """
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=milliseconds)
