"""Opening the database: settings become books, as the ports that rounds and steps know.

The only place that knows which table class stands behind which port. SQLAlchemy is imported when a database
is opened.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bot.opening.counted import CountedCourses
from bot.opening.kept import KeptPlans
from bot.opening.looks import Looks
from bot.opening.when_asked import imported_when_asked
from bot.seats.at_rest import RestingRound, Rests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.domain.reports import Report
    from bot.overview.lines import CourseNumbers
    from bot.ports.actions import ActionBook
    from bot.ports.approvals import ApprovalBook
    from bot.ports.attendance import AttendanceBook
    from bot.ports.books import AnswerLog, BounceBook, LinkBook, NoteBook, Outbox, PostageBook, SeatBook
    from bot.ports.broadcasts import BroadcastBook
    from bot.ports.certificates import CertificateBook
    from bot.ports.comments import CommentBook, ReadBook
    from bot.ports.conversations import AppInstallBook, ConversationBook
    from bot.ports.desk_plans import DeskPlanBook, DraftBook
    from bot.ports.evaluations import EvaluationBook
    from bot.ports.memory import (
        AudienceBook,
        CourseDigests,
        GroupMemory,
        Ledger,
        MailboxMemory,
        PeopleBook,
        PlanFileBook,
    )
    from bot.ports.noted import NotedBook, NotedIdBook
    from bot.ports.probes import ProbeBook
    from bot.ports.question_answers import QuestionAnswerBook
    from bot.ports.reminder_words import ReminderWordBook
    from bot.ports.repeats import RepeatBook
    from bot.ports.revisions import RevisionBook
    from bot.ports.service import ExaminationBook, JobRunBook, NotificationBook
    from bot.ports.sign_ins import SignInBook
    from bot.ports.sign_ups import ManagedPeopleBook, ManagerAskBook
    from bot.ports.task_answers import TaskAnswerBook
    from bot.ports.teams import PackageBook
    from bot.ports.webhooks import WebhookBook
    from bot.store.database import Database
    from config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The parts of the store that a sync reads and writes."""

    ledger: Ledger
    groups: GroupMemory
    people: PeopleBook
    audiences: AudienceBook
    bounces: BounceBook | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """The opened database as the ports that stages know.

    Of the process: what was found at rest (`rests`; nothing of a command, which ends with its round), and of
    each course its numbers (`counted`) and what HR is to know of it (`reported`), who looked at what just now
    (`looks`), and plans as put together (`kept`).
    """

    database: Database
    books: Books
    answers: AnswerLog
    seats: SeatBook
    attendance: AttendanceBook
    evaluations: EvaluationBook
    certificates: CertificateBook
    manager_asks: ManagerAskBook
    managed_people: ManagedPeopleBook
    outbox: Outbox
    broadcasts: BroadcastBook
    notes: NoteBook
    question_answers: QuestionAnswerBook
    task_answers: TaskAnswerBook
    postage: PostageBook
    bounces: BounceBook
    links: LinkBook
    comments: CommentBook
    read_remarks: ReadBook
    job_runs: JobRunBook
    notifications: NotificationBook
    approvals: ApprovalBook
    actions: ActionBook
    noted: NotedBook
    noted_ids: NotedIdBook
    revisions: RevisionBook
    reminder_words: ReminderWordBook
    probes: ProbeBook
    sign_ins: SignInBook
    conversations: ConversationBook
    app_installs: AppInstallBook
    packages: PackageBook
    webhooks: WebhookBook
    repeats: RepeatBook
    examinations: ExaminationBook
    mailboxes: MailboxMemory
    plan_files: PlanFileBook
    desk_plans: DeskPlanBook
    drafts: DraftBook
    digests: CourseDigests
    rests: Mapping[RestingRound, Rests]
    counted: CountedCourses[CourseNumbers]
    reported: CountedCourses[Report]
    looks: Looks
    kept: KeptPlans


@contextmanager
def open_stores_to_read(settings: Settings) -> Iterator[Stores]:
    """As `open_stores`, but where there is no database yet, an empty one that goes away again.

    A preview makes no files.
    """
    from bot.store.database import is_missing

    if not is_missing(settings.database_url.get_secret_value()):
        with open_stores(settings, remembers=False) as stores:
            yield stores
        return
    with TemporaryDirectory() as folder, _open_stores(f"sqlite:///{folder}/empty.db") as stores:
        yield stores


@contextmanager
def database_as_it_is(settings: Settings) -> Iterator[Database | None]:
    """The database without a step to make or to migrate it; None where it is not there, or of another schema.

    For who looks something up beside what it is doing. Raises DatabaseFailed.
    """
    from bot.store.database import connect_database, fetch_revision, is_missing
    from bot.store.schema import REVISIONS

    url = settings.database_url.get_secret_value()
    if is_missing(url):
        yield None
        return
    with connect_database(url) as database:
        yield database if fetch_revision(database) == REVISIONS[-1] else None


