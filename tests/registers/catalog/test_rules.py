"""What the catalogue refuses and points out, asked of real rows: overlaps, balances, native fish, works, grades, farms."""

from __future__ import annotations

from typing import Any

import pytest
from tests import people
from tests.registers.spec.test_values import square

from anlan import packs
from anlan.foundation.access.actor import Actor, machine
from anlan.foundation.access.roles import Role
from anlan.foundation.org.models import Division, UnitKind
from anlan.registers import actions, sources
from anlan.registers.book import get
from anlan.registers.drafting import Drafter
from anlan.registers.installing import install
from anlan.registers.models import Row
from anlan.registers.projection import drafted
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

USABLE = sources.gather(packs.find("changjiang")).usable
TOWN = "990101101"


@pytest.fixture
def clerk() -> Actor:
    Division.objects.get_or_create(code="990101", defaults={"name": "青溪区", "kind": "district"})
    Division.objects.get_or_create(code=TOWN, defaults={"name": "上渡镇", "kind": "town"})
    people.unit("上渡镇", UnitKind.TOWNSHIP)
    return people.actor(Role.CLERK)


def put(*ids: str) -> None:
    """Installs these registers of the catalogue, those that they refer to first."""
    wanted: dict[str, None] = {}

    def need(id: str) -> None:
        for field in USABLE[id].spec.fields:
            if field.register and field.register != id and field.register not in wanted:
                need(field.register)
        wanted[id] = None

    for id in ids:
        need(id)
    for id in wanted:
        install(machine("test"), USABLE[id])


def add(clerk: Actor, register: str, **values: Any) -> Row:
    """Row with the unit and the township that every register here has."""
    spec = get(register).spec
    common = {spec.unit: "上渡镇"} | ({spec.place: TOWN} if spec.place else {})
    return actions.add(clerk, get(register), {**common, **values})


def flags(row: Row) -> set[str]:
    """Warnings and notes that a row carries now."""
    installed = get(row.register.code)
    revision = row.revisions.get(number=row.revision)
    drafter = Drafter(installed)
    draft = drafted(drafter, row, revision)
    drafter.finish([draft])
    return {one.check for one in draft.failed}


def figure(row: Row, field: str) -> Any:
    """Column of a row in its register."""
    return getattr(get(row.register.code).rows.get(row_id=row.pk), f"f_{field}")


def test_planting_does_not_overlap_and_counts_only_with_survival(clerk: Actor) -> None:
    put("afforestation")
    plot = {"year": 2022, "method": "plant", "area": "100"}
    add(clerk, "afforestation", code="A1", range=square(117.2, 29.3), **plot)
    with pytest.raises(InputError, match="overlaps that of A1"):
        add(clerk, "afforestation", code="A2", range=square(117.205, 29.305), **plot)
    add(clerk, "afforestation", code="A2", range=square(117.25, 29.35), **plot)
    # 169 of 200 is 84.5 %: to be filled in. 170 of 200 is 85 %: accepted.
    with pytest.raises(InputError, match="nothing can be accepted"):
        add(clerk, "afforestation", code="A3", plots_planted=200, plots_alive=169, accepted_area="90", **plot)
    row = add(clerk, "afforestation", code="A3", plots_planted=200, plots_alive=170, accepted_area="90", **plot)
    assert figure(row, "finding") == "pass"
    # 81 of 200 is 40.5 %: below 41 %, to be planted again.
    row = add(clerk, "afforestation", code="A4", plots_planted=200, plots_alive=81, **plot)
    assert figure(row, "finding") == "again"


def parcel(clerk: Actor, **more: Any) -> Row:
    row = add(
        clerk,
        "wetland_parcel",
        **{
            "code": "W1", "name": "东湖湿地", "area": "20", "land_use": "pond", "tenure": "state", "plan_no": "方案1号",
            "accepted_on": "2022-06-01", "accepted_area": "20", "quality": "0.9", "report_no": "YS-1",
            "register_no": "ZB-1", **more,
        },
    )  # fmt: skip
    actions.move(clerk, row, "build")
    row.refresh_from_db()
    actions.move(clerk, row, "accept")
    return row


