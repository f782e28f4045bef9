"""What Teams' reports of a meeting say of who came, as data, and when they are asked for (pure). UTC.

A meeting has a report for each time that it was held: one that was ended and begun again has several. A
report has a record for each device of a person, with the times in which it was in the meeting. Only time
between the session's beginning and its end counts, and of several devices, reports and parts of a session
the time in any of them: joined, never added up.

| who, in the reports | was there | the session | is said |
|---|---|---|---|
| somebody of the books, by directory id, else by address | long enough | any | came |
| the same | shorter | online alone, and the reports are whole | absent |
| the same | shorter | any other | nothing: they may have been in the room, or the rest is not told yet |
| somebody else with a name or an address | long enough | any | came, a walk-in by that name |
| the same, and it began before somebody was erased from the books | any | any | nothing: it may be them |
| who holds it, without a place: organiser, contact, responsible, speakers | – | any | nothing |
| anybody else | – | any | nothing |

Who is not in a report is never said to be absent: they may have sat beside a colleague. HR or the door closes
the list. Long enough is the course's `threshold_minutes`, else half of the session; never more than all of
it. Reports are whole when one of them reaches to `NEARLY_OVER` before the end, or a day after the end.

| a session with a meeting of ours that is to be asked about | asked for |
|---|---|
| ends in the future, or ended less than half an hour ago | not yet |
| was read when the reports were whole | never again |
| ended over a week ago | never again |
| the right or the policy was missing for its plan today | the next day |
| was asked about before | after half the time that had passed since the end, half an hour at least |
| anything else | now |

| HR is told of a session whose reports are wanted | when |
|---|---|
| whole, some, denied | it was read so far, or may not be read |
| never | nothing was there for a week |
| waiting | it was asked for, and nothing was there |
| expected | it has not been asked for |
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.addresses import plain_address
from bot.domain.attendance import AttendanceSaid

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bot.domain.people import PeopleIndex, Person

FIRST_AFTER = timedelta(minutes=30)
WHOLE_AFTER = timedelta(days=1)
GIVEN_UP_AFTER = timedelta(days=7)
NEARLY_OVER = timedelta(minutes=10)
NAMED = "name:"
"""What somebody goes by here who has no address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRecord:
    """One device in a meeting.

    `directory_id` is Entra's, "" of guests and phones; `email` and `name` as Teams has them, "" where it has
    none. `times`: when it was there, begin and end.
    """

    directory_id: str = ""
    email: str = ""
    name: str = ""
    times: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedReport:
    """A report that there is: of which mailbox (address) and meeting, and when that was held."""

    mailbox: str
    meeting: str
    id: str
    start: datetime
    end: datetime


class ReadingState(StrEnum):
    """How far it is with the reports of a session: nothing yet, some, all there will be, or not allowed."""

    WAITING = "waiting"
    SOME = "some"
    WHOLE = "whole"
    DENIED = "denied"


class ReportNews(StrEnum):
    """What HR is told, by the last table; texts are `door.reports.<value>`."""

    EXPECTED = "expected"
    WAITING = "waiting"
    SOME = "some"
    WHOLE = "whole"
    DENIED = "denied"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReading:
    """What became of asking about a session that ended at `ends_at`, the last time at `at`.

    `reports` are the ids of those that were read, by which a report is read once.
    """

    plan: str
    course: str
    offering: str
    session: str
    ends_at: datetime
    state: ReadingState
    at: datetime
    reports: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionMeeting:
    """A session that was held online.

    `minutes` are long enough, `online_alone`: there was no room besides.
    """

    start: datetime
    end: datetime
    minutes: int
    online_alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardOf:
    """What the reports say of one person: by address where the books know them, else by name alone."""

    email: str
    name: str
    said: AttendanceSaid
    minutes: int


def are_wanted(threshold: int | None, *, everywhere: bool, all_day: bool) -> bool:
    """Whether a session's reports are read: for its course's threshold, or because they are `everywhere`.

    A session of whole days has no half that would mean anything: only with a threshold.
    """
    return threshold is not None or (everywhere and not all_day)


