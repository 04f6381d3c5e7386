"""Reading the Excel and CSV files of clerks; writing Excel that can come back."""
