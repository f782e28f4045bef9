"""Users of the directory as Graph writes them: who is a person to invite, and who has to be asked about.

The table of what becomes of whom stands in `bot.graph.directory`.
"""

from __future__ import annotations

from typing import Any

from bot.domain.addresses import plain_address
from bot.domain.people import Language, Person

JsonObject = dict[str, Any]

MOST_QUESTIONS = 20
KEPT = ("smtp:", "x500:")
"""The kinds of `proxyAddresses` that somebody may answer from, or stand on an event under."""


def member_of(user: JsonObject) -> Person | str:
    """The user as a Person, or the name of one without an address."""
    guest = _is_guest(user)
    mail = plain_address(str(user.get("mail") or ""))
    if not mail:
        return str(user.get("displayName") or user.get("userPrincipalName") or user["id"])
    proxies = [address for address in user.get("proxyAddresses") or () if isinstance(address, str)]
    aliases = {plain_address(address.partition(":")[2]) for address in proxies if _has_kind(address, *KEPT)}
    if not guest:
        aliases.add(_sign_in_address(user))
    return Person(
        email=mail,
        name=str(user.get("displayName") or ""),
        language=_language(user.get("preferredLanguage")),
        directory_id=str(user["id"]),
        aliases=frozenset(aliases - {mail, ""}),
        department=str(user.get("department") or ""),
        is_guest=guest,
        is_whole=any(_has_kind(address, "smtp:") for address in proxies),
    )


def _has_kind(proxy_address: str, *kinds: str) -> bool:
    return proxy_address.lower().startswith(kinds)


def _sign_in_address(user: JsonObject) -> str:
    """The sign-in name, "" where it is no address."""
    name = plain_address(str(user.get("userPrincipalName") or ""))
    return name if "@" in name else ""


def _language(value: Any) -> Language | None:
    """`da-DK` as Danish, `en-GB` as English; None for others, which get the plan's language."""
    tag = str(value or "").replace("_", "-").partition("-")[0].lower()
    return next((language for language in Language if language.value == tag), None)


def _is_guest(user: JsonObject) -> bool:
    return (
        str(user.get("userType") or "").lower() == "guest"
        or "#ext#" in str(user.get("userPrincipalName") or "").lower()
    )


def is_hidden(user: JsonObject) -> bool:
    """Whether only the id came, because a permission is missing."""
    return not (user.get("displayName") or user.get("mail") or user.get("userPrincipalName"))


def questionable(users: list[JsonObject]) -> list[JsonObject]:
    """Those with an open account who may be a room or a shared mailbox, the first few."""
    nameless = [user for user in users if not (user.get("givenName") or user.get("surname"))]
    if len(nameless) * 2 > len(users):
        return []
    return [user for user in nameless if user.get("mail") and not _is_guest(user)][:MOST_QUESTIONS]
