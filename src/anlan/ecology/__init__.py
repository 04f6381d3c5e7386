"""Ecology: integrity of river life, ecosystem product, wetland accounts, new forest. Today its rules."""
