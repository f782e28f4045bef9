"""One plan, one Outlook, one set of books: reading and syncing them, as `bot.rounds` does, with the plug in the model.

`Town` is what the histories play in; `sync` is one whole run, finished by further runs where the plug was pulled.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.domain.changes import Outcome, writes_to_outlook
from bot.domain.graph_findings import GraphFindings, MailedByGraph
from bot.opening.stores import Books
from bot.rounds.steps.apply_changes import apply_changes
from bot.rounds.steps.read_world import difference, read_world, remember
from bot.rounds.steps.workbench import Workbench
from tests.builders.outlook_model import Crash, Groups, Outlook, Plug, Shelf
from tests.builders.samples import NOW

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.changes import Applied, Change
    from bot.domain.plan import CoursePlan
    from bot.rounds.steps.read_world import Reading


@dataclass(slots=True)
class Town:
    """The world around the core; `now` moves forward only."""

    plan: CoursePlan
    plug: Plug = field(default_factory=Plug)
    now: datetime = NOW
    restore: bool = False
    groups: Groups = field(default_factory=Groups)
    outlook: Outlook = field(init=False)
    shelf: Shelf = field(init=False)

    def __post_init__(self) -> None:
        self.outlook, self.shelf = Outlook(self.plug), Shelf(self.plug)

    @property
    def books(self) -> Books:
        return Books(ledger=self.shelf, groups=self.shelf, people=self.shelf, audiences=self.shelf)

    def copy(self) -> Town:
        """The same world once more, to go on from in another way."""
        other = Town(self.plan, now=self.now, restore=self.restore)
        other.outlook.mails_everybody = self.outlook.mails_everybody
        other.groups = replace(self.groups, members=dict(self.groups.members), unreadable=set(self.groups.unreadable))
        other.outlook.events, other.outlook.mails = [replace(event) for event in self.outlook.events], list(self.outlook.mails)
        other.shelf.entries, other.shelf.counts, other.shelf.people = dict(self.shelf.entries), dict(self.shelf.counts), self.shelf.people
        return other

    def read(self) -> Reading:
        return asyncio.run(self._read())

    def sync(self) -> tuple[Reading, tuple[Applied, ...]]:
        """Read, apply, remember; raises Crash when the plug is pulled on the way."""
        return asyncio.run(self._sync())

    def sync_through_a_crash(self, steps: int) -> bool:
        """A run whose machine dies after so many steps of writing, and no other; whether it died."""
        self.plug.mend(steps)
        try:
            self.sync()
        except Crash:  # while the last of a swap was carried out, by nobody but this task
            pass
        except BaseExceptionGroup as group:
            if group.split(Crash)[1] is not None:
                raise
        died = self.plug.dead
        self.plug.mend()
        return died

    async def _read(self) -> Reading:
        entries = self.books.ledger.load_entries(self.plan.id)
        seen = await read_world(self.plan, ledger=entries, calendar=self.outlook, directory=self.groups, books=self.books, now=self.now)
        return difference(self.plan, seen, restore=self.restore, findings=self.findings)

    @property
    def findings(self) -> GraphFindings:
        """What is known of this Outlook."""
        return GraphFindings(attendees_patch_mails=MailedByGraph.EVERYBODY if self.outlook.mails_everybody else MailedByGraph.CHANGED)

    async def _sync(self) -> tuple[Reading, tuple[Applied, ...]]:
        reading = await self._read()
        bench = Workbench(
            calendar=self.outlook,
            ledger=self.shelf,
            people=reading.world.people,
            now=self.now,
            comment=lambda _change: "Aflyst",
            told=lambda _result: None,
            still_mine=lambda: None,
            mails_everybody=self.findings.mails_everybody,
        )
        applied = await apply_changes(reading.change_set.changes, bench)
        remember(self.plan, reading, self.books)
        return reading, applied


def writes(reading: Reading) -> list[Change]:
    """The changes of a reading that would alter something in Outlook."""
    return [change for change in reading.change_set.changes if writes_to_outlook(change)]


def failures(applied: tuple[Applied, ...]) -> list[Applied]:
    return [one for one in applied if one.outcome is Outcome.FAILED]
