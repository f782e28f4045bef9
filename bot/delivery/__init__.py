"""Getting messages to people: what goes first, what goes as one, what came back (`bot.rounds.steps` sends)."""
