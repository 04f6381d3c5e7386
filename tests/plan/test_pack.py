"""The district pack: its register reads whole, its plan keeps the facts of the draft and none of its sentences."""

from __future__ import annotations

import csv
import datetime as dt
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter

from anlan.foundation.calendars.calendar import national
from anlan.plan import pack
from anlan.settings import InputError

# Names that a retelling must repeat: documents, projects, places with a fixed name, quoted terms.
NAMES = (
    "2022年景德镇市昌江区推进长江经济带发展工作要点",
    "《江西省“十四五”长江经济带发展实施方案》",
    "《江西省化工园区认定管理办法(试行)》",
    "《“十四五”长江经济带发展规划实施方案》",
    "《江西省长江经济带发展负面清单实施细则(试行)》",
    "《中华人民共和国长江保护法》",
    "昌江流域沿线2022年农村生活污水处理项目",
    "重要生态系统保护和修复重大工程",
    "城市功能与品质提升三年行动计划",
    "昌景黄高铁",
    "206国道",
    "长江经济带绿色发展示范城市",
    "生态产品价值实现机制试点",
    "“3+1+X”特色产业",
    "“绿水青山就是金山银山”实践创新基地",
    "“中央统筹、省负总责、市县抓落实”",
    "“政府引导、市场化运作、多元化投融资”",
)
LONGEST_RUN = 12
ITEM = re.compile(r"^(\d+)\.(.*)$", re.MULTILINE)
DUTY_BRACKET = re.compile(r"\((区(?:[^()]|\([^()]*\))*|市自然(?:[^()]|\([^()]*\))*)\)")


@pytest.fixture(scope="module")
def district() -> pack.Pack:
    return pack.load("changjiang")


@pytest.fixture(scope="module")
def plan(district: pack.Pack) -> str:
    return district.plan.path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def seed(shared: Path) -> str:
    return (shared / "corpus/plans/00-changjiang-2022.txt").read_text(encoding="utf-8")


def items(text: str) -> dict[str, str]:
    return dict(ITEM.findall(text))


def common_runs(ours: str, theirs: str, names: list[str], longest: int) -> list[str]:
    """Runs of more than `longest` characters that stand in both texts once white space and names are out."""
    ours, theirs = re.sub(r"\s", "", ours), re.sub(r"\s", "", theirs)
    for name in sorted(names, key=len, reverse=True):
        # Different marks on either side, so that no run reaches across a name.
        ours, theirs = ours.replace(name, "\0"), theirs.replace(name, "\1")
    length = longest + 1
    windows = {theirs[i : i + length] for i in range(len(theirs) - length + 1)}
    return [ours[i : i + length] for i in range(len(ours) - length + 1) if ours[i : i + length] in windows]


