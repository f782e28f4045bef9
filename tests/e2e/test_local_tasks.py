"""A course was held; weeks later leaders are asked what they have done with it, and answer on their page."""

from __future__ import annotations

import asyncio
import html
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.desks.afterwards import own_tasks
from bot.desks.person import page as page_desk
from bot.domain.attendance import AttendanceSaid, AttendanceSource, AttendanceWord
from bot.domain.task_answers import TaskAnswer, TaskState
from bot.opening.stores import open_stores
from bot.plan import parse_plan
from config.settings import Settings
from tests.e2e.as_it_was import played_once
from tests.e2e.choosing import served_pages
from tests.e2e.desk_driver import DIRECTOR, HR, READER, at_the_desk
from tests.e2e.reminders import begin, course
from tests.e2e.seats import ANNA, BO, CARL, DORTE, WEB, answer, subjects

if TYPE_CHECKING:
    import httpx

    from bot.domain.plan import CoursePlan
    from tests.e2e.driver import World

TASK = {"id": "proev", "text": "Hold en samtale med dit team.", "due": "6w", "material": "https://a.example/guide"}
MISSED = {"id": "savnet", "after": "end", "hours": 2, "to": "no_show", "channels": ["mail"], "template": "no_show"}
DUE, CLOSED, LONG_AFTER = "2025-07-30T09:00:00+02:00", "2025-09-11T09:00:00+02:00", "2025-09-25T09:00:00+02:00"


def held(world: World, *rules: dict[str, object], **task: object) -> CoursePlan:
    """Anna, Bo and Carl have a seat, Dorte said no."""
    seated(world, *rules, **task)
    plan = parse_plan(world.plan_file.read_bytes(), name="plan.yaml", now=world.now).plan
    assert plan is not None
    return plan


@played_once
def seated(world: World, *rules: dict[str, object], **task: object) -> None:
    world.settings |= WEB
    begin(world, course(enrolment=None, after=[TASK | task]), reminders=[*rules])
    for person in (ANNA, BO, CARL):
        answer(world, "kursus/dag", person, "accept")
    answer(world, "kursus/dag", DORTE, "decline")
    world.run("responses")


def said(world: World, *words: tuple[str, AttendanceSaid], at: datetime) -> None:
    """What HR says of who came, heard at that time."""
    with open_stores(Settings(database_url=f"sqlite:///{world.database_file}")) as stores:
        stores.attendance.add(
            AttendanceWord(
                plan="demo", key=f"{person}/{word.value}/{at.isoformat()}", course="kursus", offering="main", session="dag",
                email=person, said=word, source=AttendanceSource.HR, at=at, noted_at=at,
            )
            for person, word in words
        )  # fmt: skip


def came(world: World, *people: str, at: datetime = datetime(2025, 6, 18, 18, tzinfo=UTC)) -> None:
    """A list filled in in the evening: these came, and it is closed."""
    said(world, *((person, AttendanceSaid.CAME) for person in people), ("", AttendanceSaid.CLOSED), at=at)


def task_link(world: World, person: str) -> str:
    mails = [one.html for one in world.tenant.messages.messages.values() if person in one.everybody]
    found = re.search(r'href="http://127[^"/]*(/p/[^"]*/after)"', mails[-1])
    assert found is not None
    return html.unescape(found[1])


def send(pages: httpx.Client, address: str, page: str, **typed: str) -> httpx.Response:
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    return pages.post(address, data=hidden | typed, headers={"Origin": WEB["WEB__BASE_URL"]})


def kept(world: World) -> list[tuple[str, str | None, str, bool]]:
    with open_stores(Settings(database_url=f"sqlite:///{world.database_file}")) as stores:
        return [(one.email, one.state, one.said, one.names) for one in stores.task_answers.load_answers("demo")]


