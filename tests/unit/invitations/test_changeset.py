"""Changes in order, counted, with a checksum that stands for exactly what would be done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.changes import Cancel, Conflict, Create, Forget, Reason, Update, writes_to_outlook
from bot.domain.events import Attendee, AttendeeType, EventField, Location
from bot.domain.people import Audience, UnknownGroup, UnknownReason
from bot.invitations.changeset import assemble
from bot.invitations.diff import compute_changes
from tests.builders.samples import (
    KEY,
    NOW,
    ROOM,
    START,
    make_attendee,
    make_desired,
    make_entry,
    make_observed,
    make_plan,
    make_wanted,
    make_world,
)

AHEAD = make_desired("anna", "bo", room=ROOM)
STANDING = make_observed(AHEAD)
ENTRY = make_entry(AHEAD, STANDING)


def key_of(course, part=1):
    return replace(KEY, course=course, part=part)


def changeset(world, *audiences, changes=None):
    return assemble(make_plan(), world, compute_changes(world) if changes is None else changes, audiences)


def checksum(desired, observed=STANDING, **changes):
    return changeset(make_world(desired, observed, entries=[ENTRY], **changes)).checksum if observed else creation(desired).checksum


def creation(desired):
    return changeset(make_world(desired))


def planned(attendees=AHEAD.attendees, **changes):
    return replace(AHEAD, content=replace(AHEAD.content, **changes), attendees=attendees)


# -- order and counts


def test_changes_come_in_the_order_of_their_application_and_then_by_session():
    """Rooms are freed first and the books come last."""
    create = Create(key=key_of("b"), course="b", subject="B", reason=Reason.NEW, desired=AHEAD)
    update = Update(key=key_of("c"), course="c", subject="C", reason=Reason.PLAN, desired=AHEAD, observed=STANDING)
    cancel = Cancel(key=key_of("d"), course="d", subject="D", reason=Reason.UNDATED, observed=STANDING)
    forget = Forget(key=key_of("a"), course="a", subject="A", reason=Reason.HISTORY)
    conflict = Conflict(key=key_of("a"), course="a", subject="A", reason=Reason.DRIFT)
    both = replace(conflict, reason=Reason.BOTH)
    other = replace(create, key=key_of("a"))
    listed = [conflict, forget, create, update, both, other, cancel]
    ordered = (cancel, update, other, create, forget, both, conflict)
    assert changeset(make_world(None), changes=listed).changes == ordered
    assert changeset(make_world(None), changes=listed[::-1]) == changeset(make_world(None), changes=listed)


def test_mails_are_those_of_all_changes():
    world = make_world(make_wanted(planned(subject="Nyt navn"), make_desired("eva", key=key_of("andet"))), STANDING, entries=[ENTRY])
    found = changeset(world)
    assert (found.mails, found.facts.mails, found.plan, found.revision) == (3, 3, "demo", "sha256:0")


def test_unknown_groups_and_members_without_an_address_are_told_once_in_order():
    unknown = UnknownGroup(group="tr@demo.example", reason=UnknownReason.EMPTIED)
    first = Audience(id="a", unknown=(unknown,), without_address=("Ø", "A"))
    second = Audience(id="b", unknown=(unknown,), without_address=("A",))
    found = changeset(make_world(None), second, first)
    assert (found.unknown_groups, found.without_address) == ((unknown,), ("A", "Ø"))


@pytest.mark.parametrize(
    ("wanted", "observed", "writes"),
    [
        (AHEAD, None, True),
        (make_wanted(AHEAD, held=frozenset({KEY})), None, False),
        (planned(subject="Nyt navn"), STANDING, True),
        (planned(attendees=AHEAD.attendees[:1]), STANDING, True),
        (AHEAD, replace(STANDING, event_id="event-9"), False),
        (None, STANDING, True),
        (AHEAD, make_observed(AHEAD, subject="Rettet"), False),
    ],
    ids=["create", "held", "update", "invite", "books only", "cancel", "conflict"],
)
def test_what_writes_to_outlook_needs_an_approval(wanted, observed, writes):
    world = make_world(wanted, *([observed] if observed else []), entries=[ENTRY] if observed else [])
    assert [writes_to_outlook(change) for change in compute_changes(world)] == [writes]


def test_closing_the_books_writes_nothing():
    assert [writes_to_outlook(change) for change in compute_changes(make_world(None, entries=[ENTRY]))] == [False]


# -- the facts that the limits are held against


def test_future_events_and_places_are_counted_without_rooms_and_without_what_has_begun():
    begun = make_observed(make_desired("eva", key=key_of("nu"), start=START - timedelta(days=49)), event_id="2")
    facts = changeset(make_world(make_wanted(AHEAD), STANDING, begun, entries=[ENTRY])).facts
    assert (facts.managed_future_events, facts.places, facts.all_courses_gone) == (1, 2, False)


def test_a_place_removed_is_a_persons():
    world = make_world(planned(attendees=AHEAD.attendees[:1]), STANDING, entries=[ENTRY])
    assert changeset(world).facts.places_removed == 1
    without_room = planned(attendees=tuple(one for one in AHEAD.attendees if one.type is not AttendeeType.RESOURCE))
    assert changeset(make_world(without_room, STANDING, entries=[ENTRY])).facts.places_removed == 0


def test_the_people_of_a_part_that_is_cancelled_lose_their_places():
    """Else a directory that forgets half of its people would pass."""
    second = make_observed(make_desired("x", "y", "z", key=key_of("kursus", part=2)), event_id="2")
    facts = changeset(make_world(AHEAD, STANDING, second, entries=[ENTRY])).facts
    assert (facts.places_removed, facts.cancelled_gone, facts.places) == (3, 0, 5)


def test_a_cancellation_in_words_is_not_gone():
    others = [make_observed(make_desired("x", key=key_of(name)), event_id=name) for name in "ab"]
    wanted = make_wanted(absent={KEY: Reason.STATUS_CANCELLED}, living_courses=frozenset({"kursus"}))
    facts = changeset(make_world(wanted, STANDING, *others)).facts
    assert (facts.cancelled_gone, facts.managed_future_events, facts.places_removed) == (2, 3, 0)


@pytest.mark.parametrize(("living", "gone"), [({"kursus"}, False), ({"andet"}, True), (set(), True)])
def test_every_course_is_gone_when_none_with_coming_events_stands_in_the_plan(living, gone):
    wanted = make_wanted(living_courses=frozenset(living))
    assert changeset(make_world(wanted, STANDING)).facts.all_courses_gone is gone


def test_an_empty_calendar_is_no_sign_of_a_broken_plan():
    past = make_observed(AHEAD, event_id="2", start=START - timedelta(days=90), end=START - timedelta(days=89))
    assert changeset(make_world(None, past)).facts.all_courses_gone is False
    assert changeset(make_world(None)).facts.all_courses_gone is False


# -- the checksum


def test_the_checksum_is_sixteen_hexadecimal_digits_of_the_difference():
    first = creation(AHEAD).checksum
    assert len(first) == 16
    assert int(first, 16) > 0
    assert first == creation(make_desired("bo", "anna", room=ROOM)).checksum


DIFFERENT = {
    "subject": {"subject": "Andet"},
    "words": {"body": "<p>Andet</p>"},
    "markup": {"body": "<p><b>Velkommen</b></p>"},
    "start": {"start": START - timedelta(hours=1)},
    "end": {"end": START + timedelta(hours=1)},
    "zone": {"timezone": "Europe/Berlin"},
    "all day": {"all_day": True},
    "place": {"location": Location(name="Sal 2", room=ROOM)},
    "room's mailbox": {"location": Location(name="Sal 1", room="sal-2@demo.example")},
    "show as": {"show_as": "free"},
    "answer": {"response_requested": False},
    "privacy": {"hide_attendees": False},
    "meeting": {"online": True},
    "nobody": {"attendees": ()},
    "kind": {"attendees": tuple(replace(one, type=AttendeeType.OPTIONAL) for one in AHEAD.attendees)},
    "name": {"attendees": tuple(replace(one, name="Andet") for one in AHEAD.attendees)},
}


@pytest.mark.parametrize("what", DIFFERENT)
def test_a_creation_that_would_send_anything_else_has_another_checksum(what):
    assert creation(planned(**DIFFERENT[what])).checksum != creation(AHEAD).checksum


def test_every_kind_of_change_has_a_checksum_of_its_own():
    moved = planned(subject="Nyt navn")
    joined = planned(attendees=(Attendee(email="a@demo.example", name="A"), *AHEAD.attendees))
    left = planned(attendees=AHEAD.attendees[:1])
    elsewhere = replace(STANDING, event_id="event-9")
    drifted = make_observed(AHEAD, subject="Rettet")
    unbooked = replace(STANDING, attendees=(make_attendee("anna"), make_attendee("bo")))
    checksums = [
        changeset(make_world(None)).checksum,
        creation(AHEAD).checksum,
        changeset(make_world(make_wanted(AHEAD, held=frozenset({KEY})))).checksum,
        checksum(moved),
        checksum(planned(subject="Et andet navn")),
        checksum(joined),
        checksum(replace(joined, attendees=(replace(joined.attendees[0], name="B"), *joined.attendees[1:]))),
        checksum(left),
        checksum(AHEAD, elsewhere),
        checksum(AHEAD, drifted),
        checksum(AHEAD, drifted, restore=True),
        checksum(AHEAD, unbooked),
        checksum(None),
        checksum(None, replace(STANDING, event_id="event-9")),
        changeset(make_world(make_wanted(absent={KEY: Reason.UNDATED}), STANDING)).checksum,
        changeset(make_world(None, entries=[ENTRY])).checksum,
        changeset(make_world(AHEAD, entries=[ENTRY])).checksum,
    ]
    assert len(set(checksums)) == len(checksums)


def test_what_is_not_sent_is_not_in_the_checksum():
    """Somebody's new name in the directory is no reason to refuse an approved title."""
    renamed = tuple(replace(one, name="Nyt Navn") for one in AHEAD.attendees)
    assert checksum(planned(subject="Nyt navn")) == checksum(planned(attendees=renamed, subject="Nyt navn"))


def test_another_plan_has_another_checksum():
    world = make_world(AHEAD)
    mine, other = (assemble(make_plan(id=name), world, compute_changes(world), ()) for name in ("demo", "andet"))
    assert mine.checksum != other.checksum


def test_an_answer_or_a_revision_that_changes_nothing_keeps_the_checksum():
    world = make_world(planned(subject="Nyt navn"), STANDING, entries=[ENTRY])
    answered = make_world(planned(subject="Nyt navn"), replace(STANDING, etag="2"), entries=[ENTRY])
    assert changeset(world).checksum == changeset(answered).checksum
    assert assemble(make_plan(revision="sha256:1"), world, compute_changes(world), ()).checksum == changeset(world).checksum


def test_the_fields_of_an_update_are_in_the_order_that_everybody_reads():
    (change,) = compute_changes(make_world(planned(show_as="free", subject="Nyt", online=True), STANDING, entries=[ENTRY], now=NOW))
    assert change.fields == (EventField.SUBJECT, EventField.SHOW_AS, EventField.ONLINE)
