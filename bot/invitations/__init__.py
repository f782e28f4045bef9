"""From plan to calendar: desired, diff, safety, preview, in that order (`bot.rounds.steps` applies)."""
