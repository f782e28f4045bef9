"""Carrying out a change set: write the intention, make the requests, write the result (async shell).

One failure does not stop the rest; a failed sign-in or a lost run lock does. A crash at any point is repaired
by the next run, because the ledger tells it what was under way (see `bot.invitations.ledger_entries`).

    change   requests, in this order                          so that
    Create   POST                                             one event for each session
    Create   POST without attendees, reading until the link   nobody has an invitation without a link; what Teams takes its
    online   is there, PATCH attendees                        time for, or never makes, has been mailed to nobody
    Create   POST cancel in the mailbox of before, POST       nobody has it twice
    instead
    Update   PATCH attendees without those removed            they get their cancellation only
             PATCH the moved fields                           those who stay get one update
             PATCH attendees with those added                 they get one invitation, with the new text; so does who
                                                              changes address, whose old one is taken off with it
             where a list mails everybody: the fields before  those who stay get two updates and not three
             one PATCH of the attendees
    Invite   one PATCH of the attendees                       nobody else gets a mail, where Graph does as documented
    Cancel   POST cancel
    a swap   PATCHes that add the person first, then        nobody is without a place in between: who is added to one
             those that take the person off elsewhere        event and removed from another is removed last
    Forget   none
    Conflict none; a vanished event is marked, so that it is not looked up every time
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, assert_never
from uuid import uuid4

from bot.domain.changes import Applied, Cancel, Conflict, Create, Forget, Outcome, Update, writes_to_outlook
from bot.domain.directory_names import with_addresses
from bot.domain.errors import GraphRefused, KursusbotError, RecipientsRejected, RunLocked, SignInFailed
from bot.domain.events import EventField, LedgerState, ObservedAttendee
from bot.invitations.desired import JOIN_URL_PLACEHOLDER, with_link, without_link
from bot.invitations.ledger_entries import (
    cancellation_intended,
    lists_settled,
    settled,
    update_intended,
)
from bot.invitations.swaps import HalfDone, Swaps
from bot.rounds.steps.attendee_lists import change_list, lacks_link, require_link
from bot.rounds.steps.intentions import Intentions, save_entries
from bot.rounds.steps.mailbox_room import mailed_nobody

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.changes import Change
    from bot.domain.events import DesiredEvent, LedgerEntry, ObservedEvent, SessionKey
    from bot.rounds.steps.workbench import Workbench


async def apply_changes(changes: Sequence[Change], bench: Workbench) -> tuple[Applied, ...]:
    """Every change with its outcome, in the order given.

    Further parts of a session come after the first ones, whose Teams link they show.
    """
    if not changes:
        return ()
    courses = frozenset(change.key.course for change in changes)
    entries = bench.ledger.load_entries(changes[0].key.plan, course=courses)
    progress = _Progress(
        changes=changes,
        bench=bench,
        links={key: entry.join_url for key, entry in entries.items()},
        intentions=Intentions(changes, bench),
        swaps=Swaps(changes),
    )
    at_once = [at for at, change in enumerate(changes) if not progress.swaps.comes_last(change)]
    await progress.work_on([at for at in at_once if changes[at].key.part == 1])
    await progress.work_on([at for at in at_once if changes[at].key.part > 1])
    for at in range(len(changes)):
        if at not in progress.done:
            await progress.do(at, last=True)
    return tuple(progress.done[at] for at in range(len(changes)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Progress:
    """What several hands share that work on the changes, and how far they have come.

    `links` are the Teams links by session, `stop` what ended the work for all, if anything.
    """

    changes: Sequence[Change]
    bench: Workbench
    links: dict[SessionKey, str | None]
    intentions: Intentions
    swaps: Swaps
    stop: list[KursusbotError] = field(default_factory=list)
    done: dict[int, Applied] = field(default_factory=dict)

    async def work_on(self, queue: Sequence[int]) -> None:
        """All of the queue, each as soon as a hand is free."""
        waiting = iter(queue)

        async def work() -> None:
            for at in waiting:
                await self.do(at)

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(self.bench.hands, len(queue))):
                    group.create_task(work())
        finally:
            # Whoever has the lock by now finds what is left by its intentions.
            with suppress(RunLocked):
                self.intentions.write_settled()

    async def do(self, at: int, *, last: bool = False) -> None:
        """One change; the first half of a swap is not done yet."""
        change = self.changes[at]
        result = await _apply(
            change, self.bench, self.links, self.intentions, self.stop, self.swaps, last=last
        )
        if last or id(change) not in self.swaps.half_done:
            self.done[at] = result
            self.bench.told(result)


async def _start_update(
    change: Update, bench: Workbench, links: dict[SessionKey, str | None], swaps: Swaps
) -> None:
    """All of an update, or what does not have to wait for others."""
    await _update(
        change,
        bench,
        links,
        swaps,
        remove=tuple(email for email in change.remove if email not in swaps.moving(change)),
    )


async def _finish_swap(
    change: Update, bench: Workbench, links: dict[SessionKey, str | None], swaps: Swaps
) -> None:
    """What was left until everybody had been put on where they go to."""
    going = swaps.may_go(change)
    half = swaps.half_done.get(id(change))
    if half is None:
        await _update(change, bench, links, swaps, remove=going)
    else:
        current = await change_list(change, half.current, bench, half.refused, remove=going)
        if len(going) == len(change.remove):
            save_entries([_settled(change, current, half.intention, bench, links)], bench)
            _complain(change.desired, current, half.refused, asked=False)
    if len(going) < len(change.remove):
        # The intention stays in the books, so that the next run takes the others off.
        raise KursusbotError("swap_waits", session=str(change.key))


async def _apply(
    change: Change,
    bench: Workbench,
    links: dict[SessionKey, str | None],
    intentions: Intentions,
    stop: list[KursusbotError],
    swaps: Swaps,
    *,
    last: bool = False,
) -> Applied:
    if stop:
        swaps.note_failure(change)
        return Applied(change=change, outcome=Outcome.FAILED, error=stop[0])
    try:
        bench.still_mine()
        held = None if id(change) in swaps.half_done else _held(change, bench)
        if held is not None:
            swaps.note_failure(change)
            return held
        match change:
            case Create():
                await _give_way(change, bench)
                await _create(change, bench, links, intentions)
            case Update():
                await (_finish_swap if last else _start_update)(change, bench, links, swaps)
            case Cancel():
                intentions.write_before(change)
                await _cancel(change, bench)
            case Forget():
                bench.ledger.remove_entries([change.key])
            case Conflict():
                _mark_vanished(change, bench)
            case _:
                assert_never(change)
    except KursusbotError as error:
        swaps.note_failure(change)
        return _failed(change, error, bench, stop)
    return Applied(change=change, outcome=Outcome.APPLIED)


def _failed(change: Change, error: KursusbotError, bench: Workbench, stop: list[KursusbotError]) -> Applied:
    """What failed, and whether that ends the others."""
    if isinstance(error, (SignInFailed, RunLocked)):
        stop.append(error)
    if mailed_nobody(change, error):
        bench.not_sent(change)
    return Applied(change=change, outcome=Outcome.FAILED, error=error)


def _held(change: Change, bench: Workbench) -> Applied | None:
    """What waits for another run: its audience is unknown, or the mailbox may reach nobody more today."""
    if isinstance(change, Create) and change.held:
        return Applied(change=change, outcome=Outcome.HELD)
    full = bench.room(change)
    return None if full is None else Applied(change=change, outcome=Outcome.HELD, error=full)


async def _create(
    change: Create, bench: Workbench, links: dict[SessionKey, str | None], intentions: Intentions
) -> None:
    intention = intentions.write(change)
    desired = _to_send(change.desired, links)
    refused: list[KursusbotError] = []
    if desired.content.online:
        echo = await bench.calendar.create_event(
            replace(desired, attendees=()), transaction_id=intention.transaction_id
        )
        require_link(desired, echo)
        # From here on it is found without its stamp, which a list may show late.
        intention = replace(intention, event_id=echo.event_id, join_url=echo.join_url)
        save_entries([intention], bench)
        echo = await change_list(
            change, echo, bench, refused, add=tuple(attendee.email for attendee in desired.attendees)
        )
    else:
        try:
            echo = await bench.calendar.create_event(desired, transaction_id=intention.transaction_id)
        except RecipientsRejected as error:
            echo = error.event
            refused.append(error)
    intentions.settle(_settled(change, echo, intention, bench, links))
    _complain(change.desired, echo, refused, asked=True)


async def _update(
    change: Update,
    bench: Workbench,
    links: dict[SessionKey, str | None],
    swaps: Swaps,
    *,
    remove: tuple[str, ...],
) -> None:
    """`remove` are those of the change's that may be taken off now."""
    intention = update_intended(change, str(uuid4()), now=bench.now)
    current = change.observed
    if writes_to_outlook(change):
        save_entries([intention], bench)
    refused: list[KursusbotError] = []
    readdress = tuple(new for _, new in change.readdressed)
    at_once = bench.mails_everybody and bool(change.add or readdress)
    if change.fields:
        if not at_once:
            current = await change_list(change, current, bench, refused, remove=remove)
        content = _to_send(change.desired, links).content
        current = await bench.calendar.update_content(current, content, change.fields)
        current = await _with_link(change, current, bench)
        going = remove if at_once else ()
        current = await change_list(
            change, current, bench, refused, add=change.add, remove=going, readdress=readdress
        )
    else:
        current = await _with_link(change, current, bench)
        current = await change_list(
            change, current, bench, refused, add=change.add, remove=remove, readdress=readdress
        )
    if len(remove) < len(change.remove):
        swaps.half_done[id(change)] = HalfDone(current=current, intention=intention, refused=refused)
        return
    save_entries([_settled(change, current, intention, bench, links)], bench)
    _complain(change.desired, current, refused, asked=EventField.ONLINE in change.fields)


