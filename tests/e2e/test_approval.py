"""Nothing that follows from an edited plan reaches anybody before a person has approved it; the world goes on meanwhile."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from bot.store.answers import SqlAnswerLog
from tests.e2e.approval import LEADERS, MANY, SIX, approve, approve_all, courses_of, run, states, waiting
from tests.e2e.as_it_was import synced
from tests.e2e.driver import mail_of
from tests.e2e.plans import make_course, make_plan, make_session, people, some_courses

if TYPE_CHECKING:
    from bot.domain.registrations import Answer
    from tests.e2e.driver import World

pytestmark = pytest.mark.usefixtures("every_change_waits")


def test_a_new_course_waits_until_it_is_approved(world: World) -> None:
    world.write(make_plan(make_course(), audiences=people(*SIX)))
    first = run(world, code=3)
    assert (first.writes, first.mails) == ((), ())
    assert "Venter på din godkendelse" in first.out
    (row,) = waiting(world)
    assert (row["course"], row["mails"], row["people"], row["reasons"]) == ("lederdag", 6, 6, ["plan"])
    assert (row["by"], row["at"], row["door"]) == (None, None, None)
    said = approve(world, row["checksum"], "--by", "Birthe", "--reason", "Set på mødet")
    assert "Godkendt: Lederdag." in said.out
    assert run(world, code=0).people_mailed.total() == 6
    assert world.run("approvals", "--format", "json").json == [
        row | {"state": "done", "by": "Birthe", "door": "cli", "comment": "Set på mødet", "at": "2025-03-03T08:00:00Z"}
    ]
    assert run(world, code=0).mails == ()
    again = approve(world, row["checksum"], code=3)
    assert "ikke noget, der venter" in again.out + again.err


def test_lists_and_reminders_follow_what_was_approved_while_something_waits(world: World) -> None:
    """A new name, a cancellation and a course that is gone are no news yet."""
    rule = {"id": "praktisk", "before": "start", "days": 7, "at": "09:00", "to": "everyone", "channels": ["mail"], "template": "practical"}
    synced(world, make_plan(make_course(), make_course("andet"), audiences=people(*SIX), reminders=[rule]))
    before = world.run("registrations").out
    coming = world.run("reminders", "--format", "json", "--due-before", "2030-01-01").json
    changed = make_course(status="cancelled", title="Et nyt navn")
    world.write(make_plan(changed, audiences=people(*SIX), reminders=[rule]))
    run(world, code=3)
    assert world.run("registrations").out == before
    assert world.run("registrations", "andet").code == 0
    assert world.run("reminders", "--format", "json", "--due-before", "2030-01-01").json == coming != []
    approve_all(world)
    run(world, code=0)
    assert world.run("registrations").out != before


def test_what_waits_is_decided_by_both_plans_from_books_that_were_read_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan as written and what of it may go are two decisions about the same rows."""
    synced(world, make_plan(make_course(), make_course("andet"), audiences=people(*SIX)))
    world.write(make_plan(make_course(title="Et nyt navn"), make_course("andet"), audiences=people(*SIX)))
    read: list[str] = []
    load = SqlAnswerLog.load_answers

    def counted(self: SqlAnswerLog, plan: str, *, course: str | frozenset[str] | None = None) -> tuple[Answer, ...]:
        read.append(plan)
        return load(self, plan, course=course)

    monkeypatch.setattr(SqlAnswerLog, "load_answers", counted)
    assert {row["approval"] for row in world.preview().json["courses"]} == {"needed"}
    assert len(read) == 1


def test_the_services_log_says_how_many_courses_wait_and_since_when(world: World) -> None:
    """Also when it looks again later."""
    world.write(make_plan(make_course(), audiences=people(*SIX)))
    run(world, code=3)
    world.move_clock("2025-03-03T11:00:00+01:00")
    ran = world.run("jobs", "run", "sync_plan")
    assert ran.code == 3
    assert "waiting_courses=1 waiting_mails=6 waiting_since=2025-03-03T08:00:00Z" in ran.err


