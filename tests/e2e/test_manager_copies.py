"""The copy that managers get by mail of what their people are signed up to, where the plan asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.seats import WEB

if TYPE_CHECKING:
    from tests.e2e.driver import World

SESSION = "kursus/main/dag"


def begin(world: World, managers: str = "weekly") -> tuple[str, str, str]:
    """Two people with the same manager, in a course by invitation."""
    world.settings |= WEB
    directory = world.tenant.directory
    users = [one for one in directory.users.values() if one.manager and one.mail and one.enabled]
    ane, bo = [one for one in users if one.manager == users[0].manager][:2]
    boss = directory.users[users[0].manager or ""]
    plan = make_plan(make_course("kursus", make_session(day="2025-08-20"), title="Lederdag"), audiences=people(str(ane.mail), str(bo.mail)))
    world.write(plan | {"managers": managers})
    world.move_clock("2025-05-05T10:00:00+02:00")
    world.sync()
    return str(ane.mail), str(bo.mail), str(boss.mail)


def copies(world: World, boss: str) -> list[str]:
    return [
        one.html for one in world.tenant.messages.messages.values() if boss in one.everybody and one.subject.startswith("Dine medarbejdere")
    ]


def test_a_manager_gets_one_mail_a_week_at_most_and_only_when_something_changed(world: World) -> None:
    ane, bo, boss = begin(world)
    world.answer(SESSION, ane, "accept", comment="Glæder mig, trods knæet")
    assert world.run("responses").people_mailed == {("message", boss): 1}
    assert "Lederdag: Tilmeldt" in copies(world, boss)[-1]
    assert "knæet" not in copies(world, boss)[-1]
    world.answer(SESSION, bo, "accept")
    world.move_clock("2025-05-09T10:00:00+02:00")
    assert world.run("responses").people_mailed == {}, "the same week"
    world.move_clock("2025-05-12T05:00:00+02:00")
    assert world.run("responses").people_mailed == {}, "before the sending hours"
    world.move_clock("2025-05-12T10:00:00+02:00")
    assert world.run("responses").people_mailed == {("message", boss): 1}
    assert copies(world, boss)[-1].count("Lederdag: Tilmeldt") == 2
    world.move_clock("2025-05-19T10:00:00+02:00")
    assert world.run("responses").people_mailed == {}, "nothing has changed"
    world.answer(SESSION, ane, "decline")
    world.answer(SESSION, bo, "decline")
    world.move_clock("2025-05-26T10:00:00+02:00")
    assert world.run("responses").people_mailed == {("message", boss): 1}
    assert "ikke længere tilmeldt" in copies(world, boss)[-1]


def test_the_plan_that_asks_for_a_page_alone_mails_nobody_and_so_does_one_that_asks_no_more(world: World) -> None:
    ane, bo, boss = begin(world, "page")
    world.answer(SESSION, ane, "accept")
    assert world.run("responses").people_mailed == {}
    written = world.plan_file.read_text(encoding="utf-8")
    world.plan_file.write_text(written.replace("managers: page", "managers: monthly"), encoding="utf-8")
    assert world.run("responses").people_mailed == {("message", boss): 1}
    world.answer(SESSION, bo, "accept")
    world.move_clock("2025-05-26T10:00:00+02:00")
    assert world.run("responses").people_mailed == {}, "the same month"
    world.plan_file.write_text(written, encoding="utf-8")
    world.move_clock("2025-06-02T10:00:00+02:00")
    assert world.run("responses").people_mailed == {}
