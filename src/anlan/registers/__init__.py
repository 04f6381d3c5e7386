"""Registers: ledgers declared once, corrected by revisions. Today the rules of the project library."""
