"""What a person's own page shows, as data: the courses, the choices, the place in line, what can be done now.

Computed by `bot.desks.person.page` from plan and books; `bot.web` only draws it. Wall times are the plan's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.evaluation import EvaluationState
from bot.domain.participation import IN_PLAY, PART_OF
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import RequestKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.domain.certificates import CertificatePaper
    from bot.domain.check_in import OwnCheckIn
    from bot.domain.enrolment import EnrolmentMode
    from bot.domain.evaluation import OwnEvaluation
    from bot.domain.links import Grant
    from bot.domain.participation import NotTheirNo
    from bot.domain.people import Language
    from bot.domain.programme import Material
    from bot.domain.questions import GivenAnswer, WrongAnswer
    from bot.domain.seats import RefusalReason

HAS_A_PLACE = frozenset(
    {RegistrationStatus.REGISTERED, RegistrationStatus.WAITLISTED, RegistrationStatus.AWAITING}
)
OWN_WISHES = (RequestKind.CHOOSE, RequestKind.GIVE_UP, RequestKind.HAND_OVER)
"""What a person may ask for; the other kinds are HR's."""

LONGEST_REASON = 500
LONGEST_ADDRESS = 320
"""Characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """One date of an offering.

    `end` of an all-day session is exclusive; both None where only `period` is known.

    `said_no`: the person said no to this one, and not to all of the offering. `programme` is Markdown.
    """

    title: str
    start: datetime | None
    end: datetime | None
    all_day: bool
    period: str | None
    place: str
    online: bool
    said_no: bool = False
    programme: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferingView:
    """One offering for one person.

    `free` seats (None: no limit); `actions`: CHOOSE, GIVE_UP, HAND_OVER where they would work now.

    `sessions` are the person's own. `status` None: no relation to it (yet, or another date was taken).
    `queues`: CHOOSE leads to the waiting list, `asks_manager`: first to the manager. `switches`: a seat here
    gives up what the person has on another date.
    `unconfirmed`: the date was moved since they said that they come. `over`: its last session
    has ended. `reason`: why HR gave or took the seat, in HR's words. `answered_by`: who said so for them, by
    name, "" for themselves. `not_their_no`: why they are out, where they have not said no themselves.
    """

    offering: str
    title: str
    sessions: tuple[SessionView, ...]
    status: RegistrationStatus | None
    position: int | None
    waiting: int
    free: int | None
    queues: bool
    switches: bool
    actions: frozenset[RequestKind]
    unconfirmed: bool = False
    over: bool = False
    reason: str = ""
    answered_by: str = ""
    asks_manager: bool = False
    not_their_no: NotTheirNo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseView:
    """A course for one person. `deadline` wall time; `open`: answers are taken without being late.

    `materials` and `evaluation` ("" for none) are there for those who took part, when their dates are over.
    `questions` are what whoever takes a place is asked, with what the person has answered. `own_evaluation`:
    where our own form stands for them, None where the course has none.
    """

    course: str
    title: str
    theme: str
    description: str
    mode: EnrolmentMode
    deadline: datetime | None
    open: bool
    cancelled: bool
    over: bool
    offerings: tuple[OfferingView, ...]
    note: str
    cancel_reason: str = ""
    materials: tuple[Material, ...] = ()
    evaluation: str = ""
    questions: tuple[GivenAnswer, ...] = ()
    own_evaluation: OwnEvaluation | None = None

    @property
    def may_evaluate(self) -> bool:
        """Whether the person is asked by our own form, and may answer it now."""
        return self.own_evaluation is not None and self.own_evaluation.state is EvaluationState.OPEN

    @property
    def may_answer(self) -> bool:
        """Whether the person is asked, and can still change what they answered."""
        has_place = any(one.status and PART_OF[one.status] in IN_PLAY for one in self.offerings)
        return bool(self.questions) and has_place and not (self.cancelled or self.over)

    def offering(self, offering: str) -> OfferingView | None:
        """The offering of this id, None when there is none (any more)."""
        return next((one for one in self.offerings if one.offering == offering), None)

    @property
    def is_settled(self) -> bool:
        """Whether the person has a place, and nothing of the course still waits for their answer."""
        statuses = {offering.status for offering in self.offerings}
        return not HAS_A_PLACE.isdisjoint(statuses) and RegistrationStatus.INVITED not in statuses


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCourse:
    """A line about another course of the person, `when` their own first date.

    What can be done there is behind its own link.
    """

    title: str
    when: datetime | None
    status: RegistrationStatus
    cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlace:
    """What somebody has answered to one offering, or has there; wall times.

    `when` is its first date that is theirs, `position` their place in line, `answered` when they last spoke.
    `not_their_no`: why they are out, where they have not said no themselves.
    """

    offering: str
    when: datetime | None
    status: RegistrationStatus
    position: int | None = None
    answered: datetime | None = None
    not_their_no: NotTheirNo | None = None

    @property
    def word(self) -> str:
        """Where they stand; texts are `me.place.<word>`."""
        return self.not_their_no or self.status.value


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCourse:
    """A course of somebody who is signed in; `grant` opens their page of it.

    `unanswered`: how many of its questions wait for an answer of theirs.

    `first` is the course's own first date (wall time), `places` what they have there, () for no answer yet;
    then `answer_by` is until when they may answer, None where there is no such time. `over`: its last date
    has ended.
    """

    course: str
    title: str
    first: datetime | None
    cancelled: bool
    places: tuple[OwnPlace, ...]
    grant: Grant
    answer_by: datetime | None = None
    unanswered: int = 0
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCertificate:
    """One of somebody's certificates; `holds`: nobody has taken back that they came."""

    course: str
    offering: str
    code: str
    paper: CertificatePaper
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCertificates:
    """Somebody's certificates of a course (one at least), behind their link."""

    language: Language
    organisation: str
    contact: str
    certificates: tuple[OwnCertificate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCourses:
    """The courses of somebody who is signed in, in one plan.

    `feeds` are calendars to subscribe to, `certificates` those that hold, `tasks` the courses with something
    to answer about afterwards: what each is for, and what opens it. `language` is what they are written to
    in, None where nobody said.
    """

    organisation: str
    contact: str
    courses: tuple[PersonCourse, ...]
    feeds: tuple[tuple[str, Grant], ...] = ()
    certificates: tuple[tuple[str, Grant], ...] = ()
    tasks: tuple[tuple[str, Grant], ...] = ()
    language: Language | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """The page behind one link.

    `by` is the canonical address of the delegate who sees it and answers for the person, `by_name` what they
    are called; both "" where it is the person. `language` is the reader's. `certificate` is the way to theirs
    of the course, "" for none. `has_tasks`: there is a task of theirs to answer about.
    """

    name: str
    email: str
    language: Language
    organisation: str
    contact: str
    course: CourseView
    others: tuple[OtherCourse, ...]
    check_ins: tuple[OwnCheckIn, ...] = ()
    by: str = ""
    by_name: str = ""
    certificate: str = ""
    has_tasks: bool = False


class FormProblem(StrEnum):
    """What has to be put right before anything is decided."""

    REASON_TOO_LONG = "reason_too_long"
    COLLEAGUE_MISSING = "colleague_missing"
    COLLEAGUE_UNKNOWN = "colleague_unknown"
    NOTE_TOO_LONG = "note_too_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWish:
    """What a person asks for on a page of their own, as they wrote it.

    `kind` None: nothing that there is. `colleague`: the address of who takes over. `answers` to the course's
    questions, by question; one that the form did not have is not there.
    """

    kind: RequestKind | None
    offering: str
    reason: str = ""
    colleague: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidBy:
    """The door by which somebody speaks, and who does it: an address, "" for whoever the page is shown to."""

    source: AnswerSource = AnswerSource.WEB
    by: str = ""


ON_PAGE = SaidBy()


@dataclass(frozen=True, slots=True, kw_only=True)
class WishAnswer:
    """What became of it: refused, to be put right first, or granted (or queued) where it is neither.

    `answers` are the questions whose answers are to be put right.
    """

    refused: RefusalReason | None = None
    problem: FormProblem | None = None
    answers: Mapping[str, WrongAnswer] = field(default_factory=dict)
