"""Who sits at the terminal, for the books: the person, not the user that a service or sudo runs as."""

from __future__ import annotations

import getpass
import os

from bot.messages.characters import one_line


def person_at_the_terminal(named: str | None = None) -> str:
    """Who was `named`, else whoever called sudo, else the user of this machine; "hr" where the machine does not tell. One line."""
    return one_line(named or "") or one_line(os.environ.get("SUDO_USER", "")) or _user()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container's user without a name, or a machine without such a list
        return "hr"
