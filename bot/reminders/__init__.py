"""Which messages the plan's rules ask for, to whom, when, and as how many mails (pure)."""
