"""The composition root: settings become an open database, a Graph client and a plan.

The only place that knows which adapter stands behind which port. Heavy libraries are imported when
the thing is opened, so that a command pays for what it uses.
"""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from bot.clock import FixedClock, SystemClock
from bot.delivery.allowance import Allowance
from bot.delivery.send import Postman
from bot.domain.decided import as_decided
from bot.domain.graph_findings import findings_of
from bot.domain.links import Grant, Purpose, generation_of, owner_of
from bot.domain.postage import Budget
from bot.domain.teams import TeamsReach
from bot.errors import InputError, PlanInvalid
from bot.invitations.run import Books
from config.graph_settings import GateOf

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from datetime import datetime

    from bot.aside import Aside
    from bot.clock import Clock
    from bot.domain.graph_findings import GraphFindings
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.graph.client import GraphClient
    from bot.plan import ParsedPlan
    from bot.ports import (
        Accounts,
        AnswerLog,
        BounceBook,
        Calendar,
        ChannelPosts,
        Directory,
        Feed,
        LinkBook,
        Mailbox,
        MailboxMemory,
        NoteBook,
        Outbox,
        PostageBook,
        ReturnedMail,
        SeatBook,
    )
    from bot.ports.actions import ActionBook
    from bot.ports.approvals import ApprovalBook
    from bot.ports.comments import CommentBook, ReplyMail
    from bot.ports.noted import NotedBook
    from bot.ports.probes import ProbeBook
    from bot.ports.schedules import Schedules
    from bot.ports.service import JobRunBook, NotificationBook, Subscriptions
    from bot.store.database import Database
    from config.graph_settings import GraphSettings
    from config.settings import Settings

Content = TypeVar("Content")

# A second run waits this long for the first one before it gives up (seconds).
LOCK_WAIT_SECONDS = 5.0
# A group's mail can be given to another group, and a mailbox's to another account; after this they are looked up again.
IDS_LAST = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """The opened database as the ports that the stages know."""

    database: Database
    books: Books
    answers: AnswerLog
    seats: SeatBook
    outbox: Outbox
    notes: NoteBook
    postage: PostageBook
    bounces: BounceBook
    links: LinkBook
    comments: CommentBook
    job_runs: JobRunBook
    notifications: NotificationBook
    approvals: ApprovalBook
    actions: ActionBook
    noted: NotedBook
    probes: ProbeBook
    mailboxes: MailboxMemory


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """Microsoft 365 as the ports that the stages know."""

    calendar: Calendar
    directory: Directory
    mailbox: Mailbox
    returned: ReturnedMail | None
    replies: ReplyMail | None
    feed: Feed
    channels: ChannelPosts
    subscriptions: Subscriptions
    schedules: Schedules
    accounts: Accounts
    clock_apart: Callable[[], timedelta | None]
    """How far Graph's clock is ahead of this machine's, None where it has not answered yet."""
    acting_for: Callable[[CoursePlan], Tenant]
    """The tenant as another plan needs it: the same, but where that names another mailbox or time zone."""


def clock_of(settings: Settings) -> Clock:
    """The machine's clock, or the fixed one of `--now`."""
    return SystemClock() if settings.now is None else FixedClock(settings.now)


def graph_findings(settings: Settings, stores: Stores) -> GraphFindings:
    """What to go by of Microsoft Graph: the settings, else what was found in this tenant, else what is taken for granted."""
    return findings_of(stores.probes.load_readings(), attendees_patch_mails=settings.graph.attendees_patch_mails)


def graph_settings(settings: Settings, stores: Stores | None) -> GraphSettings:
    """How to talk to Graph: as set, and whose the requests at once are by what was found where nobody set it."""
    if settings.graph.gate is not None or stores is None:
        return settings.graph
    of_app = graph_findings(settings, stores).requests_are_the_apps
    return settings.graph.model_copy(update={"gate": GateOf.APP if of_app else GateOf.MAILBOX})


def teams_reach(settings: Settings) -> TeamsReach:
    """What of Teams is set up."""
    return TeamsReach(feed=settings.teams.app_id is not None, posts=frozenset(settings.teams.channels))


async def load_plan(settings: Settings, client: GraphClient | None = None, *, aside: Aside | None = None) -> CoursePlan:
    """As `load_whole_plan`, as it is decided: what depends on a decision is settled (`bot.domain.decided`), for all that sends or lists."""
    return as_decided(await load_whole_plan(settings, client, aside=aside))


async def load_whole_plan(settings: Settings, client: GraphClient | None = None, *, aside: Aside | None = None) -> CoursePlan:
    """The plan that the settings name, from a file or a sharing link, with HR's own words where they have any: all that it says.

    A link is fetched with `client` where there is one already; files are read here, or by `aside`, which waits no longer than it may.

    Raises InputError when none is named or it cannot be read, or when one of HR's templates cannot be used; PlanInvalid with every
    problem; TimeoutError of `aside`.
    """
    parsed = await parse_source(settings, settings.plan, client, aside=aside)
    if parsed.plan is None:
        raise PlanInvalid(parsed.problems)
    if settings.templates is None:
        return parsed.plan
    from bot.messages.environment import read_words
    from bot.messages.own_words import check_words

    plan = replace(parsed.plan, own_words=settings.templates)
    check_words(plan, await _read(aside, read_words, settings.templates))
    return plan


