"""HR's own words from end to end: copied, changed, sent; and a fault in them stops everything before anybody is mailed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.as_it_was import played_once, synced
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.reminders import AT_ONCE, begin, course
from tests.e2e.seats import ANNA, BO, EVERYBODY, answer, limited, subjects
from tests.e2e.teams import begin as begin_in_teams
from tests.e2e.teams import feed, rule

if TYPE_CHECKING:
    from tests.e2e.driver import World

OURS = {"TEMPLATES": "tekster"}


@played_once
def begun(world: World) -> None:
    begin(world, course(enrolment=None))
    answer(world, "kursus/dag", ANNA, "accept")
    world.run("responses")
    world.move_clock("2025-06-11T09:00:00+02:00")


def test_hr_copies_changes_and_sends_words_of_their_own(world: World) -> None:
    begun(world)
    copied = world.run("messages", "--copy", "tekster")
    assert (copied.code, "KURSUSBOT_TEMPLATES" in copied.out) == (0, True)
    assert world.run("messages", "--copy", "tekster").code == 2, "what HR has worked on is never overwritten"
    (world.folder / "tekster/da/practical/subject.txt.j2").write_text("Så er det snart: {{ what }}\n", encoding="utf-8")
    seen = world.run("messages", "--preview", "se", "--examples", **OURS)
    assert (seen.code, "Så er det snart" in (world.folder / "se/practical.da.txt").read_text(encoding="utf-8")) == (0, True)
    assert subjects(world.run("send", **OURS)) == [("anna", "Så er det snart: Kursus")]
    assert world.sync(**OURS).people_mailed == {}, "the same words are no change"


def test_a_changed_invitation_is_shown_before_it_is_sent(world: World) -> None:
    begun(world)
    world.run("messages", "--copy", "tekster")
    body = world.folder / "tekster/da/invitation/body.html.j2"
    words = body.read_text(encoding="utf-8").replace("{% endblock %}", "<p>Tag madpakke med.</p>\n{% endblock %}")
    body.write_text(words, encoding="utf-8")
    (change,) = world.preview(**OURS).changes
    assert (change["action"], change["fields"], change["mails"]) == ("update", ["body"], 4)


def test_a_fault_in_hrs_words_stops_everything_with_file_and_line(world: World) -> None:
    begun(world)
    world.run("messages", "--copy", "tekster")
    (world.folder / "tekster/da/tomorrow/body.html.j2").write_text("Hej\n{{ kursus }}\n", encoding="utf-8")
    for command in (("send",), ("run",), ("sync", "--yes"), ("messages", "--preview", "se")):
        ran = world.run(*command, **OURS)
        assert (ran.code, ran.requests) == (2, ())
        assert "tekster/da/tomorrow/body.html.j2, linje 2" in ran.err
    assert world.run("send", TEMPLATES="findes-ikke").code == 2


def test_check_looks_at_hrs_words_too(world: World) -> None:
    """A fault is told with file and line, and what says the same to who waits and who was only asked is named."""
    begin(world, course())
    write(world, "da/changed/body.html.j2", "Du er på venteliste til {{ what }}")
    checked = world.run("check", **OURS)
    assert (checked.code, checked.out) == (0, "Planen er i orden.\n")
    assert "tekster/da/changed/body.html.j2 siger det samme" in checked.err
    assert "{% if asked %}" in checked.err
    write(world, "da/changed/body.html.j2", "{% if asked %}{{ navn }}{% endif %}")
    checked = world.run("check", "--format", "json", **OURS)
    assert (checked.code, checked.json["ok"]) == (2, False)
    assert "tekster/da/changed/body.html.j2, linje 1" in checked.err


def write(world: World, name: str, words: str) -> None:
    file = world.folder / "tekster" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(words, encoding="utf-8")


ON_A_REAL_COURSE = "{% if title == 'Kursus' %}{{ navn }}{% endif %}Om {{ what }}"
"""What no made-up course shows."""


def test_a_text_that_breaks_on_a_real_course_keeps_back_its_own_messages_and_no_other(world: World) -> None:
    """Mended, it goes; nothing was counted or begun for it."""
    begin(world, course(enrolment=None), make_course("andet", make_session(day="2025-06-18", start="13:00", end="15:00")))
    for session, who in (("kursus/dag", ANNA), ("andet/dag", BO)):
        answer(world, session, who, "accept")
    world.run("responses")
    world.move_clock("2025-06-11T09:00:00+02:00")
    write(world, "da/practical/subject.txt.j2", ON_A_REAL_COURSE)
    for expected in ([("bo", "Om Andet")], []):
        ran = world.run("send", **OURS)
        assert (ran.code, subjects(ran)) == (6, expected)
        assert "tekster/da/practical/subject.txt.j2, linje 1" in ran.err
        assert "Intet er sendt" not in ran.err
        assert "Traceback" not in ran.err
        assert "Klar til at blive sendt: jeres egen tekst til beskeden kan ikke bruges" in ran.out
    write(world, "da/practical/subject.txt.j2", "Om {{ what }}")
    assert subjects(world.run("send", **OURS)) == [("anna", "Om Kursus")]


def test_a_text_that_breaks_on_a_message_about_a_seat_keeps_back_that_message(world: World) -> None:
    synced(world, make_plan(limited(1), audiences=people(*EVERYBODY)))
    write(world, "da/placed_in_line/body.html.j2", "{% if title == 'Kursus' %}{{ navn }}{% endif %}")
    for who in (ANNA, BO):
        answer(world, "kursus/dag", who, "accept")
    ran = world.run("responses", **OURS)
    assert (ran.code, subjects(ran), "da/placed_in_line/body.html.j2, linje 1" in ran.err) == (6, [], True)
    ran = world.run("sync", "--yes", **OURS)
    assert (ran.code, subjects(ran), "da/placed_in_line/body.html.j2, linje 1" in ran.err) == (6, [], True)
    assert subjects(world.run("responses")) == [("bo", "Du er på venteliste: Kursus")]


def test_a_text_that_breaks_on_a_line_or_a_post_keeps_back_that_one(world: World) -> None:
    courses = (
        make_course("kursus", teams_channel="ledere"),
        make_course("andet", make_session(start="13:00", end="15:00"), teams_channel="ledere"),
    )
    begin_in_teams(world, rule("teams"), rule("channel", id="kanal"), courses=courses, sending={"digest": False})
    write(world, "da/practical/subject.txt.j2", ON_A_REAL_COURSE)
    ran = world.run("send", **OURS, **AT_ONCE)
    assert (ran.code, {words for _, words in feed(world)}, len(world.tenant.teams.posts)) == (6, {"Om Andet"}, 1)
    assert "linje 1" in ran.err
    write(world, "da/practical/subject.txt.j2", "Om {{ what }}")
    assert world.run("send", **OURS).code == 0
    assert ({words for _, words in feed(world)}, len(world.tenant.teams.posts)) == ({"Om Andet", "Om Kursus"}, 2)
