"""What of the reminders that were begun may go now, by the table of `bot.rounds.steps.still_true`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.delivery.parcels import together_key
from bot.domain.events import SessionKey
from bot.domain.messages import DeliveryState
from bot.domain.people import PeopleIndex
from bot.domain.reminders import NotSent, Reminder, ReminderState, ReminderTarget, items_of, items_text
from bot.domain.teams import TeamsReach
from bot.reminders.occasion import Occasion
from bot.rounds.steps.still_true import StillTrue, still_true
from tests.builders.parcels import NOW, PLAN, reminder

if TYPE_CHECKING:
    from bot.domain.messages import Message

DUE, SCHEDULED, SKIPPED = ReminderState.DUE, ReminderState.SCHEDULED, ReminderState.SKIPPED
ANNA, BO, CARL = (reminder(name, state=DeliveryState.SENDING, draft_id="d") for name in ("anna", "bo", "carl"))
LINE = replace(ANNA, params={"items": items_text([replace(items_of(ANNA)[0], channel="teams")])})


def occasion() -> Occasion:
    return Occasion(
        plan=PLAN, rows=(), calendar={}, asked={}, members={}, known={}, people=PeopleIndex(()), now=NOW, until=NOW + timedelta(days=1),
        reach=TeamsReach(),
    )  # fmt: skip


def asked_for(message: Message, state: ReminderState, reason: str = "") -> Reminder:
    (item,) = items_of(message)
    return Reminder(
        item=item,
        session=SessionKey(plan=PLAN.id, course=item.course, offering="hold-1", session="dag"),
        email=message.email,
        target=next(iter(ReminderTarget)),
        due_at=NOW,
        expires_at=NOW + timedelta(days=9),
        state=state,
        reason=reason,
    )


def together(*messages: Message) -> tuple[Message, ...]:
    key = together_key(messages)
    return tuple(replace(message, together=key) for message in messages)


def judged(monkeypatch: pytest.MonkeyPatch, begun: tuple[Message, ...], *asked: Reminder) -> StillTrue:
    monkeypatch.setattr("bot.rounds.steps.still_true.reminders", lambda _occasion: asked)
    return still_true(occasion(), begun)


def again(message: Message) -> Message:
    return replace(message, state=DeliveryState.DUE, draft_id=None, together="")


def skipped(message: Message) -> Message:
    return replace(message, state=DeliveryState.SKIPPED, error=NotSent.NO_LONGER_TRUE)


def test_what_is_asked_for_and_due_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged(monkeypatch, (ANNA,), asked_for(ANNA, DUE)) == StillTrue(may_go=frozenset({ANNA.key}))


@pytest.mark.parametrize(("state", "reason"), [(SCHEDULED, ""), (DUE, NotSent.WEEK_IS_FULL)])
def test_what_is_asked_for_later_waits_as_others_do(monkeypatch: pytest.MonkeyPatch, state: ReminderState, reason: str) -> None:
    assert judged(monkeypatch, (ANNA,), asked_for(ANNA, state, reason)) == StillTrue()


def test_of_what_nobody_asks_for_a_draft_is_skipped_and_a_line_stays_uncertain(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged(monkeypatch, (ANNA,)) == StillTrue(changed=(skipped(ANNA),))
    assert judged(monkeypatch, (ANNA,), asked_for(ANNA, SKIPPED)) == StillTrue(changed=(skipped(ANNA),))
    assert judged(monkeypatch, (LINE,)) == StillTrue()


def test_of_a_draft_to_several_all_go_or_each_that_is_true_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    both = together(ANNA, BO)
    all_due = judged(monkeypatch, both, asked_for(ANNA, DUE), asked_for(BO, DUE))
    assert all_due == StillTrue(may_go=frozenset({ANNA.key, BO.key}))
    one_due = judged(monkeypatch, both, asked_for(ANNA, DUE))
    assert one_due == StillTrue(changed=(skipped(both[1]), again(both[0])))


def test_who_was_erased_is_still_on_the_draft_to_several(monkeypatch: pytest.MonkeyPatch) -> None:
    anna, bo, _ = together(ANNA, BO, CARL)
    left = judged(monkeypatch, (anna, bo), asked_for(ANNA, DUE), asked_for(BO, DUE))
    assert left == StillTrue(changed=(again(anna), again(bo)))


def test_where_nothing_was_begun_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.rounds.steps.still_true.reminders", None)
    assert still_true(occasion(), ()) == StillTrue()
