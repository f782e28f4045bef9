"""What a participant and a manager see and decide of their own: behind their links, or signed in."""
