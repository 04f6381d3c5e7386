"""`anlan init` founds a real installation once: units, three administrators with one-time codes, nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.running import Site, site
from tests.cli.shell import command

from anlan.foundation.access.models import Account, Grant
from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Entry
from anlan.foundation.org.models import Division, Group, Membership, Unit, UnitAlias
from anlan.plan import pack
from anlan.settings import InputError
from anlan.web.install import district, founding
from anlan.web.install.founding import First

ADMINISTRATORS = ("--system", "zhang=张三", "--security", "li=李四", "--audit", "wang=王五")
FIRST = {
    Role.SYSTEM_ADMIN: First("zhang", "张三"),
    Role.SECURITY_ADMIN: First("li", "李四"),
    Role.AUDIT_ADMIN: First("wang", "王五"),
}
UNITS = """编号,简称,全称,类别,别名,误写
sw,区水务局,清源区水务局,区直,水务局;区水利局,区水雾局
xz,各乡镇,,集合,,
cjb,区长江办,,协调机构,,
"""


def codes(said: str) -> dict[str, str]:
    """One-time codes by login name, as they were printed."""
    return {row[1]: row[2] for line in said.splitlines() if len(row := line.split("\t")) == 3}


def can_sign_in(one: Site, name: str, secret: str) -> bool:
    """Whether the pair opens the door, asked by the product itself."""
    code = (
        "import django; django.setup()\n"
        "from anlan.foundation.access.signin import AccountBackend\n"
        f"print(AccountBackend().authenticate(None, {name!r}, {secret!r}) is not None)"
    )
    environ = one.environ | {"DJANGO_SETTINGS_MODULE": "anlan.web.config"}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
    return done.stdout.strip() == "True"


def test_the_console_founds_an_installation_once(tmp_path: Path) -> None:
    sheet = tmp_path / "units.csv"
    sheet.write_text(UNITS, encoding="gb18030")
    with site(tmp_path / "home") as one:
        done = one.anlan("init", "--units", sheet, *ADMINISTRATORS)
        assert done.returncode == 0, done.stderr
        found = codes(done.stdout)
        assert set(found) == {"zhang", "li", "wang"}
        assert can_sign_in(one, "zhang", found["zhang"])
        # Once.
        assert not can_sign_in(one, "zhang", found["zhang"])
        # Two units of the sheet and the six townships and streets of the pack; no sample row anywhere.
        assert one.rows("SELECT count(*), sum(sample) FROM org_unit") == [(8, 0)]
        assert one.rows("SELECT count(*), sum(sample) FROM access_account") == [(3, 0)]
        assert one.rows("SELECT count(*) FROM plan_plan") == [(0,)]
        again = one.anlan("init", *ADMINISTRATORS, "--lang", "en")
        assert again.returncode == 2
        assert "founded already" in again.stderr
        # A way in when nobody has one any more.
        new = one.anlan("init", "--code", "Zhang")
        assert can_sign_in(one, "zhang", new.stdout.split("\n")[0].split("\t")[1])
        # What is real stays so: the ordinary start brings no sample data into it.
        one.start()
        assert one.rows("SELECT count(*), sum(sample) FROM access_account") == [(3, 0)]


def test_missing_names_are_all_named(tmp_path: Path) -> None:
    done = command("init", "--audit", "=", "--lang", "en", ANLAN_HOME=str(tmp_path / "home"))
    assert done.returncode == 2
    assert b"--system, --security, --audit" in done.stderr
    assert not (tmp_path / "home").exists()


def test_a_faulty_sheet_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    sheet = tmp_path / "units.csv"
    sheet.write_text("编号,简称\na,\nb,\n", encoding="utf-8")
    done = command("init", "--units", str(sheet), *ADMINISTRATORS, ANLAN_HOME=str(tmp_path / "home"))
    assert done.returncode == 2
    assert done.stderr.decode().count("行") >= 2 or "没有任何单位" in done.stderr.decode()
    assert not (tmp_path / "home" / "anlan.db").exists()


@pytest.mark.django_db(databases=["default", "scratch"])
def test_units_groups_names_and_townships_come_from_the_register(tmp_path: Path) -> None:
    sheet = tmp_path / "units.csv"
    sheet.write_text(UNITS, encoding="utf-8")
    given = pack.load("changjiang")
    made = founding.found(given.divisions, pack.load_organs(sheet), FIRST)
    assert (made.units, made.groups) == (8, 1)
    assert Division.objects.count() == len(given.divisions)
    water = Unit.objects.get(code="sw")
    assert (water.short_name, water.official_name, water.kind) == ("区水务局", "清源区水务局", "department")
    assert dict(UnitAlias.objects.values_list("name", "misprint")) == {
        "水务局": False,
        "区水利局": False,
        "区水雾局": True,
    }
    assert Unit.objects.get(is_office=True).code == "cjb"
    group = Group.objects.get()
    names = set(Membership.objects.filter(group=group).values_list("unit__short_name", flat=True))
    assert names == {"西郊街道", "新枫街道", "吕蒙街道", "鲇鱼山镇", "丽阳镇", "荷塘乡"}
    held = {(grant.account.name, grant.role) for grant in Grant.objects.select_related("account")}
    assert held == {("zhang", "system_admin"), ("li", "security_admin"), ("wang", "audit_admin")}
    assert all(account.must_change and not account.has_usable_password() for account in Account.objects.all())
    assert Entry.objects.filter(action="installation.found").count() == 1
    # Bringing it once more changes nothing.
    district.bring_units(pack.load_organs(sheet), sample=False)
    assert (Unit.objects.count(), UnitAlias.objects.count(), Membership.objects.count()) == (8, 3, 6)


@pytest.mark.django_db(databases=["default", "scratch"])
@pytest.mark.parametrize(
    "changed, words",
    [
        ({Role.AUDIT_ADMIN: First("ZHANG", "赵六")}, ["different login names"]),
        ({Role.AUDIT_ADMIN: First("zhao", "张三")}, ["different people"]),
        ({Role.AUDIT_ADMIN: First("a b", "赵六"), Role.SECURITY_ADMIN: First("c/d", "钱七")}, ["'a b'", "'c/d'"]),
    ],
)
def test_all_that_is_wrong_with_the_administrators_is_said_and_nothing_stays(
    changed: dict[Role, First], words: list[str]
) -> None:
    given = pack.load("changjiang")
    with pytest.raises(InputError) as refused:
        founding.found(given.divisions, given.organs, FIRST | changed)
    assert all(word in refused.value.speak("en") for word in words)
    assert (Unit.objects.count(), Account.objects.count(), Entry.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    "text, kind",
    [("区直", "department"), ("市局派出", "field_office"), ("企业", "company"), ("mass", "mass"), ("什么", "other")],
)
def test_kinds_are_read_as_offices_write_them(text: str, kind: str) -> None:
    assert district.kind_of(text).value == kind
