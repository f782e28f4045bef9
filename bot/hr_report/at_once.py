"""What HR is told at once: that a course's change has begun to wait for a person (pure).

For each reader (`bot.hr_report.readers`), of what waits of the courses that are theirs:

    what waits                                           then
    was in a message to them, the same change            nothing: it is told once, and stands in their report
    is new to them, outside the plan's sending hours     nothing yet: the first round within them looks again
    is new to them                                       one message about all of it

A change is a course with its checksum: an edit makes another one of it. When a message goes, it says what of
it still waits:

    everything or some of it    that
    nothing any more            it is let go of: somebody has decided, or taken the edit back
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.domain.messages import AT_ONCE_PREFIX, Message
from bot.domain.templates import MessageKind
from bot.hr_report.readers import readers_of
from bot.reminders.moments import sending_hours

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.domain.approvals import Waiting
    from bot.domain.plan import CoursePlan

WAITS = "waits"
"""The parameter with what a message is about: [[course, checksum], …] as JSON."""
LONGEST_KEY = 16

Change = tuple[str, str]


def begun_to_wait(
    plan: CoursePlan,
    waiting: Sequence[Waiting],
    before: Iterable[Message],
    *,
    now: datetime,
    in_channel: bool = False,
) -> tuple[Message, ...]:
    """The messages that are to go by the first table; `before` are those of before, `now` is UTC.

    The key has what it is about, so that it is one whatever is repeated. `in_channel`: HR has a channel,
    which is told of every course, by a message to no address.
    """
    if not waiting or not sending_hours(plan).allows(now):
        return ()
    told = {(message.email, change) for message in before if message.is_at_once for change in about(message)}
    readers = readers_of(plan)
    courses = {one.course for one in waiting}
    theirs = {email: {one for one in courses if email in readers.of(one)} for email in readers.addresses}
    return tuple(_messages(plan, waiting, told, theirs | ({"": courses} if in_channel else {}), now=now))


def _messages(
    plan: CoursePlan,
    waiting: Sequence[Waiting],
    told: set[tuple[str, Change]],
    theirs: Mapping[str, set[str]],
    *,
    now: datetime,
) -> Iterator[Message]:
    for email, courses in theirs.items():
        changes = sorted(
            change
            for change in ((one.course, one.checksum) for one in waiting if one.course in courses)
            if (email, change) not in told
        )
        if changes:
            shown = json.dumps(changes)
            yield Message(
                plan=plan.id,
                key=f"{AT_ONCE_PREFIX}{sha256(shown.encode()).hexdigest()[:LONGEST_KEY]}/{email}",
                kind=MessageKind.HR_REPORT,
                course="",
                offering="",
                email=email,
                created_at=now,
                params={WAITS: shown},
            )


def about(message: Message) -> frozenset[Change]:
    """The changes that a message is about."""
    return frozenset((course, checksum) for course, checksum in json.loads(message.params.get(WAITS, "[]")))


def still_to_tell(message: Message, waiting: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """What of a message still waits, by the second table."""
    changes = about(message)
    return tuple(one for one in waiting if (one.course, one.checksum) in changes)
