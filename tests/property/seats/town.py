"""A small municipality for the seat machine: its courses, its people, what they have said, and the log of what was decided.

Faithful to how the shell calls the core: claims are folded from a log of answers that may be read late, a round changes the
lists by the books, a sync reads the audience and wants whole lists, and whatever a settlement decides is appended.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.answers.fold import fold_claims
from bot.domain.enrolment import ChooseVia, Enrolment, EnrolmentMode, LateAnswer, Unanswered
from bot.domain.events import AttendeeType, LedgerEntry, LedgerState, ResponseStatus, SessionKey
from bot.domain.people import Audience, Language, PeopleIndex, Person
from bot.domain.plan import Course, CoursePlan, CourseSession, CourseStatus, Offering
from bot.domain.registrations import Answer, RegistrationStatus
from bot.domain.times import instant
from bot.invitations.desired import wanted_events
from bot.invitations.seat_changes import list_changes
from bot.registrations.standing_rows import canonical_standings, registration_rows
from bot.seats.guest_lists import attendance_of
from bot.seats.seat_messages import announcements, seat_messages
from bot.seats.settle import Audiences, settle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.messages import Message
    from bot.domain.registrations import Registration
    from bot.domain.seats import Attendance, SeatRequest, Settlement, Standing, Transition

ZONE = ZoneInfo("Europe/Copenhagen")
BEGIN = datetime(2025, 5, 1, 6, 0, tzinfo=UTC)
DEADLINE = datetime(2025, 5, 20, 12, 0)
LATER = datetime(2025, 6, 1, 12, 0)
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


UNDATED = Offering(id="hold-3", sessions=(CourseSession(id="s0", period="2025"),))
COURSES = (
    _course("linje", _offering("main", 3, 2), deadline=DEADLINE, waiting_list=True),
    _course("fuldt", _offering("main", 4, 1, sessions=2), deadline=DEADLINE, late=LateAnswer.REFUSE),
    _course("flere", _offering("hold-1", 4, 1), _offering("hold-2", 10, 2, sessions=2), waiting_list=True, handover=True),
    _course(
        "valg", _offering("hold-1", 5, 2), _offering("hold-2", 6, 2), mode=EnrolmentMode.CHOOSE, deadline=DEADLINE, waiting_list=True,
        unanswered=Unanswered.ASSIGN, late=LateAnswer.WAITLIST, handover=True,
    ),
    _course("frit", _offering("hold-1", 5, None), _offering("hold-2", 16, None), UNDATED, mode=EnrolmentMode.CHOOSE, deadline=DEADLINE,
            unanswered=Unanswered.RELEASE),
    _course("ene", _offering("hold-1", 5, 1), _offering("hold-2", 12, 1), mode=EnrolmentMode.CHOOSE, deadline=DEADLINE, waiting_list=True,
            waiting_list_until=LATER, unanswered=Unanswered.ASSIGN),
    _course(
        "link", _offering("hold-1", 7, 1), _offering("hold-2", 8, 2), mode=EnrolmentMode.CHOOSE, via=ChooseVia.LINK, deadline=DEADLINE,
        waiting_list=True, unanswered=Unanswered.ASSIGN,
    ),
    _course("tilmeld", _offering("main", 9, 2, sessions=2), mode=EnrolmentMode.SIGNUP, waiting_list=True, handover=True),
)  # fmt: skip
OFFERINGS = tuple((course.id, offering.id) for course in COURSES for offering in course.offerings)
NOTHING = frozenset[str]()


@dataclass(slots=True)
class Town:
    """Everything there is; `now` moves forward only. `unread` are answers that Outlook has and we do not."""

    now: datetime = BEGIN
    courses: tuple[Course, ...] = COURSES
    members: frozenset[str] = EVERYBODY
    remembered: frozenset[str] = frozenset()
    people: tuple[Person, ...] = PEOPLE
    unread: list[Answer] = field(default_factory=list)
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

    @property
    def attendance(self) -> dict[tuple[str, str], Attendance]:
        return attendance_of(self.standings)

    def course(self, identity: str) -> Course:
        return next(one for one in self.courses if one.id == identity)

    def say(self, key: SessionKey, email: str, response: ResponseStatus) -> None:
        """Somebody answers in Outlook; known is who was invited or has a seat."""
        known = email in self.on_event.get(key, {}) or any(one.email == email for one in self._said() if one.key == key)
        self.unread.append(Answer(key=key, email=email, name="", response=response, responded_at=self.now, seen_at=self.now, known=known))

    def may_answer(self, key: SessionKey, email: str) -> bool:
        """Who is on the event, or still has an old invitation."""
        return email in self.on_event.get(key, {}) or any((one.key, one.email) == (key, email) for one in self._said())

    def collect(self, course: str | None = None) -> None:
        """Read the answers, or those of one course only: the others arrive late. Each twice: that changes nothing."""
        read = [one for one in self.unread if course in {None, one.key.course}]
        self.answers += [*read, *(replace(one, seen_at=self.now) for one in read)]
        self.unread = [one for one in self.unread if one not in read]

    def settle(self, *requests: SeatRequest, sync: bool = False, backwards: bool = False) -> Settlement:
        """Decide; a sync has read the audience."""
        today = {"alle": self.members} if sync else {"alle": self.remembered}
        claims = fold_claims(self.plan, self.on_event, self.answers, self.index)
        standings = self.standings
        order = (lambda found: tuple(reversed(found))) if backwards else tuple
        return settle(
            self.plan, order(claims), order(standings), Audiences(today=today, before={"alle": self.remembered}), now=self.now,
            requests=requests, announced=self.asked,
        )  # fmt: skip

    def write(self, settlement: Settlement, *, sync: bool) -> tuple[Message, ...]:
        """Take a settlement into the books, and let the attendees follow; the messages about seats that went out."""
        self.log += settlement.transitions
        claims = fold_claims(self.plan, self.on_event, self.answers, self.index)
        in_books = {(key.course, key.offering) for key in self.on_event}
        self.rows = registration_rows(claims, self.standings, self.rows, in_books=in_books, people=self.index)
        messages = seat_messages(self.plan, settlement.transitions, self.rows, self.index, now=self.now)
        self.told += messages
        if sync:
            known = {(one.course, one.email) for one in self.standings}
            calls = announcements(self.plan, {"alle": self.members}, known, self.asked, now=self.now)
            self.told += calls
            self.asked |= {(call.course, call.email): self.now for call in calls}
            self.remembered = self.members
            self._bring_whole_lists()
        else:
            self._change_lists()
        return messages

    def edit(self, course: str, **changes: object) -> None:
        """HR changes a course, or with `capacity` the seats of every offering, or with other keys of `Enrolment` its rules."""
        one = self.course(course)
        if "capacity" in changes:
            changed = replace(one, offerings=tuple(replace(offering, capacity=changes["capacity"]) for offering in one.offerings))  # type: ignore[arg-type]
        elif changes.keys() <= {"status", "offerings"}:
            changed = replace(one, **changes)  # type: ignore[arg-type]
        else:
            changed = replace(one, enrolment=replace(one.enrolment, **changes))  # type: ignore[arg-type]
        self.courses = tuple(changed if other is one else other for other in self.courses)

    def rename(self, old: Person, new: Person) -> None:
        """The directory gives somebody a new address; the log keeps the old one."""
        self.people = tuple(new if one is old else one for one in self.people)
        moved = {old.email: new.email}
        self.members, self.remembered = (frozenset(moved.get(one, one) for one in group) for group in (self.members, self.remembered))
        for here in self.on_event.values():
            if old.email in here:
                here[new.email] = here.pop(old.email)
        self.asked = {(course, moved.get(email, email)): at for (course, email), at in self.asked.items()}

    def erase(self, person: Person) -> None:
        """Somebody is forgotten: a stand-in for each offering keeps the count."""
        mine = {person.email, *person.aliases}

        def stand_in(course: str, offering: str) -> str:
            return f"erased-{course}-{offering}-{person.directory_id}"

        self.people = tuple(one for one in self.people if one is not person)
        self.members, self.remembered = self.members - mine, self.remembered - mine
        self.answers = [
            replace(one, email=stand_in(one.key.course, one.key.offering)) if one.email in mine else one for one in self.answers
        ]
        self.unread = [one for one in self.unread if one.email not in mine]
        self.log = [
            replace(one, after=replace(one.after, email=stand_in(one.after.course, one.after.offering))) if one.after.email in mine else one
            for one in self.log
        ]
        self.rows = tuple(replace(row, email=stand_in(row.course, row.offering)) if row.email in mine else row for row in self.rows)
        self.told = [one for one in self.told if one.email not in mine]
        self.asked = {key: at for key, at in self.asked.items() if key[1] not in mine}
        for here in self.on_event.values():
            for email in mine & here.keys():
                del here[email]

    def seats(self, course: str, offering: str) -> int:
        return sum(one.has_seat for one in self.standings if (one.course, one.offering) == (course, offering))

    def capacity(self, course: str, offering: str) -> int | None:
        return next(one.capacity for one in self.course(course).offerings if one.id == offering)

    def wanted_lists(self) -> dict[SessionKey, frozenset[str]]:
        """What the deciding stage of the invitations wants, for events that have not begun."""
        audience = Audience(id="alle", people=tuple(one for one in self.people if one.email in self.members))
        seated = {key: frozenset(here) for key, here in self.on_event.items()}
        wanted = wanted_events(self.plan, {"alle": audience}, seated, self.index, self.attendance).events
        return {
            key: frozenset(one.email for one in event.attendees)
            for key, event in wanted.items()
            if instant(event.content.start, ZONE.key) > self.now
        }

    def _said(self) -> Iterable[Answer]:
        return [*self.answers, *self.unread]

    def _change_lists(self) -> None:
        """A round: only who is put on or taken off for the sake of seats."""
        entries = {key: self._books(key) for key in self.on_event if self._starts(key) is not None}
        for change in list_changes(self.plan, entries, self.attendance, {"alle": self.remembered}, self.index, now=self.now):
            if self.course(change.entry.key.course).status is CourseStatus.APPROVED:
                here = self.on_event[change.entry.key]
                here |= dict.fromkeys(change.add, self.now)
                for email in change.remove:
                    del here[email]

    def _bring_whole_lists(self) -> None:
        """A sync: whole lists, by the table of `bot.invitations.desired` written once more; nothing once it has begun."""
        wanted = self.attendance
        for course, offering, session in self.plan.sessions():
            key = SessionKey(plan="by", course=course.id, offering=offering.id, session=session.id)
            starts = self._starts(key)
            if starts is None or starts <= self.now:
                continue
            if course.status is not CourseStatus.APPROVED:
                self.on_event.pop(key, None)
                continue
            here = self.on_event.setdefault(key, {})
            wishes = wanted.get((course.id, offering.id))
            on, off, stays = (wishes.on, wishes.off, wishes.stays) if wishes else (NOTHING, NOTHING, NOTHING)
            target = ((NOTHING if course.enrolment.by_link else self.members) - off) | on | (stays & here.keys())
            self.on_event[key] = {email: here.get(email, self.now) for email in target}

    def _starts(self, key: SessionKey) -> datetime | None:
        for course, offering, session in self.plan.sessions():
            if (course.id, offering.id, session.id) == (key.course, key.offering, key.session) and session.start is not None:
                return instant(session.start, ZONE.key)
        return None

    def _books(self, key: SessionKey) -> LedgerEntry:
        starts = self._starts(key)
        assert starts is not None
        here = self.on_event[key]
        return LedgerEntry(
            key=key, state=LedgerState.APPLIED, transaction_id="t", event_id=str(key), subject="", start=starts, end=starts,
            desired_fields={}, observed_fields={}, desired_attendees=dict.fromkeys(here, AttendeeType.REQUIRED.value), invited_since=here,
        )  # fmt: skip
