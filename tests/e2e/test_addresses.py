"""Attendees under a directory name of Exchange's, and addresses that were corrected: nobody is doubled, lost or mailed for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.sandbox.settings import STRICT
from tests.e2e.as_it_was import played_once
from tests.e2e.driver import body_of
from tests.e2e.plans import make_course, make_plan
from tests.e2e.seats import answer
from tests.e2e.statuses import statuses

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World

STAFF = "stab-ledere@norddjurs.example"
ANE, NEW, JOINER = (f"{name}@norddjurs.example" for name in ("ane.gammel", "ane.ny", "nye.leder"))
GUEST, COLLEAGUE = "gaest@firma.example", "gry.proeve@norddjurs.example"
DIRECTORY_NAME = "/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=0a1b-ane"


@played_once
def begin(world: World) -> None:
    """Ane is a leader like others, and has accepted."""
    world.tenant.directory.add_person("Ane Prøve", ANE, STAFF)
    world.write(make_plan(make_course()))
    world.sync()
    answer(world, "lederdag/dag", ANE, "accept")
    world.run("responses")
    assert statuses(world)[ANE] == "registered"


def show(world: World, person: str, name: str = DIRECTORY_NAME) -> None:
    world.tenant.people.show_as(world.event("lederdag/dag"), person, name)


def join(world: World) -> None:
    world.tenant.directory.add_person("Nye Leder", JOINER, STAFF)


def asked_for_names(ran: Ran) -> int:
    return sum("x500" in entry.query.lower() for entry in ran.requests)


def conflicts(ran: Ran) -> list[tuple[str, list[str]]]:
    return [(change["reason"], change["missing"]) for change in ran.changes if change["action"] == "conflict"]


@pytest.mark.parametrize("known_by", ["X500", "name"])
def test_whom_exchange_shows_by_a_directory_name_stays_who_they_are(world: World, known_by: str) -> None:
    """Found by the directory's X500 addresses, else by a name that only one on the event has; never written back."""
    begin(world)
    if known_by == "X500":
        world.tenant.directory.change_user(ANE, directory_names=[DIRECTORY_NAME])
        world.event("lederdag/dag").attendee(ANE).name = "Et andet navn"  # type: ignore[union-attr]
    show(world, ANE)
    assert world.sync().writes == ()
    join(world)
    ran = world.sync()
    assert ran.people_mailed == {("invitation", JOINER): 1}
    assert "/o=" not in str([body_of(entry) for entry in ran.writes])
    assert conflicts(world.sync()) == []
    assert statuses(world)[ANE] == "registered"


def test_the_answer_of_somebody_under_a_directory_name_is_that_persons(world: World) -> None:
    begin(world)
    show(world, ANE)
    answer(world, "lederdag/dag", ANE, "decline")
    world.run("responses")
    assert statuses(world)[ANE] == "withdrawn"


def test_a_list_with_a_directory_name_that_is_nobodys_is_held_and_told(world: World) -> None:
    """It cannot be written whole, so nobody is invited, taken off, or missed; words may still change."""
    begin(world)
    world.tenant.people.forward(world.event("lederdag/dag"), GUEST)
    show(world, GUEST)
    join(world)
    ran = world.sync()
    assert (ran.writes, conflicts(ran)) == ((), [("directory_name", [GUEST])])
    shown = world.run("preview")
    assert "Står uden mailadresse" in shown.out
    assert "tilføj vedkommende igen med sin mailadresse" in shown.out
    world.write(make_plan(make_course(title="Et nyt navn")))
    assert all("attendees" not in body_of(entry) for entry in world.sync().writes)
    show(world, GUEST, "")
    assert world.sync().people_mailed[("invitation", JOINER)] == 1


