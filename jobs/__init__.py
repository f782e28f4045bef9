"""When: the clock, the queue, and one small file for each job that the service does by itself."""
