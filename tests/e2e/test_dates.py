"""`dates`, as HR asks and is answered: people's calendars, speakers, rooms, and everything that can go wrong on the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.municipality import ORGANISER, ROOMS
from tests.e2e.driver import body_of, mail_of
from tests.e2e.plans import make_course, make_plan, make_session, people

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World

ROW_KEYS = {"start", "end", "free", "busy", "unknown", "required_busy", "rooms", "reasons"}
PERIOD = ("--from", "2025-06-16", "--to", "2025-06-20")
NAMES = ("anna", "bo", "carl", "dorte")
SAL_1, SAL_2 = ROOMS
JsonObject = dict[str, Any]


def undated(identity: str = "talent", **changes: Any) -> JsonObject:
    return make_course(identity, {"id": "dag", "period": "2025-H1"}, **{"status": "proposed", **changes})


def holds(*names: str, **changes: Any) -> JsonObject:
    offerings = [{"id": name, "title": name.capitalize(), "sessions": [{"id": "dag", "period": "2025-H1"}]} for name in names]
    return make_course("talent", **{"status": "proposed", "enrolment": {"mode": "choose"}, "offerings": offerings, **changes})


def arrange(world: World, *courses: JsonObject, names: tuple[str, ...] = NAMES, **changes: Any) -> None:
    """Four people with calendars, and a plan for them."""
    for name in names:
        world.tenant.directory.add_person(name.title(), mail_of(name))
    world.write(make_plan(*(courses or (undated(),)), **{"audiences": people(*map(mail_of, names)), "holidays": "DK", **changes}))


def taken(world: World, who: str, *spans: str, status: str = "busy") -> None:
    """Each span as `16 09:00-12:00` or, for whole days, `16` or `16-18`; June 2025."""
    user = world.tenant.directory.find_user(mail_of(who))
    assert user is not None
    for one in spans:
        day, _, hours = one.partition(" ")
        first, _, last = day.partition("-")
        if hours:
            start, end = (f"2025-06-{day}T{hour}:00+02:00" for hour in hours.split("-"))
            item = {"start": start, "end": end, "status": status}
        else:
            item = {"day": f"2025-06-{first}", "last": f"2025-06-{last or first}", "status": status}
        world.tenant.free_busy.add(user.id, [item])


def ask(world: World, *options: str, course: str = "talent", length: str = "3h", code: int = 0) -> Ran:
    ran = world.run("dates", course, *PERIOD, "--length", length, *options)
    assert ran.code == code, ran.err
    return ran


def rows(world: World, *options: str, **changes: Any) -> list[JsonObject]:
    found: list[JsonObject] = ask(world, "--format", "json", *options, **changes).json
    return found


def whens(found: list[JsonObject]) -> list[str]:
    return [row["start"][8:16].replace("T", " ") for row in found]


def schedule_requests(ran: Ran) -> list[Any]:
    return [entry for entry in ran.requests if entry.path.endswith("/getSchedule")]


def test_the_best_time_of_every_half_day_comes_first_with_what_speaks_against_the_others(world: World) -> None:
    arrange(world)
    taken(world, "anna", "16-18")
    taken(world, "bo", "19 08:00-10:00")
    found = rows(world)
    assert whens(found)[:4] == ["19 10:00", "19 12:00", "20 08:30", "20 12:00"]
    assert whens(found)[4:] == ["16 08:30", "16 12:00", "17 08:30", "17 12:00", "18 08:30", "18 12:00"]
    assert all(row.keys() >= ROW_KEYS for row in found)
    assert found[0] == {
        "start": "2025-06-19T10:00:00+02:00",
        "end": "2025-06-19T13:00:00+02:00",
        "free": 4,
        "busy": 0,
        "unknown": 0,
        "required_busy": 0,
        "required_unknown": 0,
        "rooms": [{"email": SAL_2, "free": True}, {"email": SAL_1, "free": True}],
        "reasons": [],
        "session": "demo/talent/main/dag",
    }
    assert (found[4]["free"], found[4]["busy"], found[4]["reasons"]) == (3, 1, ["1 af 4 er optaget"])


def test_nothing_is_written_and_no_database_is_made(world: World) -> None:
    arrange(world)
    ran = ask(world)
    assert (ran.writes, ran.mails) == ((), ())
    assert len(schedule_requests(ran)) == 1
    assert not world.database_file.exists()


def test_the_page_says_what_to_write_and_why_not_other_days(world: World) -> None:
    arrange(world, undated(), make_course("lederdag", make_session(day="2025-06-17")))
    taken(world, "anna", "16")
    page = ask(world, "--avoid", "19-06-2025").out
    assert page.startswith(
        "Datoer til »Talent«, 3 timer\nFra mandag den 16. juni 2025 til fredag den 20. juni 2025, mellem kl. 08.30 og kl. 16.00\n"
    )
    assert re.search(r"1  onsdag den 18\. juni 2025 kl\. 08\.30–11\.30 +4 +0 +0  " + SAL_2, page)
    assert "Ikke taget med: 1 dag, der skal undgås, 1 dag, hvor målgruppen er på et andet kursus eller hold." in page
    assert "Målgruppen skal også til: Lederdag." in page
    assert (
        f'{{id: dag, start: 2025-06-18T08:30, end: 2025-06-18T11:30, venue: {{name: "Sal 2", address: "Rådhuset", room: {SAL_2}}}}}' in page
    )
    assert f"Session dag · Start 18-06-2025 kl. 08.30 · Slut 18-06-2025 kl. 11.30 · Sted Sal 2 · Adresse Rådhuset · Lokale {SAL_2}" in page
    assert "anna" not in page.lower()


def test_what_it_says_to_write_is_a_plan_in_order(world: World) -> None:
    """The proposal, put in the place of the session, passes `check` without a word about it."""
    arrange(world)
    written = re.search(r"YAML:  (.*)", ask(world).out)
    assert written is not None
    plan = world.plan_file.read_text(encoding="utf-8")
    world.plan_file.write_text(re.sub(r"- id: dag\n    period: 2025-H1", f"- {written[1]}", plan), encoding="utf-8")
    assert written[1] in world.plan_file.read_text(encoding="utf-8")
    checked = world.run("check", "--format", "json").json
    assert checked == {"ok": True, "problems": []}


def test_in_english_for_who_reads_english(world: World) -> None:
    arrange(world, language="en")
    page = ask(world).out
    assert page.startswith("Dates for “Talent”, 3 hours\n")
    assert "sheet Sessions: Course talent · Session dag · Start 16-06-2025 kl. 08.30" in page


def test_a_speaker_with_an_address_and_who_is_named_have_to_be_free_first(world: World) -> None:
    arrange(world, undated(speakers=[{"name": "Taler", "email": mail_of("taler")}, {"name": "Gæst"}]))
    for name in ("taler", "chef"):
        world.tenant.directory.add_person(name.title(), mail_of(name))
    taken(world, "taler", "16-19")
    taken(world, "chef", "20 08:00-12:00")
    taken(world, "anna", "20")
    found = rows(world, "--required", mail_of("chef"))
    assert [(whens([row])[0], row["required_busy"], row["busy"]) for row in found[:2]] == [("20 12:00", 0, 1), ("16 08:30", 1, 0)]
    assert found[1]["reasons"] == ["1 af 2, der skal med, er optaget"]


def test_a_calendar_that_cannot_be_read_is_not_known_and_never_free(world: World) -> None:
    """Errors for an address, rows that are missing, items that are null, a status that says it does not know."""
    arrange(world)
    free_busy = world.tenant.free_busy
    free_busy.errors[mail_of("anna")] = "5009"
    free_busy.left_out.add(mail_of("bo"))
    free_busy.null_items.add(mail_of("carl"))
    taken(world, "dorte", "16", status="unknown")
    found = rows(world)
    assert {(row["free"], row["busy"], row["unknown"]) for row in found if "-06-16" not in row["start"]} == {(1, 0, 3)}
    assert {(row["free"], row["busy"], row["unknown"]) for row in found if "-06-16" in row["start"]} == {(0, 0, 4)}
    assert "3 personers kalendere kan slet ikke ses" in ask(world).out


def test_unknown_stands_between_free_and_busy(world: World) -> None:
    arrange(world, names=("anna",))
    taken(world, "anna", "16", "18-20")
    taken(world, "anna", "17", status="unknown")
    assert whens(rows(world, "--no-room"))[:2] == ["17 08:30", "17 12:00"]


def test_tentative_and_away_are_busy_and_working_elsewhere_is_not(world: World) -> None:
    arrange(world, names=("anna",))
    for day, status in (("16", "tentative"), ("17", "oof"), ("18", "workingElsewhere"), ("19", "free"), ("20", "busy")):
        taken(world, "anna", day, status=status)
    assert {row["start"][8:10]: row["free"] for row in rows(world)} == {"16": 0, "17": 0, "18": 1, "19": 1, "20": 0}


def test_one_room_is_enough_and_the_smallest_that_will_do_is_proposed(world: World) -> None:
    arrange(world)
    taken(world, SAL_2, "16")
    taken(world, SAL_1, "16-17")
    found = rows(world)
    assert whens(found)[:2] == ["17 08:30", "17 12:00"]
    assert whens(found)[-2:] == ["16 08:30", "16 12:00"]
    assert found[-1]["reasons"] == ["Intet af lokalerne er ledigt"]


def test_rooms_are_chosen_by_seats_and_by_what_is_in_them(world: World) -> None:
    arrange(world)
    world.tenant.directory.add_room("Loftet", mail_of("loftet"), capacity=100, tags=["Tavle"], display_device="Projektor")

    def asked(*options: str) -> list[str]:
        return [room["email"] for room in rows(world, *options)[0]["rooms"]]

    assert asked("--seats", "61") == [mail_of("loftet"), SAL_1]
    assert asked("--equipment", "tavle", "--equipment", "projektor") == [mail_of("loftet")]
    assert asked("--room", SAL_1) == [SAL_1]
    assert asked("--no-room") == []
    page = ask(world, "--seats", "500").out
    assert "Intet lokale har plads til 500" in page


@pytest.mark.parametrize(
    ("changes", "rooms"),
    [
        ({"venue": {"name": "Rådhuset", "room": SAL_1}}, [SAL_1]),
        ({"venue": {"name": "Kulturhuset"}}, []),
        ({"online": True}, []),
        ({"enrolment": {"mode": "invite", "capacity": 100}}, [SAL_1]),
    ],
)
def test_the_plan_says_which_rooms_are_looked_at(world: World, changes: JsonObject, rooms: list[str]) -> None:
    arrange(world, undated(**changes))
    ran = ask(world, "--format", "json")
    assert [room["email"] for room in ran.json[0]["rooms"]] == rooms
    # A room that stands in the plan already need not be written again.
    assert ("venue" in ask(world).out) == ("enrolment" in changes)


def test_several_offerings_get_dates_that_reach_most_together(world: World) -> None:
    """Anna can only come on the 16th; of the days on which all the others can, the one that Bo can too is better."""
    arrange(world, holds("hold-1", "hold-2"))
    for who, spans in (("anna", ("17-20",)), ("bo", ("17-18", "20")), ("carl", ("16-17", "20")), ("dorte", ("16-17", "20"))):
        taken(world, who, *spans)
    found = rows(world)
    assert [(row["session"], row["start"][8:10]) for row in found[:2]] == [
        ("demo/talent/hold-1/dag", "16"),
        ("demo/talent/hold-2/dag", "19"),
    ]
    assert {row["session"] for row in found[2:]} == {None}
    page = ask(world).out
    assert "Forslag: 4 af 4 kan komme til mindst ét af holdene" in page
    assert "Kursus talent · Hold hold-2 · Session dag · Start 19-06-2025 kl. 08.30" in page


def test_two_offerings_are_never_put_on_one_day(world: World) -> None:
    arrange(world, holds("hold-1", "hold-2"))
    page = world.run("dates", "talent", "--from", "2025-06-16", "--to", "2025-06-16", "--length", "3h").out
    assert "Der er kun dage til 1 af 2 hold" in page
    dated = holds("hold-1", "hold-2")
    dated["offerings"][0]["sessions"] = [make_session(day="2025-06-16")]
    world.write(make_plan(dated, audiences=people(*map(mail_of, NAMES))))
    assert {row["start"][8:10] for row in rows(world)} == {"17", "18", "19", "20"}
    assert {row["session"] for row in rows(world, course="talent/hold-2")} == {"demo/talent/hold-2/dag"}


def test_people_of_another_course_are_there_and_not_free_whatever_their_calendars_say(world: World) -> None:
    """A day with another course for the same audience is left out; who only shares it is busy in its hours."""
    audiences = people(*map(mail_of, NAMES)) | {"tr": {"people": [{"email": mail_of("bo")}]}}
    other = make_course("tr-dag", make_session(day="2025-06-16", start="09:00", end="12:00"), audience="tr", status="save_the_date")
    arrange(world, undated(), other, audiences=audiences)
    by_start = {row["start"][8:16]: row["busy"] for row in rows(world)}
    assert (by_start["16T08:30"], by_start["16T12:00"]) == (1, 0)


def test_a_group_is_read_and_its_people_are_asked_about_twenty_at_a_time(make_world: Any) -> None:
    """45 people and two rooms over three months: three calls a window, at most four at a time, each as Microsoft describes it."""
    world = make_world(leaders=40)
    world.write(make_plan(undated(), holidays="DK"))
    ran = world.run("dates", "talent", "--from", "2025-04-01", "--to", "2025-06-30", "--length", "2h", "--format", "json")
    assert ran.code == 0, ran.err
    bodies = [body_of(entry) for entry in schedule_requests(ran)]
    asked = {address for body in bodies for address in body["schedules"]}
    assert len(bodies) == 2 * -(-len(asked) // 20)
    assert max(len(body["schedules"]) for body in bodies) == 20
    assert ran.json[0]["free"] + ran.json[0]["busy"] + ran.json[0]["unknown"] == len(asked) - len(ROOMS)


def test_throttled_lost_and_failed_answers_are_asked_for_again(world: World) -> None:
    arrange(world)
    taken(world, "anna", "16-19")
    calm = rows(world)
    for fault in ({"status": 429, "retry_after": "0"}, {"status": 503, "retry_after": "0"}, {"drop": True, "when": "after"}):
        world.tenant.faults.add(method="POST", path="getSchedule", **fault)
        assert rows(world) == calm
    world.tenant.faults.add(method="GET", path="/places", status=429, retry_after="0")
    assert rows(world) == calm


def test_when_nobody_can_be_asked_about_no_date_is_guessed(world: World) -> None:
    arrange(world)
    world.tenant.faults.add(method="POST", path="getSchedule", status=403, times=None)
    ran = ask(world, code=4)
    assert (ran.out, "Calendars" in ran.err) == ("", True)


def test_without_the_right_to_see_rooms_it_goes_on_and_says_so(world: World) -> None:
    arrange(world)
    world.tenant.faults.add(method="GET", path="/places", status=403, code="Authorization_RequestDenied", times=None)
    ran = ask(world, "--format", "json")
    assert ran.json[0]["rooms"] == []
    assert "Place.Read.All" in ran.err
    assert "Place.Read.All" in ask(world, "--seats", "10", code=4).err


def test_an_audience_that_is_not_known_has_no_dates(world: World) -> None:
    world.tenant.directory.add_group("Tom", mail_of("tom"))
    world.write(make_plan(undated(audience="tom"), audiences={"tom": {"groups": [mail_of("tom")]}}))
    assert mail_of("tom") in ask(world, code=2).err
    world.write(make_plan(undated(audience="væk"), audiences={"væk": {"groups": [mail_of("findes-ikke")]}}))
    assert "findes-ikke" in ask(world, code=4).err


def test_who_has_no_address_is_told_and_not_counted(world: World) -> None:
    world.write(make_plan(undated()))
    assert "1 i målgruppen har ingen mailadresse" in ask(world).out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("andet",), "Kendte kurser: talent"),
        (("talent/hold-9",), "Det har: main"),
        (("talent", "--session", "aften"), "Der er: dag"),
        (("talent", "--from", "2025-06-21"), "Byt dem om"),
        (("talent", "--from", "2025-01-01", "--to", "2025-02-01"), "er gået"),
        (("talent", "--to", "2027-06-21"), "højst 366 dage"),
        (("talent", "--from", "i morgen"), "»i morgen« til --from er ikke en dato"),
        (("talent", "--avoid", "2025-06-20..2025-06-16"), "Byt dem om"),
        (("talent", "--length", "længe"), "Skriv 3h, 90m eller 1h30m"),
        (("talent", "--length", "0h"), "ikke en varighed"),
        (("talent", "--length", "9h"), "mellem 08:30 og 16:00"),
        (("talent", "--earliest", "25:00"), "ikke et klokkeslæt"),
        (("talent", "--latest", "sent"), "ikke et klokkeslæt"),
        (("talent", "--no-room", "--seats", "4"), "--no-room passer ikke"),
        (("tom",), "har ingen i sin målgruppe"),
    ],
)
def test_a_question_that_cannot_be_asked_says_how_to_ask_it(world: World, arguments: tuple[str, ...], said: str) -> None:
    courses = [undated()] if arguments != ("tom",) else [undated("tom", audience="tom")]
    audiences = people(*map(mail_of, NAMES)) | {"tom": {"people": [{"email": ORGANISER}]}}
    arrange(world, *courses, audiences=audiences)
    given = dict(zip(("--from", "--to", "--length"), ("2025-06-16", "2025-06-20", "3h"), strict=True))
    options = [part for name, value in given.items() if name not in arguments for part in (name, value)]
    ran = world.run("dates", *arguments, *options)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_several_undated_sessions_are_asked_about_by_name(world: World) -> None:
    parts = [{"id": "del-1", "period": "2025-H1"}, make_session("del-2", day="2025-06-18"), {"id": "del-3", "period": "2025-H1"}]
    arrange(world, make_course("talent", *parts, status="proposed"))
    assert "del-1, del-3" in ask(world, code=2).err
    found = rows(world, "--session", "del-3")
    assert {row["session"] for row in found} == {"demo/talent/main/del-3"}
    # The part that has its date, on the 18th from nine to twelve, stands in the way of that morning only.
    assert [row["start"][11:16] for row in found if "-06-18" in row["start"]] == ["12:00"]


def test_a_session_that_has_a_date_can_get_another(world: World) -> None:
    arrange(world, make_course("talent", make_session(day="2025-06-18")))
    assert "Alle mødegange har allerede en dato: dag" in ask(world, code=2).err
    page = ask(world, "--session", "dag").out
    assert "Mødegangen har allerede en dato" in page
    assert "period" not in page


def test_a_period_without_a_working_day_has_no_dates_and_says_why(world: World) -> None:
    arrange(world)
    ran = world.run("dates", "talent", "--from", "07-06-2025", "--to", "09-06-2025", "--length", "90m")
    assert (ran.code, schedule_requests(ran)) == (0, [])
    assert "Der er ingen tider tilbage" in ran.out
    assert "Ikke taget med: 2 dage i weekender, 1 helligdag eller lukkedag." in ran.out
    assert world.run("dates", "talent", "--from", "07-06-2025", "--to", "09-06-2025", "--length", "90m", "--format", "json").json == []


def test_all_day_entries_are_days_of_the_plans_zone(world: World) -> None:
    """Midnight in Copenhagen is the evening before in UTC: the day after a day off is free from its first hour."""
    arrange(world, names=("anna",))
    taken(world, "anna", "16-18")
    found = rows(world, "--earliest", "00:00", "--latest", "23:30")
    assert (whens(found)[0], found[0]["free"]) == ("19 00:00", 1)


def test_the_hours_can_be_others_and_no_more_is_shown_than_asked_for(world: World) -> None:
    arrange(world)
    found = rows(world, "--earliest", "17.00", "--latest", "21:00", "--most", "2", length="2t")
    assert whens(found) == ["16 17:00", "17 17:00"]
