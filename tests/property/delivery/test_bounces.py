"""Which of our mails came back: whatever the inbox holds, nothing is failed that was not named by what answers it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.accounts import returned_mails
from bot.delivery.bounces import OnTheirWay, came_back, on_their_way, recipients_named, worth_a_look
from bot.domain.bounces import Bounce, BounceReason, BounceReport, Original, UnplacedReturn, reason_of
from bot.domain.events import LedgerEntry, LedgerState, SessionKey
from bot.domain.messages import DeliveryState, Message
from bot.domain.people import PeopleIndex, Person
from bot.domain.templates import MessageKind

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SINCE = NOW - timedelta(days=3)
NAMES = tuple(f"{name}@kommune.example" for name in ("anna", "bo", "carl"))
ORGANISER = "kurser@kommune.example"
PEOPLE = PeopleIndex([Person(email=NAMES[1], aliases=frozenset({"bo.alias@kommune.example"}))])
KEY = SessionKey(plan="demo", course="k", offering="main", session="dag")

names = st.sampled_from(NAMES)
# Few ids, so that reports, mails and events meet: drafts d0 to d3, events e0 and e1.
ids = st.sampled_from([f"<{number}@x.example>" for number in range(6)])
drafts = st.sampled_from([f"d{number}" for number in range(4)])
moments = st.integers(min_value=-100, max_value=0).map(lambda hours: NOW + timedelta(hours=hours))
reports = st.lists(
    st.builds(
        BounceReport,
        originals=st.lists(ids, max_size=2).map(tuple),
        addresses=st.lists(names | st.sampled_from(["bo.alias@kommune.example", ORGANISER]), max_size=3, unique=True).map(tuple),
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


def ours_of(report: BounceReport, found: dict[str, Original], lately: OnTheirWay) -> Original | None:
    drafts = {one.draft_id for one in lately.messages if one.draft_id}
    known = [found[one] for one in report.originals if one in found]
    return next((one for one in known if one.message_id in drafts or one.event_id in lately.events), None)


@given(messages, entries, reports, originals)
def test_nobodys_mail_is_failed_but_by_what_refers_to_it(
    sent: list[Message], ledger: list[LedgerEntry], inbox: list[BounceReport], found: dict[str, Original]
) -> None:
    """A mail to one person by whatever refers to it, one for many by what names them too; each once, with only state and cause changed."""
    lately = on_their_way(sent, ledger, (), since=SINCE, organiser=ORGANISER)
    back = came_back(inbox, found, lately, PEOPLE, now=NOW)
    went: dict[str | None, list[Message]] = {}
    for one in lately.messages:
        went.setdefault(one.draft_id, []).append(one)
    referred = [(one, ours_of(one, found, lately)) for one in inbox]
    expected = {
        message.key
        for report, ours in referred
        if ours is not None
        for message in went.get(ours.message_id, [])
        if len(went[ours.message_id]) == 1
        or message.email in recipients_named(report.addresses, {one.email for one in went[ours.message_id]}, PEOPLE)
    }
    assert {one.key for one in back.messages} == expected
    before = {one.key: one for one in sent}
    assert all(one == replace(before[one.key], state=DeliveryState.FAILED, error=one.error, ended_at=NOW) for one in back.messages)
    told = {(one.session, one.email) for one in back.invitations}
    for session, email in told:
        assert any(
            ours is not None and ours.event_id in lately.invited and lately.invited[ours.event_id][0] == session
            and (email in report.addresses or report.addresses)
            for report, ours in referred
        ), email  # fmt: skip
    assert len(told) == len(back.invitations)


@given(messages, entries, reports, originals)
def test_what_is_told_as_unplaced_is_an_address_that_a_report_names(
    sent: list[Message], ledger: list[LedgerEntry], inbox: list[BounceReport], found: dict[str, Original]
) -> None:
    """Of a report about nothing that we know only one that we wrote to; of somebody's own mail nothing, and never our own."""
    lately = on_their_way(sent, ledger, (), since=SINCE, organiser=ORGANISER)
    back = came_back(inbox, found, lately, PEOPLE, now=NOW)
    for one in back.unplaced:
        assert one.email != ORGANISER
        naming = [report for report in inbox if one.email in report.addresses]
        assert any(
            ours_of(report, found, lately) is not None
            or (one.email in lately.addresses and not [name for name in report.originals if name in found])
            for report in naming
        )
    assert len(back.unplaced) <= 3 * len(inbox)


@given(messages, entries, reports, st.frozensets(names))
def test_only_what_is_known_to_have_come_back_is_not_looked_up(
    sent: list[Message], ledger: list[LedgerEntry], inbox: list[BounceReport], returned: frozenset[str]
) -> None:
    failed = [message_to(email) for email in returned]
    lately = on_their_way(sent, ledger, (), since=SINCE, failed=failed, organiser=ORGANISER)
    looked_at = worth_a_look(inbox, lately, PEOPLE)
    for report in inbox:
        if report not in looked_at:
            named = {one for one in report.addresses if one != ORGANISER}
            assert named
            assert not named & lately.addresses


def message_to(email: str, draft_id: str = "d0", **more: object) -> Message:
    made = Message(
        plan="demo", key=f"k/{email}", kind=MessageKind.FULL, course="k", offering="main", email=email, created_at=SINCE,
        state=DeliveryState.SENT, draft_id=draft_id, sent_at=NOW,
    )  # fmt: skip
    return replace(made, **more)


