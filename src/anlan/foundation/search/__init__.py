"""One index over all rooms; two characters are enough."""
