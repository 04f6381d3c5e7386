"""What pages of plans and tasks show of their basis."""
