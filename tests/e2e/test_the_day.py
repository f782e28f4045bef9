"""A day with sixty leaders: half check in with the code, ten are ticked by hand, three walk in, and the net is away for five minutes.

The afternoon is online, and Teams' report says who was there.
"""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.check_in import SessionPlace
from bot.domain.links import Grant, Purpose
from bot.links import check_in_word, person_link, room_code
from bot.sandbox.issuer import Account
from bot.sandbox.meeting_endpoints import hold_meeting
from tests.e2e.desk_driver import HR, SECRET, Person, at_the_desk
from tests.e2e.plans import make_course, make_plan, make_session

if TYPE_CHECKING:
    from tests.e2e.driver import World

LEADERS = [f"leder{number:02}.prove@norddjurs.example" for number in range(60)]
GROUP = "dagen@norddjurs.example"
AUDIENCES = {"ledere": {"name": "Alle ledere", "groups": [GROUP]}}
DOOR = "/courses/lederdag/door?plan=demo&offering=main&session=dag"
PLACE = SessionPlace(plan="demo", course="lederdag", offering="main", session="dag")
MORNING = "2025-06-18T08:50:00+02:00"


def caught_up(helper: Person, link: str) -> dict[str, str]:
    """What a phone kept for five minutes is sent, twice, because the answer was lost; the ids of the list by name."""
    door = helper.read(link)
    ids = {name: who for who, name in re.findall(r'data-who="([^"]+)".*?<span class="door-name">(Leder \d\d)', door, re.DOTALL)}
    away = (datetime.fromisoformat(MORNING) - timedelta(minutes=5)).isoformat()
    words = [{"key": f"t{at}", "said": "came", "who": ids[f"Leder {at:02}"], "at": away} for at in [*range(30, 40), 0]]
    words += [{"key": f"w{at}", "said": "came", "name": f"Gæst {at}", "at": away} for at in range(3)]
    proof, home = re.search(r'data-proof="([^"]+)"', door)[1], str(helper.browser.base_url).rstrip("/")
    for _ in range(2):
        sent = helper.browser.post(f"{link}/words", json={"proof": proof, "words": words}, headers={"Origin": home})
        assert (sent.json()["came"], sent.json()["expected"]) == (43, 60)
    return ids


def test_a_day_with_sixty_leaders(world: World) -> None:
    """Everybody counts once, whoever says it and however late a phone without a net tells; nobody is mailed for it."""
    added = [world.tenant.directory.add_person(f"Leder {number:02} Prøve", address) for number, address in enumerate(LEADERS)]
    signed_in = [
        Account(id=one.id, address=address, name=f"Leder {at:02}") for at, (one, address) in enumerate(zip(added, LEADERS, strict=True))
    ]
    world.tenant.directory.add_group("Dagen", GROUP, members=LEADERS)
    sessions = make_session("dag"), make_session("opsamling", start="13:00", end="15:00", online=True)
    rules = {"self_check_in": True, "threshold_minutes": 60}
    world.write(make_plan(make_course("lederdag", *sessions, attendance=rules), audiences=AUDIENCES))
    world.sync()
    for address in LEADERS:
        world.answer("lederdag/dag", address, "accept")
        world.answer("lederdag/opsamling", address, "accept")
    assert world.run("responses").code == 0
    world.move_clock(MORNING)
    mails = len(world.tenant.mail_log.mails)

    async def story(service, person) -> None:
        hr = await person(HR)
        shown = await asyncio.to_thread(hr.read, DOOR)
        home = str(hr.browser.base_url).rstrip("/")
        stranger, word = Person(home), check_in_word(SECRET, PLACE)
        landing = await asyncio.to_thread(stranger.read, f"/i/{word}")
        assert room_code(SECRET, PLACE) in landing
        assert not any(address in landing for address in LEADERS)
        # Six by their sign-in, and twenty-four on their own page with the code of the room.
        for account in signed_in[:6]:
            them = await person(account)
            page = await asyncio.to_thread(them.read, f"/me/here/{word}")
            assert "Du er tjekket ind" in (await asyncio.to_thread(them.send, f"/me/here/{word}", page)).text
        for one in added[6:30]:
            them = Person(home)
            grant = Grant(purpose=Purpose.PERSON, plan="demo", person=one.id, course="lederdag", made_at=world.now)
            link = person_link(SECRET, home, grant)
            page = await asyncio.to_thread(them.read, link)
            answer = await asyncio.to_thread(them.send, f"{link}/here", page, code=room_code(SECRET, PLACE))
            assert answer.status_code == 303
            them.browser.close()
        # The helper's phone had no net for five minutes: ten ticks, three walk-ins, and one of who is checked in already.
        link = re.search(r'href="(http[^"]+/d/[^"]+)"', shown)[1]
        helper = Person(home)
        ids = await asyncio.to_thread(caught_up, helper, link)
        for guest in (stranger, helper):
            guest.browser.close()
        # HR closes the list, and one who was late gets HR's word.
        shown = await asyncio.to_thread(hr.read, DOOR)
        await asyncio.to_thread(hr.send, DOOR, shown, said="closed")
        await asyncio.to_thread(hr.send, DOOR, shown, said="came", who=ids["Leder 59"])

    at_the_desk(world, story, also=tuple(signed_in[:6]))
    rows = world.registrations()
    here = [rows["lederdag", address]["attendance"].get("dag") for address in LEADERS]
    assert here == ["attended"] * 40 + ["no_show"] * 19 + ["attended"]
    logged = [one["by"] for one in world.run("actions", "--format", "json").json if one["command"] == "attendance"]
    assert sorted(one for one in logged if one in LEADERS) == LEADERS[:30]
    in_the_afternoon(world)
    assert len(world.tenant.mail_log.mails) == mails


def in_the_afternoon(world: World) -> None:
    """Forty-five stay to the end, some of them twice or by phone, five look in; nobody is asked anything."""

    def there(address: str, begin: str, end: str) -> dict[str, object]:
        return {"person": address, "times": [[f"2025-06-18T{begin}:00+02:00", f"2025-06-18T{end}:00+02:00"]]}

    stayed = [there(address, "12:55", "15:02") for address in LEADERS[:45]]
    phones = [there(address, "13:10", "13:20") for address in LEADERS[:5]]
    briefly = [there(address, "13:00", "13:10") for address in LEADERS[45:50]]
    held = {"start": "2025-06-18T12:55:00+02:00", "end": "2025-06-18T15:02:00+02:00"}
    hold_meeting(
        world.tenant, world.event("lederdag/opsamling"), held | {"people": [*stayed, *phones, *briefly, {"name": "Gæst fra nabokommunen"}]}
    )
    world.move_clock("2025-06-18T15:32:00+02:00")
    assert world.run("jobs", "run", "read_meetings").code == 0
    listed = world.registrations()
    rows = [listed["lederdag", address] for address in LEADERS]
    assert [one["attendance"].get("opsamling") for one in rows] == ["attended"] * 45 + ["no_show"] * 5 + [None] * 10
    assert {one["attendance_by"].get("opsamling") for one in rows} == {"teams", None}
    assert {one["attendance_by"]["dag"] for one in rows[:40]} == {"self", "door"}
    status = [one["status"] for one in rows]
    assert status == ["attended"] * 45 + ["no_show"] * 5 + ["registered"] * 9 + ["attended"], "nobody knows of who was not in the report"
