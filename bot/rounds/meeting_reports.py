"""A round of reading Teams' reports of the online sessions that are over.

When they are read, and what they say: `bot.domain.meeting_reports`.

    what Graph says                                       the books             the others
    no meeting, no report, or none held in the session    waiting               go on
    reports, and more may come                            some: who has come    go on
    reports, and no more will come                        whole: all of it      go on
    403: a right or Teams' policy is missing              denied                wait for tomorrow
    anything else                                         as before             `bot.delivery.patience`

Sessions of courses that the settings or a threshold ask for, whose event has a link, ours or one that
somebody made there; each part of a session over 500 people has its own. Where nothing is due no request is
made. What the reports say and that they were read is one transaction, so a round that is killed is done
again. Reports themselves are not kept. Not under the plan's lock: two rounds at once say the same twice,
which counts once. Who was erased from the books (the log says when somebody was, not who) is in a report by
name all the same, and would come back as a guest: so no guest is kept of a session that had begun by then.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.delivery.patience import Patience
from bot.domain.attendance import AttendanceSource, AttendanceWord
from bot.domain.errors import GraphError, GraphGone, PermissionMissing
from bot.domain.events import LedgerState
from bot.domain.meeting_reports import (
    ReadingState,
    ReportReading,
    SessionMeeting,
    are_wanted,
    are_whole,
    heard_of,
    is_denied,
    is_due,
    long_enough,
    of_session,
)
from bot.domain.participation import IN_PLAY, is_on
from bot.log_lines import get_logger
from bot.registrations.attendance import part_at
from bot.rounds.results import RoundResult
from bot.rounds.steps.decide_seats import load_state, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from bot.domain.attendance import AttendanceSaid
    from bot.domain.events import LedgerEntry, SessionKey
    from bot.domain.meeting_reports import MeetingRecord
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering
    from bot.opening.work import Work

LOG = get_logger("bot.meetings")
RIGHTS = ("OnlineMeetings.Read.All", "OnlineMeetingArtifact.Read.All")
STANDING = frozenset({LedgerState.INTENDED, LedgerState.APPLIED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsRead(RoundResult):
    """Of how many sessions reports were read, and had none yet; what was said of how many people.

    `error` is the latest failure; PermissionMissing: right or policy are missing, as found today.
    """

    read: int = 0
    waiting: int = 0
    said: int = 0
    error: GraphError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineSession:
    """A session with the events of its parts, all of which have a link."""

    course: Course
    offering: Offering
    session: CourseSession
    events: tuple[LedgerEntry, ...]

    @property
    def ids(self) -> tuple[str, str, str]:
        """Course, offering, session."""
        return self.course.id, self.offering.id, self.session.id

    @property
    def start(self) -> datetime:
        """UTC, as the event has it."""
        return self.events[0].start

    @property
    def end(self) -> datetime:
        """UTC, as the event has it."""
        return self.events[0].end


def online_sessions(
    plan: CoursePlan, events: Iterable[LedgerEntry], *, everywhere: bool
) -> Iterator[OnlineSession]:
    """Those whose reports are wanted, in the plan's order; `everywhere`: whatever the courses say."""
    parts: defaultdict[SessionKey, list[LedgerEntry]] = defaultdict(list)
    for event in events:
        if event.join_url and event.state in STANDING:
            parts[event.key.first].append(event)
    of_ids = {(key.course, key.offering, key.session): tuple(found) for key, found in parts.items()}
    for course in plan.courses:
        threshold = course.attendance.threshold_minutes
        for offering, session in course.sessions():
            found = of_ids.get((course.id, offering.id, session.id))
            wanted = are_wanted(threshold, everywhere=everywhere, all_day=session.all_day)
            if found and wanted and is_on(course):
                yield OnlineSession(course=course, offering=offering, session=session, events=found)


async def meeting_reports_round(work: Work) -> ReportsRead:
    """Read what is due. Raises DatabaseFailed."""
    now, plan, stores = work.now(), work.plan, work.stores
    everywhere = work.settings.teams.attendance_reports
    if not everywhere and all(one.attendance.threshold_minutes is None for one in plan.courses):
        return ReportsRead()
    known = stores.attendance.load_readings(plan.id)
    if is_denied(known.values(), now=now, zone=ZoneInfo(plan.timezone)):
        return ReportsRead(error=_denied(), left_over=True)
    events = stores.books.ledger.load_entries(plan.id).values()
    due = [
        one
        for one in online_sessions(plan, events, everywhere=everywhere)
        if is_due(one.end, known.get(one.ids), now)
    ]
    return await _ReportReader(work, known).read(due)


