"""`dates`, as HR asks and is answered: people's calendars, speakers, rooms, several offerings, and what to write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from bot.plan import parse_plan
from bot.plan.workbook_writer import render_workbook
from bot.sandbox.municipality import ROOMS
from tests.e2e.date_world import NAMES, SAL_1, SAL_2, JsonObject, arrange, ask, holds, rows, schedule_requests, taken, undated, whens
from tests.e2e.driver import NOW, body_of, mail_of
from tests.e2e.plans import make_course, make_plan, make_session, people

if TYPE_CHECKING:
    from tests.e2e.driver import World

ROW_KEYS = {"start", "end", "free", "busy", "unknown", "required_busy", "rooms", "reasons"}


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
    assert "Slet »period« dér." in page
    assert "Excel" not in page
    assert "anna" not in page.lower()


def test_who_sits_in_excel_is_told_the_cells_and_no_word_of_yaml(world: World) -> None:
    arrange(world, undated(), holds("hold-1", "hold-2", id="valg"))
    plan = parse_plan(world.plan_file.read_bytes(), name="plan.yaml", now=NOW).plan
    assert plan is not None
    (world.folder / "plan.xlsx").write_bytes(render_workbook(plan))
    page = ask(world, PLAN="plan.xlsx").out
    row = "Kursus talent · Session dag · Start 16-06-2025 kl. 08.30 · Slut 16-06-2025 kl. 11.30 · Sted Sal 2 · Adresse Rådhuset · Lokale"
    assert f"Skriv i planen, på arket »Sessioner«:\n  {row} {SAL_2}\nTøm »Periode« på de rækker.\n" in page
    assert "period" not in page
    assert "Kursus valg · Hold hold-2 · Session dag · Start 17-06-2025 kl. 08.30" in ask(world, course="valg", PLAN="plan.xlsx").out


def test_what_it_says_to_write_is_a_plan_in_order(world: World) -> None:
    """The proposal, put in the place of the session, passes `check` without a word about it."""
    arrange(world)
    written = re.search(r"  - (\{id: dag.*)", ask(world).out)
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
    assert "Write in the plan, for the session:\n  - {id: dag, start: 2025-06-16T08:30" in page


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


def test_the_plans_school_holidays_are_kept_clear_of(world: World) -> None:
    """In YAML and in Excel, whether or not other days are to be avoided as well."""
    arrange(world, school_holidays=["2025-06-17..2025-06-18", "2025-06-20"])
    assert {row["start"][8:10] for row in rows(world)} == {"16", "19"}
    plan = parse_plan(world.plan_file.read_bytes(), name="plan.yaml", now=NOW).plan
    assert plan is not None
    (world.folder / "plan.xlsx").write_bytes(render_workbook(plan))
    page = ask(world, "--avoid", "16-06-2025", PLAN="plan.xlsx").out
    assert "Ikke taget med: 3 dage i skoleferier, 1 dag, der skal undgås." in page
    assert "Start 19-06-2025" in page


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
    assert "  hold-2: - {id: dag, start: 2025-06-19T08:30" in page


def test_more_than_there_are_seats_for_are_not_put_on_one_date(world: World) -> None:
    """All can come on the 16th, one of them on the 19th too: with two seats each both dates are needed, and one is left over."""
    arrange(world, holds("hold-1", "hold-2", enrolment={"mode": "choose", "capacity": 2}))
    taken(world, "anna", "17-20")
    taken(world, "bo", "17-20")
    taken(world, "carl", "17-18", "20")
    taken(world, "dorte", "17-20")
    assert [row["start"][8:10] for row in rows(world)[:2]] == ["16", "19"]
    said = "Af de 4, der kan komme, er der kun plads til 3, når holdenes pladser og lokalernes størrelse tælles med."
    assert said in ask(world).out
    assert said in ask(world, "--format", "json").err


def test_the_offering_with_most_seats_gets_the_date_for_most(world: World) -> None:
    course = holds("hold-1", "hold-2")
    course["offerings"][0]["capacity"] = 1
    course["offerings"][1]["capacity"] = 3
    arrange(world, course)
    for who, spans in (("anna", ("16", "18-20")), ("bo", ("17-20",)), ("carl", ("17-20",)), ("dorte", ("17-20",))):
        taken(world, who, *spans)
    assert [(row["session"], row["start"][8:10]) for row in rows(world)[:2]] == [
        ("demo/talent/hold-1/dag", "17"),
        ("demo/talent/hold-2/dag", "16"),
    ]


def test_a_room_that_the_plan_names_holds_no_more_than_it_does(world: World) -> None:
    """400 people in a room of 60: with four there is room, with a smaller one there is not, and HR is told."""
    world.tenant.directory.add_room("Loftet", mail_of("loftet"), capacity=1)
    arrange(world, undated(venue={"name": "Loftet", "room": mail_of("loftet")}))
    assert "Lokalet har ikke plads til 4." in ask(world).out
    assert "ikke plads" not in ask(world, "--seats", "1").out
    course = holds("hold-1", "hold-2", venue={"name": "Loftet", "room": mail_of("loftet")})
    world.write(make_plan(course, audiences=people(*map(mail_of, NAMES))))
    assert "Af de 4, der kan komme, er der kun plads til 2," in ask(world).out


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


def test_contacts_of_the_audiences_groups_are_told_and_not_counted(world: World) -> None:
    """They have no account, so nobody can see when they are free."""
    group = mail_of("hold")
    world.tenant.directory.add_group("Hold", group)
    for name in ("ole", "pia"):
        world.tenant.directory.add_contact(name.title(), f"{name}@firma.example", groups=[group])
    arrange(world, audiences={"ledere": {"groups": [group]}})
    for name in NAMES:
        world.tenant.directory.join(group, mail_of(name))
    shown = ask(world).out
    assert "2 kontakter i adressebogen" in shown
    assert "firma.example" not in shown
