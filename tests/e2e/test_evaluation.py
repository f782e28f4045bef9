"""A course is over: who was there says what they think, once and without a name, and is reminded once."""

from __future__ import annotations

import asyncio
import html
import re
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import openpyxl

from bot.domain.attendance import AttendanceSaid, AttendanceSource, AttendanceWord
from bot.domain.evaluation import EvaluationAnswer
from bot.opening.stores import open_stores
from bot.plan import parse_plan
from config.settings import Settings
from tests.e2e.api_driver import asking
from tests.e2e.as_it_was import played_once
from tests.e2e.choosing import served_pages
from tests.e2e.desk_driver import HR, READER, at_the_desk
from tests.e2e.plans import make_course, make_session
from tests.e2e.reminders import begin, course
from tests.e2e.seats import ANNA, BO, CARL, DORTE, WEB, answer, subjects

if TYPE_CHECKING:
    import httpx

    from bot.domain.plan import CoursePlan
    from tests.e2e.api_driver import Client
    from tests.e2e.desk_driver import Person
    from tests.e2e.driver import World

THANKS = {"after": "end", "template": "follow_up", "to": ["registered", "declined"], "channels": ["mail"]}
RULES = [{"id": "tak", "hours": 2, **THANKS}, {"id": "igen", "days": 7, "at": "09:00", **THANKS}]
OVER, AGAIN, CLOSED = "2025-06-18T17:00:00+02:00", "2025-06-25T09:00:00+02:00", "2025-07-02T17:00:00+02:00"
SETTLED = "2025-06-19T09:00:00+02:00"
"""Nobody has put anything right for a night, so that nobody is missed falsely."""


def held(world: World, **changes: object) -> CoursePlan:
    """Anna, Bo and Carl have a seat, Dorte said no."""
    seated(world, **changes)
    plan = parse_plan(world.plan_file.read_bytes(), name="plan.yaml", now=world.now).plan
    assert plan is not None
    return plan


@played_once
def seated(world: World, **changes: object) -> None:
    world.settings |= WEB
    begin(world, course(enrolment=None, **({"evaluation": "standard"} | changes)), reminders=RULES)
    for person in (ANNA, BO, CARL):
        answer(world, "kursus/dag", person, "accept")
    answer(world, "kursus/dag", DORTE, "decline")
    world.run("responses")


def came(world: World, *people: str) -> None:
    """What was said at the door: these came, and nobody else is expected."""
    at = datetime(2025, 6, 18, 13, tzinfo=UTC)
    said = [(person, AttendanceSaid.CAME) for person in people] + [("", AttendanceSaid.CLOSED)]
    with open_stores(Settings(database_url=f"sqlite:///{world.database_file}")) as stores:
        stores.attendance.add(
            AttendanceWord(
                plan="demo", key=f"kursus/main/dag/{person or 'list'}", course="kursus", offering="main", session="dag",
                email=person, said=word, source=AttendanceSource.HR, at=at, noted_at=at,
            )
            for person, word in said
        )  # fmt: skip


def form_link(world: World, person: str) -> str:
    """Where the last mail to somebody leads to evaluate, "" where it does not."""
    mails = [one.html for one in world.tenant.messages.messages.values() if person in one.everybody]
    found = re.search(r'href="http://127[^"/]*(/p/[^"]*/evaluation)"', mails[-1])
    return html.unescape(found[1]) if found else ""


def send(pages: httpx.Client, address: str, page: str, **said: str) -> httpx.Response:
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    given = {f"e-{name}": value for name, value in said.items()}
    return pages.post(address, data=hidden | given, headers={"Origin": WEB["WEB__BASE_URL"]})


def said_in(world: World) -> list[tuple[str, str]]:
    with open_stores(Settings(database_url=f"sqlite:///{world.database_file}")) as stores:
        return [(one.question, one.answer) for one in stores.evaluations.load_answers("demo") if one.question]


