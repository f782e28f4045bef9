"""Who answers for a leader and wants copies gets one of each reminder: by mail, after the leader, and once."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from bot.domain.delegates import Delegate
from bot.domain.messages import DeliveryState
from bot.domain.people import PeopleIndex, Person
from bot.domain.reminder_rules import Channel, ReminderTarget
from bot.domain.reminders import NotSent, ReminderState, ReminderTopic, ReminderWord, WordKind, copied_leaders, items_of, kinds_of
from bot.domain.sending import SendingRules
from bot.domain.teams import TeamsReach
from bot.domain.templates import MessageKind
from bot.reminders.bundles import WAITS, asked_by_mail, bundle, known_reminders, promised_copies
from bot.reminders.due import reminders
from tests.builders.occasions import ANE, BO, PEOPLE, at, course, occasion, plan, row, rule, session, with_speaker

SEKR = "sekr@by.example"
NOW = at(17, "09:00")
RULE = rule("husk", at=time(9), template="practical")
FOR_ANE, FOR_BO = (Delegate(leader=leader, by=SEKR, copies=True) for leader in (ANE, BO))
DUE, SENT = DeliveryState.DUE, DeliveryState.SENT
TOPIC = ReminderTopic(rule="husk", course="k", offering="main", session="dag", about="2025-06-18")


def with_copies(*rules, delegates=(FOR_ANE,), **facts):
    return plan(*(rules or (RULE,)), delegates=delegates, **facts)


def seen(made, *rows, now=NOW, outbox=(), **facts):
    """What the rules ask for, by what the outbox has."""
    given = {"known": known_reminders(outbox, PEOPLE), "promised": promised_copies(outbox, PEOPLE)}
    return reminders(occasion(made, *(rows or (row(),)), now=now, **given | facts))


def mails(made, *rows, now=NOW, outbox=(), **facts):
    return bundle(made, seen(made, *rows, now=now, outbox=outbox, **facts), outbox, PEOPLE, now=now)


def copies(messages):
    return [one for one in messages if one.kind is MessageKind.COPY]


def sent(message, at=NOW):
    return replace(message, state=SENT, sent_at=at)


def standing(found):
    return [(one.email, one.item.leader, one.state.value, str(one.reason)) for one in found if one.is_copy]


def gone(made, *rows, **facts):
    """The outbox when the leaders have got theirs: what was promised is there still."""
    first = mails(made, *rows, **facts)
    return [one if one.kind is MessageKind.COPY else sent(one) for one in first]


def test_a_copy_is_promised_with_the_leaders_own_and_goes_when_that_has_gone():
    made = with_copies()
    own, promise = mails(made)
    assert (own.email, own.kind.value, WAITS in own.params) == (ANE, "practical", False)
    assert (promise.email, promise.kind, promise.state, promise.params[WAITS]) == (SEKR, MessageKind.COPY, DUE, "yes")
    (item,) = items_of(promise)
    assert (item.leader, item.channel, ANE in promise.key, copied_leaders(promise.params)) == (ANE, "mail", False, {ANE})
    (copy,) = mails(made, outbox=[sent(own), promise])
    assert (copy.email, copy.key, WAITS in copy.params, kinds_of(copy)) == (SEKR, promise.key, False, ("copy",))
    assert mails(made, outbox=[sent(own), sent(copy)]) == ()


def test_who_has_answered_for_a_leader_without_copies_gets_none_and_so_does_who_asks_for_them_too_late():
    silent = with_copies(delegates=(replace(FOR_ANE, copies=False),))
    (own,) = mails(silent)
    assert mails(with_copies(), outbox=[sent(own)]) == ()
    assert standing(seen(with_copies(), outbox=[sent(own)])) == []


def test_copies_of_several_leaders_are_one_mail_outside_the_count_of_the_week():
    made = with_copies(delegates=(FOR_ANE, FOR_BO), sending=SendingRules(max_per_week=1))
    outbox = gone(made, row(), row(BO))
    (copy,) = mails(made, row(), row(BO), outbox=outbox)
    assert [item.leader for item in items_of(copy)] == [ANE, BO]
    assert (kinds_of(copy), copy.course, copied_leaders(copy.params)) == (("copy", "copy"), "", {ANE, BO})
    own = with_copies(delegates=(Delegate(leader=BO, by=ANE, copies=True),), sending=SendingRules(max_per_week=1))
    after = [*gone(own, row(BO)), sent(replace(copy, email=ANE))]
    assert [(one.email, one.state) for one in mails(own, row(), row(BO), outbox=after)] == [(ANE, DUE)]


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (DeliveryState.SENDING, [(SEKR, ANE, "due", "leader_first")]),
        (DeliveryState.FAILED, []),
        (DeliveryState.EXPIRED, []),
        (DeliveryState.SKIPPED, []),
        (SENT, [(SEKR, ANE, "due", "")]),
    ],
)
def test_a_copy_never_goes_where_the_leaders_own_does_not(state, told):
    own, promise = mails(with_copies())
    outbox = [replace(own, state=state), promise]
    assert standing(seen(with_copies(), outbox=outbox)) == told
    assert [WAITS not in one.params for one in copies(mails(with_copies(), outbox=outbox))] == [not reason for *_, reason in told]


def test_what_is_no_longer_asked_of_the_leader_is_not_copied_either():
    outbox = gone(with_copies())
    assert mails(with_copies(), row(BO), outbox=outbox)[0].email == BO
    assert mails(with_copies(delegates=()), outbox=outbox) == ()


def test_a_copy_waits_for_what_its_leaders_own_waits_for():
    assert standing(seen(with_copies(), now=at(16, "12:00"))) == [(SEKR, ANE, "scheduled", "")]
    late = rule("sent", at=time(9), template="practical")
    assert standing(seen(with_copies(late), now=at(17, "19:00"))) == [(SEKR, ANE, "due", "outside_hours")]
    assert [one.email for one in mails(with_copies(late), now=at(17, "19:00"))] == [SEKR]


def test_what_could_not_go_the_same_day_goes_within_the_hours_or_never():
    made = with_copies(rule("husk", at=time(9), amount=2))
    outbox = gone(made, now=at(16, "09:00"))
    assert standing(seen(made, now=at(16, "23:00"), outbox=outbox)) == [(SEKR, ANE, "due", "outside_hours")]
    assert [WAITS in one.params for one in mails(made, now=at(16, "23:00"), outbox=outbox)] == [True]
    assert standing(seen(made, now=at(17, "10:00"), outbox=outbox)) == [(SEKR, ANE, "due", "")]
    (over,) = mails(made, now=at(18, "10:00"), outbox=outbox)
    assert (over.kind, over.state, over.error) == (MessageKind.COPY, DeliveryState.EXPIRED, "too_late")


def test_hr_skips_the_leaders_and_with_it_the_copy_and_what_hr_sends_early_is_copied_early():
    def word(kind, **more):
        return {(TOPIC, ANE): ReminderWord(topic=TOPIC, email=ANE, kind=kind, by="hr@by.example", at=NOW, **more)}

    assert standing(seen(with_copies(), words=word(WordKind.SKIP), now=at(16, "12:00"))) == []
    early = seen(with_copies(), words=word(WordKind.SEND, goes_from=at(16, "12:00")), now=at(16, "12:00"))
    assert standing(early) == [(SEKR, ANE, "due", "leader_first")]


@pytest.mark.parametrize("channels", [(Channel.TEAMS,), (Channel.MAIL, Channel.TEAMS)])
def test_the_copy_is_one_mail_whatever_way_the_leaders_own_goes(channels):
    made = with_copies(replace(RULE, channels=channels))
    teams = {"reach": TeamsReach(feed=True, posts=frozenset({"ledere"}))}
    first = mails(made, **teams)
    assert [items_of(one)[0].channel for one in copies(first)] == ["mail"]
    (copy,) = mails(made, outbox=gone(made, **teams), **teams)
    assert (copy.kind, copy.email) == (MessageKind.COPY, SEKR)
    off = mails(made, outbox=[sent(copy), *[one for one in gone(made) if one.kind is not MessageKind.COPY]])
    assert copies(off) == []


def test_the_two_ways_of_one_reminder_give_one_copy_as_soon_as_one_of_them_has_gone():
    made = with_copies(replace(RULE, channels=(Channel.MAIL, Channel.TEAMS)))
    teams = {"reach": TeamsReach(feed=True), "people": PeopleIndex([Person(email=ANE, directory_id="id-ane")])}
    by_teams = [sent(one) if items_of(one)[0].channel == "teams" else one for one in mails(made, **teams)]
    (copy,) = copies(mails(made, outbox=by_teams, **teams))
    assert WAITS not in copy.params


def test_a_channels_post_and_a_speakers_mail_are_nobodys_to_copy():
    posted = with_copies(replace(RULE, channels=(Channel.CHANNEL,)))
    assert standing(seen(posted, reach=TeamsReach(feed=True, posts=frozenset({"ledere"})))) == []
    spoken = with_copies(replace(RULE, to=(ReminderTarget.SPEAKERS,)), courses=(with_speaker(course(), ANE),))
    found = seen(spoken, row(BO))
    assert ([one.email for one in found], standing(found)) == ([ANE], [])


def test_each_delegate_who_wants_copies_gets_their_own():
    other = Delegate(leader=ANE, by="vikar@by.example", copies=True)
    made = with_copies(delegates=(FOR_ANE, other, Delegate(leader=ANE, by="uden@by.example")))
    assert [one.email for one in mails(made, outbox=gone(made))] == [SEKR, "vikar@by.example"]


def test_a_leader_who_changes_address_is_not_copied_again():
    first = gone(with_copies())
    (copy,) = mails(with_copies(), outbox=first)
    (item,) = items_of(copy)
    before = replace(copy, state=SENT, params={"items": copy.params["items"].replace(ANE, "aas@by.example")})
    assert item.leader == ANE
    assert mails(with_copies(), outbox=[*(one for one in first if one.kind is not MessageKind.COPY), before]) == ()


def test_what_is_asked_of_the_leader_is_not_taken_for_asked_of_who_gets_the_copy():
    made = with_copies()
    (copy,) = copies(gone(made, unanswered=frozenset({("k", ANE)})))
    assert items_of(copy)[0].questions
    assert asked_by_mail([sent(copy)], PEOPLE) == frozenset()


def test_an_urgent_one_is_copied_as_such():
    made = with_copies(replace(RULE, urgent=True), rule("andet", at=time(9)))
    (copy,) = mails(made, outbox=gone(made))
    assert (len(items_of(copy)), copy.params["urgent"]) == (2, "yes")


def test_most_messages_are_a_copy_for_nobody():
    assert copied_leaders({"position": "3"}) == frozenset()
    (own, _) = mails(with_copies())
    assert copied_leaders(own.params) == frozenset()
    assert (ReminderState.DUE, NotSent.LEADER_FIRST) in [(one.state, one.reason) for one in seen(with_copies())]
    assert session().id == "dag"
