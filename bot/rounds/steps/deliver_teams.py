"""Bringing to Teams what is in the outbox.

Lines for people's activity feeds, and posts in channels (async shell).

    the outbox says                   then
    a message has expired, or its     expired
    course has left the plan
    a line, due or sending            sending → request → sent; sent again it takes the place of the first, so nothing is looked up
    a post, due                       sending → request → sent
    a post, sending                   not brought here: it may have been posted, and is told and never repeated

    the answer                             a line                          a post
    yes                                    sent                            sent (submitted)
    yes, to many at once                   sent (submitted)                –
    not for this person, or no channel     skipped (not_in_teams)          failed
    there is no feed, and no chat either   skipped (teams_not_set_up)      –
    400, 413: bad content                  skipped (teams_refused)         failed
    not now                                pending                         due, and the others go on
    unclear                                pending                         left as it is (post_unclear)
    anything else                          pending                         –

Whether the others go on after a line that is left pending, says `bot.delivery.patience`. What a text of HR's
own breaks on is left as it is. What is skipped goes by mail where the rule asks for nothing else
(`bot.reminders.channels`). *Submitted* means that Teams has taken it in, and says nothing of whether it
arrived. Who was told by a certain answer lately has the app: they are told together where the words are
equal. Everybody else is told one by one. Facts: graph-facts section 7, 2026-11-22.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.delivery.patience import Patience
from bot.delivery.words import language_of
from bot.domain.errors import GraphError, GraphRefused, GraphUnclear, InputError
from bot.domain.messages import POST_UNCLEAR, DeliveryState
from bot.domain.reminder_rules import Channel
from bot.domain.reminders import NotSent, channel_of, items_of
from bot.domain.teams import MOST_RECIPIENTS, Notification, PostOutcome
from bot.log_lines import get_logger
from bot.messages.card import chain_id, render_card, render_notification
from bot.rounds.steps.carried import Carried
from bot.rounds.steps.deliver_mail import ABOUT_THIS_MESSAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from bot.domain.messages import Message
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.ports.books import Outbox
    from bot.ports.teams import ChannelPosts, Feed

log = get_logger("bot.delivery")

SUBMITTED, REFUSED, LATER = "submitted", "post_refused", "post_later"
APP_LASTS = timedelta(days=30)
"""How long somebody counts as having the app after a line that certainly arrived."""
OUTCOMES = {
    PostOutcome.TAKEN: (DeliveryState.SENT, SUBMITTED),
    PostOutcome.LATER: (DeliveryState.DUE, LATER),
    PostOutcome.REFUSED: (DeliveryState.FAILED, REFUSED),
    PostOutcome.UNCLEAR: (DeliveryState.SENDING, POST_UNCLEAR),
}


class TeamsDelivery:
    """One round of bringing things to Teams.

    `app_id` is the Teams app's, `now` UTC, `link_for(address, course)` a person's own page.
    """

    def __init__(
        self,
        *,
        plan: CoursePlan,
        people: PeopleIndex,
        feed: Feed,
        channels: ChannelPosts,
        outbox: Outbox,
        app_id: str,
        now: datetime,
        link_for: Callable[[str, str], str | None],
        still_mine: Callable[[], None],
    ) -> None:
        self._plan, self._people, self._feed, self._channels, self._outbox = (
            plan,
            people,
            feed,
            channels,
            outbox,
        )
        self._app_id, self._now, self._link_for, self._still_mine = app_id, now, link_for, still_mine
        self._today = now.astimezone(ZoneInfo(plan.timezone)).date()
        self._done: list[Message] = []
        self._left: set[str] = set()
        self._patience = Patience()
        self._broken: dict[str, InputError] = {}

    async def deliver(self, pending: Sequence[Message], *, with_app: frozenset[str]) -> Carried:
        """Bring the messages: posts, lines to many, lines to single ones.

        `with_app`: the addresses known to have the app.

        Raises RunLocked when the run lock is lost, DatabaseFailed.
        """
        current = [message for message in pending if not self._is_over(message)]
        for message in current:
            if channel_of(message) is Channel.CHANNEL:
                await self._post(message)
        try:
            await self._tell_everybody([one for one in current if channel_of(one) is Channel.TEAMS], with_app)
        except GraphError as error:
            log.warning("delivery.stopped", kind="teams", error=str(error))
        return Carried(
            messages=tuple(self._done), stopped=self._patience.last, broken=tuple(self._broken.values())
        )

    def _is_over(self, message: Message) -> bool:
        over = any(self._plan.course(item.course) is None for item in items_of(message)) or (
            message.expires_at is not None and message.expires_at <= self._now
        )
        if over:
            self._note(message, state=DeliveryState.EXPIRED)
        return over

    async def _post(self, message: Message) -> None:
        self._still_mine()
        (item,) = items_of(message)
        try:
            card = render_card(self._plan, item, language=self._plan.language, today=self._today)
        except InputError as broken:
            self._without_words(message, broken)
            return
        channel = self._plan.known_course(item.course).teams_channel or ""
        begun = self._begin(message, error=POST_UNCLEAR, ended_at=self._now)
        try:
            outcome = await self._channels.post(channel, card)
        except KeyError:
            self._note(begun, state=DeliveryState.SKIPPED, error=NotSent.CHANNEL_NOT_SET_UP)
            return
        state, error = OUTCOMES[outcome]
        self._note(
            begun, state=state, error=error, sent_at=self._now if state is DeliveryState.SENT else None
        )

    async def _tell_everybody(self, messages: Iterable[Message], with_app: frozenset[str]) -> None:
        lines: defaultdict[Notification, list[Message]] = defaultdict(list)
        for message in messages:
            try:
                lines[self._line_of(message)].append(message)
            except InputError as error:
                self._without_words(message, error)
        for line, alike in lines.items():
            known = [
                one for one in alike if self._people.canonical(one.email) in with_app and self._id_of(one)
            ]
            for some in _in_packs(known) if len(known) > 1 else ():
                await self._tell_all(line, some)
        handled = {one.key for one in self._done} | self._left
        for line, alike in lines.items():
            for message in alike:
                if message.key not in handled:
                    await self._tell(line, message)

    async def _tell_all(self, line: Notification, messages: Sequence[Message]) -> None:
        """Tell many at once; where that is refused they are left to be told one by one."""
        self._still_mine()
        begun = [self._begin(message, sent_as=str(line.chain_id)) for message in messages]
        try:
            taken_in = await self._feed.notify_all([self._id_of(message) for message in messages], line)
        except GraphError as error:
            self._leave(messages, error, line)
            return
        if not taken_in:
            self._outbox.save_message(*messages)
            return
        self._patience.went_well()
        for message in begun:
            self._note(message, state=DeliveryState.SENT, sent_at=self._now, error=SUBMITTED)

    async def _tell(self, line: Notification, message: Message) -> None:
        self._still_mine()
        user_id = self._id_of(message)
        if not self._app_id:
            self._note(message, state=DeliveryState.SKIPPED, error=NotSent.TEAMS_NOT_SET_UP)
            return
        if not user_id:
            self._note(message, state=DeliveryState.SKIPPED, error=NotSent.NOT_IN_TEAMS)
            return
        begun = self._begin(message, sent_as=str(line.chain_id))
        try:
            barrier = await self._notify(user_id, line)
        except GraphError as error:
            self._leave([message], error, line)
            return
        self._patience.went_well()
        if barrier is None:
            self._note(begun, state=DeliveryState.SENT, sent_at=self._now, error="")
        else:
            self._note(begun, state=DeliveryState.SKIPPED, error=barrier)

    async def _notify(self, user_id: str, line: Notification) -> NotSent | None:
        """Why a line certainly did not arrive, None where it did."""
        try:
            reached = await self._feed.notify(user_id, line)
        except GraphRefused as error:
            if error.status not in ABOUT_THIS_MESSAGE:
                raise
            log.warning("delivery.refused", kind="teams", error=str(error))
            return NotSent.TEAMS_REFUSED
        return None if reached else NotSent.NOT_IN_TEAMS

    def _line_of(self, message: Message) -> Notification:
        language = language_of(message.email, self._plan, self._people)
        link_for, items = partial(self._link_for, message.email), items_of(message)
        return render_notification(
            self._plan,
            items,
            language=language,
            link_for=link_for,
            today=self._today,
            app_id=self._app_id,
            number=self._number(message),
        )

    def _number(self, message: Message) -> int:
        """What the line is known by in Teams: the same for ever once it was begun."""
        if message.sent_as:
            return int(message.sent_as)
        begun_by_older = message.state is DeliveryState.SENDING
        return chain_id(items_of(message), plan="" if begun_by_older else self._plan.id)

    def _id_of(self, message: Message) -> str:
        person = self._people.find(message.email)
        return (person.directory_id if person else None) or ""

    def _without_words(self, message: Message, error: InputError) -> None:
        """A text of HR's own breaks on it: left as it is."""
        self._broken.setdefault(str(error), error)
        self._note(message, state=message.state, error=error.code)

    def _begin(self, message: Message, **changes: Any) -> Message:
        """Write down that a request is about to be made."""
        return self._save(message, state=DeliveryState.SENDING, **changes)

    def _leave(
        self, messages: Sequence[Message], error: GraphError, line: Notification | None = None
    ) -> None:
        """As they were where nothing happened, else uncertain, to be sent again in another round.

        Raises where that concerns all.

        A `line` that may be there goes by the same number then, so that Teams puts it in the place of the
        first.
        """
        for message in messages:
            if isinstance(error, GraphUnclear):
                sent_as = str(line.chain_id) if line is not None else message.sent_as
                self._save(message, state=DeliveryState.SENDING, sent_as=sent_as, error=error.code)
            else:
                self._save(message, error=error.code)
            self._left.add(message.key)
        if self._patience.ends_with(error):
            raise error
        log.warning("delivery.left_out", kind="teams", people=len(messages), error=str(error))

    def _save(self, message: Message, **changes: Any) -> Message:
        changed = replace(message, **changes)
        self._outbox.save_message(changed)
        return changed

    def _note(self, message: Message, **changes: Any) -> None:
        """Write down what became of it."""
        ended = {DeliveryState.SENT: None, DeliveryState.DUE: None, DeliveryState.SENDING: message.ended_at}
        done = self._save(message, ended_at=ended.get(changes["state"], self._now), **changes)
        self._done.append(done)
        log.info(
            "delivery.done",
            kind=done.kind.value,
            channel=channel_of(done).value,
            state=done.state.value,
            error=done.error or None,
        )


def known_to_have_app(outbox: Iterable[Message], people: PeopleIndex, *, now: datetime) -> frozenset[str]:
    """The addresses whose feed got a line in the last thirty days, by an answer that was certain."""
    return frozenset(
        people.canonical(message.email)
        for message in outbox
        if message.state is DeliveryState.SENT
        and message.sent_at is not None
        and message.sent_at > now - APP_LASTS
        and not message.error
        and channel_of(message) is Channel.TEAMS
    )


def _in_packs(messages: Sequence[Message]) -> Iterator[Sequence[Message]]:
    for start in range(0, len(messages), MOST_RECIPIENTS):
        yield messages[start : start + MOST_RECIPIENTS]
