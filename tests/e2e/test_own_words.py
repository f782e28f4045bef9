"""HR's own words from end to end: copied, changed, sent; and a fault in them stops everything before anybody is mailed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.test_reminders import answer, begin, course, subjects
from tests.e2e.test_seats import ANNA

if TYPE_CHECKING:
    from tests.e2e.driver import World

OURS = {"TEMPLATES": "tekster"}


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
    seen = world.run("messages", "--preview", "se", **OURS)
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
