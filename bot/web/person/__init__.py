"""A person's own page behind a signed link: what they are invited to, what they answered, what they may do."""
