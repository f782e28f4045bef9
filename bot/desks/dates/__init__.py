"""A search for a date: how it is asked for, and what it says."""