def test_the_wetland_bank_never_gives_out_more_than_was_accepted(clerk: Actor) -> None:
    put("wetland_parcel", "wetland_entry")
    there = parcel(clerk)

    def entry(number: str, kind: str, area: str, **more: Any) -> Row:
        return add(
            clerk, "wetland_entry", number=number, day="2022-08-01", parcel=there.pk, kind=kind, area=area, **more
        )

    # The credit is 20 × 0.9 = 18.
    sale = {"buyer": "样例公司", "price": "8", "contract": "HT-1"}
    with pytest.raises(InputError, match="No balance may be negative"):
        entry("S1", "sell", "18.01", total="144.08", **sale)
    entry("S1", "sell", "10", total="80", **sale)
    frozen = entry("S2", "freeze", "8")
    with pytest.raises(InputError, match="No balance may be negative"):
        entry("S3", "sell", "1", total="8", **sale)
    with pytest.raises(InputError, match="8 mu are frozen, 0 released"):
        entry("S3", "release", "9")
    entry("S3", "release", "8")
    entry("S4", "sell", "8", total="64", **sale)
    with pytest.raises(InputError, match="No balance may be negative"):
        actions.correct(clerk, frozen, {"area": "9"}, reason="录入有误")
    with pytest.raises(InputError, match="no less can be frozen"):
        actions.correct(clerk, frozen, {"area": "7"}, reason="录入有误")
    taken = {"taken_no": "批1号", "taken_area": "6"}
    with pytest.raises(InputError, match="before it was made good on 2022-06-01"):
        entry("S5", "use", "6", taken_on="2022-05-01", **taken)
    with pytest.raises(InputError, match=r"5\.00 mu for 6\.00 mu taken"):
        entry("S5", "use", "5", taken_on="2022-07-01", **taken)
    entry("S5", "use", "6", taken_on="2022-07-01", **taken)
    with pytest.raises(InputError, match=r"A credit of 13\.50 mu is less than the 26 mu"):
        actions.correct(clerk, Row.objects.get(pk=there.pk), {"accepted_area": "15"}, reason="复核")


def test_no_land_is_banked_twice(clerk: Actor) -> None:
    put("wetland_parcel", "wetland_entry", "small_wetland", "eco_resource", "afforestation")
    parcel(clerk, range=square(117.2, 29.3))
    with pytest.raises(InputError, match="overlaps that of W1"):
        parcel(clerk, code="W2", register_no="ZB-2", range=square(117.205, 29.305))
    with pytest.raises(InputError, match="The credit ZB-1 is that of W1"):
        parcel(clerk, code="W2", range=square(117.3, 29.4))
    small = {"name": "村塘", "kind": "pond", "area": "1.2", "problem": "none", "caretaker": "护湿员"}
    with pytest.raises(InputError, match="overlaps that of 湿地银行地块 W1"):
        add(clerk, "small_wetland", code="X1", range=square(117.205, 29.305), **small)
    with pytest.raises(InputError, match="hectares are more than 8"):
        add(clerk, "small_wetland", code="X1", **{**small, "area": "8.001"})
    add(clerk, "small_wetland", code="X1", **small)
    wood = {"year": 2022, "method": "plant", "area": "100"}
    add(clerk, "afforestation", code="A1", range=square(117.4, 29.5), **wood)
    assert "not_planted" in flags(parcel(clerk, code="W3", register_no="ZB-3", range=square(117.405, 29.505)))


