"""What the bot does about what came, and says to it.

| what came | then |
|---|---|
| a line | the answer is a card in the chat |
| a press of a client that waits | the answer takes the card's place |
| a press of an old client | the answer is put in the card's place, else beside it; in a channel, help |
| a search | courses to share |
| the bot came | the conversation is kept; the first time it says hello, to a person |
| the bot went | the conversation is forgotten |

Everything is about the person in their own chat. In a channel a line is answered with help alone, because
everybody reads it, and a press is answered to nobody but whoever pressed. What came before is done once
(`ConversationBook.is_new`). Where something fails, whoever waits is told to try again, and nothing of why.
"""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from bot.cards.answers import render_answer
from bot.cards.channel import render_shared
from bot.cards.helping import render_hello
from bot.cards.troubles import render_trouble
from bot.domain.chat_views import CourseCard, HelpCard
from bot.domain.conversations import Conversation, ConversationKind, PressVerb
from bot.domain.errors import GraphError, GraphGone
from bot.domain.sign_in import Visitor
from bot.i18n.catalogue import text
from bot.log_lines import get_logger
from bot.messages.card import CARD_TYPE
from bot.messages.card_parts import card_text
from bot.teams.activities import Deed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.domain.chat_views import ChatAnswer
    from bot.ports.chat_desk import ChatDesk
    from bot.ports.conversations import Chat, ChatDirectory, ConversationBook
    from bot.teams.activities import Incoming

log = get_logger("bot.teams")

