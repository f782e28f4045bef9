"""Whatever comes, in whatever order and however often: forged items change nothing, genuine ones come to the same."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.notifications import MAILBOX, GraphNotice, Hint, Intake, LifecycleEvent, Resource, Subscription, digest
from bot.subscriptions.intake import take_in
from bot.subscriptions.reading import read_notices

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECRETS = {f"s-{number}": f"secret-{number}" for number in range(6)}
SUBSCRIPTIONS = {
    one: Subscription(
        plan=f"plan-{number // 3}", resource=[*Resource][number % 3], id=one, address="https://a.example", path="p",
        expires_at=NOW, renew_at=NOW, client_state=digest(secret), created_at=NOW,
    )
    for number, (one, secret) in enumerate(SECRETS.items())
}  # fmt: skip
events = st.sampled_from(["", *LifecycleEvent, "renamedNextYear"])
genuine = st.builds(
    lambda one, event: GraphNotice(subscription=one, secret=SECRETS[one], event=event), st.sampled_from(sorted(SECRETS)), events
)
forged = st.builds(
    GraphNotice,
    subscription=st.sampled_from([*SECRETS, "s-9", ""]),
    secret=st.text(max_size=20) | st.sampled_from([digest(secret) for secret in SECRETS.values()]),
    event=events,
)


@given(
    real=st.lists(genuine, max_size=8),
    false=st.lists(forged, max_size=8),
    chance=st.randoms(use_true_random=True),
    copies=st.integers(1, 3),
)
def test_order_repetition_and_forgeries_change_nothing(real, false, chance, copies):
    mixed = [*real * copies, *false]
    chance.shuffle(mixed)
    alone, found = take_in(real, SUBSCRIPTIONS.values()), take_in(mixed, SUBSCRIPTIONS.values())
    assert replace(found, forged=0) == alone
    assert (alone.forged, found.forged) == (0, len(false))


@given(real=st.lists(genuine, max_size=8))
def test_each_kind_does_what_its_row_says(real):
    found = take_in(real, SUBSCRIPTIONS.values())
    of = {event: {one.subscription for one in real if one.event == event} for event in ("", *LifecycleEvent)}
    lost = of[LifecycleEvent.MISSED] | of[LifecycleEvent.SUBSCRIPTION_REMOVED]
    hinted = {(SUBSCRIPTIONS[one].plan, SUBSCRIPTIONS[one].resource, one in lost) for one in of[""] | lost}
    assert found.saved == {plan for plan, resource, _ in hinted if resource is Resource.LIBRARY}
    assert found.hints == {Hint(plan=plan, resource=resource, whole=whole) for plan, resource, whole in hinted if resource in MAILBOX}
    assert found.forget == of[LifecycleEvent.SUBSCRIPTION_REMOVED]
    assert found.renew == of[LifecycleEvent.REAUTHORIZATION_REQUIRED] - found.forget
    assert found.upkeep == {SUBSCRIPTIONS[one].plan for one in found.forget | of[LifecycleEvent.REAUTHORIZATION_REQUIRED]}
    assert found.is_empty is (not found.hints and not found.forget and not found.renew)


@given(false=st.lists(forged, max_size=20))
def test_forgeries_alone_are_nothing(false):
    assert take_in(false, SUBSCRIPTIONS.values()) == Intake(forged=len(false))


@given(
    sent=st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_no_json_breaks_the_reading(sent):
    for body in (json.dumps(sent), json.dumps({"value": sent}), json.dumps({"value": [sent]})):
        assert take_in(read_notices(body.encode()) or (), SUBSCRIPTIONS.values()).is_empty


@given(sent=st.binary(max_size=200))
def test_no_bytes_break_the_reading(sent):
    assert take_in(read_notices(sent) or (), SUBSCRIPTIONS.values()).is_empty


def test_who_shares_a_subscription_is_hinted_at_too() -> None:
    """Graph makes one for a mailbox and resource, however many plans have that mailbox."""
    (first, *_) = SUBSCRIPTIONS.values()
    shared = replace(first, plan="andet")
    for event in ("", LifecycleEvent.MISSED, LifecycleEvent.SUBSCRIPTION_REMOVED):
        notice = GraphNotice(subscription=first.id, secret=SECRETS[first.id], event=event)
        found = take_in([notice], [first, shared])
        assert {(one.plan, one.whole) for one in found.hints} == {(first.plan, bool(event)), ("andet", bool(event))}
