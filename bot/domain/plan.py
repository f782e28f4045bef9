"""The course plan as data: what HR wrote, checked and complete, with every default filled in.

All wall times are naive datetimes in `CoursePlan.timezone`. An all-day session has `start` at 00:00
of its first day and `end` at 00:00 of the day after its last. `was`, on a plan, course, offering or
session, is the id that the same thing had before. Source: the plan format of 2026-11.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.assumptions import ALWAYS, Assumption, Condition
from bot.domain.certificates import CertificateRule
from bot.domain.closing_days import ClosingDay, SchoolHoliday
from bot.domain.delegates import Delegate
from bot.domain.enrolment import BY_INVITATION, Enrolment
from bot.domain.errors import InputError
from bot.domain.evaluation import EvaluationForm
from bot.domain.events import SessionKey
from bot.domain.funding import CourseFunding, FundingPool
from bot.domain.local_tasks import LocalTask
from bot.domain.manager_approval import ApprovalRule
from bot.domain.manager_people import ManagersGet
from bot.domain.people import Language, Person
from bot.domain.plan_head import PlanHead
from bot.domain.programme import NO_RULES, AttendanceRules, Material, Speaker, Venue
from bot.domain.questions import Question
from bot.domain.reminder_rules import Channel, ReminderRule
from bot.domain.sending import SendingRules
from bot.domain.shape import NO_SHAPE, Shape
from bot.domain.templates import MessageKind
from bot.domain.wording import IN_CALENDAR, Wording, chosen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


class CourseStatus(StrEnum):
    """Where a course is in its life; see the plan format for what each one does."""

    DRAFT = "draft"
    LISTED = "listed"
    PROPOSED = "proposed"
    SAVE_THE_DATE = "save_the_date"
    APPROVED = "approved"
    CANCELLED = "cancelled"


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

    @property
    def begins(self) -> datetime | None:
        """The wall time at which the first of its dated sessions begins; None without a date."""
        return min((session.start for session in self.sessions if session.start is not None), default=None)

    def session(self, session_id: str) -> CourseSession | None:
        """The session of this id, None where there is none."""
        return next((session for session in self.sessions if session.id == session_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A course with its offerings (one, called `main`, where the plan lists sessions only).

    `note` is HR's own and shown to nobody else; `case` is the number of the file, `tags` are themes of the
    strategy. `evaluation` is an outside link, `evaluation_form` a form of our own; never both. `approval`: a
    sign-up waits for it.
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
    enrolment: Enrolment = BY_INVITATION
    funding: tuple[CourseFunding, ...] = ()
    venue: Venue | None = None
    online: bool = False
    teams_channel: str | None = None
    materials: tuple[Material, ...] = ()
    questions: tuple[Question, ...] = ()
    evaluation: str | None = None
    attendance: AttendanceRules = NO_RULES
    evaluation_form: EvaluationForm | None = None
    certificate: CertificateRule | None = None
    after: tuple[LocalTask, ...] = ()
    approval: ApprovalRule | None = None
    hide_attendees: bool = True
    cancel_reason: str = ""
    reminders: tuple[ReminderRule, ...] = ()
    texts: tuple[Wording, ...] = ()
    offerings: tuple[Offering, ...] = ()
    tags: tuple[str, ...] = ()
    case: str = ""
    note: str = ""
    when: Condition = ALWAYS
    was: str | None = None

    @property
    def is_dated(self) -> bool:
        """Whether any session has a date."""
        return any(session.start is not None for _, session in self.sessions())

    @property
    def invited_audiences(self) -> tuple[str, ...]:
        """The ids of all audiences of its sessions, each once, as they come first."""
        return tuple(
            dict.fromkeys(name for _, session in self.sessions() for name in self.audiences_of(session))
        )

    def offering(self, offering_id: str) -> Offering | None:
        """The offering of this id, None where there is none."""
        return next((offering for offering in self.offerings if offering.id == offering_id), None)

    def sessions(self) -> Iterator[tuple[Offering, CourseSession]]:
        """Every session with its offering, in the plan's order."""
        return ((offering, session) for offering in self.offerings for session in offering.sessions)

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

    def capacity_of(self, offering: Offering) -> int | None:
        """The seats of an offering: its own, else the course's; None without a limit."""
        return self.enrolment.capacity if offering.capacity is None else offering.capacity

    def required_of(self, session: CourseSession) -> tuple[str, ...]:
        """The ids of a session's audiences."""
        return self.audience if session.audience is None else session.audience

    def optional_of(self, session: CourseSession) -> tuple[str, ...]:
        """The ids of those who may come."""
        return self.optional_audience if session.optional_audience is None else session.optional_audience

    def audiences_of(self, session: CourseSession) -> tuple[str, ...]:
        """The ids of both."""
        return (*self.required_of(session), *self.optional_of(session))


