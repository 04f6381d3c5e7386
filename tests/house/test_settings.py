"""Settings are one strict list: a wrong value or name is refused with the way out, all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.house.files import ROOT

from anlan.settings import SETTINGS, InputError, Settings, load


def test_an_empty_environment_gives_the_defaults() -> None:
    given = load({"PATH": "/bin"})
    assert given == Settings(
        pack="changjiang",
        lang="zh",
        max_file_mb=64,
        home=Path.cwd() / "anlan-home",
        database_url="embedded",
        host="127.0.0.1",
        port=8212,
        allowed_hosts=("localhost", "127.0.0.1"),
        https=False,
        workers=2,
        gateway_host="127.0.0.1",
        gateway_port=0,
        session_minutes=30,
        lock_failures=5,
        lock_minutes=30,
        password_length=10,
        password_days=90,
        mail_host="off",
        mail_port=25,
        mail_tls="off",
        mail_from="off",
        mail_user="off",
        mail_password_file="off",
        webhook_url="off",
        webhook_secret_file="off",
        site_url="off",
        delivery_days=90,
    )
    # 64 MB of 1,000,000 bytes.
    assert given.max_file_bytes == 64_000_000


def test_every_setting_is_read_from_its_name(tmp_path: Path) -> None:
    given = {
        "ANLAN_PACK": "./mine",
        "ANLAN_LANG": "en",
        "ANLAN_MAX_FILE_MB": "1",
        "ANLAN_HOME": str(tmp_path),
        "DATABASE_URL": "postgresql://anlan@db/anlan",
        "ANLAN_HOST": "0.0.0.0",
        "ANLAN_PORT": "80",
        "ANLAN_ALLOWED_HOSTS": "anlan, 10.0.0.7,",
        "ANLAN_HTTPS": "on",
        "ANLAN_WORKERS": "1",
        "ANLAN_GATEWAY_HOST": "0.0.0.0",
        "ANLAN_GATEWAY_PORT": "9212",
        "ANLAN_SESSION_MINUTES": "5",
        "ANLAN_LOCK_FAILURES": "3",
        "ANLAN_LOCK_MINUTES": "1",
        "ANLAN_PASSWORD_LENGTH": "8",
        "ANLAN_PASSWORD_DAYS": "0",
        "ANLAN_MAIL_HOST": "10.0.0.8",
        "ANLAN_MAIL_PORT": "587",
        "ANLAN_MAIL_TLS": "starttls",
        "ANLAN_MAIL_FROM": "anlan@office.example",
        "ANLAN_MAIL_USER": "anlan",
        "ANLAN_MAIL_PASSWORD_FILE": "mail.txt",
        "ANLAN_WEBHOOK_URL": "https://office.example/in",
        "ANLAN_WEBHOOK_SECRET_FILE": "webhook.txt",
        "ANLAN_SITE_URL": "https://anlan.office.example/",
        "ANLAN_DELIVERY_DAYS": "30",
    }
    assert load(given) == Settings(
        pack="./mine",
        lang="en",
        max_file_mb=1,
        home=tmp_path,
        database_url="postgresql://anlan@db/anlan",
        host="0.0.0.0",
        port=80,
        allowed_hosts=("anlan", "10.0.0.7"),
        https=True,
        workers=1,
        gateway_host="0.0.0.0",
        gateway_port=9212,
        session_minutes=5,
        lock_failures=3,
        lock_minutes=1,
        password_length=8,
        password_days=0,
        mail_host="10.0.0.8",
        mail_port=587,
        mail_tls="starttls",
        mail_from="anlan@office.example",
        mail_user="anlan",
        mail_password_file="mail.txt",
        webhook_url="https://office.example/in",
        webhook_secret_file="webhook.txt",
        site_url="https://anlan.office.example",
        delivery_days=30,
    )
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


@pytest.mark.parametrize(
    ("scheme", "rest"),
    [
        ("http", "office.example/in"),
        ("http", "93.184.216.34/in"),
        ("http", "169.254.169.254/"),
        ("http", "0.0.0.0/"),
        ("http", "10.0.0.1:x/"),
        ("ftp", "10.0.0.1/"),
        ("https", "a:b@office.example/"),
        ("https", "/in"),
    ],
)
def test_notices_go_to_no_address_that_others_could_read(scheme: str, rest: str) -> None:
    with pytest.raises(InputError, match="ANLAN_WEBHOOK_URL"):
        load({"ANLAN_WEBHOOK_URL": f"{scheme}://{rest}", "ANLAN_WEBHOOK_SECRET_FILE": "s"})


@pytest.mark.parametrize(
    ("scheme", "rest"),
    [("https", "office.example/in"), ("http", "127.0.0.1:9/"), ("http", "10.0.0.1/"), ("http", "[::1]/")],
)
def test_notices_go_by_https_or_within_the_house(scheme: str, rest: str) -> None:
    url = f"{scheme}://{rest}"
    assert load({"ANLAN_WEBHOOK_URL": url, "ANLAN_WEBHOOK_SECRET_FILE": "s"}).webhook_url == url


def test_a_way_out_that_lacks_something_is_refused() -> None:
    given = {"ANLAN_MAIL_HOST": "10.0.0.8", "ANLAN_MAIL_USER": "a", "ANLAN_WEBHOOK_URL": "https://office.example/"}
    with pytest.raises(InputError) as caught:
        load(given)
    assert len(caught.value.problems) == 3


def test_names_of_the_test_run_are_no_settings() -> None:
    assert load({"ANLAN_TEST_DATABASE_URL": "x"}) == load({})


def test_every_setting_is_described_in_both_languages_and_its_default_is_allowed() -> None:
    for setting in SETTINGS:
        # The address of the database has the name that every hosting place uses.
        assert setting.name.startswith("ANLAN_") or setting.name == "DATABASE_URL"
        assert setting.help.zh
        assert setting.help.en
        assert setting.problem(setting.default) is None
        # A number without its unit would be guessed at.
        assert bool(setting.unit) == (setting.kind == "whole number")


def test_passwords_are_kept_with_argon2() -> None:
    # The run of the tests has a quicker one in its place, so the file itself is asked.
    text = (ROOT / "src" / "anlan" / "web" / "config.py").read_text(encoding="utf-8")
    assert 'PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]' in text


@pytest.mark.parametrize(
    ("scheme", "rest"), [("ftp", "office.example"), ("https", "a:b@office.example"), ("http", "office.example/y")]
)
def test_the_address_of_the_site_is_one_without_a_path_or_a_login(scheme: str, rest: str) -> None:
    with pytest.raises(InputError, match="ANLAN_SITE_URL"):
        load({"ANLAN_SITE_URL": f"{scheme}://{rest}"})
