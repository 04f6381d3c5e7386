"""Tables of the monitoring room, in the business store and in the store of readings."""
