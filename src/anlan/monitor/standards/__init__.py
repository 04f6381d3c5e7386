"""Standards for water and farmland: pure rules and their tables as data, offered as calculations."""
