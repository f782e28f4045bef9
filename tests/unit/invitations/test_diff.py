"""The decision table of `bot.invitations.diff`, row by row: what happens to one event."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.changes import Cancel, Conflict, Create, Forget, Reason, Update, writes_to_outlook
from bot.domain.events import AttendeeType, LedgerState, ResponseStatus, SessionKey
from bot.invitations.diff import compute_changes, seated_people
from tests.builders.samples import (
    END,
    KEY,
    NOW,
    ROOM,
    START,
    address,
    make_attendee,
    make_desired,
    make_entry,
    make_observed,
    make_wanted,
    make_world,
)

AHEAD = make_desired("anna", "bo", room=ROOM)
STANDING = make_observed(AHEAD)
ENTRY = make_entry(AHEAD, STANDING)
DAY = timedelta(days=1)
LATER = NOW + timedelta(days=60)  # after the sample session
DURING = NOW + (START - timedelta(hours=2) - NOW.replace(tzinfo=None)) + timedelta(hours=1)  # an hour into it


def moved(event, days):
    """The same event, so many days on (or back)."""
    content = replace(event.content, start=event.content.start + days * DAY, end=event.content.end + days * DAY)
    return replace(event, content=content)


UNFINISHED = replace(ENTRY, event_id=None, state=LedgerState.INTENDED, observed_fields={}, invited_since={})
HELD = make_wanted(AHEAD, held=frozenset({KEY}))


@pytest.mark.parametrize(
    ("wanted", "observed", "entries", "now", "restore", "expected"),
    [
        pytest.param(HELD, [], [], NOW, False, [(Create, Reason.AUDIENCE_UNKNOWN)], id="a new session with an unknown audience waits"),
        pytest.param(HELD, [], [UNFINISHED], NOW, False, [(Create, Reason.AUDIENCE_UNKNOWN)], id="so does one whose creation broke off"),
        pytest.param(HELD, [], [], LATER, False, [], id="a session long over waits for nobody"),
        pytest.param(HELD, [], [ENTRY], NOW, False, [], id="a deleted one is left alone while its audience is unknown"),
        pytest.param(HELD, [moved(STANDING, 1)], [ENTRY], NOW, False, [], id="what stands is kept while its audience is unknown"),
        pytest.param(make_wanted(held=frozenset({KEY})), [], [ENTRY], NOW, True, [], id="also when nobody is wanted there any more"),
        pytest.param(AHEAD, [], [], NOW, False, [(Create, Reason.NEW)], id="a new session is created"),
        pytest.param(AHEAD, [], [], DURING, False, [], id="a session that has begun is not created"),
        pytest.param(AHEAD, [], [UNFINISHED], NOW, False, [(Create, Reason.UNFINISHED)], id="a creation that broke off is finished"),
        pytest.param(AHEAD, [], [UNFINISHED], LATER, False, [], id="a creation that broke off is let go when the day has passed"),
        pytest.param(AHEAD, [], [ENTRY], LATER, False, [], id="a session that was held rests"),
        pytest.param(moved(AHEAD, 90), [], [ENTRY], LATER, False, [(Conflict, Reason.PAST)], id="what was held cannot be moved ahead"),
        pytest.param(AHEAD, [], [ENTRY], NOW, False, [(Conflict, Reason.VANISHED)], id="an event deleted by hand stays deleted"),
        pytest.param(AHEAD, [], [ENTRY], NOW, True, [(Create, Reason.RESTORED)], id="unless restoring is the rule"),
        pytest.param(AHEAD, [], [ENTRY], DURING, True, [], id="but not when it has begun"),
        pytest.param(AHEAD, [STANDING], [ENTRY], LATER, False, [], id="the past is left alone"),
        pytest.param(AHEAD, [moved(STANDING, -90)], [ENTRY], NOW, False, [(Conflict, Reason.PAST)], id="moved into the past by hand"),
        pytest.param(moved(AHEAD, -90), [STANDING], [ENTRY], NOW, False, [(Conflict, Reason.PAST)], id="moved into the past by the plan"),
        pytest.param(moved(AHEAD, 90), [STANDING], [ENTRY], LATER, True, [(Conflict, Reason.PAST)], id="over in Outlook, not in the plan"),
        pytest.param(AHEAD, [STANDING], [], NOW, False, [(Update, Reason.ADOPTED)], id="an event of ours without books is adopted"),
        pytest.param(AHEAD, [STANDING], [ENTRY], NOW, False, [], id="nothing moved, nothing happens"),
        pytest.param(moved(AHEAD, 1), [STANDING], [ENTRY], NOW, False, [(Update, Reason.PLAN)], id="what the plan moved is moved"),
        pytest.param(None, [moved(STANDING, -90)], [ENTRY], NOW, False, [(Forget, Reason.HISTORY)], id="an unwanted one long over stays"),
        pytest.param(None, [moved(STANDING, -90)], [], NOW, False, [], id="and is no business of ours without books"),
        pytest.param(None, [STANDING], [ENTRY], DURING, False, [], id="an unwanted event that has begun is let be"),
        pytest.param(None, [STANDING], [ENTRY], NOW, False, [(Cancel, Reason.GONE_FROM_PLAN)], id="an unwanted event ahead is cancelled"),
        pytest.param(None, [STANDING], [], NOW, False, [(Cancel, Reason.GONE_FROM_PLAN)], id="also without books: the stamp is ours"),
        pytest.param(None, [], [ENTRY], NOW, False, [(Forget, Reason.HISTORY)], id="books on nothing are closed"),
    ],
)  # fmt: skip
def test_each_row_of_the_table(wanted, observed, entries, now, restore, expected):
    changes = compute_changes(make_world(wanted, *observed, entries=entries, now=now, restore=restore))
    assert [(type(change), change.reason) for change in changes] == expected


def test_a_creation_invites_everybody_and_counts_people_only():
    """A room gets no mail that a person reads."""
    (change,) = compute_changes(make_world(AHEAD))
    assert (change.mails, change.subject, change.course, change.held) == (2, "Kursus", "kursus", False)


def test_a_creation_that_waits_mails_nobody_and_writes_nothing():
    (change,) = compute_changes(make_world(HELD))
    assert (change.mails, change.held, writes_to_outlook(change)) == (0, True, False)


def test_an_unfinished_creation_goes_on_under_its_transaction_id():
    (change,) = compute_changes(make_world(AHEAD, entries=[UNFINISHED]))
    assert change.entry is UNFINISHED


def test_a_restored_creation_is_a_new_one():
    """The old transaction id belongs to the event that was deleted."""
    (change,) = compute_changes(make_world(AHEAD, entries=[ENTRY], restore=True))
    assert change.entry is None


@pytest.mark.parametrize(
    ("absent", "reason", "gone"),
    [
        ({}, Reason.GONE_FROM_PLAN, True),
        ({KEY: Reason.UNDATED}, Reason.UNDATED, True),
        ({KEY: Reason.NOT_APPROVED}, Reason.NOT_APPROVED, True),
        ({KEY: Reason.STATUS_CANCELLED}, Reason.STATUS_CANCELLED, False),
    ],
)
def test_a_cancellation_says_why_and_whether_hr_said_so_in_words(absent, reason, gone):
    """Only `status: cancelled` is free of the safety limit."""
    (change,) = compute_changes(make_world(make_wanted(absent=absent), STANDING, entries=[ENTRY]))
    assert (change.reason, change.gone, change.mails, change.subject) == (reason, gone, 2, "Kursus")
    assert change.entry is ENTRY


def test_a_part_that_everybody_left_is_cancelled_because_of_the_audience():
    """The session itself goes on in its first part."""
    second = make_observed(make_desired("zoe", key=replace(KEY, part=2)), event_id="event-2")
    changes = compute_changes(make_world(AHEAD, STANDING, second, entries=[ENTRY]))
    assert [(change.key.part, change.reason, change.gone) for change in changes] == [(2, Reason.AUDIENCE, False)]


def test_a_cancelled_session_takes_its_further_parts_along():
    second = make_observed(make_desired("zoe", key=replace(KEY, part=2)), event_id="event-2")
    wanted = make_wanted(absent={KEY: Reason.STATUS_CANCELLED})
    changes = compute_changes(make_world(wanted, STANDING, second, entries=[ENTRY]))
    assert [(change.key.part, change.reason) for change in changes] == [(1, Reason.STATUS_CANCELLED), (2, Reason.STATUS_CANCELLED)]


def test_the_further_parts_of_a_held_session_are_held_too():
    second = make_observed(make_desired("zoe", key=replace(KEY, part=2)), event_id="event-2")
    assert compute_changes(make_world(HELD, STANDING, second, entries=[ENTRY])) == ()


def test_what_is_forgotten_is_told_by_its_name():
    (change,) = compute_changes(make_world(None, entries=[ENTRY]))
    assert (change.subject, change.course, change.mails) == ("Kursus", "kursus", 0)


def test_a_vanished_event_carries_its_entry_to_be_marked():
    (change,) = compute_changes(make_world(AHEAD, entries=[ENTRY]))
    assert change.entry is ENTRY
    assert not writes_to_outlook(change)


def test_an_event_brought_back_from_the_waste_basket_is_no_longer_vanished_in_the_books():
    """Else a list that lags would let it be created once more."""
    (change,) = compute_changes(make_world(AHEAD, STANDING, entries=[replace(ENTRY, state=LedgerState.VANISHED)]))
    assert (change.action, change.reason, writes_to_outlook(change)) == ("adopt", Reason.AGREED, False)


def test_an_update_that_was_finished_before_the_machine_died_is_only_noted():
    (change,) = compute_changes(make_world(AHEAD, STANDING, entries=[replace(ENTRY, state=LedgerState.INTENDED)]))
    assert (change.action, change.mails, writes_to_outlook(change)) == ("adopt", 0, False)


def test_a_copy_of_a_wanted_event_is_told_and_the_ledgers_event_is_ours():
    """A person copied it, stamp and all; even an older one is not ours when the books know better."""
    copy = make_observed(AHEAD, event_id="copy", created_at=NOW - 99 * DAY, attendees=())
    changes = compute_changes(make_world(AHEAD, copy, STANDING, entries=[ENTRY]))
    assert [(type(change), change.reason) for change in changes] == [(Conflict, Reason.DUPLICATE)]


def test_without_books_the_oldest_of_two_is_ours():
    old, young = make_observed(AHEAD, event_id="z"), make_observed(AHEAD, event_id="a", created_at=NOW)
    undated = make_observed(AHEAD, event_id="b", created_at=None)
    adopted, *twins = compute_changes(make_world(AHEAD, young, old))
    assert adopted.observed is old
    assert [twin.reason for twin in twins] == [Reason.DUPLICATE]
    assert compute_changes(make_world(AHEAD, young, undated))[0].observed is undated


def test_the_copy_takes_over_when_the_original_is_deleted():
    copy = make_observed(AHEAD, event_id="copy", attendees=())
    changes = compute_changes(make_world(AHEAD, copy, entries=[ENTRY]))
    assert [(change.action, change.reason) for change in changes] == [("adopt", Reason.ADOPTED), ("conflict", Reason.DRIFT)]


def test_a_copy_of_an_unwanted_event_is_cancelled_with_it():
    """Else it would stand until the next run."""
    copy = make_observed(AHEAD, event_id="copy", created_at=NOW)
    changes = compute_changes(make_world(None, STANDING, copy, entries=[ENTRY]))
    assert [(type(change), change.observed.event_id, change.entry) for change in changes] == [
        (Cancel, "event-1", ENTRY),
        (Cancel, "copy", None),
    ]


def test_a_room_that_said_no_is_told_until_it_is_another_room():
    """The answer comes long after the booking, and nobody reads the room's mail."""
    said_no = replace(
        STANDING, attendees=(make_attendee(ROOM, type=AttendeeType.RESOURCE, response=ResponseStatus.DECLINED), *people("anna", "bo"))
    )
    (told,) = compute_changes(make_world(AHEAD, said_no, entries=[ENTRY]))
    assert (told.reason, told.missing, told.mails) == (Reason.ROOM_DECLINED, (ROOM,), 0)
    other_room = make_desired("anna", "bo", room="sal-2@demo.example", location=AHEAD.content.location)
    (change,) = compute_changes(make_world(other_room, said_no, entries=[ENTRY]))
    assert (change.action, change.add, change.remove, change.mails) == ("invite", ("sal-2@demo.example",), (ROOM,), 0)


