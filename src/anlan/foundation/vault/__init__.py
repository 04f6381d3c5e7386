"""Files as received: content-addressed, hashed, sniffed, never overwritten."""
