"""Messages about seats: what each says to whom, and that nothing in them can do harm."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from bot.domain.enrolment import EnrolmentMode, Unanswered
from bot.domain.people import Language
from bot.domain.plan import CourseSession, CourseStatus
from bot.domain.programme import Speaker, Venue
from bot.domain.reminders import ReminderItem, items_text
from bot.domain.templates import MessageKind
from bot.messages.environment import TEMPLATES, render
from bot.messages.notice import LONGEST_SUBJECT, render_notice
from bot.messages.visible_text import visible_text
from tests.builders.invitations import PLAN, course, offering
from tests.builders.notices import EVIL, FIRST, LINK, PARAMS, PLAIN, SECOND, TASK, WHOLE_COURSE, evil_notice, message, notice
from tests.unit.messages.elements import Elements

GOLDEN = Path(__file__).parents[2] / "golden" / "messages"
REWRITE = os.environ.get("KURSUSBOT_GOLDEN") == "write"
LANGUAGES = pytest.mark.parametrize("language", Language)
KINDS = pytest.mark.parametrize("kind", MessageKind)
# Where people can do something themselves. The others are over, or are HR's.
UNTITLED = {MessageKind.OVERVIEW, MessageKind.PARTICIPANTS, MessageKind.BROADCAST, MessageKind.MANAGER_COPY}
"""Those whose subject need not name the course."""
LINKED = {
    MessageKind.CERTIFICATE_READY,
    MessageKind.ANNOUNCEMENT,
    MessageKind.CHOOSE,
    MessageKind.PLACED_IN_LINE,
    MessageKind.SEAT_OFFERED,
    MessageKind.FULL,
    MessageKind.ASSIGNED,
    MessageKind.MOVED,
    MessageKind.TAKEN_OVER,
    MessageKind.CONFIRMED,
    MessageKind.AWAITS_APPROVAL,
    MessageKind.APPROVAL_REQUEST,
    MessageKind.MANAGER_COPY,
    MessageKind.APPROVED,
    MessageKind.DISAPPROVED,
    MessageKind.CHANGED,
    MessageKind.PLEASE_ANSWER,
    MessageKind.DIGEST,
    MessageKind.COPY,
    MessageKind.OFFERING_GONE,
}
SAID_OF_A_COURSE = {
    Language.DA: ("Tema: Aktørskab", "Tia Taler og Ole Ord", "20 pladser på hvert hold", "nej tak samme sted", "Tid og sted"),
    Language.EN: ("Theme: Aktørskab", "Tia Taler and Ole Ord", "20 seats on each date", "say so in the same place", "Time and place"),
}
OF_TASKS = frozenset({MessageKind.LOCAL_TASK, MessageKind.DIGEST})
FOR_HR = frozenset({MessageKind.MINIMUM, MessageKind.HR_REPORT})
NO_DATE = frozenset(
    {
        MessageKind.PLEASE_ANSWER,
        MessageKind.FOLLOW_UP,
        MessageKind.NO_SHOW,
        MessageKind.LOCAL_TASK,
        MessageKind.HR_REPORT,
        MessageKind.OVERVIEW,
        MessageKind.PARTICIPANTS,
        MessageKind.BROADCAST,
    }
)
NAMELESS = frozenset({MessageKind.MINIMUM, MessageKind.OVERVIEW, MessageKind.PARTICIPANTS})
"""What says the same to whoever reads it."""
ALLOWED = {"div", "table", "tr", "th", "td", "h2", "p", "a", "strong", "ul", "li", "br", "code"}


def links(html):
    return [attrs["href"] for tag, attrs in Elements(html).found if tag == "a" and not attrs["href"].startswith("mailto:")]


def words(kind, which=PLAIN, **more):
    return " ".join(visible_text(notice(kind, which, **more).html).split())


@KINDS
def test_the_text_is_the_one_that_was_read_and_approved(kind):
    """Nobody changes a word unseen (KURSUSBOT_GOLDEN=write); the first line is the subject."""
    for language in Language:
        for case, made in (("plain", notice(kind, language=language)), ("hostile", evil_notice(kind, language))):
            file = GOLDEN / f"{kind.value}.{case}.{language.value}.html"
            text = f"{made.subject}\n{made.html}"
            if REWRITE:
                file.write_text(text, encoding="utf-8")
            assert text == file.read_text(encoding="utf-8"), file.name


def test_there_is_no_golden_file_or_template_too_many():
    """Each kind has its folder, in each language, with a subject and a body."""
    wanted = {
        f"{kind.value}.{case}.{language.value}.html" for kind in MessageKind for case in ("plain", "hostile") for language in Language
    }
    assert {path.name for path in GOLDEN.iterdir()} == wanted
    for language in Language:
        for kind in MessageKind:
            folder = TEMPLATES / language.value / kind.value
            assert {path.name for path in folder.iterdir()} == {"subject.txt.j2", "body.html.j2"}


@LANGUAGES
@KINDS
def test_the_html_is_balanced_fetches_nothing_and_tells_its_language(kind, language):
    """Outlook draws it with Word: a table and looks on each element, nothing from elsewhere."""
    for made in (notice(kind, language=language), evil_notice(kind, language)):
        page = Elements(made.html)
        assert page.balanced
        assert page.open == []
        assert page.found[0] == ("div", {"lang": language.value})
        for tag, attrs in page.found:
            assert tag in ALLOWED
            assert attrs.keys() <= {"style", "href", "lang", "role", "width", "border", "cellpadding", "cellspacing", "scope"}
            assert attrs.get("href", "https:").startswith(("https:", "mailto:"))


@LANGUAGES
@KINDS
def test_the_subject_is_one_line_that_outlook_takes_whatever_the_title(kind, language):
    """A line break in a subject is a header of somebody else's."""
    long = replace(PLAIN, title="Uafbrudt" * 60 + " ledelse og samarbejde" * 40)
    for made in (notice(kind, language=language), evil_notice(kind, language), notice(kind, long, language=language)):
        assert 0 < len(made.subject) <= LONGEST_SUBJECT
        assert made.subject == " ".join(made.subject.split())
        assert made.subject.isprintable()


