"""One reminder at a time: HR skips it or sends it now, for one person or for all, and each gets it once or not at all."""

from __future__ import annotations

import asyncio
import html
import re
from typing import TYPE_CHECKING

import pytest

from bot.desks.messages.reminder_hand import WordRefused, WordWish
from bot.domain.reminders import EVERYBODY, WordKind
from bot.rounds.steps.skipped_by_hand import why_skipped
from tests.e2e.as_it_was import played_once
from tests.e2e.desk_driver import HR, at_the_desk
from tests.e2e.killing import killed_at
from tests.e2e.plans import make_session
from tests.e2e.reminders import AT_ONCE, begin, course, hand, read
from tests.e2e.seats import ANNA, BO, CARL, answer, subjects
from tests.e2e.service_driver import run_job

if TYPE_CHECKING:
    from tests.e2e.driver import World

NOON, NIGHT, ORDINARY = "2025-06-12T12:00:00+02:00", "2025-06-12T22:30:00+02:00", "2025-06-17T12:01:00+02:00"
TOMORROW, EARLIER = "I morgen: Kursus", "Husk: Kursus"
"""What it is called at its ordinary time, and before."""


@pytest.fixture
def at_work(world: World) -> World:
    """Three come; what is told a week ahead has gone, and tomorrow's reminder is five days away."""
    three_come(world)
    return world


@played_once
def three_come(world: World) -> None:
    begin(world, course())
    for who in (ANNA, BO, CARL):
        answer(world, "kursus/dag", who, "accept")
    world.run("responses")
    world.move_clock("2025-06-11T10:00:00+02:00")
    world.run("send")
    world.move_clock(NOON)


def say(world: World, kind: WordKind, email: str = EVERYBODY, *, rule: str = "i-morgen", at_once: bool = False) -> None:
    with hand(world) as mine:
        wish = WordWish(topic=next(one.topic for one in mine.listed() if one.topic.rule == rule), email=email, kind=kind)
        mine.say(wish, digest=mine.look(wish).digest, reason="", at_once=at_once)


def told(world: World) -> list[tuple[str, str]]:
    """Who was reminded of tomorrow in this round."""
    return [one for one in subjects(world.run("send", **AT_ONCE)) if one[1] in {TOMORROW, EARLIER}]


def test_a_skipped_one_says_so_everywhere_and_is_not_sent_while_the_others_are(at_work: World) -> None:
    say(at_work, WordKind.SKIP, ANNA)
    rows = [one for one in at_work.run("reminders", "--format", "json").json if one["rule"] == "i-morgen" and one["channel"] == "mail"]
    stands = {row["email"]: (row["state"], row["reason"], row.get("by")) for row in rows}
    assert stands[ANNA] == ("skipped", "skipped_by_hand", "hanne")
    assert stands[BO] == ("scheduled", "", None)
    assert "Sprunget over af hanne" in at_work.run("reminders").out
    at_work.move_clock(ORDINARY)
    assert told(at_work) == [("bo", TOMORROW), ("carl", TOMORROW)]
    accounts = at_work.run("messages").out
    assert "HR sprang den over" in accounts
    with pytest.raises(WordRefused, match="reminder_nothing_said"):
        say_about(at_work, WordKind.UNDO, ANNA)
    assert told(at_work) == []


def say_about(world: World, kind: WordKind, email: str) -> None:
    """Said of the date, whether or not it is listed still."""
    with hand(world) as mine:
        words = mine.words
        topic = next(topic for topic, _ in words if topic.rule == "i-morgen")
        mine.say(WordWish(topic=topic, email=email, kind=kind), digest=None, reason="", at_once=False)


def test_undone_in_time_it_goes_as_the_plan_says(at_work: World) -> None:
    say(at_work, WordKind.SKIP)
    say(at_work, WordKind.UNDO)
    at_work.move_clock(ORDINARY)
    assert told(at_work) == [("anna", TOMORROW), ("bo", TOMORROW), ("carl", TOMORROW)]


def test_sent_now_it_goes_now_and_not_again_and_anew_where_the_course_is_moved(at_work: World) -> None:
    say(at_work, WordKind.SEND, ANNA)
    assert told(at_work) == [("anna", EARLIER)]
    at_work.move_clock("2025-06-12T13:00:00+02:00")
    with pytest.raises(WordRefused):
        say_about(at_work, WordKind.SEND, ANNA)
    at_work.move_clock(ORDINARY)
    assert told(at_work) == [("bo", TOMORROW), ("carl", TOMORROW)]


def test_where_the_course_is_moved_the_rules_hold_anew_for_whoever_had_it_or_was_skipped(at_work: World) -> None:
    say(at_work, WordKind.SEND, ANNA)
    say(at_work, WordKind.SKIP, BO)
    assert told(at_work) == [("anna", EARLIER)]
    begin(at_work, course(make_session(day="2025-06-20")))
    at_work.move_clock("2025-06-13T09:05:00+02:00")
    at_work.run("send")  # what is told a week before
    at_work.move_clock("2025-06-19T12:01:00+02:00")
    assert told(at_work) == [("anna", TOMORROW), ("bo", TOMORROW), ("carl", TOMORROW)]


def test_in_the_night_it_waits_for_the_morning_unless_now_is_said(at_work: World) -> None:
    at_work.move_clock(NIGHT)
    say(at_work, WordKind.SEND, ANNA)
    say(at_work, WordKind.SEND, BO, at_once=True)
    assert told(at_work) == [("bo", EARLIER)]
    at_work.move_clock("2025-06-13T09:00:00+02:00")
    assert told(at_work) == [("anna", EARLIER)]


