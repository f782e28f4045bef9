"""Reading the answers from the organiser's calendar into the log (async shell).

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

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.answers.responses import answers_from, only_new
from bot.domain.directory_names import with_addresses
from bot.domain.errors import SyncStateLost
from bot.domain.invited import invited_addresses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.events import LedgerEntry, ObservedEvent, SessionKey
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.ports.books import AnswerLog
    from bot.ports.outlook import Calendar, CalendarDelta

BEHIND = timedelta(days=30)
AHEAD = timedelta(days=400)
FURTHEST = timedelta(days=1_700)
"""Some way under what a calendar view may span."""
RENEW_AFTER = timedelta(days=30)


async def collect_answers(
    calendar: Calendar,
    *,
    answer_log: AnswerLog,
    people: PeopleIndex,
    entries: Mapping[SessionKey, LedgerEntry],
    plan: CoursePlan,
    now: datetime,
    seen: Callable[[Sequence[ObservedEvent]], None] = lambda _events: None,
) -> int:
    """Read what changed since the last time and append the answers; how many were new.

    `entries` is the plan's ledger, `now` UTC.

    `seen` gets the events that changed, before the link to what comes next is kept, so that nothing of them
    is lost. Raises GraphError when the calendar cannot be read (then nothing is written), DatabaseFailed.
    """
    keys = {entry.event_id: key for key, entry in entries.items() if entry.event_id}
    if not keys:
        return 0
    delta, (start, end) = await _fetch_delta(calendar, answer_log, plan, entries, keys, now)
    ours = [
        with_addresses(event, people, entries[keys[event.event_id]].desired_attendees)
        for event in delta.events
        if event.event_id in keys
    ]
    seen(ours)
    sessions = {event.key.first for event in ours}
    theirs = {key: entry for key, entry in entries.items() if key.first in sessions} if sessions else {}
    answers = answers_from(ours, people, seen_at=now, known=invited_addresses(theirs, people))
    if not all(answer.timed for answer in answers):
        answers = only_new(answers, answer_log.load_answers(plan.id), entries, people)
    return answer_log.save_delta(
        plan.id, plan.organiser, link=delta.link, start=start, end=end, answers=answers
    )


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
