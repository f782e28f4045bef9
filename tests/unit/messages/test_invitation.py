"""The body of an invitation: what it says to whom, and what it leaves to Outlook."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.enrolment import ChooseVia, Enrolment, EnrolmentMode, LateAnswer, Unanswered
from bot.domain.people import Language
from bot.domain.plan import CourseStatus
from bot.domain.programme import Material, Speaker, Venue
from bot.messages.environment import TEMPLATES
from bot.messages.invitation import Point, answer_points, cancellation_comment, render_invitation
from bot.messages.markdown import ATTRIBUTES
from bot.messages.visible_text import visible_text
from tests.builders.invitations import DAY, EVERYTHING, HOSTILE, LONG, ONLY, PLACEHOLDER, PLAN, course, offering
from tests.unit.messages.elements import Elements

GOLDEN = Path(__file__).parents[2] / "golden" / "invitations"
REWRITE = os.environ.get("KURSUSBOT_GOLDEN") == "write"
CASES = {"placeholder": PLACEHOLDER, "plain": course(), "everything": EVERYTHING, "hostile": HOSTILE, "long": LONG}
DEADLINE = datetime(2025, 6, 4, 12)
LANGUAGES = pytest.mark.parametrize("language", Language)


def body(which, language=Language.DA, **more):
    return render_invitation(PLAN, which, which.offerings[0], which.offerings[0].sessions[0], language=language, **more)


@LANGUAGES
@pytest.mark.parametrize("case", CASES)
def test_the_text_is_the_one_that_was_read_and_approved(case, language):
    """A changed word is a mail to everybody invited: nobody changes one without seeing it (KURSUSBOT_GOLDEN=write)."""
    file = GOLDEN / f"{case}.{language.value}.html"
    text = body(CASES[case], language)
    if REWRITE:
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


@LANGUAGES
@pytest.mark.parametrize("change", ["time", "place", "title", "seats", "another session", "another offering", "audience"])
def test_what_outlook_shows_and_what_others_do_is_not_in_the_body(change, language):
    """Moving a session changes its start and end only; one more session or seat mails nobody else."""
    first, second = EVERYTHING.offerings
    moved = {
        "time": (EVERYTHING, first, replace(first.sessions[0], start=DAY.start + timedelta(days=1), end=DAY.end + timedelta(days=1))),
        "place": (replace(EVERYTHING, venue=Venue(name="Rådhuset")), first, replace(first.sessions[0], venue=Venue(name="Salen"))),
        "title": (replace(EVERYTHING, title="Noget andet"), replace(first, title="Hold A"), replace(first.sessions[0], title="Dag 1")),
        "seats": (replace(EVERYTHING, enrolment=replace(EVERYTHING.enrolment, capacity=50)), first, first.sessions[0]),
        "another session": (EVERYTHING, replace(first, sessions=(*first.sessions, DAY)), first.sessions[0]),
        "another offering": (replace(EVERYTHING, offerings=(first, second, offering(id="hold-3"))), first, first.sessions[0]),
        "audience": (replace(EVERYTHING, audience=("andre",), responsible=("en@aadal.example",)), first, first.sessions[0]),
    }[change]
    assert render_invitation(PLAN, *moved, language=language) == body(EVERYTHING, language)


@pytest.mark.parametrize(
    ("mode", "via", "offerings", "more", "points"),
    [
        ("invite", "outlook", 1, {}, {Point.ANSWER}),
        ("invite", "outlook", 2, {}, {Point.ANSWER}),
        ("choose", "outlook", 1, {}, {Point.ANSWER}),
        ("choose", "outlook", 2, {}, {Point.PICK_ONE}),
        ("choose", "link", 2, {}, {Point.SEAT_TAKEN}),
        ("signup", "outlook", 1, {}, {Point.SEAT_TAKEN}),
        (
            "signup",
            "outlook",
            1,
            {"capacity": 9, "waiting_list": True, "deadline": DEADLINE, "late": LateAnswer.REFUSE},
            {Point.SEAT_TAKEN},
        ),
        ("invite", "outlook", 1, {"deadline": DEADLINE}, {Point.ANSWER}),
        ("invite", "outlook", 1, {"capacity": 9}, {Point.ANSWER, Point.LIMITED, Point.FULL}),
        ("invite", "outlook", 1, {"capacity": 9, "waiting_list": True}, {Point.ANSWER, Point.LIMITED, Point.WAITING_LIST}),
        (
            "invite",
            "outlook",
            1,
            {"capacity": 9, "deadline": DEADLINE},
            {Point.ANSWER, Point.LIMITED, Point.FULL, Point.LATE_IF_ROOM},
        ),
        ("invite", "outlook", 1, {"deadline": DEADLINE, "late": LateAnswer.WAITLIST}, {Point.ANSWER, Point.LATE_WAITS}),
        ("invite", "outlook", 1, {"deadline": DEADLINE, "late": LateAnswer.REFUSE}, {Point.ANSWER, Point.LATE_REFUSED}),
        ("invite", "outlook", 1, {"late": LateAnswer.REFUSE}, {Point.ANSWER}),
        ("invite", "outlook", 1, {"deadline": DEADLINE, "unanswered": Unanswered.RELEASE}, {Point.ANSWER}),
        ("choose", "outlook", 2, {"deadline": DEADLINE, "unanswered": Unanswered.RELEASE}, {Point.PICK_ONE, Point.UNANSWERED_RELEASED}),
        ("choose", "outlook", 2, {"deadline": DEADLINE, "unanswered": Unanswered.ASSIGN}, {Point.PICK_ONE, Point.UNANSWERED_ASSIGNED}),
        ("choose", "outlook", 2, {"unanswered": Unanswered.ASSIGN}, {Point.PICK_ONE}),
        ("invite", "outlook", 1, {"handover": True}, {Point.ANSWER, Point.HANDOVER}),
    ],
)
def test_how_to_answer_follows_from_how_people_enrol(mode, via, offerings, more, points):
    """The table of answer_points."""
    which = course(
        enrolment=Enrolment(mode=EnrolmentMode(mode), via=ChooseVia(via), **more),
        offerings=tuple(offering(id=f"hold-{number}") for number in range(offerings)),
    )
    assert set(answer_points(which, which.offerings[0])) == points


def test_a_capacity_of_the_offering_counts():
    """An offering may have seats of its own."""
    which = course(offerings=(offering(capacity=5),))
    assert set(answer_points(which, which.offerings[0])) == {Point.ANSWER, Point.LIMITED, Point.FULL}


@LANGUAGES
def test_a_second_session_changes_nothing_for_the_first(language):
    """Who is invited to one day gets no mail about another."""
    two = course(offerings=(offering(DAY, replace(DAY, id="dag-2")),))
    assert body(two, language) == body(course(), language)


@LANGUAGES
@pytest.mark.parametrize("point", Point)
def test_every_point_about_answering_is_said_in_both_languages(point, language):
    """A rule that the plan sets must not go untold."""
    assert f'"{point.value}" in points' in (TEMPLATES / language.value / "invitation" / "body.html.j2").read_text(encoding="utf-8")


@LANGUAGES
def test_the_deadline_stands_in_the_text_in_the_words_of_the_language(language):
    """By when to answer is not something that Outlook shows."""
    said = {Language.DA: "senest onsdag den 4. juni 2025 kl. 12.00.", Language.EN: "by Wednesday 4 June 2025 at 12:00."}
    assert said[language] in visible_text(body(course(enrolment=Enrolment(deadline=DEADLINE)), language))


@LANGUAGES
def test_a_placeholder_asks_for_no_answer(language):
    """`save_the_date` requests no answer, so it must not tell how to give one."""
    text = visible_text(body(replace(PLACEHOLDER, enrolment=Enrolment(deadline=DEADLINE, capacity=9)), language))
    assert "2025" not in text
    assert {"da": "behøver ikke svare endnu", "en": "no need to answer yet"}[language.value] in text


@pytest.mark.parametrize(
    ("of_session", "of_offering", "of_course", "told"),
    [
        (None, None, False, False),
        (None, None, True, True),
        (None, False, True, False),
        (True, False, False, True),
        (False, True, True, False),
    ],
)
def test_the_nearest_word_on_online_holds(of_session, of_offering, of_course, told):
    """Session before offering before course; Outlook puts the link at the end itself."""
    which = course(online=of_course, offerings=(offering(replace(DAY, online=of_session), online=of_offering),))
    assert ("Linket til mødet står nederst" in body(which)) is told


def test_the_meeting_of_another_event_is_linked_in_the_text():
    """The further parts of a large session meet where the first one does."""
    html = body(PLACEHOLDER, join_url="https://teams.example/l/møde?a=1&b=2")
    assert '<a href="https://teams.example/l/møde?a=1&amp;b=2">Deltag i mødet</a>' in html
    assert "nederst" not in html


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["Ada"], "Oplægsholder: Ada"),
        (["Ada", "Bo"], "Oplægsholdere: Ada og Bo"),
        (["Ada", "Bo", "Cæcilie"], "Oplægsholdere: Ada, Bo og Cæcilie"),
    ],
)
def test_speakers_are_named(names, said):
    """And nobody is announced who is not in the plan."""
    assert said in visible_text(body(course(speakers=tuple(Speaker(name=name) for name in names))))
    assert "plægsholder" not in body(course())


def test_a_contact_address_with_odd_characters_is_still_a_link_to_it():
    """`mailto:` must not be cut at a question mark."""
    plan = replace(PLAN, contact="o'hr+kurser?&@aadal.example")
    html = render_invitation(plan, course(), ONLY, DAY, language=Language.DA)
    assert [attrs["href"] for tag, attrs in Elements(html).found if tag == "a"] == ["mailto:o%27hr+kurser%3F%26@aadal.example"]


ODD_TEXT = st.text(st.sampled_from("ab <>&\"'{}%#[]()!*_`|-:/.\n\t\x00\x0b\u202e\ud800æ😀") | st.characters(), max_size=60)


@example(theme="\ud800", description="\ud800", programme="\x00", speaker="\ud800", title="\ud800", url="\ud800/")
@given(theme=ODD_TEXT, description=ODD_TEXT, programme=ODD_TEXT, speaker=ODD_TEXT, title=ODD_TEXT, url=ODD_TEXT)
def test_nothing_that_hr_writes_becomes_code_or_breaks_the_page(theme, description, programme, speaker, title, url):
    """Only elements of the short list, balanced, links to the web and to mail only, and text that can be encoded."""
    which = course(
        theme=theme,
        description=description,
        speakers=(Speaker(name=speaker),),
        materials=(Material(title=title, url=url), Material(title=title, url=f"https://{url}")),
        offerings=(offering(replace(DAY, description=programme)),),
    )
    html = body(which)
    page = Elements(html)
    html.encode()
    assert page.balanced
    assert page.open == []
    for tag, attrs in page.found:
        assert tag in {*ATTRIBUTES, "div", "h2"}
        assert attrs.keys() <= {"style", "href", "start", "lang", "role", "width", "border", "cellpadding", "cellspacing", "scope"}
        assert attrs.get("href", "https:").lower().startswith(("https:", "http:", "mailto:"))


@pytest.mark.parametrize(
    ("status", "start", "danish", "english"),
    [
        (CourseStatus.CANCELLED, DAY.start, "aflyst", "is cancelled"),
        (CourseStatus.DRAFT, DAY.start, "aflyst", "is cancelled"),
        (CourseStatus.APPROVED, DAY.start, "aflyst", "is cancelled"),
        (CourseStatus.APPROVED, None, "ny dato", "new date"),
        (CourseStatus.SAVE_THE_DATE, None, "ny dato", "new date"),
        (CourseStatus.PROPOSED, None, "på pause", "on hold"),
        (CourseStatus.CANCELLED, None, "aflyst", "is cancelled"),
    ],
)
def test_a_cancellation_says_what_it_means_and_whom_to_ask(status, start, danish, english):
    """The table of cancellation_comment."""
    session = replace(DAY, start=start)
    for language, said in ((Language.DA, danish), (Language.EN, english)):
        text = cancellation_comment(PLAN, course(status=status), session, language=language)
        assert said in text
        assert "hr@aadal.example" in text


@pytest.mark.parametrize(("language", "told"), [(Language.DA, "Begrundelse: For få & regn"), (Language.EN, "Reason: For få & regn")])
def test_a_cancelled_course_says_why_where_hr_wrote_it(language, told):
    """On a line of its own, after what it means; a date that is given up or a course on hold is no cancellation."""
    why = "For få & regn"
    said = cancellation_comment(PLAN, course(status=CourseStatus.CANCELLED, cancel_reason=why), DAY, language=language).splitlines()
    assert said[1] == told
    silent = cancellation_comment(PLAN, course(status=CourseStatus.CANCELLED), DAY, language=language)
    assert silent.splitlines() == [said[0], said[2]]
    for status in (CourseStatus.APPROVED, CourseStatus.PROPOSED):
        assert why not in cancellation_comment(PLAN, course(status=status, cancel_reason=why), DAY, language=language)


def test_a_course_or_session_that_the_plan_has_lost_is_cancelled():
    """Nothing more is known of it."""
    assert "aflyst" in cancellation_comment(PLAN, None, None, language=Language.DA)
    assert "aflyst" in cancellation_comment(PLAN, course(), None, language=Language.DA)
