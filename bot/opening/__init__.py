"""From settings to what a round works with: the plan, the books, Microsoft 365."""