def test_the_whole_difference_is_approved_by_its_checksum_or_a_part_of_it(world: World) -> None:
    world.write(make_plan(*some_courses(3), audiences=people(*SIX)))
    run(world, code=3)
    whole = world.preview().json["checksum"]
    approve(world, whole, "--course", "kursus-1", "--course", "kursus-3")
    assert {course: row["approval"] for course, row in courses_of(world).items()} == {
        "kursus-1": "given",
        "kursus-2": "needed",
        "kursus-3": "given",
    }
    assert [row["course"] for row in waiting(world)] == ["kursus-2"], "what was approved waits no more, though it is not carried out yet"
    ran = run(world, code=3)
    assert ran.people_mailed.total() == 12
    assert [row["course"] for row in waiting(world)] == ["kursus-2"]
    approve_all(world)
    assert run(world, code=0).people_mailed.total() == 6


def test_a_checksum_that_was_told_is_good_for_what_it_was_told_about(world: World) -> None:
    """HR reads it on Monday; on Tuesday somebody joins; on Wednesday HR approves what was read, and the joiner goes along."""
    world.write(make_plan(make_course()))
    run(world, code=3)
    (row,) = waiting(world)
    told = world.preview().json["checksum"]
    world.tenant.directory.add_person("Nyanna Nyansat", mail_of("nyanna"), LEADERS)
    assert world.preview().json["checksum"] != told
    approve(world, told)
    assert run(world, code=0).people_mailed.total() == row["mails"] + 1


def test_an_approval_is_good_for_what_was_shown_and_not_for_what_was_written_since(world: World) -> None:
    world.write(make_plan(make_course(), audiences=people(*SIX)))
    run(world, code=3)
    approve_all(world)
    world.write(make_plan(make_course(title="Noget andet"), audiences=people(*SIX)))
    ran = run(world, code=3)
    assert (ran.writes, ran.mails) == ((), ())
    assert world.run("approve", "0123456789abcdef").code == 3


def test_who_joins_is_invited_at_the_old_time_while_the_new_one_waits(world: World) -> None:
    synced(world, make_plan(make_course()))
    everybody = world.invited("lederdag/dag")
    world.write(make_plan(make_course("lederdag", make_session(start="13:00", end="16:00"))))
    world.tenant.directory.add_person("Nyanna Nyansat", mail_of("nyanna"), LEADERS)
    ran = run(world, code=3)
    assert ran.people_mailed == {("invitation", mail_of("nyanna")): 1}
    assert world.event("lederdag/dag").start.wall.hour == 9
    assert world.invited("lederdag/dag") == everybody | {mail_of("nyanna")}
    world.tenant.directory.leave(LEADERS, mail_of("nyanna"))
    assert run(world, code=3).people_mailed == {("cancellation", mail_of("nyanna")): 1}
    approve_all(world)
    assert run(world, code=0).people_mailed == {("update", one): 1 for one in everybody}
    assert world.event("lederdag/dag").start.wall.hour == 13


def test_who_joins_by_the_old_rule_is_invited_while_another_rule_waits(world: World) -> None:
    """The audience as it was approved goes on beside the one that is written, for this course alone."""
    synced(world, make_plan(make_course()))
    everybody = world.invited("lederdag/dag")
    world.write(make_plan(make_course(), audiences={"ledere": {"groups": ["skoleledere@norddjurs.example"]}}))
    world.tenant.directory.add_person("Nyanna Nyansat", mail_of("nyanna"), LEADERS)
    assert run(world, code=3).people_mailed == {("invitation", mail_of("nyanna")): 1}
    assert run(world, code=3).mails == ()
    assert [row["course"] for row in waiting(world)] == ["lederdag"]
    approve_all(world)
    run(world, code=0)
    assert world.invited("lederdag/dag") < everybody


