"""Specs of registers: pure. A TOML file says once what a register is; everything else follows from it."""
