"""Who sits at the terminal, for the books: the person, not the user that a service or sudo runs as."""

from __future__ import annotations

import getpass
import os


def person_at_the_terminal() -> str:
    """The name of whoever called sudo, else of the user of this machine; "unknown" where the machine does not tell."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
