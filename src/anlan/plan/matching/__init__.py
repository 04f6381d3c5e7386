"""Clauses of two versions of a document matched by their text, never by their number; pure."""
