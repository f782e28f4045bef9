"""HR's hand at the desk: each act as a story to calendar and mails, shown before it is done."""

from __future__ import annotations

import asyncio
import html
import re
from collections import Counter
from typing import TYPE_CHECKING

from bot.domain.people import PeopleIndex
from bot.domain.person_ids import PersonIds
from tests.e2e.desk_driver import HR, READER, SECRET, at_the_desk
from tests.e2e.hand import OUTSIDER, log_of
from tests.e2e.seats import ANNA, BO, CARL, answer, begin, choosing, limited, statuses
from tests.e2e.service_driver import run_job

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx

    from jobs.service import Service
    from tests.e2e.desk_driver import Person
    from tests.e2e.driver import World

    Story = Callable[..., Awaitable[None]]

ACT = "/courses/kursus/act?plan=demo"


class Hand:
    """Somebody of HR at the page of an act."""

    def __init__(self, person: Person) -> None:
        self.person, self.page = person, ""

    async def look(self, action: str, who: str = "", **fields: object) -> httpx.Response:
        """The form, filled in, and what would happen then."""
        asked = f"/courses/kursus/act?plan=demo&action={action}"
        page = await asyncio.to_thread(self.person.read, asked)
        answer = await self._send(page, action=action, person=who, **({"offering": "main", "step": "look"} | fields))
        self.page = answer.text
        return answer

    async def do(self, **changes: object) -> httpx.Response:
        return await self._send(self.page, **(self.typed() | {"step": "do"} | changes))

    async def send(self, **fields: object) -> httpx.Response:
        """The form of the page with all of its hidden fields, and these."""
        answer = await self._send(self.page, **(self.typed() | fields))
        self.page = answer.text
        return answer

    def typed(self) -> dict[str, str]:
        """The hidden fields of the page, as a browser would send them."""
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', self.page)
        return {name: html.unescape(value) for name, value in found if name != "proof"}

    async def _send(self, page: str, **fields: object) -> httpx.Response:
        return await asyncio.to_thread(self.person.send, ACT, page, **fields)

    def says(self) -> str:
        """The page as one reads it."""
        return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.page.partition("<main")[2])))


def played(
    world: World, course: dict[str, object], story: Story, *yes: tuple[str, str], moved_to: str = "", follow: bool = True
) -> Counter[tuple[str, str]]:
    """The plan synced and who said yes read; then the story, and what follows carried out: who was mailed, and then nobody."""
    begin(world, course)
    for session, who in yes:
        answer(world, f"kursus/{session}", who, "accept")
    world.run("responses")
    if moved_to:
        world.move_clock(moved_to)
    mails = len(world.tenant.mail_log.mails)

    async def with_hand(service, person) -> None:
        await story(service, person)
        if follow:
            await run_job(service, "follow_decisions")

    at_the_desk(world, with_hand)
    world.tenant.faults.clear()
    world.run("responses")
    sent = world.tenant.mail_log.mails[mails:]
    assert world.sync().people_mailed == {}
    return Counter((mail.kind.value, mail.to.lower()) for mail in sent if mail.recipient.value != "room" and mail.kind.value != "response")


def named(email: str) -> str:
    """How the desk names somebody whom the plan alone lists."""
    return PersonIds(people=PeopleIndex(), secret=SECRET).of(email)


def standing(service: Service, who: str) -> dict[str, str]:
    """Offering to status, by the books."""
    return {row.offering: row.status.value for row in service.stores.answers.load_registrations("demo") if row.email == who}


def test_hr_sees_whom_a_withdrawal_moves_and_mails_and_then_it_happens(world: World) -> None:
    """The seat goes to the first in line; who did it stands in both logs."""

    async def story(service, person) -> None:
        hand = Hand(await person(HR))
        shown = await hand.look("withdraw", named(ANNA), reason="Barsel")
        assert shown.status_code == 200
        assert "bliver frameldt" in hand.says()
        assert "får den ledige plads" in hand.says()
        assert "Meld fra (4 mails)" in hand.says()
        assert "kan læse den på sin egen side" in hand.says()
        assert standing(service, ANNA) == {"main": "registered"}
        done = await hand.do()
        assert done.status_code == 303
        hand.page = await asyncio.to_thread(hand.person.read, done.headers["location"])
        assert "Det er gjort" in hand.says()

    mailed = played(world, limited(1), story, ("dag", ANNA), ("dag", BO))
    assert mailed == {("cancellation", ANNA): 1, ("message", ANNA): 1, ("invitation", BO): 1, ("message", BO): 1}
    assert (statuses(world)["anna/main"], statuses(world)["bo/main"]) == ("withdrawn", "registered")
    assert log_of(world)[-2:] == [(ANNA, "withdrawn", HR.address, "Barsel"), (BO, "seat_offered", "", "")]
    lines = world.run("actions", "--format", "json").json
    assert [(one["command"], one["by"], one["door"], one["course"]) for one in lines if one["command"] == "withdraw"] == [
        ("withdraw", HR.address, "desk", "kursus")
    ]


