"""The courses at the desk, with the service behind it: every view of a course with answers, a line and comments; and the lists."""

from __future__ import annotations

import asyncio
import re
import subprocess
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import openpyxl

from tests.e2e.desk_driver import DIRECTOR, HR, READER, at_the_desk
from tests.e2e.plans import make_course, make_plan, make_session, people

if TYPE_CHECKING:
    from tests.e2e.driver import World

TITLE = "<script>alert(1)</script> Ærø's »dag«"
COURSE = "/courses/lederdag"
VIEWS = ("people", "answers", "messages", "history", "money", "about")


def leaders(world: World, count: int) -> list[str]:
    users = [user for user in world.tenant.directory.users.values() if user.mail and not user.is_room]
    return [user.mail for user in users if "lederudvikling" not in user.mail][:count]


def write_plan(world: World, **changes: object) -> list[str]:
    """A course with two seats and a line, and one that is only proposed; five are invited."""
    invited = leaders(world, 5)
    enrolment = {"capacity": 2, "waiting_list": True, "deadline": "2025-06-01T12:00"}
    course = make_course(title=TITLE, enrolment=enrolment, responsible="anna@norddjurs.example", **changes)
    proposed = make_course("ide", make_session(day="2025-09-01"), status="proposed", title="En idé")
    world.write(make_plan(course, proposed, audiences=people(*invited)))
    return invited


def answered(world: World) -> list[str]:
    """Three have said yes to two seats, one no with a word, and one nothing."""
    invited = write_plan(world)
    world.sync()
    for number, word in enumerate(("accept", "accept", "accept", "decline")):
        answer(world, "lederdag/dag", invited[number], word, comment="Jeg er <b>syg</b>" if word == "decline" else "")
    assert world.run("responses").code == 0
    return invited


def answer(world: World, session: str, person: str, word: str, *, comment: str) -> None:
    world.tenant.clock.advance(timedelta(minutes=1))
    world.now = world.tenant.clock.now()
    world.answer(session, person, word, comment=comment)


def test_the_list_tells_where_each_course_stands_and_its_numbers_lead_to_the_people(world: World) -> None:
    """As many are behind a number as it says."""
    answered(world)

    async def story(_service, person) -> None:
        reader = await person(READER)
        page = await asyncio.to_thread(reader.read, "/courses")
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; Ærø&#39;s" in page
        assert ("2 af 2" in page, "Foreslået" in page) == (True, True)
        numbers = {link: int(count) for link, count in re.findall(r'href="(/courses/lederdag\?[^"]+)">(\d+) ', page)}
        assert sorted(numbers.values()) == [1, 1, 1, 2]
        for link, count in numbers.items():
            people_page = await asyncio.to_thread(reader.read, link.replace("&amp;", "&"))
            assert (link, people_page.count("<tr>") - 1) == (link, count)
        only = await asyncio.to_thread(reader.read, "/courses?look=line")
        assert ("Ærø" in only, "En idé" in only) == (True, False)
        assert "En idé" in await asyncio.to_thread(reader.read, "/courses?q=IDÉ")
        assert "Ingen kurser passer" in await asyncio.to_thread(reader.read, "/courses?q=findes-ikke&status=draft")

    at_the_desk(world, story)


