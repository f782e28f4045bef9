"""Experiments in a test mailbox: each plays one or a few assumptions about Graph and says what it saw.

An experiment makes events or messages of its own, named with the probe's token, and leaves the cleaning to
the laboratory (`lab.py`). Several go on at the same time, because most of the time is spent on waiting for
mails. What the assumptions are stands in `bot.domain.probing`.
"""
