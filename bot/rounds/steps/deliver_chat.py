"""Bringing messages to people's chats with the bot, each as one card and at most once (async shell).

Which of them: reminders whose way is `teams`; and by `settings.bot.seat_news` news of a seat, and what is
`ready` as a card for HR (`bot.rounds.at_once`), in the place of the mail, or besides it. Whoever has no chat
goes the next way: a line in the activity feed where that is on (`bot.rounds.steps.deliver_teams`), else a
mail.

    the outbox says              then
    due                          sending → request → sent
    sending, in a chat           not touched: the card may be there, so it is told and never repeated
    anything else                the next way

    the answer                   the message                       the person
    it is there                  sent, with the activity's id
    the bot is not there         due, the next way                 the conversation is forgotten
    refused for what it is       due, the next way
    the bot cannot sign in       due, the next way, and so are all the others: it is certain that nothing went
    unclear                      sending for good (chat_unclear): told to HR, not mailed as well
    not now                      due, with the error, in the next round; the others: `bot.delivery.patience`

`sending` is written before the request, with `chat_unclear`, so that a crash in between looks like an answer
that was lost. `both` is a message of its own besides the mail: it ends here, whatever becomes of it, and
never keeps the mail.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from bot.cards.reminders import render_reminder
from bot.cards.seats import render_seat_message
from bot.delivery.parcels import Parcel
from bot.delivery.patience import Patience
from bot.delivery.words import language_of, letter, name_of
from bot.domain.errors import GraphError, GraphGone, GraphRefused, GraphUnclear, InputError, SignInFailed
from bot.domain.messages import CHAT_PREFIX, CHAT_UNCLEAR, DeliveryState
from bot.domain.reminder_rules import Channel
from bot.domain.reminders import NotSent, channel_of, items_of
from bot.domain.templates import MessageKind
from bot.log_lines import get_logger
from bot.messages.notice import Rendered
from bot.opening.person_links import link_maker
from bot.rounds.steps.carried import Carried
from bot.rounds.steps.skipped_by_hand import why_skipped
from config.bot_settings import SeatNews

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from bot.domain.conversations import Conversation
    from bot.domain.messages import Message
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.opening.work import Work
    from bot.ports.books import Outbox
    from bot.ports.conversations import Chat, ConversationBook
    from bot.ports.reminder_words import ReminderWordBook

log = get_logger("bot.delivery")

SEAT_KINDS = frozenset(
    {
        MessageKind.CHOOSE, MessageKind.PLACED_IN_LINE, MessageKind.SEAT_OFFERED, MessageKind.FULL,
        MessageKind.TOO_LATE, MessageKind.ASSIGNED, MessageKind.MOVED, MessageKind.WITHDRAWN,
        MessageKind.HANDED_OVER, MessageKind.TAKEN_OVER, MessageKind.CONFIRMED, MessageKind.CHANGED,
        MessageKind.AWAITS_APPROVAL, MessageKind.APPROVED, MessageKind.DISAPPROVED,
        MessageKind.CANCELLED, MessageKind.OFFERING_GONE,
    }
)  # fmt: skip
"""What tells one person of their seat. Papers, HR's own words and what HR sends once more stay mails."""


ReadyCard = tuple[str, dict[str, Any]]
"""What a notification shows, and the card."""
NO_CARDS: Mapping[str, ReadyCard] = MappingProxyType({})


@runtime_checkable
class Connected(Protocol):
    """A chat that can keep its connections open."""

    def connected(self) -> AbstractAsyncContextManager[None]:
        """Meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What became of the messages that were looked at, and those that go the `next_way`, in their order."""

    carried: Carried = field(default_factory=Carried)
    next_way: tuple[Message, ...] = ()


