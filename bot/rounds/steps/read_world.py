"""Reading the world and computing the difference (async shell): what `preview` shows and `sync` applies.

Reads the groups, the calendar and the books, and nothing twice. Writes nothing: what a sync has
learnt (group sizes, people) is written by `remember`, which a preview does not call.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.domain.addresses import is_directory_name
from bot.domain.bounces import BounceReason
from bot.domain.delegates import unknown_delegates
from bot.domain.directory_names import with_addresses
from bot.domain.errors import GraphError, GraphGone, SignInFailed
from bot.domain.events import LedgerState
from bot.domain.graph_findings import NOTHING_FOUND
from bot.domain.people import PeopleIndex
from bot.domain.renames import renames_of
from bot.domain.times import instant
from bot.invitations.audiences import (
    GroupAnswer,
    good_counts,
    group_names,
    known_people,
    listed_strangers,
    merged_people,
    resolve_audiences,
)
from bot.invitations.changeset import NOTHING_FOLLOWS, Following, assemble
from bot.invitations.desired import wanted_events, without_link
from bot.invitations.diff import World, compute_changes, seated_people
from bot.invitations.mailed import as_mailed
from bot.invitations.names import under_names_of_today
from bot.invitations.readdressed import former_addresses

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.bounces import Bounce
    from bot.domain.changes import ChangeSet
    from bot.domain.events import LedgerEntry, ObservedEvent, SessionKey
    from bot.domain.graph_findings import GraphFindings
    from bot.domain.people import Audience, Person
    from bot.domain.plan import CoursePlan
    from bot.domain.renames import Renamed
    from bot.opening.stores import Books
    from bot.ports.directory import Directory
    from bot.ports.outlook import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The world as it was just read: who belongs where, what stands in Outlook, what the books say.

    `now` UTC.

    `in_books` is the ledger as it was read, and `ledger` what it comes to with what stands in Outlook;
    `remembered` is how many each group had when it was last read.

    `renamed` are the events whose stamps have another name than they have by now, `named` the people whom
    only the whole directory knew:
    by the name that an event has them under, or as a delegate of the plan. `outdated` and `unreached` as in
    `World`.
    """

    audiences: Mapping[str, Audience]
    group_answers: Mapping[str, GroupAnswer]
    observed: tuple[ObservedEvent, ...]
    ledger: Mapping[SessionKey, LedgerEntry]
    people: PeopleIndex
    now: datetime
    in_books: Mapping[SessionKey, LedgerEntry] = field(default_factory=dict)
    remembered: Mapping[str, int] = field(default_factory=dict)
    renamed: tuple[Renamed, ...] = ()
    groups_as_people: tuple[str, ...] = ()
    named: tuple[Person, ...] = ()
    outdated: frozenset[str] = frozenset()
    unreached: Mapping[SessionKey, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading of the world and the difference that follows from it."""

    change_set: ChangeSet
    world: World
    seen: Seen


async def read_world(
    plan: CoursePlan,
    *,
    ledger: Mapping[SessionKey, LedgerEntry],
    calendar: Calendar,
    directory: Directory,
    books: Books,
    now: datetime,
) -> Seen:
    """Read groups and calendar at the same time; `ledger` is what the books were just found to have of it.

    Raises SignInFailed, and GraphError when the calendar cannot be read; a group that cannot be
    read makes its audiences unknown instead.
    """
    remembered = books.groups.load_counts(plan.id)
    groups = asyncio.ensure_future(fetch_groups(plan, directory, remembered))
    try:
        observed, renamed = await _fetch_events(plan, calendar, ledger, now)
    except BaseException:
        groups.cancel()
        await asyncio.gather(groups, return_exceptions=True)
        raise
    answers = await groups
    audiences = resolve_audiences(plan, answers, remembered)
    groups_as_people = await find_groups_as_people(plan, directory, answers)
    # Today's addresses first; the books add those that people had before.
    today, known = known_people(audiences.values()), books.people.load_people(plan.id)
    people = PeopleIndex(merged_people([*today, *known]))
    observed = tuple(with_addresses(event, people, _invited(ledger, event)) for event in observed)
    named = (*await _find_named(observed, directory), *await _find_delegates(plan, people, directory))
    if named:
        people = PeopleIndex(merged_people([*today, *known, *named]))
        # As they are called here: under the address that they are invited under, with all others.
        named = tuple(
            {person.email: person for one in named if (person := people.find(one.email)) is not None}.values()
        )
        observed = tuple(with_addresses(event, people, _invited(ledger, event)) for event in observed)
    return Seen(
        audiences=audiences,
        group_answers=answers,
        observed=observed,
        ledger=_with_mailbox(ledger, observed, calendar.mailbox),
        people=people,
        now=now,
        in_books=ledger,
        remembered=remembered,
        renamed=renamed,
        groups_as_people=groups_as_people,
        named=named,
        outdated=former_addresses(today, known),
        unreached=_unreached(books.bounces.load_bounces(plan.id) if books.bounces is not None else ()),
    )


def _invited(ledger: Mapping[SessionKey, LedgerEntry], event: ObservedEvent) -> Iterable[str]:
    entry = ledger.get(event.key)
    return entry.desired_attendees if entry is not None else ()


def _unreached(bounces: Iterable[Bounce]) -> dict[SessionKey, frozenset[str]]:
    """By session (first part) the addresses that nobody has, as its mails came back from them."""
    found: defaultdict[SessionKey, set[str]] = defaultdict(set)
    for bounce in bounces:
        if bounce.reason is BounceReason.UNKNOWN_ADDRESS:
            found[bounce.session].add(bounce.email)
    return {key: frozenset(emails) for key, emails in found.items()}


def _with_mailbox(
    ledger: Mapping[SessionKey, LedgerEntry], observed: Sequence[ObservedEvent], mailbox: str
) -> Mapping[SessionKey, LedgerEntry]:
    """The entries with where their events were found just now, where the books do not say it yet."""
    found = {event.event_id for event in observed}
    return {
        key: replace(one, organiser=mailbox) if not one.organiser and one.event_id in found else one
        for key, one in ledger.items()
    }


def difference(
    plan: CoursePlan,
    seen: Seen,
    *,
    restore: bool,
    following: Following = NOTHING_FOLLOWS,
    findings: GraphFindings = NOTHING_FOUND,
) -> Reading:
    """What would have to change, with the seats as they stand; computed without touching anything.

    Mails are counted by `findings`.
    """
    seated = seated_people(seen.observed, seen.ledger, seen.people)
    wanted = wanted_events(plan, seen.audiences, seated, seen.people, following.attendance)
    world = World(
        wanted=wanted,
        observed=seen.observed,
        ledger=seen.ledger,
        people=seen.people,
        restore=restore,
        now=seen.now,
        organiser=plan.organiser.lower(),
        outdated=seen.outdated,
        unreached=seen.unreached,
    )
    changes = as_mailed(compute_changes(world), findings, seen.people)
    change_set = assemble(plan, world, changes, seen.audiences.values(), following)
    change_set = replace(
        change_set,
        renamed=seen.renamed,
        groups_as_people=seen.groups_as_people,
        unknown_delegates=unknown_delegates(plan.delegates, seen.people)
        if all(one.is_known for one in seen.audiences.values())
        else (),
    )
    return Reading(change_set=change_set, world=world, seen=seen)


def remember(plan: CoursePlan, reading: Reading, books: Books) -> None:
    """Write down what this reading taught.

    How many people each group has, who they are, and who belongs to which audience.
    """
    seen, now = reading.seen, reading.seen.now
    # Whoever else writes down how many a group has holds the same lock.
    books.groups.save_counts(plan.id, good_counts(seen.group_answers, seen.remembered), now=now)
    books.people.save_people(plan.id, (*known_people(seen.audiences.values()), *seen.named), now=now)
    books.audiences.save_members(plan.id, members_today(seen), now=now)
    books.audiences.forget_members(plan.id, aside={rule.id for rule in plan.audiences})


def members_today(seen: Seen) -> dict[str, frozenset[str]]:
    """Audience id to canonical addresses, of the audiences that could be read whole."""
    return {
        audience.id: frozenset(seen.people.canonical(person.email) for person in audience.people)
        for audience in seen.audiences.values()
        if audience.is_known
    }


async def fetch_groups(
    plan: CoursePlan, directory: Directory, remembered: Mapping[str, int]
) -> dict[str, GroupAnswer]:
    """What each group that the plan names answers, once; a group that cannot be read answers with its error.

    Raises SignInFailed.
    """
    included = {group for rule in plan.audiences for group in rule.groups}
    used = group_names(plan)
    answers = await _fetch_each([group for group in used if group in included], directory)
    # What is excluded is a group or a person; a member of the groups just read needs no further look.
    known = _addresses_of(answers.values())
    excluded = [group for group in used if group not in included and group not in known]
    others = await _fetch_each(excluded, directory)
    return answers | {
        group: answer
        for group, answer in others.items()
        if not isinstance(answer.error, GraphGone) or group in remembered
    }


async def _fetch_each(groups: Sequence[str], directory: Directory) -> dict[str, GroupAnswer]:
    answers = await asyncio.gather(*(_fetch_group(group, directory) for group in groups))
    return dict(zip(groups, answers, strict=True))


def _addresses_of(answers: Iterable[GroupAnswer]) -> set[str]:
    """Every address of everybody who is in one of the groups."""
    people = (person for answer in answers for person in answer.members if not isinstance(person, str))
    return {address for person in people for address in person.addresses}


async def find_groups_as_people(
    plan: CoursePlan, directory: Directory, answers: Mapping[str, GroupAnswer]
) -> tuple[str, ...]:
    """The listed people that are groups, each of which would be invited as one person; none where it fails.

    Raises SignInFailed.
    """
    try:
        return tuple(sorted(await directory.groups_among(listed_strangers(plan, answers))))
    except SignInFailed:
        raise
    except GraphError:
        return ()


async def _find_named(observed: Iterable[ObservedEvent], directory: Directory) -> tuple[Person, ...]:
    """Whose the directory names are that are nobody's by the groups and the books; nobody's where it fails.

    Raises SignInFailed.
    """
    names = {
        attendee.email
        for event in observed
        for attendee in event.attendees
        if is_directory_name(attendee.email)
    }
    try:
        return await directory.find_named(names) if names else ()
    except SignInFailed:
        raise
    except GraphError:
        return ()


async def _find_delegates(plan: CoursePlan, people: PeopleIndex, directory: Directory) -> tuple[Person, ...]:
    """Who the plan's delegates are whom neither groups nor books know; nobody where it fails.

    Raises SignInFailed.
    """
    strangers = dict.fromkeys(one.by for one in plan.delegates if people.find(one.by) is None)
    try:
        found = await asyncio.gather(*(directory.find_person(address) for address in strangers))
    except SignInFailed:
        raise
    except GraphError:
        return ()
    return tuple(person for person in found if person is not None)


async def _fetch_group(group: str, directory: Directory) -> GroupAnswer:
    try:
        return GroupAnswer(members=await directory.fetch_members(group))
    except SignInFailed:
        raise
    except GraphError as error:
        return GroupAnswer(error=error)


async def _fetch_events(
    plan: CoursePlan, calendar: Calendar, ledger: Mapping[SessionKey, LedgerEntry], now: datetime
) -> tuple[tuple[ObservedEvent, ...], tuple[Renamed, ...]]:
    """The stamped events that have not ended, and those of the ledger that exist beside the list.

    A list may lag, and a person may have moved an event into the past: only a look at the event itself tells
    that it is gone; one whose creation broke off is looked up by its stamp. The second are those whose stamps
    have an old name; an event that the list does not show has to wait for that.
    """
    renames = renames_of(plan)
    stamped_so = await asyncio.gather(
        *(calendar.fetch_events(plan=name, since=now) for name in renames.plans)
    )
    listed, renamed = under_names_of_today(
        (event for events in stamped_so for event in events), ledger, renames
    )
    missed = _missed(ledger.values(), listed, now)
    looked_up = await asyncio.gather(*(_look_up(calendar, entry, now) for entry in missed))
    events = [*listed, *(event for events in looked_up for event in events)]
    # Of the books, because that is the link we wrote; where they are lost, of the first part itself.
    links = {event.key: event.join_url for event in events} | {
        key: entry.join_url for key, entry in ledger.items() if entry.join_url
    }
    in_order = sorted(events, key=lambda event: (str(event.key), event.event_id))
    return tuple(_comparable(event, links) for event in in_order), renamed


def _missed(
    entries: Iterable[LedgerEntry], listed: Sequence[ObservedEvent], now: datetime
) -> list[LedgerEntry]:
    """What lies ahead by the books and is not in the list, by its id, or by its key where it has none yet."""
    ids, keys = {event.event_id for event in listed}, {event.key for event in listed}
    return [
        entry
        for entry in entries
        if entry.end > now and entry.state is not LedgerState.VANISHED
        if (entry.key not in keys if entry.event_id is None else entry.event_id not in ids)
    ]


async def _look_up(calendar: Calendar, entry: LedgerEntry, now: datetime) -> Sequence[ObservedEvent]:
    """The event of the entry; or those with its stamp, where its creation may have broken off."""
    if entry.event_id is not None:
        at_home = calendar.elsewhere(entry.organiser or calendar.mailbox)
        event = await at_home.fetch_event(entry.event_id, entry.key)
        return () if event is None else (event,)
    # The stamp may also be on an event of long ago, from before the session was written anew.
    stamped = await calendar.find_events(entry.key)
    return [event for event in stamped if instant(event.content.end, event.content.timezone) > now]


def _comparable(event: ObservedEvent, links: Mapping[SessionKey, str | None]) -> ObservedEvent:
    link = links.get(event.key.first)
    if event.key.part == 1 or not link:
        return event
    return replace(event, content=without_link(event.content, link))
