"""A plan that its books do not recognise: another id, mailbox or time zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.people import Language
from bot.invitations.identity import other_mailbox, other_plan_id, other_timezone
from tests.builders.samples import KEY, NOW, ORGANISER, make_course, make_desired, make_entry, make_observed, make_plan, make_session

AHEAD = make_desired("anna", "bo")
ENTRY = make_entry(AHEAD, make_observed(AHEAD))
OLD = replace(KEY, plan="sidste-aar")
PLAN = make_plan()
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


def books(*entries):
    ledgers = {}
    for entry in entries:
        ledgers.setdefault(entry.key.plan, {})[entry.key] = entry
    return ledgers


def found(plan, *entries, served=("demo",)):
    one = other_plan_id(plan, books(*entries), served=served, now=NOW)
    return None if one is None else (one.old, one.sessions, one.people)


def entry(key=OLD, **changes):
    return replace(ENTRY, **({"key": key} | changes))


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([entry()], ("sidste-aar", 1, 2)),
        ([entry(replace(OLD, course="andet"))], ("sidste-aar", 1, 2)),
        ([entry(subject="Andet")], ("sidste-aar", 1, 2)),
        ([entry(organiser=ORGANISER)], ("sidste-aar", 1, 2)),
        ([entry(replace(OLD, course="andet"), subject="Andet")], None),
        ([entry(start=ENTRY.start + timedelta(hours=1))], None),
        ([entry(organiser="andre@demo.example")], None),
        ([entry(start=LONG_AGO)], None),
        ([entry(event_id=None)], None),
        ([entry(replace(OLD, part=2))], None),
        ([entry(), entry(KEY)], None),
        (
            [entry(), entry(replace(OLD, plan="forrige-aar")), entry(replace(OLD, plan="forrige-aar", course="andet"))],
            ("forrige-aar", 2, 2),
        ),
        ([entry(replace(OLD, plan="en-anden"))], None),
    ],
)
def test_an_id_that_is_served_no_more_and_looks_like_this_plan_is_found(entries, said):
    """By session and start, or subject and start; what has an event here by now is no sign."""
    assert found(PLAN, *entries, served=("demo", "en-anden")) == said


def test_what_the_plan_says_itself_is_no_question():
    assert found(replace(PLAN, was="sidste-aar"), entry()) is None
    assert found(make_plan(make_course("kursus", make_session(start=None))), entry()) is None


def test_events_in_another_mailbox_are_found_there():
    """And not said to be deleted; what the books do not know counts as the plan's own."""
    elsewhere = [entry(replace(KEY, session=name), organiser="gammel@demo.example") for name in ("a", "b")]
    third = entry(organiser="en@demo.example")
    one = other_mailbox(PLAN, [*elsewhere, third, entry(organiser=ORGANISER), entry()], now=NOW)
    assert one is not None
    assert (one.old, one.new, one.sessions, one.people) == ("gammel@demo.example", ORGANISER, 2, 2)
    assert other_mailbox(PLAN, [entry(), entry(organiser="x@demo.example", start=LONG_AGO)], now=NOW) is None


@pytest.mark.parametrize("language", Language)
def test_each_is_explained_with_what_to_do(language):
    plan_id = other_plan_id(PLAN, books(entry()), served=(), now=NOW)
    mailbox = other_mailbox(PLAN, [entry(organiser="gammel@demo.example")], now=NOW)
    zone = other_timezone("America/Nuuk", PLAN)
    assert plan_id is not None
    assert mailbox is not None
    assert zone is not None
    said = [*plan_id.lines(language), *mailbox.lines(language), *zone.lines(language)]
    assert "sidste-aar" in said[0]
    assert "was" in said[1]
    assert "kursusbot plan close sidste-aar" in said[1]
    assert "gammel@demo.example" in said[2]
    assert "America/Nuuk" in said[4]


def test_the_same_time_zone_is_no_question():
    assert other_timezone(PLAN.timezone, PLAN) is None
