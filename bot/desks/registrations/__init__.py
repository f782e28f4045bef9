"""Lists of who takes part, to look at, to take along and to give back."""
