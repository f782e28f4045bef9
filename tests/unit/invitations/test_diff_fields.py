"""Field by field: what the plan moved, what a person moved, what both moved, and what Outlook says already."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.changes import Reason
from bot.domain.events import EventField, LedgerState, Location
from bot.invitations.diff import compute_changes
from tests.builders.samples import END, NOW, START, make_desired, make_entry, make_observed, make_world

HOUR = timedelta(hours=1)
BEFORE = make_desired("anna", "bo", location=Location(name="Sal 1"))
STANDING = make_observed(BEFORE)
ENTRY = make_entry(BEFORE, STANDING)

# One other value for each managed field, and what the person made of it.
OTHERS = {
    EventField.SUBJECT: ({"subject": "Nyt navn"}, {"subject": "Rettet"}),
    EventField.BODY: ({"body": "<p>Husk madpakke</p>"}, {"body": "<p>Rettet</p>"}),
    EventField.START: ({"start": START - HOUR}, {"start": START - 2 * HOUR}),
    EventField.END: ({"end": END + HOUR}, {"end": END + 2 * HOUR}),
    EventField.LOCATION: ({"location": Location(name="Sal 2")}, {"location": Location(name="Kantinen")}),
    EventField.SHOW_AS: ({"show_as": "tentative"}, {"show_as": "oof"}),
    EventField.RESPONSE_REQUESTED: ({"response_requested": False}, {"response_requested": False}),
    EventField.HIDE_ATTENDEES: ({"hide_attendees": False}, {"hide_attendees": False}),
    EventField.ONLINE: ({"online": True}, {"online": True}),
}
VALUED = [field for field in EventField if OTHERS[field][0] != OTHERS[field][1]]
UNLIKE = [field for field in EventField if field is not EventField.ONLINE]


def planned(**changes):
    return replace(BEFORE, content=replace(BEFORE.content, **changes))


def by_hand(**changes):
    return replace(STANDING, content=replace(STANDING.content, **changes))


def told(desired, observed, *, entry=ENTRY, restore=False):
    """(action, reason, fields, mails) of each change."""
    changes = compute_changes(make_world(desired, observed, entries=[entry] if entry else [], restore=restore))
    return [(change.action, change.reason, getattr(change, "fields", ()), change.mails) for change in changes]


@pytest.mark.parametrize("field", EventField)
def test_what_the_plan_moved_is_updated_alone_and_mails_everybody_once(field):
    assert told(planned(**OTHERS[field][0]), STANDING) == [("update", Reason.PLAN, (field,), 2)]


@pytest.mark.parametrize("field", EventField)
def test_what_the_plan_moved_and_outlook_says_already_costs_the_books_only(field):
    """A person did by hand what HR then wrote."""
    value = OTHERS[field][0]
    assert told(planned(**value), by_hand(**value)) == [("adopt", Reason.AGREED, (), 0)]


@pytest.mark.parametrize("field", UNLIKE)
def test_what_a_person_moved_is_kept_and_told(field):
    assert told(BEFORE, by_hand(**OTHERS[field][1])) == [("conflict", Reason.DRIFT, (field,), 0)]


@pytest.mark.parametrize("field", UNLIKE)
def test_what_a_person_moved_is_put_back_where_that_is_the_rule(field):
    assert told(BEFORE, by_hand(**OTHERS[field][1]), restore=True) == [("update", Reason.RESTORED, (field,), 2)]


@pytest.mark.parametrize("field", VALUED)
def test_what_both_moved_differently_is_kept_and_told(field):
    desired, observed = planned(**OTHERS[field][0]), by_hand(**OTHERS[field][1])
    assert told(desired, observed) == [("conflict", Reason.BOTH, (field,), 0)]
    assert told(desired, observed, restore=True) == [("update", Reason.RESTORED, (field,), 2)]


@pytest.mark.parametrize("field", UNLIKE)
def test_moves_of_different_fields_on_the_two_sides_merge(field):
    """The plan's goes to Outlook; the person's is kept and told."""
    other = EventField.SUBJECT if field is not EventField.SUBJECT else EventField.BODY
    desired, observed = planned(**OTHERS[other][0]), by_hand(**OTHERS[field][1])
    assert told(desired, observed) == [("update", Reason.PLAN, (other,), 2), ("conflict", Reason.DRIFT, (field,), 0)]


def test_drift_and_both_are_told_apart():
    desired = planned(subject="Nyt navn")
    observed = by_hand(subject="Rettet", show_as="oof")
    assert told(desired, observed) == [
        ("conflict", Reason.DRIFT, (EventField.SHOW_AS,), 0),
        ("conflict", Reason.BOTH, (EventField.SUBJECT,), 0),
    ]


def test_a_meeting_turned_on_by_hand_where_the_plan_has_none_is_theirs():
    assert told(BEFORE, by_hand(online=True)) == []


def test_a_rewriting_that_nobody_sees_is_no_move():
    """Exchange puts its own markup and spaces around what was sent."""
    assert told(BEFORE, by_hand(body="<html><body><p class='x'>Velkommen&nbsp;</p>\r\n</body></html>", subject=" Kursus  ")) == []


def test_a_body_that_never_reads_as_sent_is_compared_with_its_own_past():
    """Whatever Exchange made of it the first time is what it is compared with the next."""
    odd = by_hand(body="<p>Velkommen til jer alle</p>")
    entry = make_entry(BEFORE, odd)
    assert told(BEFORE, odd, entry=entry) == []
    assert told(planned(body="<p>Nyt</p>"), odd, entry=entry) == [("update", Reason.PLAN, (EventField.BODY,), 2)]


# -- start and end are one


def test_a_moved_start_alone_says_so_and_the_end_goes_with_it():
    later = planned(start=START + HOUR, end=END + HOUR)
    assert told(later, STANDING) == [("update", Reason.PLAN, (EventField.START, EventField.END), 2)]


def test_a_start_moved_by_the_plan_and_an_end_moved_by_hand_are_moves_of_the_same_time():
    """Merging them would make a time that nobody has chosen."""
    desired, observed = planned(start=START + HOUR), by_hand(end=END + HOUR)
    assert told(desired, observed) == [("conflict", Reason.BOTH, (EventField.START, EventField.END), 0)]


def test_an_all_day_event_is_compared_by_its_dates():
    midnight = START.replace(hour=0)
    all_day = {"start": midnight, "end": midnight + timedelta(days=1), "all_day": True}
    assert told(planned(**all_day), STANDING) == [("update", Reason.PLAN, (EventField.START, EventField.END), 2)]
    entry = make_entry(planned(**all_day), by_hand(**all_day))
    assert told(planned(**all_day), by_hand(**all_day, timezone="Europe/London"), entry=entry) == []


def test_the_same_moment_in_another_zone_is_the_same_time():
    assert told(BEFORE, by_hand(start=START - HOUR, end=END - HOUR, timezone="Europe/London")) == []


# -- a place and a meeting that the plan may leave alone


def test_a_place_dropped_from_the_plan_is_taken_out_of_outlook():
    assert told(planned(location=None), STANDING) == [("update", Reason.PLAN, (EventField.LOCATION,), 2)]


def test_a_place_dropped_from_the_plan_that_a_person_has_changed_is_the_persons():
    assert told(planned(location=None), by_hand(location=Location(name="Kantinen"))) == [("adopt", Reason.AGREED, (), 0)]


def test_a_place_dropped_on_both_sides_is_only_noted():
    assert told(planned(location=None), by_hand(location=None)) == [("adopt", Reason.AGREED, (), 0)]


@pytest.mark.parametrize("restore", [False, True])
def test_a_place_that_a_person_sets_where_the_plan_names_none_is_theirs(restore):
    """Under either rule, and for as long as the plan names none."""
    desired = planned(location=None)
    entry = make_entry(desired, by_hand(location=None))
    for place in ("Kantinen", "Gården"):
        assert told(desired, by_hand(location=Location(name=place)), entry=entry, restore=restore) == []


def test_a_place_that_the_plan_then_names_against_a_persons_is_both():
    desired = planned(location=None)
    entry = make_entry(desired, by_hand(location=None))
    assert told(BEFORE, by_hand(location=Location(name="Kantinen")), entry=entry) == [("conflict", Reason.BOTH, (EventField.LOCATION,), 0)]


ONLINE = planned(online=True)
MEETING = make_observed(ONLINE)


def test_a_meeting_dropped_from_the_plan_stays_and_that_is_told_each_time():
    """Graph cannot turn a Teams meeting off."""
    entry = make_entry(ONLINE, MEETING)
    assert told(BEFORE, MEETING, entry=entry) == [("conflict", Reason.ONLINE_STAYS, (EventField.ONLINE,), 0)]
    assert told(BEFORE, MEETING, entry=entry, restore=True) == [("conflict", Reason.ONLINE_STAYS, (EventField.ONLINE,), 0)]


def test_a_meeting_dropped_from_the_plan_that_never_was_is_only_noted():
    never = replace(MEETING, content=replace(MEETING.content, online=False), join_url=None)
    assert told(BEFORE, never, entry=make_entry(ONLINE, never)) == [("adopt", Reason.AGREED, (), 0)]


def test_a_meeting_that_teams_did_not_make_is_asked_for_once():
    """Asking is a mail to everybody, so a person has to look."""
    never = replace(MEETING, content=replace(MEETING.content, online=False), join_url=None)
    entry = make_entry(ONLINE, never)
    assert told(ONLINE, never, entry=entry) == [("conflict", Reason.ONLINE_MISSING, (EventField.ONLINE,), 0)]
    assert told(ONLINE, never, entry=entry, restore=True) == [("conflict", Reason.ONLINE_MISSING, (EventField.ONLINE,), 0)]
    asking = replace(entry, state=LedgerState.INTENDED)
    assert told(ONLINE, never, entry=asking) == [("update", Reason.PLAN, (EventField.ONLINE,), 2)]


def test_a_meeting_whose_link_comes_late_is_looked_at_again():
    late = replace(MEETING, join_url=None)
    assert told(ONLINE, MEETING, entry=make_entry(ONLINE, late)) == [("adopt", Reason.AGREED, (), 0)]


# -- books that are not there, or not whole


def test_adopting_updates_what_differs_and_nothing_else():
    observed = by_hand(subject="Gammelt navn")
    assert told(BEFORE, observed, entry=None) == [("adopt", Reason.ADOPTED, (EventField.SUBJECT,), 2)]
    assert told(BEFORE, STANDING, entry=None) == [("adopt", Reason.ADOPTED, (), 0)]


def test_adopting_leaves_a_place_alone_where_the_plan_names_none():
    assert told(planned(location=None), STANDING, entry=None) == [("adopt", Reason.ADOPTED, (), 0)]


def test_a_field_that_was_under_way_is_settled_by_looking():
    """Its past was taken out of the books before the request."""
    past = {name: value for name, value in ENTRY.observed_fields.items() if name != "subject"}
    entry = replace(ENTRY, state=LedgerState.INTENDED, observed_fields=past)
    assert told(BEFORE, STANDING, entry=entry) == [("adopt", Reason.AGREED, (), 0)]
    assert told(BEFORE, by_hand(subject="Gammelt navn"), entry=entry) == [("update", Reason.PLAN, (EventField.SUBJECT,), 2)]


def test_a_place_whose_removal_was_under_way_is_removed_once():
    """The books keep the place that stood there, without Outlook's side."""
    past = {name: value for name, value in ENTRY.observed_fields.items() if name != "location"}
    entry = replace(ENTRY, state=LedgerState.INTENDED, observed_fields=past)
    desired = planned(location=None)
    assert told(desired, STANDING, entry=entry) == [("update", Reason.PLAN, (EventField.LOCATION,), 2)]
    assert told(desired, by_hand(location=None), entry=entry) == [("adopt", Reason.AGREED, (), 0)]
    assert told(BEFORE, by_hand(location=None), entry=entry) == [("update", Reason.PLAN, (EventField.LOCATION,), 2)]


def test_a_creation_whose_answer_was_lost_is_noted_as_unfinished():
    entry = replace(ENTRY, event_id=None, state=LedgerState.INTENDED, observed_fields={}, invited_since={})
    assert told(BEFORE, STANDING, entry=entry) == [("adopt", Reason.UNFINISHED, (), 0)]
    assert told(planned(subject="Nyt navn"), STANDING, entry=entry) == [("adopt", Reason.UNFINISHED, (EventField.SUBJECT,), 2)]


def test_an_event_that_has_begun_still_follows_the_plan():
    """Only what has ended is past."""
    now = NOW.replace(month=6, day=18, hour=8)
    changes = compute_changes(make_world(planned(end=END + HOUR), STANDING, entries=[ENTRY], now=now))
    assert [(change.action, change.fields) for change in changes] == [("update", (EventField.END,))]
