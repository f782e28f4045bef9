"""Reading the answers from the organiser's calendar into the log, and the registrations from the log (async shell).

The calendar is read by the delta query: one request when nothing has changed. Its window is fixed
inside the link, so the link is given up and all of the window is read

| when | because |
|---|---|
| there is no link, or Graph has lost its state | there is nothing to go on from |
| the window was made more than 30 days ago, or in the future | events leave at its far end, or the clock was set |
| an event of the ledger begins at or after the window's end | its answers would not be seen |

The answers and the link that came with them are one transaction; reading the same answers twice
changes nothing. Facts: reference sections 3 and 16, checked 2026-11; a calendar view may span 1,825
days at most.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.events import AttendeeType, LedgerState
from bot.domain.people import PeopleIndex
from bot.errors import SyncStateLost
from bot.registrations.fold import departures, fold_registrations
from bot.registrations.responses import answers_from, unknown_attendees

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.domain.events import LedgerEntry, ObservedEvent, SessionKey
    from bot.domain.plan import CoursePlan
    from bot.domain.registrations import Answer, Registration
    from bot.ports import AnswerLog, Calendar, CalendarDelta, Ledger, PeopleBook

BEHIND = timedelta(days=30)
AHEAD = timedelta(days=400)
FURTHEST = timedelta(days=1_700)
"""Some way under what a calendar view may span."""
RENEW_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectResult:
    """What a collection brought: how many lines were new, who answered uninvited, and who is coming now."""

    new_answers: int
    unknown_attendees: tuple[Answer, ...]
    registrations: tuple[Registration, ...]


async def collect_responses(
    calendar: Calendar, *, answer_log: AnswerLog, people_book: PeopleBook, ledger: Ledger, plan: CoursePlan, now: datetime
) -> CollectResult:
    """Read what changed since the last time, append the answers, and renew the registrations. `now` UTC.

    Raises GraphError when the calendar cannot be read (then nothing is written), DatabaseFailed.
    """
    entries = ledger.load_entries(plan.id)
    people = PeopleIndex(people_book.load_people(plan.id))
    keys = {entry.event_id: key for key, entry in entries.items() if entry.event_id}
    new = 0
    if keys:
        delta, (start, end) = await _fetch_delta(calendar, answer_log, plan, entries, keys, now)
        ours = [event for event in delta.events if event.event_id in keys]
        answers = answers_from(ours, people, seen_at=now, known=invited_addresses(entries, people))
        new = answer_log.save_delta(plan.id, plan.organiser, link=delta.link, start=start, end=end, answers=answers)
    registrations = refresh_registrations(answer_log, people=people, entries=entries, plan=plan, now=now)
    strangers = unknown_attendees(answer_log.load_answers(plan.id), registrations)
    return CollectResult(new_answers=new, unknown_attendees=strangers, registrations=registrations)


def record_answers(
    answer_log: AnswerLog,
    observed: Iterable[ObservedEvent],
    *,
    people: PeopleIndex,
    ledger: Mapping[SessionKey, LedgerEntry],
    now: datetime,
) -> int:
    """Append the answers on events that were just read; returns how many were new.

    A sync does this before it changes anything: a moved event comes back without its answers.
    """
    return answer_log.append_answers(answers_from(observed, people, seen_at=now, known=invited_addresses(ledger, people)))


def refresh_registrations(
    answer_log: AnswerLog, *, people: PeopleIndex, entries: Mapping[SessionKey, LedgerEntry], plan: CoursePlan, now: datetime
) -> tuple[Registration, ...]:
    """Note who has left the audience, fold the log and save what follows. `entries` is the plan's ledger as it is now."""
    registrations, left = registrations_now(answer_log, people=people, entries=entries, plan=plan, now=now)
    answer_log.append_answers(left)
    answer_log.save_registrations(plan.id, registrations)
    return registrations


def registrations_now(
    answer_log: AnswerLog, *, people: PeopleIndex, entries: Mapping[SessionKey, LedgerEntry], plan: CoursePlan, now: datetime
) -> tuple[tuple[Registration, ...], tuple[Answer, ...]]:
    """Who is coming as the books stand, also right after a sync, and the lines of leaving not yet noted; writes nothing."""
    invited = invited_since(entries)
    previous = answer_log.load_registrations(plan.id)
    answers = answer_log.load_answers(plan.id)
    ahead = frozenset(replace(key, part=1) for key, entry in entries.items() if entry.end > now)
    left = departures(invited, answers, people, previous, open_sessions=ahead, now=now)
    return fold_registrations(plan, invited, [*answers, *left], people, previous), left


def invited_since(entries: Mapping[SessionKey, LedgerEntry]) -> dict[SessionKey, dict[str, datetime]]:
    """Who is on each event since when, rooms apart, for every session whose books are settled.

    While a write is under way, those it moves are in no list: such a session says nothing of who
    has left, nor do its other parts.
    """
    under_way = {replace(key, part=1) for key, entry in entries.items() if entry.state is LedgerState.INTENDED}
    return {
        key: {email: since for email, since in entry.invited_since.items() if entry.desired_attendees.get(email) != AttendeeType.RESOURCE}
        for key, entry in entries.items()
        if replace(key, part=1) not in under_way
    }


def invited_addresses(entries: Mapping[SessionKey, LedgerEntry], people: PeopleIndex) -> dict[SessionKey, frozenset[str]]:
    """The canonical addresses that we invited to each session, its parts together."""
    invited: defaultdict[SessionKey, set[str]] = defaultdict(set)
    for key, entry in entries.items():
        invited[replace(key, part=1)].update(people.canonical(email) for email in {*entry.desired_attendees, *entry.invited_since})
    return {key: frozenset(emails) for key, emails in invited.items()}


async def _fetch_delta(
    calendar: Calendar,
    answer_log: AnswerLog,
    plan: CoursePlan,
    entries: Mapping[SessionKey, LedgerEntry],
    keys: Mapping[str, SessionKey],
    now: datetime,
) -> tuple[CalendarDelta, tuple[datetime, datetime]]:
    """The delta and the window that its link holds."""
    stored = answer_log.load_delta_link(plan.id, plan.organiser)
    if stored is not None and window_serves(stored[1], stored[2], entries.values(), now):
        link, start, end = stored
        try:
            return await calendar.fetch_delta(link=link, start=start, end=end, keys=keys), (start, end)
        except SyncStateLost:
            answer_log.forget_delta_link(plan.id, plan.organiser)
    start, end = now - BEHIND, _window_end(entries.values(), now)
    return await calendar.fetch_delta(link=None, start=start, end=end, keys=keys), (start, end)


def window_serves(start: datetime, end: datetime, entries: Iterable[LedgerEntry], now: datetime) -> bool:
    """Whether a stored window still shows what has to be seen, by the table above."""
    made = start + BEHIND
    within_reach = [entry.start for entry in entries if entry.start < now + FURTHEST]
    return made <= now <= made + RENEW_AFTER and all(begin < end for begin in within_reach)


def _window_end(entries: Iterable[LedgerEntry], now: datetime) -> datetime:
    latest = max((entry.start for entry in entries if entry.start < now + FURTHEST), default=now)
    return max(now + AHEAD, latest + timedelta(days=1))
