"""Any history of answers, moved dates, rounds and pauses: each message once, in time, to those it is still true of."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.enrolment import Enrolment
from bot.domain.messages import DeliveryState
from bot.domain.participation import PART_OF
from bot.domain.registrations import RegistrationStatus
from bot.domain.reminder_rules import ReminderAnchor, ReminderUnit
from bot.domain.reminders import EVERYBODY, ReminderWord, WordKind, items_of
from bot.domain.sending import SendingRules
from bot.reminders.bundles import bundle, known_reminders
from bot.reminders.due import reminders
from bot.reminders.moments import GRACE, sending_hours
from bot.reminders.recipients import TARGET_OF
from bot.reminders.words import words_in_force
from tests.builders.occasions import ANE, BO, PEOPLE, S, T, at, course, occasion, plan, row, rule, session

BEGIN = at(2, "06:00")
STATUSES = st.sampled_from(list(RegistrationStatus))
RULES = (
    rule(
        "svar", T.UNANSWERED, anchor=ReminderAnchor.DEADLINE, amount=3, unit=ReminderUnit.WORKING_DAYS, at=time(9), template="please_answer"
    ),
    rule("praktisk", T.REGISTERED, amount=7, at=time(9), template="practical"),
    rule("i-morgen", T.REGISTERED, T.TENTATIVE),
    rule("haster", T.EVERYONE, amount=3, unit=ReminderUnit.HOURS, at=None, urgent=True),
    rule("efter", T.REGISTERED, before=False, anchor=ReminderAnchor.END, amount=2, unit=ReminderUnit.HOURS, at=None, template="follow_up"),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.sampled_from([0.2, 1, 5, 11, 26, 80])),
        st.tuples(st.just("round"), st.sampled_from(["sent", "lost"])),
        st.tuples(st.sampled_from([ANE, BO]), STATUSES),
        st.tuples(st.just("move"), st.sampled_from([17, 18, 20])),
    ),
    max_size=40,
)


def world(day, digest, most):
    made = course(session("del-1", day), session("del-2", day, start=13, end=15), enrolment=Enrolment(deadline=datetime(2025, 6, 11, 12)))
    return plan(*RULES, courses=(made,), sending=SendingRules(digest=digest, max_per_week=most))


def play(steps, digest, most):
    """The outbox after the steps, and what was sent: each message with the plan and the statuses of that moment."""
    now, day = BEGIN, 18
    status = dict.fromkeys((ANE, BO), S.INVITED)
    since = dict.fromkeys(status, BEGIN)
    outbox, sent = [], []
    for kind, value in steps:
        match kind:
            case "wait":
                now += timedelta(hours=value)
            case "move":
                day = value
            case "round":
                made = world(day, digest, most)
                for message in one_round(made, status, since, outbox, now):
                    if message.state is not DeliveryState.DUE:
                        outbox.append(message)
                    elif value == "sent":
                        outbox.append(replace(message, state=DeliveryState.SENT, sent_at=now))
                        sent.append((outbox[-1], made, dict(status)))
            case _:
                status[kind], since[kind] = value, now
    return outbox, sent


def one_round(made, status, since, outbox, now):
    rows = [row(email, status[email], since=since[email]) for email in status]
    known = known_reminders(outbox, PEOPLE)
    found = reminders(occasion(made, *rows, now=now, known=known, until=now + timedelta(days=1)))
    return bundle(made, found, outbox, PEOPLE, now=now)


@given(STEPS, st.booleans(), st.integers(0, 5))
def test_nobody_gets_a_message_too_many_too_late_or_of_what_is_no_longer_true(steps, digest, most):
    outbox, sent = play(steps, digest, most)
    assert [key for key, count in Counter(one.key for one in outbox).items() if count > 1] == []
    said = Counter((item.stem, one.email) for one in outbox for item in items_of(one))
    assert [what for what, count in said.items() if count > 1] == []
    for message, made, stood in sent:
        assert message.sent_at < message.expires_at
        for item in items_of(message):
            target, to = TARGET_OF.get(PART_OF[stood[message.email]], T.UNANSWERED), next(one.to for one in RULES if one.id == item.rule)
            assert target in to or (T.EVERYONE in to and target is not T.DECLINED)
        hours = sending_hours(made)
        in_hours = hours.allows(message.sent_at) or hours.allows(message.sent_at - GRACE)
        assert "urgent" in message.params or in_hours or hours.next_after(message.sent_at) >= message.expires_at


@given(STEPS, st.booleans(), st.integers(0, 5))
def test_nobody_gets_more_in_a_week_than_the_plan_allows(steps, digest, most):
    calm = [one for one, _, _ in play(steps, digest, most)[1] if "urgent" not in one.params]
    for message in calm:
        week = [one for one in calm if one.email == message.email and timedelta() <= message.sent_at - one.sent_at < timedelta(days=7)]
        assert len(week) <= most


@given(STATUSES, STATUSES, st.integers(0, 24 * 20))
def test_the_same_books_at_the_same_time_give_the_same_mails_in_any_order(first, second, hours):
    """And the order of the rows is nobody's advantage."""
    now = BEGIN + timedelta(hours=hours)
    rows = [row(ANE, first), row(BO, second)]
    made = world(18, digest=True, most=5)
    one, other = (reminders(occasion(made, *order, now=now)) for order in (rows, rows[::-1]))
    assert one == other
    assert bundle(made, one, (), PEOPLE, now=now) == bundle(made, other, (), PEOPLE, now=now)


