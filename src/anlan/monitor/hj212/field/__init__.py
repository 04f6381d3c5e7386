"""A field of simulated data loggers for tests and demonstrations: the same seed gives the same bytes."""
