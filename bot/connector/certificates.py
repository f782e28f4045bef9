"""Whose certificates are believed when Teams is spoken to: read once, which costs as much as ten cards."""

from __future__ import annotations

import ssl
from functools import cache


@cache
def certificates(*, played: bool) -> ssl.SSLContext:
    """The usual ones; nobody's where Teams is played on this machine, which shows none."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if played else ssl.create_default_context()
