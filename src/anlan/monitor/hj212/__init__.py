"""HJ 212, the protocol of data loggers, in its editions of 2005, 2017 and 2025: bytes to frames and back, no clock."""
