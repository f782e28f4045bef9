"""The table of what is done about a plan's subscriptions, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.notifications import ListedSubscription, Resource
from bot.subscriptions.upkeep import Upkeep, expiry_to_ask_for, half_life, plan_upkeep
from tests.builders.subscriptions import ADDRESS, BOTH, EVENTS, INBOX, NOW

WANTED = {Resource.EVENTS: EVENTS, Resource.INBOX: INBOX}


def todo(books=BOTH, listed=None, wanted=WANTED, known=None, address=ADDRESS):
    there = [ListedSubscription(id=one.id, path=one.path, expires_at=one.expires_at) for one in books] if listed is None else listed
    ids = {one.id for one in books} if known is None else known
    return plan_upkeep(books, {one.id: one for one in there}, wanted=wanted, known=ids, address=address, now=NOW)


def stray(number, path=EVENTS):
    return ListedSubscription(id=f"s-{number}", path=path, expires_at=NOW)


def test_what_lives_is_left_alone():
    assert todo() == Upkeep()


def test_what_is_not_there_is_created():
    assert todo(()) == Upkeep(create=(Resource.EVENTS, Resource.INBOX))


def test_what_is_gone_at_microsoft_is_made_anew():
    assert todo(listed=[stray(2, INBOX)]) == Upkeep(forget=("s-1",), create=(Resource.EVENTS,))


def test_half_of_the_life_is_enough():
    """At that very moment, or when Graph asked for it."""
    old = replace(BOTH[0], renew_at=NOW)
    assert todo((old, BOTH[1])) == Upkeep(renew=(old,))


def test_another_address_and_another_mailbox_are_made_anew():
    for changed in (replace(BOTH[0], address="https://gammel.example"), replace(BOTH[0], path="users/2/events")):
        assert todo((changed, BOTH[1])) == Upkeep(remove=("s-1",), forget=("s-1",), create=(Resource.EVENTS,))


def test_what_is_not_wanted_any_more_is_removed():
    assert todo(wanted={Resource.EVENTS: EVENTS}) == Upkeep(remove=("s-2",), forget=("s-2",))
    assert todo(wanted={}, listed=[], address="") == Upkeep(remove=("s-1", "s-2"), forget=("s-1", "s-2"))


def test_a_stray_one_is_removed_where_one_is_made_and_another_plans_stays():
    """Two plans may have one mailbox; each has its own."""
    listed = [stray(7), stray(8), stray(9, "users/9/events")]
    assert todo((), listed, wanted={Resource.EVENTS: EVENTS}, known={"s-8"}) == Upkeep(remove=("s-7",), create=(Resource.EVENTS,))


def test_no_more_is_asked_for_than_outlook_gives_and_half_of_what_it_gave_counts():
    assert timedelta(hours=70) < expiry_to_ask_for(NOW) - NOW <= timedelta(minutes=4230)
    assert half_life(NOW, NOW + timedelta(hours=10)) == NOW + timedelta(hours=5)
