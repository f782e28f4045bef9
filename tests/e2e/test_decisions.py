"""What depends on a decision is sent when it has been made and a person has approved it; what HR notes of a course reaches nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.approval import SIX, approve_all, run, waiting
from tests.e2e.plans import make_course, make_plan, make_session, people

if TYPE_CHECKING:
    from tests.e2e.driver import World

JsonObject = dict[str, Any]
pytestmark = pytest.mark.usefixtures("every_change_waits")


def plan_with(*courses: JsonObject, **assumptions: object) -> JsonObject:
    return make_plan(*courses, audiences=people(*SIX), assumptions=assumptions)


def test_a_course_waits_for_its_decision_and_the_decision_for_an_approval(world: World) -> None:
    """Undecided nobody hears of it; decided, and decided otherwise, it is an edit of the plan like any."""
    course = make_course(when="midler")
    world.write(plan_with(course, midler="undecided"))
    assert (run(world, code=0).writes, world.preview().json["mails"], waiting(world)) == ((), 0, [])
    assert world.preview().changes == []

    world.write(plan_with(course, midler={"question": "Er der midler?", "value": True, "decided_by": "Direktionen"}))
    assert run(world, code=3).mails == ()
    (row,) = waiting(world)
    assert (row["course"], row["mails"], row["reasons"]) == ("lederdag", 6, ["plan"])
    approve_all(world)
    assert run(world, code=0).people_mailed == {("invitation", one): 1 for one in SIX}

    world.write(plan_with(course, midler=False))
    assert run(world, code=3).mails == ()
    assert [(change["action"], change["reason"]) for change in world.preview().changes] == [("cancel", "gone_from_plan")]
    approve_all(world)
    assert run(world, code=0).people_mailed == {("cancellation", one): 1 for one in SIX}


def test_a_decision_that_is_opened_again_puts_the_course_on_hold(world: World) -> None:
    """As if it were proposed again, once that is approved."""
    course = make_course(when="not midler")
    world.write(plan_with(course, midler=False))
    approve_all(world)
    run(world, code=0)
    world.write(plan_with(course, midler="undecided"))
    assert run(world, code=3).mails == ()
    approve_all(world)
    ran = run(world, code=0)
    assert ran.people_mailed == {("cancellation", one): 1 for one in SIX}
    assert all("Arrangementet er sat på pause." in mail.comment for mail in ran.mails)


FORM = {"options": ["en-dag", "flere-dage"], "value": "flere-dage"}


def test_of_two_ways_to_hold_it_the_one_decided_is_in_the_calendars_and_in_the_lists(world: World) -> None:
    """One day or several: offerings, sessions and courses alike."""
    one_day = make_course("samlet", when="form = en-dag")
    sessions = [make_session("a", day="2025-05-06"), make_session("b", day="2025-06-03", when="midler and form = flere-dage")]
    several = make_course("delt", *sessions, when="form = flere-dage")
    always = make_course(
        "hold",
        enrolment={"mode": "choose"},
        offerings=[
            {"id": "hold-1", "sessions": [make_session(day="2025-04-22")]},
            {"id": "hold-2", "sessions": [make_session(day="2025-04-24")], "when": "not midler"},
        ],
    )
    world.write(plan_with(one_day, several, always, form=FORM, midler=True))
    approve_all(world)
    run(world, code=0)
    assert set(world.events) == {"demo/delt/main/a", "demo/delt/main/b", "demo/hold/hold-1/dag"}
    assert {course for course, _ in world.registrations()} == {"delt", "hold"}

    world.write(plan_with(one_day, several, always, form=FORM | {"value": "en-dag"}, midler=False))
    run(world, code=3)
    assert set(world.events) == {"demo/delt/main/a", "demo/delt/main/b", "demo/hold/hold-1/dag"}
    approve_all(world)
    run(world, code=0)
    assert set(world.events) == {"demo/samlet/main/dag", "demo/hold/hold-1/dag", "demo/hold/hold-2/dag"}
    assert run(world, code=0).writes == ()


def test_what_hr_notes_of_a_course_changes_nothing_and_waits_for_nobody(world: World) -> None:
    """Note, case, themes, who looks after it, money, and the words around a decision."""
    pools = {"pulje": {"amount": 1000, "reserved": {"central": 500}}}
    noted: JsonObject = {
        "note": "HEMMELIGT: bestil kaffe",
        "case": "25/117",
        "tags": ["Tema 1", "Tema 3"],
        "responsible": ["hr@norddjurs.example", "anna@norddjurs.example"],
        "funding": [{"pool": "pulje", "amount": 100, "purpose": "central", "spent": 50, "when": "midler"}],
    }
    world.write(make_plan(make_course(), audiences=people(*SIX), funding=pools, assumptions={"midler": "undecided"}))
    approve_all(world)
    run(world, code=0)
    for key in noted:
        edited = make_course(**{key: noted[key]})
        world.write(make_plan(edited, audiences=people(*SIX), funding=pools, assumptions={"midler": "undecided"}))
        ran = run(world, code=0)
        assert (ran.writes, waiting(world), world.preview().changes) == ((), [], []), key
    explained = {"question": "HEMMELIGT?", "value": "undecided", "note": "HEMMELIGT"}
    spent = {"pulje": pools["pulje"] | {"expenses": [{"title": "Diplom", "amount": 5, "note": "HEMMELIGT"}]}}
    world.write(make_plan(make_course(**noted), audiences=people(*SIX), funding=spent, assumptions={"midler": explained}))
    assert (run(world, code=0).writes, waiting(world)) == ((), [])
    for command in (("preview",), ("registrations",), ("registrations", "--format", "html"), ("show",), ("approvals",)):
        assert "HEMMELIGT" not in world.run(*command).out


def test_a_course_that_others_arrange_from_now_on_is_cancelled_in_its_own_words(world: World) -> None:
    """With an approval, as one that is proposed again; and a new one in the overview only waits for nobody."""
    world.write(make_plan(make_course(), make_course("dag-to", status="listed", audience=None), audiences=people(*SIX)))
    assert [row["course"] for row in run_and_wait(world)] == ["lederdag"]
    approve_all(world)
    run(world, code=0)
    assert set(world.events) == {"demo/lederdag/main/dag"}
    world.write(make_plan(make_course(status="listed"), audiences=people(*SIX)))
    assert [row["course"] for row in run_and_wait(world)] == ["lederdag"]
    assert "står kun i oversigten nu" in world.run("preview").out
    approve_all(world)
    ran = run(world, code=0)
    assert ran.people_mailed == {("cancellation", one): 1 for one in SIX}
    assert all("Skal du med, hører du fra dem, der holder det." in mail.comment for mail in ran.mails)


def run_and_wait(world: World) -> list[JsonObject]:
    """What waits after a round."""
    run(world, code=3)
    return waiting(world)


REASON = "Økonomiudvalget gav ingen midler til lederdagen."
DECIDED = {"question": "HEMMELIGT?", "value": False, "decided_by": "Direktionen", "decided_on": "2025-03-12", "note": "HEMMELIGT"}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"cancel_reason": REASON}, REASON),
        ({}, "Direktionen besluttede det den 12. marts 2025."),
    ],
)
def test_who_loses_a_course_by_a_decision_is_told_why(world: World, written: JsonObject, told: str) -> None:
    """In its author's words, else by whom and when it was decided: before it is approved, in the cancellation, and in the lists after."""
    course = make_course(when="midler", **written)
    world.write(plan_with(course, midler=True))
    approve_all(world)
    run(world, code=0)
    world.write(plan_with(course, midler=DECIDED))
    assert run(world, code=3).mails == ()
    preview = world.preview()
    assert f"Begrundelsen, de får: {told}" in world.run("preview").out
    assert [change["told"] for change in preview.changes] == [told]
    assert f"Begrundelse til deltagerne: {told}" in world.run("approvals").out
    approve_all(world)
    ran = run(world, code=0)
    assert ran.people_mailed == {("cancellation", one): 1 for one in SIX}
    assert all(f"Begrundelse: {told}" in mail.comment for mail in ran.mails)
    history, rows = world.run("approvals").out, world.run("registrations").out
    assert f"Begrundelse til deltagerne: {told}" in history
    assert (f"Udgået af planen: {told}" in rows, "Lederdag" in history, "Lederdag" in rows) == (True, True, True)
    for page in (*(mail.comment for mail in ran.mails), world.run("preview").out, history, rows):
        assert "HEMMELIGT" not in page


