"""From answers in Outlook to claims: what each person has said about each offering."""
