"""Mails foretold against mails sent: who was to get what, person by person (pure).

The preview counts; the sandbox's mail log tells what people got. Equal numbers could hide two mistakes
that cancel out, so the comparison is by person and kind of mail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from bot.domain.changes import Cancel, Change, Conflict, Create, Forget, Update
from bot.domain.events import Attendee, AttendeeType, ObservedEvent
from bot.domain.messages import Message

KINDS = ("invitation", "update", "cancellation", "message")
Mailed = Counter[tuple[str, str]]
"""(kind, address in lower case) to the number of mails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailCount:
    """Numbers of mails by kind."""

    invitation: int = 0
    update: int = 0
    cancellation: int = 0
    message: int = 0

    @property
    def total(self) -> int:
        """All kinds together."""
        return self.invitation + self.update + self.cancellation + self.message

    def plus(self, other: MailCount) -> MailCount:
        """Both together."""
        return MailCount(
            invitation=self.invitation + other.invitation,
            update=self.update + other.update,
            cancellation=self.cancellation + other.cancellation,
            message=self.message + other.message,
        )


def foretold_mails(changes: Iterable[Change], messages: Iterable[Message]) -> Mailed:
    """Who is to get what when the changes are applied and the messages sent, rooms left out."""
    foretold: Mailed = Counter(("message", message.email) for message in messages)
    for change in changes:
        match change:
            case Create():
                if not change.held:
                    foretold.update(("invitation", email) for email in _guests(change.desired.attendees))
            case Update():
                foretold.update(_of_update(change))
            case Cancel():
                foretold.update(("cancellation", email) for email in _people(change.observed))
            case Forget() | Conflict():
                pass
            case _:
                assert_never(change)
    return foretold


def _of_update(change: Update) -> Iterator[tuple[str, str]]:
    """Who comes is invited, who goes gets a cancellation, and everybody else hears of what they can see."""
    people = _people(change.observed)
    rooms = {one.email for one in change.desired.attendees if one.type is AttendeeType.RESOURCE}
    goes = {email.lower() for email in change.remove} & people
    yield from (("invitation", email) for email in change.add if email not in rooms)
    yield from (("cancellation", email) for email in goes)
    if change.fields:
        yield from (("update", email) for email in people - goes)


def sent_mails(log: Iterable[Mapping[str, object]]) -> Mailed:
    """What the sandbox's mail log says; mails of other kinds than the four are counted too, and stand out."""
    return Counter((str(mail["kind"]), str(mail["to"]).lower()) for mail in log)


def counted(mailed: Mailed) -> MailCount:
    """The numbers by kind."""
    numbers: Counter[str] = Counter()
    for (kind, _), count in mailed.items():
        numbers[kind] += count
    return MailCount(**{kind: numbers[kind] for kind in KINDS})


def _guests(attendees: Iterable[Attendee]) -> set[str]:
    return {one.email for one in attendees if one.type is not AttendeeType.RESOURCE}


def _people(event: ObservedEvent) -> set[str]:
    return {one.address for one in event.attendees if one.type is not AttendeeType.RESOURCE}
