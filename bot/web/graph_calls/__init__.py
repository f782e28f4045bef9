"""What Microsoft Graph calls when something has changed, and how many calls are written down together."""
