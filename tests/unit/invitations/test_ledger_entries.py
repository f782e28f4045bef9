"""What stands in the books before a request and after it; that a crash is repaired by it is in tests/property/invitations."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.changes import Reason
from bot.domain.events import AttendeeType, EventField, LedgerState, Location
from bot.domain.people import PeopleIndex
from bot.invitations.diff import compute_changes
from bot.invitations.fingerprint import UNMANAGED, desired_fingerprints, observed_fingerprints
from bot.invitations.ledger_entries import cancellation_intended, creation_intended, settled, update_intended
from tests.builders.samples import (
    KEY,
    NOBODY,
    NOW,
    ROOM,
    START,
    address,
    make_attendee,
    make_desired,
    make_entry,
    make_observed,
    make_person,
    make_world,
)

AHEAD = make_desired("anna", "bo", room=ROOM)
STANDING = make_observed(AHEAD)
ENTRY = make_entry(AHEAD, STANDING)
THEN = NOW - timedelta(days=8)


def update_of(desired, observed=STANDING, entry=ENTRY, **changes):
    return next(iter(compute_changes(make_world(desired, observed, entries=[entry] if entry else [], **changes))))


def planned(*names, **changes):
    return make_desired(*(names or ("anna", "bo")), room=ROOM, **changes)


def test_before_a_creation_the_books_know_what_and_whom_and_nothing_of_outlook():
    entry = creation_intended(AHEAD, "t-1")
    assert (entry.key, entry.state, entry.transaction_id, entry.event_id) == (KEY, LedgerState.INTENDED, "t-1", None)
    assert entry.desired_fields == desired_fingerprints(AHEAD.content)
    assert (entry.observed_fields, entry.invited_since, entry.join_url) == ({}, {}, None)
    assert entry.desired_attendees == {address("anna"): "required", address("bo"): "required", ROOM: "resource"}
    assert (entry.subject, entry.start.isoformat(), entry.end.isoformat()) == (
        "Kursus",
        "2025-06-18T07:00:00+00:00",
        "2025-06-18T10:00:00+00:00",
    )


def test_after_a_creation_both_sides_have_their_past_and_everybody_a_date():
    entry = settled(AHEAD, STANDING, creation_intended(AHEAD, "t-1"), NOBODY, now=THEN)
    assert (entry.state, entry.event_id, entry.transaction_id) == (LedgerState.APPLIED, "event-1", "t-1")
    assert entry.desired_fields == desired_fingerprints(AHEAD.content)
    assert entry.observed_fields == observed_fingerprints(STANDING.content)
    assert entry.invited_since == dict.fromkeys((address("anna"), address("bo"), ROOM), THEN)


def test_before_an_update_the_fields_under_way_have_no_past_and_those_being_moved_no_date():
    change = update_of(planned("anna", "dan", subject="Nyt navn"))
    entry = update_intended(change, "unused", now=NOW)
    assert (entry.state, entry.event_id, entry.transaction_id) == (LedgerState.INTENDED, "event-1", ENTRY.transaction_id)
    assert set(ENTRY.observed_fields) - set(entry.observed_fields) == {"subject"}
    assert entry.desired_fields["subject"] == desired_fingerprints(change.desired.content)["subject"]
    assert set(entry.invited_since) == {address("anna"), ROOM}
    assert set(entry.desired_attendees) == {address("anna"), address("bo"), address("dan"), ROOM}


def test_before_an_update_a_field_in_conflict_keeps_both_pasts():
    """It is not under way."""
    change = update_of(planned(subject="Nyt navn", show_as="free"), make_observed(AHEAD, show_as="oof"))
    assert change.fields == (EventField.SUBJECT,)
    entry = update_intended(change, "unused", now=NOW)
    assert entry.desired_fields["show_as"] == ENTRY.desired_fields["show_as"]
    assert entry.observed_fields["show_as"] == ENTRY.observed_fields["show_as"]


def test_before_a_place_is_taken_away_the_books_keep_it():
    """A field that the plan leaves alone would look settled, though the place still stood there."""
    change = update_of(planned(location=None))
    entry = update_intended(change, "unused", now=NOW)
    assert entry.desired_fields["location"] == ENTRY.desired_fields["location"]
    assert "location" not in entry.observed_fields
    done = settled(change.desired, make_observed(AHEAD, location=None), entry, NOBODY, now=NOW)
    assert done.desired_fields["location"] == UNMANAGED


def test_before_an_adoption_the_books_begin_anew():
    change = update_of(planned("anna", "bo", "dan", subject="Nyt navn"), entry=None)
    entry = update_intended(change, "t-2", now=NOW)
    assert (entry.transaction_id, entry.event_id, entry.observed_fields, entry.invited_since) == ("t-2", "event-1", {}, {})
    assert entry.desired_attendees == {address("dan"): "required"}
    assert entry.desired_fields == desired_fingerprints(change.desired.content)


def test_before_a_cancellation_the_books_say_that_it_is_ours():
    assert cancellation_intended(ENTRY) == replace(ENTRY, state=LedgerState.CANCELLING)


def test_who_was_invited_before_keeps_the_date_and_who_is_new_has_todays():
    change = update_of(planned("anna", "bo", "dan"))
    echo = make_observed(change.desired)
    entry = settled(change.desired, echo, update_intended(change, "unused", now=NOW), NOBODY, now=NOW)
    assert entry.invited_since == {address("anna"): THEN, address("bo"): THEN, address("dan"): NOW, ROOM: THEN}


def test_a_date_follows_a_person_to_a_new_address():
    people = PeopleIndex([make_person("bo-hansen", aliases=["bo"])])
    desired = planned("anna", "bo-hansen")
    entry = settled(desired, STANDING, ENTRY, people, now=NOW)
    assert entry.invited_since[address("bo-hansen")] == THEN
    assert set(entry.desired_attendees) == {address("anna"), address("bo-hansen"), ROOM}


def test_who_is_wanted_and_was_refused_has_no_date():
    """The next run tries again."""
    echo = replace(STANDING, attendees=(make_attendee("anna"),))
    entry = settled(AHEAD, echo, creation_intended(AHEAD, "t-1"), NOBODY, now=NOW)
    assert set(entry.invited_since) == {address("anna")}


def test_who_was_removed_by_hand_keeps_the_date_and_is_not_invited_again():
    change = update_of(planned(subject="Nyt navn"), replace(STANDING, attendees=STANDING.attendees[:1]))
    echo = replace(make_observed(change.desired), attendees=STANDING.attendees[:1])
    entry = settled(change.desired, echo, update_intended(change, "unused", now=NOW), NOBODY, now=NOW)
    assert set(entry.invited_since) == {address("anna"), address("bo"), ROOM}


def test_who_is_no_longer_wanted_is_out_of_the_books():
    change = update_of(planned("anna"))
    entry = settled(change.desired, make_observed(change.desired), update_intended(change, "unused", now=NOW), NOBODY, now=NOW)
    assert set(entry.desired_attendees) == set(entry.invited_since) == {address("anna"), ROOM}


def test_a_stranger_on_the_event_is_not_in_the_books():
    echo = replace(STANDING, attendees=(*STANDING.attendees, make_attendee("fremmed")))
    entry = settled(AHEAD, echo, creation_intended(AHEAD, "t-1"), NOBODY, now=NOW)
    assert address("fremmed") not in {**entry.invited_since, **entry.desired_attendees}


def test_a_field_in_conflict_keeps_its_past_so_that_it_is_told_until_it_is_solved():
    change = update_of(planned(subject="Nyt navn"), make_observed(AHEAD, show_as="oof"))
    echo = make_observed(change.desired, show_as="oof")
    entry = settled(change.desired, echo, update_intended(change, "unused", now=NOW), NOBODY, now=NOW)
    assert entry.observed_fields["show_as"] == ENTRY.observed_fields["show_as"]
    assert entry.observed_fields["subject"] != ENTRY.observed_fields["subject"]
    conflicts = compute_changes(make_world(change.desired, echo, entries=[entry]))
    assert [(one.reason, one.fields) for one in conflicts] == [(Reason.DRIFT, (EventField.SHOW_AS,))]


def test_the_time_in_the_books_is_outlooks():
    """It tells the past from the future when the event is gone."""
    later = make_observed(AHEAD, start=START + timedelta(days=2), end=START + timedelta(days=2, hours=3))
    entry = settled(AHEAD, later, ENTRY, NOBODY, now=NOW)
    assert (entry.start.day, entry.end.day) == (20, 20)


ONLINE = planned(online=True)
MEETING = make_observed(ONLINE)


def test_the_link_of_a_meeting_is_kept_also_when_an_answer_leaves_it_out():
    entry = settled(ONLINE, MEETING, creation_intended(ONLINE, "t-1"), NOBODY, now=THEN)
    assert entry.join_url == MEETING.join_url
    again = settled(ONLINE, replace(MEETING, join_url=None), entry, NOBODY, now=NOW)
    assert again.join_url == MEETING.join_url
    change = update_of(planned(online=True, subject="Nyt"), replace(MEETING, join_url=None), entry)
    assert update_intended(change, "unused", now=NOW).join_url == MEETING.join_url


def test_a_meeting_that_teams_has_not_made_has_no_past():
    entry = settled(ONLINE, replace(MEETING, join_url=None), creation_intended(ONLINE, "t-1"), NOBODY, now=THEN)
    assert "online" not in entry.observed_fields
    assert "subject" in entry.observed_fields


def test_a_meeting_lost_by_hand_keeps_its_past():
    """It is drift, not a meeting that was never made."""
    entry = settled(ONLINE, MEETING, creation_intended(ONLINE, "t-1"), NOBODY, now=THEN)
    lost = replace(MEETING, content=replace(MEETING.content, online=False), join_url=None)
    again = settled(ONLINE, lost, entry, NOBODY, now=NOW)
    assert [one.reason for one in compute_changes(make_world(ONLINE, lost, entries=[again]))] == [Reason.DRIFT]


@pytest.mark.parametrize("unfinished", [False, True])
def test_a_meeting_that_cannot_be_turned_off_stays_in_the_books(unfinished):
    """Else it would be told once and then never more."""
    entry = creation_intended(ONLINE, "t-1") if unfinished else settled(ONLINE, MEETING, creation_intended(ONLINE, "t-1"), NOBODY, now=THEN)
    again = settled(AHEAD, MEETING, entry, NOBODY, now=NOW)
    assert again.desired_fields["online"] == desired_fingerprints(ONLINE.content)["online"]
    told = compute_changes(make_world(AHEAD, MEETING, entries=[again]))
    assert [one.reason for one in told] == [Reason.ONLINE_STAYS]


def test_a_meeting_turned_on_by_hand_is_not_ours():
    entry = settled(AHEAD, make_observed(AHEAD, online=True), ENTRY, NOBODY, now=NOW)
    assert entry.desired_fields["online"] == UNMANAGED


def test_kinds_of_attendee_are_kept():
    optional = replace(AHEAD, attendees=tuple(replace(one, type=AttendeeType.OPTIONAL) for one in AHEAD.attendees))
    assert set(settled(optional, STANDING, ENTRY, NOBODY, now=NOW).desired_attendees.values()) == {"optional"}


def test_a_place_that_is_a_persons_is_kept_as_theirs():
    desired = planned(location=None)
    echo = make_observed(desired, location=Location(name="Kantinen"))
    entry = settled(desired, echo, creation_intended(desired, "t-1"), NOBODY, now=NOW)
    assert entry.desired_fields["location"] == UNMANAGED


def test_a_move_of_ours_is_noted_before_it_is_made_so_that_a_crash_does_not_hide_it():
    change = update_of(planned(start=START + timedelta(days=1)))
    assert (change.entry.moved_at, update_intended(change, "unused", now=NOW).moved_at) == (None, NOW)
    text = update_of(planned(subject="Nyt navn"))
    assert update_intended(replace(text, entry=replace(ENTRY, moved_at=THEN)), "unused", now=NOW).moved_at == THEN


def test_who_has_answered_was_invited_before_that_although_the_books_do_not_say_so():
    """A lost database, or a crash after the request: the answer was to this invitation."""
    answered, still_to = make_attendee("anna", responded_at=THEN), make_attendee("bo")
    echo = replace(STANDING, attendees=(answered, still_to))
    entry = settled(AHEAD, echo, creation_intended(AHEAD, "t-1"), NOBODY, now=NOW)
    assert (entry.invited_since[address("anna")], entry.invited_since[address("bo")]) == (THEN, NOW)


def test_a_list_that_is_held_stays_in_the_books_as_it_was():
    """Somebody under a directory name may be one of those whom we invited; the words of the event are settled all the same."""
    change = update_of(make_desired("anna", "dan", room=ROOM, subject="Nyt navn"))
    held = replace(STANDING.attendees[0], email="/o=ExchangeLabs/ou=x/cn=bo")
    echo = replace(make_observed(change.desired), attendees=(*STANDING.attendees[:1], held))
    entry = settled(change.desired, echo, ENTRY, NOBODY, now=NOW)
    assert (entry.desired_attendees, entry.invited_since) == (ENTRY.desired_attendees, ENTRY.invited_since)
    assert entry.subject == "Nyt navn"