def test_hr_moves_somebody_and_takes_it_back(world: World) -> None:
    """What is undone is shown like any act, and says that mails cannot be called back; afterwards all is as before."""

    async def story(service, person) -> None:
        hand = Hand(await person(HR))
        form = await asyncio.to_thread(hand.person.read, f"{ACT}&action=move&person={named(ANNA)}")
        # Where she is she cannot be moved to; of the others the only one is chosen already.
        assert re.findall(r'name="offering" value="([^"]+)"( checked)?', form) == [("hold-2", " checked")]
        await hand.look("move", named(ANNA), offering="hold-2")
        assert "Hold 1" in hand.says()
        assert "Hold 2" in hand.says()
        done = await hand.do()
        await run_job(service, "follow_decisions")
        assert standing(service, ANNA) == {"hold-2": "registered"}
        hand.page = await asyncio.to_thread(hand.person.read, done.headers["location"])
        assert "Alle mails og invitationer er sendt" in hand.says()
        shown = await hand.do(step="look")
        hand.page = shown.text
        assert "Flyt (3 mails)" in hand.says()
        assert "kan ikke kaldes tilbage" in hand.says()
        assert (await hand.do()).status_code == 303
        assert standing(service, ANNA) == {"hold-1": "registered"}

    mailed = played(world, choosing(), story, ("hold-1/dag", ANNA))
    assert mailed == {("invitation", ANNA): 2, ("cancellation", ANNA): 2, ("message", ANNA): 2}


def test_the_first_in_line_is_named_before_they_get_the_seat_and_a_second_press_gives_no_second_seat(world: World) -> None:
    """The line stands still after the deadline, so HR gives the free seats; the button is pressed twice."""

    async def story(service, person) -> None:
        hand = Hand(await person(HR))
        await hand.look("withdraw", named(ANNA))
        await hand.do()
        await hand.look("promote")
        assert "bliver rykket op fra ventelisten" in hand.says()
        assert hand.typed()["person"] == named(BO)
        first, second = await asyncio.gather(hand.do(), hand.do())
        assert [one.status_code for one in (first, second)] == [303, 303]
        assert first.headers["location"].partition("-")[0] == second.headers["location"].partition("-")[0]
        assert (standing(service, BO), standing(service, CARL)) == ({"main": "registered"}, {"main": "waitlisted"})

    yes = [("dag", who) for who in (ANNA, BO, CARL)]
    mailed = played(world, limited(1, deadline="2025-04-01T12:00"), story, *yes, moved_to="2025-04-02T09:00:00+02:00")
    assert mailed == {("cancellation", ANNA): 1, ("message", ANNA): 1, ("invitation", BO): 1, ("message", BO): 1}


def test_what_cannot_be_done_is_said_in_words_with_what_can_be_done_instead(world: World) -> None:
    """And no button that does it."""

    async def story(service, person) -> None:
        hand = Hand(await person(HR))
        await hand.look("promote", named(BO))
        assert "Holdet er fyldt. Meld en anden fra først" in hand.says()
        assert 'value="do"' not in hand.page
        await hand.look("withdraw", named("ingen@partner.example"))
        assert "Vi kan ikke finde personen" in hand.says()
        forced = await hand.do(action="promote", person=named(BO), offering="main", digest="0123456789abcdef")
        assert forced.status_code == 409
        assert standing(service, BO) == {"main": "waitlisted"}

    assert played(world, limited(1), story, ("dag", ANNA), ("dag", BO)) == {}


def test_what_moved_on_meanwhile_is_shown_anew_and_nothing_is_done(world: World) -> None:
    """Two of HR look at the same seat, and one is first."""

    async def story(service, person) -> None:
        one, other = Hand(await person(HR)), Hand(await person(HR))
        await one.look("withdraw", named(ANNA))
        await other.look("withdraw", named(BO))
        assert (await other.do()).status_code == 303
        late = await one.do()
        one.page = late.text
        assert (late.status_code, "nu vil der ske noget andet" in one.says()) == (409, True)
        assert standing(service, ANNA) == {"main": "registered"}
        assert "får den ledige plads" in one.says()
        assert (await one.do()).status_code == 303

    played(world, limited(1), story, ("dag", ANNA), ("dag", BO), ("dag", CARL))


