"""HR's report: what stands in it, and when it goes."""
