"""The overview from end to end: the plan as it is written, with the seats that the books know; nothing is asked of Graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.as_it_was import synced
from tests.e2e.plans import make_course, make_plan, make_session
from tests.e2e.seats import ANNA, BO, CARL, EVERYBODY, answer, begin, limited

if TYPE_CHECKING:
    from tests.e2e.driver import World

MONEY = {"pulje": {"name": "Puljen", "year": 2025, "amount": 100000, "reserved": {"kurser": 60000}}}


def test_the_overview_has_the_seats_of_the_books_and_no_name_and_asks_graph_nothing(world: World) -> None:
    begin(world, limited(1))
    answer(world, "kursus/main/dag", ANNA, "accept")
    world.run("responses")
    answer(world, "kursus/main/dag", BO, "accept")
    answer(world, "kursus/main/dag", CARL, "decline")
    world.run("responses")
    ran = world.run("overview", "--format", "json")
    (course,) = ran.json["courses"]
    assert course["seats"] == {
        "capacity": 1, "invited": 4, "registered": 1, "tentative": 0, "waitlisted": 1, "declined": 1, "unanswered": 1, "attended": None,
    }  # fmt: skip
    assert (ran.code, ran.requests, ran.mails) == (0, (), ())
    for form in ("text", "json", "html"):
        shown = world.run("overview", "--format", form)
        assert shown.code == 0
        assert not [email for email in EVERYBODY if email in shown.out]


def test_what_is_written_is_told_also_before_it_is_approved_and_nobody_comes_to_it_yet(desk: World) -> None:
    course = make_course(
        "nyt", make_session(day="2025-06-18"), funding=[{"pool": "pulje", "amount": 70000, "purpose": "kurser", "spent": 1000}]
    )
    grant = {"title": "Tilskud til DOL", "amount": 25000.5, "status": "committed"}
    desk.write(make_plan(course, funding={"pulje": {**MONEY["pulje"], "expenses": [grant]}}))
    ran = desk.run("overview", "--format", "json")
    (shown,), (pool,) = ran.json["courses"], ran.json["pools"]
    assert (shown["status"], shown["sessions"][0]["start"]) == ("approved", "2025-06-18T09:00:00+02:00")
    assert shown["funding"] == [{"pool": "pulje", "purpose": "kurser", "planned": "70000.00", "spent": "1000.00", "when": None}]
    assert (pool["planned"], pool["committed"], pool["spent"], pool["free"]) == ("95000.50", "94000.50", "1000.00", "4999.50")
    assert (pool["purposes"][0]["free"], pool["unreserved"]["free"]) == ("-10000.00", "14999.50")
    assert [one["by"] for one in pool["overspent"]] == ["purpose"]
    assert not desk.database_file.exists()


def test_what_a_seat_costs_is_shared_by_the_departments_that_the_directory_has(world: World) -> None:
    """Of those who have a seat; who came is not known, and nobody says that it is nobody."""
    directory = world.tenant.directory
    directory.add_group("Kursister", "kursister@norddjurs.example")
    for name, department in (("a", "Stab"), ("b", "Stab"), ("c", "Skole")):
        directory.add_person(f"Person {name}", f"{name}@norddjurs.example", "kursister@norddjurs.example", department=department)
    audience = {"ledere": {"groups": ["kursister@norddjurs.example"], "people": [{"email": ANNA}]}}
    world.write(make_plan(make_course("kursus", funding=[{"pool": "pulje", "amount": 100}]), audiences=audience, funding=MONEY))
    world.sync()
    for person in (ANNA, "a@norddjurs.example", "b@norddjurs.example"):
        answer(world, "kursus/main/dag", person, "accept")
    world.run("responses")
    (cost,) = world.run("overview", "--format", "json").json["courses"][0]["costs"]
    assert (cost["per_registered"], cost["per_seat"], cost["per_attended"]) == ("33.33", None, None)
    assert [(one["department"], one["registered"], one["amount"]) for one in cost["departments"]] == [
        (None, 1, "33.33"),
        ("Stab", 2, "66.67"),
    ]


def test_who_approves_a_course_that_nobody_can_pay_is_told_before_anybody_is_mailed(world: World) -> None:
    """By purpose, with the course that is new; afterwards before the changes; gone when the amounts are mended. Nothing more is asked."""
    old = make_course("gammel", funding=[{"pool": "pulje", "amount": 50000, "purpose": "kurser"}])
    synced(world, make_plan(old, funding=MONEY))
    quiet = world.preview()
    assert quiet.json["overspent"] == []

    new = make_course("ny", make_session(day="2025-06-19"), funding=[{"pool": "pulje", "amount": 20000, "purpose": "kurser"}])
    world.write(make_plan(old, new, funding=MONEY))
    ran = world.preview()
    assert [(row["by"], row["taken"], row["limit"], row["sessions"]) for row in ran.json["overspent"]] == [
        ("purpose", "70000.00", "60000.00", ["demo/ny/main/dag"])
    ]
    assert (len(ran.requests), ran.mails) == (len(quiet.requests), ())
    said = "Der er brug for 70.000 kr. til kurser i Puljen, men kun afsat 60.000 kr., så 10.000 kr. mangler."
    for form in ("text", "markdown"):
        shown = world.run("preview", "--format", form).out.replace("\u00a0", " ").replace("\\", "")
        assert f"Penge: {said} Ret beløbene i planen, eller find pengene, før I godkender." in shown

    world.sync()
    shown = world.run("preview").out.replace("\u00a0", " ")
    assert f"Penge: {said} Ret beløbene i planen, eller find pengene.\n" in shown
    # Whoever asks what a cancellation would do is told what it would leave.
    assert "Penge:" not in world.run("preview", "--if-cancelled", "ny").out
    world.write(make_plan(old, new, funding={"pulje": {**MONEY["pulje"], "reserved": {"kurser": 70000}}}))
    assert world.preview().json["overspent"] == []


def test_what_others_arrange_is_there_and_what_hr_notes_of_a_course_is_not(desk: World) -> None:
    course = make_course("miljoedag", status="listed", note="HR's egen note", case="25/117", tags=["Den attraktive arbejdsplads"])
    desk.write(make_plan(course))
    (shown,) = desk.run("overview", "--format", "json").json["courses"]
    assert (shown["status"], shown["case"], shown["tags"]) == ("listed", "25/117", ["Den attraktive arbejdsplads"])
    for form in ("text", "json", "html"):
        assert "HR's egen note" not in desk.run("overview", "--format", form).out


def test_an_open_decision_is_told_with_both_outcomes_and_a_decided_one_follows(desk: World) -> None:
    funding = [{"pool": "pulje", "amount": 40000, "when": "not midler"}]
    plan = make_plan(make_course("kursus", funding=funding), funding=MONEY, assumptions={"midler": "undecided"})
    desk.write(plan)
    ran = desk.run("overview", "--format", "json").json
    assert [(one["assumptions"], one["planned"]) for one in ran["pools"][0]["scenarios"]] == [
        ({"midler": True}, "0.00"),
        ({"midler": False}, "40000.00"),
    ]
    (decision,) = ran["decisions"]
    assert (decision["value"], [one["value"] for one in decision["outcomes"]]) == ("undecided", [True, False])
    desk.write({**plan, "assumptions": {"midler": True}})
    ran = desk.run("overview", "--format", "json").json
    assert (ran["pools"][0]["planned"], ran["pools"][0]["scenarios"], ran["courses"][0]["funding"]) == ("0.00", [], [])


def test_what_a_decision_was_before_is_remembered_by_each_sync_and_told(world: World) -> None:
    """From undecided to no, by whom and in which file; a plan that stays as it is adds nothing."""
    decided = {"value": False, "decided_by": "Direktionen", "decided_on": "2025-03-12", "case": "25/118"}
    for value in ("undecided", decided, decided):
        world.write(make_plan(make_course("kursus"), assumptions={"midler": value}))
        world.sync()
    (decision,) = world.run("overview", "--format", "json").json["decisions"]
    assert [(one["before"], one["value"], one["decided_by"], one["decided_on"], one["case"]) for one in decision["changes"]] == [
        ("undecided", False, "Direktionen", "2025-03-12", "25/118")
    ]
    assert "Hvad der er afgjort eller ændret undervejs" in world.run("overview").out


def test_years_are_chosen_and_a_file_is_written_whole(desk: World) -> None:
    later = make_course("naeste-aar", make_session(day="2026-02-03"))
    desk.write(make_plan(make_course("i-aar"), later))
    ran = desk.run("overview", "--year", "2026", "--format", "json")
    assert [one["course"] for one in ran.json["courses"]] == ["naeste-aar"]
    page = desk.folder / "oversigt.html"
    ran = desk.run("overview", "--year", "2025", "--year", "2026", "--format", "html", "--out", str(page))
    assert (ran.code, ran.out) == (0, "")
    assert "2025–2026" in page.read_text(encoding="utf-8")
    assert desk.run("overview", "--year", "toogtyve").code == 2
    for form, begins in (("pdf", b"%PDF-"), ("xlsx", b"PK")):
        file = desk.folder / f"oversigt.{form}"
        assert desk.run("overview", "--format", form, "--out", str(file)).code == 0
        assert file.read_bytes().startswith(begins)
        ran = desk.run("overview", "--format", form)
        assert (ran.code, ran.out) == (2, "")
        assert "--out" in ran.err


def test_a_plan_with_faults_has_no_overview(desk: World) -> None:
    desk.write(make_plan(make_course(audience="findes-ikke")))
    assert desk.run("overview").code == 2
