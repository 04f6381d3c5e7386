"""Character by character: what a reader would mark, and where unchanged words have gone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from anlan.plan.matching.marks import Run, carried, marks, same

TEXTS = st.text("排查整治污水管网 \n120个，。", max_size=60)


@given(TEXTS, TEXTS)
def test_the_runs_of_each_side_are_its_text(old: str, new: str) -> None:
    left, right = marks(old, new)
    assert "".join(run.text for run in left) == old
    assert "".join(run.text for run in right) == new


@given(TEXTS)
def test_nothing_is_marked_where_nothing_changed(text: str) -> None:
    assert not any(run.changed for run in marks(text, " ".join(text))[1])


def test_a_changed_figure_is_marked_alone() -> None:
    left, right = marks("新建污水管网6.5公里。", "新建污水管网8公里。")
    assert [run.text for run in left if run.changed] == ["6.5"]
    assert [run.text for run in right if run.changed] == ["8"]


def test_widths_are_no_change() -> None:
    assert marks("完成(100个)", "完成（１００个）")[1] == [Run("完成（１００个）", False)]


def test_a_single_character_between_two_changes_is_part_of_the_change() -> None:
    left, _ = marks("甲乙丙丁戊己", "子乙丑丁戊己")
    assert [run.text for run in left if run.changed] == ["甲乙丙"]


def test_very_long_texts_are_compared_by_sentence() -> None:
    sentences = [f"第{n}项工作按期完成并逐项销号。" for n in range(400)]
    changed = list(sentences)
    changed[7], changed[395] = "第7项工作延期。", "第395项工作延期。"
    _, right = marks("".join(sentences), "".join(changed))
    # The beginning and the end that both texts share are left out before sentences are compared.
    assert [run.text for run in right if run.changed] == ["延期。", "第395项工作延期"]


@given(TEXTS, TEXTS, st.data())
def test_carried_characters_are_the_same_characters(old: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    place = carried(same(old, new), start, end)
    if place is not None:
        assert "".join(new[place[0] : place[1]].split()) == "".join(old[start:end].split())


def test_changed_characters_are_not_carried() -> None:
    old, new = "6月底前完成120个。", "7月底前完成120个。"
    blocks = same(old, new)
    assert carried(blocks, 6, 10) == (6, 10)
    assert carried(blocks, 0, 4) is None