def test_a_long_title_does_not_push_the_offering_out_of_the_subject():
    """It is what tells two messages about one course apart; the body has the whole title."""
    long = replace(PLAIN, title="Ledelse og samarbejde " * 30 + "til sidst")
    made = notice(MessageKind.SEAT_OFFERED, long)
    assert made.subject.endswith("… – Hold 1")
    assert "til sidst – Hold 1" in made.html


@LANGUAGES
@KINDS
def test_everybody_is_told_what_it_is_about_and_whom_to_ask(kind, language):
    """HR need not be told to ask HR."""
    made = notice(kind, language=language)
    text = visible_text(made.html)
    assert "Fælles lederdag" in made.subject or kind in UNTITLED
    assert "Fælles lederdag" in text
    assert "Ådal Kommune" in text
    assert ("Anna Prøve" in text or kind is MessageKind.HR_REPORT) is (kind not in NAMELESS)
    assert ("hr@aadal.example" in text) is (kind not in FOR_HR)


@LANGUAGES
def test_an_announcement_of_a_course_that_invites_leads_to_the_calendar(language):
    """There is nothing to sign up for: the invitation is there already."""
    made = render_notice(PLAN, PLAIN, None, message(MessageKind.ANNOUNCEMENT), reader_name="", language=language, link=LINK)
    assert {"da": "Du er inviteret: ", "en": "You are invited: "}[language.value] in made.subject
    assert (LINK in made.html, {"da": "kun ja til ét hold", "en": "only one date"}[language.value] in made.html) == (False, True)
    only = replace(PLAIN, offerings=PLAIN.offerings[:1], enrolment=replace(PLAIN.enrolment, deadline=None))
    made = render_notice(PLAN, only, None, message(MessageKind.ANNOUNCEMENT), reader_name="", language=language, link=LINK)
    assert not [word for word in ("ét hold", "only one date", "senest", "answer by") if word in made.html]


