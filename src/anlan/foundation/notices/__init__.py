"""To-dos and messages for people."""
