"""A small municipality for the seat machine: its courses, its people, what they have said, and the log of what was decided.

Faithful to how the shell calls the core: claims are folded from a log of answers, attendees follow the standings at quiet
points, the audience is read in a sync only, and whatever a settlement decides is appended.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.events import ResponseStatus, SessionKey
from bot.domain.people import Language, PeopleIndex, Person
from bot.domain.plan import (
    ChooseVia,
    Course,
    CoursePlan,
    CourseSession,
    CourseStatus,
    Enrolment,
    EnrolmentMode,
    LateAnswer,
    Offering,
    Unanswered,
)
from bot.domain.registrations import Answer, RegistrationStatus
from bot.registrations.attendance import attendance_of
from bot.registrations.enrolment_rules import by_link, rules_of
from bot.registrations.fold import fold_claims
from bot.registrations.notices import announcements, seat_messages
from bot.registrations.settle import Audiences, settle
from bot.registrations.standing_rows import canonical_standings, registration_rows

if TYPE_CHECKING:
    from bot.domain.messages import Message
    from bot.domain.registrations import Registration
    from bot.domain.seats import SeatRequest, Settlement, Standing, Transition

BEGIN = datetime(2025, 5, 1, 6, 0, tzinfo=UTC)
DEADLINE = datetime(2025, 5, 20, 12, 0)
PEOPLE = tuple(Person(email=f"p{number}@demo.example", name=f"P{number}", directory_id=f"id-{number}") for number in range(6))
EVERYBODY = frozenset(person.email for person in PEOPLE)
Status = RegistrationStatus


def _offering(identity: str, day: int, capacity: int | None, sessions: int = 1) -> Offering:
    start = datetime(2025, 6, day, 9, 0)
    dated = tuple(
        CourseSession(id=f"s{at}", start=start + timedelta(days=at), end=start + timedelta(days=at, hours=3)) for at in range(sessions)
    )
    return Offering(id=identity, title=identity.title(), capacity=capacity, sessions=dated)


def _course(identity: str, *offerings: Offering, **enrolment: object) -> Course:
    return Course(
        id=identity,
        title=identity.title(),
        status=CourseStatus.APPROVED,
        audience=("alle",),
        enrolment=Enrolment(**enrolment),  # type: ignore[arg-type]
        offerings=offerings,
    )


COURSES = (
    _course("linje", _offering("main", 3, 2), deadline=DEADLINE, waiting_list=True),
    _course("fuldt", _offering("main", 4, 1, sessions=2), deadline=DEADLINE, late=LateAnswer.REFUSE),
    _course(
        "valg", _offering("hold-1", 5, 2), _offering("hold-2", 6, 2), mode=EnrolmentMode.CHOOSE, deadline=DEADLINE, waiting_list=True,
        unanswered=Unanswered.ASSIGN, late=LateAnswer.WAITLIST, handover=True,
    ),
    _course("frit", _offering("hold-1", 5, None), _offering("hold-2", 6, None), mode=EnrolmentMode.CHOOSE, deadline=DEADLINE,
            unanswered=Unanswered.RELEASE),
    _course(
        "link", _offering("hold-1", 7, 1), _offering("hold-2", 8, 2), mode=EnrolmentMode.CHOOSE, via=ChooseVia.LINK, deadline=DEADLINE,
        waiting_list=True, unanswered=Unanswered.ASSIGN,
    ),
    _course("tilmeld", _offering("main", 9, 2), mode=EnrolmentMode.SIGNUP, waiting_list=True, handover=True),
)  # fmt: skip
OFFERINGS = tuple((course.id, offering.id) for course in COURSES for offering in course.offerings)


@dataclass(slots=True)
class Town:
    """Everything there is; `now` moves forward only."""

    now: datetime = BEGIN
    courses: tuple[Course, ...] = COURSES
    members: frozenset[str] = EVERYBODY
    remembered: frozenset[str] = frozenset()
    people: tuple[Person, ...] = PEOPLE
    answers: list[Answer] = field(default_factory=list)
    log: list[Transition] = field(default_factory=list)
    on_event: dict[SessionKey, dict[str, datetime]] = field(default_factory=dict)
    asked: dict[tuple[str, str], datetime] = field(default_factory=dict)
    told: list[Message] = field(default_factory=list)
    rows: tuple[Registration, ...] = ()

    @property
    def plan(self) -> CoursePlan:
        return CoursePlan(
            id="by", revision="", organisation="By", timezone="Europe/Copenhagen", language=Language.DA, organiser="k@demo.example",
            contact="hr@demo.example", courses=self.courses,
        )  # fmt: skip

    @property
    def index(self) -> PeopleIndex:
        return PeopleIndex(self.people)

    @property
    def standings(self) -> tuple[Standing, ...]:
        last: dict[tuple[str, str, str], Standing] = {}
        for one in self.log:
            key = (one.after.course, one.after.offering, one.after.email)
            last.pop(key, None)
            last[key] = one.after
        return canonical_standings(last.values(), self.index)

    def say(self, course: str, offering: str, session: str, email: str, response: ResponseStatus) -> None:
        """Somebody answers in Outlook; known is who was invited or has a seat."""
        key = SessionKey(plan="by", course=course, offering=offering, session=session)
        known = email in self.on_event.get(key, {}) or any(one.email == email for one in self.answers if one.key == key)
        self.answers.append(Answer(key=key, email=email, name="", response=response, responded_at=self.now, seen_at=self.now, known=known))

    def settle(self, *requests: SeatRequest, sync: bool = False, backwards: bool = False) -> Settlement:
        """Decide, append, tell; a sync reads the audience and brings the attendees in line afterwards."""
        today = {"alle": self.members} if sync else {"alle": self.remembered}
        claims = fold_claims(self.plan, self.on_event, self.answers, self.index)
        standings = self.standings
        order = (lambda found: tuple(reversed(found))) if backwards else tuple
        return settle(
            self.plan, order(claims), order(standings), Audiences(today=today, before={"alle": self.remembered}), now=self.now,
            requests=requests, announced=self.asked,
        )  # fmt: skip

    def write(self, settlement: Settlement, *, sync: bool) -> None:
        """Take a settlement into the books, and let the attendees follow."""
        self.log += settlement.transitions
        claims = fold_claims(self.plan, self.on_event, self.answers, self.index)
        in_books = {(key.course, key.offering) for key in self.on_event}
        self.rows = registration_rows(claims, self.standings, self.rows, in_books=in_books, people=self.index)
        self.told += seat_messages(self.plan, settlement.transitions, self.rows, self.index, now=self.now)
        if sync:
            known = {(one.course, one.email) for one in self.standings}
            calls = announcements(self.plan, {"alle": self.members}, known, self.asked, now=self.now)
            self.told += calls
            self.asked |= {(call.course, call.email): self.now for call in calls}
            self.remembered = self.members
        self.bring_in_line(audience=sync)

    def bring_in_line(self, *, audience: bool) -> None:
        """What the applying stage does: seats always, the audience in a sync only; nothing once it has begun."""
        wanted = attendance_of(self.standings)
        for course in self.courses:
            for offering in course.offerings:
                wishes = wanted.get((course.id, offering.id))
                base = frozenset[str]() if by_link(course) else self.members
                for session in offering.sessions:
                    key = SessionKey(plan="by", course=course.id, offering=offering.id, session=session.id)
                    if rules_of(self.plan, course).offerings[offering.id].has_begun(self.now):
                        continue
                    here = self.on_event.setdefault(key, {}) if audience else self.on_event.get(key)
                    if here is None or course.status is not CourseStatus.APPROVED:
                        continue
                    on, off, stays = (wishes.on, wishes.off, wishes.stays) if wishes else (frozenset(), frozenset(), frozenset())
                    target = (base - off) | on | (stays & here.keys()) if audience else (frozenset(here) - off) | on
                    for email in target - here.keys():
                        here[email] = self.now
                    for email in here.keys() - target:
                        del here[email]

    def edit(self, course: str, **changes: object) -> None:
        """HR changes a course, or with `capacity` the seats of every offering, or with `enrolment` its rules."""

        def edited(one: Course) -> Course:
            if one.id != course:
                return one
            if "capacity" in changes:
                return replace(one, offerings=tuple(replace(offering, capacity=changes["capacity"]) for offering in one.offerings))  # type: ignore[arg-type]
            return replace(one, **changes)  # type: ignore[arg-type]

        self.courses = tuple(edited(one) for one in self.courses)

    def seats(self, course: str, offering: str) -> int:
        return sum(one.has_seat for one in self.standings if (one.course, one.offering) == (course, offering))

    def capacity(self, course: str, offering: str) -> int | None:
        (found,) = [one for one in self.courses if one.id == course]
        return next(one.capacity for one in found.offerings if one.id == offering)
