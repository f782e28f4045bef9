"""The registrations workbook goes out, through LibreOffice, and comes back with who came: HR's word, session by session."""

from __future__ import annotations

import io
import json
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import openpyxl
import pytest

from bot.desks.registrations.attendance_book import by_session, checked, packed, read_back, say_back
from bot.desks.registrations.lists import list_file, participant_lists
from bot.domain.attendance import AttendanceSource
from bot.domain.door import DoorKeeper
from bot.domain.errors import InputError
from bot.domain.people import Language
from bot.domain.questions import SeenBy
from bot.opening.stores import open_stores
from bot.opening.work import BookWork
from bot.registrations.attendance_book import BookProblem
from tests.builders.checking_in import CHECKED, START, settings_at
from tests.builders.course_books import LEADERSHIP, PEOPLE, fill
from tests.builders.office import saved_by_office

HR = DoorKeeper(source=AttendanceSource.HR, name="hanne@by.example", door="desk")
SECRET = "hemmelig"


@contextmanager
def books_at(file):
    settings = settings_at(START, f"sqlite:///{file}")
    with open_stores(settings) as stores:
        fill(stores, settings, CHECKED)
        yield BookWork(settings=settings, written=CHECKED, plan=CHECKED, stores=stores)


@pytest.fixture
def work(tmp_path):
    with books_at(tmp_path / "book.db") as work:
        yield work


def exported(work, language=Language.DA):
    found = participant_lists(work.plan, work.stores, course=None, now=work.now(), reader=SeenBy.HR)
    return list_file(found, "xlsx", language)


def filled(data, words, change=None):
    """By (address) what is written under attendance on the course's sheet."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    named = ({"E-mail", "Email"}, {"Fremmøde", "Attendance"})
    heads = {sheet.title: [cell.value for cell in sheet[1]] for sheet in book.worksheets}
    sheet = next(one for one in book.worksheets if named[1] & {*heads[one.title]})
    email, came = (next(at for at, one in enumerate(heads[sheet.title]) if one in names) for names in named)
    for row in sheet.iter_rows(min_row=2):
        if row[email].value in words:
            row[came].value = words[row[email].value]
    if change:
        change(book, sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def words(work):
    return {(one.email, one.session, one.said.value, one.source.value) for one in work.stores.attendance.load_words("by")}


def take(work, read):
    said = checked(json.loads(json.dumps(packed(read, work, secret=SECRET))))
    return say_back(work, said, HR, secret=SECRET)


def test_it_goes_out_through_libreoffice_and_comes_back_as_hrs_word(soffice, tmp_path):
    """In each language, from books of its own; afterwards it goes out and comes back once more, and nothing is new."""
    said = {PEOPLE[0].email: "dag-1: ja", PEOPLE[1].email: "dag-1: nej"}
    with ExitStack() as stack:
        works = {language: stack.enter_context(books_at(tmp_path / f"{language}.db")) for language in Language}
        out = {f"{language}.xlsx": filled(exported(work, language), said) for language, work in works.items()}
        back = saved_by_office(soffice, tmp_path, out)
        for language, work in works.items():
            comes_back_as_hrs_word(work, back[f"{language}.xlsx"])
        again = saved_by_office(soffice, tmp_path, {f"{language}.xlsx": exported(work, language) for language, work in works.items()})
        for language, work in works.items():
            read = read_back(work, again[f"{language}.xlsx"], "liste.xlsx")
            assert (read.marks, read.complaints) == ((), ())
            assert read.unchanged >= 1
            assert not read_back(work, back[f"{language}.xlsx"], "liste.xlsx").marks, "the same again changes nothing"


def comes_back_as_hrs_word(work, data):
    first, second = PEOPLE[0].email, PEOPLE[1].email
    read = read_back(work, data, "liste.xlsx")
    assert (read.complaints, read.other_cells) == ((), ())
    (shown,) = by_session(read, work)
    assert ([name for name, _ in shown.came], [name for name, _ in shown.absent]) == ([PEOPLE[0].name], [PEOPLE[1].name])
    assert words(work) == set(), "nothing counts before HR says so"
    assert take(work, read)
    assert words(work) == {(first, "dag-1", "came", "hr"), (second, "dag-1", "absent", "hr")}
    (line,) = [one for one in work.stores.actions.load_actions(plan="by") if one.command == "attendance"]
    assert (line.by, line.subject, line.course) == ("hanne@by.example", "2", LEADERSHIP.id)


def test_an_edited_cell_elsewhere_and_a_renamed_course_are_told(work):
    edited = filled(exported(work), {PEOPLE[0].email: "dag-1: ja"}, lambda _, sheet: sheet.cell(2, 5, "Noget andet"))
    read = read_back(work, edited, "liste.xlsx")
    assert ([cell.partition("!")[2] for cell in read.other_cells], len(read.marks)) == (["E2"], 1)
    renamed = replace(CHECKED, courses=(replace(CHECKED.courses[0], title="Et helt nyt navn"), *CHECKED.courses[1:]))
    told = read_back(replace(work, written=renamed, plan=renamed), edited, "liste.xlsx")
    assert BookProblem.SHEET_UNKNOWN in {one.problem for one in told.complaints}


def test_a_list_that_has_changed_since_hr_looked_takes_nothing_and_says_so(work):
    """Part of what HR saw is not what HR meant: the session went, or somebody is on it no more."""
    read = read_back(work, filled(exported(work), {PEOPLE[0].email: "dag-1: ja"}), "liste.xlsx")
    said = packed(read, work, secret=SECRET)
    stranger = [*said, (*said[0][:3], "nobody-there", "", "came")]
    elsewhere = [*said, (*said[0][:2], "en-anden-dag", *said[0][3:])]
    for stale in (stranger, elsewhere):
        assert not say_back(work, stale, HR, secret=SECRET)
        assert words(work) == set()
    assert say_back(work, said, HR, secret=SECRET)


def test_what_is_no_workbook_or_was_made_up_is_refused(work):
    with pytest.raises(InputError, match="list_unreadable"):
        read_back(work, b"navn;kom\n", "liste.csv")
    for made_up in ([["k"]], [["a", "b", "c", "", "", "came"]], [["a", "b", "c", "x", "", "closed"]]):
        with pytest.raises(InputError):
            checked(made_up)
    assert checked("nothing") == []
