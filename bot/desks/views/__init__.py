"""What HR and the directors look at, by the books alone."""
