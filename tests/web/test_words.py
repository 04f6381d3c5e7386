"""The English of the pages: every text has it, none is left over, and the compiled form is what gettext reads."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest
from django.utils import translation

from anlan.web import words

CHINESE_ONLY = 'msgid ""\nmsgstr ""\n"Language: en\\n"\n\n'


def test_every_text_has_english_and_none_is_left_over_or_fuzzy() -> None:
    assert words.problems() == []


def test_there_are_texts_to_look_at() -> None:
    used = words.used()
    assert {"首页", "导出 Excel", "待下达"} <= used.keys()
    assert used["共 %(n)s 条"] == "共 %(n)s 条"


def test_the_english_holds_no_chinese() -> None:
    chinese = [
        told
        for entry in words.read(words.ENGLISH.read_text(encoding="utf-8"))
        for told in entry.told
        if any("\u3000" <= mark <= "\u9fff" or "\uff00" <= mark <= "\uffef" for mark in told)
    ]
    assert chinese == []


@pytest.mark.parametrize(
    ("catalogue", "problem"),
    [
        (CHINESE_ONLY, "no English: 任务"),
        ('msgid "任务"\nmsgstr ""\n', "no English: 任务"),
        ('#, fuzzy\nmsgid "任务"\nmsgstr "Task"\n', "fuzzy: 任务"),
        ('msgid "任务"\nmsgstr "Task %(n)s"\n', "names a place the text has not: 任务"),
        ('msgid "任务"\nmsgid_plural "任务"\nmsgstr[0] "a"\nmsgstr[1] "b"\n', "other plural: 任务"),
        ('msgid "任务"\nmsgstr "Task"\n\nmsgid "旧词"\nmsgstr "old"\n', "used nowhere: 旧词"),
        ('msgid "任务"\nmsgstr "Task"\n\nmsgid "任务"\nmsgstr "Job"\n', "a text stands twice"),
    ],
)
def test_what_is_wrong_with_a_catalogue_is_found(
    catalogue: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "django.po"
    path.write_text(catalogue, encoding="utf-8")
    monkeypatch.setattr(words, "ENGLISH", path)
    monkeypatch.setattr(words, "used", lambda: {"任务": ""})
    assert problem in words.problems()


def test_texts_of_templates_are_found_with_their_places_and_plurals() -> None:
    template = (
        '{% load i18n %}{% translate "任务" %}{% translate "单位" as unit %}'
        "{% blocktranslate with name=actor.name %}你好，{{ name }}{% endblocktranslate %}"
        "{% blocktranslate count n=total %}{{ n }} 条{% plural %}{{ n }} 条{% endblocktranslate %}"
    )
    assert list(words.in_template(template)) == [
        ("任务", ""),
        ("单位", ""),
        ("你好，%(name)s", ""),
        ("%(n)s 条", "%(n)s 条"),
    ]


def test_texts_of_code_are_found_however_they_are_split() -> None:
    assert list(words.in_code('x = _("已" "下达")')) == [("已下达", "")]
    assert list(words.in_code("_(name)")) == []


def test_a_catalogue_is_written_as_it_is_read() -> None:
    entries = words.read(words.ENGLISH.read_text(encoding="utf-8"))
    assert words.written(entries) == words.ENGLISH.read_text(encoding="utf-8")


@pytest.mark.parametrize("wrong", ["msgid 任务\n", '"任务"\n', 'msgstr "Task"\n', 'msgctxt "x"\nmsgid "y"\n'])
def test_a_catalogue_that_cannot_be_read_is_refused_with_its_line(wrong: str) -> None:
    with pytest.raises(words.CatalogueError, match="line 1"):
        words.read(wrong)


def test_the_compiled_form_is_read_by_gettext(tmp_path: Path) -> None:
    path = tmp_path / "django.mo"
    path.write_bytes(words.compiled({"任务": "Task", "%d 条\0%d 条": "%d row\0%d rows"}))
    with path.open("rb") as file:
        read = gettext.GNUTranslations(file)
    assert read.gettext("任务") == "Task"
    assert [read.ngettext("%d 条", "%d 条", n) for n in (1, 2)] == ["%d row", "%d rows"]
    assert read.gettext("别的") == "别的"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder of a catalogue with one text."""
    english = tmp_path / "en" / "django.po"
    english.parent.mkdir()
    english.write_text('msgid "任务"\nmsgstr "Task"\n', encoding="utf-8")
    monkeypatch.setattr(words, "ENGLISH", english)
    monkeypatch.setattr(words, "CHINESE", tmp_path / "zh" / "django.mo")
    return tmp_path


def test_the_compiled_form_is_made_once_and_again_when_the_catalogue_is_newer(folder: Path) -> None:
    assert words.refresh()
    assert not words.refresh()
    os.utime(words.ENGLISH, ns=(2**62, 2**62))
    assert words.refresh()
    assert sorted(path.name for path in folder.rglob("*.*")) == ["django.mo", "django.mo", "django.po"]


def test_a_folder_that_cannot_be_written_is_no_reason_not_to_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, data: bytes) -> None:
        raise PermissionError(path)

    monkeypatch.setattr(words, "_replace", refuse)
    assert not words.refresh()


def test_entries_of_another_catalogue_are_merged_and_unused_ones_left_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = folder / "other.po"
    other.write_text(
        'msgid "任务"\nmsgstr "Job"\n\nmsgid "单位"\nmsgstr "Unit"\n\nmsgid "旧词"\nmsgstr "old"\n', "utf-8"
    )
    monkeypatch.setattr(words, "used", lambda: {"任务": "", "单位": ""})
    assert words.main([str(other)]) == 0
    told = {entry.text: entry.told for entry in words.read(words.ENGLISH.read_text(encoding="utf-8"))}
    assert told == {"任务": ["Task"], "单位": ["Unit"]}
    assert words.main(["--check"]) == 0


def test_both_languages_tell_their_own_words() -> None:
    with translation.override("en"):
        assert translation.gettext("任务") == "Tasks"
        assert translation.ngettext("共 %(n)s 条", "共 %(n)s 条", 1) == "%(n)s row"
    with translation.override("zh-hans"):
        assert translation.gettext("任务") == "任务"
        assert translation.ngettext("共 %(n)s 条", "共 %(n)s 条", 1) == "共 %(n)s 条"


def test_chinese_pages_stay_chinese_where_english_is_the_language_of_the_installation(settings: object) -> None:
    # Django falls back to the language of the settings for every text that a catalogue lacks.
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
    translation.trans_real._translations.clear()  # type: ignore[attr-defined]
    try:
        with translation.override("zh-hans"):
            assert translation.gettext("任务") == "任务"
            assert translation.ngettext("共 %(n)s 条", "共 %(n)s 条", 1) == "共 %(n)s 条"
    finally:
        translation.trans_real._translations.clear()  # type: ignore[attr-defined]


def test_the_command_checks_and_compiles(capsys: pytest.CaptureFixture[str]) -> None:
    assert words.main(["--check"]) == 0
    assert capsys.readouterr().out.strip() == ""
    assert words.main([]) == 0