def people(*names):
    return tuple(make_attendee(name) for name in names)


def test_a_person_who_declines_is_no_conflict():
    declined = replace(
        STANDING, attendees=(*people("anna"), make_attendee("bo", response=ResponseStatus.DECLINED), *STANDING.attendees[2:])
    )
    assert compute_changes(make_world(AHEAD, declined, entries=[ENTRY])) == ()


def test_changes_come_by_key_whatever_the_order_of_the_world():
    other = make_desired("anna", key=SessionKey(plan="demo", course="andet", offering="main", session="dag"))
    world = make_world(make_wanted(AHEAD, other))
    turned = make_world(make_wanted(other, AHEAD))
    assert [change.course for change in compute_changes(world)] == ["andet", "kursus"]
    assert compute_changes(world) == compute_changes(turned)


def test_who_sits_where_is_the_books_word_and_else_outlooks():
    """By canonical address: the books know people who are for the moment away from the event."""
    key_2 = replace(KEY, part=2)
    second = make_observed(make_desired("zoe", key=key_2), event_id="event-2")
    entry = replace(ENTRY, desired_attendees={address("anna"): "required"})
    empty = replace(ENTRY, key=replace(KEY, part=3), desired_attendees={})
    seated = seated_people([STANDING, second], {KEY: entry, empty.key: empty}, make_world(None).people)
    assert seated == {KEY: frozenset({address("anna")}), key_2: frozenset({address("zoe")})}


