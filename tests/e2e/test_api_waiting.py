"""What waits, for programs: whom it mails and how it looks, a word about an id that looks changed, and what people wrote is read."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.notes import Note
from bot.domain.people import Person as Known
from tests.e2e.api_driver import asking
from tests.e2e.desk_driver import HR, READER, at_the_desk
from tests.e2e.plans import make_course, make_plan, people
from tests.e2e.seats import ANNA, BO, HOLD
from tests.e2e.service_driver import run_job

if TYPE_CHECKING:
    from tests.e2e.driver import World

pytestmark = pytest.mark.e2e

PLAN = "/api/v1/plans/demo"
CHANGE = f"{PLAN}/changes/kursus"


def write(world: World, course: str) -> None:
    world.write(make_plan(make_course(course, title="Kursus", offerings=HOLD), audiences=people(ANNA, BO)))


def test_whom_a_change_mails_is_told_and_an_id_that_looks_changed_is_spoken_of(world: World) -> None:
    """HR's token alone; the word is the desk's, with its refusals, and nobody is mailed for a name."""
    write(world, "kursus")

    async def story(service: Any, person: Any) -> None:
        hr, reader = asking(service, person), asking(service, person, READER)
        for path in (f"{CHANGE}/people", f"{CHANGE}/mail", f"{PLAN}/changed-ids"):
            await reader.get(path, 403)
        mailed = (await hr.get(f"{CHANGE}/people"))["items"]
        assert {one["email"]: one["why"] for one in mailed} == {ANNA: ["invited"], BO: ["invited"]}
        first = await hr.get(f"{CHANGE}/people", limit=1)
        assert (first["items"], (await hr.get(f"{CHANGE}/people", cursor=first["next"]))["items"]) == (mailed[:1], mailed[1:])
        assert (await hr.get(f"{CHANGE}/people", q="findes ikke"))["items"] == []
        assert (await hr.get(f"{CHANGE}/people", 422, q=ANNA))["code"] == "address_in_url"
        letters = (await hr.get(f"{CHANGE}/mail"))["letters"]
        assert letters
        assert all(one["kind"] == "invitation" and one["subject"] and one["text"] and one["dates"] for one in letters)
        assert (await hr.get(f"{PLAN}/changes/andet/mail", 404))["code"] == "no_change"
        changes = await hr.get(f"{PLAN}/changes")
        await hr.post(f"{PLAN}/approvals", 201, checksum=changes["checksum"], decision="approve")
        await run_job(service, "sync_plan")
        write(world, "nyt")
        await run_job(service, "sync_plan")
        before = len(world.tenant.mail_log.mails)
        shown = await hr.get(f"{PLAN}/changed-ids")
        (one,) = shown["ids"]
        assert (one["level"], one["old"], one["new"], one.pop("word")) == ("course", "kursus", "nyt", "open")
        del one["title"]
        for code, wrong in (("id_gone", {"old": "andet"}), ("id_moved", {"known": 7})):
            said = {**one, "word": "same", "known": shown["known"], **wrong}
            assert (await hr.post(f"{PLAN}/changed-ids", 409, **said))["code"] == code
        heard = await hr.post(f"{PLAN}/changed-ids", **one, word="same", known=shown["known"])
        assert [row["word"] for row in heard["ids"]] == ["same"]
        await run_job(service, "sync_plan")
        assert (len(world.tenant.mail_log.mails), (await hr.get(f"{PLAN}/changed-ids"))["ids"]) == (before, [])
        assert {stamp.split("/")[1] for stamp in world.events} == {"nyt"}
        lines = [line for line in service.stores.actions.load_actions("demo") if line.door == "api"]
        assert {("name", HR.address, ""), ("preview", HR.address, "2")} <= {(line.command, line.by, line.subject) for line in lines}

    at_the_desk(world, story)


def test_what_somebody_wrote_is_read_until_what_was_shown(world: World) -> None:
    """By the item of today; asked again it is the same, and a later word waits anew."""
    write(world, "kursus")

    def wrote(service: Any, words: str) -> None:
        at = world.now.astimezone(UTC)
        service.stores.books.people.save_people("demo", [Known(email=ANNA, name="Anna")], now=at)
        service.stores.notes.save_note(Note(plan="demo", course="kursus", email=ANNA, text=words, written_at=at))

    async def story(service: Any, person: Any) -> None:
        hr = asking(service, person)
        wrote(service, "Tåler ikke nødder")
        (item,) = (one for one in (await hr.get(f"{PLAN}/today"))["items"] if one["kind"] == "remark")
        assert (item["email"], item["quote"]) == (ANNA, "Tåler ikke nødder")
        said = {"email": ANNA.upper(), "until": item["until"]}
        await asking(service, person, READER).post(f"{PLAN}/courses/kursus/read", 403, **said)
        for _ in range(2):
            assert await hr.post(f"{PLAN}/courses/kursus/read", **said) == {"course": "kursus", "email": ANNA}
        assert "remark" not in {one["kind"] for one in (await hr.get(f"{PLAN}/today"))["items"]}
        assert (await hr.post(f"{PLAN}/courses/kursus/read", 404, **(said | {"email": BO})))["code"] == "nothing_written"
        for until in ("i går", "2025-03-03T08:00:00", "0001-01-01T00:00:00+14:00"):
            assert (await hr.post(f"{PLAN}/courses/kursus/read", 422, **(said | {"until": until})))["code"] == "unusable"
        (line,) = (one for one in service.stores.actions.load_actions("demo") if one.command == "read")
        assert (line.by, line.subject, line.door) == (HR.address, ANNA, "api")

    at_the_desk(world, story)
