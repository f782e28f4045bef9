"""The bot in Teams, put together for the process that has the pages; imported only where there is a bot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.clock import SystemClock
from bot.connector.chat import ConnectorChat
from bot.desks.teams.chat import BookChatDesk
from bot.store.own_rows import load_address_of
from bot.teams.answering import Bot
from bot.teams.proof import TokenCheck
from bot.teams.routes import bot_part

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.desks.person.page import BookDesk
    from bot.opening.stores import Stores
    from bot.web.parts import WebPart
    from config.settings import Settings


def bot_of(
    settings: Settings,
    stores: Stores,
    desks: Mapping[str, BookDesk],
    *,
    on_decided: Callable[[str], None],
) -> WebPart:
    """What Teams calls; `on_decided` is told the plan in which something was decided."""
    chat = ConnectorChat(settings.bot)
    bot = Bot(
        app_id=settings.bot.app_id or "",
        desk=BookChatDesk(desks, on_decided=on_decided),
        book=stores.conversations,
        chat=chat,
        directory=chat,
        address_of=lambda subject: load_address_of(stores.database, subject) or "",
        # What came lately is known again by the machine's clock, also where `--now` stands still.
        now=SystemClock().now,
    )
    return bot_part(settings.bot, bot, TokenCheck(settings.bot))
