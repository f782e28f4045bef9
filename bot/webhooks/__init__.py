"""Telling other programs that something changed: what is said, signed, and when it is tried again."""