class PlannedSession(NamedTuple):
    """A session and what it belongs to."""

    course: Course
    offering: Offering
    session: CourseSession


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePlan:
    """The parsed source document. `revision` is `sha256:` and the hex digest of the document's bytes.

    `own_words` is the folder of HR's own templates, by the settings and not by the document; None for ours.
    `heads` are (course, head) of courses whose invitations still say what the plan said before
    (`bot.approvals.versions`); a document has none. `shape` is what the document's workbook is made of
    (`bot.domain.shape`); `whole` of a plan as it is decided is what it was decided from, for its money. No
    plan differs by either. `managers` is what managers get of their people's courses, None for nothing.
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
    managers: ManagersGet | None = None
    audiences: tuple[AudienceRule, ...] = ()
    delegates: tuple[Delegate, ...] = ()
    funding: tuple[FundingPool, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    reminders: tuple[ReminderRule, ...] = ()
    texts: tuple[Wording, ...] = ()
    courses: tuple[Course, ...] = ()
    own_words: str | None = None
    shape: Shape = field(default=NO_SHAPE, compare=False)
    was: str | None = None
    heads: tuple[tuple[str, PlanHead], ...] = ()
    whole: CoursePlan | None = field(default=None, compare=False, repr=False)
    _by_id: dict[str, Course] = field(init=False, default_factory=dict, compare=False, repr=False)
    """The courses by id, from the first time that one is asked for: it happens often, and plans are large."""

    def course(self, course_id: str) -> Course | None:
        """The course of this id, None where the plan has none."""
        if not self._by_id:
            self._by_id.update({course.id: course for course in self.courses})
        return self._by_id.get(course_id)

    def known_course(self, course_id: str) -> Course:
        """The course of this id; raises InputError with those there are."""
        course = self.course(course_id)
        if course is None:
            raise InputError(
                "course_unknown", course=course_id, known=", ".join(one.id for one in self.courses)
            )
        return course

    @property
    def titles(self) -> dict[str, str]:
        """The courses' titles by id."""
        return {course.id: course.title for course in self.courses}

    def title_of(self, course_id: str) -> str:
        """The title of a course; its id where the plan has it no longer."""
        course = self.course(course_id)
        return course_id if course is None else course.title

    def offering(self, course_id: str, offering_id: str) -> Offering | None:
        """The offering of these ids, None where the plan has none."""
        course = self.course(course_id)
        return None if course is None else course.offering(offering_id)

    def offerings(self) -> Iterator[tuple[Course, Offering]]:
        """Every offering with its course, in the plan's order."""
        return ((course, offering) for course in self.courses for offering in course.offerings)

    def session(self, key: SessionKey) -> PlannedSession | None:
        """The session that an event or a part of one is for, None where the plan has none."""
        course = self.course(key.course)
        offering = course and course.offering(key.offering)
        session = offering and offering.session(key.session)
        return PlannedSession(course, offering, session) if course and offering and session else None

    def sessions(self) -> Iterator[PlannedSession]:
        """Every session with its offering and course, in the plan's order."""
        return (
            PlannedSession(course, offering, session)
            for course in self.courses
            for offering, session in course.sessions()
        )

    def key_of(self, planned: PlannedSession) -> SessionKey:
        """The stamp of the session's event, or of the first part of it."""
        course, offering, session = planned
        return SessionKey(plan=self.id, course=course.id, offering=offering.id, session=session.id)

    def only(self, courses: Collection[str]) -> CoursePlan:
        """The plan with these courses alone."""
        return replace(self, courses=tuple(course for course in self.courses if course.id in courses))

    @property
    def head(self) -> PlanHead:
        """What of it stands in its events."""
        texts = tuple(wording for wording in self.texts if wording.message in IN_CALENDAR)
        return PlanHead(
            organisation=self.organisation, language=self.language, contact=self.contact, texts=texts
        )

    def for_course(self, course_id: str) -> CoursePlan:
        """The plan as it stands in this course's invitations."""
        head = next((head for course, head in self.heads if course == course_id), None)
        if head is None:
            return self
        others = (wording for wording in self.texts if wording.message not in IN_CALENDAR)
        return replace(self, **head.fields | {"texts": (*head.texts, *others)}, heads=())

    def wording(self, course: Course, message: str, language: Language) -> Wording | None:
        """HR's own words in a message about the course to a reader of the language; None for none."""
        return chosen(course.texts, self.texts, message, language)

    def looks_after(self, course: Course) -> tuple[str, ...]:
        """The addresses of those who look after a course, lower-cased, each once.

        Its responsible ones, without any the contact.
        """
        return tuple(dict.fromkeys(address.lower() for address in course.responsible or (self.contact,)))

    def rules_for(self, course: Course) -> tuple[ReminderRule, ...]:
        """The plan's rules, with the course's own added, or in place of those with the same id.

        Last those that tell of its tasks afterwards.
        """
        told = (task.rule for task in course.after)
        return tuple({rule.id: rule for rule in (*self.reminders, *course.reminders, *told)}.values())

    def turn_of(self, course: Course, rule_id: str, channel: Channel) -> int:
        """How many rules with `follow_up` before this one have told the same readers.

        The first thanks, the second asks again.

        A post in a channel is not a person's thanks, nor is what is said to speakers the participants'.
        """
        rules = [rule for rule in self.rules_for(course) if rule.template == MessageKind.FOLLOW_UP]
        place = next((number for number, rule in enumerate(rules) if rule.id == rule_id), 0)
        return sum(rule.meets_readers_of(rules[place], channel) for rule in rules[:place])
