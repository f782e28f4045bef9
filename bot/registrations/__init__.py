"""Who is coming: registrations, and the lists that HR takes home."""
