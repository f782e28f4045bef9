"""Who is signed in to the desk, for how long, and what a role may see (pure).

| area | address | HR | director | reader | whoever is signed in |
|---|---|---|---|---|---|
| today | `/` | yes | | | |
| courses | `/courses` `/courses/…` | yes | | yes | |
| list mail | `/courses/…/mail` | yes | | | |
| changes | `/changes` | yes | | | |
| plan | `/plan` | yes | | | |
| people | `/people` | yes | | | |
| hand | `/attendance` `/courses/…/act` `…/reminder` `…/again` `…/answers` `…/certificates` | yes | | | |
| overview | `/overview` | yes | yes | yes | |
| decisions | `/decisions` | yes | | | |
| dates | `/dates` | yes | | | |
| runs | `/runs` | yes | | | |
| write | `/courses/ID/write` | yes | | | |
| me | `/me` | yes | yes | yes | yes |

Somebody with two roles may see what either may. What a role is good for in a plan that names people in its
`[desk]` stands in `bot.domain.named`; `/me` is nobody else's, and is not narrowed. Instants are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

IDLE = timedelta(hours=2)
"""Without a page in between somebody has gone home, and the browser may be another's by now."""

LONGEST = timedelta(hours=10)
"""A working day; then roles are asked for anew."""

FRESH = timedelta(hours=1)
"""Who approves mails to hundreds has shown who they are within this time."""

SEEN_EVERY = timedelta(minutes=5)
"""How often it is written down that somebody is still there: a page need not cost a write."""


class Role(StrEnum):
    """App roles, as the token names them."""

    HR = "Kursusbot.HR"
    DIRECTOR = "Kursusbot.Director"
    READER = "Kursusbot.Reader"


class Area(StrEnum):
    """Parts of the desk."""

    TODAY = "today"
    COURSES = "courses"
    LIST_MAIL = "list_mail"
    CHANGES = "changes"
    PLAN = "plan"
    PEOPLE = "people"
    HAND = "hand"
    OVERVIEW = "overview"
    DECISIONS = "decisions"
    DATES = "dates"
    RUNS = "runs"
    WRITE = "write"
    ME = "me"


_ONLY_HR = frozenset({Role.HR})
_WHO_READS = frozenset({Role.HR, Role.READER})
_OPEN_TO: dict[Area, frozenset[Role] | None] = {
    Area.TODAY: _ONLY_HR,
    Area.COURSES: _WHO_READS,
    Area.LIST_MAIL: _ONLY_HR,
    Area.CHANGES: _ONLY_HR,
    Area.PLAN: _ONLY_HR,
    Area.PEOPLE: _ONLY_HR,
    Area.HAND: _ONLY_HR,
    Area.OVERVIEW: frozenset(Role),
    Area.DECISIONS: _ONLY_HR,
    Area.DATES: _ONLY_HR,
    Area.RUNS: _ONLY_HR,
    Area.WRITE: _ONLY_HR,
    Area.ME: None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody whom the provider vouched for.

    `subject` is the directory's object id (else the provider's own id), `email` in lower case, "" where the
    provider gave none; it is one to show, and one to know people by where the provider `vouches` for it.
    `proved_at` is when they last showed who they are, None where the provider does not say. `groups`: the
    groups that the token tells, in lower case, None where it does not tell them (all).
    """

    subject: str
    email: str
    name: str
    roles: frozenset[Role]
    proved_at: datetime | None
    vouches: bool = False
    groups: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A browser in which somebody is signed in, since `begun_at`, with a page last at about `seen_at`.

    `key` is the digest of what the browser shows, so that who reads the books cannot be anybody.
    """

    key: str
    visitor: Visitor
    begun_at: datetime
    seen_at: datetime


def may(visitor: Visitor, area: Area) -> bool:
    """By the table above."""
    return opens(visitor.roles, area)


def opens(roles: frozenset[Role], area: Area) -> bool:
    """Whether one of these roles opens the area; some are open to whoever is signed in."""
    needed = _OPEN_TO[area]
    return needed is None or bool(roles & needed)


def is_for_all(area: Area) -> bool:
    """Whether whoever is signed in may see the area, of whatever plan."""
    return _OPEN_TO[area] is None


def areas_of(visitor: Visitor) -> tuple[Area, ...]:
    """What somebody may see, in the order of the table."""
    return tuple(area for area in Area if may(visitor, area))


def has_ended(sign_in: SignIn, *, now: datetime) -> bool:
    """Whether the browser was left alone for too long, or the working day is over."""
    return now - sign_in.seen_at >= IDLE or now - sign_in.begun_at >= LONGEST


def has_to_show_again(visitor: Visitor, *, now: datetime) -> bool:
    """Whether somebody has to show anew who they are before they approve.

    Where the provider does not say when they did, that is no proof.
    """
    return visitor.proved_at is None or now - visitor.proved_at >= FRESH
