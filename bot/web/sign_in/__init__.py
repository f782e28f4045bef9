"""Signing in to the desk with Entra or another OpenID provider, and what a signed-in browser carries."""
