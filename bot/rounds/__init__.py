"""One round of each kind: what the commands and the clock run."""
