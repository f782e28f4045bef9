"""A course where the nearest manager has to say yes: from the acceptance in Outlook and the sign-up by link to the seat."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest

from tests.e2e.asking import browser
from tests.e2e.choosing import choose, link_of
from tests.e2e.plans import make_course, make_plan
from tests.e2e.seats import WEB

if TYPE_CHECKING:
    import httpx

    from bot.sandbox.directory import User
    from tests.e2e.driver import World

LINK = re.compile(r'href="http://127[^"/]*(/m/[^"]*)"')
SESSION = "kursus/main/dag"


def leaders(world: World) -> list[User]:
    """Two leaders with the same manager, and the manager."""
    users = [one for one in world.tenant.directory.users.values() if one.manager and one.mail and one.enabled]
    boss = users[0].manager
    mine = [one for one in users if one.manager == boss][:2]
    return [*mine, world.tenant.directory.users[boss]]


def begin(world: World, *, mode: str = "invite", **approval: object) -> tuple[str, str, str]:
    """The course, in people's calendars or by link, and the addresses of two leaders and their manager."""
    world.settings |= WEB
    ane, bo, boss = leaders(world)
    audiences = {"ledere": {"people": [{"email": one.mail, "name": one.display_name} for one in (ane, bo)]}}
    course = make_course(
        "kursus",
        enrolment={"mode": mode, "capacity": 1, "waiting_list": True},
        approval={"by": "manager", **approval} if approval else "manager",
    )
    world.write(make_plan(course, audiences=audiences))
    world.sync()
    return str(ane.mail), str(bo.mail), str(boss.mail)


def mails_to(world: World, address: str) -> list[str]:
    return [one.html for one in world.tenant.messages.messages.values() if address in one.everybody]


def page_of(world: World, boss: str) -> str:
    found = LINK.search(mails_to(world, boss)[-1])
    assert found
    return html.unescape(found[1])


def answer(pages: httpx.Client, link: str, who: str, said: str) -> httpx.Response:
    """Press a button of the sign-up of somebody (by name)."""
    shown = pages.get(link).text
    section = next(part for part in shown.split("<section") if who in part)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', section))
    return pages.post(link, data={**fields, "answer": said}, headers={"Origin": WEB["WEB__BASE_URL"]}, follow_redirects=True)


def name_of(world: World, address: str) -> str:
    found = world.tenant.directory.find_user(address)
    assert found is not None
    return found.display_name


def standing(world: World) -> dict[str, tuple[str, object, object]]:
    rows = world.run("registrations", "--format", "json").json
    return {row["email"]: (row["status"], row["position"], row["waits_for"]) for row in rows}


def test_an_acceptance_in_outlook_waits_until_the_manager_has_said_yes(world: World) -> None:
    """One mail for both; who signed up first has the seat, whoever is answered first; each is told once."""
    ane, bo, boss = begin(world)
    world.answer(SESSION, ane, "accept")
    world.answer(SESSION, bo, "accept")
    ran = world.run("responses")
    assert ran.people_mailed == {("message", ane): 1, ("message", bo): 1, ("message", boss): 1}
    assert standing(world) == {ane: ("waitlisted", None, "manager"), bo: ("waitlisted", None, "manager")}
    assert "Venter på lederens ja" in world.run("registrations", "--format", "table").out
    assert {ane, bo} <= world.invited(SESSION)
    assert world.run("responses").people_mailed == {}
    with browser(world) as pages:
        link = page_of(world, boss)
        assert pages.get(link).text.count('value="yes"') == 2
        assert standing(world)[bo][2] == "manager"
        assert "Du har sagt ja" in answer(pages, link, name_of(world, bo), "yes").text
        again = answer(pages, link, name_of(world, ane), "yes")
        assert "Der er ingen tilmeldinger" in again.text
    ran = world.run("responses")
    assert ran.people_mailed[("message", ane)] == ran.people_mailed[("message", bo)] == 1
    assert {one: said[:2] for one, said in standing(world).items()} == {ane: ("registered", None), bo: ("waitlisted", 1)}
    assert "Din leder har sagt ja" in mails_to(world, ane)[-1]
    assert "venteliste" in mails_to(world, bo)[-1]
    assert world.run("responses").people_mailed == {}
    lines = [one for one in world.run("actions", "--format", "json").json if one["command"] == "answer_sign_up"]
    assert {(one["by"], one["course"], one["door"]) for one in lines} == {(boss, "kursus", "page")}


def test_a_no_is_told_kindly_once_and_the_link_decides_nothing_by_itself(world: World) -> None:
    ane, _, boss = begin(world)
    world.answer(SESSION, ane, "accept")
    world.run("responses")
    link, mine = page_of(world, boss), link_of(world, ane)
    with browser(world) as pages:
        pages.get(link)
        assert pages.post(link, data={"answer": "yes", "sign_up": "x"}).status_code == 403
        assert standing(world)[ane][2] == "manager"
        assert "Du har sagt nej" in answer(pages, link, name_of(world, ane), "no").text
    ran = world.run("responses")
    assert ran.people_mailed == {("cancellation", ane): 1, ("message", ane): 1}
    assert standing(world)[ane][0] == "declined"
    assert "Tal med din leder" in mails_to(world, ane)[-1]
    assert world.run("responses").people_mailed == {}
    with browser(world) as pages:
        own = pages.get(mine).text
        assert "svaret blev nej" in own
        assert "Du har sagt nej" not in own