def test_every_view_of_a_course_tells_what_the_books_have(world: World) -> None:
    """People with what they wrote, answers by day, mails as they read, the seat log, money, and what the plan says."""
    answered(world)

    async def story(_service, person) -> None:
        hr = await person(HR)
        seen = {view: await asyncio.to_thread(hr.read, f"{COURSE}?view={view}") for view in VIEWS}
        assert all("<script>alert" not in page for page in seen.values())
        assert "Jeg er &lt;b&gt;syg&lt;/b&gt;" in seen["people"]
        assert "På venteliste nr. 1" in seen["people"]
        assert re.search(r"3 ja, 0 måske og 1 nej", seen["answers"])
        assert "Plads på venteliste" in seen["messages"]
        assert seen["history"].count("svarede i Outlook") == 3
        assert "kom på venteliste" in seen["history"]
        assert "Planen siger ikke, hvem der betaler" in seen["money"]
        assert "Alle i målgruppen inviteres" in seen["about"]
        assert await asyncio.to_thread(hr.read, f"{COURSE}?view=noget-andet") != ""
        mail = await asyncio.to_thread(hr.browser.get, f"{COURSE}/messages/1")
        assert (mail.status_code, "sandbox" in mail.headers["content-security-policy"]) == (200, True)
        assert len(mail.headers.get_list("content-security-policy")) == 1

    at_the_desk(world, story)


def test_a_reader_is_shown_nothing_to_do_and_no_way_to_people_s_pages(world: World) -> None:
    answered(world)

    async def story(_service, person) -> None:
        reader, hr = await person(READER), await person(HR)
        pages = [await asyncio.to_thread(who.read, COURSE) for who in (reader, hr)]
        for word in ("/act", "/write", "/people/"):
            assert (word, word in pages[0]) == (word, False)
        assert "/people/" in pages[1]
        director = await person(DIRECTOR)
        assert (await asyncio.to_thread(director.browser.get, COURSE)).status_code == 403

    at_the_desk(world, story)


def test_what_is_unknown_is_said_in_words_with_the_way_on(world: World) -> None:
    """And a course that has left the plan is still there, as long as the books have it."""
    answered(world)
    world.write(make_plan(make_course("andet"), audiences=people(*leaders(world, 2))))

    async def story(_service, person) -> None:
        hr = await person(HR)
        for address in ("/courses/findes-ikke", f"{COURSE}/messages/99", "/courses/%3Cscript%3E"):
            unknown = await asyncio.to_thread(hr.browser.get, address)
            assert (unknown.status_code, "Se alle kurser" in unknown.text, "<script>" in unknown.text) == (404, True, False)
        page = await asyncio.to_thread(hr.read, COURSE)
        assert "Jeg er &lt;b&gt;syg" in page

    at_the_desk(world, story)


def test_a_list_is_taken_along_and_who_took_it_is_written_down(world: World) -> None:
    """With a name that every machine can have, and nothing in it that a spreadsheet would work out."""
    answered(world)

    async def story(_service, person) -> None:
        hr = await person(HR)
        book = await asyncio.to_thread(hr.browser.get, f"{COURSE}?format=xlsx")
        said = book.headers["content-disposition"]
        assert said.startswith("attachment; filename=\"lederdag.xlsx\"; filename*=UTF-8''Deltagere%20")
        assert said.isascii()
        sheets = openpyxl.load_workbook(BytesIO(book.content))
        assert sheets.sheetnames[0] == "Oversigt"
        table = await asyncio.to_thread(hr.browser.get, f"{COURSE}?format=csv")
        assert table.content.decode("utf-8-sig").count("\r\n") == 6
        sheet = await asyncio.to_thread(hr.browser.get, f"{COURSE}?format=html&session=main/dag")
        assert ("content-disposition" in sheet.headers, "Underskrift" in sheet.text) == (False, True)
        assert (await asyncio.to_thread(hr.browser.get, f"{COURSE}?format=html&session=main/ingen")).status_code == 404
        everybody = await asyncio.to_thread(hr.browser.get, "/courses?format=csv")
        assert everybody.status_code == 200

    at_the_desk(world, story)
    lines = [
        line for line in world.run("actions", "--format", "json").json if line["command"] == "registrations" and line["door"] == "desk"
    ]
    assert sorted(line["detail"] for line in lines) == ["csv", "csv", "html", "xlsx"]
    assert {(line["by"], line["course"]) for line in lines} == {(HR.address, "lederdag"), (HR.address, None)}


