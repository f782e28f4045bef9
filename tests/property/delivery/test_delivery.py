"""Whatever Exchange does to a queue of messages, in however many rounds: each reaches its reader once, and never faster than allowed."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.parcels import draft_key, in_order
from bot.domain.errors import GraphGone, GraphRefused, GraphUnclear
from bot.domain.messages import NO_RECEIPT, DeliveryState, Letter, Message
from bot.domain.people import PeopleIndex
from bot.domain.postage import MINUTE, Budget, Full
from bot.rounds.steps.allowance import Allowance
from bot.rounds.steps.deliver_mail import Postman, deliver_messages
from bot.store.broadcasts import SqlBroadcastBook
from bot.store.opening import open_database
from bot.store.outbox import SqlOutbox
from bot.store.postage import SqlPostageBook
from bot.store.reminder_words import SqlReminderWordBook
from tests.builders.parcels import NOW, PLAN, reminder

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


FATES = ("done", "done", "done", "lost", "unclear", "refused", "gone")


@dataclass(slots=True, kw_only=True)
class Exchange:
    """A mailbox whose every request meets a fate; `lost`: done, but nobody hears of it."""

    fates: list[str] = field(default_factory=list)
    keeps_drafts: bool = True
    drafts: dict[str, tuple[str, Letter]] = field(default_factory=dict)
    sent: dict[str, Letter] = field(default_factory=dict)
    arrived: list[str] = field(default_factory=list)

    def fate(self) -> str:
        return self.fates.pop(0) if self.fates else "done"

    async def find_draft(self, key: str, *, but_not: Collection[str] = ()) -> tuple[str, bool] | None:
        found = next((identity for identity, (name, _) in self.drafts.items() if name == key and identity not in but_not), None)
        return None if found is None else (found, found in self.sent)

    async def is_sent(self, draft_id: str) -> bool | None:
        return draft_id in self.sent if draft_id in self.drafts else None

    async def create_draft(self, key: str, mail: Letter) -> str:
        match self.fate():
            case "refused":
                raise GraphRefused("graph_refused", status=400)
            case "unclear" | "gone":
                raise GraphUnclear("graph_unclear")
            case fate:
                identity = f"id-{len(self.drafts)}"
                self.drafts[identity] = (key, mail)
                if fate == "lost":
                    raise GraphUnclear("graph_unclear")
                return identity

    async def send_draft(self, draft_id: str) -> None:
        match self.fate():
            case "gone":
                raise GraphGone("graph_gone", status=404)
            case "refused" | "unclear":
                raise GraphUnclear("graph_unclear")
            case fate:
                if draft_id not in self.sent:
                    self.sent[draft_id] = self.drafts[draft_id][1]
                    self._deliver(self.sent[draft_id])
                if fate == "lost":
                    raise GraphUnclear("graph_unclear")

    async def send_mail(self, mail: Letter) -> None:
        match self.fate():
            case "refused":
                raise GraphRefused("graph_refused", status=400)
            case "unclear":
                raise GraphUnclear("graph_unclear")
            case "gone":
                raise GraphGone("graph_gone", status=404)
            case fate:
                self._deliver(mail)
                if fate == "lost":
                    raise GraphUnclear("graph_unclear")

    def _deliver(self, mail: Letter) -> None:
        self.arrived += [*(email for email, _ in mail.to), *mail.hidden]


@dataclass(slots=True)
class Watch:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


def deliver(folder: Path, messages: list[Message], exchange: Exchange, rounds: int, **more: object) -> tuple[dict[str, Message], int]:
    """Rounds of delivery until `rounds` are over; the messages as they are afterwards, and how many rounds waited for a minute."""
    with open_database(f"sqlite:///{folder}/{datetime.now(UTC).timestamp()}.db") as database:
        outbox, watch, waits = SqlOutbox(database), Watch(), 0
        outbox.add_messages(messages)
        budget = Budget(messages_per_minute=5)
        allowance = Allowance(mailbox="m@kommune.example", book=SqlPostageBook(database), clock=watch, budget=budget)
        for _ in range(rounds):
            postman = Postman(
                plan=PLAN, people=PeopleIndex(()), mailbox=exchange, outbox=outbox, allowance=allowance, now=watch.at,
                broadcasts=SqlBroadcastBook(database), words=SqlReminderWordBook(database),
                link_for=lambda *_: None, link_for_leader=lambda *_: None, still_mine=lambda: None, **more,
            )  # fmt: skip
            delivery = asyncio.run(deliver_messages(in_order(outbox.load_pending(PLAN.id), watch.at), postman))
            if delivery.wait is not None:
                assert (delivery.wait.full, delivery.waiting > 0) == (Full.MINUTE, True)
                watch.at, waits = delivery.wait.until, waits + 1
        return {message.email: message for message in outbox.load_messages(PLAN.id)}, waits


@settings(max_examples=40)
@given(count=st.integers(1, 9), fates=st.lists(st.sampled_from(FATES), max_size=30), one_for_all=st.booleans(), keeps=st.booleans())
def test_each_message_reaches_its_reader_once_or_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, count: int, fates: list[str], one_for_all: bool, keeps: bool
) -> None:
    messages = [reminder(f"p{number}") for number in range(count)]
    exchange = Exchange(fates=list(fates), keeps_drafts=keeps)
    after, _ = deliver(tmp_path_factory.mktemp("outbox"), messages, exchange, rounds=len(fates) + 4, one_for_all=one_for_all)
    arrived = Counter(exchange.arrived)
    for email, message in after.items():
        assert arrived[email] <= 1
        match message.state:
            case DeliveryState.SENT:
                assert arrived[email] == 1
            case DeliveryState.FAILED:
                assert arrived[email] == 0
            case DeliveryState.SENDING:
                assert (message.error, keeps) == (NO_RECEIPT, False)
            case state:
                raise AssertionError(state)


def test_a_queue_goes_in_its_order_as_fast_as_the_mailbox_may_and_never_faster(tmp_path: Path) -> None:
    """Twelve at five a minute: the urgent one first, and done when the third minute begins."""
    messages = [reminder(f"p{number:02}", expires_at=NOW + timedelta(days=5, hours=number)) for number in range(11)]
    urgent = reminder("urgent", params={**messages[0].params, "urgent": "yes"}, expires_at=NOW + timedelta(days=40))
    exchange = Exchange()
    after, waits = deliver(tmp_path, [*messages, urgent], exchange, rounds=3)
    assert exchange.arrived == [urgent.email, *(message.email for message in messages)]
    assert waits == 2
    times = Counter(message.sent_at for message in after.values())
    assert times == {NOW: 5, NOW + MINUTE: 5, NOW + 2 * MINUTE: 2}


def test_one_mail_that_is_refused_is_sent_one_by_one(tmp_path: Path) -> None:
    """One bad address among many keeps nobody else from the mail."""
    messages = [reminder(f"p{number}") for number in range(3)]
    exchange = Exchange(fates=["refused", "done", "done", "refused"])
    after, _ = deliver(tmp_path, messages, exchange, rounds=1, one_for_all=True)
    assert [after[message.email].state.value for message in messages] == ["sent", "failed", "sent"]
    assert {message.together for message in after.values()} == {""}


def test_what_went_as_one_is_found_again_as_one(tmp_path: Path) -> None:
    """The answer to the draft got lost: it is found by the key that they share, and sent once."""
    messages = [reminder(f"p{number}") for number in range(3)]
    exchange = Exchange(fates=["lost"])
    after, _ = deliver(tmp_path, messages, exchange, rounds=2, one_for_all=True)
    assert (len(exchange.drafts), sorted(exchange.arrived)) == (1, [message.email for message in messages])
    assert {message.state.value for message in after.values()} == {"sent"}
    assert len({message.together for message in after.values()}) == 1


def test_a_message_that_has_expired_takes_no_room(tmp_path: Path) -> None:
    late = [replace(reminder(f"p{number}"), expires_at=NOW) for number in range(9)]
    after, waits = deliver(tmp_path, late, Exchange(), rounds=1)
    assert ({message.state.value for message in after.values()}, waits) == ({"expired"}, 0)


def begun_before(exchange: Exchange, *, sent: bool) -> Message:
    """A message whose draft an older program made, under the message's own key, before it died."""
    message = reminder("anna", state=DeliveryState.SENDING)
    exchange.drafts["old"] = (message.key, Letter(to=((message.email, "Anna"),), reply_to="hr@kommune.example", subject="s", html=""))
    if sent:
        exchange.sent["old"] = exchange.drafts["old"][1]
        exchange.arrived.append(message.email)
    return message


