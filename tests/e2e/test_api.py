"""The API with the service behind it: the same objects as the commands', by a token of the sign-in."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import jsonschema

from bot.domain.attendance import AttendanceSaid, AttendanceSource, AttendanceWord
from bot.opening.stores import open_stores
from config.settings import Settings
from tests.e2e.desk_driver import DIRECTOR, HR, READER, at_the_desk, leader, write_plan
from tests.e2e.plans import make_course, make_plan, people
from tests.e2e.seats import ANNA, BO, HOLD
from tests.e2e.service_driver import run_job, until

if TYPE_CHECKING:
    from bot.sandbox.issuer import Account
    from tests.e2e.driver import World

PLAN = "/api/v1/plans/demo"


@dataclass
class Program:
    """Whatever asks with one token."""

    home: str
    token: str = ""
    language: str = "da"

    async def get(self, address: str, **query: Any) -> httpx.Response:
        return await self._ask("GET", address, params=query)

    async def post(self, address: str, **body: Any) -> httpx.Response:
        return await self._ask("POST", address, json=body)

    async def _ask(self, method: str, address: str, **more: Any) -> httpx.Response:
        headers = {"Accept-Language": self.language} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        async with httpx.AsyncClient(base_url=self.home, timeout=30, headers=headers) as client:
            return await client.request(method, address, **more)


def program(service: Any, person: Any, account: Account | None = None, **spoilt: object) -> Program:
    home = service.settings.web.base_url
    return Program(home, person.token(account, **spoilt) if account else "")


def is_problem(answer: httpx.Response, status: int, code: str = "") -> bool:
    """A problem as RFC 9457 has it, with a sentence for whoever reads it."""
    found = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert {"type", "title", "status", "detail", "code"} <= found.keys()
    assert found["status"] == status
    assert found["detail"]
    assert answer.headers["cache-control"] == "no-store"
    return not code or found["code"] == code


def test_what_the_api_answers_is_what_the_commands_answer(world: World) -> None:
    """One function below both doors; and each answer is as `openapi.json` says."""
    write_plan(world)
    documents: dict[str, Any] = {}

    async def story(service, person) -> None:
        hr = program(service, person, HR)
        for name in ("changes", "overview", "registrations", "courses", "courses/lederdag"):
            answer = await hr.get(f"{PLAN}/{name}")
            assert answer.status_code == 200, answer.text
            documents[name] = answer.json()
        for name in ("plans", "me"):
            documents[name] = (await hr.get(f"/api/v1/{name}")).json()
        documents["openapi"] = (await program(service, person).get("/api/v1/openapi.json")).json()

    at_the_desk(world, story)
    assert documents["changes"] == world.run("preview", "--format", "json", APPROVAL="plan").json
    overview = world.run("overview", "--format", "json").json
    assert documents["overview"] | {"as_of": ""} == overview | {"as_of": ""}
    assert documents["courses"] == {"items": overview["courses"], "next": None}
    assert documents["courses/lederdag"] == overview["courses"][0]
    assert documents["registrations"]["items"] == world.run("registrations", "--format", "json").json
    (plan,) = documents["plans"]["items"]
    assert (plan["plan"], plan["problems"]) == ("demo", [])
    assert documents["me"] == {"email": HR.address, "name": HR.name, "roles": ["Kursusbot.HR"], "registrations": []}
    for path, name in (
        ("/me", "me"), ("/plans", "plans"),
        *((f"/plans/{{plan}}/{one}", one) for one in ("changes", "overview", "registrations", "courses")),
        ("/plans/{plan}/courses/{course}", "courses/lederdag"),
    ):  # fmt: skip
        told = documents["openapi"]["paths"][f"/api/v1{path}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(documents[name], told | {"components": documents["openapi"]["components"]})


def test_what_waits_is_approved_by_a_program_and_carried_out_and_who_it_was_is_kept(world: World) -> None:
    """Once: a second yes finds nothing that waits."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = program(service, person, HR)
        checksum = (await hr.get(f"{PLAN}/changes")).json()["checksum"]
        stale = await hr.post(f"{PLAN}/approvals", checksum="0" * 16, decision="approve")
        assert is_problem(stale, 409, "checksum_differs")
        given = await hr.post(f"{PLAN}/approvals", checksum=checksum, decision="approve", reason="Set igennem")
        assert (given.status_code, given.json()["enough"]) == (201, True)
        await until(lambda: world.events != {})
        again = await hr.post(f"{PLAN}/approvals", checksum=checksum, decision="approve")
        assert is_problem(again, 409, "nothing_waits")

    at_the_desk(world, story)
    (row,) = [row for row in world.run("approvals", "--format", "json").json if row["state"] == "done"]
    assert (row["by"], row["door"], row["comment"]) == (HR.address, "api", "Set igennem")
    lines = world.run("actions", "--format", "json").json
    assert [(line["by"], line["door"]) for line in lines if line["command"] == "approve"] == [(HR.address, "api")]


