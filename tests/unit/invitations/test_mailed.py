"""Where every change of a list mails everybody: the mails beyond the others, the order of requests, and who waits for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.changes import Cancel, Outcome, Reason, Update
from bot.domain.events import AttendeeType, EventField, LedgerState
from bot.domain.graph_findings import NOTHING_FOUND, GraphFindings, MailedByGraph
from bot.invitations.batching import waits_until
from bot.invitations.mailed import as_mailed
from bot.invitations.seat_changes import ListChange, mails_of
from tests.builders.samples import KEY, NOBODY, NOW, ROOM, ZONE, address, make_desired, make_entry, make_observed
from tests.builders.workbench import outcomes, retitle, staff, told_to, town_of

EVERYBODY = GraphFindings(attendees_patch_mails=MailedByGraph.EVERYBODY)
WORDS = (EventField.SUBJECT,)


def update(on="", *, add="", remove="", fields=(), room=None, offering="main", entry=None):
    """People by letters of their names: `update("ab", add="c")`."""
    desired = make_desired(*on, room=room)
    added, removed = (tuple(address(one) if len(one) == 1 else one for one in who) for who in (add, remove))
    rooms = {ROOM} if room else set()
    mails = len({*added, *removed} - rooms) + (len(set(on)) - len(set(removed) - rooms) if fields else 0)
    return Update(
        key=replace(KEY, offering=offering), course=KEY.course, subject="Kursus", reason=Reason.AUDIENCE, mails=mails, desired=desired,
        observed=make_observed(desired), entry=entry, fields=fields, add=added, remove=removed,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "mails"),
    [
        (update("abc", add="d"), 4),
        (update("abc", remove="c"), 3),
        (update("abc", add="d", remove="c"), 4),
        (update("", add="ab"), 2),
        (update("abc", fields=WORDS), 3),
        (update("abc", fields=WORDS, add="d"), 7),
        (update("abc", fields=WORDS, remove="c"), 5),
        (update("abc", fields=WORDS, add="d", remove="c"), 7),
        (update("abc", add=(ROOM,), room=ROOM), 3),
        (update("abc"), 0),
    ],
)
def test_who_stays_gets_one_mail_more_for_each_change_of_the_list(change, mails):
    (counted,) = as_mailed([change], EVERYBODY, NOBODY)
    assert (counted.mails, counted.again) == (mails, mails - change.mails)
    assert as_mailed([counted], EVERYBODY, NOBODY) == (counted,)
    assert as_mailed([change], NOTHING_FOUND, NOBODY) == (change,)


def test_a_swap_changes_a_list_twice():
    """From one event to the other and back: on each one comes first, and who goes is taken off last."""
    swap = [update("abc", add="x", remove="c", offering="en"), update("xyz", add="c", remove="x", offering="to")]
    assert [one.mails for one in as_mailed(swap, EVERYBODY, NOBODY)] == [8, 8]


def test_what_is_no_change_of_a_list_is_left_as_it_is():
    cancel = Cancel(
        key=KEY, course=KEY.course, subject="Kursus", reason=Reason.AUDIENCE, mails=2, observed=make_observed(make_desired("a"))
    )
    assert as_mailed([cancel], EVERYBODY, NOBODY) == (cancel,)


def test_by_the_books_alone_everybody_on_the_event_is_counted_and_no_room():
    entry = make_entry(make_desired("anna", "bo", room=ROOM), make_observed(make_desired("anna", "bo", room=ROOM)))
    assert AttendeeType.RESOURCE.value in entry.desired_attendees.values()
    change = ListChange(entry=entry, add=(address("eva"),), remove=(address("bo"),))
    assert (mails_of(change, findings=NOTHING_FOUND), mails_of(change, findings=EVERYBODY)) == (2, 3)


@pytest.mark.parametrize(("mails_everybody", "updates"), [(False, 1), (True, 2)])
def test_words_and_people_are_as_few_requests_as_can_be(mails_everybody, updates):
    town = town_of("anna", "bo")
    town.outlook.mails_everybody = mails_everybody
    town.sync()
    mark = len(town.outlook.mails)
    retitle(town, "Nyt")
    staff(town, "anna", "eva")
    reading, applied = town.sync()
    assert outcomes(applied) == [(Outcome.APPLIED, None)]
    told = told_to(town.outlook, mark)
    assert [who for kind, who in told if kind == "update"].count("anna") == updates
    assert ("update", "eva") not in told
    assert len(told) == reading.change_set.mails


def gathered(*, listed_at, now=NOW, starts=datetime(2025, 6, 18, 7, tzinfo=UTC), state=LedgerState.APPLIED, on="abc", **more):
    entry = replace(make_entry(make_desired(*on), make_observed(make_desired(*on))), listed_at=listed_at, start=starts, state=state)
    change = update(on, entry=entry, **({"add": "d"} | more))
    (change,) = as_mailed([change], EVERYBODY, NOBODY)
    until = waits_until(change, now=now, zone=ZoneInfo(ZONE))
    return until and f"{until:%d/%m %H:%M}"


def at(hour, day=1, month=5):
    """UTC; in May and June the plan's zone is two hours ahead."""
    return datetime(2025, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("case", "until"),
    [
        ({"listed_at": None}, None),
        ({"listed_at": at(6), "now": at(6)}, "02/05 07:00"),
        ({"listed_at": at(6), "now": at(23)}, "02/05 07:00"),
        ({"listed_at": at(6), "now": at(5, day=2)}, None),
        ({"listed_at": at(3), "now": at(4)}, "01/05 07:00"),
        ({"listed_at": at(6), "fields": WORDS}, None),
        ({"listed_at": at(6), "state": LedgerState.INTENDED}, None),
        ({"listed_at": at(6), "on": ""}, None),
        ({"listed_at": at(6), "starts": at(7, day=3)}, "02/05 07:00"),
        ({"listed_at": at(6), "starts": at(5, day=3)}, None),
        ({"listed_at": at(6), "add": "", "remove": "c"}, "02/05 07:00"),
    ],
)
def test_who_comes_and_goes_is_gathered_from_one_morning_to_the_next(case, until):
    assert gathered(**case) == until


def test_what_is_not_in_the_books_waits_for_nobody():
    (change,) = as_mailed([update("abc", add="d")], EVERYBODY, NOBODY)
    assert waits_until(change, now=NOW, zone=ZoneInfo(ZONE)) is None
    cancel = Cancel(key=KEY, course=KEY.course, subject="Kursus", reason=Reason.AUDIENCE, observed=change.observed)
    assert waits_until(cancel, now=NOW, zone=ZoneInfo(ZONE)) is None
