"""Clauses matched by their words: renumbered, moved, edited, split, merged, added, dropped; never by number alone."""

from __future__ import annotations

import random
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.plan.matching.clauses import Clause
from anlan.plan.matching.pairing import Edge, Kind, match, relations

# Sentences of our own, each about something else.
SENTENCES = [
    "排查入河排污口120个以上，建立一口一档。（牵头单位：区生态环境局）",
    "新建污水管网6.5公里，改造雨污混接点30处。（责任单位：区住建局）",
    "9月底前清理河面漂浮物，保持水面清洁。（责任单位：区城管局）",
    "加强宣传引导，组织志愿者巡河。（责任单位：各乡镇）",
    "完成规模养殖场粪污设施改造，配套率达到97%。（牵头单位：区农业农村局）",
    "推进船舶码头岸电使用，靠港船舶岸电覆盖率达到90%。（责任单位：区交通局）",
    "修复废弃矿山3座，复绿面积200亩。（牵头单位：区自然资源局）",
    "严格执行长江十年禁渔，开展联合执法12次。（牵头单位：区农业农村局；配合单位：区公安局）",
    "对饮用水水源保护区开展环境状况评估并公开结果。（责任单位：区水利局）",
    "淘汰落后产能企业2家，实施清洁生产审核15家。（责任单位：区工信局）",
    "建成区黑臭水体动态清零，逐月监测并公布。（责任单位：区住建局）",
    "推行绿色建筑，新建民用建筑全部执行绿色标准。（责任单位：区住建局）",
]


def version(texts: list[str], first: int = 0, heading: str = "一、重点任务") -> list[Clause]:
    return [Clause(first + place, str(place + 1), (heading,), "", text) for place, text in enumerate(texts)]


def kinds(old: list[Clause], new: list[Clause]) -> list[tuple[Kind, list[int], list[int]]]:
    """Kind of each relation with the places of its clauses in both versions."""
    base = 100
    return [
        (
            relation.kind,
            sorted({edge.old for edge in relation.edges if edge.old is not None}),
            sorted({edge.new - base for edge in relation.edges if edge.new is not None}),
        )
        for relation in relations(match(old, new), old, new)
    ]


def partners(edges: list[Edge]) -> dict[int | None, int | None]:
    return {edge.new: edge.old for edge in edges}


def test_the_same_text_is_the_same_clause() -> None:
    old, new = version(SENTENCES), version(SENTENCES, 100)
    assert kinds(old, new) == [(Kind.SAME, [n], [n]) for n in range(len(SENTENCES))]
    assert not any(edge.doubtful for edge in match(old, new))


@given(st.lists(st.text("0123456789一二三四五（）.", max_size=6), min_size=len(SENTENCES), max_size=len(SENTENCES)))
def test_numbers_alone_change_nothing(numbers: list[str]) -> None:
    old = version(SENTENCES)
    new = [Clause(100 + place, numbers[place], ("二、另一章",), "", text) for place, text in enumerate(SENTENCES)]
    assert partners(match(old, new)) == {100 + n: n for n in range(len(SENTENCES))}
    assert {relation.kind for relation in relations(match(old, new), old, new)} == {Kind.RENUMBERED}


@given(st.permutations(range(len(SENTENCES))))
def test_another_order_changes_nothing(order: list[int]) -> None:
    # Numbered anew in the new order: the number of each clause points at another clause of the old version.
    new = version([SENTENCES[place] for place in order], 100)
    edges = match(version(SENTENCES), new)
    assert partners(edges) == {100 + place: old for place, old in enumerate(order)}
    assert all(edge.score == 1 and not edge.doubtful for edge in edges)


@given(st.lists(st.sampled_from(SENTENCES[:3]), max_size=8), st.randoms(use_true_random=False))
def test_clauses_with_the_same_words_are_matched_one_to_one(texts: list[str], rng: random.Random) -> None:
    other = list(texts)
    rng.shuffle(other)
    edges = match(version(texts), version(other, 100))
    assert sorted(edge.old for edge in edges if edge.old is not None) == list(range(len(texts)))
    assert all(edge.score == 1 for edge in edges)


