"""Who is invited under another address than before, and who is not."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.changes import Reason, Update
from bot.domain.events import ObservedAttendee
from bot.domain.people import PeopleIndex, Person
from bot.invitations.audiences import merged_people
from bot.invitations.diff import compute_changes
from bot.invitations.readdressed import former_addresses
from tests.builders.samples import NOW, make_desired, make_entry, make_observed, make_world

PLACES = [f"adresse-{number}@demo.example" for number in range(5)]


def person(*addresses: str, whole: bool = True, identity: str | None = "id-1") -> Person:
    return Person(email=addresses[0], name="Ane", directory_id=identity, aliases=frozenset(addresses[1:]), is_whole=whole)


def differing(today, known, on_event, *, unreached=frozenset(), **more):
    """The changes for somebody who is on the event under these addresses, with another who stays."""
    wanted = make_desired("bo")
    bo = wanted.attendees[0]
    desired = replace(wanted, attendees=(bo, replace(bo, email=today.email)))
    standing = replace(make_observed(wanted), attendees=tuple(ObservedAttendee(email=one) for one in (bo.email, *on_event)))
    entry = make_entry(replace(wanted, attendees=(bo, replace(bo, email=known.email))), standing)
    entry = replace(entry, invited_since={bo.email: NOW, known.email: NOW})
    world = make_world(desired, standing, entries=[entry], people=PeopleIndex(merged_people([today, known])), **more)
    world = replace(world, outdated=former_addresses([today], [known]), unreached={desired.key: unreached})
    return [one for one in compute_changes(world) if one.mails or one.action == "conflict"]


def test_who_was_invited_under_an_address_that_is_theirs_no_more_gets_one_invitation():
    (change,) = differing(person("ny@demo.example"), person("gammel@demo.example"), ["Gammel@demo.example"])
    assert (change.action, change.reason, change.mails) == ("invite", Reason.NEW_ADDRESS, 2)
    assert change.readdressed == (("gammel@demo.example", "ny@demo.example"),)
    assert (change.add, change.remove) == ((), ())


def test_nobody_is_moved_once_the_event_has_begun():
    begun = NOW.replace(month=6, day=18, hour=8)
    assert differing(person("ny@demo.example"), person("gammel@demo.example"), ["gammel@demo.example"], now=begun) == []


def test_an_address_that_somebody_else_has_today_is_no_former_one():
    """Nor is one of people whom the directory does not know by id."""
    taken = person("gammel@demo.example", identity="id-2")
    assert former_addresses([person("ny@demo.example"), taken], [person("gammel@demo.example")]) == frozenset()
    assert former_addresses([person("ny@demo.example", identity=None)], [person("gammel@demo.example", identity=None)]) == frozenset()


@given(
    today=st.lists(st.sampled_from(PLACES), min_size=1, unique=True),
    before=st.lists(st.sampled_from(PLACES), min_size=1, unique=True),
    on_event=st.lists(st.sampled_from(PLACES), min_size=1, max_size=2, unique=True),
    unreached=st.frozensets(st.sampled_from(PLACES)),
    whole=st.booleans(),
)
def test_addresses_are_exchanged_once_and_never_between_aliases(today, before, on_event, unreached, whole):
    now, known = person(*today, whole=whole), person(*before)
    theirs = {*today, *before}
    on_event = [one for one in on_event if one in theirs] or [before[0]]
    changes = differing(now, known, on_event, unreached=unreached)
    exchanged = [pair for one in changes if isinstance(one, Update) for pair in one.readdressed]
    wrong = {one for one in on_event if one in unreached or (whole and one not in today)}
    if now.email in on_event or wrong != {*on_event}:
        assert exchanged == []
    else:
        assert exchanged == sorted((one, now.email) for one in on_event)
    assert sum(one.mails for one in changes) == 2 * len(exchanged)
    if exchanged:
        assert differing(now, known, [now.email], unreached=unreached) == []