def says(*addresses: str, originals: tuple[str, ...] = ("<1@x.example>",)) -> BounceReport:
    return BounceReport(originals=originals, addresses=addresses, code="5.1.1", received_at=NOW)


ANNA, BO, CARL = NAMES
PLUS = "gert+kursus@kommune.example"
OURS = {"<1@x.example>": Original(message_id="d0"), "<2@x.example>": Original(message_id="hr's own")}


@pytest.mark.parametrize(
    ("to", "report", "failed", "unplaced"),
    [
        ((ANNA,), says(ANNA), {ANNA}, set()),
        ((ANNA,), says("anna.privat@web.example"), {ANNA}, set()),
        ((ANNA,), says(), {ANNA}, set()),
        ((ANNA,), says(originals=("<9@x.example>", "<1@x.example>")), {ANNA}, set()),
        ((PLUS,), says("gert@kommune.example"), {PLUS}, set()),
        ((ANNA, BO), says(BO, ORGANISER), {BO}, set()),
        ((ANNA, BO), says("bo.alias@kommune.example"), {BO}, set()),
        ((ANNA, PLUS), says("gert@kommune.example"), {PLUS}, set()),
        ((PLUS, "gert+andet@kommune.example"), says("gert@kommune.example"), set(), {"gert@kommune.example"}),
        ((ANNA, BO), says("anna.privat@web.example", ORGANISER), set(), {"anna.privat@web.example"}),
        ((ANNA, BO), says(), set(), set()),
        ((ANNA, BO), says(*(f"p{number}@web.example" for number in range(9))), set(), {f"p{number}@web.example" for number in range(3)}),
        ((ANNA, BO), says(ANNA, originals=()), set(), {ANNA}),
        ((ANNA, BO), says(ANNA, originals=("<9@x.example>",)), set(), {ANNA}),
        ((ANNA, BO), says(CARL, originals=()), set(), set()),
        ((ANNA, BO), says(ANNA, originals=("<2@x.example>",)), set(), set()),
    ],
    ids=[
        "the address", "forwarded on", "no address", "another reference first", "without what stands after a plus",
        "one of many", "a former address", "one of many, without the plus", "it could mean two", "a stranger of many", "nobody of many",
        "a flood of addresses", "about nothing", "about what is gone", "a stranger, about nothing", "about somebody's own mail",
    ],
)  # fmt: skip
def test_which_mail_came_back(to: tuple[str, ...], report: BounceReport, failed: set[str], unplaced: set[str]) -> None:
    """By the table of `bot.delivery.bounces`."""
    sent = on_their_way([message_to(email) for email in to], (), (), since=SINCE, organiser=ORGANISER.upper())
    back = came_back([report, report], OURS, sent, PEOPLE, now=NOW)
    assert {one.email for one in back.messages} == failed
    assert {one.email for one in back.unplaced} == unplaced
    assert len(back.messages) == len(failed)


def test_an_invitation_came_back_to_those_that_are_named_and_nobody_else() -> None:
    """Also where it is known of some already; of an event whose invitations went long ago nothing is told."""
    event = {"<1@x.example>": Original(message_id="m", event_id="e0")}
    invited = [entry("dag", "e0", {ANNA: NOW, BO: NOW, CARL: NOW - timedelta(days=9)})]
    for known, report, bounced, unplaced in (
        ((), says(BO), {BO}, set()),
        ((), says("ny@web.example"), set(), {"ny@web.example"}),
        ({(KEY, BO)}, says(BO), set(), set()),
        ({(KEY, BO), (KEY, ANNA)}, says("ny@web.example"), set(), set()),
    ):
        sent = on_their_way((), invited, known, since=SINCE)
        back = came_back([report], event, sent, PEOPLE, now=NOW)
        assert ({one.email for one in back.invitations}, {one.email for one in back.unplaced}) == (bounced, unplaced)


def test_what_is_known_to_have_come_back_is_not_looked_for_again() -> None:
    """Nor is anything where nothing was sent lately; a part counts for its session."""
    assert on_their_way((), (), (), since=SINCE) == OnTheirWay(messages=(), invited={}, since=None)
    invited = [entry("dag", "e0", {ANNA: NOW, BO: NOW - timedelta(days=9)}, part=2)]
    sent = on_their_way((), invited, (), since=SINCE)
    assert (sent.invited, sent.since, sent.addresses) == ({"e0": (KEY, frozenset({ANNA}))}, NOW, frozenset({ANNA}))
    known = on_their_way((), invited, {(KEY, ANNA)}, since=SINCE, organiser=ORGANISER)
    assert (known.since, known.events, known.returned) == (None, frozenset({"e0"}), frozenset({ANNA}))
    reports = [says(ANNA), says(ANNA, ORGANISER), says(ANNA, BO), says(), says("ny@web.example")]
    assert worth_a_look(reports, known, PEOPLE) == tuple(reports[2:])
    assert worth_a_look(reports, sent, PEOPLE) == tuple(reports)


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
    stray = UnplacedReturn(email="ny@web.example", reason=BounceReason.OTHER, received_at=NOW, noted_at=NOW)
    listed = returned_mails([failed, *others], bounces, NAMES[:2], [stray])
    assert [(one.kind, one.email, one.session, one.reason) for one in listed] == [
        ("invitation", NAMES[1], "demo/k/main/dag", "bounced_mailbox_full"),
        ("full", NAMES[0], "", "bounced_other"),
        ("unplaced", "ny@web.example", "", "bounced_other"),
    ]
