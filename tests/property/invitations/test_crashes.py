"""The machine dies at every single step of every kind of change: the next run leaves the same calendar and the same mails.

Exhaustive, not by chance. After the crash the plan is as it was edited, or HR has taken the edit back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

import pytest

from bot.domain.changes import Conflict
from bot.domain.plan import CourseStatus, Offering
from bot.domain.programme import Venue
from tests.builders.model_rounds import Town, failures, writes
from tests.builders.outlook_model import Mail, balance
from tests.builders.samples import ROOM, START, make_course, make_person, make_plan, make_rule, make_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.domain.plan import Course

ALL = "alle@demo.example"
VENUE = Venue(name="Sal 1", address="Torvet 1", room=ROOM)
MOST_STEPS = 40


def town_of(*names: str) -> Town:
    """A session with a room and one without, for these people; nothing is in the calendar yet."""
    first = make_course("k1", make_session("s1"), venue=VENUE)
    second = make_course("k2", make_session("s1", start=START + timedelta(days=7)))
    town = Town(make_plan(first, second, audiences=[make_rule(groups=[ALL])]))
    town.groups.members[ALL] = people(*names)
    return town


def people(*names: str) -> tuple[object, ...]:
    return tuple(make_person(name) for name in names)


def rewritten(**changes: object) -> Callable[[Town], None]:
    """HR changes the first course."""

    def edit(town: Town) -> None:
        town.plan = replace(town.plan, courses=(replace(town.plan.courses[0], **changes), *town.plan.courses[1:]))

    return edit


def resessioned(change: Callable[[Course], tuple[object, ...]]) -> Callable[[Town], None]:
    def edit(town: Town) -> None:
        course = town.plan.courses[0]
        rewritten(offerings=(Offering(id="main", sessions=change(course)),))(town)

    return edit


def staffed(*names: str) -> Callable[[Town], None]:
    def edit(town: Town) -> None:
        town.groups.members[ALL] = people(*names)

    return edit


def both(*edits: Callable[[Town], None]) -> Callable[[Town], None]:
    def edit(town: Town) -> None:
        for one in edits:
            one(town)

    return edit


def moved(course: Course) -> tuple[object, ...]:
    first, *others = course.offerings[0].sessions
    return (replace(first, start=first.start + timedelta(hours=1), end=first.end + timedelta(hours=1)), *others)


def without_courses(town: Town) -> None:
    town.plan = replace(town.plan, courses=town.plan.courses[1:])


def with_online_course(town: Town) -> None:
    online = make_course("online", make_session("s1"), online=True)
    town.plan = replace(town.plan, courses=(*town.plan.courses, online))


def without_books(town: Town) -> None:
    town.shelf.entries.clear()


EDITS: dict[str, Callable[[Town], None]] = {
    "a title": rewritten(title="Nyt navn"),
    "a text": rewritten(description="Husk *madpakke*"),
    "a time": resessioned(moved),
    "a place taken away": rewritten(venue=None),
    "a place without its room": rewritten(venue=Venue(name="Sal 1", address="Torvet 1")),
    "another room": rewritten(venue=Venue(name="Sal 2", room="sal-2@demo.example")),
    "a meeting turned on": rewritten(online=True),
    "somebody new": staffed("anna", "bo", "cilla", "dan"),
    "somebody less": staffed("anna", "bo"),
    "somebody else": staffed("anna", "bo", "dan"),
    "nobody": staffed("uden-adresse"),
    "a title, a time and somebody else": both(rewritten(title="Nyt navn"), resessioned(moved), staffed("anna", "bo", "dan")),
    "a place taken away and somebody else": both(rewritten(venue=None), staffed("anna", "bo", "dan")),
    "back to a placeholder": rewritten(status=CourseStatus.SAVE_THE_DATE),
    "cancelled": rewritten(status=CourseStatus.CANCELLED),
    "only proposed": rewritten(status=CourseStatus.PROPOSED),
    "undated": resessioned(lambda course: tuple(replace(one, start=None, end=None) for one in course.offerings[0].sessions)),
    "another id": resessioned(lambda course: tuple(replace(one, id=f"{one.id}-ny") for one in course.offerings[0].sessions)),
    "one session more": resessioned(lambda course: (*course.offerings[0].sessions, make_session("s2"))),
    "an online course": with_online_course,
    "an online course and somebody else": both(with_online_course, staffed("anna", "bo", "dan")),
    "the course removed": without_courses,
    "the books lost and a title": both(without_books, rewritten(title="Nyt navn")),
}


@pytest.mark.parametrize("name", EDITS)
def test_whenever_the_machine_dies_the_next_run_finishes_the_change_with_the_same_mails(name: str) -> None:
    """Not one mail more or less than if it had lived, to whomever."""
    edit = EDITS[name]
    lived = after_edit(edit)
    expected = standing(lived), sent(lived)
    for steps in range(MOST_STEPS):
        town = edited(edit)
        died = town.sync_through_a_crash(steps)
        finish(town)
        assert (standing(town), sent(town)) == expected, f"dead at step {steps}"
        if not died:
            return
    pytest.fail("a change that never ends")


@pytest.mark.parametrize("name", [name for name in EDITS if name not in {"a meeting turned on", "the books lost and a title"}])
def test_whenever_the_machine_dies_hr_may_take_the_change_back(name: str) -> None:
    """The calendar is as before, nobody is blamed for a change by hand, and nobody is invited twice."""
    edit = EDITS[name]
    before = standing(synced())
    for steps in range(MOST_STEPS):
        town = synced()
        plan, members = town.plan, town.groups.members[ALL]
        edit(town)
        died = town.sync_through_a_crash(steps)
        town.plan, town.groups.members[ALL] = plan, members
        finish(town)
        assert standing(town) == before, f"dead at step {steps}"
        if not died:
            return
    pytest.fail("a change that never ends")


@pytest.mark.parametrize("name", EDITS)
def test_whenever_the_machine_dies_hr_may_go_on_editing(name: str) -> None:
    """The calendar is what the last plan says, however it came about."""
    edit = both(EDITS[name], rewritten(theme="Trivsel", hide_attendees=False))
    expected = standing(after_edit(edit))
    for steps in range(MOST_STEPS):
        town = edited(EDITS[name])
        died = town.sync_through_a_crash(steps)
        if town.plan.courses[0].id == "k1":
            rewritten(theme="Trivsel", hide_attendees=False)(town)
            finish(town)
            assert standing(town) == expected, f"dead at step {steps}"
        if not died:
            return
    pytest.fail("a change that never ends")


def test_whenever_the_machine_dies_a_first_sync_invites_everybody_once() -> None:
    """Also when it dies again, and the list does not show yet what was created."""
    lived = synced()
    expected = standing(lived), sent(lived)
    for first in range(MOST_STEPS):
        town = town_of("anna", "bo", "cilla")
        died = town.sync_through_a_crash(first)
        for event in town.outlook.events:
            event.unlisted = True
        town.sync_through_a_crash(first // 2)
        finish(town)
        assert (standing(town), sent(town)) == expected, f"dead at step {first}"
        if not died:
            return
    pytest.fail("a change that never ends")


def test_whenever_the_machine_dies_a_deleted_event_is_restored_once() -> None:
    for steps in range(MOST_STEPS):
        town = synced()
        town.restore = True
        town.outlook.remove(town.outlook.events[0], by_bot=False)
        died = town.sync_through_a_crash(steps)
        finish(town)
        assert len(town.outlook.live("demo/k1/main/s1")) == 1
        if not died:
            return
    pytest.fail("a change that never ends")


@cache
def calm() -> Town:
    town = town_of("anna", "bo", "cilla")
    finish(town)
    return town


def synced() -> Town:
    """Everybody invited, nothing left to do."""
    return calm().copy()


def edited(edit: Callable[[Town], None]) -> Town:
    """Synced, and then edited; the mails begin with the edit."""
    town = synced()
    edit(town)
    town.outlook.earlier = len(town.outlook.mails)
    return town


def after_edit(edit: Callable[[Town], None]) -> Town:
    town = edited(edit)
    finish(town)
    return town


def finish(town: Town) -> None:
    """A whole run; then there is nothing to write, nothing to quarrel about, and nobody is on an event twice."""
    _, applied = town.sync()
    assert failures(applied) == []
    again = town.read()
    assert writes(again) == []
    assert [change for change in again.change_set.changes if isinstance(change, Conflict)] == []
    assert set(balance(town.outlook.mails).values()) <= {0, 1}


def standing(town: Town) -> list[tuple[object, ...]]:
    """What people see in the calendar, by session; which event it is does not matter to them."""
    live = [event for event in town.outlook.events if not event.gone]
    seats = {event.event_id: sorted((one.email, one.type) for one in event.attendees) for event in live}
    return [
        (event.stamp, event.content, bool(event.join_url), seats[event.event_id]) for event in sorted(live, key=lambda one: str(one.stamp))
    ]


def sent(town: Town) -> list[tuple[str, str, str]]:
    mails: list[Mail] = town.outlook.mails[town.outlook.earlier :]
    return sorted((mail.stamp, mail.address, mail.kind) for mail in mails)
