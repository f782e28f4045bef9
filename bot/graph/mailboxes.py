"""Which account a mailbox's address stands for: found once, remembered, and used in every path.

`/users/{x}` takes an object id or a sign-in name, and the address of a mailbox need not be what its account
signs in with; where they differ, Graph answers 404 to the address. So an address in a path becomes the object
id of

| the directory has | then |
|---|---|
| one account with this mail address | that one |
| several with it | the one of them that also signs in with it |
| none, and one that signs in with it | that one |
| none, and one that has it as a further address | that one |
| anything else, or it cannot be asked | the address stays: perhaps Graph knows it |

Guests are no mailboxes of the organisation. What was found holds for a day, and not beyond an answer that the
mailbox is not there: then it was made anew, or the address was given to another one. Facts:
graph-facts-checked F3, 2026-11-28.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.domain.errors import GraphConflict, GraphGone, GraphRefused, GraphUnclear, PermissionMissing
from bot.log_lines import get_logger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.graph.retry import Pace

    # Asks the directory for the users of a filter.
    Ask = Callable[[str, str], Awaitable[dict[str, Any]]]

log = get_logger("bot.graph")

SELECTED = "id,mail,userPrincipalName,userType"
LASTS_SECONDS = 24 * 3600.0
UNTOLD_LASTS_SECONDS = 600.0
"""How long nobody is asked again for an address that the directory did not tell."""
_OBJECT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxAccount:
    """An account of the directory: its object id, mail address and sign-in name."""

    id: str
    mail: str
    upn: str


class Mailboxes:
    """Address (without regard to case) to object id, for one client."""

    def __init__(self, pace: Pace, known: Mapping[str, str] | None = None) -> None:
        self._pace = pace
        self._known: dict[str, tuple[str, float]] = {}
        self._looked_up: dict[str, str] = {}
        self._asking = asyncio.Lock()
        self.nobodys: dict[str, float] = {}
        """Directory names that no account has, and until when (monotonic seconds) none is looked for."""
        self.learn(known or {})

    @property
    def looked_up(self) -> Mapping[str, str]:
        """Address (lower-cased) to object id, of those that were looked up here and found."""
        return self._looked_up

    def learn(self, known: Mapping[str, str]) -> None:
        """Take over what was found lately; what is known here already stays."""
        for address, identity in known.items():
            if self.known(address) is None:
                self._keep(address, identity, LASTS_SECONDS)

    def known(self, address: str) -> str | None:
        """The object id of an address, or the address itself where the directory did not tell.

        None while nobody asked.
        """
        identity, until = self._known.get(address.lower(), ("", 0.0))
        return identity if identity and self._pace.monotonic() < until else None

    def forget(self, address: str) -> None:
        """Ask anew the next time."""
        self._known.pop(address.lower(), None)
        self._looked_up.pop(address.lower(), None)

    async def identity(self, address: str, ask: Ask) -> str:
        """The object id of a mailbox, or the address itself where the directory does not tell.

        Raises GraphError when Graph is away.
        """
        if "@" not in address:
            return address
        async with self._asking:
            known = self.known(address)
            if known is not None:
                return known
            before = self._known.get(address.lower(), ("", 0.0))[0]
            try:
                account = await find_account(address, ask)
            except (PermissionMissing, GraphConflict, GraphGone, GraphRefused, GraphUnclear) as error:
                log.warning("graph.mailbox_not_looked_up", error=error.code, status=error.status)
                return self._keep(address, before or address, UNTOLD_LASTS_SECONDS)
            if account is None:
                return self._keep(address, address, UNTOLD_LASTS_SECONDS)
            if is_object_id(before) and before != account.id:
                log.warning("graph.mailbox_changed", before=before, now=account.id)
            self._looked_up[address.lower()] = account.id
            return self._keep(address, account.id, LASTS_SECONDS)

    def _keep(self, address: str, identity: str, seconds: float) -> str:
        self._known[address.lower()] = identity, self._pace.monotonic() + seconds
        return identity


async def find_account(address: str, ask: Ask) -> MailboxAccount | None:
    """The account that an address stands for, by the table above.

    One request, two for a further address or nobody.
    """
    word = address.lower().replace("'", "''")
    found = _accounts(await ask(f"mail eq '{word}' or userPrincipalName eq '{word}'", SELECTED))
    mailed = [one for one in found if one.mail == address.lower()]
    signing_in = [one for one in mailed or found if one.upn == address.lower()]
    for some in (mailed, signing_in):
        if len(some) == 1:
            return some[0]
    if found:
        return None
    further = _accounts(await ask(f"proxyAddresses/any(p:p eq 'smtp:{word}')", SELECTED))
    return further[0] if len(further) == 1 else None


def is_object_id(text: str) -> bool:
    """Whether it is an id of the directory and no address."""
    return _OBJECT_ID.fullmatch(text) is not None


def _accounts(page: Mapping[str, Any]) -> list[MailboxAccount]:
    users = [
        user
        for user in page.get("value") or ()
        if isinstance(user, dict) and is_object_id(str(user.get("id")))
    ]
    return [
        MailboxAccount(
            id=str(user["id"]),
            mail=str(user.get("mail") or "").lower(),
            upn=str(user.get("userPrincipalName") or "").lower(),
        )
        for user in users
        if str(user.get("userType") or "").lower() != "guest"
    ]
