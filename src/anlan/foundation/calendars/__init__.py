"""Calendars: working days with make-up Saturdays, legal periods, deadlines that explain themselves. Pure."""