def test_a_reason_that_names_somebody_else_is_asked_about_first(world: World) -> None:
    async def story(service, person) -> None:
        hand = Hand(await person(HR))
        await hand.look("withdraw", named(ANNA), reason="Carla Nielsen overtager hendes opgaver")
        assert "Begrundelsen nævner" in hand.says()
        refused = await hand.do()
        assert (refused.status_code, standing(service, ANNA)) == (422, {"main": "registered"})
        assert (await hand.do(names_others="yes")).status_code == 303

    played(world, limited(2), story, ("dag", ANNA))


def test_only_hr_acts_and_only_from_a_page_of_ours(world: World) -> None:
    """A reader gets no form, a forged one does nothing, and what is not there is told in words."""

    async def story(service, person) -> None:
        reader, hr = await person(READER), await person(HR)
        for address in ("/courses/kursus/act?action=withdraw", "/courses/kursus/act/1-2"):
            assert (await asyncio.to_thread(reader.browser.get, address)).status_code == 403
        page = await asyncio.to_thread(hr.read, "/courses/kursus/act?action=withdraw")
        theirs = await asyncio.to_thread(reader.send, ACT, page, action="withdraw", person=named(ANNA), offering="main", step="do")
        forged = await asyncio.to_thread(hr.send, ACT, "", action="withdraw", person=named(ANNA), offering="main", step="do")
        assert (theirs.status_code, forged.status_code) == (403, 403)
        for address in ("/courses/kursus/act?action=delete", "/courses/intet/act?action=move", "/courses/kursus/act/900-901"):
            gone = await asyncio.to_thread(hr.browser.get, address)
            assert (gone.status_code, "Gå til kurset" in gone.text) == (404, True)
        assert standing(service, ANNA) == {"main": "registered"}

    assert played(world, limited(1), story, ("dag", ANNA)) == {}


def test_what_was_decided_while_microsoft_365_rests_is_carried_out_afterwards_once(world: World) -> None:
    """The page answers at once all the same, and says that it is under way."""

    async def story(service, person) -> None:
        hand = Hand(await person(HR))
        await hand.look("withdraw", named(ANNA))
        world.tenant.faults.add(method="*", path="", times=None, status=503, retry_after="0.2")
        done = await hand.do()
        assert done.status_code == 303
        hand.page = await asyncio.to_thread(hand.person.read, done.headers["location"])
        assert "2 mails og invitationer er på vej" in hand.says()

    mailed = played(world, limited(1), story, ("dag", ANNA), follow=False)
    assert mailed == {("cancellation", ANNA): 1, ("message", ANNA): 1}


def test_a_lost_answer_to_what_is_carried_out_costs_nobody_a_mail_too_many(world: World) -> None:
    async def story(service, person) -> None:
        hand = Hand(await person(HR))
        await hand.look("withdraw", named(ANNA))
        world.tenant.faults.add(method="PATCH", path="/events/", drop=True, when="after")
        await hand.do()

    mailed = played(world, limited(1), story, ("dag", ANNA))
    assert mailed == {("cancellation", ANNA): 1, ("message", ANNA): 1}


def test_hr_enrols_somebody_whom_only_the_directory_knows(world: World) -> None:
    """Found by name, chosen, looked at, and invited; the books know them from then on."""
    someone = next(user for user in world.tenant.directory.users.values() if user.department and user.mail and not user.is_room)

    async def story(service, person) -> None:
        hand = Hand(await person(HR))
        found = await hand.look("enrol", words=someone.display_name, step="find")
        assert (found.status_code, "uden for kursets målgruppe" in hand.says()) == (200, True)
        assert someone.mail in hand.page
        await hand.send(step="look", chosen=someone.mail, offering="main")
        assert f"{someone.display_name} bliver tilmeldt" in hand.says()
        assert (await hand.do()).status_code == 303
        assert standing(service, someone.mail) == {"main": "registered"}

    assert played(world, limited(2), story) == {("invitation", someone.mail): 1}