PREVIEW_TYPE = "application/vnd.microsoft.card.thumbnail"
CHANGING = frozenset({PressVerb.DECIDE, PressVerb.ANSWERS, PressVerb.NOTE})
SEEN_EVERY = timedelta(days=1)
"""How often it is written down that somebody is still there."""
JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """The bot with all it needs. `address_of` gives an address by a directory id, "" for nobody's.

    `now` is the instant, UTC.
    """

    app_id: str
    desk: ChatDesk
    book: ConversationBook
    chat: Chat
    directory: ChatDirectory
    address_of: Callable[[str], str]
    now: Callable[[], datetime]
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Whose turn it is to decide: the books take one at a time, and who waits here loses nothing."""

    async def take(self, came: Incoming) -> JsonObject | None:
        """Do what came, and what the client that waits is answered; None where there is nothing to say."""
        try:
            return await self._taken(came)
        except GraphError as error:
            # Teams did not let us answer; what was decided stands, and the calendar follows.
            log.warning("teams.unanswered", deed=came.deed.value, error=str(error))
            return await self._trouble(came) if came.waits else None
        except Exception as error:
            log.exception("teams.failed", deed=came.deed.value, error=type(error).__name__)
            return await self._trouble(came)

    async def _taken(self, came: Incoming) -> JsonObject | None:
        match came.deed:
            case Deed.BOT_CAME | Deed.BOT_WENT | Deed.CHANNEL_CAME | Deed.CHANNEL_WENT:
                # Teams tells of it in two ways at once.
                async with self.turn:
                    entered = await self._moved(came)
                if entered is not None:
                    await self._keep_channels(entered, came)
                return None
            case Deed.WROTE:
                await self._written(came)
                return None
            case Deed.PRESSED:
                return await self._pressed(came)
            case Deed.SEARCHED:
                return await self._searched(came)
            case _:
                return None

    async def _written(self, came: Incoming) -> None:
        if not await to_thread.run_sync(self._is_new, came):
            return
        conversation = await self._keep(came)
        if came.kind is ConversationKind.CHANNEL:
            answer: ChatAnswer = HelpCard(language=came.language, contact="")
        else:
            visitor = _visitor(came, _own_address(came, conversation))
            answer = await to_thread.run_sync(partial(self.desk.written, visitor, came.line, came.language))
        await self._say(conversation, render_answer(answer))

    async def _pressed(self, came: Incoming) -> JsonObject | None:
        assert came.press is not None  # noqa: S101 - that is what the deed says
        # Asking by itself changes nothing, and clients do it at every look.
        again = not came.press.is_refresh and not await to_thread.run_sync(self._is_new, came)
        conversation = await self._keep(came)
        visitor = _visitor(came, _own_address(came, conversation))
        act = partial(self.desk.pressed, visitor, came.press, came.language, again=again)
        async with self.turn if came.press.verb in CHANGING and not again else nullcontext():
            answer = await to_thread.run_sync(act)
        card = render_answer(answer)
        if came.waits:
            return _card(card)
        if came.kind is ConversationKind.CHANNEL:
            await self._say(conversation, render_answer(HelpCard(language=came.language, contact="")))
        elif came.reply_to:
            try:
                await self.chat.update(conversation, came.reply_to, card)
            except GraphGone:
                await self._say(conversation, card)
        else:
            await self._say(conversation, card)
        return None

    async def _searched(self, came: Incoming) -> JsonObject:
        visitor = await to_thread.run_sync(self._searcher, came)
        found = await to_thread.run_sync(partial(self.desk.found, visitor, came.line, came.language))
        return self._to_share(found)

    async def _moved(self, came: Incoming) -> Conversation | None:
        """The bot came or went; what is told again of long ago changes nothing.

        A conversation of the team that it came into, None for none.
        """
        if not await to_thread.run_sync(self._is_new, came):
            return None
        if came.deed in {Deed.BOT_WENT, Deed.CHANNEL_WENT}:
            await to_thread.run_sync(self._forget, came)
            return None
        is_known = await to_thread.run_sync(self.book.load, came.conversation) is not None
        conversation = await self._keep(came, anew=True)
        if came.kind is ConversationKind.PERSONAL and not is_known:
            await self._say(conversation, render_hello(came.language))
        return conversation if came.team and came.deed is Deed.BOT_CAME else None

    def _forget(self, came: Incoming) -> None:
        """A conversation, or where the bot was taken out of a team, all of the team's channels."""
        gone = {came.conversation}
        if came.deed is Deed.BOT_WENT and came.team:
            gone |= {one.id for one in self.book.load_channels() if one.subject == came.team}
        for one in sorted(gone):
            self.book.forget(one)

    async def _keep_channels(self, conversation: Conversation, came: Incoming) -> None:
        """The bot is in every channel of a team that it was added to; Teams has told of one of them."""
        try:
            channels = await self.directory.channels_of(conversation, came.team)
        except GraphError as error:
            log.warning("teams.no_channels", error=str(error))
            return
        for channel, name in channels.items():
            # The first channel of a team has no name of its own, but the team's.
            kept = replace(conversation, id=channel, name=name or came.channel)
            await to_thread.run_sync(self.book.save, kept)

    async def _keep(self, came: Incoming, *, anew: bool = False) -> Conversation:
        """The conversation as it is kept; written down anew where something has changed, once a day else.

        In a channel it is not kept who wrote. Whom the books do not know by their id, Teams tells the address
        of, once.
        """
        now, known = self.now(), await to_thread.run_sync(self.book.load, came.conversation)
        personal = came.kind is ConversationKind.PERSONAL
        fresh = Conversation(
            id=came.conversation,
            kind=came.kind,
            service_url=came.service_url,
            subject=came.subject if personal else came.team,
            email=known.email if known else "",
            name="" if personal else came.channel or (known.name if known else ""),
            added_at=known.added_at if known else now,
            seen_at=now,
        )
        lately = known is not None and not anew and now - known.seen_at < SEEN_EVERY
        if known is not None and lately and fresh == replace(known, seen_at=now):
            return known
        if personal:
            fresh = replace(fresh, email=await self._address(came, fresh))
        await to_thread.run_sync(self.book.save, fresh)
        return fresh

    async def _address(self, came: Incoming, conversation: Conversation) -> str:
        """Whose chat it is, by the books, else by Teams; "" where neither says."""
        known = await to_thread.run_sync(self.address_of, came.subject)
        if known:
            return known
        try:
            return await self.directory.address_of(conversation, came.subject)
        except GraphError as error:
            log.warning("teams.no_address", error=str(error))
            return conversation.email

    def _searcher(self, came: Incoming) -> Visitor:
        """Who searches, by their own chat: where they do it, the bot need not be."""
        chat = self.book.load_personal({came.subject}).get(came.subject)
        email = self.address_of(came.subject) or (chat.email if chat else "")
        return _visitor(came, email)

    def _is_new(self, came: Incoming) -> bool:
        return self.book.is_new(came.conversation, came.activity, at=self.now())

    async def _say(self, conversation: Conversation, card: JsonObject) -> None:
        summary = str(card.get("fallbackText", ""))
        try:
            await self.chat.send(conversation, card, summary=summary)
        except GraphGone:
            await to_thread.run_sync(self.book.forget, conversation.id)

    def _to_share(self, found: tuple[ChatAnswer, ...]) -> JsonObject:
        """What is found in the message extension."""
        attachments = [self._attachment(one) for one in found if isinstance(one, CourseCard)]
        shown = {"type": "result", "attachmentLayout": "list", "attachments": attachments}
        return {"composeExtension": shown}

    def _attachment(self, course: CourseCard) -> JsonObject:
        """A card to share, with the line by which it is chosen."""
        view = course.page.course
        preview = {"title": card_text(view.title), "text": card_text(view.theme)}
        return {
            "contentType": CARD_TYPE,
            "content": render_shared(course, app_id=self.app_id),
            "preview": {"contentType": PREVIEW_TYPE, "content": preview},
        }

    async def _trouble(self, came: Incoming) -> JsonObject | None:
        card = render_trouble(came.language)
        if came.waits:
            return self._to_share(()) if came.deed is Deed.SEARCHED else _card(card)
        if came.deed in {Deed.WROTE, Deed.PRESSED}:
            now = self.now()
            conversation = Conversation(
                id=came.conversation, kind=came.kind, service_url=came.service_url, added_at=now, seen_at=now
            )
            try:
                await self.chat.send(conversation, card, summary=text(came.language, "cards.trouble"))
            except GraphError as error:
                log.warning("teams.unanswered", deed=came.deed.value, error=str(error))
        return None


def _own_address(came: Incoming, conversation: Conversation) -> str:
    """Whose chat it is; "" in a channel."""
    return conversation.email if conversation.subject == came.subject else ""


def _visitor(came: Incoming, email: str) -> Visitor:
    """Who Teams says it was: by their directory id, and the address that it has for them; with no role."""
    return Visitor(
        subject=came.subject,
        email=email,
        name="",
        roles=frozenset(),
        proved_at=None,
        vouches=bool(email),
    )


def _card(card: JsonObject) -> JsonObject:
    """What takes the place of the card that was pressed."""
    return {"statusCode": 200, "type": CARD_TYPE, "value": card}
