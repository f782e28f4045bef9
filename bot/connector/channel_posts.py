"""Posts in Teams channels by the bot where it is a member, else by the channel's webhook.

`bot.ports.teams.ChannelPosts` for who has a bot, each post at most once.

    the bot says                  then
    it is there                   taken in
    it is not in the channel      forgotten there; the webhook
    it cannot sign in             the webhook; where there is none, later
    refused for what it is        refused
    unclear                       unclear: it may have been posted, and is never repeated
    not now                       later
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bot.domain.conversations import channel_key, channels_by_name
from bot.domain.errors import GraphError, GraphGone, GraphRefused, GraphUnclear, SignInFailed
from bot.domain.teams import PostOutcome
from bot.log_lines import get_logger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.ports.conversations import Chat, ConversationBook
    from bot.ports.teams import ChannelPosts

log = get_logger("bot.connector")

OUTCOMES = ((GraphUnclear, PostOutcome.UNCLEAR), (GraphRefused, PostOutcome.REFUSED))


class BotChannels:
    """The channels that the bot is in, before those that have a webhook."""

    def __init__(self, chat: Chat, conversations: ConversationBook, webhooks: ChannelPosts) -> None:
        self._chat, self._conversations, self._webhooks = chat, conversations, webhooks

    async def post(self, channel: str, card: Mapping[str, Any]) -> PostOutcome:
        """Post an Adaptive Card in the channel of this name.

        KeyError where neither the bot nor a webhook is there; raises DatabaseFailed.
        """
        found = channels_by_name(self._conversations.load_channels()).get(channel_key(channel))
        if found is None:
            return await self._webhooks.post(channel, card)
        try:
            await self._chat.send(found, dict(card), summary="")
        except GraphGone:
            self._conversations.forget(found.id)
            return await self._webhooks.post(channel, card)
        except SignInFailed:
            with suppress(KeyError):
                return await self._webhooks.post(channel, card)
            return PostOutcome.LATER
        except GraphError as error:
            log.warning("chat.not_posted", channel=channel, error=str(error))
            return next((came for kind, came in OUTCOMES if isinstance(error, kind)), PostOutcome.LATER)
        return PostOutcome.TAKEN
