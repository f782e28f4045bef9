"""Finding a date.

Which times there are, who can come, which room is free, and which dates serve several offerings best (pure).
"""
