"""A plan as HR writes it, reads it anew and approves what follows from it."""
