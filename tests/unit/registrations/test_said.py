"""What people said beside their places: who it is about, in which order, and how it reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.comments import AnswerComment
from bot.domain.events import ResponseStatus
from bot.domain.notes import Note
from bot.domain.people import Language, PeopleIndex
from bot.domain.plan import CourseStatus, Offering
from bot.domain.programme import Speaker
from bot.domain.registrations import Answer
from bot.registrations.said import NOTHING_SAID, comment_texts, said
from bot.registrations.said_lines import said_sheets, said_text, speaker_alerts
from tests.builders.samples import (
    KEY,
    START,
    address,
    make_course,
    make_desired,
    make_entry,
    make_observed,
    make_person,
    make_plan,
    make_session,
)

NOW = datetime(2025, 3, 3, 8, tzinfo=UTC)
TALE, ANNA = "tale@partner.example", address("anna")
NO = ResponseStatus.DECLINED
PEOPLE = PeopleIndex([make_person("anna")])
SPEAKERS = (Speaker(name="Tale Talersen", email=TALE.upper()), Speaker(name="Uden Adresse"))
COURSE = make_course(speakers=SPEAKERS)
EVENT = make_desired("anna", "tale")
ENTRY = make_entry(EVENT, make_observed(EVENT))
ENTRY = replace(ENTRY, desired_attendees={ANNA: "required", TALE: "optional"}, invited_since={ANNA: NOW, TALE: NOW})


def answer(response=NO, at=NOW, email=TALE, key=KEY):
    return Answer(key=key, email=email, name="", response=response, responded_at=at, seen_at=at)


def comment(text="Jeg er syg", email=TALE, key=KEY, at=NOW):
    return AnswerComment(key=key, email=email, response=NO, text=text, at=at, seen_at=at)


def note(text="Tåler ikke nødder", email=ANNA, course=KEY.course):
    return Note(plan="demo", course=course, email=email, text=text, written_at=NOW)


def told(plan=None, answers=(), comments=(), notes=(), entries=None):
    return said(
        plan or make_plan(COURSE), answers=answers, comments=comments, notes=notes,
        entries={KEY: ENTRY} if entries is None else entries, people=PEOPLE,
    )  # fmt: skip


def test_a_speaker_has_the_last_answer_of_any_part_and_the_words_with_it():
    answers = [
        answer(),
        answer(ResponseStatus.ACCEPTED, NOW - timedelta(days=1), key=replace(KEY, part=2)),
        answer(ResponseStatus.ACCEPTED, email=ANNA),
    ]
    (one,) = told(answers=answers, comments=[comment()]).speakers
    assert (one.name, one.email, one.response, one.at, one.comment) == ("Tale Talersen", TALE, NO, NOW, "Jeg er syg")
    (silent,) = told().speakers
    assert (silent.response, silent.at, silent.comment) == (ResponseStatus.NONE, None, "")
    assert told(answers=answers).cancelled_speakers == (replace(one, comment=""),)
    assert told().cancelled_speakers == ()


def test_speakers_who_are_not_invited_and_courses_that_do_not_invite_have_none():
    assert told(entries={}).speakers == ()
    for changes in (
        {"status": CourseStatus.CANCELLED},
        {"speakers": ()},
        {"offerings": (Offering(id="main", sessions=(make_session(start=None),)),)},
    ):
        assert told(make_plan(replace(COURSE, **changes))).speakers == ()


def test_of_what_has_begun_no_speaker_is_missed():
    found = told(answers=[answer()])
    assert found.ahead(START - timedelta(minutes=1)) == found
    assert found.ahead(START).speakers == ()


def test_comments_and_notes_are_told_whether_or_not_there_is_a_row_by_course_and_as_danish_sorts():
    lost = replace(KEY, course="væk", offering="hold-9")
    found = told(
        comments=[comment("Å", email=ANNA), comment("Ø", key=lost)], notes=[note(), note("Kørestol", "fremmed@andre.example", "væk")]
    )
    assert [(one.course_title, one.offering, one.name or one.email, one.text, one.response) for one in found.remarks] == [
        ("Kursus", "", "Anna", "Å", NO),
        ("Kursus", "", "Anna", "Tåler ikke nødder", None),
        ("væk", "", "fremmed@andre.example", "Kørestol", None),
        ("væk", "hold-9", TALE, "Ø", NO),
    ]
    assert found.comments == {("kursus", "main", ANNA): "Å", ("væk", "hold-9", TALE): "Ø"}
    assert found.notes == {("kursus", ANNA): "Tåler ikke nødder", ("væk", "fremmed@andre.example"): "Kørestol"}


def test_a_note_under_an_address_of_before_stands_at_the_person_and_the_latest_counts():
    """The link in the mail was to the old address; the rows have the new one."""
    renamed = PeopleIndex([replace(make_person("anna"), email="anna.ny@kommune.example", aliases=(ANNA,))])
    notes = [replace(note("Nu uden nødder", "anna.ny@kommune.example"), written_at=NOW + timedelta(days=1)), note()]
    found = said(make_plan(COURSE), answers=(), comments=(), notes=notes, entries={}, people=renamed)
    assert found.notes == {("kursus", "anna.ny@kommune.example"): "Nu uden nødder"}
    assert {one.email for one in found.remarks} == {"anna.ny@kommune.example"}


def test_the_words_about_several_sessions_stand_one_after_the_other_each_once():
    second = replace(KEY, session="to")
    words = [
        comment("Senere", at=NOW + timedelta(hours=1), key=second),
        comment("Først"),
        comment("Først", key=replace(KEY, session="tre")),
    ]
    assert comment_texts(words, PEOPLE) == {("kursus", "main", TALE): "Først / Senere"}


def test_it_reads_as_lines_under_the_table():
    room = replace(ENTRY, rooms_declined=("sal-1@demo.example",))
    found = told(answers=[answer()], comments=[comment(), comment("Ferie", email=ANNA)], notes=[note()], entries={KEY: room})
    assert said_text(found, make_plan(COURSE), Language.DA) == (
        "Oplægsholdere\n"
        "    Tale Talersen <tale@partner.example> Kursus, onsdag den 18. juni 2025 kl. 09.00 Nej (03-03-2025 kl. 09.00): »Jeg er syg«\n"
        "\n"
        "Lokaler, der har sagt nej\n"
        "    sal-1@demo.example: Kursus, onsdag den 18. juni 2025 kl. 09.00\n"
        "\n"
        "Kommentarer i svar og beskeder til HR\n"
        f"    Anna <{ANNA}> Kursus Kommentar til svaret Nej (03-03-2025 kl. 09.00): »Ferie«\n"
        f"    Anna <{ANNA}> Kursus Besked til HR (03-03-2025 kl. 09.00): »Tåler ikke nødder«\n"
        "    tale@partner.example <tale@partner.example> Kursus Kommentar til svaret Nej (03-03-2025 kl. 09.00): »Jeg er syg«\n"
        "\n"
    )
    assert said_text(NOTHING_SAID, make_plan(), Language.DA) == ""
    assert "Not answered" in said_text(told(), make_plan(COURSE), Language.EN)


def test_a_speaker_who_cannot_come_is_an_alarm_with_the_words_on_one_line():
    line = "Oplægsholderen har meldt afbud: Tale Talersen, Kursus, onsdag den 18. juni 2025 kl. 09.00"
    assert list(speaker_alerts(told(answers=[answer()], comments=[comment("Syg\x1b[31m\ni dag")]), Language.DA)) == [
        f"{line}: »Syg [31m i dag«"
    ]
    assert list(speaker_alerts(told(answers=[answer()]), Language.DA)) == [line]


def test_offerings_and_sessions_are_named_where_there_are_several_and_the_unknown_date_is_left_out():
    sessions = (make_session(), make_session("to", title="Anden del", start=None))
    plan = make_plan(replace(COURSE, offerings=(Offering(id="main", title="", sessions=sessions), Offering(id="b", sessions=()))))
    entry = replace(ENTRY, key=replace(KEY, session="to"), rooms_declined=("sal@demo.example",))
    found = told(plan, entries={KEY: replace(ENTRY, rooms_declined=("sal@demo.example",)), entry.key: entry})
    shown = said_text(found, plan, Language.DA)
    assert "    sal@demo.example: Kursus – main – dag, onsdag den 18. juni 2025 kl. 09.00\n" in shown
    assert "    sal@demo.example: Kursus – main – Anden del\n" in shown


def test_the_workbooks_tables_have_a_cell_for_each_column():
    room = replace(ENTRY, rooms_declined=("sal-1@demo.example",))
    sheets = list(said_sheets(told(answers=[answer()], notes=[note()], entries={KEY: room}), make_plan(COURSE), Language.DA))
    assert [title for title, _, _ in sheets] == ["speakers_sheet", "rooms_sheet", "remarks_sheet"]
    assert all(len(row) == len(columns) for _, columns, rows in sheets for row in rows)
    assert list(said_sheets(NOTHING_SAID, make_plan(), Language.DA)) == []
    unanswered = list(said_sheets(told(), make_plan(COURSE), Language.DA))
    assert [row[6:8] for _, _, rows in unanswered for row in rows] == [["Ikke svaret", None]]
