"""Somebody else's list: what its headings and cells are taken for, and that nothing of it is lost or sent."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.plan import parse_plan
from bot.plan.desk_rows import read_rows, rows_of
from bot.plan.foreign_list import ListField, SameTitle, headings_of, taken_in
from bot.plan.listed_times import SaidTimes, read_times
from bot.plan.tables import ListedRow, read_list

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PLAN = """
version: 1
id: norddjurs
organisation: Norddjurs Kommune
timezone: Europe/Copenhagen
language: da
organiser: kurser@norddjurs.example
contact: hr@norddjurs.example
audiences: {ledere: {name: Alle ledere, groups: [ledere@norddjurs.example]}}
courses:
  - id: lederdag
    title: Lederdag
    status: proposed
    audience: ledere
    sessions: [{id: dag, start: 2027-06-16T09:00, end: 2027-06-16T15:30}]
"""
ROWS = rows_of(parse_plan(PLAN.encode(), name="plan.yaml", now=NOW).usable())
NOTE_OF = {about: about.value for about in ListField}


def listed(*lines):
    return tuple(ListedRow(cells=tuple(line), sheet="", line=number) for number, line in enumerate(lines, 1))


def take(*lines, same=SameTitle.OFFERINGS, rows=ROWS):
    found = listed(*lines)
    at, columns = headings_of(found)
    fields = {column.position: column.field for column in columns if column.field is not None}
    return taken_in(rows, found[at + 1 :], fields, same=same, note_of=NOTE_OF, called="Hold {}".format)


def plan_of(taken):
    parsed = read_rows(taken.rows, now=NOW)
    assert parsed.plan is not None, parsed.problems
    return parsed.plan


@pytest.mark.parametrize(
    ("heading", "about"),
    [
        ("Kursus", "title"), ("KURSUSNAVN", "title"), ("Emne", "title"), ("Aktivitet", "title"), ("Title", "title"),
        ("Hvornår", "day"), ("Dato", "day"), ("Kursusdato", "day"), ("Date", "day"), ("Mødedato:", "day"),
        ("Kl.", "hours"), ("Klokkeslæt", "hours"), ("Tidsrum", "hours"), ("Fra kl.", "from"), ("Slut", "to"), ("Sluttid", "to"),
        ("Sted", "venue"), ("Hvor", "venue"), ("Lokale", "venue"), ("Location", "venue"),
        ("Max. antal", "seats"), ("Pladser", "seats"), ("Antal deltagere", "seats"), ("Antal pladser i alt", "seats"),
        ("Tilmeldingsfrist", "deadline"), ("Svar senest", "deadline"), ("Kontaktperson", "responsible"),
        ("Tovholder", "responsible"), ("Målgruppe", "audience"), ("For hvem?", "audience"), ("Bemærkninger", "note"),
        ("Sagsnr", "case"), ("Tema", "theme"), ("Beskrivelse af kurset", "description"), ("Slutdato", "last_day"),
        ("Forplejning", None), ("Pris", None), ("", None),
    ],
)  # fmt: skip
def test_a_heading_is_taken_for_the_field_that_people_mean_by_it(heading, about):
    _, columns = headings_of(listed([heading]))
    assert [column.field for column in columns] == ([] if not heading else [about])


def test_each_field_is_one_column_and_the_best_of_them():
    _, columns = headings_of(listed(["Sted og lokale", "Kursus", "Sted", "Kursus nr. 2"]))
    assert [column.field for column in columns] == [None, "title", "venue", None]


def test_headings_may_stand_below_a_title_of_the_list():
    at, columns = headings_of(listed(["Kurser i 2027"], ["", ""], ["Emne", "Dato"], ["Trivsel", "1/2-2027"]))
    assert at == 2
    assert [column.field for column in columns] == ["title", "day"]


def test_an_empty_list_has_no_headings():
    assert headings_of(()) == (0, ())


@pytest.mark.parametrize(
    ("said", "cells"),
    [
        ({"day": "18/6-2027"}, {"start": "2027-06-18"}),
        ({"day": "18. juni 2027 kl. 9-15"}, {"start": "2027-06-18T09:00", "end": "2027-06-18T15:00"}),
        ({"day": "fredag den 18. juni 2027 kl. 9.00–15.30"}, {"start": "2027-06-18T09:00", "end": "2027-06-18T15:30"}),
        ({"day": "18-06-2027", "hours": "9-15"}, {"start": "2027-06-18T09:00", "end": "2027-06-18T15:00"}),
        ({"day": "18-06-2027", "hours": "kl. 9.00 til 15.30"}, {"start": "2027-06-18T09:00", "end": "2027-06-18T15:30"}),
        ({"day": "18-06-2027", "begins": "9", "ends": "15:30"}, {"start": "2027-06-18T09:00", "end": "2027-06-18T15:30"}),
        ({"day": "18-06-2027", "begins": "09:00:00", "ends": "12:00:00"}, {"start": "2027-06-18T09:00", "end": "2027-06-18T12:00"}),
        ({"day": "18-06-2027 9:00", "ends": "15.30"}, {"start": "2027-06-18T09:00", "end": "2027-06-18T15:30"}),
        ({"day": "2027-06-18 00:00:00", "begins": "9"}, {"start": "2027-06-18"}),
        ({"day": "17.-18. marts 2027"}, {"start": "2027-03-17", "end": "2027-03-18"}),
        ({"day": "17. og 18. marts 2027"}, {"start": "2027-03-17", "end": "2027-03-18"}),
        ({"day": "17-03-2027", "last_day": "18-03-2027"}, {"start": "2027-03-17", "end": "2027-03-18"}),
        ({"day": "marts 2027"}, {"period": "2027-03"}),
        ({"day": "2. halvår 2027"}, {"period": "2027-H2"}),
        ({"day": "2027"}, {"period": "2027"}),
        ({}, {}),
    ],
)
def test_days_and_hours_are_read_as_they_are_written(said, cells):
    assert read_times(SaidTimes(**said))[0] == cells


@pytest.mark.parametrize(
    ("said", "cells", "unclear"),
    [
        ({"day": "efter sommerferien"}, {}, [("day", "efter sommerferien")]),
        ({"day": "06/07/27"}, {}, [("day", "06/07/27")]),
        ({"day": "18-06-2027", "hours": "formiddag"}, {"start": "2027-06-18"}, [("hours", "formiddag")]),
        ({"day": "18-06-2027", "begins": "9"}, {"start": "2027-06-18"}, [("hours", "09:00")]),
        ({"day": "18-06-2027", "begins": "tidligt", "ends": "15"}, {"start": "2027-06-18"}, [("from", "tidligt"), ("hours", "15:00")]),
        ({"day": "marts 2027", "hours": "9-15"}, {"period": "2027-03"}, [("hours", "09:00 – 15:00")]),
        ({"day": "17.-18. marts 2027", "begins": "9"}, {"start": "2027-03-17", "end": "2027-03-18"}, [("hours", "09:00")]),
        (
            {"day": "17-03-2027", "last_day": "18-03-2027", "hours": "9-15"},
            {"start": "2027-03-17", "end": "2027-03-18"},
            [("hours", "09:00 – 15:00")],
        ),
        ({"last_day": "18-03-2027"}, {}, [("last_day", "18-03-2027")]),
        ({"day": "18-06-2027", "hours": "15-9"}, {"start": "2027-06-18"}, [("hours", "15:00 – 09:00")]),
        ({"day": "18-06-2027", "hours": "9-99"}, {"start": "2027-06-18"}, [("hours", "9-99")]),
        ({"day": "18-06-2027", "last_day": "17-06-2027"}, {"start": "2027-06-18"}, [("last_day", "17-06-2027")]),
        ({"day": "19.-18. marts 2027"}, {}, [("day", "19.-18. marts 2027")]),
    ],
)
def test_what_is_not_understood_is_told_and_never_guessed(said, cells, unclear):
    assert read_times(SaidTimes(**said)) == (cells, tuple(unclear))


def test_a_row_is_a_proposed_course_that_the_plan_can_have():
    taken = take(
        ["Emne", "Dato", "Kl.", "Sted", "Antal", "For hvem", "Kontaktperson", "Tilmeldingsfrist", "Sagsnr.", "Status"],
        ["Trivsel i hverdagen", "9/3-2027", "9-12", "Sal 2", "ca. 40 personer", "alle ledere", "Hr@norddjurs.example",
         "1/3-2027", "27/88", "kladde"],
    )  # fmt: skip
    course = plan_of(taken).known_course("trivsel-i-hverdagen")
    session = course.offerings[0].sessions[0]
    assert taken.doubts == ()
    assert (course.title, course.status.value, course.case) == ("Trivsel i hverdagen", "draft", "27/88")
    assert (session.start, session.end) == (datetime(2027, 3, 9, 9), datetime(2027, 3, 9, 12))
    assert (course.venue.name, course.enrolment.capacity, course.audience) == ("Sal 2", 40, ("ledere",))
    assert course.responsible == ("hr@norddjurs.example",)


def test_what_the_plan_cannot_have_goes_to_the_note_and_is_told():
    taken = take(
        ["Emne", "Hvornår", "For hvem", "Kontakt", "Antal", "Frist", "Status", "Bemærkning"],
        ["Trivsel", "efter ferien", "Skoleledere", "Anna i HR", "et par hold", "snart", "måske", "Husk kage"],
    )
    course = plan_of(taken).known_course("trivsel")
    assert {doubt.field.value for doubt in taken.doubts} == {"day", "audience", "responsible", "seats", "deadline", "status"}
    assert course.status.value == "proposed"
    assert course.audience == ()
    for words in ("Husk kage", "day: efter ferien", "audience: Skoleledere", "responsible: Anna i HR", "seats: et par hold"):
        assert words in course.note


TWICE = (["Emne", "Dato", "Antal", "Sted"], ["Trivsel", "9/3-2027", "20", "Sal 1"], ["Trivsel", "10/3-2027", "30", "Sal 2"])


def test_rows_of_one_title_are_offerings_to_choose_between():
    (course,) = [one for one in plan_of(take(*TWICE)).courses if one.id.startswith("trivsel")]
    assert course.enrolment.mode.value == "choose"
    assert [(one.title, one.capacity) for one in course.offerings] == [("Hold 1", 20), ("Hold 2", 30)]
    assert [course.place_of(offering, session) for offering, session in course.sessions()] == ["Sal 1", "Sal 2"]


def test_rows_of_one_title_may_be_sessions_that_all_come_to():
    (course,) = [one for one in plan_of(take(*TWICE, same=SameTitle.SESSIONS)).courses if one.id.startswith("trivsel")]
    assert [one.id for one in course.offerings[0].sessions] == ["dag-1", "dag-2"]


def test_rows_of_one_title_may_be_courses_of_their_own():
    assert take(*TWICE, same=SameTitle.COURSES).courses == ("trivsel", "trivsel-2")


def test_what_the_plan_has_already_is_not_taken_in_again():
    taken = take(["Emne", "Dato"], ["Lederdag", "16/6-2027"], ["Lederdag", "17/6-2027"], ["LEDERDAG", ""])
    assert taken.known == ("Lederdag", "LEDERDAG")
    assert taken.courses == ("lederdag-2",)
    again = take(["Emne", "Dato"], ["Lederdag", "17/6-2027"], rows=taken.rows)
    assert again.rows == taken.rows


def test_a_row_without_a_title_and_columns_of_the_lists_own_are_left_out():
    taken = take(["Emne", "Dato", "Pris pr. kuvert"], ["", "9/3-2027", "120"], ["Trivsel"])
    assert taken.courses == ("trivsel",)
    assert {key: taken.rows[key] for key in ROWS} == ROWS


def test_a_list_from_danish_excel_is_read_with_its_own_signs():
    data = "Emne;Dato;Kl.\r\nÅbent møde;9/3-2027;kl. 9.00-12.00\r\n".encode("cp1252")
    rows = read_list(data, "liste.csv")
    at, columns = headings_of(rows)
    fields = {column.position: column.field for column in columns if column.field}
    taken = taken_in(ROWS, rows[at + 1 :], fields, same=SameTitle.OFFERINGS, note_of=NOTE_OF, called="Hold {}".format)
    assert plan_of(taken).known_course("aabent-moede").title == "Åbent møde"
