"""Making an installation and keeping it: stores, district, sample data, checks, backups."""
