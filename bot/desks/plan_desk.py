"""What the desk's pages need of one plan, as a protocol; `bot.desks.plan` implements it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from bot.approvals.progress import CourseProgress
    from bot.domain.approvals import Decision
    from bot.domain.errors import KursusbotError
    from bot.domain.manager_pages import PeoplePage
    from bot.domain.named import Named
    from bot.domain.pages import PersonCourses
    from bot.domain.people import Language, Person
    from bot.domain.plan import CoursePlan
    from bot.domain.reports import Pending
    from bot.domain.sign_in import Visitor
    from bot.hr_report.today import Today
    from bot.opening.stores import Stores
    from bot.opening.work import BookWork
    from bot.overview.lines import Overview


class PeopleOfVisitor(Protocol):
    """What a manager or deputy who is signed in sees of one plan, by `bot.desks.person.my_people`."""

    @property
    def has_any(self) -> bool:
        """Whether there is anything to see."""

    def page(self, language: Language) -> PeoplePage | None:
        """What there is to see, in words of this language; None for nothing."""

    def answer(self, sign_up: str, *, yes: bool) -> bool:
        """Say yes or no to a sign-up; False, and nothing is done, where it waits for them no more."""


class PlanDesk(Protocol):
    """One plan for whoever is signed in.

    Synchronous: books only, no request to Graph. All raise DatabaseFailed.
    """

    @property
    def as_read(self) -> CoursePlan:
        """What the document says: for naming the plan, without asking the books."""

    @property
    def written(self) -> CoursePlan:
        """The plan as it is written, with what the desk has decided of what it leaves open."""

    @property
    def wrong(self) -> KursusbotError | None:
        """Why what stands in the plan by now cannot be used, None where it can."""

    @property
    def named(self) -> Named:
        """Whom its settings narrow it to."""

    @property
    def stores(self) -> Stores:
        """The books, of all plans."""

    def now(self) -> datetime:
        """UTC, by the machine's clock or the fixed one of `--now`."""

    def note(
        self,
        visitor: Visitor,
        command: str,
        *,
        course: str = "",
        subject: str = "",
        detail: str = "",
        of_all_plans: bool = False,
    ) -> None:
        """Write down what somebody did or looked at: whom it was about, or how many."""

    @property
    def books(self) -> BookWork:
        """The plan in force and as it is written, with its settings and books."""

    @property
    def approvers(self) -> int:
        """How many people have to approve."""

    def look(
        self, visitor: Visitor, command: str, *, course: str = "", subject: str = "", detail: str = "page"
    ) -> None:
        """Write down that somebody looks at people's data, once while they go on looking."""

    def today(self, visitor: Visitor) -> Today:
        """What waits for a person, what is near, what happened; who looked is written down."""

    def pending(self) -> Pending | None:
        """What waits for a person, None where nothing does."""

    def decided(self, pending: Pending | None) -> dict[str, tuple[Decision, ...]]:
        """Who has said what about each course that waits so far, oldest first."""

    def progress(self) -> tuple[CourseProgress, ...]:
        """What became of what was decided about each course, the latest first."""

    def left_for_another(self, shown: dict[str, str], visitor: Visitor) -> frozenset[str]:
        """The courses of these that they may not be the second to approve, because they saved them."""

    def decide(
        self, shown: dict[str, str], visitor: Visitor, *, approved: bool, comment: str
    ) -> tuple[Decision, ...]:
        """Write down what somebody says to the changes that they were shown, course to checksum.

        Of what was rejected, and of what was approved and is not begun, another word counts too. Those that
        are none of this any more are left alone: () where none is.
        """

    def overview(self, years: tuple[int, ...]) -> Overview:
        """Courses, money and decisions of all that is written, of these years (all: ())."""

    def leaders(self, visitor: Visitor) -> tuple[Person, ...]:
        """Those for whom whoever is signed in answers by today's plan, in its order."""

    def own_courses(self, visitor: Visitor, leader: Person | None = None) -> PersonCourses | None:
        """The courses of whoever is signed in, or of a leader of theirs; None for nothing to do with it."""

    def own_registrations(self, visitor: Visitor) -> list[dict[str, object]]:
        """Where whoever is signed in stands, as `registrations --format json` has it."""

    def my_people(self, visitor: Visitor) -> PeopleOfVisitor:
        """What whoever is signed in is asked about, and the courses of their people."""
