"""Workbooks written after the reader had been tuned on the first half."""
