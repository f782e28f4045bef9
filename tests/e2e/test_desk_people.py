"""One person over all plans at the desk: found, followed, given insight, given new links, erased; with the service behind it."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING

import pytest
import yaml

from bot.domain.person_ids import DIGITS
from bot.domain.sign_in import Role
from bot.sandbox.issuer import Account
from jobs.registry import JOBS
from tests.e2e.desk_driver import DIRECTOR, HR, READER, at_the_desk, checksums, leader
from tests.e2e.plans import make_course, make_plan, people
from tests.e2e.service_driver import run_job

if TYPE_CHECKING:
    from tests.e2e.driver import World

OUTSIDER, GROUP, MAIL = "bo.udefra@partner.example", "hold@norddjurs.example", "aase.proevesen@norddjurs.example"
HOSTILE = "<script>alert(1)</script> {{ 7*7 }}"
PLACES = ("", "/data", "/erase")


def two_people(world: World, called: str = "Åse Prøvesen") -> Account:
    """A course for somebody of the directory and somebody from outside; the former."""
    added = world.tenant.directory.add_person(called, MAIL)
    world.tenant.directory.add_group("Hold", GROUP, members=[MAIL])
    audience = {"groups": [GROUP], "people": [{"email": OUTSIDER}]}
    world.write(make_plan(make_course("lederdag"), audiences={"ledere": audience}))
    return Account(id=added.id, address=MAIL, name=called)


async def approve(service, hr) -> None:
    page = await asyncio.to_thread(hr.read, "/changes")
    await asyncio.to_thread(hr.send, "/changes", page, shown=checksums(page), decision="approve")
    await run_job(service, "sync_plan")


async def way_to(hr, words: str) -> str:
    """The address of the page of the only person who is found by these words."""
    page = await asyncio.to_thread(hr.read, "/people")
    sent = await asyncio.to_thread(hr.send, "/people", page, q=words)
    if sent.headers["location"].startswith("/people?"):
        found = re.findall(r'href="(/people/[^"/]+)"', await asyncio.to_thread(hr.read, sent.headers["location"]))
        assert len(found) == 1
        return found[0]
    return sent.headers["location"]


def test_hr_finds_a_person_and_reads_what_happened_in_words(world: World) -> None:
    """By a part of the name, by the address; invited, answered, and a mail that came back, each once and with its course."""
    someone = two_people(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        await approve(service, hr)
        world.answer("lederdag/dag", someone.address, "accept")
        await run_job(service, "collect_responses")
        by_name, by_address = [await way_to(hr, one) for one in (someone.name.upper(), f" {someone.address.upper()} ")]
        assert by_name == by_address == f"/people/{someone.id}"
        page = await asyncio.to_thread(hr.read, by_name)
        for said in (someone.name, "Inviteret i kalenderen til", "Svarede »Ja« (Outlook)", "Tilmeldt"):
            assert said in page
        assert "/courses/lederdag?plan=demo" in page
        for inside in ("accepted", "desired_fields", "invited_since", "outlook/"):
            assert inside not in page

    at_the_desk(world, story)


def test_an_address_never_stands_in_a_url(world: World) -> None:
    """Not of an outsider without an id, not of what is searched for, and a part of one is shown where it was typed."""
    two_people(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        await approve(service, hr)
        way = await way_to(hr, OUTSIDER)
        assert re.fullmatch(rf"/people/[0-9a-f]{{{DIGITS}}}", way)
        assert OUTSIDER in await asyncio.to_thread(hr.read, way)
        page = await asyncio.to_thread(hr.read, "/people")
        assert "@" not in "".join(re.findall(r'(?:href|action)="([^"]*)"', page))
        part = await asyncio.to_thread(hr.send, "/people", page, q="@partner")
        assert (part.status_code, OUTSIDER in part.text, "Side 1" in part.text) == (200, True, False)
        nobody = await asyncio.to_thread(hr.send, "/people", page, q="ingen@partner.example")
        assert (nobody.status_code, "Ingen, som du må se" in nobody.text) == (200, True)

    at_the_desk(world, story)


def test_what_is_held_is_handed_out_as_a_page_and_as_the_file_that_the_command_gives(world: World) -> None:
    """With a line in the log for each look, and nothing of anybody else."""
    someone = two_people(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        await approve(service, hr)
        way = await way_to(hr, someone.address)
        page = await asyncio.to_thread(hr.read, f"{way}/data")
        assert f"Det har vi om {someone.name}" in page
        assert OUTSIDER not in page
        taken = await asyncio.to_thread(hr.browser.get, f"{way}/data?format=json")
        assert taken.headers["content-disposition"] == 'attachment; filename="person.json"'
        told = json.loads(world.apart("person", someone.address, "--format", "json").out)
        mine = taken.json()
        assert mine.keys() == told.keys()
        assert {name: len(rows) for name, rows in mine["tables"].items() if name != "actions"} == {
            name: len(rows) for name, rows in told["tables"].items() if name != "actions"
        }

    at_the_desk(world, story)
    lines = world.run("actions", "--about", someone.address, "--format", "json").json
    at_desk = sorted((one["command"], one["detail"] or "", one["by"]) for one in lines if one["door"] == "desk")
    assert at_desk == [("person", "", HR.address), ("person", "json", HR.address)]


def test_hr_erases_somebody_after_seeing_what_goes_and_writing_the_name(world: World) -> None:
    """Shown first and nothing done; by another name refused; then gone, with a line that names nobody."""
    someone = two_people(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        await approve(service, hr)
        way = await way_to(hr, someone.address)
        page = await asyncio.to_thread(hr.read, f"{way}/erase")
        assert "Intet er slettet endnu" in page
        assert "kommende mødegang" in page
        wrong = await asyncio.to_thread(hr.send, f"{way}/erase", page, typed_name="Bo Eksempel")
        assert (wrong.status_code, 'aria-invalid="true"' in wrong.text) == (422, True)
        assert someone.name in await asyncio.to_thread(hr.read, way)
        gone = await asyncio.to_thread(hr.send, f"{way}/erase", page, typed_name=f"  {someone.name.lower()} ")
        assert (gone.status_code, gone.headers["location"].partition("=")[0]) == (303, "/people?done")
        assert "Personen er slettet" in await asyncio.to_thread(hr.read, gone.headers["location"])
        assert (await asyncio.to_thread(hr.browser.get, way)).status_code == 404

    at_the_desk(world, story)
    assert json.loads(world.run("person", someone.address, "--format", "json").out)["tables"].keys() <= {"audience_members", "ledger"}
    lines = [one for one in world.run("actions", "--format", "json").json if one["command"] == "erase"]
    assert [(one["by"], one["door"], one["subject"].startswith("erased-")) for one in lines] == [(HR.address, "desk", True)]


def test_who_erases_has_shown_who_they_are_within_the_hour_and_sent_our_own_form(world: World) -> None:
    someone = two_people(world)

    async def story(service, person) -> None:
        stale = await person(HR, auth_time=1_000_000)
        way = await way_to(stale, someone.address)
        page = await asyncio.to_thread(stale.read, f"{way}/erase")
        assert ("typed_name" in page, "again=1" in page) == (False, True)
        refused = await asyncio.to_thread(stale.send, f"{way}/erase", await asyncio.to_thread(stale.read, way), typed_name=someone.name)
        assert refused.status_code == 403
        hr = await person(HR)
        for address in (f"{way}/erase", f"{way}/links", "/people"):
            forged = await asyncio.to_thread(hr.send, address, "", typed_name=someone.name, q="x")
            assert forged.status_code == 403
        assert someone.name in await asyncio.to_thread(hr.read, way)

    at_the_desk(world, story)


def test_renewed_links_end_the_old_ones_and_stand_in_the_log(world: World) -> None:
    """Without a mail; the person finds the new ones under their own courses."""
    someone = two_people(world)

    async def story(service, person) -> None:
        hr, them = await person(HR), await person(someone)
        await approve(service, hr)
        mine = await asyncio.to_thread(them.read, "/me")
        old = re.search(r'href="(http://[^"]+/p/[^"]+)"', mine)[1]
        assert (await asyncio.to_thread(them.browser.get, old)).status_code == 200
        way, mails = await way_to(hr, someone.address), len(world.tenant.mail_log.mails)
        sent = await asyncio.to_thread(hr.send, f"{way}/links", await asyncio.to_thread(hr.read, way))
        assert "De gamle virker ikke mere" in await asyncio.to_thread(hr.read, sent.headers["location"])
        assert (await asyncio.to_thread(them.browser.get, old)).status_code == 410
        new = re.search(r'href="(http://[^"]+/p/[^"]+)"', await asyncio.to_thread(them.read, "/me"))[1]
        assert (await asyncio.to_thread(them.browser.get, new)).status_code == 200
        assert len(world.tenant.mail_log.mails) == mails

    at_the_desk(world, story, also=(someone,))
    lines = world.run("actions", "--about", someone.address, "--format", "json").json
    assert ("link", "--renew", "desk") in {(one["command"], one["detail"], one["door"]) for one in lines}


@pytest.mark.parametrize("account", [DIRECTOR, READER, None], ids=["director", "reader", "leader"])
def test_nobody_but_hr_sees_a_person(world: World, account) -> None:
    """Nor whether there is one of that name."""
    somebody = two_people(world)

    async def story(service, person) -> None:
        someone = await person(account or leader(world))
        for name in (somebody.id, "ingen"):
            for place in PLACES:
                answer = await asyncio.to_thread(someone.browser.get, f"/people/{name}{place}")
                assert answer.status_code == 403
            sent = await asyncio.to_thread(someone.send, f"/people/{name}/erase", "", typed_name="x")
            assert sent.status_code == 403

    at_the_desk(world, story)


def test_a_hostile_name_is_only_text_and_a_made_up_one_is_nobody(world: World) -> None:
    someone = two_people(world, HOSTILE)

    async def story(service, person) -> None:
        hr = await person(HR)
        await approve(service, hr)
        way = await way_to(hr, someone.address)
        for place in PLACES:
            page = await asyncio.to_thread(hr.read, f"{way}{place}")
            assert "&lt;script&gt;alert(1)" in page
            assert ("<script>alert" in page, "49" in re.sub(r"\d\d-\d\d-\d{4}|[0-9a-f]{8,}|\d\d\.\d\d", "", page)) == (False, False)
        for name in ("%2e%2e", "a" * DIGITS, "%00", "x" * 3000, "%ff"):
            for place in PLACES:
                assert (await asyncio.to_thread(hr.browser.get, f"/people/{name}{place}")).status_code in {404, 303}

    at_the_desk(world, story)


def test_hr_of_one_plan_sees_nobody_of_another_and_erases_nobody_whom_others_have(world: World) -> None:
    """Not in the search, not by a name that somebody else gave; and of who is in both, only what is theirs to see."""
    someone = two_people(world)
    folder = world.folder / "plans"
    folder.mkdir()
    (folder / "demo.yaml").write_text(world.plan_file.read_text(encoding="utf-8"), encoding="utf-8")
    theirs = people("kun.skole@partner.example", OUTSIDER)
    school = make_plan(make_course("skoleleder", title="Skolernes lederdag"), id="skole", organisation="Skolerne", audiences=theirs)
    (folder / "skole.yaml").write_text(yaml.safe_dump(school, allow_unicode=True), encoding="utf-8")
    (folder / "skole.toml").write_text("[desk]\nhr = ['anden.prove@norddjurs.example']\n", encoding="utf-8")
    other = Account(id="aaaaaaaa-0000-4000-8000-000000000009", address="anden.prove@norddjurs.example", name="Anden", roles=(Role.HR,))

    async def story(service, person) -> None:
        hr, elsewhere = await person(HR), await person(other)
        for one, plan in ((hr, "demo"), (elsewhere, "skole")):
            page = await asyncio.to_thread(one.read, f"/changes?plan={plan}")
            await asyncio.to_thread(one.send, f"/changes?plan={plan}", page, shown=checksums(page), decision="approve")
            await service.runner.run(plan, JOBS["sync_plan"])
        page = await asyncio.to_thread(hr.read, "/people")
        assert ("kun.skole@" in page, OUTSIDER in page) == (False, True)
        hidden = await way_to(elsewhere, "kun.skole@partner.example")
        for place in PLACES:
            assert (await asyncio.to_thread(hr.browser.get, f"{hidden}{place}")).status_code == 404
        both = await way_to(hr, OUTSIDER)
        assert "Skolernes lederdag" not in await asyncio.to_thread(hr.read, both)
        handed = await asyncio.to_thread(hr.read, f"{both}/data")
        assert ("skole" in handed.lower(), "Andre afdelinger har planer" in handed) == (False, True)
        form = await asyncio.to_thread(hr.read, f"{both}/erase")
        assert ("også i planer, som du ikke må se" in form, "typed_name" in form, "skole" in form.lower()) == (True, False, False)
        proof = await asyncio.to_thread(hr.read, both)
        refused = await asyncio.to_thread(hr.send, f"{both}/erase", proof, typed_name=OUTSIDER)
        assert refused.status_code == 409
        assert (await asyncio.to_thread(hr.browser.get, both)).status_code == 200
        assert (await asyncio.to_thread(hr.browser.get, f"/people/{someone.id}")).status_code == 200

    at_the_desk(world, story, also=(other,), plans=str(folder))
