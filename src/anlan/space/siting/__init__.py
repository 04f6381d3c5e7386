"""Siting rules: a project against the negative lists of the Yangtze belt, offered as a calculation. Pure."""
