"""The seat log of a course in words: who moved when, why, by whom; the latest first (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.delegates import spoken_by
from bot.domain.registrations import RegistrationStatus, is_stand_in
from bot.domain.seats import Cause
from bot.i18n.catalogue import text
from bot.messages.characters import one_line
from bot.registrations.listing import status_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.domain.people import Language, PeopleIndex
    from bot.domain.plan import Course
    from bot.domain.seats import Transition


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One line of the log.

    `at` UTC; `offering` "" where the course has one only; `said` what happened, `change` from what to what,
    in words; `by` who did it where it was a person of HR's, or a delegate (`for_another`); `email` canonical,
    "" of somebody who was erased.
    """

    at: datetime
    email: str
    name: str
    offering: str
    said: str
    change: str
    by: str
    reason: str
    late: bool
    for_another: bool = False


def seat_history(
    log: Iterable[tuple[int, Transition]], course: Course | None, people: PeopleIndex, language: Language
) -> tuple[HistoryLine, ...]:
    """The lines that moved somebody one can see, of one course; `course` None: it has left the plan."""
    titles = {one.id: one.title or one.id for one in course.offerings} if course is not None else {}
    is_alone = len(titles) == 1
    lines = []
    for _, line in log:
        after = line.after
        if line.is_seen:
            moved = [
                status_text(status, language) if status else text(language, "course.nowhere")
                for status in (line.before, after.status)
            ]
            lines.append(
                HistoryLine(
                    at=after.since,
                    email="" if is_stand_in(after.email) else people.canonical(after.email),
                    name=_name(after.email, people, language),
                    offering="" if is_alone else titles.get(after.offering, after.offering),
                    said=text(language, f"seats.cause.{cause_key(line)}"),
                    change=" → ".join(moved) if moved[0] != moved[1] else moved[1],
                    by=one_line(after.by),
                    reason=one_line(after.reason),
                    late=after.late,
                    for_another=people.canonical(spoken_by(after)) not in {"", people.canonical(after.email)},
                )
            )
    return tuple(reversed(lines))


def cause_key(line: Transition) -> str:
    """The text of a cause; who lost an invitation has not let go of a seat."""
    invited_only = line.after.cause is Cause.FREED and line.before is not RegistrationStatus.REGISTERED
    return "freed_invitation" if invited_only else line.after.cause.value


def _name(email: str, people: PeopleIndex, language: Language) -> str:
    if is_stand_in(email):
        return text(language, "registrations.erased")
    person = people.find(email)
    return (person.name if person else "") or email