@pytest.mark.parametrize("sent", [True, False])
def test_a_draft_that_an_older_program_made_is_found_and_goes_once(tmp_path: Path, sent: bool) -> None:
    exchange = Exchange()
    message = begun_before(exchange, sent=sent)
    after, _ = deliver(tmp_path, [message], exchange, rounds=2)
    assert (exchange.arrived, len(exchange.drafts)) == ([message.email], 1)
    assert (after[message.email].state, after[message.email].draft_id) == (DeliveryState.SENT, "old")


def test_a_draft_of_the_older_program_that_went_for_another_plan_is_not_taken_for_this_ones(tmp_path: Path) -> None:
    exchange = Exchange()
    message = begun_before(exchange, sent=True)
    theirs = replace(message, plan="another", state=DeliveryState.SENT, draft_id="old", sent_at=NOW)
    after, _ = deliver(tmp_path, [message, theirs], exchange, rounds=2)
    assert (len(exchange.arrived), len(exchange.drafts)) == (2, 2)
    assert after[message.email].draft_id == "id-1"


def test_two_plans_never_share_a_key(tmp_path: Path) -> None:
    """Equal courses, rules and people: what stands on the draft tells whose it is, and names nobody."""
    exchange = Exchange()
    messages = [reminder("anna"), reminder("bo")]
    for plan in (PLAN.id, "another"):
        for alone in (True, False):
            some = [replace(one, plan=plan) for one in messages[: 1 if alone else 2]]
            exchange.drafts[f"{plan} {alone}"] = (draft_key(some), Letter(to=(), reply_to="", subject="", html=""))
    keys = [key for key, _ in exchange.drafts.values()]
    assert len(set(keys)) == 4
    assert not [key for key in keys if "@" in key]
    deliver(tmp_path, messages, exchange, rounds=2)
    assert len(exchange.arrived) == 2
