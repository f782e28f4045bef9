"""What people said beside their places.

Speakers' answers, rooms that said no, comments in answers, notes to HR (pure).

Speakers are optional attendees who take no seat, so none of this is a row of the registrations; it stands
beside them in every list. A speaker is listed for each dated session that they are invited to, with the last
answer to it. A comment or a note is listed whether or not the person has a row.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.domain.events import ResponseStatus, SessionKey
from bot.domain.invited import invited_addresses
from bot.domain.plan import CourseStatus
from bot.i18n.sorting import danish_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from bot.domain.comments import AnswerComment
    from bot.domain.events import LedgerEntry
    from bot.domain.notes import Note
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering
    from bot.domain.questions import GivenAnswer
    from bot.domain.registrations import Answer
    from bot.registrations.attendance import CourseAttendance

INVITING = frozenset({CourseStatus.APPROVED, CourseStatus.SAVE_THE_DATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionName:
    """Which session.

    Its key, what people call it ("" where there is nothing to tell apart), and when (wall time) and where it
    is.
    """

    key: SessionKey
    course: str
    offering: str
    session: str
    start: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerAnswer:
    """What a speaker answered to a session; `at` UTC, None while there is no answer.

    `comment` is what they wrote with it.
    """

    where: SessionName
    name: str
    email: str
    response: ResponseStatus
    at: datetime | None
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomAnswer:
    """A room that said no to a session."""

    where: SessionName
    room: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What somebody wrote.

    A comment with an answer to a session (`response`), or a note to HR about a course (None). `at` UTC.
    """

    course: str
    course_title: str
    offering: str
    name: str
    email: str
    text: str
    at: datetime
    response: ResponseStatus | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Everything that people said beside their places.

    `comments` are texts by (course, offering, address), `notes` by (course, address); so are `answers`, to
    the questions of the course, as far as they may be seen, of those who are asked. `attendance` is who came,
    by course.
    """

    speakers: tuple[SpeakerAnswer, ...] = ()
    rooms: tuple[RoomAnswer, ...] = ()
    remarks: tuple[Remark, ...] = ()
    comments: Mapping[tuple[str, str, str], str]
    notes: Mapping[tuple[str, str], str]
    answers: Mapping[tuple[str, str], tuple[GivenAnswer, ...]] = field(default_factory=dict)
    attendance: Mapping[str, CourseAttendance] = field(default_factory=dict)

    @property
    def cancelled_speakers(self) -> tuple[SpeakerAnswer, ...]:
        """Those who said no."""
        return tuple(speaker for speaker in self.speakers if speaker.response is ResponseStatus.DECLINED)

    def ahead(self, now: datetime) -> Said:
        """Without the speakers of what has begun; `now` is wall time of the plan."""
        return replace(
            self,
            speakers=tuple(
                speaker
                for speaker in self.speakers
                if speaker.where.start is not None and speaker.where.start > now
            ),
        )


NOTHING_SAID = Said(comments={}, notes={})


def said(
    plan: CoursePlan,
    *,
    answers: Iterable[Answer],
    comments: Iterable[AnswerComment],
    notes: Iterable[Note],
    entries: Mapping[SessionKey, LedgerEntry],
    people: PeopleIndex,
) -> Said:
    """Put it together.

    Speakers and rooms in the order of the plan, remarks by course and then as Danish sorts names.
    """
    comments, notes = tuple(comments), tuple(notes)
    names = dict(_sessions(plan))
    words = {(comment.key, people.canonical(comment.email)): comment.text for comment in comments}
    remarks = (*_comments(comments, names, plan, people), *_notes(notes, plan, people))
    return Said(
        speakers=tuple(_speakers(plan, names, answers, words, entries, people)),
        rooms=tuple(
            RoomAnswer(where=where, room=room)
            for key, where in names.items()
            if key in entries
            for room in entries[key].rooms_declined
        ),
        remarks=tuple(
            sorted(
                remarks,
                key=lambda remark: (remark.course_title, danish_key(remark.name or remark.email), remark.at),
            )
        ),
        comments=comment_texts(comments, people),
        # Who has written under two addresses has said it anew.
        notes={
            (note.course, people.canonical(note.email)): note.text
            for note in sorted(notes, key=lambda note: note.written_at)
        },
    )


def comment_texts(comments: Iterable[AnswerComment], people: PeopleIndex) -> dict[tuple[str, str, str], str]:
    """What stands beside a registration, by (course, offering, address).

    The words of several sessions one after the other, each once.
    """
    texts: defaultdict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    for comment in sorted(comments, key=lambda comment: comment.at):
        texts[comment.key.course, comment.key.offering, people.canonical(comment.email)][comment.text] = None
    return {where: " / ".join(words) for where, words in texts.items()}


def _sessions(plan: CoursePlan) -> Iterator[tuple[SessionKey, SessionName]]:
    for planned in plan.sessions():
        key = plan.key_of(planned)
        yield key, _named(key, *planned)


def _named(key: SessionKey, course: Course, offering: Offering, session: CourseSession) -> SessionName:
    which = offering.title or (offering.id if len(course.offerings) > 1 else "")
    part = session.title or (session.id if len(offering.sessions) > 1 else "")
    return SessionName(key=key, course=course.title, offering=which, session=part, start=session.start)


def _speakers(
    plan: CoursePlan,
    names: Mapping[SessionKey, SessionName],
    answers: Iterable[Answer],
    words: Mapping[tuple[SessionKey, str], str],
    entries: Mapping[SessionKey, LedgerEntry],
    people: PeopleIndex,
) -> Iterator[SpeakerAnswer]:
    last: dict[tuple[SessionKey, str], Answer] = {}
    for answer in sorted(answers, key=lambda answer: (answer.responded_at, answer.seen_at)):
        last[answer.key.first, people.canonical(answer.email)] = answer
    invited = invited_addresses(entries, people)
    speaking = {course.id: course.speakers for course in plan.courses if course.status in INVITING}
    for key, where in names.items():
        for speaker in speaking.get(key.course, ()):
            email = people.canonical(speaker.email or "")
            if where.start is None or email not in invited.get(key, frozenset()):
                continue
            last_answer = last.get((key, email))
            yield SpeakerAnswer(
                where=where,
                name=speaker.name,
                email=email,
                response=last_answer.response if last_answer else ResponseStatus.NONE,
                at=last_answer.responded_at if last_answer else None,
                comment=words.get((key, email), ""),
            )


def _comments(
    comments: Iterable[AnswerComment],
    names: Mapping[SessionKey, SessionName],
    plan: CoursePlan,
    people: PeopleIndex,
) -> Iterator[Remark]:
    for comment in comments:
        where = names.get(comment.key)
        yield Remark(
            course=comment.key.course,
            course_title=plan.title_of(comment.key.course),
            offering=where.offering if where else comment.key.offering,
            **_person(comment.email, people),
            text=comment.text,
            at=comment.at,
            response=comment.response,
        )


def _notes(notes: Iterable[Note], plan: CoursePlan, people: PeopleIndex) -> Iterator[Remark]:
    for note in notes:
        about = _person(note.email, people)
        yield Remark(
            course=note.course,
            course_title=plan.title_of(note.course),
            offering="",
            **about,
            text=note.text,
            at=note.written_at,
            response=None,
        )


def _person(email: str, people: PeopleIndex) -> dict[str, str]:
    person = people.find(email)
    return {"name": person.name if person else "", "email": people.canonical(email)}
