"""The simulated field of a sample installation: its sites and devices. What they send is simulated, and marked so."""

from __future__ import annotations

from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import machine
from anlan.monitor.actions import SimulatedSite, bring_field
from anlan.monitor.hj212.field.loggers import SIMULATED_MN
from anlan.monitor.models import Device, SiteKind

_SITES = (
    ("模拟断面一号", SiteKind.SECTION),
    ("模拟断面二号", SiteKind.SECTION),
    ("模拟断面三号", SiteKind.SECTION),
    ("模拟污水处理厂进口", SiteKind.PLANT_INLET),
    ("模拟污水处理厂出口", SiteKind.PLANT_OUTLET),
    ("模拟园区污水处理厂出口", SiteKind.PLANT_OUTLET),
    ("模拟入河排污口一号", SiteKind.OUTFALL),
    ("模拟入河排污口二号", SiteKind.OUTFALL),
    ("模拟企业排口", SiteKind.ENTERPRISE),
    ("模拟农村污水设施一号", SiteKind.RURAL),
    ("模拟农村污水设施二号", SiteKind.RURAL),
    ("模拟饮用水水源地", SiteKind.SOURCE),
)
COUNT = len(_SITES)
# Messages a second of all together (one every 30 seconds each), and the share of frames that is spoilt.
RATE, BAD = 0.4, 0.03


def bring() -> int:
    """Sites and devices of the simulated field, once; gives how many sites are new."""
    if Device.objects.filter(simulated=True).exists():
        return 0
    sites = [
        SimulatedSite(f"SIM{number:02d}", name, kind, f"{SIMULATED_MN}{number:020X}")
        for number, (name, kind) in enumerate(_SITES, 1)
    ]
    with acting(machine("sample"), "monitor.simulate") as act:
        new = bring_field(sites)
        act.after = {"sites": new}
    return new
