"""The Bot Connector: how cards travel to conversations in Teams."""
