"""A card that would be larger than Teams takes is cut harder, text by text, and what its buttons carry stays whole."""

from __future__ import annotations

from bot.cards.answers import render_answer
from bot.cards.parts import LARGEST, finished, press_button, size
from bot.domain.chat_views import CourseCard
from bot.domain.conversations import Press, PressVerb
from bot.domain.people import Language
from bot.messages.card_parts import card_line
from tests.builders.cards import page

LONG = "Ord på ord " * 27
CARRIED = "kursus-" * 30


def card_of(lines):
    button = press_button(LONG, Press(verb=PressVerb.COURSE, plan="by", course=CARRIED))
    return finished(Language.DA, [card_line(LONG)] * lines, [button])


def test_what_fits_is_left_alone():
    assert card_of(3)["body"] == [card_line(LONG)] * 3


def test_what_would_be_too_large_is_cut_until_it_fits():
    card = card_of(120)
    assert size(card) <= LARGEST
    assert len(card["body"]) == 120
    assert card["actions"][0]["data"]["course"] == CARRIED


def test_what_cannot_be_cut_enough_is_cut_as_hard_as_it_can_be():
    assert size(card_of(2000)) < 2000 * len(LONG) / 2


def test_a_course_without_a_theme_says_nothing_of_one():
    without = page(theme="")
    said = str(render_answer(CourseCard(plan="aadal", page=without)))
    assert "Tema" not in said
