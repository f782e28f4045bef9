"""A list of people to enrol, move or withdraw → wishes of HR, or everything that is wrong with it (pure).

Columns, by either heading; the order is free and others are left alone:

| Danish | English | may be left out |
|---|---|---|
| Kursus | Course | no |
| Hold | Offering | where the course has one |
| E-mail (Mail, Adresse) | Email (Mail, Address) | no |
| Handling | Action | then the person is enrolled |
| Begrundelse | Reason | yes |

| Danish action | English | is |
|---|---|---|
| tilmeld | enrol | a seat |
| venteliste | queue | a seat, or a place in line where there is none |
| flyt | move | from another offering to this one |
| afmeld | withdraw | off it |

Courses and offerings by id or by title. All problems are told at once; with one error nothing of the list is done.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.registrations import AnswerSource
from bot.domain.seats import RequestKind, SeatRequest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, CoursePlan

COLUMNS = {
    "course": ("kursus", "course"),
    "offering": ("hold", "offering"),
    "email": ("e-mail", "email", "mail", "adresse", "address"),
    "action": ("handling", "action"),
    "reason": ("begrundelse", "reason"),
}
ACTIONS = {
    "": (RequestKind.ENROL, False),
    "tilmeld": (RequestKind.ENROL, False),
    "enrol": (RequestKind.ENROL, False),
    "enroll": (RequestKind.ENROL, False),
    "venteliste": (RequestKind.ENROL, True),
    "queue": (RequestKind.ENROL, True),
    "flyt": (RequestKind.MOVE, False),
    "move": (RequestKind.MOVE, False),
    "afmeld": (RequestKind.WITHDRAW, False),
    "withdraw": (RequestKind.WITHDRAW, False),
}
"""Action word to kind, and whether a place in line will do."""
ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")


class ImportProblem(StrEnum):
    """What may be wrong; texts are `import.<value>` of the catalogue."""

    COLUMN_MISSING = "column_missing"
    COURSE_UNKNOWN = "course_unknown"
    OFFERING_UNKNOWN = "offering_unknown"
    OFFERING_MISSING = "offering_missing"
    ADDRESS_INVALID = "address_invalid"
    ACTION_UNKNOWN = "action_unknown"
    TWICE = "twice"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One problem: where (a cell, or a line of CSV), what, and the value. `is_error` False: the row is left out, the rest stands."""

    place: str
    problem: ImportProblem
    value: str = ""
    is_error: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A row of the list, as the reader of files gives it: texts by position, and the place of each."""

    cells: tuple[str, ...]
    places: tuple[str, ...]

    def cell(self, column: int | None) -> str:
        """The text of a column, "" where the row is shorter or the column is not there."""
        return self.cells[column] if column is not None and column < len(self.cells) else ""

    def place(self, column: int | None) -> str:
        """Where it stands; the row's beginning for a column that is not there."""
        return self.places[column] if column is not None and column < len(self.places) else next(iter(self.places), "")


def read_requests(
    rows: Sequence[Listed], plan: CoursePlan, people: PeopleIndex, *, by: str, now: datetime
) -> tuple[tuple[SeatRequest, ...], tuple[Complaint, ...]]:
    """The wishes in the order of the list and every complaint; the first row holds the headings. `now` UTC."""
    head, *body = rows
    where = {name: _column(head, words) for name, words in COLUMNS.items()}
    missing = [name for name in ("course", "email") if where[name] is None]
    if missing:
        place = head.place(None)
        return (), tuple(Complaint(place=place, problem=ImportProblem.COLUMN_MISSING, value=COLUMNS[name][0]) for name in missing)
    requests: list[SeatRequest] = []
    complaints: list[Complaint] = []
    seen: dict[tuple[str, str, str], RequestKind] = {}
    for row in body:
        found = _request(row, where, plan, people, by=by, now=now)
        if isinstance(found, Complaint):
            complaints.append(found)
            continue
        who = (found.course, found.offering, found.email)
        if who in seen:
            same = seen[who] is found.kind
            problem = ImportProblem.TWICE if same else ImportProblem.CONTRADICTION
            complaints.append(Complaint(place=row.place(where["email"]), problem=problem, value=found.email, is_error=not same))
            continue
        seen[who] = found.kind
        requests.append(found)
    return tuple(requests), tuple(complaints)


def _request(
    row: Listed, where: Mapping[str, int | None], plan: CoursePlan, people: PeopleIndex, *, by: str, now: datetime
) -> SeatRequest | Complaint:
    def complain(column: str, problem: ImportProblem) -> Complaint:
        return Complaint(place=row.place(where[column]), problem=problem, value=row.cell(where[column]))

    course = _named(row.cell(where["course"]), {word: one for one in plan.courses for word in (one.title, one.id)})
    if course is None:
        return complain("course", ImportProblem.COURSE_UNKNOWN)
    offering = _offering(row.cell(where["offering"]), course)
    if offering is None:
        return complain("offering", ImportProblem.OFFERING_UNKNOWN if row.cell(where["offering"]) else ImportProblem.OFFERING_MISSING)
    address = row.cell(where["email"]).lower()
    if not ADDRESS.fullmatch(address):
        return complain("email", ImportProblem.ADDRESS_INVALID)
    action = ACTIONS.get(row.cell(where["action"]).casefold())
    if action is None:
        return complain("action", ImportProblem.ACTION_UNKNOWN)
    return SeatRequest(
        kind=action[0],
        course=course.id,
        offering=offering,
        email=people.canonical(address),
        at=now,
        source=AnswerSource.HR,
        by=by,
        reason=row.cell(where["reason"]),
        queue=action[1],
    )


def _column(head: Listed, words: tuple[str, ...]) -> int | None:
    return next((at for at, cell in enumerate(head.cells) if cell.casefold() in words), None)


def _named(word: str, known: Mapping[str, Course]) -> Course | None:
    return next((one for name, one in known.items() if name.casefold() == word.casefold()), None)


def _offering(word: str, course: Course) -> str | None:
    if not word:
        return course.offerings[0].id if len(course.offerings) == 1 else None
    return next((one.id for one in course.offerings if word.casefold() in {one.id.casefold(), one.title.casefold()}), None)
