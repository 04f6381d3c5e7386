"""Reading clerks' Excel and CSV files as a dry run first, and writing Excel files that can come back."""
