"""What a personal link allows, as data, and until when it does.

A link belongs to a person and is held against the plan and the books as they are when it is opened:

    the link                                                 then
    the course is in the plan no more                        gone
    nobody is known by the id or address that it names       left
    the person's links were renewed since                    renewed
    the person is in no audience of the plan, speaks on no   left
    course of it, and has no seat or place in line there
    the course ended more than 14 days ago, by the plan of   expired
    today, and so has what was promised when it was made
    the course has no date, and the link is older than       expired
    194 days, and so has what was promised
    anything else                                            opens the page

A link of a delegate's is held against the same, for the leader; and before that:

    the link                                                 then
    nobody is known by the id or address of the delegate,    no_delegate
    or today's plan does not let them answer for the leader
    the delegate's links were renewed since                  renewed; the leader's go on, and the other way round
    the leader has left                                      no_delegate

A link to somebody's certificates of a course outlasts that: until it is renewed, or the books have let go of
whose they are (`bot.desks.afterwards.own_certificates`).

A link of a manager's, to the sign-ups that wait for their yes, opens what waits for that address for 60 days
after it was made, until it is renewed (`bot.desks.person.sign_ups`).

Older programs promised a fixed end in the link itself; it is kept. How a link is written and signed is
`bot.links`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.addresses import plain_address
from bot.domain.door_links import OWNER as DOORS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.domain.people import Language, Person

OUTLASTS_THE_COURSE = timedelta(days=14)
UNDATED_LASTS = timedelta(days=180) + OUTLASTS_THE_COURSE
FEED_OUTLASTS_THE_PLAN = timedelta(days=365)
"""Whoever subscribes should not lose the calendar in a pause between two years' courses."""
FEED = "feed"
"""What the plan's feed goes by where persons have their id or address.

HR's and the directors' is `feed/hr`, `feed/directors`.
"""


class Purpose(StrEnum):
    """What a link is for; one for another purpose does not open it."""

    PERSON = "p"
    DELEGATE = "s"
    FEED = "f"
    CERTIFICATE = "b"
    MANAGER = "m"


class FeedReader(StrEnum):
    """Who has the whole year wheel as a feed; everybody else has what is approved."""

    HR = "hr"
    DIRECTORS = "directors"


class LinkEnd(StrEnum):
    """Why a link opens nothing; each value is a text under `web.sorry`."""

    EXPIRED = "expired"
    RENEWED = "renewed"
    LEFT = "left"
    GONE = "gone"
    NO_DELEGATE = "no_delegate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a link says: a person and a course of a plan, or with both empty the plan's feed.

    `person` is the directory id, or the canonical address of somebody without one. `made_at` and
    `promised_until` UTC; the latter only in links of older programs. `delegate` is who acts for the person,
    named in the same way, "" for themselves. `generation` counts how often the links of whoever acts had been
    renewed when it was made. `audience`: a feed of what is for that one only, "" for all of them.
    `reader`: a feed of the whole year wheel, for whom.
    """

    purpose: Purpose
    plan: str
    person: str = ""
    course: str = ""
    made_at: datetime
    generation: int = 0
    promised_until: datetime | None = None
    audience: str = ""
    reader: FeedReader | None = None
    delegate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedLink:
    """What is said to whoever opens a link that has ended: why, in which language, and whom to write to."""

    why: LinkEnd
    language: Language
    contact: str


def owner_of(person: Person | None, address: str) -> str:
    """Whose a link is that is made for this address (canonical).

    The person's directory id, else the address.
    """
    return (person.directory_id if person else None) or plain_address(address)


def feed_owner(reader: FeedReader | None) -> str:
    """What the links to a feed are counted by, so that each kind is renewed alone."""
    return FEED if reader is None else f"{FEED}/{reader}"


FEED_OWNERS = frozenset(map(feed_owner, (None, *FeedReader)))
"""Of all feeds of a plan."""


def is_of_nobody(owner: str) -> bool:
    """Whether the links that are counted so are a feed's or a door's, and no person's."""
    return owner in FEED_OWNERS or owner.startswith(DOORS)


def generation_of(person: Person | None, address: str, generations: Mapping[str, int]) -> int:
    """How often the links of the person behind this address were renewed, under any id or address."""
    known_by = {
        plain_address(address),
        *(person.addresses if person else ()),
        (person.directory_id if person else None) or "",
    }
    return max((generations.get(one, 0) for one in known_by), default=0)


def is_over(grant: Grant, *, course_ends: datetime | None, now: datetime) -> bool:
    """Whether the time of a link to a course is up at `now`; `course_ends` is the last end by today's plan.

    All UTC.
    """
    ends = grant.made_at + UNDATED_LASTS if course_ends is None else course_ends + OUTLASTS_THE_COURSE
    return max(ends, grant.promised_until or ends) <= now


def feed_is_over(grant: Grant, *, plan_ends: datetime | None, now: datetime) -> bool:
    """Whether a link to the feed has ended: a year after the last date in today's plan.

    Never while there is none. All UTC.
    """
    if plan_ends is None:
        return False
    ends = plan_ends + FEED_OUTLASTS_THE_PLAN
    return max(ends, grant.promised_until or ends) <= now
