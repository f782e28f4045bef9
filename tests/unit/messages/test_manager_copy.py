"""The copy to a manager: what their people are signed up to, and that they are not any more."""

from __future__ import annotations

from bot.domain.manager_pages import PlaceWord
from bot.domain.people import Language
from bot.messages.visible_text import visible_text
from tests.builders.notices import PLAIN, manager_copy


def said(**facts):
    mail = manager_copy(PLAIN, **facts)
    return mail.subject, " ".join(visible_text(mail.html).split()).replace("\xa0", " ")


def test_it_says_who_what_where_they_stand_and_when():
    subject, text = said(words=(PlaceWord.REGISTERED, PlaceWord.WAITLISTED))
    assert subject == "Dine medarbejderes kurser"
    assert "Bo Prøve" in text
    assert "Fælles lederdag – Hold 1: Tilmeldt. onsdag den 18. juni 2025" in text
    assert "Fælles lederdag – Hold 1: På venteliste" in text
    assert "Se dine medarbejderes kurser" in text
    assert "Se dine medarbejderes kurser" not in said(link="")[1]


def test_of_nobody_any_more_it_says_that():
    subject, text = said(words=(), language=Language.EN)
    assert subject == "Your people are not signed up to courses just now"
    assert "not signed up any more" in text
