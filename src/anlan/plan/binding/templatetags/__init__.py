"""Template tags of bindings."""
