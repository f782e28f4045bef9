"""What people said beside their places.

Speakers' answers, rooms that said no, comments in answers, notes to HR (pure).

Speakers are optional attendees who take no seat, so none of this is a row of the registrations; it stands
beside them in every list. A speaker is listed for each dated session that they are invited to, with the last
answer to it. A comment or a note is listed whether or not the person has a row.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
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
    from bot.domain.registrations import Answer

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

    `comments` are texts by (course, offering, address), `notes` by (course, address).
    """

    speakers: tuple[SpeakerAnswer, ...] = ()
    rooms: tuple[RoomAnswer, ...] = ()
    remarks: tuple[Remark, ...] = ()
    comments: Mapping[tuple[str, str, str], str]
    notes: Mapping[tuple[str, str], str]

    @property
    def cancelled_speakers(self) -> tuple[SpeakerAnswer, ...]:
        """Those who said no."""
        return tuple(one for one in self.speakers if one.response is ResponseStatus.DECLINED)

    def ahead(self, now: datetime) -> Said:
        """Without the speakers of what has begun; `now` is wall time of the plan."""
        return replace(
            self,
            speakers=tuple(
                one for one in self.speakers if one.where.start is not None and one.where.start > now
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
    words = {(one.key, people.canonical(one.email)): one.text for one in comments}
    found = (*_comments(comments, names, plan, people), *_notes(notes, plan, people))
    return Said(
        speakers=tuple(_speakers(plan, names, answers, words, entries, people)),
        rooms=tuple(
            RoomAnswer(where=where, room=room)
            for key, where in names.items()
            if key in entries
            for room in entries[key].rooms_declined
        ),
        remarks=tuple(
            sorted(found, key=lambda one: (one.course_title, danish_key(one.name or one.email), one.at))
        ),
        comments=comment_texts(comments, people),
        # Who has written under two addresses has said it anew.
        notes={
            (one.course, people.canonical(one.email)): one.text
            for one in sorted(notes, key=lambda one: one.written_at)
        },
    )


def comment_texts(comments: Iterable[AnswerComment], people: PeopleIndex) -> dict[tuple[str, str, str], str]:
    """What stands beside a registration, by (course, offering, address).

    The words of several sessions one after the other, each once.
    """
    texts: defaultdict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    for one in sorted(comments, key=lambda one: one.at):
        texts[one.key.course, one.key.offering, people.canonical(one.email)][one.text] = None
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
    for answer in sorted(answers, key=lambda one: (one.responded_at, one.seen_at)):
        last[answer.key.first, people.canonical(answer.email)] = answer
    invited = invited_addresses(entries, people)
    speaking = {course.id: course.speakers for course in plan.courses if course.status in INVITING}
    for key, where in names.items():
        for speaker in speaking.get(key.course, ()):
            email = people.canonical(speaker.email or "")
            if where.start is None or email not in invited.get(key, frozenset()):
                continue
            given = last.get((key, email))
            yield SpeakerAnswer(
                where=where,
                name=speaker.name,
                email=email,
                response=given.response if given else ResponseStatus.NONE,
                at=given.responded_at if given else None,
                comment=words.get((key, email), ""),
            )


def _comments(
    comments: Iterable[AnswerComment],
    names: Mapping[SessionKey, SessionName],
    plan: CoursePlan,
    people: PeopleIndex,
) -> Iterator[Remark]:
    for one in comments:
        where = names.get(one.key)
        yield Remark(
            course=one.key.course,
            course_title=plan.title_of(one.key.course),
            offering=where.offering if where else one.key.offering,
            **_person(one.email, people),
            text=one.text,
            at=one.at,
            response=one.response,
        )


def _notes(notes: Iterable[Note], plan: CoursePlan, people: PeopleIndex) -> Iterator[Remark]:
    for one in notes:
        about = _person(one.email, people)
        yield Remark(
            course=one.course,
            course_title=plan.title_of(one.course),
            offering="",
            **about,
            text=one.text,
            at=one.written_at,
            response=None,
        )


def _person(email: str, people: PeopleIndex) -> dict[str, str]:
    person = people.find(email)
    return {"name": person.name if person else "", "email": people.canonical(email)}
