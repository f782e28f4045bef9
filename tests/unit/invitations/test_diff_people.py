"""Person by person: who is invited, who is taken off, who is left alone, and exactly who gets a mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.changes import Reason
from bot.domain.events import Attendee, AttendeeType, EventField, LedgerState
from bot.domain.people import PeopleIndex
from bot.invitations.diff import compute_changes
from tests.builders.samples import (
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

BEFORE = make_desired("anna", "bo")
STANDING = make_observed(BEFORE)
ENTRY = make_entry(BEFORE, STANDING)
BEGUN = NOW.replace(month=6, day=18, hour=8)


def seated(*names, **changes):
    """The event with these people on it."""
    return replace(STANDING, attendees=tuple(make_attendee(name) for name in names), **changes)


def told(desired, observed, *, entry=ENTRY, **changes):
    """(action, reason, add, remove, mails) of each change, addresses by name."""
    found = compute_changes(make_world(desired, observed, entries=[entry] if entry else [], **changes))
    return [(one.action, one.reason, names(getattr(one, "add", ())), names(getattr(one, "remove", ())), one.mails) for one in found]


def names(addresses):
    return " ".join(one.partition("@")[0] for one in addresses)


def test_somebody_new_is_invited_and_nobody_else_gets_a_mail():
    assert told(make_desired("anna", "bo", "dan"), STANDING) == [("invite", Reason.AUDIENCE, "dan", "", 1)]


def test_somebody_who_left_is_taken_off_and_nobody_else_gets_a_mail():
    assert told(make_desired("anna"), STANDING) == [("invite", Reason.AUDIENCE, "", "bo", 1)]


def test_coming_and_going_is_one_change():
    assert told(make_desired("anna", "dan"), STANDING) == [("invite", Reason.AUDIENCE, "dan", "bo", 2)]


def test_with_a_moved_field_each_person_is_mailed_once():
    """Those who stay get the update, those who leave the cancellation, those who come the invitation."""
    desired = make_desired("anna", "dan", "eva", subject="Nyt navn")
    assert told(desired, seated("anna", "bo", "fremmed")) == [("update", Reason.PLAN, "dan eva", "bo", 5)]


def test_an_update_mails_everybody_on_the_event_forwarded_ones_too():
    """Outlook does not ask us."""
    assert told(make_desired("anna", "bo", subject="Nyt navn"), seated("anna", "bo", "x", "y"))[0][-1] == 4


def test_rooms_are_booked_and_freed_without_a_mail():
    with_room = make_desired("anna", "bo", room=ROOM, location=None)
    assert told(with_room, STANDING) == [("invite", Reason.AUDIENCE, "sal-1", "", 0)]
    observed = make_observed(with_room)
    assert told(BEFORE, observed, entry=make_entry(with_room, observed)) == [("invite", Reason.AUDIENCE, "", "sal-1", 0)]


def test_somebody_removed_by_hand_is_told_and_not_invited_again():
    (change,) = compute_changes(make_world(BEFORE, seated("anna"), entries=[ENTRY]))
    assert (change.action, change.reason, change.missing, change.fields, change.mails) == (
        "conflict",
        Reason.DRIFT,
        (address("bo"),),
        (),
        0,
    )


def test_somebody_removed_by_hand_is_invited_again_where_that_is_the_rule():
    assert told(BEFORE, seated("anna"), restore=True) == [("invite", Reason.RESTORED, "bo", "", 1)]


def test_somebody_who_was_never_confirmed_on_the_event_is_invited():
    """An invitation that broke off; without this it would look like a removal by hand."""
    entry = replace(ENTRY, state=LedgerState.INTENDED, invited_since={address("anna"): NOW})
    assert told(BEFORE, seated("anna"), entry=entry) == [("invite", Reason.AUDIENCE, "bo", "", 1)]
    assert told(BEFORE, STANDING, entry=entry) == [("adopt", Reason.AGREED, "", "", 0)]


@pytest.mark.parametrize("restore", [False, True])
def test_somebody_who_had_the_invitation_forwarded_is_left_alone(restore):
    assert told(BEFORE, seated("anna", "bo", "fremmed@partner.example"), restore=restore) == []


def test_a_stranger_who_joins_the_audience_is_noted_without_a_mail():
    assert told(make_desired("anna", "bo", "dan"), seated("anna", "bo", "dan")) == [("adopt", Reason.AGREED, "", "", 0)]


def test_somebody_who_left_the_audience_and_the_event_is_forgotten():
    """So that coming back is a new invitation and not a removal by hand."""
    assert told(make_desired("anna"), seated("anna")) == [("adopt", Reason.AGREED, "", "", 0)]


def test_somebody_under_a_new_address_is_neither_removed_nor_added():
    """The old address is an alias now; the event keeps it, and so does the person's answer."""
    people = PeopleIndex([make_person("bo-hansen", aliases=["bo"]), make_person("anna")])
    assert told(make_desired("anna", "bo-hansen"), STANDING, people=people) == []


