"""`doctor`: is everything in place, and if not, what to do about it."""
