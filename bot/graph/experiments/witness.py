"""Who got how many mails.

Read in the two mailboxes where the app may, else asked of the person who runs the probe.

| the mailbox of an address | how many mails of a subject are |
|---|---|
| can be read | counted in all of its folders, until what is expected has come and a while after that, or patience ends |
| cannot, and somebody sits there | asked, after the time that mails take; one question at a time |
| cannot, and nobody does | not said |

A mail that Outlook has filed away counts, one that a person has deleted for good does not. Subjects are
compared here, because each experiment has one that nothing else has.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.domain.errors import GraphError, SignInFailed
from bot.graph.calls import IMMUTABLE_IDS, Call, segment

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from bot.graph.client import GraphClient

LOOK_EVERY_SECONDS = 2.0
MOST_PAGES = 10


@dataclass(slots=True, kw_only=True)
class Witness:
    """`since` (UTC) is when the probe began.

    `ids` are the object ids of the two addresses, as far as the directory tells them.

    `question` asks a person and gives a number, None where nobody says. `patience` is how long mails may take
    (seconds), `quiet` how long is looked on for one too many after the last that was expected.
    """

    client: GraphClient
    since: datetime
    patience: float
    quiet: float
    question: Callable[[str, str], Awaitable[int | None]]
    ids: Mapping[str, str] = field(default_factory=dict)
    _readable: dict[str, bool] = field(default_factory=dict)
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def mails(self, address: str, subject: str, *, expected: int) -> int | None:
        """How many mails of this subject the address got in all; None where it cannot be told."""
        pace = self.client.pace
        began = quiet_since = pace.monotonic()
        last = -1
        while True:
            count = await self._count(address, subject)
            if count is None:
                break
            now = pace.monotonic()
            if count != last:
                last, quiet_since = count, now
            if now - began >= self.patience or (count >= expected and now - quiet_since >= self.quiet):
                return count
            await pace.sleep(min(LOOK_EVERY_SECONDS, max(self.quiet / 4, 0.01)))
        await pace.sleep(self.patience)
        async with self._asking:
            return await self.question(address, subject)

    async def _count(self, address: str, subject: str) -> int | None:
        if self._readable.get(address) is False:
            return None
        since = f"{self.since:%Y-%m-%dT%H:%M:%SZ}"
        query = {"$filter": f"receivedDateTime ge {since}", "$select": "id,subject,isDraft", "$top": "50"}
        path = f"/users/{segment(self.ids.get(address, address))}/messages"
        call = Call(method="GET", gate=address, path=path, query=query, headers={"Prefer": IMMUTABLE_IDS})
        found = 0
        try:
            for _ in range(MOST_PAGES):
                page = (await self.client.send(call)).json()
                found += sum(subject in str(one.get("subject")) for one in page.get("value") or ())
                link = page.get("@odata.nextLink")
                if not link:
                    break
                call = Call(method="GET", gate=address, link=str(link), headers={"Prefer": IMMUTABLE_IDS})
        except SignInFailed:
            raise
        except GraphError:
            self._readable[address] = False
            return None
        self._readable[address] = True
        return found
