"""Adaptive Cards of the bot: what is drawn of each answer and message (pure)."""
