"""Monitoring: from what instruments send to what the water says. Today the wire protocol of the loggers."""
