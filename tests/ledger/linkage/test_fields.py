"""Each field read from the ways in which clerks write it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.ledger.linkage import Row, amounts, kinds, moments, names
from anlan.ledger.linkage.divisions import short
from anlan.ledger.linkage.facts import Reader
from anlan.ledger.linkage.folding import fold, sentence
from anlan.ledger.linkage.places import Gazetteer


@pytest.mark.parametrize(
    ("written", "value", "dimension"),
    [
        ("管网破损2280米", 2280, "m"),
        ("管网破损2.28公里", 2280, "m"),
        ("管网破损二千二百八十m", 2280, "m"),
        ("管网破损2,280余米", 2280, "m"),
        ("约0.15万米老化", 1500, "m"),
        ("管径1070毫米", Fraction(107, 100), "m"),
        ("排口DN800", Fraction(8, 10), "m"),
        ("鱼塘15亩", 10000, "m2"),
        ("鱼塘1公顷", 10000, "m2"),
        ("堆场500㎡", 500, "m2"),
        ("垃圾130方", 130, "m3"),
        ("库容30万立方米", 300000, "m3"),
        ("固废3200吨", 3200000, "kg"),
        ("固废0.32万吨", 3200000, "kg"),
        ("每天120吨/日", 120, "m3/d"),
        ("每天120m³/d", 120, "m3/d"),
        ("存栏二千九百三十头", 2930, "头"),
        ("超标七倍", 7, "倍"),
        ("超标7倍", 7, "倍"),
        # Two clauses changed places at the comma of 4,110.
        ("110m2,未批先建4,码头占用岸线", 4110, "m2"),
    ],
)
def test_an_amount_is_the_same_however_it_is_written(written: str, value: object, dimension: str) -> None:
    assert [(a.value, a.dimension) for a in amounts.find(fold(written))] == [(value, dimension)]


@pytest.mark.parametrize(
    "written", ["三桥社区污水直排", "2022年5月6日检查", "四方村岸线", "发现排口一处", "两家企业", "2021年被通报"]
)
def test_names_dates_and_single_things_are_no_amounts(written: str) -> None:
    assert amounts.find(fold(written)) == ()


def test_a_distance_is_marked_as_one() -> None:
    found = amounts.find("尾矿库距信江不足3公里,库容120万立方米")
    assert [(str(a.value), a.aside) for a in found] == [("3000", True), ("1200000", False)]


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2022年5月6日", "2022-05-06", "2022-05-06"),
        ("2022.5.6", "2022-05-06", "2022-05-06"),
        ("2022/5/6", "2022-05-06", "2022-05-06"),
        ("20220506", "2022-05-06", "2022-05-06"),
        ("22年5月6日", "2022-05-06", "2022-05-06"),
        ("二〇二二年五月六日", "2022-05-06", "2022-05-06"),
        ("二○二二年十月二十三日", "2022-10-23", "2022-10-23"),
        ("44687", "2022-05-06", "2022-05-06"),
        ("2022年5月", "2022-05-01", "2022-05-31"),
        ("2022-05", "2022-05-01", "2022-05-31"),
        ("2022年2月底前完成", "2022-02-01", "2022-02-28"),
        ("2022年5月上旬", "2022-05-01", "2022-05-10"),
        ("2022年5月下旬", "2022-05-21", "2022-05-31"),
        ("2023年上半年", "2023-01-01", "2023-06-30"),
        ("2023年第三季度", "2023-07-01", "2023-09-30"),
        ("2023年底前", "2023-12-01", "2023-12-31"),
        ("2022年", "2022-01-01", "2022-12-31"),
        # Of an extension the later date counts.
        ("原定2021年12月，延期至2022年6月", "2022-06-01", "2022-06-30"),
        # No such day: the month is what is left of it.
        ("2022年2月30日", "2022-02-01", "2022-02-28"),
    ],
)
def test_a_date_is_as_wide_as_it_is_known(written: str, first: str, last: str) -> None:
    found = moments.span(written)
    assert found is not None
    assert str(found) == (first if first == last else f"{first}～{last}")


@pytest.mark.parametrize("written", ["长期坚持", "立行立改", "", "尽快", "12345"])
def test_what_is_no_date_gives_none(written: str) -> None:
    assert moments.span(written) is None


def places(*written: str) -> list[tuple[str, str, str]]:
    gazetteer = Gazetteer()
    gazetteer.learn(map(fold, written))
    return [(p.county, p.town, p.village) for p in (gazetteer.read(fold(one)) for one in written)]


def test_a_place_is_the_same_whole_and_short() -> None:
    found = places(
        "湖北省宜昌市宜都市三田乡竹湾村",
        "宜昌宜都市三田乡竹湾",
        "宜都三田竹湾村",
        "宜都市三田乡竹湾村委会",
        "宜都市三田乡竹湾村附近",
    )
    assert set(found) == {("宜都", "三田", "竹湾")}


def test_a_county_under_its_former_name_is_the_one_of_today() -> None:
    assert set(places("九江市九江县港口镇茶岭村", "江西省九江市柴桑区港口镇茶岭村")) == {("柴桑", "港口", "茶岭")}


def test_a_county_that_only_changed_its_rank_needs_no_entry() -> None:
    assert set(places("荆州市监利县容城镇华新村", "监利市容城镇华新村")) == {("监利", "容城", "华新")}


def test_a_town_named_like_a_county_is_a_town() -> None:
    # 永安 is a city of Fujian, too.
    assert places("昌江区永安乡石桥村", "永安乡石桥村") == [("昌江", "永安", "石桥"), ("", "永安", "石桥")]


def test_a_zone_that_no_list_knows_is_learned_from_the_ledger() -> None:
    found = places("江西省南昌市赣湖新区青云镇柏林村", "南昌市赣湖新区青云镇柏林村", "赣湖青云柏林村")
    assert {town + village for _, town, village in found} == {"青云柏林"}
    assert len({county for county, _, _ in found}) == 1


def test_a_group_of_a_village_is_finer_than_the_village() -> None:
    gazetteer = Gazetteer()
    found = gazetteer.read("清亭镇梅亭村三组")
    assert (found.town, found.village, found.spot) == ("清亭", "梅亭", "三组")


def test_a_missing_place_is_taken_from_the_description_and_the_units() -> None:
    rows = [
        Row("a", "太口乡丰陂村生活污水直排乐安河", unit="乐平市住房和城乡建设局"),
        Row("b", "管网破损", place="乐平市太口乡丰陂村"),
    ]
    read = Reader(rows)
    place = read.read(rows[0]).place
    assert (place.county, place.town, place.village) == ("乐平", "太口", "丰陂")


@pytest.mark.parametrize(
    ("text", "brand", "trade"),
    [
        ("岸线被咸宁源中建材有限公司侵占", "源中", "建材"),
        ("九江永昌陶瓷有限责任公司废水超标", "永昌", "陶瓷"),
        # A city's name that is a brand here.
        ("咸宁泰安水泥有限公司", "泰安", "水泥"),
        ("原业主三友公司", "三友", ""),
        ("安天公司码头未拆除", "安天", ""),
        ("金恒再生资源在下埠村堆存固废", "金恒", "再生资源"),
        # Slips in the legal form.
        ("润天港务有公限司占用岸线", "润天", "港务"),
        ("瑞祥新材料有限司厂房", "瑞祥", "新材料"),
    ],
)
def test_a_company_is_known_by_its_brand_and_trade(text: str, brand: str, trade: str) -> None:
    assert [(c.brand, c.trade) for c in names.companies_of(text)] == [(brand, trade)]


@pytest.mark.parametrize(
    "text", ["规模养殖粪污直排", "投肥养殖1920亩", "水产养殖尾水", "多家企业未办手续", "该公司拒不整改"]
)
def test_a_trade_alone_is_no_company(text: str) -> None:
    assert names.companies_of(text) == ()


def test_waters_are_found_where_only_a_water_can_stand_and_then_everywhere() -> None:
    texts = ["污水直排沮漳河", "尾水排入沮漳河", "村旁沮漳河水色异常"]
    waters = names.Waters(texts)
    assert [sorted(waters.find(text, names.waters_of(text))) for text in texts] == [["沮漳河"]] * 3
    assert names.waters_of("粪污直排附近河流") == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("集镇污水收集不到位,污水散排至秋浦河", "sewage"),
        ("雨污混流,问题管段230米", "pipe"),
        ("沟渠返黑返臭", "black_water"),
        ("私设暗管", "outfall"),
        ("总磷超标3倍", "exceedance"),
        ("侵占岸线230米", "shore"),
        ("偷采河沙", "sand"),
        ("河滩倾倒垃圾", "garbage"),
        ("磷石膏露天堆放", "solid_waste"),
        ("尾矿库未闭库", "tailings"),
        ("猪场存栏生猪1200头", "livestock"),
        ("精养鱼塘尾水直排", "aquaculture"),
        ("化肥农药过量施用", "farming"),
        ("水源地一级保护区内建有房屋", "source"),
        ("散货码头扬尘", "wharf"),
        ("小水电站未下泄生态流量", "flow"),
        ("电鱼", "fishing"),
    ],
)
def test_a_kind_is_told_by_its_words(text: str, code: str) -> None:
    assert code in kinds.kinds_of(text)


def test_the_kinds_near_to_a_kind_exist() -> None:
    table = kinds.kinds()
    assert {near for kind in table.values() for near in kind.near} <= set(table)


@pytest.mark.parametrize(
    ("written", "code", "year"),
    [
        ("国家长江经济带生态环境警示片", "nation_film", 0),
        ("省警示片", "province_film", 0),
        ("2021年中央生态环境保护督察", "nation_inspection", 2021),
        ("第二轮中央督察", "nation_inspection", 0),
        ("省环保督察", "province_inspection", 0),
        ("12345热线", "petition", 0),
        ("河长制巡河", "river_chief", 0),
    ],
)
def test_a_source_is_known_under_its_names(written: str, code: str, year: int) -> None:
    source = kinds.source_of(fold(written))
    assert source is not None
    assert (source.code, source.year) == (code, year)


def test_item_numbers_and_labels_are_no_part_of_a_description() -> None:
    for before in ("1.", "（一）", "反馈问题：", "问题：", "3、"):
        assert sentence(before + "昌江岸线被占用") == "昌江岸线被占用"


def test_a_short_name_keeps_two_characters() -> None:
    assert [short(name) for name in ("郧县", "湖口县", "长阳土家族自治县", "重庆市")] == [
        "郧县",
        "湖口",
        "长阳",
        "重庆",
    ]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=7, max_size=7))
def test_any_cells_are_read(cells: list[str]) -> None:
    row = Row("x", *cells[:6])
    facts = Reader([row, row]).read(row)
    assert facts.row is row


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet="0123456789,.一二三十百千万亿零余约米公里亩吨/日天m方年月-第段镇乡村河有限公司被在", max_size=60)
)
def test_any_text_of_the_trade_is_read(text: str) -> None:
    Reader([Row("x", text, text, text, text, text, text)]).read(Row("x", text, text, text, text, text, text))