@LANGUAGES
def test_what_asks_to_sign_up_says_what_it_is_about(language):
    """One decides on it by this mail: description, theme, programme, speakers, when and where, how many seats, and how to say no."""
    hold = replace(FIRST, sessions=(replace(FIRST.sessions[0], title="Første del", description="Kl. 9: *Kaffe*"),))
    rich = replace(
        PLAIN, theme="Aktørskab", description="Et **stort** kursus.", speakers=(Speaker(name="Tia Taler"), Speaker(name="Ole Ord")),
        offerings=(hold, replace(SECOND, sessions=(replace(SECOND.sessions[0], description="Kl. 9: *Kaffe*"),))),
    )  # fmt: skip
    for kind in (MessageKind.ANNOUNCEMENT, MessageKind.CHOOSE):
        told = words(kind, rich, language=language)
        said = SAID_OF_A_COURSE[language]
        for part in (*said, "Et stort kursus.", "Kl. 9: Kaffe", "Første del: ", "Kulturhuset, Torvet 1"):
            assert part in told
        assert told.count("Kaffe") == 1
        different = replace(
            rich, offerings=(hold, replace(SECOND, sessions=(replace(SECOND.sessions[0], description="Andet"),), capacity=5))
        )
        told = words(kind, different, language=language)
        program = {"da": "Program", "en": "Programme"}[language.value]
        assert f"{program}, Første del Kl. 9: Kaffe {program}, Hold 2 Andet" in told
        assert "20" not in told.replace("2025", "").replace("20. august", "")
        undated = replace(rich, offerings=(replace(hold, sessions=(replace(hold.sessions[0], start=None, end=None),)),))
        assert {"da": "Tid og sted", "en": "Time and place"}[language.value] not in words(kind, undated, language=language)


@LANGUAGES
def test_who_speaks_is_told_so_and_not_asked_to_sign_up(language):
    said = items_text([ReminderItem("r", "lederdag", "hold-1", "dag", "", "mail", "announcement", once=True, speaker=True)])
    told = message(MessageKind.ANNOUNCEMENT, params={"items": said})
    for which in (PLAIN, replace(PLAIN, enrolment=replace(PLAIN.enrolment, mode=EnrolmentMode.SIGNUP))):
        made = render_notice(PLAN, which, None, told, reader_name="Tia Taler", language=language, link=LINK)
        assert {"da": "Du holder oplæg: Fælles lederdag", "en": "You are speaking: Fælles lederdag"}[language.value] == made.subject
        assert {"da": "vælger ét hold, men det gælder ikke dig", "en": "not meant for you"}[language.value] in visible_text(made.html)
        assert LINK not in made.html


@LANGUAGES
@KINDS
def test_everybody_is_greeted_with_a_name_or_without(kind, language):
    """Somebody whom HR enrolled from outside has no name that we know; HR's own messages greet nobody."""
    hello = {"da": "Hej", "en": "Hello"}[language.value]
    assert visible_text(notice(kind, language=language, name="").html).startswith(hello) is (kind not in FOR_HR)


@LANGUAGES
@KINDS
def test_the_link_stands_where_the_reader_can_do_something_with_it(kind, language):
    """And only there; without one there is no line for it."""
    material = [TASK.material] if kind in OF_TASKS else []
    asked = [f"{LINK}/after"] if kind in OF_TASKS else []
    assert links(notice(kind, language=language).html) == [*material, *asked, *([LINK] if kind in LINKED else [])]
    assert links(notice(kind, language=language, link=None).html) == material


@LANGUAGES
@pytest.mark.parametrize("kind", [MessageKind.ANNOUNCEMENT, MessageKind.CHOOSE, MessageKind.PLACED_IN_LINE, MessageKind.ASSIGNED])
def test_without_a_link_the_text_says_what_to_write_for(kind, language):
    """Nobody is asked to sign up without a way to do it."""
    with_link, without = (words(kind, language=language, link=link) for link in (LINK, None))
    write = {Language.DA: "kriv til", Language.EN: "rite to"}[language]
    assert without.count(write) == with_link.count(write) + 1


@pytest.mark.parametrize("kind", sorted(WHOLE_COURSE))
def test_who_is_to_choose_sees_every_date_and_place(kind):
    """No event in the calendar shows them."""
    text = words(kind)
    assert "Hold 1: onsdag den 18. juni 2025 kl. 09.00–15.30, Kulturhuset, Torvet 1" in text
    assert "Hold 1: onsdag den 20. august 2025 kl. 09.00–12.00, Rådhuset" in text
    assert "Hold 2: onsdag den 3. september 2025 – torsdag den 4. september 2025, Teams" in text
    assert "senest onsdag den 4. juni 2025 kl. 12.00" in text


