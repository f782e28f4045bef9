"""Which of our mails came back: whatever the inbox holds, nothing is failed that was not named by what answers it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.accounts import returned_mails
from bot.delivery.bounces import OnTheirWay, bounced_invitations, bounced_messages, on_their_way, worth_a_look
from bot.domain.bounces import Bounce, BounceReason, BounceReport, Original, reason_of
from bot.domain.events import LedgerEntry, LedgerState, SessionKey
from bot.domain.messages import DeliveryState, Message, MessageKind

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SINCE = NOW - timedelta(days=3)
NAMES = tuple(f"{name}@kommune.example" for name in ("anna", "bo", "carl"))
KEY = SessionKey(plan="demo", course="k", offering="main", session="dag")

names = st.sampled_from(NAMES)
# Few ids, so that reports, mails and events meet: drafts d0 to d3, events e0 and e1.
ids = st.sampled_from([f"<{number}@x.example>" for number in range(6)])
drafts = st.sampled_from([f"d{number}" for number in range(4)])
moments = st.integers(min_value=-100, max_value=0).map(lambda hours: NOW + timedelta(hours=hours))
reports = st.lists(
    st.builds(
        BounceReport,
        original=ids,
        addresses=st.frozensets(names, max_size=3),
        code=st.sampled_from(["5.1.10", "5.2.2", ""]),
        received_at=moments,
    ),
    max_size=6,
)
originals = st.dictionaries(ids, st.builds(Original, message_id=drafts, event_id=st.sampled_from([None, "e0", "e1", "e9"])), max_size=6)
messages = st.lists(
    st.builds(
        Message,
        plan=st.just("demo"),
        key=st.uuids().map(str),
        kind=st.just(MessageKind.FULL),
        course=st.just("k"),
        offering=st.just("main"),
        email=names,
        created_at=st.just(SINCE),
        state=st.sampled_from(DeliveryState),
        draft_id=st.none() | drafts,
        sent_at=st.none() | moments,
    ),
    max_size=5,
)
entries = st.lists(st.tuples(st.sampled_from([None, "e0", "e1"]), st.dictionaries(names, moments)), max_size=2).map(
    lambda found: [entry(f"s{number}", event_id, since) for number, (event_id, since) in enumerate(found)]
)


def entry(session: str, event_id: str | None, since: dict[str, datetime], part: int = 1) -> LedgerEntry:
    return LedgerEntry(
        key=replace(KEY, session=session, part=part),
        state=LedgerState.APPLIED,
        transaction_id="t",
        event_id=event_id,
        subject="Kursus",
        start=NOW,
        end=NOW,
        desired_fields={},
        observed_fields={},
        desired_attendees={},
        invited_since=since,
    )


@given(messages, entries, reports, originals)
def test_only_who_is_named_by_a_report_that_answers_a_mail_of_ours_to_them(
    sent: list[Message], ledger: list[LedgerEntry], inbox: list[BounceReport], found: dict[str, Original]
) -> None:
    """And of these each, once, with nothing changed but state and cause."""
    lately = on_their_way(sent, ledger, (), since=SINCE)
    failed = bounced_messages(inbox, found, lately, now=NOW)
    named = {
        one.key
        for one in sent
        for report in inbox
        if report.original in found and found[report.original].message_id == one.draft_id and one.email in report.addresses
        and one.state is DeliveryState.SENT and one.sent_at is not None and one.sent_at >= SINCE
    }  # fmt: skip
    assert sorted(one.key for one in failed) == sorted(named)
    before = {one.key: one for one in sent}
    assert all(
        one.state is DeliveryState.FAILED and one == replace(before[one.key], state=one.state, error=one.error, ended_at=NOW)
        for one in failed
    )
    told = {(one.session.session, one.email) for one in bounced_invitations(inbox, found, lately, now=NOW)}
    assert told == {
        (one.key.session, email)
        for one in {each.event_id: each for each in ledger if any(at >= SINCE for at in each.invited_since.values())}.values()
        for email, at in one.invited_since.items()
        for report in inbox
        if report.original in found and one.event_id is not None and found[report.original].event_id == one.event_id
        and at >= SINCE and email in report.addresses
    }  # fmt: skip


@given(messages, entries, reports, originals)
def test_what_is_not_worth_a_look_changes_nothing(
    sent: list[Message], ledger: list[LedgerEntry], inbox: list[BounceReport], found: dict[str, Original]
) -> None:
    lately = on_their_way(sent, ledger, (), since=SINCE)
    looked_at = worth_a_look(inbox, lately)
    assert bounced_messages(looked_at, found, lately, now=NOW) == bounced_messages(inbox, found, lately, now=NOW)
    assert bounced_invitations(looked_at, found, lately, now=NOW) == bounced_invitations(inbox, found, lately, now=NOW)


def test_what_is_known_to_have_come_back_is_not_looked_for_again() -> None:
    """Nor is anything where nothing was sent lately; a part counts for its session."""
    assert on_their_way((), (), (), since=SINCE) == OnTheirWay(messages=(), invited={}, since=None)
    invited = [entry("dag", "e0", {NAMES[0]: NOW, NAMES[1]: NOW - timedelta(days=9)}, part=2)]
    assert on_their_way((), invited, (), since=SINCE) == OnTheirWay(messages=(), invited={"e0": (KEY, frozenset({NAMES[0]}))}, since=NOW)
    assert on_their_way((), invited, {(KEY, NAMES[0])}, since=SINCE).since is None


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("5.1.1", BounceReason.UNKNOWN_ADDRESS),
        ("5.1.10", BounceReason.UNKNOWN_ADDRESS),
        ("5.1.90", BounceReason.DAY_IS_FULL),
        ("5.2.2", BounceReason.MAILBOX_FULL),
        ("5.7.350", BounceReason.REFUSED),
        ("4.4.7", BounceReason.EXPIRED),
        ("5.6.0", BounceReason.OTHER),
        ("", BounceReason.OTHER),
    ],
)
def test_a_status_code_is_a_cause(code: str, reason: BounceReason) -> None:
    assert reason_of(code) is reason


def test_what_came_back_is_listed_once_while_the_address_is_in_use() -> None:
    failed = Message(
        plan="demo", key="a", kind=MessageKind.FULL, course="k", offering="main", email=NAMES[0], created_at=NOW,
        state=DeliveryState.FAILED, error=BounceReason.OTHER,
    )  # fmt: skip
    others = [
        replace(failed, key="b"),
        replace(failed, key="c", error="graph_refused"),
        replace(failed, key="d", state=DeliveryState.SENT),
        replace(failed, key="e", email=NAMES[2]),
    ]
    bounces = [Bounce(session=KEY, email=email, reason=BounceReason.MAILBOX_FULL, received_at=NOW) for email in NAMES[1:]]
    listed = returned_mails([failed, *others], bounces, NAMES[:2])
    assert [(one.kind, one.email, one.session, one.reason) for one in listed] == [
        ("invitation", NAMES[1], "demo/k/main/dag", "bounced_mailbox_full"),
        ("full", NAMES[0], "", "bounced_other"),
    ]
