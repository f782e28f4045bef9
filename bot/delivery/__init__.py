"""Getting messages to people.

What goes first, what goes as one, what came back (`bot.rounds.steps` sends).
"""
