"""The people of one course as HR reads them through: each once, in the group that counts them (pure).

One person and one course; the first line that fits:

| the person | is in the group |
|---|---|
| takes part (`bot.domain.participation.parts_of_course`) as seated, maybe, waiting or awaiting | that |
| had a seat of a course that is cancelled | had a seat |
| is asked, or was asked by link and has no row: of an approved course | silent |
| the same of any other course | asked |
| is out | out |
| has answered an invitation that was not theirs | outside |
| lost a place with its date, and has nothing else | without a place |

So the groups of an approved course have as many as its numbers say (`bot.overview.seats`). Of somebody with
several dates the one that puts them into their group is shown. Without a place is also whoever lost one and
is asked again or out: HR looks for all of them together.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.participation import Part, lost_seat, outsiders, part_of, parts_of_course
from bot.domain.plan import CourseStatus
from bot.domain.registrations import is_stand_in
from bot.i18n.catalogue import text
from bot.i18n.sorting import danish_key
from bot.registrations.listing import offering_lists, shown_name, standing_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.participants import WithoutPlace
    from bot.domain.people import Language, PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.domain.registrations import AnswerSource, Registration
    from bot.registrations.said import Said


class Group(StrEnum):
    """How a person stands with a course, in the order in which they are shown."""

    SEATED = "seated"
    MAYBE = "maybe"
    WAITING = "waiting"
    AWAITING = "awaiting"
    OUTSIDE = "outside"
    WITHOUT_PLACE = "without_place"
    SILENT = "silent"
    ASKED = "asked"
    LOST = "lost"
    OUT = "out"


_GROUP_OF = {
    Part.SEATED: Group.SEATED,
    Part.MAYBE: Group.MAYBE,
    Part.WAITING: Group.WAITING,
    Part.AWAITING: Group.AWAITING,
    Part.ASKED: Group.ASKED,
    Part.OUT: Group.OUT,
}
_ORDER = [*Group]
NOT_IN_PLAY = frozenset({Group.SILENT, Group.ASKED, Group.OUT})


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePerson:
    """One person of a course.

    `name` is what to call them, `email` canonical, "" of somebody who was erased. `offering` is the id of the
    date that counts, "" of who has none; `title` what it is called where there are several. `status` is in
    words, `since` UTC, None where there is no row. `comment` came with the answer, `note` is for HR.
    """

    email: str
    name: str
    department: str
    group: Group
    offering: str = ""
    title: str = ""
    status: str
    since: datetime | None = None
    source: AnswerSource | None = None
    answered_by: str = ""
    position: int | None = None
    late: bool = False
    comment: str = ""
    note: str = ""
    is_without: bool = False

    def is_in(self, group: str) -> bool:
        """Whether the person is among those of a group; "" is everybody."""
        return group in {"", self.group} or (self.is_without and group == Group.WITHOUT_PLACE)

    def is_called(self, words: str) -> bool:
        """Whether all the words are in the name, or the department."""
        said = f"{self.name} {self.department}".casefold()
        return all(word in said for word in words.casefold().split())


def course_people(
    plan: CoursePlan,
    course: str,
    rows: Sequence[Registration],
    *,
    asked: Mapping[str, datetime],
    without_place: Iterable[WithoutPlace],
    people: PeopleIndex,
    said: Said,
    language: Language,
) -> tuple[CoursePerson, ...]:
    """Everybody, by group and then as Danish sorts names, those in line by their place.

    `rows` are the course's, `asked` who was asked by link and since when, `said` what they wrote.
    """
    shown = _Shown(plan, course, rows, people, said, language)
    lost = {one.email: one for one in without_place}
    parts = parts_of_course(rows)
    mine: defaultdict[str, list[Registration]] = defaultdict(list)
    for row in rows:
        if row.invited:
            mine[row.email].append(row)
    found = [shown.insider(mine[email], part, is_lost=email in lost) for email, part in parts.items()]
    found += [shown.of_row(row, Group.OUTSIDE) for row in outsiders(rows)]
    known = {person.email for person in found}
    unheard = {email: since for email, since in asked.items() if email not in known}
    found += [shown.asked(email, since, is_lost=email in lost) for email, since in unheard.items()]
    found += [shown.lost(one) for one in lost.values() if one.email not in {*known, *unheard}]
    return tuple(sorted(found, key=_place))


class _Shown:
    """What people of one course are shown with."""

    def __init__(
        self,
        plan: CoursePlan,
        course: str,
        rows: Sequence[Registration],
        people: PeopleIndex,
        said: Said,
        language: Language,
    ) -> None:
        self._course, self._id, self._people = plan.course(course), course, people
        self._said, self._language = said, language
        self._lists = {
            listed.offering: listed
            for outside in (True, False)
            for listed in offering_lists(rows, plan, outside=outside)
            if listed.course == course
        }

    @property
    def _is_answer_wanted(self) -> bool:
        return self._course is not None and self._course.status is CourseStatus.APPROVED

    def insider(self, rows: Sequence[Registration], part: Part, *, is_lost: bool) -> CoursePerson:
        """Somebody who is invited, by the date that counts."""
        group = self._group(part, rows)
        row = next((one for one in rows if part_of(one) is part), rows[0])
        return replace(self.of_row(row, group), is_without=is_lost and group in NOT_IN_PLAY)

    def of_row(self, row: Registration, group: Group) -> CoursePerson:
        """Somebody by one row."""
        listed, said = self._lists[row.offering], self._said
        return CoursePerson(
            email="" if is_stand_in(row.email) else row.email,
            name=shown_name(row, self._language),
            department=row.department,
            group=group,
            offering=row.offering,
            title=listed.title,
            status=standing_text(row, listed, self._language),
            since=row.since,
            source=row.source,
            answered_by=row.answered_by,
            position=row.position,
            late=row.late,
            comment=said.comments.get((row.course, row.offering, row.email), ""),
            note=said.notes.get((row.course, row.email), ""),
        )

    def asked(self, email: str, since: datetime, *, is_lost: bool) -> CoursePerson:
        """Somebody who was asked by link and has no row."""
        person = self._people.find(email)
        return CoursePerson(
            email=email,
            name=(person.name if person else "") or email,
            department=person.department if person else "",
            group=Group.SILENT if self._is_answer_wanted else Group.ASKED,
            status=text(self._language, "course.asked_by_link"),
            since=since,
            note=self._said.notes.get((self._id, email), ""),
            is_without=is_lost,
        )

    def lost(self, one: WithoutPlace) -> CoursePerson:
        """Somebody who has nothing since their date went."""
        return CoursePerson(
            email=one.email,
            name=one.name,
            department=one.department,
            group=Group.WITHOUT_PLACE,
            status=text(self._language, "course.without_place"),
            note=self._said.notes.get((one.course, one.email), ""),
            is_without=True,
        )

    def _group(self, part: Part, rows: Sequence[Registration]) -> Group:
        if part is Part.OUT and any(lost_seat(row) for row in rows):
            return Group.LOST
        if part is Part.ASKED and self._is_answer_wanted and not is_stand_in(rows[0].email):
            return Group.SILENT
        return _GROUP_OF[part]


def _place(person: CoursePerson) -> tuple[int, str, int, object, str]:
    is_waiting = person.group is Group.WAITING
    return (
        _ORDER.index(person.group),
        person.title if is_waiting else "",
        (person.position or 0) if is_waiting else 0,
        danish_key(person.name),
        person.email,
    )