@given(
    st.lists(st.text("排查整治污水管网河湖120个公里。（）：", max_size=40), max_size=8),
    st.lists(st.text("排查整治污水管网河湖120个公里。（）：", max_size=40), max_size=8),
)
@settings(deadline=None)
def test_every_clause_of_whatever_text_finds_its_place(left: list[str], right: list[str]) -> None:
    old, new = version(left), version(right, 100)
    edges = match(old, new)
    assert {edge.old for edge in edges} - {None} == {clause.key for clause in old}
    assert {edge.new for edge in edges} - {None} == {clause.key for clause in new}
    assert all(0 <= edge.score <= 1.000001 for edge in edges)
    found = relations(edges, old, new)
    assert sorted(map(str, (edge for relation in found for edge in relation.edges))) == sorted(map(str, edges))


def test_white_space_and_widths_are_no_change() -> None:
    new = [
        Clause(100, "1", ("一、重点任务",), "", "排查 入河排污口１２０个以上，\n建立一口一档。(牵头单位:区生态环境局)")
    ]
    assert kinds(version(SENTENCES[:1]), new) == [(Kind.SAME, [0], [0])]


def test_an_edited_clause_stays_itself_under_another_number() -> None:
    edited = [text.replace("120个", "150个").replace("6.5公里", "8公里") for text in SENTENCES]
    new = version(["推进节水型社会建设，创建节水单位8家。（责任单位：区水利局）", *edited], 100)
    found = kinds(version(SENTENCES), new)
    assert found[0] == (Kind.ADDED, [], [0])
    assert found[1] == (Kind.CHANGED, [0], [1])
    assert found[2] == (Kind.CHANGED, [1], [2])
    assert found[3:] == [(Kind.RENUMBERED, [n], [n + 1]) for n in range(2, len(SENTENCES))]


def test_a_number_that_now_names_another_clause_misleads_nobody() -> None:
    # Clause 1 is dropped: each clause has the number of the one before it.
    found = kinds(version(SENTENCES), version(SENTENCES[1:], 100))
    assert found[0] == (Kind.DROPPED, [0], [])
    assert found[1:] == [(Kind.RENUMBERED, [n + 1], [n]) for n in range(len(SENTENCES) - 1)]


def test_a_split_clause_is_found_in_its_parts() -> None:
    parts = ["新建污水管网6.5公里。（责任单位：区住建局）", "改造雨污混接点30处。（责任单位：区住建局）"]
    new = version([SENTENCES[0], *parts, *SENTENCES[2:]], 100)
    found = kinds(version(SENTENCES), new)
    assert (Kind.SPLIT, [1], [1, 2]) in found
    assert {kind for kind, _, _ in found} == {Kind.SAME, Kind.SPLIT, Kind.RENUMBERED}


def test_merged_clauses_are_found_in_their_whole() -> None:
    whole = SENTENCES[6].split("（")[0] + SENTENCES[9].split("（")[0] + "（牵头单位：区自然资源局、区工信局）"
    new = version([*SENTENCES[:6], whole, *SENTENCES[7:9], *SENTENCES[10:]], 100)
    found = kinds(version(SENTENCES), new)
    assert (Kind.MERGED, [6, 9], [6]) in found
    assert {kind for kind, _, _ in found} == {Kind.SAME, Kind.MERGED, Kind.RENUMBERED}


def test_half_a_likeness_waits_for_a_person() -> None:
    other = "建成区黑臭水体动态清零，逐季开展整治效果评估，向社会公开。（责任单位：区住建局）"
    edge = next(e for e in match(version(SENTENCES), version([*SENTENCES[:10], other], 100)) if e.new == 110)
    assert edge.old == 10
    assert edge.doubtful


def test_two_that_are_as_near_as_each_other_wait_for_a_person() -> None:
    old = version(["上渡镇治理坑塘5处。", "下渡镇治理坑塘5处。"])
    edges = match(old, version(["渡口镇治理坑塘5处。"], 100))
    assert [edge.doubtful for edge in edges if edge.new is not None] == [True]


def test_five_hundred_edited_clauses_are_matched_at_once() -> None:
    rng = random.Random(4)
    letters = [chr(code) for code in range(0x4E00, 0x4E00 + 600)]

    def sentence() -> str:
        return "".join(rng.choices(letters, k=120)) + "（责任单位：区住建局、区水利局，配合单位：各乡镇）"

    def edited(text: str) -> str:
        place = rng.randrange(100)
        return text[:place] + "改" * 12 + text[place + 12 :]

    old = version([sentence() for _ in range(500)])
    new = version([edited(clause.text) for clause in old], 1000)
    rng.shuffle(new)
    begin = time.perf_counter()
    edges = match(old, new)
    # A third of a second where this was written; every pair compared would take minutes.
    assert time.perf_counter() - begin < 10
    assert partners(edges) == {1000 + n: n for n in range(500)}
