"""Word and PDF out."""
