"""Chinese numbers, units and comparators as exact decimals (see docs/quantities.md)."""

from anlan.foundation.quantities.finding import find
from anlan.foundation.quantities.numerals import number
from anlan.foundation.quantities.units import base, convert, kind
from anlan.foundation.quantities.values import Comparator, Place, Quantity

__all__ = ["Comparator", "Place", "Quantity", "base", "convert", "find", "kind", "number"]
