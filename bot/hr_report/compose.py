"""Putting HR's reports together: everything that was read, split by whose courses it is about (pure).

One report for each reader (`bot.hr_report.readers`), with nothing in it about the courses of others. What is
coming is told up to the end of the day on which the next report goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.approvals import Waiting, WaitReason
from bot.domain.bounces import Bounce, UnplacedReturn
from bot.domain.changes import ChangeSet
from bot.domain.comments import AnswerComment
from bot.domain.events import ObservedEvent
from bot.domain.letting_go import ErasureMark
from bot.domain.manager_approval import ApprovalAsk
from bot.domain.messages import Message
from bot.domain.notes import Note
from bot.domain.people import Language, PeopleIndex
from bot.domain.placeholders import lapsed_dates
from bot.domain.plan import CoursePlan
from bot.domain.registrations import Answer, Registration
from bot.domain.reminders import Reminder, ReminderState
from bot.domain.reports import Coming, ErasureWaits, Report, UntoldProgram
from bot.domain.seats import Standing
from bot.domain.webhooks import GivenUp
from bot.hr_report.enrolment import (
    guests,
    new_answers,
    people_left_without,
    seat_counts,
    sign_ups_for_hr,
    silent_people,
)
from bot.hr_report.readers import readers_of
from bot.hr_report.remarks import remarks, speaker_troubles
from bot.hr_report.troubles import (
    bounced,
    clashes,
    full_weeks,
    pending_changes,
    room_troubles,
    undelivered,
    unplaced,
)
from bot.invitations.safety import Passed
from bot.registrations.said import SpeakerAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STILL_COMING = frozenset({ReminderState.SCHEDULED, ReminderState.DUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that reports are made from, of one plan; instants UTC, addresses canonical.

    `plan` is the one in force, `written` what stands in the document by now: whose courses they are, and what
    waits, is asked of that. Both are as they stand in people's calendars. `rows` who is coming, `answers` the
    log; `asked` (course, address) who was asked by link; `members` the audiences as last read; `change_set`
    what the plan as written would do, `waiting` what of it waits for a person, `found` what was found of a
    course for a reason, `passed` the limits that are passed by what waits; `observed` the events of the
    calendar; `left_without` the seats that went with their dates of people who have no other; `sign_ups`
    those that wait for a yes; `messages` the outbox; `bounces` the invitations that came back and are
    still wanted, `unplaced` reports that could be placed nowhere; `reminders` what falls due until the
    next report; `comments` and `notes` what people wrote with their answers and to HR; `said_no` the
    speakers' last word, where it is a no to what is still to come; `erasure` how it went with letting go
    of old data; `untold` the programs that calls were given up to.
    """

    plan: CoursePlan
    written: CoursePlan
    people: PeopleIndex
    rows: tuple[Registration, ...]
    answers: tuple[Answer, ...]
    asked: Mapping[tuple[str, str], datetime]
    members: Mapping[str, frozenset[str]]
    change_set: ChangeSet
    passed: tuple[Passed, ...]
    observed: tuple[ObservedEvent, ...]
    messages: tuple[Message, ...]
    bounces: tuple[Bounce, ...]
    unplaced: tuple[UnplacedReturn, ...]
    reminders: tuple[Reminder, ...]
    now: datetime
    comments: tuple[AnswerComment, ...] = ()
    notes: tuple[Note, ...] = ()
    said_no: tuple[SpeakerAnswer, ...] = ()
    left_without: tuple[Standing, ...] = ()
    sign_ups: tuple[ApprovalAsk, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    found: Callable[[str, WaitReason, Language], tuple[str, ...]] = lambda _course, _reason, _language: ()
    erasure: ErasureMark | None = None
    untold: tuple[GivenUp, ...] = ()


def report_for(address: str, facts: Facts, *, since: datetime | None) -> Report:
    """The report of one reader, "" for whoever looks after all courses.

    `since` (UTC) when the last one was sent, None where none was.
    """
    plan, now, zone = facts.plan, facts.now, ZoneInfo(facts.plan.timezone)
    readers = readers_of(facts.written)

    def is_mine(course: str) -> bool:
        return not address or address in readers.of(course)

    courses = [course for course in plan.courses if is_mine(course.id)]
    # What waits is called as it is written, everything else as people see it.
    written = facts.written.titles
    titles = written | plan.titles
    changes = [change for change in facts.change_set.changes if is_mine(change.course)]
    observed = [event for event in facts.observed if is_mine(event.key.course)]
    said_no = [answer for answer in facts.said_no if is_mine(answer.where.key.course)]
    return Report(
        address=address,
        at=_wall(now, zone),
        since=_wall(since, zone) if since else None,
        pending=pending_changes(
            facts.written,
            facts.change_set,
            facts.waiting,
            facts.passed,
            is_mine,
            titles=titles | written,
            found=facts.found,
        ),
        speakers=tuple(speaker_troubles(changes, observed, facts.comments, facts.people, titles, said_no)),
        clashes=tuple(clashes(changes, facts.people, titles, plan)),
        rooms=tuple(room_troubles(changes, observed, titles, now=now)),
        undelivered=(
            *bounced(facts.bounces, titles, is_mine, since=since),
            *unplaced(facts.unplaced, is_mine, since=since),
            *undelivered(facts.messages, titles, is_mine, since=since),
        ),
        full_weeks=tuple(full_weeks(facts.messages, facts.people, titles, is_mine, since=since)),
        answers=tuple(new_answers(courses, facts.rows, facts.answers, facts.people, since=since)),
        remarks=tuple(remarks(facts.comments, facts.notes, facts.people, titles, is_mine, since=since)),
        guests=tuple(guests(plan, courses, facts.rows, now=now)),
        left_without=tuple(people_left_without(courses, facts.left_without, facts.people)),
        sign_ups=tuple(sign_ups_for_hr(courses, facts.sign_ups, facts.people)),
        lapsed=lapsed_dates(courses, now=_wall(now, zone)),
        silent=tuple(
            silent_people(plan, courses, facts.rows, facts.asked, facts.members, facts.people, now=now)
        ),
        seats=tuple(seat_counts(plan, courses, facts.rows, now=now)),
        erasure=_erasure(facts.erasure, zone) if is_mine("") else None,
        untold=tuple(
            UntoldProgram(receiver=one.receiver, count=one.count, since=_wall(one.since, zone))
            for one in facts.untold
            if is_mine("")
        ),
        coming=tuple(
            _coming(
                (reminder for reminder in facts.reminders if is_mine(reminder.item.course)), titles, now, zone
            )
        ),
    )


def _erasure(mark: ErasureMark | None, zone: ZoneInfo) -> ErasureWaits | None:
    """About no course, so it is the contact's."""
    if mark is None or mark.waits is None:
        return None
    return ErasureWaits(why=mark.waits.value, since=_wall(mark.since, zone) if mark.since else None)


def _coming(
    reminders: Iterable[Reminder], titles: Mapping[str, str], now: datetime, zone: ZoneInfo
) -> Iterator[Coming]:
    """By day, course and rule, each person once.

    What has been due for a while and waits goes today at the earliest.
    """
    told = {
        (
            _wall(max(reminder.due_at, now), zone).date(),
            reminder.item.course,
            reminder.item.rule,
            reminder.kind,
            reminder.email,
        )
        for reminder in reminders
        if reminder.email and reminder.state in STILL_COMING
    }
    counted = Counter(key[:4] for key in told)
    for (day, course, rule, template), count in sorted(counted.items()):
        yield Coming(
            day=day,
            course=course,
            title=titles.get(course, course),
            rule=rule,
            template=template,
            people=count,
        )


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)
