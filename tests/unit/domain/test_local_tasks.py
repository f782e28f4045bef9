"""Tasks after a course: whose they are, until when, and what an answer has to be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.attendance import Presence
from bot.domain.local_tasks import LocalTask
from bot.domain.participation import Part
from bot.domain.reminder_rules import ReminderTarget as T
from bot.domain.task_answers import (
    LONGEST_SAID,
    OwnTask,
    TaskAnswer,
    TaskState,
    WrongTask,
    counts_for_all,
    is_for,
    shown_answers,
    wrong_answer,
)

TASK = LocalTask(id="proev", text="Prøv det", due=timedelta(weeks=6))
DUE = datetime(2025, 7, 30, 9)
CAME, MISSED = Presence.ATTENDED, Presence.NO_SHOW


def test_its_rule_is_known_by_an_id_that_no_rule_of_hr_s_can_have():
    assert (TASK.rule.id, TASK.rule.amount, TASK.rule.on) == ("after.proev", 42, None)
    assert replace(TASK, due=date(2025, 8, 20)).rule.on == date(2025, 8, 20)


@pytest.mark.parametrize(
    ("closes", "until"),
    [
        (timedelta(weeks=6), datetime(2025, 9, 10, 9)),
        (date(2025, 8, 20), datetime(2025, 8, 21)),
        (date(2025, 7, 1), DUE),
    ],
)
def test_it_is_open_until(closes, until):
    assert replace(TASK, closes=closes).closes_at(DUE) == until


@pytest.mark.parametrize(
    ("to", "part", "presence", "said", "theirs"),
    [
        (T.ATTENDED, Part.SEATED, None, False, True),
        (T.ATTENDED, Part.MAYBE, None, False, False),
        (T.ATTENDED, Part.SEATED, None, True, False),
        (T.ATTENDED, Part.OUT, CAME, True, True),
        (T.ATTENDED, None, CAME, True, True),
        (T.NO_SHOW, Part.SEATED, MISSED, True, True),
        (T.NO_SHOW, Part.SEATED, CAME, True, False),
        (T.REGISTERED, Part.SEATED, MISSED, True, True),
        (T.REGISTERED, Part.WAITING, None, False, False),
        (T.DECLINED, Part.OUT, None, False, True),
        (T.EVERYONE, Part.WAITING, None, False, True),
        (T.EVERYONE, Part.ASKED, None, False, True),
        (T.EVERYONE, Part.OUT, None, False, False),
        (T.EVERYONE, Part.OUTSIDER, None, False, False),
    ],
)
def test_whose_it_is(to, part, presence, said, theirs):
    assert is_for((to,), part, presence, was_said=said) is theirs


@pytest.mark.parametrize(
    ("state", "said", "wrong"),
    [
        ("done", "", None),
        ("", "gik godt", None),
        ("", "", WrongTask.NOTHING),
        ("måske", "", WrongTask.NO_STATE),
        ("done", "x" * (LONGEST_SAID + 1), WrongTask.TOO_LONG),
    ],
)
def test_an_answer_is_one_of_three_or_a_text(state, said, wrong):
    assert wrong_answer(state, said) is wrong


def test_it_is_named_on_its_page_by_its_date_and_id():
    own = OwnTask(offering="hold-1", task="proev", text="", material="", question="", names=False, closes=DUE, is_open=True, answer=None)
    assert own.place == "hold-1.proev"


def said(email, state=None, text="", *, names=False):
    return TaskAnswer(
        plan="by", course="k", offering="main", task="proev", email=email, state=state, said=text, asked="?", names=names,
        at=datetime(2025, 8, 1, tzinfo=UTC),
    )  # fmt: skip


def test_what_is_said_without_a_name_is_shown_from_five_on_and_what_is_said_with_one_at_once():
    nameless = [said(f"{number}@by.example", TaskState.DONE, "b" if number else "a") for number in range(5)]
    open_one = said("ane@by.example", TaskState.NOT_YET, names=True)
    counts, words, held_back = shown_answers([*nameless[1:], open_one], {"ane@by.example": "Ane Ås"})
    assert (dict(counts), held_back) == ({TaskState.DONE: 0, TaskState.ON_THE_WAY: 0, TaskState.NOT_YET: 1}, True)
    assert [(one.name, one.said, one.state) for one in words] == [("Ane Ås", "", TaskState.NOT_YET)]
    counts, words, held_back = shown_answers([*nameless, said("bo@by.example", None, "c", names=True)], {})
    assert (dict(counts)[TaskState.DONE], held_back) == (5, False)
    assert [(one.name, one.said) for one in words] == [*(("", text) for text in "abbbb"), ("bo@by.example", "c")]


def test_more_than_hr_see_what_hr_counts_and_only_from_five_on():
    """Else who sees both could tell what the few without a name said."""
    open_ones = [said(f"a{number}@by.example", TaskState.DONE, names=True) for number in range(4)]
    nameless = [said(f"b{number}@by.example", TaskState.NOT_YET) for number in range(5)]
    assert counts_for_all([*open_ones, *nameless[:4]]) is None
    assert counts_for_all([*open_ones, *nameless]) == (4, 0, 5)
    assert counts_for_all([said(f"c{number}@by.example", None, "tekst") for number in range(9)]) is None, "words alone are no number"
