"""Whole ledgers merged: what comes out, in any order, and how well."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence

import pytest
from benchmarks.linkage_learning import corpus, halves, own, pairs_of, scored
from tests.ledger.linkage import made

from anlan.ledger.linkage import Index, Merged, Row, blocking, merge
from anlan.ledger.linkage.clustering import clusters
from anlan.ledger.linkage.comparing import Frequencies, compare
from anlan.ledger.linkage.facts import Reader
from anlan.ledger.linkage.model import hand, odds, of, standard
from anlan.settings import InputError


def twins() -> list[Row]:
    """Two ponds of one village told twice each, and a vague row between them."""
    return [
        Row("a1", "下冲村540亩精养鱼塘尾水直排沮漳河", "上桥乡下冲村", disclosed="2022年8月29日", deadline="2023-03"),
        Row(
            "a2",
            "沮漳河旁下冲村五百四十亩鱼塘尾水未处理直排",
            "秭归县上桥下冲",
            disclosed="2022年8月",
            deadline="2023-03",
        ),
        Row("b1", "下冲村1420亩精养鱼塘尾水直排沮漳河", "上桥乡下冲村", disclosed="2022年8月29日", deadline="2023-03"),
        Row("b2", "下冲村养殖尾水1420余亩直排沮漳河", "上桥乡下冲村", disclosed="2022-08-29", deadline="2023-03"),
        Row("v", "下冲村鱼塘尾水直排沮漳河", "上桥乡下冲村", disclosed="2022年8月", deadline="2023-03"),
    ]


def home(merged: Merged) -> dict[str, int]:
    return {one: number for number, cluster in enumerate(merged.clusters) for one in cluster}


def test_near_twins_are_not_chained_by_a_vague_row() -> None:
    at = home(merge(twins()))
    assert at["a1"] == at["a2"]
    assert at["b1"] == at["b2"]
    assert at["a1"] != at["b1"]


def test_without_the_constraint_they_would_be() -> None:
    # The vague row (4) fits both ponds; the ponds (0, 1 and 2, 3) exclude each other.
    near = {(0, 1): 5.0, (2, 3): 5.0, (0, 4): 1.0, (1, 4): 1.0, (2, 4): 1.0, (3, 4): 1.0}

    def rated(a: int, b: int) -> float:
        return near.get((min(a, b), max(a, b)), -6.0)

    links = sorted((-score, a, b) for (a, b), score in near.items())
    assert clusters(5, links, rated, veto=-100.0) == [[0, 1, 4], [2, 3]]
    assert clusters(5, links, rated, veto=odds(0.05)) == [[0, 1, 4], [2, 3]]
    assert clusters(5, links, lambda a, b: 1.0, veto=-100.0) == [[0, 1, 2, 3, 4]]


@pytest.mark.parametrize("style", made.STYLES)
def test_shuffled_rows_give_the_same_clusters_and_pairs(style: str) -> None:
    rows = [one.row for one in made.ledger(400, 11, style)]
    expected = merge(rows)
    for seed in range(3):
        shuffled = list(rows)
        random.Random(seed).shuffle(shuffled)
        assert merge(shuffled) == expected


def test_every_row_stands_in_exactly_one_cluster() -> None:
    rows = [one.row for one in made.ledger(400, 12)]
    told = [one for cluster in merge(rows).clusters for one in cluster]
    assert sorted(told) == sorted(row.id for row in rows)


def test_a_ledger_given_twice_merges_every_row_with_its_copy() -> None:
    rows = [one.row for one in made.ledger(120, 13)]
    once = merge(rows)
    copies = [Row(f"{r.id}'", r.description, r.place, r.source, r.disclosed, r.deadline, r.unit) for r in rows]
    at = home(merge([*rows, *copies]))
    apart = [row.id for row in rows if at[row.id] != at[row.id + "'"]]
    # Rows without anything to tell them by (no place, no figure) may stay apart.
    assert len(apart) <= 0.02 * len(rows)
    assert len(set(at.values())) <= len(once.clusters) * 1.02


def test_the_reasons_of_a_pair_add_up_to_its_probability() -> None:
    for pair in merge(twins()).pairs:
        total = sum(reason.weight for reason in pair.why)
        assert total == pytest.approx(odds(min(max(pair.probability, 1e-12), 1 - 1e-12)), abs=0.3)


def test_every_reason_is_told_in_both_languages() -> None:
    for pair in merge(twins()).pairs:
        for reason in pair.why:
            assert reason.words.zh
            assert reason.words.en
            named = reason.words.en.partition(": ")[0]
            assert named.isascii()


def test_an_id_given_twice_is_refused() -> None:
    with pytest.raises(InputError, match="a"):
        merge([Row("a", "x"), Row("a", "y")])


def test_nothing_and_empty_rows_merge_into_nothing() -> None:
    assert merge([]).clusters == ()
    assert len(merge([Row("a", ""), Row("b", "")]).clusters) == 2


def test_many_rows_of_the_same_words_are_merged_in_little_time() -> None:
    # 400 equal rows are 79,800 pairs; blocking and clustering look at a few each.
    rows = [Row(f"{n:03}", "下冲村540亩鱼塘尾水直排沮漳河", "上桥乡下冲村", disclosed="2022-08-29") for n in range(400)]
    merged = merge(rows)
    assert len(merged.pairs) < 400 * 60
    assert len(merged.clusters) == 1


def test_learned_weights_keep_the_sides_that_a_person_gave_them() -> None:
    by_hand = of(hand()).weights
    learned = standard().weights
    assert set(learned) == set(by_hand)
    for key, weight in learned.items():
        assert weight * by_hand[key] >= 0, key


def measured(ledger: Sequence[tuple[Row, str]]) -> tuple[float, float, float]:
    return scored(list(ledger))


@pytest.mark.parametrize(
    ("style", "precision", "f1"),
    [("mixed", 0.98, 0.98), ("county", 0.97, 0.97), ("terse", 0.98, 0.98), ("bare", 0.95, 0.95)],
)
def test_ledgers_of_our_own_making_that_taught_nothing_are_merged_well(style: str, precision: float, f1: float) -> None:
    # "bare" leaves out most figures: what is lost there is not in the rows.
    found = measured(own(1500, 41, style))
    assert found[0] >= precision
    assert found[2] >= f1


def test_the_half_of_the_shared_ledger_that_taught_nothing_is_merged_well() -> None:
    ledger = corpus()
    if not ledger:
        pytest.skip("the shared corpus is missing")
    precision, _, f1 = measured(halves(ledger)[1])
    assert precision >= 0.98
    assert f1 >= 0.97


def test_the_index_finds_what_the_merge_found() -> None:
    ledger = own(600, 21, "mixed")
    gathered: dict[str, list[str]] = defaultdict(list)
    for row, entity in ledger:
        gathered[entity].append(row.id)
    rows = {row.id: row for row, _ in ledger}
    several = [ids for ids in gathered.values() if len(ids) > 1][:40]
    asked = [ids[0] for ids in several]
    index = Index(row for row in rows.values() if row.id not in asked)
    assert len(index) == len(rows) - len(asked)
    found = [bool(set(ids[1:]) & {match.id for match in index.match(rows[ids[0]], least=0.5)}) for ids in several]
    assert sum(found) >= 0.95 * len(found)
    index.add(rows[asked[0]])
    assert asked[0] not in {match.id for match in index.match(rows[asked[0]])}
    with pytest.raises(InputError):
        index.add(rows[asked[0]])


def test_the_index_made_row_by_row_answers_like_the_one_made_at_once() -> None:
    rows = [one.row for one in made.ledger(200, 22)]
    asked = rows[0]
    at_once = Index(rows[1:])
    reversed_rows = Index(list(reversed(rows[1:])))
    assert at_once.match(asked) == reversed_rows.match(asked)


def test_pairs_are_ordered_from_the_likeliest_down() -> None:
    pairs = merge(one.row for one in made.ledger(300, 23)).pairs
    chances = [pair.probability for pair in pairs]
    assert chances == sorted(chances, reverse=True)
    assert min(chances) >= standard().review


def test_clusters_follow_from_pairs_that_are_told() -> None:
    merged = merge(one.row for one in made.ledger(300, 24))
    told = {(pair.a, pair.b) for pair in merged.pairs}
    joined = _joined(told)
    assert all(joined.get(a) == joined.get(b) for a, b in pairs_of(merged.clusters))


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Smallest id that each can be reached from."""
    at: dict[str, str] = {}

    def root(one: str) -> str:
        while at.setdefault(one, one) != one:
            one = at[one]
        return one

    for a, b in pairs:
        left, right = sorted((root(a), root(b)))
        at[right] = left
    return {one: root(one) for one in list(at)}


def test_a_pair_is_compared_alike_from_both_sides() -> None:
    rows = [one.row for one in made.ledger(150, 31, "county")]
    reader = Reader(rows)
    facts = [reader.read(row) for row in rows]
    often = Frequencies()
    for one in facts:
        often.add(one)
    for a, b in blocking.pairs(facts):
        there, back = (compare(*pair, often, standard()) for pair in ((facts[a], facts[b]), (facts[b], facts[a])))
        assert [(t.field, t.level, t.strength) for t in there] == [(t.field, t.level, t.strength) for t in back]
