"""Where sources about Graph disagree on the mailbox itself: what it is called, what a 404 means, and when somebody answered.

Each story is played as Microsoft 365 is documented, and with everything that sources disagree on the other way.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.settings import STRICT
from tests.e2e.as_it_was import played_once
from tests.e2e.driver import mail_of
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.seats import answer, statuses

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World

ANNA, BO = (f"{name}@partner.example" for name in ("anna", "bo"))
ORGANISER = mail_of("lederudvikling")
OF_THE_MAILBOX = ["ErrorInvalidUser", "MailboxNotEnabledForRESTAPI", "ResourceNotFound"]
EVENTS_ONLY = {"Calendars.ReadWrite", "Calendars.Read", "Mail.ReadWrite", "Mail.Send", "GroupMember.Read.All"}


@pytest.fixture(params=["as documented", "the other way"])
def world(world: World, request: pytest.FixtureRequest) -> World:
    if request.param == "the other way":
        # What is only late is played elsewhere; here it would cost waiting and tell nothing.
        world.tenant.settings.change(STRICT | {"index_delay": 0.0, "sent_copy_delay": 0.0})
        world.settings |= {"GRAPH__ATTENDEES_PATCH_MAILS": "everybody", "GRAPH__GATE": "app"}
    return world


def plan(world: World, **course: object) -> None:
    world.write(make_plan(make_course("kursus", **course), audiences=people(ANNA, BO)))


@played_once
def synced(world: World, **course: object) -> None:
    plan(world, **course)
    world.sync()


def cancelled(*ran: Ran) -> Counter[str]:
    return Counter(mail.to for one in ran for mail in one.mails if mail.kind.value == "cancellation")


# -- the mailbox goes by its account


def test_a_mailbox_is_called_by_its_account_which_is_looked_up_once_and_remembered(world: World) -> None:
    plan(world)
    first, second = world.sync(), world.run("responses")
    assert [sum(entry.path == "/users" for entry in ran.requests) for ran in (first, second)] == [1, 0]
    in_outlook = [entry.path for entry in (*first.requests, *second.requests) if "/events" in entry.path or "/calendar" in entry.path]
    assert in_outlook
    assert all(path.startswith(world.mailbox) for path in in_outlook)


def test_doctor_says_which_account_the_mailbox_is(world: World) -> None:
    plan(world)
    rows = {row["check"]: row for row in world.run("doctor", "--format", "json").json["checks"]}
    assert rows["mailbox"]["state"] == rows["calendar"]["state"] == "ok"
    assert world.mailbox.removeprefix("/users/") in rows["mailbox"]["message"]


def test_where_the_directory_may_not_be_read_the_address_is_tried_and_what_does_not_open_is_told(world: World) -> None:
    """Nothing is lost by trying; where the sign-in name is another one, somebody has to give the right to read."""
    plan(world)
    world.tenant.settings.change({"roles": sorted(EVENTS_ONLY)})
    opens = world.tenant.settings.upn == "same"
    ran = world.run("sync", "--yes")
    assert (ran.code, len(ran.mails)) == ((0, 2) if opens else (4, 0))
    assert opens or ORGANISER in ran.err


# -- a 404 and its code


@pytest.mark.crossed
@pytest.mark.parametrize("code", OF_THE_MAILBOX)
def test_a_cancellation_in_the_mailboxs_trouble_is_not_done_and_is_done_once_later(world: World, code: str) -> None:
    """It is not taken out of the books, although nobody sees the event meanwhile."""
    synced(world)
    plan(world, status="cancelled")
    world.tenant.faults.add(method="POST", path="/cancel", status=404, code=code, times=None)
    troubled = world.sync(code=6)
    assert {change["outcome"] for change in troubled.changes} == {"failed"}
    assert cancelled(troubled) == {}
    world.tenant.faults.clear()
    later, again = world.sync(), world.sync()
    assert cancelled(later) == {ANNA: 1, BO: 1}
    assert (again.writes, again.changes) == ((), [])


def test_an_event_that_is_gone_needs_no_cancellation_and_is_not_asked_for_again(world: World) -> None:
    synced(world)
    world.tenant.people.delete(world.event("kursus/dag"), send_cancellations=True)
    plan(world, status="cancelled")
    gone, again = world.sync(), world.sync()
    assert cancelled(gone, again) == {}
    assert (again.writes, again.changes) == ((), [])


@pytest.mark.crossed
@pytest.mark.parametrize("code", ["SomethingNew", "ErrorItemNotFound"])
def test_a_404_that_was_wrong_is_mended_by_the_next_sync(world: World, code: str) -> None:
    """The event is there all the same: its stamp tells, and people are told once."""
    synced(world)
    plan(world, status="cancelled")
    world.tenant.faults.add(method="POST", path="/cancel", status=404, code=code, times=1)
    ran = [world.run("sync", "--yes", "--format", "json") for _ in range(3)]
    assert cancelled(*ran) == {ANNA: 1, BO: 1}
    assert (ran[-1].code, ran[-1].writes) == (0, ())


@pytest.mark.crossed
@pytest.mark.parametrize("code", OF_THE_MAILBOX)
def test_a_change_in_the_mailboxs_trouble_comes_later_once(world: World, code: str) -> None:
    synced(world)
    plan(world, sessions=[make_session(day="2025-06-19")])
    world.tenant.faults.add(method="PATCH", path="/events/", status=404, code=code, times=None)
    troubled = world.sync(code=6)
    world.tenant.faults.clear()
    later, again = world.sync(), world.sync()
    assert (len(troubled.mails), later.people_mailed) == (0, {("update", ANNA): 1, ("update", BO): 1})
    assert again.writes == ()


@pytest.mark.crossed
@pytest.mark.parametrize("code", OF_THE_MAILBOX)
def test_a_message_in_the_mailboxs_trouble_goes_later_once(world: World, code: str) -> None:
    synced(world, enrolment={"capacity": 1})
    for person in (ANNA, BO):
        answer(world, "kursus/dag", person, "accept")
    world.tenant.faults.add(method="POST", path="/send$", status=404, code=code, times=None)
    troubled = world.run("responses")
    world.tenant.faults.clear()
    later, again = world.run("responses"), world.run("responses")
    sent = [[mail.to for mail in ran.mails if mail.kind.value == "message"] for ran in (troubled, later, again)]
    assert sent == [[], [BO], []]


# -- when somebody answered


@pytest.mark.crossed
@pytest.mark.parametrize("reading", ["always", "year_1", "year_4501", "missing"])
def test_an_answer_counts_from_when_it_was_seen_where_outlook_does_not_say_when(world: World, reading: str) -> None:
    """Whoever was first has the seat, a change of mind counts, and nothing is an answer twice."""
    world.tenant.settings.change({"answer_time": reading})
    synced(world, enrolment={"capacity": 1})
    for person in (BO, ANNA):
        answer(world, "kursus/dag", person, "accept")
        world.run("responses")
    assert statuses(world) == {"bo/main": "registered", "anna/main": "waitlisted 1"}
    assert world.run("responses").mails == ()
    answer(world, "kursus/dag", BO, "decline")
    world.run("responses")
    assert statuses(world) == {"bo/main": "withdrawn", "anna/main": "registered"}
    for _ in range(2):
        world.run("responses")
    assert statuses(world) == {"bo/main": "withdrawn", "anna/main": "registered"}
