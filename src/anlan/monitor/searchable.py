"""What of this room can be found from the top bar: sites and devices."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.foundation.search.registry import Found, Source, register
from anlan.monitor.models import Device, DeviceState, Site


def _site(site: Site) -> Found:
    return Found(site.name, reverse("site", args=[site.pk]), site.note, site.code)


def _device(device: Device) -> Found | None:
    if device.state == DeviceState.REFUSED:
        return None
    where = device.site.name if device.site else ""
    return Found(device.name, reverse("device", args=[device.pk]), where, f"{device.mn} {where}")


register(Source("site", _("监测点位"), lambda: Site.objects.all(), "monitor.see", _site))
register(Source("device", _("监测设备"), lambda: Device.objects.select_related("site"), "monitor.see", _device))
