"""What became of the tasks as a file: what the page shows, row by row, and nothing that is held back."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO

import openpyxl
import pytest

from bot.domain.local_tasks import LocalTask
from bot.domain.people import Language
from bot.domain.task_answers import TaskAnswer, TaskResult, TaskState, shown_answers
from bot.registrations.task_export import tasks_csv, tasks_xlsx

TASK = LocalTask(id="proev", text="Prøv det", due=timedelta(weeks=6))
DUE = datetime(2025, 7, 30, 9)
FEW = "Svar uden navne vises, når mindst 5 har svaret."
ABOUT = ("Kursus", "Prøv det", "Hvad har du brugt det til?", "9")


def answer(number, state=TaskState.DONE, said="", *, names=False):
    return TaskAnswer(
        plan="by", course="k", offering="main", task="proev", email=f"p{number}@by.example", state=state, said=said, asked="?", names=names,
        at=datetime(2025, 8, 1, tzinfo=UTC),
    )  # fmt: skip


def result(*answers, due=DUE):
    counts, said, held_back = shown_answers(answers, {"p0@by.example": "Åse =1+1"})
    return TaskResult(
        course="k", title="Kursus", task=TASK, due=due, open_until=None, asked=9, answers=len(answers), counts=counts, said=said,
        held_back=held_back,
    )  # fmt: skip


def rows(*found, language=Language.DA):
    """Both files say the same; without the columns that are alike in all rows."""
    data = tasks_csv(found, language)
    assert data.startswith(b"\xef\xbb\xbf")
    read = [*csv.reader(StringIO(data.decode("utf-8-sig")), delimiter=";")]
    sheet = openpyxl.load_workbook(BytesIO(tasks_xlsx(found, language))).active
    in_sheet = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert [[cell.removeprefix("'") for cell in row] for row in read] == in_sheet
    assert {tuple(row[:4]) for row in in_sheet[1:]} <= {ABOUT}
    return [tuple(row[4:]) for row in in_sheet[1:]]


def test_numbers_and_texts_without_names_from_five_answers_on():
    five = [answer(number, said="=HYPERLINK(1)" if number == 3 else "") for number in range(5)]
    assert rows(result(*five)) == [
        ("5", "", "Det er gjort", "", "5"),
        ("5", "", "Jeg er i gang", "", "0"),
        ("5", "", "Ikke endnu", "", "0"),
        ("5", "", "Det er gjort", "=HYPERLINK(1)", ""),
    ]
    assert "'=HYPERLINK(1)" in tasks_csv([result(*five)], Language.DA).decode()


def test_what_is_held_back_is_said_to_be_and_is_not_there():
    four = [answer(number, said=f"hemmelighed {number}") for number in range(4)]
    assert rows(result(*four)) == [("4", "", "", FEW, "")]


def test_a_name_stands_where_the_answer_was_given_under_it_and_nowhere_else():
    said = [answer(0, names=True), answer(1, state=None, said="Kun ord", names=True), answer(2, said="hemmelighed")]
    assert rows(result(*said)) == [
        ("3", "", "Det er gjort", "", "1"),
        ("3", "", "Jeg er i gang", "", "0"),
        ("3", "", "Ikke endnu", "", "0"),
        ("3", "p1@by.example", "", "Kun ord", ""),
        ("3", "Åse =1+1", "Det er gjort", "", ""),
        ("3", "", "", FEW, ""),
    ]


def test_a_task_that_has_not_fallen_due_is_in_no_file():
    assert rows(result(due=None)) == []


@pytest.mark.parametrize(("language", "first"), [(Language.DA, "Kursus;Opgave;"), (Language.EN, "Course;Task;")])
def test_the_headings_are_in_the_reader_s_language(language, first):
    assert tasks_csv([], language).decode("utf-8-sig").startswith(first)
