"""Which mails the due messages become, and what the outbox says of them afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from bot.domain.messages import DeliveryState
from bot.domain.reminder_rules import Channel
from bot.domain.reminders import ReminderState, items_of
from bot.domain.sending import SendingRules
from bot.domain.templates import MessageKind
from bot.reminders.bundles import asked_by_mail, bundle, known_reminders, message_alone
from bot.reminders.due import reminders
from tests.builders.occasions import ANE, BO, PEOPLE, T, at, course, occasion, plan, row, rule, session

NOW = at(17, "09:00")
EARLY, NOON = rule("tidlig", at=time(9), template="practical"), rule("middag")


def mails(made, *rows, now=NOW, outbox=(), **facts):
    known = known_reminders(outbox, PEOPLE)
    return bundle(made, reminders(occasion(made, *rows, now=now, known=known, **facts)), outbox, PEOPLE, now=now)


def told(messages):
    return [(one.email, one.kind.value, [item.rule for item in items_of(one)], one.state.value, one.error) for one in messages]


def test_what_falls_due_later_the_same_day_goes_with_what_is_due():
    assert told(mails(plan(EARLY, NOON), row())) == [(ANE, "digest", ["middag", "tidlig"], "due", "")]
    assert told(mails(plan(NOON), row())) == []
    after = rule("efter", before=False, amount=1, at=time(12))
    (alone,) = mails(plan(EARLY, after), row(), now=at(17, "09:00"))
    assert (alone.kind, alone.key, alone.expires_at) == (
        MessageKind.PRACTICAL, f"reminder/tidlig/k/main/dag/2025-06-18/mail/{ANE}", at(18, "09:00"),
    )  # fmt: skip


def test_without_digest_and_where_it_is_urgent_each_is_a_mail_of_its_own():
    separate = plan(EARLY, replace(NOON, at=time(8)), sending=SendingRules(digest=False))
    assert [(one, rules) for one, _, rules, *_ in told(mails(separate, row()))] == [(ANE, ["middag"]), (ANE, ["tidlig"])]
    urgent = plan(EARLY, replace(NOON, at=time(8), urgent=True))
    assert [(kind, rules) for _, kind, rules, *_ in told(mails(urgent, row()))] == [("tomorrow", ["middag"]), ("practical", ["tidlig"])]


def test_an_announcement_has_its_own_words_and_is_a_mail_of_its_own():
    offer = rule("tilbud", at=time(9), template="announcement")
    assert sorted(rules for _, _, rules, *_ in told(mails(plan(EARLY, offer, NOON), row()))) == [["middag", "tidlig"], ["tilbud"]]
    assert told(mails(plan(EARLY, rule("tilbud", template="announcement")), row())) == [(ANE, "practical", ["tidlig"], "due", "")]


def test_what_the_week_has_no_room_for_waits_while_it_is_worth_it():
    """Thanks can wait a week; what is about tomorrow cannot, and is written down as skipped."""
    thanks = rule("tak", before=False, amount=1, at=time(9), template="follow_up")
    made = plan(thanks, sending=SendingRules(max_per_week=1))
    (before,) = mails(made, row(), now=at(19, "09:00"))
    sent = replace(before, key="reminder/x", state=DeliveryState.SENT, sent_at=at(18, "12:00"), params={})
    assert mails(made, row(), now=at(19, "09:00"), outbox=[sent]) == ()
    assert told(mails(made, row(), now=at(25, "13:00"), outbox=[sent])) == [(ANE, "follow_up", ["tak"], "due", "")]
    never = plan(EARLY, sending=SendingRules(max_per_week=0))
    assert [state for *_, state, _ in told(mails(never, row()))] == ["skipped"]


def test_a_week_has_room_for_so_many_and_urgent_ones_do_not_count():
    made = plan(EARLY, sending=SendingRules(max_per_week=1))
    (before,) = mails(made, row())
    sent = replace(before, key="reminder/x", state=DeliveryState.SENT, sent_at=NOW - timedelta(days=6), params={}, email="aas@by.example")
    assert told(mails(made, row(), outbox=[sent])) == [(ANE, "practical", ["tidlig"], "skipped", "week_is_full")]
    for other in (
        replace(sent, sent_at=NOW - timedelta(days=7)),
        replace(sent, params={"urgent": "yes"}),
        replace(sent, sent_at=None),
        replace(sent, key="seat_offered/x"),
    ):
        assert told(mails(made, row(), outbox=[other]))[0][3] == "due"
    separate = plan(EARLY, replace(NOON, at=time(8)), sending=SendingRules(digest=False, max_per_week=1))
    assert [state for *_, state, _ in told(mails(separate, row()))] == ["due", "skipped"]


def test_what_was_sent_is_not_made_again_and_what_was_not_begun_is():
    made = plan(EARLY, NOON)
    (digest,) = mails(made, row(), row(BO))[:1]
    assert mails(made, row(), outbox=[replace(digest, state=DeliveryState.SENT, sent_at=NOW)]) == ()
    assert mails(made, row(), outbox=[digest]) == (digest,)
    known = known_reminders([replace(digest, state=DeliveryState.SENDING, error="graph_gone", email="aas@by.example")], PEOPLE)
    assert known == {(item.stem, ANE): (ReminderState.UNCERTAIN, "graph_gone") for item in items_of(digest)}
    # A session joins the day: the digest is another one, of what was not said yet.
    assert known_reminders([replace(digest, key="full/k", state=DeliveryState.SENT)], PEOPLE) == {}


def test_what_expired_unsent_is_written_down_and_a_channel_without_a_webhook_is_not():
    both = replace(EARLY, channels=(Channel.MAIL, Channel.CHANNEL))
    assert told(mails(plan(both), row(), now=at(18, "10:00"))) == [(ANE, "practical", ["tidlig"], "expired", "too_late")]
    (expired,) = mails(plan(both), row(), now=at(18, "10:00"))
    assert mails(plan(both), row(), now=at(18, "11:00"), outbox=[expired]) == ()
    night = rule("r", T.REGISTERED, at=time(12))
    assert mails(plan(night), row(), now=at(17, "22:00")) == ()


def test_two_courses_on_one_day_are_one_mail_and_two_people_are_two():
    other = course(session(day=18, start=13, end=15), id="x")
    made = plan(EARLY, courses=(course(), other))
    rows = [row(), row(course="x"), row(BO)]
    assert [(who, kind) for who, kind, *_ in told(mails(made, *rows))] == [(ANE, "digest"), (BO, "practical")]


def test_a_reminder_by_itself_is_the_message_it_is_without_company():
    """Also where it falls due only later, and the day's others would go with it."""
    made = plan(NOON)
    (noon,) = reminders(occasion(made, row(), now=NOW))
    alone = message_alone(made, noon, NOW)
    assert told([alone]) == [(ANE, "tomorrow", ["middag"], "due", "")]
    assert (alone.key, alone.created_at) == (f"{noon.item.stem}{ANE}", NOW)
    (later,) = mails(made, row(), now=at(17, "12:00"))
    assert later == replace(alone, created_at=at(17, "12:00"))


def test_whoever_was_asked_for_answers_by_a_mail_is_known_by_any_address():
    """What waits to be sent has asked nobody yet, nor has what asks for nothing."""
    found = {one.email: one for one in mails(plan(EARLY), row(), row(BO), unanswered=frozenset({("k", ANE)}))}
    asking, plain = found[ANE], found[BO]
    assert asked_by_mail([asking, replace(plain, state=DeliveryState.SENT)], PEOPLE) == frozenset()
    for state in (DeliveryState.SENDING, DeliveryState.SENT):
        assert asked_by_mail([replace(asking, state=state, email="aas@by.example")], PEOPLE) == {("k", ANE)}
