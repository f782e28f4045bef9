"""Whose manager is who, kept and let go of, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.manager_people import ManagedPerson, ManagerCopy
from bot.domain.messages import Message
from bot.domain.templates import MessageKind
from bot.store.erasure import erase_person
from bot.store.expired import KeptSince
from bot.store.expiry import expire
from bot.store.managed_people import SqlManagedPeopleBook
from bot.store.outbox import SqlOutbox
from tests.builders.known_people import NOW

ANE = ManagedPerson(email="ane@by.example", manager_id="lea-id", manager="lea@by.example", name="Lea", looked_at=NOW, read_at=NOW)
BO, CAI = replace(ANE, email="bo@by.example", manager_id=""), ManagedPerson(email="cai@by.example", looked_at=NOW)


@pytest.fixture
def book(database):
    return SqlManagedPeopleBook(database)


def test_a_plan_keeps_those_it_was_given_last_and_no_others(book):
    book.save_managed("by", [CAI, BO, ANE])
    book.save_managed("andenby", [ANE])
    assert book.load_managed("by") == (ANE, BO, CAI)
    book.save_managed("by", [replace(ANE, manager="mo@by.example")])
    assert book.load_managed("by") == (replace(ANE, manager="mo@by.example"),)
    book.save_managed("by", ())
    assert (book.load_managed("by"), book.load_managed("andenby")) == ((), (ANE,))


def test_a_manager_is_known_by_id_or_address_and_nobody_is_the_manager_of_those_without(book):
    book.save_managed("by", [ANE, BO, CAI])
    assert book.load_people_of("by", "lea-id", ()) == (ANE,)
    assert book.load_people_of("by", "", {"lea@by.example"}) == (ANE, BO)
    assert book.load_people_of("by", "", {""}) == ()
    assert book.load_people_of("andenby", "lea-id", {"lea@by.example"}) == ()


def test_with_either_of_them_it_goes_and_with_a_plan_that_is_served_no_more(database, book):
    book.save_managed("by", [ANE, replace(BO, manager="mo@by.example"), CAI])
    erase_person(database, "lea@by.example", now=NOW)
    assert [one.email for one in book.load_managed("by")] == ["bo@by.example", "cai@by.example"]
    erase_person(database, "bo@by.example", now=NOW)
    assert book.load_managed("by") == (CAI,)
    kept = {name: NOW - timedelta(days=90) for name in KeptSince.__dataclass_fields__}
    expire(database, "by", dated={}, audiences=(), kept=KeptSince(**kept))
    assert book.load_managed("by") == ()


def test_copies_and_their_mails_are_written_together_and_no_mail_twice(database, book):
    copy = ManagerCopy(email="lea@by.example", period="2025-W23", digest="a", looked_at=NOW)
    mail = Message(
        plan="by", key="manager_copy//lea@by.example/2025-W23", kind=MessageKind.MANAGER_COPY, course="", offering="", email=copy.email,
        created_at=NOW, expires_at=NOW + timedelta(days=7), params={},
    )  # fmt: skip
    book.save_copies("by", [copy], [mail])
    book.save_copies("by", [replace(copy, digest="b"), replace(copy, email="mo@by.example")], [mail])
    assert [(one.email, one.digest) for one in book.load_copies("by")] == [("lea@by.example", "b"), ("mo@by.example", "a")]
    assert len(SqlOutbox(database).load_messages("by")) == 1
    erase_person(database, "lea@by.example", now=NOW)
    assert [one.email for one in book.load_copies("by")] == ["mo@by.example"]
    book.save_copies("by", ())
    assert (book.load_copies("by"), book.load_copies("andenby")) == ((), ())
