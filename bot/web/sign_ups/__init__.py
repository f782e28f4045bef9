"""Where managers say yes or no to sign-ups, behind a signed link."""
