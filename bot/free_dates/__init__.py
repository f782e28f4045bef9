"""Finding a date: which times there are, who can come, which room is free, and which dates serve several offerings best (pure)."""
