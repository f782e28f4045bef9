"""The part of a preview that tells of seats.

Who moves and why, which messages go out, where there are more people than seats (pure).

Answers that took effect as given are not listed, because nothing follows from them but the list of
registrations. The lines of one offering and one cause are one line with the names.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bot.domain.plan import CourseStatus
from bot.domain.registrations import RegistrationStatus
from bot.domain.seats import Cause
from bot.domain.templates import MessageKind
from bot.i18n.catalogue import plural, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bot.domain.changes import ChangeSet
    from bot.domain.messages import Message
    from bot.domain.people import Language
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.seats import Transition

Section = tuple[str, tuple[tuple[str, ...], ...]]


def seat_sections(
    moves: Iterable[Transition],
    messages: Iterable[Message],
    courses: Sequence[Course],
    language: Language,
    names: Callable[[Sequence[str]], str],
) -> tuple[Section, ...]:
    """Sections of (heading, items of lines) for seats and messages, none where there are none.

    `names` lists people by address.

    `courses` are those that may be named, the later word counting: as they were, where they are gone from the
    plan, and as it has them.
    """
    moved: dict[tuple[str, str], defaultdict[Cause, list[str]]] = {}
    for transition in moves:
        after = transition.after
        if after.cause is not Cause.ANSWERED and transition.is_seen and not _is_nothing_lost(transition):
            moved.setdefault((after.course, after.offering), defaultdict(list))[after.cause].append(
                after.email
            )
    titles, called = offering_titles(courses), {course.id: course.title for course in courses}
    seats = tuple(
        (
            titles.get(offering) or f"{called.get(offering[0], offering[0])} – {offering[1]}",
            *(
                plural(language, f"preview.move.{cause}", len(people), names=names(people))
                for cause, people in causes.items()
            ),
        )
        for offering, causes in moved.items()
    )
    sent: defaultdict[tuple[str, MessageKind], list[str]] = defaultdict(list)
    for message in messages:
        sent[message.course, message.kind].append(message.email)
    told = tuple(
        (
            (
                f"{called.get(course, course)}: "
                f"{plural(language, f'preview.message.{kind}', len(people), names=names(people))}"
            ),
        )
        for (course, kind), people in sent.items()
    )
    found: list[Section] = []
    for name, items, count in (
        ("seats", seats, len(seats)),
        ("messages", told, sum(map(len, sent.values()))),
    ):
        if items:
            found.append((f"{text(language, f'preview.section.{name}')} ({count})", items))
    return tuple(found)


def seat_notes(
    change_set: ChangeSet, plan: CoursePlan, courses: Sequence[Course], language: Language
) -> tuple[str, ...]:
    """What HR is told beside.

    More people than seats, people without a place, courses that cannot be announced.

    `courses` as in `seat_sections`.
    """
    titles = offering_titles(courses)
    notes: list[str] = []
    for count in change_set.seats:
        title = titles.get((count.course, count.offering), count.offering)
        if count.over:
            notes.append(
                text(
                    language,
                    "preview.over",
                    title=title,
                    registered=count.registered,
                    capacity=count.capacity,
                )
            )
        if count.unplaced:
            notes.append(plural(language, "preview.unplaced", len(count.unplaced), title=title))
    notes += _without_place(change_set, plan, titles, language)
    called = {course.id: course.title for course in courses}
    notes += [
        text(language, "preview.without_link", title=called.get(course, course))
        for course in change_set.without_link
    ]
    return tuple(notes)


def _is_nothing_lost(move: Transition) -> bool:
    """An answer to a date that goes, of somebody who had no seat there and waited for none."""
    return (
        move.after.cause is Cause.OFFERING_GONE
        and not move.after.had_seat
        and move.before is not RegistrationStatus.WAITLISTED
    )


def _without_place(
    change_set: ChangeSet, plan: CoursePlan, titles: Mapping[tuple[str, str], str], language: Language
) -> Iterator[str]:
    """Who loses a seat with a date while the course goes on, and how many may choose another."""
    going_on = {course.id for course in plan.courses if course.status is CourseStatus.APPROVED}
    told = {
        (message.course, message.offering, message.email)
        for message in change_set.messages
        if message.kind is MessageKind.OFFERING_GONE
    }
    lost: defaultdict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for one in (move.after for move in change_set.moves):
        if one.cause is Cause.OFFERING_GONE and one.had_seat and one.course in going_on:
            lost[one.course, one.offering].append((one.course, one.offering, one.email))
    for where, people in sorted(lost.items()):
        title = titles.get(where, f"{plan.title_of(where[0])} – {where[1]}")
        yield plural(
            language, "preview.without_place", len(people), title=title, again=len(told.intersection(people))
        )


def seats_json(change_set: ChangeSet) -> dict[str, list[dict[str, object]]]:
    """`seats`, `moves` and `messages` of the document.

    No text of a message, and no reason that HR or a person wrote.
    """
    return {
        "moves": [
            {
                "course": move.after.course,
                "offering": move.after.offering,
                "email": move.after.email,
                "from": move.before.value if move.before else None,
                "to": move.after.status.value if move.after.status else None,
                "cause": move.after.cause.value,
            }
            for move in change_set.moves
        ],
        "messages": [
            {
                "kind": message.kind.value,
                "course": message.course,
                "offering": message.offering,
                "email": message.email,
            }
            for message in change_set.messages
        ],
        "seats": [
            {
                "course": count.course,
                "offering": count.offering,
                "capacity": count.capacity,
                "registered": count.registered,
                "waiting": count.waiting,
                "unplaced": list(count.unplaced),
            }
            for count in change_set.seats
            if count.capacity is not None or count.waiting or count.unplaced
        ],
    }


def offering_titles(courses: Iterable[Course]) -> dict[tuple[str, str], str]:
    """(Course, offering) to the course's title, with the offering's where there is a choice.

    The later course of an id counts.
    """
    return {
        (course.id, offering.id): course.title
        if len(course.offerings) == 1
        else f"{course.title} – {offering.title or offering.id}"
        for course in courses
        for offering in course.offerings
    }
