"""Getting messages to people: each exactly once, whatever breaks in between."""
