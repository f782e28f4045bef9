"""A person's Teams: what they write, press, look at and add, and what becomes of the bot's answers.

No kinder than Teams: a button that is not on the screen cannot be pressed, a field takes what the card lets
it, a card that comes back wrong is not shown, and a bot that does not answer in time gets no second chance.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.sandbox.activities import Writer
from bot.sandbox.bot_caller import BotCaller
from bot.sandbox.cards_seen import CARD_TYPE, buttons, filled_in, odd_parts, refusal_of
from bot.sandbox.chats import Called, Chats, Conversation, Shown
from bot.sandbox.client_answers import Pressed, read_answer
from bot.sandbox.clock import Clock
from bot.sandbox.directory import User
from bot.sandbox.settings import Settings
from bot.sandbox.wire import JsonObject

TITLES = ("Action.Execute", "Action.Submit")


class TeamsClient:
    """Everybody's client of one tenant; `origin` is the sandbox's address, which the bot is to answer at."""

    def __init__(self, settings: Settings, clock: Clock, chats: Chats, caller: BotCaller) -> None:
        """Nobody has done anything."""
        self.settings = settings
        self.clock = clock
        self.chats = chats
        self.caller = caller
        self._last: dict[str, tuple[JsonObject, Shown | None]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    # -- what a person does

    async def write(
        self, user: User, conversation: Conversation, text: str, origin: str, spoil: str = ""
    ) -> Called:
        """Write a line where the bot is, or ValueError; it stands there whatever the bot does."""
        self._require_bot(conversation)
        activity = self._writer(user, conversation, origin).message(text)
        self._stand(user, conversation, activity["id"], text)
        return await self._bring(user, activity, origin, spoil)

    async def press(
        self,
        user: User,
        shown: Shown,
        conversation: Conversation,
        action: JsonObject,
        typed: dict[str, str],
        origin: str,
        *,
        spoil: str = "",
        old: bool = False,
        copies: int = 1,
    ) -> Pressed:
        """Press a button of a card: `old` is a client that knows no `Action.Execute` and takes its fallback.

        `copies`: so many of the same activity go out at once. Raises ValueError for what cannot be pressed.
        """
        self._require_bot(conversation)
        card = shown.seen_by(user.id) or {}
        if old and action["type"] == "Action.Execute":
            action = action.get("fallback") or {}
            if not isinstance(action, dict) or action.get("type") != "Action.Submit":
                raise ValueError("an old client does not show this button: it has no fallback")
        fields = filled_in(card, typed) if action.get("associatedInputs") != "none" else {}
        given = action.get("data") or {}
        writer = self._writer(user, conversation, origin)
        if action["type"] == "Action.Execute":
            carried = given if isinstance(given, dict) else {}
            activity = writer.execute(action, carried | fields, shown.id, by_itself=False)
        elif action["type"] == "Action.Submit":
            activity = self._submitted(writer, given, fields, shown)
        else:
            raise ValueError(f"{action['type']} tells the bot nothing")
        answers = await asyncio.gather(
            *(self._bring(user, activity, origin, spoil, shown) for _ in range(max(copies, 1)))
        )
        return self._after(user, shown, answers[0])

    async def look(self, user: User, conversation: Conversation, origin: str) -> list[Shown]:
        """Scroll through a chat: every card that refreshes itself for this person does, as Teams does it.

        Not for a card that names other people (`userIds`), nor in a channel for one that names nobody.
        """
        for shown in [*conversation.shown.values()]:
            refresh = _refresh_of(shown, user)
            if not refresh or shown.sender != "bot":
                continue
            whom = refresh.get("userIds")
            if (whom and self.chats.person_id(user.id) not in whom) or (
                not whom and not conversation.is_personal
            ):
                continue
            await self.refresh(user, shown, conversation, origin)
        return [*conversation.shown.values()]

    async def refresh(self, user: User, shown: Shown, conversation: Conversation, origin: str) -> Pressed:
        """What the client asks by itself; an error is shown to nobody, the card stays as it was."""
        action = _refresh_of(shown, user).get("action") or {}
        if action.get("type") != "Action.Execute":
            raise ValueError("the card does not refresh itself")
        self._require_bot(conversation)
        writer = self._writer(user, conversation, origin)
        activity = writer.execute(action, action.get("data") or {}, shown.id, by_itself=True)
        return self._after(user, shown, await self._bring(user, activity, origin, "", shown))

    async def again(self, user: User, origin: str, spoil: str = "") -> Pressed:
        """Bring the person's latest activity once more, as it was: the same id, with a new token."""
        if user.id not in self._last:
            raise ValueError("this person has done nothing yet")
        activity, shown = self._last[user.id]
        called = await self.caller.bring(activity, origin, spoil)
        return self._after(user, shown, called)

    async def search(
        self, user: User, command: str, words: str, origin: str, *, parameter: str = "words", spoil: str = ""
    ) -> Called:
        """Type something in the message extension; the person has the app, or it is not there."""
        chat = self.chats.personal(user.id)
        self._require_bot(chat)
        activity = self._writer(user, chat, origin).query(command, {parameter: words})
        return await self._bring(user, activity, origin, spoil)

    def share(self, user: User, conversation: Conversation, attachment: JsonObject) -> Shown:
        """Send a card that the extension found to a chat, as the person. Raises ValueError for no card."""
        card = attachment.get("content")
        wrong = refusal_of(card) if attachment.get("contentType") == CARD_TYPE else "it is no Adaptive Card"
        if wrong:
            raise ValueError(wrong)
        shown = self._stand(user, conversation, self.chats.new_id(self.clock.now()), "")
        shown.card, shown.odd = card, odd_parts(card or {})
        return shown

    async def add(self, user: User, origin: str, *, team: str = "", channel: str = "") -> list[Called]:
        """Add the app for oneself, or to a team; Teams tells the bot of it twice, in two ways."""
        where = self.chats.channel(team, "") if team else self.chats.personal(user.id)
        if channel:
            self.chats.channel(team, channel)
        if self.chats.has_bot(where):
            raise ValueError("the app is there already")
        if team:
            self.chats.teams_with_bot.add(team)
        else:
            self.chats.teams.installed.add(user.id)
        writer = self._writer(user, where, origin)
        told = [writer.members("membersAdded", channel), writer.installed("add", channel)]
        return [await self.caller.bring(one, origin) for one in told]

    async def remove(self, user: User, origin: str, *, team: str = "") -> list[Called]:
        """Take the app away again; of a personal chat `installationUpdate` alone tells."""
        where = self.chats.channel(team, "") if team else self.chats.personal(user.id)
        self._require_bot(where)
        if team:
            self.chats.teams_with_bot.discard(team)
        else:
            self.chats.teams.installed.discard(user.id)
        writer = self._writer(user, where, origin)
        told = ([writer.members("membersRemoved")] if team else []) + [writer.installed("remove")]
        return [await self.caller.bring(one, origin) for one in told]

    def soon(self, doing: Coroutine[Any, Any, Any]) -> None:
        """Do it after the answer that is being made: whoever asked does not wait for the bot."""
        if not self.chats.bot.endpoint:
            doing.close()
            return
        task = asyncio.get_running_loop().create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def waiting(self) -> int:
        """How much is still to be brought of what was begun by `soon`."""
        return len(self._tasks)

    def block(self, user: User, *, is_blocked: bool) -> None:
        """The person blocks the bot in their chat, or lets it speak again; it is installed all the same."""
        change = self.chats.blocked.add if is_blocked else self.chats.blocked.discard
        change(user.id)

    async def tell_of_app(self, user: User, origin: str, *, added: bool) -> None:
        """Tell the bot that the app has come to somebody or gone, whoever did it."""
        writer = self._writer(user, self.chats.personal(user.id), origin)
        told = (
            [writer.members("membersAdded"), writer.installed("add")]
            if added
            else [writer.installed("remove")]
        )
        for one in told:
            await self.caller.bring(one, origin)

    # -- what is on the screen

    def find_button(
        self,
        user: User,
        conversation: Conversation,
        button: str,
        where: str = "",
        data: JsonObject | None = None,
    ) -> tuple[Shown, JsonObject]:
        """The newest card with a button of this title or verb, and the button; `where` names one message.

        `data`: what the button carries at least. Raises ValueError where there is no such button.
        """
        for shown in reversed(conversation.shown.values()):
            if where and shown.id != where:
                continue
            for action in buttons(shown.seen_by(user.id) or {}):
                carried = action["data"] if isinstance(action.get("data"), dict) else {}
                said = {action.get("title"), action.get("verb"), carried.get("verb")}
                if button in said and action["type"] in TITLES and (data or {}).items() <= carried.items():
                    return shown, action
        raise ValueError(f"no card on the screen has a button {button!r}")

    def _after(self, user: User, shown: Shown | None, called: Called) -> Pressed:
        """What the client makes of the answer: a card takes the place of the one that was pressed."""
        seen = read_answer(called)
        if shown is not None and seen.card is not None:
            shown.views[user.id] = seen.card
            shown.odd += [odd for odd in odd_parts(seen.card) if odd not in shown.odd]
        return seen

    def _submitted(self, writer: Writer, given: Any, fields: JsonObject, shown: Shown) -> JsonObject:
        if not isinstance(given, dict):
            return writer.submit(given, shown.id)
        teams = given.get("msteams") or {}
        match teams.get("type"):
            case None:
                return writer.submit(given | fields, shown.id)
            case "imBack":
                return writer.message(str(teams["value"]))
            case "messageBack":
                value = teams.get("value") or {}
                return writer.submit(value | fields, shown.id, str(teams.get("text") or ""))
        raise ValueError(f"a button of kind {teams['type']} is not played here")

    def _stand(self, user: User, conversation: Conversation, message: str, text: str) -> Shown:
        shown = Shown(id=message, sender=user.id, time=self.clock.now(), text=text)
        conversation.shown[message] = shown
        return shown

    async def _bring(
        self, user: User, activity: JsonObject, origin: str, spoil: str, shown: Shown | None = None
    ) -> Called:
        self._last[user.id] = (activity, shown)
        called = await self.caller.bring(activity, origin, spoil)
        for _ in range(self.settings.activity_copies - 1):
            await self.caller.bring(activity, origin, spoil)
        return called

    def _writer(self, user: User, conversation: Conversation, origin: str) -> Writer:
        return Writer(clock=self.clock, chats=self.chats, origin=origin, user=user, conversation=conversation)

    def _require_bot(self, conversation: Conversation) -> None:
        if not self.chats.has_bot(conversation):
            raise ValueError("the bot is not in this conversation")


def _refresh_of(shown: Shown, user: User) -> JsonObject:
    """How the card on the screen refreshes itself, or else the one that the bot sent; {} for not at all."""
    for card in (shown.seen_by(user.id), shown.card):
        if card is not None and isinstance(card.get("refresh"), dict):
            return dict(card["refresh"])
    return {}
