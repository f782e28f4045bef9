"""A mail in HR's own words: theirs as they typed it, safe, in the frame that all our mails have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.people import Language
from bot.domain.plan import CourseSession
from bot.messages.broadcast import links_in
from bot.messages.markdown import typed_html
from bot.messages.plain_text import text_of
from tests.builders.notices import NASTY, PLAIN, broadcast
from tests.unit.messages.elements import Elements

WHY = {
    "registered": ("du er tilmeldt", "you have a seat on"),
    "tentative": ("du har svaret måske til", "you answered maybe to"),
    "waiting": ("du står på venteliste til", "you are on the waiting list for"),
    "silent": ("du er inviteret til og ikke har svaret på", "you are invited to, and have not answered,"),
    "declined": ("du har været inviteret til", "you were invited to"),
}
FIRST = PLAIN.offerings[0]
UNDATED = replace(PLAIN, offerings=(replace(FIRST, sessions=(CourseSession(id="dag"),)),))


@pytest.mark.parametrize("group", WHY)
def test_it_says_why_the_reader_gets_it_and_of_which_offering(group):
    for language, why in zip(Language, WHY[group], strict=True):
        assert f"{why} Fælles lederdag – Hold 1." in text_of(broadcast(language=language, group=group).html)


@pytest.mark.parametrize(
    ("which", "where", "told"),
    [
        (PLAIN, {"offering": ""}, "tilmeldt Fælles lederdag."),
        (PLAIN, {"session": "dag"}, "tilmeldt Fælles lederdag – Hold 1, onsdag den 18. juni 2025 kl. 09.00"),
        (PLAIN, {"session": "gone"}, "tilmeldt Fælles lederdag – Hold 1."),
        (PLAIN, {"offering": "gone", "session": "dag"}, "tilmeldt Fælles lederdag – gone."),
        (replace(PLAIN, offerings=PLAIN.offerings[:1]), {}, "tilmeldt Fælles lederdag."),
        (UNDATED, {"session": "dag"}, "tilmeldt Fælles lederdag."),
    ],
)
def test_it_names_what_it_is_about_as_closely_as_it_was_written_to(which, where, told):
    plain = text_of(broadcast(which, **where).html).replace("\u00a0", " ")
    assert told in plain, plain


def test_only_who_has_not_answered_is_led_to_their_own_page():
    assert "/p/abc" in broadcast(group="silent").html
    assert "/p/abc" not in broadcast(group="registered").html
    assert "Se invitationen" not in broadcast(group="silent", link=None).html


def test_a_trial_says_that_it_is_one():
    made = broadcast(said="Hej", is_trial=True)
    assert (made.subject, "Det her er en prøve" in made.html, "prøve" in broadcast(said="Hej").html) == ("Prøve: Hej", True, False)


def test_lines_end_where_they_were_typed_and_web_addresses_are_links():
    """Nobody who writes a mail means a space by a line break, or a picture of code by four blanks."""
    made = typed_html("Hej\nalle\n\n    se https://by.example/a?b=1&c=2, og (http://by.example).\n\n- en\n- to")
    assert "Hej<br>\nalle" in made
    assert '<a href="https://by.example/a?b=1&amp;c=2">https://by.example/a?b=1&amp;c=2</a>, og' in made
    assert '(<a href="http://by.example">http://by.example</a>).' in made
    assert ("<pre" in made, made.count("<li")) == (False, 2)


def test_a_link_that_was_made_stays_as_it_is():
    assert typed_html("[https://a.example](https://b.example)").count("<a ") == 1
    assert "<a " not in typed_html("`https://a.example`")
    assert typed_html("") == ""


def test_where_links_lead_is_told_whatever_their_words_say():
    said = "[jeres kursusside](https://ond.example/?a=1&b=2) og https://by.example og https://by.example"
    assert links_in(said) == ("https://ond.example/?a=1&b=2", "https://by.example")


@pytest.mark.parametrize(
    "said",
    [
        NASTY, "<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](https://a.example/x.png)",
        'https://a.example/"onmouseover="x', "<a href='https://a.example'>x</a>", "😀 æøå ÆØÅ",
    ],
)  # fmt: skip
def test_hostile_words_are_words(said):
    made = broadcast(said=said, name=NASTY)
    for tag, attrs in Elements(made.html).found:
        assert tag not in {"script", "img", "iframe"}
        assert not {name for name in attrs if name.startswith("on")}
        assert attrs.get("href", "https:").startswith(("https:", "mailto:"))
    assert made.subject == " ".join(made.subject.split())


def test_emoji_and_danish_letters_arrive():
    made = broadcast(said="😀 Smørrebrød på Ærø")
    assert (made.subject, "😀 Smørrebrød på Ærø" in made.html) == ("😀 Smørrebrød på Ærø", True)
