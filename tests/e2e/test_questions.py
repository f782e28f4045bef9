"""What a course asks whoever signs up: on the own page without script, in the lists of those who may see it, and gone in time."""

from __future__ import annotations

import asyncio
import html
import re
from typing import TYPE_CHECKING, Any

import httpx

from bot.plan import parse_plan
from tests.e2e.api_driver import asking
from tests.e2e.as_it_was import played_once
from tests.e2e.choosing import choose, link_of, served_pages
from tests.e2e.desk_driver import HR, READER, at_the_desk
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.seats import ANNA, BO, CARL, WEB, statuses

if TYPE_CHECKING:
    from tests.e2e.driver import World

BUS = {"id": "bus", "text": "Tager du bussen <b>fra</b> rådhuset?", "kind": "yes_no", "required": True, "seen_by": "responsible"}
FOOD = {"id": "mad", "text": "Hvad vil du spise?", "options": ["Kød", "Fisk"], "seen_by": "participants"}
QUESTIONS = ["allergies", BUS, FOOD]
SIGN_UP = {"mode": "signup", "capacity": 1, "waiting_list": True}
PRACTICAL = {
    "id": "praktisk", "before": "start", "days": 7, "at": "09:00", "to": "registered", "channels": ["mail"], "template": "practical",
}  # fmt: skip


def begin(world: World, **changes: object) -> Any:
    """The plan as the pages have it, after everybody who is to be asked or invited has been."""
    invited(world, **changes)
    return parse_plan(world.plan_file.read_bytes(), name="plan.yaml", now=world.now).plan


@played_once
def invited(world: World, **changes: object) -> None:
    world.settings |= WEB
    course = make_course("kursus", **({"questions": QUESTIONS} | changes))
    world.write(make_plan(course, audiences=people(ANNA, BO, CARL), reminders=[PRACTICAL]))
    world.sync()


def send(pages: httpx.Client, address: str, page: str, **fields: str) -> httpx.Response:
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    return pages.post(
        address, data=hidden | {f"q-{name}": value for name, value in fields.items()}, headers={"Origin": WEB["WEB__BASE_URL"]}
    )


def practical(world: World, about: str) -> dict[str, str]:
    """The practical mails about a day, by who got them."""
    sent = [one for one in world.tenant.messages.messages.values() if about in one.subject and "Praktisk" in one.subject]
    found = {person: one.html for one in sent for person in one.everybody}
    assert found.keys() == {ANNA, BO}
    return found


def answers_of(world: World) -> dict[str, dict[str, str]]:
    rows = world.run("registrations", "--format", "json").json
    return {row["email"].partition("@")[0]: row["answers"] for row in rows if row["answers"]}


def test_whoever_signs_up_answers_first_can_change_it_and_is_forgotten_when_they_leave(world: World) -> None:
    """The only seat, and the line behind it, are both asked; nothing of a form with something wrong in it is kept."""
    plan = begin(world, enrolment=SIGN_UP)
    anna, bo = link_of(world, ANNA), link_of(world, BO)
    with served_pages(world, plan) as pages:
        question = pages.get(f"{anna}/confirm", params={"action": "choose", "offering": "main"}).text
        assert "Kun HR ser svaret. Det slettes 30 dage efter, at kurset er slut." in question
        assert "&lt;b&gt;fra&lt;/b&gt;" in question
        refused = send(pages, f"{anna}/confirm", question, allergies="Nødder", bus="", mad="Pizza")
        assert refused.status_code == 422
        assert "Svar på »Tager du bussen &lt;b&gt;fra&lt;/b&gt; rådhuset?«" in refused.text
        assert "Vælg et af svarene på »Hvad vil du spise?«" in refused.text
        assert ">\nNødder</textarea>" in refused.text, "what was typed stands there still"
        assert (statuses(world), answers_of(world)) == ({}, {})
        assert "Du er tilmeldt" in choose(pages, anna, "choose", "main", **{"q-allergies": "Nødder", "q-bus": "yes", "q-mad": "Fisk"})
        assert "venteliste" in choose(pages, bo, "choose", "main", **{"q-bus": "no"})
        page = pages.get(anna).text
        assert "Svarene kan rettes" in page
        assert send(pages, f"{anna}/answers", page, bus="").status_code == 422
        changed = send(pages, f"{anna}/answers", page, allergies="", bus="yes", mad="Kød")
        assert "Dine svar er gemt." in changed.text
        assert answers_of(world) == {"anna": {"bus": "yes", "mad": "Kød"}, "bo": {"bus": "no"}}
        done = [line for line in world.run("actions", "--format", "json").json if line["command"] == "answer"]
        assert {line["door"] for line in done} == {"page"}
        assert sorted(line["detail"] for line in done) == ["allergies, bus, mad", "allergies, mad", "bus"]
        assert "Nødder" not in str(done), "who answered is written down, and not what"
        choose(pages, anna, "give_up", "main")
        world.run("responses")
        assert answers_of(world) == {"bo": {"bus": "no"}}, "nobody without a place is shown"
        assert send(pages, f"{anna}/answers", page, bus="no").status_code == 409, "nor asked"
        assert '"question_answers"' in world.run("person", ANNA, "--format", "json", "--by", "hr").out
        world.move_clock("2025-03-08T09:00:00+01:00")
        assert world.run("expire", "--yes", "--by", "hr").code == 0
        assert '"question_answers"' not in world.run("person", ANNA, "--format", "json", "--by", "hr").out
    assert answers_of(world) == {"bo": {"bus": "no"}}
    assert world.run("erase", BO, "--by", "hr").code == 0
    assert answers_of(world) == {}


