"""The course plan as data: what HR wrote, checked and complete, with every default filled in.

All wall times are naive datetimes in `CoursePlan.timezone`. An all-day session has `start` at 00:00
of its first day and `end` at 00:00 of the day after its last. `was`, on a plan, course, offering or
session, is the id that the same thing had before. Source: the plan format of 2026-11.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.assumptions import ALWAYS, Assumption, Condition
from bot.domain.closing_days import ClosingDay, SchoolHoliday
from bot.domain.funding import CourseFunding, FundingPool
from bot.domain.people import Language, Person
from bot.domain.reminder_rules import Channel, ReminderRule
from bot.domain.sending import SendingRules
from bot.domain.shape import NO_SHAPE, Shape
from bot.domain.templates import MessageKind


class CourseStatus(StrEnum):
    """Where a course is in its life; see the plan format for what each one does."""

    DRAFT = "draft"
    LISTED = "listed"
    PROPOSED = "proposed"
    SAVE_THE_DATE = "save_the_date"
    APPROVED = "approved"
    CANCELLED = "cancelled"


class EnrolmentMode(StrEnum):
    """How people get a seat."""

    INVITE = "invite"
    CHOOSE = "choose"
    SIGNUP = "signup"


class ChooseVia(StrEnum):
    """Where people choose between alternatives."""

    OUTLOOK = "outlook"
    LINK = "link"


class Unanswered(StrEnum):
    """What happens after the deadline to those who chose nothing."""

    LEAVE = "leave"
    RELEASE = "release"
    ASSIGN = "assign"


class LateAnswer(StrEnum):
    """What an answer after the deadline does."""

    ACCEPT = "accept"
    WAITLIST = "waitlist"
    REFUSE = "refuse"


MAIN_OFFERING = "main"
"""The one offering of a course that lists its sessions directly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceRule:
    """Who belongs to an audience.

    Groups (by mail or object id) and people, less the groups or people excluded.
    """

    id: str
    name: str
    groups: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Somebody who speaks; with an address, an optional attendee of the course's sessions."""

    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """A place; `room` is the address of a room mailbox, booked as a resource."""

    name: str = ""
    address: str = ""
    room: str | None = None

    @property
    def label(self) -> str:
        """Name and address on one line, as far as they are known."""
        return ", ".join(part for part in (self.name, self.address) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Something to read, behind an https link."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """How people enrol; wall times of the plan's zone."""

    mode: EnrolmentMode = EnrolmentMode.INVITE
    via: ChooseVia = ChooseVia.OUTLOOK
    opens: datetime | None = None
    deadline: datetime | None = None
    capacity: int | None = None
    waiting_list: bool = False
    waiting_list_until: datetime | None = None
    unanswered: Unanswered = Unanswered.LEAVE
    minimum: int | None = None
    late: LateAnswer = LateAnswer.ACCEPT
    handover: bool = False

    @property
    def by_link(self) -> bool:
        """Whether people of the audience are put on an event only after choosing it on their own page."""
        return self.mode is EnrolmentMode.SIGNUP or (
            self.mode is EnrolmentMode.CHOOSE and self.via is ChooseVia.LINK
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseSession:
    """One calendar event to be.

    Either dated (`start` < `end`) or with a `period` (`2024`, `2024-Q3`, `2024-H2`, `2024-09`) only.
    `audience`, `venue` and the like are what the session says itself; None where it leaves that to
    its offering or course.
    """

    id: str
    title: str = ""
    start: datetime | None = None
    end: datetime | None = None
    all_day: bool = False
    period: str | None = None
    audience: tuple[str, ...] | None = None
    optional_audience: tuple[str, ...] | None = None
    venue: Venue | None = None
    online: bool | None = None
    description: str = ""
    when: Condition = ALWAYS
    was: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """Danish "hold": one of the alternatives; a person takes one offering with all its sessions."""

    id: str
    title: str = ""
    capacity: int | None = None
    venue: Venue | None = None
    online: bool | None = None
    sessions: tuple[CourseSession, ...] = ()
    when: Condition = ALWAYS
    was: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A course with its offerings (one, called `main`, where the plan lists sessions only).

    `note` is HR's own and shown to nobody else; `case` is the number of the file, `tags` are themes of the
    strategy.
    """

    id: str
    title: str
    status: CourseStatus
    theme: str = ""
    description: str = ""
    responsible: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    optional_audience: tuple[str, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    enrolment: Enrolment = Enrolment()
    funding: tuple[CourseFunding, ...] = ()
    venue: Venue | None = None
    online: bool = False
    teams_channel: str | None = None
    materials: tuple[Material, ...] = ()
    evaluation: str | None = None
    hide_attendees: bool = True
    cancel_reason: str = ""
    reminders: tuple[ReminderRule, ...] = ()
    offerings: tuple[Offering, ...] = ()
    tags: tuple[str, ...] = ()
    case: str = ""
    note: str = ""
    when: Condition = ALWAYS
    was: str | None = None

    def venue_of(self, offering: Offering, session: CourseSession) -> Venue | None:
        """Where a session is held: what it says itself, else its offering, else the course."""
        return session.venue or offering.venue or self.venue

    def place_of(self, offering: Offering, session: CourseSession) -> str:
        """The venue on one line, "" without one."""
        venue = self.venue_of(offering, session)
        return venue.label if venue else ""

    def is_online(self, offering: Offering, session: CourseSession) -> bool:
        """Whether a session is a Teams meeting, by the same order."""
        return next((said for said in (session.online, offering.online) if said is not None), self.online)

    def required_of(self, session: CourseSession) -> tuple[str, ...]:
        """The ids of a session's audiences."""
        return self.audience if session.audience is None else session.audience

    def optional_of(self, session: CourseSession) -> tuple[str, ...]:
        """The ids of those who may come."""
        return self.optional_audience if session.optional_audience is None else session.optional_audience

    def audiences_of(self, session: CourseSession) -> tuple[str, ...]:
        """The ids of both."""
        return (*self.required_of(session), *self.optional_of(session))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanHead:
    """What of the plan as a whole stands in what people get."""

    organisation: str
    language: Language
    contact: str

    @classmethod
    def of(cls, plan: CoursePlan) -> PlanHead:
        """The head that the plan has itself."""
        return cls(organisation=plan.organisation, language=plan.language, contact=plan.contact)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePlan:
    """The parsed source document. `revision` is `sha256:` and the hex digest of the document's bytes.

    `own_words` is the folder of HR's own templates, by the settings and not by the document; None for ours.
    `heads` are (course, head) of courses whose invitations still say what the plan said before
    (`bot.approvals.versions`); a document has none. `shape` is what the document's workbook is made of
    (`bot.domain.shape`); `whole` of a plan as it is decided is what it was decided from, for its money. No
    plan differs by either.
    """

    id: str
    revision: str
    organisation: str
    timezone: str
    language: Language
    organiser: str
    contact: str
    holidays: str | None = None
    closing_days: tuple[ClosingDay, ...] = ()
    school_holidays: tuple[SchoolHoliday, ...] = ()
    sending: SendingRules = field(default_factory=SendingRules)
    audiences: tuple[AudienceRule, ...] = ()
    funding: tuple[FundingPool, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    reminders: tuple[ReminderRule, ...] = ()
    courses: tuple[Course, ...] = ()
    own_words: str | None = None
    shape: Shape = field(default=NO_SHAPE, compare=False)
    was: str | None = None
    heads: tuple[tuple[str, PlanHead], ...] = ()
    whole: CoursePlan | None = field(default=None, compare=False, repr=False)

    def for_course(self, course_id: str) -> CoursePlan:
        """The plan as it stands in this course's invitations."""
        head = next((head for course, head in self.heads if course == course_id), None)
        if head is None:
            return self
        return replace(
            self, organisation=head.organisation, language=head.language, contact=head.contact, heads=()
        )

    def looks_after(self, course: Course) -> tuple[str, ...]:
        """The addresses of those who look after a course, lower-cased, each once.

        Its responsible ones, without any the contact.
        """
        return tuple(dict.fromkeys(address.lower() for address in course.responsible or (self.contact,)))

    def rules_for(self, course: Course) -> tuple[ReminderRule, ...]:
        """The plan's rules, with the course's own added, or in place of those with the same id."""
        return tuple({rule.id: rule for rule in (*self.reminders, *course.reminders)}.values())

    def turn_of(self, course: Course, rule_id: str, channel: Channel) -> int:
        """How many rules with `follow_up` before this one have told the same readers.

        The first thanks, the second asks again.

        A post in a channel is not a person's thanks, nor is what is said to speakers the participants'.
        """
        rules = [rule for rule in self.rules_for(course) if rule.template == MessageKind.FOLLOW_UP]
        place = next((number for number, rule in enumerate(rules) if rule.id == rule_id), 0)
        return sum(rule.meets_readers_of(rules[place], channel) for rule in rules[:place])
