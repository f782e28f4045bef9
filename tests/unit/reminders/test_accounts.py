"""Every message is accounted for."""

from __future__ import annotations

from dataclasses import replace

from bot.delivery.accounts import STATES, accounts
from bot.domain.messages import DeliveryState
from bot.domain.reminders import ReminderItem, items_text
from bot.domain.templates import MessageKind
from tests.builders.notices import message

SEAT = message(MessageKind.SEAT_OFFERED, params={})
DIGEST = replace(
    SEAT,
    key="reminder/digest/x",
    kind=MessageKind.DIGEST,
    params={"items": items_text(ReminderItem("r", "k", "main", "dag", "2025-06-18", "mail", kind) for kind in ("practical", "tomorrow"))},
)


def test_the_sum_is_whole_and_a_mail_that_says_two_things_is_two():
    outbox = [
        *(replace(SEAT, key=state.value, state=state, error="x" if state is DeliveryState.FAILED else "") for state in DeliveryState),
        replace(DIGEST, state=DeliveryState.EXPIRED, error="too_late"),
    ]
    practical, seat, tomorrow = accounts(outbox)
    assert (practical.kind, tomorrow.kind, seat.kind) == ("practical", "tomorrow", "seat_offered")
    assert practical.reasons == tomorrow.reasons == {("expired", "too_late"): 1}
    assert seat.reasons == {("failed", "x"): 1}
    assert seat.expected == len(DeliveryState) == sum(seat.counts[state] for state in STATES)
    assert accounts([]) == ()
