"""The bot in Teams: what comes from there, checked and answered."""
