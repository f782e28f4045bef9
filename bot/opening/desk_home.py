"""Where the desk is, for links in mails to HR."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.settings import Settings


def desk_home(settings: Settings) -> str:
    """What the addresses of the desk begin with, without a slash at the end; "" where nobody can sign in."""
    home = settings.web.base_url
    return home.rstrip("/") if home is not None and settings.signin.is_set else ""
