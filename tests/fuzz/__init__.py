"""Fuzz run of the plan compiler: damaged plans, and texts built to be slow."""
