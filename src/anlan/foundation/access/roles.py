"""Roles that an account can hold. The three administrators are apart from each other and from all business."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Role of a person in the district. A grant ties it to a unit or a territory where it needs one."""

    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")
    CLERK = "clerk", _("长江办经办人")
    HANDLER = "handler", _("单位经办人")
    UNIT_LEADER = "unit_leader", _("单位负责人")
    VERIFIER = "verifier", _("核查人员")
    LEADER = "leader", _("区领导")


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
BUSINESS = frozenset(Role) - ADMINISTRATORS
# Roles that mean nothing without the unit they are held at.
AT_A_UNIT = frozenset({Role.HANDLER, Role.UNIT_LEADER})
