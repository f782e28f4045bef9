"""An online meeting and its people: nobody is invited before the link is there, whenever Teams makes it.

The calendar is the little Outlook of the property tests.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.changes import Outcome
from bot.domain.events import LedgerState, ObservedAttendee
from bot.rounds.steps.apply_changes import apply_changes
from tests.builders.model_rounds import failures
from tests.builders.outlook_model import Outlook, Plug
from tests.builders.samples import KEY, address
from tests.builders.workbench import bench, outcomes, retitle, told_to, town_of


class Slow(Outlook):
    """Says at first that the meeting has no link, as Teams does while it makes one."""

    links_after = 1

    async def create_event(self, desired, *, transaction_id):
        return self._linkless(await super().create_event(desired, transaction_id=transaction_id))

    async def update_content(self, observed, content, fields):
        return self._linkless(await super().update_content(observed, content, fields))

    async def fetch_events(self, *, plan, since):
        events = await super().fetch_events(plan=plan, since=since)
        return tuple(replace(one, join_url=one.join_url if self.links_after <= 0 else None) for one in events)

    def _linkless(self, event):
        self.links_after -= 1
        return event if self.links_after < 0 else replace(event, join_url=None)


def test_people_are_invited_to_an_online_meeting_once_its_link_is_there():
    """In one round where the link comes at once; each gets one mail, and it is the invitation."""
    town = town_of("anna", "bo", online=True)
    reading, applied = town.sync()
    assert (failures(applied), reading.change_set.mails) == ([], 2)
    assert told_to(town.outlook) == [("invitation", "anna"), ("invitation", "bo")]
    (entry,) = town.shelf.entries.values()
    assert (entry.state, entry.join_url, sorted(entry.invited_since)) == (
        LedgerState.APPLIED,
        town.outlook.events[0].join_url,
        [address("anna"), address("bo")],
    )


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_a_link_that_comes_late_holds_the_invitations_and_nothing_else(rounds):
    town = town_of("anna", "bo", outlook=Slow(Plug()), online=True)
    town.outlook.links_after = rounds
    for _ in range(rounds):
        assert outcomes(town.sync()[1]) == [(Outcome.FAILED, "teams_link_awaited")]
        assert town.outlook.mails == []
    reading, applied = town.sync()
    assert (failures(applied), reading.change_set.mails, len(town.outlook.events)) == ([], 2, 1)
    assert told_to(town.outlook) == [("invitation", "anna"), ("invitation", "bo")]


def test_what_failed_before_anybody_was_invited_does_not_count_against_the_day():
    """Also where the event had to be written anew; but a meeting that a mail has told of counts."""
    town = town_of("anna", online=True)
    town.outlook.licensed = False
    taken_back = []
    for _ in range(2):
        _sync_counting(town, taken_back)
        retitle(town, "Et nyt navn")
    assert [one.key for one in taken_back] == [KEY, KEY]
    standing = town_of("anna")
    standing.sync()
    standing.outlook.licensed, taken_back = False, []
    standing.plan = replace(standing.plan, courses=(replace(standing.plan.courses[0], online=True),))
    assert [code for _, code in outcomes(_sync_counting(standing, taken_back))] == ["teams_link_missing"]
    assert (taken_back, told_to(standing.outlook)) == ([], [("invitation", "anna"), ("update", "anna")])


def test_somebody_put_on_by_hand_is_no_reason_to_invite_the_others_without_a_link():
    town = town_of("anna", online=True)
    town.outlook.licensed = False
    town.sync()
    town.outlook.seat(town.outlook.events[0], [ObservedAttendee(email="gaest@partner.example")], by_bot=False)
    assert outcomes(town.sync()[1]) == [(Outcome.FAILED, "teams_link_awaited")]
    assert not [one for one in told_to(town.outlook) if one[1] == "anna"]


def test_without_online_in_the_plan_people_are_invited_to_what_waited_for_a_link():
    town = town_of("anna", online=True)
    town.outlook.licensed = False
    town.sync()
    town.plan = replace(town.plan, courses=(replace(town.plan.courses[0], online=False),))
    assert failures(town.sync()[1]) == []
    assert (told_to(town.outlook), len(town.outlook.events)) == ([("invitation", "anna")], 1)


def _sync_counting(town, taken_back):
    changes = town.read().change_set.changes
    return asyncio.run(apply_changes(changes, bench(town, not_sent=taken_back.append)))
