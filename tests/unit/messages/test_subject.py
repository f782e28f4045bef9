"""The subject of an event: short enough for Outlook, and different where the events are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import Language
from bot.domain.plan import CourseStatus
from bot.messages.characters import cut_at_word, one_line, printable, unbroken
from bot.messages.invitation import LONGEST_SUBJECT, invitation_subject
from tests.builders.invitations import DAY, LONG, ONLY, course, offering


def subject(which, of=ONLY, session=DAY, language=Language.DA):
    return invitation_subject(which, of, session, language=language)


@pytest.mark.parametrize(
    ("status", "hold", "part", "language", "said"),
    [
        ("approved", "", "", Language.DA, "Fælles lederdag"),
        ("approved", "Hold 1", "", Language.DA, "Fælles lederdag – Hold 1"),
        ("approved", "", "Del 1", Language.DA, "Fælles lederdag – Del 1"),
        ("approved", "Hold 1", "Del 1", Language.EN, "Fælles lederdag – Hold 1 – Del 1"),
        ("save_the_date", "", "", Language.DA, "Reservér datoen: Fælles lederdag"),
        ("save_the_date", "Hold 1", "", Language.EN, "Save the date: Fælles lederdag – Hold 1"),
        ("cancelled", "", "", Language.DA, "Fælles lederdag"),
    ],
)
def test_the_subject_is_the_titles_from_course_to_session(status, hold, part, language, said):
    """And says when it is only a placeholder."""
    which = course(status=CourseStatus(status))
    assert subject(which, offering(title=hold), replace(DAY, title=part), language) == said


def test_one_more_session_or_offering_does_not_rename_the_others():
    """A changed subject is a mail to everybody invited."""
    one = offering(replace(DAY, title="Del 1"), title="Hold 1")
    more = replace(one, sessions=(*one.sessions, replace(DAY, id="del-2", title="Del 2")))
    assert subject(course(offerings=(one,)), one, one.sessions[0]) == subject(course(offerings=(more, ONLY)), more, more.sessions[0])


def test_what_is_too_long_is_cut_at_a_word_before_what_tells_the_events_apart():
    """Two offerings of a course with a long title are still two."""
    cut = subject(LONG, LONG.offerings[1])
    assert cut.endswith("… – Hold 2")
    assert LONGEST_SUBJECT - 20 < len(cut) <= LONGEST_SUBJECT
    assert f"{cut.partition('…')[0]} " in LONG.title


ANY_TEXT = st.text(st.sampled_from(" \n\t\x00\x1f\u2028\u202e\ud800aæ😀") | st.characters(), max_size=400)


@given(title=ANY_TEXT, hold=ANY_TEXT, part=ANY_TEXT, status=st.sampled_from(CourseStatus))
def test_a_subject_is_one_short_clean_line_whatever_hr_writes(title, hold, part, status):
    """No control characters, nothing that cannot be encoded, at most 255 characters."""
    said = subject(course(title=f"Kursus {title}", status=status), offering(title=hold), replace(DAY, title=part))
    said.encode()
    assert len(said) <= LONGEST_SUBJECT
    assert said == one_line(said)
    assert "\n" not in said


@pytest.mark.parametrize(
    ("text", "longest", "said"),
    [
        ("kort", 4, "kort"),
        ("et langt ord", 9, "et langt…"),
        ("et langt, ord", 10, "et langt…"),
        ("Donaudampfschiff", 8, "Donauda…"),
        ("– – – –", 3, "…"),
    ],
)
def test_a_cut_ends_at_a_word_where_there_is_one(text, longest, said):
    """The mark of the cut counts too."""
    assert cut_at_word(text, longest) == said


def test_lines_and_tabs_stay_in_a_text_and_turned_writing_does_not():
    """A description has lines; a title that is read backwards is a trick."""
    assert printable("a\r\n\tb\x07c\u202ed\ud800") == "a\r\n\tb c d "


def test_of_all_characters_only_those_that_no_mail_means_go():
    """Whether a text has any of them is asked in another way than which it has; both have to agree."""
    unwanted = {*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), 0x200E, 0x200F, *range(0x202A, 0x202F)}
    unwanted |= {*range(0x2066, 0x206A), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF}
    assert {code for code in range(0x110000) if printable(chr(code)) != chr(code)} == unwanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kl. 09.00", "kl.\u00a009.00"),
        ("(kl. 9–12) og kl. 14", "(kl.\u00a09–12) og kl.\u00a014"),
        ("onkl. 9", "onkl. 9"),
        ("kl. ni", "kl. ni"),
        ("kl.  9", "kl.  9"),
        ("Kl. 9", "Kl. 9"),
    ],
)
def test_no_line_ends_between_kl_and_the_hour(text, said):
    assert unbroken(text) == said
