"""What rounds are made of: each reads something, decides something or carries something out."""