def test_what_is_rejected_is_not_offered_again_until_it_is_something_else(world: World) -> None:
    world.write(make_plan(make_course(), audiences=people(*SIX)))
    run(world, code=3)
    (row,) = waiting(world)
    said = world.run("reject", row["checksum"], "--by", "Birthe")
    assert said.code == 0
    assert "Afvist: Lederdag." in said.out
    assert waiting(world) == [], "also before the next round has looked"
    ran = run(world, code=0)
    assert ran.mails == ()
    assert waiting(world) == []
    for page in (ran.out, world.run("preview").out):
        assert "Afvist (1)" in page
        assert f"kursusbot approve {row['checksum']}" in page
        assert "Venter på din godkendelse" not in page
    assert "Heraf er 6 afvist og sendes ikke." in world.run("preview").out
    assert world.run("sync", "--yes").mails == ()
    world.write(make_plan(make_course("lederdag", make_session(day="2025-06-19")), audiences=people(*SIX)))
    run(world, code=3)
    assert [one["course"] for one in waiting(world)] == ["lederdag"]


def test_with_two_approvers_one_is_not_enough_and_the_same_one_twice_is_one(world: World) -> None:
    world.settings["APPROVERS"] = "2"
    world.write(make_plan(make_course(), audiences=people(*SIX)))
    run(world, code=3)
    checksum = world.preview().json["checksum"]
    assert "når endnu en" in approve(world, checksum, "--by", "Birthe").out
    approve(world, checksum, "--by", "birthe")
    assert run(world, code=3).mails == ()
    approve(world, checksum, "--by", "Ole")
    assert run(world, code=0).people_mailed.total() == 6


@pytest.mark.parametrize("approval", ["plan", "limits"])
def test_one_big_day_that_is_gone_from_the_plan_waits_whatever_is_set(world: World, approval: str) -> None:
    """One event is under every share; 25 people are more than 20."""
    world.settings["APPROVAL"] = approval
    other = make_course("andet", make_session(day="2025-05-01"), audience="få")
    audiences = people(*MANY) | {"få": {"people": [{"email": SIX[0]}]}}
    world.write(make_plan(make_course(), other, audiences=audiences))
    world.sync()
    world.write(make_plan(other, audiences=audiences))
    for command in (["run"], ["sync", "--yes"]):
        ran = world.run(*command)
        assert (ran.code, ran.writes, ran.mails) == (3, (), ())
    assert "gone" in courses_of(world)["lederdag"]["reasons"]
    assert world.approve().wire == [("POST", "cancel")]


def test_what_hr_cancels_in_words_is_no_less_a_change_of_the_plan(world: World) -> None:
    synced(world, make_plan(make_course(), audiences=people(*SIX)))
    world.write(make_plan(make_course(status="cancelled"), audiences=people(*SIX)))
    assert run(world, code=3).mails == ()
    assert world.sync().wire == [("POST", "cancel")]


@pytest.mark.parametrize("approval", ["plan", "limits"])
def test_a_changed_id_waits_and_says_the_ways_out(world: World, approval: str) -> None:
    world.settings["APPROVAL"] = approval
    world.write(make_plan(make_course("senior", title="Seniorordninger"), audiences=people(*SIX)))
    world.sync()
    world.write(make_plan(make_course("seniorordninger", title="Seniorordninger"), audiences=people(*SIX)))
    ran = world.run("run")
    assert (ran.code, ran.writes, ran.mails) == (3, (), ())
    assert "»senior«" in ran.out
    for name in ("Seniorordninger (senior)", "Seniorordninger (seniorordninger)"):
        assert f"• {name}\n" in ran.out, "two of one title are told apart"
    assert {course: row["reasons"] for course, row in courses_of(world).items() if "id" in row["reasons"]}.keys() == {
        "senior",
        "seniorordninger",
    }
    assert world.run("sync", "--yes").mails == ()
    world.write(make_plan(make_course("seniorordninger", title="Seniorordninger", was="senior"), audiences=people(*SIX)))
    assert world.run("run").mails == ()