def test_the_sample_is_a_morning_in_copenhagen():
    """What the moments of this file rest on."""
    assert (START.hour, (END - START).seconds, ENTRY.start.hour) == (9, 3 * 3600, 7)
    assert ENTRY.start < DURING < ENTRY.end < LATER


# -- another mailbox than the plan names


def in_old_mailbox(desired, *observed, **changes):
    entry = replace(make_entry(desired, make_observed(desired)), organiser="gammel@demo.example")
    return compute_changes(make_world(desired, *observed, entries=[entry], organiser="kurser@demo.example", **changes))


def test_an_event_in_another_mailbox_is_cancelled_there_and_made_here():
    """Nobody has deleted it, and nobody has two."""
    desired = make_desired("anna", "bo")
    (change,) = in_old_mailbox(desired, make_observed(desired))
    assert isinstance(change, Create)
    assert (change.reason, change.instead, change.mails) == (Reason.MAILBOX, make_observed(desired), 4)


def test_an_event_that_is_gone_from_another_mailbox_is_made_here():
    desired = make_desired("anna")
    (change,) = in_old_mailbox(desired)
    assert (change.reason, change.instead, change.mails) == (Reason.MAILBOX, None, 1)


def test_what_has_begun_in_another_mailbox_is_left_there():
    desired = make_desired("anna")
    begun = make_observed(desired, start=NOW.replace(tzinfo=None) - timedelta(hours=1))
    assert in_old_mailbox(desired, begun) == ()
    assert in_old_mailbox(desired, now=NOW + timedelta(days=90)) == ()
