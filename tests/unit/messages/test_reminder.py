"""What the plan's rules ask for, in words: one message, or several in one mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from html import escape

import pytest

from bot.domain.enrolment import ChooseVia, Enrolment, EnrolmentMode
from bot.domain.people import Language
from bot.domain.plan import CourseSession
from bot.domain.programme import Material
from bot.messages.visible_text import visible_text
from tests.builders.invitations import EVERYTHING, course, offering
from tests.builders.notices import DEADLINE, FIRST, LINK, PLAIN, SECOND, item, reminder

WITH_MATERIALS = replace(
    PLAIN, materials=(Material(title="Læs før", url="https://aadal.example/a"), Material(title="Farlig", url="javascript:alert(1)"))
)


def words(*items, **more):
    return " ".join(visible_text(reminder(*items, **more).html).split())


def links(*items, **more):
    return [part.partition('"')[0] for part in reminder(*items, **more).html.split('href="')[1:] if not part.startswith("mailto:")]


@pytest.mark.parametrize(
    ("today", "subject"),
    [
        (date(2025, 6, 18), "I dag: Fælles lederdag – Hold 1"),
        (date(2025, 6, 17), "I morgen: Fælles lederdag – Hold 1"),
        (date(2025, 6, 13), "Husk: Fælles lederdag – Hold 1"),
    ],
)
def test_tomorrow_is_said_of_tomorrow_only(today, subject):
    """A message that was moved to the Friday before says the date, and not what is not true."""
    assert reminder(item("tomorrow"), today=today).subject == subject
    assert "onsdag den 18. juni 2025 kl. 09.00–15.30" in words(item("tomorrow"), today=today)


@pytest.mark.parametrize("link", [LINK, None])
def test_who_has_not_confirmed_is_told_that_it_was_moved_and_asked_in_the_calendar(link):
    """They have a seat: their page has nothing to choose, and Outlook asks them already."""
    moved = replace(item("please_answer"), moved=True)
    assert reminder(moved, link=link).subject == "Bekræft den nye tid: Fælles lederdag – Hold 1"
    said = words(moved, link=link)
    assert "Fælles lederdag – Hold 1 er flyttet, efter at du fik din plads. Du har den stadig" in said
    assert "onsdag den 18. juni 2025 kl. 09.00–15.30" in said
    assert "Bekræft ved at sige ja i invitationen i din kalender." in said
    assert links(moved, link=link) == []
    several = words(moved, item("practical"), language=Language.EN)
    assert "The meeting has been moved since you got your seat." in several
    assert "Wednesday 18 June 2025" in several


@pytest.mark.parametrize(
    ("language", "date_of_it", "way"),
    [
        (Language.DA, "Hold 2: onsdag den 3. september 2025", "Skriv til"),
        (Language.EN, "Hold 2: Wednesday 3 September 2025", "Write to"),
    ],
)
@pytest.mark.parametrize("together", [False, True], ids=["alone", "in a digest"])
def test_who_gave_a_date_up_is_told_which_are_open_and_how_to_choose_one(language, date_of_it, way, together):
    """They were taken off the other invitations: none in their calendar can be answered, so they are not sent to look for it."""
    anew = replace(item("please_answer"), anew=True)
    items = [anew, item("practical")] if together else [anew]
    for link in (LINK, None):
        said = words(*items, link=link, language=language)
        assert date_of_it in said
        assert way in said or link
        assert (LINK.replace("&", "&amp;") in links(*items, link=link, language=language)) is (link is not None)
        wrong_ways = ("Acceptér", "var i invitationen", "vare i invitationen", "nswer the invitation", "invitation in your calendar")
        assert [one for one in wrong_ways if one in said] == []


def test_the_dates_to_choose_from_are_those_to_come_for_the_same_people():
    anew = replace(item("please_answer"), anew=True)
    for_others = replace(SECOND, sessions=(replace(SECOND.sessions[0], audience=("andre",)),))
    undated = replace(SECOND, sessions=(CourseSession(id="dag", period="efterår"),))
    later = replace(SECOND, sessions=(CourseSession(id="ukendt", period="efterår"), *SECOND.sessions))
    for second, is_told in ((SECOND, True), (for_others, False), (undated, False), (later, True)):
        assert ("Hold 2" in words(anew, which=replace(PLAIN, offerings=(FIRST, second)))) is is_told
    assert "Hold 2" not in words(anew, today=date(2025, 9, 3))


def test_the_silent_are_told_where_to_answer():
    """On their own page where there is one, else by the buttons of the invitation, or by mail where there is no invitation."""
    here = LINK.replace("&", "&amp;")
    assert links(item("please_answer")) == [here]
    assert "Svar på din egen side" in words(item("please_answer"))
    assert "Du kan også svare i invitationen i din kalender. Sig kun ja til ét hold." in words(item("please_answer"))
    assert links(item("please_answer"), link=None) == []
    assert "med knapperne øverst: »Acceptér«, hvis du kommer, og »Afslå«, hvis du ikke kan. Sig kun ja" in words(
        item("please_answer"), link=None
    )
    by_link = replace(PLAIN, enrolment=Enrolment(mode=EnrolmentMode.CHOOSE, via=ChooseVia.LINK, deadline=DEADLINE))
    assert links(item("please_answer"), which=by_link) == [here]
    assert "Du har endnu ikke valgt hold til Fælles lederdag. Vælg senest onsdag" in words(item("please_answer"), which=by_link)
    assert "Skriv til hr@aadal.example, og fortæl, hvilket hold" in words(item("please_answer"), which=by_link, link=None)
    signs_up = replace(PLAIN, enrolment=Enrolment(mode=EnrolmentMode.SIGNUP, deadline=DEADLINE))
    assert reminder(item("please_answer"), which=signs_up).subject == "Husk at melde dig til: Fælles lederdag"
    assert "Du kan stadig melde dig til Fælles lederdag – senest onsdag" in words(item("please_answer"), which=signs_up)
    for language in Language:
        both = [item("please_answer"), item("follow_up")]
        for which in (by_link, signs_up, PLAIN):
            assert links(*both, which=which, language=language) == [here]
            assert links(*both, which=which, language=language, link=None) == []
    alone = course()
    assert "ét hold" not in words(item("please_answer", offering="main"), which=alone)
    assert "Svar senest" not in words(item("please_answer", offering="main"), which=alone)


def test_who_can_only_wait_in_line_is_told_so():
    waits = replace(item("please_answer"), only_line=True)
    for items in ([waits], [waits, item("follow_up")]):
        assert "Alle pladser er optaget lige nu, men du kan komme på venteliste." in words(*items)
        assert "you can join the waiting list" in words(*items, language=Language.EN)
    assert "venteliste" not in words(item("please_answer"))


SPOKEN = {
    "practical": "Du holder oplæg på Fælles lederdag – Hold 1. Her er det praktiske:",
    "tomorrow": "I morgen holder du oplæg på Fælles lederdag – Hold 1:",
    "follow_up": "Tak for dit oplæg på Fælles lederdag – Hold 1.",
    "please_answer": "Vi mangler dit svar på invitationen til Fælles lederdag, hvor du holder oplæg.",
}


@pytest.mark.parametrize("template", SPOKEN)
def test_who_speaks_has_words_of_their_own(template):
    """Nothing of seats, holds and answering in time: none of it is theirs."""
    speaks = replace(item(template), speaker=True)
    told = words(speaks, which=WITH_MATERIALS)
    assert SPOKEN[template] in told
    assert not [
        word for word in ("ét hold", "Svar senest", "din plads", "Tak, fordi du var med", "inden kurset", "egen side") if word in told
    ]
    english = words(speaks, which=WITH_MATERIALS, language=Language.EN)
    assert "speaking" in english
    together = words(speaks, replace(speaks, template="follow_up" if template != "follow_up" else "practical"))
    assert "oplæg" in together
    assert "speaking" in words(speaks, replace(item("tomorrow"), speaker=True, session="igen"), language=Language.EN)
    assert "oplæg" not in words(item(template), which=WITH_MATERIALS)


def test_a_speakers_last_day_is_said_as_the_day_it_is():
    speaks = replace(item("tomorrow"), speaker=True)
    assert "I dag holder du oplæg på" in words(speaks, today=date(2025, 6, 18))
    assert "Husk, at du holder oplæg på" in words(speaks, today=date(2025, 6, 1))
    assert "Please remember that you are speaking at" in words(speaks, today=date(2025, 6, 1), language=Language.EN)
    assert reminder(replace(item("follow_up"), speaker=True)).subject == "Tak for dit oplæg: Fælles lederdag – Hold 1"


def test_materials_are_links_where_they_are_safe_and_the_evaluation_is_one_click():
    for kind in ("practical", "follow_up"):
        assert links(item(kind), which=WITH_MATERIALS) == ["https://aadal.example/a"]
        assert "Farlig" in words(item(kind), which=WITH_MATERIALS)
    evaluated = replace(PLAIN, evaluation="https://evaluering.example/1")
    assert links(item("follow_up"), which=evaluated) == ["https://evaluering.example/1"]
    assert reminder(item("follow_up"), which=evaluated).subject == "Hvad synes du om Fælles lederdag – Hold 1?"
    assert links(item("follow_up"), item("please_answer"), which=evaluated, link=None) == ["https://evaluering.example/1"]


def test_when_and_where_stands_once_in_a_mail():
    """What is practical and what is tomorrow are one thing to the reader."""
    for items in ([item("tomorrow"), item("practical")], [item("practical"), item("tomorrow")]):
        made = reminder(*items, which=WITH_MATERIALS)
        assert made.subject == "Praktisk om Fælles lederdag – Hold 1"
        assert made.html.count("18. juni") == 1
    three = reminder(item("tomorrow"), item("practical"), item("please_answer"), which=WITH_MATERIALS)
    assert three.subject == "Husk dine kurser: Fælles lederdag"
    assert visible_text(three.html).count("18. juni") == 1


def test_a_session_says_its_title_and_programme_and_that_it_is_online():
    session = CourseSession(
        id="del-1",
        title="Ny retningslinje",
        start=datetime(2025, 6, 18, 9),
        end=datetime(2025, 6, 18, 10),
        description="- Velkomst",
        online=True,
    )
    made = course(offerings=(offering(session, id="main"),))
    text = words(item("practical", offering="main", session="del-1"), which=made)
    assert "Fælles lederdag – Ny retningslinje" in text
    assert "Velkomst" in text
    assert "Vi mødes på Teams" in text
    digest = words(item("practical", offering="main", session="del-1"), item("follow_up", offering="main", session="del-1"), which=made)
    assert "Vi mødes på Teams" in digest
    assert "Velkomst" in digest


def test_what_is_over_is_not_to_be_remembered():
    """A mail of thanks for two courses does not say: remember your courses."""
    assert reminder(item("follow_up"), item("please_answer")).subject == "Om dine kurser: Fælles lederdag"


def test_nothing_is_said_of_what_has_left_the_plan():
    with pytest.raises(KeyError):
        reminder(item(session="borte"))
    with pytest.raises(KeyError):
        reminder(replace(item("local_task"), rule="after.borte"))
    undated = course(offerings=(offering(CourseSession(id="dag", period="2025-Q3"), id="main"),))
    assert reminder(item("tomorrow", offering="main"), which=undated).subject == "Husk: Fælles lederdag"


def test_a_course_with_everything_is_told_in_both_languages():
    where = {"offering": EVERYTHING.offerings[0].id, "session": EVERYTHING.offerings[0].sessions[0].id}
    for language in Language:
        for kind in ("please_answer", "practical", "tomorrow", "follow_up"):
            assert "Psykologisk tryghed" in reminder(item(kind, **where), which=EVERYTHING, language=language).subject


@pytest.mark.parametrize("language", list(Language))
def test_a_practical_mail_leads_whoever_left_questions_open_to_their_own_page(language):
    asking, plain = replace(item("practical"), questions=True), item("practical")
    assert escape(LINK) in links(asking, language=language)
    assert links(plain, language=language) == []
    assert words(asking, language=language, link=None) == words(plain, language=language)


def test_several_messages_of_one_course_in_one_mail_ask_once():
    first = PLAIN.offerings[0]
    more = replace(first, sessions=(*first.sessions, replace(first.sessions[0], id="igen")))
    both = [replace(item("practical", session=one), questions=True) for one in ("dag", "igen")]
    assert links(*both, which=replace(PLAIN, offerings=(more, *PLAIN.offerings[1:]))).count(escape(LINK)) == 1
