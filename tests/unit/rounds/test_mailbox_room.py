"""What the mailbox has room for: creations are counted some at a time, and what did not go is given back."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.domain.changes import Create, Outcome
from bot.domain.errors import GraphRefused, SignInFailed
from bot.domain.postage import Budget
from bot.rounds.steps.allowance import Allowance
from bot.rounds.steps.apply_changes import apply_changes
from bot.rounds.steps.mailbox_room import AT_ONCE, MailboxRoom
from bot.store.opening import open_database
from bot.store.postage import SqlPostageBook, load_posted
from tests.builders.model_rounds import Town
from tests.builders.outlook_model import Outlook
from tests.builders.samples import make_course, make_plan
from tests.builders.workbench import bench, staff

MAILBOX = "kurser@demo.example"


class Deaf(Outlook):
    """Nothing is made."""

    error = None

    async def create_event(self, desired, *, transaction_id):
        raise self.error


class Days:
    """A mailbox with a budget, and a town whose courses are new."""

    def __init__(self, database, courses, *, a_day=10_000):
        self.town = Town(make_plan(*(make_course(f"k-{number:02}") for number in range(courses))))
        staff(self.town, "anna", "bo")
        self.changes = self.town.read().change_set.changes
        self.budget, self.database = Budget(recipients_per_day=a_day), database
        allowance = Allowance(mailbox=MAILBOX, book=SqlPostageBook(database), clock=self, budget=self.budget)
        self.room = MailboxRoom(self.changes, allowance, self.town.plan, self.town.now, lambda _change: False)

    def now(self):
        return self.town.now

    @property
    def counted(self):
        with self.database.read() as connection:
            return load_posted(connection, MAILBOX, self.budget, now=self.town.now + timedelta(seconds=1)).recipients

    def apply(self):
        work = bench(self.town, hands=1, room=self.room.look, not_sent=self.room.give_back)
        return asyncio.run(apply_changes(self.changes, work))


@pytest.fixture
def database(tmp_path):
    with open_database(f"sqlite:///{tmp_path / 'room.db'}") as opened:
        yield opened


def test_creations_are_counted_some_at_a_time(database):
    days = Days(database, AT_ONCE + 3)
    assert {type(change) for change in days.changes} == {Create}
    assert days.room.look(days.changes[0]) is None
    assert days.counted == 2 * AT_ONCE
    assert [days.room.look(change) for change in days.changes[1:AT_ONCE]] == [None] * (AT_ONCE - 1)
    assert days.counted == 2 * AT_ONCE
    days.room.give_back(days.changes[0])
    assert days.room.look(days.changes[AT_ONCE]) is None
    days.room.give_back_the_rest()
    days.room.give_back_the_rest()
    assert days.counted == 2 * AT_ONCE


def test_a_whole_run_counts_what_it_mails_and_holds_what_has_no_room(database):
    days = Days(database, 7, a_day=10)
    outcomes = [one.outcome for one in days.apply()]
    days.room.give_back_the_rest()
    assert outcomes == [Outcome.APPLIED] * 4 + [Outcome.HELD] * 3
    assert days.counted == 8
    assert len(days.town.outlook.mails) == 8


@pytest.mark.parametrize("error", [SignInFailed("sign_in_failed", status=401), GraphRefused("graph_refused", status=400)])
def test_what_did_not_go_is_counted_no_more(database, error):
    days = Days(database, 5)
    days.town.outlook = Deaf(days.town.plug)
    days.town.outlook.error = error
    assert {one.error for one in days.apply()} == {error}
    days.room.give_back_the_rest()
    assert days.counted == 0
