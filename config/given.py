"""What somebody may type where an address, an id or a secret is asked for.

Says yes or no; what is told then is `config.settings`'.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import UUID

SHORTEST_SECRET = 32
LEAST_DIFFERENT = 8
"""So many different characters has a secret of chance.

Of 32 hexadecimal digits all but one in a hundred thousand.
"""


def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_guid(text: str) -> bool:
    """Whether it is an id such as Entra gives."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def is_webhook(url: str) -> bool:
    """Whether a post may go there: https, or http that stays on this machine."""
    try:
        parts = urlsplit(url)
        # There and back: parts that are empty or too long, and Punycode that says nothing. `port` raises for
        # what is no number.
        named = bool((parts.hostname or "").encode("idna").decode("idna")) and parts.port != 0
        return named and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url)))
    except ValueError:
        return False


def is_of_chance(secret: str, *, stays_here: bool = False) -> bool:
    """Long enough, and no word that is written over and over: whoever guesses it makes links for everybody.

    Where the links lead to this machine alone (`stays_here`) a word over and over will do: that is somebody
    trying it out.
    """
    written = secret.strip()
    repeated = written in (written + written)[1:-1]
    return (
        len(written) >= SHORTEST_SECRET
        and len(set(written)) >= LEAST_DIFFERENT
        and (stays_here or not repeated)
    )
