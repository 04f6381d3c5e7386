"""Tags of the pages: icons, lights, dates, forms, the panel that explains a result."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django import forms
from django.template import engines
from django.utils import translation

from anlan.foundation.calc.installed import registry
from anlan.foundation.screens.forms import ReasonForm
from anlan.foundation.screens.marks import SHAPES, Mark, light
from anlan.settings import Words
from anlan.web.parts import icons


def shown(template: str, **context: object) -> str:
    return str(engines["django"].from_string("{% load screens %}" + template).render(context))


def test_an_icon_is_an_ornament_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in shown('{% icon "home" %}')
    assert 'role="img" aria-label="首页"' in shown('{% icon "home" "首页" %}')


def test_every_shape_is_in_the_icon_sheet() -> None:
    assert set(SHAPES.values()) <= set(icons())


@pytest.mark.parametrize(
    ("colour", "word", "shape"),
    [
        ("green", "绿灯", "circle-filled"),
        ("yellow", "黄灯", "triangle-filled"),
        ("red", "红灯", "square-filled"),
        ("done", "已完成", "circle-check-filled"),
        ("", "未亮灯", "circle"),
    ],
)
def test_a_light_has_a_word_and_a_shape_beside_its_colour(colour: str, word: str, shape: str) -> None:
    page = shown("{% light colour %}", colour=colour)
    assert word in page
    assert f"#{shape}" in page
    assert str(light(colour)) == word


def test_the_lights_differ_in_shape() -> None:
    assert len({light(colour).shape for colour in ("green", "yellow", "red", "done", "")}) == 5


def test_a_mark_of_an_unknown_tone_is_refused() -> None:
    with pytest.raises(ValueError, match="purple"):
        Mark("x", "purple")


def test_dates_and_instants_are_written_as_the_office_does() -> None:
    assert shown("{{ v|day }}", v=dt.date(2022, 9, 30)) == "2022-09-30"
    assert shown("{{ v|day }}", v=dt.datetime(2022, 9, 30, 16, 30, tzinfo=dt.UTC)) == "2022-10-01 00:30"
    assert shown("{{ v|day }}", v=None) == ""


def test_words_of_two_languages_are_told_in_the_one_in_force() -> None:
    words = Words("单位", "unit")
    with translation.override("en"):
        assert shown("{{ v|speak }}", v=words) == "unit"
    with translation.override("zh-hans"):
        assert shown("{{ v|speak }}", v=words) == "单位"


class Closing(ReasonForm):
    day = forms.DateField(label="生效日期", help_text="从这一天起。")
    notify = forms.BooleanField(label="通知本人", required=False)
    roles = forms.MultipleChoiceField(
        label="角色", choices=[("a", "甲"), ("b", "乙")], widget=forms.CheckboxSelectMultiple, required=False
    )


def test_a_wrong_form_sums_up_at_the_top_with_links_to_its_fields() -> None:
    page = shown('{% include "screens/form.html" %}', form=Closing({"reason": "x", "day": "尽快"}))
    assert "有 2 处要改" in page
    for name in ("id_reason", "id_day"):
        assert f'href="#{name}"' in page
        assert f'id="{name}"' in page
        assert f'id="{name}-error"' in page
    assert page.count('aria-invalid="true"') == 2
    assert "理由“x”太短" in page


def test_every_field_has_its_label_and_its_help_is_tied_to_it() -> None:
    page = shown('{% include "screens/form.html" %}', form=Closing())
    assert 'for="id_day"' in page
    assert re.search(r'<input[^>]*name="day"[^>]*aria-describedby="id_day-help"', page)
    assert "<fieldset>" in page
    assert page.count("选填") == 1
    assert "form-errors" not in page


def test_a_reason_of_white_space_is_none() -> None:
    assert not Closing({"reason": "   ", "day": "2022-09-30"}).is_valid()
    assert Closing({"reason": "依据机构改革方案", "day": "2022-09-30"}).is_valid()


def test_the_panel_of_a_result_shows_inputs_steps_clause_and_version() -> None:
    inputs = {"values": [0.15], "decimals": 1}
    one = registry()["calc.round"]
    page = shown(
        "{% explain outcome one inputs True %}", outcome=registry().compute(one.id, inputs), one=one, inputs=inputs
    )
    assert "<details" in page
    assert " open" in page
    for told in ("0.2", "0.15 修约到小数点后 1 位", "第3章", "GB/T 8170-2008", "修约"):
        assert told in page


def test_the_panel_of_a_refused_input_says_what_was_wrong() -> None:
    page = shown("{% explain outcome %}", outcome=registry().compute("calc.round", {}))
    assert "没有算出来" in page
    assert "缺少 values" in page


def test_nested_results_are_shown_whole() -> None:
    page = shown('{% include "screens/value.html" %}', value={"a": [1, 2], "b": [{"c": None}], "d": [], "e": False})
    assert "1、2" in page.replace("\n", "")
    assert page.count("无") == 2
    assert "否" in page


def test_what_a_message_quotes_is_marked_as_chinese_and_stays_text() -> None:
    quoted = shown("{{ told|quoted }}", told="“<b>等” is repeated in “扶持等等”: mend it")
    assert quoted == '<span lang="zh">“&lt;b&gt;等”</span> is repeated in <span lang="zh">“扶持等等”</span>: mend it'
    assert shown("{{ told|quoted }}", told="a < b") == "a &lt; b"
    # A title that quotes in turn is one quotation.
    assert shown("{{ told|quoted }}", told="“打通“两山”路径” has no deadline").endswith("路径”</span> has no deadline")


def test_a_panel_names_codes_and_nested_fields_by_their_titles_without_being_given_the_calculation() -> None:
    # 31 days of 90 gone and half of it done: green.
    inputs = {"percent": 50, "start": "2026-01-01", "due": "2026-04-01", "today": "2026-02-01", "state": "planned"}
    page = shown("{% explain outcome %}", outcome=registry().compute("supervise.light", inputs))
    assert "<dt>灯</dt><dd>绿灯" in page
    assert "schedule_percent" not in page
    one = registry()["water.lake_mean"]
    page = shown("{% explain outcome %}", outcome=registry().compute(one.id, one.examples[0].inputs))
    assert "<dt>总磷</dt>" in page
    assert "<dt>tp</dt>" not in page
    with translation.override("en"):
        assert "<dt>total phosphorus</dt>" in shown(
            "{% explain outcome %}", outcome=registry().compute(one.id, one.examples[0].inputs)
        )