def test_only_native_fish_go_into_the_river(clerk: Actor) -> None:
    put("fish_release")
    fish = {"group": "fish", "level": "none"}
    native = add(clerk, "protected_species", latin="Siniperca chuatsi", name="鳜", origin="native", **fish)
    alien = add(clerk, "protected_species", latin="Oreochromis niloticus", name="罗非鱼", origin="alien", **fish)
    batch = {
        "released_on": "2022-06-06", "water": "昌江", "animals": "1.5", "size": "5", "supplier": "良种场",
        "licence": "证01", "quarantine": "检01", "quarantined_on": "2022-06-01",
    }  # fmt: skip
    with pytest.raises(InputError, match="is not native"):
        add(clerk, "fish_release", number="F1", species=alien.pk, **batch)
    with pytest.raises(InputError, match="within the 15 days before"):
        add(clerk, "fish_release", number="F1", species=native.pk, **{**batch, "quarantined_on": "2022-05-01"})
    add(clerk, "fish_release", number="F1", species=native.pk, **batch)


def test_works_of_the_plan_are_plausible_or_pointed_out(clerk: Actor) -> None:
    put("sewage_works")
    project = USABLE["project"].spec
    assert project.key == ("number",)
    row = Row.objects.create(register=get("project").register, key="P1", label="农村污水", unit_id=None)
    # The figures of the plan: (11640 + 14550) / 731 = 35.83 m; 360 / 720 * 24 = 12 h; 720 / 720 = 1.00.
    works = add(
        clerk, "sewage_works", project=row.pk, served="village", capacity="720", house_dn=110, house_m="14550",
        branch_dn=220, branch_m="11640", main_dn=300, main_m="14550", manholes=731, balancing="360", reactor="360",
        wetland="720",
    )  # fmt: skip
    assert (figure(works, "spacing"), figure(works, "reactor_h"), figure(works, "loading")) == (3583, 120, 100)
    # DN220 is no usual diameter, and two pipes of one length were perhaps copied.
    assert flags(works) == {"same_length", "branch_diameter"}


@pytest.mark.parametrize(
    ("figures", "grade"),
    [
        ({"sd": "26", "do": "2.01", "orp": "51", "nh3n": "7.99"}, "none"),
        ({"sd": "25", "do": "3", "orp": "60", "nh3n": "1"}, "light"),
        ({"sd": "30", "do": "3", "orp": "60", "nh3n": "15"}, "light"),
        ({"sd": "30", "do": "3", "orp": "60", "nh3n": "15.01"}, "heavy"),
        ({"sd": "9", "do": "3", "orp": "60", "nh3n": "1"}, "heavy"),
        # 20 cm deep: the lower limit is 8 cm, and 9 cm is above it.
        ({"sd": "9", "depth": "20", "do": "3", "orp": "60", "nh3n": "1"}, "light"),
        # Clear to the bottom of 9 cm.
        ({"sd": "9", "depth": "9", "clear": "yes", "do": "3", "orp": "60", "nh3n": "1"}, "none"),
        ({"sd": "30", "do": "0.2", "orp": "-200", "nh3n": "1"}, "light"),
        ({"sd": "30", "do": "0.19", "orp": "60", "nh3n": "1"}, "heavy"),
    ],
)
def test_a_sample_of_black_water_is_graded_at_the_limits(clerk: Actor, figures: dict[str, str], grade: str) -> None:
    put("black_water_sample")
    body = add(clerk, "black_water", code="B1", name="明渠", setting="urban", length="500")
    row = add(clerk, "black_water_sample", body=body.pk, spot="W1", sampled_on="2022-07-01", **figures)
    assert figure(row, "grade") == grade


def test_a_body_is_held_against_its_samples(clerk: Actor) -> None:
    put("black_water", "black_water_sample")
    body = add(clerk, "black_water", code="B1", name="明渠", setting="urban", length="500", grade="light")
    assert flags(body) == {"samples_enough"}
    for spot in ("W1", "W2", "W3"):
        heavy = {"sd": "5", "do": "0.1", "orp": "-250", "nh3n": "16"}
        add(clerk, "black_water_sample", body=body.pk, spot=spot, sampled_on="2022-07-01", **heavy)
    assert flags(body) == {"grade_fits_heavy"}


