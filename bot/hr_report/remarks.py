"""What people wrote, and speakers who cannot come, as HR's report tells of them (pure).

told                     when
a speaker's no           in each report until the event is over, or somebody else is in the plan
a comment with an answer once: when it was read after the last report
a note to HR             once: when it was written after the last report
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.changes import Conflict, Reason
from bot.domain.reports import Remarked, SpeakerTrouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from bot.domain.changes import Change
    from bot.domain.comments import AnswerComment
    from bot.domain.events import ObservedEvent, SessionKey
    from bot.domain.notes import Note
    from bot.domain.people import PeopleIndex
    from bot.registrations.said import SpeakerAnswer


def speaker_troubles(
    changes: Iterable[Change],
    observed: Iterable[ObservedEvent],
    comments: Iterable[AnswerComment],
    people: PeopleIndex,
    titles: Mapping[str, str],
    said_no: Iterable[SpeakerAnswer] = (),
) -> Iterator[SpeakerTrouble]:
    """The speakers who said no, by event, with what they wrote.

    Outlook forgets an answer when the event is moved; `said_no` is what the books have of them, and a no
    stands until another answer.
    """
    events = {event.key: event for event in observed}
    comment_of = {(comment.key, people.canonical(comment.email)): comment.text for comment in comments}
    told: set[tuple[SessionKey, str]] = set()
    for change in changes:
        if not isinstance(change, Conflict) or change.reason is not Reason.SPEAKER_DECLINED:
            continue
        event = events.get(change.key)
        for email in change.missing:
            told.add((change.key.first, people.canonical(email)))
            yield SpeakerTrouble(
                course=change.course,
                title=titles.get(change.course) or change.subject,
                start=event.content.start if event else None,
                name=_name(people, email) or _name_in_outlook(event, people, email) or email,
                comment=comment_of.get((change.key, email), ""),
            )
    for answer in said_no:
        if (answer.where.key, answer.email) not in told:
            yield _still_no(answer, titles)


def _name_in_outlook(event: ObservedEvent | None, people: PeopleIndex, email: str) -> str:
    guests = event.attendees if event is not None else ()
    return {people.canonical(guest.email): guest.name for guest in guests}.get(email, "")


def _still_no(answer: SpeakerAnswer, titles: Mapping[str, str]) -> SpeakerTrouble:
    """A no that the books have, to an event that Outlook has no answer to any more."""
    course = answer.where.key.course
    return SpeakerTrouble(
        course=course,
        title=titles.get(course) or answer.where.course,
        start=answer.where.start,
        name=answer.name or answer.email,
        comment=answer.comment,
    )


def remarks(
    comments: Iterable[AnswerComment],
    notes: Iterable[Note],
    people: PeopleIndex,
    titles: Mapping[str, str],
    is_mine: Callable[[str], bool],
    *,
    since: datetime | None,
) -> Iterator[Remarked]:
    """What was written about the reader's courses since the last report, comments first.

    `since` is UTC; None: all there is.
    """
    for comment in sorted(comments, key=lambda comment: (comment.key.course, comment.at, comment.email)):
        course = comment.key.course
        if is_mine(course) and (since is None or comment.seen_at > since):
            said = _remarked(course, comment.email, comment.text, people, titles)
            yield replace(said, response=comment.response.value, at=comment.seen_at)
    for note in sorted(notes, key=lambda note: (note.course, note.written_at, note.email)):
        if is_mine(note.course) and (since is None or note.written_at > since):
            yield replace(_remarked(note.course, note.email, note.text, people, titles), at=note.written_at)


def unread(
    comments: Iterable[AnswerComment], notes: Iterable[Note], read: Mapping[tuple[str, str], datetime]
) -> tuple[tuple[AnswerComment, ...], tuple[Note, ...]]:
    """Of what was written, what nobody of HR has read; `read` is by course and address."""

    def waits(course: str, email: str, at: datetime) -> bool:
        until = read.get((course, email))
        return until is None or at > until

    return (
        tuple(one for one in comments if waits(one.key.course, one.email, one.seen_at)),
        tuple(one for one in notes if waits(one.course, one.email, one.written_at)),
    )


def _remarked(
    course: str, email: str, words: str, people: PeopleIndex, titles: Mapping[str, str]
) -> Remarked:
    return Remarked(
        course=course,
        title=titles.get(course) or course,
        name=_name(people, email) or email,
        text=words,
        email=email,
    )


def _name(people: PeopleIndex, email: str) -> str:
    person = people.find(email)
    return person.name if person else ""
