"""What goes to Teams, as data: a line in a person's activity feed, and whom and what Teams reaches.

Does not say how they read (`bot.messages.card`), nor how they travel (`bot.graph.feed`, `bot.graph.webhook`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

from bot.domain.conversations import channel_key

MOST_RECIPIENTS = 100
"""How many people one request may notify."""
LONGEST_PREVIEW = 150
"""What Teams shows of the text under the headline."""
PARAMETER = "subject"
"""The one parameter of each activity type's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """A line in the activity feed.

    Who gets an equal one gets the same words, so that one request can bring it to many.

    `subject` fills the headline, `preview` stands under it (at most 150 characters), `topic` names what it is
    about, `web_url` is the Teams link that a click opens. `chain_id` (positive, 52 bits) is the same whenever
    it is repeated: then Teams puts the new one in the place of the old one.
    """

    activity_type: str
    topic: str
    web_url: str
    subject: str
    preview: str
    chain_id: int


class PostOutcome(StrEnum):
    """What became of a post in a channel.

    `TAKEN` in, which nobody confirms; `LATER`: not posted, and worth another try.
    """

    TAKEN = "taken"
    LATER = "later"
    REFUSED = "refused"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppPackage:
    """A package of our app (its id in the manifest): what is in it, by a digest, and its version."""

    app: str
    digest: str
    version: str


def package_version(last: AppPackage | None, digest: str, *, today: date) -> str:
    """The version of a package: that of the `last` one where nothing has changed, else a higher one.

    It is `1.YYYYMMDD.N`. Teams takes an app that it has already only with a higher version, so the day stands
    in it: where nobody remembers the last one, today's is higher all the same.
    """
    if last is not None and last.digest == digest:
        return last.version
    first = (1, int(f"{today:%Y%m%d}"), 0)
    if last is None:
        return ".".join(map(str, first))
    major, minor, patch = map(int, last.version.split("."))
    return ".".join(map(str, max(first, (major, minor, patch + 1))))


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledApp:
    """Our app as somebody has it: its id in the catalogue, and whether that is the organisation's own."""

    catalogue_id: str
    is_of_organisation: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsReach:
    """What is set up: whether the activity feed is on, and the names of the channels that have a webhook.

    `chats` are the directory ids and the addresses of those who have a chat with the bot, None where there is
    no bot: whom a plan lists by address may have no id. `channels` are the keys of the channels that it is in
    (`bot.domain.conversations.channel_key`).
    """

    feed: bool = False
    chats: frozenset[str] | None = None
    posts: frozenset[str] = field(default_factory=frozenset)
    channels: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_on(self) -> bool:
        """Whether anybody can be told by Teams."""
        return self.feed or self.chats is not None

    def takes_posts(self, channel: str | None) -> bool:
        """Whether something can be posted in the channel of this name."""
        return channel is not None and (channel in self.posts or channel_key(channel) in self.channels)

    def reaches(self, directory_id: str | None, addresses: frozenset[str] = frozenset()) -> bool:
        """Whether this person can be told by Teams, as far as anybody knows."""
        chats = self.chats or frozenset()
        return bool(directory_id and (self.feed or directory_id in chats)) or bool(addresses & chats)


NO_TEAMS = TeamsReach()
