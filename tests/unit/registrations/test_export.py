"""What people get to read: the terminal, JSON, CSV and Excel, with hostile names in all of them."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import datetime
from io import BytesIO, StringIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from bot.domain.enrolment import Enrolment, EnrolmentMode
from bot.domain.participants import SilentPerson, WithoutPlace
from bot.domain.people import Language
from bot.domain.plan import CourseStatus
from bot.domain.registrations import ERASED_PREFIX, AnswerSource, RegistrationStatus
from bot.i18n.catalogue import text
from bot.i18n.sorting import danish_key
from bot.registrations.export import registrations_csv, registrations_json, registrations_table, registrations_xlsx
from bot.registrations.listing import STATUSES, course_state_text, offering_lists
from bot.registrations.workbook import sheet_name
from tests.builders.registrations import BO, DAG, DEL_1, HOLD_1, HOLD_2, PLAN, TENTATIVE, answer, registration

S = RegistrationStatus
HOSTILE = '=HYPERLINK("http://ond.example";"Tryk her")'
STRANGER = answer(DAG, "ven@firma.example", TENTATIVE, at=2, name="=1+1", known=False)
ROWS = (
    registration(HOLD_1, "å@by.example", name="Åse"),
    registration(HOLD_1, "ø@by.example", name="Øjvind"),
    registration(HOLD_1, "æ@by.example", name="Ægir"),
    registration(HOLD_1, "z@by.example", name="Zita", status=S.INVITED),
    registration(HOLD_2, "ond@by.example", name=HOSTILE, source=AnswerSource.WEB),
    registration(DAG, "b@by.example", name="Bo", status=S.WAITLISTED, position=2),
    registration(DAG, "a@by.example", name="Ane", status=S.WAITLISTED, position=1),
    registration(DAG, f"{ERASED_PREFIX}0123", department="", status=S.DECLINED, invited=False),
    registration(DEL_1, "c@by.example", answers=(("del-1", S.REGISTERED), ("del-2", S.INVITED)), department="Børn & Unge"),
    registration(replace(DAG, course="gammelt"), "d@by.example", name="Dea", at=200),
)


def test_courses_and_offerings_come_as_the_plan_has_them_and_what_has_left_it_last():
    """HR finds its own order again."""
    found = [(one.course, one.offering, one.course_title, one.title) for one in offering_lists(reversed(ROWS), PLAN)]
    assert found == [
        ("tryghed", "hold-2", "Psykologisk tryghed", "Sidste hold"),
        ("tryghed", "hold-1", "Psykologisk tryghed", "Hold 1"),
        ("lederdag", "main", "Fælles lederdag", ""),
        ("senior", "main", "Fastholdelse", ""),
        ("gammelt", "main", "gammelt", "main"),
    ]


def test_people_come_by_status_place_in_line_and_danish_name():
    """Æ, ø and å after z."""
    names = {one.offering + one.course: [row.name for row in one.rows] for one in offering_lists(ROWS, PLAN)}
    assert names["hold-1tryghed"] == ["Ægir", "Øjvind", "Åse", "Zita"]
    assert names["mainlederdag"] == ["Ane", "Bo"]


def test_danish_sorts_as_the_dictionary_does():
    """Aa is å, a foreign accent is no letter of its own, case does not count."""
    words = ["zebra", "Aabenraa", "Ære", "anna", "Åse", "Ørn", "Önder", "Äpfel", "André", "ANDREA", "A\u030almand"]
    assert sorted(words, key=danish_key) == [
        "André",
        "ANDREA",
        "anna",
        "zebra",
        "Äpfel",
        "Ære",
        "Önder",
        "Ørn",
        "Aabenraa",
        "A\u030almand",
        "Åse",
    ]


def test_every_status_has_its_place_and_its_words():
    """A new status must not be missing from an export."""
    assert set(STATUSES) == set(S)
    for language in Language:
        rows = [replace(BO_ROW, status=status, email=f"{status}@by.example") for status in S]
        table = registrations_table(rows, PLAN, language)
        assert all(f"{status}@by.example" in table for status in S)


BO_ROW = registration(DAG, BO.email, name=BO.name)


def test_the_table_says_who_is_coming_and_who_has_not_answered():
    """One offering after another, counted, in columns."""
    assert registrations_table(ROWS[:6], PLAN, Language.DA, [STRANGER]).splitlines() == [
        "Psykologisk tryghed – Sidste hold (tryghed/hold-2)",
        "  Tilmeldt 1",
        "  Tilmeldt (1)",
        f"    {HOSTILE}  ond@by.example  24-10-2026 kl. 12.00",
        "",
        "Psykologisk tryghed – Hold 1 (tryghed/hold-1)",
        "  Tilmeldt 3 · Ikke svaret 1",
        "  Tilmeldt (3)",
        f"    {'Ægir':<43}  æ@by.example    24-10-2026 kl. 12.00",
        f"    {'Øjvind':<43}  ø@by.example    24-10-2026 kl. 12.00",
        f"    {'Åse':<43}  å@by.example    24-10-2026 kl. 12.00",
        "  Ikke svaret (1)",
        f"    {'Zita':<43}  z@by.example    24-10-2026 kl. 12.00",
        "",
        "Fælles lederdag (lederdag/main)",
        "  På venteliste 1",
        "  På venteliste (1)",
        f"    2. {'Bo':<43}  b@by.example    24-10-2026 kl. 12.00",
        "",
        "Fastholdelse (senior/main)",
        "  Ingen endnu",
        "",
        "Svar fra personer, som ikke er inviteret",
        f"  {text(Language.DA, 'registrations.unknown_choice')}",
        "    =1+1 <ven@firma.example>  lederdag/main/dag  Måske  25-10-2026 kl. 11.00",
    ]


def shown(course, *rows, asked=None):
    return registrations_table(rows, replace(PLAN, courses=(course,)), Language.DA, (), asked).splitlines()


def test_a_course_with_nobody_yet_is_listed_with_its_seats_and_how_many_were_asked():
    """Else HR does not see that the sign-up is open."""
    course = replace(PLAN.courses[1], enrolment=Enrolment(mode=EnrolmentMode.SIGNUP, capacity=6))
    assert shown(course, asked={"lederdag": {"a@by.example", "b@by.example"}}) == [
        "Fælles lederdag (lederdag/main)", "  Pladser: 0 af 6", "  Spurgt med link: 2", "  Ingen endnu",
    ]  # fmt: skip
    assert shown(replace(course, status=CourseStatus.PROPOSED)) == ["Der er ingen tilmeldinger endnu."]


def test_who_is_asked_to_save_the_date_is_not_said_to_be_silent():
    """They were asked not to answer."""
    course = replace(PLAN.courses[1], status=CourseStatus.SAVE_THE_DATE)
    lines = shown(course, replace(BO_ROW, status=S.INVITED))
    assert lines[1:3] == ["  Reservér datoen", "  Har fået datoen (1)"]
    assert not [line for line in lines if "Ikke svaret" in line]


def test_who_had_a_seat_on_a_cancelled_course_is_listed_as_that_apart_from_who_gave_one_up():
    plan = replace(PLAN, courses=(replace(PLAN.courses[1], status=CourseStatus.CANCELLED),))
    lost = registration(DAG, name="Ane", status=S.WITHDRAWN, source=AnswerSource.RULE, cause="offering_gone")
    gave_up = registration(DAG, "bo@by.example", name="Bo", status=S.WITHDRAWN, cause="gave_up")
    table = registrations_table([gave_up, lost], plan, Language.DA)
    assert table.index("  Aflyst (havde plads) (1)\n    Ane") < table.index("  Aflyst (Frameldt) (1)\n    Bo")
    assert "Aflyst (havde plads)" in registrations_csv([lost], plan, Language.DA).decode("utf-8-sig")


def test_a_cancelled_course_says_so_and_nobody_counts_as_coming():
    course = replace(PLAN.courses[1], status=CourseStatus.CANCELLED, enrolment=Enrolment(capacity=6))
    lines = shown(course, BO_ROW)
    assert lines[1:3] == ["  Aflyst", "  Aflyst (Tilmeldt) (1)"]
    (one,) = offering_lists([BO_ROW], replace(PLAN, courses=(course,)))
    assert set(one.counts.values()) == {0}
    assert course_state_text(replace(one, cancel_reason="Oplægsholderen er syg"), Language.DA) == "Aflyst: Oplægsholderen er syg"
    (found,) = json.loads(registrations_json([BO_ROW], replace(PLAN, courses=(course,))))
    assert (found["status"], found["course_status"]) == ("registered", "cancelled")


def test_a_seat_that_was_not_confirmed_since_the_date_was_moved_is_marked():
    lines = shown(PLAN.courses[1], replace(BO_ROW, unconfirmed=True), replace(BO_ROW, email="c@by.example"))
    assert "  1 har ikke bekræftet, siden datoen blev flyttet" in lines
    assert "  Tilmeldt – ikke bekræftet efter flytning (1)" in lines
    assert "  Tilmeldt (1)" in lines


def test_who_was_not_invited_is_in_no_list_and_no_number():
    guest = replace(BO_ROW, email="gaest@firma.example", invited=False, said=S.REGISTERED, status=S.DECLINED)
    assert not [line for line in shown(PLAN.courses[1], BO_ROW, guest) if "gaest" in line]
    line = next(one for one in registrations_csv([BO_ROW, guest], PLAN, Language.DA).decode("utf-8-sig").splitlines() if "gaest" in one)
    assert "Ikke inviteret (Tilmeldt)" in line


def test_an_empty_table_says_that_it_is():
    """Silence could be a mistake."""
    none = replace(PLAN, courses=())
    assert registrations_table([], none, Language.DA) == "Der er ingen tilmeldinger endnu.\n"
    assert "ven@firma.example" in registrations_table([], PLAN, Language.EN, [STRANGER])


def test_a_name_does_not_steer_the_terminal():
    """Control characters are spaces."""
    assert "\x1b" not in registrations_table([replace(BO_ROW, name="\x1b[2J\nBo")], PLAN, Language.DA)


def test_json_has_the_keys_of_the_interface():
    """Keys, words and times as promised; more may be there."""
    found = json.loads(registrations_json(ROWS, PLAN))
    assert [(one["course"], one["offering"], one["email"]) for one in found] == sorted(
        (row.course, row.offering, row.email) for row in ROWS
    )
    (senior,) = [one for one in found if one["course"] == "senior"]
    assert senior == {
        "course": "senior",
        "offering": "main",
        "name": "",
        "email": "c@by.example",
        "status": "registered",
        "since": "2026-10-24T10:00:00Z",
        "source": "outlook",
        "answered_by": None,
        "position": None,
        "waits_for": None,
        "department": "Børn & Unge",
        "invited": True,
        "sessions": {"del-1": "registered", "del-2": "invited"},
        "late": False,
        "cause": "",
        "said": None,
        "unconfirmed": False,
        "course_status": "approved",
        "comment": None,
        "note": None,
        "answers": {},
        "attendance": {},
        "attendance_by": {},
    }
    assert registrations_json([], PLAN) == "[]\n"


def test_csv_is_what_a_danish_excel_opens():
    """Byte order mark, semicolons, Danish headings, wall times; an erased person counts without an address."""
    data = registrations_csv(ROWS, PLAN, Language.DA)
    assert data.startswith(b"\xef\xbb\xbfKursus;Hold;Navn;E-mail;Afdeling;Status;Siden;Kilde;")
    lines = list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(lines) == len(ROWS)
    by_email = {line["E-mail"]: line for line in lines}
    assert by_email["c@by.example"]["Svar for hver mødegang"] == "del-1: Tilmeldt, del-2: Ikke svaret"
    assert (by_email["b@by.example"]["Plads på venteliste"], by_email["b@by.example"]["Siden"]) == ("2", "24-10-2026 kl. 12.00")
    assert (by_email[""]["Navn"], by_email[""]["Inviteret"]) == ("(slettet)", "nej")
    assert by_email["d@by.example"]["Siden"].endswith("12.00")
    assert registrations_csv(ROWS, PLAN, Language.EN).startswith(b"\xef\xbb\xbfCourse;Offering;Name;")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_of_a_csv_is_a_formula(start):
    """Names come from whoever answered an invitation."""
    row = replace(BO_ROW, name=f"{start}SUM(A1)", department=f"{start}cmd|' /C calc'!A0", email=f"{start}x@by.example")
    (line,) = list(csv.reader(StringIO(registrations_csv([row], PLAN, Language.DA).decode("utf-8-sig"), newline=""), delimiter=";"))[1:]
    assert [cell for cell in line if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))] == []
    assert line[2] == f"'{start}SUM(A1)"


SILENT = [SilentPerson(course="tryghed", email="z@by.example", name="Zita")]


def opened(rows=ROWS, plan=PLAN, strangers=(STRANGER,)):
    return openpyxl.load_workbook(BytesIO(registrations_xlsx(rows, plan, Language.DA, strangers, silent=SILENT if rows is ROWS else ())))


LEFT = [WithoutPlace(course="tryghed", email="x@by.example", name="Xenia", department="Børn")]


def test_who_is_left_without_a_place_is_in_table_and_workbook_with_what_to_do():
    """Their date has gone from the plan; also where nobody else is on any list."""
    for plan, title in ((PLAN, "Psykologisk tryghed"), (replace(PLAN, courses=()), "tryghed")):
        lines = registrations_table([], plan, Language.DA, (), None, LEFT).splitlines()
        at = lines.index("Står uden plads, fordi deres hold er gået ud af planen")
        assert "enrol KURSUS/HOLD ADRESSE" in lines[at + 1]
        assert lines[at + 2] == f"    Xenia <x@by.example>  {title} (tryghed)"
    book = openpyxl.load_workbook(BytesIO(registrations_xlsx(ROWS, PLAN, Language.DA, left_without=LEFT)))
    assert [list(row) for row in book["Står uden plads"].values] == [
        ["Kursus", "Navn", "E-mail", "Afdeling"],
        ["Psykologisk tryghed", "Xenia", "x@by.example", "Børn"],
    ]


def test_every_sheet_can_be_printed():
    """Across on A4, no column on a page of its own, the headings on each page."""
    for sheet in opened():
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.print_title_rows) == ("landscape", 9, "$1:$1")
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (True, None, 0)


def test_the_workbook_has_an_overview_a_sheet_for_each_course_and_the_strangers():
    """In the order of the plan, counted by status."""
    book = opened()
    courses = ["Psykologisk tryghed", "Fælles lederdag", "Fastholdelse", "gammelt"]
    assert book.sheetnames == ["Oversigt", "Afdelinger", "Ikke svaret", *courses, "Ikke inviterede"]
    assert [list(row) for row in book["Ikke svaret"].values][1] == ["Psykologisk tryghed", "Zita", "z@by.example", "", None]
    overview = [list(row) for row in book["Oversigt"].values]
    assert overview[0] == [
        "Kursus",
        "Hold",
        "Kursets status",
        "Tilmeldt",
        "Måske",
        "På venteliste",
        "Ikke svaret",
        "Har sagt nej",
        "Frameldt",
        "Ikke bekræftet efter flytning",
        "I alt",
        "Pladser",
        "Spurgt med link",
    ]
    assert overview[2] == ["Psykologisk tryghed", "Hold 1", "Godkendt", 3, 0, 0, 1, 0, 0, None, 4, None, None]
    assert overview[5] == ["gammelt", "main", "Udgået af planen", *[None] * 10]
    assert [list(row) for row in book["Ikke inviterede"].values][1] == [
        "Fælles lederdag", "main", "dag", "=1+1", "ven@firma.example", "Måske", datetime(2026, 10, 25, 11, 0)
    ]  # fmt: skip
    assert opened(strangers=()).sheetnames[-1] == "gammelt"
    assert opened([], strangers=()).sheetnames == ["Oversigt"]


def test_a_sheet_has_headings_a_filter_and_real_dates():
    """Frozen heading, filter over all rows, times on the plan's clocks."""
    sheet = opened()["Psykologisk tryghed"]
    assert [cell.value for cell in sheet[1]][:7] == ["Hold", "Navn", "E-mail", "Afdeling", "Status", "Siden", "Kilde"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:N6")
    assert sheet["F3"].value == datetime(2026, 10, 24, 12, 0)
    assert sheet["F3"].number_format == 'dd-mm-yyyy "kl." hh.mm'


def test_what_people_wrote_is_text_in_the_workbook():
    """No formula, no link, in either reader."""
    link = replace(BO_ROW, name="https://ond.example/", department="+45 12 34", email="mailto:x@by.example")
    data = registrations_xlsx([*ROWS, link], PLAN, Language.DA, [STRANGER])
    book = openpyxl.load_workbook(BytesIO(data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.value: cell.data_type for cell in cells if isinstance(cell.value, str) and "ond.example" in cell.value} == {
        HOSTILE: "s",
        "https://ond.example/": "s",
    }
    assert [cell for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name("Psykologisk tryghed").to_python()
    assert [row[1] for row in rows] == ["Navn", HOSTILE, "Ægir", "Øjvind", "Åse", "Zita"]
    assert rows[1][5] == datetime(2026, 10, 24, 12, 0)


def test_a_name_that_xml_cannot_carry_still_makes_a_workbook():
    """Control characters and half an emoji are dropped."""
    book = opened([replace(BO_ROW, name="Bo\x00\x0b\ud83d Ø")])
    assert book["Fælles lederdag"]["B2"].value == "Bo Ø"


def test_courses_with_impossible_titles_get_sheets_all_the_same():
    """Too long, forbidden signs, the same title twice, nothing at all, and Excel's own word."""
    titles = [
        "Ledelse: [æøå] */?\\ 'i praksis' over hele året",
        "LEDELSE æøå i praksis' over hele året",
        "Ledelse æøå i praksis' over hel!",
        "'?'",
        "History",
        "Oversigt",
    ]
    courses = tuple(replace(PLAN.courses[1], id=f"k{at}", title=title) for at, title in enumerate(titles))
    rows = [replace(BO_ROW, course=course.id) for course in courses]
    names = opened(rows, replace(PLAN, courses=courses), ()).sheetnames
    assert names == [
        "Oversigt",
        "Afdelinger",
        "Ledelse æøå 'i praksis' over he",
        "LEDELSE æøå i praksis' over hel",
        "Ledelse æøå i praksis' over (2)",
        "Kursus",
        "History (2)",
        "Oversigt (2)",
    ]


@given(st.lists(st.text(max_size=40), max_size=12))
def test_sheet_names_are_always_legal(titles):
    """31 UTF-16 units, no forbidden sign, no apostrophe at an end, unique in any case."""
    taken: set[str] = set()
    names = [sheet_name(title, taken, "Kursus") for title in titles]
    assert len({name.lower() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) <= 62
        assert not set(name) & set("[]:*?/\\\0")
        assert name == name.strip("'")
        assert name.lower() != "history"
