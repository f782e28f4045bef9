"""`Idempotency-Key`: a program that does not know whether it was heard asks again, and nothing is done twice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
from sqlalchemy import text

from tests.e2e.api_driver import die_before_the_answer
from tests.e2e.desk_driver import HR, at_the_desk, write_plan
from tests.e2e.plans import make_plan, people
from tests.e2e.seats import ANNA, BO, CARL, choosing
from tests.e2e.service_driver import until

if TYPE_CHECKING:
    from tests.e2e.driver import World

PLAN = "/api/v1/plans/demo"
ENROL = {"action": "enrol", "course": "kursus", "offering": "hold-1", "email": ANNA}


@dataclass
class Keyed:
    """A program that asks under keys."""

    home: str
    token: str

    async def post(self, path: str, key: str, **body: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        async with httpx.AsyncClient(base_url=self.home, timeout=60, headers=headers) as client:
            return await client.post(f"{PLAN}/{path}", json=body)


def keyed(service: Any, person: Any, **spoilt: object) -> Keyed:
    return Keyed(service.settings.web.base_url, person.token(HR, **spoilt))


def write_seats(world: World) -> None:
    world.write(make_plan(choosing(capacity=1), audiences=people(ANNA, BO, CARL)))
    world.sync()


def enrolments(service: Any) -> list[str]:
    """Who was enrolled by hand, each time."""
    return [line.after.email for _, line in service.stores.seats.load_log("demo") if line.after.cause == "enrolled"]


def test_the_same_under_a_key_is_done_once_and_answered_the_same(world: World) -> None:
    """Refusals too; something else under the key is refused, and a key is its caller's own."""
    write_seats(world)

    async def story(service, person) -> None:
        hr = keyed(service, person)
        first = await hr.post("seats", "a-1", **ENROL)
        again = await hr.post("seats", "a-1", **ENROL)
        assert (again.status_code, again.json()) == (200, first.json())
        assert enrolments(service) == [ANNA]
        full = await hr.post("seats", "a-2", **(ENROL | {"email": BO}))
        assert (full.status_code, full.json()["code"]) == (409, "full")
        assert (await hr.post("seats", "a-3", action="withdraw", course="kursus", offering="hold-1", email=ANNA)).status_code == 200
        same = await hr.post("seats", "a-2", **(ENROL | {"email": BO}))
        assert (same.status_code, same.json(), same.headers["content-type"]) == (409, full.json(), "application/problem+json")
        for path, body in (("seats", ENROL | {"email": CARL}), ("approvals", {"checksum": "0", "decision": "approve"})):
            other = await hr.post(path, "a-1", **body)
            assert (other.status_code, other.json()["code"]) == (422, "key_reused")
        program = keyed(service, person, idtyp="app", azp="lille-program", sub="app-1", name="", preferred_username="", email="")
        assert (await program.post("seats", "a-1", **(ENROL | {"email": CARL}))).status_code == 200
        assert enrolments(service) == [ANNA, CARL]
        assert (await hr.post("seats", "x" * 256, **ENROL)).status_code == 422

    at_the_desk(world, story)


def test_many_at_once_under_one_key_are_one(world: World) -> None:
    """Who comes while it is under way is told to come again, and gets the same answer then."""
    write_seats(world)

    async def story(service, person) -> None:
        hr = keyed(service, person)
        answers = await asyncio.gather(*(hr.post("seats", "k", **ENROL) for _ in range(6)))
        assert {answer.status_code for answer in answers} <= {200, 409}
        assert {answer.json().get("code") for answer in answers if answer.status_code == 409} <= {"under_way"}
        assert all("retry-after" in answer.headers for answer in answers if answer.status_code == 409)
        (moves,) = {str(answer.json()) for answer in answers if answer.status_code == 200}
        assert str((await hr.post("seats", "k", **ENROL)).json()) == moves
        assert enrolments(service) == [ANNA]

    at_the_desk(world, story)


def test_a_process_that_died_before_it_answered_has_done_it_once(world: World) -> None:
    """Whoever asks again is told what was done, and nothing is done anew: a seat, what takes it back, and an approval."""
    write_seats(world)

    async def story(service, person) -> None:
        hr = keyed(service, person)
        first = (await hr.post("seats", "k", **ENROL)).json()
        die_before_the_answer(service)
        assert (await hr.post("seats", "k", **ENROL)).json()["moves"] == first["moves"]
        assert enrolments(service) == [ANNA]
        with service.stores.database.write() as connection:
            connection.execute(text("DELETE FROM api_answers"))
        undo = f"courses/kursus/acts/{first['act']}/undo"
        back = await hr.post(undo, "u", reason="Forkert person")
        assert (back.status_code, back.json()["moves"][0]["cause"]) == (200, "withdrawn")
        die_before_the_answer(service)
        again = await hr.post(undo, "u", reason="Forkert person")
        assert (again.status_code, again.json()["moves"]) == (200, back.json()["moves"])
        late = await hr.post(undo, "v")
        assert (late.status_code, late.json()["code"]) == (409, "no_way_back")

    at_the_desk(world, story)


def test_an_approval_whose_answer_was_lost_is_answered_as_it_was(world: World) -> None:
    """And what came to no answer, because Microsoft 365 was silent, is done when it is asked again."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = keyed(service, person)
        async with httpx.AsyncClient(base_url=hr.home, headers={"Authorization": f"Bearer {hr.token}"}, timeout=60) as client:
            checksum = (await client.get(f"{PLAN}/changes")).json()["checksum"]
        world.tenant.faults.add(path="/events", status=503, times=None)
        silent = await hr.post("approvals", "k", checksum=checksum, decision="approve")
        assert silent.status_code == 503
        world.tenant.faults.clear()
        given = silent
        for _ in range(6):
            # The client leaves Microsoft 365 alone for a moment after what it met.
            given = await hr.post("approvals", "k", checksum=checksum, decision="approve")
            if given.status_code != 503:
                break
            await asyncio.sleep(1)
        assert (given.status_code, given.json()["enough"]) == (201, True)
        die_before_the_answer(service)
        await until(lambda: world.events != {})
        again = await hr.post("approvals", "k", checksum=checksum, decision="approve")
        assert (again.status_code, again.json()) == (201, given.json())

    at_the_desk(world, story)
    lines = world.run("actions", "--format", "json").json
    assert [line["command"] for line in lines if line["door"] == "api"] == ["approve"]
