"""A list of people to enrol, move or withdraw → wishes of HR, or everything that is wrong with it (pure).

Columns, by either heading; the order is free and others are left alone:

| Danish | English | may be left out |
|---|---|---|
| Kursus | Course | no |
| Hold | Offering | where the course has one |
| E-mail, Mail, Mailadresse; without those Adresse | Email, Mail, Email address; without those Address | no |
| Handling | Action | then the person is enrolled |
| Begrundelse | Reason | yes |
| Ekstern | External | yes; »ja« for somebody from outside, whom the directory does not know |

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
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from bot.domain.addresses import plain_address
from bot.domain.plan import EnrolmentMode
from bot.domain.registrations import AnswerSource
from bot.domain.seats import RequestKind, SeatRequest
from bot.messages.characters import cut_at_word, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, CoursePlan, Offering

Named = TypeVar("Named", "Course", "Offering")

COLUMNS = {
    "course": ("kursus", "course"),
    "offering": ("hold", "offering"),
    "email": ("e-mail", "email", "mail", "e-mailadresse", "mailadresse", "email address", "e-mail address"),
    "action": ("handling", "action"),
    "reason": ("begrundelse", "reason"),
    "external": ("ekstern", "external"),
}
NEEDED = ("course", "email")
STREET_OR_MAIL = ("adresse", "address")
"""The address to write to only where no other column is: a list may have the street beside it."""
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
ALIKE = 0.8
"""How alike (`difflib`) a heading must be to one of ours to be taken for a slip: »Handlinger«, not »Navn«."""
MOST_HEADINGS = 100
"""How many are looked at for slips: comparing words is slow."""
SHOWN_CHARACTERS = 60
ADDRESS_CHARACTERS = 254
# As in the plan: what Exchange Online delivers to.
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])")


class ImportProblem(StrEnum):
    """What may be wrong; texts are `import.<value>` of the catalogue."""

    COLUMN_MISSING = "column_missing"
    COLUMN_NEAR = "column_near"
    COLUMN_TWICE = "column_twice"
    FORMULA = "formula"
    ERROR = "error"
    MERGED = "merged"
    COURSE_UNKNOWN = "course_unknown"
    OFFERING_UNKNOWN = "offering_unknown"
    OFFERING_MISSING = "offering_missing"
    AMBIGUOUS = "ambiguous"
    ADDRESS_INVALID = "address_invalid"
    ACTION_UNKNOWN = "action_unknown"
    EXTERNAL_UNCLEAR = "external_unclear"
    TWICE = "twice"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One problem: where (a cell, or a line of CSV), what, and the value.

    `is_error` False: the row is left out, the rest stands.

    `other` is the place of the row it goes against, or the heading that was probably meant.
    """

    place: str
    problem: ImportProblem
    value: str = ""
    other: str = ""
    is_error: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRequest:
    """A row of the list, as the reader of files gives it: texts by position, and the place of each.

    `hidden` are cells that look empty and are not, as (position, `formula`, `error` or `merged`).
    """

    cells: tuple[str, ...]
    places: tuple[str, ...]
    hidden: tuple[tuple[int, str], ...] = ()

    def cell(self, column: int | None) -> str:
        """The text of a column, "" where the row is shorter or the column is not there."""
        return self.cells[column] if column is not None and column < len(self.cells) else ""

    def place(self, column: int | None) -> str:
        """Where it stands; the row's beginning for a column that is not there."""
        return (
            self.places[column]
            if column is not None and column < len(self.places)
            else next(iter(self.places), "")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadList:
    """What a list asks for, in its order, and every complaint.

    `places` are where each wish's address stands, `external` the addresses that are said to come from
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
    """The wishes in the order of the list and every complaint; the first row holds the headings.

    `now` UTC.
    """
    if not rows:
        return ReadList()
    head, *body = rows
    where, complaints = _read_headings(head)
    if complaints:
        return ReadList(complaints=tuple(complaints))
    known = {position for position in where.values() if position is not None}
    exclusive = {course.id: course.enrolment.mode is not EnrolmentMode.INVITE for course in plan.courses}
    requests: list[tuple[SeatRequest, str]] = []
    external: set[str] = set()
    earlier = _Earlier()
    for row in body:
        if row.hidden and not any(row.cells) and known.isdisjoint(position for position, _ in row.hidden):
            continue  # nothing but a broken formula in a column that is not ours
        reader = _RowReader(row, where)
        request = reader.request(plan, people, by=by, now=now)
        complaints += reader.complaints
        if request is None:
            continue
        if reader.is_from_outside:
            external.add(request.email)
        place = row.place(where["email"])
        against = earlier.against(request, place, exclusive=exclusive[request.course])
        if against is None:
            requests.append((request, place))
        else:
            complaints.append(against)
    return ReadList(
        requests=tuple(request for request, _ in requests),
        complaints=tuple(complaints),
        places=tuple(place for _, place in requests),
        external=frozenset(external),
    )


def _read_headings(head: ListedRequest) -> tuple[dict[str, int | None], list[Complaint]]:
    """Which column is which, and what is wrong with the headings."""
    headings = [" ".join(cell.casefold().split()).rstrip(" :*") for cell in head.cells]
    words = dict(COLUMNS)
    if not set(headings) & set(words["email"]):
        words["email"] = STREET_OR_MAIL
    where: dict[str, int | None] = dict.fromkeys(words)
    complaints: list[Complaint] = []
    for position, heading in enumerate(headings):
        name = next((name for name, known in words.items() if heading in known), None)
        if name is None:
            continue
        if where[name] is None:
            where[name] = position
        else:
            complaints.append(
                _complaint(head, position, ImportProblem.COLUMN_TWICE, other=head.place(where[name]))
            )
    absent = {word: name for name, position in where.items() if position is None for word in COLUMNS[name]}
    near: set[str] = set()
    for position, heading in enumerate(headings[:MOST_HEADINGS]):
        if position not in where.values() and len(heading) <= SHOWN_CHARACTERS:
            for word in get_close_matches(heading, absent, n=1, cutoff=ALIKE):
                near.add(absent[word])
                complaints.append(_complaint(head, position, ImportProblem.COLUMN_NEAR, other=word))
    missing = [name for name in NEEDED if where[name] is None and name not in near]
    complaints += [
        Complaint(place=head.place(None), problem=ImportProblem.COLUMN_MISSING, value=COLUMNS[name][0])
        for name in missing
    ]
    complaints += [
        _complaint(head, position, ImportProblem(why))
        for position, why in head.hidden
        if why != ImportProblem.MERGED
    ]
    return where, complaints


def _complaint(row: ListedRequest, column: int | None, problem: ImportProblem, other: str = "") -> Complaint:
    """With the value as it may stand on a terminal: one line, short, nothing invisible."""
    return Complaint(
        place=row.place(column),
        problem=problem,
        value=cut_at_word(one_line(row.cell(column)), SHOWN_CHARACTERS),
        other=other,
    )


class _RowReader:
    """One row, each of its cells judged by itself, so that one problem does not hide another."""

    def __init__(self, row: ListedRequest, where: Mapping[str, int | None]) -> None:
        self.complaints: list[Complaint] = []
        self.is_from_outside = False
        self._row = row
        self._where = where
        self._hidden = dict(row.hidden)

    def request(self, plan: CoursePlan, people: PeopleIndex, *, by: str, now: datetime) -> SeatRequest | None:
        """The wish; None, and `complaints`, when anything is wrong."""
        course = self._course(plan)
        if (
            course is None
            and not self._hidden
            and not any(self._row.cell(position) for position in self._where.values())
        ):
            return None  # a row that says nothing to us is one problem, not one for each cell
        offering = self._offering(course) if course is not None else None
        written = self._text("email")
        address = None if written is None else plain_address(written)
        if address is not None and not is_address(address):
            self._complain("email", ImportProblem.ADDRESS_INVALID)
        action = self._text("action")
        kind = ACTIONS.get(action.casefold()) if action is not None else None
        if action is not None and kind is None:
            self._complain("action", ImportProblem.ACTION_UNKNOWN)
        reason, outside = self._text("reason"), self._text("external")
        if outside is not None and outside.casefold() not in FROM_OUTSIDE:
            self._complain("external", ImportProblem.EXTERNAL_UNCLEAR)
        if (
            self.complaints
            or course is None
            or offering is None
            or address is None
            or kind is None
            or reason is None
            or outside is None
        ):
            return None
        self.is_from_outside = FROM_OUTSIDE[outside.casefold()]
        return SeatRequest(
            kind=kind[0],
            course=course.id,
            offering=offering,
            email=people.canonical(address),
            at=now,
            source=AnswerSource.HR,
            by=by,
            reason=one_line(reason),
            queue=kind[1],
        )

    def _text(self, column: str) -> str | None:
        """None, and noted, where the cell only looks empty."""
        position = self._where[column]
        if position in self._hidden:
            self._complain(column, ImportProblem(self._hidden[position]))
            return None
        return self._row.cell(position)

    def _course(self, plan: CoursePlan) -> Course | None:
        word = self._text("course")
        if word is None:
            return None
        found = _named(word, plan.courses)
        if len(found) != 1:
            self._complain("course", ImportProblem.AMBIGUOUS if found else ImportProblem.COURSE_UNKNOWN)
            return None
        return found[0]

    def _offering(self, course: Course) -> str | None:
        word = self._text("offering")
        if word is None:
            return None
        found = _named(word, course.offerings) if word else course.offerings
        if len(found) == 1:
            return found[0].id
        several = ImportProblem.AMBIGUOUS if word else ImportProblem.OFFERING_MISSING
        self._complain("offering", several if found else ImportProblem.OFFERING_UNKNOWN)
        return None

    def _complain(self, column: str, problem: ImportProblem) -> None:
        self.complaints.append(_complaint(self._row, self._where[column], problem))


class _Earlier:
    """The wishes so far, to find a person who is there twice.

    The same again is left out with a warning. Two different wishes for one offering go against each other,
    and so do two seats of one course where the person can have one of them only: a move leaves the others,
    and so does an `exclusive` course.
    """

    def __init__(self) -> None:
        self._by_person: dict[tuple[str, str], list[tuple[SeatRequest, str]]] = {}

    def against(self, request: SeatRequest, place: str, *, exclusive: bool) -> Complaint | None:
        """What is wrong with this wish after the others; one that is in order is remembered."""
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
    by_id = tuple(one for one in everything if one.id.casefold() == wanted)
    return by_id or tuple(one for one in everything if wanted and one.title.casefold() == wanted)
