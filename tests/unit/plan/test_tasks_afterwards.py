"""Tasks after a course in the plan: read from YAML and workbook, and what is refused in both languages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.domain.local_tasks import LocalTask
from bot.domain.people import Language
from bot.domain.reminder_rules import ReminderTarget as T
from bot.plan import problem_text
from tests.builders.documents import found, parse, with_course, workbook

HEADINGS = ["Kursus", "Id", "Opgave", "Materiale", "Hvornår", "Til", "Spørgsmål", "Svar senest", "HR ser navne"]


def sheet(*rows):
    return workbook(**{"Opgaver bagefter": [HEADINGS, *rows]})


def of_course(*cells):
    return ["kursus", *cells]


def read(data):
    parsed = parse(data, name="plan.xlsx")
    assert parsed.plan is not None, parsed.problems
    return parsed.plan


def wrong(data, language=Language.DA):
    return [problem_text(language, one) for one in parse(data, name="plan.xlsx").problems if one.is_error]


def test_a_row_of_the_sheet_is_a_task():
    rows = [
        of_course(None, "Prøv samtaleguiden", "https://a.example/guide", "6 uger", None, None, None, None),
        of_course("igen", "Prøv den igen", None, "20-08-2030", "fremmødte, udeblevne", "Hvad skete der?", "40 dage", "ja"),
    ]
    first, second = read(sheet(*rows)).courses[0].after
    assert (first.text, first.due, first.material) == ("Prøv samtaleguiden", timedelta(weeks=6), "https://a.example/guide")
    assert first.id == "proev-samtaleguiden"
    assert second == LocalTask(
        id="igen", text="Prøv den igen", due=date(2030, 8, 20), to=(T.ATTENDED, T.NO_SHOW), question="Hvad skete der?",
        closes=timedelta(days=40), names=True,
    )  # fmt: skip


def test_a_task_that_was_written_anew_says_which_one_it_was_by_its_old_words():
    """Or by its old id; the two ways lead to the same."""
    headings = ["Kursus", "Id", "Var", "Opgave", "Hvornår"]
    for was in ("Prøv samtaleguiden", "proev-samtaleguiden"):
        rows = [["kursus", None, was, "Prøv guiden med dit team", "6 uger"], ["kursus", "to", None, "Fortæl om det", "7 uger"]]
        first, second = read(workbook(**{"Opgaver bagefter": [headings, *rows]})).courses[0].after
        assert (first.id, first.was, second.was) == ("proev-guiden-med-dit-team", "proev-samtaleguiden", None)
    taken = workbook(**{"Opgaver bagefter": [headings, ["kursus", "et", "to", "A", "6 uger"], ["kursus", "to", None, "B", "6 uger"]]})
    assert wrong(taken) != []


@pytest.mark.parametrize(
    ("cells", "danish", "english"),
    [
        (("a", "Prøv", None, "snart", None), "hverken en dato eller en varighed", "neither a date nor a length"),
        (("a", "Prøv", None, 42, None), "hverken en dato eller en varighed", "neither a date nor a length"),
        (("a", "Prøv", None, "5 timer", None), "hele dage eller uger", "whole days or weeks"),
        (("a", "Prøv", None, "190 dage", None), "hele dage eller uger", "whole days or weeks"),
        (("a", "Prøv", None, "01-06-2025", None), "men kurset slutter først", "but the course ends on"),
        (("a", "Prøv", None, "6 uger", "oplægsholdere"), "ikke en mulighed", "is not a choice"),
        (("a", "Prøv", None, "6 uger", None, None, "01-07-2025"), "før opgaven er sendt", "before the task is sent"),
        (("a", "Prøv", None, "20-08-2030", None, None, "19-08-2030"), "før opgaven er sendt", "before the task is sent"),
    ],
)
def test_what_is_wrong_is_said_kindly_in_both_languages(cells, danish, english):
    data = sheet(of_course(*cells))
    (told,) = wrong(data)
    assert danish in told
    (said,) = wrong(data, Language.EN)
    assert english in said


def rule(**changes):
    given = {"id": "x", "after": "end", "hours": "2", "to": "no_show", "channels": "mail", "template": "no_show"} | changes
    return with_course(f"reminders: [{{{', '.join(f'{key}: {value}' for key, value in given.items() if value)}}}]")


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, []),
        ({"to": "attended", "template": "follow_up"}, []),
        ({"after": "start"}, ["who_came_after"]),
        ({"after": "", "before": "end"}, ["who_came_after"]),
        ({"to": "[no_show, registered]"}, ["no_show_alone"]),
        ({"channels": "[mail, channel]"}, ["contradiction"]),
        ({"template": "local_task"}, ["template"]),
    ],
)
def test_who_came_is_asked_for_afterwards_alone_and_who_was_missed_is_told_alone(changes, reasons):
    assert [reason for _, reason, _, _ in found(rule(**changes))] == reasons