async def _give_way(change: Create, bench: Workbench) -> None:
    """Cancel the session's event in the mailbox of before, which the books remember until it is off."""
    if change.instead is None or change.entry is None:
        return
    bench.ledger.save_entries([cancellation_intended(change.entry)])
    await bench.calendar.elsewhere(change.entry.organiser).cancel_event(
        change.instead.event_id, comment=bench.comment(change)
    )


async def _cancel(change: Cancel, bench: Workbench) -> None:
    if change.entry is not None:
        bench.ledger.save_entries([cancellation_intended(change.entry)])
    calendar = (
        bench.calendar.elsewhere(change.entry.organiser)
        if change.entry and change.entry.organiser
        else bench.calendar
    )
    await calendar.cancel_event(change.observed.event_id, comment=bench.comment(change))
    if change.entry is not None:
        bench.ledger.remove_entries([change.key])


async def _with_link(change: Update, current: ObservedEvent, bench: Workbench) -> ObservedEvent:
    """The event with the link that nobody was invited without, asked for once more.

    As it is where that does not matter.
    """
    if not lacks_link(change, current):
        return current
    if EventField.ONLINE not in change.fields:
        current = await bench.calendar.update_content(current, change.desired.content, [EventField.ONLINE])
    require_link(change.desired, current)
    return current


