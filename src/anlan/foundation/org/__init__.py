"""Units and their names, groups that resolve to units, people and their posts, territories."""
