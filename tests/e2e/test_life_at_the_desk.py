"""A course's whole life as HR lives it in the browser: never a shell, with and without script, at a desk and on a phone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.approval import SIX
from tests.e2e.desk_browser import WAYS, AtTheBrowser, at_the_browser
from tests.e2e.desk_driver import HR
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.seats import ANNA, BO, CARL, answer, begin, limited

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.desk_browser import OwnThread
    from tests.e2e.driver import World

JsonObject = dict[str, Any]
pytestmark = pytest.mark.parametrize("way", WAYS)


def write(world: World, *courses: JsonObject, **changes: Any) -> None:
    world.write(make_plan(*courses, **{"audiences": people(*SIX)} | changes))


def until_seen(window: AtTheBrowser, address: str, words: str) -> str:
    """The page once these words stand on it, which is looked at then."""
    end = time.monotonic() + 20
    while window.page.goto(f"{window.home}{address}") and words not in window.words():
        assert time.monotonic() < end, window.words()
        time.sleep(0.2)
    return window.read()


def approve_what_waits(window: AtTheBrowser) -> str:
    window.open("/changes")
    for tick in window.page.get_by_role("checkbox").all():
        tick.check()
    return window.press("Godkend de valgte")


def test_from_a_mistake_in_the_plan_to_the_invitation(world: World, browser: OwnThread, way: str) -> None:
    """The plan is wrong and says where; put right it waits with names and the invitation; approved it is sent."""
    # The service begins with a plan that can be read.
    write(world, make_course("lederdag", status="draft"))

    def story(window: AtTheBrowser, run: Callable[..., None]) -> None:
        write(world, make_course("lederdag", make_session(start="12:00", end="09:00")))
        seen = window.open("/plan")
        assert "Planen kan ikke bruges" in seen
        write(world, make_course("lederdag", status="save_the_date"))
        run()
        assert "Planen er i orden." in window.press("Læs planen igen")
        today = until_seen(window, "/", "Lederdag")
        assert "6 mails" in today
        window.press("Se ændringerne")
        approve_what_waits(window)
        until_seen(window, "/changes", "Ingen ændringer venter")
        (event,) = world.events["demo/lederdag/main/dag"]
        assert (event.subject, len(event.attendees)) == ("Reservér datoen: Lederdag", 6)

        write(world, make_course("lederdag"))
        run()
        assert "Reservér datoen: Lederdag" in window.open("/changes")
        approve_what_waits(window)
        until_seen(window, "/changes", "Ingen ændringer venter")
        (event,) = world.events["demo/lederdag/main/dag"]
        assert event.subject == "Lederdag"

    at_the_browser(world, way, browser, HR, story)


def test_an_overview_with_money_and_a_decision_without_a_shell(world: World, browser: OwnThread, way: str) -> None:
    """The directors' question is answered at the desk, and what follows waits."""
    course = make_course("talent", when="midler", note="Aftalt i MED", case="25/117")
    write(world, course, assumptions={"midler": {"question": "Er der midler?", "value": "undecided"}})

    def story(window: AtTheBrowser, _run: Callable[..., None]) -> None:
        assert "Er der midler?" in window.open("/overview")
        window.press("Afgør: Er der midler?")
        window.page.get_by_label("ja", exact=True).check()
        window.page.get_by_label("Hvem har besluttet det?").fill("Direktionen")
        window.page.get_by_label("Hvornår?").fill("2025-01-05")
        assert "Der er ikke sendt noget." in window.press("Gem beslutningen")
        assert "Talent" in until_seen(window, "/changes", "6 mails")

    at_the_browser(world, way, browser, HR, story)


def pressed_twice(window: AtTheBrowser, first: str, then: str) -> str:
    """What would happen, and then it is done."""
    window.press(first)
    return window.press(then)


def test_answers_lists_and_moves_without_a_shell(world: World, browser: OwnThread, way: str) -> None:
    """Who comes is read on the page and taken along; HR moves people by their names, and sees each mail before."""
    begin(world, limited(1))

    def story(window: AtTheBrowser, run: Callable[..., None]) -> None:
        for who in (ANNA, BO):
            answer(world, "kursus/dag", who, "accept")
        run("collect_responses")
        seen = window.open("/courses")
        assert "Kursus" in seen
        seen = window.press("Kursus")
        assert ("1 af 1" in seen, "På venteliste nr. 1" in seen) == (True, True)
        with window.page.expect_download() as taken:
            window.page.get_by_role("link", name="Deltagerliste til Excel").click()
        assert taken.value.path().read_bytes().startswith(b"PK")

        window.press(f"Meld fra – {ANNA}")
        window.page.get_by_label("Begrundelse").fill("Barsel")
        seen = pressed_twice(window, "Se, hvad der sker", "Meld fra (4 mails)")
        assert "Det er gjort" in seen
        run("follow_decisions")
        seen = window.open("/courses/kursus")
        assert ("1 af 1" in seen, "venteliste" in seen) == (True, False)

        window.press(f"Tilmeld – {CARL}")
        assert "Holdet er fyldt." in window.press("Se, hvad der sker")

    at_the_browser(world, way, browser, HR, story)
    assert {line["command"] for line in world.run("actions", "--format", "json").json} >= {"registrations", "withdraw"}


def test_a_message_in_hrs_own_words_and_what_somebody_was_written(world: World, browser: OwnThread, way: str) -> None:
    """»Tag computer med« goes to those who were shown, once, and stands with the person it went to."""
    begin(world, limited(2))

    def story(window: AtTheBrowser, run: Callable[..., None]) -> None:
        answer(world, "kursus/dag", ANNA, "accept")
        run("collect_responses")
        window.open("/courses/kursus")
        window.press("Skriv til deltagerne")
        window.page.get_by_label("Tilmeldte (1)").check()
        window.page.locator('[name="subject_da"]').fill("Tag din computer med")
        window.page.locator('[name="text_da"]').fill("Vi skal **prøve** det af.")
        seen = window.press("Se, hvem der får den")
        assert "Én får en mail. Ingen andre får den." in seen
        window.press("Send til én")
        until_seen(window, window.page.url.removeprefix(window.home), "1 af 1 sendt")
        window.open("/people?q=anna")
        assert "Fik beskeden »Tag din computer med«" in window.press(ANNA)

    at_the_browser(world, way, browser, HR, story)
    sent = [one for one in world.tenant.messages.messages.values() if one.subject == "Tag din computer med" and one.folder == "sentitems"]
    assert [one["emailAddress"]["address"] for mail in sent for one in mail.recipients["toRecipients"]] == [ANNA]


def test_what_the_service_does_is_told_without_a_word_of_its_inside(world: World, browser: OwnThread, way: str) -> None:
    """And whether everything is in place is examined with a button."""
    begin(world, limited(2))

    def story(window: AtTheBrowser, _run: Callable[..., None]) -> None:
        seen = window.open("/runs").lower()
        assert ("planen føres ud i kalenderen" in seen, [word for word in ("sync", "job", "exit", "graph") if word in seen]) == (True, [])
        assert window.press("Undersøg, om alt er på plads")

    at_the_browser(world, way, browser, HR, story)
