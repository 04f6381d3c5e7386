"""Sheets of this room: units with groups, accounts with people, roles of accounts."""

from __future__ import annotations

from anlan.foundation.org import account_sheet, charge_sheet, unit_sheet, unit_writing
from anlan.foundation.sheets.registry import Importable, register

UNITS = Importable(
    spec=unit_sheet.UNITS,
    action="org.import",
    back="units",
    current=unit_sheet.current,
    apply=lambda actor, lines: unit_writing.prepare(actor, lines, "")(),
    prepare=unit_writing.prepare,
    label=unit_sheet.label,
    identify=unit_sheet.identify,
    review=unit_sheet.review,
    see="org.see",
)
ACCOUNTS = Importable(
    spec=account_sheet.ACCOUNTS,
    action="org.accounts",
    back="accounts",
    current=account_sheet.current_accounts,
    apply=account_sheet.apply_accounts,
    label=account_sheet.person_label,
    identify=lambda: account_sheet.login,
    review=account_sheet.review_accounts,
    has_secrets=True,
)
GRANTS = Importable(
    spec=account_sheet.GRANTS,
    action="org.grants",
    back="accounts",
    current=account_sheet.current_grants,
    apply=account_sheet.apply_grants,
    label=account_sheet.person_label,
    review=account_sheet.review_grants,
)

CHARGES = Importable(
    spec=charge_sheet.CHARGES,
    action="org.charge",
    back="charges",
    current=charge_sheet.current,
    apply=charge_sheet.apply,
    label=charge_sheet.label,
    review=charge_sheet.review,
    see="org.see",
)

for sheet in (UNITS, ACCOUNTS, GRANTS, CHARGES):
    register(sheet)