def test_who_came_is_asked_who_did_not_is_missed_and_who_said_no_hears_of_it(world: World) -> None:
    held(world, materials=[{"title": "Slides", "url": "https://a.example/s"}])
    came(world, ANNA, BO)
    world.move_clock(OVER)
    assert sorted(subjects(world.run("send"))) == [
        ("anna", "Hvad synes du om Kursus?"),
        ("bo", "Hvad synes du om Kursus?"),
        ("dorte", "Fra kurset, du ikke kunne komme til: Kursus"),
    ]
    world.move_clock(SETTLED)
    assert subjects(world.run("send")) == [("carl", "Vi savnede dig: Kursus")]
    assert [bool(form_link(world, person)) for person in (ANNA, BO, CARL, DORTE)] == [True, True, False, False]


def test_somebody_answers_once_without_a_name_and_the_others_are_reminded_once(world: World) -> None:
    """Two windows, the form sent twice, the link again later: the first form stands, and nobody sees whose it is."""
    plan = held(world)
    world.move_clock(OVER)
    world.run("send")
    link = form_link(world, ANNA)
    with served_pages(world, plan) as pages:
        first, second = pages.get(link).text, pages.get(link).text
        assert "Dit svar er anonymt." in first
        nothing = send(pages, link, first)
        assert nothing.status_code == 422
        assert "Svar på mindst ét spørgsmål" in nothing.text
        wrong = send(pages, link, first, overall="9", best="Kaffen")
        assert wrong.status_code == 422
        assert ">\nKaffen</textarea>" in wrong.text, "what was typed stands there still"
        done = send(pages, link, first, overall="4", best=f"Snakken med Bo og {CARL}")
        assert done.status_code == 200
        assert "Tak for dit svar." in done.text
        again = send(pages, link, second, overall="1")
        assert again.status_code == 409
        assert "kan ikke ændres" in again.text
        assert "Tak for dit svar." in pages.get(link).text
        assert "Du har evalueret kurset" in pages.get(link.removesuffix("/evaluation")).text
    assert said_in(world) == [("best", "Snakken med […] og […]"), ("overall", "4")]
    world.move_clock(AGAIN)
    assert sorted(who for who, _ in subjects(world.run("send"))) == ["bo", "carl"]
    world.move_clock("2025-06-26T12:00:00+02:00")
    assert subjects(world.run("send")) == []


def test_the_form_opens_and_closes_by_the_plan_and_strangers_are_told_so(world: World) -> None:
    """Who did not come finds a page that says so; a form that was opened in time is not kept too late."""
    plan = held(world, evaluation={"opens": "1d", "closes": "10d"})
    came(world, ANNA)
    world.move_clock(OVER)
    world.run("send")
    link = form_link(world, ANNA)
    with served_pages(world, plan) as pages:
        assert "ikke åbent endnu" in pages.get(link).text
    world.move_clock("2025-06-20T12:00:00+02:00")
    with served_pages(world, plan) as pages:
        opened = pages.get(link).text
        assert "Skemaet lukker" in opened
        cookies = dict(pages.cookies)
    world.move_clock("2025-06-28T16:00:00+02:00")
    with served_pages(world, plan) as pages:
        assert "Skemaet er lukket" in pages.get(link).text
        pages.cookies.update(cookies)
        assert send(pages, link, opened, overall="5").status_code == 409
    assert said_in(world) == []


def test_an_outside_link_is_for_who_came_as_well(world: World) -> None:
    held(world, evaluation="https://evaluering.example/1")
    came(world, ANNA)
    for moment in (OVER, SETTLED):
        world.move_clock(moment)
        world.run("send")
    mails = {person: one.html for one in world.tenant.messages.messages.values() for person in one.everybody}
    assert ["https://evaluering.example/1" in mails[person] for person in (ANNA, BO, CARL)] == [True, False, False]


def two_courses(world: World) -> list[str]:
    """One that six have evaluated, and one that four have."""
    crowd = [f"leder{number}@norddjurs.example" for number in range(6)]
    lists = {"ledere": {"name": "Ledere", "people": [{"email": one} for one in crowd]}}
    few = make_course("faa", make_session(day="2025-06-18", start="13:00", end="14:00"), title="De få", evaluation="standard")
    begin(world, course(enrolment=None, evaluation="standard", theme="Trivsel"), few, reminders=RULES, audiences=lists)
    for which, there in (("kursus/dag", crowd), ("faa/dag", crowd[:4])):
        for person in there:
            answer(world, which, person, "accept")
    world.run("responses")
    stores_of = Settings(database_url=f"sqlite:///{world.database_file}")
    with open_stores(stores_of) as stores:
        for name, many in (("kursus", 6), ("faa", 4)):
            for number in range(many):
                said = EvaluationAnswer(course=name, offering="main", question="overall", kind="scale", asked="Hvad?", answer="4")
                wrote = replace(said, question="best", kind="text", asked="Bedst?", answer=f"Ord {number} <b>fra</b> {name}")
                stores.evaluations.add("demo", crowd[number], [said, wrote])
    return crowd