@pytest.mark.parametrize("kind", sorted(set(MessageKind) - WHOLE_COURSE - NO_DATE))
def test_a_message_about_an_offering_names_it_and_its_dates_only(kind):
    text = words(kind, language=Language.EN)
    assert "Fælles lederdag – Hold 1" in text
    assert "Wednesday 18 June 2025 at 09:00–15:30" in text
    assert "Hold 2" not in text


def test_a_course_with_one_offering_is_called_by_its_title_alone():
    """`main` is nothing that people have heard of."""
    made = notice(MessageKind.MOVED, course(offerings=(offering(title="Hold 1"),)))
    assert made.subject == "Du er flyttet til et andet hold: Fælles lederdag"
    assert "Hold 1" not in made.html


def test_an_offering_without_a_title_is_called_by_its_id():
    plain = replace(PLAIN, offerings=(replace(FIRST, title=" "), SECOND))
    assert notice(MessageKind.MOVED, plain).subject.endswith("Fælles lederdag – hold-1")


def test_an_offering_that_left_the_plan_leaves_the_course():
    """The message was caused before; it is still true of the course."""
    made = render_notice(PLAN, PLAIN, None, message(MessageKind.WITHDRAWN), reader_name="", language=Language.DA, link=None)
    assert made.subject == "Du er frameldt: Fælles lederdag"
    assert "<li" not in made.html
    assert ">Hej<" in made.html


def test_a_date_that_is_not_set_yet_is_told_as_its_period_or_left_out():
    """No list without lines in it."""
    vague = offering(CourseSession(id="dag", period="2025-09", venue=Venue(name="Salen")), CourseSession(id="to"), title="Hold 2")
    assert "<strong>Hold 2:</strong> 2025-09, Salen<" in notice(MessageKind.CHOOSE, replace(PLAIN, offerings=(FIRST, vague))).html
    nothing = replace(PLAIN, offerings=(offering(CourseSession(id="dag")), offering(CourseSession(id="dag"), id="hold-2")))
    assert "<ul" not in notice(MessageKind.CHOOSE, nothing).html


@pytest.mark.parametrize(
    ("capacity", "waiting_list", "said"),
    [(None, True, ()), (20, False, ("20 pladser på hvert hold",)), (20, True, ("20 pladser på hvert hold", "venteliste"))],
)
def test_few_seats_are_told_and_the_waiting_list_where_there_is_one(capacity, waiting_list, said):
    text = words(MessageKind.CHOOSE, replace(PLAIN, enrolment=replace(PLAIN.enrolment, capacity=capacity, waiting_list=waiting_list)))
    assert tuple(word for word in ("20 pladser på hvert hold", "venteliste") if word in text) == said


@pytest.mark.parametrize(
    ("unanswered", "deadline", "said"),
    [
        (Unanswered.LEAVE, True, ""),
        (Unanswered.RELEASE, True, "er du ikke tilmeldt"),
        (Unanswered.ASSIGN, True, "finder vi en plads til dig"),
        (Unanswered.ASSIGN, False, ""),
    ],
)
def test_what_becomes_of_those_who_do_not_choose_is_told(unanswered, deadline, said):
    """The plan's rule, which needs a deadline to count."""
    rules = replace(PLAIN.enrolment, unanswered=unanswered, deadline=PLAIN.enrolment.deadline if deadline else None)
    text = words(MessageKind.CHOOSE, replace(PLAIN, enrolment=rules))
    assert ("Har du ikke valgt" in text) is bool(said)
    assert said in text


def test_the_place_in_line_and_the_colleague_are_told():
    """What only the moment knows."""
    assert "nummer 3 i køen" in words(MessageKind.PLACED_IN_LINE)
    assert "Bo Prøve har overtaget din plads" in words(MessageKind.HANDED_OVER)
    assert "Bo Prøve har givet dig sin plads" in words(MessageKind.TAKEN_OVER)


