"""Documents that plans rest on: a library, and their clauses mapped to measures."""
