"""From answers in Outlook to registrations, and to the lists that HR takes home."""
