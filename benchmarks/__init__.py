"""Benchmarks: speed and accuracy, each beside a peer or a limit. Not part of the tests."""
