"""The simulated tenant: one object that holds the directory, calendars, mails, files and their rules.

The composition of the parts; it does no HTTP (`http.py`) and no people's behaviour (`behaviour.py`).
State changes are synchronous: use it from the thread that serves it, or through the control plane.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from bot.sandbox.answers import People
from bot.sandbox.bot_caller import BotCaller
from bot.sandbox.calendars import Calendars
from bot.sandbox.chats import Chats
from bot.sandbox.clock import Clock
from bot.sandbox.delta_tokens import DeltaTokens
from bot.sandbox.directory import Directory, User
from bot.sandbox.faults import Faults
from bot.sandbox.files import Files
from bot.sandbox.free_busy import FreeBusy
from bot.sandbox.inboxes import Inboxes
from bot.sandbox.journal import Journal
from bot.sandbox.mail_log import MailLog
from bot.sandbox.meetings import Meetings
from bot.sandbox.messages import Messages
from bot.sandbox.notifier import Notifier
from bot.sandbox.responses import put_response
from bot.sandbox.settings import Settings
from bot.sandbox.subscriptions import Subscriptions
from bot.sandbox.teams import Teams
from bot.sandbox.teams_client import TeamsClient
from bot.sandbox.traffic import Traffic
from bot.sandbox.wire import JsonObject, RefusedError


class Tenant:
    """A Microsoft 365 tenant in memory."""

    def __init__(
        self,
        domain: str = "norddjurs.example",
        *,
        now: datetime | None = None,
        settings: Settings | None = None,
    ) -> None:
        """Start empty. `now` (aware) makes time stand still there; None follows real time."""
        self.settings = settings or Settings()
        self.clock = Clock(now)
        self.directory = Directory(domain)
        self.directory.names_differ = self.settings.names_differ
        self.mail_log = MailLog()
        self.calendars = Calendars(self.settings, self.clock, self.directory, self.mail_log)
        self.people = People(self.calendars)
        self.messages = Messages(self.calendars)
        self.inboxes = Inboxes(self.messages)
        self.people.on_response = partial(put_response, self.messages)
        self.notifier = Notifier(self.settings)
        self.subscriptions = Subscriptions(self.settings, self.clock, self.directory, self.notifier)
        self.calendars.on_change = self.subscriptions.event_changed
        self.messages.on_arrival = self.subscriptions.message_came
        self.files = Files(self.clock)
        self.files.on_change = self.subscriptions.drive_changed
        self.teams = Teams()
        self.chats = Chats(self.directory, self.teams)
        self.caller = BotCaller(self.settings, self.clock, self.chats)
        self.clients = TeamsClient(self.settings, self.clock, self.chats, self.caller)
        self.meetings = Meetings()
        self.free_busy = FreeBusy()
        self.delta_tokens = DeltaTokens()
        self.faults = Faults()
        self.journal = Journal()
        self.traffic = Traffic(self.settings)

    def mailbox(self, who: str) -> User:
        """Return the user whose mailbox a path names, by id or UPN.

        Raises RefusedError 404 for nobody or no mailbox, 403 outside the app's scope.
        """
        user = self.directory.find_principal(who)
        if user is None:
            raise RefusedError(404, "ErrorInvalidUser", f"The requested user '{who}' is invalid.")
        if not user.has_mailbox:
            raise RefusedError(
                404,
                "MailboxNotEnabledForRESTAPI",
                "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
            )
        scope = self.settings.mailbox_scope
        if scope is not None and not {a.lower() for a in scope} & set(user.addresses):
            raise RefusedError(403, "ErrorAccessDenied", "Access to OData is disabled.")
        return user

    def summary(self) -> JsonObject:
        """Return the numbers of the tenant for the control plane."""
        live = [e for e in self.calendars.events.values() if e.in_calendar]
        senders = {e.mailbox_id for e in self.calendars.events.values()}
        senders |= {m.mailbox_id for m in self.messages.messages.values()}
        return {
            "now": self.clock.now().isoformat(),
            "simulated": self.clock.is_simulated,
            "pending_actions": self.clock.pending,
            "users": len(self.directory.users),
            "groups": len(self.directory.groups),
            "events": len(live),
            "cancelled": sum(e.is_cancelled for e in self.calendars.events.values()),
            "messages": len(self.messages.messages),
            "feed_lines": len(self.teams.all_items()),
            "posts": len(self.teams.posts),
            "cards": self.chats.cards(),
            "mails": self.mail_log.counts(),
            "mails_to_people": len(self.mail_log.to_people()),
            "requests": self.journal.counts(),
            "most_in_flight": {self._address(k): v for k, v in self.traffic.most_in_flight.items()},
            "throttled": self.traffic.throttled,
            "limits": {
                self._address(m): self.calendars.transport.sent_by(m)
                for m in sorted(senders, key=self._address)
            },
        }

    def _address(self, mailbox_id: str) -> str:
        user = self.directory.users.get(mailbox_id)
        return (user.mail or user.upn) if user else mailbox_id
