"""Which courses stand in a list of the bot, in which order, and which are meant by words; and whom a press is for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.desks.teams.chat_lists import called, listed, nearest_first
from bot.desks.teams.chat_people import id_of, person_meant
from bot.domain.chat_views import ListedCourse
from bot.domain.conversations import ChatWish, Press, PressVerb
from bot.domain.links import Grant, Purpose
from bot.domain.pages import OwnPlace, PersonCourse
from bot.domain.people import Person
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.sign_in import Visitor

NOW = datetime(2025, 5, 1, 8)
GRANT = Grant(purpose=Purpose.PERSON, plan="by", made_at=datetime(2025, 5, 1, tzinfo=UTC))
BOSS = Person(email="boss@by.example", name="Bo Chef", directory_id="id-boss", aliases=frozenset({"den.gamle@by.example"}))
ME = Visitor(subject="Id-Anna", email="anna@by.example", name="", roles=frozenset(), proved_at=None, vouches=True)


def course(name, days=None, *, place=None, **facts):
    """A course that begins in so many days, with the person's place on a date of their own."""
    places = () if place is None else (OwnPlace(offering="", when=place, status=RegistrationStatus.REGISTERED),)
    first = None if days is None else NOW + timedelta(days=days)
    given = {"course": name, "title": name, "first": first, "cancelled": False, "places": places, "grant": GRANT}
    return ListedCourse(plan="by", course=PersonCourse(**given | facts))


def names(found):
    return [one.course.course for one in found]


MINE = course("mit", 9, place=NOW + timedelta(days=2))
OPEN = course("åbent", 5)
ASKED = course("spurgt", 30, place=NOW + timedelta(days=30), unanswered=1)
GONE = course("aflyst", 4, place=NOW, cancelled=True)
OVER = course("forbi", -20, place=NOW - timedelta(days=20), over=True)
UNDATED = course("uden dato")
ALL = (OVER, UNDATED, ASKED, GONE, OPEN, MINE)


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        (ChatWish.MINE, ["aflyst", "mit", "spurgt"]),
        (ChatWish.COMING, ["mit", "åbent", "spurgt", "uden dato"]),
        (ChatWish.UNANSWERED, ["åbent", "spurgt", "uden dato"]),
    ],
)
def test_each_list_has_its_own_nearest_first(which, expected):
    assert names(listed(which, ALL, NOW)) == expected


def test_what_has_begun_stands_last_the_latest_first():
    begun, before = course("begyndt", -1), course("før", -2)
    assert names(nearest_first((before, UNDATED, begun, OPEN), NOW)) == ["åbent", "uden dato", "begyndt", "før"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Kommende ledere", ["Kommende ledere"]),
        ("LEDERE!", ["Kommende ledere", "Kommende ledere 2"]),
        ("led komm", ["Kommende ledere", "Kommende ledere 2"]),
        ("ledere 2", ["Kommende ledere 2"]),
        ("svømning", []),
        ("?", []),
        ("", []),
    ],
)
def test_a_course_is_called_by_its_title_or_words_of_it(words, expected):
    assert names(called(words, [course("Kommende ledere"), course("Kommende ledere 2"), OPEN])) == expected


@pytest.mark.parametrize("acts_for", ["", "ID-ANNA", "anna@by.example", "Anna@By.Example"])
def test_a_press_is_for_who_pressed(acts_for):
    meant = person_meant(ME, Press(verb=PressVerb.COURSE, acts_for=acts_for), [BOSS])
    assert (meant.visitor, meant.said.source, meant.said.by, meant.name) == (ME, AnswerSource.TEAMS, "", "")


def test_a_press_for_somebody_else_is_for_nobody():
    assert person_meant(ME, Press(verb=PressVerb.COURSE, acts_for="bo@by.example"), [BOSS]) is None


@pytest.mark.parametrize("acts_for", ["ID-BOSS", "boss@by.example", "Den.Gamle@by.example"])
def test_a_press_for_a_leader_of_theirs_is_for_the_leader_and_they_speak(acts_for):
    meant = person_meant(ME, Press(verb=PressVerb.COURSE, acts_for=acts_for), [BOSS])
    assert (meant.visitor, meant.leader, meant.name, meant.id) == (ME, BOSS, "Bo Chef", "id-boss")
    assert person_meant(ME, Press(verb=PressVerb.COURSE, acts_for=acts_for), []) is None


def test_a_leader_without_name_or_id_goes_by_the_address():
    plain = Person(email="boss@by.example")
    meant = person_meant(ME, Press(verb=PressVerb.COURSE, acts_for="boss@by.example"), [plain])
    assert (meant.name, meant.id, id_of(plain)) == ("boss@by.example", "boss@by.example", "boss@by.example")
