"""Whose event is whose when names have changed: the table of `bot.invitations.names`, line by line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.renames import renames_of
from bot.invitations.names import under_names_of_today
from tests.builders.samples import KEY, make_course, make_desired, make_entry, make_observed, make_plan

OLD = replace(KEY, course="gammel")
AHEAD = make_desired("anna")
EVENT = make_observed(AHEAD)
RENAMES = renames_of(make_plan(make_course("kursus", was="gammel"), was="sidste-aar"))


def stamped(key, event_id="event-1"):
    return replace(EVENT, key=key, event_id=event_id)


def known(*pairs):
    return {key: make_entry(replace(AHEAD, key=key), EVENT, key=key, event_id=event_id) for key, event_id in pairs}


def seen(events, ledger):
    found, renamed = under_names_of_today(events, ledger, RENAMES)
    return [str(one.key) for one in found], [(str(one.old), str(one.new)) for one in renamed]


@pytest.mark.parametrize(
    ("stamp", "ledger", "name", "is_renamed"),
    [
        (KEY, known((KEY, "event-1")), KEY, False),
        (OLD, known((KEY, "event-1")), KEY, True),
        (replace(OLD, plan="sidste-aar"), known((KEY, "event-1")), KEY, True),
        (replace(KEY, course="helt-andet"), known((KEY, "event-1")), KEY, True),
        (KEY, {}, KEY, False),
        (OLD, {}, KEY, True),
        (replace(OLD, plan="sidste-aar"), {}, KEY, True),
        (OLD, known((KEY, "event-2")), OLD, False),
        (OLD, known((KEY, "event-2"), (OLD, "event-1")), OLD, False),
    ],
)
def test_an_event_is_known_by_its_id_and_then_by_its_stamp(stamp, ledger, name, is_renamed):
    """And what its stamp says otherwise is to be written."""
    assert seen([stamped(stamp)], ledger) == ([str(name)], [(str(stamp), str(name))] if is_renamed else [])


def test_an_event_of_the_plans_old_id_whose_new_name_is_taken_is_left_to_that_id():
    """Whoever closes that id cancels it."""
    old = replace(KEY, plan="sidste-aar")
    assert seen([stamped(KEY), stamped(old, "event-2")], known((KEY, "event-1"))) == ([str(KEY)], [])


def test_of_two_stamps_the_one_of_today_has_the_name():
    """The other is another event."""
    assert seen([stamped(OLD, "event-2"), stamped(KEY)], {}) == ([str(OLD), str(KEY)], [])
