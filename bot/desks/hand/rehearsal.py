"""What a round would do, before it does it: what `--dry-run` of `send` and `responses` shows.

    send        the round itself, in a copy of the books, with a mailbox and a Teams that read and take everything in
    responses   the same look at Outlook, in a copy of the books, and what would be decided there

So what is shown is what would be done, whatever rule it follows from; nothing is written, neither in the
database nor in Graph. Whom Teams does not reach, and what Graph refuses, is known only when it is sent. A
mailbox's pace keeps nobody waiting here: the day's limit and the limit of mails count.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import structlog

from bot.desks.hand.hr import ForeseenDecision, each_once
from bot.domain.errors import GraphGone
from bot.domain.messages import DeliveryState
from bot.domain.people import PeopleIndex
from bot.domain.reminders import ReminderState, items_of
from bot.domain.teams import PostOutcome
from bot.opening.stores import open_copy
from bot.rounds.reminders import reminders_round
from bot.rounds.steps.decide_seats import what_follows, write
from bot.rounds.steps.look_at_outlook import look_at_outlook
from bot.rounds.steps.seat_post import may_be_sent
from config.graph_settings import MailboxSettings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from bot.domain.conversations import Conversation
    from bot.domain.errors import SafetyRefused
    from bot.domain.messages import Letter
    from bot.domain.teams import Notification
    from bot.opening.stores import Stores
    from bot.opening.work import Work
    from bot.ports.outlook import Mailbox
    from bot.rounds.reminders import Reminded
    from config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeseenAnswers:
    """What collecting the answers would come to: how many are new, and what would follow from them.

    `held`: it is more than may go.
    """

    new_answers: int
    shown: ForeseenDecision
    held: SafetyRefused | None = None


async def rehearsed_reminders(work: Work) -> Reminded:
    """What `bot.rounds.reminders.reminders_round` would come to now, with what it would send as `DUE`.

    Raises as that does.
    """
    now, settings = work.now(), work.settings
    at_once = MailboxSettings(**settings.mailbox.model_dump(exclude={"messages_per_minute"}))
    still = settings.model_copy(update={"now": now, "mailbox": at_once})
    with _copy(work) as copy:
        quiet = replace(
            work.tenant,
            mailbox=_QuietMailbox(work.tenant.mailbox),
            feed=_QuietFeed(),
            channels=_QuietChannels(settings),
            chat=_QuietChat() if work.tenant.chat is not None else None,
        )
        done = await reminders_round(replace(work, settings=still, stores=copy, tenant=quiet))
    sent = (one for one in done.carried.messages if one.state is DeliveryState.SENT)
    would_go = {(item.stem, one.email) for one in sent for item in items_of(one)}
    shown = (
        replace(one, state=ReminderState.DUE, reason="") if (one.item.stem, one.email) in would_go else one
        for one in done.reminders
    )
    return replace(done, reminders=tuple(shown))


async def foreseen_answers(work: Work) -> ForeseenAnswers:
    """What `bot.rounds.answers.responses_round` would come to now; raises as that does."""
    now, plan = work.now(), work.plan
    with _copy(work) as copy:
        people = PeopleIndex(copy.books.people.load_people(plan.id))
        new = await look_at_outlook(
            replace(work, stores=copy),
            people=people,
            entries=copy.books.ledger.load_entries(plan.id),
            now=now,
        )
        decided, wanted, held = what_follows(work.settings, plan, copy, work.findings, now=now)
        write(copy, decided, now=now)
        shown = ForeseenDecision(
            settlement=decided.settlement,
            people=decided.state.people,
            invited=each_once(one.add for one in wanted),
            cancelled=each_once(one.remove for one in wanted),
            messages=may_be_sent(copy, plan),
        )
    return ForeseenAnswers(new_answers=new, shown=shown, held=held)


@contextmanager
def _copy(work: Work) -> Iterator[Stores]:
    with (
        structlog.contextvars.bound_contextvars(dry_run=True),
        open_copy(work.stores, (work.plan.id,)) as copy,
    ):
        yield copy


class _QuietMailbox:
    """A mailbox that is looked into and never written in."""

    def __init__(self, real: Mailbox) -> None:
        self._real = real

    @property
    def keeps_drafts(self) -> bool:
        return self._real.keeps_drafts

    async def find_draft(self, key: str, *, but_not: Collection[str] = ()) -> tuple[str, bool] | None:
        return await self._real.find_draft(key, but_not=but_not)

    async def is_sent(self, draft_id: str) -> bool | None:
        return await self._real.is_sent(draft_id)

    async def create_draft(self, key: str, _mail: Letter) -> str:
        return key

    async def send_draft(self, _draft_id: str) -> None:
        return None

    async def send_mail(self, _mail: Letter) -> None:
        return None


class _QuietChat:
    async def send(self, _conversation: Conversation, _card: dict[str, Any], *, summary: str) -> str:
        return summary and "foreseen"

    async def update(self, _conversation: Conversation, _activity: str, _card: dict[str, Any]) -> None:
        return None

    async def open(self, subject: str) -> Conversation:
        raise GraphGone("chat_gone", call=subject and "open")


class _QuietFeed:
    async def notify(self, _user_id: str, _notification: Notification) -> bool:
        return True

    async def notify_all(self, _user_ids: Sequence[str], _notification: Notification) -> bool:
        return True


class _QuietChannels:
    def __init__(self, settings: Settings) -> None:
        self._known = settings.teams.channels

    async def post(self, channel: str, _card: Mapping[str, Any]) -> PostOutcome:
        return PostOutcome.TAKEN if self._known[channel] else PostOutcome.REFUSED
