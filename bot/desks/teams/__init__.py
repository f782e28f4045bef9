"""What somebody sees and does in a conversation with the bot."""
