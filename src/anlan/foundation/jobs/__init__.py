"""Background work with leases, progress and a table of recurring jobs."""