def test_farms_have_a_scale_and_a_distance(clerk: Actor) -> None:
    put("livestock_farm")
    farm = {"species": "pig", "stock": 300, "bank_m": "800", "zone": "open", "facility": "part"}
    small = add(clerk, "livestock_farm", code="Y1", name="一号场", sold=499, **farm)
    large = add(clerk, "livestock_farm", code="Y2", name="二号场", sold=500, **farm)
    assert (figure(small, "scale"), figure(large, "scale"), figure(large, "along")) == ("small", "scale", "yes")
    assert flags(small) == set()
    assert flags(large) == {"scale_has_works", "along_river_complete"}
    with pytest.raises(InputError, match="No scale farm may keep animals in a closed zone"):
        add(clerk, "livestock_farm", code="Y3", name="三号场", sold=500, **{**farm, "zone": "forbidden"})


def test_growth_of_pure_nutrients_needs_the_year_before(clerk: Actor) -> None:
    put("farm_inputs")
    year = {"crop": "rape", "area": "1000", "p": "4", "k": "6", "pesticide": "0.1", "pesticide_as": "commodity"}
    first = add(clerk, "farm_inputs", period="2021", n="10", **year)
    assert flags(first) == {"base_year"}
    # 10 + 4 + 6 again is no negative growth, and neither is the same pesticide.
    same = add(clerk, "farm_inputs", period="2022", n="10", **year)
    assert flags(same) == {"pure_falls", "pesticide_falls"}
    with pytest.raises(InputError, match="cannot be compared"):
        add(clerk, "farm_inputs", period="2023", n="9", **{**year, "pesticide_as": "active"})


def test_what_a_sorting_centre_takes_in_goes_out(clerk: Actor) -> None:
    put("sorting_month")
    site = add(
        clerk, "recycling_site", code="Z1", name="分拣中心", kind="centre", area="6000", operator="公司",
        households=40000, capacity="24000", land_no="地1", eia_no="评1", filing_no="B1",
    )  # fmt: skip
    none = {"plastic": "0", "metal": "0", "glass": "0", "other": "0"}
    add(
        clerk,
        "sorting_month",
        site=site.pk,
        period="2022-01",
        taken="100",
        paper="80",
        residue="10",
        stock="10",
        **none,
    )
    # 10 + 100 - 70 - 10 = 30; 27.9 is 2.1 off, and 2 % of 100 is 2 (and 0.01 of rounding).
    with pytest.raises(InputError, match="within 2 %"):
        add(
            clerk, "sorting_month", site=site.pk, period="2022-02", taken="100", paper="70", residue="10",
            stock="27.9", **none,
        )  # fmt: skip
    add(
        clerk,
        "sorting_month",
        site=site.pk,
        period="2022-02",
        taken="100",
        paper="70",
        residue="10",
        stock="28",
        **none,
    )


def test_an_outfall_has_one_owner_and_fits_its_kind(clerk: Actor) -> None:
    put("outfall")
    mouth = {"code": "P1", "name": "一号排口", "kind": "industrial", "river": "昌江", "position": ["117.2", "29.3"]}
    with pytest.raises(InputError, match="looks like several"):
        add(clerk, "outfall", owner="甲厂、乙厂", **mouth)
    with pytest.raises(InputError, match="is no finer kind of industrial"):
        add(clerk, "outfall", owner="甲厂", detail="municipal", **mouth)
    with pytest.raises(InputError, match="is none of the choices"):
        add(clerk, "outfall", owner="甲厂", remedy="ban, merge", **mouth)
    row = add(clerk, "outfall", owner="甲厂", detail="factory", flow="100", cod="120", cod_limit="100", **mouth)
    # 100 m3/d × 120 mg/L / 1000 = 12 kg/d.
    assert (figure(row, "load"), figure(row, "exceeds")) == (1200, "yes")
    # Without a standard it is not judged.
    row = add(clerk, "outfall", owner="甲厂", detail="factory", cod="120", **{**mouth, "code": "P2"})
    assert figure(row, "exceeds") is None
