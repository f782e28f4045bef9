"""Writing to the participants at the desk: written, looked at, sent to exactly those who were shown, once."""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.e2e.desk_driver import DIRECTOR, HR, READER, at_the_desk, leader, write_plan
from tests.e2e.plans import make_course, make_plan, people
from tests.e2e.service_driver import run_job, until

if TYPE_CHECKING:
    from tests.e2e.driver import World

WRITE = "/courses/lederdag/write"
SAID = {"to": ["registered", "silent"], "where": "", "subject_da": "Tag din computer med", "text_da": "Vi skal **prøve** det af."}


def digest_on(page: str) -> str:
    return re.search(r'name="digest" value="([^"]+)"', page)[1]


async def in_force(hr) -> None:
    """The course is approved, and everybody invited."""
    page = await asyncio.to_thread(hr.read, "/changes")
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    await asyncio.to_thread(hr.send, "/changes", page, shown=shown, decision="approve")
    await until(lambda: "Ingen ændringer venter" in hr.read("/changes"))


async def drafted(hr, **changes) -> tuple[str, str]:
    """Where the draft is looked at, and the page there."""
    form = await asyncio.to_thread(hr.read, WRITE)
    kept = await asyncio.to_thread(hr.send, WRITE, form, **(SAID | changes))
    assert kept.status_code == 303, kept.text
    address = kept.headers["location"]
    return address, await asyncio.to_thread(hr.read, address)


async def pressed(hr, address: str, page: str, act: str = "send") -> httpx.Response:
    return await asyncio.to_thread(hr.send, address, page, act=act, digest=digest_on(page), when="at_once")


async def seen(hr, address: str, words: str) -> None:
    """Look now and then, as a person does, and not as often as the pages forbid."""
    for _ in range(300):
        if re.search(words, await asyncio.to_thread(hr.read, address)):
            return
        await asyncio.sleep(0.2)
    raise AssertionError(words)


def mails_of(world: World, subject: str = SAID["subject_da"]) -> list:
    return [one for one in world.tenant.messages.messages.values() if one.subject == subject and one.folder == "sentitems"]


def readers(mail) -> list[str]:
    return [one["emailAddress"]["address"] for one in mail.recipients["toRecipients"]]


def deeds(world: World) -> list[tuple[str, str, str, str]]:
    lines = world.run("actions", "--format", "json").json
    return [
        (line["by"], line["door"], line["course"], re.sub(r"[0-9a-f]{16}$", "", line["detail"]).strip())
        for line in lines
        if line["command"] == "write"
    ]


