"""Rules of ecology: indices, ecosystem product, accounts, offered as calculations. Pure."""
