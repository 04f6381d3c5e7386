"""What rooms offer each other without knowing each other."""
