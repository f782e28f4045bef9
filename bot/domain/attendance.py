"""Who came, as data: the words that were said of it, and what follows from them (pure).

A word is about one person and one session, or about the whole list of a session. Words are only ever added.
Of one person and session the first line that fits counts; whoever said several things is taken by the
last of them (by when it was said, then by when it was noted).

| somebody | said | the person |
|---|---|---|
| HR | came or absent | that |
| who stands at the door | came or absent | that |
| the person themselves (with the code on the slide) | came | came |
| Teams' own report of the meeting | came or absent | that |
| nobody, and the list is closed, and they had a seat | – | absent |
| nobody else | – | nobody knows |

`undo` takes back what the same source said, and the next line counts. A list is closed by HR's last word on
it, else by the door's: what nobody said is no answer before. So it makes no difference in which order the
sources tell, nor how late a phone that was without a net catches up.

Of an offering: who came to any session attended; who was absent from every session of theirs so far as all of
them are known, is a no-show; of everybody else nobody knows yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

LONGEST_NAME = 200
"""Characters of a walk-in's name."""


class AttendanceSaid(StrEnum):
    """`closed` and `reopened` are about the list, the others about a person."""

    CAME = "came"
    ABSENT = "absent"
    UNDO = "undo"
    CLOSED = "closed"
    REOPENED = "reopened"


OF_THE_LIST = frozenset({AttendanceSaid.CLOSED, AttendanceSaid.REOPENED})


class AttendanceSource(StrEnum):
    """Who said it, the weightiest first."""

    HR = "hr"
    DOOR = "door"
    SELF = "self"
    TEAMS = "teams"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceWord:
    """One thing that was said about a session of a course.

    `key` is made by who says it, so that what is sent again is one word. `email` is canonical, "" of the
    list, and of a walk-in without an address known by `name`. `by` is who was signed in,
    or what the helper called themselves. `at` is when it was said, `noted_at` when we heard of it; UTC.
    `minutes`: how long they were there, where the source knows that.
    """

    plan: str
    key: str
    course: str
    offering: str
    session: str
    email: str
    said: AttendanceSaid
    source: AttendanceSource
    at: datetime
    noted_at: datetime
    name: str = ""
    by: str = ""
    minutes: int | None = None

    @property
    def who(self) -> str:
        """What tells the person from others of the session."""
        return self.email or f"name:{self.name.casefold()}"


class Presence(StrEnum):
    """What is known of a person and a session, or an offering."""

    ATTENDED = "attended"
    NO_SHOW = "no_show"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionAttendance:
    """Who came to one session, by `AttendanceWord.who`.

    `came` has who came at all, `walk_ins` those of them who had no seat, `absent` who had one and did not,
    `unknown` of whom nobody has said. `by` is whose word each is.
    """

    came: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    walk_ins: frozenset[str] = frozenset()
    closed: bool = False
    by: Mapping[str, AttendanceWord]

    def of(self, who: str) -> Presence | None:
        """What is known of a person; None where nobody knows."""
        if who in self.came:
            return Presence.ATTENDED
        return Presence.NO_SHOW if who in self.absent else None


def attendance_of(
    words: Iterable[AttendanceWord], seated: Collection[str], maybe: Collection[str] = ()
) -> SessionAttendance:
    """Who came to a session; `words` are its own, `seated` the addresses of those with a seat for it.

    Who said `maybe` is no walk-in when they come, and missed by nobody when they do not.
    """
    latest: dict[tuple[str, AttendanceSource], AttendanceWord] = {}
    lists: dict[AttendanceSource, AttendanceWord] = {}
    for word in sorted(words, key=lambda one: (one.at, one.noted_at, one.key)):
        if word.said in OF_THE_LIST:
            lists[word.source] = word
        else:
            latest[word.who, word.source] = word
    list_word = next((lists[source] for source in AttendanceSource if source in lists), None)
    closed = list_word is not None and list_word.said is AttendanceSaid.CLOSED
    words_of = {who: _counting(who, latest) for who, _ in latest}
    counting = {who: word for who, word in words_of.items() if word is not None}
    came = {who for who, word in counting.items() if word.said is AttendanceSaid.CAME}
    said_absent = {who for who, word in counting.items() if word.said is AttendanceSaid.ABSENT}
    silent = set(seated) - counting.keys()
    return SessionAttendance(
        came=frozenset(came),
        absent=frozenset(said_absent | silent if closed else said_absent) & frozenset(seated),
        unknown=frozenset(() if closed else silent),
        walk_ins=frozenset(came - {*seated, *maybe}),
        closed=closed,
        by=counting,
    )


def attendance_in_offering(sessions: Iterable[Presence | None]) -> Presence | None:
    """What is known of a person and an offering, by what is known of each of their sessions."""
    known = [*sessions]
    if Presence.ATTENDED in known:
        return Presence.ATTENDED
    return Presence.NO_SHOW if known and None not in known else None


def _counting(
    who: str, latest: Mapping[tuple[str, AttendanceSource], AttendanceWord]
) -> AttendanceWord | None:
    """The word that counts, by the table above."""
    said = (latest.get((who, source)) for source in AttendanceSource)
    return next((word for word in said if word is not None and word.said is not AttendanceSaid.UNDO), None)