def test_a_course_alone_is_rejected_with_a_reason(world: World) -> None:
    """By the course's own checksum; an app does it as well as a person, under its own id."""
    write_plan(world)

    async def story(service, person) -> None:
        app = program(service, person, HR, idtyp="app", azp="lille-program", name="", preferred_username="", email="")
        (course,) = (await app.get(f"{PLAN}/changes")).json()["courses"]
        unknown = await app.post(f"{PLAN}/approvals", checksum=course["checksum"], courses=["findes-ikke"], decision="reject")
        assert is_problem(unknown, 409, "approval_course_unknown")
        given = await app.post(
            f"{PLAN}/approvals", checksum=course["checksum"], courses=[course["course"]], decision="reject", reason="Nej"
        )
        assert given.json()["decisions"][0]["state"] == "rejected"
        assert (await app.get("/api/v1/me")).json() == {
            "email": "", "name": "lille-program", "roles": ["Kursusbot.HR"], "registrations": [],
        }  # fmt: skip

    at_the_desk(world, story)
    (row,) = world.run("approvals", "--format", "json").json
    assert (row["by"], row["state"]) == ("lille-program", "rejected")


def seats_plan(world: World) -> None:
    course = make_course("kursus", offerings=HOLD, enrolment={"mode": "choose", "capacity": 1})
    world.write(make_plan(course, audiences=people(ANNA, BO)))
    world.sync()


def test_a_seat_is_given_taken_and_moved_and_what_is_refused_says_why(world: World) -> None:
    """The books decide at once, calendar and mail follow; a repeated request changes nothing."""
    seats_plan(world)

    async def story(service, person) -> None:
        hr = program(service, person, HR)
        seat = {"course": "kursus", "email": ANNA}
        enrolled = await hr.post(f"{PLAN}/seats", action="enrol", offering="hold-1", **seat)
        assert enrolled.status_code == 200, enrolled.text
        assert next(one for one in enrolled.json()["moves"] if one["cause"] == "enrolled") | {"from": ""} == {
            "course": "kursus", "offering": "hold-1", "email": ANNA, "from": "", "to": "registered", "cause": "enrolled",
        }  # fmt: skip
        assert is_problem(await hr.post(f"{PLAN}/seats", action="enrol", offering="hold-1", **seat), 409, "nothing_to_do")
        full = await hr.post(f"{PLAN}/seats", action="enrol", course="kursus", offering="hold-1", email=BO)
        assert is_problem(full, 409, "full")
        assert (await hr.post(f"{PLAN}/seats", action="move", offering="hold-2", **seat)).status_code == 200
        rows = (await hr.get(f"{PLAN}/registrations", course="kursus")).json()["items"]
        assert {(row["offering"], row["status"]) for row in rows if row["email"] == ANNA and row["status"] == "registered"} == {
            ("hold-2", "registered")
        }
        assert (await hr.post(f"{PLAN}/seats", action="withdraw", **seat)).status_code == 200
        for wrong, code in (
            ({"email": "ingen@norddjurs.example", "action": "withdraw", "course": "kursus"}, "person_unknown"),
            ({"email": ANNA, "action": "enrol", "course": "findes-ikke"}, "course_unknown"),
            ({"email": ANNA, "action": "enrol", "course": "kursus"}, "offering_needed"),
            ({"email": "ingen@norddjurs.example", "action": "enrol", "course": "kursus", "offering": "hold-1"}, ""),
        ):
            assert is_problem(await hr.post(f"{PLAN}/seats", **wrong), 409, code)

    at_the_desk(world, story)
    acts = [(line["command"], line["by"], line["door"]) for line in world.run("actions", "--format", "json").json if line["door"] == "api"]
    assert {(word, HR.address, "api") for word in ("enrol", "move", "withdraw", "registrations")} == {*acts}


