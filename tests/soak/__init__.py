"""Soak run: the whole product under steady use."""
