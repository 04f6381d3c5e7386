"""Made cases of rectification: honest ones with all the disorder of real work, and fakes put into a part of them.

Nothing here knows the rules of the signs; a fake is what somebody would do, and honest cases hold what often looks like
one: reports that resemble each other, photographs forwarded without a time, places 150 m off, readings near the limit.
"""

# ruff: noqa: E501 - a fake stays on its line.

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from anlan.ledger.integrity.cases import (
    Case,
    Disclosure,
    Event,
    Evidence,
    Petition,
    Photo,
    Place,
    Reading,
    Receipt,
    Report,
)

_TOWNS: Final = ("吕蒙街道", "鲇鱼山镇", "丽阳镇", "荷塘乡", "西郊街道", "新枫街道")
_UNITS: Final = ("住建局", "农业农村局", "水利局", "交通局", "城管局", "工信局")
_VERIFIERS: Final = ("生态环境局", "长江办", "自然资源局")
_DONE: Final = (
    "完成现场踏勘", "签订施工合同", "施工单位已进场", "完成工程量约{n}%", "沟槽开挖{n}米", "管道敷设{n}米", "检查井砌筑{n}座",
    "累计清运{n}车", "撒播草籽{n}亩", "完成第三方检测", "召开调度会{n}次", "协调征迁{n}户", "路面恢复{n}平方米", "设备安装调试完毕",
    "落实管护人员{n}名", "闭水试验合格", "增设围挡{n}米", "淤泥外运{n}方", "复核测绘成果", "补种苗木{n}株",
)  # fmt: skip
_NEXT: Final = (
    "下一步加快施工进度",
    "下月重点推进收尾",
    "下一步落实长效管护",
    "计划组织验收",
    "继续做好雨季防护",
    "抓紧办理结算手续",
)
_KINDS: Final = (
    ("{town}雨污管网错接，污水直排入河，涉及管网{n}米", "新建污水管网{n}米，断面水质达到Ⅲ类", "{town}新建污水管网{n}米，污水接入主管", 90),
    ("{town}河道淤积，黑臭明显，长{n}米", "清淤{n}米，消除黑臭", "{town}河道清淤{n}米，两岸截污，消除黑臭", 60),
    ("{town}河岸堆放垃圾{n}吨", "清运垃圾{n}吨，场地复绿", "{town}清运垃圾{n}吨并复绿，落实保洁", 50),
    ("{town}岸线被侵占，裸露{n}平方米", "拆除侵占岸线的建筑物，复绿{n}平方米", "{town}拆除侵占岸线的构筑物，复绿{n}平方米", 70),
    ("{town}畜禽养殖粪污直排，污水{n}吨", "养殖粪污全部收集处理，处理污水{n}吨", "{town}养殖场建设粪污收集池，处理污水{n}吨", 60),
)  # fmt: skip
_CHINA: Final = dt.timezone(dt.timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Made:
    """Cases, and by case the signs of what was put into it."""

    cases: tuple[Case, ...]
    put_in: dict[str, set[str]] = field(default_factory=dict)


def collection(number: int, seed: int) -> Made:
    """So many cases; every third holds one fake."""
    chance = random.Random(seed)
    cases = [honest(f"Q{n:05}", chance) for n in range(number)]
    put_in: dict[str, set[str]] = {}
    ways = list(FAKES.items())
    for n in range(0, number, 3):
        ids, fake = ways[(n // 3) % len(ways)]
        made = fake(cases[n], cases[(n + 1) % number], chance)
        if made is not None:
            cases[n], put_in[cases[n].id] = made, set(ids.split())
    return Made(tuple(cases), put_in)


def honest(id: str, chance: random.Random) -> Case:
    """A case in which everything was done, with the disorder that is usual."""
    town, unit = chance.choice(_TOWNS), chance.choice(_UNITS)
    text, goal, measure, least = chance.choice(_KINDS)
    n = chance.randint(12, 400) * 10
    planned = dt.date(2024, 1, 10) + dt.timedelta(days=chance.randint(0, 300))
    done = planned + dt.timedelta(days=least + chance.randint(0, 120))
    closed = done + dt.timedelta(days=chance.randint(25, 60))
    place = Place(117.1 + chance.random() * 0.2, 29.2 + chance.random() * 0.2)
    reports: list[Report] = []
    at, percent = planned + dt.timedelta(days=20), 0
    while at < done:
        share = (at - planned) / (done - planned) * 100
        percent = max(percent, min(95, round(share + chance.uniform(-15, 10))))
        reports.append(Report(f"r{len(reports)}", at, _said(chance), Decimal(max(0, percent)), unit))
        at += dt.timedelta(days=30)
    reports.append(Report(f"r{len(reports)}", done, _said(chance) + "全部完工。", Decimal(100), unit))
    photos = [
        _photo(f"b{k}", "before", place, planned - dt.timedelta(days=chance.randint(5, 60)), chance) for k in range(2)
    ]
    photos += [
        _photo(f"a{k}", "after", place, done - dt.timedelta(days=chance.randint(0, 5)), chance) for k in range(3)
    ]
    readings = [
        Reading(done + dt.timedelta(days=30 * k), "氨氮", _value(chance, 0.6, 0.95), Decimal(1)) for k in range(-3, 5)
    ]
    waste = "垃圾" in text
    receipts = [
        Receipt(f"f{k}", _digits(chance, 8), planned + dt.timedelta(days=chance.randint(1, least))) for k in range(2)
    ]
    if waste:
        receipts.append(Receipt("w", _digits(chance, 8), done - dt.timedelta(days=3), "weighing"))
    visit = planned + dt.timedelta(days=50)
    power = {visit + dt.timedelta(days=k): Decimal(round(chance.gauss(1000, 80))) for k in range(-40, 25)}
    return Case(
        id,
        text=text.format(town=town, n=n),
        place_name=town,
        place=place,
        goal_approved=goal.format(n=n),
        goal_claimed=goal.format(n=n + chance.choice((0, 0, 10))),
        measures=(measure.format(town=town, n=n), "落实长效管护责任"),
        deadline=done + dt.timedelta(days=chance.randint(0, 40)),
        responsible=(unit,),
        verifier=(chance.choice(_VERIFIERS),),
        photos=tuple(photos),
        reports=tuple(reports),
        events=(Event("planned", planned), Event("self_done", done), Event("accepted", done + dt.timedelta(days=10)), Event("closed", closed)),
        readings=tuple(readings),
        receipts=tuple(receipts),
        evidence=(Evidence("e1", "竣工验收图", done - dt.timedelta(days=2), 1), Evidence("e2", "管护协议", done - dt.timedelta(days=1), 2)),
        power_kwh=power,
        inspections=(visit,),
    )  # fmt: skip


def _said(chance: random.Random) -> str:
    done = [one.format(n=chance.randint(2, 900)) for one in chance.sample(_DONE, 5)]
    return "，".join(done) + "。" + chance.choice(_NEXT) + "。"


def _value(chance: random.Random, low: float, high: float) -> Decimal:
    return Decimal(f"{chance.uniform(low, high):.2f}")


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


def _photo(id: str, role: str, place: Place, day: dt.date, chance: random.Random) -> Photo:
    at = dt.datetime.combine(day, dt.time(chance.randint(8, 16), chance.randint(0, 59)), _CHINA)
    # Up to 150 m about: one stands on the other bank.
    near = Place(place.longitude + chance.uniform(-0.001, 0.001), place.latitude + chance.uniform(-0.0009, 0.0009))
    forwarded = role == "before" and chance.random() < 0.3
    return Photo(
        id, role,  # type: ignore[arg-type]
        sha256=hashlib.sha256(chance.randbytes(8)).hexdigest(),
        phash=f"{chance.getrandbits(64):016x}",
        taken=None if forwarded else at,
        place=None if forwarded else near,
        handed_in=at + dt.timedelta(hours=chance.randint(1, 40)),
    )  # fmt: skip


def _when(case: Case, kind: str) -> dt.date:
    at = case.when(kind)
    assert at
    return at if not isinstance(at, dt.datetime) else at.date()


def _after(case: Case, **changes: object) -> Case:
    """The case with its last photograph of after changed."""
    return replace(case, photos=(*case.photos[:-1], replace(case.photos[-1], **changes)))  # type: ignore[arg-type]


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), _CHINA)


def _moved(case: Case, other: Case, chance: random.Random) -> Case:
    assert case.place
    angle = chance.choice((-1, 1)) * chance.uniform(0.01, 0.05)
    return _after(case, place=Place(case.place.longitude + angle, case.place.latitude))


def _copied(case: Case, other: Case, chance: random.Random) -> Case | None:
    if len(case.reports) < 2:
        return None
    text = "".join(c if not c.isdigit() else chance.choice("123456789") for c in case.reports[-2].text)
    return replace(case, reports=(*case.reports[:-1], replace(case.reports[-1], text=text)))


def _reused(case: Case, other: Case, chance: random.Random) -> Case:
    """The last photograph of another problem, recompressed: two of 64 bits differ. Handed in after that one."""
    phash = int(other.photos[-1].phash or "0", 16) ^ (1 << chance.randrange(64)) ^ (1 << chance.randrange(64))
    theirs, own = other.photos[-1].handed_in, case.photos[-1].handed_in
    assert isinstance(theirs, dt.datetime)
    assert isinstance(own, dt.datetime)
    return _after(case, sha256=None, phash=f"{phash:016x}", handed_in=max(own, theirs + dt.timedelta(days=9)))


def _flat(case: Case, other: Case, chance: random.Random) -> Case:
    done = _when(case, "self_done")
    return replace(
        case,
        readings=tuple(
            Reading(done - dt.timedelta(days=60 - k), "氨氮", Decimal("0.71"), Decimal(1)) for k in range(40)
        ),
    )


def _rush(case: Case, other: Case, chance: random.Random) -> Case:
    deadline = _when(case, "self_done")
    reports = [replace(one, percent=min(one.percent or Decimal(0), Decimal(45))) for one in case.reports[:-1]]
    reports.append(Report("z", deadline - dt.timedelta(days=4), _said(chance), Decimal(45)))
    return replace(case, deadline=deadline, reports=(*reports, case.reports[-1]))


def _visit(case: Case, other: Case, chance: random.Random) -> Case:
    [visit] = case.inspections
    power = {day: value / 5 if abs((day - visit).days) <= 6 else value for day, value in case.power_kwh.items()}
    return replace(case, power_kwh=power)


def _back(case: Case, other: Case, chance: random.Random) -> Case | None:
    if len(case.reports) < 3:
        return None
    first = replace(case.reports[0], percent=Decimal(70))
    return replace(case, reports=(first, replace(case.reports[1], percent=Decimal(40)), *case.reports[2:]))


def _shrunk(case: Case, other: Case, chance: random.Random) -> Case:
    figures = "".join(c if c.isdigit() else " " for c in case.goal_approved).split()
    return replace(case, goal_claimed=case.goal_approved.replace(figures[0], str(int(figures[0]) * 7 // 10)))


def _again(case: Case, other: Case, chance: random.Random) -> Case:
    assert case.place
    at = _when(case, "closed") + dt.timedelta(days=chance.randint(20, 300))
    near = Place(case.place.longitude + chance.uniform(-0.003, 0.003), case.place.latitude)
    return replace(case, petitions=(Petition(f"X{case.id}", at, "又开始排污水", near),))


def _above(case: Case, other: Case, chance: random.Random) -> Case:
    closed = _when(case, "closed")
    bad = tuple(
        Reading(closed + dt.timedelta(days=20 + 30 * k), "氨氮", _value(chance, 1.2, 2), Decimal(1)) for k in range(3)
    )
    return replace(case, readings=(*(one for one in case.readings if one.at <= closed), *bad))


def _late_reading(case: Case, other: Case, chance: random.Random) -> Case:
    done = _when(case, "self_done")
    return replace(
        case,
        readings=(
            *(one for one in case.readings if one.at < done),
            Reading(done, "氨氮", _value(chance, 1.1, 2), Decimal(1)),
        ),
    )


def _events(case: Case, *more: Event) -> Case:
    return replace(case, events=(*case.events, *more))


FAKES: Final[dict[str, Callable[[Case, Case, random.Random], Case | None]]] = {
    "K01": _flat,
    "K02": _visit,
    "K03": lambda case, other, chance: _after(case, taken=_noon(_when(case, "self_done") + dt.timedelta(days=chance.randint(1, 9))), handed_in=_noon(_when(case, "self_done") + dt.timedelta(days=12))),
    "K04": _reused,
    "K05": _copied,
    "K06": lambda case, other, chance: replace(case, evidence=(Evidence("e1", "会议纪要", None, 1), Evidence("e2", "通知", None, 1))),
    "K07": lambda case, other, chance: replace(case, text=case.text + "，另有垃圾堆存", measures=(*case.measures, "清运垃圾"), receipts=tuple(one for one in case.receipts if one.kind == "invoice")) ,
    "K08": _again,
    "K09": _above,
    "K10": _shrunk,
    "K11": _rush,
    "K12": lambda case, other, chance: replace(case, verifier=case.responsible),
    "K13": lambda case, other, chance: replace(case, measures=("加强组织领导，压实责任", "加大宣传力度，营造氛围")),
    "K14": lambda case, other, chance: replace(case, disclosures=(Disclosure("省警示片", _when(case, "closed") + dt.timedelta(days=200)),)),
    "K15": lambda case, other, chance: _events(case, *(Event("extended", _when(case, "planned") + dt.timedelta(days=30 * k), until=_when(case, "self_done") + dt.timedelta(days=90 * k)) for k in (1, 2))),
    "K16 K13": lambda case, other, chance: replace(case, measures=("责令停产，禁止经营",)),
    "P01": _moved,
    "P02": lambda case, other, chance: _after(case, sha256=case.photos[0].sha256, phash=case.photos[0].phash),
    "P03": lambda case, other, chance: _after(case, taken=None, place=None),
    "P04": lambda case, other, chance: _after(case, taken=_noon(_when(case, "planned") - dt.timedelta(days=chance.randint(2, 300)))),
    "P05": lambda case, other, chance: _after(case, doubts=("edited",), software="Adobe Photoshop"),
    "P06 P03": lambda case, other, chance: _after(case, doubts=("screen",), taken=None, place=None),
    "P07 P03": lambda case, other, chance: _after(case, doubts=("generated",), taken=None, place=None),
    "P08": lambda case, other, chance: _after(case, handed_in=(case.photos[-1].taken or _noon(_when(case, "self_done"))) - dt.timedelta(days=chance.randint(1, 60))),
    "T01": _back,
    "T02": lambda case, other, chance: replace(case, events=tuple(replace(one, at=_when(case, "self_done") - dt.timedelta(days=chance.randint(2, 9))) if one.kind == "planned" else one for one in case.events), receipts=tuple(one for one in case.receipts if one.kind != "invoice"), photos=()),
    "T03": lambda case, other, chance: replace(case, receipts=(*case.receipts, Receipt("x", _digits(chance, 8), _when(case, "planned") - dt.timedelta(days=chance.randint(5, 90))))),
    "T04": lambda case, other, chance: replace(case, receipts=(*case.receipts, replace(other.receipts[0], id="x", on=_when(case, "planned") + dt.timedelta(days=5)))),
    "D01": _late_reading,
}  # fmt: skip