def test_an_answer_goes_so_many_days_after_the_course_as_its_question_says(world: World) -> None:
    plan = begin(world, enrolment=SIGN_UP)
    with served_pages(world, plan) as pages:
        choose(pages, link_of(world, ANNA), "choose", "main", **{"q-allergies": "Nødder", "q-bus": "yes"})
    world.run("responses")
    for day, left in (("2025-07-17", {"allergies": "Nødder", "bus": "yes"}), ("2025-07-20", {"bus": "yes"})):
        world.move_clock(f"{day}T09:00:00+02:00")
        assert world.run("expire", "--yes", "--by", "hr").code == 0
        assert answers_of(world) == {"anna": left}


def test_whoever_says_yes_in_outlook_has_a_seat_and_is_asked_once_in_the_mail_that_goes_anyway(world: World) -> None:
    """Two practical mails, because there are two days: the first one asks. Who has answered is asked in none."""
    days = [make_session("dag-1", title="Dag 1"), make_session("dag-2", day="2025-06-27", title="Dag 2")]
    plan = begin(world, enrolment={"mode": "invite"}, sessions=days)
    for day in ("dag-1", "dag-2"):
        for person in (ANNA, BO):
            world.answer(f"kursus/main/{day}", person, "accept")
    world.run("responses")
    assert statuses(world)["anna/main"] == "registered"
    world.move_clock("2025-06-11T10:00:00+02:00")
    with served_pages(world, plan) as pages:
        assert world.run("send").people_mailed == {("message", ANNA): 1, ("message", BO): 1}
        first = practical(world, "Dag 1")
        assert all("Svar på spørgsmålene på din egen side" in body for body in first.values())
        link = html.unescape(re.search(r'href="http://127[^"/]*(/p/[^"]*)"', first[ANNA])[1])
        assert "Dine svar er gemt." in send(pages, f"{link}/answers", pages.get(link).text, bus="yes", allergies="Nej", mad="Kød").text
    world.move_clock("2025-06-20T10:00:00+02:00")
    assert world.run("send").people_mailed == {("message", ANNA): 1, ("message", BO): 1}
    assert not any("Svar på spørgsmålene" in body for body in practical(world, "Dag 2").values())