def test_a_sign_up_by_link_waits_as_well_and_can_be_taken_back(world: World) -> None:
    ane, _, boss = begin(world, mode="signup")
    with browser(world) as pages:
        pages.follow_redirects = True
        mine = link_of(world, ane)
        assert "min leder skal sige ja" in pages.get(mine).text
        assert "Nu spørger vi din leder" in choose(pages, mine, "choose", "main")
        world.run("responses")
        link = page_of(world, boss)
        assert "Træk tilmeldingen tilbage" in pages.get(mine).text
        choose(pages, mine, "give_up", "main")
        assert "Der er ingen tilmeldinger" in pages.get(link).text
    assert world.run("responses").people_mailed == {}
    assert standing(world)[ane][0] == "declined"


def test_without_an_answer_there_is_one_reminder_and_then_it_is_hrs(world: World) -> None:
    """Nobody gets yes or no by silence; HR's word passes by the manager's."""
    ane, _, boss = begin(world)
    world.move_clock("2025-05-05T10:00:00+02:00")
    world.answer(SESSION, ane, "accept")
    assert world.run("responses").people_mailed[("message", boss)] == 1
    for day, mails in (("06", 0), ("07", 1), ("08", 0), ("13", 0), ("14", 0)):
        world.move_clock(f"2025-05-{day}T10:30:00+02:00")
        assert world.run("responses").people_mailed == ({("message", boss): 1} if mails else {}), day
    assert "Husk:" in [one.subject for one in world.tenant.messages.messages.values() if boss in one.everybody][-1]
    assert standing(world)[ane] == ("waitlisted", None, "manager")
    with browser(world) as pages:
        assert "HR ser på det" in pages.get(page_of(world, boss)).text
    assert "Tilmeldinger, du skal afgøre" in world.run("report").out
    world.run("promote", "kursus", ane)
    assert standing(world)[ane][0] == "registered"
    assert "Tilmeldinger, du skal afgøre" not in world.run("report").out


@pytest.mark.parametrize(
    ("overdue", "status", "told"), [("yes", "registered", "er godkendt"), ("no", "declined", "ikke fået din leders ja inden fristen")]
)
def test_the_plan_may_say_what_silence_means(world: World, overdue: str, status: str, told: str) -> None:
    ane, _, _ = begin(world, overdue=overdue, working_days=2)
    world.move_clock("2025-05-05T10:00:00+02:00")
    world.answer(SESSION, ane, "accept")
    world.run("responses")
    world.move_clock("2025-05-07T10:30:00+02:00")
    world.run("responses")
    assert standing(world)[ane][0] == status
    assert told in mails_to(world, ane)[-1]


@pytest.mark.parametrize("why", ["nobody", "themselves", "closed", "guest"])
def test_who_has_no_manager_to_ask_is_the_deputys(world: World, why: str) -> None:
    ane, _, boss = begin(world, deputy="stedfortraeder@norddjurs.example")
    directory = world.tenant.directory
    match why:
        case "nobody":
            directory.change_user(ane, manager="")
        case "themselves":
            directory.change_user(ane, manager=ane)
        case "closed":
            directory.change_user(boss, enabled=False)
        case _:
            guest = next(one for one in directory.users.values() if one.user_type == "Guest")
            directory.change_user(ane, manager=guest.id)
    world.answer(SESSION, ane, "accept")
    assert world.run("responses").people_mailed == {("message", ane): 1, ("message", "stedfortraeder@norddjurs.example"): 1}
    assert mails_to(world, boss) == []


def test_another_manager_is_asked_anew_and_the_first_decides_no_more(world: World) -> None:
    ane, bo, boss = begin(world)
    world.move_clock("2025-05-05T10:00:00+02:00")
    world.answer(SESSION, ane, "accept")
    world.run("responses")
    first = page_of(world, boss)
    world.tenant.directory.change_user(ane, manager=bo)
    world.move_clock("2025-05-06T10:30:00+02:00")
    assert world.run("responses").people_mailed == {("message", bo): 1}
    with browser(world) as pages:
        assert "Der er ingen tilmeldinger" in pages.get(first).text
        assert name_of(world, ane) in pages.get(page_of(world, bo)).text


def test_without_the_permission_nobody_is_asked_and_it_is_tried_again(world: World) -> None:
    ane, _, boss = begin(world)
    world.tenant.settings.roles = {"User.ReadBasic.All", "GroupMember.Read.All", "Calendars.ReadWrite", "Mail.ReadWrite", "Mail.Send"}
    world.move_clock("2025-05-05T10:00:00+02:00")
    world.answer(SESSION, ane, "accept")
    assert world.run("responses").people_mailed == {("message", ane): 1}
    assert standing(world)[ane] == ("waitlisted", None, "manager")
    world.tenant.settings.roles = None
    world.move_clock("2025-05-05T11:30:00+02:00")
    assert world.run("responses").people_mailed == {("message", boss): 1}


def test_when_the_plan_asks_no_more_and_when_the_course_is_cancelled_the_wish_ends(world: World) -> None:
    ane, bo, _ = begin(world)
    world.answer(SESSION, ane, "accept")
    world.answer(SESSION, bo, "accept")
    world.run("responses")
    written = world.plan_file.read_text(encoding="utf-8")
    world.plan_file.write_text(written.replace("approval: manager", "note: nu uden"), encoding="utf-8")
    world.sync()
    assert {one: said[0] for one, said in standing(world).items()} == {ane: "registered", bo: "waitlisted"}
    assert "er godkendt" in mails_to(world, ane)[-1]
    world.plan_file.write_text(written.replace("status: approved", "status: cancelled"), encoding="utf-8")
    world.sync()
    assert not any(said[2] for said in standing(world).values())