def test_a_course_that_is_gone_is_called_what_it_was_approved_as_and_explained_where_it_waits(world: World) -> None:
    """Not by one of its sessions; and what looks changed stands with the courses that wait for it, not above the page too."""
    session = make_session() | {"title": "Formiddag"}
    synced(world, make_plan(make_course("senior", session, title="Seniorordninger"), audiences=people(*SIX)))
    world.write(make_plan(make_course("ordninger", session, title="Ordninger for seniorer"), audiences=people(*SIX)))
    changes, waits = world.run("preview").out.split("Venter på din godkendelse")
    assert "• Seniorordninger – Formiddag" in changes
    assert "• Seniorordninger\n" in waits
    assert (changes.count("står ikke længere i planen, og"), waits.count("står ikke længere i planen, og")) == (0, 2)


def test_what_mails_nobody_needs_no_approval(world: World) -> None:
    synced(world, make_plan(make_course(), audiences=people(*SIX)))
    world.write(make_plan(make_course(responsible="hr2@norddjurs.example", evaluation="https://svar.example/1"), audiences=people(*SIX)))
    assert run(world, code=0).mails == ()
    assert waiting(world) == []


def test_a_rule_that_invites_others_waits(world: World) -> None:
    """More people because the plan says so, and not because a group has more members."""
    synced(world, make_plan(make_course(), audiences=people(*SIX[:3])))
    world.write(make_plan(make_course(), audiences=people(*SIX)))
    assert run(world, code=3).mails == ()
    (row,) = waiting(world)
    assert (row["mails"], row["people"]) == (3, 3)
    approve(world, row["checksum"])
    assert run(world, code=0).people_mailed.total() == 3


def test_more_seats_wait_too_because_somebody_in_line_would_get_one(world: World) -> None:
    course = make_course(enrolment={"capacity": 1, "deadline": "2025-06-01T12:00"})
    synced(world, make_plan(course, audiences=people(*SIX[:2])))
    for person in SIX[:2]:
        world.answer("lederdag/dag", person, "accept")
        world.run("responses")
    assert {row["status"] for row in world.registrations().values()} == {"registered", "waitlisted"}
    world.write(make_plan(make_course(enrolment={"capacity": 2, "deadline": "2025-06-01T12:00"}), audiences=people(*SIX[:2])))
    for command in ("run", "responses", "run"):
        assert world.run(command).mails == ()
    assert {row["status"] for row in world.registrations().values()} == {"registered", "waitlisted"}
    approve_all(world)
    run(world, code=0)
    assert {row["status"] for row in world.registrations().values()} == {"registered"}


def test_an_approved_change_that_broke_off_goes_on_by_itself(world: World) -> None:
    world.write(make_plan(*some_courses(4), audiences=people(*SIX)))
    run(world, code=3)
    approve_all(world)
    world.tenant.faults.add(method="POST", path="/events$", nth=2, times=1, status=400)
    first = world.run("run")
    assert first.code == 6
    assert first.people_mailed.total() == 18
    assert states(world) == {"approved", "done"}
    assert run(world, code=0).people_mailed.total() == 6
    assert states(world) == {"done"}


def test_an_approved_change_that_has_no_room_today_goes_tomorrow(world: World) -> None:
    """What a mailbox may send on a day is no new question to HR."""
    world.settings["MAILBOX__RECIPIENTS_PER_DAY"] = "10"
    world.settings["MAILBOX__RESERVED_SHARE"] = "0"
    world.write(make_plan(make_course(), audiences=people(*SIX)))
    world.sync()
    world.move_clock("2025-03-10T09:00:00+01:00")
    world.write(make_plan(make_course(title="Nyt navn"), make_course("andet", make_session(day="2025-06-20")), audiences=people(*SIX)))
    run(world, code=3)
    approve_all(world)
    today = run(world, code=6)
    assert today.people_mailed.total() == 6
    world.move_clock("2025-03-12T09:00:00+01:00")
    assert run(world, code=0).people_mailed.total() == 6
    assert waiting(world) == []