def test_somebody_who_is_on_the_event_by_an_alias_is_on_it():
    people = PeopleIndex([make_person("bo", aliases=["b.hansen"]), make_person("anna")])
    assert told(BEFORE, seated("anna", "B.Hansen"), people=people) == []
    assert told(make_desired("anna"), seated("anna", "B.Hansen"), people=people) == [("invite", Reason.AUDIENCE, "", "bo", 1)]


def test_a_changed_kind_of_attendee_alone_is_not_worth_a_mail():
    optional = replace(BEFORE, attendees=(BEFORE.attendees[0], replace(BEFORE.attendees[1], type=AttendeeType.OPTIONAL)))
    assert told(optional, STANDING) == []


@pytest.mark.parametrize("wanted", [("anna", "bo", "dan"), ("anna",)])
def test_when_it_has_begun_nobody_comes_or_goes(wanted):
    assert told(make_desired(*wanted), STANDING, now=BEGUN) == []


def test_when_it_has_begun_nobody_is_missing_either():
    assert told(BEFORE, seated("anna"), now=BEGUN) == []


def test_when_the_plan_moves_a_session_ahead_that_has_begun_its_people_come_along():
    """It has not begun any more, once it is moved."""
    tomorrow = make_desired("anna", "dan", start=START + timedelta(days=1), end=START + timedelta(days=1, hours=3))
    (change,) = compute_changes(make_world(tomorrow, STANDING, entries=[ENTRY], now=BEGUN))
    assert (change.fields, names(change.add), names(change.remove)) == ((EventField.START, EventField.END), "dan", "bo")


def test_when_the_plan_moves_a_session_to_have_begun_nobody_comes_or_goes():
    now = BEGUN - timedelta(hours=3)
    earlier = make_desired("anna", "dan", start=START - timedelta(hours=5))
    assert told(earlier, STANDING, now=now) == [("update", Reason.PLAN, "", "", 2)]


def test_adopting_invites_who_is_missing_and_takes_nobody_off():
    """Without books nobody can tell a forwarded invitation from somebody who left."""
    assert told(BEFORE, seated("anna", "fremmed"), entry=None) == [("adopt", Reason.ADOPTED, "bo", "", 1)]


def test_an_unfinished_creation_takes_off_who_was_on_its_list_and_is_not_wanted():
    """The list of the creation is in the books, whatever became of the request."""
    entry = replace(ENTRY, event_id=None, state=LedgerState.INTENDED, observed_fields={}, invited_since={})
    assert told(make_desired("anna", "dan"), STANDING, entry=entry) == [("adopt", Reason.UNFINISHED, "dan", "bo", 2)]


def test_drift_of_fields_and_people_is_one_conflict():
    (change,) = compute_changes(
        make_world(BEFORE, replace(seated("anna"), content=replace(STANDING.content, subject="Rettet")), entries=[ENTRY])
    )
    assert (change.reason, change.fields, change.missing) == (Reason.DRIFT, (EventField.SUBJECT,), (address("bo"),))