def test_another_reason_than_the_one_approved_waits_anew(world: World) -> None:
    """An approval is good for exactly what was shown, and the reason is part of it."""
    world.write(plan_with(make_course(when="midler"), midler=True))
    approve_all(world)
    run(world, code=0)
    world.write(plan_with(make_course(when="midler", cancel_reason=REASON), midler=False))
    run(world, code=3)
    approve_all(world)
    world.write(plan_with(make_course(when="midler", cancel_reason="Noget andet."), midler=False))
    assert run(world, code=3).mails == ()
    approve_all(world)
    ran = run(world, code=0)
    assert all("Begrundelse: Noget andet." in mail.comment for mail in ran.mails)
    assert ran.people_mailed == {("cancellation", one): 1 for one in SIX}


def test_who_loses_an_offering_or_waits_in_line_for_it_is_told_why_as_well(world: World) -> None:
    """Outlook tells who had a seat; who stood in line hears it from us, with the same reason."""
    offerings = [
        {"id": "hold-1", "capacity": 1, "when": "midler", "sessions": [make_session(day="2025-04-22")]},
    ]
    course = make_course(enrolment={"mode": "invite", "waiting_list": True}, offerings=offerings, cancel_reason=REASON)
    world.write(plan_with(course, midler=True))
    approve_all(world)
    run(world, code=0)
    for person in SIX[:2]:
        world.answer("lederdag/hold-1/dag", person, "accepted")
    run(world, code=0)
    world.write(plan_with(course, midler=DECIDED))
    run(world, code=3)
    approve_all(world)
    mails = [*run(world, code=0).mails, *run(world, code=0).mails]
    cancellations = [mail for mail in mails if mail.kind == "cancellation"]
    assert cancellations != []
    assert all(f"Begrundelse: {REASON}" in mail.comment for mail in cancellations)
    ours = [one.html for one in world.tenant.messages.messages.values() if one.subject.startswith("Aflyst")]
    assert len(ours) == 1
    assert f"Begrundelse: {REASON}" in ours[0]