def _settled(
    change: Create | Update,
    echo: ObservedEvent,
    intention: LedgerEntry,
    bench: Workbench,
    links: dict[SessionKey, str | None],
) -> LedgerEntry:
    """The entry of what was done, as Outlook has it; its link is known from here on."""
    desired = change.desired
    echo = with_addresses(
        echo,
        bench.people,
        {*intention.desired_attendees, *(attendee.email for attendee in desired.attendees)},
    )
    if isinstance(change, Update) and change.lists_only:
        return lists_settled(change, echo, intention, bench.people, now=bench.now)
    link = links.get(desired.key.first)
    if desired.key.part > 1 and link:
        echo = replace(echo, content=without_link(echo.content, link))
    if not echo.attendees and desired.attendees and not intention.observed_fields:
        # An answer to a creation may leave the attendees out; they were in the request.
        echo = replace(
            echo,
            attendees=tuple(
                ObservedAttendee(email=attendee.email, type=attendee.type) for attendee in desired.attendees
            ),
        )
    entry = settled(desired, echo, intention, bench.people, now=bench.now)
    links[desired.key] = entry.join_url
    return entry


def _complain(
    desired: DesiredEvent, echo: ObservedEvent, refused: list[KursusbotError], *, asked: bool
) -> None:
    """What is done is in the books.

    What could not be done is the change's error, and looked at again by the next run.

    A meeting that we have not `asked` for just now, and that is off, is a conflict already told.
    """
    if refused:
        raise refused[0]
    if desired.content.online and echo.join_url is None and (asked or echo.content.online):
        raise GraphRefused("teams_link_missing", session=str(desired.key))


def _to_send(desired: DesiredEvent, links: dict[SessionKey, str | None]) -> DesiredEvent:
    if JOIN_URL_PLACEHOLDER not in desired.content.body:
        return desired
    link = links.get(desired.key.first)
    if not link:
        raise KursusbotError("part_waits_for_link", session=str(desired.key))
    return replace(desired, content=with_link(desired.content, link))


def _mark_vanished(change: Conflict, bench: Workbench) -> None:
    if change.entry is not None and change.entry.state is not LedgerState.VANISHED:
        bench.ledger.save_entries([replace(change.entry, state=LedgerState.VANISHED)])
