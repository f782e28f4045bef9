"""What the desk shows and does, for programs: today, people, a course's messages and history, letters, lists, decisions, runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.e2e.api_driver import asking
from tests.e2e.as_it_was import played_once
from tests.e2e.desk_driver import HR, READER, at_the_desk
from tests.e2e.plans import make_plan, people
from tests.e2e.seats import ANNA, BO, CARL, choosing
from tests.e2e.service_driver import until

if TYPE_CHECKING:
    from tests.e2e.driver import World

PLAN = "/api/v1/plans/demo"
COURSE = f"{PLAN}/courses/kursus"
WORDS = {"language": "da", "subject": "Husk computer", "text": "Tag **computer** med."}


@played_once
def begin(world: World, **more: object) -> None:
    course = choosing(capacity=2) | {"responsible": ["hr@norddjurs.example"]}
    world.write(make_plan(course, audiences=people(ANNA, BO, CARL), **more))
    world.sync()
    assert world.run("enrol", "kursus/hold-1", ANNA, "--by", "hr").code == 0


def test_what_the_desk_tells_is_told_to_programs(world: World) -> None:
    """One person and their story, by a name that is no address; messages, history and runs; every look at people is logged."""
    begin(world)

    async def story(service: Any, person: Any) -> None:
        hr = asking(service, person)
        known = (await hr.get("/api/v1/people"))["items"]
        assert {ANNA, BO, CARL} <= {one["email"] for one in known}
        assert (await hr.get("/api/v1/people", 422, q=ANNA))["code"] == "address_in_url"
        anna = await hr.post("/api/v1/people/lookup", email=ANNA.upper())
        assert anna in known
        told = await hr.get(f"/api/v1/people/{anna['person']}")
        assert told["standing"][0]["words"].startswith("Tilmeldt")
        held = await hr.get(f"/api/v1/people/{anna['person']}/data")
        assert (held["address"], "seat_log" in held["tables"]) == (ANNA, True)
        assert (await hr.get("/api/v1/people/ingen", 404))["code"] == "no_person"
        reader = asking(service, person, READER)
        history = (await reader.get(f"{COURSE}/history"))["items"]
        assert (history[0]["email"], history[0]["by"], history[0]["number"]) == (ANNA, "hr", len(history))
        messages = await reader.get(f"{COURSE}/messages")
        assert {"confirmed"} <= {one["kind"] for one in messages["sent"]}
        assert any("Hold 1" in one["text"] or one["events"] for one in messages["coming"])
        today = await hr.get(f"{PLAN}/today")
        assert {"items", "near", "answers"} <= today.keys()
        runs = await hr.get(f"{PLAN}/runs")
        assert "sync_plan" in {one["job"] for one in runs["jobs"]}
        assert (await hr.get(f"{PLAN}/examination"))["at"] is None
        found = await hr.post(f"{PLAN}/examination")
        assert (found["at"] is not None, len(found["findings"]) > 3) == (True, True)
        assert await hr.get(f"{PLAN}/examination") == found

    at_the_desk(world, story)
    looked = [line["command"] for line in world.run("actions", "--format", "json").json if line["door"] == "api"]
    assert {"person", "seats", "messages", "report"} == {*looked}


def test_hr_writes_to_people_and_mails_the_list_once_through_a_program(world: World) -> None:
    """Only what was shown goes; asked again, it is the same letter and the same edition."""
    begin(world)

    async def story(service: Any, person: Any) -> None:
        hr = asking(service, person)
        draft = await hr.post(f"{COURSE}/broadcasts", 201, to=["registered"], words=[WORDS])
        assert (draft["state"], draft["look"]["people"], draft["look"]["mails"][0]["subject"]) == ("draft", 1, "Husk computer")
        letter = f"{COURSE}/broadcasts/{draft['id']}"
        assert (await hr.post(f"{letter}/send", 409, digest="x", at_once=True))["code"] == "broadcast_changed"
        first = await hr.post(f"{letter}/send", digest=draft["look"]["digest"], at_once=True)
        assert await hr.post(f"{letter}/send", digest=draft["look"]["digest"], at_once=True) == first
        await until(lambda: [mail for mail in world.tenant.mail_log.mails if "Husk computer" in mail.subject])
        assert (await hr.get(letter))["look"] is None
        assert (await hr.post(f"{letter}/stop"))["state"] == "sent"
        assert [one["id"] for one in (await hr.get(f"{COURSE}/broadcasts"))["items"]] == [draft["id"]]
        listed = await hr.get(f"{COURSE}/list-mail")
        assert {"hr@norddjurs.example", HR.address} == {one["email"] for one in listed["to"]}
        foreign = await hr.post(f"{COURSE}/list-mail", 409, digest=listed["digest"], to=["anden@norddjurs.example"])
        assert foreign["code"] == "not_their_list"
        assert (await hr.post(f"{COURSE}/list-mail", 409, digest="x", to=[HR.address]))["code"] == "list_changed"
        for _ in range(2):
            sent = await hr.post(f"{COURSE}/list-mail", digest=listed["digest"], to=["hr@norddjurs.example"])
        assert [one["has_it"] for one in sent["to"] if one["email"] == "hr@norddjurs.example"] == [True]

    at_the_desk(world, story)
    mails = [mail for mail in world.tenant.mail_log.mails if "Husk computer" in mail.subject]
    assert len(mails) == 1
    lines = [line for line in world.run("actions", "--format", "json").json if line["door"] == "api"]
    assert {line["command"] for line in lines} == {"write", "registrations --send"}


def test_a_decision_is_written_down_by_whoever_saw_what_stands(world: World) -> None:
    """It waits for approval like an edit; who looked at something older decides nothing."""
    begin(world, assumptions={"midler": {"question": "Kommer midlerne?", "value": "undecided"}})

    async def story(service: Any, person: Any) -> None:
        hr = asking(service, person)
        where = f"{PLAN}/decisions/midler"
        stands = await hr.get(where)
        assert (stands["value"], stands["options"], stands["in_plan"]) == (None, [True, False], False)
        word = {"value": True, "decided_by": "Direktionen", "decided_on": "2025-01-02", "known": stands["known"]}
        done = await hr.post(where, **word)
        assert (done["value"], done["decided_by"], done["known"]) == (True, "Direktionen", stands["known"] + 1)
        assert (await hr.post(where, 409, **word))["code"] == "decision_moved"
        assert (await hr.post(where, 409, **(word | {"value": "måske", "known": done["known"]})))["code"] == "decision_unusable"
        assert (await hr.post(where, value=None, known=done["known"]))["value"] is None
        assert (await hr.get(f"{PLAN}/decisions/findes-ikke", 404))["code"] == "no_decision"

    at_the_desk(world, story)
    lines = world.run("actions", "--format", "json").json
    assert [line["door"] for line in lines if line["command"] == "decide"] == ["api", "api"]