def test_who_came_is_asked_weeks_later_and_may_change_the_answer_until_it_closes(world: World) -> None:
    plan = held(world)
    came(world, ANNA, BO)
    world.move_clock("2025-07-29T12:00:00+02:00")
    assert subjects(world.run("send")) == []
    world.move_clock(DUE)
    asked = "Hvad har du brugt det til? Kursus"
    assert sorted(subjects(world.run("send"))) == [("anna", asked), ("bo", asked)]
    world.move_clock("2025-08-01T12:00:00+02:00")
    assert subjects(world.run("send")) == [], "once only"
    link = task_link(world, ANNA)
    with served_pages(world, plan) as pages:
        assert pages.get(link.removesuffix("/after")).status_code == 410, "the link opens nothing else any more"
        page = pages.get(link).text
        assert "Hold en samtale med dit team." in page
        assert 'href="https://a.example/guide"' in page
        assert "uden navne" in page
        assert send(pages, link, page).status_code == 422, "no answer is none"
        long = send(pages, link, page, state="done", said="x" * 1001)
        assert (long.status_code, "Skriv højst 1000 tegn" in long.text) == (422, True)
        done = send(pages, link, page, state="on_the_way", said=f"Det gik godt med Bo og {CARL}.")
        assert "Dit svar er gemt." in done.text
        assert kept(world) == [(ANNA, "on_the_way", "Det gik godt med […] og […].", False)]
        changed = send(pages, link, done.text, state="done")
        assert "Gem det nye svar" in changed.text
        assert kept(world) == [(ANNA, "done", "", False)]
        elsewhere = send(pages, link, page, task="main.andet", state="done")
        assert elsewhere.status_code == 409
        assert pages.post(link, data={"task": "main.proev", "state": "done"}).status_code == 403, "from no page of ours"
    world.move_clock(CLOSED)
    with served_pages(world, plan) as pages:
        over = pages.get(link).text
        assert "Der kunne svares indtil" in over
        assert "Det er gjort" in over
        assert send(pages, link, page, state="not_yet").status_code in {403, 409}
    world.move_clock(LONG_AFTER)
    with served_pages(world, plan) as pages:
        assert pages.get(link).status_code == 410
    assert kept(world) == [(ANNA, "done", "", False)]


def test_the_page_of_a_course_leads_to_its_tasks_also_by_a_link_from_before_it_was_renamed(world: World) -> None:
    held(world, due="1d")
    came(world, ANNA)
    world.move_clock("2025-06-19T12:00:00+02:00")
    assert [who for who, _ in subjects(world.run("send"))] == ["anna"]
    page, text = task_link(world, ANNA).removesuffix("/after"), world.plan_file.read_text("utf-8")
    for renamed in (text, text.replace("id: kursus\n", "id: nyt\n  was: kursus\n", 1)):
        world.plan_file.write_text(renamed, "utf-8")
        assert world.run("sync", "--yes").code == 0
        plan = parse_plan(world.plan_file.read_bytes(), name="plan.yaml", now=world.now).plan
        assert plan is not None
        with served_pages(world, plan) as pages:
            assert f'href="{page}/after' in pages.get(page).text
    assert [one.id for one in plan.courses] == ["nyt"]


def test_the_page_of_a_course_with_tasks_reads_the_books_of_the_course_once(world: World, monkeypatch: Any) -> None:
    """Whether there is a task to answer is found in what the page has read."""
    plan = held(world, due="1d")
    came(world, ANNA)
    world.move_clock("2025-06-19T12:00:00+02:00")
    world.run("send")
    page = task_link(world, ANNA).removesuffix("/after")
    reads: list[object] = []
    for module in (own_tasks, page_desk):
        read = module.load_state

        def noted(*given: Any, read: Any = read, **more: Any) -> Any:
            reads.append(more)
            return read(*given, **more)

        monkeypatch.setattr(module, "load_state", noted)
    with served_pages(world, plan) as pages:
        assert f'href="{page}/after' in pages.get(page).text
    assert len(reads) == 1


