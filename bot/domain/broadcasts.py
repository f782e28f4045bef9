"""What HR writes to the people of a course in its own words: a broadcast, and whom it goes to (pure).

To whom, by the people of a course, an offering or a session. Somebody is in the first group that fits:

| group | is, of the course | of an offering | of a session |
|---|---|---|---|
| registered | has a seat | has a seat there | has a seat there, and said no to no such session |
| tentative | answered maybe | the same | the same |
| waiting | waits in line, and has no seat | waits there | waits there |
| awaiting | has signed up, and waits for a manager's yes | waits there | waits there |
| silent | was asked, in the calendar or by link, and answered nothing | was asked in the calendar | was asked to it |
| declined | said no, gave the seat up, or was let go of | the same, and has no other place on the course | said no to it, or as there |

Never written to, whatever is ticked:

| who | because |
|---|---|
| was turned away by HR, left the audience, or lost the seat with its date | they were told that it is over |
| an outsider without a place | HR has not decided about them |
| was erased | there is nobody to write to |
| whose address mails have come back from, as unknown or refused | it would come back again; HR sees who |

An outsider who was given a place has a row like everybody's, and is written to. Speakers have none.

The list is made when somebody looks, and made anew when they press. Where it is another by then, nothing goes
and they look again: a mail goes to exactly those who were shown, once. Whoever gives a seat up after the
press was meant, and gets it.

Its id is a digest of what is written to whom, so the same words to the same people are one broadcast,
whatever door, tab or process they come from. The messages that it becomes are known by it and the address.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.domain.bounces import BounceReason
from bot.domain.participation import Part, part_in, part_of, parts_of_course, unanswered_people
from bot.domain.registrations import is_stand_in
from bot.domain.seats import Cause

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from bot.domain.messages import DeliveryState, Message
    from bot.domain.people import Language, PeopleIndex
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.registrations import Registration

BROADCAST_PREFIX = "broadcast/"
"""What the keys of all its messages begin with; its id follows, and the address."""
TRIAL_PREFIX = "broadcast-trial/"
"""What the keys of mails begin with that somebody sends to themselves first."""
ID_LENGTH = 16
BROADCAST, GROUP, LANGUAGE = "broadcast", "group", "language"
"""The parameters of its messages."""
STOPPED = "broadcast_stopped"
"""The error of a message that was not begun when somebody stopped the rest."""
MANY = 30
"""To more people than these nobody writes who has not shown who they are within the hour."""
LASTS = timedelta(days=2)
"""How long what could not go at once is worth sending."""
LONGEST_SUBJECT, LONGEST_TEXT = 150, 10_000
UNREACHABLE = frozenset({BounceReason.UNKNOWN_ADDRESS, BounceReason.REFUSED, BounceReason.OTHER})
"""Why a mail came back that would come back again."""
TOLD_THAT_IT_IS_OVER = frozenset({Cause.TURNED_AWAY, Cause.LEFT, Cause.OFFERING_GONE})


class BroadcastGroup(StrEnum):
    """By the first table above."""

    REGISTERED = "registered"
    TENTATIVE = "tentative"
    WAITING = "waiting"
    AWAITING = "awaiting"
    SILENT = "silent"
    DECLINED = "declined"


EVERYBODY = (
    BroadcastGroup.REGISTERED,
    BroadcastGroup.TENTATIVE,
    BroadcastGroup.WAITING,
    BroadcastGroup.AWAITING,
    BroadcastGroup.SILENT,
)
"""What »all« means: whoever is in play. Who said no is written to only where that is ticked."""
GROUP_OF = {
    Part.SEATED: BroadcastGroup.REGISTERED,
    Part.MAYBE: BroadcastGroup.TENTATIVE,
    Part.WAITING: BroadcastGroup.WAITING,
    Part.AWAITING: BroadcastGroup.AWAITING,
    Part.ASKED: BroadcastGroup.SILENT,
    Part.OUT: BroadcastGroup.DECLINED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """The people of what are meant: a course, one of its offerings ("" for all), one of its sessions."""

    course: str
    offering: str = ""
    session: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastWords:
    """What is said in one language: a subject on one line, and a text in HR's Markdown."""

    language: Language
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """What is written to whom.

    `by` wrote it at `written_at`. It is a draft until somebody sends it at `sent_at` to `people` people;
    nothing of it goes before `goes_from`, nor after `expires_at`. `stopped_by` somebody at `stopped_at`: what
    had not been begun does not go. Instants UTC. `words` () where they named somebody who was erased since.
    """

    plan: str
    where: Whereabouts
    groups: tuple[BroadcastGroup, ...]
    words: tuple[BroadcastWords, ...]
    by: str
    written_at: datetime
    sent_at: datetime | None = None
    sent_by: str = ""
    goes_from: datetime | None = None
    expires_at: datetime | None = None
    people: int = 0
    stopped_at: datetime | None = None
    stopped_by: str = ""
    id: str = ""

    def words_in(self, language: Language) -> BroadcastWords:
        """The words of that language, else the first that were written, which are in the plan's."""
        return next((one for one in self.words if one.language is language), self.words[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastRecipient:
    """Somebody who gets it: `email` canonical, why, and which language's words."""

    email: str
    name: str
    group: BroadcastGroup
    language: Language
    department: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastProgress:
    """How many of its messages are where, by `DeliveryState`."""

    states: Mapping[DeliveryState, int]

    def count(self, *states: DeliveryState) -> int:
        """How many are in one of these states."""
        return sum(self.states.get(state, 0) for state in states)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.states.values())


def broadcast_id(
    plan: str, where: Whereabouts, groups: Iterable[BroadcastGroup], words: Iterable[BroadcastWords]
) -> str:
    """What the same words to the same people are known by."""
    said = [[one.language.value, one.subject, one.text] for one in words]
    told = [plan, where.course, where.offering, where.session, sorted(groups), said]
    return sha256(json.dumps(told, ensure_ascii=True).encode()).hexdigest()[:ID_LENGTH]


def groups_at(
    course: Course, where: Whereabouts, rows: Iterable[Registration], asked: Collection[str]
) -> dict[str, BroadcastGroup]:
    """Address to the group that somebody is in, by the tables above, whether or not mails reach them.

    `rows` are the course's registrations; `asked` were asked by link
    (`bot.domain.participation.asked_by_link`).
    """
    mine = tuple(rows)
    whole = parts_of_course(mine)
    over = {row.email for row in mine if row.cause in TOLD_THAT_IT_IS_OVER}
    if where.offering:
        parts = dict(_parts_at(where, mine, whole))
    else:
        parts = whole | dict.fromkeys(set(unanswered_people(course, mine, asked)) - whole.keys(), Part.ASKED)
    return {
        email: GROUP_OF[part]
        for email, part in sorted(parts.items())
        if not is_stand_in(email) and not (part is Part.OUT and email in over)
    }


def _parts_at(
    where: Whereabouts, rows: Iterable[Registration], whole: Mapping[str, Part]
) -> Iterator[tuple[str, Part]]:
    """How everybody takes part there; whoever is out here and in elsewhere on the course does not."""
    for row in rows:
        if row.offering != where.offering or not row.invited:
            continue
        there = part_of(row)
        part = part_in(row, where.session) if where.session else there
        if part is not None and not (there is Part.OUT and whole[row.email] is not Part.OUT):
            yield row.email, part


def recipients_of(
    groups: Mapping[str, BroadcastGroup],
    wanted: Collection[BroadcastGroup],
    *,
    languages: Collection[Language],
    plan: CoursePlan,
    people: PeopleIndex,
    rows: Iterable[Registration],
) -> tuple[BroadcastRecipient, ...]:
    """Those of the wanted groups, by address, each with the language that they get it in.

    Their own where it is among `languages`, else the plan's. `rows` say the names that the directory does
    not.
    """
    named = {row.email: (row.name, row.department) for row in rows}
    found = []
    for email, group in sorted(groups.items()):
        if group not in wanted:
            continue
        person = people.find(email)
        own = (person.language if person else None) or plan.language
        name, department = named.get(email, ("", ""))
        found.append(
            BroadcastRecipient(
                email=email,
                name=(person.name if person else "") or name,
                group=group,
                language=own if own in languages else plan.language,
                department=(person.department if person else "") or department,
            )
        )
    return tuple(found)


def shown_digest(broadcast: str, recipients: Iterable[BroadcastRecipient]) -> str:
    """What somebody saw: this broadcast (its id) to these people in these languages."""
    told = [broadcast, [[one.email, one.group.value, one.language.value] for one in recipients]]
    return sha256(json.dumps(told).encode()).hexdigest()


def broadcast_key(broadcast: str, email: str) -> str:
    """The key of its message to one person: whatever is repeated, they get it once."""
    return f"{BROADCAST_PREFIX}{broadcast}/{email}"


def trial_key(broadcast: str, language: Language, email: str) -> str:
    """The key of the mail that its writer sends to themselves first."""
    return f"{TRIAL_PREFIX}{broadcast}/{language.value}/{email}"


def is_trial(message: Message) -> bool:
    """Whether it went to its writer alone."""
    return message.key.startswith(TRIAL_PREFIX)
