"""A list of people to enrol, move or withdraw → requests of HR, or everything that is wrong with it (pure).

Its columns stand in `bot.seats.import_headings`. What is to be done, by its word:

| Danish action | English | is |
|---|---|---|
| tilmeld | enrol | a seat |
| venteliste | queue | a seat, or a place in line where there is none |
| flyt | move | from another offering to this one |
| afmeld | withdraw | off it |

Courses and offerings by id or by title. All problems are told at once; with one error nothing of the list is
done. Because an empty action enrols, nothing may look empty that is not: cells without a calculated value,
merged cells, misspelt headings are errors.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bot.domain.addresses import plain_address
from bot.domain.enrolment import EnrolmentMode
from bot.domain.registrations import AnswerSource
from bot.domain.seats import RequestKind, SeatRequest
from bot.messages.characters import one_line
from bot.seats.import_headings import (
    Columns,
    Complaint,
    ImportProblem,
    ListedRequest,
    complaint_about,
    read_headings,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, CoursePlan, Offering

Named = TypeVar("Named", "Course", "Offering")
Meaning = TypeVar("Meaning")

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
FROM_OUTSIDE = {"": False, "nej": False, "no": False, "ja": True, "yes": True, "x": True}
ADDRESS_CHARACTERS = 254
# As in the plan: what Exchange Online delivers to.
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadList:
    """What a list asks for, in its order, and every complaint.

    `places` are where each request's address stands, `external` the addresses that are said to come from
    outside.
    """

    requests: tuple[SeatRequest, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    places: tuple[str, ...] = ()
    external: frozenset[str] = frozenset()


def is_address(word: str) -> bool:
    """Whether it is a mail address, in any case, that Exchange would deliver to.

    Nothing is said about whether it exists.
    """
    return len(word) <= ADDRESS_CHARACTERS and _ADDRESS.fullmatch(word.lower()) is not None


def read_requests(
    rows: Sequence[ListedRequest], plan: CoursePlan, people: PeopleIndex, *, by: str, now: datetime
) -> ReadList:
    """The requests in the order of the list and every complaint; the first row holds the headings.

    `now` UTC.
    """
    if not rows:
        return ReadList()
    head, *body = rows
    columns, complaints = read_headings(head)
    if complaints:
        return ReadList(complaints=tuple(complaints))
    exclusive = {course.id: course.enrolment.mode is not EnrolmentMode.INVITE for course in plan.courses}
    requests: list[SeatRequest] = []
    places: list[str] = []
    external: set[str] = set()
    earlier = _Earlier()
    for row in body:
        if _has_nothing_of_ours(row, columns):
            continue
        reader = _RowReader(row, columns)
        request = reader.request(plan, people, by=by, now=now)
        complaints += reader.complaints
        if request is None:
            continue
        if reader.is_from_outside:
            external.add(request.email)
        place = row.place(columns["email"])
        against = earlier.against(request, place, exclusive=exclusive[request.course])
        if against is not None:
            complaints.append(against)
            continue
        requests.append(request)
        places.append(place)
    return ReadList(
        requests=tuple(requests),
        complaints=tuple(complaints),
        places=tuple(places),
        external=frozenset(external),
    )


def _has_nothing_of_ours(row: ListedRequest, columns: Columns) -> bool:
    """Whether there is nothing but a broken formula in a column that is not ours."""
    hidden = {position for position, _ in row.hidden}
    return bool(hidden) and not any(row.cells) and hidden.isdisjoint(columns.values())


class _RowReader:
    """One row, each of its cells judged by itself, so that one problem does not hide another."""

    def __init__(self, row: ListedRequest, columns: Columns) -> None:
        self.complaints: list[Complaint] = []
        self.is_from_outside = False
        self._row = row
        self._columns = columns
        self._hidden = dict(row.hidden)

    def request(self, plan: CoursePlan, people: PeopleIndex, *, by: str, now: datetime) -> SeatRequest | None:
        """The request; None, and `complaints`, when anything is wrong."""
        course = self._course(plan)
        if course is None and self._says_nothing():
            return None  # one problem, not one for each cell
        offering = self._offering(course) if course is not None else ""
        address = self._address()
        kind, will_queue = self._meaning("action", ACTIONS, ImportProblem.ACTION_UNKNOWN)
        reason = self._text("reason") or ""
        self.is_from_outside = self._meaning("external", FROM_OUTSIDE, ImportProblem.EXTERNAL_UNCLEAR)
        if course is None or self.complaints:
            return None
        return SeatRequest(
            kind=kind,
            course=course.id,
            offering=offering,
            email=people.canonical(address),
            at=now,
            source=AnswerSource.HR,
            by=by,
            reason=one_line(reason),
            queue=will_queue,
        )

    def _says_nothing(self) -> bool:
        return not self._hidden and not any(map(self._row.cell, self._columns.values()))

    def _text(self, column: str) -> str | None:
        """None, and noted, where the cell only looks empty."""
        position = self._columns[column]
        if position in self._hidden:
            self._complain(column, ImportProblem(self._hidden[position]))
            return None
        return self._row.cell(position)

    def _address(self) -> str:
        """The address; "", and noted, where it is none."""
        written = self._text("email")
        if written is None:
            return ""
        address = plain_address(written)
        if not is_address(address):
            self._complain("email", ImportProblem.ADDRESS_INVALID)
        return address

    def _meaning(self, column: str, words: Mapping[str, Meaning], problem: ImportProblem) -> Meaning:
        """What the word in a column means; as without one, and noted, where it is unclear."""
        word = (self._text(column) or "").casefold()
        if word not in words:
            self._complain(column, problem)
        return words.get(word, words[""])

    def _course(self, plan: CoursePlan) -> Course | None:
        word = self._text("course")
        if word is None:
            return None
        courses = _named(word, plan.courses)
        if len(courses) != 1:
            self._complain("course", ImportProblem.AMBIGUOUS if courses else ImportProblem.COURSE_UNKNOWN)
            return None
        return courses[0]

    def _offering(self, course: Course) -> str:
        word = self._text("offering")
        if word is None:
            return ""
        offerings = _named(word, course.offerings) if word else course.offerings
        if len(offerings) == 1:
            return offerings[0].id
        several = ImportProblem.AMBIGUOUS if word else ImportProblem.OFFERING_MISSING
        self._complain("offering", several if offerings else ImportProblem.OFFERING_UNKNOWN)
        return ""

    def _complain(self, column: str, problem: ImportProblem) -> None:
        self.complaints.append(complaint_about(self._row, self._columns[column], problem))


class _Earlier:
    """The requests so far, to find a person who is there twice.

    The same again is left out with a warning. Two different requests for one offering go against each other,
    and so do two seats of one course where the person can have one of them only: a move leaves the others,
    and so does an `exclusive` course.
    """

    def __init__(self) -> None:
        self._by_person: dict[tuple[str, str], list[tuple[SeatRequest, str]]] = {}

    def against(self, request: SeatRequest, place: str, *, exclusive: bool) -> Complaint | None:
        """What is wrong with this request after the others; one that is in order is remembered."""
        others = self._by_person.setdefault((request.course, request.email), [])
        for other, there in others:
            kinds = {other.kind, request.kind}
            if other.offering == request.offering:
                same = (other.kind, other.queue) == (request.kind, request.queue)
            elif RequestKind.WITHDRAW in kinds or not (exclusive or RequestKind.MOVE in kinds):
                continue
            else:
                same = False
            problem = ImportProblem.TWICE if same else ImportProblem.CONTRADICTION
            return Complaint(
                place=place, problem=problem, value=request.email, other=there, is_error=not same
            )
        others.append((request, place))
        return None


def _named(word: str, things: Iterable[Named]) -> tuple[Named, ...]:
    """Those of that id, else those of that title, in any case."""
    wanted, everything = word.casefold(), tuple(things)
    by_id = tuple(thing for thing in everything if thing.id.casefold() == wanted)
    return by_id or tuple(thing for thing in everything if wanted and thing.title.casefold() == wanted)