@pytest.mark.parametrize(
    ("registered", "capacity", "of_offering", "said"),
    [
        ("0", None, None, "har 0 tilmeldte. Der skal være mindst 10."),
        ("1", 20, None, "har 1 tilmeldt til 20 pladser. Der skal"),
        ("4", 20, 12, "har 4 tilmeldte til 12 pladser. Der skal"),
        ("0", 1, None, "har 0 tilmeldte til 1 plads. Der skal"),
    ],
)
def test_too_few_are_told_to_hr_with_the_seats_there_are(registered, capacity, of_offering, said):
    few = replace(PLAIN, offerings=(replace(FIRST, capacity=of_offering), SECOND), enrolment=replace(PLAIN.enrolment, capacity=capacity))
    assert said in words(MessageKind.MINIMUM, few, params=PARAMS | {"registered": registered})


@pytest.mark.parametrize(("stage", "said"), [("before", "Fristen for at svare er onsdag"), ("deadline", "Fristen for at svare var onsdag")])
def test_too_few_are_told_before_the_deadline_and_at_it_and_nothing_happens_by_itself(stage, said):
    text = words(MessageKind.MINIMUM, params=PARAMS | {"when": stage})
    assert said in text
    assert "ikke aflyst af sig selv" in text
    assert "kursusbot preview --if-cancelled lederdag" in text


@pytest.mark.parametrize(
    ("stage", "subject", "said"),
    [
        ("cancelled", "Aflyst: ", "er aflyst. Du stod på venteliste til:"),
        ("on_hold", "Sat på pause: ", "Bliver det til noget, hører du fra os."),
        ("new_date", "Udsat: ", "får en ny dato, som vi ikke kender endnu."),
    ],
)
def test_those_in_line_are_told_what_became_of_it(stage, subject, said):
    made = notice(MessageKind.CANCELLED, params={"when": stage})
    assert (made.subject.startswith(subject), said in made.html) == (True, True)
    english = notice(MessageKind.CANCELLED, params={"when": stage}, language=Language.EN)
    assert "18 June 2025" in english.html


@pytest.mark.parametrize(("language", "said"), [(Language.DA, "Begrundelse: Snestorm"), (Language.EN, "Reason: Snestorm")])
def test_those_in_line_are_told_why_a_course_is_cancelled(language, said):
    off = course(status=CourseStatus.CANCELLED, cancel_reason="Snestorm")
    assert said in notice(MessageKind.CANCELLED, off, params={"when": "cancelled"}, language=language).html
    assert "Snestorm" not in notice(MessageKind.CANCELLED, course(cancel_reason="Snestorm"), params={"when": "cancelled"}).html


def test_a_full_course_without_other_dates_points_nowhere():
    only = course(offerings=(offering(),))
    assert links(notice(MessageKind.FULL, only).html) == []


@KINDS
def test_a_template_that_asks_for_what_it_does_not_get_is_an_error(kind):
    """A blank in a sentence is worse than a message that is not sent."""
    with pytest.raises(UndefinedError):
        render(f"da/{kind.value}/body.html.j2", {"language": "da"})


ODD = st.text(st.sampled_from("ab <>&\"'{}%#\r\n\t\x00\u202e\ud800æ😀") | st.characters(), max_size=60)


@example(kind=MessageKind.MINIMUM, title="\ud800", hold="\n", place="\x00", name="\ud800", said="\ud800")
@given(kind=st.sampled_from(MessageKind), title=ODD, hold=ODD, place=ODD, name=ODD, said=ODD)
def test_nothing_that_anybody_writes_becomes_code_or_a_header(kind, title, hold, place, name, said):
    """Plan, directory and parameters are text, whatever is in them."""
    which = replace(EVIL, title=title, offerings=(replace(FIRST, title=hold, venue=Venue(name=place, address=place)), SECOND))
    made = notice(kind, which, name=name, params=dict.fromkeys(PARAMS, said))
    made.html.encode()
    made.subject.encode()
    page = Elements(made.html)
    assert page.balanced
    assert page.open == []
    assert {tag for tag, _ in page.found} <= ALLOWED
    assert made.subject == " ".join(made.subject.split())
    assert len(made.subject) <= LONGEST_SUBJECT
