"""The plan as an overview for those who are not on every event."""
