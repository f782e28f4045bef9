"""Which cards stand in channels, by the table of `bot.cards.standing`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.cards.standing import MOST_NEW, AskedCourse, card_steps
from bot.domain.conversations import Conversation, ConversationKind, StandingCard
from bot.domain.plan import CourseStatus
from bot.domain.seats import OfferingSeats
from tests.builders.invitations import PLAN
from tests.builders.notices import PLAIN

NOW = datetime(2025, 5, 20, 8, tzinfo=UTC)
AFTER = datetime(2027, 1, 1, tzinfo=UTC)
COURSE = replace(PLAIN, teams_channel=" ledere ")
ASKED = AskedCourse(is_asked=True)


def channel(name="Ledere", where="19:ledere"):
    return Conversation(
        id=where, kind=ConversationKind.CHANNEL, service_url="https://x.example", subject="19:team", name=name, added_at=NOW, seen_at=NOW
    )


def steps(*courses, asked=None, standing=(), channels=None, now=NOW, may_post=True):
    plan = replace(PLAN, courses=courses)
    asked = {one.id: ASKED for one in courses} if asked is None else asked
    channels = [channel()] if channels is None else channels
    return card_steps(plan, asked, standing, channels, app_id="app", now=now, may_post=may_post)


def standing(step, activity="17"):
    return replace(step.standing, activity=activity)


def test_a_course_that_was_asked_gets_one_card_in_its_channel():
    (step,) = steps(COURSE)
    assert (step.standing.course, step.standing.conversation, step.standing.activity) == (COURSE.id, "19:ledere", "")
    assert step.card is not None
    assert not step.is_last
    assert steps(COURSE, standing=[standing(step)]) == ()


@pytest.mark.parametrize(
    "more",
    [
        {"asked": {}},
        {"channels": []},
        {"channels": [channel("Skoler")]},
        {"channels": [channel(), channel(where="19:other")]},
        {"may_post": False},
        {"now": AFTER},
    ],
    ids=["nobody was asked", "no channel", "another channel", "two of one name", "outside the sending hours", "over"],
)
def test_no_card_is_posted(more):
    assert steps(COURSE, **more) == ()


def test_no_card_is_posted_of_what_names_no_channel_or_is_cancelled():
    assert steps(PLAIN) == ()
    assert steps(replace(COURSE, status=CourseStatus.CANCELLED)) == ()


def test_a_card_that_shows_something_else_is_put_in_its_place_at_any_time():
    (step,) = steps(COURSE)
    seats = tuple(OfferingSeats(course=COURSE.id, offering=one.id, capacity=20, registered=3) for one in COURSE.offerings)
    asked = {COURSE.id: AskedCourse(is_asked=True, offerings=seats)}
    (again,) = steps(COURSE, asked=asked, standing=[standing(step)], may_post=False)
    assert again.card is not None
    assert again.standing.digest != step.standing.digest
    assert again.standing.activity == "17"


def test_a_card_that_was_begun_or_taken_away_is_left_alone():
    (step,) = steps(COURSE)
    assert steps(COURSE, standing=[replace(step.standing, digest="other")]) == ()


def test_a_card_stays_where_it_is_though_the_course_names_another_channel():
    (step,) = steps(COURSE)
    moved = replace(COURSE, title="Nyt navn", teams_channel="Skoler")
    kept, new = steps(moved, standing=[standing(step)], channels=[channel(), channel("Skoler", "19:skoler")])
    assert (kept.standing.conversation, new.standing.conversation) == ("19:ledere", "19:skoler")
    assert steps(moved, standing=[standing(step)], channels=[]) == (), "the bot is there no more"


def test_what_is_over_cancelled_or_gone_says_so_once_and_is_kept_no_more():
    (step,) = steps(COURSE)
    stands = [standing(step)]
    for found in (
        steps(COURSE, standing=stands, now=AFTER),
        steps(replace(COURSE, status=CourseStatus.CANCELLED), standing=stands),
        steps(standing=stands),
    ):
        (last,) = found
        assert last.is_last
        assert last.card is not None
        assert last.standing.digest != step.standing.digest
        assert "actions" not in last.card or last.card["actions"]
    (over,) = steps(COURSE, standing=stands, now=AFTER)
    (forgotten,) = steps(COURSE, standing=[standing(over)], now=AFTER)
    assert forgotten.card is None
    assert forgotten.is_last


def test_an_offering_that_is_over_counts_no_seats():
    seats = (OfferingSeats(course=COURSE.id, offering=COURSE.offerings[0].id, capacity=20, registered=3),)
    stands = [StandingCard(plan=PLAN.id, course=COURSE.id, conversation="19:ledere", activity="1", digest="", shown_at=NOW)]
    asked = {COURSE.id: AskedCourse(is_asked=True, offerings=seats)}
    (coming,) = steps(COURSE, asked=asked, standing=stands)
    (over,) = steps(COURSE, asked=asked, standing=stands, now=AFTER)
    assert "17 ledige pladser" in str(coming.card)
    assert "ledige" not in str(over.card)
    assert "Kurset er holdt." in str(over.card)


def test_ten_cards_are_posted_at_a_time():
    courses = [replace(COURSE, id=f"kursus-{number}") for number in range(MOST_NEW + 5)]
    assert len(steps(*courses)) == MOST_NEW
