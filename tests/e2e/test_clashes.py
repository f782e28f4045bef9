"""Two things at once, told before anybody is mailed: in `check` what the plan says, in `preview` what the people say."""

from tests.e2e.plans import make_course, make_plan, make_session

PEOPLE = {
    "ledere": {"people": [{"email": f"p{number}@norddjurs.example"} for number in range(5)]},
    "mentorer": {"people": [{"email": f"p{number}@norddjurs.example"} for number in range(3, 9)]},
}
ROOM = {"name": "Sal 1", "room": "sal-1@norddjurs.example"}


def plan(world, *courses):
    world.write(make_plan(*courses, audiences=PEOPLE))


def test_an_edit_that_puts_people_in_two_places_is_told_before_anybody_is_mailed(world):
    """By who they are, at no further request; afterwards it is an old clash, told in one line, and gone when the plan is mended."""
    day, talk = make_course("lederdag"), make_course("mentormode", make_session(day="2025-06-19"), audience="mentorer")
    plan(world, day, talk)
    world.sync()
    before = world.preview()
    assert before.json["clashes"] == []

    talk = make_course("mentormode", make_session(start="11:00", end="14:00"), audience="mentorer")
    plan(world, day, talk)
    ran = world.preview()
    assert [(row["kind"], row["count"], row["made"], row["sessions"]) for row in ran.json["clashes"]] == [
        ("people", 2, True, ["demo/lederdag/main/dag", "demo/mentormode/main/dag"])
    ]
    assert (len(ran.requests), ran.mails) == (len(before.requests), ())
    shown = world.run("preview").out
    assert "Samtidig med »Lederdag« (onsdag den 18. juni 2025 kl. 09.00–12.00): 2 personer er inviteret til begge" in shown
    assert "p3@" not in shown

    world.sync()
    shown = world.run("preview").out
    assert "Fra før er der 1 sammenfald, som ikke ændres her: »Lederdag« og »Mentormode«" in shown
    plan(world, day, make_course("mentormode", make_session(start="12:00", end="14:00"), audience="mentorer"))
    assert world.preview().json["clashes"] == []


def test_check_tells_of_a_room_a_speaker_and_a_week_that_are_taken_twice(world):
    """Offline and with the line; the week by the setting."""
    speakers = [{"name": "Eva Holm", "email": "eva.holm@oplaeg.example"}]
    first = make_course("lederdag", venue=ROOM, speakers=speakers)
    second = make_course("mentormode", make_session(start="11:00", end="14:00"), audience="mentorer", venue=ROOM, speakers=speakers)
    third = make_course("efter", make_session(day="2025-06-20"))
    plan(world, first, second, third)
    ran = world.run("check", "--format", "json", COURSES_A_WEEK="1")
    assert (ran.code, ran.requests) == (0, ())
    told = {row["code"]: row["messages"]["da"] for row in ran.json["problems"]}
    assert set(told) == {"room.twice", "speaker.twice", "audience.busy_week"}
    assert told["speaker.twice"].startswith("Oplægsholderen Eva Holm er samtidig på lederdag/main/dag.")
    assert told["audience.busy_week"].startswith("Målgruppen »ledere« er på 2 kurser i uge 25 i 2025, og 1 er det meste (lederdag, efter).")
    assert "audience.busy_week" not in world.run("check", "--format", "json").out


def test_what_waits_says_what_it_clashes_with_wherever_it_is_told(world):
    """In the report and in the list of what waits, before anybody is mailed; who has said no is in one place only."""
    day, talk = make_course("lederdag"), make_course("mentormode", make_session(day="2025-06-19"), audience="mentorer")
    plan(world, day, talk)
    world.approve()
    world.answer("lederdag/dag", "p3@norddjurs.example", "decline")
    talk = make_course("mentormode", make_session(start="11:00", end="14:00"), audience="mentorer")
    plan(world, day, talk)
    ran = world.run("run", APPROVAL="plan", COURSES_A_WEEK="1")
    assert (ran.code, ran.mails) == (3, ())
    told = "Samtidig med »Lederdag« (onsdag den 18. juni 2025 kl. 09.00–12.00): 1 person er inviteret til begge"
    assert told in world.run("approvals", APPROVAL="plan").out
    (row,) = (one for one in world.run("approvals", "--format", "json").json if one["state"] == "waiting")
    assert [(one["kind"], one["count"], one["titles"]) for one in row["clashes"]] == [("people", 1, ["Lederdag"])]
    assert told in world.run("report", APPROVAL="plan").out


def test_a_week_that_a_new_course_makes_too_full_is_told_at_that_course(world):
    """By who the people are: two of the mentors are leaders as well."""
    plan(world, make_course("lederdag"), make_course("efter", make_session(day="2025-06-19")))
    world.sync()
    plan(
        world,
        make_course("lederdag"),
        make_course("efter", make_session(day="2025-06-19")),
        make_course("mentormode", make_session(day="2025-06-20"), audience="mentorer"),
    )
    assert "Uge 25" not in world.run("preview").out
    ran = world.run("preview", COURSES_A_WEEK="2")
    assert "    Uge 25 i 2025: 2 personer er på flere end 2 kurser (Lederdag, Efter, Mentormode)\n" in ran.out
    assert "uge 25" not in world.run("check", COURSES_A_WEEK="2").out