async def parse_source(
    settings: Settings, source: str | None, client: GraphClient | None = None, *, aside: Aside | None = None
) -> ParsedPlan:
    """Read and parse a path or a sharing link; problems are in the result. `client`, `aside`: as in `load_whole_plan`."""
    from bot.plan import parse_plan, read_plan_file

    if not source:
        from config.plan_settings import plan_names

        names = plan_names(settings)
        raise InputError("plan_missing_among", names=", ".join(names)) if names else InputError("plan_missing")
    if urlsplit(source).scheme in {"http", "https"}:
        from bot.graph.client import GraphClient
        from bot.graph.drive import fetch_shared_file

        async with nullcontext(client) if client is not None else GraphClient(settings.graph) as opened:
            data = await fetch_shared_file(opened, source)
    else:
        data = await _read(aside, read_plan_file, source)
    return parse_plan(data, name=source, now=clock_of(settings).now(), courses_a_week=settings.courses_a_week)


async def _read(aside: Aside | None, read: Callable[[str], Content], path: str) -> Content:
    return read(path) if aside is None else await aside.do(read, path)


@contextmanager
def open_stores_to_read(settings: Settings) -> Iterator[Stores]:
    """As `open_stores`, but where there is no database yet, an empty one that goes away again: a preview makes no files."""
    from bot.store.database import is_missing

    if not is_missing(settings.database_url.get_secret_value()):
        with open_stores(settings) as stores:
            yield stores
        return
    with TemporaryDirectory() as folder, _open_stores(f"sqlite:///{folder}/empty.db") as stores:
        yield stores


@contextmanager
def open_copy(stores: Stores, plans: tuple[str, ...]) -> Iterator[Stores]:
    """The books of these plans in a database of their own, readable by its owner only, that goes away again."""
    from bot.store.renames import copy_books

    with TemporaryDirectory() as folder, _open_stores(f"sqlite:///{folder}/copy.db") as copy:
        copy_books(stores.database, copy.database, plans)
        # What is known of the tenant is no plan's.
        yield replace(copy, probes=stores.probes)


@contextmanager
def open_stores(settings: Settings) -> Iterator[Stores]:
    """Open the database (and on SQLite migrate it); raises DatabaseFailed."""
    with _open_stores(settings.database_url.get_secret_value()) as stores:
        yield stores


@contextmanager
def _open_stores(url: str) -> Iterator[Stores]:
    from bot.store.actions import SqlActionBook
    from bot.store.answers import SqlAnswerLog
    from bot.store.approvals import SqlApprovalBook
    from bot.store.audiences import SqlAudienceBook
    from bot.store.bounces import SqlBounceBook
    from bot.store.comments import SqlCommentBook
    from bot.store.database import open_database
    from bot.store.groups import SqlGroupMemory
    from bot.store.job_runs import SqlJobRunBook
    from bot.store.ledger import SqlLedger
    from bot.store.links import SqlLinkBook
    from bot.store.mailboxes import SqlMailboxMemory
    from bot.store.noted import SqlNotedBook
    from bot.store.notes import SqlNoteBook
    from bot.store.notifications import SqlNotificationBook
    from bot.store.outbox import SqlOutbox
    from bot.store.people import SqlPeopleBook
    from bot.store.postage import SqlPostageBook
    from bot.store.probes import SqlProbeBook
    from bot.store.seats import SqlSeatBook

    with open_database(url) as database:
        books = Books(
            ledger=SqlLedger(database),
            groups=SqlGroupMemory(database),
            people=SqlPeopleBook(database),
            audiences=SqlAudienceBook(database),
            bounces=SqlBounceBook(database),
        )
        yield Stores(
            database=database,
            books=books,
            answers=SqlAnswerLog(database),
            seats=SqlSeatBook(database),
            outbox=SqlOutbox(database),
            notes=SqlNoteBook(database),
            postage=SqlPostageBook(database),
            bounces=SqlBounceBook(database),
            links=SqlLinkBook(database),
            comments=SqlCommentBook(database),
            job_runs=SqlJobRunBook(database),
            notifications=SqlNotificationBook(database),
            approvals=SqlApprovalBook(database),
            actions=SqlActionBook(database),
            noted=SqlNotedBook(database),
            probes=SqlProbeBook(database),
            mailboxes=SqlMailboxMemory(database),
        )


