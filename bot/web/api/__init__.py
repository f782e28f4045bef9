"""The API for apps and people with a token of the sign-in: the same objects as the commands give, as JSON."""
