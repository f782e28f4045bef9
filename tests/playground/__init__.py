"""Microsoft's own client for developers before the bot: played by hand or by script, and looked at; no test of the suite.

See `docs/development.md`. The Playground comes from npm, is not part of this repository, and its licence is for trying things out.
"""
