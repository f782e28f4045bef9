"""The list at a session's door, for a helper by a signed link."""
