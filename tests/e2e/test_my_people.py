"""The page for managers: their own people's courses by sign-in, and the sign-ups that wait for their word."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from bot.sandbox.issuer import Account
from tests.e2e.desk_driver import HR, at_the_desk, checksums
from tests.e2e.plans import make_course, make_plan, make_session
from tests.e2e.service_driver import run_job

if TYPE_CHECKING:
    from tests.e2e.driver import World

DEPUTY = "stedfortraeder@norddjurs.example"
PAGE = {"managers": "page"}
FORM = re.compile(r"<h4[^>]*>([^<]+)</h4>.*?name=\"plan\" value=\"([^\"]+)\".*?name=\"sign_up\" value=\"([^\"]+)\"", re.DOTALL)


def account(world: World, address: str) -> Account:
    user = world.tenant.directory.find_principal(address)
    assert user is not None
    return Account(id=user.id, address=address, name=user.display_name)


def begin(world: World, managers: dict[str, str] = PAGE, **changes: object) -> tuple[Account, Account]:
    """Åse and Bo have Mette as manager, Carl has somebody else; Mette is in no audience. Mette and Carl."""
    directory = world.tenant.directory
    for name, address in (
        ("Mette Leder", "mette"),
        ("Åse Prøve", "aase"),
        ("Bo Prøve", "bo"),
        ("Carl Prøve", "carl"),
        ("Dan Vikar", "stedfortraeder"),
    ):
        directory.add_person(name, f"{address}@norddjurs.example")
    for address in ("aase", "bo"):
        directory.change_user(f"{address}@norddjurs.example", manager="mette@norddjurs.example")
    directory.change_user("carl@norddjurs.example", manager="")
    directory.add_group("Hold", "hold@norddjurs.example", members=[f"{one}@norddjurs.example" for one in ("aase", "bo", "carl")])
    course = make_course("kursus", make_session(day="2025-06-18"), title="Lederkursus", **changes)
    plan = make_plan(course, audiences={"ledere": {"name": "Ledere", "groups": ["hold@norddjurs.example"]}})
    world.write(plan | managers)
    world.move_clock("2025-05-05T10:00:00+02:00")
    return account(world, "mette@norddjurs.example"), account(world, "carl@norddjurs.example")


async def approved(service, person) -> None:
    hr = await person(HR)
    page = await asyncio.to_thread(hr.read, "/changes")
    await asyncio.to_thread(hr.send, "/changes", page, shown=checksums(page), decision="approve")
    await run_job(service, "sync_plan")


def said(page: str) -> dict[str, str]:
    """What the page says of each person."""
    found = re.findall(
        r'<li class="desk-card">\s*<h3>([^<]*)</h3>(.*?)</li>\s*(?=<li class="desk-card">|</ul>\s*<p>)', page, flags=re.DOTALL
    )
    return {name: " ".join(re.sub(r"<[^>]+>", " ", words).split()).replace("\xa0", " ") for name, words in found}


def test_a_manager_sees_their_own_people_and_nobody_else_sees_them(world: World) -> None:
    """By Entra's manager, as it was read, and that is said; who has nobody sees nothing of others."""
    mette, carl = begin(world)

    async def story(service, person) -> None:
        await approved(service, person)
        world.answer("kursus/dag", "aase@norddjurs.example", "accept")
        world.answer("kursus/dag", "bo@norddjurs.example", "decline", comment="Skal opereres")
        await run_job(service, "collect_responses")
        boss, other = await person(mette), await person(carl)
        page = await asyncio.to_thread(boss.read, "/my-people")
        told = said(page)
        assert set(told) == {"Åse Prøve", "Bo Prøve"}
        assert "Lederkursus : Tilmeldt" in told["Åse Prøve"]
        assert "18. juni 2025" in told["Åse Prøve"]
        assert "Har sagt nej" in told["Bo Prøve"]
        assert not [word for word in ("opereres", "Carl") if word in page]
        assert "læst i Entra" in page
        assert "5. maj" in page.replace("\xa0", " ")
        assert '<a href="/my-people">' in await asyncio.to_thread(boss.read, "/me")
        nothing = await asyncio.to_thread(other.read, "/my-people")
        assert "Her er ikke noget til dig" in nothing
        assert not {"Åse", "Bo Prøve"} & {*re.split(r"[\s<>]", nothing)}
        assert "/my-people" not in await asyncio.to_thread(other.read, "/me")
        lines = service.stores.actions.load_actions()
        assert [(one.by, one.detail) for one in lines if one.command == "my_people"] == [("mette@norddjurs.example", "2")]

    at_the_desk(world, story, also=(mette, carl))


