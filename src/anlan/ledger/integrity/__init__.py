"""What speaks against a claimed rectification: signs that raise questions to a person and accuse nobody. Pure."""

from anlan.ledger.integrity.cases import Case, Photo, of_picture, read, schema
from anlan.ledger.integrity.drawing import Draw, draw, sealed, weights
from anlan.ledger.integrity.findings import Examination, Findings
from anlan.ledger.integrity.signs import Sign, Unchecked, table

__all__ = [
    "Case",
    "Draw",
    "Examination",
    "Findings",
    "Photo",
    "Sign",
    "Unchecked",
    "draw",
    "of_picture",
    "read",
    "schema",
    "sealed",
    "table",
    "weights",
]
