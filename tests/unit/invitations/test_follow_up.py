"""What a round of answers says of the calendar that it could not change, or not yet."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.changes import Applied, Outcome
from bot.domain.errors import KursusbotError
from bot.domain.messages import Message
from bot.domain.people import Language, PeopleIndex
from bot.domain.templates import MessageKind
from bot.invitations.changeset import assemble
from bot.invitations.diff import compute_changes
from bot.invitations.preview import follow_up
from bot.invitations.preview_reader import Reader
from tests.builders.samples import NOW, make_course, make_desired, make_person, make_plan, make_world

DA = Language.DA
AHEAD = make_desired("anna", "bo")
PEOPLE = PeopleIndex([make_person("anna"), make_person("bo")])


@pytest.mark.parametrize(("outcome", "word"), [(Outcome.FAILED, "Mislykkedes"), (Outcome.HELD, "Venter")])
def test_what_is_put_off_has_not_failed_and_every_line_says_of_which_event(outcome, word):
    """Where everybody is mailed whenever a list changes, waiting is as it should be."""
    world = make_world(AHEAD)
    found = assemble(make_plan(), world, compute_changes(world), ())
    (change,) = found.changes
    applied = [Applied(change=change, outcome=outcome, error=KursusbotError("gathered", until=datetime(2025, 3, 4, 7, tzinfo=UTC)))]
    reader = Reader(plan=make_plan(), people=PEOPLE, language=DA)
    first, second = follow_up((), (), applied, reader).splitlines()
    assert first == f"  {change.subject}"
    assert second.startswith(f"  {word}: Her får alle på mødet en mail")
    assert follow_up((), (), [Applied(change=change, outcome=Outcome.APPLIED)], reader) == ""


def test_what_follows_for_people_stands_under_headings_of_its_own_and_cannot_play_with_the_terminal():
    word = Message(
        plan="demo", key="k", kind=MessageKind.SEAT_OFFERED, course="kursus", offering="main", email="bo@by.example", created_at=NOW
    )
    plan = make_plan(make_course(title="Kursus\x1b[2J"))
    heading, line = follow_up((), [word], (), Reader(plan=plan, people=PEOPLE, language=DA)).splitlines()
    assert heading.endswith("(1)")
    assert line.startswith("  Kursus")
    assert "\x1b" not in line