async def programs_see_the_same(program: Client) -> None:
    """As the desk's pages show it: few answers are hidden."""
    told = await program.get("/api/v1/plans/demo/courses/kursus/evaluation")
    assert (told["is_shown"], told["forms"], told["questions"][0]["mean"]) == (True, 6, 4.0)
    few = await program.get("/api/v1/plans/demo/courses/faa/evaluation")
    assert (few["is_shown"], few["held_back"], few["forms"], few["questions"]) == (False, True, 0, [])
    everything = await program.get("/api/v1/plans/demo/evaluations")
    assert [one["course"] for one in everything["courses"]] == ["kursus", "faa"]
    assert [(one["name"], one["forms"]) for one in everything["themes"]] == [("Trivsel", 6)]


def hr_ends_the_link(hr: Person, page: str, given_away: str) -> None:
    """What was given away opens nothing any more, and a new one stands on the page."""
    assert hr.send("/courses/kursus/evaluation/link?plan=demo", page).status_code == 303
    ended = hr.browser.get(given_away)
    assert (ended.status_code, "HR har lukket linket" in ended.text) == (410, True)
    new = re.search(r'href="http://[^/"]*(/e/[^"]+)"', hr.read("/courses/kursus/evaluation?plan=demo"))[1]
    assert hr.browser.get(html.unescape(new)).status_code == 200


def test_hr_reads_what_was_said_when_the_form_has_closed_and_gives_it_to_who_spoke(world: World) -> None:
    """Before, nothing but that it is open; with four answers nothing but that they are too few."""
    world.settings |= WEB
    crowd = two_courses(world)
    found: list[str] = []
    files: list[bytes] = []

    async def story(_service: Any, person: Any) -> None:
        hr, reader = await person(HR), await person(READER)
        seen = await asyncio.to_thread(hr.browser.get, "/evaluations")
        assert seen.status_code == 200
        found.append(seen.text)
        one = await asyncio.to_thread(hr.browser.get, "/courses/kursus/evaluation")
        found.append(one.text)
        files.extend([hr.browser.get(f"/courses/kursus/evaluation?format={form}").content for form in ("csv", "xlsx")])
        found.append((await asyncio.to_thread(hr.browser.get, "/courses/faa/evaluation")).text)
        assert (await asyncio.to_thread(reader.browser.get, "/evaluations")).status_code == 403
        link = re.search(r'href="http://[^/"]*(/e/[^"]+)"', one.text)
        if link:
            shared = await asyncio.to_thread(hr.browser.get, html.unescape(link[1]))
            assert shared.status_code == 200
            found.append(shared.text)
            await programs_see_the_same(asking(_service, person))
            await asyncio.to_thread(hr_ends_the_link, hr, one.text, html.unescape(link[1]))

    world.move_clock(OVER)
    at_the_desk(world, story)
    assert all("Ord" not in one for one in found), "while the form is open nothing is shown"
    assert "Åbent til" in found[0]
    found.clear()
    files.clear()
    world.move_clock("2025-07-03T09:00:00+02:00")
    at_the_desk(world, story)
    listed, one, too_few, shared = found
    assert "Trivsel" in listed
    assert "For få svar" in listed
    for page in (one, shared):
        assert "6 af 6 har svaret (100 %)" in page
        assert "gennemsnit 4,0 af 5" in page
        assert "Ord 3 &lt;b&gt;fra&lt;/b&gt; kursus" in page
        assert not any(person in page for person in crowd)
    assert "færre end 5 har svaret" in too_few
    assert "Ord" not in too_few
    assert "Ord 5 <b>fra</b> kursus" in files[0].decode("utf-8-sig")
    cells = [cell.value for row in openpyxl.load_workbook(BytesIO(files[1])).active.iter_rows() for cell in row]
    assert "Ord 5 <b>fra</b> kursus" in cells
