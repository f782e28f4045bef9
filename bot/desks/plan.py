"""One plan as whoever is signed in sees it: from the books at once, and without a request to Microsoft 365.

| asked for | is |
|---|---|
| today | what waits for a person, what is near, and what happened since yesterday |
| changes | what waits for a person, as the last sync found it, less what was decided since |
| a decision | a line in the books about exactly what was shown; the next sync carries it out, if it still is the difference |
| overview | courses, money and decisions of all that is written, with the numbers of the plan in force |
| own courses | of the person behind a directory id, else behind an address that the provider vouched for |
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from bot.approvals.progress import Progress, progress_of, worth_telling_of
from bot.approvals.telling import still_waiting
from bot.approvals.verdicts import decision_about
from bot.desks.person.courses import leaders, own_courses, own_registrations
from bot.desks.person.my_people import MyPeople
from bot.desks.views.director import overview_by_the_books
from bot.desks.views.today import today_by_the_books
from bot.domain.actions import Action
from bot.domain.approvals import Door
from bot.domain.changes import no_changes
from bot.domain.named import Named
from bot.hr_report.troubles import pending_changes
from bot.opening.clock import clock_of
from bot.opening.decided_here import decided_here
from bot.opening.four_eyes import left_for_another
from bot.opening.versions import changed_by_now, in_force, load_record
from bot.opening.work import BookWork

if TYPE_CHECKING:
    from datetime import datetime

    from bot.approvals.progress import CourseProgress
    from bot.domain.approvals import Decision, Waiting
    from bot.domain.desk_plans import DeskSave
    from bot.domain.errors import KursusbotError
    from bot.domain.pages import PersonCourses
    from bot.domain.people import Person
    from bot.domain.plan import CoursePlan
    from bot.domain.plan_files import BadSave, SavedFile
    from bot.domain.reports import Pending
    from bot.domain.sign_in import Visitor
    from bot.hr_report.today import Today
    from bot.opening.stores import Stores
    from bot.overview.lines import Overview
    from config.settings import Settings


class BookPlanDesk:
    """The desk of one plan, as it is written now.

    Every call reads the books anew; all raise DatabaseFailed.
    """

    def __init__(
        self,
        settings: Settings,
        read: CoursePlan,
        stores: Stores,
        wrong: KursusbotError | None = None,
        *,
        origin: SavedFile | DeskSave | None = None,
        bad_save: BadSave | None = None,
    ) -> None:
        self._settings, self._read, self._stores, self._wrong = settings, read, stores, wrong
        self._origin, self._bad_save = origin, bad_save

    @property
    def as_read(self) -> CoursePlan:
        """What the document says: for naming the plan, without asking the books."""
        return self._read

    @cached_property
    def written(self) -> CoursePlan:
        """The plan as it is written, with what the desk has decided of what it leaves open."""
        return decided_here(self._read, self._stores)

    @property
    def wrong(self) -> KursusbotError | None:
        """Why what stands in the plan by now cannot be used, None where it can."""
        return self._wrong

    @property
    def named(self) -> Named:
        """Whom its settings narrow it to."""
        said = self._settings.desk
        return Named(hr=frozenset(said.hr or ()), readers=frozenset(said.readers or ()))

    @property
    def stores(self) -> Stores:
        """The books, of all plans."""
        return self._stores

    def now(self) -> datetime:
        """UTC, by the machine's clock or the fixed one of `--now`."""
        return clock_of(self._settings).now()

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
        line = replace(self._line(visitor, command, course=course, detail=detail), subject=subject)
        self._stores.actions.note(replace(line, plan="") if of_all_plans else line)

    @property
    def books(self) -> BookWork:
        """The plan in force and as it is written, with its settings and books."""
        standing = in_force(self.written, self._stores)
        return BookWork(
            settings=self._settings,
            written=self.written,
            plan=standing,
            stores=self._stores,
            origin=self._origin,
            bad_save=self._bad_save,
        )

    @property
    def approvers(self) -> int:
        """How many people have to approve."""
        return self._settings.approvers

    def pending(self) -> Pending | None:
        """What waits for a person, None where nothing does."""
        written = self.written
        return pending_changes(
            written,
            no_changes(written.id, written.revision),
            still_waiting(load_record(written, self._stores), approvers=self.approvers),
            (),
            lambda _course: True,
            titles=in_force(written, self._stores).titles | written.titles,
            found=lambda _course, _reason, _language: (),
        )

    def look(
        self, visitor: Visitor, command: str, *, course: str = "", subject: str = "", detail: str = "page"
    ) -> None:
        """Write down that somebody looks at people's data, once while they go on looking."""
        by = visitor.email or visitor.subject
        if self._stores.looks.is_new(self.written.id, by, command, course, now=self.now()):
            self.note(visitor, command, course=course, subject=subject, detail=detail)

    def today(self, visitor: Visitor) -> Today:
        """What waits for a person, what is near, what happened; who looked is written down."""
        page = today_by_the_books(self.books, is_wrong=self._wrong is not None)
        self.look(visitor, "report", detail="")
        return page

    def decided(self, pending: Pending | None) -> dict[str, tuple[Decision, ...]]:
        """Who has said what about each course that waits so far, and still counts, oldest first."""
        checksums = {one.course: one.checksum for one in pending.courses} if pending else {}
        said = load_record(self.written, self._stores).decisions
        open_words = [decision for decision in said if decision.done_at is None]
        return {
            course: tuple(word for word in open_words if (word.course, word.checksum) == (course, checksum))
            for course, checksum in checksums.items()
        }

    def progress(self) -> tuple[CourseProgress, ...]:
        """What became of what was decided about each course, the latest first."""
        plan, stores = self.written, self._stores
        record = load_record(plan, stores)
        decided = worth_telling_of(record.decisions, now=self.now())
        return progress_of(
            record,
            stores.books.ledger.load_entries(plan.id, course=decided).values() if decided else (),
            stores.outbox.load_messages(plan.id, course=decided) if decided else (),
            changed={one.course for one in changed_by_now(plan, record, stores)},
            approvers=self.approvers,
            now=self.now(),
        )

    def left_for_another(self, shown: dict[str, str], visitor: Visitor) -> frozenset[str]:
        """The courses of these that they may not be the second to approve (`bot.opening.four_eyes`)."""
        plan, by = self.written, visitor.email or visitor.subject
        record = load_record(plan, self._stores)
        return left_for_another(plan.id, record, self._stores, shown, by=by, approvers=self.approvers)

    def decide(
        self, shown: dict[str, str], visitor: Visitor, *, approved: bool, comment: str
    ) -> tuple[Decision, ...]:
        """Write down what somebody says to the changes that they were shown, course to checksum.

        Of what was rejected, and of what was approved and is not begun, another word counts too. Those that
        are none of this any more are left alone, so the answer may be shorter; () where none is.
        """
        now = clock_of(self._settings).now()
        record = load_record(self.written, self._stores)
        turned = Progress.REJECTED if approved else Progress.NEXT
        waiting = still_waiting(record, approvers=self._settings.approvers)
        may_be_said: list[Waiting | Decision] = [one for one in waiting if one.told or one.found]
        may_be_said += [one.decision for one in self.progress() if one.state is turned]
        by = visitor.email or visitor.subject
        held = self.left_for_another(shown, visitor) if approved else frozenset()
        made = tuple(
            decision_about(
                one,
                plan=one.plan,
                revision=one.revision,
                since=one.since,
                by=by,
                at=now,
                door=Door.DESK,
                approved=approved,
                comment=comment,
            )
            for one in may_be_said
            if shown.get(one.course) == one.checksum and one.course not in held
        )
        word = "approve" if approved else "reject"
        lines = [self._line(visitor, word, course=one.course, detail=one.checksum) for one in made]
        self._stores.approvals.add_decisions(made, noted=lines)
        return made

    def _line(self, visitor: Visitor, command: str, *, course: str = "", detail: str = "") -> Action:
        return Action(
            at=clock_of(self._settings).now(),
            by=visitor.email or visitor.subject,
            command=command,
            plan=self.written.id,
            course=course,
            door=Door.DESK.value,
            detail=detail,
        )

    def overview(self, years: tuple[int, ...]) -> Overview:
        """All that is written, of these years (all: ())."""
        whole = self.written.whole or self.written
        standing = in_force(self.written, self._stores)
        return overview_by_the_books(self._settings, whole, standing, self._stores, years)

    def leaders(self, visitor: Visitor) -> tuple[Person, ...]:
        """Those for whom whoever is signed in answers by today's plan, in its order."""
        return leaders(self.written, self._stores, visitor)

    def own_courses(self, visitor: Visitor, leader: Person | None = None) -> PersonCourses | None:
        """The courses of whoever is signed in, or of a leader of theirs; None for nothing to do with it."""
        standing = in_force(self.written, self._stores)
        return own_courses(self._settings, standing, self._stores, visitor, leader)

    def own_registrations(self, visitor: Visitor) -> list[dict[str, object]]:
        """Where whoever is signed in stands, as `registrations --format json` has it."""
        standing = in_force(self.written, self._stores)
        return own_registrations(standing, self._stores, visitor)

    def my_people(self, visitor: Visitor) -> MyPeople:
        """What whoever is signed in is asked about, and the courses of their people."""
        return MyPeople(self._settings, in_force(self.written, self._stores), self._stores, visitor)
