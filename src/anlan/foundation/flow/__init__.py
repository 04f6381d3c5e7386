"""States and transitions as data: who may, what it needs, how long it may take."""
