"""Reaching Microsoft 365: settings become a Graph client, as the ports that rounds and steps know.

The only place that knows which adapter stands behind which port. The Graph library is imported when a client
is opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.graph_findings import findings_of
from bot.opening.clock import clock_of
from bot.opening.when_asked import imported_when_asked
from config.graph_settings import GateOf

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.domain.graph_findings import GraphFindings
    from bot.domain.plan import CoursePlan
    from bot.graph.client import GraphClient
    from bot.opening.stores import Stores
    from bot.ports.comments import ReplyMail
    from bot.ports.conversations import Chat
    from bot.ports.directory import Accounts, Directory
    from bot.ports.outlook import Calendar, Mailbox, ReturnedMail
    from bot.ports.revisions import SharedFiles
    from bot.ports.schedules import Schedules
    from bot.ports.service import Subscriptions
    from bot.ports.sign_ups import Managers
    from bot.ports.teams import ChannelPosts, Feed, Installs, MeetingReports
    from config.graph_settings import GraphSettings
    from config.settings import Settings


# A group's mail can be given to another group, and a mailbox's to another account; after this they are looked
# up again.
IDS_LAST = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Microsoft365:
    """Microsoft 365 as the ports that the stages know."""

    calendar: Calendar
    directory: Directory
    managers: Managers
    mailbox: Mailbox
    returned: ReturnedMail | None
    replies: ReplyMail | None
    feed: Feed
    channels: ChannelPosts
    chat: Chat | None
    installs: Installs | None
    meetings: MeetingReports
    subscriptions: Subscriptions
    schedules: Schedules
    accounts: Accounts
    files: SharedFiles
    clock_apart: Callable[[], timedelta | None]
    """How far Graph's clock is ahead of this machine's, None where it has not answered yet."""
    acting_for: Callable[[CoursePlan], Microsoft365]
    """The tenant as another plan needs it: the same, but where that names another mailbox or time zone."""


def graph_findings(settings: Settings, stores: Stores) -> GraphFindings:
    """What to go by of Microsoft Graph.

    The settings, else what was found in this tenant, else what is taken for granted.
    """
    return findings_of(
        stores.probes.load_readings(), attendees_patch_mails=settings.graph.attendees_patch_mails
    )


def graph_settings(settings: Settings, findings: GraphFindings) -> GraphSettings:
    """How to talk to Graph.

    As set, and whose the requests at once are by what was found where nobody set it.
    """
    if settings.graph.gate is not None:
        return settings.graph
    of_app = findings.requests_are_the_apps
    return settings.graph.model_copy(update={"gate": GateOf.APP if of_app else GateOf.MAILBOX})


def chat_of(settings: Settings) -> Chat | None:
    """The bot as it speaks, None where there is none; no request is made yet."""
    if not settings.bot.is_set:
        return None
    from bot.connector.chat import ConnectorChat

    return ConnectorChat(settings.bot, timeout_seconds=settings.graph.timeout_seconds)


def installs_of(client: GraphClient, settings: Settings) -> Installs | None:
    """Our app for other people, None where nobody asked for that; no request is made yet."""
    if not settings.bot.install or settings.bot.catalogue_id is None:
        return None
    from bot.graph.app_installs import GraphInstalls

    return GraphInstalls(client, catalogue_id=settings.bot.catalogue_id)


def tenant_of(
    client: GraphClient, settings: Settings, plan: CoursePlan, stores: Stores | None = None
) -> Microsoft365:
    """The plan's organiser mailbox and directory by an open Graph client; no request is made yet.

    `stores` saves looking groups and mailboxes up that were found lately.
    """
    from bot.graph.calendar import GraphCalendar
    from bot.graph.directory import GraphDirectory

    later = imported_when_asked
    lately = clock_of(settings).now() - IDS_LAST
    known = stores.books.groups.load_ids(plan.id, since=lately) if stores else {}
    client.mailboxes.learn(stores.mailboxes.load_ids(plan.id, since=lately) if stores else {})

    def acting_for(other: CoursePlan) -> Microsoft365:
        same = (other.organiser, other.timezone) == (plan.organiser, plan.timezone)
        return made if same else tenant_of(client, settings, other, stores)

    chat, drafts = chat_of(settings), settings.mailbox.keeps_drafts
    webhooks = later(
        "bot.graph.webhook:WebhookChannels",
        settings.teams.channels,
        timeout_seconds=settings.graph.timeout_seconds,
        budget_seconds=settings.graph.retry_budget_seconds,
    )
    by_bot = "bot.connector.channel_posts:BotChannels"
    of_organiser = {"organiser": plan.organiser}
    made = Microsoft365(
        calendar=GraphCalendar(client, organiser=plan.organiser, zone=plan.timezone),
        directory=GraphDirectory(client, known_ids=known),
        managers=later("bot.graph.nearest_managers:GraphManagers", client),
        mailbox=later("bot.graph.mail:GraphMailbox", client, keeps_drafts=drafts, **of_organiser),
        returned=later("bot.graph.bounces:GraphReturnedMail", client, **of_organiser) if drafts else None,
        replies=later("bot.graph.replies:GraphReplies", client, **of_organiser) if drafts else None,
        feed=later("bot.graph.feed:GraphFeed", client),
        subscriptions=later("bot.graph.subscriptions:GraphSubscriptions", client, **of_organiser),
        schedules=later("bot.graph.schedules:GraphSchedules", client, zone=plan.timezone, **of_organiser),
        channels=later(by_bot, chat, stores.conversations, webhooks) if chat and stores else webhooks,
        chat=chat,
        installs=installs_of(client, settings),
        meetings=later("bot.graph.meetings:GraphMeetingReports", client),
        accounts=client.mailboxes,
        files=later("bot.graph.drive:GraphFiles", client),
        clock_apart=lambda: client.clock_apart,
        acting_for=acting_for,
    )
    return made
