"""Which mails about a course somebody may be sent once more, as things stand now (pure).

| the person | the mail |
|---|---|
| is asked to sign up or choose by link, and has no place and has not said no, while it is open | that, with their link and what there is |
| has a seat and is on the event | what told them of it: from the line, assigned, moved; else that they are registered |
| waits in line | that, with their place today |
| waits for a manager's yes | that |
| said yes where it was full, or too late | that |
| was taken off by HR, or got a manager's no | that |
| anything else | none: Outlook's own mail said it, or they said it themselves |

It tells what is true now, whatever was said then. Its key counts what they were told again before, so that a
button pressed twice is one mail, and another press another day one more. What stands otherwise by the time
that it goes is not told (`is_still_so`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.enrolment import EnrolmentMode
from bot.domain.messages import AGAIN_PREFIX, DeliveryState, Message
from bot.domain.participation import Part, part_of, people_in
from bot.domain.plan import CourseStatus
from bot.domain.registrations import RegistrationStatus
from bot.domain.seats import RULES, Cause
from bot.domain.templates import MessageKind
from bot.seats.enrolment_rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.domain.plan import Course, CoursePlan
    from bot.domain.registrations import Registration

AS_OF = "as_of"
"""The parameter with how the person stood when HR sent it."""
GOES_FROM = "goes_from"
"""The parameter with when it may go, as an instant of RFC 3339."""
TOLD_OF_SEAT = frozenset({Cause.SEAT_OFFERED, Cause.ASSIGNED, Cause.MOVED, Cause.PROMOTED})
TOLD_OF_NONE = frozenset({Cause.FULL, Cause.TOO_LATE, Cause.WITHDRAWN, Cause.DISAPPROVED})
UNDER_WAY = frozenset({DeliveryState.DUE, DeliveryState.SENDING})
IN_PLAY = frozenset({Part.SEATED, Part.MAYBE, Part.WAITING, Part.AWAITING})


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainBooks:
    """What it is decided by: the course's `rows` and `members`, `outbox` its messages, addresses canonical.

    `on_event` is who is on an event of which offering.
    """

    plan: CoursePlan
    course: Course
    rows: Sequence[Registration]
    members: Mapping[str, frozenset[str]]
    outbox: Sequence[Message]
    on_event: Collection[tuple[str, str]]


def messages_again(books: AgainBooks, email: str, *, now: datetime) -> tuple[Message, ...]:
    """What may be sent to somebody, by the table above, as it would be made at `now` (UTC)."""
    if books.course.status is not CourseStatus.APPROVED:
        return ()
    rows = [row for row in books.rows if row.email == email and row.invited]
    made = [*_asking(books, email, rows, now), *_answers(books, rows, now)]
    return tuple(one for one in made if one.expires_at is None or one.expires_at > now)


def is_under_way(books: AgainBooks, message: Message) -> bool:
    """Whether such a mail is on its way to the person already."""
    return any(
        one.state in UNDER_WAY
        and not one.is_reminder
        and (one.kind, one.offering) == (message.kind, message.offering)
        for one in books.outbox
        if one.email == message.email
    )


def is_still_so(message: Message, rows: Iterable[Registration]) -> bool:
    """Whether the person stands as when HR sent it; any other message is nothing that was told again."""
    if not message.is_told_again:
        return True
    mine = [row for row in rows if row.email == message.email and row.course == message.course]
    return standing_of(mine, message.offering) == message.params.get(AS_OF)


def standing_of(rows: Iterable[Registration], offering: str) -> str:
    """How somebody stands with an offering, or with the whole course (""), in a word that changes with it."""
    if offering:
        return " ".join(row.status.value for row in rows if row.offering == offering)
    return "in_play" if any(part_of(row) in IN_PLAY for row in rows) else ""


def _asking(books: AgainBooks, email: str, rows: Sequence[Registration], now: datetime) -> Iterator[Message]:
    course, rules = books.course, rules_of(books.plan, books.course)
    asked = people_in(
        frozenset[str]().union(*(offering.audiences for offering in rules.offerings.values())), books.members
    )
    if not (rules.by_link and rules.is_open_for_signing_up(now)) or email not in asked:
        return
    if any(part_of(row) in IN_PLAY | {Part.OUT} and not row.reopened for row in rows):
        return
    chooses = course.enrolment.mode is EnrolmentMode.CHOOSE
    kind = MessageKind.CHOOSE if chooses else MessageKind.ANNOUNCEMENT
    yield _message(books, kind, "", email, now, expires=rules.sign_up_until, as_of=standing_of(rows, ""))


def _answers(books: AgainBooks, rows: Iterable[Registration], now: datetime) -> Iterator[Message]:
    rules = rules_of(books.plan, books.course)
    for row in rows:
        kind = _kind_of(row, books.on_event)
        offering = rules.offerings.get(row.offering)
        if kind is None or offering is None or offering.has_begun(now):
            continue
        position = {"position": str(row.position or 1)} if kind is MessageKind.PLACED_IN_LINE else {}
        as_of = standing_of([row], row.offering)
        yield _message(
            books, kind, row.offering, row.email, now, expires=offering.begins, as_of=as_of, **position
        )


def _kind_of(row: Registration, on_event: Collection[tuple[str, str]]) -> MessageKind | None:
    cause = Cause(row.cause) if row.cause else None
    if row.status is RegistrationStatus.WAITLISTED:
        return MessageKind.PLACED_IN_LINE
    if row.status is RegistrationStatus.AWAITING:
        return MessageKind.AWAITS_APPROVAL
    if row.status is RegistrationStatus.REGISTERED:
        if (row.offering, row.email) not in on_event:
            return None
        return RULES[cause].message if cause in TOLD_OF_SEAT else MessageKind.CONFIRMED
    return RULES[cause].message if cause in TOLD_OF_NONE else None


def _message(
    books: AgainBooks,
    kind: MessageKind,
    offering: str,
    email: str,
    now: datetime,
    *,
    expires: datetime | None,
    as_of: str,
    **params: str,
) -> Message:
    where = "/".join(filter(None, (books.course.id, offering, email)))
    stem = f"{AGAIN_PREFIX}{kind.value}/{where}/"
    number = sum(one.key.startswith(stem) for one in books.outbox)
    return Message(
        plan=books.plan.id,
        key=f"{stem}{number}",
        kind=kind,
        course=books.course.id,
        offering=offering,
        email=email,
        created_at=now,
        expires_at=expires,
        params=params | {AS_OF: as_of},
    )