def to_answer(page: str) -> dict[str, dict[str, str]]:
    """By name what the form of each sign-up that waits sends."""
    return {name: {"plan": plan, "sign_up": sign_up} for name, plan, sign_up in FORM.findall(page)}


def test_a_yes_on_the_page_is_the_yes_behind_the_link_once_and_the_log_says_who(world: World) -> None:
    """The manager is in no audience, and known by the id in Entra alone; the link then has nothing to answer."""
    mette, carl = begin(world, approval="manager")

    async def story(service, person) -> None:
        await approved(service, person)
        for one in ("aase", "bo"):
            world.answer("kursus/dag", f"{one}@norddjurs.example", "accept")
        await run_job(service, "collect_responses")
        boss, other = await person(mette), await person(carl)
        page = await asyncio.to_thread(boss.read, "/my-people")
        forms = to_answer(page)
        assert set(forms) == {"Åse Prøve", "Bo Prøve"}
        assert "Tilmeldingen venter på et ja" in said(page)["Bo Prøve"]
        stolen = await asyncio.to_thread(
            other.send, "/my-people", await asyncio.to_thread(other.read, "/me/data"), answer="yes", **forms["Bo Prøve"]
        )
        assert stolen.status_code in {403, 409}
        done = await asyncio.to_thread(boss.send, "/my-people", page, answer="yes", **forms["Bo Prøve"])
        assert done.headers["location"] == "/my-people?done=yes"
        again = await asyncio.to_thread(boss.send, "/my-people", page, answer="no", **forms["Bo Prøve"])
        assert again.status_code == 409
        assert "venter ikke længere" in again.text
        assert (await asyncio.to_thread(boss.send, "/my-people", page, answer="no", **forms["Åse Prøve"])).status_code == 303
        await run_job(service, "follow_decisions")
        await run_job(service, "follow_decisions")
        told = said(await asyncio.to_thread(boss.read, "/my-people"))
        assert "Tilmeldt" in told["Bo Prøve"]
        assert "Tilmeldingen fik et nej" in told["Åse Prøve"]
        subjects = [one.subject for one in world.tenant.messages.messages.values() if "bo@norddjurs.example" in one.everybody]
        assert len([one for one in subjects if one.startswith("Du er tilmeldt")]) == 1
        lines = [one for one in service.stores.actions.load_actions() if one.command == "answer_sign_up"]
        assert {(one.by, one.subject, one.detail, one.door) for one in lines} == {
            ("mette@norddjurs.example", "bo@norddjurs.example", "yes", "desk"),
            ("mette@norddjurs.example", "aase@norddjurs.example", "no", "desk"),
        }

    at_the_desk(world, story, also=(mette, carl))


def test_a_deputy_sees_what_they_are_asked_about_and_nobodys_courses(world: World) -> None:
    begin(world, approval={"by": "manager", "deputy": DEPUTY})
    dan = account(world, DEPUTY)

    async def story(service, person) -> None:
        await approved(service, person)
        for one in ("carl", "bo"):
            world.answer("kursus/dag", f"{one}@norddjurs.example", "accept")
        await run_job(service, "collect_responses")
        deputy = await person(dan)
        page = await asyncio.to_thread(deputy.read, "/my-people")
        assert set(to_answer(page)) == {"Carl Prøve"}
        assert said(page) == {}
        assert "Bo Prøve" not in page
        assert '<a href="/my-people">' in await asyncio.to_thread(deputy.read, "/me")

    at_the_desk(world, story, also=(dan,))


def test_a_plan_that_does_not_ask_keeps_nothing_of_who_is_whose_manager(world: World) -> None:
    mette, _ = begin(world)

    async def story(service, person) -> None:
        await approved(service, person)
        await run_job(service, "collect_responses")
        assert len(service.stores.managed_people.load_managed("demo")) == 3
        written = world.plan_file.read_text(encoding="utf-8")
        world.plan_file.write_text(written.replace("managers: page\n", ""), encoding="utf-8")
        await run_job(service, "sync_plan")
        boss = await person(mette)
        assert "Her er ikke noget til dig" in await asyncio.to_thread(boss.read, "/my-people")
        await run_job(service, "collect_responses")
        assert service.stores.managed_people.load_managed("demo") == ()

    at_the_desk(world, story, also=(mette,))
