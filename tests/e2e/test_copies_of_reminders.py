"""Who answers for a leader gets what the leader is reminded of: as a copy, after the leader, once."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from bot.desks.messages.reminder_hand import WordWish
from bot.domain.reminders import EVERYBODY, WordKind
from tests.e2e.as_it_was import AsItWas, played_once
from tests.e2e.asking import browser
from tests.e2e.desk_driver import HR, at_the_desk
from tests.e2e.driver import new_world
from tests.e2e.hr_report import html_of
from tests.e2e.killing import SWEPT, all_mails, killed_at_each
from tests.e2e.plans import make_plan, people
from tests.e2e.reminders import DEADLINE, RULES, course, hand, read
from tests.e2e.seats import ANNA, BO, CARL, WEB, answer, statuses, subjects

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.driver import Ran, World

SEKR = "sekr@partner.example"
NEXT_DAY = "2025-06-17T12:01:00+02:00"
BY_MAIL = [rule | {"channels": ["mail"]} for rule in RULES]


def write(world: World, *pairs: tuple[str, str], **changes: object) -> None:
    delegates = [{"for": leader, "by": by, "copies": True} for leader, by in pairs]
    facts = {"audiences": people(ANNA, BO, CARL), "holidays": "DK", "reminders": BY_MAIL, "delegates": delegates or None}
    world.write(make_plan(course(enrolment=DEADLINE), **(facts | changes)))


@played_once
def begin(world: World, *pairs: tuple[str, str], **changes: object) -> None:
    """Anna and Bo come, Carl is silent."""
    world.settings |= WEB
    write(world, *pairs, **changes)
    world.sync()
    for who in (ANNA, BO):
        answer(world, "kursus/dag", who, "accept")
    world.run("responses")


def words_to_secretary(world: World, ran: Ran) -> str:
    (mail,) = [one for one in ran.mails if one.to == SEKR]
    return html_of(world, mail)


def to_secretary(ran: Ran) -> list[str]:
    return [subject for who, subject in subjects(ran) if who == "sekr"]


def test_the_secretary_gets_a_copy_after_the_leader_and_answers_from_it(world: World) -> None:
    begin(world, (ANNA, SEKR))
    world.move_clock("2025-06-11T10:00:00+02:00")
    foreseen = world.run("send", "--dry-run")
    assert "Kopi af »Praktisk« til" in foreseen.out
    sent = world.run("send", "--format", "json")
    assert [who for who, _ in subjects(sent)] == ["anna", "bo", "sekr"]
    (subject,) = to_secretary(sent)
    assert subject.startswith("Kopi af påmindelse til ")
    assert subject.endswith(": Kursus")
    (row,) = [one for one in sent.json if "copy_of" in one]
    assert (row["email"], row["copy_of"], row["state"], row["channel"]) == (SEKR, ANNA, "sent", "mail")
    assert to_secretary(world.run("send")) == []
    (link,) = re.findall(r'href="http://127[^"/]*(/p/[^"]*)"', words_to_secretary(world, sent))
    with browser(world) as pages:
        pages.follow_redirects = True
        page = pages.get(link)
        assert page.status_code == 200
        assert "svarer for" in page.text
    assert statuses(world)["anna/main"] == "registered"


def test_several_leaders_are_one_mail_and_who_wants_no_copies_gets_none(world: World) -> None:
    begin(world, (ANNA, SEKR), (BO, SEKR))
    world.move_clock(NEXT_DAY)
    sent = world.run("send")
    (subject,) = to_secretary(sent)
    assert "," in subject
    assert words_to_secretary(world, sent).count("Svar eller meld afbud for") == 2
    write(world, delegates=[{"for": ANNA, "by": SEKR}])
    world.sync()
    world.move_clock("2025-06-18T14:00:00+02:00")
    assert to_secretary(world.run("send")) == []


def test_who_is_made_a_delegate_afterwards_gets_no_copies_of_what_went_before(world: World) -> None:
    begin(world)
    world.move_clock(NEXT_DAY)
    assert sorted(who for who, _ in subjects(world.run("send"))) == ["anna", "bo"]
    write(world, (ANNA, SEKR))
    world.sync()
    assert subjects(world.run("send")) == []


@pytest.mark.parametrize("answered", [True, False])
def test_nothing_is_copied_that_the_leader_does_not_get(world: World, *, answered: bool) -> None:
    """Carl answers before his reminder; or Graph will not have his mail."""
    begin(world, (CARL, SEKR))
    world.move_clock("2025-05-30T09:01:00+02:00")
    if answered:
        answer(world, "kursus/dag", CARL, "accept")
    else:
        world.tenant.faults.add(method="POST", path="/messages$", status=400)
    assert to_secretary(world.run("send")) == []
    world.tenant.faults.clear()
    assert to_secretary(world.run("send")) == []
    assert "skipped" not in {one["state"] for one in world.run("reminders", "--format", "json").json if "copy_of" in one}


def test_a_copy_that_the_leader_is_named_in_goes_with_the_leader(world: World) -> None:
    begin(world, (ANNA, SEKR), (BO, SEKR))
    world.move_clock(NEXT_DAY)
    assert to_secretary(world.run("send"))
    write(world, (BO, SEKR), audiences=people(BO, CARL))
    world.sync()
    assert world.run("erase", ANNA).code == 0
    assert ANNA not in world.run("person", SEKR, "--format", "json").out
    assert to_secretary(world.run("send")) == []


def test_hr_sees_the_copies_beside_the_reminder_and_skips_and_sends_them_with_it(world: World) -> None:
    begin(world, (ANNA, SEKR))
    world.move_clock("2025-06-12T12:00:00+02:00")
    world.run("send")

    async def story(_service, person) -> None:
        hr = await person(HR)

        async def page(**more: str) -> str:
            asked = {"plan": "demo", "rule": "i-morgen", "offering": "main", "session": "dag", "about": "2025-06-18"} | more
            return read(await asyncio.to_thread(hr.read, f"/courses/kursus/reminder?{urlencode(asked)}"))

        listed = read(await asyncio.to_thread(hr.read, "/courses/kursus?plan=demo&view=messages"))
        assert "2 får den · 1 kopi" in listed
        assert "Kopi til den, der svarer for en leder" in listed
        assert "med kopi til dem, der svarer for dem" in listed
        shown = await page()
        assert f"Kopi til {SEKR}" in shown
        assert "Kopi til dem, der svarer for en leder (dansk, 1 kopi)" in shown
        assert f"Du får denne kopi, fordi du svarer for {ANNA}" in shown
        for act, said in (("skip", "Heller ikke 1 kopi"), ("send", "1 kopi går samtidig")):
            asked = await page(act=act)
            assert "2 personer får" in asked
            assert said in asked
            assert f"{SEKR} (for {ANNA})" in asked

    at_the_desk(world, story)
    with hand(world) as mine:
        topic = next(one.topic for one in mine.listed() if one.topic.rule == "i-morgen")
        mine.say(WordWish(topic=topic, email=ANNA, kind=WordKind.SEND), digest=None, reason="", at_once=False)
    sent = subjects(world.run("send"))
    assert [who for who, _ in sent] == ["anna", "sekr"]
    with hand(world) as mine:
        mine.say(WordWish(topic=topic, email=EVERYBODY, kind=WordKind.SKIP), digest=None, reason="", at_once=False)
    world.move_clock(NEXT_DAY)
    assert subjects(world.run("send")) == []


@SWEPT
def test_killed_at_any_request_the_copy_comes_once_and_after_the_leaders_own(tmp_path: Path, each: int) -> None:
    with new_world(tmp_path, leaders=0) as world:
        begin(world, (ANNA, SEKR), (BO, SEKR))
        world.move_clock(NEXT_DAY)
        before = AsItWas(world)
        requests = world.run("send").requests
        undisturbed = all_mails(world)
        last = range(len(requests) - 3, len(requests) + 1)
        for killed in killed_at_each(before, requests, each, "send", at=last):
            world.run("send")
            world.run("send")
            assert all_mails(world) == undisturbed, killed
