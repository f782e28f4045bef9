"""Who has a seat, who waits in line, and what people are told of it."""