def test_a_list_comes_in_pieces_each_row_once_and_no_cursor_names_anybody(world: World) -> None:
    """Also where rows come between two pieces."""
    write_plan(world)
    seats_plan(world)

    async def story(service, person) -> None:
        reader = program(service, person, READER)
        whole = (await reader.get(f"{PLAN}/registrations")).json()["items"]
        assert len(whole) > 2
        found, cursor = [], ""
        while cursor is not None:
            piece = (await reader.get(f"{PLAN}/registrations", limit=1, cursor=cursor)).json()
            found += piece["items"]
            cursor = piece["next"]
            assert "@" not in (cursor or "")
        assert found == whole
        for wrong in ("x", "1.x", "1.", "-1." + "a" * 32, "9" * 40 + "." + "a" * 32, "1." + "æ" * 32):
            assert is_problem(await reader.get(f"{PLAN}/registrations", cursor=wrong), 422, "bad_cursor")
        for wrong in (0, -1, 501, "x"):
            assert is_problem(await reader.get(f"{PLAN}/registrations", limit=wrong), 422, "unusable")

    at_the_desk(world, story)


BAD_CLAIMS: tuple[tuple[str, object], ...] = (
    ("iss", "https://login.andre.example"), ("iss", None), ("aud", "another-app"), ("aud", None), ("aud", ["another-app"]), ("exp", 1),
    ("exp", None),
    ("exp", "x"), ("nbf", 99999999999), ("sub", None), ("sub", ""), ("sub", 7),
)  # fmt: skip


def test_a_token_that_is_not_for_us_is_refused_whatever_is_wrong_with_it(world: World) -> None:
    """Also one that nobody signed, and one signed with what is public; and no cookie counts."""
    write_plan(world)

    async def story(service, person) -> None:
        for claim, value in BAD_CLAIMS:
            asked = program(service, person, HR, **{claim: value})
            answer = await asked.get("/api/v1/me")
            assert is_problem(answer, 401, "bad_token"), (claim, value)
            assert answer.headers["www-authenticate"] == 'Bearer realm="kursusbot", error="invalid_token"'
        good = person.token(HR)
        header, claims, signature = good.split(".")
        for forged in (
            f"eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}.", f"{header}.{claims}.", f"{header}.{claims}.{signature[:-4]}AAAA",
            "x", "a.b.c", f"{header}.{claims[:-2]}.{signature}", "æ" * 3, "A" * 20000 + ".a.b",
        ):  # fmt: skip
            headers = {"Authorization": f"Bearer {forged}".encode()}
            async with httpx.AsyncClient(base_url=service.settings.web.base_url, headers=headers) as client:
                answer = await client.get("/api/v1/me")
            assert answer.status_code in {400, 401}, (forged[:20], answer.status_code)
        nobody = program(service, person)
        answer = await nobody.get("/api/v1/me")
        assert is_problem(answer, 401, "no_token")
        assert answer.headers["www-authenticate"] == 'Bearer realm="kursusbot"'
        hr = await person(HR)
        assert (await asyncio.to_thread(hr.browser.get, "/api/v1/me")).status_code == 401
        for audience in ("kursusbot", "api://kursusbot", ["another-app", "kursusbot"]):
            assert (await program(service, person, HR, aud=audience).get("/api/v1/me")).status_code == 200

    at_the_desk(world, story)