def test_a_task_under_another_id_that_says_so_keeps_its_answers_and_mails_nobody_again(world: World) -> None:
    """Whatever its words, and also where it falls due again under the new id."""
    plan = held(world)
    came(world, ANNA, BO)
    world.move_clock(DUE)
    assert len(subjects(world.run("send"))) == 2
    link = task_link(world, ANNA)
    with served_pages(world, plan) as pages:
        send(pages, link, pages.get(link).text, state="done", said="Det gik godt.")
    renamed = TASK | {"id": "samtale", "was": "proev", "text": "Hold en god samtale.", "due": "7w"}
    begin(world, course(enrolment=None, after=[renamed]), reminders=[])
    assert [(one["command"], one["detail"]) for one in world.run("actions", "--format", "json").json if one["command"] == "rename"] == [
        ("rename", "kursus/proev → samtale")
    ]
    assert [(who, state, text) for who, state, text, _ in kept(world)] == [(ANNA, "done", "Det gik godt.")]
    world.move_clock("2025-08-06T09:00:00+02:00")
    assert subjects(world.run("send")) == []
    plan = parse_plan(world.plan_file.read_bytes(), name="plan.yaml", now=world.now).plan
    assert plan is not None
    with served_pages(world, plan) as pages:
        page = pages.get(link).text
        assert "Hold en god samtale." in page
        assert "Det gik godt." in page
        send(pages, link, page, state="not_yet")
    assert [(who, state) for who, state, _, _ in kept(world)] == [(ANNA, "not_yet")]


def test_a_task_in_other_words_the_day_after_mails_nobody_again(world: World) -> None:
    """The workbook makes its id of its text; what is added and falls due later is told as usual."""
    held(world)
    world.move_clock(DUE)
    assert len(subjects(world.run("send"))) == 3
    world.move_clock("2025-07-31T12:00:00+02:00")
    reworded = TASK | {"id": "hold-en-god-samtale", "text": "Hold en god samtale med dit team."}
    later = TASK | {"id": "senere", "text": "Fortæl om det.", "due": "7w"}
    begin(world, course(enrolment=None, after=[reworded, later]), reminders=[])
    assert subjects(world.run("send")) == []
    world.move_clock("2025-08-06T09:00:00+02:00")
    assert [who for who, _ in sorted(subjects(world.run("send")))] == ["anna", "bo", "carl"]
    said_now = [one.html for one in world.tenant.messages.messages.values()][-3:]
    assert all("Fortæl om det." in mail and "god samtale" not in mail for mail in said_now)


def test_a_plan_that_shows_names_says_so_where_the_answer_is_given(world: World) -> None:
    plan = held(world, names=True, to="everyone")
    world.move_clock(DUE)
    assert [who for who, _ in sorted(subjects(world.run("send")))][:3] == ["anna", "bo", "carl"]
    link = task_link(world, BO)
    with served_pages(world, plan) as pages:
        page = pages.get(f"{link}?lang=en").text
        assert "HR can see what you answer" in page
        assert "What have you done with it?" in page
        send(pages, link, page, state="not_yet", said="Bo venter på Carl")
    assert kept(world) == [(BO, "not_yet", "Bo venter på Carl", True)]


def test_who_was_missed_hears_of_it_once_a_night_after_the_list_was_closed(world: World) -> None:
    """And HR's correction brings no second message, whichever way it goes."""
    held(world, MISSED)
    world.move_clock("2025-06-18T17:00:00+02:00")
    assert subjects(world.run("send")) == [], "nobody has said anything"
    came(world, ANNA, BO)
    world.move_clock("2025-06-18T20:30:00+02:00")
    assert subjects(world.run("send")) == []
    world.move_clock("2025-06-19T07:59:00+02:00")
    assert subjects(world.run("send")) == [], "the list was touched at eight in the evening"
    world.move_clock("2025-06-19T08:30:00+02:00")
    assert subjects(world.run("send")) == [("carl", "Vi savnede dig: Kursus")]
    said(world, (CARL, AttendanceSaid.CAME), (BO, AttendanceSaid.ABSENT), at=datetime(2025, 6, 19, 8, tzinfo=UTC))
    world.move_clock("2025-06-20T12:00:00+02:00")
    assert subjects(world.run("send")) == [("bo", "Vi savnede dig: Kursus")]
    said(world, (CARL, AttendanceSaid.ABSENT), (BO, AttendanceSaid.CAME), at=datetime(2025, 6, 20, 12, tzinfo=UTC))
    world.move_clock("2025-06-23T12:00:00+02:00")
    assert subjects(world.run("send")) == []


