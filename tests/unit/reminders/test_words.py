"""What HR says about single reminders: the later word counts, about one date, and nobody is told twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.messages import DeliveryState
from bot.domain.reminder_rules import Channel
from bot.domain.reminders import EVERYBODY, THE_CHANNEL, ReminderState, ReminderWord, WordKind
from bot.domain.sending import SendingRules
from bot.domain.teams import TeamsReach
from bot.reminders.bundles import bundle, known_reminders
from bot.reminders.due import reminders
from bot.reminders.words import words_in_force
from tests.builders.occasions import ANE, BO, CAI, PEOPLE, T, at, course, occasion, plan, row, rule, session

EARLY, DUE = at(12, "12:00"), at(17, "12:00")
ROWS = (row(ANE), row(BO))
MADE = plan(rule("r", T.REGISTERED, T.TENTATIVE), rule("s", T.REGISTERED))


def topic_of(made=MADE, rule_id="r"):
    found = reminders(occasion(made, *ROWS, now=EARLY))
    return next(one.item.topic for one in found if one.item.rule == rule_id)


def word(kind, email=ANE, at_=EARLY, **changes):
    given = {"topic": topic_of(), "email": email, "kind": kind, "by": "Hanne", "at": at_}
    if kind is WordKind.SEND:
        given["goes_from"] = at_
    return ReminderWord(**given | changes)


SKIP, SEND, UNDO = (word(kind) for kind in (WordKind.SKIP, WordKind.SEND, WordKind.UNDO))


def found(*said, now=EARLY, made=MADE, rows=ROWS, **facts):
    words = words_in_force(said, PEOPLE)
    return [one for one in reminders(occasion(made, *rows, now=now, words=words, **facts)) if one.item.rule == "r"]


def stands(*said, **facts):
    return {one.email.partition("@")[0]: (one.state.value, str(one.reason)) for one in found(*said, **facts)}


PLANNED, SKIPPED, GOES = ("scheduled", ""), ("skipped", "skipped_by_hand"), ("due", "")


def test_a_skipped_one_stands_as_such_beforehand_and_the_others_as_before():
    assert stands(SKIP) == {"ane": SKIPPED, "bo": PLANNED}
    assert [one.word.by for one in found(SKIP) if one.word] == ["Hanne"]
    assert stands(SKIP, UNDO) == {"ane": PLANNED, "bo": PLANNED}
    assert stands(word(WordKind.SKIP, EVERYBODY)) == {"ane": SKIPPED, "bo": SKIPPED}
    late = (*ROWS, row(CAI))
    assert stands(word(WordKind.SKIP, EVERYBODY), rows=late)["cai"] == SKIPPED, "who comes later too"


def test_what_is_sent_early_is_due_from_then_on_and_keeps_its_key():
    before, after = found()[0], found(SEND)[0]
    assert (after.state, after.reason, after.due_at) == (ReminderState.DUE, "", EARLY)
    assert (after.item.stem, after.expires_at) == (before.item.stem, before.expires_at)
    later = replace(SEND, goes_from=EARLY + timedelta(hours=3))
    assert found(later)[0].state is ReminderState.SCHEDULED
    assert found(replace(SEND, goes_from=DUE + timedelta(days=1)))[0].due_at == found()[0].due_at, "never later than the rule says"


def test_what_is_sent_early_is_found_however_far_away_its_time_is():
    near = {"until": EARLY + timedelta(days=1)}
    assert stands(**near) == {}
    assert stands(SEND, **near) == {"ane": GOES}


def test_outside_the_hours_what_is_sent_now_goes_within_the_hour_and_then_waits_for_them():
    night = at(12, "22:00")
    now = word(WordKind.SEND, at_=night)
    assert stands(now, now=night + timedelta(minutes=5))["ane"] == GOES
    assert stands(now, now=night + timedelta(hours=2))["ane"] == ("due", "outside_hours")


def test_a_word_about_everybody_ends_what_was_to_go_early_and_leaves_who_was_skipped_alone():
    everybody = word(WordKind.SKIP, EVERYBODY)
    assert stands(SEND, everybody) == {"ane": SKIPPED, "bo": SKIPPED}
    assert stands(everybody, SEND) == {"ane": GOES, "bo": SKIPPED}
    assert stands(SKIP, everybody, word(WordKind.UNDO, EVERYBODY)) == {"ane": SKIPPED, "bo": PLANNED}
    assert stands(SEND, everybody, word(WordKind.UNDO, EVERYBODY)) == {"ane": PLANNED, "bo": PLANNED}


def test_a_word_is_about_one_date_and_of_the_person_whatever_their_address_was():
    moved = plan(*MADE.reminders, courses=(course(session(day=20)),))
    assert stands(SKIP, word(WordKind.SKIP, BO), made=moved) == {"ane": PLANNED, "bo": PLANNED}
    assert stands(word(WordKind.SKIP, "aas@by.example"))["ane"] == SKIPPED


def test_a_skipped_one_is_written_down_when_its_time_has_come_and_is_final_then():
    early = bundle(MADE, found(SKIP), (), PEOPLE, now=EARLY)
    assert early == ()
    (one, other) = bundle(MADE, found(SKIP, now=DUE), (), PEOPLE, now=DUE)
    assert (one.email, one.state, one.error) == (ANE, DeliveryState.SKIPPED, "skipped_by_hand")
    assert (other.email, other.state) == (BO, DeliveryState.DUE)
    known = known_reminders([one], PEOPLE)
    assert stands(SKIP, UNDO, now=DUE, known=known)["ane"] == SKIPPED


def test_what_is_sent_by_hand_goes_by_itself_as_it_was_shown_and_however_full_the_week_is():
    made = plan(*MADE.reminders, sending=SendingRules(max_per_week=0))
    words = words_in_force([word(WordKind.SEND)], PEOPLE)
    both = reminders(occasion(made, *ROWS, now=DUE, words=words))
    sent = [one for one in bundle(made, both, (), PEOPLE, now=DUE) if one.state is DeliveryState.DUE]
    assert [(one.email, one.key.startswith("reminder/r/"), "urgent" in one.params) for one in sent] == [(ANE, True, False)]
    roomy = plan(*MADE.reminders)
    alone = [one for one in bundle(roomy, reminders(occasion(roomy, *ROWS, now=DUE, words=words)), (), PEOPLE, now=DUE) if one.email == ANE]
    assert len(alone) == 2, "the other of the same day is no part of it"


def test_the_post_in_a_channel_has_words_of_its_own_and_follows_those_about_everybody():
    asked = plan(
        rule("r", T.REGISTERED, channels=frozenset({Channel.CHANNEL, Channel.MAIL})), courses=(replace(course(), teams_channel="k"),)
    )
    reach = {"reach": TeamsReach(posts=frozenset({"k"}))}
    assert stands(word(WordKind.SKIP, THE_CHANNEL), made=asked, **reach) == {"": SKIPPED, "ane": PLANNED, "bo": PLANNED}
    assert set(stands(word(WordKind.SKIP, EVERYBODY), made=asked, **reach).values()) == {SKIPPED}
    assert stands(word(WordKind.SEND, THE_CHANNEL), made=asked, **reach)[""] == GOES
