"""Places in cells and in running text."""

from __future__ import annotations

import pytest

from anlan.ledger.reading.places import Towns, find, parse, towns_in_units


@pytest.mark.parametrize(
    "text, place",
    [
        ("湖北省荆州市石首市仙坝街道下口村", "湖北省荆州市石首市仙坝街道下口村"),
        ("大冶市大滩镇黄山村", "大冶市大滩镇黄山村"),
        ("景德镇市昌江区鲇鱼山镇", "景德镇市昌江区鲇鱼山镇"),
        ("新枫街道办事处", "新枫街道"),
        ("稻香社区菜市场", "稻香社区"),
        ("全区", ""),
    ],
)
def test_a_place_by_itself_is_taken_from_its_beginning(text: str, place: str) -> None:
    assert parse(text).text == place


@pytest.mark.parametrize(
    "text, town, village",
    [
        ("大冶湖梅坝乡梅埠社区段岸边堆有垃圾", "梅坝乡", "梅埠社区"),
        ("龙开河岸线太田乡大陂组段880米被违法占用", "太田乡", "大陂组"),
        ("上饶鑫富建材有限公司在清垄乡下冲村违规占用岸线", "清垄乡", "下冲村"),
        ("经查，永港乡湖港村污水管网破损", "永港乡", "湖港村"),
        ("鹅湖镇污水厂停运", "鹅湖镇", None),
        # A city that is called a town, a bureau that names both town and village.
        ("景德镇富信纸业有限公司废水超标", None, None),
        ("市住房和城乡建设局未按期完成", None, None),
        ("农村生活垃圾随意堆放，各乡镇均有", None, None),
        ("下湾村三组沟渠淤塞", None, "下湾村"),
    ],
)
def test_a_town_in_running_text_begins_where_something_else_ends(
    text: str, town: str | None, village: str | None
) -> None:
    found = find(text)
    assert (found.town, found.village) == (town, village)


def test_a_known_town_is_found_without_its_kind() -> None:
    known = Towns(["桃桥街道", "金林镇"])
    assert find("公安桃桥街仙亭组河岸倾倒垃圾", known).text.endswith("桃桥街道仙亭组")
    assert find("公安县金林兴渡", known).town == "金林镇"
    # Two towns of one short name name neither.
    assert find("大桥倒塌", Towns(["大桥镇", "大桥乡"])).town is None


def test_towns_are_told_from_bureaus_among_units() -> None:
    assert towns_in_units("上港镇、九江市柴桑区住房和城乡建设局") == ["上港镇"]
    assert towns_in_units("大林街道人民政府；县农业农村局") == ["大林街道"]
    assert towns_in_units("各乡镇") == []