def test_an_event_without_anybody_mails_nobody():
    empty = make_desired()
    standing = make_observed(empty)
    changed = replace(empty, content=replace(empty.content, subject="Nyt navn"))
    assert told(changed, standing, entry=make_entry(empty, standing)) == [("update", Reason.PLAN, "", "", 0)]


def test_a_speaker_from_outside_counts_like_anybody():
    desired = replace(BEFORE, attendees=(*BEFORE.attendees, Attendee(email="taler@firma.example", type=AttendeeType.OPTIONAL)))
    assert told(desired, STANDING) == [("invite", Reason.AUDIENCE, "taler", "", 1)]


UNKNOWN = "bo.privat@post.example"
DIRECTORY_NAME = "/o=ExchangeLabs/ou=Exchange Administrative Group/cn=Recipients/cn=0123-bo"


def under(email, name):
    """Anna and one more on the event, under this address and name."""
    return replace(STANDING, attendees=(STANDING.attendees[0], replace(STANDING.attendees[1], email=email, name=name)))


@pytest.mark.parametrize("restore", [False, True])
@pytest.mark.parametrize("name", ["Bo", " bo ", "BO"])
def test_who_is_missing_while_a_namesake_is_there_under_an_unknown_name_is_told_and_not_invited_again(restore, name):
    """Nobody is removed either; whoever is missing without a namesake is, as ever."""
    wanted = replace(BEFORE, attendees=tuple(replace(one, name=names([one.email]).title()) for one in BEFORE.attendees))
    (change,) = compute_changes(make_world(wanted, under(UNKNOWN, name), entries=[ENTRY], restore=restore))
    assert (change.action, change.reason, change.missing, change.mails) == ("conflict", Reason.UNKNOWN_NAME, (address("bo"),), 0)


def test_another_name_no_name_or_somebody_known_is_no_namesake():
    wanted = replace(BEFORE, attendees=tuple(replace(one, name=names([one.email]).title()) for one in BEFORE.attendees))
    nameless = replace(wanted, attendees=tuple(replace(one, name=one.email) for one in wanted.attendees))
    for plan, standing in ((wanted, under(UNKNOWN, "Dan")), (wanted, under(UNKNOWN, "")), (nameless, under(UNKNOWN, address("bo")))):
        assert [change.reason for change in compute_changes(make_world(plan, standing, entries=[ENTRY]))] == [Reason.DRIFT]
    known = make_world(wanted, under(address("bo-2"), "Bo"), entries=[ENTRY], people=PeopleIndex([make_person("bo-2"), make_person("bo")]))
    assert [change.reason for change in compute_changes(known)] == [Reason.DRIFT]


def test_when_it_has_begun_nobody_looks_for_namesakes():
    wanted = replace(BEFORE, attendees=tuple(replace(one, name=names([one.email]).title()) for one in BEFORE.attendees))
    assert compute_changes(make_world(wanted, under(UNKNOWN, "Bo"), entries=[ENTRY], now=BEGUN)) == ()


@pytest.mark.parametrize("restore", [False, True])
def test_a_list_with_a_directory_name_that_is_nobodys_is_held_and_told(restore):
    """Whoever would come or go waits; so does what is said of people who are missing."""
    (change,) = compute_changes(make_world(make_desired("anna", "dan"), under(DIRECTORY_NAME, "Bo"), entries=[ENTRY], restore=restore))
    assert (change.action, change.reason, change.missing, change.mails) == ("conflict", Reason.DIRECTORY_NAME, ("Bo",), 0)
    moved = told(make_desired("anna", "dan", subject="Nyt navn"), under(DIRECTORY_NAME, ""), restore=restore)
    assert [(action, reason, add, remove) for action, reason, add, remove, _ in moved] == [
        ("update", Reason.PLAN, "", ""),
        ("conflict", Reason.DIRECTORY_NAME, "", ""),
    ]
    assert compute_changes(make_world(make_desired("anna", "dan"), under(DIRECTORY_NAME, "Bo"), entries=[ENTRY], now=BEGUN)) == ()
