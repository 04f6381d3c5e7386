"""The project library on top of its registers: stages, money, works, milestones, what is ready for the next call."""
