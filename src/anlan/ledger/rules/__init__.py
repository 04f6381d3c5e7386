"""Rules of the ledger: its balance, its transitions, signs of a fake, offered as calculations. Pure."""
