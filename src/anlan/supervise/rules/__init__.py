"""Rules of supervision: lights and yearly scores, offered as calculations. Pure."""
