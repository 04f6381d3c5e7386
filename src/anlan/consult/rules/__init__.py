"""Rules of consultation: opinions add up, persons stay masked, offered as calculations of the registry. Pure."""