@pytest.mark.parametrize("reading", ["as documented", "the other way"])
def test_somebody_outside_the_groups_is_found_by_a_directory_name_once_and_remembered(world: World, reading: str) -> None:
    """Put on by hand, and in no group of the plan: the list can be written, and nobody is asked for again."""
    if reading == "the other way":
        world.tenant.settings.change(STRICT)
        world.settings |= {"GRAPH__ATTENDEES_PATCH_MAILS": "everybody"}
    begin(world)
    world.tenant.directory.add_person("Gry Prøve", COLLEAGUE)
    world.tenant.directory.change_user(COLLEAGUE, directory_names=[DIRECTORY_NAME])
    world.tenant.people.forward(world.event("lederdag/dag"), COLLEAGUE)
    show(world, COLLEAGUE)
    join(world)
    assert asked_for_names(world.preview()) == 1
    ran = world.sync()
    assert (ran.people_mailed[("invitation", JOINER)], conflicts(ran)) == (1, [])
    assert COLLEAGUE in world.invited("lederdag/dag")
    assert "/o=" not in str([body_of(entry) for entry in ran.writes])
    show(world, COLLEAGUE)
    assert (asked_for_names(ran), asked_for_names(world.sync()), asked_for_names(world.preview())) == (1, 0, 0)


def test_a_directory_that_cannot_be_asked_leaves_the_list_alone(world: World) -> None:
    begin(world)
    world.tenant.people.forward(world.event("lederdag/dag"), GUEST)
    show(world, GUEST)
    join(world)
    world.tenant.faults.add(path="/users.*x500", status=403, times=None)
    ran = world.sync()
    assert (ran.writes, conflicts(ran)) == ((), [("directory_name", [GUEST])])


def test_a_corrected_address_is_invited_and_the_old_one_taken_off_once(world: World) -> None:
    """The old address is nobody's any more; the answer follows the person."""
    begin(world)
    world.tenant.directory.change_user(ANE, mail=NEW, aliases=[])
    shown = world.preview()
    (change,) = shown.changes
    assert (change["reason"], change["mails"], change["readdressed"]) == ("new_address", 2, [{"was": ANE, "email": NEW}])
    assert f"{ANE} bliver til {NEW}" in world.run("preview").out
    ran = world.sync()
    assert ran.people_mailed == {("invitation", NEW): 1, ("cancellation", ANE): 1}
    assert [set(body_of(entry)) for entry in ran.writes] == [{"attendees"}]
    again = world.sync()
    assert (again.writes, again.changes) == ((), [])
    world.run("responses")
    assert statuses(world)[NEW] == "registered"
    assert ANE not in statuses(world)


def test_words_that_change_with_an_address_reach_everybody_once(world: World) -> None:
    begin(world)
    world.tenant.directory.change_user(ANE, mail=NEW, aliases=[])
    world.write(make_plan(make_course(title="Et nyt navn")))
    foretold = world.preview().json["mails"]
    ran = world.sync()
    assert ran.people_mailed[("invitation", NEW)] == 1
    assert sum(ran.people_mailed.values()) == foretold
    assert ("update", NEW) not in ran.people_mailed


def test_another_main_address_is_no_mail_while_the_old_one_is_an_alias(world: World) -> None:
    begin(world)
    world.tenant.directory.change_user(ANE, mail=NEW)
    assert world.sync().writes == ()
    assert statuses(world)[NEW] == "registered"


@pytest.mark.parametrize(("code", "exchanged"), [("5.1.10", True), ("5.2.2", False)])
def test_an_alias_that_the_invitation_came_back_from_is_exchanged_where_nobody_has_it(world: World, code: str, exchanged: bool) -> None:
    world.tenant.directory.add_person("Ane Prøve", ANE, STAFF)
    world.tenant.calendars.transport.bouncing[ANE] = code
    world.write(make_plan(make_course()))
    world.sync()
    world.run("responses")
    world.tenant.directory.change_user(ANE, mail=NEW)
    ran = world.sync()
    assert ran.people_mailed == ({("invitation", NEW): 1, ("cancellation", ANE): 1} if exchanged else {})
    assert world.sync().writes == ()


def test_where_graph_refuses_a_list_whoever_we_did_not_put_there_is_suspected_first(world: World) -> None:
    begin(world)
    world.tenant.people.forward(world.event("lederdag/dag"), GUEST)
    join(world)
    world.tenant.faults.add(method="PATCH", path="/events/", status=400, code="ErrorInvalidRecipients", times=2)
    ran = world.sync(code=6)
    (error,) = (change["error"] for change in ran.changes if "error" in change)
    assert "g…@firma.example" in error
    assert "nye.leder" not in error
    assert ran.people_mailed == {}
    assert world.sync().people_mailed == {("invitation", JOINER): 1}
