"""A person's own page behind a signed link: what they were asked, what they answered, what they may do."""