@contextmanager
def open_copy(stores: Stores, plans: tuple[str, ...]) -> Iterator[Stores]:
    """The books of these plans in a database that only its owner reads and that goes away again."""
    from bot.store.renames import copy_books

    with TemporaryDirectory() as folder, _open_stores(f"sqlite:///{folder}/copy.db") as copy:
        copy_books(stores.database, copy.database, plans)
        # What is known of the tenant is no plan's.
        yield replace(copy, probes=stores.probes)


@contextmanager
def open_stores(settings: Settings, *, remembers: bool = True) -> Iterator[Stores]:
    """Open the database (and on SQLite migrate it); raises DatabaseFailed.

    `remembers`: whether rounds of this process leave unread what they have found at rest before. Finding out
    takes a look at every table, and who does one round has found nothing.
    """
    with _open_stores(settings.database_url.get_secret_value()) as stores:
        yield replace(stores, rests={kind: Rests() for kind in RestingRound}) if remembers else stores


@contextmanager
def _open_stores(url: str) -> Iterator[Stores]:
    from bot.store.answers import SqlAnswerLog
    from bot.store.approvals import SqlApprovalBook
    from bot.store.audiences import SqlAudienceBook
    from bot.store.bounces import SqlBounceBook
    from bot.store.digests import SqlCourseDigests
    from bot.store.groups import SqlGroupMemory
    from bot.store.ledger import SqlLedger
    from bot.store.mailboxes import SqlMailboxMemory
    from bot.store.noted_ids import SqlNotedIdBook
    from bot.store.opening import open_database
    from bot.store.outbox import SqlOutbox
    from bot.store.people import SqlPeopleBook
    from bot.store.probes import SqlProbeBook
    from bot.store.seats import SqlSeatBook
    from bot.store.stamps import WriteStamps

    with open_database(url) as database:
        stamps = WriteStamps(database)
        bounces = SqlBounceBook(database)
        books = Books(
            ledger=SqlLedger(database),
            groups=SqlGroupMemory(database),
            people=SqlPeopleBook(database),
            audiences=SqlAudienceBook(database),
            bounces=bounces,
        )

        def later(where: str) -> Any:
            """What few commands ask for anything, and what brings a whole subject with it."""
            return imported_when_asked(f"bot.store.{where}", database)

        yield Stores(
            database=database,
            books=books,
            answers=SqlAnswerLog(database),
            seats=SqlSeatBook(database),
            outbox=SqlOutbox(database),
            broadcasts=later("broadcasts:SqlBroadcastBook"),
            notes=later("notes:SqlNoteBook"),
            question_answers=later("question_answers:SqlQuestionAnswerBook"),
            task_answers=later("task_answers:SqlTaskAnswerBook"),
            postage=later("postage:SqlPostageBook"),
            bounces=bounces,
            attendance=later("attendance:SqlAttendanceBook"),
            evaluations=later("evaluations:SqlEvaluationBook"),
            certificates=later("certificates:SqlCertificateBook"),
            manager_asks=later("manager_asks:SqlManagerAskBook"),
            managed_people=later("managed_people:SqlManagedPeopleBook"),
            links=later("links:SqlLinkBook"),
            comments=later("comments:SqlCommentBook"),
            read_remarks=later("read_remarks:SqlReadBook"),
            job_runs=later("job_runs:SqlJobRunBook"),
            notifications=later("notifications:SqlNotificationBook"),
            approvals=SqlApprovalBook(database, stamps),
            actions=later("actions:SqlActionBook"),
            noted=later("noted:SqlNotedBook"),
            noted_ids=SqlNotedIdBook(database),
            revisions=later("revisions:SqlRevisionBook"),
            reminder_words=later("reminder_words:SqlReminderWordBook"),
            probes=SqlProbeBook(database),
            sign_ins=later("sign_ins:SqlSignInBook"),
            conversations=later("conversations:SqlConversationBook"),
            app_installs=later("app_installs:SqlAppInstallBook"),
            packages=later("app_packages:SqlPackageBook"),
            webhooks=later("webhooks:SqlWebhookBook"),
            repeats=later("repeats:SqlRepeatBook"),
            examinations=later("examinations:SqlExaminationBook"),
            mailboxes=SqlMailboxMemory(database),
            plan_files=later("plan_files:SqlPlanFileBook"),
            desk_plans=later("desk_plans:SqlDeskPlanBook"),
            drafts=later("drafts:SqlDraftBook"),
            digests=SqlCourseDigests(database, stamps),
            rests={},
            counted=CountedCourses(),
            reported=CountedCourses(),
            looks=Looks(),
            kept=KeptPlans(),
        )
