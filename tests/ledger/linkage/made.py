"""Made ledgers with the truth of what is the same problem, in wordings and habits other than the shared corpus has.

Every village, company and event is invented; the counties are real. A problem is told once as an inspector would and
up to four times more as other sources retell it: other words, other units, short names, dates known less exactly, slips
of typing. Near-twins, different problems of one kind in one village, are put in on purpose. The same seed gives the
same rows.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from anlan.ledger.linkage import Row

Style = str
# "mixed": many counties. "county": one county, few villages, one kind of list after the other. "bare": hardly any
# figures, companies or exact dates. "terse": short telegraphic cells.
STYLES: tuple[Style, ...] = ("mixed", "county", "bare", "terse")

_REGIONS = (
    ("安徽省", "芜湖市", "湾沚区", "芜湖县"),
    ("安徽省", "安庆市", "望江县", "望江县"),
    ("安徽省", "池州市", "贵池区", "贵池区"),
    ("安徽省", "铜陵市", "义安区", "铜陵县"),
    ("湖南省", "岳阳市", "华容县", "华容县"),
    ("湖南省", "常德市", "桃源县", "桃源县"),
    ("湖南省", "益阳市", "沅江市", "沅江市"),
    ("四川省", "泸州市", "合江县", "合江县"),
    ("四川省", "宜宾市", "叙州区", "宜宾县"),
    ("重庆市", "重庆市", "开州区", "开县"),
    ("重庆市", "重庆市", "石柱土家族自治县", "石柱县"),
    ("江苏省", "镇江市", "丹徒区", "丹徒区"),
    ("江苏省", "泰州市", "靖江市", "靖江市"),
    ("浙江省", "绍兴市", "柯桥区", "绍兴县"),
    ("云南省", "昭通市", "水富市", "水富县"),
    ("贵州省", "遵义市", "播州区", "遵义县"),
)
_ENDINGS = ("家湾", "岗", "冲", "家坝", "林", "桥头", "河口", "石", "塘", "家畈", "坳", "洲", "埠")
_FIRST = "赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
_TOWNS = (
    "新河",
    "太平",
    "永兴",
    "白马",
    "清溪",
    "龙门",
    "高桥",
    "双河",
    "石门",
    "凤凰",
    "官庄",
    "杨柳",
    "青山",
    "花桥",
    "木镇",
    "三合",
    "柳林",
    "大渡",
)
_RIVERS = (
    "青弋江",
    "秋浦河",
    "澧水",
    "藕池河",
    "赤水河",
    "横江",
    "漳河",
    "渭溪河",
    "柴桑河",
    "古马干河",
    "曹娥江",
    "乌江",
    "浦里河",
    "白荡湖",
    "东湖",
    "南溪河",
    "沱水",
)
_BRANDS = [
    "恒鑫",
    "华茂",
    "大江",
    "国泰",
    "东方红",
    "三友",
    "金竹",
    "长兴",
    "宏达",
    "绿源",
    "巨力",
    "天成",
    "众鑫",
    "广源",
    "川江",
    "皖南",
    "湘峰",
    "渝丰",
    "海螺沟",
    "百川",
]
_SOURCES = (
    ("长江经济带生态环境警示片", "2021年国家警示片", "国家级警示片披露"),
    ("省级生态环境警示片", "省警示片", "省生态警示片（2022年）"),
    ("第三轮中央生态环境保护督察", "中央环保督察反馈", "中央生态环保督察组"),
    ("省生态环境保护督察反馈", "省级环保督察", "省督察"),
    ("12345热线", "群众来信来访", "群众举报（12369）"),
    ("河长办巡查", "湖长巡湖", "河湖长制暗访"),
    ("县自查", "自查自纠", "日常排查"),
    ("审计署专项审计", "领导干部自然资源资产离任审计", "审计发现"),
    ("检察院公益诉讼", "检察建议", "检察公益诉讼线索"),
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """`unit` with the range of figures, trades of companies, templates with {p}lace {r}iver {q}uantity {c}ompany."""

    name: str
    unit: str
    low: int
    high: int
    trades: tuple[str, ...]
    templates: tuple[str, ...]
    office: tuple[str, str]


_KINDS = (
    _Kind("sewage", "吨/日", 50, 900, (), (
        "{p}生活污水未纳管，每日{q}直接流入{r}", "{p}集镇污水收集不到位，约{q}污水散排至{r}", "{p}截污不彻底，污水日均{q}溢流进入{r}", "{p}雨天污水横流，流量{q}，受纳水体{r}"),
        ("住房和城乡建设局", "住建局")),
    _Kind("pipe", "米", 120, 3800, (), (
        "{p}有{q}污水管道破损，污水渗入{r}", "{p}管网老化渗漏，长{q}，影响{r}水质", "{p}雨污混流，问题管段{q}，下游为{r}", "检查发现{p}排水管道塌陷淤堵{q}，临近{r}"),
        ("住房和城乡建设局", "住建局")),
    _Kind("black_water", "米", 150, 3200, (), (
        "{p}沟渠水体黑臭，长度{q}，下游接{r}", "{r}支流{p}段返黑返臭，黑臭段长{q}", "{p}存在{q}黑臭水体，垃圾漂浮，汇入{r}"),
        ("住房和城乡建设局", "住建局")),
    _Kind("outfall", "毫米", 200, 1500, ("印染", "食品", "电镀"), (
        "{p}{r}岸边发现一处入河排口（管径{q}），未登记", "{c}在{p}设置排污口，口径{q}，未经同意排入{r}", "{p}排污口无标志牌，管径为{q}，通向{r}"),
        ("生态环境局", "环保局")),
    _Kind("exceedance", "倍", 1, 15, ("印染", "电镀", "化工", "酒业", "食品"), (
        "{p}{c}排放废水超标{q}，进入{r}", "{c}（位于{p}）总磷超标{q}，外排{r}", "监测显示{p}{c}出水化学需氧量浓度超标{q}"),
        ("生态环境局", "环保局")),
    _Kind("shore", "米", 60, 2600, ("船务", "砂石", "混凝土"), (
        "{c}在{p}侵占{r}岸线{q}", "{r}{p}段岸线{q}被{c}违规占用，至今未恢复", "{p}{c}未经许可占用{r}河道管理范围{q}"),
        ("水利局", "水务局")),
    _Kind("sand", "立方米", 200, 9000, (), (
        "{p}{r}河道内盗采砂石{q}", "有人在{p}{r}偷采河沙约{q}", "{r}{p}段非法采砂，方量{q}"),
        ("水利局", "水务局")),
    _Kind("garbage", "立方米", 20, 900, (), (
        "{p}{r}河滩倾倒垃圾{q}", "{p}沿{r}一侧堆有建筑垃圾{q}未清运", "{r}岸边（{p}）生活垃圾{q}露天堆放"),
        ("城市管理局", "城管局")),
    _Kind("solid_waste", "吨", 300, 9000, ("冶炼", "磷化", "建材"), (
        "{c}将{q}工业固废堆放在{p}", "{p}{c}废渣{q}未采取防渗措施", "{p}露天堆存固体废物{q}，系{c}所为，威胁{r}"),
        ("生态环境局", "环保局")),
    _Kind("tailings", "万立方米", 10, 400, ("矿业", "铜业"), (
        "{p}{c}尾矿库（库容{q}）未闭库，距{r}不足1公里", "{c}位于{p}的尾矿库坝体渗水，库容{q}"),
        ("应急管理局", "应急局")),
    _Kind("livestock", "头", 200, 6000, ("牧业", "农牧"), (
        "{p}{c}养猪{q}，粪污直排{r}", "{p}一养殖场（{c}）存栏{q}，粪便流入{r}", "{c}在{p}的猪场存栏生猪{q}，无沼液消纳设施"),
        ("农业农村局", "农业局")),
    _Kind("aquaculture", "亩", 80, 2400, ("渔业", "水产"), (
        "{p}{q}鱼塘养殖尾水不经处理排入{r}", "{c}在{p}养鱼{q}，尾水直排{r}", "{p}投肥养殖{q}，影响{r}水质"),
        ("农业农村局", "农业局")),
    _Kind("farming", "亩", 100, 3000, (), (
        "{p}{q}耕地农药化肥用量大，退水入{r}", "{p}农业面源污染，涉及{q}农田，排水进入{r}"),
        ("农业农村局", "农业局")),
    _Kind("source", "平方米", 60, 4000, ("农庄", "酒店"), (
        "{p}{r}饮用水水源保护区内建有房屋{q}", "{p}水源地二级保护区内{c}违建{q}", "{r}取水口上游（{p}）保护区内存在{q}建筑"),
        ("生态环境局", "环保局")),
    _Kind("wharf", "平方米", 300, 8000, ("港务", "码头装卸", "船务"), (
        "{p}{c}码头未办手续，堆场{q}", "{r}{p}段{c}散货码头扬尘，{q}场地未硬化", "{p}（{r}）非法码头拆除不到位，残留{q}，原业主{c}"),
        ("交通运输局", "交通局")),
    _Kind("mine", "亩", 30, 900, ("矿业", "石料"), (
        "{p}{c}露天开采破坏山体{q}，未修复", "{p}废弃矿山{q}裸露，责任主体{c}"),
        ("自然资源局", "国土局")),
    _Kind("lake", "亩", 20, 700, ("渔业", "置业"), (
        "{c}在{p}填湖{q}", "{p}{r}被围垦{q}，由{c}承包", "{r}水域被{c}侵占{q}（{p}）"),
        ("水利局", "水务局")),
)  # fmt: skip

_TAILS = (
    "，整改滞后",
    "。",
    "，群众意见较大",
    "，属地监管缺位",
    "；此前多次反映未果",
    "",
    "，现场检查时仍未整改",
    "，2019年曾被通报",
)
_HEADS = ("", "", "", "（二）", "3.", "存在问题：", "经查，", "暗访发现，")
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class _Problem:
    entity: int
    kind: _Kind
    region: tuple[str, str, str, str]
    town: str
    village: str
    river: str
    figure: int | None
    company: str | None
    trade: str
    day: date
    due: date


@dataclass(frozen=True, slots=True)
class Made:
    """A made row with the number of its problem."""

    row: Row
    entity: int


def ledger(count: int, seed: int, style: Style = "mixed") -> list[Made]:
    """About `count` rows, a fifth of them repeats, a tenth of the problems near-twins; shuffled."""
    chance = random.Random(f"{style}-{seed}")
    problems: list[_Problem] = []
    while len(problems) < count * 0.8:
        one = _problem(len(problems), chance, style)
        problems.append(one)
        if chance.random() < (0.3 if style == "county" else 0.1):
            problems.append(_twin(one, len(problems), chance))
    told: list[tuple[int, Callable[[str], Row]]] = []
    for problem in problems:
        told.append((problem.entity, _Teller(problem, chance, style, first=True).row))
        if chance.random() < 0.14:
            for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
                told.append((problem.entity, _Teller(problem, chance, style, first=False).row))
    chance.shuffle(told)
    return [Made(tell(f"{style[0].upper()}{seed}-{number:05}"), entity) for number, (entity, tell) in enumerate(told)]


def _problem(entity: int, chance: random.Random, style: Style) -> _Problem:
    region = _REGIONS[0] if style == "county" else chance.choice(_REGIONS)
    towns = _TOWNS[:6] if style == "county" else _TOWNS
    endings, first = (_ENDINGS[:5], _FIRST[:7]) if style == "county" else (_ENDINGS, _FIRST)
    kind = chance.choice(_KINDS)
    day = date(2020, 3, 1) + timedelta(days=chance.randrange(1000))
    if style in ("county", "terse") and chance.random() < 0.5:
        # One inspection gives all its findings on one day.
        day = date(2021 + chance.randrange(2), chance.choice((4, 9)), 12)
    step = 10 if kind.high > 100 else 1
    return _Problem(
        entity, kind, region, _kinded(chance.choice(towns), region[2], ("镇", "镇", "乡", "街道")),
        _kinded(chance.choice(first) + chance.choice(endings), region[2], ("村", "村", "社区")),
        chance.choice(_RIVERS[:5] if style == "county" else _RIVERS),
        None if style == "bare" and chance.random() < 0.6 else chance.randrange(kind.low, kind.high) // step * step or 1,
        chance.choice(_BRANDS) if kind.trades else None,
        chance.choice(kind.trades) if kind.trades else "",
        day, date(day.year + chance.randrange(1, 3), chance.choice((3, 6, 9, 10, 12)), 28),
    )  # fmt: skip


def _kinded(name: str, county: str, kinds: tuple[str, ...]) -> str:
    """Name with the one kind that it has in its county."""
    return name + kinds[sum(map(ord, name + county)) % len(kinds)]


def _twin(one: _Problem, entity: int, chance: random.Random) -> _Problem:
    """Another problem of the kind in the village: another figure, mostly another company, often another day."""
    figure = one.figure
    while figure == one.figure and figure is not None:
        step = 10 if one.kind.high > 100 else 1
        figure = chance.randrange(one.kind.low, one.kind.high) // step * step or 1
    company = one.company
    if company and (figure is None or chance.random() < 0.8):
        company = chance.choice([brand for brand in _BRANDS if brand != company])
    day = one.day if chance.random() < 0.3 else date(2020, 3, 1) + timedelta(days=chance.randrange(1000))
    due = one.due if chance.random() < 0.4 else date(day.year + 1, chance.choice((3, 6, 9, 12)), 28)
    if figure is None and company is None:
        day = one.day + timedelta(days=chance.choice((-400, 400, 500)))
        due = date(day.year + 1, chance.choice((3, 6, 9, 12)), 28)
    return _Problem(
        entity, one.kind, one.region, one.town, one.village, one.river, figure, company, one.trade, day, due
    )


class _Teller:
    """Tells one problem as one row."""

    def __init__(self, problem: _Problem, chance: random.Random, style: Style, *, first: bool) -> None:
        self._of, self._chance, self._style, self._first = problem, chance, style, first
        self._told = self._description()
        self._cells = (self._place(), self._source(), self._disclosed(), self._deadline(), self._unit())

    def row(self, known: str) -> Row:
        place, source, disclosed, deadline, unit = self._cells
        return Row(known, self._told, place, source, disclosed, deadline, unit)

    def _maybe(self, chance: float) -> bool:
        return self._chance.random() < chance

    def _names(self) -> tuple[str, str, str, str, str]:
        """Province, city, county, town and village, whole or short."""
        province, city, county, former = self._of.region
        town, village = self._of.town, self._of.village
        if not self._first and self._maybe(0.1):
            county = former
        if self._maybe(0.15 if self._first else 0.35):
            province, city = "", city if self._maybe(0.5) else ""
        if not self._first and self._maybe(0.25):
            town = town.removesuffix("街道").removesuffix("镇").removesuffix("乡")
        elif not self._first and town.endswith("街道") and self._maybe(0.4):
            town = town.removesuffix("道")
        if not self._first and self._maybe(0.25):
            village = village.removesuffix("村").removesuffix("社区")
        elif not self._first and self._maybe(0.1):
            village = village.removesuffix("村").removesuffix("社区") + "村委会"
        return province, "" if city == province else city, county, town, village

    def _place(self) -> str:
        province, city, county, town, village = self._names()
        return f"{province}{city}{county}{town}{village}"

    def _description(self) -> str:
        _, _, county, town, village = self._names()
        spoken = self._chance.choice((f"{town}{village}", f"{county}{town}{village}", f"{town}{village}", village))
        if self._style == "terse":
            spoken = village
        templates = [t for t in self._of.kind.templates if self._of.company or "{c}" not in t]
        told = self._chance.choice(templates).format(
            p=spoken,
            r=self._of.river if self._first or self._maybe(0.8) else "附近河道",
            q=self._figure(),
            c=self._company(),
        )
        told = self._chance.choice(_HEADS) + told + self._chance.choice(_TAILS)
        if not self._first:
            told = self._slip(told)
        return told

    def _company(self) -> str:
        brand, trade = self._of.company, self._of.trade
        city = self._of.region[1].removesuffix("市")
        if brand is None:
            return ""
        if trade in ("农庄", "酒店"):
            return brand + trade
        if self._first:
            return f"{city}{brand}{trade}有限公司"
        return self._chance.choice((f"{city}{brand}{trade}有限公司", f"{brand}{trade}有限责任公司", f"{brand}{trade}公司", f"{brand}公司", f"{brand}{trade}"))  # fmt: skip

    def _figure(self) -> str:
        value, unit = self._of.figure, self._of.kind.unit
        if value is None:
            return "若干" if self._style != "bare" else "一批"
        if self._first:
            return f"{value}{unit}"
        way = self._chance.randrange(9)
        if way == 0 and unit != "万立方米":
            return _spelled(value) + unit
        if way == 1 and unit == "米" and value % 10 == 0:
            return f"{value / 1000:g}公里"
        if way == 1 and unit == "毫米":
            return f"{value / 1000:g}米"
        if way == 2 and unit == "亩" and value % 3 == 0:
            return f"{value / 15:g}公顷"
        if way == 2 and unit == "吨" and value % 100 == 0:
            return f"{value / 10000:g}万吨"
        if way == 3:
            short = {"平方米": "㎡", "立方米": "方", "米": "m", "吨": "t", "吨/日": "m³/d", "毫米": "mm"}
            return f"{value}{short.get(unit, unit)}"
        if way == 4 and value >= 1000:
            return f"{value:,}{unit}"
        if way == 5:
            return f"{value}余{unit}"
        if way == 6 and self._maybe(0.3):
            return "较多"
        return f"{value}{unit}"

    def _slip(self, told: str) -> str:
        if self._maybe(0.15) and len(told) > 12:
            at = self._chance.randrange(4, len(told) - 4)
            told = self._chance.choice(
                (told[:at] + told[at + 1 :], told[:at] + told[at + 1] + told[at] + told[at + 2 :])
            )
        if self._maybe(0.12):
            told = told.translate(str.maketrans("污线环镇鱼", "汚線環鎮魚"))
        if self._maybe(0.1):
            told = told.translate(str.maketrans("0123456789，", "０１２３４５６７８９,"))
        if self._maybe(0.15) and "，" in told:
            clauses = told.rstrip("。").split("，")
            self._chance.shuffle(clauses)
            told = "，".join(clauses)
        return told

    def _source(self) -> str:
        return self._chance.choice(self._chance.choice(_SOURCES))

    def _disclosed(self) -> str:
        day = self._of.day
        if not self._first and self._maybe(0.35):
            day += timedelta(days=self._chance.randrange(1, 45))
        ways = [f"{day:%Y-%m-%d}", f"{day.year}年{day.month}月{day.day}日", f"{day.year}.{day.month}.{day.day}"]
        if not self._first or self._style in ("bare", "terse"):
            ways += [f"{day.year}年{day.month}月", f"{day:%Y-%m}", f"{day.year}.{day.month}"]
        if not self._first and self._maybe(0.08):
            return self._chance.choice(("", f"{day.year}年"))
        return self._chance.choice(ways)

    def _deadline(self) -> str:
        due = self._of.due
        if not self._first and self._maybe(0.2):
            # Another source sets another deadline.
            due = date(due.year + self._chance.choice((0, 1)), self._chance.choice((3, 6, 9, 12)), 28)
        if self._maybe(0.08):
            return self._chance.choice(("立行立改", "长期坚持", ""))
        return self._chance.choice((f"{due.year}年{due.month}月底前", f"{due:%Y-%m}", f"{due.year}.{due.month}", f"{due.year}年{due.month}月"))  # fmt: skip

    def _unit(self) -> str:
        office = self._chance.choice(self._of.kind.office)
        county = self._of.region[2]
        return self._chance.choice(
            (f"{county}{office}", office, f"{self._of.town}人民政府", f"{county}人民政府、{office}", "")
        )


def _spelled(value: int) -> str:
    """Number in Chinese numerals, as a clerk writes it: 二千零五十."""
    told, zero = "", False
    for scale, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, scale)
        if digit:
            told += ("零" if zero and told else "") + _DIGITS[digit] + word
        zero = not digit
    return told.removeprefix("一") if told.startswith("一十") else told