def long_enough(threshold: int | None, start: datetime, end: datetime) -> int:
    """How many minutes of a session count as having been there; at least one."""
    length = int((end - start).total_seconds() // 60)
    return max(1, min(threshold if threshold is not None else (length + 1) // 2, length))


def is_denied(known: Iterable[ReportReading], *, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the right or the policy was found missing on the day that it is in `zone`."""
    today = now.astimezone(zone).date()
    return any(one.state is ReadingState.DENIED and one.at.astimezone(zone).date() == today for one in known)


def is_due(ends_at: datetime, before: ReportReading | None, now: datetime) -> bool:
    """Whether a session's reports are to be asked for, by the second table but for what is of the plan.

    What was read of a session that has another end now says nothing of it.
    """
    since_end = now - ends_at
    if not FIRST_AFTER <= since_end <= GIVEN_UP_AFTER:
        return False
    if before is None or before.ends_at != ends_at or before.state is ReadingState.DENIED:
        return True
    wait = max(FIRST_AFTER, (before.at - ends_at) / 2)
    return before.state is not ReadingState.WHOLE and now - before.at >= wait


def report_news(ends_at: datetime, before: ReportReading | None, now: datetime) -> ReportNews:
    """What HR is told of a session's reports."""
    if before is not None and before.ends_at == ends_at and before.state is not ReadingState.WAITING:
        return ReportNews(before.state.value)
    if now - ends_at > GIVEN_UP_AFTER:
        return ReportNews.NEVER
    asked = before is not None and before.ends_at == ends_at
    return ReportNews.WAITING if asked else ReportNews.EXPECTED


def of_session(reports: Iterable[ListedReport], start: datetime, end: datetime) -> tuple[ListedReport, ...]:
    """Those of a meeting that was held while the session was, in the order in which they began."""
    held = (one for one in reports if one.start < end and one.end > start)
    return tuple(sorted(held, key=lambda one: (one.start, one.id)))


def are_whole(reports: Collection[ListedReport], end: datetime, now: datetime) -> bool:
    """Whether no more is to come: there is one, and it reaches to the end, or it is a day later."""
    reaches = any(one.end >= end - NEARLY_OVER for one in reports)
    return bool(reports) and (reaches or now - end >= WHOLE_AFTER)


def heard_of(
    records: Iterable[MeetingRecord],
    held: SessionMeeting,
    people: PeopleIndex,
    *,
    placed: Collection[str],
    hosts: Collection[str],
    whole: bool,
    guests: bool = True,
) -> tuple[HeardOf, ...]:
    """What is said, by the first table, in the order of addresses and names.

    `placed` are the addresses of who has a place in the session, `hosts` of who holds it. `guests`: who is
    not in the books may be named.
    """
    times: defaultdict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    names: dict[str, str] = {}
    for record in records:
        known = _known(record, people)
        email = known.email if known is not None else plain_address(record.email)
        who = email or f"{NAMED}{record.name}"
        times[who] += record.times
        names[who] = max(names.get(who, ""), record.name)
    only_hosts = frozenset(hosts) - frozenset(placed)
    found: list[HeardOf] = []
    for who, there in sorted(times.items()):
        is_known = people.find(who) is not None
        if who == NAMED or who in only_hosts or not (is_known or guests):
            continue
        minutes = _minutes(there, held)
        if minutes >= held.minutes:
            said = AttendanceSaid.CAME
        elif is_known and held.online_alone and whole:
            said = AttendanceSaid.ABSENT
        else:
            continue
        email, name = (who, "") if is_known else ("", names[who] or who)
        found.append(HeardOf(email=email, name=name, said=said, minutes=minutes))
    return tuple(found)


def _known(record: MeetingRecord, people: PeopleIndex) -> Person | None:
    by_id = people.with_id(record.directory_id) if record.directory_id else None
    return by_id or (people.find(record.email) if record.email else None)


def _minutes(times: Sequence[tuple[datetime, datetime]], held: SessionMeeting) -> int:
    """Whole minutes of the session in which any of the times was."""
    total, seen = timedelta(), held.start
    for came, left in sorted(times):
        begin, end = max(came, seen), min(left, held.end)
        if end > begin:
            total, seen = total + (end - begin), end
    return int(total.total_seconds() // 60)
