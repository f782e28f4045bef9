"""HR's own words in messages: the tables of `bot.domain.wording` are what the code does."""

from __future__ import annotations

import re

import pytest

from bot.domain import wording
from bot.domain.people import Language
from bot.domain.templates import TEMPLATES, MessageKind
from bot.domain.wording import (
    DANISH_FIELDS,
    FIELD_WORDS,
    IN_CALENDAR,
    ON_PAPER,
    WORDED,
    About,
    InsertField,
    Unread,
    Wording,
    chosen,
    pieces,
    refusal,
)

DA, EN = Language.DA, Language.EN
NOBODYS = {
    MessageKind.MINIMUM,
    MessageKind.DIGEST,
    MessageKind.COPY,
    MessageKind.HR_REPORT,
    MessageKind.OVERVIEW,
    MessageKind.PARTICIPANTS,
    MessageKind.BROADCAST,
    MessageKind.APPROVAL_REQUEST,
    MessageKind.MANAGER_COPY,
}
"""What goes to HR or is HR's own, and what several messages are put together in: each of them has its words there."""


def rows(first):
    table = wording.__doc__.partition(f"| {first} ")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip(" |").split("|")] for line in table.splitlines()[2:]]


def test_the_table_of_messages_is_the_one_in_the_source():
    told = [[row.message, row.excel, row.about.value] for row in WORDED.values()]
    by_rule = [[name, row.excel, "course" if row.of_course else "date"] for name, row in TEMPLATES.items()]
    first, rest = rows("message ")[:2], rows("message ")[2:]
    assert [*first, *by_rule, *rest] == told
    assert {*WORDED} == {kind.value for kind in MessageKind if kind not in NOBODYS} | IN_CALENDAR | ON_PAPER


def test_reminders_have_the_words_that_they_have_on_the_sheet_of_reminders():
    assert {name: WORDED[name].excel for name in TEMPLATES} == {name: row.excel for name, row in TEMPLATES.items()}


def test_each_message_has_a_word_of_its_own_on_the_sheet():
    assert len({row.excel for row in WORDED.values()}) == len(WORDED)


def test_the_table_of_fields_is_what_may_be_filled_in():
    told = {}
    for fields, *answers in rows("field "):
        for field in fields.split(", "):
            told |= {(about, InsertField(field)): answer == "yes" for about, answer in zip(About, answers, strict=True)}
    assert told == {(about, field): refusal(about, field) is None for about in About for field in InsertField}
    assert {*DANISH_FIELDS} == {*InsertField}


@pytest.mark.parametrize(
    ("own", "plans", "reader", "whose"),
    [
        ([DA], [DA], DA, "own"),
        ([EN], [DA], DA, "plan"),
        ([DA], [EN], EN, "plan"),
        ([DA], [DA], EN, "own"),
        ([], [DA], EN, "plan"),
        ([EN], [], DA, "own"),
        ([], [], DA, None),
    ],
)
def test_whose_words_a_reader_gets(own, plans, reader, whose):
    """Nobody reads another language than their own where HR wrote something in theirs."""
    of_course = [Wording(message="practical", language=language, opening="own") for language in own]
    of_plan = [Wording(message="practical", language=language, opening="plan") for language in plans]
    found = chosen(of_course, of_plan, "practical", reader)
    assert (found.opening if found else None) == whose
    assert chosen(of_course, of_plan, "tomorrow", reader) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("Kære {navn},", ["Kære ", InsertField.NAME, ","]),
        ("{Name}{ SVARFRIST }", [InsertField.NAME, InsertField.DEADLINE]),
        ("{{navn}}", ["{", "navn", "}"]),
        ("{{{navn}}}", ["{", InsertField.NAME, "}"]),
        ("{nvan}", [Unread("nvan")]),
        ("{}", [Unread("")]),
        ("a } b {", ["a ", Unread(""), " b ", Unread("")]),
        ("{to\nlinjer}", [Unread(""), "to\nlinjer", Unread("")]),
    ],
)
def test_what_stands_in_braces(text, found):
    assert list(pieces(text)) == found


def test_every_field_is_read_under_both_of_its_words():
    for field in InsertField:
        for word in (field.value, DANISH_FIELDS[field]):
            assert list(pieces(f"{{{word}}}")) == [field]
    assert all(re.fullmatch("[a-z]+", word) for word in FIELD_WORDS)
