"""Two things at once: what cannot be, or should not be, among dated sessions (pure).

    shared by two sessions      it is a clash when they overlap in time, and      of one course as well
    people                      somebody is to be at one and is invited to,       unless they are alternatives: a person takes
                                or speaks at, the other                           one offering of those there are to choose from
    room                        both are held in it (its address)                 yes
    speaker                     somebody (by address) speaks at both              where the course has one speaker: of several
                                                                                  the plan does not say who speaks when

To touch is no clash. An all-day session, also one that only saves the date, takes the whole of its days.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.domain.events import SessionKey

COURSES_A_WEEK = 3
"""So many courses in one week are no hardship for an audience, where nobody has set another number."""


class Shared(StrEnum):
    """What two sessions at once have in common."""

    PEOPLE = "people"
    ROOM = "room"
    SPEAKER = "speaker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A dated session as time that people, speakers and a room spend.

    Wall times of one zone, canonical addresses.

    `people` are those who are to come. `to_choose`: its offering is one of alternatives. `shares_speakers`:
    its course has several.
    """

    key: SessionKey
    title: str
    start: datetime
    end: datetime
    all_day: bool = False
    people: frozenset[str] = frozenset()
    speakers: frozenset[str] = frozenset()
    room: str = ""
    to_choose: bool = False
    shares_speakers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Two sessions at once, the one that begins first in front.

    `addresses` are those of the people, speakers or room that they share.
    """

    shared: Shared
    first: Stay
    second: Stay
    addresses: frozenset[str]


def find_clashes(stays: Iterable[Stay]) -> tuple[Clash, ...]:
    """Each clash once, in the order of the later session's start.

    Only what is going on when a session begins is compared with it, so the work grows with what lies at the
    same time.
    """
    found: list[Clash] = []
    going_on: list[Stay] = []
    for stay in sorted(stays, key=lambda one: (one.start, one.end, str(one.key))):
        going_on = [one for one in going_on if one.end > stay.start]
        for earlier in going_on:
            for shared, addresses in _in_common(earlier, stay):
                if addresses:
                    found.append(Clash(shared=shared, first=earlier, second=stay, addresses=addresses))
        going_on.append(stay)
    return tuple(found)


def _in_common(one: Stay, other: Stay) -> tuple[tuple[Shared, frozenset[str]], ...]:
    """By the table above; nothing where it is empty."""
    of_one_course = one.key.course == other.key.course
    are_alternatives = of_one_course and one.to_choose and one.key.offering != other.key.offering
    on_both = one.speakers & other.speakers
    people = (one.people & other.people) | (one.people & other.speakers) | (one.speakers & other.people)
    return (
        # Who speaks at both is told as a speaker.
        (Shared.PEOPLE, frozenset() if are_alternatives else people - on_both),
        (Shared.ROOM, frozenset({one.room} & {other.room} - {""})),
        (Shared.SPEAKER, frozenset() if of_one_course and one.shares_speakers else on_both),
    )
