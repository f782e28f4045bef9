"""Carrying out a change set when not everything goes well: refusals, races, lost sign-ins, and sessions in parts.

The calendar is the little Outlook of the property tests; what a test needs it to do otherwise stands in a subclass.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.changes import Outcome, Reason
from bot.domain.errors import GraphConflict, GraphGone, GraphRefused, GraphUnclear, RecipientsRejected, RunLocked, SignInFailed
from bot.domain.events import LedgerState, ObservedAttendee
from bot.invitations.desired import JOIN_URL_PLACEHOLDER
from bot.rounds.steps.apply_changes import apply_changes
from bot.rounds.steps.attendee_lists import MERGE_ATTEMPTS
from bot.rounds.steps.intentions import SETTLED_AT_ONCE
from tests.builders.model_rounds import Town, failures
from tests.builders.outlook_model import Kind, Outlook, Plug
from tests.builders.samples import KEY, address, make_course, make_plan, make_session
from tests.builders.workbench import bench, outcomes, retitle, staff, told_to, town_of


class Picky(Outlook):
    """Refuses some addresses: everybody else is on the event."""

    refused = frozenset({address("bo")})

    async def create_event(self, desired, *, transaction_id):
        good = tuple(one for one in desired.attendees if one.email not in self.refused)
        return self._judge(await super().create_event(replace(desired, attendees=good), transaction_id=transaction_id), desired.attendees)

    async def replace_attendees(self, observed, attendees, *, guests=frozenset()):
        good = [one for one in attendees if one.email not in self.refused]
        return self._judge(await super().replace_attendees(observed, good), attendees)

    def _judge(self, event, attendees):
        bad = tuple(one.email for one in attendees if one.email in self.refused)
        if bad:
            raise RecipientsRejected("graph_recipients_rejected", addresses=bad, event=event, names="b…")
        return event


def test_a_refused_address_fails_the_change_and_everybody_else_is_invited_once():
    town = town_of("anna", "bo", outlook=Picky(Plug()))
    _, applied = town.sync()
    assert outcomes(applied) == [(Outcome.FAILED, "graph_recipients_rejected")]
    assert told_to(town.outlook) == [("invitation", "anna")]
    reading, applied = town.sync()
    assert outcomes(applied) == [(Outcome.FAILED, "graph_recipients_rejected")]
    assert reading.change_set.changes[0].add == (address("bo"),)
    town.outlook.refused = frozenset()
    assert failures(town.sync()[1]) == []
    assert told_to(town.outlook) == [("invitation", "anna"), ("invitation", "bo")]


def test_a_refused_address_does_not_keep_a_new_title_from_the_others():
    town = town_of("anna", outlook=Picky(Plug()))
    town.sync()
    staff(town, "anna", "bo", "cilla")
    retitle(town, "Nyt navn")
    mark = len(town.outlook.mails)
    assert outcomes(town.sync()[1]) == [(Outcome.FAILED, "graph_recipients_rejected")]
    assert told_to(town.outlook, mark) == [("invitation", "cilla"), ("update", "anna")]
    mark = len(town.outlook.mails)
    town.sync()
    assert told_to(town.outlook, mark) == []


class Busy(Outlook):
    """Somebody answers just before the list is written, so many times."""

    times = 0

    async def replace_attendees(self, observed, attendees, *, guests=frozenset()):
        if self.times:
            self.times -= 1
            event = self._must_find(observed.event_id)
            event.attendees = (*event.attendees, ObservedAttendee(email=f"videresendt-{self.times}@partner.example"))
            event.version += 1
        return await super().replace_attendees(observed, attendees)


def test_a_list_that_changed_under_our_hands_is_read_again_and_merged():
    """Else those who came in between would get a cancellation."""
    town = town_of("anna", outlook=Busy(Plug()))
    town.sync()
    staff(town, "anna", "bo")
    town.outlook.times = 2
    mark = len(town.outlook.mails)
    assert failures(town.sync()[1]) == []
    assert told_to(town.outlook, mark) == [("invitation", "bo")]
    assert len(town.outlook.events[0].attendees) == 4


def test_a_list_that_never_stands_still_is_given_up_and_tried_by_the_next_run():
    town = town_of("anna", outlook=Busy(Plug()))
    town.sync()
    staff(town, "anna", "bo")
    town.outlook.times = MERGE_ATTEMPTS
    (failed,) = failures(town.sync()[1])
    assert isinstance(failed.error, GraphConflict)
    assert failures(town.sync()[1]) == []
    assert told_to(town.outlook) == [("invitation", "anna"), ("invitation", "bo")]


class Vanishing(Outlook):
    """The event is deleted while we write to it."""

    async def replace_attendees(self, observed, attendees, *, guests=frozenset()):
        self.remove(self._must_find(observed.event_id), by_bot=False)
        raise GraphConflict("graph_conflict", status=412)


def test_an_event_deleted_under_our_hands_fails_its_change():
    town = town_of("anna", outlook=Vanishing(Plug()))
    town.sync()
    staff(town, "anna", "bo")
    (failed,) = failures(town.sync()[1])
    assert isinstance(failed.error, GraphGone)
    assert [change.reason for change in town.read().change_set.changes] == [Reason.VANISHED]


class Failing(Outlook):
    """Creations of some sessions fail."""

    errors = {}  # noqa: RUF012 - set by each test

    async def create_event(self, desired, *, transaction_id):
        if desired.course in self.errors:
            raise self.errors[desired.course]
        return await super().create_event(desired, transaction_id=transaction_id)


def three_courses(**errors):
    outlook = Failing(Plug())
    outlook.errors = errors
    town = Town(make_plan(*(make_course(name) for name in ("a", "b", "c"))))
    town.outlook = outlook
    staff(town, "anna")
    return town


def test_one_failure_does_not_stop_the_rest():
    town = three_courses(b=GraphRefused("graph_refused", status=400))
    assert [one.outcome for one in town.sync()[1]] == [Outcome.APPLIED, Outcome.FAILED, Outcome.APPLIED]
    town.outlook.errors = {}
    assert failures(town.sync()[1]) == []
    assert [event.stamp for event in town.outlook.events] == ["demo/a/main/dag", "demo/c/main/dag", "demo/b/main/dag"]


@pytest.mark.parametrize("error", [SignInFailed("sign_in_failed", status=401), RunLocked("run_lock_lost", plan="demo")])
def test_a_lost_sign_in_or_lock_stops_the_run(error):
    """Each further request would fail the same way, or work against another run."""
    town = three_courses(a=error)
    applied = asyncio.run(apply_changes(town.read().change_set.changes, bench(town, hands=1)))
    assert [one.error for one in applied] == [error, error, error]
    assert town.outlook.events == []


def test_a_lost_lock_is_seen_before_each_change():
    town = three_courses()

    def still_mine():
        if len(town.outlook.events) == 1:
            raise RunLocked("run_lock_lost", plan="demo")

    applied = asyncio.run(apply_changes(town.read().change_set.changes, bench(town, hands=1, still_mine=still_mine)))
    assert [one.outcome for one in applied] == [Outcome.APPLIED, Outcome.FAILED, Outcome.FAILED]


def test_what_came_of_creations_is_in_the_books_when_the_run_ends_and_while_it_goes_on():
    """Some at a time; a lock that was lost keeps the last ones out, and the next run finds their events."""
    town = Town(make_plan(*(make_course(f"k-{number:02}") for number in range(SETTLED_AT_ONCE + 2))))
    staff(town, "anna")
    changes, seen = town.read().change_set.changes, []

    def told(_result):
        seen.append(sum(entry.state is LedgerState.APPLIED for entry in town.shelf.load_entries("demo").values()))

    def still_mine():
        if len(town.outlook.events) == len(changes):
            raise RunLocked("run_lock_lost", plan="demo")

    applied = asyncio.run(apply_changes(changes, bench(town, hands=1, told=told, still_mine=still_mine)))
    assert seen == [0] * (SETTLED_AT_ONCE - 1) + [SETTLED_AT_ONCE] * 3
    assert {one.outcome for one in applied} == {Outcome.APPLIED}
    reading, again = town.sync()
    assert [(one.action, one.mails) for one in reading.change_set.changes] == [("adopt", 0)] * 2
    assert failures(again) == []
    assert len(town.outlook.events) == len(changes)


def test_an_unclear_creation_is_recognised_by_the_next_run():
    """The answer was lost, the event is there."""
    town = town_of("anna", "bo")
    (change,) = town.read().change_set.changes

    class Unclear(Outlook):
        async def create_event(self, desired, *, transaction_id):
            await super().create_event(desired, transaction_id=transaction_id)
            raise GraphUnclear("graph_unclear")

    town.outlook = Unclear(town.plug)
    assert outcomes(asyncio.run(apply_changes([change], bench(town)))) == [(Outcome.FAILED, "graph_unclear")]
    reading, _ = town.sync()
    assert [(one.action, one.reason, one.mails) for one in reading.change_set.changes] == [("adopt", Reason.UNFINISHED, 0)]
    assert told_to(town.outlook) == [("invitation", "anna"), ("invitation", "bo")]


def test_nothing_to_do_asks_for_nothing():
    assert asyncio.run(apply_changes([], bench(town_of("anna")))) == ()


def test_progress_is_told_after_each_change():
    told = []
    town = three_courses()
    applied = asyncio.run(apply_changes(town.read().change_set.changes, bench(town, told=told.append)))
    assert sorted(told, key=lambda one: one.change.course) == list(applied)


def test_a_vanished_event_is_marked_once_so_that_it_is_not_looked_up_each_time():
    town = town_of("anna")
    town.sync()
    town.outlook.remove(town.outlook.events[0], by_bot=False)
    town.sync()
    marked = town.shelf.entries[KEY]
    town.sync()
    assert marked.state is LedgerState.VANISHED
    assert town.shelf.entries[KEY] is marked


def test_twenty_intentions_are_written_at_a_time():
    """Each costs as much as a request; the ones that were not used cost a look-up and no mail."""
    town = Town(make_plan(*(make_course(f"k{number:02}") for number in range(25))))
    staff(town, "anna")
    died = town.sync_through_a_crash(2)
    assert (died, len(town.shelf.entries), len(town.outlook.events)) == (True, 20, 0)
    town.sync()
    assert sorted(mail.stamp for mail in town.outlook.mails) == [f"demo/k{number:02}/main/dag" for number in range(25)]


# -- parts


def crowd(count):
    return [f"p{number:03}" for number in range(count)]


def test_the_further_parts_show_the_link_of_the_first_and_nobody_gets_another_mail():
    town = town_of(*crowd(510), online=True)
    town.sync()
    first, second = town.outlook.events
    assert (len(first.attendees), len(second.attendees), first.content.online, second.content.online) == (500, 10, True, False)
    assert "https://teams.example/meet/event-1?a=1&amp;b=2" in second.content.body
    assert JOIN_URL_PLACEHOLDER not in second.content.body
    assert town.read().change_set.changes == ()


def test_a_new_text_goes_to_the_further_parts_with_the_link():
    town = town_of(*crowd(510), online=True)
    town.sync()
    town.plan = replace(town.plan, courses=(replace(town.plan.courses[0], theme="Trivsel"),))
    mark = len(town.outlook.mails)
    town.sync()
    assert [mail.kind for mail in town.outlook.mails[mark:]] == [Kind.UPDATE] * 510
    assert "https://teams.example/meet/event-1?a=1&amp;b=2" in town.outlook.events[1].content.body
    assert town.read().change_set.changes == ()


def test_without_the_link_of_the_first_the_further_parts_wait_and_nobody_is_mailed():
    """An unlicensed mailbox: the first part says so, and the next run goes on from there."""
    town = town_of(*crowd(501), online=True)
    town.outlook.licensed = False
    for _ in range(2):
        _, applied = town.sync()
        assert {(one.change.key.part, *outcome) for one, outcome in zip(applied, outcomes(applied), strict=True)} == {
            (1, Outcome.FAILED, "teams_link_awaited"),
            (2, Outcome.FAILED, "part_waits_for_link"),
        }
        assert (len(town.outlook.events), town.outlook.mails) == (1, [])
    town.outlook.licensed = True
    reading, applied = town.sync()
    assert (failures(applied), reading.change_set.mails) == ([], 501)
    assert [mail.kind for mail in town.outlook.mails] == [Kind.INVITATION] * 501
    assert town.read().change_set.changes == ()


def test_a_lost_book_keeps_everybody_in_their_part():
    town = town_of(*crowd(510), online=True)
    town.sync()
    staff(town, *crowd(510)[5:], "ny")
    town.sync()
    town.shelf.entries.clear()
    mark = len(town.outlook.mails)
    assert failures(town.sync()[1]) == []
    assert told_to(town.outlook, mark) == []


def test_sessions_of_one_course_do_not_wait_for_each_other():
    """More changes than hands."""
    sessions = [make_session(f"s{number}") for number in range(9)]
    town = Town(make_plan(make_course("kursus", *sessions)))
    staff(town, "anna")
    assert failures(town.sync()[1]) == []
    assert len(town.outlook.events) == 9