def test_a_list_that_nobody_ticked_tells_nobody_that_they_were_missed(world: World) -> None:
    held(world, MISSED)
    said(world, ("", AttendanceSaid.CLOSED), at=datetime(2025, 6, 18, 14, tzinfo=UTC))
    world.move_clock("2025-06-20T12:00:00+02:00")
    assert subjects(world.run("send")) == []


def test_directors_see_numbers_alone_and_only_from_five_answers_on(world: World) -> None:
    """Of people who said who they are to HR, too."""
    held(world, names=True)
    world.move_clock(DUE)
    answers = [
        TaskAnswer(
            plan="demo", course="kursus", offering="main", task="proev", email=f"p{number}@norddjurs.example", state=TaskState.DONE,
            said="Min hemmelighed", asked="?", names=number > 0, at=datetime(2025, 8, 1, tzinfo=UTC),
        )
        for number in range(6)
    ]  # fmt: skip
    seen: list[str] = []

    async def story(_service: object, person: Any) -> None:
        director = await person(DIRECTOR)
        for some in ((), answers[:5], answers[5:]):
            with open_stores(Settings(database_url=f"sqlite:///{world.database_file}")) as stores:
                for answer in some:
                    stores.task_answers.save_answer(answer)
            seen.append(await asyncio.to_thread(director.read, "/overview"))

    at_the_desk(world, story)
    nobody, few, enough = seen
    assert "Hvad kurserne blev brugt til" not in nobody
    assert ("Færre end 5" in few, "Hold en samtale med dit team." in few) == (True, True), "four of five: one is without a name"
    assert re.search(r"Hold en samtale med dit team\.(\s|<[^>]*>)*5(\s|<[^>]*>)*5(\s|<[^>]*>)*0", enough)
    assert not any("hemmelighed" in page or "p1@" in page for page in seen)


def test_hr_reads_on_the_course_s_page_what_became_of_it_and_nobody_else_does(world: World) -> None:
    """One answer without a name is too few; the one that was given under a name stands there with it."""
    plan = held(world)
    world.move_clock(DUE)
    world.run("send")
    link = task_link(world, ANNA)
    with served_pages(world, plan) as pages:
        send(pages, link, pages.get(link).text, state="done", said="Min hemmelighed")
    found: list[httpx.Response] = []

    async def story(_service: object, person: Any) -> None:
        hr, reader = await person(HR), await person(READER)
        found.extend([await asyncio.to_thread(who.browser.get, "/courses/kursus/after") for who in (hr, reader)])
        found.append(await asyncio.to_thread(hr.browser.get, "/courses/kursus"))
        found.append(await asyncio.to_thread(hr.browser.get, "/courses/findes-ikke/after"))
        found.extend([await asyncio.to_thread(who.browser.get, "/courses/kursus/after?format=csv") for who in (hr, reader)])

    at_the_desk(world, story)
    seen, turned_away, course_page, missing, taken, not_taken = found
    assert (seen.status_code, turned_away.status_code, missing.status_code) == (200, 403, 404)
    assert "1 af 3 har svaret" in seen.text
    assert "når mindst 5 har svaret" in seen.text
    assert "hemmelighed" not in seen.text
    assert "Det er gjort" not in seen.text, "nor as a number"
    assert (taken.status_code, taken.headers["content-type"], not_taken.status_code) == (200, "text/csv; charset=utf-8", 403)
    assert "når mindst 5 har svaret" in taken.text
    assert not any(word in taken.text for word in ("hemmelighed", "Det er gjort", "anna", "Anna"))
    assert 'href="/courses/kursus/after' in course_page.text
