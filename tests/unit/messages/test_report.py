"""How HR's report reads: in a mail, on a terminal, in a browser."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.letting_go import WaitsFor
from bot.domain.people import Language
from bot.domain.reports import ErasureWaits, Pending, Report, UntoldProgram
from bot.messages.report import (
    MOST_MISTAKES,
    browser_page,
    cause_text,
    render_at_once,
    render_mistakes,
    render_report,
    report_page,
    report_text,
)
from bot.messages.visible_text import visible_text
from tests.builders.invitations import PLAN
from tests.builders.notices import EVIL_PLAN, NASTY, report

EMPTY = Report(address="hr@aadal.example", at=datetime(2025, 5, 26, 7, 30))
HEADINGS = [
    "Venter på dig", "Oplægsholdere", "Ændret i Outlook", "Lokaler", "Mails, der ikke er nået frem",
    "Påmindelser, der ikke blev sendt", "Nye svar", "Kommentarer i svar og beskeder til jer",
    "Mangler at svare", "Pladser", "Bliver sendt inden næste rapport",
]  # fmt: skip


def headings(made):
    return [section.heading for section in report_page(made, PLAN, Language.DA).sections]


def test_what_a_person_has_to_do_comes_first():
    assert headings(report()) == HEADINGS


@pytest.mark.parametrize(
    "part", ["speakers", "clashes", "rooms", "undelivered", "full_weeks", "answers", "remarks", "silent", "seats", "coming"]
)
def test_a_section_with_nothing_to_say_is_left_out(part):
    assert len(headings(report(**{part: ()}))) == len(HEADINGS) - 1


def test_with_nothing_at_all_it_says_so():
    page = report_page(EMPTY, PLAN, Language.DA)
    assert (page.opening, page.sections) == ("Der er intet at fortælle, så der sendes ingen rapport.", ())
    assert page.subject == "Kursusrapport: Ådal Kommune"
    assert report_text(EMPTY, PLAN, Language.EN) == "To hr@aadal.example\nThere is nothing to tell, so no report is sent.\n"


def test_the_first_one_says_that_it_is_the_first():
    assert report_page(report(since=None), PLAN, Language.EN).opening.startswith("This is the first report")


@pytest.mark.parametrize("why", WaitsFor)
def test_that_letting_go_of_old_data_waits_is_said_with_why_and_the_way_out(why):
    for language, word in ((Language.DA, "ryddet op"), (Language.EN, "let go of")):
        told = report_text(replace(EMPTY, erasure=ErasureWaits(why=why.value, since=datetime(2025, 5, 23, 14))), PLAN, language)
        assert word in told
        assert told.endswith("    kursusbot expire --yes\n")
        assert ("Har ventet siden fredag den 23. maj 2025 kl. 14.00." in told) is (language is Language.DA)
        assert ("45" in told) is (why is WaitsFor.CLOCK_JUMPED)
    assert "siden" not in report_text(replace(EMPTY, erasure=ErasureWaits(why="many")), PLAN, Language.DA)


def test_a_group_that_cannot_be_read_is_told_without_anything_to_approve():
    told = report_text(report(pending=Pending(unknown_groups=(("alle@aadal.example", "emptied"),))), PLAN, Language.DA)
    assert "Gruppen alle@aadal.example svarer, at den er tom" in told
    assert "kursusbot approve" not in told
    assert "kursusbot preview" not in told


def test_a_course_that_waits_says_since_when_how_many_mails_why_and_the_ways_out():
    told = report_text(report(), PLAN, Language.DA)
    assert (
        "• Fælles lederdag\n"
        "    Har ventet siden fredag den 23. maj 2025 kl. 14.00.\n"
        "    1200 mails til 400 personer.\n"
        "    Samtidig med »Fælles lederdag« (onsdag den 18. juni 2025 kl. 09.00–12.00): 3 personer er inviteret til begge\n"
        "    Venter, fordi et id ser ud til at være ændret:\n"
        "    hr@aadal.example\n"
        "    Venter, fordi en sikkerhedsgrænse er overskredet. Se det igennem, og godkend det, hvis det er rigtigt.\n"
        "    Godkend kun dette: kursusbot approve 9f2c4be1a07d3356\n"
        "    Skal det ikke ske, så ret planen, eller afvis det: kursusbot reject 9f2c4be1a07d3356\n"
    ) in told
    assert "\n    kursusbot preview\n" in told
    (course,) = report().pending.courses
    for people, words in ((3, "Mails kan først tælles, når gruppen kendes."), (0, "Ingen får en mail.")):
        told = report_text(report(pending=Pending(courses=(replace(course, mails=0, people=people),))), PLAN, Language.DA)
        assert f"\n    {words}\n" in told


def test_a_terminal_shows_each_thing_with_what_there_is_to_say_of_it():
    told = report_text(report(), PLAN, Language.DA)
    assert "• Fælles lederdag: sal-1@aadal.example, onsdag den 18. juni 2025\n    Lokalet har sagt nej." in told
    assert "• Fælles lederdag: sal-2@aadal.example\n    Lokalet har ikke svaret endnu." in told
    assert "• Fælles lederdag\n    Tilmeldt: 18 af 20\n    Venteliste: 3\n• Fælles lederdag\n    Tilmeldt: 2\n" in told
    assert "Har sagt nej til Fælles lederdag: Bo Prøve, Dorte Prøve\n" in told
    assert "og 5 til" in told


@pytest.mark.parametrize("language", Language)
def test_nothing_that_others_wrote_moves_a_terminal_or_becomes_code(language):
    nasty = report(NASTY, NASTY, NASTY)
    assert all(line.isprintable() for line in report_text(nasty, EVIL_PLAN, language).splitlines())
    page = browser_page([nasty, report()], EVIL_PLAN, language)
    assert "<img" not in page
    assert "<script" not in page
    assert f'<html lang="{language.value}">' in page
    assert page.count('scope="col"') == 2 * render_report(report(), PLAN, language).html.count('scope="col"')
    assert "hr@aadal.example" in visible_text(page)


@pytest.mark.parametrize(
    ("state", "cause", "said"),
    [
        ("failed", "graph_refused", "Microsoft tog ikke imod den."),
        ("failed", "bounced_mailbox_full", "Modtagerens postkasse er fuld; giv besked på en anden måde."),
        ("sending", "post_unclear", "Teams svarede ikke, så opslaget er måske kommet."),
        ("failed", "something_new", "Outlook vil ikke sende den."),
        ("sending", "", "Det er uvist"),
        ("expired", "too_late", "Det blev for sent"),
    ],
)
def test_the_cause_is_told_as_hr_can_use_it(state, cause, said):
    assert cause_text(state, cause, Language.DA).startswith(said)


def test_with_a_desk_whatever_wants_a_decision_leads_there_and_no_command_is_named():
    """The change of a course to where it is approved, everything else to the page of its course."""
    desk, whole = "https://kurser.aadal.example", report(erasure=ErasureWaits(why="many", since=datetime(2025, 5, 23, 14)))
    for told in (report_text(whole, PLAN, Language.DA, desk=desk), render_report(whole, PLAN, Language.DA, desk=desk).html):
        assert f"{desk}/changes?plan={PLAN.id}#" in told
        assert f"{desk}/courses/" in told
        assert "/courses/?" not in told
        assert f"{desk}/runs" in told
        assert re.findall("kursusbot (?:approve|reject|preview|enrol|withdraw|report|registrations|expire)", told) == []


def test_what_waits_is_told_at_once_with_nothing_else():
    """One subject, one list, one way on."""
    mail = render_at_once(replace(EMPTY, pending=report().pending), PLAN, Language.DA, desk="https://kurser.aadal.example")
    assert mail.subject.startswith("Venter på din godkendelse: ")
    seen = " ".join(visible_text(mail.html).split())
    assert ("Intet er sendt endnu" in seen, "Se ændringerne, og godkend eller afvis" in seen, "Nye svar" in seen) == (True, True, False)
    without = visible_text(render_at_once(replace(EMPTY, pending=report().pending), PLAN, Language.DA, desk="").html)
    assert "kursusbot approve" in without
    assert render_at_once(EMPTY, PLAN, Language.EN, desk="").subject.startswith("Waits for your approval")


@pytest.mark.parametrize(("count", "said"), [(1, "1 besked er opgivet"), (2, "2 beskeder er opgivet")])
def test_a_program_that_was_not_told_is_named_with_since_when_and_what_to_do(count, said):
    """It leads to the runs where there is a desk."""
    untold = UntoldProgram(receiver="intranet.aadal.example", count=count, since=datetime(2025, 5, 23, 14))
    made = replace(EMPTY, untold=(untold,))
    told = report_text(made, PLAN, Language.DA)
    assert headings(made) == ["Andre programmer, der ikke har fået besked"]
    assert f"• intranet.aadal.example: {said}, fordi programmet ikke tog imod" in told
    assert "    Har ventet siden fredag den 23. maj 2025 kl. 14.00.\n    Programmet, for eksempel intranettet, " in told
    desk = "https://kurser.aadal.example"
    assert (f"{desk}/runs" in report_text(made, PLAN, Language.DA, desk=desk), "/runs" in told) == (True, False)


def mistakes(rows=(("Kurser, række 7", "Slutter før det begynder"),), *, language=Language.DA, **changes):
    given = {"file": "kurser.xlsx", "saved_by": "Bo Prøve", "saved_at": datetime(2025, 5, 23, 14), "desk": ""}
    return render_mistakes(rows, PLAN, language, **given | changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Bo Prøve gemte »kurser.xlsx« fredag den 23. maj 2025 kl. 14.00."),
        ({"saved_by": None}, "Du gemte »kurser.xlsx« fredag den 23. maj 2025 kl. 14.00."),
        ({"saved_by": ""}, "En, som Microsoft 365 ikke nævner, gemte »kurser.xlsx« fredag"),
        ({"saved_at": None}, "Bo Prøve gemte »kurser.xlsx« for nylig."),
        ({"file": ""}, "Bo Prøve gemte regnearket med kursusplanen fredag"),
    ],
)
def test_the_mail_about_a_saved_plan_says_who_saved_what_and_when_as_far_as_it_is_known(changes, said):
    """And where the mistake is."""
    mail = mistakes(**changes)
    seen = " ".join(visible_text(mail.html).split())
    assert said in seen
    assert "Kurser, række 7" in seen
    assert "Slutter før det begynder" in seen
    assert mail.subject == f"Kursusplanen skal rettes: {'»kurser.xlsx«' if changes.get('file') != '' else 'regnearket med kursusplanen'}"


@pytest.mark.parametrize("left_out", [0, 1, 3])
def test_of_very_many_mistakes_the_first_are_shown_and_the_others_counted(left_out):
    """Of so many the whole sheet is wrong."""
    rows = [(f"Række {number}.", "Er ikke en dato") for number in range(MOST_MISTAKES + left_out)]
    seen = visible_text(mistakes(rows).html)
    assert f"Række {MOST_MISTAKES - 1}." in seen
    assert f"Række {MOST_MISTAKES}." not in seen
    assert (f"Og {left_out} til." in seen) is bool(left_out)