class ChatDelivery:
    """One round of bringing cards. `now` UTC, `link_for(address, course)` a person's own page.

    `ready`: by a message's key what a notification shows of it, and its card, where somebody has drawn it.
    """

    def __init__(
        self,
        *,
        plan: CoursePlan,
        people: PeopleIndex,
        chat: Chat | None,
        conversations: ConversationBook,
        outbox: Outbox,
        words: ReminderWordBook,
        seat_news: SeatNews,
        now: datetime,
        link_for: Callable[[str, str], str | None],
        still_mine: Callable[[], None],
        ready: Mapping[str, ReadyCard] = NO_CARDS,
    ) -> None:
        self._ready = ready
        self._plan, self._people, self._chat, self._outbox = plan, people, chat, outbox
        self._conversations, self._words, self._seat_news = conversations, words, seat_news
        self._now, self._link_for, self._still_mine = now, link_for, still_mine
        self._done: list[Message] = []
        self._next_way: list[Message] = []
        self._patience = Patience(throttled_is_one=True)
        self._broken: dict[str, InputError] = {}
        self._is_signed_out = False

    async def deliver(self, pending: Sequence[Message]) -> Delivered:
        """Bring what goes to a chat. Raises RunLocked when the run lock is lost, DatabaseFailed."""
        chat = self._chat
        if chat is None:
            return Delivered(next_way=tuple(pending))
        subjects = {one.key: self._subject(one) for one in pending if self._is_for_chats(one)}
        chats = self._conversations.load_personal({*subjects.values()} - {""})
        if "" in subjects.values():
            subjects, chats = self._by_address(pending, subjects, chats)
        queue = list(pending)
        async with AsyncExitStack() as stack:
            if chats and isinstance(chat, Connected):
                await stack.enter_async_context(chat.connected())
            while queue:
                message = queue.pop(0)
                conversation = chats.get(subjects.get(message.key, ""))
                if conversation is None or self._is_signed_out:
                    self._next_way.append(message)
                    continue
                self._still_mine()
                try:
                    await self._bring(message, conversation, chat)
                except GraphError as error:
                    log.warning("delivery.stopped", kind="chat", error=str(error))
                    # Those whose chat it is wait; everybody else is told as always.
                    self._next_way += [one for one in queue if subjects.get(one.key, "") not in chats]
                    break
        return Delivered(carried=self._carried(), next_way=tuple(self._next_way))

    def _carried(self) -> Carried:
        broken = tuple(self._broken.values())
        return Carried(messages=tuple(self._done), stopped=self._patience.last, broken=broken)

    def _is_for_chats(self, message: Message) -> bool:
        """Whether it may go as a card: nothing was begun, it is worth something, and it is of such a kind."""
        if message.state is not DeliveryState.DUE or message.sent_as or message.draft_id is not None:
            return False
        if message.expires_at is not None and message.expires_at <= self._now:
            return False
        if message.is_reminder:
            return channel_of(message) is Channel.TEAMS
        is_news = message.kind in SEAT_KINDS and not (message.is_paper or message.is_told_again)
        is_told = is_news or message.key in self._ready
        return is_told and self._seat_news is not SeatNews.MAIL

    def _by_address(
        self, pending: Sequence[Message], subjects: Mapping[str, str], chats: Mapping[str, Conversation]
    ) -> tuple[dict[str, str], dict[str, Conversation]]:
        """With the chats of those whom the books have no id of, by the address of the chat.

        A plan may list people by their addresses, and HR is in no audience.
        """
        canonical = self._people.canonical
        theirs = {
            canonical(one.email): one for one in self._conversations.load_personal().values() if one.email
        }
        found = {
            one.key: theirs[canonical(one.email)]
            for one in pending
            if subjects.get(one.key) == "" and canonical(one.email) in theirs
        }
        more = {key: one.subject for key, one in found.items()}
        return {**subjects, **more}, {**chats, **{one.subject: one for one in found.values()}}

    def _subject(self, message: Message) -> str:
        person = self._people.find(message.email)
        return (person.directory_id if person else None) or ""

    async def _bring(self, message: Message, conversation: Conversation, chat: Chat) -> None:
        """By the tables above; raises what keeps everybody else waiting."""
        about = {one.course for one in items_of(message)} or {message.course}
        needs_no_course = message.kind is MessageKind.CANCELLED or message.key in self._ready
        if why_skipped([message], self._words, self._people) or not (
            needs_no_course or about <= self._plan.titles.keys()
        ):
            # Who sends mails or lines knows what is to become of it.
            self._next_way.append(message)
            return
        try:
            summary, card = self._card(message)
        except InputError as error:
            self._broken.setdefault(str(error), error)
            self._next_way.append(message)
            return
        begun, is_besides = self._begin(message)
        if begun is None:
            return
        try:
            activity = await chat.send(conversation, card, summary=summary)
        except GraphError as error:
            self._failed(message, begun, error, conversation, is_besides=is_besides)
            return
        self._patience.went_well()
        self._note(
            begun, state=DeliveryState.SENT, sent_at=self._now, error="", ended_at=None,
            sent_as=f"{CHAT_PREFIX}{activity}",
        )  # fmt: skip

    def _begin(self, message: Message) -> tuple[Message | None, bool]:
        """Write down that a request is about to be made, and whether the mail goes all the same.

        None where the card besides a mail was begun in another round.
        """
        begun = replace(
            message, state=DeliveryState.SENDING, error=CHAT_UNCLEAR, ended_at=self._now, sent_as=CHAT_PREFIX
        )
        if message.is_reminder or self._seat_news is not SeatNews.BOTH:
            self._outbox.save_message(begun)
            return begun, False
        self._next_way.append(message)
        besides = replace(begun, key=f"{CHAT_PREFIX}{message.key}")
        return (besides if self._outbox.add_messages([besides]) else None), True

    def _failed(
        self,
        message: Message,
        begun: Message,
        error: GraphError,
        conversation: Conversation,
        *,
        is_besides: bool,
    ) -> None:
        log.warning("delivery.not_brought", kind="chat", error=str(error))
        if isinstance(error, GraphUnclear):
            self._done.append(begun)
            if self._patience.ends_with(error):
                raise error
            return
        if isinstance(error, GraphGone):
            self._conversations.forget(conversation.id)
        self._is_signed_out = self._is_signed_out or isinstance(error, SignInFailed)
        goes_on = isinstance(error, (GraphGone, GraphRefused, SignInFailed))
        if is_besides:
            self._note(begun, state=DeliveryState.SKIPPED, error=NotSent.TEAMS_REFUSED)
        elif goes_on:
            self._outbox.save_message(message)
            self._next_way.append(message)
        else:
            self._outbox.save_message(replace(message, error=error.code))
        if goes_on:
            self._patience.went_well()
        elif self._patience.ends_with(error):
            raise error

    def _card(self, message: Message) -> tuple[str, dict[str, Any]]:
        """What a notification shows of it, and the card; raises InputError where HR's own words break."""
        if message.key in self._ready:
            return self._ready[message.key]
        language = language_of(message.email, self._plan, self._people)
        today = self._now.astimezone(ZoneInfo(self._plan.timezone)).date()
        if message.is_reminder and message.kind is not MessageKind.ANNOUNCEMENT:
            return render_reminder(
                self._plan,
                items_of(message),
                language=language,
                today=today,
                reader_name=name_of(message.email, self._plan, self._people),
                link_for=partial(self._link_for, message.email),
            )
        mail = letter(
            Parcel(messages=(message,)), self._plan, self._people, link_for=self._link_for, now=self._now
        )
        words = Rendered(subject=mail.subject, html=mail.html)
        link = self._link_for(message.email, message.course)
        card = render_seat_message(message, self._plan, words, link=link, language=language, today=today)
        return mail.subject, card

    def _note(self, message: Message, **changes: Any) -> None:
        done = replace(message, **changes)
        self._outbox.save_message(done)
        self._done.append(done)
        log.info(
            "delivery.done",
            kind=done.kind.value,
            channel="chat",
            state=done.state.value,
            error=done.error or None,
        )


def chat_delivery(
    work: Work,
    *,
    people: PeopleIndex,
    now: datetime,
    still_mine: Callable[[], None],
    ready: Mapping[str, ReadyCard] = NO_CARDS,
) -> ChatDelivery:
    """Who brings the plan's cards. `now` UTC, `still_mine` raises RunLocked when the run lock is lost."""
    plan, stores = work.plan, work.stores
    return ChatDelivery(
        plan=plan,
        people=people,
        chat=work.tenant.chat,
        conversations=stores.conversations,
        outbox=stores.outbox,
        words=stores.reminder_words,
        seat_news=work.settings.bot.seat_news,
        now=now,
        link_for=link_maker(work.settings, plan, stores, people=people, now=now),
        still_mine=still_mine,
        ready=ready,
    )


def never_mailed(messages: Iterable[Message]) -> tuple[Message, ...]:
    """Without those that may stand in a chat already."""
    return tuple(one for one in messages if not one.is_in_chat)
