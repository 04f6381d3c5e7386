"""A district brought into an installation: divisions, units, groups with their members, further names."""

from __future__ import annotations

from collections.abc import Iterable

from anlan.foundation.org.models import Division, Group, Membership, Unit, UnitAlias, UnitKind
from anlan.plan import pack
from anlan.plan.pack import Organ

# Kinds as the registers of offices write them.
KINDS = {
    "区直": UnitKind.DEPARTMENT,
    "市局派出": UnitKind.FIELD_OFFICE,
    "垂直管理": UnitKind.FIELD_OFFICE,
    "乡镇": UnitKind.TOWNSHIP,
    "乡镇街道": UnitKind.TOWNSHIP,
    "街道": UnitKind.TOWNSHIP,
    "党委": UnitKind.PARTY,
    "司法": UnitKind.JUDICIAL,
    "事业": UnitKind.INSTITUTION,
    "群团": UnitKind.MASS,
    "协调机构": UnitKind.COORDINATION,
    "企业": UnitKind.COMPANY,
}
_BY_LABEL = {str(kind.value): kind for kind in UnitKind}
# Divisions that have a government or an office of their own, and so are units that can owe something.
TOWNSHIPS = ("street", "town", "township")
# The group that plans mean by "every township": its names hold one of these words.
_TOWNSHIP_WORDS = ("乡镇", "乡(镇)", "乡（镇）", "镇(街道)", "镇街")


def kind_of(text: str) -> UnitKind:
    """Kind of unit that a register's cell means; OTHER for a word nobody knows."""
    text = text.strip()
    return KINDS.get(text) or _BY_LABEL.get(text) or UnitKind.OTHER


def bring_divisions(divisions: Iterable[pack.Division]) -> int:
    """Divisions that are not there yet; gives how many there are now."""
    for one in divisions:
        Division.objects.get_or_create(code=one.code, defaults={"name": one.name, "kind": one.kind, "note": one.note})
    return Division.objects.count()


def bring_units(organs: Iterable[Organ], *, sample: bool) -> int:
    """Units and groups of a register, with their further names, and the townships; gives how many units there are.

    The group of every township gets them as members; who belongs to other groups is for the clerk to say.
    """
    office_known = Unit.objects.filter(is_office=True).exists()
    for organ in organs:
        body: dict[str, Unit | Group]
        if organ.is_group:
            group, _ = Group.objects.get_or_create(code=organ.id, defaults={"name": organ.short, "sample": sample})
            body = {"group": group}
        else:
            is_office = not office_known and any("长江办" in name for name in organ.names)
            office_known = office_known or is_office
            unit, _ = Unit.objects.get_or_create(
                code=organ.id,
                defaults={
                    "short_name": organ.short,
                    "official_name": organ.full,
                    "kind": kind_of(organ.kind),
                    "is_office": is_office,
                    "sample": sample,
                },
            )
            body = {"unit": unit}
        for name in organ.names[1:]:
            if name != organ.full:
                UnitAlias.objects.get_or_create(name=name, defaults={"misprint": name in organ.misprints, **body})
    _bring_townships(sample=sample)
    return Unit.objects.count()


def _bring_townships(*, sample: bool) -> None:
    towns = []
    for division in Division.objects.filter(kind__in=TOWNSHIPS):
        # A register that lists the townships itself has them already, under a code of its own.
        unit = Unit.objects.filter(short_name=division.name).first()
        if unit is None:
            unit, _ = Unit.objects.get_or_create(
                code=division.code,
                defaults={
                    "short_name": division.name,
                    "kind": UnitKind.TOWNSHIP,
                    "division": division,
                    "sample": sample,
                },
            )
        towns.append(unit)
    for group in Group.objects.all():
        if any(word in group.name for word in _TOWNSHIP_WORDS):
            for unit in towns:
                Membership.objects.get_or_create(group=group, unit=unit)
