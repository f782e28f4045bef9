"""Whose manager is who: when the directory is asked, and what is kept of what it says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.manager_people import ManagedPerson, read_by_now, to_read
from bot.domain.people import Person

NOW = datetime(2025, 5, 5, 8, tzinfo=UTC)
ANE, BO = "ane@by.example", "bo@by.example"
LEA = Person(email="lea@by.example", name="Lea Leder", directory_id="lea-id")
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("known", "hours", "asked"),
    [
        ([], 0, {ANE, BO}),
        ([ManagedPerson(email=ANE, looked_at=NOW, read_at=NOW)], 23, {BO}),
        ([ManagedPerson(email=ANE, looked_at=NOW, read_at=NOW)], 24, {ANE, BO}),
        ([ManagedPerson(email=ANE, looked_at=NOW, read_at=NOW - timedelta(days=3))], 0.9, {BO}),
        ([ManagedPerson(email=ANE, looked_at=NOW)], 1, {ANE, BO}),
    ],
)
def test_an_answer_lasts_a_day_and_a_failure_an_hour(known, hours, asked):
    assert to_read(known, {ANE, BO}, now=NOW + timedelta(hours=hours)) == asked


def test_what_was_read_is_kept_with_when_and_nobody_is_their_own_manager():
    kept = read_by_now((), {ANE, BO, LEA.email}, {ANE, BO, LEA.email}, {ANE: LEA, BO: None, LEA.email: LEA}, now=NOW)
    assert [(one.email, one.manager_id, one.manager, one.name, one.read_at) for one in kept] == [
        (ANE, "lea-id", LEA.email, "Lea Leder", NOW),
        (BO, "", "", "", NOW),
        (LEA.email, "", "", "", NOW),
    ]
    nameless = Person(email="x@by.example")
    assert read_by_now((), {ANE}, {ANE}, {ANE: nameless}, now=NOW)[0].manager_id == ""


def test_what_cannot_be_read_leaves_what_was_read_and_who_is_gone_goes():
    before = read_by_now((), {ANE, BO}, {ANE, BO}, {ANE: LEA}, now=NOW)
    later = NOW + timedelta(days=1)
    (kept,) = read_by_now(before, {ANE}, {ANE}, None, now=later)
    assert (kept.manager, kept.read_at, kept.looked_at, kept.is_due_at) == (LEA.email, NOW, later, later + timedelta(hours=1))
    assert read_by_now(before, {ANE, BO}, (), {}, now=later + MINUTE) == before
    (new,) = read_by_now((), {ANE}, {ANE}, None, now=NOW)
    assert (new.manager, new.read_at) == ("", None)
