"""A course from the first idea to the last day: what each status sends, and what is never sent or touched."""

from __future__ import annotations

import pytest

from tests.e2e.as_it_was import synced
from tests.e2e.driver import World, body_of
from tests.e2e.plans import make_course, make_plan, make_session, people

ANNA, BO = "anna@norddjurs.example", "bo@norddjurs.example"
TWO = people(ANNA, BO)


def status(world: World, word: str, *sessions: dict[str, object]) -> None:
    world.write(make_plan(make_course("lederdag", *sessions, status=word), audiences=TWO))


def test_from_the_first_date_over_the_approval_to_the_cancellation(world: World) -> None:
    """draft and proposed send nothing; then a placeholder, then the invitation, then the cancellation, one mail each."""
    for word in ("draft", "proposed"):
        status(world, word)
        assert world.sync().requests[0].method == "GET"
        assert world.ran[-1].writes == ()
    status(world, "save_the_date")
    placeholder = world.sync()
    body = body_of(placeholder.writes[0])
    assert (body["subject"], body["showAs"], body["responseRequested"]) == ("Reservér datoen: Lederdag", "tentative", False)
    assert placeholder.people_mailed == {("invitation", ANNA): 1, ("invitation", BO): 1}
    first = world.event("lederdag/dag").immutable_id
    status(world, "approved")
    approved = world.sync()
    assert approved.people_mailed == {("update", ANNA): 1, ("update", BO): 1}
    event = world.event("lederdag/dag")
    assert (event.immutable_id, event.subject, event.plain["showAs"], event.plain["responseRequested"]) == (first, "Lederdag", "busy", True)
    status(world, "cancelled")
    cancelled = world.sync()
    assert cancelled.people_mailed == {("cancellation", ANNA): 1, ("cancellation", BO): 1}
    assert cancelled.changes[0]["reason"] == "status_cancelled"
    assert world.events == {}
    assert world.sync().writes == ()


def test_a_cancelled_course_that_was_never_sent_sends_nothing(world: World) -> None:
    status(world, "cancelled")
    assert world.sync().writes == ()


def test_a_course_taken_up_again_invites_anew(world: World) -> None:
    for word in ("approved", "cancelled"):
        status(world, word)
        world.sync()
    status(world, "approved")
    assert world.sync().people_mailed == {("invitation", ANNA): 1, ("invitation", BO): 1}


@pytest.mark.parametrize("word", ["save_the_date", "approved"])
def test_an_undated_session_is_never_sent(world: World, word: str) -> None:
    status(world, word, {"id": "dag", "period": "2025-H2"}, make_session("fast"))
    world.sync()
    assert set(world.events) == {"demo/lederdag/main/fast"}


def test_a_session_that_loses_its_date_is_cancelled_and_one_that_gets_one_is_sent(world: World) -> None:
    status(world, "approved")
    world.sync()
    status(world, "approved", {"id": "dag", "period": "2025-09"})
    gone = world.sync("--yes")
    assert [(change["action"], change["reason"]) for change in gone.changes] == [("cancel", "undated")]
    status(world, "approved", make_session(day="2025-09-03"))
    assert world.sync().people_mailed == {("invitation", ANNA): 1, ("invitation", BO): 1}


def test_approved_again_set_back_to_a_proposal_is_cancelled(world: World) -> None:
    status(world, "approved")
    world.sync()
    status(world, "proposed")
    assert [(change["action"], change["reason"]) for change in world.sync().changes] == [("cancel", "not_approved")]


def test_a_removed_course_cancels_its_future_and_leaves_its_past_alone(world: World) -> None:
    held, coming = make_session("held", "2025-03-10"), make_session("coming", "2025-06-18")
    other = make_course("andet", make_session(day="2025-08-20"))
    synced(world, make_plan(make_course("lederdag", held, coming), other, audiences=TWO))
    world.move_clock("2025-04-01T08:00:00+02:00")
    past = world.event("lederdag/held")
    version = past.version
    world.write(make_plan(other, audiences=TWO))
    ran = world.sync()
    assert [(change["action"], change["session"]) for change in ran.changes if change["mails"]] == [("cancel", "demo/lederdag/main/coming")]
    assert ran.wire == [("POST", "cancel")]
    assert (past.in_calendar, past.version) == (True, version)
    assert world.sync().json["changes"] == []


def test_the_past_is_never_touched_whatever_the_plan_says(world: World) -> None:
    """Not renamed, not cancelled, nobody added; a moved date is told as a conflict and needs an id of its own."""
    status(world, "approved", make_session(day="2025-03-10"))
    world.sync()
    world.move_clock("2025-03-11T08:00:00+01:00")
    event = world.event("lederdag/dag")
    version = event.version
    plan = make_plan(
        make_course("lederdag", make_session(day="2025-03-10"), title="Nyt navn"), audiences=people(ANNA, BO, "ny@norddjurs.example")
    )
    world.write(plan)
    assert world.sync().json["changes"] == []
    world.write(plan | {"courses": [make_course("lederdag", make_session(day="2025-09-10"))]})
    assert [(change["action"], change["reason"]) for change in world.sync().changes] == [("conflict", "past")]
    status(world, "cancelled")
    world.sync()
    assert (event.in_calendar, event.version) == (True, version)
    assert len(world.tenant.mail_log.to_people()) == 2


def test_a_course_that_is_under_way_is_not_cancelled_in_the_middle(world: World) -> None:
    status(world, "approved", make_session(day="2025-03-10", start="09:00", end="15:00"))
    world.sync()
    world.move_clock("2025-03-10T11:00:00+01:00")
    status(world, "cancelled")
    assert world.sync().writes == ()


def test_a_session_moved_into_the_past_mails_nobody(world: World) -> None:
    status(world, "approved")
    world.sync()
    status(world, "approved", make_session(day="2025-02-10"))
    ran = world.sync()
    assert ([(change["action"], change["reason"]) for change in ran.changes], ran.writes) == ([("conflict", "past")], ())


@pytest.mark.parametrize("enrolment", [{"mode": "signup"}, {"mode": "choose", "via": "link"}])
def test_an_event_that_people_sign_up_for_stands_without_them_and_goes_without_a_mail(world: World, enrolment: dict[str, str]) -> None:
    """Nobody is put on it at first; Outlook cannot cancel an event without attendees, so it is deleted."""
    course = make_course(enrolment=enrolment)
    world.write(make_plan(course))
    first = world.sync()
    assert (first.wire, first.mails, world.invited("lederdag/dag")) == ([("POST", "events")], (), set())
    assert world.sync().json["changes"] == []
    world.write(make_plan(course | {"status": "cancelled"}))
    gone = world.sync()
    assert (gone.mails, world.events) == ((), {})
    assert [entry.method for entry in gone.writes] == ["POST", "DELETE"]


def test_a_new_session_in_the_past_is_not_sent(world: World) -> None:
    status(world, "approved", make_session(day="2025-02-10"))
    assert world.sync().json["changes"] == []


def test_a_changed_id_is_a_cancellation_and_a_new_invitation_and_the_preview_warns(world: World) -> None:
    status(world, "approved", make_session("dag"))
    world.sync()
    status(world, "approved", make_session("dagen"))
    page = world.run("preview").out
    assert "Mødegangen »dag«" in page
    assert "»dagen«" in page
    assert world.sync(code=3).mails == ()
    ran = world.approve()
    assert sorted(change["action"] for change in ran.changes) == ["cancel", "create"]
    assert sum(ran.people_mailed.values()) == 4
