"""Which rows of problem ledgers are the same problem (see docs/linkage.md). Pure."""

from anlan.ledger.linkage.index import Index, Match, Merged, Pair, merge
from anlan.ledger.linkage.rows import Row, row

__all__ = ["Index", "Match", "Merged", "Pair", "Row", "merge", "row"]
