"""A small plan in our own words, with one of everything that a plan can leave open."""

from __future__ import annotations

from tests import people

from anlan.foundation.org.models import Division, Group, Membership, Unit, UnitKind

TEXT = """青溪区2024年水环境整治工作要点

一、工业污染防治
1.排查入河排污口。2024年6月底前，排查入河排污口120个以上。（牵头单位：区生态环境局；配合单位：区工信局、各乡镇）
2.整治化工企业。推进化工企业分类整治。（责任单位：区工信局、区应急局）
二、生活污水治理
3.新建污水管网。12月底前新建污水管网6.5公里。（责任单位：区住建局）
4.清理河面垃圾。9月底前清理完毕。（责任单位：区城管队）
5.加强宣传引导。
6.管护农村设施。长期坚持管护农村污水设施。（责任单位：各乡镇）
"""


def district() -> dict[str, Unit]:
    """Units of the small district by short name; 区城管队 is none of them. 各乡镇 has two members."""
    Division.objects.create(code="990101", name="青溪区", kind="district")
    units = {name: people.unit(name) for name in ("区生态环境局", "区工信局", "区应急局", "区住建局", "区城管局")}
    towns = Group.objects.create(code="xz", name="各乡镇")
    for name in ("上渡镇", "下渡镇"):
        units[name] = people.unit(name, UnitKind.TOWNSHIP)
        Membership.objects.create(group=towns, unit=units[name])
    return units
