"""Rules of registers: codes and money of projects, offered as calculations. Pure."""
