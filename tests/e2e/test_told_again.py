"""A mail that HR sends to somebody once more: as things stand now, to that person alone, once."""

from __future__ import annotations

import asyncio
import html
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from bot.desks.messages.told_again import AgainDesk, AgainRefused
from bot.desks.plan import BookPlanDesk
from bot.domain.approvals import Door
from bot.opening.plan_source import load_plan
from bot.opening.stores import open_stores
from tests.e2e.as_it_was import played_once
from tests.e2e.choosing import COURSE
from tests.e2e.desk_driver import HR, at_the_desk
from tests.e2e.killing import killed_at
from tests.e2e.seats import ANNA, BO, CARL, DORTE, WEB, begin, limited, subjects
from tests.e2e.service_driver import run_job, settings_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.driver import World

NIGHT, MORNING = "2025-03-05T22:30:00+01:00", "2025-03-06T09:00:00+01:00"
HOLD_1 = "kursus/hold-1"
PAGES = {"base_url": WEB["WEB__BASE_URL"], "secret_key": WEB["WEB__SECRET_KEY"]}


@pytest.fixture
def at_work(world: World) -> World:
    """Sign-up by link: everybody was asked; one has the only seat of the first date, one waits for it."""
    all_asked(world)
    return world


@played_once
def all_asked(world: World) -> None:
    world.settings |= WEB
    begin(world, COURSE)
    world.run("enrol", HOLD_1, ANNA, "--by", "hr")
    world.run("enrol", HOLD_1, BO, "--queue", "--by", "hr")
    world.move_clock("2025-03-05T10:00:00+01:00")


@contextmanager
def desk(world: World, email: str) -> Iterator[AgainDesk]:
    settings = settings_for(world, web=PAGES)
    with open_stores(settings) as stores:
        books = BookPlanDesk(settings, asyncio.run(load_plan(settings)), stores).books
        yield AgainDesk(books, "kursus", email, by="hanne", door=Door.DESK)


def kinds(world: World, email: str) -> list[tuple[str, str]]:
    with desk(world, email) as mine:
        return [(one.message.kind.value, one.message.offering) for one in mine.look()]


def send(world: World, email: str, *, at_once: bool = False) -> str:
    with desk(world, email) as mine:
        (one,) = mine.look()
        mine.send(one.message.key, reason="", at_once=at_once)
        return one.message.key


def followed(world: World) -> list[tuple[str, str]]:
    return subjects(world.run("responses"))


def test_everybody_may_be_told_again_what_is_true_of_them_now(at_work: World) -> None:
    assert kinds(at_work, CARL) == [("announcement", "")]
    assert kinds(at_work, ANNA) == [("confirmed", "hold-1")] or kinds(at_work, ANNA)[0][0] in {"confirmed", "seat_offered"}
    assert kinds(at_work, BO) == [("placed_in_line", "hold-1")]
    assert kinds(at_work, "ukendt@partner.example") == []
    with desk(at_work, BO) as mine:
        (one,) = mine.look()
        assert "nummer 1 i køen" in one.plain
        assert one.sent_at is not None


def test_it_goes_to_that_person_once_and_another_day_once_more(at_work: World) -> None:
    key = send(at_work, CARL)
    with desk(at_work, CARL) as mine:
        mine.send(key, reason="", at_once=True)
        with pytest.raises(AgainRefused, match="again_under_way"):
            mine.send(mine.look()[0].message.key, reason="", at_once=True)
    assert followed(at_work) == [("carl", "Tilmeldingen er åben: Kursus")]
    assert followed(at_work) == []
    assert send(at_work, CARL) != key
    assert followed(at_work) == [("carl", "Tilmeldingen er åben: Kursus")]


def test_in_the_night_it_waits_for_the_morning_unless_now_is_said(at_work: World) -> None:
    at_work.move_clock(NIGHT)
    send(at_work, CARL)
    send(at_work, DORTE, at_once=True)
    assert [who for who, _ in followed(at_work)] == ["dorte"]
    at_work.move_clock(MORNING)
    assert [who for who, _ in followed(at_work)] == ["carl"]


def test_who_stands_otherwise_when_it_would_go_is_not_told(at_work: World) -> None:
    at_work.move_clock(NIGHT)
    send(at_work, BO)
    at_work.run("withdraw", HOLD_1, BO, "--by", "hr")
    at_work.move_clock(MORNING)
    assert followed(at_work) == []
    assert "den var ikke længere aktuel" in at_work.run("messages").out


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_again_and_again_on_its_way_it_is_still_one_mail(at_work: World, when: str) -> None:
    before, killed = len(at_work.tenant.mail_log.mails), 0
    send(at_work, CARL, at_once=True)
    for nth in range(1, 8):
        killed += bool(killed_at(at_work, nth, when, "responses"))
    assert killed >= 2, "it was hardly ever killed in time"
    for _ in range(2):
        at_work.run("responses")
    assert [mail.to for mail in at_work.tenant.mail_log.mails[before:] if mail.kind.value == "message"] == [CARL]


def test_where_outlook_said_it_all_there_is_nothing_to_send_again(world: World) -> None:
    begin(world, limited(2))
    assert kinds(world, ANNA) == []


def test_hr_sends_it_from_the_row_of_the_person(at_work: World) -> None:
    """Without a script: seen as its reader gets it, sent once, with who did it and why in the log; what cannot be sent is refused."""

    async def story(service, person) -> None:
        hr = await person(HR)
        people = await asyncio.to_thread(hr.read, "/courses/kursus?plan=demo&view=people")
        links = [html.unescape(one) for one in re.findall(r'href="(/courses/kursus/again[^"]+)"', people)]
        assert len(links) == 4
        assert "@" not in "".join(links)
        pages = [(link, await asyncio.to_thread(hr.read, link)) for link in links]
        link, page = next((link, page) for link, page in pages if "Send en mail igen til carl" in page)
        assert "Sendt sidst" in page
        key = html.unescape(re.search(r'name="key" value="([^"]+)"', page)[1])
        for _ in range(2):
            sent = await asyncio.to_thread(hr.send, link, page, key=key, reason="Fik den <i>ikke</i>", when="at_once")
            assert sent.status_code == 303
        assert "Mailen er på vej" in await asyncio.to_thread(hr.read, sent.headers["location"])
        gone = await asyncio.to_thread(hr.send, link, page, key="again-x/y", reason="", when="")
        assert gone.status_code == 409
        await run_job(service, "follow_decisions")
        lines = [one for one in service.stores.actions.load_actions("demo") if one.command == "send_again"]
        assert sorted((one.subject, one.door, one.detail) for one in lines) == [
            (CARL, "desk", "announcement Fik den <i>ikke</i>"),
        ]

    before = len(at_work.tenant.mail_log.mails)
    at_the_desk(at_work, story)
    mails = [(mail.to, mail.subject.partition(":")[0]) for mail in at_work.tenant.mail_log.mails[before:] if mail.kind.value == "message"]
    assert sorted(mails) == [(CARL, "Tilmeldingen er åben")]