def test_hr_writes_looks_and_sends_to_exactly_those_who_were_shown_once(world: World) -> None:
    """With the name, HR's words, and why; two presses are one mail; who did it stands in the log."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        await in_force(hr)
        address, page = await drafted(hr)
        assert "Én får en mail. Ingen andre får den." in page
        assert mails_of(world) == []
        for _ in range(2):
            sent = await pressed(hr, address, page)
            assert sent.headers["location"].endswith("done=send")
        await seen(hr, address, "1 af 1 sendt")
        await run_job(service, "follow_decisions")
        again, _ = await drafted(hr)
        assert again == address, "the same words to the same people lead to what was sent"
        assert SAID["subject_da"] in await asyncio.to_thread(hr.read, "/courses/lederdag?view=messages")

    at_the_desk(world, story)
    (mail,) = mails_of(world)
    assert readers(mail) == [leader(world).address]
    assert "Vi skal <strong>prøve</strong> det af." in mail.html
    assert "fordi du er inviteret til og ikke har svaret på <strong>Lederdag</strong>" in mail.html
    assert deeds(world).count((HR.address, "desk", "lederdag", "")) == 1
    assert (HR.address, "desk", "lederdag", "look") in deeds(world)


def test_a_trial_goes_to_the_writer_alone_and_a_draft_can_be_corrected_and_thrown_away(world: World) -> None:
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        await in_force(hr)
        address, page = await drafted(hr)
        tried = await pressed(hr, address, page, "try")
        assert "Prøven er på vej" in await asyncio.to_thread(hr.read, tried.headers["location"])
        await until(lambda: mails_of(world, f"Prøve: {SAID['subject_da']}"))
        form = await asyncio.to_thread(hr.read, f"{WRITE}?draft={address.partition('?')[0].rpartition('/')[2]}")
        assert (SAID["subject_da"] in form, SAID["text_da"] in form) == (True, True)
        corrected, page = await drafted(hr, subject_da="Ny", draft=address.partition("?")[0].rpartition("/")[2])
        old = await asyncio.to_thread(hr.browser.get, address)
        assert (old.status_code, "Beskeden findes ikke" in old.text) == (404, True)
        dropped = await pressed(hr, corrected, page, "drop")
        assert (dropped.status_code, dropped.headers["location"].partition("?")[0]) == (303, WRITE)
        assert (await asyncio.to_thread(hr.browser.get, corrected)).status_code == 404

    at_the_desk(world, story)
    (trial,) = mails_of(world, f"Prøve: {SAID['subject_da']}")
    assert readers(trial) == [HR.address]
    assert mails_of(world) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"to": []}, "Sæt mindst ét kryds"),
        ({"to": ["æ", "everybody"]}, "Sæt mindst ét kryds"),
        ({"subject_da": " "}, "Skriv et emne."),
        ({"text_da": ""}, "Skriv en besked."),
        ({"subject_en": "Only a subject"}, "Skriv en besked."),
        ({"subject_da": "x" * 151}, "Emnet er på 151 tegn. Skriv højst 150."),
        ({"text_da": "x" * 10_001}, "Beskeden er på 10001 tegn."),
        ({"where": "gone/x"}, "findes ikke længere"),
        ({"where": "main/gone"}, "findes ikke længere"),
    ],
)
def test_what_is_wrong_is_said_where_it_is_and_nothing_typed_is_lost(world: World, changes, said: str) -> None:
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        await in_force(hr)
        form = await asyncio.to_thread(hr.read, WRITE)
        answer = await asyncio.to_thread(hr.send, WRITE, form, **(SAID | changes))
        assert (answer.status_code, said in answer.text) == (422, True)
        kept = ({"text_da": "Vi skal **prøve** det af.", "subject_da": SAID["subject_da"]} | changes).items()
        assert [words for name, words in kept if name.startswith(("text", "subject")) and words.strip() and words not in answer.text] == []

    at_the_desk(world, story)


def test_whoever_came_or_went_since_the_look_makes_it_be_looked_at_again(world: World) -> None:
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        await in_force(hr)
        address, page = await drafted(hr)
        world.answer("lederdag/dag", leader(world).address, "decline")
        await run_job(service, "collect_responses")
        refused = await pressed(hr, address, page)
        assert (refused.status_code, "Nu er det 0 modtagere" in refused.text, 'value="send"' in refused.text) == (409, True, False)

    at_the_desk(world, story)
    assert mails_of(world) == []


def test_to_many_only_somebody_sends_who_has_shown_who_they_are_and_the_draft_is_kept(world: World) -> None:
    """Thirty-one are many."""
    everybody = [f"leder{number}@partner.example" for number in range(31)]
    world.write(make_plan(make_course(), audiences=people(*everybody)))

    async def story(service, person) -> None:
        hr = await person(HR)
        await in_force(hr)
        stale = await person(HR, auth_time=int(time.time()) - 3700)
        address, page = await drafted(stale)
        assert ("31 får én mail hver. Ingen andre får den." in page, 'value="send"' in page, "again=1" in page) == (True, False, True)
        refused = await pressed(stale, address, page)
        assert (refused.status_code, "location" in refused.headers) == (403, False)
        assert mails_of(world) == []
        page = await asyncio.to_thread(hr.read, address)
        await pressed(hr, address, page)
        await seen(hr, address, "31 af 31 sendt")

    at_the_desk(world, story)
    assert len(mails_of(world)) == 31


@pytest.mark.parametrize(
    "subject", ["Hej\r\nBcc: alle@by.example", "<script>alert(1)</script>", "😀 Ærø & »citat«\u202e", "{{ 7*7 }} %s {navn}"]
)
def test_hostile_words_are_words_on_the_page_and_in_the_mail(world: World, subject: str) -> None:
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        await in_force(hr)
        address, page = await drafted(hr, subject_da=subject, text_da=f"<img src=x onerror=alert(1)> {subject}")
        assert ("<script>alert" in page, "<img src=x" in page) == (False, False)
        await pressed(hr, address, page)
        await seen(hr, address, "1 af 1 sendt")

    at_the_desk(world, story)
    one_line = " ".join(subject.replace("\u202e", " ").split())
    (mail,) = mails_of(world, one_line)
    assert readers(mail) == [leader(world).address]
    assert ("bccRecipients" in mail.recipients and mail.recipients["bccRecipients"]) in (False, [])
    assert ("<script" in mail.html, "<img" in mail.html) == (False, False)


def test_only_hr_writes_and_only_from_our_own_page(world: World) -> None:
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        await in_force(hr)
        address, page = await drafted(hr)
        for account in (DIRECTOR, READER, leader(world)):
            someone = await person(account)
            for where in (WRITE, address, f"{address.partition('?')[0]}/da"):
                assert (await asyncio.to_thread(someone.browser.get, where)).status_code == 403
            for where in (WRITE, address):
                assert (await asyncio.to_thread(someone.send, where, page, act="send", digest=digest_on(page))).status_code == 403
        for where in (WRITE, address):
            forged = await asyncio.to_thread(hr.browser.post, where, data={"act": "send", "digest": digest_on(page), "proof": "x"})
            assert forged.status_code == 403
        mail = await asyncio.to_thread(hr.browser.get, f"{address.partition('?')[0]}/da")
        assert (mail.status_code, "sandbox" in mail.headers["content-security-policy"]) == (200, True)
        for gone in ("/courses/findes-ikke/write", f"{WRITE}/0000000000000000", f"{address.partition('?')[0]}/fr"):
            assert (await asyncio.to_thread(hr.browser.get, gone)).status_code == 404

    at_the_desk(world, story)
    assert mails_of(world) == []


def test_the_rest_can_be_stopped_and_the_page_says_what_went(world: World) -> None:
    """By a clock that stands still, as many go as a minute has room for."""
    everybody = [f"leder{number}@partner.example" for number in range(5)]
    world.write(make_plan(make_course(), audiences=people(*everybody)))

    async def story(service, person) -> None:
        hr = await person(HR)
        await in_force(hr)
        address, page = await drafted(hr)
        await pressed(hr, address, page)
        await seen(hr, address, "[1-4] af 5 sendt")
        page = await asyncio.to_thread(hr.read, address)
        assert 'value="stop"' in page
        stopped = await asyncio.to_thread(hr.send, address, page, act="stop")
        told = await asyncio.to_thread(hr.read, stopped.headers["location"])
        assert ("Resten blev stoppet" in told, f"af {HR.address}" in told) == (True, True)
        await run_job(service, "follow_decisions")

    at_the_desk(world, story, mailbox={"messages_per_minute": 4})
    assert 0 < len(mails_of(world)) < 5
    assert "stop" in {detail for *_, detail in deeds(world)}
