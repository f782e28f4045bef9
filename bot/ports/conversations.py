"""What the house needs of whoever keeps where the bot is in Teams, and of whoever brings cards there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.domain.app_installs import AppInstall
    from bot.domain.conversations import Conversation, StandingCard


class ConversationBook(Protocol):
    """Where the bot is, and which of its cards stand there. Every method raises DatabaseFailed."""

    def save(self, conversation: Conversation) -> None:
        """Insert or replace; `added_at` of one that is there already stays."""

    def forget(self, conversation: str) -> None:
        """The bot was taken out of it; the cards that stand there are forgotten as well.

        Whose chat it was took the app away, which is kept (`AppInstallBook`).
        """

    def load(self, conversation: str) -> Conversation | None:
        """The one with this id, None where the bot is not in it (any more)."""

    def load_personal(self, subjects: Collection[str] | None = None) -> dict[str, Conversation]:
        """By directory id the chats of these people, of everybody without `subjects`."""

    def load_channels(self) -> tuple[Conversation, ...]:
        """The channels that the bot is in, by name."""

    def is_new(self, conversation: str, activity: str, *, at: datetime) -> bool:
        """Write down that this activity came; False where it had come before."""

    def load_cards(self, plan: str) -> tuple[StandingCard, ...]:
        """The cards of the plan's courses that stand somewhere, by course and conversation."""

    def save_card(self, card: StandingCard) -> None:
        """Insert or replace."""

    def forget_card(self, card: StandingCard) -> None:
        """It stands there no more."""

    def let_go(self, *, activities_before: datetime, seen_before: datetime) -> int:
        """Delete activities that came, and people's chats last seen, before these instants (UTC).

        A channel is nobody's, and stays until the bot is taken out of it. How many chats there were.
        """


class AppInstallBook(Protocol):
    """For whom the app was installed, and who took it away. Every method raises DatabaseFailed."""

    def load(self, subjects: Collection[str]) -> dict[str, AppInstall]:
        """What is known of these people, by directory id."""

    def note(self, install: AppInstall) -> None:
        """Insert or replace; that somebody took it away stays."""

    def let_go(self, *, before: datetime) -> None:
        """Delete what was written before this instant (UTC) of people whom no plan knows any more."""


class Chat(Protocol):
    """Bringing cards to conversations. There is no key: what was sent twice is there twice."""

    async def send(self, conversation: Conversation, card: dict[str, Any], *, summary: str) -> str:
        """Post an Adaptive Card; the id of the activity.

        `summary` is what a notification shows of it. Raises GraphGone where the bot is not in the
        conversation (any more), GraphRefused for what Teams does not take, GraphUnclear where nobody can say
        whether it is there, GraphError for everything else: nothing was posted.
        """

    async def update(self, conversation: Conversation, activity: str, card: dict[str, Any]) -> None:
        """Put a card in the place of one that stands there. Raises as `send`; GraphGone: it is not there."""

    async def open(self, subject: str) -> Conversation:
        """The chat of somebody (directory id) for whom the app is installed; the same one each time.

        Raises GraphGone where it is not installed for them, GraphError for everything else.
        """


class ChatDirectory(Protocol):
    """Whom Teams knows in a conversation."""

    async def address_of(self, conversation: Conversation, subject: str) -> str:
        """The mail address of somebody in the conversation (directory id), "" where they have none there.

        Raises GraphError.
        """

    async def channels_of(self, conversation: Conversation, team: str) -> dict[str, str]:
        """The channels of a team (Teams' own id) that the conversation is in: names by id, "" for the first.

        Raises GraphError.
        """