class _ReportReader:
    """One round; what became of which session stands in the books by the table above."""

    def __init__(self, work: Work, known: dict[tuple[str, str, str], ReportReading]) -> None:
        self._work, self._known, self._now = work, known, work.now()
        self._patience = Patience()
        self._states = dict.fromkeys(ReadingState, 0)
        self._said = 0

    async def read(self, due: Iterable[OnlineSession]) -> ReportsRead:
        """One after another, until all had their turn or the others have to wait."""
        error: GraphError | None = None
        for one in due:
            try:
                await self._one(one)
            except PermissionMissing as denied:
                LOG.warning("meetings.denied", code=denied.graph_code)
                self._note(one, ReadingState.DENIED, self._before(one))
                error = _denied()
                break
            except GraphError as failed:
                LOG.warning("meetings.failed", error=str(failed))
                if self._patience.ends_with(failed):
                    break
            else:
                self._patience.went_well()
        error = error or self._patience.last
        return ReportsRead(
            read=self._states[ReadingState.SOME] + self._states[ReadingState.WHOLE],
            waiting=self._states[ReadingState.WAITING],
            said=self._said,
            error=error,
            left_over=error is not None,
        )

    async def _one(self, one: OnlineSession) -> None:
        """Raises GraphError."""
        of_parts = [
            of_session(
                await self._work.tenant.meetings.listed(
                    event.organiser or self._work.plan.organiser, event.join_url or ""
                ),
                one.start,
                one.end,
            )
            for event in one.events
        ]
        reports, whole = [*chain(*of_parts)], all(are_whole(part, one.end, self._now) for part in of_parts)
        ids, before = frozenset(report.id for report in reports), self._before(one)
        if not ids or (ids == before and not whole):
            self._note(one, ReadingState.SOME if ids else ReadingState.WAITING, before)
            return
        try:
            records = [
                record for report in reports for record in await self._work.tenant.meetings.read(report)
            ]
        except GraphGone:
            # It was listed and is not there (yet): nothing is said by half of it.
            self._note(one, ReadingState.WAITING, before)
            return
        words = self._words(one, records, whole=whole)
        self._note(one, ReadingState.WHOLE if whole else ReadingState.SOME, ids, words)
        self._said += len(words)
        LOG.info("meetings.read", course=one.course.id, reports=len(reports), said=len(words))

    def _words(
        self, one: OnlineSession, records: Iterable[MeetingRecord], *, whole: bool
    ) -> list[AttendanceWord]:
        plan, course = self._work.plan, one.course
        state = load_state(plan, self._work.stores, course=course.id)
        rows = (row for row in rows_of(state) if row.offering == one.offering.id and row.invited)
        hosts = (plan.organiser, plan.contact, *plan.looks_after(course))
        erased_at = self._work.stores.actions.last_at("erase")
        speakers = (speaker.email for speaker in course.speakers if speaker.email)
        heard = heard_of(
            records,
            SessionMeeting(
                start=one.start,
                end=one.end,
                minutes=long_enough(course.attendance.threshold_minutes, one.start, one.end),
                online_alone=course.is_online(one.offering, one.session)
                and not course.place_of(one.offering, one.session),
            ),
            state.people,
            placed={row.email for row in rows if part_at(row, one.session.id) in IN_PLAY},
            hosts={state.people.canonical(address) for address in (*hosts, *speakers)},
            whole=whole,
            guests=erased_at is None or one.start >= erased_at,
        )
        told = self._told(one)
        return [
            AttendanceWord(
                plan=plan.id,
                key=f"{'/'.join(one.ids)}/{AttendanceSource.TEAMS}-{secrets.token_urlsafe(12)}",
                course=course.id,
                offering=one.offering.id,
                session=one.session.id,
                email=said.email,
                said=said.said,
                source=AttendanceSource.TEAMS,
                at=self._now,
                noted_at=self._now,
                name=said.name,
                minutes=said.minutes,
            )
            for said in heard
            if told.get(said.email or said.name) != (said.said, said.minutes)
        ]

    def _told(self, one: OnlineSession) -> dict[str, tuple[AttendanceSaid, int | None]]:
        """What Teams said last of each person of the session, by address or name."""
        words = self._work.stores.attendance.load_words(self._work.plan.id, course=one.course.id)
        return {
            word.email or word.name: (word.said, word.minutes)
            for word in words
            if word.source is AttendanceSource.TEAMS
            and (word.offering, word.session) == (one.offering.id, one.session.id)
        }

    def _before(self, one: OnlineSession) -> frozenset[str]:
        """Which reports of the session were read, where it has not been moved since."""
        known = self._known.get(one.ids)
        return known.reports if known is not None and known.ends_at == one.end else frozenset()

    def _note(
        self,
        one: OnlineSession,
        state: ReadingState,
        reports: frozenset[str],
        words: Sequence[AttendanceWord] = (),
    ) -> None:
        self._states[state] += 1
        course, offering, session = one.ids
        reading = ReportReading(
            plan=self._work.plan.id, course=course, offering=offering, session=session,
            ends_at=one.end, state=state, at=self._now, reports=reports,
        )  # fmt: skip
        self._work.stores.attendance.save_reading(reading, words)


def _denied() -> PermissionMissing:
    return PermissionMissing("attendance_reports_denied", status=403, permission=" + ".join(RIGHTS))
