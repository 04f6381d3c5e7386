"""Progress: rounds of reports, what each unit owes in them, targets and their shares."""