def test_what_was_shown_is_what_happens_and_two_presses_are_one(at_work: World) -> None:
    with hand(at_work) as mine:
        wish = WordWish(topic=next(one.topic for one in mine.listed() if one.topic.rule == "i-morgen"), email=EVERYBODY, kind=WordKind.SEND)
        shown = mine.look(wish)
    say(at_work, WordKind.SKIP, CARL)
    with hand(at_work) as mine, pytest.raises(WordRefused):
        mine.say(wish, digest=shown.digest, reason="", at_once=True)
    with hand(at_work) as mine:
        digest = mine.look(wish).digest
        mine.say(wish, digest=digest, reason="", at_once=True)
    with hand(at_work) as mine:
        mine.say(wish, digest=digest, reason="", at_once=True)
    assert told(at_work) == [("anna", EARLIER), ("bo", EARLIER)], "and who was skipped by name is not among all"


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_again_and_again_on_its_way_each_still_gets_it_once(at_work: World, when: str) -> None:
    """At one request after the other of a round, and at its ordinary time nobody gets it again."""
    say(at_work, WordKind.SEND, at_once=True)
    before, killed = len(at_work.tenant.mail_log.mails), 0
    for nth in range(2, 9):
        killed += bool(killed_at(at_work, nth, when, "send"))
    assert killed >= 4, "it was hardly ever killed in time"
    for later in (NOON.replace("12:00", "12:30"), ORDINARY):
        at_work.move_clock(later)
        at_work.run("send", **AT_ONCE)
    mails = [mail.to for mail in at_work.tenant.mail_log.mails[before:] if mail.subject in {TOMORROW, EARLIER}]
    assert sorted(mails) == [ANNA, BO, CARL]


def test_skipped_while_a_round_is_under_way_what_has_not_begun_is_not_sent(at_work: World) -> None:
    """A round that stopped after it had made its mails; the word counts for those that are left."""
    at_work.move_clock(ORDINARY)
    at_work.tenant.faults.add(method="POST", path="/messages$", status=503, times=None)
    at_work.run("send", **AT_ONCE)
    at_work.tenant.faults.clear()
    say(at_work, WordKind.SKIP, CARL)
    with hand(at_work) as mine:
        pending = [one for one in mine._books.stores.outbox.load_pending("demo") if one.email == CARL]
        assert why_skipped(pending, mine._books.stores.reminder_words, mine.people) == "skipped_by_hand"
    assert told(at_work) == [("anna", TOMORROW), ("bo", TOMORROW)]


def test_hr_sees_a_reminder_at_the_desk_skips_it_and_takes_that_back(at_work: World) -> None:
    """Without a script: the list, the mail, the reason, who did it, and the way back; the service sends what is sent now."""

    def link(page: str, words: str) -> str:
        found = next(
            one for one in re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL) if words in re.sub(r"<[^>]+>", "", one[1])
        )
        return html.unescape(found[0])

    async def act(hr, page: str, **fields: str) -> str:
        typed = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
        address = html.unescape(re.search(r'<form method="post" action="(/courses/[^"]+)"', page)[1])
        typed.pop("proof", None)
        answer = await asyncio.to_thread(hr.send, address, page, **(typed | fields))
        assert answer.status_code == 303, answer.text
        return await asyncio.to_thread(hr.read, answer.headers["location"])

    async def story(service, person) -> None:
        hr = await person(HR)
        messages = await asyncio.to_thread(hr.read, "/courses/kursus?plan=demo&view=messages")
        assert "Påmindelser, der er på vej" in read(messages)
        page = await asyncio.to_thread(hr.read, link(messages, "I morgen"))
        assert "3 får den" in read(page)
        assert TOMORROW in read(page)
        asked = await asyncio.to_thread(hr.read, link(page, "Spring over for alle"))
        assert "3 personer får ikke påmindelsen" in read(asked)
        done = await act(hr, asked, reason="Kurset <b>tales</b> igennem i dag")
        assert "Påmindelsen er sprunget over" in read(done)
        assert "»Kurset <b>tales</b> igennem i dag«" in read(done)
        asked = await asyncio.to_thread(hr.read, link(done, "Fortryd for alle"))
        assert "Det er fortrudt" in read(await act(hr, asked))
        page = await asyncio.to_thread(hr.read, link(messages, "I morgen"))
        asked = await asyncio.to_thread(hr.read, link(page, "Send nu – "))
        assert "1 person får påmindelsen nu" in read(asked)
        assert "Påmindelsen er på vej" in read(await act(hr, asked))
        await run_job(service, "send_reminders")
        lines = service.stores.actions.load_actions("demo")
        deeds = {one.command: (one.subject, one.door, one.detail) for one in lines if one.command.startswith("reminder_")}
        about = "i-morgen main/dag 2025-06-18"
        assert deeds == {
            "reminder_skip": ("3", "desk", about), "reminder_undo": ("3", "desk", about), "reminder_send": (ANNA, "desk", about)
        }  # fmt: skip

    before = len(at_work.tenant.mail_log.mails)
    at_the_desk(at_work, story)
    assert [(mail.to, mail.subject) for mail in at_work.tenant.mail_log.mails[before:]] == [(ANNA, EARLIER)]