def test_after_an_upgrade_events_of_before_stand_and_who_joins_is_invited(world: World) -> None:
    """The books of an older program know no versions: what differs in words waits, who comes and goes does not."""
    synced(world, make_plan(*some_courses(2), audiences=people(*SIX)))
    forget_versions(world)
    assert run(world, code=0).mails == ()
    forget_versions(world)
    world.write(make_plan(*some_courses(2, title="Nyt navn"), audiences=people(*SIX)))
    ran = run(world, code=3)
    assert (ran.writes, ran.mails) == ((), ())
    assert len(world.events) == 2


@pytest.mark.parametrize("approval", ["plan", "limits"])
def test_a_changed_plan_id_waits_and_is_explained(world: World, approval: str) -> None:
    """The new id has no books, and the old one has events ahead that look the same."""
    world.settings["APPROVAL"] = approval
    world.write(make_plan(*some_courses(2), audiences=people(*SIX)))
    world.sync()
    world.write(make_plan(*some_courses(2), audiences=people(*SIX), id="demo2"))
    for command in (["run"], ["sync", "--yes"]):
        ran = world.run(*command)
        assert (ran.code, ran.writes, ran.mails) == (3, (), ())
        assert "»demo«" in ran.out
    assert all("id" in row["reasons"] for row in courses_of(world).values())
    world.write(make_plan(*some_courses(2), audiences=people(*SIX), id="demo2", was="demo"))
    assert world.run("run").mails == ()
    world.plans = ("demo2",)


@pytest.mark.parametrize("approval", ["plan", "limits"])
def test_another_mailbox_waits_and_nobody_is_said_to_have_deleted_anything(world: World, approval: str) -> None:
    world.settings["APPROVAL"] = approval
    world.write(make_plan(make_course(), audiences=people(*SIX)))
    world.sync()
    world.write(make_plan(make_course(), audiences=people(*SIX), organiser=mail_of("hr")))
    for command in (["run"], ["sync", "--yes"]):
        ran = world.run(*command)
        assert (ran.code, ran.writes, ran.mails) == (3, (), ())
        assert "slettet den i Outlook" not in ran.out
        assert "Intet er slettet" in ran.out
    assert courses_of(world)["lederdag"]["reasons"] == (["plan"] if approval == "plan" else []) + ["organiser"]
    done = world.approve()
    assert done.people_mailed == {(kind, one): 1 for one in SIX for kind in ("cancellation", "invitation")}
    hr = world.tenant.directory.find_user(mail_of("hr"))
    assert hr is not None
    assert world.event("lederdag/dag").mailbox_id == hr.id
    assert run(world, code=0).mails == ()


def test_an_empty_group_of_a_new_course_waits_and_is_approved_as_meant(world: World) -> None:
    """The first time it is asked, and nobody knows better."""
    world.tenant.directory.add_group("Tom", mail_of("tom"))
    world.write(make_plan(make_course(), audiences={"ledere": {"groups": [mail_of("tom")], "people": [{"email": SIX[0]}]}}))
    ran = world.run("run")
    assert (ran.writes, ran.mails) == ((), ())
    (row,) = waiting(world)
    assert row["reasons"] == ["plan", "empty_group"]
    approve(world, row["checksum"])
    assert run(world, code=0).people_mailed == {("invitation", SIX[0]): 1}
    assert run(world, code=0).mails == ()


def forget_versions(world: World) -> None:
    with sqlite3.connect(world.database_file) as connection:
        for table in ("course_versions", "accepted_plans", "decisions", "waiting"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - the names stand above
    connection.close()


def test_another_time_zone_is_explained_where_the_change_waits(world: World) -> None:
    """Every clock of the plan means another moment, and nobody has touched a course."""
    world.write(make_plan(make_course(), audiences=people(*SIX)))
    run(world, code=3)
    approve_all(world)
    run(world, code=0)
    world.write(make_plan(make_course(), audiences=people(*SIX), timezone="America/Nuuk"))
    waits = run(world, code=3)
    assert "tidszone er lavet om fra Europe/Copenhagen til America/Nuuk" in waits.out
    assert waits.mails == ()