def test_somebody_from_outside_is_entered_by_address_and_a_slip_in_our_own_domain_is_not(world: World) -> None:
    """As `enrol --external` has it."""

    async def story(service, person) -> None:
        hand = Hand(await person(HR))
        await hand.look("enrol", words="ingen.kendt@norddjurs.example")
        assert 'value="external:ingen.kendt@norddjurs.example"' in hand.page
        await hand.send(step="look", chosen="external:ingen.kendt@norddjurs.example", offering="main")
        assert "findes ikke i kommunens adressebog" in hand.says()
        assert 'value="do"' not in hand.page
        await hand.look("enrol", words=OUTSIDER)
        await hand.send(step="look", chosen=f"external:{OUTSIDER}", offering="main")
        assert "kommer udefra" in hand.says()
        assert (await hand.do()).status_code == 303

    assert played(world, limited(2), story) == {("invitation", OUTSIDER): 1}


def test_a_directory_that_does_not_answer_is_told_and_nothing_typed_is_lost(world: World) -> None:
    """Those of the books are found all the same."""

    async def story(service, person) -> None:
        hand = Hand(await person(HR))
        world.tenant.faults.add(method="GET", path="/users", times=None, status=403)
        said = await hand.look("enrol", words="anna", step="find", reason="Ny leder")
        assert said.status_code == 422
        assert ANNA in hand.page
        assert "Ny leder" in hand.page
        assert 'value="anna"' in hand.page
        said = await hand.look("enrol", words="", step="look", chosen=OUTSIDER, reason="Ny leder")
        assert "adressebogen kunne ikke spørges" in hand.says()
        assert 'value="Ny leder"' in hand.page

    assert played(world, limited(2), story) == {}


def test_a_full_date_offers_the_line_and_a_seat_is_handed_over_past_it(world: World) -> None:
    async def story(service, person) -> None:
        hand = Hand(await person(HR))
        await hand.look("enrol", named(BO))
        assert "Holdet er fyldt." in hand.says()
        await hand.send(**(hand.typed() | {"way": "line"}))
        assert "kommer på venteliste" in hand.says()
        assert (await hand.do()).status_code == 303
        await hand.look("handover", named(ANNA), words="carl", step="find")
        assert CARL in hand.page
        await hand.send(**(hand.typed() | {"chosen": CARL, "step": "look", "offering": "main"}))
        assert "overtager pladsen" in hand.says()
        done = await hand.do()
        assert (standing(service, CARL), standing(service, BO)) == ({"main": "registered"}, {"main": "waitlisted"})
        hand.page = await asyncio.to_thread(hand.person.read, done.headers["location"])
        assert hand.typed()["action"] == "handover"

    played(world, limited(1, handover=True), story, ("dag", ANNA))
    assert log_of(world)[-2:] == [(ANNA, "handed_over", HR.address, ""), (CARL, "taken_over", HR.address, "")]


def test_somebody_with_a_forwarded_invitation_is_let_in_or_taken_off(world: World) -> None:
    async def story(service, person) -> None:
        hand = Hand(await person(HR))
        await hand.look("enrol", named(OUTSIDER))
        assert "bliver tilmeldt" in hand.says()
        await hand.look("withdraw", named(OUTSIDER))
        assert "bliver taget af mødet og får Outlooks aflysning" in hand.says()
        assert (await hand.do()).status_code == 303

    mailed = played(world, limited(2), story, ("dag", OUTSIDER))
    assert mailed == {("cancellation", OUTSIDER): 1}


def test_a_seat_above_the_capacity_needs_a_reason_and_every_number_says_so(world: World) -> None:
    """At the desk and at the command line; the next run leaves it."""

    async def story(service, person) -> None:
        hand = Hand(await person(HR))
        await hand.look("enrol", named(BO))
        said = await hand.send(way="above")
        assert (said.status_code, "Skriv, hvorfor personen skal have en plads alligevel" in hand.says()) == (422, True)
        await hand.send(step="look", reason="Afløser for en kollega", offering="main")
        assert "2 af 1 har plads" in hand.says()
        assert "pladsen gives alligevel" in hand.says()
        assert (await hand.do()).status_code == 303
        assert standing(service, BO) == {"main": "registered"}

    played(world, limited(1), story, ("dag", ANNA))
    assert "2 af 1" in world.run("registrations").out
    refused = world.run("enrol", "kursus", CARL, "--above-capacity")
    assert (refused.code, "--reason" in refused.err) == (2, True)
    assert world.run("enrol", "kursus", CARL, "--above-capacity", "--reason", "Afløser").code == 0
    assert statuses(world)["carl/main"] == "registered"
    assert world.sync().people_mailed == {}