def refused(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        pack.load_organs(path)
    assert all(problem.zh and problem.en for problem in caught.value.problems)
    return [problem.en for problem in caught.value.problems]


def test_the_retold_plan_repeats_no_sentence_of_the_published_draft(plan: str, seed: str, district: pack.Pack) -> None:
    names = [*NAMES, *(name for organ in district.organs for name in organ.names)]
    assert common_runs(plan, seed, names, LONGEST_RUN) == []


def test_a_copied_sentence_would_be_found(plan: str) -> None:
    sentence = items(plan)["7"].split("。")[1]
    assert common_runs(plan, f"前文。{sentence}。后文", [], LONGEST_RUN) != []
    assert common_runs("甲乙丙丁", "甲乙丙", [], 3) == []
    assert common_runs("甲乙丙丁", "甲乙丙丁戊", [], 3) == ["甲乙丙丁"]


def test_the_allowance_holds_names_and_no_sentences() -> None:
    assert all(len(name) <= 25 and not set("。,，;；") & set(name) for name in NAMES)


def test_every_item_keeps_the_owners_as_printed(plan: str, seed: str) -> None:
    ours, theirs = items(plan), items(seed)
    assert list(ours) == list(theirs) == [str(n) for n in range(1, 31)]
    for number in ours:
        assert DUTY_BRACKET.findall(ours[number]) == DUTY_BRACKET.findall(theirs[number]), number
    # 27 items end in a bracket, item 15 holds a second one.
    assert sum(len(DUTY_BRACKET.findall(text)) for text in ours.values()) == 28


def test_the_plan_keeps_the_structure_six_chapters_and_three_sections(plan: str) -> None:
    chapters = re.findall(r"^([一二三四五六七])、.+$", plan, re.MULTILINE)
    assert "".join(chapters) == "一二三四五六"
    second = plan[plan.index("\n二、") : plan.index("\n三、")]
    assert re.findall(r"^\((.)\)", second, re.MULTILINE) == ["一", "二", "三"]
    assert [n for n, _ in ITEM.findall(second)] == [str(n) for n in range(4, 16)]


def test_the_plan_keeps_every_figure_and_date(plan: str, shared: Path) -> None:
    with (shared / "reference/seed-figures.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["unit"] in {"t/d", "m", "座", "m3", "m2", "%"}]
    assert len(rows) == 11
    for row in rows:
        unit = {"t/d": "吨/天", "m": "米"}.get(row["unit"], row["unit"])
        assert row["value"] + unit in items(plan)[row["row_or_item"]], row["id"]
    # 60,500 mu are printed in ten thousands.
    assert "6.05万亩" in items(plan)["8"]
    assert "2022年9月底前" in items(plan)["4"]


# What the published draft has wrong, by its number in the list of defects: where, and the words that carry it.
DEFECTS = {
    "A01 the opinion period ends before it begins": ("notice", ["2022-05-06", "2022年4月19日前"]),
    "A02 the draft has two names": ("notice", ["(征求意见稿)", "(意见征求稿)"]),
    "A03 (一) has no (二)": ("notice", ["\n(一)以电子邮件反馈。"]),
    "A04 ended without a result": ("all", ["【已结束】", "暂无征集结果"]),
    "A05 two pipes of one length": ("4", ["DN110mm的入户管14550米", "DN300mm的污水干管14550米"]),
    "A06 a diameter that no standard has": ("4", ["DN220的"]),
    "A07 720 t/d on 720 m2": ("4", ["720吨/天", "720m2"]),
    "A08 millimetres printed twice of three times": ("4", ["DN300mm", "DN220的", "DN110mm"]),
    "A09 4+1 announced, three held": ("all", ["“4+1”工程"]),
    "A10 one unit, right": ("5", ["区重点项目推进中心"]),
    "A10 one unit, words turned round": ("13", ["区重点推进项目中心"]),
    "A11 one unit, first slip": ("15", ["市自然资源局规划局昌江分局"]),
    "A11 one unit, second slip": ("25", ["市自然资源局规划和昌江分局"]),
    "A12 a unit that may be another": ("18", ["区国资公司"]),
    "A13 one 办 too many": ("28", ["区长江办领导小组办公室"]),
    "A15 cooperating units without names": ("10", ["区直有关单位配合"]),
    "A16 a stray bracket and two duty sets": ("15", ["负责))", "区住建局负责)"]),
    "A17 保持 twice": ("18", ["保持R&D经费占GDP的比重保持2%以上"]),
    "A18 a sentence that breaks off": ("11", ["扶持等等实施"]),
    "A19 reservoirs with a rule for power stations": ("15", ["小水库", "“一站一策”"]),
    "A20 banks without a name": ("29", ["同各行等金融机构"]),
    "A21 two chapters on one theme": ("all", ["\n三、筑牢基础支撑,助推绿色低碳高质量发展", "\n四、加快绿色高质量发展"]),
    "A22 a word is missing": ("20", ["不断提园区治污水平"]),
    "A23 a unit that a reform has moved": ("24", ["区乡村振兴局"]),
    "A24 a trial rule without its year": ("26", ["《江西省长江经济带发展负面清单实施细则(试行)》"]),
    "A25 a contact, left empty": ("notice", ["联系人及电话:(从略)"]),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_the_plan_keeps_the_defects_of_the_draft(plan: str, defect: str) -> None:
    where, words = DEFECTS[defect]
    places = {"notice": plan[: plan.index("\n一、")], "all": plan, **items(plan)}
    assert [word for word in words if word not in places[where]] == []


def test_the_list_of_defects_is_complete(plan: str, shared: Path) -> None:
    with (shared / "reference/seed-anomalies.csv").open(encoding="utf-8-sig", newline="") as file:
        wanted = {row["id"] for row in csv.DictReader(file)}
    # A14 is an absence: items 28 to 30 have no bracket.
    assert wanted - {defect[:3] for defect in DEFECTS} == {"A14"}
    assert [n for n, text in items(plan).items() if not DUTY_BRACKET.search(text)] == ["28", "29", "30"]
    cooperating = {n for n, text in items(plan).items() if re.search("区直有关(单位|部门)配合", text)}
    assert cooperating == {"3", "10", "11", "16", "17", "18", "21", "22"}


def test_the_chapter_on_pollution_announces_more_parts_than_it_holds(plan: str) -> None:
    section = plan[plan.index("“4+1”工程") : plan.index("\n(二)")]
    # 4 + 1 = 5 parts announced, 3 items held.
    assert len(ITEM.findall(section)) == 3


def test_the_sample_plan_says_in_its_first_line_that_it_is_sample_data(plan: str, district: pack.Pack) -> None:
    assert plan.startswith("（示例数据：")
    assert district.plan.sample
    assert district.plan.year == district.default_year == 2022


def test_the_plan_names_no_person_and_no_number_to_call(plan: str) -> None:
    assert re.findall(r"1[3-9]\d{9}|\d{3,4}-\d{7,8}|\S+@\S+", plan) == []
    assert "\n联系人及电话:(从略)\n" in plan


def test_only_the_unit_that_a_clerk_must_confirm_is_missing_from_the_register(plan: str, district: pack.Pack) -> None:
    known = {name for organ in district.organs for name in organ.names}
    printed = {
        re.sub("(负责|配合)$", "", name)
        for text in items(plan).values()
        for bracket in DUTY_BRACKET.findall(text)
        for name in re.split("[、,]", bracket)
    }
    assert printed - known == {"区国资公司"}


def test_the_register_agrees_with_the_reference_list_of_organs(district: pack.Pack, shared: Path) -> None:
    reference = {organ.id: organ for organ in pack.load_organs(shared / "reference/organs.csv")}
    ours = {organ.id: organ for organ in district.organs}
    assert reference.keys() - ours.keys() == {"gzgs"}
    for organ in ours.values():
        other = reference[organ.id]
        assert organ.short == other.short
        assert set(other.aliases) <= set(organ.names), organ.short
        assert organ.is_group == other.is_group


def test_the_divisions_are_those_of_the_district(district: pack.Pack) -> None:
    townships = [d for d in district.divisions if len(d.code) == 9]
    assert len(townships) == 10
    assert all(d.code.startswith(district.region_code) for d in townships)
    assert [d.name for d in district.divisions if d.kind in {"street", "town", "township"}] == [
        *("西郊街道", "新枫街道", "吕蒙街道", "鲇鱼山镇", "丽阳镇", "荷塘乡")
    ]


def test_an_unknown_pack_is_refused_with_the_packs_there_are() -> None:
    with pytest.raises(InputError, match="there is no pack named fuliang; there are: changjiang"):
        pack.load("fuliang")


def test_a_pack_of_ones_own_is_a_folder_written_with_a_slash(tmp_path: Path, district: pack.Pack) -> None:
    shutil.copytree(district.folder, tmp_path, dirs_exist_ok=True)
    assert pack.load(f"{tmp_path}/").organs == district.organs
    with pytest.raises(InputError, match=r"holds no pack\.toml"):
        pack.load(f"{tmp_path}/nothing")


def test_a_pack_with_a_wrong_spec_lists_all_that_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text('region_code = 360202\n[name]\nzh = "甲区"\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        pack.load(str(tmp_path))
    said = caught.value.speak("en").splitlines()
    # name.en, region_code, default_year, two files, plan.file, plan.year, plan.sample
    assert len(said) == 8
    assert "pack.toml: region_code must be a text" in said
    assert "pack.toml 的 plan.sample 应为 true 或 false" in caught.value.speak("zh")


def test_the_packs_are_found_from_any_folder(tmp_path: Path) -> None:
    code = "from anlan.plan import pack; print(len(pack.load('changjiang').organs))"
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout == "29\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_register_is_read_in_the_encodings_that_offices_use(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes("简称,全称,别名\n区水利局,甲区水利局,水利局；区水务局\n".encode(encoding))
    assert pack.load_organs(path) == (
        pack.Organ("区水利局", "区水利局", "甲区水利局", "", ("水利局", "区水务局"), is_group=False),
    )


@pytest.mark.parametrize("header", ["简称\t全称\t类别", "short;full_name;kind", "Short Name,单位全称,类型"])
def test_columns_go_by_chinese_and_english_names_and_any_common_separator(tmp_path: Path, header: str) -> None:
    path = tmp_path / "units.csv"
    mark = next(mark for mark in "\t;," if mark in header)
    path.write_text(f"{header}\n{mark.join(['各乡镇', '', '集合'])}\n", encoding="utf-8")
    (organ,) = pack.load_organs(path)
    assert (organ.short, organ.full, organ.is_group) == ("各乡镇", "", True)


def test_an_excel_register_below_a_title_row_is_read_whatever_the_file_is_called(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("说明").write(0, 0, "本表由办公室维护")
    sheet = book.add_worksheet("名录")
    for row, cells in enumerate([["单位名录"], [], ["编号", "简称", "误写"], [7, "区法院", "区人民法院院"]], start=2):
        sheet.write_row(row, 0, cells)
    book.close()
    (organ,) = pack.load_organs(path)
    assert organ == pack.Organ("7", "区法院", "", "", ("区人民法院院",), is_group=False, misprints=("区人民法院院",))


def test_a_register_with_errors_names_all_of_them_with_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text(
        "编号,简称,别名,是否集合\n1,区水利局,区水务局,\n1,区林业局,,也许\n3,,,\n4,区城管局,区水务局,否\n",
        encoding="utf-8",
    )
    assert refused(path) == [
        "units.csv row 3: group “也许”: must be yes or no",
        "units.csv row 3: id 1 is that of row 2 as well",
        "units.csv row 4: neither a short nor a full name",
        "units.csv row 5: the name “区水务局” already belongs to 区水利局 in row 2",
    ]


@pytest.mark.parametrize(
    "content, said",
    [
        (b"", "hold no header"),
        ("电话,地址\n1,2\n".encode(), "a column named short or full is needed"),
        ("简称,单位\n甲局,乙局\n".encode(), "two columns are both 简称"),
        ("简称\n".encode(), "there is no unit below the header"),
        (b"\xff\x00\xff\x81\x20", "is neither Excel nor text"),
        (b"PK\x03\x04broken", "is no Excel file that can be read"),
        (b"\xd0\xcf\x11\xe0broken", "is no Excel file that can be read"),
    ],
)
def test_a_file_that_is_no_register_is_refused_with_the_reason(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(content)
    (problem,) = refused(path)
    assert said in problem


def test_a_register_that_is_missing_a_folder_or_too_large_is_refused(tmp_path: Path) -> None:
    assert "cannot read" in refused(tmp_path / "absent.csv")[0]
    assert "cannot read" in refused(tmp_path)[0]
    path = tmp_path / "units.csv"
    path.write_text("简称\n区水利局\n", encoding="utf-8")
    # 6 + 1 + 12 + 1 bytes = 20: the limit itself is still read.
    assert len(pack.load_organs(path, max_bytes=20)) == 1
    with pytest.raises(InputError, match="is larger than"):
        pack.load_organs(path, max_bytes=19)


def test_divisions_with_errors_name_all_of_them_with_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "divisions.csv"
    path.write_text("代码,名称\n36,江西省\n36,江西省\n36020,甲\n360299001,\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        pack.load_divisions(path)
    assert [problem.en for problem in caught.value.problems] == [
        "divisions.csv row 3: code 36 is there twice",
        "divisions.csv row 4: code “36020”: must have 2, 4, 6 or 9 digits",
        "divisions.csv row 5: code 360299001 stands under no other",
        "divisions.csv row 5: there is no name",
    ]


def test_a_districts_own_days_lie_over_the_national_calendar(tmp_path: Path) -> None:
    path = tmp_path / "calendar.csv"
    path.write_text("date,kind,holiday,notice_year\n2026-06-12,off,区庆,2026\n", encoding="utf-8")
    assert national().is_workday(dt.date(2026, 6, 12))
    assert not pack.load_calendar(path).is_workday(dt.date(2026, 6, 12))


def test_a_wrong_day_of_the_districts_calendar_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "calendar.csv"
    path.write_text("date,kind,holiday,notice_year\n2026-02-30,off,区庆,2026\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"calendar\.csv: line 2"):
        pack.load_calendar(path)
