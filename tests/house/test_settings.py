"""Settings are one strict list: a wrong value or name is refused with the way out, all of them at once."""

from __future__ import annotations

import pytest

from anlan.settings import SETTINGS, InputError, Settings, load


def test_an_empty_environment_gives_the_defaults() -> None:
    assert load({"PATH": "/bin"}) == Settings(pack="changjiang", lang="zh", max_file_mb=64)
    # 64 MB of 1,000,000 bytes.
    assert load({}).max_file_bytes == 64_000_000


def test_every_setting_is_read_from_its_name() -> None:
    given = {"ANLAN_PACK": "./mine", "ANLAN_LANG": "en", "ANLAN_MAX_FILE_MB": "1"}
    assert load(given) == Settings(pack="./mine", lang="en", max_file_mb=1)
    assert given.keys() == {setting.name for setting in SETTINGS}


@pytest.mark.parametrize("value", ["", " ", "0", "4097", "-1", "1.5", "1e3", "1_0", " 10", "６４", "999999999999"])
def test_a_size_is_a_plain_whole_number_within_its_limits(value: str) -> None:
    with pytest.raises(InputError, match="ANLAN_MAX_FILE_MB"):
        load({"ANLAN_MAX_FILE_MB": value})


def test_all_that_is_wrong_is_said_at_once_and_in_both_languages() -> None:
    with pytest.raises(InputError) as caught:
        load({"ANLAN_LANG": "de", "ANLAN_MAX_FILE_MB": "many", "ANLAN_PAK": "x"})
    assert caught.value.speak("en").splitlines() == [
        "ANLAN_LANG=de: must be one of zh, en",
        "ANLAN_MAX_FILE_MB=many: must be a whole number of MB from 1 to 4096",
        "there is no setting ANLAN_PAK: was ANLAN_PACK meant?",
    ]
    assert "没有 ANLAN_PAK 这项设置：是不是 ANLAN_PACK？" in caught.value.speak("zh")


def test_names_of_the_test_run_are_no_settings() -> None:
    assert load({"ANLAN_TEST_DATABASE_URL": "x"}) == load({})


def test_every_setting_is_described_in_both_languages_and_its_default_is_allowed() -> None:
    for setting in SETTINGS:
        assert setting.name.startswith("ANLAN_")
        assert setting.help.zh
        assert setting.help.en
        assert setting.problem(setting.default) is None
        # A number without its unit would be guessed at.
        assert bool(setting.unit) == (setting.kind == "whole number")
