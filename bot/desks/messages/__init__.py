"""What people are written: what is to come, what HR changes of it, and HR's own words."""
