"""Receiving frames of data loggers: the TCP server, the log it writes before it answers, the dialogue with devices."""
