"""Clerks' ledgers in, whatever form they keep them in: bytes to records with where each came from. Pure.

`read` takes the bytes of an .xlsx, .xls or .csv file, or of a table that was copied from one.
"""

from anlan.ledger.reading.ledgers import read, read_grids
from anlan.ledger.reading.model import FIELD_WORDS, Doubt, Field, LeftOut, Proposal, Reading, Record, Why

__all__ = ["FIELD_WORDS", "Doubt", "Field", "LeftOut", "Proposal", "Reading", "Record", "Why", "read", "read_grids"]
