"""The ledger of problems: intake, plan, rectify, verify, notice, close, watch."""
