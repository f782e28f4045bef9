"""Where the bot's token may be shown: Microsoft's own hosts by https, or a played Teams alone (pure).

Teams names the address of a conversation itself, and what came as an address could be anybody's.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

HOSTS = frozenset({"smba.trafficmanager.net"})
"""Whole names: anybody can have another one beside this."""
DOMAINS = (
    ".botframework.com",
    ".botframework.us",
    ".teams.microsoft.com",
    ".teams.microsoft.us",
)
HTTPS_PORT = 443


def is_trusted(service_url: str, *, played: str = "") -> bool:
    """Whether the token may be sent there; `played` is the address of a Teams on this machine, "" without."""
    try:
        parts = urlsplit(service_url)
        port, host = parts.port, (parts.hostname or "").lower()
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        return False
    if played:
        mine = urlsplit(played)
        return (parts.scheme, host, port) == (mine.scheme, (mine.hostname or "").lower(), mine.port)
    if parts.scheme != "https" or port not in {None, HTTPS_PORT}:
        return False
    return host in HOSTS or host.endswith(DOMAINS)


def activities_url(service_url: str, conversation: str, activity: str = "") -> str:
    """Where something is said in a conversation, or the place of what stands there."""
    base = f"{service_url.rstrip('/')}/v3/conversations/{quote(conversation, safe='')}/activities"
    return f"{base}/{quote(activity, safe='')}" if activity else base


def member_url(service_url: str, conversation: str, subject: str) -> str:
    """What Teams knows of somebody in a conversation."""
    base = f"{service_url.rstrip('/')}/v3/conversations/{quote(conversation, safe='')}/members"
    return f"{base}/{quote(subject, safe='')}"


def channels_url(service_url: str, team: str) -> str:
    """Which channels a team has."""
    return f"{service_url.rstrip('/')}/v3/teams/{quote(team, safe='')}/conversations"


def conversations_url(service_url: str) -> str:
    """Where a conversation is opened."""
    return f"{service_url.rstrip('/')}/v3/conversations"
