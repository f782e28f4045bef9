"""What a message after a course asks, and of whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.evaluation import STANDARD, EvaluationForm
from bot.domain.people import Language
from bot.domain.reminders import Afterwards
from tests.builders.notices import PLAIN, item, reminder

OWN = replace(PLAIN, evaluation_form=EvaluationForm(questions=STANDARD))
LINK = "https://kurser.aadal.example/p/hemmelig"


def test_a_form_of_our_own_is_behind_the_readers_own_link():
    assert f"{LINK}/evaluation" in reminder(item("follow_up"), which=OWN, link=LINK).html
    assert "/evaluation" not in reminder(item("follow_up"), which=OWN, link=None).html


def test_who_is_not_asked_is_shown_no_form():
    asked_not = replace(item("follow_up"), unasked=True)
    assert "/evaluation" not in reminder(asked_not, which=OWN, link=LINK).html


@pytest.mark.parametrize("came", [Afterwards.NO_SHOW, Afterwards.DECLINED])
@pytest.mark.parametrize("language", Language)
def test_who_was_not_there_is_not_thanked_for_coming(came, language):
    there, away = (
        reminder(one, which=OWN, link=LINK, language=language).html
        for one in (item("follow_up"), replace(item("follow_up"), came=came, unasked=True))
    )
    assert there != away