def test_the_workbook_taken_along_opens_in_libreoffice(world: World, soffice: str) -> None:
    """And names and titles are text in it, whatever they begin with."""
    answered(world)
    taken: list[bytes] = []

    async def story(_service, person) -> None:
        hr = await person(HR)
        taken.append((await asyncio.to_thread(hr.browser.get, f"{COURSE}?format=xlsx")).content)

    at_the_desk(world, story)
    (world.folder / "liste.xlsx").write_bytes(taken[0])
    every_sheet = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1"
    command = [soffice, f"-env:UserInstallation=file://{world.folder}/office", "--headless", "--convert-to", every_sheet]
    subprocess.run([*command, "liste.xlsx"], cwd=world.folder, check=True, capture_output=True, timeout=180)
    sheets = "".join(file.read_text("utf-8") for file in world.folder.glob("liste-*.csv"))
    assert "Ærø's »dag«" in sheets
    assert "Jeg er <b>syg</b>" in sheets


def test_a_look_that_goes_on_is_one_line_of_the_log(world: World) -> None:
    answered(world)

    async def story(_service, person) -> None:
        hr = await person(HR)
        for address in (COURSE, f"{COURSE}?group=seated", f"{COURSE}?q=a", f"{COURSE}?view=history"):
            await asyncio.to_thread(hr.read, address)

    at_the_desk(world, story)
    lines = [line for line in world.run("actions", "--format", "json").json if line["door"] == "desk"]
    assert sorted((line["command"], line["detail"], line["subject"]) for line in lines) == [
        ("registrations", "page", "5"), ("seats", "page", "4"),
    ]  # fmt: skip


def test_hr_mails_the_list_to_who_looks_after_the_course_once(world: World) -> None:
    """Shown first to whom; again only when somebody has been added or has answered; and to nobody who has nothing to do with it."""
    invited = answered(world)

    async def story(service, person) -> None:
        hr, reader = await person(HR), await person(READER)
        page = await asyncio.to_thread(hr.read, f"{COURSE}/mail")
        assert ("anna@norddjurs.example" in page, f"{HR.address} (dig selv)" in page, "Listen har 5 personer" in page) == (True, True, True)
        shown = re.search(r'name="shown" value="(\w+)"', page)[1]
        nobody = await asyncio.to_thread(hr.send, f"{COURSE}/mail", page, shown=shown)
        stale = await asyncio.to_thread(hr.send, f"{COURSE}/mail", page, shown="0" * 16, to=["0"])
        other = await asyncio.to_thread(hr.send, f"{COURSE}/mail", page, shown=shown, to=["7", invited[0]])
        assert (nobody.status_code, stale.status_code, other.status_code) == (422, 409, 422)
        assert mails(world) == []
        sent = await asyncio.to_thread(hr.send, f"{COURSE}/mail", page, shown=shown, to=["0", "1"])
        assert sent.headers["location"] == f"{COURSE}/mail?plan=demo&done=sent"
        again = await asyncio.to_thread(hr.send, f"{COURSE}/mail", page, shown=shown, to=["0", "1"])
        assert again.headers["location"].endswith("done=sent")
        assert mails(world) == ["anna@norddjurs.example", HR.address]
        assert "har fået den" in await asyncio.to_thread(hr.read, f"{COURSE}/mail")
        assert (await asyncio.to_thread(reader.browser.get, f"{COURSE}/mail")).status_code == 403
        foreign = await asyncio.to_thread(hr.send, f"{COURSE}/mail", "", shown=shown, to=["0"])
        assert foreign.status_code == 403

    at_the_desk(world, story)
    lines = [line for line in world.run("actions", "--format", "json").json if line["command"] == "registrations --send"]
    assert {(line["by"], line["course"], line["subject"]) for line in lines} == {(HR.address, "lederdag", "2")}


def mails(world: World) -> list[str]:
    """Who has got a list."""
    return sorted(mail.to for mail in world.tenant.mail_log.to_people() if "Deltagere: " in mail.subject)
