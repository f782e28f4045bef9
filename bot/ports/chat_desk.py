"""What the bot needs from plans and books to answer somebody; `bot.desks.teams.chat` implements it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.domain.chat_views import ChatAnswer
    from bot.domain.conversations import Press
    from bot.domain.people import Language
    from bot.domain.sign_in import Visitor


class ChatDesk(Protocol):
    """Every plan of the installation, as somebody in Teams meets it.

    Synchronous: books only, no request. The visitor is who Teams says wrote or pressed (directory id, checked
    tenant); nothing in a press is taken for who it is from. Raises DatabaseFailed.
    """

    def written(self, visitor: Visitor, line: str, language: Language) -> ChatAnswer:
        """The answer to a line that somebody wrote; `language` of their client, for who is not known."""

    def pressed(self, visitor: Visitor, press: Press, language: Language, *, again: bool) -> ChatAnswer:
        """Do what was pressed, and answer how things are then.

        `again`: this very press came before. Then nothing is done, and the answer is how things are.
        """

    def found(self, visitor: Visitor, words: str, language: Language) -> tuple[ChatAnswer, ...]:
        """The courses of which a card can be shared: those that the visitor may see, nearest first."""
