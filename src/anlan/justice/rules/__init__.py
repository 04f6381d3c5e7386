"""Rules of justice: transfer of crimes, negotiation of damage, offered as calculations. Pure."""