def allowance_of(settings: Settings, plan: CoursePlan, stores: Stores) -> Allowance:
    """What may be sent from the plan's mailbox, whatever plan or process sends it.

    A minute of a fixed clock never ends, so no pace is kept by it, unless one is asked for by name.
    """
    limits = settings.mailbox
    paced = settings.now is None or "messages_per_minute" in limits.model_fields_set
    budget = Budget(
        messages_per_minute=limits.messages_per_minute if paced else None,
        recipients_per_day=limits.recipients_per_day,
        reserved_share=limits.reserved_share,
    )
    return Allowance(mailbox=plan.organiser.lower(), book=stores.postage, clock=clock_of(settings), budget=budget)


def postman_for(
    settings: Settings,
    plan: CoursePlan,
    stores: Stores,
    tenant: Tenant,
    *,
    people: PeopleIndex,
    now: datetime,
    still_mine: Callable[[], None],
) -> Postman:
    """Who delivers the plan's messages; `now` UTC, `still_mine` raises RunLocked when the run lock is lost."""
    return Postman(
        plan=plan,
        people=people,
        mailbox=tenant.mailbox,
        outbox=stores.outbox,
        allowance=allowance_of(settings, plan, stores),
        now=now,
        link_for=link_maker(settings, plan, stores, people=people, now=now),
        still_mine=still_mine,
        one_for_all=settings.mailbox.one_for_all,
    )


def link_maker(
    settings: Settings, plan: CoursePlan, stores: Stores, *, people: PeopleIndex, now: datetime
) -> Callable[[str, str], str | None]:
    """From address and course id to the link of the person's page, None where no web address is set.

    Until when it opens the page is decided when it is opened (`bot.domain.links`).
    """
    from bot.links import person_link

    base_url, secret = settings.web.base_url, settings.web.secret_key
    if base_url is None or secret is None:
        return lambda _email, _course: None
    generations = stores.links.load_generations(plan.id)

    def link_for(email: str, course: str) -> str | None:
        if "@" not in email:
            return None
        person = people.find(email)
        grant = Grant(
            purpose=Purpose.PERSON,
            plan=plan.id,
            person=owner_of(person, email),
            course=course,
            made_at=now,
            generation=generation_of(person, email, generations),
        )
        return person_link(secret.get_secret_value(), base_url, grant)

    return link_for


def tenant_of(client: GraphClient, settings: Settings, plan: CoursePlan, stores: Stores | None = None) -> Tenant:
    """The plan's organiser mailbox and directory by an open Graph client; no request is made yet.

    `stores` saves looking groups and mailboxes up that were found lately.
    """
    from bot.graph.bounces import GraphReturnedMail
    from bot.graph.calendar import GraphCalendar
    from bot.graph.directory import GraphDirectory
    from bot.graph.feed import GraphFeed
    from bot.graph.mail import GraphMailbox
    from bot.graph.replies import GraphReplies
    from bot.graph.schedules import GraphSchedules
    from bot.graph.subscriptions import GraphSubscriptions
    from bot.graph.webhook import PATIENCE_SECONDS, WebhookChannels

    lately = clock_of(settings).now() - IDS_LAST
    known = stores.books.groups.load_ids(plan.id, since=lately) if stores else {}
    client.mailboxes.learn(stores.mailboxes.load_ids(plan.id, since=lately) if stores else {})

    def acting_for(other: CoursePlan) -> Tenant:
        same = (other.organiser, other.timezone) == (plan.organiser, plan.timezone)
        return made if same else tenant_of(client, settings, other, stores)

    made = Tenant(
        calendar=GraphCalendar(client, organiser=plan.organiser, zone=plan.timezone),
        directory=GraphDirectory(client, known_ids=known),
        mailbox=GraphMailbox(client, organiser=plan.organiser, keeps_drafts=settings.mailbox.keeps_drafts),
        returned=GraphReturnedMail(client, organiser=plan.organiser) if settings.mailbox.keeps_drafts else None,
        replies=GraphReplies(client, organiser=plan.organiser) if settings.mailbox.keeps_drafts else None,
        feed=GraphFeed(client),
        subscriptions=GraphSubscriptions(client, organiser=plan.organiser),
        schedules=GraphSchedules(client, organiser=plan.organiser, zone=plan.timezone),
        channels=WebhookChannels(
            settings.teams.channels,
            timeout_seconds=settings.graph.timeout_seconds,
            budget_seconds=min(settings.graph.retry_budget_seconds, PATIENCE_SECONDS),
        ),
        accounts=client.mailboxes,
        clock_apart=lambda: client.clock_apart,
        acting_for=acting_for,
    )
    return made


@asynccontextmanager
async def open_tenant(settings: Settings, plan: CoursePlan, stores: Stores | None = None) -> AsyncIterator[Tenant]:
    """A Graph client of its own for the plan's organiser mailbox; as `tenant_of` otherwise."""
    from bot.graph.client import GraphClient

    async with GraphClient(graph_settings(settings, stores)) as client:
        yield tenant_of(client, settings, plan, stores)
