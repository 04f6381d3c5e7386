"""Supervision: how a task stands, who is chased and when, how a year is scored. Today its rules."""
