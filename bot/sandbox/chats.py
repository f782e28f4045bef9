"""Teams' chats and channels as our bot and people see them: where the bot is, and what stands there.

State only. What the Bot Connector checks stands in `connector.py`, what a person's client does in
`teams_client.py`. A personal chat is there for everybody in the directory, and the bot is in it while the app
is installed for them (`teams.installed`); it has an id that the bot is told (`a:…`), and another in Graph.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from bot.sandbox.directory import Directory
from bot.sandbox.signing import plain
from bot.sandbox.teams import Teams
from bot.sandbox.wire import JsonObject

APP_ID = "0b07c0de-0000-4000-8000-000000000001"
APP_SECRET = "sandbox-bot-secret"  # noqa: S105 - what a sandbox accepts by default is no secret
TENANT_ID = "11111111-1111-4111-8111-111111111111"
CATALOGUE_ID = "0ca7a109-0000-4000-8000-000000000001"
MANIFEST_ID = "0b07ada0-0000-4000-8000-000000000001"
BOT = "28:"


@dataclass(slots=True, kw_only=True)
class BotRegistration:
    """The one bot of the tenant: its app registration, and where Teams brings what people write.

    `endpoint` "": nowhere, and people's clients say that the bot does not answer. The app has one id in the
    catalogue and another in its manifest; `distribution` is Graph's `distributionMethod`.
    """

    app_id: str = APP_ID
    secret: str = APP_SECRET
    tenant_id: str = TENANT_ID
    name: str = "Kurser"
    endpoint: str = ""
    catalogue_id: str = CATALOGUE_ID
    manifest_id: str = MANIFEST_ID
    distribution: str = "organization"

    def change(self, values: dict[str, Any]) -> None:
        """Set some of it. Raises ValueError for what it has not."""
        for name, value in values.items():
            if name not in self.__slots__ or not isinstance(value, str):
                raise ValueError(f"a bot has no text {name!r}")
            setattr(self, name, value)


@dataclass(slots=True, kw_only=True)
class Shown:
    """One message that stands in a conversation.

    `sender` is a directory id or `bot`; `views` is what a person's client has put in the card's place since a
    press, by directory id; `odd` what clients may not draw as meant; `edited` how often the bot changed it.
    """

    id: str
    sender: str
    time: datetime
    text: str = ""
    card: JsonObject | None = None
    summary: str = ""
    reply_to: str = ""
    edited: int = 0
    odd: list[str] = field(default_factory=list)
    views: dict[str, JsonObject] = field(default_factory=dict)

    def seen_by(self, user_id: str) -> JsonObject | None:
        """The card as this person has it on the screen."""
        return self.views.get(user_id, self.card)


@dataclass(slots=True, kw_only=True)
class Conversation:
    """A person's chat with the bot (`user_id`), or a channel (`team`, `name`)."""

    id: str
    user_id: str = ""
    team: str = ""
    name: str = ""
    shown: dict[str, Shown] = field(default_factory=dict)

    @property
    def is_personal(self) -> bool:
        """Whether it is one person's."""
        return bool(self.user_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """One activity that was brought to the bot, and what came back. `status` 0: no answer in time."""

    time: datetime
    who: str
    kind: str
    activity: JsonObject
    status: int
    seconds: float
    body: Any
    spoiled: str = ""

    def as_json(self) -> JsonObject:
        """Return it for the control plane."""
        return {**asdict(self), "time": self.time.isoformat()}


class Chats:
    """The bot, its conversations, and every activity that was brought to it."""

    def __init__(self, directory: Directory, teams: Teams) -> None:
        """A bot that nobody listens to yet."""
        self.directory = directory
        self.teams = teams
        self.bot = BotRegistration()
        self.conversations: dict[str, Conversation] = {}
        self.calls: list[Called] = []
        self.teams_with_bot: set[str] = set()
        self.blocked: set[str] = set()
        self._last_id = 0

    def has_bot(self, conversation: Conversation) -> bool:
        """Whether our bot is in it: the app is installed for the person, or in the channel's team."""
        if conversation.is_personal:
            return (
                conversation.user_id in self.teams.installed and conversation.user_id in self.directory.users
            )
        return conversation.team in self.teams_with_bot

    def personal(self, user_id: str) -> Conversation:
        """The chat of this person with the bot, the same one each time."""
        found = f"a:1{_opaque('chat', self.bot.app_id, user_id)}"
        return self.conversations.setdefault(found, Conversation(id=found, user_id=user_id))

    def channel(self, team: str, name: str) -> Conversation:
        """A channel of a team; `name` "" is the one that every team has, whose id is the team's too."""
        found = f"19:{_opaque('channel', team, name)}@thread.tacv2"
        return self.conversations.setdefault(found, Conversation(id=found, team=team, name=name))

    def find(self, name: str) -> Conversation | None:
        """The conversation of an id, the bot's or Graph's; a thread in a channel is found by its channel."""
        name = name.split(";", maxsplit=1)[0]
        user_id, _, bot = name.removeprefix("19:").partition("_")
        if bot == f"{self.bot.app_id}@unq.gbl.spaces":
            return self.personal(user_id)
        return self.conversations.get(name)

    def graph_id(self, user_id: str) -> str:
        """What Graph calls the chat of this person with the bot."""
        return f"19:{user_id}_{self.bot.app_id}@unq.gbl.spaces"

    def person_id(self, user_id: str) -> str:
        """What the bot is told somebody's id is."""
        return f"29:1{_opaque('person', self.bot.app_id, user_id)}"

    def new_id(self, now: datetime) -> str:
        """An id of a message: milliseconds since 1970, each later than the one before."""
        self._last_id = max(self._last_id + 1, int(now.timestamp() * 1000))
        return str(self._last_id)

    def cards(self) -> int:
        """How many cards of the bot stand somewhere."""
        return sum(
            shown.card is not None and shown.sender == "bot"
            for one in self.conversations.values()
            for shown in one.shown.values()
        )

    def clear(self) -> None:
        """Forget what was said and brought, but not where the bot is."""
        for one in self.conversations.values():
            one.shown.clear()
        self.calls.clear()


def _opaque(*parts: str) -> str:
    return plain(sha256("\n".join(parts).encode()).digest())
