"""What rooms offer each other without knowing each other: providers of a kind of fact, asked by its name.

offer("lateness", "plan", late_tasks)          in the room that knows
for fact in ask("lateness", unit=7): …         in the room that asks
"""
