"""A simulated Microsoft 365 tenant, spoken to over HTTP; shares no code with `bot.graph`."""
