"""Which way a reminder goes, by the rule, by what Teams reaches and by what was done before."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import DeliveryState
from bot.domain.people import PeopleIndex, Person
from bot.domain.reminder_rules import Channel
from bot.domain.reminders import NotSent, ReminderState, channel_of, items_of
from bot.domain.sending import SendingRules
from bot.domain.teams import TeamsReach
from bot.reminders.bundles import bundle, known_reminders
from bot.reminders.channels import ways_to
from bot.reminders.due import reminders
from tests.builders.occasions import ANE, BO, T, at, course, occasion, plan, row, rule

MAIL, TEAMS, POST = Channel.MAIL, Channel.TEAMS, Channel.CHANNEL
ON, OFF = TeamsReach(feed=True, posts=frozenset({"ledere"})), TeamsReach()
CHAT, OTHERS_CHAT = TeamsReach(chats=frozenset({"id-ane"})), TeamsReach(chats=frozenset({"id-bo"}))
SENT, REFUSED = (ReminderState.SENT, ""), (ReminderState.SKIPPED, NotSent.NOT_IN_TEAMS)
# Ane is in the directory, Bo is known by his address alone.
PEOPLE = PeopleIndex([Person(email=ANE, directory_id="id-ane"), Person(email=BO)])
NOW = at(17, "13:00")


@pytest.mark.parametrize(
    ("channels", "reach", "in_directory", "known", "ways"),
    [
        ([MAIL], ON, True, {}, (MAIL,)),
        ([MAIL], OFF, False, {TEAMS: SENT}, (TEAMS,)),
        ([MAIL], ON, True, {TEAMS: SENT, MAIL: SENT}, (MAIL,)),
        ([MAIL], ON, True, {TEAMS: REFUSED}, (MAIL,)),
        ([MAIL], ON, True, {TEAMS: (ReminderState.UNCERTAIN, "")}, (MAIL,)),
        ([TEAMS], ON, True, {TEAMS: (ReminderState.SKIPPED, NotSent.TEAMS_REFUSED)}, (MAIL,)),
        ([TEAMS], OFF, True, {}, (MAIL,)),
        ([TEAMS], ON, False, {}, (MAIL,)),
        ([TEAMS], ON, True, {}, (TEAMS,)),
        ([TEAMS], ON, True, {MAIL: SENT}, (MAIL,)),
        ([TEAMS], OFF, False, {TEAMS: SENT}, (TEAMS,)),
        ([TEAMS], ON, True, {TEAMS: REFUSED}, (MAIL,)),
        ([TEAMS], ON, True, {TEAMS: (ReminderState.UNCERTAIN, "")}, (TEAMS,)),
        ([TEAMS, POST], ON, True, {TEAMS: REFUSED, MAIL: SENT}, (MAIL,)),
        ([TEAMS], CHAT, True, {}, (TEAMS,)),
        ([TEAMS], CHAT, False, {}, (MAIL,)),
        ([TEAMS], OTHERS_CHAT, True, {}, (MAIL,)),
        ([TEAMS], OTHERS_CHAT, True, {TEAMS: (ReminderState.UNCERTAIN, "chat_unclear")}, (TEAMS,)),
        ([MAIL, TEAMS], OFF, True, {}, (MAIL, TEAMS)),
        ([TEAMS, MAIL], ON, False, {}, (MAIL, TEAMS)),
    ],
)
def test_the_way_to_a_person(channels, reach, in_directory, known, ways):
    assert ways_to(channels, directory_id="id-ane" if in_directory else None, reach=reach, known=known.get) == ways


def test_whom_the_plan_lists_by_address_is_reached_by_the_address_of_the_chat():
    reach, none = TeamsReach(chats=frozenset({"id-bo", "ane@by.example"})), {}.get
    ways = [ways_to([TEAMS], directory_id=None, addresses=frozenset({one}), reach=reach, known=none) for one in ("ane@by.example", "x")]
    assert ways == [(TEAMS,), (MAIL,)]


@given(st.lists(st.tuples(st.sampled_from([MAIL, TEAMS]), st.booleans(), st.booleans(), st.sampled_from(["sent", "refused", "lost"])),
                max_size=12))  # fmt: skip
def test_what_goes_one_way_reaches_a_person_once_whatever_is_set_up_or_changed_meanwhile(rounds):
    """The rule says the one or the other, the feed goes on and off, the person joins and leaves the directory, and has the app or not."""
    known: dict[Channel, tuple[ReminderState, str]] = {}
    got = []
    for says, feed, in_directory, answer in rounds:
        (way,) = ways_to([says], directory_id="id-ane" if in_directory else None, reach=TeamsReach(feed=feed), known=known.get)
        if way in known:
            continue
        if way is TEAMS and answer == "refused":
            known[TEAMS] = REFUSED
        elif answer == "sent":
            known[way] = SENT
            got.append(way)
    assert len(got) <= 1


def found(made, *rows, now=NOW, reach=ON, outbox=()):
    return reminders(occasion(made, *rows, now=now, people=PEOPLE, reach=reach, known=known_reminders(outbox, PEOPLE)))


def made_of(made, *rows, now=NOW, reach=ON, outbox=()):
    return bundle(made, found(made, *rows, now=now, reach=reach, outbox=outbox), outbox, PEOPLE, now=now)


def told(messages):
    return sorted((one.email, channel_of(one).value, one.state.value, one.error) for one in messages)


def with_channels(*channels, **facts):
    return plan(rule("r", T.REGISTERED, channels=channels), courses=(course(teams_channel="ledere"),), **facts)


def test_one_message_for_each_way_and_the_reason_where_there_is_none():
    assert told(made_of(with_channels(MAIL, TEAMS), row(), row(BO))) == [
        (ANE, "mail", "due", ""), (ANE, "teams", "due", ""), (BO, "mail", "due", ""), (BO, "teams", "skipped", "not_in_teams"),
    ]  # fmt: skip
    assert told(made_of(with_channels(TEAMS), row(), row(BO))) == [(ANE, "teams", "due", ""), (BO, "mail", "due", "")]
    assert told(made_of(with_channels(TEAMS), row(), row(BO), reach=OFF)) == [(ANE, "mail", "due", ""), (BO, "mail", "due", "")]


def test_a_line_is_told_as_skipped_where_teams_is_not_set_up():
    """Before its time as well, so that nobody counts on it; and it goes after all when Teams is set up by then."""
    both = with_channels(MAIL, TEAMS)
    assert told(made_of(both, row(), reach=OFF)) == [(ANE, "mail", "due", ""), (ANE, "teams", "skipped", "teams_not_set_up")]
    before = [(one.item.channel, one.state.value, str(one.reason)) for one in found(both, row(), now=at(16), reach=OFF)]
    assert before == [("mail", "scheduled", ""), ("teams", "scheduled", "teams_not_set_up")]
    assert made_of(both, row(), now=at(16), reach=OFF) == ()
    assert told(made_of(both, row())) == [(ANE, "mail", "due", ""), (ANE, "teams", "due", "")]


def test_a_refusal_by_teams_becomes_a_mail_where_teams_is_all_that_was_asked_for():
    for channels, then in (((TEAMS,), [(ANE, "mail", "due", "")]), ((MAIL, TEAMS), [(ANE, "mail", "due", "")])):
        (line,) = [one for one in made_of(with_channels(*channels), row()) if channel_of(one) is TEAMS]
        refused = replace(line, state=DeliveryState.SKIPPED, error=NotSent.NOT_IN_TEAMS)
        assert told(made_of(with_channels(*channels), row(), outbox=[refused])) == then


def test_a_post_is_made_once_for_all_and_only_where_the_channel_is_set_up():
    (post,) = made_of(with_channels(POST), row(), row(BO))
    assert (post.email, channel_of(post), post.state, post.key) == (
        "",
        POST,
        DeliveryState.DUE,
        "reminder/r/k/main/dag/2025-06-18/channel/",
    )
    sent = replace(post, state=DeliveryState.SENT, sent_at=NOW)
    assert made_of(with_channels(POST), row(), outbox=[sent]) == ()
    assert made_of(with_channels(POST), row(), reach=OFF) == ()
    late = at(18, "10:00")
    assert told(made_of(with_channels(POST), row(), now=late)) == [("", "channel", "expired", "too_late")]
    assert made_of(with_channels(POST), row(), now=late, reach=OFF) == ()
    assert [one.reason for one in found(with_channels(POST), row(), now=late, reach=OFF)] == ["channel_not_set_up"]
    elsewhere = plan(rule("r", channels=(POST,)), courses=(course(teams_channel="andre"), course(id="x")))
    assert [one.reason for one in found(elsewhere, row())] == ["channel_not_set_up"] * 2


def test_posts_of_one_day_are_posts_of_their_own_and_lines_are_one():
    rules = [rule(name, T.REGISTERED, channels=(TEAMS, POST), template=name) for name in ("tomorrow", "practical")]
    made = made_of(plan(*rules, courses=(course(teams_channel="ledere"),)), row())
    assert sorted((channel_of(one).value, len(items_of(one))) for one in made) == [("channel", 1), ("channel", 1), ("teams", 2)]


def test_the_week_is_about_mails():
    """A line neither counts nor waits."""
    full = SendingRules(max_per_week=0)
    assert told(made_of(with_channels(MAIL, TEAMS, sending=full), row())) == [
        (ANE, "mail", "skipped", "week_is_full"), (ANE, "teams", "due", ""),
    ]  # fmt: skip
    one_a_week = SendingRules(max_per_week=1)
    (line,) = made_of(plan(rule("anden", T.REGISTERED, channels=(TEAMS,))), row())
    had = replace(line, state=DeliveryState.SENT, sent_at=NOW)
    mailed = made_of(with_channels(MAIL, sending=one_a_week), row(), outbox=[had])
    assert told(mailed) == [(ANE, "mail", "due", "")]


@pytest.mark.parametrize(("digest", "urgent"), list(product([True, False], repeat=2)))
def test_every_message_says_what_goes_one_way(digest, urgent):
    rules = [rule(name, T.REGISTERED, channels=(MAIL, TEAMS), template=name, urgent=urgent) for name in ("tomorrow", "practical")]
    made = made_of(plan(*rules, sending=SendingRules(digest=digest)), row())
    assert all(len({item.channel for item in items_of(one)}) == 1 for one in made)
    assert len({one.key for one in made}) == len(made)
