"""Rules of consultation: opinions add up, persons stay masked, offered as calculations. Pure."""