def test_everything_that_goes_wrong_is_a_problem(world: World) -> None:
    """Whatever the address, the method and the body; nothing of what was sent is repeated."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = program(service, person, HR)
        assert is_problem(await hr.get("/api/v1/findes-ikke"), 404, "no_address")
        assert is_problem(await hr.get("/api/"), 404, "no_address")
        assert is_problem(await hr.post(f"{PLAN}/changes"), 405, "no_method")
        assert is_problem(await hr.get("/api/v1/plans/findes-ikke/courses"), 404, "no_plan")
        assert is_problem(await hr.get(f"{PLAN}/courses/findes-ikke"), 404, "no_course")
        assert is_problem(await hr.get(f"{PLAN}/registrations", course="findes-ikke"), 404, "no_course")
        for body in (
            {}, {"checksum": "x"}, {"checksum": 7, "decision": "approve"}, {"checksum": "x", "decision": "slet"},
            {"checksum": "x", "decision": "approve", "courses": []}, {"checksum": "x", "decision": "approve", "hemmeligt": 1},
            {"checksum": "\ud800", "decision": "approve"}, {"checksum": "x", "decision": "reject", "reason": "a" * 1001},
        ):  # fmt: skip
            answer = await hr._ask("POST", f"{PLAN}/approvals", content=json.dumps(body).encode(), headers=None)
            assert is_problem(answer, 422, "unusable"), body
            assert 'hemmeligt": 1' not in answer.text
        too_large = await hr._ask("POST", f"{PLAN}/approvals", content=b"x" * 300_000)
        assert is_problem(too_large, 413, "too_large")

        async def pieces():
            yield b"{}"

        assert is_problem(await hr._ask("POST", f"{PLAN}/approvals", content=pieces()), 411, "too_large")

    at_the_desk(world, story)
    assert world.events == {}


def test_who_asks_too_often_waits_whatever_address_they_ask_from(world: World) -> None:
    """By the person, so that one does not stop the others."""
    write_plan(world)

    async def story(service, person) -> None:
        hr, reader = program(service, person, HR), program(service, person, READER)
        answers = [await hr.get(f"{PLAN}/changes") for _ in range(14)]
        assert [answer.status_code for answer in answers][:3] == [200] * 3
        assert is_problem(answers[-1], 429, "too_many")
        assert answers[-1].headers["retry-after"] == "60"
        assert (await reader.get("/api/v1/plans")).status_code == 200

    at_the_desk(world, story)


def test_a_plan_that_cannot_be_read_any_more_says_why(world: World) -> None:
    """What was read last is served on."""
    write_plan(world)

    async def story(service, person) -> None:
        world.plan_file.write_text("version: 1\nid: demo\n", encoding="utf-8")
        await service.plans.look()
        director = program(service, person, DIRECTOR)
        (plan,) = (await director.get("/api/v1/plans")).json()["items"]
        assert {"severity", "code", "place", "line", "message"} <= plan["problems"][0].keys()
        assert (await director.get(f"{PLAN}/overview")).status_code == 200

    at_the_desk(world, story)


def test_somebody_reads_their_own_rows_and_no_others(world: World) -> None:
    """Without any role."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = program(service, person, HR)
        checksum = (await hr.get(f"{PLAN}/changes")).json()["checksum"]
        await hr.post(f"{PLAN}/approvals", checksum=checksum, decision="approve")
        await until(lambda: world.events != {})
        await run_job(service, "collect_responses")
        mine = (await program(service, person, leader(world)).get("/api/v1/me")).json()
        assert {(row["plan"], row["email"]) for row in mine["registrations"]} == {("demo", leader(world).address)}
        assert [(row["attendance"], row["attendance_by"]) for row in mine["registrations"]] == [({}, {})]

    at_the_desk(world, story)


def test_who_came_is_told_by_session_with_who_said_so_to_hr_and_to_the_person(world: World) -> None:
    """By the same keys as `registrations --format json`, and described."""
    write_plan(world)
    found: dict[str, Any] = {}

    async def story(service, person) -> None:
        hr, me = program(service, person, HR), leader(world).address
        checksum = (await hr.get(f"{PLAN}/changes")).json()["checksum"]
        await hr.post(f"{PLAN}/approvals", checksum=checksum, decision="approve")
        await until(lambda: world.events != {})
        await run_job(service, "collect_responses")
        rows = (await hr.get(f"{PLAN}/registrations")).json()["items"]
        row = next(one for one in rows if one["email"] == me)
        session = "dag"
        with open_stores(Settings(database_url=f"sqlite:///{world.database_file}")) as stores:
            for said, source, at in (("came", "self", 1), ("came", "door", 2)):
                word = AttendanceWord(
                    plan="demo", key=source, course=row["course"], offering=row["offering"], session=session, email=me,
                    said=AttendanceSaid(said), source=AttendanceSource(source), at=world.now.replace(minute=at), noted_at=world.now,
                )  # fmt: skip
                stores.attendance.add([word])
        found["document"] = (await hr.get("/api/v1/openapi.json")).json()
        found["session"], found["rows"] = session, (await hr.get(f"{PLAN}/registrations")).json()["items"]
        found["mine"] = (await program(service, person, leader(world)).get("/api/v1/me")).json()["registrations"]

    at_the_desk(world, story)
    told = [one for one in found["rows"] if one["attendance"]]
    assert [one["attendance_by"] for one in told] == [{found["session"]: "door"}]
    assert [(one["status"], one["attendance"]) for one in told] == [("attended", {found["session"]: "attended"})]
    assert {key: found["mine"][0][key] for key in told[0]} == told[0]
    described = found["document"]["components"]["schemas"]["RegistrationRow"]
    assert {"attendance", "attendance_by"} <= {*described["required"]} & {*described["properties"]}


def test_what_does_not_answer_is_told_and_can_be_tried_again(world: World) -> None:
    """503, with when."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = program(service, person, HR)
        world.tenant.faults.add(path="/events", status=503, times=None)
        answer = await hr.get(f"{PLAN}/changes")
        assert is_problem(answer, 503, "microsoft_silent")
        assert answer.headers["retry-after"] == "30"

    at_the_desk(world, story)