SAYS = st.tuples(
    st.sampled_from(list(WordKind)), st.sampled_from([ANE, BO, EVERYBODY]), st.sampled_from([one.id for one in RULES]), st.booleans()
)
BY_HAND = st.lists(
    st.one_of(
        st.tuples(st.just("say"), SAYS),
        st.tuples(st.just("wait"), st.sampled_from([0.2, 5, 26, 80])),
        st.tuples(st.just("round"), st.none()),
        st.tuples(st.just("move"), st.sampled_from([17, 18, 20])),
    ),
    max_size=30,
)


def by_hand(steps, *, hears=True):
    """The outbox after the steps, with the words that HR said; both are registered all the while. `hears`: HR's words count."""
    now, day, outbox, said = BEGIN, 18, [], []
    for kind, value in steps:
        made = world(day, digest=True, most=50)
        rows = [row(ANE, since=BEGIN), row(BO, since=BEGIN)]
        match kind:
            case "wait":
                now += timedelta(hours=value)
            case "move":
                day = value
            case "say":
                said += spoken(made, rows, said, value, now) if hears else []
            case _:
                known, words = known_reminders(outbox, PEOPLE), words_in_force(said, PEOPLE)
                seen = reminders(occasion(made, *rows, now=now, known=known, words=words, until=now + timedelta(days=1)))
                for message in bundle(made, seen, outbox, PEOPLE, now=now):
                    is_sent = message.state is DeliveryState.DUE
                    outbox.append(replace(message, state=DeliveryState.SENT, sent_at=now) if is_sent else message)
    return outbox, said


def spoken(made, rows, said, value, now):
    """The words as the desk writes them down: what is sent is sent to each who is to get it."""
    kind, email, rule_id, later = value
    coming = reminders(occasion(made, *rows, now=now, words=words_in_force(said, PEOPLE), until=now + timedelta(days=400)))
    topics = {one.item.topic: None for one in coming if one.item.rule == rule_id}
    about = [ANE, BO] if kind is WordKind.SEND and email == EVERYBODY else [email]
    goes_from = now + timedelta(hours=9 * later) if kind is WordKind.SEND else None
    return [
        ReminderWord(topic=topic, email=one, kind=kind, by="hr", at=now, goes_from=goes_from) for topic in [*topics][:1] for one in about
    ]


@given(BY_HAND)
def test_whatever_hr_says_in_any_order_each_is_told_once_of_a_date_and_nobody_misses_what_was_not_skipped(steps):
    steps = [*steps, ("round", None)]
    outbox, said = by_hand(steps)
    told = Counter((item.stem, one.email) for one in outbox for item in items_of(one))
    assert [what for what, count in told.items() if count > 1] == []
    plain, _ = by_hand(steps, hears=False)
    sent, expected = (
        {(item.topic, one.email) for one in box if one.state is DeliveryState.SENT for item in items_of(one)} for box in (outbox, plain)
    )
    skipped = {(word.topic, word.email) for word in said if word.kind is WordKind.SKIP}
    missed = {one for one in expected - sent if not {one, (one[0], EVERYBODY)} & skipped}
    assert missed == set()
    early = {(word.topic, word.email) for word in said if word.kind is WordKind.SEND}
    assert sent - expected <= early


@given(BY_HAND)
def test_what_was_skipped_last_is_not_sent_after(steps):
    outbox, said = by_hand(steps)
    for (topic, email), word in words_in_force(said, PEOPLE).items():
        if word.kind is WordKind.SKIP and email != EVERYBODY:
            after = [one for one in outbox if one.email == email and one.sent_at is not None and one.sent_at > word.at]
            assert topic not in {item.topic for one in after for item in items_of(one)}
