"""Certificates: HR approves, each gets one mail whatever dies on the way, and programs see who has one."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.desks.afterwards.certificates import CertificateHand
from bot.domain.certificates import written_code
from bot.opening.plan_source import load_plan
from bot.opening.stores import open_stores
from bot.opening.work import BookWork
from config.settings import Settings
from tests.e2e.api_driver import asking
from tests.e2e.as_it_was import AsItWas
from tests.e2e.desk_driver import DIRECTOR, HR, at_the_desk
from tests.e2e.driver import new_world
from tests.e2e.held import CROWD, books_of, held
from tests.e2e.killing import SWEPT, killed_at_each
from tests.e2e.service_driver import until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.driver import World

PLAN = "/api/v1/plans/demo"
PAGE = "/courses/kursus/certificates?plan=demo"


def told(world: World) -> Counter[str]:
    """How many mails about a certificate each has got."""
    return Counter(mail.to for mail in world.tenant.mail_log.to_people() if "ursusbevis" in mail.subject)


def approve(world: World) -> None:
    """HR approves those who wait, by the books alone: the mails are ready."""
    settings = Settings(
        database_url=f"sqlite:///{world.database_file}", plan=str(world.plan_file), now=world.now,
        graph={"base_url": world.base_url, "credential": "static_token", "static_token": "sandbox"},
    )  # fmt: skip
    plan = asyncio.run(load_plan(settings))
    with open_stores(settings) as stores:
        hand = CertificateHand(BookWork(settings=settings, written=plan, plan=plan, stores=stores), "kursus")
        assert hand.issue(hand.look().digest, by=HR.address, noted=()) == len(CROWD)


def test_hr_approves_and_corrects_a_name_and_programs_see_who_has_one(world: World) -> None:
    """One mail each, and one more to whose name was wrong; the earlier code says no, the new one yes."""
    held(world, certificate="all")

    async def story(service: Any, person: Any) -> None:
        hr, program, director = await person(HR), asking(service, person), asking(service, person, DIRECTOR)
        page = await asyncio.to_thread(hr.read, PAGE)
        waiting = (await program.get(f"{PLAN}/courses/kursus/certificates"))["items"]
        assert [(one["waits"], one["since"]) for one in waiting] == [(True, None)] * 6
        digest = re.search(r'name="digest" value="([^"]+)"', page)[1]
        assert (await asyncio.to_thread(hr.send, PAGE, page, digest=digest)).status_code == 303
        again = await asyncio.to_thread(hr.send, PAGE, page, digest=digest)
        assert again.status_code == 409
        await until(lambda: told(world) == Counter(CROWD))
        given = (await program.get(f"{PLAN}/courses/kursus/certificates"))["items"]
        assert {(one["waits"], one["holds"], one["by"]) for one in given} == {(False, True, HR.address)}
        assert (await director.get(f"{PLAN}/courses/kursus/certificates", 403))["code"] == "no_role"
        assert (await program.get(f"{PLAN}/courses/findes-ikke/certificates", 404))["code"] == "no_course"
        with open_stores(books_of(world)) as stores:
            old = stores.certificates.load_certificates("demo", emails=[CROWD[0]])[0]
            owner = next(one for one in stores.books.people.load_people("demo") if one.email == CROWD[0])
            stores.books.people.save_people("demo", [replace(owner, name="Lotte Rettet")], now=world.now)
        check = f"{PLAN}/certificates/check"
        assert await director.post(check, code=written_code(old.code).lower()) == {"holds": True}
        page = await asyncio.to_thread(hr.read, PAGE)
        assert page.count("Udsted på ny") == 1
        fields = dict(re.findall(r'name="(who|offering|called)" value="([^"]*)"', page))
        name = PAGE.replace("certificates?", "certificates/name?")
        for status in (303, 409):
            assert (await asyncio.to_thread(hr.send, name, page, **fields)).status_code == status
        await until(lambda: told(world)[CROWD[0]] == 2)
        with open_stores(books_of(world)) as stores:
            new = stores.certificates.load_certificates("demo", emails=[CROWD[0]])[0]
        assert new.paper.name == "Lotte Rettet"
        assert [await director.post(check, code=code) for code in (old.code, new.code)] == [{"holds": False}, {"holds": True}]

    at_the_desk(world, story)
    assert told(world) == Counter(CROWD) + Counter([CROWD[0]])
    theirs = [one for one in world.tenant.messages.messages.values() if CROWD[0] in one.everybody and "kursusbevis" in one.subject]
    assert sorted(one.subject.partition(":")[0] for one in theirs) == ["Dit kursusbevis", "Dit nye kursusbevis"]
    assert ["Det gælder i stedet for det tidligere" in one.html for one in sorted(theirs, key=lambda one: one.subject)] == [False, True]
    lines = [one for one in world.run("actions", "--format", "json").json if one["command"] == "certificates" and one["by"] == HR.address]
    assert {"approve", "reissue", "json"} <= {one["detail"] for one in lines}


@SWEPT
def test_a_mail_about_a_certificate_is_sent_once_whatever_request_is_killed(tmp_path: Path, each: int) -> None:
    """Looked up and finished, or begun anew: nobody gets two, nobody none."""
    with new_world(tmp_path, leaders=0) as world:
        held(world, certificate="all")
        approve(world)
        before = AsItWas(world)
        requests = world.run("responses").requests
        # The draft of the first mail, its sending, and the next draft; the others go the same way.
        first = [one.method for one in requests].index("POST") + 1
        for killed in killed_at_each(before, requests, each, "responses", at=range(first, first + 3)):
            world.run("responses")
            world.run("responses")
            assert told(world) == Counter(CROWD), killed
