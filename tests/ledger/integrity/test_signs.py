"""Each sign: where it is seen, where it is not, and that it says what was seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from anlan.foundation.geo.systems import Point, convert
from anlan.ledger.integrity import Case, Examination, Photo, Sign, table
from anlan.ledger.integrity.cases import (
    Answer,
    Disclosure,
    Event,
    Evidence,
    Petition,
    Place,
    Reading,
    Receipt,
    Report,
)

D = dt.date
AT = dt.datetime
CHINA = dt.timezone(dt.timedelta(hours=8))
# Approved on 1 March, called done on 30 June, closed on 1 August 2025.
COURSE = (
    Event("planned", D(2025, 3, 1), "长江办", "甲"),
    Event("self_done", D(2025, 6, 30), "住建局", "乙"),
    Event("accepted", D(2025, 7, 10), "环保局", "丙"),
    Event("closed", D(2025, 8, 1), "长江办", "甲"),
)
JUNE = D(2025, 6, 1)
HERE = Place(117.18, 29.27)
SHA, OTHER_SHA = "a" * 64, "b" * 64
LONG = "已组织施工单位进场，完成现场踏勘和方案设计，正在办理施工许可手续，预计下月完成管网铺设2280米。"


def case(id: str = "Q1", **fields: Any) -> Case:
    return Case(id, **{"events": COURSE, **fields})


def seen(one: Case, *others: Case) -> dict[str, list[Sign]]:
    """Signs of the first case by id."""
    found: dict[str, list[Sign]] = {}
    for sign in Examination([one, *others]).of(one).signs:
        found.setdefault(sign.rule.id, []).append(sign)
    return found


def said(one: Case, id: str, *others: Case) -> str:
    """What was seen by one sign, in Chinese."""
    return "；".join(words.zh for sign in seen(one, *others).get(id, ()) for words in sign.seen)


def photo(id: str = "p", **fields: Any) -> Photo:
    return Photo(id, **{"role": "after", "taken": AT(2025, 6, 20, 10, tzinfo=CHINA), **fields})


def readings(values: list[str], first: D = JUNE, every: int = 1, **fields: Any) -> tuple[Reading, ...]:
    return tuple(
        Reading(first + dt.timedelta(days=every * n), "氨氮", Decimal(value), **fields)
        for n, value in enumerate(values)
    )


def test_nothing_is_seen_where_nothing_is_wrong() -> None:
    clean = case(
        text="吕蒙街道管网2280米错接，污水直排",
        place_name="吕蒙街道",
        place=HERE,
        goal_approved="新建管网2.28公里，水质达到Ⅲ类",
        goal_claimed="新建管网2280米，水质Ⅲ类",
        measures=("吕蒙街道新建管网2280米，污水接入管网",),
        deadline=D(2025, 7, 31),
        responsible=("住建局",),
        verifier=("环保局",),
        photos=(photo(sha256=SHA, place=HERE),),
        reports=(
            Report("r1", D(2025, 4, 30), LONG, Decimal(40)),
            Report("r2", D(2025, 6, 30), "全部完工，已通水。", Decimal(100)),
        ),
        readings=readings(["0.8", "0.7"], limit=Decimal(1)),
        receipts=(Receipt("f", "1", D(2025, 5, 1)),),
        evidence=(Evidence("e", "竣工图", D(2025, 6, 20), 1),),
    )
    assert seen(clean) == {}


# K01 --------------------------------------------------------------------------------------------------------------


def test_k01_equal_readings_in_a_row() -> None:
    assert "连续 24 个读数都是 0.51" in said(case(readings=readings(["0.51"] * 24)), "K01")
    assert "K01" not in seen(case(readings=readings(["0.51"] * 23 + ["0.52"])))


def test_k01_whole_numbers_where_there_were_decimals() -> None:
    early, late = [f"{n % 7}.{1 + n % 9}" for n in range(30)], [str(n % 5) for n in range(30)]
    assert "后半段 100% 为整数，前半段为 0%" in said(case(readings=readings(early + late)), "K01")
    assert "K01" not in seen(case(readings=readings(late + late)))


def test_k01_missing_days_of_a_daily_series_and_not_of_a_weekly_one() -> None:
    # 20 days, then 15 missing, then 10: 15 of 45 days are a third.
    daily = readings([f"0.{n + 10}" for n in range(20)]) + readings([f"0.{n + 40}" for n in range(10)], D(2025, 7, 6))
    assert "在 45 天里缺 15 天" in said(case(readings=daily), "K01")
    assert "K01" not in seen(case(readings=readings([f"0.{n + 10}" for n in range(20)], every=7)))


def test_k01_discharge_against_power() -> None:
    days = [D(2025, 5, 1) + dt.timedelta(days=n) for n in range(30)]
    power = {day: Decimal(100 + 3 * n) for n, day in enumerate(days)}
    against = {day: Decimal(200 - 2 * n) for n, day in enumerate(days)}
    assert "秩相关 -1.00" in said(case(power_kwh=power, discharge=against), "K01")
    assert "K01" not in seen(case(power_kwh=power, discharge=power))


# K02 --------------------------------------------------------------------------------------------------------------


def test_k02_stopped_for_the_visit_and_back_afterwards() -> None:
    visit = D(2025, 6, 15)

    def power(low: int, after: int) -> dict[D, Decimal]:
        return {
            visit + dt.timedelta(days=n): Decimal(low if -7 <= n <= 7 else after if n > 7 else 100)
            for n in range(-37, 22)
        }

    assert "2025-06-15 检查前后日均用电量 20，此前 100，之后 95" in said(case(power_kwh=power(20, 95), inspections=(visit,)), "K02")  # fmt: skip
    # Stays low: it closed down for good, which is no show.
    assert "K02" not in seen(case(power_kwh=power(20, 20), inspections=(visit,)))
    assert "K02" not in seen(case(power_kwh=power(90, 95), inspections=(visit,)))


# K03 --------------------------------------------------------------------------------------------------------------


def test_k03_evidence_later_than_the_own_check() -> None:
    assert "拍于 2025-07-02 09:30，晚于自验 2025-06-30" in said(
        case(photos=(photo(taken=AT(2025, 7, 2, 9, 30)),)), "K03"
    )
    assert "K03" not in seen(case(photos=(photo(taken=AT(2025, 6, 30, 23, 59)),)))
    assert "形成于 2025-07-05" in said(case(evidence=(Evidence("e", "施工记录", D(2025, 7, 5)),)), "K03")
    assert "K03" not in seen(case(evidence=(Evidence("e", "验收报告", D(2025, 7, 5)),)))
    assert "晚于自验" in said(case(receipts=(Receipt("f", "1", D(2025, 7, 5), "transfer"),)), "K03")


def test_k03_a_moment_in_another_zone_is_that_day_here() -> None:
    # 17:00 UTC on 30 June is 01:00 on 1 July here.
    late = photo(taken=AT(2025, 6, 30, 17, tzinfo=dt.UTC))
    assert "拍于 2025-07-01 01:00" in said(case(photos=(late,)), "K03")


# K04, P01 to P08 ---------------------------------------------------------------------------------------------------


def test_k04_the_same_file_for_another_problem_or_another_report() -> None:
    one = case(photos=(photo("p", sha256=SHA),))
    assert "与问题 Q2 的照片 x：文件完全相同" in said(one, "K04", case("Q2", photos=(photo("x", sha256=SHA),)))
    # Who used it first is asked nothing.
    first_there = photo("x", sha256=SHA, taken=AT(2025, 6, 21, 9, tzinfo=CHINA))
    assert "K04" not in seen(one, case("Q2", photos=(first_there,)))
    assert "K04" not in seen(one, case("Q2", photos=(photo("x", sha256=OTHER_SHA),)))
    first, second = photo("p", sha256=SHA, report="r1", handed_in=D(2025, 5, 1)), photo("q", sha256=SHA, report="r2", handed_in=D(2025, 6, 1))  # fmt: skip
    [sign] = seen(case(photos=(first, second)))["K04"]
    # Told once, at the later one.
    assert sign.objects == ("q", "p")
    assert "K04" not in seen(case(photos=(first, replace(second, report="r1"))))


@pytest.mark.parametrize(("bits", "hit"), [(0, True), (6, True), (7, False)])
def test_k04_perceptual_hashes_of_other_programs_within_six_bits(bits: int, hit: bool) -> None:
    value = 0x0123456789ABCDEF
    # One bit turned in each of the parts of 16, and so on round: the worst that the search must stand.
    turned = value
    for n in range(bits):
        turned ^= 1 << (16 * (n % 4) + n)
    one = case(photos=(photo("p", phash=f"{value:016x}"),))
    assert ("K04" in seen(one, case("Q2", photos=(photo("x", phash=f"{turned:016X}"),)))) is hit


def test_p01_far_from_the_place_in_every_system() -> None:
    # 0.005° of latitude are 554 m.
    far = Place(117.18, 29.275)
    assert "距点位 554 米" in said(case(place=HERE, photos=(photo(place=far),)), "P01")
    assert "P01" not in seen(case(place=HERE, photos=(photo(place=Place(117.18, 29.2715)),)))
    # The receiver itself said that it may be 400 m off.
    assert "P01" not in seen(case(place=HERE, photos=(photo(place=far, accuracy_m=400.0),)))


def test_p01_a_mixed_up_system_is_no_sign_but_told() -> None:
    shifted = convert(Point(117.18, 29.27), "wgs84", "gcj02")
    mixed = case(place=HERE, photos=(photo(place=Place(shifted.lng, shifted.lat)),))
    findings = Examination([mixed]).of(mixed)
    assert [sign.rule.id for sign in findings.signs] == []
    assert any("换一种坐标系（gcj02/wgs84）只差 0 米" in one.why.zh for one in findings.unchecked)
    # Said to be GCJ-02, it is simply there.
    right = case(place=HERE, photos=(photo(place=Place(shifted.lng, shifted.lat, "gcj02")),))
    assert not any("坐标系" in one.why.zh for one in Examination([right]).of(right).unchecked)


def test_p02_before_and_after_are_one_photograph() -> None:
    before = photo("a", role="before", sha256=SHA)
    assert "整改前 a 与整改后 p：文件完全相同" in said(case(photos=(before, photo(sha256=SHA))), "P02")
    # That pair is no reuse beside.
    assert "K04" not in seen(case(photos=(before, photo(sha256=SHA))))
    assert "P02" not in seen(case(photos=(before, photo(sha256=OTHER_SHA))))


def test_p03_p04_times() -> None:
    assert "没有拍摄时间" in said(case(photos=(photo(taken=None),)), "P03")
    assert "P03" not in seen(case(photos=(photo(role="before", taken=None),)))
    assert "早于方案审定 2025-03-01" in said(case(photos=(photo(taken=AT(2025, 2, 28, 12)),)), "P04")
    assert "P04" not in seen(case(photos=(photo(taken=AT(2025, 3, 1, 8)),)))
    assert "P04" not in seen(case(photos=(photo(role="before", taken=AT(2025, 2, 1)),)))


@pytest.mark.parametrize(
    ("doubt", "id"),
    [("edited", "P05"), ("preview_differs", "P05"), ("screen", "P06"), ("generated", "P07"), ("clock_differs", "P08")],
)
def test_p05_to_p08_what_the_vault_doubts(doubt: str, id: str) -> None:
    assert list(seen(case(photos=(photo(doubts=(doubt,)),)))) == [id]


def test_p08_taken_after_it_was_handed_in() -> None:
    late = photo(handed_in=AT(2025, 6, 20, 9, 45, tzinfo=CHINA))
    assert "拍于 2025-06-20 10:00，却在 2025-06-20 09:45 已提交" in said(case(photos=(late,)), "P08")
    # Ten minutes are a clock that is a little wrong.
    assert "P08" not in seen(case(photos=(replace(late, handed_in=AT(2025, 6, 20, 9, 50, tzinfo=CHINA)),)))


# K05 to K07 --------------------------------------------------------------------------------------------------------


def test_k05_copied_from_last_period_or_from_another_problem_with_other_figures() -> None:
    own = case(reports=(Report("r1", D(2025, 4, 1), LONG), Report("r2", D(2025, 5, 1), LONG.replace("2280", "2300"))))
    assert "报告 r2 与本问题报告 r1 相似度 100%" in said(own, "K05")
    one = case(reports=(Report("r1", D(2025, 5, 1), LONG),))
    assert "与问题 Q2 的报告 x 相似度 100%" in said(one, "K05", case("Q2", reports=(Report("x", D(2025, 4, 1), LONG),)))
    # The one that came first was copied from, not copied.
    assert "K05" not in seen(one, case("Q2", reports=(Report("x", D(2025, 6, 1), LONG),)))
    other = "截至目前，河道两岸垃圾已经全部清运完毕，正在对裸露地块撒播草籽，下一步将落实日常保洁责任。"
    assert "K05" not in seen(case(reports=(Report("r1", D(2025, 4, 1), LONG), Report("r2", D(2025, 5, 1), other))))
    short = case(reports=(Report("r1", D(2025, 4, 1), "正在整改"), Report("r2", D(2025, 5, 1), "正在整改")))
    assert "K05" not in seen(short)


def test_k06_papers_in_place_of_work() -> None:
    paper = (Evidence("a", "会议纪要", None, 1), Evidence("b", "通知", None, 1))
    assert "第 1 条措施的证据只有 会议纪要、通知" in said(
        case(goal_approved="新建管网2公里", measures=("x",), evidence=paper), "K06"
    )
    with_work = (*paper, Evidence("c", "竣工图", None, 1))
    assert "K06" not in seen(case(goal_approved="新建管网2公里", measures=("x",), evidence=with_work))
    # Where the goal itself is a rule to be made, papers are the work.
    assert "K06" not in seen(case(goal_approved="出台管理办法", measures=("x",), evidence=paper))


def test_k07_waste_without_a_trace_of_where_it_went() -> None:
    assert "问题涉及“垃圾”" in said(case(text="河边堆放垃圾200吨"), "K07")
    assert "K07" not in seen(case(text="河边堆放垃圾200吨", receipts=(Receipt("f", "1", D(2025, 6, 1), "weighing"),)))
    assert "K07" not in seen(case(text="河边堆放垃圾200吨", evidence=(Evidence("e", "危险废物转移联单"),)))
    assert "K07" not in seen(case(text="污水直排"))


# K08 to K16 --------------------------------------------------------------------------------------------------------


def test_k08_petitions_after_the_closure_near_the_place() -> None:
    near = Petition("X", D(2025, 10, 1), place=Place(117.18, 29.274))  # 443 m
    assert "距点位 443 米" in said(case(place=HERE, petitions=(near,)), "K08")
    # Another problem's petition counts where it is near, and not where it is far.
    assert "K08" in seen(case(place=HERE), case("Q2", petitions=(near,)))
    far = replace(near, place=Place(117.18, 29.276))  # 665 m
    assert "K08" not in seen(case(place=HERE), case("Q2", petitions=(far,)))
    assert "K08" not in seen(case(place=HERE, petitions=(replace(near, at=D(2025, 7, 1)),)))
    assert "K08" not in seen(case(place=HERE, petitions=(replace(near, at=D(2026, 8, 2)),)))
    assert "反映本问题" in said(case(petitions=(replace(near, place=None),)), "K08")


def test_k09_readings_rise_again() -> None:
    before = readings(["0.8", "0.8", "0.8"], D(2025, 7, 1), limit=Decimal(1))
    twice = readings(["1.2", "1.3"], D(2025, 9, 1), limit=Decimal(1))
    assert "连续超标：2025-09-01 为 1.2（应≤1），2025-09-02 为 1.3（应≤1）" in said(
        case(readings=before + twice), "K09"
    )
    # 0.98 against 0.8 is 22.5 % worse; 0.95 is 18.75 %.
    rising = readings(["0.97", "0.98", "0.99"], D(2025, 9, 1), limit=Decimal(1))
    assert "均值由 0.8 变为 0.98" in said(case(readings=before + rising), "K09")
    # Two are too few to tell it from scatter, and one as good as before speaks against it.
    assert "K09" not in seen(case(readings=before + rising[:2]))
    assert "K09" not in seen(case(readings=before + readings(["1.3", "0.79", "1"], D(2025, 9, 1), limit=Decimal(1))))
    assert "K09" not in seen(case(readings=before + readings(["0.95"] * 3, D(2025, 9, 1), limit=Decimal(1))))


def test_k09_of_oxygen_less_is_worse() -> None:
    before = readings(["7.5"] * 3, D(2025, 7, 1), limit=Decimal(5), good="above")
    assert "K09" in seen(case(readings=before + readings(["5.5"] * 3, D(2025, 9, 1), limit=Decimal(5), good="above")))
    assert "K09" not in seen(
        case(readings=before + readings(["9.5"] * 3, D(2025, 9, 1), limit=Decimal(5), good="above"))
    )


@pytest.mark.parametrize(
    ("approved", "claimed", "told"),
    [
        ("新建管网2.28公里", "新建管网1800米", "审定“2.28公里”，销号所报“1800米”"),
        ("新建管网2.28公里", "新建管网2280米", ""),
        ("清理垃圾200吨，复绿3亩", "清理垃圾200吨", "审定目标有“3亩”，销号所报目标没有同类指标"),
        ("水质达到Ⅲ类", "水质达到Ⅳ类", "审定水质 Ⅲ 类，销号所报 Ⅳ 类"),
        ("水质稳定达到三类", "水质已达Ⅱ类", ""),
        ("消除劣Ⅴ类", "水质为Ⅴ类", ""),
    ],
)
def test_k10_goals_made_smaller(approved: str, claimed: str, told: str) -> None:
    found = said(case(goal_approved=approved, goal_claimed=claimed), "K10")
    assert found == told


def test_k11_t01_progress_that_jumps_or_goes_back() -> None:
    def told(*percents: int) -> Case:
        days = (D(2025, 5, 30), D(2025, 6, 25), D(2025, 6, 29))
        reports = tuple(
            Report(f"r{n}", day, "", Decimal(p)) for n, (day, p) in enumerate(zip(days, percents, strict=True))
        )
        return case(deadline=D(2025, 6, 30), reports=reports)

    assert list(seen(told(30, 50, 100))) == ["K11"]
    assert list(seen(told(30, 60, 100))) == []
    assert "50% → 30%" in said(told(50, 30, 60), "T01")


def test_k12_verified_by_oneself() -> None:
    assert "都是 住建局" in said(case(responsible=("住建局",), verifier=("住建局",)), "K12")
    assert "住建局 是责任单位 市政所 的主管单位" in said(
        case(responsible=("市政所",), verifier=("住建局",), above={"市政所": "住建局"}), "K12"
    )
    both = {"市政所": "住建局", "质监站": "住建局"}
    assert "同属 住建局" in said(case(responsible=("市政所",), verifier=("质监站",), above=both), "K12")
    same = (*COURSE[:1], replace(COURSE[1], person="丙"), *COURSE[2:])
    assert "都由 丙 办理" in said(case(events=same, responsible=("a",), verifier=("b",)), "K12")
    assert "K12" not in seen(case(responsible=("住建局",), verifier=("环保局",)))


def test_k13_measures_that_do_not_answer_the_problem() -> None:
    problem = "吕蒙街道垃圾200吨露天堆放，污水直排"
    told = said(case(text=problem, place_name="吕蒙街道", measures=("加强宣传教育",)), "K13")
    assert told == "问题有 4 项要素，措施只提到 0 项；未提到：污水、垃圾、200吨、吕蒙街道"
    answering = ("吕蒙街道清运垃圾200吨", "废水接入管网")
    assert "K13" not in seen(case(text=problem, place_name="吕蒙街道", measures=answering))


def test_k14_named_again_after_it_was_called_done() -> None:
    assert "2025-12-01 又见于 省警示片" in said(case(disclosures=(Disclosure("省警示片", D(2025, 12, 1)),)), "K14")
    assert "K14" not in seen(case(disclosures=(Disclosure("省警示片", D(2024, 12, 1)),)))


def test_k15_put_off_again_and_again() -> None:
    def put_off(*until: D) -> Case:
        steps = tuple(Event("extended", D(2025, 1, n + 1), until=day) for n, day in enumerate(until))
        return case(events=COURSE + steps, deadline=D(2025, 6, 30))

    # 30 June to 31 December are 184 days.
    assert "延期 1 次，累计 184 天" in said(put_off(D(2025, 12, 31)), "K15")
    assert "K15" not in seen(put_off(D(2025, 9, 30)))
    assert "延期 2 次，累计 61 天" in said(put_off(D(2025, 7, 31), D(2025, 8, 30)), "K15")


def test_k16_shut_down_and_nothing_else() -> None:
    assert "措施只有“停产”" in said(case(measures=("责令企业停产",)), "K16")
    assert "K16" not in seen(case(measures=("责令企业停产，安装治理设施后复产",)))


# T02 to T04, D01 ---------------------------------------------------------------------------------------------------


def test_t02_faster_than_its_kind_can_be() -> None:
    fast = (Event("planned", D(2025, 6, 1)), Event("self_done", D(2025, 6, 21)))
    assert "2025-06-01 审定，2025-06-21 自验，20 天" in said(case(events=fast, measures=("新建管网2公里",)), "T02")
    assert "T02" not in seen(case(events=fast, measures=("清淤100米",)))


def test_t03_t04_receipts() -> None:
    early = Receipt("f", "0123", D(2025, 2, 1))
    assert "票据 0123 日期 2025-02-01，方案 2025-03-01 审定" in said(case(receipts=(early,)), "T03")
    one = case(receipts=(Receipt("f", "ab-1", D(2025, 5, 1)),))
    assert "票据 ab-1 还用于 Q2/x" in said(one, "T04", case("Q2", receipts=(Receipt("x", "AB-1 "),)))
    assert "T04" not in seen(one, case("Q2", receipts=(Receipt("x", "AB-1", kind="contract"),)))


def test_d01_above_the_limit_when_called_done() -> None:
    assert "2025-06-02 为 1.8（应≤1）" in said(case(readings=readings(["0.8", "1.8"], limit=Decimal(1))), "D01")
    assert "D01" not in seen(case(readings=readings(["1.8", "0.8"], limit=Decimal(1))))


# What holds for all ------------------------------------------------------------------------------------------------


def test_an_answered_sign_stays_with_its_answer_also_when_it_is_seen_no_more() -> None:
    one = case(responsible=("住建局",), verifier=("住建局",))
    [sign] = seen(one)["K12"]
    answer = Answer(sign.key, "机构改革前为同一单位，已由市局复验", "甲", D(2025, 9, 1))
    findings = Examination([answered := replace(one, answers=(answer,))]).of(answered)
    [again] = findings.signs
    assert again.answer == answer
    assert findings.open == ()
    gone = replace(answered, verifier=("环保局",))
    [kept] = Examination([gone]).of(gone).signs
    assert (kept.rule.id, kept.answer) == ("K12", answer)


def test_what_could_not_be_looked_for_is_said() -> None:
    empty = Case("Q1")
    findings = Examination([empty]).of(empty)
    assert findings.signs == ()
    blind = {id for one in findings.unchecked for id in one.signs}
    assert {"K01", "K02", "K04", "K05", "K06", "K08", "K09", "K10", "K11", "K12", "K13", "P01", "T02", "T03"} <= blind


def test_every_rule_of_the_table_is_there_with_words_in_both_languages() -> None:
    rules = table().rules
    assert {f"K{n:02}" for n in range(1, 17)} <= rules.keys()
    for rule in rules.values():
        for words in (rule.title, rule.rule, rule.ask):
            assert words.zh
            assert words.en
            assert "{" not in words.zh + words.en
        assert 1 <= rule.weight <= 3


def test_a_sign_is_never_a_bare_score() -> None:
    one = case(responsible=("住建局",), verifier=("住建局",))
    plain = Examination([one]).of(one).plain()
    assert "score" not in plain
    assert "weight" not in plain
    [sign] = plain["signs"]
    assert all(sign[name] for name in ("rule", "seen", "question", "weight", "key"))