def test_hr_sees_all_of_it_a_reader_what_is_theirs_and_hr_writes_down_what_was_said_on_the_phone(world: World) -> None:
    """On the page, in files, on the sheet and to programs; who looked and who wrote stands in the log."""
    plan = begin(world, enrolment={"mode": "invite"})
    for person in (ANNA, BO):
        world.answer("kursus/main/dag", person, "accept")
    world.run("responses")
    link = f"{_link(world)}"
    with served_pages(world, plan) as pages:
        send(pages, f"{link}/answers", pages.get(link).text, allergies="Jordnødder", bus="yes", mad="Fisk")

    async def story(service: Any, person: Any) -> None:
        hr, reader = await person(HR), await person(READER)
        for address, seen in (("?view=questions", True), ("", True), ("?format=csv", True)):
            of_hr, of_reader = [(await asyncio.to_thread(who.browser.get, f"/courses/kursus{address}")).text for who in (hr, reader)]
            assert ("Jordnødder" in of_hr, "Jordnødder" in of_reader, "Fisk" in of_reader) == (seen, False, True), address
        sheet = await asyncio.to_thread(hr.read, "/courses/kursus?format=html&session=main/dag")
        assert ("Fisk" in sheet, "Jordnødder" in sheet, "rådhuset" in sheet) == (True, False, False)
        page = await asyncio.to_thread(hr.read, "/courses/kursus?view=questions")
        assert "1 af 2 har svaret" in page
        forms = re.findall(r'href="(/courses/kursus/answers[^"]+)">[^<]*<span[^>]*> – ([^<]*)<', page)
        (form,) = [html.unescape(address) for address, name in forms if "bo" in name.lower()]
        written = await asyncio.to_thread(hr.read, form)
        wrong = await asyncio.to_thread(hr.send, form, written, **{"q-mad": "Pizza"})
        assert (wrong.status_code, "Vælg et af svarene" in wrong.text) == (422, True)
        kept = await asyncio.to_thread(hr.send, form, written, **{"q-bus": "no", "q-mad": "", "q-allergies": ""})
        assert kept.status_code == 303
        assert "Svarene er gemt." in await asyncio.to_thread(hr.read, kept.headers["location"])
        assert (await asyncio.to_thread(reader.browser.get, form)).status_code == 403
        rows = (await asking(service, person).get("/api/v1/plans/demo/courses/kursus/answers"))["items"]
        assert {(one["email"], one["question"]): one["answer"] for one in rows} == {
            (ANNA, "allergies"): "Jordnødder", (ANNA, "bus"): "yes", (ANNA, "mad"): "Fisk",
            (BO, "allergies"): None, (BO, "bus"): "no", (BO, "mad"): None,
        }  # fmt: skip
        assert (await asking(service, person, READER).get("/api/v1/plans/demo/courses/kursus/answers", 403))["code"] == "no_role"
        listed = (await asking(service, person, READER).get("/api/v1/plans/demo/registrations", course="kursus"))["items"]
        assert "Jordnødder" not in str(listed)

    at_the_desk(world, story)
    log = world.run("actions", "--format", "json").json
    assert ("answer", "desk", "bus") in {(line["command"], line["door"], line["detail"]) for line in log}
    assert {line["door"] for line in log if line["command"] == "answers"} == {"desk", "api"}


def _link(world: World) -> str:
    """Anna's own page, as HR gets it."""
    found = re.search(r"http://\S+?(/p/\S+)", world.run("link", ANNA, "kursus", "--by", "hr").out)
    assert found
    return found[1]


def test_a_question_that_is_another_one_now_has_no_answer_and_tells_of_the_earlier_one(world: World) -> None:
    begin(world, enrolment={"mode": "invite"})
    world.answer("kursus/main/dag", ANNA, "accept")
    world.run("responses")
    with served_pages(world, parse_plan(world.plan_file.read_bytes(), name="plan.yaml", now=world.now).plan) as pages:
        link = _link(world)
        send(pages, f"{link}/answers", pages.get(link).text, bus="yes", mad="Fisk")
    begin(world, enrolment={"mode": "invite"}, questions=[BUS | {"text": "Kører du selv?"}, FOOD | {"options": ["Kød", "Grønt"]}])
    assert answers_of(world) == {"anna": {"bus": "yes"}}
    table = world.run("registrations", "--format", "csv").out
    assert "Ja (spurgt sådan: »Tager du bussen <b>fra</b> rådhuset?«)" in table
    assert "Fisk (svar på et tidligere spørgsmål: »Hvad vil du spise?«)" in table
    with served_pages(world, parse_plan(world.plan_file.read_bytes(), name="plan.yaml", now=world.now).plan) as pages:
        assert "Fisk (svar på et tidligere spørgsmål" in pages.get(link).text
