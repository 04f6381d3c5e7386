"""Rules of ecology: indices, ecosystem product, accounts, offered as calculations of the registry. Pure."""
